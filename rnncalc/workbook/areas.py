"""Which cells a table of numbers stands in, and how a formula names them."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
"""What a sheet can hold."""
LAST_CELL_TEXT = 32_767
"""The characters that a cell can hold."""


@cache
def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    return column


class Cell(NamedTuple):
    """One cell; rows and columns count from 1."""

    sheet: str
    row: int
    column: int

    def address(self, here: str, *, fix_row: bool = False, fix_column: bool = False) -> str:
        """How a formula on the sheet ``here`` names it: B5, $B5, Inputs!$B$5."""
        if self.sheet != here:
            return f"{self.sheet}!${column_letters(self.column)}${self.row}"
        return f"{'$' if fix_column else ''}{column_letters(self.column)}{'$' if fix_row else ''}{self.row}"


class Area(NamedTuple):
    """A rectangle of cells."""

    sheet: str
    row: int
    column: int
    rows: int
    columns: int

    def cell(self, row: int, column: int) -> Cell:
        """The cell of an element, counted from 0."""
        return Cell(self.sheet, self.row + row, self.column + column)

    def address(self, here: str = "") -> str:
        """How a formula on the sheet ``here`` names it: B5:D7, Inputs!$B$5:$D$7; a single cell without the colon."""
        first, last = self.cell(0, 0), self.cell(self.rows - 1, self.columns - 1)
        if self.sheet == here:
            ends = [f"{column_letters(c.column)}{c.row}" for c in (first, last)]
            return ends[0] if first == last else ":".join(ends)
        ends = [f"${column_letters(c.column)}${c.row}" for c in (first, last)]
        return f"{self.sheet}!" + (ends[0] if first == last else ":".join(ends))


def span(first: Cell, last: Cell) -> Area:
    """The area from one cell to another on the same sheet."""
    return Area(first.sheet, first.row, first.column, last.row - first.row + 1, last.column - first.column + 1)
