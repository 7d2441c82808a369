"""The optimizers, as PyTorch defines them, on one flat vector."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy import add, divide, maximum, multiply, sqrt, square, subtract

from rnncalc.engine.memory import zeros
from rnncalc.language.trees import Array
from rnncalc.network.length import length


class Optimizer:
    """W ← W − a step made of the gradient, for all weights at once; ``slots`` are what it remembers of each weight."""

    slots: tuple[str, ...] = ()

    def __init__(
        self, values: Array, slopes: Array, eta: float, clip: float | None = None, clip_norm: float | None = None
    ) -> None:
        self.values, self.slopes = values, slopes
        self.room = zeros(values.shape, values.dtype)
        self.memory = {name: zeros(values.shape, values.dtype) for name in self.slots}
        self.eta, self.clip, self.clip_norm = eta, clip, clip_norm
        self.rate = np.full((), eta, values.dtype)  # an operand that needs no conversion
        self.updates = 0
        self.unclipped: float | None = None
        """The length of the gradients before the last update clipped them; None where it did not."""

    def update(self) -> None:
        """One update; the gradients are clipped first, entry by entry or all together."""
        self.updates += 1
        self.unclipped = None
        if self.clip_norm is not None:
            self.shorten(self.clip_norm)
        squares = square(self.slopes, self.room)
        if self.clip is not None and not maximum.reduce(squares) < self.clip**2:  # seldom, and not a number neither
            self.unclipped = length(self.slopes.astype(np.float64))
            self.slopes.clip(-self.clip, self.clip, out=self.slopes)
            square(self.slopes, squares)
        self.move(self.slopes, squares, **self.memory)

    def shorten(self, clip_norm: float) -> None:
        """dW · clip_norm / max(‖all dW‖, clip_norm)."""
        norm = math.sqrt(self.slopes.dot(self.slopes))
        if math.isinf(norm):  # the squares alone may be too large
            largest = float(np.abs(self.slopes).max())
            norm = largest * float(np.linalg.norm(self.slopes / largest))
        if norm > clip_norm:
            self.unclipped = norm
            multiply(self.slopes, clip_norm / norm, self.slopes)

    def move(self, slope: Array, squares: Array, **memory: Array) -> None:
        """Update the values from the gradients and what is remembered of them; ``squares`` is room to work in too."""
        raise NotImplementedError

    def descend(self, direction: Array, room: Array) -> None:
        """W ← W − eta · direction."""
        multiply(direction, self.rate, room)
        subtract(self.values, room, self.values)


class Sgd(Optimizer):
    """W ← W − eta · dW."""

    def move(self, slope: Array, squares: Array, **memory: Array) -> None:
        self.descend(slope, squares)


class Momentum(Optimizer):
    """v ← 0.9 v + dW; W ← W − eta · v."""

    slots = ("v",)

    def move(self, slope: Array, squares: Array, **memory: Array) -> None:
        v = memory["v"]
        multiply(v, 0.9, v)
        add(v, slope, v)
        self.descend(v, squares)


class Adagrad(Optimizer):
    """s ← s + dW²; W ← W − eta · dW / (√s + 1e-10). Source: Duchi, Hazan and Singer (2011)."""

    slots = ("s",)

    def move(self, slope: Array, squares: Array, **memory: Array) -> None:
        s, room = memory["s"], squares
        add(s, squares, s)
        sqrt(s, room)
        add(room, 1e-10, room)
        divide(slope, room, room)
        self.descend(room, room)


class Rmsprop(Optimizer):
    """s ← 0.99 s + 0.01 dW²; W ← W − eta · dW / (√s + 1e-8). Source: Tieleman and Hinton (2012)."""

    slots = ("s",)

    def move(self, slope: Array, squares: Array, **memory: Array) -> None:
        s, room = memory["s"], squares
        multiply(squares, 1 - 0.99, room)
        multiply(s, 0.99, s)
        add(s, room, s)
        sqrt(s, room)
        add(room, 1e-8, room)
        divide(slope, room, room)
        self.descend(room, room)


class Adam(Optimizer):
    """m ← 0.9 m + 0.1 dW; s ← 0.999 s + 0.001 dW²; W ← W − eta · m̂ / (√ŝ + 1e-8), with m̂ = m / (1 − 0.9ⁿ) and
    ŝ = s / (1 − 0.999ⁿ) at the n-th update. Source: Kingma and Ba (2015)."""

    slots = ("m", "s")

    def move(self, slope: Array, squares: Array, **memory: Array) -> None:
        m, s, room = memory["m"], memory["s"], squares
        multiply(squares, 1 - 0.999, room)
        multiply(s, 0.999, s)
        add(s, room, s)
        multiply(slope, 1 - 0.9, room)
        multiply(m, 0.9, m)
        add(m, room, m)
        sqrt(s, room)
        divide(room, math.sqrt(1 - 0.999**self.updates), room)
        add(room, 1e-8, room)
        divide(m, room, room)
        divide(room, 1 - 0.9**self.updates, room)
        self.descend(room, room)


OPTIMIZERS: Mapping[str, type[Optimizer]] = {
    "sgd": Sgd,
    "momentum": Momentum,
    "adagrad": Adagrad,
    "rmsprop": Rmsprop,
    "adam": Adam,
}
