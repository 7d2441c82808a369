"""What a network is made of, and the weights that it needs: one definition for problems that are read and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rnncalc.network import names
from rnncalc.network.cells import cell

Shape = tuple[int, int]


class Layer(NamedTuple):
    """A recurrent layer: its mark in names ("" for the first, "L2"), its kind of cell, its activation, its units."""

    mark: str
    cell: str
    activation: str
    hidden: int

    def name(self, bare: str) -> str:
        """The name of one of its weights: Whh, Whh_L2."""
        return names.layered(bare, self.mark)

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
        return names.layered(bare, self.mark)


class Structure(NamedTuple):
    """The sizes of a network: the numbers or tokens that a step reads, the columns of an embedding (0: none), the
    recurrent layers, the dense layers of the head, the outputs (0: none)."""

    inputs: int
    embedding: int
    layers: tuple[Layer, ...]
    head: tuple[Dense, ...]
    outputs: int

    def shapes(self, recurrent: str = "matrix") -> dict[str, Shape]:
        """The weights that it cannot do without, in the order in which they are used."""
        shapes: dict[str, Shape] = {}
        width = self.inputs
        if self.embedding:
            shapes["Wxe"] = (self.embedding, width)
            width = self.embedding
        for layer in self.layers:
            needed = cell(layer.cell).shapes(layer.hidden, width, recurrent)
            shapes |= {layer.name(bare): shape for bare, shape in needed.items()}
            width = layer.hidden
        for dense in self.head:
            shapes[dense.name("Wv")] = (dense.units, width)
            width = dense.units
        if self.outputs:
            shapes["Why"] = (self.outputs, width)
        return shapes

    def extras(self) -> dict[str, Shape]:
        """The weights that it may have or not: biases of dense layers and of the output, bhn of a gru."""
        shapes: dict[str, Shape] = {}
        for layer in self.layers:
            more = cell(layer.cell).extras(layer.hidden, 1)
            shapes |= {layer.name(bare): shape for bare, shape in more.items()}
        shapes |= {dense.name("bv"): (dense.units, 1) for dense in self.head}
        return shapes | ({"by": (self.outputs, 1)} if self.outputs else {})

    def in_order(self, found: Mapping[str, object]) -> list[str]:
        """The names of the weights that were found, each in the place where it is used."""
        order = list(self.shapes())
        for name in self.extras():
            behind = {"bv": name.replace("bv", "Wv"), "by": "Why", "bh": name.replace("bhn", "bn")}[name[:2]]
            order.insert(order.index(behind) + 1, name)
        return [name for name in order if name in found]


def layer_count(found: Mapping[str, object], letter: str) -> int:
    """How many layers the names of some weights speak of: "L" recurrent ones, "D" dense ones."""
    marks = [names.split(name).layer for name in found]
    numbers = [int(mark[1:]) for mark in marks if mark.startswith(letter)]
    return max([1 if letter == "L" else 0, *numbers])
