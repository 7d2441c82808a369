"""The arithmetic of one element, as a small tree, written out by any number of pens.

An operation says once how one element of its result comes from elements of its operands. The tree it builds is
then written with symbols or with the numbers put in (TextPen), or as a spreadsheet formula (rnncalc.workbook.formulas).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy.typing as npt

Array = npt.NDArray[Any]

LOOSE, SUM, MATRIX, PRODUCT, FACTOR, ATOM = range(6)
"""How tightly a piece of writing holds together: −2 beside another number, a + b, A · b, a ⊙ b, ∂E/∂a, f(a).

A matrix product and a product entry by entry stand within each other in brackets only: A · (b ⊙ c), a ⊙ (B · c).
"""


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


def _ln(a: float) -> float:
    return math.log(a) if a > 0 else math.nan if a else -math.inf  # 0 · ln 0 counts as 0 in a sum of products


MEANINGS: Mapping[str, Callable[..., float]] = {
    "plus": lambda *a: sum(a),
    "minus": lambda a, b: a - b,
    "negative": lambda a: -a,
    "times": lambda *a: math.prod(a),
    "over": lambda a, b: a / b,
    "square": lambda a: a * a,
    "sum": lambda *a: sum(a),
    "dot": lambda *a: sum(u * v for u, v in zip(a[: len(a) // 2], a[len(a) // 2 :], strict=True) if u),
    "largest": lambda *a: max(a),
    "smallest": lambda *a: min(a),
    "root": math.sqrt,
    "exp": _exp,
    "ln": _ln,
    "log10": math.log10,
    "log2": math.log2,
    "power of ten": lambda a: 10.0**a,
    "tanh": math.tanh,
    "tan": math.tan,
    "sinh": math.sinh,
    "degrees": math.radians,
    "sigmoid": _sigmoid,
    "positive part": lambda a: max(a, 0.0),
    "size": abs,
    "is largest": lambda place, *a: 1.0 if a.index(max(a)) == place - 1 else 0.0,
    "is positive": lambda a: 1.0 if a > 0 else 0.0,
    "same": lambda a, b: 1.0 if a == b else 0.0,
}
"""What each function means, in plain Python: the yardstick that every way of writing it is held to."""


def entry_value(found: Entry) -> float:
    """The number of an element as it was computed."""
    number: float = found.of.value[found.row, found.column].item()
    return number


def evaluate(scalar: Scalar, value_of: Callable[[Entry], float] = entry_value) -> float:
    """The number that a tree stands for, with each element's number as ``value_of`` has it."""
    match scalar:
        case Entry():
            return value_of(scalar)
        case Number(value):
            return value
        case Call(function, arguments):
            return MEANINGS[function](*(evaluate(a, value_of) for a in arguments))


def leaves(scalar: Scalar) -> Iterator[Entry]:
    """The elements that a tree is made of."""
    match scalar:
        case Entry():
            yield scalar
        case Call(_, arguments):
            for argument in arguments:
                yield from leaves(argument)


class Written(NamedTuple):
    """A piece of writing and how tightly it holds together."""

    text: str
    binds: int

    def within(self, binds: int) -> str:
        """The text, in brackets where what surrounds it holds tighter."""
        return self.text if self.binds >= binds else f"({self.text})"


class TextPen:
    """Mathematics as a person writes it in a line of text; ``entry`` decides between symbols and numbers.

    A sum of more than ``longest`` terms shows the first ones, … and the last.
    """

    def __init__(self, entry: Callable[[Entry], str], longest: int | None = None) -> None:
        self._entry = entry
        self._longest = longest

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

    def _row(self, sign: str, parts: Sequence[str]) -> str:
        long = self._longest is not None and len(parts) > self._longest
        return sign.join([*parts[:3], "…", parts[-1]] if long else parts)

    def _call(self, function: str, written: Sequence[Written]) -> Written:
        one = written[0]
        match function:
            case "plus":
                return Written(self._row(" + ", [w.within(SUM) for w in written]), SUM)
            case "sum":
                return Written(f"({self._row(' + ', [w.within(SUM) for w in written])})", ATOM)
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
                products = [f"{u.within(PRODUCT)}·{v.within(PRODUCT)}" for u, v in pairs]
                return Written(self._row(" + ", products), SUM if half > 1 else PRODUCT)
            case "largest" | "smallest":
                name = {"largest": "max", "smallest": "min"}[function]
                return Written(f"{name}({self._row(', ', [w.text for w in written])})", ATOM)
            case "root":
                return Written(f"√{one.within(ATOM)}", ATOM)
            case "positive part":
                return Written(f"max(0, {one.text})", ATOM)
            case "is positive":
                return Written(f"[{one.text} > 0]", ATOM)
            case "size":
                return Written(f"|{one.text}|", ATOM)
            case "is largest":
                entries = written[1:]
                chosen = entries[int(one.text) - 1].text
                return Written(f"[{chosen} = max({self._row(', ', [w.text for w in entries])})]", ATOM)
            case "same":
                return Written(f"[{one.text} = {written[1].text}]", ATOM)
            case "sigmoid":
                return Written(f"σ({one.text})", ATOM)
            case "power of ten":
                return Written(f"10^{one.within(ATOM)}", ATOM)
            case "degrees":
                return Written(f"{one.within(ATOM)}°", ATOM)
            case _:
                return Written(f"{function}({one.text})", ATOM)
