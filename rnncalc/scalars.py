"""The arithmetic of one element, as a small tree, written out by any number of pens.

An operation says once how one element of its result comes from elements of its operands. The tree it builds is
then written with symbols or with the numbers put in (TextPen), or as a spreadsheet formula (rnncalc.workbook.formulas).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy.typing as npt

Array = npt.NDArray[Any]

LOOSE, SUM, PRODUCT, ATOM = 0, 1, 2, 3
"""How tightly a piece of writing holds together: −2 beside another number, a + b, a · b, f(a)."""


class Term(Protocol):
    """Whatever has a value and can be written: a quantity, a constant, an expression of them."""

    @property
    def value(self) -> Array: ...


class Entry(NamedTuple):
    """One element of a term, rows and columns counted from 0."""

    of: Term
    row: int
    column: int


class Number(NamedTuple):
    """A number of the rule itself, such as the 1 in 1 − h²."""

    value: float


class Call(NamedTuple):
    """A function of scalars: one of the keys of ``MEANINGS``."""

    function: str
    arguments: tuple[Scalar, ...]


Scalar = Entry | Number | Call


def call(function: str, *arguments: Scalar) -> Call:
    """A function applied to scalars."""
    return Call(function, arguments)


def _sigmoid(a: float) -> float:
    return 1 / (1 + math.exp(min(-a, 700.0)))


def _exp(a: float) -> float:
    return math.exp(a) if a < 709.0 else math.inf


MEANINGS: Mapping[str, Callable[..., float]] = {
    "plus": lambda *a: sum(a),
    "minus": lambda a, b: a - b,
    "negative": lambda a: -a,
    "times": lambda *a: math.prod(a),
    "over": lambda a, b: a / b,
    "square": lambda a: a * a,
    "sum": lambda *a: sum(a),
    "dot": lambda *a: sum(u * v for u, v in zip(a[: len(a) // 2], a[len(a) // 2 :], strict=True)),
    "largest": lambda *a: max(a),
    "smallest": lambda *a: min(a),
    "root": math.sqrt,
    "exp": _exp,
    "ln": math.log,
    "tanh": math.tanh,
    "sigmoid": _sigmoid,
    "positive part": lambda a: max(a, 0.0),
    "is positive": lambda a: 1.0 if a > 0 else 0.0,
    "same": lambda a, b: 1.0 if a == b else 0.0,
}
"""What each function means, in plain Python: the yardstick that every way of writing it is held to."""


def evaluate(scalar: Scalar) -> float:
    """The number that a tree stands for."""
    match scalar:
        case Entry(of, row, column):
            number: float = of.value[row, column].item()
            return number
        case Number(value):
            return value
        case Call(function, arguments):
            return MEANINGS[function](*(evaluate(a) for a in arguments))


class Written(NamedTuple):
    """A piece of writing and how tightly it holds together."""

    text: str
    binds: int

    def within(self, binds: int) -> str:
        """The text, in brackets where what surrounds it holds tighter."""
        return self.text if self.binds >= binds else f"({self.text})"


class TextPen:
    """Mathematics as a person writes it in a line of text; ``entry`` decides between symbols and numbers."""

    def __init__(self, entry: Callable[[Entry], str]) -> None:
        self._entry = entry

    def write(self, scalar: Scalar) -> Written:
        """Write a tree."""
        match scalar:
            case Entry():
                text = self._entry(scalar)
                return Written(text, LOOSE if text.startswith("-") else PRODUCT if text.startswith("∂") else ATOM)
            case Number(value):
                return Written(f"{value:g}", ATOM)
            case Call(function, arguments):
                return self._call(function, [self.write(a) for a in arguments])

    def _call(self, function: str, written: Sequence[Written]) -> Written:
        one = written[0]
        match function:
            case "plus":
                return Written(" + ".join(w.within(SUM) for w in written), SUM)
            case "sum":
                return Written(f"({' + '.join(w.within(SUM) for w in written)})", ATOM)
            case "minus":
                return Written(f"{one.within(SUM)} − {written[1].within(PRODUCT)}", SUM)
            case "negative":
                return Written(f"−{one.within(ATOM)}", SUM)
            case "times":
                return Written(" · ".join(w.within(PRODUCT) for w in written), PRODUCT)
            case "over":
                return Written(f"{one.within(PRODUCT)} / {written[1].within(ATOM)}", PRODUCT)
            case "square":
                return Written(f"{one.within(ATOM)}²", ATOM)
            case "dot":
                half = len(written) // 2
                pairs = zip(written[:half], written[half:], strict=True)
                text = " + ".join(f"{u.within(PRODUCT)}·{v.within(PRODUCT)}" for u, v in pairs)
                return Written(text, SUM if half > 1 else PRODUCT)
            case "largest" | "smallest":
                name = {"largest": "max", "smallest": "min"}[function]
                return Written(f"{name}({', '.join(w.text for w in written)})", ATOM)
            case "root":
                return Written(f"√{one.within(ATOM)}", ATOM)
            case "positive part":
                return Written(f"max(0, {one.text})", ATOM)
            case "is positive":
                return Written(f"[{one.text} > 0]", ATOM)
            case "same":
                return Written(f"[{one.text} = {written[1].text}]", ATOM)
            case "sigmoid":
                return Written(f"σ({one.text})", ATOM)
            case _:
                return Written(f"{function}({one.text})", ATOM)
