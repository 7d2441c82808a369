"""A fresh copy of a worksheet with a person's answers in it, each coloured and commented as it was marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rnncalc.marking.blanks import blanks_of
from rnncalc.marking.precision import shown_beside
from rnncalc.network.pictures import text_picture
from rnncalc.network.trace import Trace
from rnncalc.workbook.problem_text import Settings, write_problem
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.export import finish
from rnncalc.workbook.write.filling import Marked, Note
from rnncalc.workbook.write.start import conventions, lines, ways
from rnncalc.workbook.write.theme import read_theme
from rnncalc.workbook.write.worksheet import DECIMALS, write_sheets


def annotated(
    trace: Trace,
    answered: Sequence[str],
    notes: Mapping[tuple[str, int, int], Note],
    *,
    settings: Settings,
    verdict: Sequence[str],
    legend: Mapping[str, str],
) -> bytes:
    """The .xlsx file: laid out as the worksheet, whatever the file looked like that the answers came from.

    ``answered``: the quantities that were asked for; ``notes``: what each element's cell shows; ``verdict``: the first
    page's lines; ``legend``: what each status means.
    """
    blanks = blanks_of(trace, answered)
    decimals = DECIMALS if settings.decimals is None else settings.decimals
    look = read_theme(None)
    filling = Marked(blanks.names, decimals, notes)
    book = Book(look.workbook, blanks.trace, decimals=shown_beside(decimals), filling=filling)
    write_sheets(book, "board" if settings.layout == "board" else "steps")  # each answer is shown once
    sheet = book.sheets["Start"]
    sheet.text(1, 1, f"{text_picture(trace.problem.text)}: the marked worksheet", "title")
    sheet.height(1, 28)
    row = 2
    for text in verdict:
        sheet.text(row, 1, text, "words")
        row += 1
    row += 1
    if legend:
        sheet.banner(row, "Colours (each marked cell has a comment)")
    for status, says in legend.items():
        row += 1
        sheet.text(row, 1, status, status, sample=True)
        sheet.text(row, 2, f" {says}")
    row = ways(book, sheet, row + 2)
    lines(sheet, "Conventions", conventions(book), row + 1)
    sheet.widths([(1, 1, 16), (2, 8, max(12, book.width))])
    sheet.for_print(landscape=False, tall=1)
    write_problem(book, settings._replace(asked=tuple(name for name in blanks.trace if name in blanks.names)))
    return finish(book, look, "marked", protect=False)
