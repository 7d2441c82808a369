"""The Check sheet: for every quantity NumPy's figures as constants, and how far the live cells are from them."""

from __future__ import annotations

from typing import NamedTuple

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill

from rnncalc.network.quantity import Quantity
from rnncalc.network.rounding import moved_by_rounding
from rnncalc.workbook.areas import Area, Cell
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.inputs import LetterCells
from rnncalc.workbook.write.sheet import Sheet

TOLERANCE = 1e-12
MARGIN = 10
"""A chaotic network magnifies rounding: a difference of up to so many times what the last digit moves is rounding's."""
FIRST = 6
_VERDICT, _DIFFERENCE, _ALLOWED = 3, 4, 5
_PRINTED = "A1:H3"
"""The verdict for all; the tables below it would be a third of all pages."""
_HEADINGS = ("quantity", "stage", "verdict", "largest difference", "allowed", "NumPy's results")


class Verdict(NamedTuple):
    """The cell of the verdict for all, and what it says as the workbook is written."""

    cell: Cell
    says: str


def write_check(book: Book, letters: LetterCells) -> Verdict:
    """Fill the sheet; gives the verdict for all."""
    sheet = book.sheets["Check"]
    sheet.text(1, 1, "Check: the spreadsheet compared with NumPy", "title")
    sheet.text(3, 1, "inputs changed", "name")
    sheet.stretch(2, "good")
    sheet.stretch(5, "heading")
    for i, text in enumerate(_HEADINGS):
        sheet.text(5, i + 1, text, "heading")
    row = 6
    moved = moved_by_rounding(book.trace)
    changes: list[Cell] = []
    for name, area, values in (
        (f"{book.problem.tokens} read", letters.read, book.problem.inputs),
        (
            f"target {book.problem.tokens if book.problem.predicts_tokens else 'classes'}",
            letters.wanted,
            book.problem.targets,
        ),
    ):
        tokens = tuple(one if isinstance(one, str) else None for one in values)
        if area is not None and any(tokens):
            changes.append(_letters(book, sheet, name, area, tokens, row))
            row += 3
    first = row
    for q in book.trace.values():
        if book.is_typed(q):
            changes.append(_quantity(book, sheet, q, row, 0.0, given=True))
            row += q.shape[0] + 1
    for q in book.trace.values():
        if not book.is_typed(q):
            _quantity(book, sheet, q, row, MARGIN * moved[q.name], given=False)
            row += q.shape[0] + 1
    for q, rounding in book.figures:
        _quantity(book, sheet, q, row, MARGIN * rounding, given=False)
        row += q.shape[0] + 1
    where = ",".join(c.address(sheet.title) for c in changes)
    sheet.formula(3, _VERDICT, f"SUM({where})", 0, "constant", "0")
    top = _top(book, sheet, first, row)
    _colours(sheet, row)
    sheet.widths([(1, 1, 16), (2, 2, 10), (3, 3, 22), (4, 5, 18), (FIRST, max(FIRST + 40, sheet.widest), 20)])
    sheet.around.freeze_panes = "D6"
    sheet.around.print_area = _PRINTED
    sheet.for_print()
    return top


def _top(book: Book, sheet: Sheet, first: int, last: int) -> Verdict:
    """The line for all: equal, follows a change, or differs."""
    count = sum(1 for q in book.trace.values() if not book.is_typed(q)) + len(book.figures)
    equal = f"All {count} quantities equal NumPy's results."
    verdicts = f"$C${first}:$C${last}"
    changed = Cell(sheet.title, 3, _VERDICT).address(sheet.title, fix_row=True, fix_column=True)
    wrong = f'COUNTIF({verdicts},"DIFFERS")+COUNTIF({verdicts},"ERROR")'
    follow = (
        "You have changed the inputs. Numbers that depend on them now differ from NumPy's results for the original "
        "problem, as they should."
    )
    rounded = f'COUNTIF({verdicts},"within rounding")'
    far = '" quantities agree with NumPy\'s results within rounding; the others are equal."'
    good = f'IF({rounded}=0,"{equal}",{rounded}&{far})'
    differ = '" quantities differ from NumPy\'s results: see the verdicts below."'
    formula = f'IF({changed}>0,"{follow}",IF({wrong}=0,{good},({wrong})&{differ}))'
    return Verdict(sheet.formula(2, 1, formula, equal, "good"), equal)


