"""Ways of working a number by hand: every one is right, and each may end in another last digit.

A person goes on with the written operand or with the digits that the calculator still holds, keeps a spare digit,
rounds every product before adding, rounds a sum of products before going on, or cuts digits off. An element's tree is
evaluated over intervals, so that what a person may rightly write has a lowest and a highest value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rnncalc.language.functions import FUNCTIONS, Function, Gather
from rnncalc.language.interval import NOWHERE, Interval, at, product
from rnncalc.language.trees import Call, Entry, Number, Scalar
from rnncalc.marking.tolerance import wider

_TIE = 1e-7
"""A number this near to the middle between two, in units of the last decimal, may be rounded either way."""
_SPARE = 0.1
"""A spare digit moves a number by up to this share of half a unit."""


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

    def shorten(self, result: Interval) -> Interval:
        """What is written down of a number: rounded, ties either way, or cut off."""
        if self.decimals is None or not (math.isfinite(result.low) and math.isfinite(result.high)):
            return result
        unit = self.unit
        low, high = result.low / unit, result.high / unit
        if abs(low) > 1e15 or abs(high) > 1e15:
            return result
        if self.cuts or self.trims:
            return Interval(_cut(low) * unit, _cut(high) * unit)
        return Interval(math.ceil(low - 0.5 - _TIE) * unit, math.floor(high + 0.5 + _TIE) * unit)

    def product(self, result: Interval) -> Interval:
        """What becomes of a product before it is added to others."""
        return self.shorten(result) if self.products else self._spare(result)

    def term(self, result: Interval) -> Interval:
        """What becomes of a term that is no product: a bias may be rounded first where products are, or not."""
        if self.trims or self.remembers or not (self.products or self.workings):
            return result
        short = self.shorten(result)
        return Interval(min(result.low, short.low), max(result.high, short.high))

    def working(self, result: Interval) -> Interval:
        """What becomes of any other working within a number."""
        return self.shorten(result) if self.workings else self._spare(result)

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

    def _spare(self, result: Interval) -> Interval:
        if not self.remembers or self.decimals is None:
            return result
        short = self._replace(decimals=(self.decimals or 0) + 1).shorten(result)
        return Interval(min(result.low, short.low), max(result.high, short.high))

    def furthest(self, result: Interval, exact: float) -> float:
        """How far from its exact arithmetic a number may lie."""
        last = self.unit if self.cuts else self.unit / 2 * (1 + _SPARE)
        off = max(abs(result.low - exact), abs(result.high - exact)) + last
        return off if math.isfinite(off) else 0.0

    def accepts(self, number: float, result: Interval) -> bool:
        """Whether a number is what this way leads to, as it is written down."""
        if math.isnan(result.low) or math.isnan(result.high):
            return False
        about = max(abs(result.low), abs(result.high)) if math.isfinite(result.high - result.low) else abs(number)
        if self.cuts:
            slack = wider(0.0, about)
            cut = max(self.unit * (1 - _TIE), slack)  # less than a unit: of a number without further digits nothing
            below, above = (cut if result.high > 0 else slack), (cut if result.low < 0 else slack)
            return result.low - below <= number <= result.high + above
        half = self.unit / 2 * (1 + _SPARE if self.remembers else 1)
        return result.low - wider(half, about) <= number <= result.high + wider(half, about)


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


def evaluate(scalar: Scalar, leaf: Leaf, way: Way) -> Interval:
    """Where the number of a tree may lie; NaN where its arithmetic leads nowhere."""
    return _worked(scalar, leaf, way)


def _inner(scalar: Scalar, leaf: Leaf, way: Way) -> Interval:
    """A part of a tree as a person goes on with it."""
    result = _worked(scalar, leaf, way)
    if not isinstance(scalar, Call):
        return result
    function = FUNCTIONS[scalar.function]
    if function.exact or (function.adds is Gather.PAIRS and way.products):
        return result
    return result if result.low == result.high and abs(result.low) in (0, 1) else way.working(result)


def _worked(scalar: Scalar, leaf: Leaf, way: Way) -> Interval:
    if isinstance(scalar, Entry):
        return leaf(scalar)
    if isinstance(scalar, Number):
        return at(scalar.value)
    function, arguments = FUNCTIONS[scalar.function], scalar.arguments
    if function.adds is Gather.PAIRS:
        return _added_products(arguments, leaf, way)
    parts = [_inner(a, leaf, way) for a in arguments]
    if function.adds is not None:
        parts = [way.term(p) if isinstance(a, Entry) else p for p, a in zip(parts, arguments, strict=True)]
    if function.interval is not None:
        return function.interval(*parts)
    if not function.rising:
        return _any(function, parts)
    (part,) = parts
    if part.high < function.lowest:
        return NOWHERE
    return Interval(_meaning(function, max(part.low, function.lowest)), _meaning(function, part.high))


def _added_products(arguments: Sequence[Scalar], leaf: Leaf, way: Way) -> Interval:
    half = len(arguments) // 2
    low = high = 0.0
    for left, right in zip(arguments[:half], arguments[half:], strict=True):
        u = _inner(left, leaf, way)
        if u == (0.0, 0.0):
            continue
        v = _inner(right, leaf, way)
        if v == (0.0, 0.0):
            continue
        term = product(u, v)
        if half > 1:
            term = way.term(term) if _is_sign(u) or _is_sign(v) else way.product(term)
        low, high = low + term.low, high + term.high
    return Interval(low, high)


def _any(function: Function, parts: list[Interval]) -> Interval:
    """A function of which nothing is known: at the ends of its operands, each by itself, and in the middle."""
    points = [p.middle for p in parts]
    results = [_meaning(function, *points)]
    for i, part in enumerate(parts):
        for end in {part.low, part.high} - {points[i]}:
            results.append(_meaning(function, *points[:i], end, *points[i + 1 :]))
    return Interval(min(results), max(results))


def _meaning(function: Function, *arguments: float) -> float:
    try:
        return function.python(*arguments)
    except (ArithmeticError, ValueError):
        return math.nan


def _is_sign(result: Interval) -> bool:
    return result.low == result.high and abs(result.low) == 1
