"""How far rounding in the last digit moves the numbers of a trace: nothing to speak of, but for chaotic networks."""

from __future__ import annotations

import numpy as np

from rnncalc.errors import ArithmeticOverflow
from rnncalc.language.trees import Array
from rnncalc.network.backward_pass import reverse
from rnncalc.network.forward_pass import forward
from rnncalc.network.problem import Problem
from rnncalc.network.trace import Trace
from rnncalc.network.update_step import update

_LAST_DIGIT = 2.0**-52
_SAMPLES = 3


def moved_by_rounding(trace: Trace) -> dict[str, float]:
    """The largest movement of each quantity when every given weight moves by its last binary digit, up or down.

    Each number w becomes w · (1 ± 2⁻⁵²), the signs drawn from a fixed seed; the largest of a few such runs counts.
    Another order of the same additions moves a number by about as much. A run that overflows counts for nothing.
    """
    moved = dict.fromkeys(trace, 0.0)
    for sample in range(_SAMPLES):
        try:
            again = _again(trace, shaken(trace.problem, sample))
        except ArithmeticOverflow:
            continue
        for q in trace.values():
            moved[q.name] = max(moved[q.name], float(np.abs(again[q.name].value - q.value).max()))
    return moved


def shaken(problem: Problem, sample: int = 0) -> Problem:
    """The problem with the last binary digit of every number moved, up or down as the sample's seed draws it."""
    signs = np.random.default_rng(sample)

    def shake(array: Array) -> Array:
        moved: Array = array * (1 + _LAST_DIGIT * signs.choice([-1.0, 1.0], size=array.shape))
        return moved

    return problem.with_arrays({name: shake(array) for name, array in problem.arrays().items()})


def _again(trace: Trace, problem: Problem) -> Trace:
    """The same computation, as far as the trace goes, for another problem."""
    again = forward(problem)
    stages = {q.stage for q in trace.values()}
    if "backward" in stages:
        again = reverse(again, truncate=trace.truncate)
    if "update" in stages:
        rates = {name: float(trace[name].value[0, 0]) for name in ("eta", "clip", "clip_norm") if name in trace}
        again = update(again, rates["eta"], clip=rates.get("clip"), clip_norm=rates.get("clip_norm"))
    return again
