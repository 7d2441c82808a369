"""A rule worked again with other numbers in: a person's own, or the true ones moved a little."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnncalc.language import Expression
from rnncalc.language.functions import evaluate
from rnncalc.language.trees import Array, Entry, Term, entry_value
from rnncalc.network.quantity import Quantity

_STEP = 1e-6
"""The relative step of a difference quotient."""
_SMALLEST = 1e-290


Values = Mapping[str, Array]
"""A person's own numbers, by name, in the place of the true ones."""


def replay(term: Term, values: Mapping[str, Array]) -> Array:
    """The value of a term where some quantities have the values given here by name."""
    return _replayed(term, values, {}) if values else term.value


def _replayed(term: Term, values: Mapping[str, Array], known: dict[int, Array]) -> Array:
    """The same; ``known`` are the expressions that are worked already, as one may stand in a term several times."""
    if isinstance(term, Quantity):
        return values.get(term.name, term.value)
    if not isinstance(term, Expression):
        return term.value
    if id(term) not in known:
        known[id(term)] = term.operation.numpy(*[_replayed(a, values, known) for a in term.arguments])
    return known[id(term)]


def replay_on_paper(rule: Expression, shape: tuple[int, int], values: Mapping[str, Array]) -> Array | None:
    """The same by the way that a person works it, where that is another; NaN where it leads nowhere."""
    by_hand = rule.operation.on_paper
    if by_hand is None:
        return None

    def value_of(element: Entry) -> float:
        own = values.get(element.of.name) if isinstance(element.of, Quantity) else None
        return entry_value(element) if own is None else float(own[element.row, element.column])

    result = np.full(shape, np.nan)
    for row, column in np.ndindex(*shape):
        try:
            result[row, column] = evaluate(by_hand(row, column, *rule.arguments), value_of)
        except (ArithmeticError, ValueError):
            continue
    return result


def sensitivity(term: Term, name: str, values: Mapping[str, Array]) -> Array:
    """|∂(term)/∂(one quantity)| by complex step: a row per element of the term, a column per element of the quantity.

    Elements count row by row.
    """
    start = values[name]
    unmoved = replay(term, {**values, name: start.astype(complex)})
    stack = np.repeat(start[None].astype(complex), start.size, axis=0)
    stack.reshape(start.size, -1)[np.arange(start.size), np.arange(start.size)] += 1e-30j
    moved = replay(term, {**values, name: stack})
    if not np.iscomplexobj(moved):
        return np.zeros((moved.shape[-2] * moved.shape[-1], start.size))  # a step, such as relu's slope
    # the logarithm of a negative number has an imaginary part that is no slope
    slopes: Array = np.abs((moved.imag - unmoved.imag) / 1e-30).reshape(start.size, -1).T
    return slopes


def paper_sensitivity(rule: Expression, source: Quantity, values: Mapping[str, Array] | None = None) -> Array | None:
    """The same of the way on paper, by difference quotients, as plain logarithms take no complex numbers."""
    values = values or {}
    at = replay_on_paper(rule, rule.value.shape, values)
    if at is None:
        return None
    start = values.get(source.name, source.value)
    slopes = np.zeros((at.size, start.size))
    for i, value in enumerate(start.ravel().tolist()):
        step = _STEP * (abs(value) if abs(value) > _SMALLEST else 1.0)
        moved = start.copy()
        moved.flat[i] += step
        there = replay_on_paper(rule, rule.value.shape, {**values, source.name: moved})
        assert there is not None
        slopes[:, i] = np.abs(there - at).ravel() / step
    return np.nan_to_num(slopes, nan=0.0, posinf=0.0)
