"""Gradescope: results.json as its autograder specification wants it."""

from __future__ import annotations

from typing import Any

from rnncalc.classroom.grade_records import Grade
from rnncalc.classroom.points_in_words import question_remark
from rnncalc.io.json_text import json_text
from rnncalc.render.markdown import cell


def gradescope_results(grade: Grade, *, body_markdown: str, hidden: bool = False) -> str:
    """One student's results: a test for each question, and the page of feedback as the output of all.

    ``score`` is the total after lateness, and overrides the sum of the tests there. ``hidden`` keeps all of it from
    the student, as one hidden test hides the total anyway.
    """
    visibility = "hidden" if hidden else "visible"
    tests: list[dict[str, Any]] = [
        {
            "name": question,
            "name_format": "text",
            "number": str(number),
            "score": grade.points(question),
            "max_score": possible,
            "status": "passed" if grade.points(question) >= possible else "failed",
            "output": cell(question_remark(grade, question)),
            "output_format": "md",
            "visibility": visibility,
        }
        for number, (question, possible) in enumerate(grade.possible.items(), 1)
    ]
    results = {
        "score": grade.total,
        "output": body_markdown,
        "output_format": "md",
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json_text(results, indent=1) + "\n"
