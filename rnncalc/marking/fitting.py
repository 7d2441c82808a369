"""Which wrong numbers of a table a known mistake leads to, from the numbers that stand on the sheet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np

from rnncalc.language import entry
from rnncalc.language.interval import Interval, at, hull
from rnncalc.language.trees import Array
from rnncalc.marking.answers import Answer, Place
from rnncalc.marking.carried import Choice, OwnNumbers, Reading
from rnncalc.marking.mistakes import Mistake, mistakes_of
from rnncalc.marking.systematic import systematic_mistakes
from rnncalc.marking.working import Way, ways
from rnncalc.network.quantity import Quantity, Stage

_FEW = 4
"""Mistakes that were made at every step are tried from so many choices of one's own numbers, as they take time."""
_ROUNDINGS = 4
"""What goes into a total may be rounded so often on the way."""
_NEAR = 0.05
"""A hypothesis this far off, as a share of the number, is not looked at more closely."""
_NEAR_UNITS = 60


class Fit(NamedTuple):
    """A mistake, from which numbers it was worked, the wrong numbers that it explains, and the rows of the others that
    it contradicts. ``rank`` is its place among the mistakes that were tried, the plainest first."""

    mistake: Mistake
    choice: Choice
    explains: frozenset[Place]
    predicted: Array
    contradicts: frozenset[int]
    rank: int

    @property
    def kind(self) -> str:
        return self.mistake.kind

    def tells(self, place: Place) -> bool:
        """Whether the mistake tells what number stands at a place."""
        return math.isfinite(self.predicted[place])


class Fitting:
    """Holds the known mistakes against the wrong numbers of one table, and against its others."""

    def __init__(
        self, q: Quantity, own: OwnNumbers, wrong: Mapping[Place, Answer], others: Mapping[Place, Answer]
    ) -> None:
        self.q, self.own, self.wrong, self.others = q, own, wrong, others
        names = list(own.trace)
        # what comes later may itself follow from the slip
        self._later = frozenset(names[names.index(q.name) :])
        self._readings: dict[tuple[Way, int], Reading] = {}
        self._values: dict[int, dict[str, Array]] = {}

    @cached_property
    def mistakes(self) -> list[Mistake]:
        """The known mistakes; and those made at every step where nobody sees it, or all through a total."""
        mistakes = mistakes_of(self.q, self.own.trace)
        if self.own.has_unseen(self.q):
            return [*mistakes, *systematic_mistakes(self.q, self.own.trace, self.own.answered)]
        if self.q.step is None and self.q.stage in (Stage.BACKWARD, Stage.LOSS):
            shares = {s.name for s in self.q.sources}
            before = {s.name for share in self.q.sources for s in share.sources if s.stage == Stage.BACKWARD}
            written = self.own.answered.keys() - shares - before
            forward = {name for name in written if self.own.trace[name].stage != Stage.BACKWARD}
            handed_on = {name for name in written if self.own.trace[name].bare.endswith("_next")}
            each = (written, forward | handed_on, forward) if handed_on else (written, forward)
            everywhere = (systematic_mistakes(self.q, self.own.trace, names) for names in each)
            return [*mistakes, *chain.from_iterable(everywhere)]
        return mistakes

    def fits(self) -> list[Fit]:
        """Each mistake from the numbers with which it explains most."""
        choices = self.own.choices(self.q)
        fits = []
        for rank, mistake in enumerate(self.mistakes, start=1):
            each = [self.fit(mistake, choice, rank) for choice in (choices if mistake.local else choices[:_FEW])]
            fits.append(max(each, key=lambda fit: (len(fit.explains), -len(fit.contradicts))))
        return fits

    def fit(self, mistake: Mistake, choice: Choice, rank: int) -> Fit:
        if id(choice) not in self._values:
            self._values[id(choice)] = self.values(choice)
        predicted = np.broadcast_to(mistake.value(self._values[id(choice)]), self.q.shape).real.astype(float)
        explains = frozenset(p for p, a in self.wrong.items() if self._explained(mistake, choice, predicted, p, a))
        against = {p[0] for p, a in self.others.items() if not self._explained(mistake, choice, predicted, p, a)}
        return Fit(mistake, choice, explains, predicted, frozenset(against), rank)

    def values(self, choice: Choice) -> dict[str, Array]:
        """A person's own numbers, with what a choice puts in the place of some."""
        values = {n: v for n, v in self.own.values.items() if n not in self._later}
        for (name, *place), meant in choice.meant.items():
            if name not in self._later:
                table = values.get(name, self.own.trace[name].value).astype(float).copy()
                table[tuple(place)] = meant.middle
                values[name] = table
        return values

    def leads_to(self, fit: Fit, place: Place) -> Interval:
        """Where the number lies that a mistake leads to, by any way of working."""
        interval, answer = at(float(fit.predicted[place])), self.wrong[place]
        if not math.isfinite(interval.low):
            return interval
        if not fit.mistake.local:  # each share of a total may be rounded once
            reach = len(self.q.sources) * answer.half_unit if self.own.parents(self.q.name) else 0.0
            return Interval(interval.low - reach, interval.high + reach)
        tree = entry(fit.mistake.rule, *place)
        return hull(self._reading(way, fit.choice).of(tree) for way in ways(answer.decimals, cuts=self.own.may_cut))

    def width(self, mistake: Mistake, half_unit: float) -> float:
        """How wide the numbers lie that a mistake explains."""
        return (4 if mistake.local else 2 * self._roundings) * half_unit + 1e-12

    @cached_property
    def comes_from_zeros(self) -> bool:
        """Whether anything that goes in is a table of zeros where it should be none."""
        return any(s.name in self.own.values and not self.own.values[s.name].any() for s in self.q.sources)

    def _explained(self, mistake: Mistake, choice: Choice, predicted: Array, place: Place, answer: Answer) -> bool:
        value, number = float(predicted[place]), answer.number
        assert number is not None
        if math.isnan(value):
            return True  # the mistake does not tell what stands there
        unit = 2 * answer.half_unit
        if not math.isfinite(value) or abs(number - value) > _NEAR * abs(value) + _NEAR_UNITS * unit + 1e-9:
            return False
        if not mistake.local:
            return abs(number - value) <= self._roundings * answer.half_unit + 1e-9 * max(1.0, abs(value))
        tree = entry(mistake.rule, *place)
        return any(way.accepts(number, self._reading(way, choice).of(tree)) for way in ways(answer.decimals))

    @cached_property
    def _roundings(self) -> float:
        """How many half units a number may be off that comes of a mistake at every step: none where nothing that goes
        in was written down."""
        return 1.1 if not self.own.parents(self.q.name) else 1.1 + _ROUNDINGS * max(len(self.q.sources), 1)

    def _reading(self, way: Way, choice: Choice) -> Reading:
        key = (way, id(choice))
        if key not in self._readings:
            self._readings[key] = Reading(self.own, way, choice, self._later)
        return self._readings[key]


def off(fit: Fit, wrong: Mapping[Place, Answer], places: Sequence[Place]) -> float:
    """How far the numbers are from what a mistake leads to."""
    each = [abs((wrong[p].number or 0.0) - float(fit.predicted[p])) for p in places]
    return max((distance for distance in each if not math.isnan(distance)), default=math.inf)
