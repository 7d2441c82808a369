"""The formulas of a table, filled along as in a spreadsheet: the first one, its references moved by row and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from rnncalc.workbook.areas import column_letters, column_number

_REFERENCE = re.compile(r"(?<![\w.])((?:\w+!)?\$?)([A-Z]{1,3})(\$?)([0-9]+)(?![\w(])")
"""A cell in a formula: what stands before its column, the column, a $ or nothing, the row."""
_PARTS = 1 + _REFERENCE.groups
"""The pieces that a split by it gives for each reference, with the signs before."""
_FEW = 4
"""So many formulas are as well written one by one."""


class _Reference(NamedTuple):
    """A cell in the first formula, and the rows and columns that it moves by for each row and column of the table."""

    before: str
    column: int
    fixed: str
    row: int
    down: tuple[int, int]
    along: tuple[int, int]

    def at(self, i: int, j: int) -> str:
        row = self.row + i * self.down[0] + j * self.along[0]
        column = self.column + i * self.down[1] + j * self.along[1]
        return f"{self.before}{column_letters(column)}{self.fixed}{row}"


def fill_along(formula: Callable[[int, int], str], rows: int, columns: int) -> list[list[str]]:
    """Every formula of a table, where ``formula`` writes that of a row and a column, counted from 0.

    It writes the first, the last of the first column and of the first row, and one in the middle, which shows that
    the others lie between them; where they do not, it writes them all.
    """
    formula = cache(formula)  # a corner may be another one too
    if rows * columns > _FEW:
        pattern = _pattern(formula, rows, columns)
        if pattern:
            signs, references = pattern
            filled = _filled(signs, references, rows, columns)
            i, j = rows // 2, columns // 2
            if filled[i][j] == formula(i, j):
                return filled
    return [[formula(i, j) for j in range(columns)] for i in range(rows)]


def _pattern(formula: Callable[[int, int], str], rows: int, columns: int) -> tuple[list[str], list[_Reference]] | None:
    """The signs between the references, and the references; None where the corners do not share their signs."""
    first, below, beside = (_REFERENCE.split(formula(i, j)) for i, j in ((0, 0), (rows - 1, 0), (0, columns - 1)))
    if not _signs(first) == _signs(below) == _signs(beside):
        return None
    references = []
    for here, lower, right in zip(_cells(first), _cells(below), _cells(beside), strict=True):
        down, along = _moved(here, lower, rows - 1), _moved(here, right, columns - 1)
        if down is None or along is None:
            return None
        before, column, fixed, row = here
        references.append(_Reference(before, column_number(column), fixed, int(row), down, along))
    return first[::_PARTS], references


def _signs(parts: list[str]) -> tuple[list[str], ...]:
    """All but the columns and rows."""
    return parts[::_PARTS], parts[1::_PARTS], parts[3::_PARTS]


def _cells(parts: list[str]) -> Iterator[list[str]]:
    return (parts[k : k + _PARTS - 1] for k in range(1, len(parts), _PARTS))


def _moved(here: list[str], there: list[str], steps: int) -> tuple[int, int] | None:
    """The rows and columns that a reference moves by at each of these steps; None where they are no whole numbers."""
    rows, columns = int(there[3]) - int(here[3]), column_number(there[1]) - column_number(here[1])
    if steps == 0:
        return 0, 0
    return (rows // steps, columns // steps) if rows % steps == columns % steps == 0 else None


def _filled(signs: list[str], references: list[_Reference], rows: int, columns: int) -> list[list[str]]:
    """The formulas; a reference that does not move along, or not down, is written once for all of them."""
    template = "%s".join(sign.replace("%", "%%") for sign in signs)
    written: list[tuple[list[str], int, int]] = []
    for reference in references:
        high = rows if reference.down != (0, 0) else 1
        wide = columns if reference.along != (0, 0) else 1
        texts = [reference.at(i, j) for i in range(high) for j in range(wide)]
        written.append((texts, wide if high > 1 else 0, 1 if wide > 1 else 0))
    return [
        [template % tuple([texts[i * down + j * along] for texts, down, along in written]) for j in range(columns)]
        for i in range(rows)
    ]
