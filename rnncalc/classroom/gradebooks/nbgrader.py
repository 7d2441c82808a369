"""nbgrader: the columns of its own export."""

from __future__ import annotations

from collections.abc import Sequence

from rnncalc.classroom.grade_records import Grade
from rnncalc.classroom.roster import Student
from rnncalc.io.csv_text import write_csv

_COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
    "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def nbgrader_csv(grades: Sequence[Grade], assignment_title: str, due: str, *, anonymous: bool = False) -> str:
    """A row for each student, as ``nbgrader export`` writes it; whoever handed in nothing has 0 there."""
    rows = [
        [
            *(assignment_title, due, grade.submitted, grade.student.id),
            *(("", "", "") if anonymous else (*_last_and_first(grade.student), grade.student.email)),
            *(grade.raw, grade.penalty, grade.total, grade.out_of),
        ]
        for grade in grades
    ]
    return write_csv([_COLUMNS, *rows])


def _last_and_first(student: Student) -> tuple[str, str]:
    """A name in two: at its comma, else before its last word."""
    last, comma, first = student.name.partition(",")
    if not comma:
        first, _, last = student.name.rpartition(" ")
    return last.strip(), first.strip()
