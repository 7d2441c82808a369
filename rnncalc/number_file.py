"""Numbers from a file that spreadsheets write: a row for each time step, a column for each number that is read."""

from __future__ import annotations

import csv
import io
import math
import sys
from collections.abc import Iterable
from pathlib import Path

from rnncalc.errors import FileError
from rnncalc.written import Comma, comma_of, read_number

MAX_BYTES = 50_000_000


def read_numbers(file: str) -> tuple[list[list[float]], list[str]]:
    """The rows of a .csv file (commas, semicolons, tabs or blanks between), or of standard input for "-"; and what
    should be said about it.

    A first row of words is taken for headings. Raises FileError naming the line and what it holds.
    """
    shown = "standard input" if file == "-" else file
    text = _text(file, shown)
    try:
        head = text[:10_000]
        between = next((sign for sign in ";\t" if sign in head), ",")  # where these stand, commas are within numbers
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(head, between)
    except csv.Error:
        dialect = csv.excel
    rows: list[list[float]] = []
    notes: list[str] = []
    csv.field_size_limit(MAX_BYTES)
    for number, cells in enumerate(_with_points(csv.reader(io.StringIO(text), dialect)), 1):
        fields = [cell.strip() for cell in cells]
        if len(fields) == 1 and _number(fields[0]) is None:
            fields = fields[0].split()
        if not any(fields):
            continue
        row = _row(fields)
        if row is None:
            if number == 1 and not any(_number(field) is not None for field in fields):
                notes.append(f"Line 1 of {shown} is taken for headings: {', '.join(fields)}.")
                continue
            wrong = next(field for field in fields if _number(field) is None)
            comma = wrong.replace(",", ".", 1)
            needs = (
                f"with a point it would be {comma}" if _number(comma) is not None else "it needs numbers such as 0.5"
            )
            raise FileError(f"{shown}, line {number}: {wrong!r} is no finite number; {needs}.")
        if rows and len(row) != len(rows[0]):
            raise FileError(
                f"{shown}, line {number} has {len(row)} in it; it needs {len(rows[0])} numbers, as the rows above have."
            )
        rows.append(row)
    if not rows:
        raise FileError(f"{shown} has no numbers; it needs a row for each time step.")
    return rows, notes


def _text(file: str, shown: str) -> str:
    try:
        if file == "-":
            raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(file).open("rb") as opened:
                raw = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise FileError(f"There is no file {file}.") from None
    except IsADirectoryError:
        raise FileError(f"{file} is a folder; it needs to be a .csv file.") from None
    except OSError as error:
        raise FileError(f"{file} cannot be read: {error.strerror or error}.") from None
    if len(raw) > MAX_BYTES:
        raise FileError(f"{shown} is larger than {MAX_BYTES // 1_000_000} MB.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"{shown} is no UTF-8 text (byte {error.start + 1}); save it as CSV in UTF-8.") from None


def _with_points(records: Iterable[list[str]]) -> list[list[str]]:
    """The records with decimal commas, and signs of other scripts, as Python writes numbers."""
    every = list(records)
    comma = comma_of(cell for cells in every for cell in cells if _number(cell) is None)
    return [[_with_point(cell, comma) for cell in cells] for cells in every]


def _with_point(cell: str, comma: Comma) -> str:
    number = None if _number(cell) is not None else read_number(cell, comma).number
    return cell if number is None else repr(number)


def _row(fields: list[str]) -> list[float] | None:
    numbers = [_number(field) for field in fields]
    return None if None in numbers else [number for number in numbers if number is not None]


def _number(field: str) -> float | None:
    try:
        number = float(field)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
