"""Text files that people pack: .gz and a .zip of one file are opened as what is in them."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from rnncalc.errors import FileError

DAMAGES = (EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)
"""What reading a damaged packed file raises, beside OSError."""


def open_unpacked(file: str | Path) -> BinaryIO:
    """The bytes of a file, unpacked where it is packed, whatever its name ends in.

    Raises OSError as opening does, and FileError for a zip of several files, or of one that is locked.
    """
    opened = Path(file).open("rb")  # noqa: SIM115, as whoever asked for it closes it
    try:
        start = opened.peek(4)[:4]  # not read, as a pipe has no way back
    except OSError:
        opened.close()
        raise
    if start.startswith(b"\x1f\x8b"):
        opened.close()
        return cast(BinaryIO, gzip.open(file, "rb"))
    if start == b"PK\x03\x04":
        opened.close()
        return _only_part(str(file))
    return cast(BinaryIO, opened)


def _only_part(file: str) -> BinaryIO:
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        raise FileError(f"{file} is damaged or incomplete: it is not a complete zip file.") from None
    parts = [part for part in archive.infolist() if not part.is_dir() and not part.filename.startswith("__MACOSX/")]
    if len(parts) != 1:
        names = ", ".join(ascii(part.filename)[1:-1] for part in parts[:5])
        raise FileError(
            f"{file} contains {len(parts)} files ({names}); it needs one. Unpack it and use the right file."
        )
    if parts[0].flag_bits & 1:
        raise FileError(f"{file} is locked with a password. Unpack it first.")
    return cast(BinaryIO, archive.open(parts[0]))
