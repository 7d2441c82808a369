"""Training by the trace itself: of networks that have no kernels, and of what is no text to be predicted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from rnncalc.errors import ArithmeticOverflow
from rnncalc.language.trees import Array
from rnncalc.network.backward_pass import backward
from rnncalc.network.forward_pass import forward
from rnncalc.network.problem import Problem
from rnncalc.network.trace import Trace


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


class OwnProblem:
    """All steps of a problem at once, its own inputs and targets, from its own initial states: for every network."""

    def __init__(self, problem: Problem, parameters: TracedParameters) -> None:
        self.problem, self.parameters = steady(problem), parameters
        self.answers = sum(target is not None for target in problem.targets)
        self.per_answer = 1 if problem.loss_reduction == "mean" else 1 / self.answers
        """What makes of the loss that of one answer."""

    def gradients(self, tokens: Array, targets: Array, states: dict[str, Array]) -> float:
        """The loss, and the gradients into the parameters' slopes, as :func:`rnncalc.backward` has them."""
        loss, traces = self.traces(backward, tokens, targets, states)
        if traces:
            names = [f"d{name}" for name in self.parameters.shapes]
            gradients = [np.concatenate([trace[name].value.ravel() for name in names]) for trace in traces]
            self.parameters.slopes[...] = sum(gradients) / len(gradients)
        return loss

    def traces(
        self, run: Callable[[Problem], Trace], tokens: Array, targets: Array, states: dict[str, Array]
    ) -> tuple[float, list[Trace]]:
        """The mean loss of all traces, and these; the loss is no number, and there is none, where one overflows."""
        try:
            traces = [run(problem) for problem in self.problems(tokens, targets, states)]
        except ArithmeticOverflow:
            return math.nan, []  # the trainer says what diverged
        return sum(float(trace["loss"].value[0, 0]) for trace in traces) / len(traces), traces

    def problems(self, _tokens: Array, _targets: Array, _states: dict[str, Array]) -> Iterator[Problem]:
        """What is traced, with the weights as they are now."""
        yield self.problem.replace(weights=self.parameters.weights())


class TracedWindow(OwnProblem):
    """A window of a text, as :class:`rnncalc.engine.window.Window` reads it, by a trace of each stream: for every
    network that predicts the next token."""

    def __init__(
        self, problem: Problem, parameters: TracedParameters, steps: int, streams: int, *, last: bool, mean: bool
    ) -> None:
        super().__init__(problem, parameters)
        self.asked = range(steps if last else 1, steps + 1)
        """The steps that have a loss."""
        self.answers, self.per_answer = len(self.asked) * streams, 1 if mean else 1 / len(self.asked)
        self.y: Array = np.zeros((self.answers, len(problem.vocabulary)))

    def problems(self, tokens: Array, targets: Array, states: dict[str, Array]) -> Iterator[Problem]:
        names, weights = self.problem.vocabulary, self.parameters.weights()
        for k, (read, wanted) in enumerate(zip(tokens.T, targets.T, strict=True)):
            here = self.problem.replace(
                inputs=tuple(names[token] for token in read),
                targets=tuple(names[token] if t in self.asked else None for t, token in enumerate(wanted, 1)),
                text="",
            )
            first = {f"{name}_0": state[k : k + 1].T.astype(np.float64) for name, state in states.items()}
            yield here.with_arrays(weights | first)

    def traces(
        self, run: Callable[[Problem], Trace], tokens: Array, targets: Array, states: dict[str, Array]
    ) -> tuple[float, list[Trace]]:
        """The same; ``states`` (streams × units) become the last."""
        loss, traces = super().traces(run, tokens, targets, states)
        for name, state in states.items() if traces else ():
            last = np.hstack([trace[f"{name}_{len(tokens)}"].value for trace in traces]).T
            states[name] = last.astype(state.dtype)
        return loss, traces

    def forward(self, tokens: Array, targets: Array, states: dict[str, Array]) -> float:
        """The loss; the scores of every answer stand in ``y``."""
        loss, traces = self.traces(forward, tokens, targets, states)
        scores = [trace[f"y_{t}"].value[:, 0] for t in self.asked for trace in traces]
        self.y[...] = scores or math.nan
        return loss
