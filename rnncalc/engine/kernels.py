"""The recurrent cells over a window of steps, several streams at once, and backwards through it.

Arrays are steps × streams × units; the state before the first step is row 0 of ``h``. A step is a few operations into
buffers made once; what can wait for the end of the window (slopes, gradients of weights) is one operation over all of
it. The equations are those of rnncalc.network.cells; with D = 1 + exp(−a) a sigmoid is 1/D, and to multiply by it is
to divide by D.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy import add, divide, exp, matmul, multiply, negative, reciprocal, subtract

from rnncalc.engine.memory import zeros
from rnncalc.engine.parameters import STACK, Parameters, Place
from rnncalc.language.trees import Array

Function = Callable[[Array, Array], object]
ONE_HOT_UP_TO = 512
"""Tokens, for which the gradient of the input weights is a product with one-hot rows, the fastest for a few."""

COMPACT_UP_TO = 4096
"""Numbers in the input weights of a small network."""


class Cell:
    """One layer over a window.

    ``forward(tokens)`` fills ``h`` from row 0 on. ``backward(dy)`` writes the gradients of the parameters; dy are the
    gradients of the scores, of the last steps or of all. Row 0 of ``dh`` becomes the gradient of the initial state.
    Where another layer reads the states, its weights stand in the place of Why, and the gradients of its sums are dy.
    """

    states: tuple[str, ...] = ("h",)

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str) -> None:
        self.steps, self.streams = steps, streams
        self.block, self.slope = parameters.block, parameters.slope
        self.dtype = parameters.values.dtype
        self.one = np.ones((), self.dtype)  # an operand that needs no conversion
        self.wx, self.bias, self.why = self.block["Wx"], self.block["b"], self.block["Why"]
        self.tokens_known, self.width = self.wx.shape
        self.hidden = len(self.why)
        self.activate, self.slope_of = ACTIVATIONS[activation]
        self.a = self.rows(steps, self.width)
        self.h, self.dh = self.rows(steps + 1), self.rows(steps + 1)
        self.flat_before, self.flat_dh = self.flat(self.h[:-1]), self.flat(self.dh[1:])
        self.ones = np.ones((1, steps * streams), self.dtype)
        self.tokens: Array = np.zeros((steps, streams), np.intp)
        self.stack = self.slope.get(STACK) if self.tokens_known <= ONE_HOT_UP_TO else None
        if self.stack is not None:
            # What a step reads, beside each other: the state before (not for every cell), the token, and 1.
            columns = len(self.stack)
            self.reads = zeros((steps * streams, columns), self.dtype)
            self.reads[:, -1] = 1
            self.before = self.reads[:, : columns - self.tokens_known - 1]
            self.flat_reads = self.reads.reshape(-1)
            self.token_places = np.arange(steps * streams) * columns + self.before.shape[1]

    def state(self, name: str) -> Array:
        """The rows of a state, from before the first step to after the last."""
        assert name == "h"
        return self.h

    def rows(self, steps: int, width: int = 0) -> Array:
        """A buffer: steps × streams × width."""
        return zeros((steps, self.streams, width or self.hidden), self.dtype)

    def each(self, buffer: Array, first: int = 0, last: int | None = None) -> list[Array]:
        """The steps of a buffer and some of its columns; of a single stream as vectors, whose products are faster."""
        return [step[0, first:last] if self.streams == 1 else step[:, first:last] for step in buffer]

    def side_by_side(self, buffer: Array, count: int, first: int = 0, last: int | None = None) -> list[Array]:
        """The steps of a buffer whose columns are ``count`` vectors; some of the vectors."""
        vectors = buffer.reshape(len(buffer), self.streams, count, self.hidden)
        return [step[0, first:last] if self.streams == 1 else step[:, first:last] for step in vectors]

    def flat(self, buffer: Array, first: int = 0, last: int | None = None) -> Array:
        """Some columns of all steps and streams of a buffer, as one matrix."""
        return buffer.reshape(self.steps * self.streams, -1)[:, first:last]

    def read(self, tokens: Array) -> None:
        """a = the columns of Wx that the tokens choose, and the bias."""
        self.tokens = tokens
        self.wx.take(tokens, axis=0, out=self.a, mode="clip")
        add(self.a, self.bias, self.a)

    def read_back(self, da: Array) -> None:
        """The gradients of Wx, the bias, and Wh where it stands with them."""
        if self.stack is not None:
            if self.before.size:
                self.before[...] = self.flat_before
            places = self.token_places + self.tokens.ravel()
            self.flat_reads[places] = 1
            matmul(self.reads.T, da, out=self.stack)
            self.flat_reads[places] = 0
            return
        slope, bias = self.slope["Wx"], self.slope["b"]
        slope.fill(0)
        np.add.at(slope, self.tokens.ravel(), da)
        bias[...] = matmul(self.ones, da) if bias.size == self.width else da.sum()
        self.past_back(da)

    def past_back(self, da: Array) -> None:
        """The gradient of Wh, where it is none of the stack."""

    def send_back(self, dy: Array) -> None:
        """dh = what the outputs send back; nothing where they have no loss, and to the initial state."""
        whole = self.flat_dh
        if len(dy) < len(whole):
            whole[: -len(dy)] = 0
        self.dh[0] = 0
        dy.dot(self.why.T, whole[-len(dy) :])

    def backwards(self, block: str) -> Array:
        """A block transposed; for several streams copied, as its products are faster then."""
        turned = self.block[block].T
        return turned if self.streams == 1 else np.ascontiguousarray(turned)

    def forward(self, tokens: Array) -> None:
        """The states of all steps."""
        raise NotImplementedError

    def backward(self, dy: Array) -> None:
        """The gradients of the parameters but Why and by."""
        raise NotImplementedError


def product(rows: Array) -> Function:
    """rows · matrix, as a function of the matrix and of where the product goes."""
    if rows.ndim == 1:
        return rows.dot
    return partial(matmul, rows)


# ── the simple recurrent cell ─────────────────────────────────────────────────────────────────────────────────────────


class Simple(Cell):
    """h_t = f(Wxh · x_t + Whh · h_{t−1} + bh); Whh may be one number."""

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str) -> None:
        super().__init__(parameters, steps, streams, activation)
        wh = self.block["Wh"]
        self.shared = wh.shape == (1, 1)
        self.wh = wh.reshape(1) if self.shared else wh
        times: Callable[[Array], Function] = partial(partial, multiply) if self.shared else product
        self.slopes = self.rows(steps)
        self.past = self.each(self.rows(1))[0]
        h, dh, slopes = self.each(self.h), self.each(self.dh), self.each(self.slopes)
        self.onward = list(zip(map(times, h[:-1]), self.each(self.a), h[1:], strict=True))
        self.back = list(zip(dh[1:], slopes, map(times, dh[1:]), dh[:-1], strict=True))[::-1]

    def forward(self, tokens: Array) -> None:
        self.read(tokens)
        wh, past, activate = self.wh, self.past, self.activate
        for times, a, h in self.onward:
            times(wh, past)
            add(past, a, past)
            activate(past, h)

    def backward(self, dy: Array) -> None:
        self.send_back(dy)
        self.slope_of(self.h[1:], self.slopes)
        whh, past = self.wh if self.shared else self.backwards("Wh"), self.past
        for dh, slope, times, before in self.back:
            multiply(dh, slope, dh)  # da_t, in the place of dh_t
            times(whh, past)
            add(before, past, before)
        self.read_back(self.flat_dh)

    def past_back(self, da: Array) -> None:
        h, slope = self.flat_before, self.slope["Wh"]
        slope[...] = np.vdot(h, da) if self.shared else h.T.dot(da)


class Compact(Cell):
    """The same for one stream of a small network, whose time is that of the calls, not of the products.

    [h_{t−1} | x_t | 1] times one matrix is a_t, and [da_{t+1} | dy_t] times another is dh_t: two calls for each step.
    """

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str) -> None:
        super().__init__(parameters, steps, streams, activation)
        n, outputs = self.why.shape
        self.both = zeros((n, n + outputs), self.dtype)
        self.d = zeros((steps + 1, n + outputs), self.dtype)
        self.slopes, self.past = self.rows(steps), self.each(self.rows(1))[0]
        self.states_read = zeros((steps + 1, len(self.block[STACK])), self.dtype)
        self.states_read[:, -1] = 1
        h, dh, da = self.states_read[:, :n], self.each(self.dh), self.d[:, :n]
        self.onward = [(row.dot, after) for row, after in zip(self.states_read[:-1], h[1:], strict=True)]
        self.back = list(zip([row.dot for row in self.d[1:]], dh[1:], self.each(self.slopes), da[:-1], strict=True))[
            ::-1
        ]

    def forward(self, tokens: Array) -> None:
        rows, n = self.states_read, self.hidden
        places = np.arange(self.steps) * rows.shape[1] + n + tokens[:, 0]
        rows[:-1, n:-1] = 0
        rows.reshape(-1)[places] = 1
        rows[0, :n] = self.h[0, 0]
        matrix, past, activate = self.block[STACK], self.past, self.activate
        for times, h in self.onward:
            times(matrix, past)
            activate(past, h)
        self.h[:, 0] = rows[:, :n]

    def backward(self, dy: Array) -> None:
        n = self.hidden
        self.both[:, :n], self.both[:, n:] = self.block["Wh"], self.why
        self.d[-len(dy) :, n:] = dy
        self.slope_of(self.h[1:], self.slopes)
        both = self.both.T
        for times, dh, slope, da in self.back:
            times(both, dh)
            multiply(dh, slope, da)
        self.d[0].dot(both, self.dh[0, 0])
        matmul(self.states_read[:-1].T, self.d[:-1, :n], out=self.slope[STACK])


# ── long short-term memory ────────────────────────────────────────────────────────────────────────────────────────────


class Lstm(Cell):
    """c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t; h_t = o_t ⊙ tanh(c_t).

    The columns of a are those of o, i, f and g; g_t and c_{t−1} stand side by side, as i_t and f_t do.
    """

    states = ("h", "c")

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str) -> None:
        super().__init__(parameters, steps, streams, activation)
        n = self.hidden
        self.past, self.pair = (self.each(self.rows(1, width))[0] for width in (4 * n, 2 * n))
        self.new, self.kept = self.pair[..., :n], self.pair[..., n:]
        self.gc = self.rows(steps + 1, 2 * n)
        self.shown = self.rows(steps)
        self.less_one = self.rows(steps, 3 * n)
        h, a, gc = self.each(self.h), self.a, self.gc
        self.onward = list(
            zip(
                map(product, h[:-1]), self.each(a), self.each(a, 3 * n), self.each(gc[:-1], 0, n),
                self.each(gc[:-1]), self.each(a, n, 3 * n), self.each(gc[1:], n), self.each(self.shown),
                self.each(a, 0, n), h[1:], strict=True,
            )
        )  # fmt: skip
        # Six columns of each step: what dh_t adds to dc_t, dao_t; dai_t, daf_t, dag_t, and dc_{t−1}, each a multiple of
        # dh_t or dc_t.
        self.factors, self.d = self.rows(steps, 6 * n), self.rows(steps, 6 * n)
        self.dc, self.no_dc = (self.each(self.rows(1))[0] for _ in range(2))
        self.dc_of_each = self.dc[..., None, :]
        dh, d = self.each(self.dh), self.d
        self.back = list(
            zip(
                self.side_by_side(self.dh[1:], 1), self.side_by_side(self.factors, 6, 0, 2),
                self.side_by_side(d, 6, 0, 2), self.each(d, 0, n), self.side_by_side(self.factors, 6, 2),
                self.side_by_side(d, 6, 2), map(product, self.each(d, n, 5 * n)), dh[:-1],
                [*self.each(d[1:], 5 * n), self.no_dc], strict=True,
            )
        )[::-1]  # fmt: skip

    def state(self, name: str) -> Array:
        return self.h if name == "h" else self.gc[:, :, self.hidden :]

    def forward(self, tokens: Array) -> None:
        self.read(tokens)
        wh, past, pair, new, kept = self.block["Wh"], self.past, self.pair, self.new, self.kept
        one, activate = self.one, self.activate
        for times, a, candidate, g, g_and_c, i_and_f, c, shown, o, h in self.onward:
            times(wh, past)
            add(past, a, a)
            activate(candidate, g)
            exp(a, a)  # the candidate's columns too, which are done with: a whole array is faster than a part
            add(a, one, a)
            divide(g_and_c, i_and_f, pair)
            add(new, kept, c)
            activate(c, shown)
            divide(shown, o, h)

    def backward(self, dy: Array) -> None:
        self.send_back(dy)
        self.find_factors()
        dc, dc_of_each, whh, past = self.dc, self.dc_of_each, self.backwards("Wh"), self.new
        for dh, by_dh, from_dh, shown, by_dc, from_dc, times, before, following in self.back:
            multiply(dh, by_dh, from_dh)
            add(shown, following, dc)
            multiply(dc_of_each, by_dc, from_dc)
            times(whh, past)
            add(before, past, before)
        n = self.hidden
        self.read_back(self.flat(self.d, n, 5 * n))

    def past_back(self, da: Array) -> None:
        matmul(self.flat_before.T, da, out=self.slope["Wh"])

    def find_factors(self) -> None:
        """What dh_t or dc_t is multiplied by, for all steps at once; negative for the gates, as their weights are."""
        n = self.hidden
        factors, less_one, gc = self.factors, self.less_one, self.gc
        gates = self.a[..., : 3 * n]
        reciprocal(gates, gates)
        subtract(gates, self.one, less_one)
        to_dc, to_o, to_i_and_f = factors[..., :n], factors[..., n : 2 * n], factors[..., 2 * n : 4 * n]
        to_g, to_c = factors[..., 4 * n : 5 * n], factors[..., 5 * n :]
        o, i, f = gates[..., :n], gates[..., n : 2 * n], gates[..., 2 * n :]
        self.slope_of(self.shown, to_dc)
        multiply(to_dc, o, to_dc)
        multiply(self.h[1:], less_one[..., :n], to_o)
        multiply(gates[..., n:], less_one[..., n:], to_i_and_f)
        multiply(to_i_and_f, gc[:-1], to_i_and_f)
        self.slope_of(gc[:-1, :, :n], to_g)
        multiply(to_g, i, to_g)
        to_c[...] = f


# ── gated recurrent units ─────────────────────────────────────────────────────────────────────────────────────────────


class Gru(Cell):
    """r_t and z_t, n_t = f(Wxn · x_t + Whn · (r_t ⊙ h_{t−1}) + bn); h_t = n_t + z_t ⊙ (h_{t−1} − n_t).

    The columns of a are those of r, z and n.
    """

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str) -> None:
        super().__init__(parameters, steps, streams, activation)
        n = self.hidden
        self.past = self.each(self.rows(1, 2 * n))[0]
        self.some = self.each(self.rows(1))[0]
        self.gates, self.less_one = self.rows(steps, 2 * n), self.rows(steps, 2 * n)
        self.new, self.reset, self.differences = self.rows(steps), self.rows(steps), self.rows(steps)
        h, a, gates = self.each(self.h), self.a, self.gates
        self.onward = list(
            zip(
                map(product, h[:-1]), self.each(a, 0, 2 * n), self.each(gates), h[:-1], self.each(gates, 0, n),
                self.each(self.reset), map(product, self.each(self.reset)), self.each(a, 2 * n), self.each(self.new),
                self.each(self.differences), self.each(gates, n), h[1:], strict=True,
            )
        )  # fmt: skip
        # Five columns of each step: what comes back through the reset, dar_t; daz_t, dan_t, and what is kept of dh_t.
        self.factors, self.d = self.rows(steps, 5 * n), self.rows(steps, 5 * n)
        dh, d, factors = self.each(self.dh), self.d, self.factors
        self.back = list(
            zip(
                self.side_by_side(self.dh[1:], 1), self.side_by_side(factors, 5, 2), self.side_by_side(d, 5, 2),
                map(product, self.each(d, 3 * n, 4 * n)), self.side_by_side(factors, 5, 0, 2),
                self.side_by_side(d, 5, 0, 2), map(product, self.each(d, n, 3 * n)), self.each(d, 0, n),
                self.each(d, 4 * n), dh[:-1], strict=True,
            )
        )[::-1]  # fmt: skip
        self.some_of_each = self.some[..., None, :]

    def forward(self, tokens: Array) -> None:
        self.read(tokens)
        gates_wh, wh, past, some = self.block["Wrz"], self.block["Wn"], self.past, self.some
        one, activate = self.one, self.activate
        for times, a_gates, gates, before, r, reset, reset_times, a, new, difference, z, h in self.onward:
            times(gates_wh, past)
            add(past, a_gates, gates)
            exp(gates, gates)
            add(gates, one, gates)
            divide(before, r, reset)
            reset_times(wh, some)
            add(some, a, some)
            activate(some, new)
            subtract(before, new, difference)
            divide(difference, z, some)
            add(new, some, h)

    def backward(self, dy: Array) -> None:
        self.send_back(dy)
        n = self.hidden
        self.find_factors()
        gates_whh, whh, some, some_of_each = self.backwards("Wrz"), self.backwards("Wn"), self.some, self.some_of_each
        for dh, by_dh, from_dh, times, by_reset, from_reset, gates_times, reset, kept, before in self.back:
            multiply(dh, by_dh, from_dh)
            times(whh, some)
            multiply(some_of_each, by_reset, from_reset)
            gates_times(gates_whh, some)
            add(before, some, before)
            add(before, reset, before)
            add(before, kept, before)
        self.read_back(self.flat(self.d, n, 4 * n))
        matmul(self.flat_before.T, self.flat(self.d, n, 3 * n), out=self.slope["Wrz"])
        matmul(self.flat(self.reset).T, self.flat(self.d, 3 * n, 4 * n), out=self.slope["Wn"])

    def find_factors(self) -> None:
        """What dh_t, or the gradient of r_t ⊙ h_{t−1}, is multiplied by, for all steps at once."""
        n = self.hidden
        gates, less_one = self.gates, self.less_one
        reciprocal(gates, gates)
        subtract(gates, self.one, less_one)
        back, to_r, to_z, to_n, kept = (self.factors[..., k * n : (k + 1) * n] for k in range(5))
        back[...], kept[...] = gates[..., :n], gates[..., n:]
        multiply(self.reset, less_one[..., :n], to_r)
        multiply(self.differences, kept, to_z)
        multiply(to_z, less_one[..., n:], to_z)
        self.slope_of(self.new, to_n)
        multiply(to_n, less_one[..., n:], to_n)
        negative(to_n, to_n)


class GruResetAfter(Cell):
    """n_t = f(Wxn · x_t + bn + r_t ⊙ q_t) with q_t = Whn · h_{t−1} + bhn; else as above.

    The columns of a are those of n, r and z, the columns of Wh those of r, z and n.
    """

    def __init__(self, parameters: Parameters, steps: int, streams: int, activation: str) -> None:
        super().__init__(parameters, steps, streams, activation)
        n = self.hidden
        self.inner_bias = self.block["bn"].reshape(-1)
        self.past = self.each(self.rows(1, 3 * n))[0]
        self.past_gates, self.past_new = self.past[..., : 2 * n], self.past[..., 2 * n :]
        self.some = self.each(self.rows(1))[0]
        self.gates, self.less_one = self.rows(steps, 2 * n), self.rows(steps, 2 * n)
        self.new, self.inner, self.differences = self.rows(steps), self.rows(steps), self.rows(steps)
        h, a, gates = self.each(self.h), self.a, self.gates
        self.onward = list(
            zip(
                map(product, h[:-1]), self.each(a, n), self.each(gates), h[:-1], self.each(self.inner),
                self.each(gates, 0, n), self.each(a, 0, n), self.each(self.new), self.each(self.differences),
                self.each(gates, n), h[1:], strict=True,
            )
        )  # fmt: skip
        # Five columns of each step: dan_t, dar_t, daz_t, dq_t, and what is kept of dh_t, all multiples of dh_t.
        self.factors, self.d = self.rows(steps, 5 * n), self.rows(steps, 5 * n)
        d = self.d
        self.back = list(
            zip(
                self.side_by_side(self.dh[1:], 1), self.side_by_side(self.factors, 5), self.side_by_side(d, 5),
                map(product, self.each(d, n, 4 * n)), self.each(d, 4 * n), self.each(self.dh)[:-1], strict=True,
            )
        )[::-1]  # fmt: skip

    def forward(self, tokens: Array) -> None:
        self.read(tokens)
        wh, bias, past, past_gates, past_new = (
            self.block["Wh"], self.inner_bias, self.past, self.past_gates, self.past_new
        )  # fmt: skip
        some, one, activate = self.some, self.one, self.activate
        for times, a_gates, gates, before, inner, r, a, new, difference, z, h in self.onward:
            times(wh, past)
            add(past_gates, a_gates, gates)
            exp(gates, gates)
            add(gates, one, gates)
            add(past_new, bias, inner)
            divide(inner, r, some)
            add(some, a, some)
            activate(some, new)
            subtract(before, new, difference)
            divide(difference, z, some)
            add(new, some, h)

    def backward(self, dy: Array) -> None:
        self.send_back(dy)
        n = self.hidden
        self.find_factors()
        whh, some = self.backwards("Wh"), self.some
        for dh, by_dh, from_dh, times, kept, before in self.back:
            multiply(dh, by_dh, from_dh)
            times(whh, some)
            add(before, some, before)
            add(before, kept, before)
        self.read_back(self.flat(self.d, 0, 3 * n))
        matmul(self.flat_before.T, self.flat(self.d, n, 4 * n), out=self.slope["Wh"])
        matmul(self.ones, self.flat(self.d, 3 * n, 4 * n), out=self.slope["bn"])

    def find_factors(self) -> None:
        """What dh_t is multiplied by, for all steps at once."""
        n = self.hidden
        gates, less_one = self.gates, self.less_one
        reciprocal(gates, gates)
        subtract(gates, self.one, less_one)
        to_n, to_r, to_z, to_q, kept = (self.factors[..., k * n : (k + 1) * n] for k in range(5))
        kept[...] = gates[..., n:]
        self.slope_of(self.new, to_n)
        multiply(to_n, less_one[..., n:], to_n)
        negative(to_n, to_n)
        multiply(to_n, gates[..., :n], to_q)
        multiply(to_q, self.inner, to_r)
        multiply(to_r, less_one[..., :n], to_r)
        multiply(self.differences, kept, to_z)
        multiply(to_z, less_one[..., n:], to_z)


# ── activations, and their slopes from their results ──────────────────────────────────────────────────────────────────


def _sigmoid(a: Array, out: Array) -> None:
    negative(a, out)
    exp(out, out)
    add(out, 1, out)
    reciprocal(out, out)


def _tanh_slope(h: Array, out: Array) -> None:
    multiply(h, h, out)
    subtract(1, out, out)


def _sigmoid_slope(h: Array, out: Array) -> None:
    subtract(1, h, out)
    multiply(h, out, out)


ACTIVATIONS: Mapping[str, tuple[Function, Function]] = {
    "tanh": (np.tanh, _tanh_slope),
    "relu": (lambda a, out: np.maximum(a, 0, out=out), lambda h, out: np.greater(h, 0, out=out)),
    "sigmoid": (_sigmoid, _sigmoid_slope),
    "linear": (lambda a, out: np.copyto(out, a), lambda h, out: out.fill(1)),
}


# ── which cell, and where its weights stand ───────────────────────────────────────────────────────────────────────────


def _gates(order: str, block: str, family: str) -> dict[str, Place]:
    return {f"{family}{gate}": Place(block, part, 1 if gate in "ghn" else -1) for part, gate in enumerate(order)}


class Kind(NamedTuple):
    """A kind of cell, the blocks that stand in one stack, and where each of its weights stands."""

    cell: type[Cell]
    stack: tuple[str, ...]
    places: Mapping[str, Place]


KINDS: Mapping[str, Kind] = {
    "rnn": Kind(
        Simple, ("Wh", "Wx", "b"), {"Wxh": Place("Wx"), "Whh": Place("Wh"), "bh": Place("b")}
    ),
    "lstm": Kind(
        Lstm,
        ("Wh", "Wx", "b"),
        _gates("oifg", "Wx", "Wx") | _gates("oifg", "Wh", "Wh") | _gates("oifg", "b", "b"),
    ),
    "gru": Kind(
        Gru,
        ("Wx", "b"),
        _gates("rzn", "Wx", "Wx") | _gates("rz", "Wrz", "Wh") | _gates("n", "Wn", "Wh") | _gates("rzn", "b", "b"),
    ),
    "gru, reset after": Kind(
        GruResetAfter,
        ("Wx", "b"),
        _gates("nrz", "Wx", "Wx") | _gates("rzn", "Wh", "Wh") | _gates("nrz", "b", "b")
        | {"bhn": Place("bn")},
    ),
}  # fmt: skip
"""The kinds of cell by name."""
