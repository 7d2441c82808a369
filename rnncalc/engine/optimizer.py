"""What every optimizer does: clip the gradients, then move the weights, all in one flat vector."""

from __future__ import annotations

import math

import numpy as np
from numpy import maximum, multiply, square, subtract

from rnncalc.engine.memory import zeros
from rnncalc.language.trees import Array
from rnncalc.network.length import length


class Optimizer:
    """W ← W − a step made of the gradient, for all weights at once; ``slots`` are what it remembers of each weight."""

    slots: tuple[str, ...] = ()
    needs_squares = False
    """Whether ``move`` is given the squares of the gradients; else what it is given is room to work in, no more."""

    def __init__(
        self, values: Array, slopes: Array, eta: float, clip: float | None = None, clip_norm: float | None = None
    ) -> None:
        self.values, self.slopes = values, slopes
        self.room = zeros(slopes.shape, values.dtype)
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
        squares = self.room
        if self.needs_squares or self.clip is not None:
            square(self.slopes, squares)
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
