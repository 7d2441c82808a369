"""The Unrolled sheet: the whole network on one page, time from left to right."""

from __future__ import annotations

from rnncalc.workbook.book import Book
from rnncalc.workbook.filling import Link
from rnncalc.workbook.inputs import LetterCells
from rnncalc.workbook.sheet import Sheet

FIRST = 3
LAYERS = (
    ("x", "what it reads", "one-hot"),
    ("h", "its memory", "hidden"),
    ("y", "its scores", "output"),
    ("p", "probabilities", "output"),
)


_STATE = ("c", "its cell's state", "hidden")


def layers(book: Book) -> list[tuple[str, str, str]]:
    """What is shown from the bottom up; where the cell has a state beside its memory, that too."""
    both = all(f"c_{t}" in book.trace for t in range(book.problem.steps + 1))
    return [LAYERS[0], *([_STATE] if both else []), *LAYERS[1:]]


def write_unrolled(book: Book, letters: LetterCells) -> None:
    """Fill the sheet; every number is a link."""
    sheet, problem = book.sheets["Unrolled"], book.problem
    sheet.text(1, 1, "The network, unrolled", "title")
    handed = "states c and h" if _STATE in layers(book) else "memory h"
    sheet.text(2, 1, f"Time runs from left to right; every step hands its {handed} to the next.", "words")
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
    for family, says, kind in layers(book):
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
    letters = family not in ("c", "h")
    for i in range(rows):
        sheet.text(row + i, 2, book.letters[problem.vocabulary[i]] if letters else str(i + 1), "label")
    if not letters:
        _column(book, sheet, f"{family}_0", "given", FIRST, row)
        sheet.text(row - 1, FIRST, f"{family}₀", "caption")
    for t, column in enumerate(columns, 1):
        q = book.trace[f"{family}_{t}"]
        sheet.text(row - 1, column, q.symbol, "caption")
        _column(book, sheet, q.name, kind, column, row)
        if not letters:
            sheet.text(row + (rows - 1) // 2, column - 1, "→", "sign")
        if family != "p":
            sheet.text(row + rows, column, "↓", "caption")
    return row + rows + 2


def _column(book: Book, sheet: Sheet, name: str, kind: str, column: int, row: int) -> None:
    source = book.areas[name]
    number_format = "0" if kind == "one-hot" else "General" if kind == "given" else ""
    q = book.trace[name]
    for i in range(q.shape[0]):
        link = book.filling.link(q, i, 0, source.cell(i, 0), sheet.title)
        sheet.formula(row + i, column, *link, "link" if kind == "given" else kind, number_format)


def _predictions(book: Book, sheet: Sheet, letters: LetterCells, columns: list[int], row: int) -> int:
    problem = book.problem
    losses = "loss" in book.areas
    lines = ["predicts", *(["wants"] if problem.has_loss else []), *(["loss"] if losses else [])]
    for i, label in enumerate(lines):
        sheet.text(row + i, 1, label, "name")
    for t, column in enumerate(columns, 1):
        sheet.formula(row, column, *prediction(book, t, letters, sheet.title), "one-hot", "General")
        target = problem.targets[t - 1]
        if target is None:
            continue
        cell = letters.wanted.cell(0, t - 1).address(sheet.title)
        sheet.formula(row + 1, column, cell, book.letters[target], "one-hot", "General")
        if not losses:
            continue
        sheet.formula(row + 2, column, *single(book, f"loss_{t}", sheet.title), "loss")
    if losses:
        sheet.text(row + 4, 1, "total loss", "name")
        sheet.formula(row + 4, columns[0], *single(book, "loss", sheet.title), "loss")
    return row + 5


def prediction(book: Book, t: int, letters: LetterCells, here: str) -> Link:
    """The letter that step t predicts: the one of the largest probability, the first of equals."""
    q = book.trace[f"p_{t}"]
    shown = book.letters[book.problem.vocabulary[int(q.value[:, 0].argmax())]]
    p, known = book.areas[q.name].address(here), letters.vocabulary.address(here)
    # Gnumeric has no INDEX of a single cell
    formula = known if letters.vocabulary.rows == 1 else f"INDEX({known},MATCH(MAX({p}),{p},0))"
    return book.filling.once_filled(formula, shown, q, p)


def single(book: Book, name: str, here: str) -> Link:
    """A link to a quantity that is a single number."""
    return book.filling.link(book.trace[name], 0, 0, book.areas[name].cell(0, 0), here)
