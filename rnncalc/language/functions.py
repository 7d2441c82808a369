"""The table of functions: each function of numbers once, with everything that is said of it side by side.

A row holds what the function is worth in plain Python, on NumPy's arrays and in JavaScript, and how it is written: in a
line of text, in LaTeX, as the formula of one cell and as an array formula. Operations entry by entry are trees of these
functions and take all their faces from here. An activation is a row with ``words`` and a ``derivative``; nothing else
lists it.

Nothing here loads NumPy before a rule is worked, so that the command line can name the activations in its help.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum
from functools import reduce
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from rnncalc.language import interval
from rnncalc.language.interval import Interval
from rnncalc.language.trees import ARGUMENT, RESULT, Call, Entry, Number, Scalar, call, entry_value

if TYPE_CHECKING:
    import numpy as np
else:

    class _NumPy:
        """NumPy, loaded when it is first needed."""

        def __getattr__(self, name: str) -> Any:
            return getattr(import_module("numpy"), name)

    np = _NumPy()

LOOSE, SUM, MATRIX, PRODUCT, FACTOR, ATOM = range(6)
"""How tightly a piece of writing holds together: −2 beside another number, a + b, A · b, a ⊙ b, ∂E/∂a, f(a).

A matrix product and a product entry by entry stand within each other in brackets only: A · (b ⊙ c), a ⊙ (B · c).
"""


class Gather(StrEnum):
    """How the operands of a function are put into its writing; each way is a method of the writers."""

    EACH = "each"  # one by one
    ROW = "row"  # any number of them; in a sheet as ranges, where they fill one
    PAIRS = "pairs"  # the first half with the second, factor by factor
    CHOICE = "choice"  # the first is a number: which of the others is meant


class Face(NamedTuple):
    """One way of writing: the operands stand at ``{0}``, ``{1}``, … or, any number of them, at ``{…}`` with ``between``
    between them. ``binds``: how tightly the whole holds together; ``needs``: how tightly an operand must, or each.
    """

    template: str
    binds: int = ATOM
    needs: int | tuple[int, ...] = LOOSE
    between: str = ""
    gather: Gather = Gather.EACH

    def need(self, place: int) -> int:
        """How tightly an operand must hold together to stand without brackets."""
        return self.needs if isinstance(self.needs, int) else self.needs[min(place, len(self.needs) - 1)]


class Function(NamedTuple):
    """One row of the table.

    ``python`` is the yardstick that every other column is held to; ``numpy`` works arrays of real and of complex
    numbers, judged by their real parts, so that a complex step goes on (None: ``python`` does); ``javascript`` is what
    a page in a browser runs. ``whole``: how the
    function of whole tables is written in a line, where that differs from the function of one element; ``array``
    likewise, where it differs from the formula of a ``cell``; ``short_cell``: the formula of a cell where the argument
    is known to be small. ``derivative`` is written with ARGUMENT and RESULT.

    Of an activation: ``words`` say what it does to the sum, and ``kinked`` tells that
    it has no derivative where the sum is 0; one that is ``bounded`` comes near to 1 or −1, and one that ``can_die`` is
    0, and so is its derivative, wherever the sum is negative.

    For a person's work on paper: ``rising`` functions keep the order of numbers, and have no result below ``lowest``;
    ``interval`` tells of others where the result may lie. The result of an ``exact`` one has no more decimals than its
    operands. One that ``adds`` adds up its operands, or products of its operands in pairs. ``typed`` are the names by
    which people type it, besides the name of an activation.
    """

    name: str
    python: Callable[..., float]
    text: Face
    latex: Face
    cell: Face
    javascript: str
    numpy: Callable[..., Any] | None = None
    whole: Face | None = None
    array: Face | None = None
    short_cell: Face | None = None
    derivative: Scalar | None = None
    words: str = ""
    kinked: bool = False
    bounded: bool = False
    can_die: bool = False
    rising: bool = False
    lowest: float = -math.inf
    interval: Callable[..., Interval] | None = None
    exact: bool = False
    adds: Gather | None = None
    typed: tuple[str, ...] = ()

    def face(self, name: str) -> Face:
        """A way of writing: "text", "whole", "latex", "cell", "short_cell" or "array"."""
        face: Face = getattr(self, name) or {"whole": self.text, "array": self.cell, "short_cell": self.cell}[name]
        return face

    @property
    def of_arrays(self) -> Callable[..., Any]:
        """The function of whole arrays, entry by entry."""
        return self.numpy or self.python


def _named(name: str, latex: str = "") -> tuple[Face, Face, Face]:
    """The faces of a function that is written with its name: tanh(a), \\tanh(a), TANH(A1)."""
    return Face(f"{name}({{0}})"), Face(rf"\{latex or name}\left({{0}}\right)"), Face(f"{name.upper()}({{0}})")


def _choosing(name: str) -> tuple[Face, Face, Face]:
    """The faces of a function that chooses one of any number of operands."""
    signs = (f"{name}({{…}})", ", "), (rf"\{name}\left({{…}}\right)", ", "), (f"{name.upper()}({{…}})", ",")
    text, latex, cell = (Face(template, between=between, gather=Gather.ROW) for template, between in signs)
    return text, latex, cell


def _between(text: str, latex: str, cell: str, binds: int) -> tuple[Face, Face, Face]:
    """The faces of a function that is written between its operands."""
    return Face("{…}", binds, binds, text), Face("{…}", binds, binds, latex), Face("{…}", binds, binds, cell)


def _logarithm(of: Callable[[float], float]) -> Callable[[float], float]:
    """−∞ at 0, and no number below."""
    return lambda a: of(a) if a > 0 else math.nan if a else -math.inf


def _added(*terms: Any) -> Any:
    return sum(terms[1:], start=terms[0])


_BOTH, _QUOTIENT, _ROW, _PAIRS, _CHOICE = (SUM, MATRIX), (MATRIX, ATOM), Gather.ROW, Gather.PAIRS, Gather.CHOICE

# fmt: off
_TABLE = (
    # ── arithmetic ────────────────────────────────────────────────────────────────────────────────────────────────────
    Function("plus", lambda *a: sum(a), *_between(" + ", " + ", "+", SUM), numpy=_added, exact=True,
             interval=interval.added, adds=Gather.EACH, javascript="(...a) => a.reduce((u, v) => u + v)"),
    Function("minus", lambda a, b: a - b, Face("{0} − {1}", SUM, _BOTH), Face("{0} - {1}", SUM, _BOTH),
             Face("{0}-{1}", SUM, _BOTH), exact=True, interval=interval.subtracted, javascript="(a, b) => a - b"),
    Function("negative", lambda a: -a, Face("−{0}", SUM, ATOM), Face("-{0}", SUM, MATRIX), Face("0-{0}", SUM, MATRIX),
             whole=Face("−{0}", SUM, MATRIX), exact=True, interval=interval.negated, javascript="(a) => -a"),
    Function("times", lambda *a: math.prod(a), *_between(" · ", r" \odot ", "*", PRODUCT),
             numpy=lambda *a: reduce(lambda u, v: u * v, a), whole=Face("{…}", PRODUCT, PRODUCT, " ⊙ "),
             interval=interval.multiplied, javascript="(...a) => a.reduce((u, v) => u * v)"),
    Function("over", lambda a, b: a / b, Face("{0} / {1}", PRODUCT, _QUOTIENT), Face(r"\frac{{{0}}}{{{1}}}"),
             Face("{0}/{1}", PRODUCT, _QUOTIENT), interval=interval.divided, javascript="(a, b) => a / b"),
    # in some sheets a minus sign holds tighter than a power
    Function("square", lambda a: a * a, Face("{0}²", ATOM, ATOM), Face("{0}^2", ATOM, ATOM),
             Face("{0}*{0}", PRODUCT, ATOM), interval=interval.squared, javascript="(a) => a * a"),
    # a sheet adds up sums, where one would have too many arguments
    Function("sum", lambda *a: sum(a), Face("({…})", ATOM, SUM, " + ", _ROW),
             Face(r"\left({…}\right)", ATOM, SUM, " + ", _ROW), Face("SUM({…})", between="+", gather=_ROW),
             numpy=_added, array=Face("{…}", SUM, SUM, "+"), exact=True, interval=interval.added, adds=Gather.EACH,
             javascript="(...a) => a.reduce((u, v) => u + v)"),
    # 0 times what has no number counts as 0: 0 · ln 0
    Function("dot", lambda *a: sum(u * v for u, v in zip(a[: len(a) // 2], a[len(a) // 2 :], strict=True) if u),
             Face("{0}·{1}", PRODUCT, PRODUCT, " + ", _PAIRS), Face(r"{0} \cdot {1}", PRODUCT, PRODUCT, " + ", _PAIRS),
             Face("{0}*{1}", PRODUCT, PRODUCT, "+", _PAIRS),
             numpy=lambda *a: _added(*(u * v for u, v in zip(a[: len(a) // 2], a[len(a) // 2 :], strict=True))),
             adds=Gather.PAIRS,
             javascript="(...a) => a.slice(a.length / 2).reduce((sum, v, k) => (a[k] ? sum + a[k] * v : sum), 0)"),
    # ── choices ───────────────────────────────────────────────────────────────────────────────────────────────────────
    Function("largest", lambda *a: max(a), *_choosing("max"), numpy=lambda *a: reduce(np.maximum, a), exact=True,
             interval=interval.largest, javascript="(...a) => Math.max(...a)"),
    Function("smallest", lambda *a: min(a), *_choosing("min"), numpy=lambda *a: reduce(np.minimum, a), exact=True,
             interval=interval.smallest, javascript="(...a) => Math.min(...a)"),
    Function("size", abs, Face("|{0}|"), Face(r"\left|{0}\right|"), Face("ABS({0})"),
             numpy=lambda a: np.where(a.real < 0, -a, a), exact=True, interval=interval.size, typed=("abs",),
             javascript="(a) => Math.abs(a)"),
    Function("is positive", lambda a: 1.0 if a > 0 else 0.0, Face("[{0} > 0]"), Face(r"\left[{0} > 0\right]"),
             Face("IF({0}>0,1,0)", ATOM, SUM), numpy=lambda a: np.where(a.real > 0, 1.0, 0.0), exact=True,
             javascript="(a) => (a > 0 ? 1 : 0)"),
    Function("is largest", lambda place, *a: 1.0 if a.index(max(a)) == place - 1 else 0.0,
             Face("[{0} = max({…})]", between=", ", gather=_CHOICE),
             Face(r"\left[{0} = \max\left({…}\right)\right]", between=", ", gather=_CHOICE),
             Face("IF(MATCH(MAX({…}),{…},0)={0},1,0)", gather=_CHOICE),
             numpy=lambda place, *a: np.where(np.argmax(a, axis=0) == place - 1, 1.0, 0.0), exact=True,
             javascript="(place, ...a) => (a.indexOf(Math.max(...a)) === place - 1 ? 1 : 0)"),
    Function("same", lambda a, b: 1.0 if a == b else 0.0, Face("[{0} = {1}]"), Face(r"\left[{0} = {1}\right]"),
             Face("IF(EXACT({0},{1}),1,0)"), numpy=lambda a, b: np.where(a == b, 1.0, 0.0), exact=True,
             javascript="(a, b) => (a === b ? 1 : 0)"),
    # ── powers, logarithms, angles ────────────────────────────────────────────────────────────────────────────────────
    Function("exp", lambda a: math.exp(a) if a < 709.0 else math.inf, *_named("exp"), numpy=lambda a: np.exp(a),
             derivative=RESULT, rising=True, typed=("exp",), javascript="(a) => Math.exp(a)"),
    Function("ln", _logarithm(math.log), *_named("ln"), numpy=lambda a: np.log(a), rising=True, lowest=0.0,
             typed=("ln",), javascript="(a) => Math.log(a)"),
    Function("log10", _logarithm(math.log10), *_named("log10", "log_{{10}}"), numpy=lambda a: np.log10(a), rising=True,
             lowest=0.0, javascript="(a) => Math.log10(a)"),
    Function("log2", _logarithm(math.log2), *_named("log2", "log_2")[:2], Face("LOG({0},2)"),
             numpy=lambda a: np.log2(a), rising=True, lowest=0.0, javascript="(a) => Math.log2(a)"),
    Function("root", math.sqrt, Face("√{0}", ATOM, ATOM), Face(r"\sqrt{{{0}}}"), Face("SQRT({0})"),
             numpy=lambda a: np.sqrt(a), rising=True, lowest=0.0, typed=("sqrt",), javascript="(a) => Math.sqrt(a)"),
    Function("power of ten", lambda a: 10.0**a, Face("10^{0}", ATOM, ATOM), Face("10^{{{0}}}"), Face("POWER(10,{0})"),
             rising=True, javascript="(a) => 10 ** a"),
    Function("tan", math.tan, *_named("tan"), numpy=lambda a: np.tan(a), javascript="(a) => Math.tan(a)"),
    Function("sinh", math.sinh, *_named("sinh"), numpy=lambda a: np.sinh(a), rising=True,
             javascript="(a) => Math.sinh(a)"),
    Function("degrees", math.radians, Face("{0}°", ATOM, ATOM), Face(r"{0}^{{\circ}}", ATOM, ATOM),
             Face("RADIANS({0})"), numpy=lambda a: a * (np.pi / 180), javascript="(a) => a * (Math.PI / 180)"),
    # ── activations, in the order of the help; MAX and MIN in an array formula would choose from the whole table ──────
    Function("tanh", math.tanh, *_named("tanh"), numpy=lambda a: np.tanh(a), rising=True,
             derivative=call("minus", Number(1), call("square", RESULT)),
             words="tanh maps the sum to −1 … 1", bounded=True, javascript="(a) => Math.tanh(a)"),
    Function("relu", lambda a: max(a, 0.0), Face("max(0, {0})"), Face(r"\max\left(0, {0}\right)"), Face("MAX(0,{0})"),
             numpy=lambda a: np.where(a.real > 0, a, 0), array=Face("IF({0}>0,{0},0)", ATOM, SUM), rising=True,
             exact=True, derivative=call("is positive", ARGUMENT),
             words="negative numbers in the sum become 0", kinked=True, can_die=True,
             javascript="(a) => Math.max(a, 0)"),
    Function("sigmoid", lambda a: 1 / (1 + math.exp(min(-a, 700.0))), Face("σ({0})"), Face(r"\sigma\left({0}\right)"),
             Face("1/(1+EXP(MIN(0-{0},700)))", PRODUCT, PRODUCT),
             numpy=lambda a: 1 / (1 + np.exp(np.where(a.real < -700, 700, -a))),
             short_cell=Face("1/(1+EXP(-{0}))", PRODUCT, ATOM),
             array=Face("IF({0}<0-700,0,1/(1+EXP(0-{0})))", ATOM, PRODUCT), rising=True,
             derivative=call("times", RESULT, call("minus", Number(1), RESULT)),
             words="σ maps the sum to 0 … 1", bounded=True, typed=("σ",),
             javascript="(a) => 1 / (1 + Math.exp(Math.min(-a, 700)))"),
    Function("linear", lambda a: a, *_between("", "", "", SUM), rising=True, exact=True, derivative=Number(1),
             words="the sum itself, because the activation is linear", javascript="(a) => a"),
)
# fmt: on

FUNCTIONS: dict[str, Function] = {function.name: function for function in _TABLE}
"""Every function by its name: what is not here does not exist."""


def activation_names() -> tuple[str, ...]:
    """The activations by the name that templates and the command line use."""
    return tuple(name for name, function in FUNCTIONS.items() if function.words)


def typed_functions() -> dict[str, Function]:
    """The functions by the names by which people type them. A bare log is none: nobody can tell which one it is."""
    typed = {name: function for function in FUNCTIONS.values() for name in function.typed}
    return typed | {name: FUNCTIONS[name] for name in activation_names()}


def evaluate(scalar: Scalar, value_of: Callable[[Entry], float] = entry_value) -> float:
    """The number that a tree stands for, with each element's number as ``value_of`` has it."""
    match scalar:
        case Entry():
            return value_of(scalar)
        case Number(value):
            return value
        case Call(function, arguments):
            return FUNCTIONS[function].python(*(evaluate(a, value_of) for a in arguments))
