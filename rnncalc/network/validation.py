"""What a problem must hold: every check that is made as one is made, each with what it has and what it needs."""

from __future__ import annotations

import numbers
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncalc.errors import ProblemError
from rnncalc.io.suggest import did_you_mean
from rnncalc.language import ACTIVATIONS
from rnncalc.language.scalars import Array
from rnncalc.network import names
from rnncalc.network.cells import CELLS, cell
from rnncalc.network.structure import Dense, Layer, Shape, Structure, layer_count
from rnncalc.network.tokens import show_tokens, vocabulary_of

if TYPE_CHECKING:
    from rnncalc.network.problem import Problem

REDUCTIONS = ("sum", "mean")
OUTPUTS = ("every", "last", "none")
OUTPUT_FUNCTIONS = ("softmax", "sigmoid", "linear")
SOFTMAX = ("plain", "shifted")
"""Softmax of the scores as they are, or with the largest taken away first."""
LOSSES: Mapping[str, tuple[str, ...]] = {
    "cross-entropy": ("softmax",),
    "binary-cross-entropy": ("sigmoid",),
    "squared-error": ("softmax", "sigmoid", "linear"),
    "none": OUTPUT_FUNCTIONS,
}
"""Each loss and the outputs that it is for."""
DEFAULT_LOSS = {"softmax": "cross-entropy", "sigmoid": "binary-cross-entropy", "linear": "squared-error"}
MAX_HIDDEN = 1024
"""Units of a drawn layer, recurrent or dense, and numbers of a drawn embedding."""
MAX_LAYERS = 9
"""Layers of a drawn head."""


def has_softmax(output_function: str, output_at: str) -> bool:
    """Whether there is a softmax, which has a form."""
    return output_function == "softmax" and output_at != "none"


def one_of(name: str, value: object, known: Sequence[str] | Mapping[str, object]) -> None:
    """Raise ProblemError unless a setting is one of those known."""
    if value not in known:
        raise ProblemError(
            name, f"{name} is {value!r}{did_you_mean(str(value), known)}; it needs one of {', '.join(known)}."
        )


def check_rate(name: str, value: float) -> None:
    """Raise ProblemError unless a learning rate or threshold is a finite number above 0."""
    number = not isinstance(value, bool) and isinstance(value, numbers.Real)
    if not number or not 0 < value <= sys.float_info.max:
        raise ProblemError(name, f"{name} is {value!r}; it needs a finite number above 0, such as 0.1.")


def array(name: str, value: Any, *, column: bool = False) -> Array:
    """A read-only float64 matrix; a list of numbers is a column where ``column``, and one number is 1×1."""
    try:
        found = np.array(value, dtype=np.float64, order="C")  # another order in memory moves the last digit
    except (ValueError, TypeError):
        raise ProblemError(name, f"{name} is not a table of numbers with rows of one length.") from None
    except OverflowError:
        raise ProblemError(name, f"{name} holds a number beyond float64; it needs finite numbers.") from None
    if found.ndim == 0:
        found = found.reshape(1, 1)
    elif found.ndim == 1 and column:
        found = found.reshape(-1, 1)
    if found.ndim != 2 or found.size == 0:
        raise ProblemError(name, f"{name} has shape {shape_of(found)}; it needs rows and columns.")
    if not np.isfinite(found).all():
        row, col = (int(i) + 1 for i in np.argwhere(~np.isfinite(found))[0])
        raise ProblemError(name, f"{name}[{row},{col}] is {found[row - 1, col - 1]}; it needs a finite number.")
    found = found + 0.0  # no negative zeros
    found.flags.writeable = False
    return found


# ── what is read and wanted ───────────────────────────────────────────────────────────────────────────────────────────


def check_read(problem: Problem) -> None:
    """Check inputs, targets, vocabulary and classes by themselves."""
    inputs, targets = problem.inputs, problem.targets
    one = problem.token
    if not inputs:
        raise ProblemError("text", f"The text is empty; it needs at least one {one} to read.")
    if len(targets) != len(inputs):
        raise ProblemError(
            "targets",
            f"targets has {len(targets)} {problem.tokens if problem.vocabulary else 'entries'}; "
            f"it needs one for each of the {len(inputs)} steps.",
        )
    if isinstance(inputs[0], str) or problem.vocabulary:
        _check_vocabulary(problem.vocabulary, problem.tokens)
        _check_known("text", inputs, problem.vocabulary, "the vocabulary", problem.tokens)
    else:
        _check_vectors("inputs", inputs)
    if inputs[0] is None:
        raise ProblemError("inputs", "The first step has nothing to read; it needs an input of its own.")
    given = len([one for one in inputs if one is not None])
    if any(one is None for one in inputs[:given]):
        raise ProblemError("inputs", "Only the last steps can read what was predicted, and all steps after the first.")
    twice = [name for name in problem.classes if problem.classes.count(name) > 1]
    if twice or not all(isinstance(name, str) and name.strip() for name in problem.classes):
        has = f"{twice[0]!r} twice" if twice else "an empty name"
        raise ProblemError("classes", f"classes has {has}; it needs a name for each output, each once.")


