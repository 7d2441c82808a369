"""The table of functions: each function of numbers once, with everything that is said of it side by side.

A row holds what the function is worth in plain Python and on NumPy's arrays, and how it is written: in a line of text,
in LaTeX, as the formula of one cell and as an array formula. Operations entry by entry are trees of these functions and
take all their faces from here. An activation is a row with ``words`` and a ``derivative``; nothing else lists it.

Nothing here loads NumPy before a rule is worked, so that the command line can name the activations in its help.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import Enum, auto
from functools import reduce
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

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


class Gather(Enum):
    """How the operands of a function are put into its writing."""

    EACH = auto()  # one by one
    ROW = auto()  # any number of them; in a sheet as ranges, where they fill one
    PAIRS = auto()  # the first half with the second, factor by factor
    CHOICE = auto()  # the first is a number: which of the others is meant


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
    numbers (judged by their real parts, so that a complex step goes on). ``whole``: how the function of whole tables is
    written in a line, where that differs from the function of one element; ``array`` likewise, where it differs from
    the formula of a ``cell``. ``derivative`` is written with ARGUMENT and RESULT.

    Of an activation: ``words`` say what it does to the sum, ``title`` is what people call it, and ``kinked`` tells that
    it has no derivative where the sum is 0; one that is ``bounded`` comes near to 1 or −1. For a person's work on
    paper: ``rising`` functions keep the order of numbers, and the result of an ``exact`` one has no more decimals than
    its operands.
    """

    name: str
    python: Callable[..., float]
    numpy: Callable[..., Any]
    text: Face
    latex: Face
    cell: Face
    whole: Face | None = None
    array: Face | None = None
    derivative: Scalar | None = None
    words: str = ""
    title: str = ""
    kinked: bool = False
    bounded: bool = False
    rising: bool = False
    exact: bool = False

    def face(self, name: str) -> Face:
        """A way of writing: "text", "whole", "latex", "cell" or "array"."""
        found: Face = getattr(self, name) or {"whole": self.text, "array": self.cell}[name]
        return found


def _named(text: str, latex: str, cell: str) -> tuple[Face, Face, Face]:
    """The faces of a function that is written with its name: tanh(a), \\tanh(a), TANH(A1)."""
    return Face(f"{text}({{0}})"), Face(rf"\{latex}\left({{0}}\right)"), Face(f"{cell}({{0}})")


def _chosen(text: str, cell: str) -> tuple[Face, Face, Face]:
    """The faces of a function that chooses one of any number of operands."""
    row = Gather.ROW
    return (
        Face(f"{text}({{…}})", between=", ", gather=row),
        Face(rf"\{text}\left({{…}}\right)", between=", ", gather=row),
        Face(f"{cell}({{…}})", between=",", gather=row),
    )


