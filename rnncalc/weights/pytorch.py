"""PyTorch's names: a state dict as safetensors or NumPy keep it (rnn.weight_ih_l0, fc.bias), without its classes.

The kind of cell is told by the rows of weight_hh: H, 3H (gru: r, z, n) or 4H (lstm: i, f, g, o). PyTorch adds two
biases where one is enough; the second is apart only in the n of a gru, whose reset gate comes after the product (bhn).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from rnncalc.errors import FileError, ProblemError
from rnncalc.scalars import Array
from rnncalc.visible import brief
from rnncalc.weights.arrays import Arrays, column
from rnncalc.weights.network import GATES, Dense, Layer, Network, by

_RECURRENT = re.compile(r"(?P<module>(?:.+\.)?)(?:weight|bias)_[ih]h(?:_l(?P<layer>0|[1-9]\d{0,2}))?", re.ASCII)
_REFUSED = {
    r"_reverse$": "is of a bidirectional layer",
    r"weight_hr(_l\d+)?$": "is of an lstm with a projection",
    r"(running_mean|running_var|num_batches_tracked)$": "is of a batch normalisation",
    r"(in_proj_weight|in_proj_bias|out_proj\.(weight|bias))$": "is of an attention",
}
"""Names that tell of layers that are not read."""
_KINDS = {"F16": "float16", "BF16": "bfloat16", "C64": "complex64", "BOOL": "bool"}
_NUMBERS = {"F32": "<f4", "F64": "<f8"}
_MOST_ORDERED = 8
"""Modules that are tried in every order; more of them are read in the order of their names."""


class _Piece(NamedTuple):
    """A module as a part of a chain: how many numbers it reads and gives."""

    name: str
    reads: int
    gives: int


def read(content: bytes, file: str, activation: str | None, head_activations: Sequence[str]) -> Network:
    """The network of a .safetensors file."""
    try:
        from safetensors import deserialize
    except ImportError:
        raise FileError(f"{file} needs safetensors: pip install 'rnncalc[torch]'") from None
    unpack: Callable[[bytes], list[tuple[str, dict[str, Any]]]] = deserialize
    try:
        stored = sorted(unpack(content), key=itemgetter(0))  # they come in any order
    except Exception:  # its own kind of error, and others, for damaged files
        raise FileError(f"{file} is damaged or ends early: it is no whole .safetensors file.") from None
    arrays = {}
    for name, tensor in stored:
        kind = tensor["dtype"]
        if kind not in _NUMBERS:
            says = _KINDS.get(kind, kind)
            raise FileError(f"{file}: {brief(name)} holds {says} values; float32 and float64 are read.")
        arrays[name] = np.frombuffer(tensor["data"], _NUMBERS[kind]).reshape(tensor["shape"])
    return network(Arrays(file, arrays), activation, head_activations)


def network(arrays: Arrays, activation: str | None, head_activations: Sequence[str]) -> Network:
    """The network of a state dict."""
    for name in arrays:
        for pattern, words in _REFUSED.items():
            if re.search(pattern, name):
                raise FileError(f"{arrays.file}: {brief(name)} {words}, which is not read.")
    layers, notes = _layers(arrays, activation)
    embedding, linears, order_notes = _dense(arrays, layers)
    head, head_notes = _head(arrays, linears, layers[-1].hidden, head_activations)
    table = None if embedding is None else _table(arrays, embedding, layers[0])
    return Network(
        table, layers, head, None if head else "none", None, (embedding or "").removesuffix(".weight"),
        notes=(*notes, *order_notes, *head_notes),
    )  # fmt: skip


def _table(arrays: Arrays, name: str, first: Layer) -> Array:
    """An embedding with a column for each token; PyTorch keeps a row."""
    return arrays.take(name, None, first.inputs).T.copy()


def _layers(arrays: Arrays, activation: str | None) -> tuple[tuple[Layer, ...], tuple[str, ...]]:
    modules: dict[str, set[str]] = {}
    for match in filter(None, map(_RECURRENT.fullmatch, arrays)):
        modules.setdefault(match["module"], set()).add("" if match["layer"] is None else f"_l{match['layer']}")
    if not modules:
        raise FileError(f"{arrays.file} has no recurrent layer: no array is named like weight_ih_l0 and weight_hh_l0.")
    stacks = {module: _stack(arrays, module, endings, activation) for module, endings in modules.items()}
    pieces = [_Piece(name, stack[0].inputs, stack[-1].hidden) for name, stack in stacks.items()]
    orders = _orders(pieces)
    if not orders or (len(orders) > 1 and not _numbered(pieces)):
        names = " and ".join(brief(name.removesuffix(".")) for name in sorted(stacks))
        raise FileError(f"{arrays.file} has several recurrent modules, and {names} are no single chain of layers.")
    layers = tuple(layer for piece in orders[0] for layer in stacks[piece.name])
    if activation is None and layers[0].cell == "rnn":
        return layers, ("The file does not tell tanh from relu in its recurrent layers: tanh; else --activation relu.",)
    return layers, ()


def _stack(arrays: Arrays, module: str, endings: set[str], activation: str | None) -> list[Layer]:
    """The layers of one recurrent module."""
    expected = [f"_l{number}" for number in range(len(endings))] if endings != {""} else [""]
    missing = [ending for ending in expected if ending not in endings]
    if missing:
        raise FileError(f"{arrays.file} has no {brief(module)}weight_ih{missing[0]}, which its other arrays need.")
    layers: list[Layer] = []
    for number, ending in enumerate(expected, start=1):
        label = brief(module.removesuffix(".")) + (f", layer {number}" if len(expected) > 1 else "")
        reads = layers[-1].hidden if layers else None
        layers.append(_layer(arrays, module, ending, reads, activation, label.removeprefix(", ")))
    return layers


def _layer(arrays: Arrays, module: str, ending: str, reads: int | None, activation: str | None, label: str) -> Layer:
    names = {part: f"{module}{part}{ending}" for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
    recurrent = arrays.take(names["weight_hh"], None, None)
    rows, hidden = recurrent.shape
    cell = next((cell for cell, gates in GATES.items() if rows == len(gates) * hidden), None)
    if cell is None:
        needed = ", ".join(f"{by((len(gates) * hidden, hidden))} ({cell})" for cell, gates in GATES.items())
        raise FileError(
            f"{arrays.file}: {brief(names['weight_hh'])} is {by(recurrent.shape)}; it needs to be {needed}."
        )
    if cell != "rnn" and activation not in (None, "tanh"):
        raise ProblemError(
            "activation", f"PyTorch's {cell} has tanh, so {activation} cannot be the activation of {label}."
        )
    bias, second = np.zeros(rows), np.zeros(rows)
    if names["bias_ih"] in arrays or names["bias_hh"] in arrays:
        bias, second = arrays.take(names["bias_ih"], rows), arrays.take(names["bias_hh"], rows)
    found = split(cell, arrays.take(names["weight_ih"], rows, reads), recurrent, bias, second, GATES[cell], after=True)
    return Layer(cell, activation or "tanh", found, label or cell)


def split(
    cell: str, weight: Array, recurrent: Array, bias: Array, second: Array, gates: str, *, after: bool
) -> dict[str, Array]:
    """The arrays of each gate out of arrays that hold one gate below the other, in the order of ``gates``.

    weight G·H×n, recurrent G·H×H, and two biases G·H that are added; where a gru resets ``after`` the product, the
    second bias of n is apart.
    """
    found: dict[str, Array] = {}
    parts = (np.split(array, len(gates)) for array in (weight, recurrent, bias, second))
    for gate, of_input, of_state, one, other in zip(gates, *parts, strict=True):
        apart = cell == "gru" and gate == "n" and after
        found[f"Wx{gate}"], found[f"Wh{gate}"] = of_input, of_state
        found[f"b{gate}"] = column(one if apart else one + other)
        if apart:
            found["bhn"] = column(other)
    return found


def _dense(arrays: Arrays, layers: Sequence[Layer]) -> tuple[str | None, list[_Piece], tuple[str, ...]]:
    """The name of the embedding, the dense layers in order, and what is to be said of the order."""
    rest = [name for name in arrays if not _RECURRENT.fullmatch(name)]
    weights = [name for name in rest if name.rpartition(".")[2] == "weight" and len(arrays.shape(name)) == 2]
    biases = {_bias_of(name) for name in weights}
    for name in rest:
        if name not in weights and not (name in biases and len(arrays.shape(name)) == 1):
            shape = by(arrays.shape(name))
            words = (
                f"{brief(name)}, {shape}, is of no recurrent, embedding or dense layer, which are those that are read"
            )
            raise FileError(f"{arrays.file}: {words}.")
    lone = [name for name in weights if _bias_of(name) not in arrays]
    named = [name for name in lone if "emb" in name.lower()]
    if len(named) > 1:
        raise FileError(f"{arrays.file} has several embeddings: {brief(named[0])} and {brief(named[1])}.")
    linears = [_Piece(name, arrays.shape(name)[1], arrays.shape(name)[0]) for name in weights if name not in named]
    hidden = layers[-1].hidden
    embedding, orders = next(iter(named), None), _orders(linears, hidden)
    if not orders and not named and len(linears) <= _MOST_ORDERED:
        for name in (name for name in lone if arrays.shape(name)[1] == layers[0].inputs):
            others = [piece for piece in linears if piece.name != name]
            if found := _orders(others, hidden):
                embedding, orders = name, found
                break
    if not orders:
        raise FileError(_unchained(arrays.file, linears, hidden))
    notes: tuple[str, ...] = ()
    if len(orders) > 1 and not _numbered(linears):
        names = ", ".join(brief(piece.name.removesuffix(".weight")) for piece in orders[0])
        notes = (f"The file does not tell the order of its dense layers: that of their names is taken, {names}.",)
    return embedding, orders[0], notes


def _bias_of(weight: str) -> str:
    return f"{weight.removesuffix('weight')}bias"


def _unchained(file: str, linears: Sequence[_Piece], hidden: int) -> str:
    if len(linears) == 1:
        name, reads, gives = linears[0]
        return f"{file}: {brief(name)} is {by((gives, reads))}; it needs to be {by((gives, hidden))}."
    shapes = ", ".join(f"{brief(piece.name)} {by((piece.gives, piece.reads))}" for piece in linears)
    return f"{file}: its dense layers are no single chain that reads the {hidden} units before them: {shapes}."


def _head(
    arrays: Arrays, linears: Sequence[_Piece], hidden: int, said: Sequence[str]
) -> tuple[tuple[Dense, ...], tuple[str, ...]]:
    labels = [brief(piece.name.removesuffix("weight").removesuffix(".")) for piece in linears]
    activations, notes = dense_activations(arrays.file, labels, said)
    head = []
    for (name, reads, gives), activation, label in zip(linears, activations, labels, strict=True):
        bias = column(arrays.take(_bias_of(name), gives)) if _bias_of(name) in arrays else None
        head.append(Dense(arrays.take(name, gives, reads), bias, activation, label or "dense"))
    return tuple(head), notes


def dense_activations(file: str, labels: Sequence[str], said: Sequence[str]) -> tuple[Sequence[str], tuple[str, ...]]:
    """An activation for each dense layer of a file that tells none, and what is to be said of it."""
    count = len(labels)
    if said and len(said) not in (count - 1, count):
        says = (
            f"{file} has {len(labels)} dense layers ({', '.join(labels)})" if labels else f"{file} has no dense layer"
        )
        raise ProblemError("head_activations", f"{says}, and activations are named for {len(said)}.")
    if count > 1 and not said:
        raise FileError(
            f"{file} does not tell the activations of its dense layers: --head-activation needs names for "
            f"{', '.join(labels[:-1])}, with commas between."
        )
    if len(said) == count:
        return said, ()
    note = f"The file does not tell what follows its last dense layer, {labels[-1]}: nothing; else --output-function."
    return (*said, "linear"), (note,)


def _numbered(pieces: Iterable[_Piece]) -> bool:
    """Whether the names differ in a number only, which then tells their order."""
    return len({re.sub(r"\d+", "0", piece.name) for piece in pieces}) == 1


def _natural(piece: _Piece) -> list[tuple[int, str]]:
    """A key that sorts fc2 before fc10."""
    parts = re.split(r"(\d+)", piece.name)
    return [(len(part.lstrip("0")), part.lstrip("0")) if i % 2 else (0, part) for i, part in enumerate(parts)]


def _orders(pieces: Sequence[_Piece], reads: int | None = None) -> list[list[_Piece]]:
    """Up to two orders in which each module reads what the one before it gives, that of the names first."""
    pieces = sorted(pieces, key=_natural)
    tried = _every_order(pieces, reads) if len(pieces) <= _MOST_ORDERED else _if_chained(pieces, reads)
    return [order for order, _ in zip(tried, range(2), strict=False)]


def _every_order(pieces: Sequence[_Piece], reads: int | None) -> Iterator[list[_Piece]]:
    if not pieces:
        yield []
    for i, piece in enumerate(pieces):
        if reads in (None, piece.reads):
            for rest in _every_order([*pieces[:i], *pieces[i + 1 :]], piece.gives):
                yield [piece, *rest]


def _if_chained(pieces: Sequence[_Piece], reads: int | None) -> Iterator[list[_Piece]]:
    given = [reads, *(piece.gives for piece in pieces)]
    if all(before in (None, piece.reads) for before, piece in zip(given, pieces, strict=False)):
        yield list(pieces)
