"""Whether a variant is fair: no known mistake hides behind rounding, and nothing saturates or vanishes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rnncalc.classroom.assignment import Assignment
from rnncalc.errors import RnncalcError
from rnncalc.language import most_likely, operands
from rnncalc.language.functions import FUNCTIONS
from rnncalc.language.trees import Array
from rnncalc.marking.blanks import Blanks
from rnncalc.marking.mistake_groups import is_common
from rnncalc.marking.mistakes import mistakes_of
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity

MOST_DRAWS = 60
"""So many draws are tried before a student is told to be without a fair one."""


class Variant(NamedTuple):
    """A student's problem, what it asks for, and how many draws it took."""

    problem: Problem
    blanks: Blanks
    draws: int


def fair_variant(assignment: Assignment, student_id: str) -> Variant:
    """The first of a student's draws that is fair.

    Raises RnncalcError, with what is wrong with the last one, where there is none.
    """
    fault = ""
    for draw in range(1 if assignment.is_fixed else MOST_DRAWS):
        problem = assignment.problem_of(student_id, draw)
        blanks = assignment.blanks_of(problem)
        judged = blanks._replace(names=blanks.names - assignment.may_be_missing(blanks))
        fault = next(faults(judged, assignment.decimals), "")
        if not fault or assignment.is_fixed:
            return Variant(problem, blanks, draw + 1)
    raise RnncalcError(
        f"None of {MOST_DRAWS} sets of random weights is fair. The last one: {fault} Use more decimals, a shorter "
        "text or fewer questions."
    )


def faults(blanks: Blanks, decimals: int) -> Iterator[str]:
    """What is unfair about a variant, a sentence each.

    Mistakes that lead to one and the same number on every network of the kind are no fault of the draw.
    """
    for q in blanks.trace.values():
        if q.rule is None and q.family.is_bias and not q.value.all():
            yield f"{q.name} has a 0, so leaving it out would not show."
        if q.name in blanks.names:
            yield from _too_small(q, decimals)
            yield from _saturated(q, blanks, decimals)
            yield from _open(q, decimals)
            yield from _alike(q, blanks, decimals)


def _too_small(q: Quantity, decimals: int) -> Iterator[str]:
    if q.value.any() and not np.round(q.value, decimals).any():
        yield f"{q.name} is all 0 when rounded to {decimals} decimals."


def _saturated(q: Quantity, blanks: Blanks, decimals: int) -> Iterator[str]:
    shown = np.abs(np.round(q.value, decimals))
    activation = _activation(q, blanks)
    if activation and FUNCTIONS[activation].bounded and (shown == 1).any():
        yield f"{q.name} saturates: it shows as 1."
    if q.bare == "p" and q.value.size > 1 and ((shown == 0) | (shown == 1)).any():
        yield f"{q.name} saturates: a probability shows as 0 or 1."
    if activation and FUNCTIONS[activation].can_die and not q.value.any():
        yield f"{q.name} is dead: all its units are 0."


def _open(q: Quantity, decimals: int) -> Iterator[str]:
    """A choice of the largest between two that show the same digits."""
    for p in operands(q.rule, most_likely) if q.rule is not None else ():
        shown = np.sort(np.round(p.value, decimals).ravel())
        if shown.size > 1 and shown[-1] - shown[-2] < 1.5 * 10.0**-decimals:
            yield f"{q.name} depends on the last digit: the two largest values to choose from are almost equal."


def _activation(q: Quantity, blanks: Blanks) -> str:
    """The activation that a quantity is the result of, nothing where it is of none."""
    structure = blanks.trace.problem.structure
    layers = structure.layers if q.bare == "h" else structure.head if q.bare == "v" else ()
    return next((layer.activation for layer in layers if layer.mark == q.layer), "")


def _alike(q: Quantity, blanks: Blanks, decimals: int) -> Iterator[str]:
    """Two common kinds of mistakes, or one and the right way, that show the same digits though they differ."""

    def shown(value: Array) -> bytes:
        return (np.round(value.astype(float), decimals) + 0.0).tobytes()

    seen: dict[bytes, list[tuple[str, Array]]] = defaultdict(list)
    seen[shown(q.value)].append(("the right method", q.value))
    with np.errstate(all="ignore"):
        for mistake in mistakes_of(q, blanks.trace):
            if not is_common(mistake.kind):
                continue
            value = mistake.value({})
            same = seen[shown(value)]
            for kind, other in same:
                if kind != mistake.kind and not np.allclose(value, other, rtol=1e-9, atol=1e-12, equal_nan=True):
                    yield f"{q.name} shows the same digits for {kind} and {mistake.kind}."
            same.append((mistake.kind, value))
