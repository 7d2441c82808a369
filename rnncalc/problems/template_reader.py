"""The TOML of a template, read and checked. See docs/templates.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnncalc.errors import FileError, ProblemError
from rnncalc.io import toml_text
from rnncalc.io.suggest import did_you_mean
from rnncalc.language.trees import Array
from rnncalc.network.choices import OUTPUT_FUNCTIONS, OUTPUTS, has_softmax
from rnncalc.network.problem import Problem
from rnncalc.network.tokens import TOKENS, joined, tokens_of, vocabulary_of
from rnncalc.network.typed_names import split as split_name
from rnncalc.network.values import one_of
from rnncalc.problems.settings import BY_KEY
from rnncalc.problems.targets import inputs_and_targets
from rnncalc.weights.courses import in_columns
from rnncalc.weights.own_file import marked_arrays

_KEYS: Mapping[str, tuple[type, ...]] = {
    "title": (str,),
    **{key: setting.types for key, setting in BY_KEY.items()},
    "weights_file": (str,),
    **dict.fromkeys(("weights", "origins", "labels"), (dict,)),
}
_WORDS: Mapping[type, str] = {
    str: "text in quotes",
    list: "a list in square brackets",
    int: "a whole number",
    float: "a number",
    dict: "a table",
}


class Template(NamedTuple):
    """A template that was read: its name, its line of description, its problem."""

    name: str
    title: str
    problem: Problem


def parse(
    text: str, file: str, name: str, *, folder: Path | None = None, arrays: Mapping[str, Array] | None = None
) -> Template:
    """Read the TOML of a template, its arrays from a weights_file in ``folder``, or those given.

    Raises FileError naming the file, the key, what it has and what it needs.
    """
    data = toml_text.parse(text, file)
    try:
        if arrays is not None:
            data["weights"] = dict(arrays)
        elif folder is not None and isinstance(data.get("weights_file"), str):
            _add_arrays(data, folder)
        if isinstance(data.get("weights"), dict) and (own := in_columns(data["weights"])):
            data["weights"] = {own[key]: value for key, value in data["weights"].items()}
        _check_keys(data)
        return Template(name, data.get("title", ""), _problem(data, file))
    except ProblemError as error:
        key, message = _key(error.field, data), str(error)
        named = message.startswith(f"{error.field} ") or message.startswith(f"{error.field}[")
        raise FileError(
            f"{file}: {key.removesuffix(error.field)}{message}" if named else f"{file}: {key}: {message}"
        ) from None


def _add_arrays(data: dict[str, Any], folder: Path) -> None:
    """The arrays of the file that a template names, beside it."""
    if "weights" in data:
        raise ProblemError("weights_file", "there is also a table [weights]. Use only one of them.")
    data["weights"] = marked_arrays(folder / data["weights_file"])[1]


def _check_keys(data: Mapping[str, Any]) -> None:
    for key, value in data.items():
        if _is_array(key):
            raise ProblemError(key, "move it into the table [weights].")
        if key not in _KEYS:
            raise ProblemError(
                key, f"this key does not exist{did_you_mean(key, _KEYS)}; a template can have {', '.join(_KEYS)}."
            )
        types = _KEYS[key]
        if not isinstance(value, types) or isinstance(value, bool):
            needs = " or ".join(_WORDS[kind] for kind in types if (kind, len(types)) != (int, 2))
            raise ProblemError(key, f"it is {_briefly(value)}; it needs {needs}.")
        if isinstance(value, list) and key not in ("inputs", "targets"):
            strange = [entry for entry in value if not isinstance(entry, str)]
            if strange:
                raise ProblemError(key, f"it has {_briefly(strange[0])}; it needs text in quotes.")
    _check_read(data)
    for key, value in data["weights"].items():
        if not isinstance(value, np.ndarray):
            _check_numbers(key, value)
    for table in ("origins", "labels"):
        for key, value in data.get(table, {}).items():
            if key not in data["weights"]:
                near = did_you_mean(key, data["weights"])
                raise ProblemError(f"{table}.{key}", f"this array is not in [weights]{near}.")
            if not isinstance(value, str):
                raise ProblemError(f"{table}.{key}", f"it is {_briefly(value)}; it needs {_WORDS[str]}.")


def _check_read(data: Mapping[str, Any]) -> None:
    """What is read stands there once, and so do the weights."""
    if "text" not in data and "inputs" not in data:
        raise ProblemError("text", "it is missing; every template needs it.")
    if "text" in data and "inputs" in data:
        raise ProblemError("inputs", "there is also a text; a template can have only one of them.")
    if "weights" not in data:
        raise ProblemError("weights", "it is missing; every template needs it.")
    for t, row in enumerate(data.get("inputs", []), 1):
        _check_numbers(f"inputs[{t}]", row)
        if not isinstance(row, list) or any(isinstance(number, list) for number in row):
            raise ProblemError(f"inputs[{t}]", f"it is {_briefly(row)}; it needs a list of numbers for each step.")


def _is_array(key: str) -> bool:
    name = split_name(key)
    return name.step == 0 and name.bare in ("h", "c")


def _check_numbers(key: str, value: Any) -> None:
    """A number, a list of numbers, or a list of rows of numbers, all of one length."""
    rows = value if isinstance(value, list) else [value]
    nested = [row for row in rows if isinstance(row, list)]
    for number in [n for row in rows for n in (row if isinstance(row, list) else [row])]:
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise ProblemError(key, f"it has {_briefly(number)}; it needs numbers.")
    if nested and (len(nested) != len(rows) or len({len(row) for row in nested}) != 1):
        lengths = ", ".join(str(len(row)) if isinstance(row, list) else "a lone number" for row in rows)
        raise ProblemError(key, f"its rows have the lengths {lengths}; it needs rows of the same length.")


def _problem(data: Mapping[str, Any], file: str) -> Problem:
    arrays = dict(data["weights"])
    settings = {key: data[key] for key, setting in BY_KEY.items() if setting.field and key in data}
    if has_softmax(settings.get("output_function", OUTPUT_FUNCTIONS[0]), settings.get("output_at", OUTPUTS[0])):
        settings.setdefault("softmax", "shifted")  # as all were made when there was no such key
    kind = data.get("tokens", "letters")
    one_of("tokens", kind, TOKENS)
    vocabulary: tuple[str, ...] = ()
    if "text" in data:
        text = tokens_of(data["text"], kind)
        known = data.get("vocabulary", vocabulary_of(text))
        vocabulary = tokens_of(known, kind) if isinstance(known, str) else tuple(known)
    given = dict.fromkeys(data["weights"], f"Taken from {data.get('weights_file', file)}.")
    states = {key: arrays.pop(key) for key in list(arrays) if _is_array(key)}
    if "h_0" not in given:
        given["h_0"] = "Zeros: the template gives no initial state."
    inputs, targets = inputs_and_targets(data, kind)
    return Problem(
        inputs=inputs,
        targets=targets,
        vocabulary=vocabulary,
        weights=arrays,
        states=states,
        text=joined(tokens_of(data.get("text", ""), kind), kind),
        source=file,
        origins={**given, **data.get("origins", {})},
        labels=data.get("labels", {}),
        **settings,
    )


def _key(field: str, data: Mapping[str, Any]) -> str:
    weights = data.get("weights")
    in_weights = _is_array(field) or field[:1] in "Wb" or (isinstance(weights, dict) and field in weights)
    return f"[weights] {field}" if in_weights and field not in data else field


def _briefly(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
