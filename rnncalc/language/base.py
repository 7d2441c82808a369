"""What an operation is, what an expression of operations is, and how both are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import Formatter
from typing import Any, NamedTuple

import numpy as np

from rnncalc.language.scalars import ATOM, FACTOR, Array, Entry, Number, Scalar, Term, Written, call

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


class Operation(NamedTuple):
    """One row of the table of rules.

    ``beside``: the operands, counted from 0, that stand beside the rule for its gradient alone; its value does not come
    from them.
    """

    name: str
    says: str
    numpy: Callable[..., Any]
    element: Callable[..., Scalar]
    text: str
    latex: str
    array: str
    binds: int
    needs: tuple[int, ...]
    gradient: Gradient | None = None
    on_paper: Callable[..., Scalar] | None = None
    worked: str = ""
    mistakes: Callable[..., Sequence[Wrong]] = lambda *terms: ()
    beside: tuple[int, ...] = ()

    def __call__(self, *arguments: Term) -> Expression:
        return Expression(self, arguments)


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
    operation = term.operation
    template: str = getattr(operation, face)
    separator = any_number(template)
    if separator:
        terms = list(term.arguments)
        long = len(terms) > 5 and face != "array"
        shown = [write(t, face, leaf).text for t in ([*terms[:3], terms[-1]] if long else terms)]
        if long:
            shown.insert(3, "…" if face == "text" else r"\cdots")
        sign = separator if face == "array" else " + " if separator == "+" else ", "
        return Written(template.replace("{" + separator + "}", sign.join(shown)), operation.binds)
    parts = [write(a, face, leaf) for a in term.arguments]
    if face == "latex" and "frac" in template:
        return Written(template.format(*[p.text for p in parts]), ATOM)
    return Written(
        template.format(*[p.within(n) for p, n in zip(parts, operation.needs, strict=False)]), operation.binds
    )


def any_number(template: str) -> str:
    """The sign between operands where a template takes any number of them, "{+}" or "{,}"; else nothing."""
    return next((sign for sign in "+," if "{" + sign + "}" in template), "")


def template_pieces(template: str, count: int) -> list[str | int]:
    """A template cut into its signs and the numbers of its operands: "{0} · {1}" → [0, " · ", 1]."""
    pieces: list[str | int] = []
    for sign, operand, _, _ in Formatter().parse(template):
        if sign and pieces and isinstance(pieces[-1], str):
            pieces[-1] += sign  # a doubled brace cuts one sign in two
        elif sign:
            pieces.append(sign)
        if operand in ("+", ","):
            pieces += [piece for i in range(count) for piece in (operand, i)][1:]
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
