"""Which mistakes are named at a quantity's wrong numbers: those of the likeliest explanations of all of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rnncalc.language import entry
from rnncalc.language.interval import Interval, hull
from rnncalc.language.kinds import Kind
from rnncalc.language.trees import Entry, leaves
from rnncalc.marking.answers import Answer, Place
from rnncalc.marking.carried import AS_WRITTEN, OwnNumbers
from rnncalc.marking.explanations import CERTAIN, Explanation, Explanations, plainest
from rnncalc.marking.fitting import Fit, Fitting, off
from rnncalc.marking.mistake_groups import PLACES, words
from rnncalc.marking.working import ways
from rnncalc.network.element_arithmetic import tree_of
from rnncalc.network.quantity import Quantity

_MOST_MEANT = 8


class Named(NamedTuple):
    """A mistake that explains a wrong number; ``certain`` where nothing else does; ``arithmetic``: how it was worked,
    with its numbers; ``evidence``: how many bits of the table's wrong numbers it saves."""

    kind: str
    says: str
    certain: bool
    arithmetic: str = ""
    evidence: float = 0.0


class Diagnosis(NamedTuple):
    """The mistakes named at each wrong number, and what should stand there if they were made but for slips of copying:
    numbers that the person may have gone on with."""

    named: dict[Place, tuple[Named, ...]]
    meant: list[dict[Place, Interval]]


def diagnose(
    q: Quantity,
    own: OwnNumbers,
    wrong: Mapping[Place, Answer],
    others: Mapping[Place, Answer],
    meant: Mapping[Place, Interval],
    may_show: Callable[[Entry], bool],
) -> Diagnosis:
    """Name the mistakes behind the wrong numbers of a quantity.

    ``others`` are its numbers that are right or follow rightly; ``meant``: where each of its numbers should lie. Named
    is what the likeliest explanations of all the wrong numbers say of each; a name is certain where one mistake alone
    explains them all, chance would hardly do so, and no other explanation is nearly as likely.
    """
    fitting = Fitting(q, own, wrong, others)
    explanations = Explanations(fitting, meant)
    return _Naming(fitting, explanations, may_show).result()


