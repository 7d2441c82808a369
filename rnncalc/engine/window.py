"""A window of a text: its loss and every gradient, by backpropagation through its steps."""

from __future__ import annotations

import numpy as np
from numpy import add, exp, log, multiply, subtract

from rnncalc.engine.layers import network_of
from rnncalc.engine.memory import zeros
from rnncalc.engine.parameters import Parameters
from rnncalc.language.trees import Array
from rnncalc.network.problem import Problem

SAFE = 80
"""Where the logarithm of a sum of exponentials is within this, they are normal numbers, in float32 too."""


class Window:
    """The buffers for a window of so many steps of so many streams, and what is computed in them.

    y_t = Why · h_t + by, where h_t is what the layers make of the tokens; softmax and cross-entropy at every step, or
    (``last``) at the last step only. The loss of a stream is that of its trace, a sum over the steps or (``mean``)
    their mean; that of the window is the mean over its streams, so that a rate suits any number of them.
    """

    def __init__(
        self, problem: Problem, parameters: Parameters, steps: int, streams: int, *, last: bool, mean: bool
    ) -> None:
        self.cell = network_of(problem, parameters, steps, streams)
        self.why, self.why_slope = parameters.block["Why"], parameters.slope["Why"]
        self.by, self.by_slope = parameters.block.get("by"), parameters.slope.get("by")
        self.last = last
        hidden, outputs = self.why.shape
        answers = 1 if last else steps
        self.h = self.cell.h[-answers:].reshape(-1, hidden)
        dtype, rows = parameters.dtype, answers * streams
        self.y, self.total = zeros((rows, outputs), dtype), zeros(rows, dtype)
        self.one_each, self.ones = np.ones(outputs, dtype), np.ones(rows, dtype)
        self.carried = [(name, self.cell.state(name)[0], self.cell.state(name)[-1]) for name in self.cell.states]
        self.scores, self.rows = self.y.reshape(-1), np.arange(answers * streams) * outputs
        self.wanted: Array = self.rows
        self.share = 1 / (streams * (answers if mean else 1))
        self.steps, self.answers = steps, answers * streams
        self.per_answer = 1 if mean else 1 / answers
        """What makes of the loss that of one answer."""
        self.scale = np.full((), self.share, dtype)

    def forward(self, tokens: Array, targets: Array, states: dict[str, Array]) -> float:
        """The loss. ``tokens`` and ``targets`` are steps × streams; ``states`` (streams × units) become the last,
        which stand in this window."""
        for name, first, _ in self.carried:
            first[...] = states[name]
        self.cell.forward(tokens)
        for name, _, last in self.carried:
            states[name] = last
        self.wanted = self.rows + (targets[-1] if self.last else targets).ravel()
        score = self._scores()
        logs = log(self._exponentials())
        if not logs.dot(logs) <= SAFE**2 and not np.abs(logs).max() <= SAFE:  # the first is quick, and enough for a few
            # Without the largest score of each row, which the quotients do not need.
            self._scores()
            subtract(self.y, self.y.max(axis=1, keepdims=True), self.y)
            score = self.scores[self.wanted]
            logs = log(self._exponentials())
        return float(self.ones.dot(logs) - self.ones.dot(score)) * self.share

    def _scores(self) -> Array:
        """y of every answer; gives the scores of the tokens that are wanted."""
        self.h.dot(self.why, self.y)
        if self.by is not None:
            add(self.y, self.by, self.y)
        wanted: Array = self.scores[self.wanted]
        return wanted

    def _exponentials(self) -> Array:
        """exp(y), in the place of y, and the sum of each row."""
        exp(self.y, self.y)
        self.y.dot(self.one_each, self.total)
        return self.total

    def gradients(self, tokens: Array, targets: Array, states: dict[str, Array]) -> float:
        """The loss, and the gradients into the parameters' slopes."""
        loss = self.forward(tokens, targets, states)
        dy = self.y  # (p − target) · share, in the place of exp
        multiply(dy, (self.scale / self.total)[:, None], dy)
        self.scores[self.wanted] -= self.scale
        self.h.T.dot(dy, self.why_slope)
        if self.by_slope is not None:
            self.ones.dot(dy, self.by_slope[0])
        self.cell.backward(dy)
        return loss
