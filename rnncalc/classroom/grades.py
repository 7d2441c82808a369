"""The grades of a class: marks, lateness and the teacher's own points put together for each student of the roster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from rnncalc.classroom.assignment import Assignment
from rnncalc.classroom.grade_records import Grade, Graded, Override
from rnncalc.classroom.intake.files import Handed, Trouble
from rnncalc.classroom.roster import Student


def grades(
    assignment: Assignment,
    students: Sequence[Student],
    handed: Mapping[str, Handed],
    graded: Mapping[str, Graded],
    overrides: Mapping[str, Mapping[str, Override]],
    came: Sequence[Trouble] = (),
) -> list[Grade]:
    """A grade for each student of the roster, in its order; ``came``: what is to be said to them of their files."""
    result = []
    said: dict[str, list[str]] = defaultdict(list)
    for line in came:
        if not line.private:
            is_new = line.file and not line.says.startswith(line.file)
            said[line.student].append(f"{line.file}: {line.says}" if is_new else line.says)
    for student in students:
        file = handed.get(student.id)
        days = days_late(assignment, file) if file is not None else 0
        late = assignment.late
        result.append(
            Grade(
                student=student,
                graded=graded.get(student.id),
                possible=dict(assignment.points),
                overrides=overrides.get(student.id, {}),
                days_late=days,
                late_share=min(days * late.per_day, late.cap),
                submitted=file.submitted if file is not None else "",
                step=assignment.step,
                came=said[student.id],
            )
        )
    return result


def days_late(assignment: Assignment, handed: Handed) -> int:
    """The days begun after the due moment; a file that is marked late without a moment counts as one day late."""
    due = assignment.late.due
    if due is not None and handed.submitted:
        moment = datetime.fromisoformat(handed.submitted)  # as rnncalc.classroom.intake.files.moment writes it
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=due.tzinfo)
        over = moment - due
        return max(-(-over // timedelta(days=1)), 0)
    return 1 if handed.late else 0


def unsettled(troubles: Sequence[Trouble], assignment: Assignment, grades: Sequence[Grade]) -> list[Trouble]:
    """Without the troubles of students to whom the teacher gave points for every question."""
    settled = {grade.student.id for grade in grades if set(assignment.points) <= set(grade.overrides)}
    return [trouble for trouble in troubles if trouble.student not in settled]
