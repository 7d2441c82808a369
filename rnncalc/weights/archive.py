"""A stranger's zip: nothing is unpacked before the sizes that it declares are known."""

from __future__ import annotations

import io
import zipfile

from rnncalc.errors import FileError
from rnncalc.io.visible import brief
from rnncalc.weights.arrays import MAX_BYTES, MAX_RATIO, RATIO_FROM

MAX_PARTS = 10_000
_ENTRY = b"PK\1\2"
"""Each part's entry in the zip's table of contents begins so."""


class Archive:
    """The parts of a zip by their names; raises FileError for what is damaged or too large."""

    def __init__(self, content: bytes, file: str) -> None:
        self._file = file
        if content.count(_ENTRY) > MAX_PARTS:  # counted before zipfile makes an object of each
            raise FileError(f"{file} is too large: it has more than {MAX_PARTS:,} parts.")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            entries = self._zip.infolist()
        except Exception:  # zipfile raises many kinds for damaged files
            raise FileError(f"{file} is damaged or incomplete: it is not a complete zip file.") from None
        self.names = [entry.filename for entry in entries]
        if len(set(self.names)) < len(entries):
            raise FileError(f"{file} is damaged: it has two parts with the same name.")
        if sum(entry.compress_size for entry in entries) > len(content):
            raise FileError(f"{file} is damaged: its parts overlap.")
        if sum(entry.file_size for entry in entries) > MAX_BYTES:
            raise FileError(f"{file} is too large: it unpacks to more than {MAX_BYTES:,} bytes.")
        for entry in entries:
            if entry.file_size > max(RATIO_FROM, MAX_RATIO * entry.compress_size):
                raise FileError(f"{file}: {brief(entry.filename)} unpacks to more than {MAX_RATIO} times its size.")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise FileError(f"{file}: {brief(entry.filename)} is compressed in a way that no framework uses.")

    def read(self, name: str) -> bytes:
        """A part, unpacked."""
        try:
            with self._zip.open(name) as part:
                size = self._zip.getinfo(name).file_size
                content = part.read(size + 1)
        except Exception:  # as above
            raise FileError(f"{self._file} is damaged: {brief(name)} in it cannot be unpacked.") from None
        if len(content) != size:
            raise FileError(f"{self._file} is damaged: {brief(name)} in it does not have the size that the file gives.")
        return content
