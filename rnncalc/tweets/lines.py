"""The lines of a large text file, and those that cannot be used: counted, the first few kept, or refused at once."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from rnncalc.errors import FileError, RnncalcError
from rnncalc.io.packed import DAMAGES, open_unpacked, wide_encoding_of
from rnncalc.io.visible import brief

KEPT = 5
SHOWN = 60
MAX_LINE = 100_000

Line = tuple[int, str]


def open_text(file: str, encoding: str, newline: str = "", hint: str = "") -> TextIO:
    """The file as text in which a byte that cannot be decoded is a lone surrogate; unpacked where it is packed.

    Raises FileError for a file that cannot be opened, or is UTF-16 and read as UTF-8, RnncalcError for an unknown
    encoding.
    """
    wide = wide_encoding_of(file) if encoding.startswith("utf-8") else None
    if wide:
        raise FileError(f"{file} is {wide.upper()} text, not UTF-8; save it as UTF-8{hint.format(wide)}.")
    try:
        opened = open_unpacked(file)
    except FileNotFoundError:
        raise FileError(f"There is no file {file}.") from None
    except IsADirectoryError:
        raise FileError(f"{file} is a folder; it needs to be a file.") from None
    except OSError as error:
        raise FileError(f"{file} cannot be read: {error.strerror or error}.") from None
    try:
        return io.TextIOWrapper(opened, encoding=encoding, errors="surrogateescape", newline=newline)
    except (LookupError, ValueError):
        opened.close()
        raise RnncalcError(f"There is no encoding {encoding!r}; there are utf-8, latin-1, cp1252 and others.") from None


def numbered(opened: TextIO, file: str) -> Iterator[Line]:
    """The lines with their numbers from 1. Raises FileError for a line without end, or what is no text at all."""
    number = 0
    try:
        while line := opened.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE:
                raise FileError(f"{file}, line {number} is longer than {MAX_LINE:,} letters, which no line needs.")
            yield number, line
    except UnicodeError as error:
        raise FileError(f"{file}, after line {number}, is no {opened.encoding} text: {error}.") from None
    except OSError as error:
        raise FileError(f"{file} cannot be read: {error.strerror or error}.") from None
    except DAMAGES:
        raise FileError(f"{file} is damaged or ends early: after line {number} it cannot be unpacked.") from None


class Trouble(NamedTuple):
    """One line: its number in the file counted from 1, the kind of its trouble, a sentence about it, its beginning."""

    line: int
    kind: str
    says: str
    text: str


class Troubles:
    """The lines of ``file`` that were skipped; ``count`` by kind, ``first`` the first few of all."""

    def __init__(self, file: str, *, strict: bool = False) -> None:
        self.file = file
        self.strict = strict
        self.count: Counter[str] = Counter()
        self.first: list[Trouble] = []

    def add(self, line: int, kind: str, says: str, text: str) -> None:
        """Count a line that is skipped. Raises FileError with its number where the reading is strict."""
        if self.strict:
            raise FileError(f"{self.file}, line {line} {says}.")
        self.count[kind] += 1
        if len(self.first) < KEPT:
            self.first.append(Trouble(line, kind, says, brief(text.strip(), SHOWN)))
