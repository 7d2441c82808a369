"""Links to what stands on other sheets: the token that a step reads, its prediction, a single number."""

from __future__ import annotations

from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.filling import Link
from rnncalc.workbook.write.inputs import LetterCells, chosen


def read_link(book: Book, letters: LetterCells, t: int, here: str) -> Link:
    """A link to the token that a step reads."""
    assert letters.read is not None
    address = letters.read.cell(0, t - 1).address(here)
    read = book.problem.inputs[t - 1]
    if isinstance(read, str):
        return Link(address, book.letters[read])
    q = book.trace[f"x_{t}"]
    shown = book.letters[book.problem.vocabulary[int(q.value[:, 0].argmax())]]
    return book.filling.once_filled(lambda _: address, shown, q, book.areas[q.name], here)


def prediction(book: Book, t: int, letters: LetterCells, here: str) -> Link:
    """What step t predicts: the letter or class of the largest probability, the first of equals."""
    assert letters.outputs is not None
    return chosen(book, book.trace[f"p_{t}"], letters.outputs, book.problem.output_names, here)


def single(book: Book, name: str, here: str) -> Link:
    """A link to a quantity that is a single number."""
    return book.filling.link(book.trace[name], 0, 0, book.areas[name].cell(0, 0), here)
