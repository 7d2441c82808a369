"""Files of a training: a model to use, and a checkpoint to go on from. Both are .npz files without pickles."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from rnncalc.errors import FileError, ProblemError
from rnncalc.problem import Problem
from rnncalc.scalars import Array
from rnncalc.training.trainer import Trainer
from rnncalc.version import __version__
from rnncalc.weights.archive import Archive
from rnncalc.weights.npz import MARK

_STATE = "training."
"""What a checkpoint holds beside the weights has names that begin with it."""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def save_model(path: str | Path, problem: Problem) -> None:
    """Write the weights of a problem by their names, and beside them, as JSON text, what else makes it up.

    Raises FileError where the file cannot be written.
    """
    _write(path, {MARK: _mark("model", problem), **problem.weights})


def save_checkpoint(path: str | Path, trainer: Trainer) -> None:
    """Write all that a trainer needs to go on to the same bytes; a file that stands there is replaced at once.

    Raises FileError where the file cannot be written.
    """
    mark = _mark("checkpoint", trainer.problem, training=trainer.settings)
    state = {_STATE + name: value for name, value in trainer.state.items()}
    _write(path, {MARK: mark, **trainer.weights(), **state})


def load_checkpoint(path: str | Path, trainer: Trainer) -> None:
    """Take over the state of a checkpoint, to go on where it was written.

    Raises FileError for a file that is damaged, no checkpoint, or one of another problem, text or training.
    """
    arrays = _read(Path(path))
    try:
        mark = json.loads(str(arrays.pop(MARK)[()]))
        kind, settings = mark["kind"], mark.get("training", {})
    except (KeyError, ValueError, TypeError, RecursionError):
        raise FileError(f"{path} is no checkpoint of a training.") from None
    if kind != "checkpoint":
        raise FileError(f"{path} holds a {kind}, not a checkpoint; it has weights to start from, not to go on with.")
    for name, here in trainer.settings.items():
        if settings.get(name) != here:
            raise FileError(
                f"{path} is the checkpoint of another training: {_differs(name, settings.get(name), here)}."
            )
    try:
        trainer.state = {name.removeprefix(_STATE): value for name, value in arrays.items()}
    except ProblemError as error:
        raise FileError(f"{path} is damaged. {error}") from None


def _differs(name: str, there: Any, here: Any) -> str:
    short = isinstance(here, (str, int)) and name != "text"
    return f"its {name} is {there!r}, and here it is {here!r}" if short else f"its {name} is not the one here"


def _mark(kind: str, problem: Problem, **more: Any) -> Array:
    told = {
        "kind": kind,
        "version": __version__,
        "vocabulary": list(problem.vocabulary),
        "tokens": problem.tokens,
        "cell": problem.cell,
        "activation": problem.activation,
        "head_activations": [problem.output_function],
        "targets": problem.target_mode,
        "loss_reduction": problem.loss_reduction,
        "eta": problem.eta,
        "initial_states": {name: state.ravel().tolist() for name, state in problem.initial_states().items()},
    }
    return np.array(json.dumps(told | more, ensure_ascii=True))


def _write(path: str | Path, arrays: Mapping[str, Array]) -> None:
    """Write beside the file and put it in its place in one go: nobody ever finds half a file there."""
    path = Path(path)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, array in arrays.items():
            part = zipfile.ZipInfo(f"{name}.npy", _LONG_AGO)  # no time of day: same arrays, same bytes
            with archive.open(part, "w", force_zip64=True) as opened:
                np.lib.format.write_array(opened, np.asarray(array), allow_pickle=False)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(content.getvalue())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        temporary.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Array]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise FileError(f"There is no file {path}.") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}.") from None
    archive = Archive(content, str(path))
    try:
        return {
            name.removesuffix(".npy"): np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)
            for name in archive.names
        }
    except (ValueError, MemoryError, EOFError, SyntaxError):  # what NumPy raises for damaged arrays
        raise FileError(f"{path} is damaged: it holds what is no array.") from None
