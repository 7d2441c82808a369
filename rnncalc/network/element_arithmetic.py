"""The arithmetic of one element, by every way that a person may take."""

from __future__ import annotations

from rnncalc.language import cross_entropy, entry, exp, largest, operands, subtract
from rnncalc.language.operations import dot, entries
from rnncalc.language.trees import Scalar, Term, call
from rnncalc.network.quantity import Quantity


def tree_of(q: Quantity, row: int, column: int) -> Scalar:
    """The arithmetic of one element as a person works it."""
    return trees_of(q, row, column)[-1]


def trees_of(q: Quantity, row: int, column: int) -> list[Scalar]:
    """The ways to work one element: those that a person may take, and last the one that pages show."""
    assert q.rule is not None
    trees = [entry(q.rule, row, column)]
    if q.rule.operation.on_paper is not None:
        trees.append(q.rule.operation.on_paper(row, column, *q.rule.arguments))
    for y, _, target in [operands(q.rule, cross_entropy)] if operands(q.rule, cross_entropy) else ():
        trees.insert(0, _from_scores(y, target))
    return trees


def _from_scores(y: Term, target: Term) -> Scalar:
    """The loss without the probabilities: ln Σ exp(y) − y of the letter wanted."""
    scores = entries(y)
    logarithm = call("ln", call("sum", *(call("exp", score) for score in scores)))
    return call("minus", logarithm, dot(entries(target), scores))


def scores_of(q: Quantity) -> Quantity | None:
    """The scores that a softmax raises e to, whether or not the largest is taken away first; None for all else."""
    for a in operands(q.rule, exp) if q.rule is not None else ():
        difference = operands(a, subtract)
        scores: Term = difference[0] if difference and operands(difference[1], largest) else a
        return scores if isinstance(scores, Quantity) else None
    return None


def is_shifted(q: Quantity) -> bool:
    """Whether the largest score is taken away before exp."""
    return any(
        operands(part, largest)
        for a in (operands(q.rule, exp) if q.rule is not None else ())
        for part in operands(a, subtract)
    )


def other_exp(q: Quantity, row: int) -> Scalar | None:
    """exp of a score in the form of softmax that the problem does not have; None for all other quantities."""
    scores = scores_of(q)
    if scores is None:
        return None
    score = entry(scores, row, 0)
    return call("exp", score if is_shifted(q) else call("minus", score, call("largest", *entries(scores))))
