r"""Formulas on lines that fit a page: broken at their signs first, then in smaller type, shortened last.

A formula is text and matrices in a row. It may break before = first, then before + and −, then before · and ⊙, and
inside brackets where nothing else is left; a bracket that stands open at the end of a line is of a fixed size then, as
``\left`` must have its ``\right`` on the same line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rnncalc.render.latex.flat import flat
from rnncalc.render.latex.glyphs import NORMAL, SIZES, Type, tokens, width
from rnncalc.render.latex.matrix import Matrix

Formula = Sequence[str | Matrix]

_LEVELS = {"=": 0, "+": 1, "-": 1, r"\cdot": 2, r"\odot": 2, r"\times": 2, "/": 2, r"\quad": 1, r"\ ": 2}
_LISTED = 2
"""Behind a comma; what stands in brackets breaks later than all that does not."""
_DEEPER = 3
_OPENERS, _CLOSERS = ("(", "[", r"\lVert", r"\{"), (")", "]", r"\rVert", r"\}")
_INDENT = 12.0
"""A quad, before a line that goes on."""
_EDGE = 1.0


class Chunk(NamedTuple):
    """What no line breaks; ``level`` of the break before it."""

    pieces: tuple[str | Matrix, ...]
    level: int

    def width(self, size: Type) -> float:
        return sum(width(p, size) if isinstance(p, str) else p.width(size) for p in self.pieces)

    @property
    def latex(self) -> str:
        return " ".join(p if isinstance(p, str) else p.latex for p in self.pieces)


Line = list[Chunk]


class Room(NamedTuple):
    """A page's width and height for a formula, in points."""

    wide: float
    high: float


def display(chunks: Line, room: Room) -> str:
    """A formula as displayed mathematics, no wider than there is room for."""
    size, lines = laid_out(chunks, room)
    return _sized(_display(lines), size)


def _sized(written: str, size: Type) -> str:
    if size is NORMAL:
        return written
    return rf"{{{size.command}\setlength{{\arraycolsep}}{{{size.gap:g}pt}}%" + f"\n{written}\n}}"


def laid_out(chunks: Line, room: Room) -> tuple[Type, list[Line]]:
    """The size of type and the lines: the largest type that needs no shortening, or else the largest that fits.

    What fits in no type has its fractions and roots written on the line, where they may break, before matrices are
    shortened.
    """
    for size in SIZES:
        lines = _lines(chunks, 0, room.wide, size)
        if _fits(lines, room, size):
            return size, lines
    unfolded = _flattened(chunks)
    if unfolded != chunks:
        return laid_out(unfolded, room)
    for size in SIZES:
        short = [_shortened(chunk, room, size) for chunk in chunks]
        lines = _lines(short, 0, room.wide, size)
        if _fits(lines, room, size):
            break
    return size, lines


def aligned(rows: Sequence[tuple[str, Formula]], room: Room) -> str:
    """Equations below each other, their equals signs in a column: a left side, which may be empty, and a right side."""
    rights = [in_chunks(["=", *right]) for _, right in rows]
    for size, chunks in [(size, chunks) for chunks in (rights, list(map(_flattened, rights))) for size in SIZES]:
        beside = max(width(left, size) for left, _ in rows)
        lines = [_lines(right, 1, room.wide - beside, size) for right in chunks]
        if all(_fits(each, Room(room.wide - beside, room.high), size) for each in lines):
            break
    else:
        return "\n".join(display(in_chunks([left or "{}", "=", *right]), room) for left, right in rows)
    written = []
    for (left, _), each in zip(rows, lines, strict=True):
        first, *more = [_written(_bounded(line) if len(each) > 1 else line) for line in each]
        written.append(f"{left} & {first}".strip())
        written += [rf"& \quad {_begun(line)}" for line in more]
    return _sized("\\begin{align*}\n" + " \\\\\n".join(written) + "\n\\end{align*}", size)


def in_chunks(formula: Formula) -> list[Chunk]:
    """A formula cut at each sign where a line may begin."""
    chunks: list[Chunk] = []
    pieces: list[str | Matrix] = []
    level, depth, braces = 0, 0, 0
    operand = False  # whether one came before, so that a minus is a difference
    fixed = False  # whether \left came before, which belongs to its bracket

    def begin(new: int) -> None:
        nonlocal pieces, level
        if pieces:
            chunks.append(Chunk(tuple(pieces), level))
        pieces, level = [], new

    for piece in formula:
        if isinstance(piece, Matrix):
            pieces.append(piece)
            operand = True
            continue
        text = ""
        for token in tokens(piece.strip()):
            outside = not braces
            if outside and not fixed and operand and token in _LEVELS:
                pieces += [text.strip()] if text.strip() else []
                text = ""
                begin(_LEVELS[token] + _DEEPER * depth)
            text += token
            braces += {"{": 1, "}": -1}.get(token, 0)
            if outside and not token.isspace():
                depth += (token in _OPENERS) - (token in _CLOSERS)
                operand = token not in (*_LEVELS, *_OPENERS, ",", r"\left")
                if token == ",":
                    pieces.append(text.strip())
                    text = ""
                    begin(_LISTED + _DEEPER * depth)
            fixed = token == r"\left"
        pieces += [text.strip()] if text.strip() else []
    begin(0)
    return chunks


