"""A board as a figure: its cells get sizes, and become shapes."""

from __future__ import annotations

from itertools import groupby

from rnncalc.errors import ProblemError
from rnncalc.network.pictures import text_picture
from rnncalc.network.trace import Trace
from rnncalc.network.values import count
from rnncalc.render.board import LABELS, NAMES, STEP_ROW, TITLE_ROW, Board
from rnncalc.render.board_arrows import COLOURS, Cells, Edges, lane, way
from rnncalc.render.drawing.cells import Cell, cells, cut
from rnncalc.render.drawing.shapes import Anchor, Drawing, Group, Line, Rectangle, Shape, Text, text_width

LARGEST = 14_000
"""The points of the widest and the tallest figure: a page of a PDF ends at 14,400."""
_TITLE, _SIZE, _SMALL = 12, 8, 7
_ROW, _THIN, _TITLE_ROW, _HEADING_ROW = 13.5, 5.0, 24.0, 16.0
_GAP, _AIR, _MARGIN = 15.0, 6.0, 10.0
_MOST_NAMES = 12
_INK, _PALE = "1F3864", "505050"
_BOLD_KINDS, _BOLD = ("title", "heading", "token"), 1.12
"""What is written in bold type, and how much wider that is."""
_BASELINE = 0.35
"""How far the baseline is below the middle of a row, as a part of the size of the type."""


def compose(trace: Trace, decimals: int) -> Drawing:
    """The figure of a trace, its numbers with so many decimals.

    Raises ProblemError for one that is larger than a page can be.
    """
    plan = Board(trace)
    return _Composer(plan, cells(plan, decimals), decimals).drawing()


def description(plan: Board, decimals: int) -> str:
    """The figure in words: what network it shows, and its loss."""
    trace, steps = plan.trace, len(plan.steps)
    text = cut(text_picture(trace.problem.text), 80)
    loss = f"Total loss {trace['loss'].value[0, 0]:.{decimals}f}." if "loss" in trace else ""
    words = (
        f"The network that reads {text!r}, unrolled over {count(steps, 'step')}: the weights at the "
        "left, then a column of numbers for each step, from what it reads down to what it predicts."
    )
    return " ".join(filter(None, [words, loss, *notes(plan, decimals)]))


def notes(plan: Board, decimals: int) -> list[str]:
    """What stands below the figure: how numbers are shown, and which are too large for it."""
    shown = count(decimals, "decimal") if decimals else "no decimals"
    said = [f"Numbers show {shown} and are computed with all digits. What stands on white is given."]
    names = plan.left_out
    if names:
        more = ["…"] if len(names) > _MOST_NAMES else []
        said.append(f"Too large for a figure, so not drawn: {', '.join([*names[:_MOST_NAMES], *more])}.")
    return said


