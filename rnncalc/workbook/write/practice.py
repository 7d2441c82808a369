"""The Practice sheet of a worksheet that marks itself: what is right, and how far an answer may be from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import numpy as np
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill

from rnncalc.language import entry
from rnncalc.language.trees import Entry, entry_value, leaves
from rnncalc.marking.blanks import Blanks
from rnncalc.marking.tolerance import Tolerance, wider
from rnncalc.marking.working import reach
from rnncalc.network import names
from rnncalc.network.element_arithmetic import other_exp
from rnncalc.network.quantity import Quantity
from rnncalc.workbook.areas import Area, Cell, column_letters
from rnncalc.workbook.formulas import FormulaWriter
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.sheet import Sheet
from rnncalc.workbook.write.typed_numbers import steps, value

RIGHT, METHOD, WRONG = "right", "right method", "not right"
COLOURS = {RIGHT: ("C6EFCE", "006100"), METHOD: ("FFEB9C", "7F6000"), WRONG: ("FFC7CE", "9C0006")}
"""What each verdict looks like: fill and font."""
_HEADINGS = (
    "number", "verdict", "yours", "right is", "right within", "rounded within", "from your own", "within", "other form",
)  # fmt: skip
_VERDICT, _YOURS = 2, 3
_HIDDEN = (10, 11, 12)
"""Columns in which a number typed as text is read, step by step."""
_TYPED = 13
"""The hidden column of what was typed in either of two places."""
_FIRST = 6


def write_practice(book: Book, blanks: Blanks, decimals: int) -> None:
    """Fill the sheet, a line for each answer, and colour the answers by its verdicts."""
    sheet = book.sheets["Practice"]
    sheet.text(1, 1, "Practice: where the colours come from", "title")
    sheet.text(2, 1, "This sheet has the answers. Amber means the right method with rounded or wrong numbers.", "words")
    for i, heading in enumerate(_HEADINGS):
        sheet.text(_FIRST - 1, i + 1, heading, "heading")
    half = 0.5 * 10.0**-decimals
    halves = {name: np.full(blanks.trace[name].shape, half) for name in blanks.names}
    tolerances = Tolerance(blanks.trace, halves, unseen=0.5 * 10.0**-book.decimals)
    first_rows: dict[str, int] = {}
    row = _FIRST
    for q in blanks.trace.values():
        if q.name in blanks.names:
            area = Area(sheet.title, row, _VERDICT, q.value.size, 1)
            book.name(f"mark_{q.name}", area)
            _colour(book, q)
            first_rows[q.name] = row
            row = _quantity(book, sheet, q, blanks, tolerances, decimals, first_rows)
    verdicts = Area(sheet.title, _FIRST, _VERDICT, row - _FIRST, 1).address()
    right, method = (f'COUNTIF({verdicts},"{verdict}")' for verdict in (RIGHT, METHOD))
    more = f'IF({method}>0,"; "&{method}&" more use the right method, rounded early or after an earlier mistake","")'
    sheet.formula(3, 1, f'{right}&" of {blanks.numbers} are right"&{more}', f"0 of {blanks.numbers} are right", "text")
    sheet.widths([(1, 1, 18), (2, 2, 14), (3, 9, max(book.width, 17))])
    for column in (*_HIDDEN, _TYPED):
        sheet.around.column_dimensions[column_letters(column)].hidden = True
    sheet.around.freeze_panes = f"C{_FIRST}"
    sheet.for_print()


def _quantity(
    book: Book,
    sheet: Sheet,
    q: Quantity,
    blanks: Blanks,
    tolerances: Tolerance,
    decimals: int,
    first_rows: Mapping[str, int],
) -> int:
    assert q.rule is not None
    half = 0.5 * 10.0**-decimals
    here = sheet.title
    place = book.areas[q.name]
    wide = tolerances.of(q)
    locate = partial(_locate, book, here, first_rows)
    pen = FormulaWriter(here, locate)
    row = first_rows[q.name]

    def operand(found: Entry) -> tuple[float, float]:
        """An operand as it stands on the sheet, and half a unit of its last decimal."""
        blank = isinstance(found.of, Quantity) and found.of.rule is not None and found.of.name in blanks.names
        return entry_value(found), half if blank else 0.0

    for i, j in np.ndindex(*q.shape):
        yours = place.cell(i, j).address(here)
        if q.name in book.filling.second:
            second = book.filling.second[q.name].cell(i, j).address(here)
            either = f'IF(ISBLANK({yours}),IF(ISBLANK({second}),"",{second}),{yours})'
            sheet.formula(row, _TYPED, either, "", "text")
            yours = f"${column_letters(_TYPED)}{row}"
        tree = entry(q.rule, i, j)
        near = reach(tree, decimals, operand)
        sheet.jump(row, 1, names.element_name(q.name, i + 1, j + 1, q.shape), place.cell(i, j))
        hidden = [f"${column_letters(k)}${row}" for k in _HIDDEN]
        for column, step in zip(_HIDDEN, steps(yours, *hidden[:2]), strict=True):
            sheet.formula(row, column, step, "", "text")
        sheet.formula(row, 3, value(yours, hidden[-1]), "", "link")
        sheet.number(row, 4, float(q.value[i, j]), "constant")
        for column, tolerance in ((5, half), (6, wide[i, j]), (8, near)):
            sheet.number(row, column, wider(float(tolerance), float(q.value[i, j])), "constant", "0.0E+00")
        sheet.formula(row, 7, _own(here, pen.formula(tree), leaves(tree), locate), "", "link")
        other = other_exp(q, i)  # a common factor falls out of p
        if other is not None:
            sheet.formula(row, 9, _own(here, pen.formula(other), leaves(other), locate), "", "link")
        c, right, within, rounded, own, carried, also = (f"${column_letters(k)}{row}" for k in (3, 4, 5, 6, 7, 8, 9))
        # from one's own numbers, or from right ones in the place of a slip that was not carried on
        follows = f'IF(MIN(ABS({c}-{own}),ABS({c}-{right}))<={carried},"{METHOD}","{WRONG}")'
        alone = f'IF(ABS({c}-{right})<=MAX({rounded},{carried}),"{METHOD}","{WRONG}")'
        number = f'IF(ABS({c}-{right})<={within},"{RIGHT}",IF(ISNUMBER({own}),{follows},{alone}))'
        if other is not None:
            number = f'IF(IF(ISNUMBER({also}),ABS({c}-{also})<={carried},FALSE),"{RIGHT}",{number})'
        sheet.formula(row, _VERDICT, f'IF({c}="","",IF(ISNUMBER({c}),{number},"{WRONG}"))', "", "text")
        row += 1
    return row


def _own(here: str, formula: str, operands: Iterable[Entry], locate: Callable[[Entry], Cell]) -> str:
    """What follows from the reader's own numbers, once those that it needs are there."""
    places = {locate(e) for e in operands if isinstance(e.of, Quantity)}
    cells = {place.address(here) for place in places if place.sheet == here}
    if not cells:
        return '""'  # nothing of the reader's went in
    filled = "+".join(f"COUNT({','.join(chunk)})" for chunk in _chunks(sorted(cells)))
    return f'IF({filled}={len(cells)},{formula},"")'


