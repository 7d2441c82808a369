"""The Inputs sheet: all that is given, to be changed at will; the letters' one-hot columns follow by formula."""

from __future__ import annotations

import numpy as np
from openpyxl.worksheet.datavalidation import DataValidation

from rnncalc import words
from rnncalc.operations import one_hot
from rnncalc.scalars import Entry
from rnncalc.trace import Quantity
from rnncalc.workbook.areas import Area, Cell
from rnncalc.workbook.book import Book
from rnncalc.workbook.formulas import FormulaPen
from rnncalc.workbook.sheet import Sheet

FIRST_STEP = 3
"""The column of step 1."""
_NONE = "–"


class LetterCells:
    """Where the letters stand that are read and wanted, and the vocabulary."""

    def __init__(self, vocabulary: Area, read: Area, wanted: Area) -> None:
        self.vocabulary, self.read, self.wanted = vocabulary, read, wanted


def write_inputs(book: Book) -> LetterCells:
    """Fill the sheet; gives where the letters stand."""
    sheet, problem = book.sheets["Inputs"], book.problem
    sheet.text(1, 1, "Inputs", "title")
    changes = "Change any framed yellow number or blue letter: everything else in this workbook follows."
    sheet.text(2, 1, changes if "given" in book.filling.open else "What is given: please leave it as it is.", "words")
    last_column = FIRST_STEP + problem.steps - 1
    letters = _letters(book, sheet, last_column)
    row = (
        letters.vocabulary.row
        + len(problem.vocabulary) * (2 if problem.has_loss else 1)
        + (3 if problem.has_loss else 2)
    )
    sheet.banner(row, "The weights, the initial state, the learning rate")
    row += 2
    for q in book.trace.values():
        if q.rule is None and not q.step:
            row = _given(book, sheet, q, row)
    sheet.widths([(1, 1, 17), (2, 2, 9), (3, max(last_column, 26), _width(book))])
    sheet.around.freeze_panes = "C3"
    sheet.for_print(tall=1 if row < 80 else 0)
    return letters


def _width(book: Book) -> float:
    """As wide as the longest given number, which is shown to its last digit."""
    longest = max(len(f"{v:.15g}") for a in book.problem.arrays().values() for v in a.ravel().tolist())
    return max(longest + 2.5, 9)


def _letters(book: Book, sheet: Sheet, last_column: int) -> LetterCells:
    problem, title = book.problem, sheet.title
    size = len(problem.vocabulary)
    sheet.banner(4, "The text, letter by letter")
    for row, label in ((5, "step"), (6, "reads"), (7, "wants"), (9, "x: one-hot")):
        if row != 7 or problem.has_loss:
            sheet.text(row, 1, label, "name")
    vocabulary = Area(title, 9, 2, size, 1)
    for i, letter in enumerate(problem.vocabulary):
        sheet.text(9 + i, 2, book.letters[letter], "one-hot")
    book.name("vocabulary", vocabulary)
    read, wanted = Area(title, 6, FIRST_STEP, 1, problem.steps), Area(title, 7, FIRST_STEP, 1, problem.steps)
    book.name("letters", read)
    target_row = 9 + size + 1
    if problem.has_loss:
        book.name("wanted", wanted)
        sheet.text(target_row, 1, "target: one-hot", "name")
        for i in range(size):
            source = vocabulary.cell(i, 0).address(title)
            sheet.formula(target_row + i, 2, source, book.letters[problem.vocabulary[i]], "one-hot", "General")
    for t in range(1, problem.steps + 1):
        column = FIRST_STEP + t - 1
        sheet.number(5, column, t, "caption", "0")
        letter, target = problem.inputs[t - 1], problem.targets[t - 1]
        sheet.text(6, column, book.letters[letter], "input")
        _one_hot(book, sheet, f"x_{t}", letter, Cell(title, 6, column), vocabulary, 9)
        if target is not None:
            sheet.text(7, column, book.letters[target], "input")
            _one_hot(book, sheet, f"target_{t}", target, Cell(title, 7, column), vocabulary, target_row)
        elif problem.has_loss:
            sheet.text(7, column, _NONE, "caption")
    if "input" in book.filling.open:
        _drop_downs(sheet, problem.has_loss, vocabulary, read, wanted)
    return LetterCells(vocabulary, read, wanted)


def _one_hot(book: Book, sheet: Sheet, name: str, letter: str, cell: Cell, vocabulary: Area, row: int) -> None:
    """The column of a letter, by the operation's own formula."""
    q = book.trace[name]
    letter_term = Quantity("letter", np.array([[letter]]), stage="given")
    known = Quantity("vocabulary", np.array(book.problem.vocabulary)[:, None], stage="given")

    def locate(found: Entry) -> Cell:
        return cell if found.of is letter_term else vocabulary.cell(found.row, 0)

    pen = FormulaPen(sheet.title, locate)
    area = book.place(q, Area(sheet.title, row, cell.column, q.shape[0], 1))
    for i, value in enumerate(q.value[:, 0].tolist()):
        formula = pen.formula(one_hot.element(i, 0, letter_term, known))
        sheet.formula(area.row + i, area.column, formula, value, "one-hot", "0")


def _drop_downs(sheet: Sheet, has_loss: bool, vocabulary: Area, read: Area, wanted: Area) -> None:
    """A letter is chosen from the vocabulary."""
    for area in (read, wanted) if has_loss else (read,):
        rule = DataValidation(type="list", formula1=vocabulary.address(), allow_blank=True)
        rule.errorTitle, rule.error = "Not in the vocabulary", "Choose a letter from the list."
        rule.showErrorMessage = True
        rule.add(area.address(sheet.title))
        sheet.around.add_data_validation(rule)


def _given(book: Book, sheet: Sheet, q: Quantity, row: int) -> int:
    """A given table with what its shape means; gives the row below."""
    rows, columns = q.shape
    sheet.text(row, 1, q.name, "name")
    means = words.shape_means(q.name, book.problem) or q.says
    sheet.text(
        row, FIRST_STEP, means if q.name in ("eta", "clip", "clip_norm") else f"{rows}×{columns}: {means}", "words"
    )
    row += 1
    labels = {"letter": [book.letters[c] for c in book.problem.vocabulary]}
    across = labels.get(q.axes[1], [str(j + 1) for j in range(columns)]) if columns > 1 else []
    down = labels.get(q.axes[0], [str(i + 1) for i in range(rows)]) if rows > 1 else []
    for j, label in enumerate(across):
        sheet.text(row, FIRST_STEP + j, label, "caption")
    row += 1 if across else 0
    for i, label in enumerate(down):
        sheet.text(row + i, 2, label, "label")
    area = book.place(q, Area(sheet.title, row, FIRST_STEP, rows, columns))
    for i, j in np.ndindex(*q.shape):
        book.filling.given(sheet, q, i, j, area.cell(i, j))
    return row + rows + 1
