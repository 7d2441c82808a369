"""Numbers from a file that spreadsheets write: a row for each time step, a column for each number that is read."""

from __future__ import annotations

from collections.abc import Iterable

from rnncalc.errors import FileError
from rnncalc.io.csv_text import read_csv
from rnncalc.io.read import decoded, read_bytes, shown_name
from rnncalc.io.written import Comma, comma_of, finite_number, read_number

MAX_BYTES = 50_000_000

Line = tuple[int, list[str]]
"""The number of a line in the file, from 1, and what stands between its commas."""


def read_numbers(file: str) -> tuple[list[list[float]], list[str]]:
    """The rows of a .csv file (commas, semicolons, tabs or blanks between), or of standard input for "-"; and what
    should be said about it.

    A first row of words, or one that counts the columns, is taken for headings; .gz and a .zip of one file are
    unpacked. Raises FileError naming the line and what it holds.
    """
    shown = shown_name(file)
    content = read_bytes(file, MAX_BYTES, needs="a .csv file", packed=True)
    text = decoded(content, shown, advice="save it as CSV in UTF-8")
    rows: list[list[float]] = []
    notes: list[str] = []
    lines = _lines(_with_points(read_csv(text, shown, of_numbers=True)[0]))
    lines = _without_index(lines, shown, notes)
    for number, fields in _without_numbering(lines, shown, notes):
        row = _row(fields)
        if row is None:
            if number == 1 and not rows and not any(finite_number(field) is not None for field in fields):
                notes.append(f"Line 1 of {shown} is read as headings: {', '.join(fields)}.")
                continue
            wrong = next(field for field in fields if finite_number(field) is None)
            comma = wrong.replace(",", ".", 1)
            needs = (
                f"write it with a point, {comma}"
                if finite_number(comma) is not None
                else "it needs numbers such as 0.5"
            )
            raise FileError(f"{shown}, line {number}: {wrong!r} is not a finite number; {needs}.")
        if rows and len(row) != len(rows[0]):
            raise FileError(
                f"{shown}, line {number}: the number of values is {len(row)}; it needs {len(rows[0])}, as in the "
                "rows above."
            )
        rows.append(row)
    if not rows:
        raise FileError(f"{shown} has no numbers; it needs a row for each time step.")
    return rows, notes


def _lines(records: Iterable[list[str]]) -> list[Line]:
    """What stands in each line that is not blank, and its number."""
    lines = []
    for number, cells in enumerate(records, 1):
        fields = [cell.strip() for cell in cells]
        if len(fields) == 1 and finite_number(fields[0]) is None:
            fields = fields[0].split()
        if any(fields):
            lines.append((number, fields))
    return lines


def _without_index(lines: list[Line], shown: str, notes: list[str]) -> list[Line]:
    """The lines without a first column that counts them and has no heading, as pandas writes its index."""
    (_, head), *rest = lines or [(0, [""])]
    if head[0] or len(head) < 2 or not rest or any(fields[0] != str(i) for i, (_, fields) in enumerate(rest)):
        return lines
    notes.append(f"The first column of {shown} has no heading and only counts the rows, so it is left out.")
    return [(number, fields[1:]) for number, fields in lines]


def _without_numbering(lines: list[Line], shown: str, notes: list[str]) -> list[Line]:
    """The lines without a first one that counts the columns, 0,1,2 or 1,2,3, as pandas heads what has no names."""
    (number, head), *rest = lines or [(0, [""])]
    counting = [[str(i + first) for i in range(len(head))] for first in (0, 1)]
    if number != 1 or len(head) < 2 or head not in counting or not rest:
        return lines
    written = ", ".join(head)
    whole = [[field.lstrip("+-").isdecimal() for field in fields] for _, fields in rest]
    # two numbers are soon written by chance, so that 0, 1 alone above numbers with decimals alone is none
    if any(map(all, whole)) or (len(head) == 2 and (head[0] != "0" or any(map(any, whole)))):
        notes.append(f"Line 1 of {shown}, {written}, is read as step 1. If it is a heading, remove it.")
        return lines
    notes.append(f"Line 1 of {shown} only counts the columns, so it is read as headings: {written}.")
    return rest


def _with_points(records: list[list[str]]) -> list[list[str]]:
    """The records with decimal commas, and signs of other scripts, as Python writes numbers."""
    comma = comma_of(cell for cells in records for cell in cells if finite_number(cell) is None)
    return [[_with_point(cell, comma) for cell in cells] for cells in records]


def _with_point(cell: str, comma: Comma) -> str:
    number = None if finite_number(cell) is not None else read_number(cell, comma).number
    return cell if number is None else repr(number)


def _row(fields: list[str]) -> list[float] | None:
    numbers = [finite_number(field) for field in fields]
    return None if None in numbers else [number for number in numbers if number is not None]
