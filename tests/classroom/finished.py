"""Finished grades to write files from, and names that want to be more than names."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from rnncalc.classroom.grade_records import Grade, Graded, Override, Question
from rnncalc.classroom.roster import Student
from rnncalc.classroom.tables import Table, read_table

POSSIBLE = {"forward": 10.0, "loss": 2.5}
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    "[a](javascript:alert(1)) ![b](c) `d` # e | f *g* _h_ ~i~ &lt; $j$",
    'O"Neil, "Ada"; x',
    "two\nlines\r\nand\n# more",
    "a\r=1+1",
    "👩‍💻 Ægir Ðórð",
    "x" * 300,
    "עדה \u202eabc לאבלייס",
    "'quoted'",
    "null\x00byte",
)
names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))


def student(number: int = 1, name: str = "Ada Lovelace", email: str = "") -> Student:
    return Student(f"s{number:03}", name, email or f"s{number:03}@school.example")


def marked(
    points: Sequence[float] = (7.5, 2.5),
    *,
    first: str | None = "h_2",
    steps: Mapping[str, int] | None = None,
    kinds: Mapping[str, int] | None = None,
    notes: Sequence[str] = (),
    file: str = "hw1/s001.xlsx",
) -> Graded:
    """A file that was marked with so many points in each question."""
    questions = [
        Question(name, got, possible, {"correct": 3, "wrong": int(got < possible)}, {})
        for (name, possible), got in zip(POSSIBLE.items(), points, strict=True)
    ]
    return Graded(
        student="s001",
        file=file,
        digest="0" * 64,
        verdict="correct" if first is None else "incorrect",
        counts={"correct": 6},
        questions=questions,
        first=first,
        steps=steps or {},
        kinds=kinds or {},
        typed=[],
        creator="",
        givens="",
        notes=list(notes),
        copied={},
        looked_through="",
        markdown="# Not yet right: 6 of 8 numbers are right.\n\n## Step 2 of 5\n\nh\\_2 is wrong.\n",
        html="<h1>Not yet right: 6 of 8 numbers are right.</h1>\n<h2>Step 2 of 5</h2>\n<p>h_2 is wrong.</p>",
    )


def grade(
    who: Student | None = None,
    graded: Graded | None = None,
    *,
    overrides: Mapping[str, Override] | None = None,
    days_late: int = 0,
    late_share: float = 0.0,
    submitted: str = "",
) -> Grade:
    return Grade(who or student(), graded, dict(POSSIBLE), overrides or {}, days_late, late_share, submitted)


def remembered(one: Grade) -> Grade:
    """The same grade, its marks read back from the record of an earlier run."""
    return one if one.graded is None else one._replace(graded=Graded.from_json(one.graded.to_json()))


def table(text: str, file: str = "export.csv") -> Table:
    return read_table(text.encode(), file)


def lines(text: str) -> list[list[str]]:
    """A CSV read strictly: every line has as many cells as its headings."""
    found = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert all(len(line) == len(found[0]) for line in found)
    return found


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would calculate a cell."""
    if cell[:1] not in ("=", "+", "-", "@", "\t", "\r") or cell == "-":
        return False
    try:
        float(cell)
    except ValueError:
        return True
    return False
