"""A list of arrays without names, as Keras's model.get_weights() gives it: kernels, recurrent kernels and biases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rnncalc.errors import FileError
from rnncalc.language.trees import Array
from rnncalc.weights.arrays import Arrays, column
from rnncalc.weights.keras import KERAS_GATES
from rnncalc.weights.network import GATES, Dense, Layer, Network
from rnncalc.weights.pytorch import dense_activations, split
from rnncalc.weights.reading_options import ReadingOptions

_LISTED = re.compile(r"arr_(0|[1-9]\d{0,3})", re.ASCII)
_MOST = 100
_WAY_OUT = "model.save('model.keras') writes a file that says it"


class _Part(NamedTuple):
    """A layer: its kind, the place of its first array, how many it has, and whether the last is a bias."""

    kind: str
    first: int
    arrays: int
    biased: bool

    def __str__(self) -> str:
        return f"{self.kind} (arr_{self.first} to arr_{self.first + self.arrays - 1})"


def are(names: Mapping[str, object]) -> bool:
    """Whether arrays have no names but the numbers that numpy.savez gives them."""
    return bool(names) and all(map(_LISTED.fullmatch, names))


def network(arrays: Arrays, options: ReadingOptions) -> Network:
    """The network of a list of arrays. Raises FileError where they fit no network, or two."""
    file = arrays.file
    options.refuse(
        file,
        order="is a list in the order of its layers. Leave out --order.",
        layout="is read in the layout of Keras. Leave out --matrices.",
    )
    listed = sorted(arrays, key=lambda name: int(name[4:]))
    if len(listed) > _MOST or listed != [f"arr_{i}" for i in range(len(listed))]:
        raise FileError(
            f"{file} is not a complete list of weights; it needs arr_0, arr_1 and so on, up to {_MOST} arrays."
        )
    shapes = [arrays.shape(name) for name in listed]
    readings = [parts for parts in _parts(shapes, 0, None) if any(part.kind in GATES for part in parts)]
    biased = [parts for parts in readings if all(part.biased for part in parts)]
    readings = biased or readings
    if not readings:
        raise FileError(f"{file} has arrays without names that do not fit as layers one after another; {_WAY_OUT}.")
    if len(readings) > 1:
        one, other = (", ".join(map(str, parts)) for parts in readings[:2])
        raise FileError(f"{file} has arrays without names that fit as {one} and as {other}; {_WAY_OUT}.")
    return _built(arrays, readings[0], options)


def _parts(shapes: Sequence[tuple[int, ...]], place: int, reads: int | None) -> Iterator[list[_Part]]:
    """The ways in which the arrays from a place on are layers, each reading what the one before it gives."""
    if place == len(shapes):
        yield []
        return
    kernel, following = shapes[place], [*shapes[place + 1 :], (), ()]
    if len(kernel) != 2 or reads not in (None, kernel[0]):
        return
    rows = kernel[1]
    for cell, gates in GATES.items():
        hidden = rows // len(gates)
        if rows == len(gates) * hidden and following[0] == (hidden, rows):
            biased = following[1] == (rows,) or (cell == "gru" and following[1] == (2, rows))
            for rest in _parts(shapes, place + 2 + biased, hidden):
                yield [_Part(cell, place, 2 + biased, biased), *rest]
    biased = following[0] == (rows,)
    for rest in _parts(shapes, place + 1 + biased, rows):
        yield [_Part("dense", place, 1 + biased, biased), *rest]


def _built(arrays: Arrays, parts: Sequence[_Part], options: ReadingOptions) -> Network:
    first = next(i for i, part in enumerate(parts) if part.kind in GATES)
    last = max(i for i, part in enumerate(parts) if part.kind in GATES)
    if any(part.kind == "dense" for part in parts[first:last]):
        raise FileError(f"{arrays.file} has a dense layer between recurrent layers, which rnncalc cannot read.")
    if any(not part.biased for part in parts[:first]):
        raise FileError(
            f"{arrays.file} does not say whether its first array is an embedding or a dense layer without a bias; "
            f"{_WAY_OUT}."
        )
    layers = tuple(_layer(arrays, part, options.activation or "tanh") for part in parts[first : last + 1])
    dense = [*parts[:first], *parts[last + 1 :]]
    labels = [f"arr_{part.first}" for part in dense]
    activations, notes = dense_activations(arrays.file, labels, options.head_activations, head=last + 1 < len(parts))
    made = [_dense(arrays, part, activation) for part, activation in zip(dense, activations, strict=True)]
    said = f"Read as Keras layers: {', '.join(map(str, parts))}. The file does not say this; {_WAY_OUT}."
    if options.activation is None:
        said += " Its recurrent layers are assumed to use tanh; use --activation to change this."
    head = tuple(made[first:])
    return Network(None, layers, head, None if head else "none", None, notes=(said, *notes), before=tuple(made[:first]))


def _layer(arrays: Arrays, part: _Part, activation: str) -> Layer:
    kernel, recurrent = (arrays.take(f"arr_{part.first + i}", None, None).T for i in (0, 1))
    rows = len(kernel)
    bias, recurrent_bias = np.zeros(rows), np.zeros(rows)
    name = f"arr_{part.first + 2}"
    after = part.kind == "gru" and part.biased and len(arrays.shape(name)) == 2
    if after:
        bias, recurrent_bias = arrays.take(name, 2, rows)
    elif part.biased:
        bias = arrays.take(name, rows)
    weights: dict[str, Array] = split(
        part.kind, kernel, recurrent, bias, recurrent_bias, KERAS_GATES[part.kind], after=after
    )
    return Layer(part.kind, activation, weights, f"arr_{part.first}")


def _dense(arrays: Arrays, part: _Part, activation: str) -> Dense:
    weight = arrays.take(f"arr_{part.first}", None, None).T
    bias = column(arrays.take(f"arr_{part.first + 1}", len(weight))) if part.biased else None
    return Dense(weight, bias, activation, f"arr_{part.first}")
