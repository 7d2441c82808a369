"""The lines of a file that were skipped: counted, the first few kept, or refused at once."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from rnncalc.errors import FileError
from rnncalc.io.visible import brief

KEPT = 5
SHOWN = 60


class SkippedLine(NamedTuple):
    """One line: its number in the file counted from 1, the kind of its trouble, a sentence about it, its beginning."""

    line: int
    kind: str
    says: str
    text: str


class SkippedLines:
    """The lines of ``file`` that were skipped; ``count`` by kind, ``first`` the first few of all."""

    def __init__(self, file: str, *, strict: bool = False) -> None:
        self.file = file
        self.strict = strict
        self.count: Counter[str] = Counter()
        self.first: list[SkippedLine] = []

    def add(self, line: int, kind: str, says: str, text: str) -> None:
        """Count a line that is skipped. Raises FileError with its number where the reading is strict."""
        if self.strict:
            raise FileError(f"{self.file}, line {line} {says}.")
        self.count[kind] += 1
        if len(self.first) < KEPT:
            self.first.append(SkippedLine(line, kind, says, brief(text.strip(), SHOWN)))
