"""The cells of rnncalc.engine.kernels that read numbers: the states of a layer below, or the columns of an embedding.

Those over a batch of tweets (``Reader``) answer after each one's last word. The words of a tweet stand at the first
steps. What a cell computes behind the last word is read by nobody: no state of a word depends on it, and the gradients
there are zeros.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy import add, exp, matmul, multiply, reciprocal, subtract

from rnncalc.engine.kernels import Cell, Gru, GruResetAfter, Lstm, Simple
from rnncalc.engine.memory import zeros
from rnncalc.engine.parameters import STACK, Parameters
from rnncalc.language.trees import Array


class Numbers(Cell):
    """One layer that reads numbers: ``forward(x)`` with x of (steps · streams) × numbers. ``da`` is the gradient of the
    sums after ``backward``."""

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str) -> None:
        super().__init__(parameters, steps, streams, activation)
        self.wx_slope, self.bias_slope = self.slope["Wx"], self.slope["b"]

    def read(self, x: Array) -> None:
        """a = Wx · x + b."""
        self.x = x
        matmul(x, self.wx, out=self.flat(self.a))
        add(self.a, self.bias, self.a)

    def read_back(self, da: Array) -> None:
        self.da = da
        matmul(self.x.T, da, out=self.wx_slope)
        self.bias_slope[...] = matmul(self.ones, da) if self.bias_slope.size == self.width else da.sum()
        self.past_back(da)


class SimpleNumbers(Numbers, Simple):
    """h_t = f(Wxh · x_t + Whh · h_{t−1} + bh)."""


class LstmNumbers(Numbers, Lstm):
    """Long short-term memory."""


class GruNumbers(Numbers, Gru):
    """Gated recurrent units."""


class GruResetAfterNumbers(Numbers, GruResetAfter):
    """Gated recurrent units whose reset gate comes after the product."""


class Reader(Numbers):
    """One layer over a batch: ``backward(dh)`` with dh of tweets × units, the gradients of the states after the last
    words."""

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str) -> None:
        super().__init__(parameters, steps, streams, activation)
        self.lengths: Array = np.full(streams, steps)
        """The words of each tweet."""
        self.tweets = np.arange(streams)
        self.dx = zeros((steps * streams, len(self.wx)), self.dtype)
        self.wants_dx = True

    def last_states(self) -> Array:
        """h after the last word of each tweet; the initial state where there is none."""
        states: Array = self.h[self.lengths, self.tweets]
        return states

    def read_back(self, da: Array) -> None:
        super().read_back(da)
        if self.wants_dx:
            matmul(da, self.wx.T, out=self.dx)

    def send_back(self, dh: Array) -> None:
        self.dh.fill(0)
        self.dh[self.lengths, self.tweets] = dh


class SimpleReader(Reader, SimpleNumbers):
    """h_t = f(Wxh · x_t + Whh · h_{t−1} + bh)."""


class LstmReader(Reader):
    """Long short-term memory, a column for each tweet, so that the rows of a gate lie together in memory.

    A step reads ``reads``: h_{t−1}, x_t and 1, one under the other, and so are the weights of the block STACK: a_t is
    one product, and so are all gradients of the weights, and dh_{t−1} with dx_t. The rows of a_t are those of o, i, f
    and g; g_t and c_{t−1} stand together, as i_t and f_t do. The gates' weights stand negated.
    """

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str) -> None:
        super().__init__(parameters, steps, streams, activation)
        n, rows = self.hidden, len(self.block[STACK])
        self.weight, self.weight_slope = self.block[STACK], self.slope[STACK]
        self.room_of_slope = zeros(self.weight.shape, self.dtype)
        self.a = self.columns(steps, 4 * n)
        self.reads, self.back = self.columns(steps + 1, rows), self.columns(steps + 1, rows - 1)
        self.reads[:, -1] = 1
        self.h, self.inputs = (self.reads[:, part].swapaxes(1, 2) for part in (slice(n), slice(n, -1)))
        self.gc, self.shown = self.columns(steps + 1, 2 * n), self.columns(steps, n)
        self.pair, self.da, self.less = (self.columns(1, k * n)[0] for k in (2, 4, 3))
        self.dc, self.room = (self.columns(1, n)[0] for _ in range(2))

    def columns(self, steps: int, rows: int) -> Array:
        """A buffer: steps × rows × tweets."""
        return zeros((steps, rows, self.streams), self.dtype)

    def forward(self, x: Array) -> None:
        n, one, pair, activate = self.hidden, self.one, self.pair, self.activate
        self.inputs[:-1] = x.reshape(self.steps, self.streams, -1)
        weight = self.weight.T
        for t in range(self.steps):
            a, shown = self.a[t], self.shown[t]
            known = 0 if t else n  # the first state is zeros, and not multiplied
            matmul(weight[:, known:], self.reads[t, known:], out=a)
            gates = a[: 3 * n]
            activate(a[3 * n :], self.gc[t, :n])
            exp(gates, gates)
            add(gates, one, gates)
            reciprocal(gates, gates)
            multiply(gates[n:], self.gc[t], pair)
            c = add(pair[:n], pair[n:], self.gc[t + 1, n:])
            activate(c, shown)
            multiply(gates[:n], shown, self.reads[t + 1, :n])

    def backward(self, dh: Array) -> None:
        n, dc, room, da, less, both, dw = (
            self.hidden, self.dc, self.room, self.da, self.less, self.pair, self.room_of_slope
        )  # fmt: skip
        weight, slope = self.weight[:-1], self.weight_slope
        da_o, da_both, da_g = da[:n], da[n : 3 * n], da[3 * n :]
        slope.fill(0)
        self.back[-1] = 0
        dc.fill(0)
        ends = set(self.lengths.tolist())
        for t in reversed(range(self.steps)):
            gates, gc, shown, dh_now = self.a[t, : 3 * n], self.gc[t], self.shown[t], self.back[t + 1, :n]
            if t + 1 in ends:
                ended = self.lengths == t + 1
                dh_now[:, ended] += dh[ended].T
            self.slope_of(shown, room)  # dc_t = dc_{t+1} ⊙ f_{t+1} + dh_t ⊙ o_t ⊙ f'(c_t)
            multiply(room, gates[:n], room)
            multiply(room, dh_now, room)
            add(dc, room, dc)
            subtract(gates, self.one, less)  # σ − 1, as the weights stand negated
            multiply(dh_now, self.reads[t + 1, :n], da_o)
            multiply(da_o, less[:n], da_o)
            multiply(gates[n:].reshape(2, n, -1), dc, both.reshape(2, n, -1))  # i_t ⊙ dc_t and f_t ⊙ dc_t
            multiply(both, gc, da_both)
            multiply(da_both, less[n:], da_both)
            self.slope_of(gc[:n], da_g)
            multiply(da_g, both[:n], da_g)
            dc[...] = both[n:]
            known = 0 if t else n
            matmul(weight[known:], da, out=self.back[t, known:])
            matmul(self.reads[t, known:], da.T, out=dw[known:])
            add(slope[known:], dw[known:], slope[known:])
        self.dx.reshape(self.steps, self.streams, -1)[...] = self.back[:-1, n:].swapaxes(1, 2)


class GruReader(Reader, GruNumbers):
    """Gated recurrent units."""


class GruResetAfterReader(Reader, GruResetAfterNumbers):
    """Gated recurrent units whose reset gate comes after the product."""


NUMBERS: Mapping[str, type[Numbers]] = {
    "rnn": SimpleNumbers,
    "lstm": LstmNumbers,
    "gru": GruNumbers,
    "gru, reset after": GruResetAfterNumbers,
}
"""The layers of a text that read numbers, by the names of rnncalc.engine.kernels.KINDS."""

READERS: Mapping[str, type[Reader]] = {
    "rnn": SimpleReader,
    "lstm": LstmReader,
    "gru": GruReader,
    "gru, reset after": GruResetAfterReader,
}
"""The layers over a batch of tweets, by the same names."""
