"""What a network is made of, and the weights that it needs: one definition for problems that are read and drawn."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple, TypeVar

from rnncalc.network.cells import cell
from rnncalc.network.families import BV, BY, WHY, WV, WXE
from rnncalc.network.names import Name, layered

T = TypeVar("T")
Shape = tuple[int, int]


class Layer(NamedTuple):
    """A recurrent layer: its mark in names ("" for the first, "L2"), its kind of cell, its activation, its units."""

    mark: str
    cell: str
    activation: str
    hidden: int

    def name(self, bare: str) -> str:
        """The name of one of its weights: Whh, Whh_L2."""
        return layered(bare, self.mark)

    @property
    def states(self) -> tuple[str, ...]:
        """The names of what travels from step to step, without the time: h, c, h_L2; the one that is read first."""
        return tuple(self.name(state) for state in cell(self.cell).states)


class Dense(NamedTuple):
    """A dense layer of the head: its mark ("D1"), its units, its activation."""

    mark: str
    units: int
    activation: str

    def name(self, bare: str) -> str:
        """The name of its weight or bias: Wv_D1, bv_D1."""
        return layered(bare, self.mark)


class Structure(NamedTuple):
    """The sizes of a network: the numbers or tokens that a step reads, the columns of an embedding (0: none), the
    recurrent layers, the dense layers of the head, the outputs (0: none)."""

    inputs: int
    embedding: int
    layers: tuple[Layer, ...]
    head: tuple[Dense, ...]
    outputs: int

    def weights(self, recurrent: str = "matrix") -> Iterator[tuple[Name, Shape]]:
        """The weights that it may have, those that it can go without too, in the order in which they are used.

        ``recurrent``: scalar where a cell that can shares one number between its units.
        """
        width, shared = self.inputs, recurrent == "scalar"
        if self.embedding:
            yield Name(WXE), (self.embedding, width)
            width = self.embedding
        for layer in self.layers:
            for family in cell(layer.cell).weights:
                yield Name(family, layer=layer.mark), family.shape(layer.hidden, width, shared=shared)
            width = layer.hidden
        for dense in self.head:
            yield Name(WV, layer=dense.mark), (dense.units, width)
            yield Name(BV, layer=dense.mark), (dense.units, 1)
            width = dense.units
        if self.outputs:
            yield Name(WHY), (self.outputs, width)
            yield Name(BY), (self.outputs, 1)

    def arrays(self) -> dict[str, Name]:
        """The parts of the names of all its weights and initial states."""
        states = [
            Name(cell(layer.cell).family(state), 0, layer.mark)
            for layer in self.layers
            for state in cell(layer.cell).states
        ]
        return {name.text: name for name in [*(name for name, _ in self.weights()), *states]}

    def shapes(self, recurrent: str = "matrix") -> dict[str, Shape]:
        """The weights that it cannot do without, in the order in which they are used."""
        return {name.text: shape for name, shape in self.weights(recurrent) if not name.family.optional}

    def extras(self) -> dict[str, Shape]:
        """The weights that it may have or not: biases of dense layers and of the output, bhn of a gru."""
        return {name.text: shape for name, shape in self.weights() if name.family.optional}

    def in_order(self, names: Container[str]) -> list[str]:
        """The names of the weights that were found, each in the place where it is used."""
        return [name.text for name, _ in self.weights() if name.text in names]


def without_output(weights: Mapping[str, T]) -> dict[str, T]:
    """The weights of a network whose output and head are left out."""
    return {name: weight for name, weight in weights.items() if name not in ("Why", "by") and "_D" not in name}
