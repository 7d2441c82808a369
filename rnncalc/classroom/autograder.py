"""Grading inside Gradescope: one submission in, results.json out: ``python -m rnncalc.classroom.autograder A B``.

Gradescope lays a submission out as submission/ and submission_metadata.json, and reads results/results.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rnncalc.classroom.assignment import Assignment
from rnncalc.classroom.assignment_reader import read_assignment
from rnncalc.classroom.gradebooks.gradescope import gradescope_results
from rnncalc.classroom.grades import grades
from rnncalc.classroom.grading import grade
from rnncalc.classroom.intake.files import Handed
from rnncalc.classroom.intake.inspection import look, may_be_marked, what_it_is
from rnncalc.classroom.intake.platform_paths import moment
from rnncalc.classroom.roster import students_file
from rnncalc.classroom.worksheets import Enrolled, as_made, read_students
from rnncalc.errors import FileError, RnncalcError
from rnncalc.io.file_names import readable
from rnncalc.io.json_text import json_text
from rnncalc.io.read import read_bytes
from rnncalc.io.visible import visible
from rnncalc.render.markdown import cell

ASSIGNMENT = "assignment.toml"


def autograde(root: Path, source: Path) -> str:
    """The results.json of the submission in ``root``; the assignment and its students lie in ``source``.

    Whatever is wrong with the submission is told in it, with no points.
    """
    try:
        return _results(root, source)
    except RnncalcError as error:
        return _refusal(readable(str(error)))
    except Exception as error:  # without results.json the student is told nothing at all
        return _refusal(f"It could not be marked ({type(error).__name__}); please tell your teacher.")


def _results(root: Path, source: Path) -> str:
    listed = students_file(source / ASSIGNMENT)
    enrolled = read_students(read_bytes(listed), listed.name)
    assignment = as_made(read_assignment(source / ASSIGNMENT), enrolled)
    metadata = _metadata(root / "submission_metadata.json")
    submitter = _whose(metadata, enrolled)
    file = _file(root / "submission", assignment)
    handed = {
        submitter.student.id: Handed(readable(file.name), file, "", submitted=moment(str(metadata.get("created_at"))))
    }
    outcome = grade(assignment, handed, draws={each.student.id: each.draw for each in enrolled})
    if outcome.troubles:
        raise FileError(outcome.troubles[0].says)
    (result,) = grades(_timed(assignment, metadata), [submitter.student], handed, outcome.graded, {})
    assert result.graded is not None
    body = "\n\n".join([*map(cell, result.graded.notes), result.graded.markdown])
    return gradescope_results(result, body_markdown=body)


def _file(submission: Path, assignment: Assignment) -> Path:
    """The workbook that was handed in; of several the one that can be marked, if it is one."""
    every = sorted(p for p in submission.rglob("*") if not p.name.startswith((".", "~$")))
    links = [readable(p.name) for p in every if p.is_symlink()]
    files = [p for p in every if may_be_marked(p.name) and not p.is_symlink() and p.is_file()]
    if len(files) > 1:
        markable = [p for p in files if look(Handed(p.name, p, "").read(), p.name, assignment).is_worksheet]
        files = markable if len(markable) == 1 else files
    if len(files) == 1:
        return files[0]
    says = f"There are {len(files)} workbooks in your submission. Hand in one .xlsx file."
    others = [what_it_is(readable(p.name)) for p in every if p.is_file() and not p.is_symlink()]
    if not files and links:
        says += f" {links[0]} is a link, which is never followed."
    elif not files and len(others) == 1:
        says += f" {others[0]}"
    raise FileError(says)


def _timed(assignment: Assignment, metadata: dict[str, Any]) -> Assignment:
    """Gradescope knows the due date itself, and takes off what is late by its own rules."""
    return assignment._replace(late=assignment.late._replace(per_day=0.0)) if metadata.get("assignment") else assignment


def _metadata(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(read_bytes(path))
    except (ValueError, RecursionError):  # a file that cannot be read among them
        raise FileError("submission_metadata.json is missing or cannot be read.") from None
    if not isinstance(data, dict):
        raise FileError("submission_metadata.json does not have the form that Gradescope writes.")
    return data


def _whose(metadata: dict[str, Any], enrolled: list[Enrolled]) -> Enrolled:
    users = metadata.get("users")
    people = [user for user in users if isinstance(user, dict)] if isinstance(users, list) else []
    emails = {str(user.get("email", "")).casefold() for user in people} - {""}
    ids = {str(user.get("sid", "")) for user in people} - {""}
    matching = [e for e in enrolled if e.student.id in ids or e.student.email.casefold() in emails]
    if len(matching) != 1:
        raise FileError(
            "Nobody in the class has the id or email address of the person who handed this in."
            if not matching
            else (
                "Several students handed this in together, but each has their own numbers. Each needs to hand in alone."
            )
        )
    return matching[0]


def _refusal(says: str) -> str:
    results = {"score": 0.0, "output": visible(says), "output_format": "text", "tests": []}
    return json_text(results, indent=1) + "\n"


def main(root: Path, source: Path) -> None:
    """Grade what lies in ``root`` and write its results/results.json."""
    results = root / "results"
    results.mkdir(exist_ok=True)
    (results / "results.json").write_text(readable(autograde(root, source)), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
