"""A marking report for people: the verdict, the first thing to mend, then the answers; and as data."""

from __future__ import annotations

import json
from typing import Any

from rnncalc import names
from rnncalc.homework.marking import Mark, Report
from rnncalc.render.document import Grid, Paragraph, Part
from rnncalc.render.numbers import number
from rnncalc.trace import Trace

LEVELS = ("verdict", "where", "hint", "answer")
"""How much is told: the verdict; which answers are wrong; what went wrong; the right numbers too."""
_STATUS_WORDS = {
    "correct": "right",
    "rounded": "right, rounded early",
    "carried": "wrong, but right from your own earlier numbers",
    "wrong": "wrong",
    "blank": "missing",
    "not-a-number": "not a number",
    "ambiguous": "could mean two numbers",
}


def report_parts(report: Report, trace: Trace, show: str, decimals: int) -> list[Part]:
    """The page: verdict, first thing to mend, and a line for each answer."""
    parts: list[Part] = [Paragraph(_verdict(report), "heading")]
    if show == "verdict":
        return parts
    first = report.first
    if first is not None:
        parts.append(Paragraph(f"First: {_sentence(first, trace, show, decimals)}", "loss"))
    rows = []
    for mark in report.marks:
        row = [_element(mark, trace), mark.given.text.strip() or "–", _words(mark)]
        rows.append([*row, number(mark.expected, decimals)] if show == "answer" else row)
    headings = ["number", "yours", "verdict", *(["right is"] if show == "answer" else [])]
    return [*parts, Grid(headings, "lrl" + ("r" if show == "answer" else ""), rows)]


def _verdict(report: Report) -> str:
    counts = report.counts
    right = counts["correct"] + counts["rounded"]
    of = f"{right} of {len(report.marks)}"
    words = {"correct": "All is right", "incorrect": "Not yet right", "incomplete": "Not complete"}
    return f"{words[report.verdict]}: {of} numbers are right."


def _words(mark: Mark) -> str:
    return _STATUS_WORDS[mark.status] + (f" ({mark.remark})" if mark.remark else "")


def _element(mark: Mark, trace: Trace) -> str:
    return names.element_name(mark.quantity, mark.row + 1, mark.column + 1, trace[mark.quantity].shape)


def _sentence(mark: Mark, trace: Trace, show: str, decimals: int) -> str:
    where = _element(mark, trace)
    if mark.status == "blank":
        return f"{where} is missing."
    if mark.status == "ambiguous":
        one, other = (f"{r:g}" for r in mark.given.readings)
        return f"{where}: {mark.given.text.strip()!r} could mean {one} or {other}; write it with a decimal point."
    if mark.status == "not-a-number":
        return f"{where}: {mark.given.text.strip()!r} is not a number."
    text = f"{where}: {mark.given.text.strip()} is wrong."
    if show in ("hint", "answer"):
        text += f" {hint(mark, trace)}"
    if show == "answer":
        text += f" Right is {number(mark.expected, decimals)}."
    return text


def hint(mark: Mark, trace: Trace) -> str:
    """What went wrong, where a known mistake leads to this number; else the equation to look at."""
    says = [m.says for m in mark.mistakes]
    if len(says) == 1:
        return f"Your number comes out with this mistake: {says[0]}. The equation is {trace[mark.quantity].equation}."
    if says:
        return f"Your number comes out with either of these mistakes: {'; '.join(says)}."
    return f"No mistake that is known here gives this number. The equation is {trace[mark.quantity].equation}."


def report_json(report: Report, trace: Trace) -> str:
    """The report as data; docs/marking.md says every key."""
    cells: list[dict[str, Any]] = [
        {
            "quantity": mark.quantity,
            "row": mark.row + 1,
            "column": mark.column + 1,
            "cell": None,
            "status": mark.status,
            "given": mark.given.text if mark.given.number is None else mark.given.number,
            "expected": mark.expected,
            "carried": mark.carried,
            "mistakes": [m._asdict() for m in mark.mistakes],
        }
        for mark in report.marks
    ]
    first = report.first
    data = {
        "verdict": report.verdict,
        "counts": dict(report.counts),
        "first": None if first is None else _element(first, trace),
        "cells": cells,
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
