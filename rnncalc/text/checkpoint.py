"""A checkpoint: a .npz file without pickles, from which a training goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rnncalc.errors import FileError, ProblemError
from rnncalc.io.write import write_file
from rnncalc.problems.model_file import CHECKPOINT
from rnncalc.text.trainer import Trainer
from rnncalc.version import __version__
from rnncalc.weights.own_file import arrays_to_bytes, marked_arrays

_STATE = "training."
"""What a checkpoint holds beside the weights has names that begin with it."""


def save_checkpoint(path: str | Path, trainer: Trainer) -> None:
    """Write all that a trainer needs to go on to the same bytes; a file that stands there is replaced at once.

    Raises FileError where the file cannot be written.
    """
    mark = {"kind": CHECKPOINT, "version": __version__, "training": trainer.settings}
    state = {_STATE + name: value for name, value in trainer.state.items()}
    write_file(Path(path), arrays_to_bytes({**trainer.weights(), **state}, mark), force=True)


def load_checkpoint(path: str | Path, trainer: Trainer) -> None:
    """Take over the state of a checkpoint, to go on where it was written.

    Raises FileError for a file that is damaged, no checkpoint, or one of another problem, text or training.
    """
    mark, arrays = marked_arrays(Path(path))
    settings = (mark or {}).get("training")
    if mark is None or mark.get("kind") != CHECKPOINT or not isinstance(settings, dict):
        raise FileError(f"{path} is not a training checkpoint. Use --weights to start from a model.")
    for name, here in trainer.settings.items():
        if name == "seed" and name not in settings:
            continue  # a checkpoint of an earlier version
        if settings.get(name) != here:
            raise FileError(
                f"{path} is the checkpoint of a different training: {_differs(name, settings.get(name), here)}."
            )
    try:
        trainer.state = {name.removeprefix(_STATE): value for name, value in arrays.items()}
    except ProblemError as error:
        raise FileError(f"{path} is damaged. {error}") from None


def _differs(name: str, there: Any, here: Any) -> str:
    if name == "seed":
        one, other = (f"drawn from seed {seed}" if seed is not None else "not drawn" for seed in (there, here))
        return f"its first weights were {one}, but here they are {other}"
    if name == "layout":
        return "an earlier version made it and stored the weights of several layers in another order"
    if name == "optimizer":
        return f"it was made with {name} {there!r}, not {here!r}; use --optimizer {there} to continue it"
    short = isinstance(here, (str, int)) and name != "text"
    return f"it was made with {name} {there!r}, not {here!r}" if short else f"it was made with different {name}"
