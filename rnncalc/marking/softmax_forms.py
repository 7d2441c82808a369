"""The forms of softmax that are right alike: a factor common to all exp falls out of p = exp / Σ exp."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rnncalc.language.interval import Interval
from rnncalc.marking.answers import Answer, Place
from rnncalc.marking.carried import Choice, OwnNumbers
from rnncalc.marking.working import Way
from rnncalc.network.element_arithmetic import is_shifted, scores_of, tree_of
from rnncalc.network.quantity import Quantity

_DIGITS = 20
"""The largest number has at least so many units of its last decimal, so that the factor is known."""
_CLOSE = 0.2
_FEW = 3
_NEAR_ONE = 0.1
"""Nobody takes so small a factor out; such numbers are other scores'."""


class Form(NamedTuple):
    """Another form of exp that was used: the factor that all of its numbers have in common, those that have it, and
    what is to be said."""

    factor: float
    places: frozenset[Place]
    says: str

    @property
    def is_other(self) -> bool:
        """Whether it is the form that problems have: plain, or with the largest taken away."""
        return self.says in (_LARGEST, _PLAIN)


def other_form(q: Quantity, own: OwnNumbers, choice: Choice, answers: Mapping[Place, Answer]) -> Form | None:
    """The form in which a softmax's exp was worked, where it is another than the problem's and most numbers have it."""
    scores = scores_of(q)
    answers = {place: a for place, a in answers.items() if a.number is not None}
    if scores is None or not answers:
        return None
    decimals = max((a.decimals for a in answers.values() if a.decimals is not None), default=None)
    reading = own.reading(Way(decimals, remembers=True), choice)
    numbers = {place: reading.of(tree_of(q, *place)) for place in answers}
    written = own.values.get(scores.name, scores.value)
    meant = {e[1]: interval.middle for e, interval in choice.meant.items() if e[0] == scores.name}
    y = [meant.get(i, float(written[i, 0])) for i in range(scores.shape[0])]
    here = max(y) if is_shifted(q) else 0.0
    forms = [(max(y), _LARGEST), (min(y), _SMALLEST), (0.0, _PLAIN)]
    for there, says in forms:
        factor = math.exp(max(-700.0, min(700.0, here - there)))
        places = frozenset(p for p, a in answers.items() if _has_factor(a, numbers[p], factor))
        if there != here and 2 * len(places) > len(answers):
            return Form(factor, places, says)
    if len(answers) == q.value.size > 1:
        for places in _nearly_all(answers):
            common = _common_factor({p: answers[p] for p in places}, numbers, decimals)
            if common is not None:
                return Form(common, places, _ANY)
    return None


def _nearly_all(answers: Mapping[Place, Answer]) -> Iterator[frozenset[Place]]:
    """All numbers, then all but one: two are not enough to tell that a third is a slip."""
    yield frozenset(answers)
    if len(answers) > _FEW:
        yield from (frozenset(answers) - {place} for place in answers)


_LARGEST = "the largest score was subtracted first, which does not change p"
_SMALLEST = "the smallest score was subtracted first, which does not change p"
_PLAIN = "exp was taken of the scores as they are, which does not change p"
_ANY = "all have the same factor, which cancels out in p"


def _has_factor(answer: Answer, interval: Interval, factor: float) -> bool:
    assert answer.number is not None
    half = 1.1 * answer.half_unit + 1e-12 * max(1.0, abs(answer.number))
    # the scores have digits that were not written, which move the factor as well
    reach = 2 * interval.reach * factor
    return interval.low * factor - half - reach <= answer.number <= interval.high * factor + half + reach


def _common_factor(
    answers: Mapping[Place, Answer], numbers: Mapping[Place, Interval], decimals: int | None
) -> float | None:
    """The factor that all numbers have in common, where they are exact enough to tell."""
    low, high = 0.0, math.inf
    for place, answer in answers.items():
        assert answer.number is not None
        interval, half = numbers[place], 1.1 * answer.half_unit + 1e-12 * abs(answer.number)
        if interval.low <= 0 or answer.number < 0:
            return None
        low, high = max(low, (answer.number - half) / interval.high), min(high, (answer.number + half) / interval.low)
    biggest = max(a.number or 0.0 for a in answers.values())
    unit = 0.0 if decimals is None else 10.0**-decimals
    is_factor = 0 < low <= high and biggest >= _DIGITS * unit and high - low <= _CLOSE * high
    is_factor = is_factor and abs((low + high) / 2 - 1) > _NEAR_ONE
    return (low + high) / 2 if is_factor else None
