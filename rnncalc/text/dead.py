"""Units that output 0 for every input, under an activation such as relu: their gradient is 0 too, so that they never
learn again."""

from __future__ import annotations

import numpy as np

from rnncalc.engine.traced import steady
from rnncalc.errors import ArithmeticOverflow
from rnncalc.language import ACTIVATIONS
from rnncalc.language.functions import FUNCTIONS
from rnncalc.language.trees import Array
from rnncalc.network.forward_pass import forward
from rnncalc.network.problem import Problem
from rnncalc.text.trainer import reads_its_own

MOST = 1000
"""So many tokens of a long text are read to find out."""


def dead_units(problem: Problem, tokens: Array) -> dict[str, list[str]]:
    """The names of such units, as h[3] or v_D1[2], over the beginning of a text, by their activations; counted from
    1."""
    layers = {layer.states[0]: layer.activation for layer in problem.layers}
    layers |= {dense.name("v"): dense.activation for dense in problem.structure.head}
    if not any(FUNCTIONS[activation].can_die for activation in layers.values()):
        return {}
    if not reads_its_own(problem):
        read = tuple(problem.vocabulary[int(token)] for token in tokens[:MOST])
        problem = problem.replace(inputs=read, targets=(None,) * len(read), text="")
    try:
        trace = forward(steady(problem))
    except ArithmeticOverflow:
        return {}
    dead: dict[str, list[str]] = {}
    for name, activation in layers.items():
        steps = [trace[f"{name}_{t}"] for t in range(1, problem.steps + 1) if f"{name}_{t}" in trace]
        rule = steps[0].rule
        # of a cell with gates the state is not what the activation gives
        if FUNCTIONS[activation].can_die and rule is not None and rule.operation is ACTIVATIONS[activation]:
            silent = (np.concatenate([q.value for q in steps], axis=1) == 0).all(axis=1)
            dead.setdefault(activation, []).extend(f"{name}[{unit}]" for unit in np.flatnonzero(silent) + 1)
    return dead
