"""What was handed in, whatever it is: a worksheet, or the answers of a page."""

from __future__ import annotations

from rnncalc.errors import RnncalcError
from rnncalc.page.answers_file import ENDING, is_answers_file, read_answers_file
from rnncalc.workbook.read.submission import AS_TOLD, Reading, Submission, read_submission


def read_handed_in(content: bytes, name: str, how: Reading = AS_TOLD) -> Submission:
    """Read a file by what it holds; see :func:`rnncalc.workbook.read.submission.read_submission` for the rest."""
    if not (is_answers_file(content) or name.lower().endswith(ENDING)):
        return read_submission(content, name, how)
    if how.maps:
        raise RnncalcError(f"{name} holds the answers of a page, which need no --map.")
    return read_answers_file(content, name, how)
