"""Ways of working a number by hand: every one is right, and each may end in another last digit.

A person goes on with the written operand or with the digits that the calculator still holds, keeps a spare digit,
rounds every product before adding, rounds a sum of products before going on, or cuts digits off. An element's tree is
evaluated over intervals, so that what a person may rightly write has a lowest and a highest value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

from rnncalc.language.functions import FUNCTIONS
from rnncalc.language.trees import Call, Entry, Number, Scalar
from rnncalc.marking.tolerance import wider

_TIE = 1e-7
"""A number this near to the middle between two, in units of the last decimal, may be rounded either way."""
_SPARE = 0.1
"""A spare digit moves a number by up to this share of half a unit."""


class Interval(NamedTuple):
    """The lowest and the highest value that a number may have."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        return self.low if self.low == self.high else (self.low + self.high) / 2

    @property
    def reach(self) -> float:
        """How far it goes to either side of its middle."""
        return (self.high - self.low) / 2


def hull(found: Iterable[Interval]) -> Interval:
    """The smallest interval that holds all of these."""
    each = list(found)
    return Interval(min(one.low for one in each), max(one.high for one in each))


def at(value: float) -> Interval:
    """A number that is known exactly."""
    return Interval(value, value)


class Way(NamedTuple):
    """A way of working: how products, and how other workings within one number, are written down before going on.

    ``decimals`` are those that the number is written with, None for all digits. ``remembers``: operands may have more
    digits than were written. ``cuts``: digits are cut off instead of rounded; ``trims``: those of workings alone.
    ``other_softmax``: exp that nobody wrote down is worked in the form that the problem does not have.
    """

    decimals: int | None
    products: bool = False
    workings: bool = False
    cuts: bool = False
    remembers: bool = False
    trims: bool = False
    other_softmax: bool = False

    @property
    def unit(self) -> float:
        return 0.0 if self.decimals is None else 10.0**-self.decimals

    def shorten(self, found: Interval) -> Interval:
        """What is written down of a number: rounded, ties either way, or cut off."""
        if self.decimals is None or not (math.isfinite(found.low) and math.isfinite(found.high)):
            return found
        unit = self.unit
        low, high = found.low / unit, found.high / unit
        if abs(low) > 1e15 or abs(high) > 1e15:
            return found
        if self.cuts or self.trims:
            return Interval(_cut(low) * unit, _cut(high) * unit)
        return Interval(math.ceil(low - 0.5 - _TIE) * unit, math.floor(high + 0.5 + _TIE) * unit)

    def product(self, found: Interval) -> Interval:
        """What becomes of a product before it is added to others."""
        return self.shorten(found) if self.products else self._spare(found)

    def term(self, found: Interval) -> Interval:
        """What becomes of a term that is no product: a bias may be rounded first where products are, or not."""
        if self.trims or self.remembers or not (self.products or self.workings):
            return found
        short = self.shorten(found)
        return Interval(min(found.low, short.low), max(found.high, short.high))

    def working(self, found: Interval) -> Interval:
        """What becomes of any other working within a number."""
        return self.shorten(found) if self.workings else self._spare(found)

    def operand(self, value: float, half_unit: float) -> Interval:
        """A written operand: as it stands, or with the digits that were not written."""
        if not self.remembers or not half_unit:
            return at(value)
        if self.cuts:
            return Interval(value - 2 * half_unit * (value <= 0), value + 2 * half_unit * (value >= 0))
        return Interval(value - half_unit, value + half_unit)

    def unwritten(self, meant: Interval, half_unit: float) -> Interval:
        """An operand that was worked, and written down otherwise: with all its digits, or shortened."""
        if self.remembers:
            low, high = (self.operand(end, half_unit) for end in meant)
            return Interval(low.low, high.high)
        short = self.shorten(meant)
        return Interval(min(meant.low, short.low), max(meant.high, short.high))

    def _spare(self, found: Interval) -> Interval:
        if not self.remembers or self.decimals is None:
            return found
        short = self._replace(decimals=(self.decimals or 0) + 1).shorten(found)
        return Interval(min(found.low, short.low), max(found.high, short.high))

    def furthest(self, found: Interval, exact: float) -> float:
        """How far from its exact arithmetic a number may lie."""
        last = self.unit if self.cuts else self.unit / 2 * (1 + _SPARE)
        off = max(abs(found.low - exact), abs(found.high - exact)) + last
        return off if math.isfinite(off) else 0.0

    def accepts(self, number: float, found: Interval) -> bool:
        """Whether a number is what this way leads to, as it is written down."""
        if math.isnan(found.low) or math.isnan(found.high):
            return False
        about = max(abs(found.low), abs(found.high)) if math.isfinite(found.high - found.low) else abs(number)
        if self.cuts:
            slack = wider(0.0, about)
            cut = max(self.unit * (1 - _TIE), slack)  # less than a unit: of a number without further digits nothing
            below, above = (cut if found.high > 0 else slack), (cut if found.low < 0 else slack)
            return found.low - below <= number <= found.high + above
        half = self.unit / 2 * (1 + _SPARE if self.remembers else 1)
        return found.low - wider(half, about) <= number <= found.high + wider(half, about)


def ways(decimals: int | None, *, cuts: bool = True) -> list[Way]:
    """The ways of working, the commonest first; one that cuts digits off only where a person may do that."""
    first = [Way(decimals, remembers=True)]
    if decimals is None:
        return first
    shortened = [(False, False), (True, True), (False, True)]
    first += [Way(decimals, products, workings) for products, workings in shortened]
    first.append(Way(decimals, products=True, remembers=True))
    first.append(Way(decimals, products=True, workings=True, trims=True))
    if cuts:
        first += [Way(decimals, products, workings, cuts=True) for products, workings in shortened]
        first.append(Way(decimals, cuts=True, remembers=True))
    return first


