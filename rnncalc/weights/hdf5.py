"""A stranger's HDF5 file: what leads out of it is refused; kinds and sizes are known before anything is read."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from rnncalc.errors import FileError
from rnncalc.io.visible import brief
from rnncalc.language.trees import Array
from rnncalc.weights.arrays import MAX_BYTES, MAX_RATIO, RATIO_FROM, check_kind

_MOST_MEMBERS = 10_000


class Hdf5:
    """The groups and arrays of an HDF5 file by their paths; raises FileError for what is damaged or leads elsewhere."""

    def __init__(self, content: bytes, file: str) -> None:
        try:
            import h5py
        except ImportError:
            raise FileError(f"{file} needs h5py: pip install 'rnncalc[keras]'") from None
        self._h5py, self._label, self._size, self._read = h5py, file, len(content), 0
        with self._guarded():
            _check_heaps(content)
            self._file = h5py.File(io.BytesIO(content), "r")

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except FileError:
            raise
        except Exception:  # h5py raises many kinds for damaged files
            raise FileError(f"{self._label} is damaged or incomplete: it is not a complete HDF5 file.") from None

    def text(self, path: str, attribute: str) -> str | None:
        """A text that is attached to a group, or None."""
        value = self._attribute(path, attribute)
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        return value if isinstance(value, str) else None

    def texts(self, path: str, attribute: str) -> list[str]:
        """The texts that are attached to a group."""
        value = self._attribute(path, attribute)
        listed = value.tolist() if isinstance(value, np.ndarray) and value.ndim == 1 else []
        return [text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text) for text in listed]

    def _attribute(self, path: str, attribute: str) -> Any:
        with self._guarded():
            node = self._node(path)
            if node is None or attribute not in node.attrs:
                return None
            value = node.attrs.get_id(attribute)
            kind = value.get_type()
            if not isinstance(kind, self._h5py.h5t.TypeStringID):  # h5py crashes over references and the like
                return None
            if math.prod(value.shape or ()) * kind.get_size() > self._size:
                raise FileError(f"{self._label} is damaged: {attribute} is larger than the file.")
            return node.attrs[attribute]

    def members(self, path: str) -> list[str]:
        """The names of what stands in a group; none where there is no such group."""
        with self._guarded():
            node = self._node(path)
            return list(node) if isinstance(node, self._h5py.Group) and len(node) <= _MOST_MEMBERS else []

    def array(self, path: str) -> Array:
        """An array, read whole."""
        with self._guarded():
            node = self._node(path)
            if not isinstance(node, self._h5py.Dataset):
                raise FileError(f"{self._label} has no array {brief(path)}, which its layers need.")
            if node.external or node.is_virtual:
                raise FileError(f"{self._label}: {brief(path)} is stored in another file, which rnncalc does not read.")
            if not isinstance(node.shape, tuple):
                raise FileError(f"{self._label}: {brief(path)} is empty.")
            check_kind(self._label, path, node.dtype)
            self._check_size(path, math.prod(node.shape) * node.dtype.itemsize, node.id.get_storage_size())
            return np.asarray(node[()])

    def _check_size(self, path: str, size: int, stored: int) -> None:
        self._read += size
        if self._read > MAX_BYTES:
            raise FileError(f"{self._label} is too large: its arrays have more than {MAX_BYTES:,} bytes.")
        if size > max(RATIO_FROM, MAX_RATIO * min(stored, self._size)):
            raise FileError(f"{self._label}: {brief(path)} unpacks to more than {MAX_RATIO} times its size.")

    def _node(self, path: str) -> Any:
        """What stands at a path, link by link; None where nothing does."""
        node = self._file
        for part in filter(None, path.split("/")):
            link = node.get(part, getlink=True) if isinstance(node, self._h5py.Group) else None
            if link is None:
                return None
            if not isinstance(link, self._h5py.HardLink):
                raise FileError(
                    f"{self._label}: {brief(path)} is a link to another place, which rnncalc does not follow."
                )
            node = node[part]
        return node


def _check_heaps(content: bytes) -> None:
    """Raise ValueError where the library would not come to an end: at a heap of texts whose parts do not fill it.

    A heap ("GCOL", version 1) is 16 bytes that end with its size, then objects: a number in 2 bytes, 6 bytes, the size
    in 8, and the object, filled up to a multiple of 8. Number 0 is the free space, whose size counts these 16 bytes.
    """
    if set(content[9:11] if content[8] > 1 else content[13:15]) != {8}:
        raise ValueError("addresses and sizes of other lengths than 8")
    for heap in re.finditer(rb"GCOL\x01", content):
        end = heap.start() + int.from_bytes(content[heap.start() + 8 : heap.start() + 16], "little")
        place = heap.start() + 16
        while place + 16 <= min(end, len(content)):
            number = int.from_bytes(content[place : place + 2], "little")
            size = int.from_bytes(content[place + 8 : place + 16], "little")
            if size > end - place or (number == 0 and size < 16):
                raise ValueError("a part of a heap that has no bytes, or more than the heap")
            place += 16 + (size + 7) // 8 * 8 if number else size
