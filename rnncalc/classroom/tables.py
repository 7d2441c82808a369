"""Tables with headings as teachers have them, whichever program wrote them: rosters, gradebooks, overrides."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from rnncalc.errors import FileError
from rnncalc.io.csv_text import read_csv
from rnncalc.io.read import decoded_by_guess

_MOST = 100_000
_MOST_OF_A_WORKBOOK = 7_000
_ZIP = b"PK\3\4"


class Table(NamedTuple):
    """A table that was read: its columns as they are headed, its rows with their line numbers, and what stands between
    the columns."""

    file: str
    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]
    delimiter: str = ","
    too_long: frozenset[int] = frozenset()
    """The lines that have something after the last column."""

    def column(self, spellings: Sequence[str]) -> str | None:
        """The column headed by one of these spellings, the first of them that there is."""
        return next(iter(self.all_columns(spellings)), None)

    def all_columns(self, spellings: Sequence[str]) -> list[str]:
        """The columns headed by any of these spellings, in the spellings' order."""
        known = {plain_heading(column): column for column in reversed(self.columns)}
        return list(dict.fromkeys(known[s] for s in spellings if s in known))


def read_table(content: bytes, file: str) -> Table:
    """Read a table with headings: text with commas, semicolons or tabs in UTF-8, UTF-16, cp1252 or Shift-JIS, or the
    first sheet of an .xlsx workbook.

    Raises FileError where it is none.
    """
    if content.startswith(_ZIP):
        lines, delimiter = _of_workbook(content, file), ""
    else:
        text = decoded_by_guess(content, file, advice="save it as CSV (UTF-8), or as .xlsx")
        lines, delimiter = read_csv(text, file)
    headings = next((i for i, line in enumerate(lines) if any(cell.strip() for cell in line)), None)
    if headings is None:
        raise FileError(f"{file} is empty; it needs a line of headings and a line for each student.")
    columns = [cell.strip() for cell in lines[headings]]
    rows = [
        (number, dict(zip(columns, (cell.strip() for cell in line), strict=False)))
        for number, line in enumerate(lines[headings + 1 :], headings + 2)
        if any(cell.strip() for cell in line)
    ]
    if len(rows) > _MOST:
        raise FileError(f"{file} has {len(rows):,} lines; a class can have at most {_MOST:,}.")
    too_long = (
        number
        for number, line in enumerate(lines[headings + 1 :], headings + 2)
        if any(cell.strip() for cell in line[len(columns) :])
    )
    return _without_marks(Table(file, columns, rows, delimiter, frozenset(too_long)))


def _without_marks(table: Table) -> Table:
    """Brightspace ends each line with a column of #, and begins ids with one, so that they stay text."""
    last = table.columns[-1]
    if len(table.columns) < 2 or not table.rows or any(row.get(last) != "#" for _, row in table.rows):
        return table
    rows = [(number, {c: cell.removeprefix("#") for c, cell in row.items()}) for number, row in table.rows]
    return table._replace(rows=rows)


def plain_heading(heading: str) -> str:
    """A heading so that spellings of it are alike."""
    return " ".join(unicodedata.normalize("NFC", heading).replace("_", " ").replace("’", "'").casefold().split())


def _of_workbook(content: bytes, file: str) -> list[list[str]]:
    from rnncalc.workbook.areas import Area
    from rnncalc.workbook.read.reading import StrangersFile, parse_area

    stranger = StrangersFile(content, file)
    sheet = stranger.sheets[0].replace("'", "''")
    area = parse_area(f"'{sheet}'!A1:Z{_MOST_OF_A_WORKBOOK + 1}", stranger.sheets)
    assert isinstance(area, Area)
    texts = {cell: _cell(content.value) for cell, content in stranger.cells([area]).items()}
    filled = {cell: text for cell, text in texts.items() if text.strip()}
    rows = max((cell.row for cell in filled), default=0)
    columns = max((cell.column for cell in filled), default=0)
    if rows > _MOST_OF_A_WORKBOOK:
        raise FileError(f"{file} has more than {_MOST_OF_A_WORKBOOK:,} rows; save it as CSV.")
    by_place = {(cell.row, cell.column): text for cell, text in filled.items()}
    return [[by_place.get((row, column), "") for column in range(1, columns + 1)] for row in range(1, rows + 1)]


def _cell(value: object) -> str:
    """What a cell shows; an id that a spreadsheet made a number has no decimals."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    return "" if value is None else str(value)
