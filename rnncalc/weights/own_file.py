"""Arrays in our own .npz files of NumPy, and beside them what is to be said of them, as JSON."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from rnncalc.errors import FileError
from rnncalc.language.trees import Array
from rnncalc.weights import npz
from rnncalc.weights.content import content_of


def arrays_to_bytes(arrays: Mapping[str, Array], mark: Mapping[str, Any] | None = None) -> bytes:
    """The .npz file of some arrays, and of what is to be said beside them; the same input gives the same bytes."""
    stored = dict(arrays)
    if mark is not None:
        stored[npz.MARK] = np.array(json.dumps(dict(mark), ensure_ascii=False, sort_keys=True))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in stored.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.asarray(array, order="C"), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getvalue(), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def marked_arrays(path: Path) -> tuple[dict[str, Any] | None, dict[str, Array]]:
    """What rnncalc stored beside the arrays of a .npz file, None where another program wrote it, and the arrays.

    Raises FileError where the file cannot be read or is damaged.
    """
    content = content_of(path)
    if not content.startswith(b"PK"):
        raise FileError(f"{path} is not a .npz file of NumPy.")
    return npz.marked_arrays(content, str(path))
