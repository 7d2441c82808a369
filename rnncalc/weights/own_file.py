"""Arrays in our own .npz files of NumPy, and beside them what is to be said of them, as JSON."""

from __future__ import annotations

import io
import json
import math
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from rnncalc.errors import FileError
from rnncalc.io.visible import brief
from rnncalc.language.trees import Array
from rnncalc.weights.archive import Archive
from rnncalc.weights.arrays import parsed_json
from rnncalc.weights.content import content_of
from rnncalc.weights.network import by

MARK = "rnncalc"
"""The name under which rnncalc stores JSON text beside its own arrays.

What it says of ``activation`` and ``head_activations`` holds where the reader is not told otherwise.
"""


def arrays_to_bytes(arrays: Mapping[str, Array], mark: Mapping[str, Any] | None = None) -> bytes:
    """The .npz file of some arrays, and of what is to be said beside them; the same input gives the same bytes."""
    stored = dict(arrays)
    if mark is not None:
        stored[MARK] = np.array(json.dumps(dict(mark), ensure_ascii=False, sort_keys=True))
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
    return read_marked(content, str(path))


def read_marked(content: bytes, file: str) -> tuple[dict[str, Any] | None, dict[str, Array]]:
    """The same, of a file that was read."""
    stored = _arrays(content, file)
    return (_mark(stored.pop(MARK), file) if MARK in stored else None), stored


def _mark(array: Array, file: str) -> dict[str, Any]:
    """What rnncalc stored beside its arrays."""
    if array.dtype.kind != "U" or array.shape != ():
        raise FileError(f"{file}: {MARK} is {by(array.shape)} of {array.dtype.name}; it needs to be one text.")
    return parsed_json(str(array[()]), file, MARK)


def _arrays(content: bytes, file: str) -> dict[str, Array]:
    """All arrays of the file, without Python objects."""
    archive = Archive(content, file)
    strange = [name for name in archive.names if not name.endswith(".npy")]
    if strange:
        raise FileError(f"{file}: {brief(strange[0])} in it is not an array; numpy.savez writes only arrays.")
    return {name.removesuffix(".npy"): _array(archive.read(name), name, file) for name in archive.names}


def _array(content: bytes, name: str, file: str) -> Array:
    """One array; its size is compared with what its header says before anything is made of it."""
    stream = io.BytesIO(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a damaged header may warn before it fails
            version = np.lib.format.read_magic(stream)
            header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
            shape, _, dtype = header(stream)
        pickled = dtype.hasobject
        if not pickled and math.prod(shape) * dtype.itemsize == len(content) - stream.tell():
            stream.seek(0)
            array: Array = np.lib.format.read_array(stream, allow_pickle=False)
            return array
    except Exception:  # NumPy raises many kinds for damaged headers
        pickled = False
    if pickled:
        raise FileError(f"{file}: {brief(name)} has pickled Python objects, which rnncalc never reads.")
    raise FileError(f"{file} is damaged: {brief(name)} in it is not a complete array.")
