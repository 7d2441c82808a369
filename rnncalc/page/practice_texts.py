"""What a practice page says of itself in the file that it hands in: its problem and what it asks for, as texts."""

from __future__ import annotations

from rnncalc.marking.blanks import Blanks
from rnncalc.problems.template_writer import to_toml
from rnncalc.workbook.problem_text import settings_of, settings_text


def texts(blanks: Blanks, decimals: int) -> dict[str, str]:
    """The problem as the text of a template, and what is asked for, both as on the sheet Problem of a worksheet.

    Raises RnncalcError for a problem that could not be read back.
    """
    return {
        "problem": to_toml(blanks.trace.problem).rstrip("\n"),
        "settings": settings_text(settings_of(blanks.trace, blanks, decimals)),
    }
