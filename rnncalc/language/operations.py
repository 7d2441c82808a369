"""What an operation is, how one is made, what an expression of operations is, and how both are written.

An operation that is worked entry by entry is a tree of functions (:mod:`rnncalc.language.functions`), from which
:func:`by_entry` takes all its faces. One that is not, a product of matrices or a sum, is a :func:`reduction` and brings
its own. Both kinds are in the ``TABLE`` as soon as they are made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import Formatter
from typing import Any, NamedTuple

import numpy as np

from rnncalc.language.functions import ATOM, FACTOR, FUNCTIONS, LOOSE, Face
from rnncalc.language.trees import Array, Call, Entry, Number, Operand, Scalar, Term, call, put_in
from rnncalc.language.writers import Written, fill, template

Gradient = Callable[..., tuple[Term | None, ...]]


class Wrong(NamedTuple):
    """A rule that people take for the right one.

    ``kind`` is a short name; ``says`` tells in plain words what was done, the term that it is ``about`` at {}; ``rule``
    is None where the mistake does not apply.
    """

    kind: str
    says: str
    rule: Term | None
    about: Term | None = None


class Faces(NamedTuple):
    """How an equation is written: in a line, typeset, and as an array formula over names."""

    text: Face
    latex: Face
    array: Face


class Operation(NamedTuple):
    """One row of the table of rules.

    ``beside``: the operands, counted from 0, that stand beside the rule for its gradient alone; its value does not come
    from them.
    """

    name: str
    says: str
    numpy: Callable[..., Any]
    element: Callable[..., Scalar]
    faces: Faces
    gradient: Gradient | None = None
    on_paper: Callable[..., Scalar] | None = None
    worked: str = ""
    mistakes: Callable[..., Sequence[Wrong]] = lambda *terms: ()
    beside: tuple[int, ...] = ()

    def __call__(self, *arguments: Term) -> Expression:
        return Expression(self, arguments)


TABLE: list[Operation] = []
"""The operations that rules are written with, in the order in which they are made."""


def reduction(
    name: str,
    says: str,
    numpy: Callable[..., Any],
    element: Callable[..., Scalar],
    *,
    text: str,
    latex: str,
    array: str,
    binds: int,
    needs: tuple[int, ...],
    **more: Any,
) -> Operation:
    """An operation that brings its own faces. Operands stand at ``{0}``, ``{1}``, … or, any number of them, at ``{+}``
    or ``{,}``; ``binds`` and ``needs`` tell how tightly the whole and each operand hold together."""
    needs = needs or (LOOSE,)
    faces = Faces(
        _face(text, binds, needs, {"+": " + ", ",": ", "}),
        _face(latex, binds, needs, {"+": " + ", ",": ", "}),
        _face(array, binds, needs, {"+": "+", ",": ","}),
    )
    made = Operation(name, says, numpy, element, faces, **more)
    TABLE.append(made)
    return made


def _face(template: str, binds: int, needs: tuple[int, ...], signs: dict[str, str]) -> Face:
    for sign, between in signs.items():
        if "{" + sign + "}" in template:
            return Face(template.replace("{" + sign + "}", "{…}"), binds, needs, between)
    return Face(template, binds, needs)


def by_entry(
    name: str,
    says: str,
    rule: Scalar,
    *,
    numbers: tuple[int, ...] = (),
    text: str = "",
    latex: str = "",
    array: str = "",
    listed: bool = True,
    **more: Any,
) -> Operation:
    """An operation that is worked entry by entry, as the tree ``rule`` of its operands' places tells.

    ``numbers``: the operands that are one number, the same for every entry. ``text``, ``latex`` and ``array`` are given
    where an equation is to read otherwise than the tree does. What people do by mistake alone is not ``listed``.
    """

    def element(row: int, column: int, *terms: Term) -> Scalar:
        def operand(place: int) -> Scalar:
            return entry(terms[place], 0, 0) if place in numbers else entry(terms[place], row, column)

        return put_in(rule, operand)

    faces = [template(rule, face) for face in ("whole", "latex", "array")]
    own = [f._replace(template=typed) if typed else f for f, typed in zip(faces, (text, latex, array), strict=True)]
    made = Operation(name, says, numpy_of(rule), element, Faces(*own), **more)
    if listed:
        TABLE.append(made)
    return made


def numpy_of(rule: Scalar) -> Callable[..., Any]:
    """A rule worked on whole arrays, the operands in the order of their places."""
    match rule:
        case Entry(Operand(place)):
            return lambda *terms: terms[place]
        case Number(value):
            return lambda *terms: value
        case Call(function, arguments):
            meaning = FUNCTIONS[function].of_arrays
            if all(a == Entry(Operand(i), 0, 0) for i, a in enumerate(arguments)):
                count = len(arguments)
                return lambda *terms: meaning(*terms[:count])  # of a larger rule there may be further operands
            parts = [numpy_of(a) for a in arguments]
            return lambda *terms: meaning(*[part(*terms) for part in parts])
    raise TypeError("A rule is a tree of its operands' places.")


class Expression:
    """An operation applied to terms: how a value comes about, computed when it is first asked for."""

    __slots__ = ("_value", "arguments", "operation")

    def __init__(self, operation: Operation, arguments: tuple[Term, ...]) -> None:
        self.operation = operation
        self.arguments = arguments
        self._value: Array | None = None

    @property
    def value(self) -> Array:
        if self._value is None:
            self._value = self.operation.numpy(*[a.value for a in self.arguments])
        return self._value


class Constant:
    """A number that belongs to the rule itself, such as the count of time steps in a mean."""

    __slots__ = ("value",)

    def __init__(self, number: float) -> None:
        self.value: Array = np.array([[number]])

    @property
    def number(self) -> float:
        return float(self.value[0, 0])


def operands(term: Term, operation: Operation) -> tuple[Term, ...]:
    """What an operation was applied to; nothing where the term is no expression of that operation."""
    return term.arguments if isinstance(term, Expression) and term.operation is operation else ()


def entry(term: Term, row: int, column: int) -> Scalar:
    """The tree of one element of a term; an element of a nested expression is that expression's own arithmetic."""
    if isinstance(term, Expression):
        return term.operation.element(row, column, *term.arguments)
    if isinstance(term, Constant):
        return Number(term.number)
    return Entry(term, row, column)


