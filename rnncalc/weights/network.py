"""A network as a weight file tells it: plain arrays by the names of this package, whatever framework wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from rnncalc.errors import FileError
from rnncalc.language.functions import activation_names
from rnncalc.language.trees import Array

GATES: Mapping[str, str] = {"rnn": "h", "lstm": "ifgo", "gru": "rzn"}
"""The letters behind Wx, Wh and b, by the kind of cell, in PyTorch's order."""

Outputs = Literal["every", "last", "none"]


def head_activations() -> tuple[str, ...]:
    """The activations of the last dense layer; the layers before it have no softmax."""
    return (*activation_names(), "softmax")


class Layer(NamedTuple):
    """A recurrent layer.

    ``cell`` is rnn, lstm or gru; ``arrays`` are its weights in float64 by the names of a first layer: Wx… H×n, Wh…
    H×H, b… H×1, where … is h for rnn, one of i f g o for lstm, one of r z n for gru. A gru with ``bhn`` has its reset
    gate after the product. An rnn may share one number: Whh and bh 1×1. ``label`` is what the file calls the layer.
    """

    cell: str
    activation: str
    arrays: dict[str, Array]
    label: str

    @property
    def inputs(self) -> int:
        """How many numbers a step reads."""
        return int(self.arrays[f"Wx{GATES[self.cell][0]}"].shape[1])

    @property
    def hidden(self) -> int:
        """How many units it has."""
        return int(self.arrays[f"Wx{GATES[self.cell][0]}"].shape[0])


class Dense(NamedTuple):
    """A dense layer, activation(weight · v + bias): weight outputs×inputs, bias outputs×1 or None."""

    weight: Array
    bias: Array | None
    activation: str
    label: str


class Network(NamedTuple):
    """What a weight file holds.

    ``embedding`` has a column for each token; ``head`` ends with the output layer. ``outputs`` is None where the file
    does not tell, ``steps`` is set where it fixes their number. ``mask_zero``: token 0 is padding, and steps that read
    it are passed over; so are steps whose numbers are all ``mask_value``. ``before`` are dense layers between what is
    read and the first recurrent layer. ``notes`` are sentences for whoever reads the file.
    """

    embedding: Array | None
    layers: tuple[Layer, ...]
    head: tuple[Dense, ...]
    outputs: Outputs | None
    steps: int | None
    embedding_label: str = ""
    mask_zero: bool = False
    notes: tuple[str, ...] = ()
    before: tuple[Dense, ...] = ()
    mask_value: float | None = None

    @property
    def inputs(self) -> int:
        """How many numbers, or different tokens, a step reads."""
        if self.embedding is not None:
            return int(self.embedding.shape[1])
        return int(self.before[0].weight.shape[1]) if self.before else self.layers[0].inputs

    def checked(self, file: str) -> Network:
        """The same network; raises FileError where the shape of an array does not fit the arrays before it."""
        reads = None if self.embedding is None else int(self.embedding.shape[0])
        for dense in self.before:
            reads = _check_dense(file, dense, reads, last=False)
        for layer in self.layers:
            _check_layer(file, layer, reads)
            reads = layer.hidden
        for number, dense in enumerate(self.head, start=1):
            reads = _check_dense(file, dense, reads, last=number == len(self.head))
        return self


def _check_dense(file: str, dense: Dense, reads: int | None, *, last: bool) -> int:
    """How many numbers a dense layer gives; what it reads has to fit."""
    rows, columns = dense.weight.shape
    _check(file, f"the weight of {dense.label}", dense.weight, (rows, reads or columns))
    if dense.bias is not None:
        _check(file, f"the bias of {dense.label}", dense.bias, (rows, 1))
    if dense.activation == "softmax" and not last:
        raise FileError(f"{file}: {dense.label} has a softmax, but only the last dense layer can have one.")
    return int(rows)


def _check_layer(file: str, layer: Layer, reads: int | None) -> None:
    hidden = layer.hidden
    for gate in GATES[layer.cell]:
        needs = {f"Wx{gate}": (hidden, reads or layer.inputs), f"Wh{gate}": (hidden, hidden), f"b{gate}": (hidden, 1)}
        for name, shape in needs.items():
            array = layer.arrays[name]
            if not (layer.cell == "rnn" and name != "Wxh" and array.shape == (1, 1)):
                _check(file, f"{name} of {layer.label}", array, shape)
    if "bhn" in layer.arrays:
        _check(file, f"bhn of {layer.label}", layer.arrays["bhn"], (hidden, 1))


def _check(file: str, what: str, array: Array, needed: tuple[int | None, ...]) -> None:
    if array.shape != needed:
        raise FileError(f"{file}: {what} is {by(array.shape)}; it needs to be {by(needed)}.")


def by(shape: tuple[int | None, ...]) -> str:
    """A shape as people write it: 3×4, or n×4 where the number of rows is free."""
    return "×".join("n" if size is None else str(size) for size in shape) or "a single number"