class _Composer:
    def __init__(self, plan: Board, placed: list[Cell], decimals: int) -> None:
        self.plan, self.cells, self.decimals = plan, placed, decimals
        self.number = self._number_width()
        self.edges = self._edges()
        self.notes = notes(plan, decimals)
        widest = max(self.edges.columns[-1], *(_MARGIN + text_width(note, _SMALL) for note in self.notes))
        self.width = widest + _MARGIN
        self.height = self.edges.rows[-1] + (len(self.notes) + 1) * _ROW + _MARGIN / 2
        if max(self.width, self.height) > LARGEST:
            raise ProblemError("text", self._too_large())

    def drawing(self) -> Drawing:
        """The figure."""
        text = text_picture(self.plan.trace.problem.text)
        groups = []
        for name, members in groupby(self.cells, lambda cell: cell.of):
            says = self.plan.trace[name].equation if name else ""
            groups.append(Group([shape for cell in members for shape in self._shapes(cell)], name, says))
        groups.append(Group([*self._arrows(), *self._notes()]))
        title = f"{cut(text, 80)}, step by step"
        return Drawing(self.width, self.height, title, description(self.plan, self.decimals), groups)

    def _notes(self) -> list[Text]:
        lines = enumerate(self.notes)
        rows = self.edges.rows[-1]
        return [Text(_MARGIN, rows + (1.4 + i) * _ROW, note, _SMALL, "start", _PALE) for i, note in lines]

    # ── sizes ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _too_large(self) -> str:
        side, points = ("wide", self.width) if self.width > self.height else ("tall", self.height)
        size = f"A drawing of this network would be {points:,.0f} points {side}, and it can be {LARGEST:,} at most. "
        if side == "tall":
            return size + "Use a smaller network."
        plan = self.plan
        step = plan.side * self.number + _GAP
        fits = max(int((LARGEST - _MARGIN - self.edges.columns[plan.column(1) - 2]) / step), 1)
        return size + f"Use at most {fits} steps."

    def _number_width(self) -> float:
        """The width of a number's column within the steps."""
        first = self.plan.column(1)
        return max(
            (_BOLD if c.kind in _BOLD_KINDS else 1) * text_width(c.text, _size(c)) / c.span + _AIR
            for c in self.cells
            if c.column >= first
        )

    def _edges(self) -> Edges:
        plan = self.plan
        first = plan.column(1)
        wide = dict.fromkeys(range(1, first - 1), 0.0)
        for cell in self.cells:
            if cell.kind == "label" and cell.column < first:
                wide[LABELS] = max(wide[LABELS], text_width(cell.text, _SIZE) + _AIR)
            elif cell.column < first and cell.span == 1 and cell.kind in ("number", "caption", "equation"):
                wide[cell.column] = max(wide[cell.column], text_width(cell.text, _size(cell)) + _AIR)
        names = [text_width(c.text, _SIZE) for c in self.cells if c.kind == "name" and c.column == NAMES]
        wide[NAMES] = max(wide[NAMES], *names)
        spread = [text_width(c.text, _SIZE) for c in self.cells if c.kind == "equation" and c.span > 1]
        room = sum(wide.values()) - wide[LABELS] - _AIR
        wide[NAMES] += max(0.0, max(spread, default=0.0) - room)
        columns = [_MARGIN]
        for column in range(1, plan.last_column + 1):
            is_gap = column >= first - 1 and (column - first + 1) % (plan.side + 1) == 0
            columns.append(columns[-1] + (_GAP if is_gap else wide.get(column, self.number)))
        rows = [_MARGIN / 2]
        for row in range(1, max(cell.row for cell in self.cells) + 1):
            special = {TITLE_ROW: _TITLE_ROW, STEP_ROW: _HEADING_ROW}
            rows.append(rows[-1] + (_THIN if row in plan.thin else special.get(row, _ROW)))
        return Edges(columns, rows)

    # ── shapes ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _shapes(self, cell: Cell) -> list[Shape]:
        """A cell's area and its text."""
        left, right = self.edges.columns[cell.column - 1], self.edges.columns[cell.column + cell.span - 1]
        top, bottom = self.edges.rows[cell.row - 1], self.edges.rows[cell.row]
        size, text, anchor, colour = _size(cell), cell.text, _anchor(cell), _PALE
        if cell.kind == "title":
            text = self._title(cell.text, right - left - _AIR)
        if cell.kind in ("equation", "title", "name"):
            colour = _INK
        if cell.shade is not None:
            colour = cell.shade.font
        x = {"start": left, "middle": (left + right) / 2, "end": right - _AIR / 2}[anchor]
        if cell.beside:
            x -= text_width(cell.beside, _SIZE) + _AIR
        baseline = (top + bottom) / 2 + _BASELINE * size
        written = Text(x, baseline, text, size, anchor, colour, cell.kind in _BOLD_KINDS)
        if cell.shade is None:
            return [written]
        return [Rectangle(left, top, right - left, bottom - top, cell.shade.fill, cell.shade.border), written]

    def _title(self, text: str, room: float) -> str:
        """As much of the text as there is room for."""
        behind = ", step by step"
        whole = text + behind
        if text_width(whole, _TITLE) <= room:
            return whole
        letters = max((n for n in range(1, len(text)) if text_width(cut(text, n), _TITLE) <= room), default=1)
        return text if text_width(text, _TITLE) <= room else cut(text, letters)

    def _arrows(self) -> list[Line]:
        """What a step hands on to the next, and the gradients that come back."""
        plan, edges = self.plan, self.edges
        sizes = Cells(_ROW, self.number, _GAP, above=2, into=3.2)
        arrows = []
        for handed in plan.handed:
            number = lane(plan, handed)
            points = [edges.place(point) for point in way(plan, handed, sizes)]
            arrows.append(Line(points, COLOURS[number], dashed=number == 1))
        for band in filter(plan.sends_back, plan.gradients):
            y = (edges.rows[band.row - 1] + edges.rows[band.row + band.size - 1]) / 2
            for t in plan.steps[1:]:
                right = edges.columns[plan.column(t) - 1]
                arrows.append(Line([(right - 1, y), (right - _GAP + 1, y)], "A3407A"))
        return arrows


def _size(cell: Cell) -> int:
    return _TITLE if cell.kind == "title" else _SMALL if cell.kind == "caption" else _SIZE


def _anchor(cell: Cell) -> Anchor:
    if cell.kind in ("title", "equation"):
        return "start"
    if cell.kind == "name":
        return "start" if cell.column == NAMES else "end"
    return "end" if cell.kind == "label" else "middle"
