"""The files for whichever systems a teacher handed in tables of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rnncalc.classroom.feedback import feedback_text
from rnncalc.classroom.grade_records import Grade
from rnncalc.classroom.gradebooks.canvas import canvas_csv, canvas_ids, canvas_title
from rnncalc.classroom.gradebooks.moodle import is_worksheet, moodle_csv
from rnncalc.classroom.roster import is_canvas_export
from rnncalc.classroom.tables import Table


def system_files(
    grades: Sequence[Grade], title: str, tables: Sequence[Table], ids: Mapping[str, str], *, anonymous: bool = False
) -> dict[str, str]:
    """canvas.csv for a gradebook that Canvas exported, moodle.csv for a grading worksheet of Moodle; by file name.

    ``ids`` are the systems' ids with the roster's, as ``match_ids`` finds them. A second table of a system gets
    canvas-2.csv. Raises FileError where a table cannot be filled in.
    """
    files: dict[str, str] = {}
    count: Counter[str] = Counter()
    for table in tables:
        if is_canvas_export(table):
            known = {ids[system]: who for system, who in canvas_ids(table).items() if system in ids}
            name, text = "canvas", canvas_csv(grades, canvas_title(table, title), known, anonymous=anonymous)
        elif is_worksheet(table):
            participants = {student: system for system, student in ids.items()}
            feedback = {grade.student.id: feedback_text(grade) for grade in grades}
            name, text = "moodle", moodle_csv(grades, table, participants, feedback, anonymous=anonymous)
        else:
            continue
        count[name] += 1
        files[f"{name}.csv" if count[name] == 1 else f"{name}-{count[name]}.csv"] = text
    return files
