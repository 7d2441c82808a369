"""The structure that the weights of a problem speak of, and whether every weight has the shape that it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rnncalc.errors import ProblemError
from rnncalc.io.suggest import did_you_mean
from rnncalc.language import ACTIVATIONS
from rnncalc.language.trees import Array
from rnncalc.network import families, names
from rnncalc.network.cells import CELLS, cell
from rnncalc.network.choices import MAX_HIDDEN
from rnncalc.network.given import Given
from rnncalc.network.structure import Dense, Layer, Shape, Structure
from rnncalc.network.typed_names import layer_count
from rnncalc.network.values import count, one_of, shape_of


def structure_of(given: Given) -> Structure:
    """The sizes that the weights speak of. Raises ProblemError for a weight that is missing, unknown or of another
    shape than the others need."""
    weights = given.weights
    recurrent, dense = layer_count(weights, "L"), layer_count(weights, "D")
    cells = _each("cell", given.cell, CELLS, recurrent)
    activations = _each("activation", given.activation, ACTIVATIONS, recurrent)
    _check_names(weights, cells, given.head, dense)
    layers = tuple(
        Layer(mark, kind, activation, _rows(weights, names.layered(cell(kind).weights[0].name, mark)))
        for mark, kind, activation in zip(
            map(names.layer_name, range(1, recurrent + 1)), cells, activations, strict=True
        )
    )
    head = tuple(
        Dense(f"D{k}", _rows(weights, f"Wv_D{k}", "units"), activation) for k, activation in enumerate(given.head, 1)
    )
    first = given.inputs[0]
    inputs = len(given.vocabulary) if given.vocabulary or not isinstance(first, np.ndarray) else first.shape[0]
    embedding = weights["Wxe"].shape[0] if "Wxe" in weights else 0
    outputs = 0
    if given.output_at != "none" or "Why" in weights:
        wants_tokens = any(isinstance(target, str) for target in given.targets)
        known = len(given.classes) or (len(given.vocabulary) if wants_tokens or "Why" not in weights else 0)
        outputs = known or _rows(weights, "Why", "outputs")
    structure = Structure(inputs, embedding, layers, head, outputs)
    _check_shapes(weights, structure, given)
    return structure


def _each(
    name: str, value: str | tuple[str, ...], known: Sequence[str] | Mapping[str, object], number: int
) -> list[str]:
    """One setting for each recurrent layer."""
    each = [value] * number if isinstance(value, str) else list(value)
    for setting in each:
        one_of(name, setting, known)
    if len(each) != number:
        layers = count(number, "recurrent layer")
        raise ProblemError(name, f"{name} has {len(each)} entries; it needs one for each of the {layers}.")
    return each


def _check_names(weights: Mapping[str, Array], cells: Sequence[str], head: Sequence[str], dense: int) -> None:
    for activation in head:
        one_of("head", activation, ACTIVATIONS)
    if len(head) != dense:
        raise ProblemError(
            "head",
            f"head has {len(head)} activations, but the weights have {dense} dense layers; it needs one for each.",
        )
    known = ["Wxe", "Why", "by", *(f"{bare}_D{k}" for k in range(1, dense + 1) for bare in ("Wv", "bv"))]
    for number, kind in enumerate(cells, 1):
        known += [names.layered(family.name, names.layer_name(number)) for family in cell(kind).weights]
    for name in weights:
        if name not in known:
            raise ProblemError(name, f"There is no weight {name!r}{did_you_mean(name, known)}.")


def _rows(weights: Mapping[str, Array], name: str, what: str = "") -> int:
    if name not in weights:
        rows = f"a row per {what.removesuffix('s')}" if what else "a row per hidden unit"
        reads_letters = not what and "_" not in name  # the first recurrent layer
        columns = "a column per letter" if reads_letters else "a column for each number that it reads"
        raise ProblemError(name, f"{name} is missing; it needs {rows} and {columns}.")
    rows_found = int(weights[name].shape[0])
    if not what and rows_found > MAX_HIDDEN:
        raise ProblemError(name, f"{name} has {rows_found:,} rows; rnncalc takes at most {MAX_HIDDEN:,} hidden units.")
    return rows_found


def _check_shapes(weights: Mapping[str, Array], structure: Structure, given: Given) -> None:
    known = structure.arrays()
    forms = [structure.shapes(form) for form in ("scalar", "matrix")]
    allowed = {name: list(dict.fromkeys(form[name] for form in forms)) for name in forms[0]}
    allowed |= {name: [shape] for name, shape in structure.extras().items()}
    for name, shapes in allowed.items():
        if name not in weights:
            if name in forms[0]:
                raise ProblemError(name, f"{name} is missing; it needs shape {_or(shapes)}.")
            continue
        if weights[name].shape not in shapes:
            raise ProblemError(
                name,
                f"{name} has shape {shape_of(weights[name])}; it needs {_or(shapes)}"
                f"{_why(known[name], shapes[0], given)}.",
            )


def _or(shapes: Sequence[Shape]) -> str:
    return " or ".join(f"{rows}×{columns}" for rows, columns in shapes)


def _why(name: names.Name, shape: Shape, given: Given) -> str:
    rows, columns = shape
    embedded = "Wxe" in given.weights
    read = "hidden unit" if name.layer else "embedding number" if embedded else given.token
    match name.family:
        case families.WHY:
            out = given.token if rows == len(given.vocabulary) and not given.classes else "output"
            below = count(columns, "unit") + " of the last dense layer" if given.head else count(columns, "hidden unit")
            return f", a row for each of {count(rows, out)} and a column for each of {below}"
        case families.WXE:
            return f", a column for each of {count(columns, given.token)}"
        case families.Family(axes=("unit", "below")) if name.family is not families.WV:
            return f", a row for each of {count(rows, 'hidden unit')} and a column for each of {count(columns, read)}"
        case _:
            return ""