def _check_vocabulary(vocabulary: Sequence[str], kind: str) -> None:
    long = [c for c in vocabulary if not isinstance(c, str) or not c or (kind == "letters" and len(c) != 1)]
    split = [c for c in vocabulary if isinstance(c, str) and kind == "words" and c.split() != [c]]
    if long or split or not vocabulary:
        has = f"the entry {(long or split)[0]!r}" if vocabulary else f"no {kind}"
        raise ProblemError("vocabulary", f"vocabulary has {has}; it needs single {kind}.")
    counted: set[str] = set()
    for token in vocabulary:
        if token in counted:
            one = kind.removesuffix("s")
            raise ProblemError("vocabulary", f"vocabulary has the {one} {token!r} twice; it needs each {one} once.")
        counted.add(token)


def _check_known(name: str, read: Sequence[Any], known: Sequence[str], whose: str, kind: str) -> None:
    if any(not isinstance(one, str) and one is not None for one in read):
        raise ProblemError(name, f"{name} has numbers among its {kind}; it needs {kind} out of {whose}.")
    names_known = set(known)
    strange = vocabulary_of([one for one in read if one is not None and one not in names_known])
    if strange:
        raise ProblemError(
            name,
            f"{name} has {show_tokens(strange)}, which {whose} lacks; it needs {kind} out of {show_tokens(known)}.",
        )


def _check_vectors(name: str, read: Sequence[Any]) -> None:
    columns = [(t, one) for t, one in enumerate(read, 1) if one is not None]
    width = columns[0][1].shape[0] if not isinstance(columns[0][1], str) else 0
    for t, one in columns:
        if isinstance(one, str) or one.shape != (width, 1):
            has = f"is {one!r}" if isinstance(one, str) else f"has {_count(one.size, 'number')}"
            raise ProblemError(f"{name}[{t}]", f"{name}[{t}] {has}; it needs {width}, as {name}[{columns[0][0]}] has.")


def check_outputs(problem: Problem) -> None:
    """Check that targets, output and loss fit the network and each other."""
    if problem.output_function not in LOSSES[problem.loss]:
        fits = " or ".join(loss for loss, outputs in LOSSES.items() if problem.output_function in outputs)
        raise ProblemError(
            "loss", f"loss is {problem.loss} and output_function {problem.output_function}; that output needs {fits}."
        )
    if problem.softmax and not has_softmax(problem.output_function, problem.output_at):
        why = "output_at none" if problem.output_at == "none" else f"output_function {problem.output_function}"
        raise ProblemError(
            "softmax",
            f"softmax is {problem.softmax} and {why}: there is no softmax whose form it could be; leave softmax out.",
        )
    outputs = problem.structure.outputs
    if problem.output_at == "none" and (outputs or problem.head):
        extra = "Why" if outputs else "Wv_D1"
        raise ProblemError(
            "output_at", f"output_at is none, and there is {extra}; a network without outputs has neither."
        )
    if problem.generated:
        _check_generated(problem)
    for t, target in enumerate(problem.targets, 1):
        if target is not None:
            _check_target(problem, t, target)


def _check_generated(problem: Problem) -> None:
    if problem.output_at != "every":
        raise ProblemError("generate", "To generate, every step needs an output; it needs output_at = every.")
    width = len(problem.vocabulary) or problem.structure.inputs
    if problem.structure.outputs != width:
        raise ProblemError(
            "generate",
            f"What is predicted has {problem.structure.outputs} rows and what is read {width}; "
            "to feed one back as the other they need the same.",
        )


def _check_target(problem: Problem, t: int, target: str | Array) -> None:
    outputs = problem.structure.outputs
    where = f"targets[{t}]"
    if not problem.has_output(t):
        raise ProblemError(
            "targets", f"Step {t} has a target and no output; with output_at = {problem.output_at} it needs none."
        )
    if isinstance(target, str):
        known = problem.output_names
        if not known:
            raise ProblemError(
                "targets", f"{where} is {target!r} and the outputs have no names; it needs {outputs} numbers."
            )
        if problem.predicts_tokens:
            _check_known("targets", [target], known, "the vocabulary", problem.tokens)
        elif target not in known:
            raise ProblemError(
                "targets", f"{where} is {target!r}{did_you_mean(target, known)}; it needs one of {show_tokens(known)}."
            )
        return
    if target.shape != (outputs, 1):
        has = _count(target.size, "number")
        raise ProblemError("targets", f"{where} has {has}; it needs {outputs}, one for each output.")
    low, high = float(target.min()), float(target.max())
    if problem.loss == "binary-cross-entropy" and not 0 <= low <= high <= 1:
        raise ProblemError("targets", f"{where} holds {low if low < 0 else high:g}; binary cross-entropy needs 0 to 1.")
    if problem.loss == "cross-entropy" and (low < 0 or abs(float(target.sum()) - 1) > 1e-9):
        raise ProblemError("targets", f"{where} adds up to {float(target.sum()):g}; cross-entropy needs shares of 1.")


