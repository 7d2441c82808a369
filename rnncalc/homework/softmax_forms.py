"""The forms of softmax that are right alike: a factor common to all exp falls out of p = exp / Σ exp."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from rnncalc.homework.answers import Answer
from rnncalc.homework.carried import Choice, OwnNumbers, Place, tree_of
from rnncalc.operations import exp, largest, operands, subtract
from rnncalc.scalars import Term
from rnncalc.trace import Quantity
from rnncalc.working import Interval, Way

_DIGITS = 20
"""The largest number has at least so many units of its last decimal, so that the factor is known."""
_CLOSE = 0.2


def scores_of(q: Quantity) -> Quantity | None:
    """The scores that a softmax raises e to, whether or not the largest is taken away first; None for all else."""
    for a in operands(q.rule, exp) if q.rule is not None else ():
        difference = operands(a, subtract)
        scores: Term = difference[0] if difference and operands(difference[1], largest) else a
        return scores if isinstance(scores, Quantity) else None
    return None


def common_factor(q: Quantity, own: OwnNumbers, choice: Choice, answers: Mapping[Place, Answer]) -> str:
    """What is to be said where all numbers of a softmax's exp are right but for one common factor; else nothing."""
    scores = scores_of(q)
    if scores is None or any(a.number is None for a in answers.values()):
        return ""
    decimals = max((a.decimals for a in answers.values() if a.decimals is not None), default=None)
    reading = own.reading(Way(decimals, remembers=True), choice)
    numbers = {place: reading.of(tree_of(q, *place)) for place in answers}
    y = [float(own.values.get(scores.name, scores.value)[i, 0]) for i in range(scores.shape[0])]
    shifted = any(True for _ in _differences(q))
    for other, says in ((max(y), _LARGEST), (min(y), _SMALLEST)):
        away = math.exp(max(-700.0, min(700.0, (max(y) if shifted else 0.0) - other)))
        if all(_accepted(a, numbers[p], Interval(away, away)) for p, a in answers.items()):
            return says
    if shifted:
        plain = math.exp(max(-700.0, min(700.0, max(y))))
        if all(_accepted(a, numbers[p], Interval(plain, plain)) for p, a in answers.items()):
            return _PLAIN
    return _ANY if len(answers) == q.value.size > 1 and _is_common(answers, numbers, decimals) else ""


_LARGEST = "the largest score was taken away first; p comes out the same"
_SMALLEST = "the smallest score was taken away first; p comes out the same"
_PLAIN = "exp of the scores as they are; p comes out the same"
_ANY = "all have one factor in common, which falls out of p"


def _differences(q: Quantity) -> Iterator[Term]:
    for a in operands(q.rule, exp) if q.rule is not None else ():
        yield from (part for part in operands(a, subtract) if operands(part, largest))


def _accepted(answer: Answer, found: Interval, factor: Interval) -> bool:
    assert answer.number is not None
    half = 1.1 * answer.half_unit + 1e-12 * max(1.0, abs(answer.number))
    # the scores have digits that were not written, which move the factor as well
    reach = 2 * found.reach * factor.high
    return found.low * factor.low - half - reach <= answer.number <= found.high * factor.high + half + reach


def _is_common(answers: Mapping[Place, Answer], numbers: Mapping[Place, Interval], decimals: int | None) -> bool:
    low, high = 0.0, math.inf
    for place, answer in answers.items():
        assert answer.number is not None
        found, half = numbers[place], 1.1 * answer.half_unit + 1e-12 * abs(answer.number)
        if found.low <= 0 or answer.number < 0:
            return False
        low, high = max(low, (answer.number - half) / found.high), min(high, (answer.number + half) / found.low)
    biggest = max(a.number or 0.0 for a in answers.values())
    unit = 0.0 if decimals is None else 10.0**-decimals
    return low <= high and low > 0 and biggest >= _DIGITS * unit and high - low <= _CLOSE * high
