"""A document as Markdown: each picture one table, as a spreadsheet would show it: matrix, sign, column, =, result."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rnncalc.io.visible import visible
from rnncalc.network.pictures import Box, Picture, Sign
from rnncalc.render.document import (
    Bars,
    Block,
    Drawn,
    Formula,
    Grid,
    Heading,
    Letters,
    Marks,
    Paragraph,
    Part,
    Sources,
    Title,
    Working,
)


def to_markdown(parts: Iterable[Part]) -> str:
    """Write a document as Markdown; the first paragraph is its title."""
    lines: list[str] = []
    for part in parts:
        match part:
            case Heading(text):
                lines += [f"## {cell(text)}", ""]
            case Paragraph(text, kind):
                lines += [f"# {cell(text)}" if kind == "heading" else _line(text), ""]
            case Letters(name, says, boxes):
                lines += [f"**{cell(name)}**: {cell(says)}", "", *_table([*boxes]), ""]
            case Block(quantity, says, picture):
                equation = f": {cell(quantity.equation)}" if quantity.rule is not None else ""
                lines += [f"**{cell(quantity.name)}**{equation}  ", _line(says), "", *_table(picture), ""]
            case Title(name, what, said):
                lines += [
                    f"# {cell(name)}",
                    "",
                    _line(what),
                    "",
                    *(text for line in said for text in (_line(line), "")),
                ]
            case Drawn(picture):
                lines += [*_table(picture), ""]
            case Working(formulas):
                lines += [*_working(formulas), ""]
            case Sources(says, sources):
                shown = [(name, "given" if equation is None else equation.text) for name, equation in sources]
                lines += [f"## {cell(says)}", "", *(f"- **{cell(name)}**: {cell(text)}" for name, text in shown), ""]
            case Grid():
                lines += [*_grid(part), ""]
            case Bars():
                lines += [*_grid(part.grid), ""]
            case Marks():
                lines += ["```text", *part.lines(80), "```", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def cell(text: str) -> str:
    """Text so that Markdown takes it as it is, on one line with nothing hidden in it."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|~$&" else c for c in visible(text))


def _line(text: str) -> str:
    """The same for the beginning of a line, where a number or a dash would begin a list."""
    return re.sub(r"^(\d*)([-+.)])(?=\s|$)", r"\1\\\2", cell(text))


def _table(drawn: Picture) -> list[str]:
    """One pipe table: as many rows as the tallest piece, each piece centred in it."""
    height = max(p.shape[0] for p in drawn if isinstance(p, Box))
    header: list[str] = []
    columns: list[list[str]] = []
    for piece in drawn:
        if isinstance(piece, Sign):
            middle = (height - 1) // 2
            columns.append([cell(piece.text) if i == middle else "" for i in range(height)])
            header.append("")
            continue
        start = (height - piece.shape[0]) // 2
        if piece.letters_in_rows:
            columns.append(_centred([cell(c) for c in piece.row_labels], start, height))
            header.append("")
        for j in range(piece.shape[1]):
            name = cell(piece.symbol) if j == 0 else ""
            several = piece.shape[1] > 1 and piece.column_labels
            label = cell(piece.column_labels[j]) if several else ""
            columns.append(_centred([row[j] for row in piece.numbers], start, height))
            header.append(" ".join(filter(None, [f"{name}:" if name and label else name, label])))
    rows = ["| " + " | ".join(row) + " |" for row in zip(*columns, strict=True)]
    return ["| " + " | ".join(header) + " |", "|" + "---:|" * len(columns), *rows]


def _working(formulas: list[Formula]) -> list[str]:
    """A table of three columns, so that the equals signs stand below each other."""
    rows = [(f.left.text if f.left is not None else "", f.right.text + f.note) for f in formulas]
    return ["| | | |", "|---:|:-:|:---|", *(f"| {cell(left)} | = | {cell(right)} |" for left, right in rows)]


def _centred(column: list[str], start: int, height: int) -> list[str]:
    return [""] * start + column + [""] * (height - start - len(column))


def _grid(grid: Grid) -> list[str]:
    marks = {"r": "---:", "c": ":-:", "l": ":--"}
    rows = [grid.headings, *grid.rows]
    lines = ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    return [lines[0], "|" + "".join(f"{marks[a]}|" for a in grid.alignments), *lines[1:]]
