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


class Columns(Reader):
    """A layer over a batch with a column for each tweet, so that the rows of a gate lie together in memory.

    A step reads ``reads``: h_{t−1}, x_t and 1, one under the other. ``back`` are the gradients of h_{t−1} and x_t. The
    first state is zeros, and not multiplied. The weights of sigmoid gates stand negated.
    """

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str, h: slice, x: slice) -> None:
        super().__init__(parameters, steps, streams, activation)
        rows = self.hidden + self.tokens_known
        self.weight, self.weight_slope = self.block[STACK], self.slope[STACK]
        self.room_of_slope = zeros(self.weight.shape, self.dtype)
        self.a = self.columns(steps, self.width)
        self.reads, self.back = self.columns(steps + 1, rows + 1), self.columns(steps + 1, rows)
        self.reads.fill(1)
        self.h, self.inputs = (self.reads[:, part].swapaxes(1, 2) for part in (h, x))
        self.h.fill(0)
        self.room = self.columns(1, self.hidden)[0]

    def columns(self, steps: int, rows: int) -> Array:
        """A buffer: steps × rows × tweets."""
        return zeros((steps, rows, self.streams), self.dtype)

    def forward(self, x: Array) -> None:
        self.inputs[:-1] = x.reshape(self.steps, self.streams, -1)
        for t in range(self.steps):
            self.step(t)

    def backward(self, dh: Array) -> None:
        n = self.hidden
        self.weight_slope.fill(0)
        self.back[-1] = 0
        ends = set(self.lengths.tolist())
        for t in reversed(range(self.steps)):
            dh_now = self.back[t + 1, :n]
            if t + 1 in ends:
                ended = self.lengths == t + 1
                dh_now[:, ended] += dh[ended].T
            self.step_back(t, dh_now)
        self.dx.reshape(self.steps, self.streams, -1)[...] = self.back[:-1, n:].swapaxes(1, 2)

    def add_product(self, reads: Array, da: Array, room: Array, slope: Array) -> None:
        """slope += reads · daᵀ."""
        add(slope, matmul(reads, da.T, out=room), slope)

    def step(self, t: int) -> None:
        """The state after a step."""
        raise NotImplementedError

    def step_back(self, t: int, dh: Array) -> None:
        """Backwards through a step: the gradients of what it read; those of the weights are added up."""
        raise NotImplementedError


class LstmReader(Columns):
    """Long short-term memory.

    What a step reads is in the order of the weights in the block STACK: a_t is one product, and so are all gradients of
    the weights, and dh_{t−1} with dx_t. The rows of a_t are those of o, i, f and g; g_t and c_{t−1} stand together, as
    i_t and f_t do.
    """

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str) -> None:
        n = len(parameters.block["Why"])
        super().__init__(parameters, steps, streams, activation, slice(n), slice(n, -1))
        self.gc, self.shown = self.columns(steps + 1, 2 * n), self.columns(steps, n)
        self.pair, self.da, self.less = (self.columns(1, k * n)[0] for k in (2, 4, 3))
        self.dc = self.columns(1, n)[0]

    def step(self, t: int) -> None:
        n, pair, activate = self.hidden, self.pair, self.activate
        a, shown = self.a[t], self.shown[t]
        read = slice(0 if t else n, None)
        matmul(self.weight.T[:, read], self.reads[t, read], out=a)
        gates = a[: 3 * n]
        activate(a[3 * n :], self.gc[t, :n])
        exp(gates, gates)
        add(gates, self.one, gates)
        reciprocal(gates, gates)
        multiply(gates[n:], self.gc[t], pair)
        c = add(pair[:n], pair[n:], self.gc[t + 1, n:])
        activate(c, shown)
        multiply(gates[:n], shown, self.reads[t + 1, :n])

    def backward(self, dh: Array) -> None:
        self.pair.fill(0)
        super().backward(dh)

    def step_back(self, t: int, dh: Array) -> None:
        n, dc, room, da, less, both = self.hidden, self.dc, self.room, self.da, self.less, self.pair
        da_o, da_both, da_g = da[:n], da[n : 3 * n], da[3 * n :]
        gates, gc, shown = self.a[t, : 3 * n], self.gc[t], self.shown[t]
        self.slope_of(shown, room)  # dc_t = dc_{t+1} ⊙ f_{t+1} + dh_t ⊙ o_t ⊙ f'(c_t)
        multiply(room, gates[:n], room)
        multiply(room, dh, room)
        add(both[n:], room, dc)
        subtract(gates, self.one, less)  # σ − 1, as the weights stand negated
        multiply(dh, self.reads[t + 1, :n], da_o)
        multiply(da_o, less[:n], da_o)
        multiply(gates[n:].reshape(2, n, -1), dc, both.reshape(2, n, -1))  # i_t ⊙ dc_t and f_t ⊙ dc_t
        multiply(both, gc, da_both)
        multiply(da_both, less[n:], da_both)
        self.slope_of(gc[:n], da_g)
        multiply(da_g, both[:n], da_g)
        read = slice(0 if t else n, -1)
        matmul(self.weight[read], da, out=self.back[t, read.start :])
        read = slice(read.start, None)
        self.add_product(self.reads[t, read], da, self.room_of_slope[read], self.weight_slope[read])


