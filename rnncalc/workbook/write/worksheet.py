"""A worksheet: the workbook with what is asked for left blank, and no answer anywhere in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Unpack

from rnncalc.errors import RnncalcError
from rnncalc.marking.blanks import Blanks, blanks_of
from rnncalc.marking.precision import shown_beside
from rnncalc.network.pictures import text_picture
from rnncalc.network.problem import Problem
from rnncalc.network.update_step import Limits, whole_trace
from rnncalc.network.values import count
from rnncalc.problems.template_writer import to_toml
from rnncalc.render.board import Board
from rnncalc.workbook.problem_text import settings_of, write_problem
from rnncalc.workbook.write.board import write_board
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.export import board_for, check_size, finish, write_network
from rnncalc.workbook.write.filling import Blank
from rnncalc.workbook.write.practice import write_practice
from rnncalc.workbook.write.start import conventions, explanations, lines, ways, write_equations
from rnncalc.workbook.write.theme import read_theme

DECIMALS = 4


def worksheet(
    problem: Problem,
    *,
    ask_for: Sequence[str] = (),
    decimals: int = DECIMALS,
    layout: str = "both",
    practice: bool = False,
    paper: bool = False,
    protect: bool = False,
    theme: bytes | None = None,
    title: str = "",
    whose: str = "",
    progress: Callable[[int, int], None] | None = None,
    **limits: Unpack[Limits],
) -> tuple[bytes, Blanks]:
    """The .xlsx file of a worksheet, and what it asks for.

    ``ask_for``: stages and quantities, see marking/blanks; ``decimals``: of the answers; ``practice``: cells turn
    green, amber or red as one types (the answers are then in the file); ``paper``: one step a page, with room to
    write; ``protect`` locks all but the answers; ``title`` and ``whose`` stand on the first page.
    ``layout``: as of an export; with both, an answer may be filled in on the Board or on the long sheets.
    Raises RnncalcError for what cannot be asked for and for a problem that a workbook cannot hold.
    """
    to_toml(problem)  # raises for a problem that could not be read back
    check_size(problem, "update" if problem.has_loss else "forward")
    trace = whole_trace(problem, **limits)
    if layout == "board" and not ask_for:
        ask_for = [name for name in Board(trace).slots if trace[name].rule is not None]
    blanks = blanks_of(trace, ask_for)
    if practice and paper:
        raise RnncalcError("The colours of --practice do not work on paper. Leave out --practice or --print.")
    filling = Blank(blanks.names, decimals)
    look = read_theme(theme)
    book = Book(look.workbook, blanks.trace, decimals=shown_beside(decimals), filling=filling, progress=progress)
    write_sheets(book, layout, practice=practice, paper=paper)
    write_card(book, blanks, decimals, practice=practice, title=title, whose=whose)
    write_problem(book, settings_of(blanks.trace, blanks, decimals, layout))
    if practice:
        write_practice(book, blanks, decimals)
    return finish(book, look, "a worksheet", protect=protect), blanks


def write_sheets(book: Book, layout: str, *, practice: bool = False, paper: bool = False) -> None:
    """Add the sheets of a worksheet, and fill those of the network."""
    plan = board_for(book.trace, layout)
    if layout == "board":
        _check_on_board(book, plan)
    practised = ["Practice"] if practice else []
    letters = write_network(book, plan, layout, *practised, "Equations", "Problem", paper=paper)
    write_equations(book)
    if plan is not None:
        book.board_decimals = write_board(book, plan, letters)


def _check_on_board(book: Book, plan: Board | None) -> None:
    """Raise RnncalcError where a quantity that is asked for has no place on the Board."""
    lost = [q.name for q in book.trace.values() if book.filling.hides(q) and (plan is None or q.name not in plan.slots)]
    if lost:
        raise RnncalcError(
            f"The Board has no place for {lost[0]}. Leave it out of --ask, or use --layout both or steps."
        )


def write_card(book: Book, blanks: Blanks, decimals: int, *, practice: bool, title: str = "", whose: str = "") -> None:
    """The first page: what to do, and what the arithmetic takes for granted."""
    sheet, problem = book.sheets["Start"], book.problem
    about = f"{text_picture(problem.text)}: a recurrent network to calculate by hand"
    sheet.text(1, 1, f"{title}: {about}" if title else about, "title")
    sheet.height(1, 28)
    sheet.text(2, 1, f"{count(blanks.numbers, 'number')} to fill in, each with {decimals} decimals.", "words")
    sheet.text(4, 1, "name", "name")
    for column in range(2, 6):
        sheet.blank(4, column, "line")
    if whose:
        sheet.text(4, 2, whose, "line")
    twice = bool(book.filling.second)
    example = f"{0.5:.{decimals}f}" if decimals else "1"
    colours = "Green: right. Amber: right method, but rounded early or after an earlier mistake. Red: wrong."
    todo = [
        ("fill in", "the framed empty cells, from the first sheet to the last; the links beside them fill themselves"),
        *([("where", "on the Board or on the long sheets: an answer counts in either place")] if twice else []),
        ("write", f"numbers with {decimals} decimals, such as {example}; if you type a formula, its result counts"),
        ("between", "steps, continue with all your digits or with the rounded numbers: both count as right"),
        *([("colours", colours)] if practice else []),
        ("save", "as .xlsx and do not change names or sheets; rnncalc verify FILE.xlsx marks it"),
    ]
    row = lines(sheet, "What to do", todo, 6)
    row = lines(sheet, "Conventions", [*conventions(book), ("decimals", f"{decimals} in every answer")], row + 1)
    row = ways(book, sheet, row + 1)
    explanations(book, sheet, row + 1)
    sheet.widths([(1, 1, 16), (2, 8, max(12, book.width))])
    sheet.for_print(landscape=False, tall=1)
