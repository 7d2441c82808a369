"""How wide and tall the cells of the Board are, so that as much as may be fits on one screen."""

from __future__ import annotations

from rnncalc.render.board import LABELS, NAMES, TITLE_ROW, Board
from rnncalc.render.board_arrows import Cells, Edges
from rnncalc.workbook.write.book import Book

SCREEN = (1440, 900)
"""The pixels of the screen that the sheet is made for."""
SMALLEST_ZOOM, LARGEST_ZOOM = 120, 160
FEWEST_DECIMALS = 3
_ROW, _THIN, _TITLE = 15, 5, 24
"""The heights of rows in points."""
_PIXELS_PER_POINT = 4 / 3
_GAP, _LABELS, _NAMES = 2.0, 3.0, (11.5, 34.0)
"""Widths in characters: of the columns for arrows, of the labels, and the least and most of the equations."""
_WIDEST_LABEL = 12
_AROUND, _AIR = 2.6, 0.6
"""Beside the digits of a number: a sign, the point, and air."""


def _pixels(characters: float) -> int:
    return int(7 * characters + 5)


class Sizes:
    """How wide and tall things are, so that as much as may be fits on one screen: widths in characters."""

    def __init__(self, book: Book, plan: Board) -> None:
        self._plan = plan
        self._room = SCREEN[0] * 100 / SMALLEST_ZOOM
        shown = max((len(label) for label in book.letters.values()), default=1)
        self.labels = min(max(_LABELS, shown + 2), _WIDEST_LABEL)
        self.names = _NAMES[0]
        seen = [book.trace[name] for name in plan.slots if not book.filling.hides(book.trace[name])]
        digits = min(max((len(f"{abs(q.value).max():.0f}") for q in seen), default=1), 15)
        self.decimals = max(min(FEWEST_DECIMALS, book.decimals), book.filling.decimals)
        self.number = digits + self.decimals + _AROUND
        whole = max((_longest(book, name) for name in plan.blocks), default=4.0) + _AIR
        self.weight, self.shows_all = whole, True
        if not self.fits and self.number < whole:  # their last digits are left to the formula bar
            self.weight, self.shows_all = self.number, False
        while self.decimals < book.decimals:
            self._widen(1)
            if not self.fits:
                self._widen(-1)
                break
        equations = [len(plan.equation(m)) for band in plan.bands if band.weights for m in band.members]
        spare = (self._room - self.wide) / 7
        self.names = max(_NAMES[0], min(1.15 * max(equations, default=0) + 1, _NAMES[1], _NAMES[0] + spare))

    def _widen(self, decimals: int) -> None:
        self.decimals += decimals
        self.number += decimals
        if not self.shows_all:
            self.weight = self.number

    def column(self, column: int) -> float:
        """The width of a column."""
        plan = self._plan
        if column in (NAMES, LABELS):
            return self.names if column == NAMES else self.labels
        if column < plan.column(1) - 1:
            return self.weight
        is_gap = (column - plan.column(1) + 1) % (plan.side + 1) == 0
        return _GAP if is_gap else self.number

    def row(self, row: int) -> float:
        """The height of a row in points."""
        return _TITLE if row == TITLE_ROW else _THIN if row in self._plan.thin else _ROW

    @property
    def wide(self) -> int:
        """All columns, in pixels."""
        return sum(_pixels(self.column(column)) for column in range(1, self._plan.last_column + 1))

    @property
    def tall(self) -> float:
        """The rows that are open, in pixels."""
        return sum(self.row(row) for row in range(1, self._plan.last_forward + 2)) * _PIXELS_PER_POINT

    @property
    def fits(self) -> bool:
        """Whether all columns are on the screen."""
        return self.wide <= self._room

    @property
    def zoom(self) -> int:
        """As large as the screen allows, in steps of five percent."""
        largest = min(int(100 * SCREEN[0] / self.wide), int(100 * SCREEN[1] / self.tall), LARGEST_ZOOM)
        return max(largest // 5 * 5, SMALLEST_ZOOM)

    @property
    def cells(self) -> Cells:
        """What arrows need to know, in pixels."""
        return Cells(_ROW * _PIXELS_PER_POINT, _pixels(self.number), _pixels(_GAP), above=0, into=9)

    @property
    def edges(self) -> Edges:
        """Where each column and each row begins."""
        columns, rows = [0.0], [0.0]
        for column in range(1, self._plan.last_column + 1):
            columns.append(columns[-1] + _pixels(self.column(column)))
        for row in range(1, self._plan.last + 1):
            rows.append(rows[-1] + self.row(row) * _PIXELS_PER_POINT)
        return Edges(columns, rows)


def _longest(book: Book, name: str) -> int:
    """The characters of a weight's longest number."""
    return max(len(f"{v:.15g}") for v in book.trace[name].value.ravel().tolist())
