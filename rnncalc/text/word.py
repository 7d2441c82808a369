"""A word learnt in front of the reader: after every update the loss, what each step predicts, and the states."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rnncalc.engine.traced import steady
from rnncalc.errors import ArithmeticOverflow
from rnncalc.io.interrupts import uninterrupted
from rnncalc.language.trees import Array
from rnncalc.network.forward_pass import forward
from rnncalc.text.trainer import Trainer

MOST = 1000
"""The updates after which a word that is not learnt is given up, where no number was typed."""


class Learnt(NamedTuple):
    """The network after so many updates (``epoch``): its loss as the trace gives it, what each step with a target
    predicts, how many of these are right, the length of the gradient of the update that led here, before clipping,
    the states h_t."""

    epoch: int
    loss: float
    predicted: tuple[str, ...]
    right: int
    wanted: int
    gradient: float | None
    states: Array

    @property
    def done(self) -> bool:
        """Whether all that is wanted is predicted."""
        return self.right == self.wanted


def learn(trainer: Trainer, epochs: int | None) -> Iterator[Learnt]:
    """The network before the first update and after each, so many times, or until all is right (at most 1,000)."""
    look = _look(trainer, None)
    yield look
    while trainer.epoch < (MOST if epochs is None else epochs) and not (epochs is None and look.done):
        with uninterrupted():
            trainer.step()
            try:
                look = _look(trainer, trainer.gradient)
            except ArithmeticOverflow:
                raise trainer.diverged(math.nan, trainer.updates) from None
            trainer.keep_if_best(look.loss)
        yield look


def _look(trainer: Trainer, gradient: float | None) -> Learnt:
    problem = steady(trainer.trained())
    trace = forward(problem)
    asked = [t for t in range(1, problem.steps + 1) if problem.targets[t - 1] is not None]
    output = "y" if problem.output_function == "linear" else "p"
    predicted = tuple(problem.output_names[int(trace[f"{output}_{t}"].value.argmax())] for t in asked)
    right = sum(token == problem.targets[t - 1] for t, token in zip(asked, predicted, strict=True))
    top = problem.layers[-1].states[0]
    states = np.array([trace[f"{top}_{t}"].value[:, 0] for t in range(1, problem.steps + 1)])
    loss = float(trace["loss"].value[0, 0])
    return Learnt(trainer.epoch, loss, predicted, right, len(asked), gradient, states)
