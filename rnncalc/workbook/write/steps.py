"""The Forward, Loss, Backward and Update sheets: every quantity as a picture, one block per time step."""

from __future__ import annotations

from itertools import groupby

from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity
from rnncalc.render.document import heading, place
from rnncalc.workbook.areas import Area, Cell
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.decimals import DECIMALS, live_decimals
from rnncalc.workbook.write.drawing import WIDEST, Drawing

STAGES = {
    "Forward": ("forward", "What the network computes, {read}."),
    "Loss": ("loss", "How far {out} from {wanted}. Logarithms are natural."),
    "Backward": ("backward", "Backpropagation through time: from the last step to the first, then the totals."),
    "Update": ("update", "Gradient descent: eta times its gradient is subtracted from every weight."),
}
"""Each sheet's stage of the trace and its line of words."""
_FIRST = 4
_LOSSES_ON_A_PAGE = 6
_NAMES = 13
"""The width of the column of names."""
_AIR = 1.5
"""What a column can spare on paper."""


def write_steps(book: Book, title: str, *, paper: bool = False) -> None:
    """Fill the sheet of one stage; for ``paper`` with rows as tall as the page allows."""
    stage, says = STAGES[title]
    sheet = book.sheets[title]
    sheet.text(1, 1, title, "title")
    sheet.text(2, 1, says.format(**_read_and_wanted(book.problem)), "words")
    drawing = Drawing(book, sheet)
    row = top = _FIRST
    tallest = 0
    pieces: list[tuple[int, int]] = []
    quantities = [q for q in book.trace.values() if q.stage == stage and q.rule is not None]
    for where, members in groupby(quantities, key=place):
        if title != "Loss" and row > _FIRST and where[0] != 0:
            sheet.page_break(row)
            top = row
        row = _section(book, drawing, heading(book.problem, where), list(members), row, pieces)
        tallest = max(tallest, row - (1 if top == _FIRST else top))
    if "given" in book.filling.open:
        numbers = Area(title, _FIRST, 2, row - _FIRST, max(sheet.widest, WIDEST) - 1)
        live_decimals(sheet, numbers, DECIMALS, book.decimals)
    width = book.width - (_AIR if paper else 0)
    sheet.widths([(1, 1, _NAMES), (2, max(sheet.widest, WIDEST), width)])
    sheet.around.freeze_panes = "A3"
    if title == "Loss" and book.problem.steps <= _LOSSES_ON_A_PAGE and not paper:
        sheet.for_print(landscape=False, tall=1)
    else:
        sheet.fit_sections(tallest, _NAMES + width * (sheet.widest - 1), pieces=pieces, stretch=paper)


def _read_and_wanted(problem: Problem) -> dict[str, str]:
    """How a sheet's line of words calls what is read, put out and wanted."""
    tokens = problem.tokens if problem.predicts_tokens else "classes"
    return {
        "read": f"{problem.token} by {problem.token}" if problem.vocabulary else "step by step",
        "out": "its predictions are" if problem.output_names else "its output is",
        "wanted": f"the target {tokens}" if problem.output_names else "the target",
    }


def _section(
    book: Book, drawing: Drawing, text: str, members: list[Quantity], row: int, pieces: list[tuple[int, int]]
) -> int:
    """Draw the quantities of one section; adds to ``pieces`` where each begins and ends. Gives the row below."""
    sheet = drawing.sheet
    sheet.banner(row, text)
    sheet.height(row, 20)
    step = members[0].step
    key = step if step is not None else -1
    book.steps.setdefault((sheet.title, key), Cell(sheet.title, row, 1))
    row += 2
    for q in members:
        first = row
        row = drawing.quantity(q, row)
        pieces.append((first, row))
    return row + 1