def _flattened(chunks: Line) -> Line:
    """Without fractions and roots, at whose signs a line may begin then."""
    pieces = [piece for chunk in chunks for piece in chunk.pieces]
    straight = [flat(piece) if isinstance(piece, str) else piece for piece in pieces]
    return chunks if straight == pieces else in_chunks(straight)


def _shortened(chunk: Chunk, room: Room, size: Type) -> Chunk:
    """With its matrices cut to what a line has room for beside the rest of it."""
    others = sum(width(p, size) for p in chunk.pieces if isinstance(p, str))
    matrices = sum(not isinstance(p, str) for p in chunk.pieces)
    each = (room.wide - _INDENT - others - _EDGE) / max(matrices, 1)
    pieces = [p if isinstance(p, str) else p.within(each, room.high, size) for p in chunk.pieces]
    return chunk._replace(pieces=tuple(pieces))


def _wide(line: Line, size: Type) -> float:
    return sum(chunk.width(size) for chunk in line)


def _fits(lines: list[Line], room: Room, size: Type) -> bool:
    wide = all(_wide(line, size) + (_INDENT if len(lines) > 1 else 0) + _EDGE <= room.wide for line in lines)
    matrices = [p for line in lines for chunk in line for p in chunk.pieces if isinstance(p, Matrix)]
    return wide and all(m.height(size) <= room.high for m in matrices)


def _lines(chunks: Line, level: int, wide: float, size: Type, indent: float = 0.0) -> list[Line]:
    """The chunks on lines: whole if that fits; else broken at this level, and where a part is too wide, at the next."""
    if len(chunks) == 1 or _wide(chunks, size) + indent + _EDGE <= wide:
        return [chunks]
    symbol, first = chunks[:2]
    if not level and first.level == 0 and not any(isinstance(piece, Matrix) for piece in symbol.pieces):
        # a symbol alone on a line is no picture: its equals sign and what comes first stay with it, where they fit
        together = Chunk((*symbol.pieces, *first.pieces), symbol.level)
        if together.width(size) + _EDGE <= wide:
            return _lines([together, *chunks[2:]], 1, wide, size)
    parts: list[Line] = []
    for chunk in chunks:
        if parts and chunk.level > level:
            parts[-1].append(chunk)
        else:
            parts.append([chunk])
    if len(parts) == 1:
        return _lines(chunks, level + 1, wide, size, indent)
    lines: list[Line] = []
    for part in parts:
        joined = [*lines[-1], *part] if lines and level else part
        if lines and level and _wide(joined, size) + _INDENT + _EDGE <= wide:
            lines[-1] = joined
        else:
            lines += _lines(part, level + 1, wide, size, _INDENT)
    return lines


def _display(lines: list[Line]) -> str:
    if len(lines) == 1:
        return rf"\[ {_written(lines[0])} \]"
    rows = []
    for i, line in enumerate(lines):
        text = _written(_bounded(line))
        quad = r"\quad " if i and line[0].level else ""
        rows.append(f"& {quad}{_begun(text.removeprefix(quad)) if i else text}")
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def _begun(line: str) -> str:
    """A line that goes on from another: TeX spaces a sign at its beginning as one between two operands."""
    return "{} " + line if re.match(r"=|\+|-|/|\\[co]dot\b|\\times\b", line) else line


def _written(line: Line) -> str:
    return " ".join(chunk.latex for chunk in line).removeprefix(r"\, ")


def _bounded(line: Line) -> Line:
    r"""A line in which no ``\left`` misses its ``\right``: where one does, both kinds are of a fixed size."""
    depth = 0
    whole = True
    for token in (t for chunk in line for piece in chunk.pieces if isinstance(piece, str) for t in tokens(piece)):
        depth += (token == r"\left") - (token == r"\right")
        whole = whole and depth >= 0
    return line if whole and depth == 0 else [chunk._replace(pieces=tuple(map(_fixed, chunk.pieces))) for chunk in line]


def _fixed(piece: str | Matrix) -> str | Matrix:
    if isinstance(piece, Matrix):
        return piece
    return re.sub(r"\\(left|right)(?![A-Za-z])", lambda side: rf"\bigg{side[1][0]}", piece)
