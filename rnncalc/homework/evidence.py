"""Which known mistakes lead to a person's wrong numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rnncalc.homework.mistakes import Mistake, Values, mistakes_of
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

    def shown(self, row: int, column: int, decimals: int) -> str:
        """The wrong arithmetic with its numbers."""
        return self.mistake.arithmetic(row, column, self.values, decimals)


def fitting(
    q: Quantity, trace: Trace, own: Values, numbers: Mapping[Place, float], near: Mapping[Place, float]
) -> dict[Place, list[Fit]]:
    """The mistakes that lead to each wrong number, one of a kind, from the person's own numbers or the true ones.

    A slip mostly runs through a whole table: where a kind explains all its wrong numbers, those that do not are out.
    """
    others = {name: values for name, values in own.items() if name != q.name}
    fits: dict[Place, dict[str, Fit]] = {place: {} for place in numbers}
    for mistake in mistakes_of(q, trace):
        for values in [others, {}] if others else [{}]:
            wrong = mistake.value(values)
            if wrong.shape != q.shape:
                continue
            for place, number in numbers.items():
                if np.isfinite(wrong[place]) and abs(number - float(wrong[place])) <= near[place]:
                    fits[place].setdefault(mistake.kind, Fit(mistake, values))
    everywhere = set.intersection(*(set(kinds) for kinds in fits.values()))
    return {
        place: [fit for kind, fit in kinds.items() if not everywhere or kind in everywhere]
        for place, kinds in fits.items()
    }
