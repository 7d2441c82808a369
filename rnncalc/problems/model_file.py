"""Models as .npz files of NumPy: the arrays by name, and beside them the problem as a template without them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncalc.errors import FileError
from rnncalc.language.scalars import Array
from rnncalc.weights import npz

if TYPE_CHECKING:
    from rnncalc.network.problem import Problem

TEMPLATE = "template"
"""The key of the template in the JSON that stands beside the arrays."""
CHECKPOINT = "checkpoint"
"""The kind of a file from which a training goes on."""


def arrays_to_bytes(arrays: Mapping[str, Array], mark: Mapping[str, Any] | None = None) -> bytes:
    """The .npz file of some arrays, and of what is to be said beside them; the same input gives the same bytes."""
    stored = dict(arrays)
    if mark is not None:
        stored[npz.MARK] = np.array(json.dumps(dict(mark), ensure_ascii=False, sort_keys=True))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in stored.items():
            one = io.BytesIO()
            np.lib.format.write_array(one, np.asarray(array, order="C"), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), one.getvalue(), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def to_bytes(problem: Problem, more: Mapping[str, Any] | None = None) -> bytes:
    """The .npz file of a problem, which every command takes through --weights; ``more`` is kept beside the template."""
    from rnncalc.problems.templates import to_toml

    mark = {TEMPLATE: to_toml(problem, weights_file=npz.MARK), **(more or {})}
    return arrays_to_bytes(problem.arrays(), mark)


def marked_arrays(path: Path) -> tuple[dict[str, Any] | None, dict[str, Array]]:
    """What rnncalc stored beside the arrays of a .npz file, None where another program wrote it, and the arrays.

    Raises FileError where the file cannot be read or is damaged.
    """
    return npz.marked_arrays(_content(path), str(path))


def kind_of(file: str) -> str:
    """What rnncalc wrote into a .npz file: "checkpoint", "sentiment", nothing for others."""
    if not file.lower().endswith(".npz") or not Path(file).is_file():
        return ""
    return str((marked_arrays(Path(file))[0] or {}).get("kind", ""))


def load(file: str) -> Problem | None:
    """The problem of a .npz file that rnncalc wrote; None where another program did.

    Raises FileError where the file cannot be read or is damaged.
    """
    from rnncalc.problems.templates import parse

    if not file.lower().endswith(".npz"):
        return None
    mark, arrays = marked_arrays(Path(file))
    if (mark or {}).get("kind") == CHECKPOINT:
        raise FileError(f"{file} is a checkpoint; rnncalc train --checkpoint {file} --resume goes on from it.")
    template = (mark or {}).get(TEMPLATE)
    if not isinstance(template, str):
        return None
    return parse(template, file, Path(file).stem, arrays=arrays).problem


def _content(path: Path) -> bytes:
    from rnncalc.weights import content_of

    content = content_of(path)
    if not content.startswith(b"PK"):
        raise FileError(f"{path} is no .npz file of NumPy.")
    return content
