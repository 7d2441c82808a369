"""The weights of a network as one flat vector, so that clipping and the optimizer are a handful of operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rnncalc.engine.memory import LINE, zeros
from rnncalc.language.trees import Array

STACK = "stack"
DTYPES: dict[str, type[np.floating]] = {"float64": np.float64, "float32": np.float32}
"""The kinds of numbers that are trained with."""


class Place(NamedTuple):
    """Where a weight stands: in which block, the how manyth beside others, and with which sign."""

    block: str
    part: int = 0
    sign: int = 1


class Parameters:
    """The weights and their gradients, a flat vector each, with views by block.

    ``block`` and ``slope`` are views of them by block. A weight stands transposed, so that a letter's column is a row;
    those of one product stand side by side in a block. The blocks of ``stack`` stand one under the other, where they
    are of one width, and are the block STACK together: what they make is one product with all that a step reads.
    The weights of sigmoid gates stand negated, as 1 / (1 + exp(−a)) needs −a: no optimizer knows a sign from the other.
    """

    def __init__(
        self,
        weights: Mapping[str, Array],
        places: Mapping[str, Place],
        stack: Sequence[str],
        dtype: type[np.floating],
    ) -> None:
        self.shapes = {name: value.shape for name, value in weights.items()}
        self.places = {name: places[name] for name in weights}
        self.dtype = np.dtype(dtype)
        sizes: dict[str, tuple[int, int]] = {}
        for name, place in self.places.items():
            outputs, inputs = self.shapes[name]
            sizes[place.block] = (inputs, max(sizes.get(place.block, (0, 0))[1], (place.part + 1) * outputs))
        if len({sizes[name][1] for name in stack}) == 1:
            sizes = {STACK: (sum(sizes[name][0] for name in stack), sizes[stack[0]][1])} | sizes
        else:
            stack = ()
        line = LINE // self.dtype.itemsize
        starts, end = {}, 0
        for name, (rows, columns) in sizes.items():
            if name not in stack:
                starts[name] = end
                end += -(-rows * columns // line) * line  # each begins a line; between them zeros, which stay zeros
        inside = 0
        for name in stack:
            starts[name] = inside
            inside += sizes[name][0] * sizes[name][1]
        self.values, self.slopes = zeros(end, self.dtype), zeros(end, self.dtype)
        self.block, self.slope = (
            {
                name: flat[starts[name] : starts[name] + rows * columns].reshape(rows, columns)
                for name, (rows, columns) in sizes.items()
            }
            for flat in (self.values, self.slopes)
        )
        self.load(weights)

    def _part(self, blocks: Mapping[str, Array], name: str) -> Array:
        block, part, _ = self.places[name]
        rows = self.shapes[name][0]
        return blocks[block][:, part * rows : (part + 1) * rows].T

    def load(self, weights: Mapping[str, Array]) -> None:
        """Take over weights by their names."""
        for name, place in self.places.items():
            self._part(self.block, name)[...] = place.sign * weights[name]

    def weights(self) -> dict[str, Array]:
        """The weights in float64, by their names and in their shapes."""
        return self._named(self.block)

    def gradients(self) -> dict[str, Array]:
        """The gradients in float64, by the names of the weights."""
        return self._named(self.slope)

    def _named(self, blocks: Mapping[str, Array]) -> dict[str, Array]:
        # + 0.0: no negative zeros
        return {
            name: place.sign * self._part(blocks, name).astype(np.float64) + 0.0 for name, place in self.places.items()
        }