def _chunks(cells: list[str], size: int = 100) -> list[list[str]]:
    return [cells[i : i + size] for i in range(0, len(cells), size)]


def _locate(book: Book, here: str, first_rows: Mapping[str, int], found: Entry) -> Cell:
    """Where a number stands: of the reader's own, where this sheet has read it, as it may be typed as text."""
    assert isinstance(found.of, Quantity)
    if found.of.name in first_rows:
        return Cell(here, first_rows[found.of.name] + found.row * found.of.shape[1] + found.column, _YOURS)
    return book.areas[found.of.name].cell(found.row, found.column)


def _colour(book: Book, q: Quantity) -> None:
    """Green, amber or red by the verdict, which stands on the other sheet under a name."""
    for area in (book.areas[q.name], book.filling.second.get(q.name)):
        if area is not None:
            _colour_area(book, q, area)


def _colour_area(book: Book, q: Quantity, area: Area) -> None:
    first = area.cell(0, 0)
    corner = f"${column_letters(first.column)}${first.row}"
    column, row = column_letters(first.column), first.row
    index = f"(ROW({column}{row})-ROW({corner}))*{q.shape[1]}+COLUMN({column}{row})-COLUMN({corner})+1"
    found = f"INDEX(mark_{q.name},{index})" if q.value.size > 1 else f"mark_{q.name}"
    sheet = book.sheets[area.sheet].around
    for verdict, (fill, font) in COLOURS.items():
        rule = FormulaRule(  # type: ignore[no-untyped-call]
            formula=[f'{found}="{verdict}"'],
            fill=PatternFill(bgColor=f"FF{fill}"),
            font=Font(color=f"FF{font}"),
        )
        sheet.conditional_formatting.add(area.address(area.sheet), rule)
