"""Templates: problems as TOML files, those that rnncalc brings and those that people write. See docs/templates.md."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnncalc.errors import FileError, ProblemError, RnncalcError
from rnncalc.problem import DEFAULT_ETA, Problem, cut, letters_of, vocabulary_of
from rnncalc.suggest import did_you_mean

_KEYS = {
    "title": str, "text": str, "vocabulary": str, "cell": str, "activation": str, "targets": str,
    "loss_reduction": str, "eta": float, "weights": dict, "origins": dict,
}  # fmt: skip
_WORDS = {str: "text in quotes", float: "a number", dict: "a table of its own"}
_MAX_BYTES = 50_000_000


class Template(NamedTuple):
    """A template that was read: its name, its line of description, its problem."""

    name: str
    title: str
    problem: Problem


def names() -> list[str]:
    """The names of rnncalc's own templates."""
    return sorted(_sources())


def text_of(name: str) -> str:
    """The TOML of one of rnncalc's own templates; raises RnncalcError for an unknown name, with the near one."""
    sources = _sources()
    if name not in sources:
        raise RnncalcError(
            f"There is no template {name!r}{did_you_mean(name, sources)}. rnncalc has {', '.join(sorted(sources))}; "
            "a file of your own ends in .toml."
        )
    return sources[name]()


def load(name: str) -> Template:
    """Read a template: one of rnncalc's own by name, a .toml file by path, or "-" for standard input."""
    if not is_file_name(name):
        return parse(text_of(name), f"template {name}", name)
    if name == "-":
        raw = sys.stdin.buffer.read(_MAX_BYTES + 1)
        file = "standard input"
    else:
        file = name
        raw = _read(Path(name))
    if len(raw) > _MAX_BYTES:
        raise FileError(f"{file} is larger than {_MAX_BYTES // 1_000_000} MB; a template is a small text file.")
    try:
        return parse(raw.decode("utf-8-sig"), file, Path(name).stem)
    except UnicodeDecodeError as error:
        raise FileError(f"{file} is no UTF-8 text (byte {error.start + 1}); save it as UTF-8.") from None


def is_file_name(name: str) -> bool:
    """Whether a template is meant as a file: it ends in .toml, or has a folder in it, or is "-"."""
    return name == "-" or name.lower().endswith(".toml") or any(sign in name for sign in "/\\")


