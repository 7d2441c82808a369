"""Adam for large tables, most of whose rows have no gradient at an update."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy import add, divide, multiply, sqrt, subtract

from rnncalc.engine.memory import zeros
from rnncalc.language.trees import Array

M_DECAY, S_DECAY, EPSILON = 0.9, 0.999, 1e-8
BLOCK = 1 << 14
"""Numbers that are worked on together, so that they stay in the processor's cache."""
RENEWED_EVERY = 64


class _Block(NamedTuple):
    """A part of the flat vectors."""

    place: slice
    values: Array
    m: Array
    s: Array


class Adam:
    """m ← 0.9 m + 0.1 dW; s ← 0.999 s + 0.001 dW²; W ← W − eta · m̂ / (√ŝ + 1e-8), with m̂ = m / (1 − 0.9ⁿ) and
    ŝ = s / (1 − 0.999ⁿ) at the n-th update, for every entry at every update. Source: Kingma and Ba (2015).

    A row that was not read has the gradient 0: its moments fade and it still moves, as with PyTorch's dense Adam.
    Nothing is put off or left out. It is fast because m and s are kept as multiples of 0.9ᵏ and 0.999ᵏ (k updates since
    they were last renewed), so that what only fades is not touched; W alone is, in blocks.
    """

    def __init__(self, values: Array) -> None:
        self.values = values
        self.m, self.s = (zeros(values.shape, values.dtype) for _ in range(2))
        self.updates = 0
        places = [slice(start, start + BLOCK) for start in range(0, values.size, BLOCK)]
        all_values, m, s = (array.reshape(-1) for array in (values, self.m, self.s))
        self._blocks = [_Block(place, all_values[place], m[place], s[place]) for place in places]
        self._room = zeros(min(BLOCK, values.size), values.dtype)

    def update(self, slopes: Array, eta: float, rows: Array | None = None) -> None:
        """One update. ``slopes`` are the gradients of all values or, with ``rows``, those of these rows, each once."""
        faded = self.updates % RENEWED_EVERY
        if faded == 0 and self.updates:
            self._renew()
        n, k = self.updates + 1, faded + 1
        self.updates = n
        of_m, of_s = (1 - M_DECAY) / M_DECAY**k, math.sqrt((1 - S_DECAY) / S_DECAY**k)
        if rows is not None:
            self.m[rows] += slopes * of_m
            self.s[rows] += np.square(slopes * of_s)
        # eta · m̂ / (√ŝ + ε) = M / (√S · root / rate + ε / rate), where M and S are what is kept of m and s.
        rate = eta * M_DECAY**k / (1 - M_DECAY**n)
        root = math.sqrt(S_DECAY**k / (1 - S_DECAY**n)) / rate
        flat = slopes.reshape(-1)
        for place, values, m, s in self._blocks:
            room = self._room[: len(values)]
            if rows is None:
                slope = flat[place]
                multiply(slope, of_m, room)
                add(m, room, m)
                multiply(slope, of_s, room)
                multiply(room, room, room)
                add(s, room, s)
            sqrt(s, room)
            multiply(room, root, room)
            add(room, EPSILON / rate, room)
            divide(m, room, room)
            subtract(values, room, values)

    def _renew(self) -> None:
        multiply(self.m, M_DECAY**RENEWED_EVERY, self.m)
        multiply(self.s, S_DECAY**RENEWED_EVERY, self.s)
        # What is next to nothing would be computed with at a hundredth of the speed.
        self.m[np.abs(self.m) < np.finfo(self.m.dtype).tiny * 1e8] = 0

    @property
    def state(self) -> dict[str, Array]:
        """All that is remembered."""
        return {"m": self.m.copy(), "s": self.s.copy(), "updates": np.array(self.updates)}

    @state.setter
    def state(self, state: dict[str, Array]) -> None:
        self.m[...], self.s[...] = state["m"], state["s"]
        self.updates = int(state["updates"])
