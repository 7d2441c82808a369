"""Text files that people pack: .gz and a .zip of one file are opened as what is in them."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from rnncalc.errors import FileError

DAMAGES = (EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)
"""What reading a damaged packed file raises, beside OSError."""
_LOOKED_AT = 4096


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
        raise FileError(f"{file} is damaged or ends early: it is no whole zip file.") from None
    parts = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
    if len(parts) != 1:
        names = ", ".join(ascii(one.filename)[1:-1] for one in parts[:5])
        raise FileError(f"{file} packs {len(parts)} files ({names}); it needs one, so unpack it and name the one.")
    if parts[0].flag_bits & 1:
        raise FileError(f"{file} is locked with a password; unpack it first.")
    return cast(BinaryIO, archive.open(parts[0]))


def wide_encoding(start: bytes) -> str | None:
    """utf-16 or utf-32 where the first bytes of a text tell so, by a mark or by every other one being zero."""
    if start.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(start) >= 4 and not (any(start[1::2]) and any(start[::2])) and any(start):
        return "utf-16-le" if any(start[::2]) else "utf-16-be"
    return None


def wide_encoding_of(file: str | Path) -> str | None:
    """The same of a file; None where it cannot be read, which is said by who reads it."""
    with suppress(OSError, FileError, *DAMAGES), open_unpacked(file) as opened:
        return wide_encoding(opened.read(_LOOKED_AT))
    return None
