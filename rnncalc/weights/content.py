"""The bytes of a weight file, and what they are whatever its name ends in."""

from __future__ import annotations

import re
from pathlib import Path

from rnncalc.errors import FileError
from rnncalc.io.read import read_bytes
from rnncalc.weights.archive import Archive
from rnncalc.weights.arrays import MAX_BYTES


def content_of(path: Path) -> bytes:
    """The bytes of a file; raises FileError where it cannot be read or is too large."""
    of_tensorflow = (path / "saved_model.pb").is_file()
    needs = "a file; use model.save('model.keras') for a SavedModel" if of_tensorflow else "a file"
    return read_bytes(path, MAX_BYTES, needs=needs)


def kind_of(content: bytes) -> str | None:
    """What the bytes are: HDF5, safetensors, pickle, zip, or None where they tell nothing."""
    if content.startswith(b"\x89HDF\r\n\x1a\n"):
        return "HDF5"
    if content[8:9] == b"{":  # behind the length of safetensors' header
        return "safetensors"
    if re.match(rb"\x80[\x02-\x05]|\(dp?\d|\(lp?\d|ccollections\n", content):
        return "pickle"
    if content.startswith(b"PK"):
        try:
            names = Archive(content, "").names
        except FileError:  # its own reader says so
            names = []
        return "pickle" if any(name.endswith("data.pkl") for name in names) else "zip"
    return None
