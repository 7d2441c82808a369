"""Units under relu that put out 0 whatever is read: their gradient is 0 too, so that they never learn again."""

from __future__ import annotations

import numpy as np

from rnncalc.engine.traced import steady
from rnncalc.errors import ArithmeticOverflow
from rnncalc.language.trees import Array
from rnncalc.network.forward_pass import forward
from rnncalc.network.problem import Problem
from rnncalc.text.trainer import reads_its_own

MOST = 1000
"""So many tokens of a long text are read to find out."""


def dead_units(problem: Problem, tokens: Array) -> list[str]:
    """The names of such units, as h[3] or v_D1[2], over the beginning of a text; counted from 1."""
    layers = [layer.states[0] for layer in problem.layers if layer.activation == "relu" and layer.cell == "rnn"]
    layers += [dense.name("v") for dense in problem.structure.head if dense.activation == "relu"]
    if not layers:
        return []
    if not reads_its_own(problem):
        read = tuple(problem.vocabulary[int(token)] for token in tokens[:MOST])
        problem = problem.replace(inputs=read, targets=(None,) * len(read), text="")
    try:
        trace = forward(steady(problem))
    except ArithmeticOverflow:
        return []
    found = []
    for name in layers:
        values = [trace[f"{name}_{t}"].value for t in range(1, problem.steps + 1) if f"{name}_{t}" in trace]
        silent = (np.concatenate(values, axis=1) == 0).all(axis=1)
        found += [f"{name}[{unit}]" for unit in np.flatnonzero(silent) + 1]
    return found
