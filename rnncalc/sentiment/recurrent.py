"""The cells of rnncalc.training.cells over a batch of tweets: they read numbers, and answer after each one's last word.

The words of a tweet stand at the first steps. What a cell computes behind the last word is read by nobody: no state of
a word depends on it, and the gradients there are zeros.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy import add, matmul

from rnncalc.scalars import Array
from rnncalc.training.cells import Cell, Gru, GruResetAfter, Lstm, Simple
from rnncalc.training.memory import zeros
from rnncalc.training.parameters import Parameters


class Reader(Cell):
    """One layer over a batch: ``forward(x)`` with x of (steps · tweets) × numbers; ``backward(dh)`` with dh of tweets ×
    units, the gradients of the states after the last words."""

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str) -> None:
        super().__init__(parameters, steps, streams, activation)
        self.lengths: Array = np.full(streams, steps)
        """The words of each tweet."""
        self.tweets = np.arange(streams)
        self.wx_slope, self.bias_slope = self.slope["Wx"], self.slope["b"]
        self.dx = zeros((steps * streams, len(self.wx)), self.dtype)
        self.wants_dx = True

    def last_states(self) -> Array:
        """h after the last word of each tweet; the initial state where there is none."""
        states: Array = self.h[self.lengths, self.tweets]
        return states

    def read(self, x: Array) -> None:
        """a = Wx · x + b."""
        self.x = x
        matmul(x, self.wx, out=self.flat(self.a))
        add(self.a, self.bias, self.a)

    def read_back(self, da: Array) -> None:
        matmul(self.x.T, da, out=self.wx_slope)
        self.bias_slope[...] = matmul(self.ones, da) if self.bias_slope.size == self.width else da.sum()
        self.past_back(da)
        if self.wants_dx:
            matmul(da, self.wx.T, out=self.dx)

    def send_back(self, dh: Array) -> None:
        self.dh.fill(0)
        self.dh[self.lengths, self.tweets] = dh


class SimpleReader(Reader, Simple):
    """h_t = f(Wxh · x_t + Whh · h_{t−1} + bh)."""


class LstmReader(Reader, Lstm):
    """Long short-term memory."""


class GruReader(Reader, Gru):
    """Gated recurrent units."""


class GruResetAfterReader(Reader, GruResetAfter):
    """Gated recurrent units whose reset gate comes after the product."""


READERS: Mapping[str, type[Reader]] = {
    "rnn": SimpleReader,
    "lstm": LstmReader,
    "gru": GruReader,
    "gru, reset after": GruResetAfterReader,
}
"""By the names of rnncalc.training.cells.KINDS."""