class _Naming:
    def __init__(self, fitting: Fitting, explanations: Explanations, may_show: Callable[[Entry], bool]) -> None:
        self.fitting, self.explanations, self.may_show = fitting, explanations, may_show
        self.wrong = fitting.wrong

    def result(self) -> Diagnosis:
        explanations = self.explanations.all()
        likeliest = [e for e in explanations if e.fit is None or e.bits < self.explanations.untold]
        likeliest = _plainest([e for e in likeliest if e.bits <= likeliest[0].bits + CERTAIN])
        sure = self._is_certain(likeliest)
        named = {place: names for place in self.wrong if (names := self._names(place, likeliest, sure))}
        return Diagnosis(named, self._meant(explanations))

    def _is_certain(self, likeliest: Sequence[Explanation]) -> bool:
        """Whether one kind of mistake alone explains every number, and not by chance."""
        likeliest = [e for e in likeliest if e.explained]
        kinds = {kind for e in likeliest for kind in _kinds(e)}
        if len(kinds) != 1 or kinds == {Kind.DIGIT_WRONG}:
            return False
        fit = likeliest[0].fit
        if likeliest[0].explained != self.wrong.keys() or (fit is not None and not all(map(fit.tells, self.wrong))):
            return False
        return self.explanations.evidence(likeliest[0]) >= CERTAIN

    def _meant(self, explanations: Sequence[Explanation]) -> list[dict[Place, Interval]]:
        """What explanations lead to where a slip of copying stands."""
        meant: list[dict[Place, Interval]] = []
        for explanation in explanations:
            here = {p: interval for p, interval in explanation.leads_to.items() if math.isfinite(interval.middle)}
            if here and here not in meant:
                meant.append(here)
        return meant[:_MOST_MEANT]

    # ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _names(self, place: Place, likeliest: Sequence[Explanation], sure: bool) -> tuple[Named, ...]:
        fits = [e.fit for e in likeliest if e.fit is not None and place in (e.fit.explains or e.slips)]
        evidence: dict[str, float] = {}
        for explanation in likeliest:
            for kind in _kinds(explanation) if place in explanation.explained else ():
                evidence.setdefault(kind, self.explanations.evidence(explanation))
        each = [s for explanation in likeliest for s in explanation.slips.get(place, [])]
        slips = {s.kind: s for s in (plainest(each) if sure else each)}
        if any(fit.kind == Kind.SIGN_REVERSED for fit in fits):
            slips.pop(Kind.SIGN_LOST, None)  # the same in other words
        by_kind: dict[str, Fit] = {}
        for fit in fits:
            known = by_kind.get(fit.kind)
            if known is None or self._off(fit) < 0.5 * self._off(known):
                by_kind[fit.kind] = fit
        twins = {k for f in by_kind.values() for k in f.mistake.also} - by_kind.keys()
        if any(kind not in PLACES for kind in by_kind):
            twins -= set(PLACES)
        mistakes = [Named(f.kind, f.mistake.says, sure, self._arithmetic(f, place)) for f in by_kind.values()]
        more = [Named(kind, words(kind), False) for kind in sorted(twins)]
        copied = [Named(s.kind, s.says, sure) for s in slips.values() if s.kind not in by_kind]
        return tuple(n._replace(evidence=evidence.get(n.kind, 0.0)) for n in (*mistakes, *more, *copied))

    def _off(self, fit: Fit) -> float:
        return off(fit, self.wrong, sorted(fit.explains))

    def _arithmetic(self, fit: Fit, place: Place) -> str:
        """The wrong arithmetic with its numbers, where it gives the number and none of them is an answer."""
        rule, answer = fit.mistake.rule, self.wrong[place]
        if not fit.mistake.local or not fit.tells(place):
            return ""
        if not all(self.may_show(element) for element in leaves(entry(rule, *place))):
            return ""
        decimals = 6 if answer.decimals is None else max(answer.decimals, 0)
        if abs(float(fit.predicted[place]) - (answer.number or 0.0)) > 0.5 * 10.0**-decimals * (1 + 1e-9):
            return ""
        return fit.mistake.arithmetic(*place, self.fitting.values(fit.choice), decimals)


def _plainest(explanations: Sequence[Explanation]) -> list[Explanation]:
    """Without the kinds that only tell where a number stands, where another leads to the same numbers; and without
    mistakes in what nobody wrote down, where one in the table itself explains all of it."""
    local = [e.fit for e in explanations if e.fit is not None and e.fit.mistake.local]
    methods = [fit for fit in local if fit.kind not in PLACES]
    slipless = [e.fit for e in explanations if e.fit is not None and e.fit.mistake.local and not e.slips]
    alone = [fit for fit in slipless if fit.explains and not fit.contradicts]

    def is_plain(fit: Fit) -> bool:
        if fit.mistake.local:
            return fit.kind not in PLACES or not _same(fit, methods)
        return not alone or (_same(fit, alone) and all(other.kind in PLACES for other in alone))

    return [e for e in explanations if e.fit is None or is_plain(e.fit)]


def _same(fit: Fit, others: Sequence[Fit]) -> bool:
    """Whether one of the others leads to the same numbers."""
    return any(np.allclose(fit.predicted, other.predicted, rtol=1e-9, atol=1e-12) for other in others)


def _kinds(explanation: Explanation) -> set[str]:
    """The kinds of mistakes and of slips that an explanation may tell of."""
    kinds = {s.kind for slips in explanation.slips.values() for s in plainest(slips)}
    if explanation.fit is not None:
        twins = explanation.fit.mistake.also
        kinds |= {explanation.fit.kind, *(k for k in twins if explanation.fit.kind in PLACES or k not in PLACES)}
    return kinds


def intervals(q: Quantity, own: OwnNumbers, decimals: int | None) -> dict[Place, Interval]:
    """Where each number of a quantity should lie, from the numbers as they were written, by any way of working."""
    rows, columns = q.shape
    intervals_of: dict[Place, Interval] = {}
    for place in ((i, j) for i in range(rows) for j in range(columns)):
        tree = tree_of(q, *place)
        intervals_of[place] = hull(own.reading(way, AS_WRITTEN).of(tree) for way in ways(decimals, cuts=own.may_cut))
    return intervals_of
