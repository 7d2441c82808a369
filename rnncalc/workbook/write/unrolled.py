"""The Unrolled sheet: the whole network on one page, time from left to right."""

from __future__ import annotations

from typing import NamedTuple

from rnncalc.network.trace import Trace
from rnncalc.workbook.areas import Area
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.filling import Link
from rnncalc.workbook.write.inputs import LetterCells, chosen
from rnncalc.workbook.write.sheet import Sheet

TITLE = "Unrolled"
FIRST = 3
_FIRST_ROW, _MOST_LINES = 4, 5
"""Of the numbers of the steps, and of the lines below the layers."""


class Row(NamedTuple):
    """One row of the picture: a family of quantities with its layer, what it is, the role of its cells."""

    place: str
    says: str
    kind: str


def rows(trace: Trace) -> list[Row]:
    """What is shown from the bottom up: what is read, each layer's states, the head, the output."""
    problem = trace.problem
    found = [Row("x", "input", "one-hot" if problem.vocabulary else "link")]
    if problem.structure.embedding:
        found.append(Row("e", "embedding", "hidden"))
    for layer in problem.layers:
        of = f" of layer {layer.mark[1:]}" if layer.mark else ""
        for state in reversed(layer.states):
            found.append(Row(state, f"{_STATES[state[0]]}{of}", "hidden"))
    if problem.output_at != "none":
        found += [Row(dense.name("v"), f"dense layer {dense.mark[1:]}", "hidden") for dense in problem.structure.head]
        found.append(Row("y", "scores" if problem.output_function != "linear" else "output", "output"))
        if problem.output_function != "linear":
            found.append(Row("p", "probabilities", "output"))
    return found


def area_of(trace: Trace) -> Area:
    """Where the sheet shows numbers, all of them links, and some room below."""
    steps = range(1, trace.problem.steps + 1)
    columns = [next(trace[f"{row.place}_{t}"] for t in steps if f"{row.place}_{t}" in trace) for row in rows(trace)]
    tall = 3 + sum(q.shape[0] + 2 for q in columns) + _MOST_LINES
    return Area(TITLE, _FIRST_ROW + 1, FIRST, tall, 2 * trace.problem.steps + 1)


def has_all(trace: Trace) -> bool:
    """Whether a trace has all that is shown."""
    steps = range(1, trace.problem.steps + 1)
    late = {"v", "y", "p"}
    needed = (
        (row.place, t) for row in rows(trace) for t in steps if row.place[0] not in late or trace.problem.has_output(t)
    )
    return all(f"{place}_{t}" in trace for place, t in needed)


def write_unrolled(book: Book, letters: LetterCells) -> None:
    """Fill the sheet; every number is a link."""
    sheet, problem = book.sheets[TITLE], book.problem
    shown = rows(book.trace)
    sheet.text(1, 1, "The network, unrolled", "title")
    both = any(row.place.startswith("c") for row in shown)
    handed = "states" if len(problem.layers) > 1 else "states c and h" if both else "hidden state h"
    sheet.text(2, 1, f"Time runs from left to right; every step passes its {handed} to the next.", "words")
    if book.filling.asks:
        sheet.text(3, 1, "This sheet fills itself from the sheets before it. Type your answers there.", "words")
        sheet.locked = True
    columns = [FIRST + 2 * t for t in range(1, problem.steps + 1)]
    width = columns[-1]
    row = _FIRST_ROW
    sheet.text(row, 1, "step", "name")
    if letters.read:
        sheet.text(row + 1, 1, "reads", "name")
    for t, column in enumerate(columns, 1):
        sheet.number(row, column, t, "caption", "0")
        if letters.read:
            sheet.formula(row + 1, column, *read_link(book, letters, t, sheet.title), "one-hot", "General")
    row += 3
    for one, above in zip(shown, [*shown[1:], None], strict=True):
        row = _layer(book, sheet, one, above, columns, row)
    row = _predictions(book, sheet, letters, columns, row)
    labels = max([6, *(len(name) + 2 for name in book.letters.values())])
    longest = max(len(f"{one.place}: {one.says}") for one in shown)
    sheet.widths([(1, 1, max(24, longest + 3)), (2, 2, min(labels, 30)), (FIRST, FIRST, book.width)])
    for column in columns:
        sheet.widths([(column - 1, column - 1, 4), (column, column, book.width)])
    sheet.around.freeze_panes = "C6"
    sheet.for_print(tall=1 if width < 40 and row < 120 else 0)


