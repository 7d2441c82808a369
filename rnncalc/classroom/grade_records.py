"""What grading one file gives, and what becomes of it: points by question, lateness, the teacher's overrides."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rnncalc.classroom.roster import Student
from rnncalc.io.json_text import json_text

DIGITS = 4
"""Points are rounded to so many decimals, so that the same marks give the same bytes."""


def to_step(points: float, step: float) -> float:
    """Points rounded to a multiple of ``step``, a half upwards; without a step, to the digits that are kept."""
    return round(math.floor(points / step + 0.5 + 1e-9) * step if step else points, DIGITS)


class Question(NamedTuple):
    """One question's mark: points of those possible, how many numbers have each status, and the mistakes named."""

    name: str
    points: float
    possible: float
    counts: Mapping[str, int]
    kinds: Mapping[str, int]


class Graded(NamedTuple):
    """One file as it was marked.

    ``digest``: what it depends on, file and assignment; ``steps``: how many numbers are wrong in each part of the
    worksheet; ``kinds``: how many with each certain mistake; ``typed``: the wrong numbers as typed, for provenance;
    ``creator``: what the file says of its author; ``givens``: a digest of the given numbers that it holds;
    ``copied``: how many numbers are the right ones of which other student; ``looked_through``:
    a digest of the class, if copies were looked for in it; ``markdown`` and ``html``: the report; ``stored``: how many
    right numbers stand beside a formula that does not lead to them, by kind.
    """

    student: str
    file: str
    digest: str
    verdict: str
    counts: Mapping[str, int]
    questions: Sequence[Question]
    first: str | None
    steps: Mapping[str, int]
    kinds: Mapping[str, int]
    typed: Sequence[str]
    creator: str
    givens: str
    notes: Sequence[str]
    copied: Mapping[str, int]
    looked_through: str
    markdown: str
    html: str
    stored: Mapping[str, int] = {}

    def without_pages(self) -> Graded:
        """The record without its report, which is most of it."""
        return self._replace(markdown="", html="")

    def to_json(self) -> str:
        """The record as a file keeps it."""
        data = {**self._asdict(), "questions": [q._asdict() for q in self.questions]}
        return json_text(data, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Graded | None:
        """The record, or None where the text is none of today's."""
        try:
            data: dict[str, Any] = json.loads(text)
            questions = [Question(**q) for q in data.pop("questions")]
            return cls(questions=questions, **data)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None


class Override(NamedTuple):
    """A teacher's own mark for a question, and why."""

    points: float
    reason: str


class Grade(NamedTuple):
    """A student's grade: the marks of the file that counts, if there is one, lateness, overrides, the ``step`` of
    points, 0 for none, and of whatever else ``came`` what became of it, a sentence each."""

    student: Student
    graded: Graded | None
    possible: Mapping[str, float]
    overrides: Mapping[str, Override]
    days_late: int
    late_share: float
    submitted: str
    step: float = 0.0
    came: Sequence[str] = ()

    def points(self, question: str) -> float:
        """The points of a question: the teacher's own, else the computed ones."""
        if question in self.overrides:
            return self.overrides[question].points
        marks = self.graded.questions if self.graded is not None else ()
        return next((q.points for q in marks if q.name == question), 0.0)

    @property
    def raw(self) -> float:
        """All points together, before lateness."""
        return round(sum(self.points(q) for q in self.possible), DIGITS)

    @property
    def penalty(self) -> float:
        """What lateness takes off; with a step, so that the total is rounded to it, in the student's favour."""
        lost = self.raw * self.late_share
        return (
            round(self.raw - to_step(self.raw - lost, self.step), DIGITS) if self.step and lost else round(lost, DIGITS)
        )

    @property
    def total(self) -> float:
        """What goes into the gradebook."""
        return round(self.raw - self.penalty, DIGITS)

    @property
    def out_of(self) -> float:
        """The points that were to be had."""
        return round(sum(self.possible.values()), DIGITS)


class Records:
    """The marks of earlier runs, a file for each student in a folder; ``names`` are the files' by student."""

    def __init__(self, folder: Path, names: Mapping[str, str]) -> None:
        self._folder = folder
        self._names = names

    def path(self, student: str) -> Path:
        """Where a student's record is kept."""
        return self._folder / f"{self._names[student]}.json"

    def known(self, student: str) -> Graded | None:
        """A student's record, if there is one that can be read."""
        try:
            record = Graded.from_json(self.path(student).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            return None
        return record if record is not None and record.student == student else None
