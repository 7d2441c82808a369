"""The picture of a page as data: where each table of numbers stands, and the words beside them.

It follows the plan of :mod:`rnncalc.render.board`. Where the update is shown too, the gradients of the weights stand
below the weights, beside the gradients of the steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rnncalc.network.trace import Trace
from rnncalc.render.board import FIRST_WEIGHT, STEP_ROW, TITLE_ROW, Board
from rnncalc.render.board_arrows import lane
from rnncalc.render.drawing.cells import Cell, cells

_LIVE = ("title", "heading", "token")
"""Words that change with the numbers: the page writes them itself."""


def board_data(trace: Trace) -> dict[str, Any]:
    """The plan as data.

    ``tables``: of each table the quantity's name, and the row and the column of its first number, counted from 1;
    ``step``: 0 for what stands at the left, else the step that it stands in; ``words``: row, column, span, kind, text;
    ``forward`` and ``back``: arrows, from one table to another.
    """
    plan = Board(trace)
    gradients = list(_gradients_of_weights(plan))
    placed = [(slot.name, slot.row, slot.column, t) for (t, _), slot in plan.copies.items()]
    first, wide = plan.column(1), plan.side + 1
    placed += [(s.name, s.row, s.column, max(0, (s.column - first) // wide + 1)) for s in plan.slots.values()]
    placed += [(block.name, block.row, block.column, 0) for block in plan.blocks.values()]
    placed += [(name, row, column, 0) for name, row, column in gradients]
    rows = max(row + trace[name].shape[0] - 1 for name, row, _, _ in placed)
    return {
        "rows": max(rows, plan.last),
        "thin": sorted(plan.thin),
        "title": TITLE_ROW,
        "heading": STEP_ROW,
        "weights": FIRST_WEIGHT,
        "first": first,
        "side": plan.side,
        "predicted": plan.predicted,
        "wanted": plan.wanted,
        "lastForward": plan.last_forward,
        "tables": [list(table) for table in placed],
        "words": [[c.row, c.column, c.span, c.kind, c.text] for c in _words(plan, gradients)],
        "ones": list(plan.ones.values()),
        "handed": [[*_of(h.start), *_of(h.end), lane(plan, h)] for h in plan.handed],
        "back": [[band.row, band.size] for band in plan.gradients if plan.sends_back(band)],
        "leftOut": plan.left_out,
    }


def _of(slot: Any) -> list[Any]:
    return [slot.row, slot.column, slot.rows]


def _words(plan: Board, gradients: list[tuple[str, int, int]]) -> Iterator[Cell]:
    """Captions, labels and equations; below the weights no equation, where their gradients stand."""
    first, beside = plan.gradients[0].caption if gradients else 0, plan.column(1) - 2
    for cell in cells(plan, 0):
        if cell.kind in _LIVE or cell.kind == "number" or (first and cell.row >= first and cell.kind == "equation"):
            continue
        if cell.kind == "label" and cell.column == beside:
            yield cell._replace(column=beside + 1)  # what stands below the weights needs the column
        elif cell.kind == "name" and cell.row > TITLE_ROW:
            yield cell._replace(column=beside)
        else:
            yield cell
    for name, row, column in gradients:
        q = plan.trace[name]
        yield Cell(row - 1, column, q.symbol, "caption", span=q.shape[1])


def _gradients_of_weights(plan: Board) -> Iterator[tuple[str, int, int]]:
    """The gradients of the weights that the plan holds, in rows below each other, each as it stands above."""
    if not plan.gradients:
        return
    row = plan.gradients[0].caption
    for band in plan.bands:
        shown = [name for name in band.weights if name in plan.blocks and f"d{name}" in plan.trace]
        for name in shown:
            yield f"d{name}", row + 1, plan.blocks[name].column
        if shown:
            row += 1 + max(plan.trace[name].shape[0] for name in shown)
