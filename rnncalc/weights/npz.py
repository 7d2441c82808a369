"""NumPy's .npz: a state dict of PyTorch, what Keras's get_weights() gave, or arrays by the names of this package (Wxh,
bh_L2, Wv_D1, Why, Wxe) or of a course."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnncalc.errors import FileError
from rnncalc.io.visible import brief
from rnncalc.language.functions import activation_names
from rnncalc.language.trees import Array
from rnncalc.weights import courses, get_weights, pytorch
from rnncalc.weights.arrays import Arrays, column
from rnncalc.weights.network import GATES, Dense, Layer, Network, head_activations
from rnncalc.weights.own_file import MARK, read_marked
from rnncalc.weights.reading_options import LAYOUTS, ReadingOptions

_RECURRENT = re.compile(r"(?P<name>(?:W[xh]|b)[hifgorzn]|bhn)(?:_L(?P<layer>[2-9]|[1-9]\d{1,2}))?")
_DENSE = re.compile(r"[Wb]v_D(?P<number>[1-9]\d{0,2})")
_OTHERS = ("Wxe", "Why", "by")


def read(content: bytes, file: str, options: ReadingOptions) -> Network:
    """The network of a .npz file."""
    marked, stored = read_marked(content, file)
    return network(stored, marked, file, options)


def network(stored: Mapping[str, Array], marked: dict[str, Any] | None, file: str, options: ReadingOptions) -> Network:
    """The network of arrays by their names; ``marked`` is what rnncalc stored beside them."""
    if marked is None and get_weights.are(stored):
        return get_weights.network(Arrays(file, stored), options)
    stored, notes = courses.renamed(stored) if marked is None else (stored, ())
    own = [name for name in stored if name in _OTHERS or _RECURRENT.fullmatch(name) or _DENSE.fullmatch(name)]
    if not own and marked is None:
        return pytorch.network(Arrays(file, stored), options)
    strange = [name for name in stored if name not in own]
    if strange:
        raise FileError(f"{file}: {brief(strange[0])} is not the name of a weight that rnncalc knows.")
    options.refuse(file, order="gives the order of its layers by their names. Leave out --order.")
    if marked is not None:
        options.refuse(file, layout="was written by rnncalc, in columns. Leave out --matrices.")
        return _own(Arrays(file, stored), marked, options)
    network_read, more = _laid_out(Arrays(file, stored), options)
    return network_read._replace(notes=(*notes, *more, *network_read.notes))


def _laid_out(arrays: Arrays, options: ReadingOptions) -> tuple[Network, tuple[str, ...]]:
    """The network in the layout that was told, or the only one that the shapes fit, and what is to be said of it."""
    # as a network that computes W·x has what one has that computes x·W
    raw = {name: arrays.raw(name) for name in arrays}
    turned = Arrays(arrays.file, {name: array.T if array.ndim == 2 else array for name, array in raw.items()})
    tried = {"columns": arrays, "rows": turned}
    fitting, refusals = {}, {}
    shared = any(arrays.shape(name) == (1, 1) for name in arrays if name.startswith("Whh"))
    for layout in (
        (options.layout,) if options.layout else LAYOUTS[:1] if shared else LAYOUTS
    ):  # rnncalc alone shares a number
        try:
            fitting[layout] = _own(tried[layout], None, options).checked(arrays.file)
        except FileError as refusal:
            refusals[layout] = refusal
    if not fitting:
        raise next(iter(refusals.values()))
    if len(fitting) > 1 and any((arrays.raw(name) != turned.raw(name)).any() for name in arrays if name[0] == "W"):
        raise FileError(
            f"{arrays.file} does not say whether its matrices have a column (W·x) or a row (x·W) for each input "
            "number, and both fit. Use --matrices columns or --matrices rows."
        )
    layout, network = next(iter(fitting.items()))
    said = ("Its matrices have a row for each input number (x·W), as their shapes show, so they are transposed.",)
    return network, said if layout == "rows" and not options.layout else ()


def _own(arrays: Arrays, marked: dict[str, Any] | None, options: ReadingOptions) -> Network:
    """The network of arrays by the names of this package."""
    activation, head_activations = options.activation, options.head_activations
    dense = _dense_names(arrays)
    if marked is not None:
        activation = activation or _known(marked.get("activation", "tanh"), activation_names(), arrays.file)
        head_activations = head_activations or _marked_head(marked, len(dense), arrays.file)
    embedding = arrays.take("Wxe", None, None) if "Wxe" in arrays else None
    layers = tuple(_layers(arrays, activation or "tanh"))
    head, notes = _head(arrays, dense, head_activations)
    label = "" if embedding is None else "Wxe"
    return Network(embedding, layers, head, None if head else "none", None, label, notes=notes)


def _layers(arrays: Arrays, activation: str) -> list[Layer]:
    """The recurrent layers, each told by the names of its arrays."""
    names: dict[int, set[str]] = {}
    for match in filter(None, map(_RECURRENT.fullmatch, arrays)):
        names.setdefault(int(match["layer"] or 1), set()).add(match["name"])
    if sorted(names) != list(range(1, len(names) + 1)) or not names:
        missing = next(number for number in range(1, len(names) + 2) if number not in names)
        raise FileError(
            f"{arrays.file} has no recurrent layer {missing}: it has no array such as {_named('Wxh', missing)}."
        )
    return [_layer(arrays, number, names[number], activation) for number in sorted(names)]


def _layer(arrays: Arrays, number: int, names: set[str], activation: str) -> Layer:
    fitting = [cell for cell, gates in GATES.items() if names & {f"W{of}{gate}" for gate in gates for of in "xh"}]
    if len(fitting) != 1:
        raise FileError(f"{arrays.file}: the arrays of layer {number} do not belong to a single kind of cell.")
    cell = fitting[0]
    bias = {"bhn"} if cell == "gru" else set()
    strange = names - {f"{of}{gate}" for gate in GATES[cell] for of in ("Wx", "Wh", "b")} - bias
    if strange:
        raise FileError(f"{arrays.file}: {_named(min(strange), number)} is not a weight of a {cell} layer.")
    weights = {}
    for gate in GATES[cell]:
        for of in ("Wx", "Wh"):
            weights[f"{of}{gate}"] = arrays.take(_named(f"{of}{gate}", number), None, None)
        weights[f"b{gate}"] = _bias(arrays, _named(f"b{gate}", number), len(weights[f"Wx{gate}"]))
    if "bhn" in names:
        weights["bhn"] = _bias(arrays, _named("bhn", number), len(weights["Wxn"]))
    return Layer(cell, activation, weights, f"layer {number}")


def _named(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_L{number}"


def _bias(arrays: Arrays, name: str, rows: int) -> Array:
    """A bias as a column, of zeros where the file has none; a vector is one too."""
    if name not in arrays:
        return np.zeros((rows, 1))
    return column(arrays.take(name, None)) if len(arrays.shape(name)) == 1 else arrays.take(name, None, None)


def _dense_names(arrays: Arrays) -> list[tuple[str, str]]:
    """The names of the weight and the bias of each dense layer, the output layer last."""
    numbers = [int(match["number"]) for match in filter(None, map(_DENSE.fullmatch, arrays))]
    names = [(f"Wv_D{number}", f"bv_D{number}") for number in range(1, max(numbers, default=0) + 1)]
    return [*names, ("Why", "by")] if names or "Why" in arrays or "by" in arrays else []


def _head(
    arrays: Arrays, names: Sequence[tuple[str, str]], activations: Sequence[str]
) -> tuple[tuple[Dense, ...], tuple[str, ...]]:
    weights = [arrays.take(weight, None, None) for weight, _ in names]
    labels = [weight for weight, _ in names]
    activation_of_each, notes = pytorch.dense_activations(arrays.file, labels, activations)
    biases = [
        _bias(arrays, bias, len(weight)) if bias in arrays else None
        for weight, (_, bias) in zip(weights, names, strict=True)
    ]
    return tuple(map(Dense, weights, biases, activation_of_each, labels)), notes


def _marked_head(marked: Mapping[str, Any], count: int, file: str) -> list[str]:
    names = marked.get("head_activations", ["linear"] * count)
    if not isinstance(names, list) or len(names) != count:
        raise FileError(f"{file}: the head_activations of {MARK} must be names, one for each dense layer.")
    return [_known(name, head_activations(), file) for name in names]


def _known(name: object, known: Sequence[str], file: str) -> str:
    if name not in known:
        raise FileError(f"{file}: {MARK} names the activation {brief(name)}; it needs one of {', '.join(known)}.")
    return str(name)
