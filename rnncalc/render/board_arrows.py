"""The way of an arrow over a board: out of a step, through the column for arrows, into the next step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rnncalc.render.board import Board, Handed


class Point(NamedTuple):
    """A place on a board: a row and a column, counted from 1, and a distance from their left upper corner."""

    row: int
    column: int
    down: float = 0
    right: float = 0


class Edges(NamedTuple):
    """How wide columns and how tall rows are: where each begins, from the first on, and where the last ends."""

    columns: Sequence[float]
    rows: Sequence[float]

    def place(self, point: Point) -> tuple[float, float]:
        """How far a point is from the board's left upper corner: across, down."""
        return self.columns[point.column - 1] + point.right, self.rows[point.row - 1] + point.down


class Cells(NamedTuple):
    """The sizes of a board's cells: a row's height, the width of a number, and of a column for arrows; how far above a
    column of numbers an arrow turns down to it, and how far it goes into its first cell.
    """

    row: float
    number: float
    gap: float
    above: float
    into: float


COLOURS = ("0072B2", "8C510A")
"""The colours of what is handed on, h and then c, of which every second line is dashed."""


def lane(plan: Board, handed: Handed) -> int:
    """The number of the line beside others through the same column: 0 for the first state, 1 for the second."""
    return list(dict.fromkeys(other.state for other in plan.handed)).index(handed.state) % 2


def way(plan: Board, handed: Handed, cells: Cells) -> list[Point]:
    """Out of a state at the right or, where another number stands there, from below it, and up to the next step."""
    start, end = handed.start, handed.end
    gap = plan.gap(end)
    middle = Point(start.row, start.column, start.rows * cells.row / 2, cells.number)
    is_free = not any(slot.column == start.column + 1 and slot.row == start.row for slot in plan.slots.values())
    across = cells.gap * (0.35 if lane(plan, handed) else 0.65)
    if is_free:
        points = [middle, Point(start.row, gap, start.rows * cells.row / 2, across)]
    else:
        below = 0.15 * cells.row
        low = Point(start.row + start.rows, start.column, below, cells.number / 2)
        points = [low._replace(down=0), low, Point(start.row + start.rows, gap, below, across)]
    if end.column == gap + 1:
        high = Point(end.row, gap, end.rows * cells.row / 2, across)
        return [*points, high, high._replace(right=cells.gap)]
    turn = Point(end.row, end.column, -cells.above, cells.number / 2)
    return [*points, Point(end.row, gap, -cells.above, across), turn, turn._replace(down=cells.into)]
