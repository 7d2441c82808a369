"""Tables of words and numbers that fit a page: smaller type first, then folded words, then columns below each other."""

from __future__ import annotations

from rnncalc.render.document import Grid, side_by_side
from rnncalc.render.latex.escape import prose
from rnncalc.render.latex.glyphs import SIZES, Type, width
from rnncalc.render.latex.lines import Room

_GAP = 12.0
"""``\\tabcolsep`` on both sides of a column."""
_NARROWEST_WORDS = 90.0
_ROW = 1.05
"""The height of a row, in lines of its type, the rule below the headings counted in."""


def tabular(grid: Grid, room: Room) -> list[str]:
    """The lines of a table, or of several where it does not fit the page."""
    rows = [[prose(cell) for cell in row] for row in (grid.headings, *grid.rows)]
    for size in SIZES:
        widths = [max(width(cell, size, upright=True) for cell in column) + _GAP for column in zip(*rows, strict=True)]
        if sum(widths) <= room.wide:
            break
    kinds = list(grid.alignments)
    over = sum(widths) - room.wide
    words = [i for i, kind in enumerate(kinds) if kind == "l" and i]
    widest = max(words, key=lambda i: widths[i], default=0)
    if over > 0 and widest and widths[widest] - over >= _NARROWEST_WORDS:
        widths[widest] -= over
        kinds[widest] = _folded(widths[widest])
    for i, needs in enumerate(widths):
        most = room.wide - widths[0] if i else room.wide / min(len(widths), 2)
        if needs > most:
            widths[i] = most
            kinds[i] = _folded(widths[i])
    most = max(int(room.high / (size.line * _ROW)) - 1, 1)
    lines: list[str] = []
    for columns in side_by_side(widths, room.wide):
        for start in range(1, max(len(rows), 2), most):
            lines += [] if not lines else [r"\par\medskip"]
            part = [rows[0], *rows[start : start + most]]
            lines += _table([[row[j] for j in columns] for row in part], "".join(kinds[j] for j in columns), size)
    return lines


def _folded(wide: float) -> str:
    return rf"p{{{max(wide - _GAP, 1):.0f}pt}}"


def _table(rows: list[list[str]], kinds: str, size: Type) -> list[str]:
    written = [" & ".join(row) + r" \\" for row in rows]
    before, after = (f"{{{size.command}", "}") if size.command else (r"\noindent", "")
    begin = rf"{before}\begin{{tabular}}{{{kinds}}}"
    return [begin, written[0] + r" \hline", *written[1:], rf"\end{{tabular}}{after}"]
