"""A word learnt by any network: several layers, an embedding table, a head, classes. Its gradients are the trace's."""

from __future__ import annotations

import math

import numpy as np

from rnncalc.engine.kernels import ACTIVATIONS as KERNELS
from rnncalc.errors import ArithmeticOverflow
from rnncalc.language.trees import Array
from rnncalc.network.backward_pass import backward
from rnncalc.network.problem import Problem


class TracedParameters:
    """The weights of a problem one after the other in one vector, and their gradients in another."""

    def __init__(self, problem: Problem, dtype: type[np.floating] = np.float64) -> None:
        self.shapes = {name: weight.shape for name, weight in problem.weights.items()}
        self.values = np.concatenate([weight.ravel() for weight in problem.weights.values()]).astype(dtype)
        self.slopes = np.zeros_like(self.values)

    def weights(self) -> dict[str, Array]:
        """Copies of the weights in float64, by the names and in the shapes of the problem."""
        ends = np.cumsum([rows * columns for rows, columns in self.shapes.values()])
        parts = np.split(self.values.astype(np.float64), ends[:-1])
        return {name: part.reshape(shape) for (name, shape), part in zip(self.shapes.items(), parts, strict=True)}


def steady(problem: Problem) -> Problem:
    """The problem with the softmax that no score is too large for, so that no training ends at one: the same loss."""
    return problem.replace(softmax="shifted") if problem.softmax else problem


class TracedWindow:
    """All steps of a problem at once, its own inputs and targets, from its own initial states."""

    def __init__(self, problem: Problem, parameters: TracedParameters) -> None:
        self.problem, self.parameters = steady(problem), parameters
        self.answers = sum(target is not None for target in problem.targets)
        self.per_answer = 1 if problem.loss_reduction == "mean" else 1 / self.answers
        """What makes of the loss that of one answer."""

    def gradients(self, _tokens: Array, _targets: Array, _states: dict[str, Array]) -> float:
        """The loss, and the gradients into the parameters' slopes, as :func:`rnncalc.backward` has them."""
        try:
            trace = backward(self.problem.replace(weights=self.parameters.weights()))
        except ArithmeticOverflow:
            return math.nan  # the trainer says what diverged
        gradients = [trace[f"d{name}"].value.ravel() for name in self.problem.weights]
        self.parameters.slopes[...] = np.concatenate(gradients)
        return float(trace["loss"].value[0, 0])


def is_built_up(problem: Problem) -> bool:
    """Whether there is more between the tokens and their scores than one recurrent layer."""
    return bool(len(problem.layers) > 1 or problem.structure.embedding or problem.head)


def needs_trace(problem: Problem) -> bool:
    """Whether a network has no fast path, which is for one recurrent layer between the tokens and their scores,
    cross-entropy, a loss at every step or at the last, and an activation that has a kernel."""
    return bool(
        is_built_up(problem)
        or problem.activation not in KERNELS
        or not problem.predicts_tokens
        or problem.loss != "cross-entropy"
        or problem.generated
        or problem.target_mode == "some"
    )
