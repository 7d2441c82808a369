"""Worksheets, and how a person fills them in: numbers, texts and formulas put into the cells of a quantity."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import openpyxl
from engines.package import MAIN, Package, set_number, set_text

from rnncalc import Problem, Trace
from rnncalc.marking.marking import Report, mark
from rnncalc.workbook.read.submission import Reading, Submission, read_submission
from rnncalc.workbook.write.worksheet import worksheet

HELLO, PENCIL = Problem.template("hello"), Problem.template("pencil")
Place = tuple[str, int, int]
"""A quantity's name, and a row and column of it, counted from 0."""


@cache
def blank(*ask_for: str, problem: Problem = HELLO, **options: Any) -> bytes:
    """A worksheet as it is handed out."""
    return worksheet(problem, ask_for=ask_for, **options)[0]


def fill_in(file: bytes, numbers: Mapping[str, Any], decimals: int | None = None) -> bytes:
    """Numbers written into the cells of some quantities, rounded to so many decimals."""
    package = Package(file)
    for name, values in numbers.items():
        for (i, j), value in np.ndenumerate(np.asarray(values, dtype=float)):
            set_number(package.cell(name, i, j), float(value if decimals is None else np.round(value, decimals)))
    return package.to_bytes()


def put_in(file: bytes, cells: Mapping[Place, float | str | None]) -> bytes:
    """Single cells: a number, a text, or nothing."""
    return edit(file, {place: _typed(value) for place, value in cells.items()})


def edit(file: bytes, cells: Mapping[Place, Callable[[ElementTree.Element], None]]) -> bytes:
    """Single cells, each changed in some way."""
    package = Package(file)
    for place, change in cells.items():
        change(package.cell(*place))
    return package.to_bytes()


def by_openpyxl(file: bytes) -> openpyxl.Workbook:
    """As a script opens it."""
    return openpyxl.load_workbook(io.BytesIO(file))


def saved(workbook: openpyxl.Workbook) -> bytes:
    """As a script saves it: with formulas, without what was stored beside them."""
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def stored(formula: str, value: str | None, kind: str = "n") -> Callable[[ElementTree.Element], None]:
    """A formula of a person's own with what a program has stored beside it; None: no program has calculated it."""

    def change(cell: ElementTree.Element) -> None:
        clear(cell)
        cell.set("t", kind)
        ElementTree.SubElement(cell, f"{MAIN}f").text = formula
        if value is not None:
            ElementTree.SubElement(cell, f"{MAIN}v").text = value

    return change


def clear(cell: ElementTree.Element) -> None:
    """An empty cell in the look that it has."""
    for part in list(cell):
        cell.remove(part)
    cell.attrib.pop("t", None)


def _typed(value: float | str | None) -> Callable[[ElementTree.Element], None]:
    if value is None:
        return clear
    if isinstance(value, str):
        return lambda cell: set_text(cell, value)
    return lambda cell: set_number(cell, value)


def true_numbers(trace: Trace, *names: str) -> dict[str, np.ndarray]:
    """The right answers to all that is computed, or to some."""
    return {q.name: q.value for q in trace.values() if q.rule is not None and (not names or q.name in names)}


def read(file: bytes, name: str = "homework.xlsx", *, problem: Problem | None = None, **options: Any) -> Submission:
    """What a file holds, for the problem that it tells or for another."""
    return read_submission(file, name, Reading(which=lambda told: problem or told, **options))


def marked(submission: Submission) -> Report:
    """What the marking makes of a file, as rnncalc verify asks for it."""
    return mark(submission.trace, submission.answers, given=submission.given, given_decimals=submission.given_decimals)


def verified(file: bytes, **options: Any) -> Report:
    """The same from the file."""
    return marked(read(file, **options))


def statuses(report: Report) -> dict[Place, str]:
    """The status of every answer."""
    return {(m.quantity, m.row, m.column): m.status for m in report.marks}


def standing_out(report: Report) -> dict[Place, str]:
    """The answers that are not simply right."""
    return {place: status for place, status in statuses(report).items() if status != "correct"}
