"""A marking report as data."""

from __future__ import annotations

from typing import Any

from rnncalc.io.json_text import json_text
from rnncalc.marking.marking import Report
from rnncalc.marking.status import Status, Verdict
from rnncalc.network.trace import Trace
from rnncalc.render.report import Teller


def report_json(report: Report, trace: Trace) -> str:
    """The report as data; docs/marking.md says every key."""
    cells: list[dict[str, Any]] = [
        {
            "quantity": mark.quantity,
            "row": mark.row + 1,
            "column": mark.column + 1,
            "cell": mark.given.cell or None,
            "status": mark.status,
            "given": mark.given.text if mark.given.number is None else mark.given.number,
            "expected": mark.expected,
            Status.CARRIED: mark.carried,
            "remark": mark.remark or None,
            "mistakes": [{"kind": m.kind, "says": m.says, "certain": m.certain} for m in mark.mistakes],
        }
        for mark in report.marks
    ]
    first = report.first
    return _json(
        {
            "verdict": report.verdict,
            "counts": dict(report.counts),
            "first": None if first is None else Teller(trace, "where", 0).element(first),
            "cells": cells,
        }
    )


def unreadable_json() -> str:
    """The same for a file that cannot be read."""
    return _json({"verdict": Verdict.UNREADABLE, "counts": {}, "first": None, "cells": []})


def _json(data: dict[str, Any]) -> str:
    return json_text(data, indent=1) + "\n"
