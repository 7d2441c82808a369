"""Which mistakes explain a quantity's wrong numbers: a hypothesis is held against all of its numbers at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rnncalc.homework import copying
from rnncalc.homework.answers import Answer
from rnncalc.homework.carried import AS_WRITTEN, Choice, OwnNumbers, Place, Reading, tree_of
from rnncalc.homework.mistakes import KINDS, Mistake, mistakes_of
from rnncalc.operations import Expression, entry
from rnncalc.scalars import Array, Entry, leaves
from rnncalc.trace import Quantity
from rnncalc.working import Interval, Way, ways

_CHANCE = 0.01
"""A name is certain where fewer than this many hypotheses would fit by chance."""
_NEAR = 0.05
"""A hypothesis this far off, as a share of the number, is not looked at more closely."""
_NEAR_UNITS = 60
_WHOLE_TABLE = ("alphabetical", "wrong-target", "wrong-token", "shifted-by-a-cell", "transposed", "not-transposed")
"""Kinds that change a whole table or nothing: whoever takes another letter does it in every row."""


class Named(NamedTuple):
    """A mistake that explains a wrong number; ``certain`` where nothing else does; ``shown``: its arithmetic."""

    kind: str
    says: str
    certain: bool
    shown: str = ""


class Diagnosis(NamedTuple):
    """The mistakes named at each wrong number, and what should stand there if they were made but for slips of copying:
    numbers that the person may have gone on with."""

    named: dict[Place, tuple[Named, ...]]
    meant: dict[Place, float]


class _Fit(NamedTuple):
    """A hypothesis, from which numbers it was worked, and the wrong numbers that it explains."""

    mistake: Mistake
    choice: Choice
    explains: frozenset[Place]
    predicted: Array
    contradicted: bool
    chance: float

    @property
    def kind(self) -> str:
        return self.mistake.kind


def diagnose(
    q: Quantity,
    own: OwnNumbers,
    wrong: Mapping[Place, Answer],
    others: Mapping[Place, Answer],
    meant: Mapping[Place, Interval],
    may_show: Callable[[Entry], bool],
) -> Diagnosis:
    """Name the mistakes behind the wrong numbers of a quantity.

    ``others`` are its numbers that are right or follow rightly; ``meant``: where each of its numbers should lie. A
    mistake that explains every wrong number and contradicts no other goes before slips of copying, these before one
    that was made in some rows only, and this before one that explains most of the wrong numbers.
    """
    return _Diagnosis(q, own, wrong, others, meant, may_show).result()


class _Diagnosis:
    def __init__(
        self,
        q: Quantity,
        own: OwnNumbers,
        wrong: Mapping[Place, Answer],
        others: Mapping[Place, Answer],
        meant: Mapping[Place, Interval],
        may_show: Callable[[Entry], bool],
    ) -> None:
        self.q, self.own, self.wrong, self.others, self.meant = q, own, wrong, others, meant
        self.may_show = may_show
        names = list(own.trace)
        # what comes later may itself follow from the slip
        self.later = frozenset(names[names.index(q.name) :])
        self._readings: dict[tuple[Way, int], Reading] = {}
        self.tried = 0

    def result(self) -> Diagnosis:
        fits = list(self._fits())
        everything = frozenset(self.wrong)
        whole = [f for f in fits if f.explains == everything and not f.contradicted]
        if whole:
            return Diagnosis(self._all_named(whole, everything), {})
        slips = self._slips()
        plain = {place: found for place, found in slips.items() if found[0].kind != "digit-wrong"}
        in_rows = [f for f in fits if f.explains == everything and f.kind not in _WHOLE_TABLE]
        if plain.keys() == everything:
            rivals = {f.kind for f in in_rows}
            return Diagnosis({p: self._slip_named(found, rivals, p) for p, found in plain.items()}, {})
        if in_rows:
            return Diagnosis(self._all_named(in_rows, everything), {})
        return self._most(fits, slips)

    # ── hypotheses ────────────────────────────────────────────────────────────────────────────────────────────────

    def _fits(self) -> Iterator[_Fit]:
        choices = self.own.choices(self.q)
        hypotheses = mistakes_of(self.q, self.own.trace)
        self.tried = len(hypotheses) * min(len(choices), 2)
        for mistake in hypotheses:
            for choice in choices:
                fit = self._fit(mistake, choice)
                if fit is not None:
                    yield fit
                    break
        # SYSTEMATIC

    def _values(self, choice: Choice) -> dict[str, Array]:
        return {n: v for n, v in {**self.own.values, **choice.meant}.items() if n not in self.later}

    def _fit(self, mistake: Mistake, choice: Choice) -> _Fit | None:
        predicted = np.broadcast_to(mistake.value(self._values(choice)), self.q.shape).real.astype(float)
        explains = frozenset(p for p, a in self.wrong.items() if self._explained(mistake, choice, predicted, p, a))
        told = [p for p in explains if not math.isnan(predicted[p])]
        if not told:
            return None
        contradicted = any(not self._explained(mistake, choice, predicted, p, a) for p, a in self.others.items())
        return _Fit(mistake, choice, explains, predicted, contradicted, self._chance(told, predicted))

    def _explained(self, mistake: Mistake, choice: Choice, predicted: Array, place: Place, answer: Answer) -> bool:
        value, number = float(predicted[place]), answer.number
        assert number is not None
        if math.isnan(value):
            return True  # the mistake does not tell what stands there
        unit = 2 * answer.half_unit
        if not math.isfinite(value) or abs(number - value) > _NEAR * abs(value) + _NEAR_UNITS * unit + 1e-9:
            return False
        if not isinstance(mistake.rule, Expression) and not isinstance(mistake.rule, Quantity):
            return abs(number - value) <= 1.1 * answer.half_unit + 1e-9 * max(1.0, abs(value))
        tree = entry(mistake.rule, *place)
        return any(way.accepts(number, self._reading(way, choice).of(tree)) for way in ways(answer.decimals))

    def _reading(self, way: Way, choice: Choice) -> Reading:
        key = (way, id(choice))
        if key not in self._readings:
            self._readings[key] = Reading(self.own, way, choice, self.later)
        return self._readings[key]

    def _chance(self, places: Sequence[Place], predicted: Array) -> float:
        """How many hypotheses would explain these numbers by chance, if their digits were drawn."""
        size = max(float(np.abs(self.q.value).max()), *(abs(self.wrong[p].number or 0.0) for p in self.wrong), 1e-9)
        share = 1.0
        for place in places:
            width = 4 * self.wrong[place].half_unit + 1e-12
            share *= min(1.0, width / (2 * max(size, width)))
        return share * max(self.tried, 1)

    # ── slips of copying ──────────────────────────────────────────────────────────────────────────────────────────

    def _slips(self) -> dict[Place, list[copying.Slip]]:
        found: dict[Place, list[copying.Slip]] = {}
        in_rows = copying.row_slips(self.wrong, self.meant)
        for place, answer in self.wrong.items():
            here = [in_rows[place]] if place in in_rows else []
            here += copying.slips(answer, self.meant[place])
            if here:
                found[place] = here
        return found

    def _slip_named(self, slips: Sequence[copying.Slip], rivals: set[str], place: Place) -> tuple[Named, ...]:
        plain = [s for s in slips if s.kind != "digit-wrong"] or list(slips)
        answer = self.wrong[place]
        size = max(abs(self.meant[place].middle), abs(answer.number or 0.0), 1e-9)
        width = 4 * answer.half_unit + 1e-12
        chance = sum(s.others for s in plain) * min(1.0, width / (2 * max(size, width)))
        sure = len({s.kind for s in plain}) == 1 and plain[0].kind != "digit-wrong" and not rivals and chance < _CHANCE
        return tuple(Named(s.kind, s.says, sure) for s in plain)

    # ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _all_named(self, fits: Sequence[_Fit], places: frozenset[Place]) -> dict[Place, tuple[Named, ...]]:
        by_kind: dict[str, _Fit] = {}
        for fit in fits:
            by_kind.setdefault(fit.kind, fit)
        twins = dict.fromkeys(kind for f in by_kind.values() for kind in f.mistake.also if kind not in by_kind)
        sure = len(by_kind) == 1 and not twins and all(f.chance < _CHANCE for f in by_kind.values())
        more = tuple(Named(kind, KINDS[kind], False) for kind in twins)
        return {
            p: (*(Named(f.kind, f.mistake.says, sure, self._shown(f, p)) for f in by_kind.values()), *more)
            for p in places
        }

    def _shown(self, fit: _Fit, place: Place) -> str:
        """The wrong arithmetic with its numbers, where it gives the number and none of them is an answer."""
        rule, answer = fit.mistake.rule, self.wrong[place]
        if not isinstance(rule, (Expression, Quantity)) or math.isnan(fit.predicted[place]):
            return ""
        if not all(self.may_show(found) for found in leaves(entry(rule, *place))):
            return ""
        decimals = 6 if answer.decimals is None else max(answer.decimals, 0)
        if abs(float(fit.predicted[place]) - (answer.number or 0.0)) > 0.5 * 10.0**-decimals * (1 + 1e-9):
            return ""
        return fit.mistake.arithmetic(*place, self._values(fit.choice), decimals)

    def _most(self, fits: Sequence[_Fit], slips: Mapping[Place, Sequence[copying.Slip]]) -> Diagnosis:
        """A mistake that explains most of the wrong numbers, and slips of copying in the others."""
        most = [
            f
            for f in fits
            if not f.contradicted
            and len(f.explains) >= 2
            and 2 * len(f.explains) > len(self.wrong)
            and f.chance < _CHANCE
        ]
        best = max((len(f.explains) for f in most), default=0)
        most = [f for f in most if len(f.explains) == best]
        if not most:
            return Diagnosis({p: self._slip_named(found, {"other"}, p) for p, found in slips.items()}, {})
        named = self._all_named(most, most[0].explains)
        named = {p: tuple(n._replace(certain=False) for n in found) for p, found in named.items()}
        rest = [p for p in self.wrong if p not in most[0].explains]
        meant: dict[Place, float] = {}
        for place in rest:
            value = float(most[0].predicted[place])
            if math.isnan(value):
                continue
            meant[place] = value
            found = list(copying.slips(self.wrong[place], Interval(value, value)))
            if found:
                named[place] = self._slip_named(found, {"other"}, place)
        return Diagnosis(named, meant)


def intervals(q: Quantity, own: OwnNumbers, decimals: int | None) -> dict[Place, Interval]:
    """Where each number of a quantity should lie, from the numbers as they were written."""
    reading = own.reading(Way(decimals, remembers=True), AS_WRITTEN)
    rows, columns = q.shape
    return {(i, j): reading.of(tree_of(q, i, j)) for i in range(rows) for j in range(columns)}