def write(term: Term, face: str, leaf: Callable[[Term], str]) -> Written:
    """The equation of a term: ``face`` is "text", "latex" or "array", ``leaf`` writes a quantity's symbol."""
    if isinstance(term, Constant):
        return Written(f"{term.number:g}", ATOM)
    if not isinstance(term, Expression):
        symbol = leaf(term)
        return Written(symbol, FACTOR if symbol.startswith("∂") else ATOM)
    form: Face = getattr(term.operation.faces, face)
    if form.between:
        terms = list(term.arguments)
        long = len(terms) > 5 and face != "array"
        shown = [write(t, face, leaf).text for t in ([*terms[:3], terms[-1]] if long else terms)]
        if long:
            shown.insert(3, "…" if face == "text" else r"\cdots")
        return Written(fill(form.template, shown, form.between.join(shown)), form.binds)
    parts = [write(a, face, leaf).within(form.need(i)) for i, a in enumerate(term.arguments)]
    return Written(fill(form.template, parts), form.binds)


def template_pieces(face: Face, count: int) -> list[str | int]:
    """A template cut into its signs and the numbers of its operands: "{0} · {1}" → [0, " · ", 1]."""
    pieces: list[str | int] = []
    for sign, operand, _, _ in Formatter().parse(face.template):
        if sign and pieces and isinstance(pieces[-1], str):
            pieces[-1] += sign  # a doubled brace cuts one sign in two
        elif sign:
            pieces.append(sign)
        if operand == "…":
            pieces += [piece for i in range(count) for piece in (face.between.strip(), i)][1:]
        elif operand is not None:
            pieces.append(int(operand))
    return pieces


# ── helpers of the rules ──────────────────────────────────────────────────────────────────────────────────────────────

ALL = (-2, -1)


def shape(term: Term) -> tuple[int, int]:
    rows, columns = term.value.shape[-2:]
    return rows, columns


def entries(term: Term) -> list[Scalar]:
    rows, columns = shape(term)
    return [entry(term, i, j) for i in range(rows) for j in range(columns)]


def dot(left: Sequence[Scalar], right: Sequence[Scalar]) -> Scalar:
    return call("dot", *left, *right)