# ── the weights ───────────────────────────────────────────────────────────────────────────────────────────────────────


def structure_of(problem: Problem) -> Structure:
    """The sizes that the weights speak of. Raises ProblemError for a weight that is missing, unknown or of another
    shape than the others need."""
    weights = problem.weights
    recurrent, dense = layer_count(weights, "L"), layer_count(weights, "D")
    cells = _each("cell", problem.cell, CELLS, recurrent)
    activations = _each("activation", problem.activation, ACTIVATIONS, recurrent)
    _check_names(weights, cells, problem.head, dense)
    layers = tuple(
        Layer(
            mark, kind, activation, _rows(weights, names.layered(next(iter(cell(kind).shapes(1, 1, "matrix"))), mark))
        )
        for mark, kind, activation in zip(
            map(names.layer_name, range(1, recurrent + 1)), cells, activations, strict=True
        )
    )
    head = tuple(
        Dense(f"D{k}", _rows(weights, f"Wv_D{k}", "units"), activation) for k, activation in enumerate(problem.head, 1)
    )
    first = problem.inputs[0]
    inputs = len(problem.vocabulary) if problem.vocabulary or not isinstance(first, np.ndarray) else first.shape[0]
    embedding = weights["Wxe"].shape[0] if "Wxe" in weights else 0
    outputs = 0
    if problem.output_at != "none" or "Why" in weights:
        wants_tokens = any(isinstance(target, str) for target in problem.targets)
        known = len(problem.classes) or (len(problem.vocabulary) if wants_tokens or "Why" not in weights else 0)
        outputs = known or _rows(weights, "Why", "outputs")
    structure = Structure(inputs, embedding, layers, head, outputs)
    _check_shapes(weights, structure, problem)
    return structure


def _each(
    name: str, value: str | tuple[str, ...], known: Sequence[str] | Mapping[str, object], count: int
) -> list[str]:
    """One setting for each recurrent layer."""
    each = [value] * count if isinstance(value, str) else list(value)
    for one in each:
        one_of(name, one, known)
    if len(each) != count:
        layers = f"{count} recurrent layer{'s' if count > 1 else ''}"
        raise ProblemError(name, f"{name} has {len(each)} entries; it needs one for each of the {layers}.")
    return each


def _check_names(weights: Mapping[str, Array], cells: Sequence[str], head: Sequence[str], dense: int) -> None:
    for activation in head:
        one_of("head", activation, ACTIVATIONS)
    if len(head) != dense:
        raise ProblemError(
            "head", f"head has {len(head)} activations and the weights speak of {dense} dense layers; it needs as many."
        )
    known = ["Wxe", "Why", "by", *(f"{bare}_D{k}" for k in range(1, dense + 1) for bare in ("Wv", "bv"))]
    for number, kind in enumerate(cells, 1):
        bare = [*cell(kind).shapes(1, 1, "matrix"), *cell(kind).extras(1, 1)]
        known += [names.layered(name, names.layer_name(number)) for name in bare]
    for name in weights:
        if name not in known:
            raise ProblemError(name, f"There is no weight {name!r}{did_you_mean(name, known)}.")


def _rows(weights: Mapping[str, Array], name: str, what: str = "") -> int:
    if name not in weights:
        rows = f"a row per {what.removesuffix('s')}" if what else "a row per hidden unit"
        columns = "a column per letter" if name in ("Wxh", "Wxi", "Wxr") else "a column for each number that it reads"
        raise ProblemError(name, f"{name} is missing; it needs {rows} and {columns}.")
    rows_found = int(weights[name].shape[0])
    if not what and rows_found > MAX_HIDDEN:
        raise ProblemError(name, f"{name} has {rows_found:,} rows; rnncalc takes up to {MAX_HIDDEN:,} hidden units.")
    return rows_found


def _check_shapes(weights: Mapping[str, Array], structure: Structure, problem: Problem) -> None:
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
                f"{name} has shape {shape_of(weights[name])}; it needs {_or(shapes)}{_why(name, shapes[0], problem)}.",
            )


def shape_of(found: Array) -> str:
    """3×4."""
    return "×".join(str(n) for n in found.shape)


def _or(shapes: Sequence[Shape]) -> str:
    return " or ".join(f"{rows}×{columns}" for rows, columns in shapes)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _why(name: str, shape: Shape, problem: Problem) -> str:
    rows, columns = shape
    family, _, layer = names.split(name)
    embedded = "Wxe" in problem.weights
    read = "hidden unit" if layer else "number of the embedding" if embedded else problem.token
    match family:
        case "Why":
            out = problem.token if rows == len(problem.vocabulary) and not problem.classes else "output"
            below = (
                _count(columns, "unit") + " of the last dense layer" if problem.head else _count(columns, "hidden unit")
            )
            return f", a row for each of {_count(rows, out)} and a column for each of {below}"
        case "Wxe":
            return f", a column for each of {_count(columns, problem.token)}"
        case _ if family.startswith("Wx"):
            return f", a row for each of {_count(rows, 'hidden unit')} and a column for each of {_count(columns, read)}"
        case _:
            return ""
