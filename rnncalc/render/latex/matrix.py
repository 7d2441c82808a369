"""A table of numbers as a matrix, with letters beside its rows and above its columns."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from rnncalc.network.pictures import NAMED, Box
from rnncalc.render.latex.escape import escape, number
from rnncalc.render.latex.glyphs import Type, width

T = TypeVar("T")
_BRACKETS, _AROUND, _LABELS_GAP = 13.4, 3.4, 3.4
"""Both brackets at their widest, the space that TeX may put around them, and the spaces beside the labels of rows."""
_MOST_OF_AMSMATH = 10
"""The columns that amsmath's bmatrix has at most, unless a document says otherwise."""
LONGEST_LABEL, _SHORTEST_LABEL = 12, 4
"""The letters of a word beside a row at most, and where there is little room."""
_LEFT_OUT = "\0"
"""In place of the label of a row that is left out."""
_LEAST_ROWS, _LEAST_COLUMNS = 3, 2
"""Of a shortened matrix: a first row, dots, and a last one; a first column and dots, and where it fits a last one."""


class Matrix(NamedTuple):
    """Rows of numbers in LaTeX, the names of rows and columns (none where a side has none), and what stands below.

    Of longer names the first letters stand there, ``longest`` of them with the dots.
    """

    rows: list[list[str]]
    row_labels: list[str]
    column_labels: list[str]
    caption: str = ""
    longest: int = LONGEST_LABEL

    @property
    def latex(self) -> str:
        """The matrix; a single number stands alone."""
        if self.shape == (1, 1):
            return _captioned(self.rows[0][0], self.caption)
        first, *more = self.rows
        if self.column_labels:
            first = [
                rf"\smash[t]{{\overset{{{b}}}{{{n}}}}}"
                for n, b in zip(first, self._names(self.column_labels), strict=True)
            ]
        lines = r" \\ ".join(" & ".join(row) for row in (first, *more))
        text = rf"\begin{{bmatrix}} {lines} \end{{bmatrix}}"
        if len(first) > _MOST_OF_AMSMATH:
            text = rf"\left[ \begin{{array}}{{@{{}}*{{{len(first)}}}{{c}}@{{}}}} {lines} \end{{array}} \right]"
        if self.column_labels:
            # The labels stick out of the first row, where the brackets do not reach; this keeps their place free.
            text = rf"\overset{{\mathstrut}}{{{text}}}"
        text = _captioned(text, self.caption)
        if self.row_labels:
            beside = r" \\ ".join(self._names(self.row_labels))
            text = rf"\, \begin{{array}}{{@{{}}r@{{}}}} {beside} \end{{array}} \, {text}"
        return text

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        return len(self.rows), len(self.rows[0])

    def width(self, size: Type) -> float:
        """How wide it is at most, in points."""
        below = width(self.caption, size, level=1) if self.caption else 0.0
        if self.shape == (1, 1):
            return max(width(self.rows[0][0], size), below)
        columns = self._columns(size)
        inside = sum(columns) + 2 * size.gap * (len(columns) - 1)
        labels = max((width(label, size) for label in self._names(self.row_labels)), default=0.0)
        return max(inside + _BRACKETS, below) + _AROUND + (labels + _LABELS_GAP if labels else 0.0)

    def height(self, size: Type) -> float:
        """How high it is at most, in points."""
        return (self.shape[0] + (1.5 if self.caption else 0) + (1 if self.column_labels else 0)) * size.line + 4

    def _columns(self, size: Type) -> list[float]:
        columns = [max(width(n, size) for n in column) for column in zip(*self.rows, strict=True)]
        if not self.column_labels:
            return columns
        labels = [width(label, size, level=1) for label in self._names(self.column_labels)]
        return [max(pair) for pair in zip(columns, labels, strict=True)]

    def _names(self, names: list[str]) -> list[str]:
        return [r"\vdots" if name == _LEFT_OUT else _label(name, self.longest) if name else "" for name in names]

    def within(self, room: float, high: float, size: Type) -> Matrix:
        """The matrix, without columns and rows from its middle where it is wider than ``room`` or higher than ``high``.

        What is left out shows as dots; the caption says how large it is. Long labels become shorter last.
        """
        rows, columns = self.shape
        # as many as fit if all were as wide as the widest; then fewer, for what stands beside them
        keep = columns
        if self.width(size) > room:
            each = max(self._columns(size)) + 2 * size.gap
            keep = min(columns, max(_LEAST_COLUMNS, int(room / each)))
            while self._shortened(rows, keep).width(size) > room and keep > _LEAST_COLUMNS:
                keep -= 1
        most = min(rows, max(_LEAST_ROWS, int((high - 4) / size.line - 2.5)))
        short = self._shortened(most, keep)
        return short._replace(longest=_SHORTEST_LABEL) if short.width(size) > room else short

    def _shortened(self, high: int, wide: int) -> Matrix:
        rows, columns = self.shape
        if (high, wide) == (rows, columns):
            return self
        across = [row if wide == columns else _cut(row, wide, r"\cdots") for row in self.rows]
        if high < rows:
            dots = [r"\vdots"] * columns
            across = _cut(across, high, dots if wide == columns else _cut(dots, wide, r"\ddots"))
        size = rf"{rows} \times {columns}"
        return Matrix(
            across,
            _cut(self.row_labels, high, _LEFT_OUT) if self.row_labels and high < rows else self.row_labels,
            _cut(self.column_labels, wide, "") if self.column_labels and wide < columns else self.column_labels,
            rf"{self.caption} \; ({size})" if self.caption else size,
        )


def matrix(box: Box) -> Matrix:
    """The matrix of a table of a picture; letters, words and classes label its rows and columns, units do not."""
    axes = box.quantity.axes[::-1] if box.transposed else box.quantity.axes
    rows, columns = box.shape
    return Matrix(
        [[number(n) for n in row] for row in box.numbers],
        box.row_labels if axes[0] in NAMED and rows > 1 else [],
        box.column_labels if axes[1] in NAMED and columns > 1 else [],
        box.latex if box.captioned and not box.result else "",
    )


def _label(name: str, longest: int) -> str:
    short = name if len(name) <= longest else f"{name[: longest - 1]}…"
    return rf"\text{{{escape(short)}}}"


def _captioned(text: str, caption: str) -> str:
    return rf"\underset{{{caption}}}{{{text}}}" if caption else text


def _cut(row: list[T], keep: int, dots: T) -> list[T]:
    """The first of a row, dots, and the last: as many as are to be kept, dots counted."""
    return [*row[: keep - 2], dots, row[-1]] if keep > 2 else [row[0], dots]