class GruReader(Reader, GruNumbers):
    """Gated recurrent units."""


class GruResetAfterReader(Columns):
    """Gated recurrent units whose reset gate comes after the product.

    A step reads x_t, 1 and h_{t−1}; x_t and 1 in the order of the weights in the block STACK, 1 and h_{t−1} in that of
    bhn and Wh. The rows of a_t are those of n, r and z, the rows of what comes from h_{t−1} those of r, z and n.
    """

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str) -> None:
        n, (numbers, width) = len(parameters.block["Why"]), parameters.block["Wx"].shape
        super().__init__(parameters, steps, streams, activation, slice(numbers + 1, None), slice(numbers))
        self.wh, self.inner_bias = self.block["Wh"], self.block["bn"].T
        self.past_slope, self.room_of_past = (zeros((n + 1, width), self.dtype) for _ in range(2))
        self.new, self.inner = self.columns(steps, n), self.columns(steps, n)
        self.past, self.d = self.columns(1, 3 * n)[0], self.columns(1, 4 * n)[0]

    def step(self, t: int) -> None:
        n, past, room = self.hidden, self.past, self.room
        a, new, before = self.a[t], self.new[t], self.reads[t, -n:]
        matmul(self.weight.T, self.reads[t, :-n], out=a)
        if t:
            matmul(self.wh.T, before, out=past)
        else:
            past.fill(0)
        gates = a[n:]
        add(gates, past[: 2 * n], gates)
        exp(gates, gates)
        add(gates, self.one, gates)
        reciprocal(gates, gates)
        inner = add(past[2 * n :], self.inner_bias, self.inner[t])
        multiply(inner, gates[:n], room)
        add(room, a[:n], room)
        self.activate(room, new)
        subtract(before, new, room)
        multiply(room, gates[n:], room)
        add(new, room, self.reads[t + 1, -n:])

    def backward(self, dh: Array) -> None:
        self.past_slope.fill(0)
        super().backward(dh)
        self.slope["Wh"][...] = self.past_slope[1:]
        self.slope["bn"][...] = self.past_slope[0, -self.hidden :]

    def step_back(self, t: int, dh: Array) -> None:
        n, room = self.hidden, self.room
        r, z = self.a[t, n : 2 * n], self.a[t, 2 * n :]
        da, dq = self.d[: 3 * n], self.d[n:]
        da_n, da_r, da_z, dq_n = (self.d[k * n : (k + 1) * n] for k in range(4))
        subtract(self.one, z, room)
        self.slope_of(self.new[t], da_n)
        multiply(da_n, dh, da_n)
        multiply(da_n, room, da_n)
        subtract(self.new[t], self.reads[t, -n:], da_z)  # with the sign turned, as the weights stand negated
        multiply(da_z, dh, da_z)
        multiply(da_z, z, da_z)
        multiply(da_z, room, da_z)
        multiply(da_n, r, dq_n)
        subtract(r, self.one, room)
        multiply(dq_n, self.inner[t], da_r)
        multiply(da_r, room, da_r)
        back, past = self.back[t], slice(None if t else 1)
        matmul(self.wx, da, out=back[n:])
        if t:
            matmul(self.wh, dq, out=back[:n])
            add(back[:n], multiply(dh, z, room), back[:n])
        self.add_product(self.reads[t, :-n], da, self.room_of_slope, self.weight_slope)
        self.add_product(self.reads[t, -n - 1 :][past], dq, self.room_of_past[past], self.past_slope[past])


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
