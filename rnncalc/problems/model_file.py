"""Models as .npz files of NumPy: the arrays by name, and beside them the problem as a template without them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnncalc.errors import FileError
from rnncalc.network.problem import Problem
from rnncalc.problems.template_reader import parse
from rnncalc.problems.template_writer import to_toml
from rnncalc.weights.own_file import MARK, arrays_to_bytes, marked_arrays

TEMPLATE = "template"
"""The key of the template in the JSON that stands beside the arrays."""
CHECKPOINT = "checkpoint"
"""The kind of a file from which a training goes on."""
TWEETS = "sentiment"
"""The kind of a model of tweets."""


def to_bytes(problem: Problem, more: Mapping[str, Any] | None = None) -> bytes:
    """The .npz file of a problem, which every command takes through --weights; ``more`` is kept beside the template."""
    mark = {TEMPLATE: to_toml(problem, weights_file=MARK), **(more or {})}
    return arrays_to_bytes(problem.arrays(), mark)


def kind_of(file: str) -> str:
    """What rnncalc wrote into a .npz file: "checkpoint", "sentiment", nothing for others."""
    if not file.lower().endswith(".npz") or not Path(file).is_file():
        return ""
    return str((marked_arrays(Path(file))[0] or {}).get("kind", ""))


def load(file: str) -> Problem | None:
    """The problem of a .npz file that rnncalc wrote; None where another program did.

    Raises FileError where the file cannot be read or is damaged.
    """
    if not file.lower().endswith(".npz"):
        return None
    mark, arrays = marked_arrays(Path(file))
    if (mark or {}).get("kind") == CHECKPOINT:
        raise FileError(f"{file} is a checkpoint. Use rnncalc train --checkpoint {file} --resume to continue from it.")
    template = (mark or {}).get(TEMPLATE)
    if not isinstance(template, str):
        return None
    return parse(template, file, Path(file).stem, arrays=arrays).problem
