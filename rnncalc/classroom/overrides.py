"""What a teacher decides by hand: the points of a question, and whose a file is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rnncalc.classroom.assignment import Assignment
from rnncalc.classroom.grade_records import DIGITS, Override
from rnncalc.classroom.roster import Student
from rnncalc.classroom.tables import Table, read_table
from rnncalc.errors import FileError


def read_overrides(
    content: bytes, file: str, assignment: Assignment, students: Sequence[Student]
) -> dict[str, dict[str, Override]]:
    """The teacher's own marks: columns student, question, points, reason. Lines with a file and no question are those
    of ``read_assigned``.

    Raises FileError with a line for each line that means nothing.
    """
    table = read_table(content, file)
    columns = {name: table.column((name,)) for name in ("student", "question", "points", "reason")}
    needed = ("student",) if table.column(("file",)) is not None else ("student", "question", "points")
    missing = [name for name in needed if columns[name] is None]
    if missing:
        raise FileError(f"{file} has no column {missing[0]}; it needs the columns student, question, points, reason.")
    ids = {s.id for s in students}
    overrides: dict[str, dict[str, Override]] = {}
    bad: list[str] = []
    for number, row in table.rows:
        student, question, points, reason = (row.get(columns[n] or "", "") for n in columns)
        if _assigns(table, row):
            continue
        faults = []
        if number in table.too_long:
            faults.append(
                "there are more cells than headings; write points as 9.5, and put a reason with a comma in quotes"
            )
        if student not in ids:
            faults.append(f"there is no student {student!r} in the roster")
        if question not in assignment.points:
            faults.append(f"there is no question {question!r}; the questions are {', '.join(assignment.points)}")
        value = _own_points(points, table.delimiter)
        if value is None:
            faults.append(f"{points!r} is not a number of points")
        elif not 0 <= value < 1e6:
            faults.append(f"{points} points are out of range")
        else:
            overrides.setdefault(student, {})[question] = Override(round(value, DIGITS), reason)
        bad += [f"{file}, line {number}: {fault}." for fault in faults]
    if bad:
        raise FileError(*bad)
    return overrides


def read_assigned(content: bytes, file: str, students: Sequence[Student]) -> dict[str, str]:
    """The files that a teacher assigned by hand, with the student of each: columns file and student.

    Raises FileError with a line for each line that means nothing.
    """
    table = read_table(content, file)
    ids = {s.id for s in students}
    assigned: dict[str, str] = {}
    bad = []
    for number, row in table.rows:
        if not _assigns(table, row):
            continue
        handed_in, student = (row.get(table.column((name,)) or "", "") for name in ("file", "student"))
        if student not in ids:
            bad.append(f"{file}, line {number}: there is no student {student!r} in the roster.")
        if assigned.setdefault(handed_in, student) != student:
            bad.append(
                f"{file}, line {number}: {handed_in} is already given to {assigned[handed_in]}; "
                "a file counts for only one student."
            )
    if bad:
        raise FileError("\n".join(bad))
    return assigned


def _assigns(table: Table, row: Mapping[str, str]) -> bool:
    """Whether a line says whose a file is, and no points."""
    file, question, points = (row.get(table.column((name,)) or "", "") for name in ("file", "question", "points"))
    return bool(file) and not question and not points


def _own_points(text: str, delimiter: str) -> float | None:
    """The points that a teacher wrote; a comma is a decimal one where no comma stands between the columns."""
    try:
        return float(text.replace(",", ".") if delimiter != "," else text)
    except ValueError:
        return None
