"""How large the weights of a gate may be so that its formula can be short: 1/(1+EXP(-a)) needs a to stay below 709.

A gate's sum is made of one weight for a one-hot letter, one for each unit of memory, and a bias. Where all that they
are multiplied with is bounded, and the cells take no larger weight, the sum is bounded too. Else the formula is longer,
and safe: 1/(1+EXP(MIN(0-a,700))).
"""

from __future__ import annotations

import numpy as np

from rnncalc.language.functions import FUNCTIONS
from rnncalc.network.cells import cell
from rnncalc.network.problem import Problem
from rnncalc.workbook.areas import Area
from rnncalc.workbook.write.allowed import Limits, allow
from rnncalc.workbook.write.sheet import Sheet

_LARGEST_SUM = 700
LARGEST_STATE = 10.0
"""The largest entry of an initial state that the cells of such a layer take."""


def gate_limits(problem: Problem) -> dict[tuple[str, str], float]:
    """For each gate, by layer and letter, the largest weight that keeps its sum small; others are left out."""
    found: dict[tuple[str, str], float] = {}
    for number, layer in enumerate(problem.layers):
        below = problem.layers[number - 1] if number else None
        if not (FUNCTIONS[layer.activation].bounded and (below is None or FUNCTIONS[below.activation].bounded)):
            continue
        if below is None and (problem.structure.embedding or not problem.vocabulary):
            continue  # what it reads may be of any size
        if any(np.abs(problem.states[state]).max() > LARGEST_STATE for state in _states(problem, layer.mark)):
            continue
        terms = (below.hidden if below else 1) + LARGEST_STATE * layer.hidden + 1
        limit = float(int(_LARGEST_SUM / terms))
        for gate in dict.fromkeys(family.gate for family in cell(layer.cell).families if family.gate):
            own = [f.name for f in cell(layer.cell).weights if f.gate == gate]
            weights = [problem.weights[layer.name(name)] for name in own if layer.name(name) in problem.weights]
            if all(np.abs(weight).max() <= limit for weight in weights):
                found[layer.mark, gate] = limit
    return found


def limit_numbers(sheet: Sheet, area: Area, largest: float) -> None:
    """Let cells take numbers from minus the largest to the largest."""
    allow(sheet, area, Limits(-largest, largest, "decimal", "Too large", "with larger ones EXP may overflow"))


def _states(problem: Problem, mark: str) -> list[str]:
    return [f"{state}_0" for layer in problem.layers if layer.mark == mark for state in layer.states]
