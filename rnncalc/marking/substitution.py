"""Rules with other terms in the place of some quantities: what most mistakes come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from rnncalc import language as operations
from rnncalc.language import Expression, Wrong, binary_cross_entropy, cross_entropy_of_scores, operands
from rnncalc.language.functions import ATOM, MATRIX
from rnncalc.language.operations import ALL, Faces, Operation
from rnncalc.language.trees import Array, Term
from rnncalc.network.quantity import Quantity


def substituted(term: Term, others: Mapping[str, Term]) -> Term:
    """A rule with other terms in the place of some quantities."""
    if isinstance(term, Quantity):
        return others.get(term.name, term)
    if isinstance(term, Expression):
        return term.operation(*(substituted(a, others) for a in term.arguments))
    return term


def replaced(term: Term, part: Expression, other: Term) -> Term:
    """A rule with another term in the place of one of its parts."""
    if term is part:
        return other
    if isinstance(term, Expression):
        return term.operation(*(replaced(a, part, other) for a in term.arguments))
    return term


def used_for(kind: str, other: Term, source: Quantity, rule: Expression, term: Term | None = None) -> Wrong:
    """Another term in the place of the quantity that belongs there."""
    says = f"{symbol_of(other)} was used instead of {source.symbol}"
    return Wrong(kind, says, substituted(rule, {source.name: term or other}))


def symbol_of(term: Term) -> str:
    """What a page shows for a term."""
    return operations.write(term, "text", lambda t: t.symbol if isinstance(t, Quantity) else "").within(MATRIX)


def is_bias(term: Term) -> bool:
    """Whether a term is one of the biases that are given."""
    return isinstance(term, Quantity) and term.rule is None and term.family.is_bias


def is_slope(term: Term) -> bool:
    """Whether a term is the slope of an activation."""
    return isinstance(term, Expression) and term.operation.name.endswith("_slope")


def is_activation(term: Term) -> bool:
    """Whether a term is the result of an activation."""
    return isinstance(term, Expression) and term.operation in operations.ACTIVATIONS.values()


def is_one_hot(column: Quantity) -> bool:
    """Whether a column is 1 in one row and 0 in the others."""
    return bool(np.isin(column.value, (0, 1)).all() and column.value.sum() == 1)


def quantities_of(term: Term) -> Iterator[Quantity]:
    """The quantities in a term."""
    if isinstance(term, Quantity):
        yield term
    elif isinstance(term, Expression):
        for argument in term.arguments:
            yield from quantities_of(argument)


def parts_of(term: Term) -> Iterator[Expression]:
    """The expressions in a term, itself included."""
    if isinstance(term, Expression):
        yield term
        for argument in term.arguments:
            yield from parts_of(argument)


def sources_of(q: Quantity, family: str) -> list[Quantity]:
    """Those of a family that a quantity is worked from."""
    return [s for s in q.sources if s.bare == family]


# ── a loss as it is worked on paper ───────────────────────────────────────────────────────────────────────────────────


def on_paper(rule: Expression) -> Expression:
    """A rule with the losses that are computed from the scores as a person works them, from the probabilities."""
    if operands(rule, cross_entropy_of_scores):
        return _cross_entropy_on_paper(*rule.arguments)
    if operands(rule, binary_cross_entropy):
        return _binary_on_paper(*rule.arguments)
    return rule.operation(*(on_paper(a) if isinstance(a, Expression) else a for a in rule.arguments))


def _logarithms(target: Array, p: Array) -> Array:
    """Σ target ⊙ ln p; what is not wanted may have probability 0, and nothing has a negative one."""
    wanted = target != 0
    logs = np.log(np.where(wanted, np.where(p.real < 0, np.nan, p), 1))
    total: Array = (target * logs).sum(axis=ALL, keepdims=True)
    return total


def _worked(operation: Operation) -> Operation:
    assert operation.on_paper is not None
    faces = Faces(*(face._replace(binds=ATOM) for face in operation.faces))
    return operation._replace(element=operation.on_paper, on_paper=None, gradient=None, faces=faces)


_cross_entropy_on_paper = _worked(cross_entropy_of_scores)._replace(
    numpy=lambda y, exp, p, target: -_logarithms(target, p)
)
_binary_on_paper = _worked(binary_cross_entropy)._replace(
    numpy=lambda y, p, target: -_logarithms(target, p) - _logarithms(1 - target, 1 - p)
)
