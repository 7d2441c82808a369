"""What a file is that cannot be marked, in plain words: a PDF, an empty workbook, another assignment's worksheet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from rnncalc.classroom.assignment import Assignment
from rnncalc.errors import RnncalcError
from rnncalc.marking.blanks import Blanks
from rnncalc.network.problem import Problem
from rnncalc.page.answers_file import ENDING, is_answers_file, told_by_answers
from rnncalc.page.handed_in import read_handed_in
from rnncalc.workbook.problem_text import Settings, settings_of
from rnncalc.workbook.read.formats import ENDINGS
from rnncalc.workbook.read.other_formats import as_xlsx
from rnncalc.workbook.read.reading import StrangersFile, parse_area
from rnncalc.workbook.read.submission import Reading, Submission, told_by

LINK = "It is a link, which is never followed."
_KINDS: Mapping[str, str] = {
    ".pdf": "a PDF",
    ".xlsb": "a binary workbook (.xlsb)",
    ".numbers": "a Numbers spreadsheet",
    ".gsheet": "a link to a Google Sheet",
    ".csv": "a text table (.csv)",
    ".zip": "a zip file (not searched for worksheets)",
    ".rar": "an archive (.rar)",
    ".7z": "an archive (.7z)",
    **dict.fromkeys((".doc", ".docx", ".odt", ".rtf", ".pages"), "a text document"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".heic", ".gif", ".webp", ".tif", ".tiff", ".bmp"), "a picture"),
    **dict.fromkeys((".txt", ".md"), "a text"),
    **dict.fromkeys((".html", ".htm"), "a web page"),
    **dict.fromkeys((".py", ".ipynb"), "a program"),
}
_SHEETS = 20
"""So many sheets are looked into for whether a workbook is empty."""
_TO_CONVERT = (".xlsb", ".numbers", ".gsheet")


def may_be_marked(name: str) -> bool:
    """Whether a file is called as a workbook is, or as the answers of a page are."""
    return PurePosixPath(name).suffix.lower() in (*ENDINGS, ENDING)


def what_it_is(name: str) -> str:
    """What a file is, by its name, that is no workbook."""
    ending = PurePosixPath(name).suffix.lower()
    if ending in _TO_CONVERT:
        return f"It is {_KINDS[ending]}; the worksheet needs to be handed in as .xlsx."
    if ending in (".html", ".htm"):
        return "It is a web page. Hand in the file that its button Hand in saves, or the .xlsx worksheet."
    return f"It is {_KINDS[ending]}, not an .xlsx workbook." if ending in _KINDS else "It is not an .xlsx workbook."


class Seen(NamedTuple):
    """What a workbook holds: whether it can be marked as this assignment's worksheet, a digest of its given numbers,
    and what it is if it cannot."""

    is_worksheet: bool
    givens: str = ""
    says: str = ""


def look(content: bytes, name: str, assignment: Assignment, student: str = "any student") -> Seen:
    """Look into a workbook without marking it."""
    problem = assignment.problem_of(student)
    try:
        submission = read_as(content, name, assignment, problem, assignment.blanks_of(problem))
    except RnncalcError as error:
        return Seen(False, says=why_not(content, name, assignment, str(error)))
    return Seen(True, submission.givens_digest)


def read_as(content: bytes, name: str, assignment: Assignment, problem: Problem, blanks: Blanks) -> Submission:
    """Read a file as the worksheet of a student's own problem, never of the one that the file tells."""
    known = settings_of(blanks.trace, blanks, assignment.decimals)
    missing = assignment.may_be_missing(blanks)
    return read_handed_in(content, name, Reading(lambda _: problem, trusted=known, may_be_missing=missing))


def why_not(content: bytes, name: str, assignment: Assignment, says: str) -> str:
    """Why a workbook cannot be marked, from what was wrong with it: the plainest word that is true of it."""
    if content.startswith(b"%PDF"):
        return f"{name} is a PDF, despite its name, and not an .xlsx workbook."
    try:
        if is_answers_file(content):
            is_empty = False
            stated: tuple[Problem, Settings] | None = told_by_answers(content, name)
        else:
            stranger = StrangersFile(as_xlsx(content, name), name)
            stated = told_by(stranger, name)
            is_empty = not stranger.names and not stranger.lost and not _holds_anything(stranger)
    except RnncalcError:
        return says
    if is_empty:
        return f"{name} is an empty workbook."
    if stated is not None and _form(stated[0]) != _form(assignment.problem_of("any student")):
        return f"{name} is the worksheet of another assignment: {says.removeprefix(f'{name}: ')}"
    return says


def _holds_anything(stranger: StrangersFile) -> bool:
    corners = [
        parse_area("'{}'!A1:Z200".format(title.replace("'", "''")), stranger.sheets) for title in stranger.sheets
    ]
    cells = stranger.cells([area for area in corners[:_SHEETS] if area is not None])
    return any(content.value not in (None, "") or content.formula for content in cells.values())


def _form(problem: Problem) -> tuple[object, ...]:
    """What a problem is without its numbers: what is read and wanted, and the sizes of its network."""
    shapes = {name: array.shape for name, array in problem.arrays().items()}
    return (*map(str, problem.inputs), *map(str, problem.targets)), problem.kind, shapes
