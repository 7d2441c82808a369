"""What stands between the tokens and the output, by kernels: an embedding, recurrent layers, dense layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy

import numpy as np
from numpy import add, matmul

from rnncalc.engine.head import Dense, layers_of
from rnncalc.engine.kernels import ACTIVATIONS, COMPACT_UP_TO, KINDS, ONE_HOT_UP_TO, Cell, Compact, Simple
from rnncalc.engine.memory import zeros
from rnncalc.engine.parameters import STACK, Parameters, Place
from rnncalc.engine.recurrent import NUMBERS, Numbers
from rnncalc.language.trees import Array
from rnncalc.network.names import layered
from rnncalc.network.problem import Problem
from rnncalc.network.structure import Layer


def has_kernels(problem: Problem) -> bool:
    """Whether a network predicts tokens and all its cells and activations have kernels; others train by the trace."""
    used = {*(layer.activation for layer in problem.layers), *problem.head}
    cells = {kind_of(layer, problem.weights) for layer in problem.layers}
    return problem.predicts_tokens and used <= ACTIVATIONS.keys() and cells <= KINDS.keys()


def is_single(problem: Problem) -> bool:
    """Whether one recurrent layer alone stands between the tokens and the output."""
    return len(problem.layers) == 1 and not problem.structure.embedding and not problem.head


def kind_of(layer: Layer, weights: Mapping[str, Array]) -> str:
    """The cell of a layer, by its name in KINDS."""
    return "gru, reset after" if layer.name("bhn") in weights else layer.cell


def places_of(kinds: Iterable[tuple[str, str]], head: tuple[str, ...]) -> dict[str, Place]:
    """Where each weight stands: of recurrent layers, from their marks and kinds, and of the head with the output.

    The blocks of a further layer have its mark in their names, as its weights do: Wx_L2.
    """
    places = {"Wxe": Place("Wxe")}
    for mark, kind in kinds:
        for name, place in KINDS[kind].places.items():
            places[layered(name, mark)] = place._replace(block=layered(place.block, mark))
    for _, weight, bias, _ in layers_of(head):
        places |= {weight: Place(weight), bias: Place(bias)}
    return places


def parameters_of(problem: Problem, dtype: type[np.floating] = np.float64) -> Parameters:
    """The weights of a problem, laid out for its cells."""
    kinds = [(layer.mark, kind_of(layer, problem.weights)) for layer in problem.layers]
    stack = () if problem.structure.embedding else KINDS[kinds[0][1]].stack  # of a layer that reads tokens
    return Parameters(problem.weights, places_of(kinds, problem.head), stack, dtype)


def network_of(problem: Problem, parameters: Parameters, steps: int, streams: int) -> Cell | Layers:
    """What a window has between its tokens and the output."""
    make = cell_of if is_single(problem) else Layers
    return make(problem, parameters, steps, streams)


def cell_of(problem: Problem, parameters: Parameters, steps: int, streams: int) -> Cell:
    """The first layer over a window of tokens, by the kernel that is fastest for its size."""
    layer = problem.layers[0]
    kind = KINDS[kind_of(layer, problem.weights)].cell
    if kind is Simple and streams == 1 and STACK in parameters.block and parameters.block["Wx"].size <= COMPACT_UP_TO:
        kind = Compact
    return kind(parameters, steps, streams, layer.activation)


class Embedding:
    """e_t = Wxe · x_t: a row of the table for each token."""

    def __init__(self, parameters: Parameters, rows: int) -> None:
        self.table, self.slope = parameters.block["Wxe"], parameters.slope["Wxe"]
        tokens, width = self.table.shape
        self.e, self.de = (zeros((rows, width), parameters.dtype) for _ in range(2))
        self.one_hot = zeros((rows, tokens), parameters.dtype) if tokens <= ONE_HOT_UP_TO else None
        self.rows = np.arange(rows)
        self.tokens = self.rows

    def forward(self, tokens: Array) -> Array:
        """e of all steps and streams, rows × width."""
        self.tokens = tokens.ravel()
        self.table.take(self.tokens, axis=0, out=self.e, mode="clip")
        return self.e

    def backward(self, da: Array, wx: Array) -> None:
        """dWxe, from the gradients of the sums of the layer that reads e, and its weights."""
        matmul(da, wx.T, out=self.de)
        if self.one_hot is None:
            self.slope.fill(0)
            add.at(self.slope, self.tokens, self.de)
            return
        self.one_hot[self.rows, self.tokens] = 1
        matmul(self.one_hot.T, self.de, out=self.slope)
        self.one_hot[self.rows, self.tokens] = 0


class Layers:
    """An embedding, recurrent layers and dense layers over a window; to the output they are as one cell.

    ``h`` is what the output reads: the states of the last recurrent layer, or v of the last dense one; its last row is
    that of the last step. Backwards each layer is given the gradients of the sums of the layer that reads it.
    """

    def __init__(self, problem: Problem, parameters: Parameters, steps: int, streams: int) -> None:
        rows = steps * streams
        self.embedding = Embedding(parameters, rows) if problem.structure.embedding else None
        above = [layer.name("Wx") for layer in problem.layers[1:]]
        head = layers_of(problem.head)
        self.cells: list[Cell] = []
        self.places: dict[str, tuple[Cell, str]] = {}
        for layer, reads_it in zip(problem.layers, [*above, head[0][1]], strict=True):
            kind = kind_of(layer, problem.weights)
            seen = _seen(parameters, kind, layer.mark, reads_it)
            if self.cells or self.embedding:
                made: Cell = NUMBERS[kind](seen, steps, streams, layer.activation)
            else:
                made = cell_of(problem, seen, steps, streams)
            self.cells.append(made)
            self.places |= {layer.name(state): (made, state) for state in made.states}
        self.states = tuple(self.places)
        self.dense = [Dense(parameters, weight, bias, f, rows) for _, weight, bias, f in head[:-1]]
        self.h = self.dense[-1].v.reshape(steps, streams, -1) if self.dense else self.cells[-1].h
        self.why = parameters.block["Why"]
        self.dv = zeros((rows, len(self.why)), parameters.dtype)

    def state(self, name: str) -> Array:
        """The rows of a state, from before the first step to after the last."""
        cell, state = self.places[name]
        return cell.state(state)

    def forward(self, tokens: Array) -> None:
        """The states of all steps."""
        read = self.embedding.forward(tokens) if self.embedding else tokens
        for cell in self.cells:
            cell.forward(read)
            read = cell.h[1:].reshape(-1, cell.hidden)
        for dense in self.dense:
            read = dense.forward(read, None)

    def backward(self, dy: Array) -> None:
        """The gradients of the parameters but Why and by; dy are those of the scores, of the last steps or of all."""
        da = dy
        if self.dense:
            dv = self.dv
            dv[: -len(dy)] = 0  # no loss
            dy.dot(self.why.T, dv[-len(dy) :])
            for dense in self.dense[:0:-1]:
                dv = dense.backward(dv)
            da = self.dense[0].find_slopes(dv)
        for cell in reversed(self.cells):
            cell.backward(da)
            if isinstance(cell, Numbers):
                da = cell.da
        if self.embedding:
            self.embedding.backward(da, self.cells[0].wx)


def _seen(parameters: Parameters, kind: str, mark: str, reads_it: str) -> Parameters:
    """The parameters as a layer knows them: its blocks without its mark, and as Why the weights of what reads it."""
    seen = copy(parameters)
    blocks = {place.block for place in KINDS[kind].places.values()}
    if not mark:
        blocks.add(STACK)
    seen.block, seen.slope = (
        {name: found[layered(name, mark)] for name in blocks if layered(name, mark) in found} | {"Why": found[reads_it]}
        for found in (parameters.block, parameters.slope)
    )
    return seen
