"""A rule worked again with other numbers in: a person's own, or the true ones moved a little."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnncalc.operations import Expression
from rnncalc.scalars import Array, Term
from rnncalc.trace import Quantity


def replay(term: Term, values: Mapping[str, Array]) -> Array:
    """The value of a term where some quantities have the values given here by name."""
    if isinstance(term, Quantity):
        return values.get(term.name, term.value)
    if isinstance(term, Expression):
        result: Array = term.operation.numpy(*[replay(a, values) for a in term.arguments])
        return result
    return term.value


def sensitivity(term: Term, name: str, values: Mapping[str, Array]) -> Array:
    """|∂(term)/∂(one quantity)| by complex step: a row per element of the term, a column per element of the quantity.

    Elements count row by row.
    """
    start = values[name]
    stack = np.repeat(start[None].astype(complex), start.size, axis=0)
    stack.reshape(start.size, -1)[np.arange(start.size), np.arange(start.size)] += 1e-30j
    moved = replay(term, {**values, name: stack})
    if not np.iscomplexobj(moved):
        return np.zeros((moved.shape[-2] * moved.shape[-1], start.size))  # a step, such as relu's slope
    return np.abs(moved.imag / 1e-30).reshape(start.size, -1).T
