"""CSV: read with whatever stands between its cells, and written so that no cell is a formula in any spreadsheet.

Who opens a file with commas in a program that expects semicolons sees the cell ``a;=1+1;b`` as three, and quotes do not
help: so each place where a cell could begin is looked at.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from rnncalc.errors import FileError

SEPARATORS = ",;\t"
"""What programs write between the cells of a row."""
_SEPARATOR = re.compile(r'\A\ufeff?"?sep=([,;\t|])"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_LOOKED_AT = 10_000
_SINGLE_QUOTES = re.compile(r"^[ \t]*'[^'\r\n]*'[ \t]*(?:[,;\t\r\n]|\Z)", re.MULTILINE)
_FORMULA = re.compile(
    r"""((?:^|[,;|:"\t\r\n])[,;|:"\s]*  # where a cell begins, whatever ends the one before it;
         |\ (?='*\S(?!\ )))             # where blanks do, a sign between blanks, a = b, is a cell of its own
        ('*)                          # the apostrophes that text had already
        (?=[=+\-@＝＋－＠])           # what begins a formula""",
    re.VERBOSE | re.ASCII,
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|-", re.ASCII)
"""And a lone dash, which stands for none."""
_PASSED_OVER = ("\t", "\r")
"""Signs that spreadsheets pass over when they look for a formula."""


def read_csv(text: str, file: str, *, of_numbers: bool = False) -> tuple[list[list[str]], str]:
    """The rows of a text, and what stands between their cells: what a first line such as sep=; says, which is then an
    empty row, or what the text has most of.

    A file ``of_numbers`` may have decimal commas, so that a semicolon or a tab goes before a comma, and single quotes.
    Raises FileError where quotes do not fit, but not ``of_numbers``: whoever reads those says which cell is none.
    """
    first_line = _SEPARATOR.match(text)
    body = text[first_line.end() :] if first_line else text
    between = first_line[1] if first_line else _between_numbers(body) if of_numbers else _between(body)
    csv.field_size_limit(max(len(text), csv.field_size_limit()))
    quote = "'" if of_numbers and '"' not in body[:_LOOKED_AT] and _SINGLE_QUOTES.search(body[:_LOOKED_AT]) else '"'
    cells = csv.reader(
        io.StringIO(body, newline=""),
        delimiter=between,
        quotechar=quote,
        strict=not of_numbers,
        skipinitialspace=of_numbers,
    )
    try:
        rows = list(cells)
    except csv.Error as error:
        raise FileError(f"{file} cannot be read as CSV: {error}.") from None
    return ([[]] if first_line else []) + rows, between  # the line that told the separator is a line too


def _between(text: str) -> str:
    """What stands most often in the first line that is not empty; a heading in quotes may hold anything."""
    first = text.lstrip().splitlines()[0] if text.strip() else ""
    return max(SEPARATORS, key=re.sub(r'"[^"]*"', "", first).count)


def _between_numbers(text: str) -> str:
    head = text[:_LOOKED_AT]
    return next((sign for sign in ";\t" if sign in head), ",")  # where these stand, commas are within numbers


def cells_of(row: str, between: str) -> list[str] | None:
    """The cells of one row; None where its quotes do not fit."""
    try:
        return next(csv.reader((row,), delimiter=between, strict=True), [])
    except csv.Error:
        return None


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows of our own numbers and names as a CSV."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def write_csv(rows: Iterable[Iterable[object]]) -> str:
    """Rows as a CSV in which no text is a formula to a spreadsheet and none ends its row."""
    return csv_text([_in_one_row(cell, first=not i) for i, cell in enumerate(row)] for row in rows)


def harmless(text: str, *, first: bool = False) -> str:
    """A text with an apostrophe before all that a spreadsheet could take for a formula.

    A number or a lone dash is none, but where it is the ``first`` of its row and others could be read as one with it.
    """
    if not first and _NUMBER.fullmatch(text):
        return text
    kept = _FORMULA.sub(r"\1'\2", text)
    return f"'{kept}" if kept.lstrip("'")[:1] in _PASSED_OVER else kept


def as_it_was(cell: str, *, first: bool = False) -> str:
    """Such a text without the apostrophes that were put into it."""
    plain = cell.removeprefix("'") if cell.lstrip("'")[:1] in _PASSED_OVER else cell
    plain = _FORMULA.sub(lambda match: match[1] + match[2][1:], plain)
    return plain if harmless(plain, first=first) == cell else cell


def _in_one_row(cell: object, *, first: bool) -> object:
    if not isinstance(cell, str):
        return cell
    # csv.writer quotes a line feed, and a carriage return not in every version of Python
    return harmless(cell.replace("\r\n", "\n").replace("\r", "\n"), first=first)