def read_link(book: Book, letters: LetterCells, t: int, here: str) -> Link:
    """A link to the token that a step reads."""
    assert letters.read is not None
    address = letters.read.cell(0, t - 1).address(here)
    read = book.problem.inputs[t - 1]
    if isinstance(read, str):
        return Link(address, book.letters[read])
    q = book.trace[f"x_{t}"]
    shown = book.letters[book.problem.vocabulary[int(q.value[:, 0].argmax())]]
    return book.filling.once_filled(address, shown, q, book.areas[q.name].address(here))


def _layer(book: Book, sheet: Sheet, one: Row, above: Row | None, columns: list[int], row: int) -> int:
    problem = book.problem
    steps = [t for t in range(1, problem.steps + 1) if f"{one.place}_{t}" in book.areas]
    first = book.trace[f"{one.place}_{steps[0]}"]
    size = first.shape[0]
    sheet.text(row, 1, f"{one.place}: {one.says}", "name")
    for i, label in enumerate(book.labels(first.axes[0], size)):
        sheet.text(row + i, 2, label, "label")
    is_state = f"{one.place}_0" in book.trace
    if is_state:
        _column(book, sheet, f"{one.place}_0", "given", FIRST, row)
        sheet.text(row - 1, FIRST, book.trace[f"{one.place}_0"].symbol, "caption")
    for t in steps:
        column = columns[t - 1]
        q = book.trace[f"{one.place}_{t}"]
        sheet.text(row - 1, column, q.symbol, "caption")
        _column(book, sheet, q.name, one.kind, column, row)
        if is_state:
            sheet.text(row + (size - 1) // 2, column - 1, "→", "sign")
        if above is not None and f"{above.place}_{t}" in book.areas:
            sheet.text(row + size, column, "↓", "caption")
    return row + size + 2


def _column(book: Book, sheet: Sheet, name: str, kind: str, column: int, row: int) -> None:
    source = book.areas[name]
    q = book.trace[name]
    number_format = "0" if kind == "one-hot" else "General" if kind == "given" or book.is_typed(q) else ""
    for i in range(q.shape[0]):
        link = book.filling.link(q, i, 0, source.cell(i, 0), sheet.title)
        sheet.formula(row + i, column, *link, "link" if kind == "given" else book.filling.linked(kind), number_format)


def _predictions(book: Book, sheet: Sheet, letters: LetterCells, columns: list[int], row: int) -> int:
    problem = book.problem
    losses = "loss" in book.areas
    predicts = bool(problem.output_names) and problem.output_function == "softmax"
    named = letters.wanted is not None
    lines = [*(["predicts"] if predicts else []), *(["target"] if named else []), *(["loss"] if losses else [])]
    places = {label: row + i for i, label in enumerate(lines)}
    for label, place in places.items():
        sheet.text(place, 1, label, "name")
    for t, column in enumerate(columns, 1):
        if predicts and problem.has_output(t):
            sheet.formula(places["predicts"], column, *prediction(book, t, letters, sheet.title), "one-hot", "General")
        target = problem.targets[t - 1]
        if target is None:
            continue
        if isinstance(target, str) and letters.wanted is not None:
            cell = letters.wanted.cell(0, t - 1).address(sheet.title)
            sheet.formula(places["target"], column, cell, book.letters[target], "one-hot", "General")
        if losses:
            sheet.formula(places["loss"], column, *single(book, f"loss_{t}", sheet.title), book.filling.linked("loss"))
    if losses:
        sheet.text(row + len(lines) + 1, 1, "total loss", "name")
        sheet.formula(row + len(lines) + 1, columns[0], *single(book, "loss", sheet.title), book.filling.linked("loss"))
    return row + len(lines) + 2


def prediction(book: Book, t: int, letters: LetterCells, here: str) -> Link:
    """What step t predicts: the letter or class of the largest probability, the first of equals."""
    assert letters.outputs is not None
    return chosen(book, book.trace[f"p_{t}"], letters.outputs, book.problem.output_names, here)


def single(book: Book, name: str, here: str) -> Link:
    """A link to a quantity that is a single number."""
    return book.filling.link(book.trace[name], 0, 0, book.areas[name].cell(0, 0), here)


_STATES = {"h": "hidden state", "c": "cell state"}
