"""The cells of rnncalc.engine.kernels over a batch of tweets: they read numbers, and answer after each one's last word.

The words of a tweet stand at the first steps. What a cell computes behind the last word is read by nobody: no state of
a word depends on it, and the gradients there are zeros.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy import add, matmul, multiply, reciprocal, subtract

from rnncalc.engine.kernels import Cell, Gru, GruResetAfter, Lstm, Simple
from rnncalc.engine.memory import zeros
from rnncalc.engine.parameters import Parameters
from rnncalc.language.trees import Array


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
    """Long short-term memory. Of many tweets, the factors of all steps outgrow the cache: here they live for a step."""

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str) -> None:
        super().__init__(parameters, steps, streams, activation)
        self.da = self.rows(steps, 4 * self.hidden)
        self.dc_now, self.room, self.less = self.rows(1)[0], self.rows(1)[0], self.rows(1, 3 * self.hidden)[0]

    def backward(self, dy: Array) -> None:
        self.send_back(dy)
        n = self.hidden
        dc, room, less, whh = self.dc_now, self.room, self.less, self.backwards("Wh")
        dc.fill(0)
        for t in reversed(range(self.steps)):
            dh, h, g, shown, before = self.dh[t + 1], self.h[t + 1], self.gc[t, :, :n], self.shown[t], self.gc[t, :, n:]
            gates = self.a[t, :, : 3 * n]  # 1 + exp(−a) until here
            reciprocal(gates, gates)
            subtract(gates, self.one, less)  # σ − 1: the gates' weights stand negated, and so do their slopes
            o, i, f = gates[:, :n], gates[:, n : 2 * n], gates[:, 2 * n :]
            less_o, less_i, less_f = less[:, :n], less[:, n : 2 * n], less[:, 2 * n :]
            da = self.da[t]
            dao, dai, daf, dag = (da[:, part * n : (part + 1) * n] for part in range(4))
            self.slope_of(shown, room)  # dc_t = dc_{t+1} ⊙ f_{t+1} + dh_t ⊙ o_t ⊙ f'(c_t)
            multiply(room, o, room)
            multiply(room, dh, room)
            add(dc, room, dc)
            multiply(dh, h, room)
            multiply(room, less_o, dao)
            multiply(dc, i, room)
            self.slope_of(g, dag)
            multiply(dag, room, dag)
            multiply(room, g, room)
            multiply(room, less_i, dai)
            multiply(dc, f, dc)
            multiply(dc, before, room)
            multiply(room, less_f, daf)
            matmul(da, whh, out=room)
            add(self.dh[t], room, self.dh[t])
        self.read_back(self.flat(self.da))


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
"""By the names of rnncalc.engine.kernels.KINDS."""
