"""What was handed in, whatever it is: a worksheet, or the answers of a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rnncalc.errors import RnncalcError
from rnncalc.page.answers_file import ENDING, is_answers_file, read_answers_file
from rnncalc.workbook.problem_text import Settings
from rnncalc.workbook.read.submission import Choose, Submission, read_submission


def read_handed_in(
    content: bytes,
    name: str,
    *,
    which: Choose = lambda told: told,
    settings: Settings | None = None,
    trusted: Settings | None = None,
    may_be_missing: Collection[str] = (),
    decimals: int | None = None,
    maps: Mapping[str, str] | None = None,
) -> Submission:
    """Read a file by what it holds; see :func:`rnncalc.workbook.read.submission.read_submission` for the rest."""
    if not (is_answers_file(content) or name.lower().endswith(ENDING)):
        return read_submission(
            content,
            name,
            which=which,
            settings=settings,
            trusted=trusted,
            may_be_missing=may_be_missing,
            decimals=decimals,
            maps=maps,
        )
    if maps:
        raise RnncalcError(f"{name} holds the answers of a page, which need no --map.")
    return read_answers_file(content, name, which=which, settings=settings, trusted=trusted, decimals=decimals)
