"""A file that a person names: opened, unpacked, limited and decoded, with one sentence for each thing that fails."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO

from rnncalc.errors import FileError, RnncalcError
from rnncalc.io.file_names import japanese, western
from rnncalc.io.packed import DAMAGES, open_unpacked

MAX_BYTES = 25_000_000
"""More than a table, a list or a workbook may have."""
MAX_LINE = 100_000
"""The letters of a line; what is longer is no line."""
_LOOKED_AT = 4096

File = str | Path
"""Where a file is; the text "-", but not the path, is standard input."""
Line = tuple[int, str]


@contextmanager
def opened(file: File, *, needs: str = "a file", missing: str = "", packed: bool = False) -> Iterator[BinaryIO]:
    """The bytes of a file; where ``packed``, of what is in a .gz or in a .zip of one file.

    Raises FileError for what goes wrong in opening, and in reading as long as it is open. ``needs`` says what a folder
    should have been, ``missing`` what is said of a file that is not there.
    """
    shown = shown_name(file)
    try:
        if file == "-":
            yield sys.stdin.buffer
            return
        with _opened(file, packed=packed) as stream:
            yield stream
    except FileNotFoundError:
        raise FileError(f"There is no file {shown}{missing}.") from None
    except IsADirectoryError:
        raise FileError(f"{shown} is a folder; it needs to be {needs}.") from None
    except OSError as error:
        raise FileError(f"{shown} cannot be read: {error.strerror or error}.") from None
    except DAMAGES:
        raise FileError(f"{shown} is damaged or incomplete: it cannot be unpacked.") from None


def _opened(file: File, *, packed: bool) -> BinaryIO:
    try:
        return open_unpacked(file) if packed else Path(file).open("rb")
    except PermissionError:
        if Path(file).is_dir():  # as Windows says it
            raise IsADirectoryError from None
        raise
    except RnncalcError:
        raise
    except ValueError as error:  # a name with a zero in it
        raise OSError(str(error)) from None


def shown_name(file: File) -> str:
    """A file as messages name it."""
    return "standard input" if file == "-" else str(file)


def first_bytes(file: File, count: int = MAX_BYTES + 1) -> bytes:
    """The first bytes of a file, for a reader that says itself what is too large; errors as those of :func:`opened`."""
    with opened(file) as stream:
        return stream.read(count)


def read_bytes(
    file: File, most: int = MAX_BYTES, *, needs: str = "a file", missing: str = "", packed: bool = False, hint: str = ""
) -> bytes:
    """The bytes of a file, up to ``most``; ``hint`` is said of one that has more.

    Raises FileError where there are more, and as :func:`opened` does.
    """
    with opened(file, needs=needs, missing=missing, packed=packed) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise FileError(f"{shown_name(file)} is larger than {most // 1_000_000:,} MB{hint}.")
    return content


def decoded(content: bytes, shown: str, encoding: str = "utf-8", *, advice: str = "save it as UTF-8") -> str:
    """The text of these bytes, without a byte order mark; ``advice`` is said where they are none.

    Raises FileError for what is no text in the encoding, RnncalcError for an unknown encoding.
    """
    is_utf8 = _is_utf8(encoding)
    if is_utf8 and (wide := wide_encoding(content[:_LOOKED_AT])):
        raise _is_wide(shown, wide, advice)
    try:
        return content.decode("utf-8-sig" if is_utf8 else encoding)
    except UnicodeError as error:
        # encodings such as undefined say no place
        place = f" (byte {error.start + 1:,})" if isinstance(error, UnicodeDecodeError) else ""
        name = "UTF-8" if is_utf8 else encoding
        raise FileError(f"{shown} is not {name} text{place}; {advice}.") from None
    except (LookupError, ValueError):
        raise _no_encoding(encoding) from None


def decoded_by_guess(content: bytes, shown: str, *, advice: str) -> str:
    """The text of bytes in whichever encoding they are: UTF-8, UTF-16 with its mark, or that of a Windows program,
    which is Shift-JIS where all of it reads as Japanese words, else Western European.

    Raises FileError with ``advice`` for what is no text.
    """
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        guessed = japanese(content)
        text = western(content) if guessed is None else guessed
    if "\x00" in text:
        raise FileError(f"{shown} is not text; {advice}.")
    return text


@contextmanager
def open_text(file: File, encoding: str, newline: str = "", *, advice: str = "save it as UTF-8") -> Iterator[TextIO]:
    """A file, packed or not, as text to be read line by line; a byte that cannot be decoded is a lone surrogate.

    ``advice`` is said of UTF-16 that is read as UTF-8; {} in it is what the text really is.

    Raises FileError for a file that cannot be opened, or is UTF-16 and read as UTF-8, RnncalcError for an unknown
    encoding.
    """
    if _is_utf8(encoding.removesuffix("-sig")) and (wide := wide_encoding(_beginning(file))):
        raise _is_wide(str(file), wide, advice)
    with opened(file, packed=True) as stream:
        try:
            text = io.TextIOWrapper(stream, encoding=encoding, errors="surrogateescape", newline=newline)
        except (LookupError, ValueError):
            raise _no_encoding(encoding) from None
        with text:
            yield text


def numbered(text: TextIO, file: File) -> Iterator[Line]:
    """The lines with their numbers from 1. Raises FileError for a line without end, or what is no text at all."""
    number = 0
    try:
        while line := text.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE:
                raise FileError(
                    f"{file}, line {number} is longer than {MAX_LINE:,} letters, the longest line that can be read."
                )
            yield number, line
    except UnicodeError as error:
        raise FileError(f"{file}, after line {number}, is not {text.encoding} text: {error}.") from None
    except DAMAGES:
        raise FileError(f"{file} is damaged or incomplete: it cannot be unpacked after line {number}.") from None


def wide_encoding(start: bytes) -> str | None:
    """utf-16 or utf-32 where the first bytes of a text tell so, by a mark or by every other one being zero."""
    if start.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(start) >= 4 and not (any(start[1::2]) and any(start[::2])) and any(start):
        return "utf-16-le" if any(start[::2]) else "utf-16-be"
    return None


def _beginning(file: File) -> bytes:
    """The first bytes of a file; none where it cannot be read, which is said by who reads it."""
    with suppress(FileError), opened(file, packed=True) as stream:
        return stream.read(_LOOKED_AT)
    return b""


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("-", "").replace("_", "") == "utf8"


def _is_wide(shown: str, wide: str, advice: str) -> FileError:
    return FileError(f"{shown} is {wide.upper()} text, not UTF-8; {advice.format(wide)}.")


def _no_encoding(encoding: str) -> RnncalcError:
    return RnncalcError(f"There is no encoding {encoding!r}. Use utf-8, latin-1, cp1252 or another encoding.")