_BOTH = (SUM, MATRIX)
_LINE = Gather.ROW
_TABLE = (
    # ── arithmetic ────────────────────────────────────────────────────────────────────────────────────────────────────
    Function(
        "plus",
        lambda *a: sum(a),
        lambda *a: sum(a[1:], start=a[0]),
        text=Face("{…}", SUM, SUM, " + "),
        latex=Face("{…}", SUM, SUM, " + "),
        cell=Face("{…}", SUM, SUM, "+"),
        exact=True,
    ),
    Function(
        "minus",
        lambda a, b: a - b,
        lambda a, b: a - b,
        text=Face("{0} − {1}", SUM, _BOTH),
        latex=Face("{0} - {1}", SUM, _BOTH),
        cell=Face("{0}-{1}", SUM, _BOTH),
        exact=True,
    ),
    Function(
        "negative",
        lambda a: -a,
        lambda a: -a,
        text=Face("−{0}", SUM, ATOM),
        whole=Face("−{0}", SUM, MATRIX),
        latex=Face("-{0}", SUM, MATRIX),
        cell=Face("0-{0}", SUM, MATRIX),
        exact=True,
    ),
    Function(
        "times",
        lambda *a: math.prod(a),
        lambda *a: reduce(lambda u, v: u * v, a),
        text=Face("{…}", PRODUCT, PRODUCT, " · "),
        whole=Face("{…}", PRODUCT, PRODUCT, " ⊙ "),
        latex=Face("{…}", PRODUCT, PRODUCT, r" \odot "),
        cell=Face("{…}", PRODUCT, PRODUCT, "*"),
    ),
    Function(
        "over",
        lambda a, b: a / b,
        lambda a, b: a / b,
        text=Face("{0} / {1}", PRODUCT, (MATRIX, ATOM)),
        latex=Face(r"\frac{{{0}}}{{{1}}}"),
        cell=Face("{0}/{1}", PRODUCT, (MATRIX, ATOM)),
    ),
    Function(
        "square",
        lambda a: a * a,
        lambda a: a * a,
        text=Face("{0}²", ATOM, ATOM),
        latex=Face("{0}^2", ATOM, ATOM),
        cell=Face("{0}*{0}", PRODUCT, ATOM),  # in some sheets a minus sign binds more tightly than a power
    ),
    Function(
        "sum",
        lambda *a: sum(a),
        lambda *a: sum(a[1:], start=a[0]),
        text=Face("({…})", ATOM, SUM, " + ", _LINE),
        latex=Face(r"\left({…}\right)", ATOM, SUM, " + ", _LINE),
        cell=Face("SUM({…})", between="+", gather=_LINE),  # between sums, where one has too many arguments
        array=Face("{…}", SUM, SUM, "+"),
        exact=True,
    ),
    Function(
        "dot",  # a product of 0 and what has no value counts as 0: 0 · ln 0
        lambda *a: sum(u * v for u, v in zip(a[: len(a) // 2], a[len(a) // 2 :], strict=True) if u),
        lambda *a: sum(u * v for u, v in zip(a[: len(a) // 2], a[len(a) // 2 :], strict=True)),
        text=Face("{0}·{1}", PRODUCT, PRODUCT, " + ", Gather.PAIRS),
        latex=Face(r"{0} \cdot {1}", PRODUCT, PRODUCT, " + ", Gather.PAIRS),
        cell=Face("{0}*{1}", PRODUCT, PRODUCT, "+", Gather.PAIRS),
    ),
    # ── choices ───────────────────────────────────────────────────────────────────────────────────────────────────────
    Function("largest", lambda *a: max(a), lambda *a: reduce(np.maximum, a), *_chosen("max", "MAX"), exact=True),
    Function("smallest", lambda *a: min(a), lambda *a: reduce(np.minimum, a), *_chosen("min", "MIN"), exact=True),
    Function(
        "size",
        abs,
        lambda a: np.where(a.real < 0, -a, a),
        Face("|{0}|"),
        Face(r"\left|{0}\right|"),
        Face("ABS({0})"),
        exact=True,
    ),
    Function(
        "is positive",
        lambda a: 1.0 if a > 0 else 0.0,
        lambda a: np.where(a.real > 0, 1.0, 0.0),
        Face("[{0} > 0]"),
        Face(r"\left[{0} > 0\right]"),
        Face("IF({0}>0,1,0)", ATOM, SUM),
        exact=True,
    ),
    Function(
        "is largest",
        lambda place, *a: 1.0 if a.index(max(a)) == place - 1 else 0.0,
        lambda place, *a: np.where(np.argmax(a, axis=0) == place - 1, 1.0, 0.0),
        Face("[{0} = max({…})]", between=", ", gather=Gather.CHOICE),
        Face(r"\left[{0} = \max\left({…}\right)\right]", between=", ", gather=Gather.CHOICE),
        Face("IF(MATCH(MAX({…}),{…},0)={0},1,0)", gather=Gather.CHOICE),
        exact=True,
    ),
    Function(
        "same",
        lambda a, b: 1.0 if a == b else 0.0,
        lambda a, b: np.where(a == b, 1.0, 0.0),
        Face("[{0} = {1}]"),
        Face(r"\left[{0} = {1}\right]"),
        Face("IF(EXACT({0},{1}),1,0)"),
        exact=True,
    ),
    # ── powers, logarithms, angles ────────────────────────────────────────────────────────────────────────────────────
    Function(
        "exp",
        lambda a: math.exp(a) if a < 709.0 else math.inf,
        lambda a: np.exp(a),
        *_named("exp", "exp", "EXP"),
        derivative=RESULT,
        rising=True,
    ),
    Function(
        "ln",
        lambda a: math.log(a) if a > 0 else math.nan if a else -math.inf,
        lambda a: np.log(a),
        *_named("ln", "ln", "LN"),
        rising=True,
    ),
    Function("log10", math.log10, lambda a: np.log10(a), *_named("log10", "log_{{10}}", "LOG10"), rising=True),
    Function(
        "log2", math.log2, lambda a: np.log2(a), *_named("log2", "log_2", "LOG")[:2], Face("LOG({0},2)"), rising=True
    ),
    Function(
        "root",
        math.sqrt,
        lambda a: np.sqrt(a),
        Face("√{0}", ATOM, ATOM),
        Face(r"\sqrt{{{0}}}"),
        Face("SQRT({0})"),
        rising=True,
    ),
    Function(
        "power of ten",
        lambda a: 10.0**a,
        lambda a: 10.0**a,
        Face("10^{0}", ATOM, ATOM),
        Face("10^{{{0}}}"),
        Face("POWER(10,{0})"),
        rising=True,
    ),
    Function("tan", math.tan, lambda a: np.tan(a), *_named("tan", "tan", "TAN")),
    Function("sinh", math.sinh, lambda a: np.sinh(a), *_named("sinh", "sinh", "SINH"), rising=True),
    Function(
        "degrees",
        math.radians,
        lambda a: a * (np.pi / 180),
        Face("{0}°", ATOM, ATOM),
        Face(r"{0}^{{\circ}}", ATOM, ATOM),
        Face("RADIANS({0})"),
    ),
    # ── activations, in the order in which help lists them ────────────────────────────────────────────────────────────
    Function(
        "tanh",
        math.tanh,
        lambda a: np.tanh(a),
        *_named("tanh", "tanh", "TANH"),
        derivative=call("minus", Number(1), call("square", RESULT)),
        words="tanh squeezes the sum into −1 … 1",
        bounded=True,
        rising=True,
    ),
    Function(
        "relu",
        lambda a: max(a, 0.0),
        lambda a: np.where(a.real > 0, a, 0),
        Face("max(0, {0})"),
        Face(r"\max\left(0, {0}\right)"),
        Face("MAX(0,{0})"),
        array=Face("IF({0}>0,{0},0)", ATOM, SUM),  # MAX would take the largest of the whole table
        derivative=call("is positive", ARGUMENT),
        words="what is negative in the sum becomes 0",
        kinked=True,
        rising=True,
        exact=True,
    ),
    Function(
        "sigmoid",
        lambda a: 1 / (1 + math.exp(min(-a, 700.0))),
        lambda a: 1 / (1 + np.exp(np.where(a.real < -700, 700, -a))),
        Face("σ({0})"),
        Face(r"\sigma\left({0}\right)"),
        Face("1/(1+EXP(MIN(0-{0},700)))", PRODUCT, PRODUCT),
        array=Face("IF({0}<0-700,0,1/(1+EXP(0-{0})))", ATOM, PRODUCT),  # MIN would take the smallest of the whole table
        derivative=call("times", RESULT, call("minus", Number(1), RESULT)),
        words="σ squeezes the sum into 0 … 1",
        title="the logistic function",
        bounded=True,
        rising=True,
    ),
    Function(
        "linear",
        lambda a: a,
        lambda a: a,
        Face("{0}", SUM, SUM),
        Face("{0}", SUM, SUM),
        Face("{0}", SUM, SUM),
        derivative=Number(1),
        words="the sum itself, as the activation is linear",
        rising=True,
        exact=True,
    ),
)

FUNCTIONS: dict[str, Function] = {function.name: function for function in _TABLE}
"""Every function by its name: what is not here does not exist."""


def activation_names() -> tuple[str, ...]:
    """The activations by the name that templates and the command line use."""
    return tuple(name for name, function in FUNCTIONS.items() if function.words)


def evaluate(scalar: Scalar, value_of: Callable[[Entry], float] = entry_value) -> float:
    """The number that a tree stands for, with each element's number as ``value_of`` has it."""
    match scalar:
        case Entry():
            return value_of(scalar)
        case Number(value):
            return value
        case Call(function, arguments):
            return FUNCTIONS[function].python(*(evaluate(a, value_of) for a in arguments))
