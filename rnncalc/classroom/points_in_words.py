"""Points and marks in words and digits, the same in every file."""

from __future__ import annotations

from rnncalc.classroom.grade_records import DIGITS, Grade, Question
from rnncalc.io.visible import brief
from rnncalc.marking.status import Status
from rnncalc.network.values import count

NOT_MARKED = "not marked"
"""The verdict on whoever has no file that was marked."""
_SHORT = {
    Status.CORRECT: "right",
    Status.ROUNDED: "right, rounded early",
    Status.CARRIED: "consistent with an earlier mistake",
    Status.UNCREDITED: "no credit",
    Status.WRONG: "wrong",
    Status.NOT_A_NUMBER: ("not a number", "not numbers"),
    Status.AMBIGUOUS: "could mean two numbers",
    Status.NOT_CALCULATED: "not calculated",
    Status.BLANK: "missing",
}
"""In words after how many there are: of one, and of several where these are others."""


def points_text(points: float) -> str:
    """Points as people write them: 10, 7.5."""
    text = f"{points:.{DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def is_marked(grade: Grade) -> bool:
    """Whether there is a mark to hand on: a marked file, or the teacher's own points."""
    return grade.graded is not None or bool(grade.overrides)


def question_of(grade: Grade, name: str) -> Question | None:
    """A question as its file was marked."""
    marks = grade.graded.questions if grade.graded is not None else ()
    return next((q for q in marks if q.name == name), None)


def question_remark(grade: Grade, name: str) -> str:
    """Why a question has its points: the teacher's reason, or how many numbers are what."""
    if name in grade.overrides:
        reason = brief(grade.overrides[name].reason, 300)
        return f"set by the teacher: {reason}" if reason else "set by the teacher"
    marked = question_of(grade, name)
    counts = marked.counts if marked is not None else {}
    return "; ".join(f"{counts[s]} {_words(s, counts[s])}" for s in _SHORT if counts.get(s))


def _words(status: Status, count: int) -> str:
    words = _SHORT[status]
    return words if isinstance(words, str) else words[count != 1]


def lateness(grade: Grade) -> str:
    """What lateness cost, in a sentence; nothing where nothing was late."""
    if not grade.days_late:
        return ""
    late = f"Handed in {count(grade.days_late, 'day')} late"
    if not grade.penalty:
        return f"{late}; nothing is taken off."
    share = points_text(100 * grade.late_share)
    return f"{late}: {share} % of {points_text(grade.raw)} is taken off ({points_text(grade.penalty)})."
