"""The arrays of a weight file: nothing is computed with before its kind, its shape and its numbers are known to fit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from rnncalc.errors import FileError
from rnncalc.io.visible import brief
from rnncalc.language.trees import Array
from rnncalc.weights.network import by

MAX_BYTES = 1_000_000_000
"""Of a file, and of all that it unpacks to."""
MAX_RATIO, RATIO_FROM = 200, 1_000_000
"""How much larger a part may be than its packed bytes, from this size on."""
READ_KINDS = "float16, bfloat16, float32 and float64"
_LONGEST_JSON = 5_000_000


class Arrays:
    """The arrays of a file by the names that it gives them."""

    def __init__(self, file: str, arrays: Mapping[str, Array]) -> None:
        self.file = file
        self._arrays = arrays

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of an array as it stands in the file."""
        return self._arrays[name].shape

    def raw(self, name: str) -> Array:
        """An array as it stands in the file, unchecked."""
        return self._arrays[name]

    def take(self, name: str, *needed: int | None) -> Array:
        """An array in float64; raises FileError where its shape is another, or a number is not finite."""
        if name not in self._arrays:
            raise FileError(f"{self.file} has no {brief(name)}, which its other arrays need.")
        return checked(self.file, name, self._arrays[name], *needed)


def checked(file: str, name: str, array: Array, *needed: int | None) -> Array:
    """An array in float64; None in ``needed`` is any number of rows or columns.

    Raises FileError for other kinds of numbers than are read, another shape, and what is not finite.
    """
    check_kind(file, name, array.dtype)
    if len(array.shape) != len(needed) or any(
        n not in (None, size) for size, n in zip(array.shape, needed, strict=True)
    ):
        raise FileError(f"{file}: {brief(name)} is {by(array.shape)}; it needs to be {by(needed)}.")
    if array.size == 0:
        raise FileError(f"{file}: {brief(name)} is empty: it is {by(array.shape)}.")
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        place = ",".join(str(i + 1) for i in bad[0])
        says = "NaN" if np.isnan(array[tuple(bad[0])]) else "infinite"
        raise FileError(f"{file}: {brief(name)}[{place}] is {says}; weights must be finite numbers.")
    return array.astype(np.float64)


def check_kind(file: str, name: str, kind: np.dtype[Any]) -> None:
    """Raise FileError for numbers that float64 does not hold exactly, or that are no weights."""
    if kind.kind != "f" or kind.itemsize not in (2, 4, 8):
        raise FileError(f"{file}: {brief(name)} has {brief(kind.name)} values; rnncalc reads {READ_KINDS}.")


def from_bfloat16(bits: Array) -> Array:
    """The numbers whose upper 16 bits as float32 these are."""
    numbers: Array = (bits.astype("<u4") << 16).view("<f4")
    return numbers


def column(vector: Array) -> Array:
    """A vector as a column, n×1."""
    return vector.reshape(-1, 1)


def parsed_json(text: str | bytes, file: str, what: str) -> dict[str, Any]:
    """A JSON object; raises FileError where the text is none, or longer than any that describes a small network."""
    if len(text) > _LONGEST_JSON:
        raise FileError(f"{file} is too large: {what} has more than {_LONGEST_JSON:,} characters.")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise FileError(f"{file} is damaged: {what} is not JSON text.") from None
    if not isinstance(content, dict):
        raise FileError(f"{file} is damaged: {what} is not a JSON object.")
    return content
