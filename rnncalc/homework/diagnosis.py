"""Which mistakes explain a quantity's wrong numbers: a hypothesis is held against all of its numbers at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np

from rnncalc.homework import copying
from rnncalc.homework.answers import Answer
from rnncalc.homework.carried import AS_WRITTEN, Choice, OwnNumbers, Place, Reading
from rnncalc.homework.mistakes import KINDS, Mistake, mistakes_of
from rnncalc.homework.systematic import systematic_mistakes
from rnncalc.operations import entry
from rnncalc.scalars import Array, Entry, leaves
from rnncalc.trace import Quantity
from rnncalc.trees import tree_of
from rnncalc.working import Interval, Way, at, ways

_CHANCE = 0.002
"""A name is certain where fewer than this many hypotheses, as plain or plainer, would fit by chance."""
_CHANCE_OF_SLIP = 0.001
"""The same for a slip of copying."""
_NO_EVIDENCE = 1.0
"""Where so many hypotheses fit by chance, none of them tells anything."""
_IN_ROWS = 0.3
"""One that contradicts other rows, where fewer than this many would."""
_LIKELY = 0.05
"""A mistake that explains some numbers only is named where fewer than this many would fit by chance."""
_ZERO = 0.02
_FEW = 4
"""Mistakes that were made at every step are tried from so many choices of one's own numbers, as they take time."""
_ROUNDINGS = 4
"""What goes into a total may be rounded so often on the way."""
_MOST_MEANT = 8
_NEAR = 0.05
"""A hypothesis this far off, as a share of the number, is not looked at more closely."""
_NEAR_UNITS = 60
_WHOLE_TABLE = ("alphabetical", "wrong-target", "wrong-token", "shifted-by-a-cell", "transposed")
"""Kinds that change a whole table or nothing: whoever takes another letter does it in every row."""
_TWINS = ("rows-swapped", "row-twice")
_ALIKE = {"alphabetical", "wrong-token", "wrong-row", "shifted-by-a-cell"}
"""Kinds that a slip of copying may look like."""
GENERAL = ("wrong-table", "wrong-row", "wrong-step", "wrong-layer", "shifted-by-a-cell", "another-activation")
"""Kinds that tell where a number stands; one that tells what was done goes before them where both give the same."""


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
    meant: list[dict[Place, float]]


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
        fits = [f for f in self._fits() if f.chance <= _NO_EVIDENCE]
        named, mistyped = self._names(fits)
        everything = frozenset(self.wrong)
        partly = [f for f in fits if not f.contradicted and f.explains != everything]
        partly = [f for f in partly if 2 * len(f.explains) >= len(self.wrong)]
        partly.sort(key=lambda f: (-len(f.explains), f.chance))
        meant = [
            {p: float(f.predicted[p]) for p in self.wrong if p not in f.explains and not math.isnan(f.predicted[p])}
            for f in [*mistyped, *partly][:_MOST_MEANT]
        ]
        return Diagnosis(named, [one for one in meant if one])

    def _names(self, fits: Sequence[_Fit]) -> tuple[dict[Place, tuple[Named, ...]], list[_Fit]]:
        """The mistakes at each place; and those of which the only number that shows them was mistyped."""
        everything = frozenset(self.wrong)
        whole = [f for f in fits if f.explains == everything and not f.contradicted]
        whole = [f for f in whole if f.mistake.local] or [f for f in whole if f.chance < _LIKELY]
        if whole:
            named = self._with_twins(self._all_named(whole, everything))
            if whole[0].mistake.local:
                return named, []
            slips = self._slips()
            return {p: (*found, *self._rivals(found, slips.get(p, ()))) for p, found in named.items()}, []
        slips = self._slips()
        plain = {place: found for place, found in slips.items() if found[0].kind != "digit-wrong"}
        in_rows = [f for f in fits if f.explains == everything and f.kind not in _WHOLE_TABLE]
        in_rows = [f for f in in_rows if f.mistake.local and f.chance < _IN_ROWS]
        if plain.keys() == everything:  # a slip of copying is plainer than another number used in some rows
            in_rows = [f for f in in_rows if f.kind not in (*GENERAL, "sign-reversed")]
            in_rows = [f._replace(chance=1.0) for f in in_rows]
        if in_rows:
            named = self._all_named(in_rows, everything)
            return {p: (*found, *self._rivals(found, slips.get(p, ()))) for p, found in named.items()}, []
        if plain.keys() == everything:
            return {p: self._slip_named(found, p) for p, found in plain.items()}, []
        return self._partly(fits, slips)

    # ── hypotheses ────────────────────────────────────────────────────────────────────────────────────────────────

    def _fits(self) -> Iterator[_Fit]:
        choices = self.own.choices(self.q)
        for mistake in self._hypotheses:
            self.tried += 1
            each = (self._fit(mistake, choice) for choice in (choices if mistake.local else choices[:_FEW]))
            found = [fit for fit in each if fit is not None]
            if found:
                yield max(found, key=lambda fit: (len(fit.explains), not fit.contradicted))

    @cached_property
    def _hypotheses(self) -> list[Mistake]:
        """The known mistakes; and those made at every step where nobody sees it, or all through a total."""
        found = mistakes_of(self.q, self.own.trace)
        if self.own.has_unseen(self.q):
            return [*found, *systematic_mistakes(self.q, self.own.trace, self.own.answered)]
        if self.q.step is None and self.q.stage in ("backward", "loss"):
            shares = {s.name for s in self.q.sources}
            before = {s.name for share in self.q.sources for s in share.sources if s.stage == "backward"}
            written = self.own.answered.keys() - shares - before
            forward = {name for name in written if self.own.trace[name].stage != "backward"}
            everywhere = (systematic_mistakes(self.q, self.own.trace, names) for names in (written, forward))
            return [*found, *chain.from_iterable(everywhere)]
        return found

    def _values(self, choice: Choice) -> dict[str, Array]:
        values = {n: v for n, v in self.own.values.items() if n not in self.later}
        for (name, *place), meant in choice.meant.items():
            if name not in self.later:
                table = values.get(name, self.own.trace[name].value).astype(float).copy()
                table[tuple(place)] = meant.middle
                values[name] = table
        return values

    def _fit(self, mistake: Mistake, choice: Choice) -> _Fit | None:
        predicted = np.broadcast_to(mistake.value(self._values(choice)), self.q.shape).real.astype(float)
        explains = frozenset(p for p, a in self.wrong.items() if self._explained(mistake, choice, predicted, p, a))
        told = [p for p in explains if not math.isnan(predicted[p])]
        if not told:
            return None
        contradicted = any(not self._explained(mistake, choice, predicted, p, a) for p, a in self.others.items())
        return _Fit(mistake, choice, explains, predicted, contradicted, self._chance(told, mistake))

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
            self._readings[key] = Reading(self.own, way, choice, self.later)
        return self._readings[key]

    def _chance(self, places: Sequence[Place], mistake: Mistake) -> float:
        """How many hypotheses would explain these numbers by chance, if their digits were drawn."""
        size = max(float(np.abs(self.q.value).max()), *(abs(self.wrong[p].number or 0.0) for p in self.wrong), 1e-9)
        zeros = sum(not self.wrong[place].number for place in places)
        share = _ZERO if zeros else 1.0  # many hypotheses lead to zeros, and of one zero come others
        if zeros == len(places) > 1 and mistake.local:
            # a whole table of them is no chance; but it may be copied from any table of zeros
            return _CHANCE if isinstance(mistake.rule, Quantity) or self._from_zeros else 0.0
        told: set[float | None] = set()
        for place in places:
            if self.wrong[place].number in told:
                continue  # the same number again tells nothing more
            told.add(self.wrong[place].number)
            width = (4 if mistake.local else 2 * self._roundings) * self.wrong[place].half_unit + 1e-12
            share *= min(1.0, width / (2 * max(size, width))) if self.wrong[place].number else 1.0
        return share * max(self.tried, 1)

    @cached_property
    def _from_zeros(self) -> bool:
        """Whether anything that goes in is a table of zeros where it should be none."""
        return any(s.name in self.own.values and not self.own.values[s.name].any() for s in self.q.sources)

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

    def _slip_named(self, slips: Sequence[copying.Slip], place: Place, *, alone: bool = True) -> tuple[Named, ...]:
        plain = [s for s in slips if s.kind != "digit-wrong"] or list(slips)
        answer = self.wrong[place]
        size = max(abs(self.meant[place].middle), abs(answer.number or 0.0), 1e-9)
        width = 4 * answer.half_unit + 2 * self.meant[place].reach + 1e-12
        chance = sum(s.others for s in plain) * min(1.0, width / (2 * max(size, width)))
        sure = (
            len({s.kind for s in plain}) == 1 and plain[0].kind != "digit-wrong" and alone and chance < _CHANCE_OF_SLIP
        )
        return tuple(Named(s.kind, s.says, sure) for s in plain)

    def _with_twins(self, named: dict[Place, tuple[Named, ...]]) -> dict[Place, tuple[Named, ...]]:
        """With the slips of copying that nobody could tell from what was named: rows in another order or swapped."""
        kinds = {n.kind for found in named.values() for n in found}
        alike = _ALIKE & kinds
        if not alike:
            return named
        slips = self._slips()
        twins = {p: [s for s in found if s.kind in _TWINS] for p, found in slips.items()}
        if not all(twins.get(p) for p in named):
            return named
        return {
            p: (*(n._replace(certain=False) for n in found), *(Named(s.kind, s.says, False) for s in twins[p]))
            for p, found in named.items()
        }

    def _rivals(self, found: Sequence[Named], slips: Sequence[copying.Slip]) -> list[Named]:
        """Slips of copying beside a mistake that is not certain."""
        return [] if any(n.certain for n in found) else [Named(s.kind, s.says, False) for s in slips]

    # ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _all_named(self, fits: Sequence[_Fit], places: frozenset[Place]) -> dict[Place, tuple[Named, ...]]:
        by_kind: dict[str, _Fit] = {}
        for fit in fits:
            if fit.kind not in by_kind or self._off(fit) < 0.5 * self._off(by_kind[fit.kind]):
                by_kind[fit.kind] = fit
        by_kind = _plainest(by_kind)
        twins = {k for f in by_kind.values() for k in f.mistake.also} - by_kind.keys()
        if any(kind not in GENERAL for kind in by_kind):
            twins -= set(GENERAL)
        sure = len(by_kind) == 1 and not twins and all(self._is_sure(f) for f in by_kind.values())
        more = tuple(Named(kind, KINDS[kind], False) for kind in sorted(twins))
        return {
            p: (*(Named(f.kind, f.mistake.says, sure, self._shown(f, p)) for f in by_kind.values()), *more)
            for p in places
        }

    def _off(self, fit: _Fit) -> float:
        """How far the numbers are from what a mistake leads to."""
        off = [abs((self.wrong[p].number or 0.0) - float(fit.predicted[p])) for p in fit.explains]
        return max((one for one in off if not math.isnan(one)), default=math.inf)

    def _is_sure(self, fit: _Fit) -> bool:
        """Whether a mistake tells every wrong number, and would hardly do so by chance."""
        return fit.chance < _CHANCE and not any(math.isnan(fit.predicted[p]) for p in self.wrong)

    def _shown(self, fit: _Fit, place: Place) -> str:
        """The wrong arithmetic with its numbers, where it gives the number and none of them is an answer."""
        rule, answer = fit.mistake.rule, self.wrong[place]
        if not fit.mistake.local or math.isnan(fit.predicted[place]):
            return ""
        if not all(self.may_show(found) for found in leaves(entry(rule, *place))):
            return ""
        decimals = 6 if answer.decimals is None else max(answer.decimals, 0)
        if abs(float(fit.predicted[place]) - (answer.number or 0.0)) > 0.5 * 10.0**-decimals * (1 + 1e-9):
            return ""
        return fit.mistake.arithmetic(*place, self._values(fit.choice), decimals)

    def _partly(
        self, fits: Sequence[_Fit], slips: Mapping[Place, Sequence[copying.Slip]]
    ) -> tuple[dict[Place, tuple[Named, ...]], list[_Fit]]:
        """A mistake that explains some of the wrong numbers, where the others are slips of copying what it leads to."""
        half = [f for f in fits if not f.contradicted and 2 * len(f.explains) >= len(self.wrong)]
        both = [(f, copies) for f in half if (copies := self._copies(f)) is not None and f.chance < _LIKELY]
        best = max((len(f.explains) for f, _ in both), default=0)
        both = [(f, copies) for f, copies in both if len(f.explains) == best]
        mistyped = self._mistyped() if not both and len(self.wrong) == 1 else []
        named: dict[Place, tuple[Named, ...]] = {}
        for place in self.wrong:
            if not both and not mistyped:
                if place in slips:
                    named[place] = self._slip_named(slips[place], place, alone=False)
                continue
            here = [f for f, _ in both if place in f.explains] or [f for f, _ in mistyped]
            found = self._all_named(here, frozenset([place]))[place] if here else ()
            copied = {s.kind: s for _, copies in (*both, *mistyped) for s in copies.get(place, ())}
            more = tuple(Named(s.kind, s.says, False) for s in copied.values())
            if found or more:
                named[place] = (*(n._replace(certain=False) for n in found), *more)
        return named, [f for f, _ in mistyped]

    def _copies(self, fit: _Fit) -> dict[Place, list[copying.Slip]] | None:
        """The slips of copying in the numbers that a mistake does not explain; None where they are none."""
        rest: dict[Place, list[copying.Slip]] = {}
        for place, answer in self.wrong.items():
            if place in fit.explains:
                continue
            found = list(copying.slips(answer, self._leads_to(fit, place, answer)))
            if not found:
                return None
            rest[place] = found
        return rest

    def _leads_to(self, fit: _Fit, place: Place, answer: Answer) -> Interval:
        """What a mistake leads to, from the numbers as written or from the digits that the calculator still holds."""
        found = at(float(fit.predicted[place]))
        if not fit.mistake.local or not math.isfinite(found.low):
            return found
        reading = self._reading(Way(answer.decimals, remembers=True), fit.choice)
        return reading.of(entry(fit.mistake.rule, *place))

    def _mistyped(self) -> list[tuple[_Fit, dict[Place, list[copying.Slip]]]]:
        """The only wrong number as a slip of copying what a mistake leads to, where that is no chance."""
        ((place, answer),) = self.wrong.items()
        found = []
        for mistake in self._hypotheses:
            predicted = np.broadcast_to(mistake.value(self._values(AS_WRITTEN)), self.q.shape).real.astype(float)
            value = float(predicted[place])
            if not math.isfinite(value):
                continue
            plain = list(copying.slips(answer, Interval(value, value)))
            if not plain or any(
                not self._explained(mistake, AS_WRITTEN, predicted, p, a) for p, a in self.others.items()
            ):
                continue
            fit = _Fit(mistake, AS_WRITTEN, frozenset(), predicted, False, self._chance([place], mistake))
            if fit.chance * sum(s.others for s in plain) < _LIKELY:
                found.append((fit, {place: plain}))
        return found


def _plainest(by_kind: dict[str, _Fit]) -> dict[str, _Fit]:
    """Without the kinds that only tell where a number stands, where another leads to the same numbers."""
    plain = [f.predicted for kind, f in by_kind.items() if kind not in GENERAL]
    return {
        kind: f
        for kind, f in by_kind.items()
        if kind not in GENERAL or not any(np.allclose(f.predicted, p, rtol=1e-9, atol=1e-12) for p in plain)
    }


def intervals(q: Quantity, own: OwnNumbers, decimals: int | None) -> dict[Place, Interval]:
    """Where each number of a quantity should lie, from the numbers as they were written, by any way of working."""
    rows, columns = q.shape
    found: dict[Place, Interval] = {}
    for place in ((i, j) for i in range(rows) for j in range(columns)):
        tree = tree_of(q, *place)
        each = [own.reading(way, AS_WRITTEN).of(tree) for way in ways(decimals, cuts=own.may_cut)]
        found[place] = Interval(min(one.low for one in each), max(one.high for one in each))
    return found
