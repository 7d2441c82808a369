"""PyTorch's names: a state dict as safetensors or NumPy keep it (rnn.weight_ih_l0, fc.bias), without its classes.

The kind of cell is told by the rows of weight_hh: H, 3H (gru: r, z, n) or 4H (lstm: i, f, g, o). PyTorch adds two
biases where one is enough; the second is apart only in the n of a gru, whose reset gate comes after the product (bhn).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from rnncalc.errors import FileError, ProblemError
from rnncalc.io.visible import brief
from rnncalc.language.trees import Array
from rnncalc.weights import chain as chains
from rnncalc.weights.arrays import READ_KINDS, Arrays, column, from_bfloat16
from rnncalc.weights.chain import DENSE, EMBEDDING, RECURRENT, Chain, Piece
from rnncalc.weights.network import GATES, Dense, Layer, Network, by
from rnncalc.weights.reading_options import ReadingOptions

_RECURRENT = re.compile(r"(?P<module>(?:.+\.)?)(?:weight|bias)_[ih]h(?:_l(?P<layer>0|[1-9]\d{0,2}))?", re.ASCII)
_REFUSED = {
    r"_reverse$": "belongs to a bidirectional layer, which rnncalc cannot read; use a model with one direction",
    r"weight_hr(_l\d+)?$": "belongs to an lstm with a projection, which rnncalc cannot read",
    r"(running_mean|running_var|num_batches_tracked)$": ("belongs to a batch normalisation, which rnncalc cannot read"),
    r"(in_proj_weight|in_proj_bias|out_proj\.(weight|bias))$": (
        "belongs to an attention layer, which rnncalc cannot read"
    ),
    r"(^|\.)lora_": "belongs to an adapter (LoRA); merge it first: model.merge_and_unload() of peft",
}
"""Names that tell of layers that are not read."""
_NUMBERS = {"F16": "<f2", "BF16": "<u2", "F32": "<f4", "F64": "<f8"}
_KINDS = {"C64": "complex64", "BOOL": "bool"}
"""What a message calls the numbers that safetensors abbreviates otherwise than by a letter and the bits."""
_EMBEDDING = re.compile(r"embed|(?<![a-z])emb|(?<![a-z])wte(?![a-z])", re.IGNORECASE)


def read(content: bytes, file: str, options: ReadingOptions) -> Network:
    """The network of a .safetensors file."""
    return network(Arrays(file, tensors(content, file)), options)


def tensors(content: bytes, file: str) -> dict[str, Array]:
    """The arrays of a .safetensors file by their names."""
    try:
        from safetensors import deserialize
    except ImportError:
        raise FileError(f"{file} needs safetensors: pip install 'rnncalc[torch]'") from None
    unpack: Callable[[bytes], list[tuple[str, dict[str, Any]]]] = deserialize
    try:
        stored = sorted(unpack(content), key=itemgetter(0))  # they come in any order
    except Exception:  # its own kind of error, and others, for damaged files
        raise FileError(f"{file} is damaged or incomplete: it is not a complete .safetensors file.") from None
    arrays = {}
    for name, tensor in stored:
        kind = tensor["dtype"]
        if kind not in _NUMBERS:
            raise FileError(f"{file}: {brief(name)} has {_KINDS.get(kind, kind)} values; rnncalc reads {READ_KINDS}.")
        numbers = np.frombuffer(tensor["data"], _NUMBERS[kind]).reshape(tensor["shape"])
        arrays[name] = from_bfloat16(numbers) if kind == "BF16" else numbers
    return arrays


def network(arrays: Arrays, options: ReadingOptions) -> Network:
    """The network of a state dict."""
    options.refuse(arrays.file, layout="stores its matrices as PyTorch does; --matrices is only for NumPy arrays.")
    for name in arrays:
        for pattern, words in _REFUSED.items():
            if re.search(pattern, name):
                raise FileError(f"{arrays.file}: {brief(name)} {words}.")
    stacks = _stacks(arrays, options.activation)
    weights = _weights(arrays)
    pieces = [Piece(name, RECURRENT, stack[0].inputs, stack[-1].hidden) for name, stack in stacks.items()]
    pieces += [piece for name, weight in weights.items() for piece in _pieces(arrays, name, weight)]
    chain, notes = _chain(arrays.file, pieces, options)
    layers = tuple(layer for piece in chain if piece.kind == RECURRENT for layer in stacks[piece.name])
    if options.activation is None and any(layer.cell == "rnn" for layer in layers):
        notes.append(
            "The file does not say whether its recurrent layers use tanh or relu, so they use tanh; use "
            "--activation relu to change this."
        )
    if not any(match[0].rpartition(".")[2].startswith("bias") for match in map(_RECURRENT.fullmatch, arrays) if match):
        notes.append("The file has no biases for its recurrent layers, so none are added.")
    before, head, more = _dense(arrays, chain, weights, options.head_activations)
    embedded = chain[0].kind == EMBEDDING
    table = arrays.take(weights[chain[0].name], None, None).T.copy() if embedded else None  # PyTorch keeps a row each
    return Network(
        table, layers, head, None if head else "none", None, brief(chain[0].name) if embedded else "",
        notes=(*notes, *more), before=before,
    )  # fmt: skip


def _stacks(arrays: Arrays, activation: str | None) -> dict[str, list[Layer]]:
    """The recurrent modules by their names; one without a name is called by its cell."""
    modules: dict[str, set[str]] = {}
    for match in filter(None, map(_RECURRENT.fullmatch, arrays)):
        modules.setdefault(match["module"], set()).add("" if match["layer"] is None else f"_l{match['layer']}")
    if not modules:
        raise FileError(
            f"{arrays.file} has no recurrent layer; it needs arrays with names such as weight_ih_l0 and weight_hh_l0."
        )
    stacks = {}
    for module, endings in modules.items():
        stack = _stack(arrays, module, endings, activation)
        stacks[module.removesuffix(".") or stack[0].cell] = stack
    return stacks


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
        raise ProblemError("activation", f"PyTorch's {cell} uses tanh, so {label or 'it'} cannot have {activation}.")
    bias, second = np.zeros(rows), np.zeros(rows)
    if names["bias_ih"] in arrays or names["bias_hh"] in arrays:
        bias, second = arrays.take(names["bias_ih"], rows), arrays.take(names["bias_hh"], rows)
    weights = split(
        cell, arrays.take(names["weight_ih"], rows, reads), recurrent, bias, second, GATES[cell], after=True
    )
    return Layer(cell, activation or "tanh", weights, label or cell)


def split(
    cell: str, weight: Array, recurrent: Array, bias: Array, second: Array, gates: str, *, after: bool
) -> dict[str, Array]:
    """The arrays of each gate, in this package's order, out of arrays that hold one below the other, as ``gates`` says.

    weight G·H×n, recurrent G·H×H, and two biases G·H that are added; where a gru resets ``after`` the product, the
    second bias of n is apart.
    """
    weights: dict[str, Array] = {}
    parts = (np.split(array, len(gates)) for array in (weight, recurrent, bias, second))
    for gate, of_input, of_state, one, other in zip(gates, *parts, strict=True):
        apart = cell == "gru" and gate == "n" and after
        weights[f"Wx{gate}"], weights[f"Wh{gate}"] = of_input, of_state
        weights[f"b{gate}"] = column(one if apart else one + other)
        if apart:
            weights["bhn"] = column(other)
    order = [f"{of}{gate}" for gate in GATES[cell] for of in ("Wx", "Wh", "b")]
    return {name: weights[name] for name in (*order, "bhn") if name in weights}


def _weights(arrays: Arrays) -> dict[str, str]:
    """The matrices of dense layers and embeddings, by the names of their modules."""
    rest = [name for name in arrays if not _RECURRENT.fullmatch(name)]
    weights = [name for name in rest if name.rpartition(".")[2] == "weight" and len(arrays.shape(name)) == 2]
    biases = {_bias_of(name) for name in weights}
    for name in rest:
        if name not in weights and not (name in biases and len(arrays.shape(name)) == 1):
            shape = by(arrays.shape(name))
            words = (
                f"{brief(name)}, {shape}, does not belong to a recurrent, embedding or dense layer, the only ones "
                "that rnncalc reads"
            )
            raise FileError(f"{arrays.file}: {words}.")
    return {name.removesuffix("weight").removesuffix(".") or DENSE: name for name in weights}


def _bias_of(weight: str) -> str:
    return f"{weight.removesuffix('weight')}bias"


def _pieces(arrays: Arrays, name: str, weight: str) -> list[Piece]:
    """What a matrix may be, what it is taken for first: an embedding where it is named so and has no bias."""
    rows, columns = arrays.shape(weight)
    dense, table = Piece(name, DENSE, columns, rows), Piece(name, EMBEDDING, rows, columns)
    if _bias_of(weight) in arrays:
        return [dense]
    own = next((part for part in reversed(name.split(".")) if not part.isdecimal()), "")
    return [table, dense] if _EMBEDDING.search(own) else [dense, table]


def _chain(file: str, pieces: Sequence[Piece], options: ReadingOptions) -> tuple[Chain, list[str]]:
    """The layers in their order, and what is to be said of it."""
    taken = list({piece.name: piece for piece in reversed(pieces)}.values())[::-1]
    if options.order:
        chain = chains.in_order(file, options.order, pieces)
        left = [brief(piece.name) for piece in taken if piece.name not in {piece.name for piece in chain}]
        return chain, [f"{', '.join(left)} in the file {'is' if len(left) == 1 else 'are'} not used."] if left else []
    tables = [piece for piece in taken if piece.kind == EMBEDDING]
    if len(tables) > 1:
        names = " and ".join(f"{brief(piece.name)}.weight" for piece in tables[:2])
        raise FileError(
            f"{file} has several embeddings: {names}. Use --order to name the layers that are used, in order."
        )
    readings = chains.readings(taken)
    if not readings:
        raise FileError(_unchained(file, taken, pieces))
    if len(readings) > 1:
        raise chains.ambiguous(file, [*readings, *_as_table(taken, pieces)])
    if len(readings[0]) == 1:
        return readings[0], []
    return readings[0], [
        (f"Read as {chains.written(readings[0])}. The file does not say the order; use --order to change it.")
    ]


def _as_table(taken: Sequence[Piece], pieces: Sequence[Piece]) -> list[Chain]:
    """The layers with a matrix for an embedding that is not named so, where they fit so."""
    if any(piece.kind == EMBEDDING for piece in taken):
        return []
    tables = [piece for piece in pieces if piece.kind == EMBEDDING]
    readings = (chains.readings([table, *(piece for piece in taken if piece.name != table.name)]) for table in tables)
    return [chain for reading in readings for chain in reading[:1]][:1]


def _unchained(file: str, taken: Sequence[Piece], pieces: Sequence[Piece]) -> str:
    """Why the layers are no chain, and the way out."""
    recurrent, dense = ([piece for piece in taken if piece.kind == kind] for kind in (RECURRENT, DENSE))
    tables = [piece for piece in taken if piece.kind == EMBEDDING]
    if not chains.readings(recurrent):
        names = " and ".join(brief(piece.name) for piece in recurrent)
        return (
            f"{file} has several recurrent modules, and {names} are not a single chain of layers. Use --order to "
            f"name those that are used, such as --order {brief(recurrent[0].name)}."
        )
    for chain in _as_table(taken, pieces):
        name, _, reads, gives = chain[0]
        return (
            f"{file}: {brief(name)}.weight, {by((reads, gives))}, fits only as an embedding, but its name does not "
            f"say so. Use --order {chains.written(chain)} to read it as one."
        )
    if tables and (not dense or chains.readings([*recurrent, *dense])):
        name, _, reads, gives = tables[0]
        return f"{file}: {brief(name)}.weight is {by((reads, gives))}; it needs to be n×{recurrent[0].reads}."
    hidden = recurrent[-1].gives
    if len(dense) == 1:
        name, _, reads, gives = dense[0]
        return f"{file}: {brief(name)}.weight is {by((gives, reads))}; it needs to be {by((gives, hidden))}."
    shapes = ", ".join(f"{brief(piece.name)}.weight {by((piece.gives, piece.reads))}" for piece in dense)
    return (
        f"{file}: its dense layers are not a single chain that reads the {hidden} units before them: {shapes}. Use "
        "--order to name the layers that are used, in order."
    )


def _dense(
    arrays: Arrays, chain: Chain, weights: Mapping[str, str], said: Sequence[str]
) -> tuple[tuple[Dense, ...], tuple[Dense, ...], tuple[str, ...]]:
    """The dense layers before the recurrent ones and those behind them, and what is to be said of them."""
    pieces = [piece for piece in chain if piece.kind == DENSE]
    first = [piece.kind for piece in chain if piece.kind != EMBEDDING].index(RECURRENT)
    labels = [brief(piece.name) for piece in pieces]
    activations, notes = dense_activations(arrays.file, labels, said, head=len(pieces) > first)
    made = []
    for piece, activation, label in zip(pieces, activations, labels, strict=True):
        bias = _bias_of(weights[piece.name])
        added = column(arrays.take(bias, piece.gives)) if bias in arrays else None
        made.append(Dense(arrays.take(weights[piece.name], piece.gives, piece.reads), added, activation, label))
    return tuple(made[:first]), tuple(made[first:]), notes


def dense_activations(
    file: str, labels: Sequence[str], said: Sequence[str], *, head: bool = True
) -> tuple[Sequence[str], tuple[str, ...]]:
    """An activation for each dense layer of a file that tells none, and what is to be said of it; the last one may go
    without saying where it is the output of the network (``head``)."""
    count = len(labels)
    silent = 1 if head and count else 0
    if said and len(said) not in (count - silent, count):
        says = f"{file} has {count} dense layers ({', '.join(labels)})" if labels else f"{file} has no dense layer"
        raise ProblemError("head_activations", f"{says}, but the number of activations given is {len(said)}.")
    if count > silent and not said:
        raise FileError(
            f"{file} does not say the activations of its dense layers. Use --head-activation with names for "
            f"{', '.join(labels[: count - silent])}, separated by commas."
        )
    if len(said) == count:
        return said, ()
    note = (
        f"The file does not say which activation follows its last dense layer, {labels[-1]}, so there is none; "
        "use --output-function to change this."
    )
    return (*said, "linear"), (note,)
