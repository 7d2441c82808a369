"""grades.csv: one row for each student, one column for each question."""

from __future__ import annotations

from collections.abc import Sequence

from rnncalc.classroom.grade_records import Grade
from rnncalc.classroom.points_in_words import NOT_MARKED, points_text
from rnncalc.io.csv_text import write_csv
from rnncalc.io.visible import brief, visible


def grades_csv(grades: Sequence[Grade], *, anonymous: bool = False) -> str:
    """All grades of a class as a table.

    ``anonymous`` leaves out names, addresses, and the names of files, which often hold a name.
    """
    questions = list(grades[0].possible) if grades else []
    who = ["id"] if anonymous else ["id", "name", "email"]
    points = [*questions, "raw", "days late", "penalty", "total", "out of"]
    marking = ["verdict", "first wrong", *([] if anonymous else ["file"]), "notes"]
    return write_csv([[*who, *points, *marking], *(_row(grade, questions, anonymous) for grade in grades)])


def _row(grade: Grade, questions: Sequence[str], anonymous: bool) -> list[object]:
    student, graded = grade.student, grade.graded
    who = [student.id] if anonymous else [student.id, student.name, student.email]
    points = [points_text(grade.points(q)) for q in questions]
    sums = [points_text(grade.raw), grade.days_late, *map(points_text, (grade.penalty, grade.total, grade.out_of))]
    marking = [NOT_MARKED, "", ""] if graded is None else [graded.verdict, graded.first or "", visible(graded.file)]
    return [*who, *points, *sums, *(marking[:2] if anonymous else marking), _notes(grade)]


def _notes(grade: Grade) -> str:
    notes = list(grade.graded.notes) if grade.graded is not None else []
    for question, override in grade.overrides.items():
        reason = f": {brief(override.reason, 300)}" if override.reason else ""
        notes.append(f"{question}: {points_text(override.points)} set by the teacher{reason}.")
    return " ".join([*notes, *grade.came])
