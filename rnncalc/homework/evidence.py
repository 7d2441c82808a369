"""Which known mistakes lead to a person's wrong numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import takewhile
from typing import NamedTuple

import numpy as np

from rnncalc.homework.answers import Answer
from rnncalc.homework.mistakes import Mistake, Values, mistakes_of
from rnncalc.operations import entry
from rnncalc.scalars import Array, Entry, Term, leaves
from rnncalc.spread import EDGE, wider
from rnncalc.trace import Quantity, Trace

Place = tuple[int, int]


class Fit(NamedTuple):
    """A mistake that leads to a number, from these numbers."""

    mistake: Mistake
    values: Values

    @property
    def kind(self) -> str:
        return self.mistake.kind

    @property
    def says(self) -> str:
        return self.mistake.says

    def shown(self, row: int, column: int, decimals: int, may_show: Callable[[Entry, Values], bool]) -> str:
        """The wrong arithmetic with its numbers, or nothing where one of these is an answer still to be found."""
        if not all(may_show(found, self.values) for found in leaves(entry(self.mistake.rule, row, column))):
            return ""
        return self.mistake.arithmetic(row, column, self.values, decimals)


def fitting(
    q: Quantity,
    trace: Trace,
    own: Values,
    wrong: Mapping[Place, Answer],
    moved: Callable[[Term, Values], Array],
) -> dict[Place, list[Fit]]:
    """The mistakes that lead to each wrong number, one of a kind, from the person's own numbers or the true ones.

    ``moved`` tells how far the last digits of the operands move what a mistake leads to. A slip mostly runs through a
    whole table: where a kind explains all its wrong numbers, those that do not are out.
    """
    earlier = set(takewhile(lambda name: name != q.name, trace))  # what comes later may itself follow from the slip
    others = {name: values for name, values in own.items() if name in earlier}
    fits: dict[Place, dict[str, Fit]] = {place: {} for place in wrong}
    for mistake in mistakes_of(q, trace):
        for values in [others, {}] if others else [{}]:
            leads_to, near = mistake.value(values), moved(mistake.rule, values)
            for place, answer in wrong.items():
                if _comes_from(answer, float(leads_to[place]), float(near[place])):
                    fits[place].setdefault(mistake.kind, Fit(mistake, values))
    everywhere = set.intersection(*(set(kinds) for kinds in fits.values()))
    return {
        place: [fit for kind, fit in kinds.items() if not everywhere or kind in everywhere]
        for place, kinds in fits.items()
    }


def _comes_from(answer: Answer, value: float, near: float) -> bool:
    """Whether an answer is a value rounded to its digits, or cut off, its operands within their last digits."""
    if answer.number is None or not np.isfinite(value):
        return False
    if abs(answer.number - value) <= wider(answer.half_unit + near, value):
        return True
    return answer.decimals is not None and cut_off(answer.number, value, answer.decimals)


def cut_off(number: float, expected: float, decimals: int) -> bool:
    """Whether the number is the true one with its further digits cut off: 0.42 for 0.427."""
    unit = 10.0**-decimals
    return (
        abs(number) <= abs(expected) + EDGE
        and abs(expected) - abs(number) < unit * (1 - EDGE)
        and (number * expected >= 0)
    )
