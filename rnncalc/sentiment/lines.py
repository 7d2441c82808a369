"""The lines of a large text file, and those that cannot be used: counted, the first few kept, or refused at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from rnncalc.errors import FileError, RnncalcError
from rnncalc.visible import brief

KEPT = 5
SHOWN = 60
MAX_LINE = 100_000

Line = tuple[int, str]


def open_text(file: str, encoding: str, newline: str = "") -> TextIO:
    """The file as text in which a byte that cannot be decoded is a lone surrogate.

    Raises FileError for a file that cannot be opened, RnncalcError for an unknown encoding.
    """
    try:
        return Path(file).open(encoding=encoding, errors="surrogateescape", newline=newline)
    except FileNotFoundError:
        raise FileError(f"There is no file {file}.") from None
    except IsADirectoryError:
        raise FileError(f"{file} is a folder; it needs to be a file.") from None
    except OSError as error:
        raise FileError(f"{file} cannot be read: {error.strerror or error}.") from None
    except LookupError:
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
