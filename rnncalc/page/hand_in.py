"""What a page to fill in says of itself in the file that it hands in: its problem and what it asks for."""

from __future__ import annotations

from typing import Any

from rnncalc.marking.blanks import Blanks
from rnncalc.marking.precision import shown_beside
from rnncalc.page.content import LEAST_DECIMALS, MOST_DECIMALS
from rnncalc.problems.redraw import drawn_arrays, drawn_decimals
from rnncalc.problems.template_writer import to_toml
from rnncalc.workbook.problem_text import settings_of, settings_text


def hand_in(blanks: Blanks, decimals: int, title: str = "", whose: str = "") -> dict[str, Any]:
    """The problem as the text of a template and what is asked for, both as on the sheet Problem of a worksheet.

    Beside them what stands at the top of the page, which arrays new numbers are drawn for, with how many decimals, and
    the decimals of answers.
    Raises RnncalcError for a problem that could not be read back.
    """
    problem = blanks.trace.problem
    return {
        "problem": to_toml(problem).rstrip("\n"),
        "settings": settings_text(settings_of(blanks.trace, blanks, decimals)),
        "title": title,
        "whose": whose,
        "drawn": list(drawn_arrays(problem)),
        "decimals": drawn_decimals(problem),
        "answerDecimals": decimals,
    }


def shown_decimals(decimals: int) -> int:
    """The decimals of numbers that are given beside answers: more than an answer needs, as on a worksheet."""
    return min(max(shown_beside(decimals), LEAST_DECIMALS), MOST_DECIMALS)
