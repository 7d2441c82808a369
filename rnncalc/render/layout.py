"""Pictures as lines of text: tables in brackets side by side, folded to a width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rnncalc.network.pictures import NAMED, Box, Picture, Sign

Segment = tuple[str, str]
"""A piece of a line and its role (see rnncalc.render.roles), "" for none."""
Line = list[Segment]

_ASCII = {
    "ᵀ": "^T", "⊙": "(*)", "·": "*", "−": "-", "Σ": "sum", "∂": "d", "σ": "sigmoid", "η": "eta", "²": "^2", "‖": "||",
    "×": "x", "…": "...", "⎡": "|", "⎢": "|", "⎣": "|", "⎤": "|", "⎥": "|", "⎦": "|", "─": "-", "→": "->", "–": "-",
    "≤": "<=", "≠": "!=", "█": "#", "′": "'", "␣": "SP", "↵": "\\n", "⇥": "\\t", "’": "'", "┌": "+", "└": "+",
    "│": "|", "√": "sqrt", "≈": "~", "⍽": "NBSP", "▏": "#", "▎": "#", "▍": "#", "▌": "#", "▋": "#", "▊": "#", "▉": "#",
    "“": '"', "”": '"', "½": "1/2",
}  # fmt: skip
_LOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_HIGH = str.maketrans("⁰¹³⁴⁵⁶⁷⁸⁹", "013456789")


def to_ascii(text: str) -> str:
    """The same in ASCII, for terminals that know no UTF-8: h₂ → h_2, ∂E/∂a₂ → dE/da_2."""
    import re

    text = re.sub("[₀-₉]+", lambda m: "_" + m[0].translate(_LOW), text)
    text = re.sub("⁽([⁰¹²³⁴⁵⁶⁷⁸⁹]+)⁾", lambda m: f"^({m[1].replace('²', '2').translate(_HIGH)})", text)
    text = "".join(_ASCII.get(c, c) for c in text)
    return text.encode("ascii", "backslashreplace").decode("ascii")


def cell_width(text: str) -> int:
    """The columns that a text takes in a terminal: wide letters take two."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def align(text: str, width: int, where: str = "r") -> str:
    """Fill up with blanks to a width in terminal columns: l, c or r."""
    blanks = max(width - cell_width(text), 0)
    before = {"l": 0, "c": blanks // 2, "r": blanks}[where]
    return " " * before + text + " " * (blanks - before)


class _Block(NamedTuple):
    """Lines of one width; ``above`` of them are captions above the table's first row."""

    lines: list[Line]
    above: int
    width: int


def lay_out(picture: Picture, width: int, roles: dict[str, str], *, ascii_only: bool = False) -> list[Line]:
    """The lines of a picture, folded where it is wider than ``width``; a table wider than that is cut by columns.

    ``roles`` gives a colour role per quantity name.
    """
    blocks: list[_Block] = []
    for piece in picture:
        if isinstance(piece, Sign):
            text = to_ascii(piece.text) if ascii_only else piece.text
            blocks.append(_Block([[(text, "")]], 0, cell_width(text)))
            continue
        for part in _fold(piece, width - 4, to_ascii if ascii_only else str):
            blocks.append(_table(part, roles.get(part.quantity.name, ""), ascii_only=ascii_only))
    lines: list[Line] = []
    row: list[_Block] = []
    used = 0
    for block in blocks:
        if row and used + 1 + block.width > width - 2:
            lines += [*_side_by_side(row), []]
            row, used = [], 2
        row.append(block)
        used += block.width + 1
    return lines + _side_by_side(row)


def _fold(box: Box, width: int, say: Callable[[str], str]) -> list[Box]:
    """A box whose columns fit the width, or several that hold some columns each."""
    labels = max((cell_width(say(c)) for c in box.row_labels), default=0)
    columns = list(zip(*box.numbers, strict=True))
    heads = [say(c) for c in box.column_labels] or [""] * len(columns)
    sizes = [max(cell_width(head), *map(len, c)) + 1 for head, c in zip(heads, columns, strict=True)]
    if sum(sizes) + labels + 4 <= width or len(columns) == 1:
        return [box]
    parts: list[Box] = []
    start = 0
    while start < len(columns):
        end, used = start, labels + 4
        while end < len(columns) and (end == start or used + sizes[end] <= width):
            used += sizes[end]
            end += 1
        parts.append(
            box._replace(
                values=[row[start:end] for row in box.values],
                column_labels=box.column_labels[start:end] or [str(i + 1) for i in range(start, end)],
                part=_part(start + 1, end, len(columns)),
            )
        )
        start = end
    return parts


def _part(first: int, last: int, count: int) -> str:
    return f"column {first} of {count}" if first == last else f"columns {first}–{last} of {count}"


def _table(box: Box, role: str, *, ascii_only: bool) -> _Block:
    say = to_ascii if ascii_only else str
    caption = say(box.symbol if box.captioned else "") + (", " if box.captioned and box.part else "") + say(box.part)
    letters = any(axis in NAMED for axis in box.quantity.axes)
    row_labels = [say(c) for c in box.row_labels] if box.letters_in_rows else []
    column_labels = [say(c) for c in box.column_labels] if box.part or (letters and box.shape[1] > 1) else []
    label_width = max(map(cell_width, row_labels), default=0)
    gap = " " if label_width else ""
    written = box.numbers
    columns = list(zip(*written, strict=True))
    sizes = [
        max([*map(len, c), *([cell_width(column_labels[i])] if column_labels else [])]) for i, c in enumerate(columns)
    ]
    rows = len(written)
    single = rows == 1 and len(columns) == 1
    body: list[Line] = []
    for i, row in enumerate(written):
        left, right = ("", "") if single else _brackets(i, rows)
        numbers = " ".join(align(n, w) for n, w in zip(row, sizes, strict=True))
        head = align(row_labels[i], label_width) + gap if row_labels else ""
        edge = (f"{left} ", f" {right}") if not single else ("", "")
        body.append([(head, "label"), (say(edge[0]), ""), (numbers, role), (say(edge[1]), "")])
    width = cell_width("".join(t for t, _ in body[0]))
    inset = 0 if single else label_width + len(gap) + 2
    above: list[Line] = []
    if box.captioned or box.part:
        above.append([(" " * (0 if box.part else inset) + caption, "caption")])
    if column_labels:
        shown = " ".join(align(c, w) for c, w in zip(column_labels, sizes, strict=True))
        above.append([(" " * inset + shown, "label")])
    lines = above + body
    widest = max([width, *(_width(line) for line in above)])
    return _Block([[*line, (" " * (widest - _width(line)), "")] for line in lines], len(above), widest)


def _width(line: Line) -> int:
    return sum(cell_width(text) for text, _ in line)


def _brackets(row: int, rows: int) -> tuple[str, str]:
    if rows == 1:
        return "[", "]"
    if row == 0:
        return "⎡", "⎤"
    return ("⎣", "⎦") if row == rows - 1 else ("⎢", "⎥")


def _side_by_side(blocks: Sequence[_Block]) -> list[Line]:
    """Blocks in a row, the middles of their tables at one height."""
    height = max(len(b.lines) - b.above for b in blocks)
    starts = [(height - (len(b.lines) - b.above)) // 2 - b.above for b in blocks]
    first = min(starts)
    last = max(s + len(b.lines) for s, b in zip(starts, blocks, strict=True))
    lines: list[Line] = []
    for y in range(first, last):
        line: Line = [("  ", "")]
        for i, (start, block) in enumerate(zip(starts, blocks, strict=True)):
            inside = 0 <= y - start < len(block.lines)
            line += [(" ", "")] if i else []
            line += block.lines[y - start] if inside else [(" " * block.width, "")]
        lines.append(_strip(line))
    return lines


def _strip(line: Line) -> Line:
    """Without blanks at its end."""
    line = list(line)
    while line and not line[-1][0].strip():
        line.pop()
    if line:
        line[-1] = (line[-1][0].rstrip(), line[-1][1])
    return line
