"""The Inputs sheet: all that is given, to be changed at will; the letters' one-hot columns follow by formula."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from openpyxl.worksheet.datavalidation import DataValidation

from rnncalc.language import one_hot
from rnncalc.language.trees import Array, Entry
from rnncalc.network import words
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.trace import Trace
from rnncalc.render.document import LARGE
from rnncalc.workbook.areas import Area, Cell
from rnncalc.workbook.formulas import FormulaWriter
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.filling import Link
from rnncalc.workbook.write.sheet import Sheet

FIRST_STEP = 3
"""The column of step 1."""
NONE = "–"
"""What stands where nothing is read or wanted."""
_WORDS = 90
"""The characters of a line of words on what a shape means."""


class LetterCells(NamedTuple):
    """Where the tokens stand that are read and wanted, and the lists that they are chosen from; None where there are
    none."""

    vocabulary: Area | None
    read: Area | None
    wanted: Area | None
    classes: Area | None

    @property
    def outputs(self) -> Area | None:
        """The list of what the rows of the output stand for."""
        return self.classes or self.vocabulary


def large_weights(trace: Trace) -> list[Quantity]:
    """The given tables that stand on sheets of their own, named like them, as their numbers would hide the others."""
    return [q for q in trace.values() if q.rule is None and not q.step and q.value.size > LARGE]


def write_inputs(book: Book) -> LetterCells:
    """Fill the sheet, and those of large weights; gives where the tokens stand."""
    sheet, problem = book.sheets["Inputs"], book.problem
    sheet.text(1, 1, "Inputs", "title")
    blue = book.blue
    changes = f"Change any framed yellow number{f' or blue {blue}' if blue else ''}: the rest is recalculated."
    sheet.text(2, 1, changes if "given" in book.filling.open else "Given numbers: please do not change them.", "words")
    last_column = FIRST_STEP + problem.steps - 1
    letters, row = _read(book, sheet)
    sheet.banner(row, "The weights, the initial state, the learning rate")
    row += 2
    large = large_weights(book.trace)
    for q in book.trace.values():
        if q.rule is not None or q.step:
            continue
        if q.name in book.areas:  # on the Board
            continue
        if q in large:
            own = book.sheets[q.name]
            own.text(1, 1, q.name, "title")
            _given(book, own, q, 3)
            own.widths([(1, 1, 17), (2, 2, 9), (3, FIRST_STEP + q.shape[1], _width(q.value))])
            own.around.freeze_panes = "C5"
            own.for_print()
            sheet.text(row, 1, q.name, "name")
            sheet.jump(row, FIRST_STEP, f"is on the sheet {q.name}", Cell(q.name, 1, 1))
            row += 2
        else:
            row = _given(book, sheet, q, row)
    small = [a for a in problem.arrays().values() if a.size <= LARGE]
    label = min(max([9, *(len(shown) + 2 for shown in book.letters.values())]), 30)  # as wide as the longest word
    width = max(map(_width, small), default=9)
    sheet.widths([(1, 1, 17), (2, 2, label), (3, max(last_column, 26, sheet.widest), width)])
    sheet.around.freeze_panes = "C3"
    wide = 17 + label + max(width * problem.steps, _WORDS)
    sheet.for_print(landscape=sheet.is_wide(row, wide), tall=1 if row < 80 else 0)
    return letters


def _width(numbers: Array) -> float:
    """As wide as the longest given number, which is shown to its last digit."""
    longest = max(len(f"{v:.15g}") for v in numbers.ravel().tolist())
    return max(longest + 2.5, 9)


def _read(book: Book, sheet: Sheet) -> tuple[LetterCells, int]:
    """What is read and wanted, step by step; gives where the tokens stand, and the row below."""
    problem, title = book.problem, sheet.title
    text = f"The text, {problem.token} by {problem.token}"
    sheet.banner(4, text if problem.vocabulary else "The input, step by step")
    named = any(isinstance(one, str) for one in problem.targets)
    read = Area(title, 6, FIRST_STEP, 1, problem.steps) if problem.vocabulary else None
    wanted = Area(title, 7, FIRST_STEP, 1, problem.steps) if named else None
    sheet.text(5, 1, "step", "name")
    if read:
        sheet.text(6, 1, "reads", "name")
        book.name("letters", read)
    if wanted:
        sheet.text(7, 1, "target", "name")
        book.name("wanted", wanted)
    top = 9 if read or wanted else 7
    sheet.text(top, 1, "x: one-hot" if problem.vocabulary else "x: numbers", "name")
    vocabulary = _list(book, sheet, "vocabulary", problem.vocabulary, top) if problem.vocabulary else None
    below = top + problem.structure.inputs + 1
    if not problem.vocabulary:
        _numbered(sheet, problem.structure.inputs, top)
    classes = None
    if problem.has_loss:
        sheet.text(below, 1, "target: one-hot" if named else "target: numbers", "name")
    if problem.classes:
        if not problem.has_loss:
            sheet.text(below, 1, "classes", "name")
        classes = _list(book, sheet, "classes", problem.classes, below)
    elif named and vocabulary:
        for i in range(vocabulary.rows):
            source = vocabulary.cell(i, 0).address(title)
            sheet.formula(below + i, 2, source, book.letters[problem.vocabulary[i]], "one-hot", "General")
    elif problem.has_loss:
        _numbered(sheet, problem.structure.outputs, below)
    letters = LetterCells(vocabulary, read, wanted, classes)
    for t in range(1, problem.steps + 1):
        sheet.number(5, FIRST_STEP + t - 1, t, "caption", "0")
        _step_read(book, sheet, letters, t, top)
        _step_wanted(book, sheet, letters, t, below, named=named)
    if "input" in book.filling.open:
        given = len([one for one in problem.inputs if one is not None])
        if read and vocabulary:
            _drop_down(sheet, read._replace(columns=given), vocabulary)
        if wanted and letters.outputs:
            _drop_down(sheet, wanted, letters.outputs)
    shown = problem.has_loss or bool(problem.classes)
    return letters, below + (problem.structure.outputs + 2 if shown else 1)


def _list(book: Book, sheet: Sheet, name: str, entries: Sequence[str], row: int) -> Area:
    """The tokens or classes below each other, a list to choose from."""
    area = Area(sheet.title, row, 2, len(entries), 1)
    for i, entry in enumerate(entries):
        sheet.text(row + i, 2, book.letters[entry], "one-hot")
    book.name(name, area)
    return area


def _numbered(sheet: Sheet, count: int, row: int) -> None:
    for i in range(count):
        sheet.text(row + i, 2, str(i + 1), "label")


def _step_read(book: Book, sheet: Sheet, letters: LetterCells, t: int, top: int) -> None:
    problem, column = book.problem, FIRST_STEP + t - 1
    read = problem.inputs[t - 1]
    if isinstance(read, str):
        assert letters.vocabulary is not None
        sheet.text(6, column, book.letters[read], "input")
        where = Cell(sheet.title, 6, column)
        _one_hot(book, sheet, f"x_{t}", read, where, letters.vocabulary, problem.vocabulary, top)
    elif read is not None:
        _numbers(book, sheet, f"x_{t}", column, top)
    elif not problem.vocabulary:
        sheet.text(top, column, "predicted", "caption")


def write_predicted(book: Book, letters: LetterCells) -> None:
    """The tokens that steps read by their own prediction, once it is known where these stand."""
    sheet, problem = book.sheets["Inputs"], book.problem
    for t in range(problem.steps - problem.generated + 1, problem.steps + 1):
        if letters.vocabulary is None:
            continue
        column = FIRST_STEP + t - 1
        if f"x_{t}" in book.trace:
            link = chosen(book, book.trace[f"x_{t}"], letters.vocabulary, problem.vocabulary, sheet.title)
            sheet.formula(6, column, *link, "caption", "General")
        else:  # a worksheet that asks for what comes before
            sheet.text(6, column, NONE, "caption")


def chosen(book: Book, q: Quantity, known: Area, names: Sequence[str], here: str) -> Link:
    """The name of the row with the largest number, the first of equals."""
    shown = book.letters[names[int(q.value[:, 0].argmax())]]
    return book.filling.once_filled(partial(name_of_largest, known, here), shown, q, book.areas[q.name], here)


def name_of_largest(known: Area, here: str, numbers: str) -> str:
    """The formula for the name, of those known, in the row of the largest number."""
    listed = known.address(here)
    # Gnumeric has no INDEX of a single cell
    return listed if known.rows == 1 else f"INDEX({listed},MATCH(MAX({numbers}),{numbers},0))"


def _step_wanted(book: Book, sheet: Sheet, letters: LetterCells, t: int, row: int, *, named: bool) -> None:
    problem, column = book.problem, FIRST_STEP + t - 1
    wanted = problem.targets[t - 1]
    if isinstance(wanted, str):
        known = letters.outputs
        assert known is not None
        sheet.text(7, column, book.letters[wanted], "input")
        where = Cell(sheet.title, 7, column)
        _one_hot(book, sheet, f"target_{t}", wanted, where, known, problem.output_names, row)
    elif wanted is not None:
        _numbers(book, sheet, f"target_{t}", column, row)
    elif named:
        sheet.text(7, column, NONE, "caption")


def _numbers(book: Book, sheet: Sheet, name: str, column: int, row: int) -> None:
    """A column of given numbers."""
    q = book.trace[name]
    area = book.place(q, Area(sheet.title, row, column, q.shape[0], 1))
    for i in range(q.shape[0]):
        book.filling.given(sheet, q, i, 0, area.cell(i, 0))


def _one_hot(
    book: Book, sheet: Sheet, name: str, letter: str, cell: Cell, vocabulary: Area, names: Sequence[str], row: int
) -> None:
    """The column of a letter, by the operation's own formula."""
    q = book.trace[name]
    letter_term = Quantity("letter", np.array([[letter]]), stage=Stage.GIVEN)
    known = Quantity("vocabulary", np.array(names)[:, None], stage=Stage.GIVEN)

    def locate(found: Entry) -> Cell:
        return cell if found.of is letter_term else vocabulary.cell(found.row, 0)

    pen = FormulaWriter(sheet.title, locate)
    area = book.place(q, Area(sheet.title, row, cell.column, q.shape[0], 1))
    for i, value in enumerate(q.value[:, 0].tolist()):
        formula = pen.formula(one_hot.element(i, 0, letter_term, known))
        sheet.formula(area.row + i, area.column, formula, value, "one-hot", "0")


