"""Grading inside Gradescope: one submission in, results.json out: ``python -m rnncalc.homework.autograder A B``.

Gradescope lays a submission out as submission/ and submission_metadata.json, and reads results/results.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rnncalc.errors import FileError, RnncalcError
from rnncalc.homework.assignment import Assignment, read_assignment
from rnncalc.homework.gradebooks import gradescope_results
from rnncalc.homework.grading import grade, grades
from rnncalc.homework.handing_out import Enrolled, as_made, read_students
from rnncalc.homework.intake import Handed, moment
from rnncalc.homework.roster import students_file
from rnncalc.render.markdown import cell
from rnncalc.workbook.other_formats import ENDINGS

ASSIGNMENT = "assignment.toml"


def autograde(root: Path, source: Path) -> str:
    """The results.json of the submission in ``root``; the assignment and its students lie in ``source``.

    Whatever is wrong with the submission is told in it, with no points.
    """
    try:
        return _results(root, source)
    except RnncalcError as error:
        return _refusal(str(error))


def _results(root: Path, source: Path) -> str:
    listed = students_file(source / ASSIGNMENT)
    enrolled = read_students(listed.read_bytes(), listed.name)
    assignment = as_made(read_assignment(source / ASSIGNMENT), enrolled)
    metadata = _metadata(root / "submission_metadata.json")
    one = _whose(metadata, enrolled)
    files = sorted(p for p in (root / "submission").rglob("*") if p.suffix.lower() in ENDINGS)
    files = [p for p in files if p.is_file() and not p.is_symlink() and not p.name.startswith((".", "~$"))]
    if len(files) != 1:
        raise FileError(f"There are {len(files)} workbooks in what was handed in; it needs to be one .xlsx file.")
    handed = {
        one.student.id: Handed(files[0].name, files[0], "", (), submitted=moment(str(metadata.get("created_at"))))
    }
    outcome = grade(assignment, handed, draws={each.student.id: each.draw for each in enrolled})
    if outcome.troubles:
        raise FileError(outcome.troubles[0].says)
    (result,) = grades(_timed(assignment, metadata), [one.student], handed, outcome.graded, {})
    assert result.graded is not None
    body = "\n\n".join([*map(cell, result.graded.notes), result.graded.markdown])
    return gradescope_results(result, body_markdown=body)


def _timed(assignment: Assignment, metadata: dict[str, Any]) -> Assignment:
    """Gradescope knows the due date itself, and takes off what is late by its own rules."""
    return assignment._replace(late=assignment.late._replace(per_day=0.0)) if metadata.get("assignment") else assignment


def _metadata(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise FileError("submission_metadata.json is missing or cannot be read.") from None
    if not isinstance(data, dict):
        raise FileError("submission_metadata.json is not as Gradescope writes it.")
    return data


def _whose(metadata: dict[str, Any], enrolled: list[Enrolled]) -> Enrolled:
    users = metadata.get("users")
    people = [user for user in users if isinstance(user, dict)] if isinstance(users, list) else []
    emails = {str(user.get("email", "")).casefold() for user in people} - {""}
    ids = {str(user.get("sid", "")) for user in people} - {""}
    found = [e for e in enrolled if e.student.id in ids or e.student.email.casefold() in emails]
    if len(found) != 1:
        raise FileError(
            "Nobody in the class has the address of whoever handed this in."
            if not found
            else "Several of the class handed this in together; each has numbers of their own, so one is to hand in."
        )
    return found[0]


def _refusal(says: str) -> str:
    results = {"score": 0.0, "output": says, "output_format": "text", "tests": []}
    return json.dumps(results, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def main(root: Path, source: Path) -> None:
    """Grade what lies in ``root`` and write its results/results.json."""
    results = root / "results"
    results.mkdir(exist_ok=True)
    (results / "results.json").write_text(autograde(root, source), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