def _letters(book: Book, sheet: Sheet, name: str, area: Area, values: tuple[str | None, ...], row: int) -> Cell:
    """The letters as they were, a 1 under each that was changed, and how many were."""
    sheet.text(row, 1, name, "name")
    sheet.text(row, 2, "given", "text")
    for i, letter in enumerate(values):
        if letter is None:
            continue
        known = sheet.text(row, FIRST + i, book.letters[letter], "constant")
        cell = area.cell(0, i).address(sheet.title)
        formula = f"IF(EXACT({cell},{known.address(sheet.title)}),0,1)"
        sheet.formula(row + 1, FIRST + i, formula, 0, "constant", "0")
    flags = Area(sheet.title, row + 1, FIRST, 1, len(values)).address(sheet.title)
    changed = sheet.formula(row, _DIFFERENCE, f"SUM({flags})", 0, "constant", "0")
    sheet.formula(row, _VERDICT, f'IF({changed.address(sheet.title)}=0,"as given","changed")', "as given", "text")
    return Cell(sheet.title, row, _DIFFERENCE)


def _quantity(book: Book, sheet: Sheet, q: Quantity, row: int, rounding: float, *, given: bool) -> Cell:
    """NumPy's figures in a quantity's shape, the largest difference, the verdict; gives the cell of change."""
    book.tell()
    here = sheet.title
    live = book.areas[q.name]
    sheet.jump(row, 1, q.name, live.cell(0, 0))
    sheet.text(row, 2, q.stage, "text")
    figures = Area(here, row, FIRST, *q.shape)
    for i, line in enumerate(q.value.tolist()):
        for j, value in enumerate(line):
            sheet.number(row + i, FIRST + j, value, "constant", "General")
    difference = f"MAX(ABS({live.address(here)}-{figures.address(here)}))"
    sheet.array(row, _DIFFERENCE, difference, [[0.0]], "constant", "0.0E+00")
    found = Cell(here, row, _DIFFERENCE).address(here)
    if given:
        sheet.formula(row, _VERDICT, f'IF({found}=0,"as given","changed")', "as given", "text")
        return sheet.formula(row, _ALLOWED, f"IF({found}=0,0,1)", 0, "constant", "0")
    tight = TOLERANCE * scale(q)
    allowed = sheet.number(row, _ALLOWED, max(tight, rounding), "constant", "0.0E+00").address(here)
    changed = Cell(here, 3, _VERDICT).address(here, fix_row=True, fix_column=True)
    otherwise = f'IF({changed}>0,"follows the change","DIFFERS")'
    near = f'IF({found}<={allowed},"within rounding",{otherwise})' if rounding > tight else otherwise
    limit = f"{tight!r}" if rounding > tight else allowed
    verdict = f'IF(ISNUMBER({found}),IF({found}<={limit},"equal",{near}),"ERROR")'
    return sheet.formula(row, _VERDICT, verdict, "equal", "text")


def scale(q: Quantity) -> float:
    """What a difference is measured against: 1, or the largest entry of the quantity and what it was computed from."""
    return max([1.0, *(float(abs(s.value).max()) for s in (q, *q.sources))])


def _colours(sheet: Sheet, last: int) -> None:
    """A verdict's colour; its word says the same."""
    for words, fill, font in (
        (("DIFFERS", "ERROR"), "FBE0D0", "7A3300"),
        (("changed", "follows the change"), "FFF2CC", "7F6000"),
    ):
        test = ",".join(f'$C6="{word}"' for word in words)
        rule = FormulaRule(  # type: ignore[no-untyped-call]
            formula=[f"OR({test})"], fill=PatternFill(bgColor=f"FF{fill}"), font=Font(color=f"FF{font}", bold=True)
        )
        sheet.around.conditional_formatting.add(f"A6:E{last}", rule)
