"""A marked submission as a workbook: every answer in its colour, with a comment that says why."""

from __future__ import annotations

from rnncalc.marking.marking import Mark, Report
from rnncalc.marking.status import FOLLOWS, RIGHT, Status
from rnncalc.render.report import STATUS_WORDS, Teller
from rnncalc.workbook.read.submission import Submission
from rnncalc.workbook.write.annotated import annotated
from rnncalc.workbook.write.filling import Note

_VALUELESS = (Status.BLANK, Status.NOT_CALCULATED)


def annotate(submission: Submission, report: Report, show: str, decimals: int) -> bytes:
    """The .xlsx file. ``show`` is how much the comments tell, as on the page; "verdict" leaves them out."""
    teller = Teller(submission.trace, show, decimals)
    notes = {
        (m.quantity, m.row, m.column): Note(
            _look(m, show), _value(m, submission.settings.decimals), _comment(m, show, teller)
        )
        for m in report.marks
    }
    counts = report.counts
    legend: dict[str, str] = {
        status: f"{words}: {counts[status]}" for status, words in STATUS_WORDS.items() if counts[status]
    }
    verdict = [teller.verdict(report)]
    if report.first is not None and show != "verdict":
        verdict.append(f"First: {teller.sentence(report.first)}")
    return annotated(
        submission.trace,
        [a.name for a in submission.answers],
        notes,
        settings=submission.settings,
        verdict=verdict,
        legend=legend if show != "verdict" else {},
    )


def _look(mark: Mark, show: str) -> str:
    """The role of a cell: its status, but where no more than the verdict is told."""
    if show != "verdict":
        return mark.status
    return "given" if mark.status == Status.GIVEN_CHANGED else "blank"


def _value(mark: Mark, decimals: int | None) -> float | str | None:
    if mark.status in _VALUELESS:
        return None
    given = mark.given
    # a number that was text keeps the digits that it has as text
    was_text = given.decimals not in (None, decimals) and mark.status != Status.GIVEN_CHANGED
    return given.text if given.number is None or was_text else given.number


def _comment(mark: Mark, show: str, teller: Teller) -> str:
    if show == "verdict":
        return ""
    if mark.status in (*RIGHT, *FOLLOWS):
        return f"{STATUS_WORDS[mark.status].capitalize()}{f': {mark.remark}' if mark.remark else ''}."
    return teller.sentence(mark)