def _cut(units: float) -> float:
    return math.floor(units + _TIE) if units >= 0 else math.ceil(units - _TIE)


def reach(tree: Scalar, decimals: int, operand: Callable[[Entry], tuple[float, float]]) -> float:
    """How far a number may rightly lie from its exact arithmetic, by any way of working; ``operand`` gives the value of
    an operand and half a unit of its last decimal."""
    exact = evaluate(tree, lambda e: at(operand(e)[0]), Way(None)).middle
    return max(
        way.furthest(evaluate(tree, lambda e, way=way: way.operand(*operand(e)), way), exact)  # type: ignore[misc]
        for way in ways(decimals)
    )


# ── trees over intervals ──────────────────────────────────────────────────────────────────────────────────────────────

Leaf = Callable[[Entry], Interval]
_NOTHING = at(math.nan)


def evaluate(scalar: Scalar, leaf: Leaf, way: Way) -> Interval:
    """Where the number of a tree may lie; NaN where its arithmetic leads nowhere."""
    return _worked(scalar, leaf, way)


def _inner(scalar: Scalar, leaf: Leaf, way: Way) -> Interval:
    """A part of a tree as a person goes on with it."""
    found = _worked(scalar, leaf, way)
    if not isinstance(scalar, Call) or FUNCTIONS[scalar.function].exact or (scalar.function == "dot" and way.products):
        return found
    return found if found.low == found.high and _is_whole(found.low) else way.working(found)


def _worked(scalar: Scalar, leaf: Leaf, way: Way) -> Interval:
    if isinstance(scalar, Entry):
        return leaf(scalar)
    if isinstance(scalar, Number):
        return at(scalar.value)
    function, arguments = scalar
    if function == "dot":
        half = len(arguments) // 2
        low = high = 0.0
        for left, right in zip(arguments[:half], arguments[half:], strict=True):
            u = _inner(left, leaf, way)
            if u == (0.0, 0.0):
                continue
            v = _inner(right, leaf, way)
            if v == (0.0, 0.0):
                continue
            found = _product(u, v)
            if half > 1:
                found = way.term(found) if _is_sign(u) or _is_sign(v) else way.product(found)
            low, high = low + found.low, high + found.high
        return Interval(low, high)
    parts = [_inner(a, leaf, way) for a in arguments]
    if function == "size" or FUNCTIONS[function].rising:
        return _one(function, parts[0])
    match function:
        case "plus" | "sum":
            terms = [way.term(p) if isinstance(a, Entry) else p for p, a in zip(parts, arguments, strict=True)]
            return Interval(sum(p.low for p in terms), sum(p.high for p in terms))
        case "minus":
            return Interval(parts[0].low - parts[1].high, parts[0].high - parts[1].low)
        case "negative":
            return Interval(-parts[0].high, -parts[0].low)
        case "times":
            found = parts[0]
            for part in parts[1:]:
                found = _product(found, part)
            return found
        case "over":
            return _quotient(*parts)
        case "square":
            bounds = (parts[0].low ** 2, parts[0].high ** 2)
            return Interval(0.0 if parts[0].low < 0 < parts[0].high else min(bounds), max(bounds))
        case "largest":
            return Interval(max(p.low for p in parts), max(p.high for p in parts))
        case "smallest":
            return Interval(min(p.low for p in parts), min(p.high for p in parts))
    return _any(function, parts)


def _one(function: str, part: Interval) -> Interval:
    if function == "size":
        low, high = sorted((abs(part.low), abs(part.high)))
        return Interval(0.0 if part.low <= 0 <= part.high else low, high)
    if function == "ln" or function.startswith("log"):
        if part.high < 0:
            return _NOTHING
        meaning = FUNCTIONS[function].python
        return Interval(
            meaning(part.low) if part.low > 0 else -math.inf, meaning(part.high) if part.high else -math.inf
        )
    if function == "root" and part.low < 0:
        part = Interval(0.0, max(part.high, 0.0))
    return Interval(_meaning(function, part.low), _meaning(function, part.high))


def _any(function: str, parts: list[Interval]) -> Interval:
    """A function of which nothing is known: at the ends of its operands, each by itself, and in the middle."""
    points = [p.middle for p in parts]
    found = [_meaning(function, *points)]
    for i, part in enumerate(parts):
        for end in {part.low, part.high} - {points[i]}:
            found.append(_meaning(function, *points[:i], end, *points[i + 1 :]))
    return Interval(min(found), max(found))


def _meaning(function: str, *arguments: float) -> float:
    try:
        return FUNCTIONS[function].python(*arguments)
    except (ArithmeticError, ValueError):
        return math.nan


def _product(u: Interval, v: Interval) -> Interval:
    if u.low == u.high and v.low == v.high:
        return at(u.low * v.low)
    if u == (0.0, 0.0) or v == (0.0, 0.0):
        return at(0.0)
    bounds = (u.low * v.low, u.low * v.high, u.high * v.low, u.high * v.high)
    return Interval(min(bounds), max(bounds))


def _quotient(u: Interval, v: Interval) -> Interval:
    if v.low <= 0 <= v.high:
        return _NOTHING
    bounds = (u.low / v.low, u.low / v.high, u.high / v.low, u.high / v.high)
    return Interval(min(bounds), max(bounds))


def _is_sign(found: Interval) -> bool:
    return found.low == found.high and abs(found.low) == 1


def _is_whole(value: float) -> bool:
    return value == 0 or abs(value) == 1
