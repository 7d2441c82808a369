"""Arithmetic over intervals: where a result may lie when each operand has a lowest and a highest value."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple


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


def at(value: float) -> Interval:
    """A number that is known exactly."""
    return Interval(value, value)


NOWHERE = at(math.nan)
"""What arithmetic that leads to no number gives."""


def hull(intervals: Iterable[Interval]) -> Interval:
    """The smallest interval that holds all of these."""
    lows, highs = zip(*intervals, strict=True)
    return Interval(min(lows), max(highs))


def added(*terms: Interval) -> Interval:
    """Their sum."""
    return Interval(sum(term.low for term in terms), sum(term.high for term in terms))


def subtracted(u: Interval, v: Interval) -> Interval:
    """u − v."""
    return Interval(u.low - v.high, u.high - v.low)


def negated(u: Interval) -> Interval:
    """−u."""
    return Interval(-u.high, -u.low)


def multiplied(*factors: Interval) -> Interval:
    """Their product."""
    result = factors[0]
    for factor in factors[1:]:
        result = product(result, factor)
    return result


def product(u: Interval, v: Interval) -> Interval:
    """u · v; 0 times anything is 0."""
    if u.low == u.high and v.low == v.high:
        return at(u.low * v.low)
    if u == (0.0, 0.0) or v == (0.0, 0.0):
        return at(0.0)
    bounds = (u.low * v.low, u.low * v.high, u.high * v.low, u.high * v.high)
    return Interval(min(bounds), max(bounds))


def divided(u: Interval, v: Interval) -> Interval:
    """u / v; nowhere where v may be 0."""
    if v.low <= 0 <= v.high:
        return NOWHERE
    bounds = (u.low / v.low, u.low / v.high, u.high / v.low, u.high / v.high)
    return Interval(min(bounds), max(bounds))


def squared(u: Interval) -> Interval:
    """u²."""
    bounds = (u.low**2, u.high**2)
    return Interval(0.0 if u.low < 0 < u.high else min(bounds), max(bounds))


def size(u: Interval) -> Interval:
    """|u|."""
    low, high = sorted((abs(u.low), abs(u.high)))
    return Interval(0.0 if u.low <= 0 <= u.high else low, high)


def largest(*operands: Interval) -> Interval:
    """The largest of them."""
    return Interval(max(u.low for u in operands), max(u.high for u in operands))


def smallest(*operands: Interval) -> Interval:
    """The smallest of them."""
    return Interval(min(u.low for u in operands), min(u.high for u in operands))
