"""The Unrolled sheet: the whole network on one page, time from left to right."""

from __future__ import annotations

from rnncalc.workbook.areas import Cell
from rnncalc.workbook.book import Book
from rnncalc.workbook.inputs import LetterCells
from rnncalc.workbook.sheet import Sheet

FIRST = 3
_LAYERS = (
    ("x", "what it reads", "one-hot"),
    ("h", "its memory", "hidden"),
    ("y", "its scores", "output"),
    ("p", "probabilities", "output"),
)


def write_unrolled(book: Book, letters: LetterCells) -> None:
    """Fill the sheet; every number is a link."""
    sheet, problem = book.sheets["Unrolled"], book.problem
    sheet.text(1, 1, "The network, unrolled", "title")
    sheet.text(2, 1, "Time runs from left to right; every step hands its memory h to the next.", "words")
    columns = [FIRST + 2 * t for t in range(1, problem.steps + 1)]
    width = columns[-1]
    row = 4
    sheet.text(row, 1, "step", "name")
    sheet.text(row + 1, 1, "reads", "name")
    for t, column in enumerate(columns, 1):
        sheet.number(row, column, t, "caption", "0")
        cell = letters.read.cell(0, t - 1)
        sheet.formula(
            row + 1, column, cell.address(sheet.title), book.letters[problem.inputs[t - 1]], "one-hot", "General"
        )
    row += 3
    for family, says, kind in _LAYERS:
        row = _layer(book, sheet, family, says, kind, columns, row)
    row = _predictions(book, sheet, letters, columns, row)
    sheet.widths([(1, 1, 20), (2, 2, 6), (FIRST, FIRST, book.width)])
    for column in columns:
        sheet.widths([(column - 1, column - 1, 4), (column, column, book.width)])
    sheet.around.freeze_panes = "C6"
    sheet.for_print(tall=1 if width < 40 else 0)


def _layer(book: Book, sheet: Sheet, family: str, says: str, kind: str, columns: list[int], row: int) -> int:
    problem = book.problem
    rows = book.trace[f"{family}_1"].shape[0]
    sheet.text(row, 1, f"{family}: {says}", "name")
    letters = family != "h"
    for i in range(rows):
        sheet.text(row + i, 2, book.letters[problem.vocabulary[i]] if letters else str(i + 1), "label")
    if family == "h":
        _column(book, sheet, "h_0", "given", FIRST, row)
        sheet.text(row - 1, FIRST, "h₀", "caption")
    for t, column in enumerate(columns, 1):
        q = book.trace[f"{family}_{t}"]
        sheet.text(row - 1, column, q.symbol, "caption")
        _column(book, sheet, q.name, kind, column, row)
        if family == "h":
            sheet.text(row + (rows - 1) // 2, column - 1, "→", "sign")
        if family != "p":
            sheet.text(row + rows, column, "↓", "caption")
    return row + rows + 2


def _column(book: Book, sheet: Sheet, name: str, kind: str, column: int, row: int) -> None:
    source = book.areas[name]
    number_format = "0" if kind == "one-hot" else "General" if kind == "given" else ""
    for i, value in enumerate(book.trace[name].value[:, 0].tolist()):
        address = source.cell(i, 0).address(sheet.title)
        shown = "link" if kind == "given" else kind
        sheet.formula(row + i, column, address, value, shown, number_format)


def _predictions(book: Book, sheet: Sheet, letters: LetterCells, columns: list[int], row: int) -> int:
    problem = book.problem
    losses = "loss" in book.areas
    lines = ["predicts", *(["wants"] if problem.has_loss else []), *(["loss"] if losses else [])]
    for i, label in enumerate(lines):
        sheet.text(row + i, 1, label, "name")
    for t, column in enumerate(columns, 1):
        predicted = prediction(book, t, letters, sheet.title)
        sheet.formula(row, column, predicted, predicted_letter(book, t), "one-hot", "General")
        target = problem.targets[t - 1]
        if target is None:
            continue
        cell = letters.wanted.cell(0, t - 1).address(sheet.title)
        sheet.formula(row + 1, column, cell, book.letters[target], "one-hot", "General")
        if not losses:
            continue
        loss = book.areas[f"loss_{t}"].cell(0, 0)
        sheet.formula(row + 2, column, loss.address(sheet.title), _number(book, f"loss_{t}"), "loss")
    if losses:
        total = Cell(sheet.title, row + 4, columns[0])
        sheet.text(row + 4, 1, "total loss", "name")
        address = book.areas["loss"].cell(0, 0).address(sheet.title)
        sheet.formula(total.row, total.column, address, _number(book, "loss"), "loss")
    return row + 5


def prediction(book: Book, t: int, letters: LetterCells, here: str) -> str:
    """The formula of the letter that step t predicts: the one of the largest probability, the first of equals."""
    if letters.vocabulary.rows == 1:  # Gnumeric has no INDEX of a single cell
        return letters.vocabulary.address(here)
    p = book.areas[f"p_{t}"].address(here)
    return f"INDEX({letters.vocabulary.address(here)},MATCH(MAX({p}),{p},0))"


def predicted_letter(book: Book, t: int) -> str:
    """That letter as NumPy finds it."""
    best = int(book.trace[f"p_{t}"].value[:, 0].argmax())
    return book.letters[book.problem.vocabulary[best]]


def _number(book: Book, name: str) -> float:
    return float(book.trace[name].value[0, 0])