def parse(text: str, file: str, name: str) -> Template:
    """Read the TOML of a template. Raises FileError naming the file, the key, what it has and what it needs."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileError(f"{file} is no valid TOML: {str(error)[:1].lower()}{str(error)[1:]}.") from None
    try:
        _check_keys(data)
        return Template(name, data.get("title", ""), _problem(data, file))
    except ProblemError as error:
        key, message = _key(error.field, data), str(error)
        named = message.startswith(f"{error.field} ") or message.startswith(f"{error.field}[")
        raise FileError(
            f"{file}: {key.removesuffix(error.field)}{message}" if named else f"{file}: {key}: {message}"
        ) from None


def to_toml(problem: Problem, title: str = "") -> str:
    """Write a problem as a template; reading it back gives the same problem, number for number.

    Raises RnncalcError for a problem whose targets are neither the next letters, the last one, nor none.
    """
    last = problem.targets[-1]
    text = "".join(problem.inputs) + (last or "")
    mode = problem.target_mode
    if mode == "some" or cut(text, mode) != (problem.inputs, problem.targets):
        raise RnncalcError("Only targets that are the text's next letters, its last letter or none fit a template.")
    lines = [
        *([f"title = {quoted(title)}"] if title else []),
        f"text = {quoted(text)}",
        f"vocabulary = {quoted(''.join(problem.vocabulary))}",
        f"cell = {quoted(problem.cell)}",
        f"activation = {quoted(problem.activation)}",
        f"targets = {quoted(mode)}",
        f"loss_reduction = {quoted(problem.loss_reduction)}",
        f"eta = {problem.eta!r}",
        "",
        "[weights]",
    ]
    for key, value in problem.arrays().items():
        rows = value.tolist()
        if value.shape == (1, 1):
            lines.append(f"{key} = {rows[0][0]!r}")
        elif value.shape[1] == 1 and not key.startswith("W"):
            lines.append(f"{key} = [{', '.join(repr(row[0]) for row in rows)}]")
        else:
            body = ",\n".join(f"    [{', '.join(map(repr, row))}]" for row in rows)
            lines.append(f"{key} = [\n{body},\n]")
    return "\n".join(lines) + "\n"


def _sources() -> dict[str, Callable[[], str]]:
    """rnncalc's own templates by name, each a way to read it.

    They lie inside the package (a wheel), or beside it (a checkout, or a zip of it).
    """
    here = Path(__file__).parent
    for folder in (here / "templates", here.parent / "templates"):
        if folder.is_dir():
            return {p.stem: partial(p.read_text, encoding="utf-8") for p in folder.glob("*.toml")}
    return _sources_in_zip(here.parent)


def _sources_in_zip(top: Path) -> dict[str, Callable[[], str]]:
    import zipfile

    archive = next((p for p in (top, *top.parents) if p.is_file()), None)
    if archive is None or not zipfile.is_zipfile(archive):
        raise FileError(f"The templates are missing beside {top}; install rnncalc again.")
    folder = top.relative_to(archive) / "templates"
    with zipfile.ZipFile(archive) as opened:
        members = [Path(n) for n in opened.namelist()]
        texts = {
            p.stem: opened.read(p.as_posix()).decode("utf-8")
            for p in members
            if p.parent == folder and p.suffix == ".toml"
        }
    return {name: partial(str, text) for name, text in texts.items()}


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise FileError(f"There is no file {path}; rnncalc templates lists the templates by name.") from None
    except IsADirectoryError:
        raise FileError(f"{path} is a folder; it needs to be a template's .toml file.") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}.") from None


def _check_keys(data: Mapping[str, Any]) -> None:
    for key, value in data.items():
        if key in ("h_0", "c_0"):
            raise ProblemError(key, "it belongs in [weights], below that line.")
        if key not in _KEYS:
            raise ProblemError(
                key, f"there is no such key{did_you_mean(key, _KEYS)}; a template has {', '.join(_KEYS)}."
            )
        wanted = _KEYS[key]
        fits = isinstance(value, (int, float) if wanted is float else wanted) and not isinstance(value, bool)
        if not fits:
            raise ProblemError(key, f"it is {_briefly(value)}; it needs {_WORDS[wanted]}.")
    for key in ("text", "weights"):
        if key not in data:
            raise ProblemError(key, "it is missing; every template needs it.")
    for key, value in data["weights"].items():
        _check_numbers(key, value)
    for key, value in data.get("origins", {}).items():
        if key not in data["weights"]:
            raise ProblemError(
                f"origins.{key}", f"there is no such array in [weights]{did_you_mean(key, data['weights'])}."
            )
        if not isinstance(value, str):
            raise ProblemError(f"origins.{key}", f"it is {_briefly(value)}; it needs {_WORDS[str]}.")


def _check_numbers(key: str, value: Any) -> None:
    """A number, a list of numbers, or a list of rows of numbers, all of one length."""
    rows = value if isinstance(value, list) else [value]
    nested = [row for row in rows if isinstance(row, list)]
    for number in [n for row in rows for n in (row if isinstance(row, list) else [row])]:
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise ProblemError(key, f"it holds {_briefly(number)}; it needs numbers.")
    if nested and (len(nested) != len(rows) or len({len(row) for row in nested}) != 1):
        lengths = ", ".join(str(len(row)) if isinstance(row, list) else "a lone number" for row in rows)
        raise ProblemError(key, f"its rows have the lengths {lengths}; it needs rows of one length.")


def _problem(data: Mapping[str, Any], file: str) -> Problem:
    arrays = dict(data["weights"])
    inputs, targets = cut(data["text"], data.get("targets", "next"))
    known = letters_of(data["vocabulary"]) if "vocabulary" in data else vocabulary_of(letters_of(data["text"]))
    first = next((np.atleast_1d(v) for k, v in arrays.items() if k.startswith("Wx")), np.zeros(1))
    h_0 = arrays.pop("h_0", [0.0] * first.shape[0])
    c_0 = arrays.pop("c_0", None)
    settings = {k: data[k] for k in ("cell", "activation", "loss_reduction") if k in data}
    given = dict.fromkeys(data["weights"], f"It stands in {file}.")
    if c_0 is not None:
        settings["c_0"] = c_0
    if "h_0" not in given:
        given["h_0"] = "Zeros, as the template gives no other: nothing was read yet."
    return Problem(
        inputs=inputs,
        targets=targets,
        vocabulary=known,
        weights=arrays,
        h_0=h_0,
        eta=data.get("eta", DEFAULT_ETA),
        text="".join(letters_of(data["text"])),
        source=file,
        origins={**given, **data.get("origins", {})},
        **settings,
    )


def _key(field: str, data: Mapping[str, Any]) -> str:
    weights = data.get("weights")
    in_weights = field in ("h_0", "c_0") or field[:1] in "Wb" or (isinstance(weights, dict) and field in weights)
    return f"[weights] {field}" if in_weights and field not in data else field


def _briefly(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