def _drop_down(sheet: Sheet, area: Area, known: Area) -> None:
    """A token is chosen from the list."""
    rule = DataValidation(type="list", formula1=known.address(), allow_blank=True)
    rule.errorTitle, rule.error = "Not in the list", "Choose an entry from the list."
    rule.showErrorMessage = True
    rule.add(area.address(sheet.title))
    sheet.around.add_data_validation(rule)


def _given(book: Book, sheet: Sheet, q: Quantity, row: int) -> int:
    """A given table with what its shape means; gives the row below."""
    rows, columns = q.shape
    sheet.text(row, 1, q.name, "name")
    means = words.shape_means(q, book.problem) or q.says
    sheet.text(
        row, FIRST_STEP, means if q.name in ("eta", "clip", "clip_norm") else f"{rows}×{columns}: {means}", "words"
    )
    row += 1
    across = book.labels(q.axes[1], columns) if columns > 1 else []
    down = book.labels(q.axes[0], rows) if rows > 1 else []
    for j, label in enumerate(across):
        sheet.text(row, FIRST_STEP + j, label, "caption")
    row += 1 if across else 0
    for i, label in enumerate(down):
        sheet.text(row + i, 2, label, "label")
    area = book.place(q, Area(sheet.title, row, FIRST_STEP, rows, columns))
    for i, j in np.ndindex(*q.shape):
        book.filling.given(sheet, q, i, j, area.cell(i, j))
    return row + rows + 1
