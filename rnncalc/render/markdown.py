"""A trace as Markdown: each picture one table, as a spreadsheet would show it: matrix, sign, column, =, result."""

from __future__ import annotations

from collections.abc import Sequence

from rnncalc import words
from rnncalc.render.pictures import Box, Picture, Sign, box, letter_picture, picture
from rnncalc.render.summary import grid, summarize, total
from rnncalc.trace import Quantity, Trace


def to_markdown(
    trace: Trace,
    quantities: Sequence[Quantity],
    *,
    decimals: int = 6,
    whole: bool = True,
    summary_only: bool = False,
) -> str:
    """The same page as the terminal's, with pipe tables."""
    problem = trace.problem
    parts: list[str] = []
    if whole or summary_only:
        parts += [f"# {cell(''.join(map(letter_picture, problem.text)))}", ""]
        parts += [f"{problem.hidden} hidden units, {problem.activation}; {cell(problem.source)}.", ""]
    at: int | None = -1
    for q in [] if summary_only else quantities:
        place = None if q.stage == "given" else q.step
        if place != at:
            at = place
            if place:
                parts += [f"## Step {place}: reads {cell(letter_picture(problem.inputs[place - 1]))}", ""]
            elif q.stage == "given":
                parts += ["## Given", ""]
            else:
                parts += ["## All steps together", ""]
        if q.stage == "given" and q.step:
            drawn: Picture = [box(q, trace, decimals)]
        else:
            drawn = picture(q, trace, decimals)
        says = q.says if q.rule is not None else words.shape_means(q.name, problem)
        equation = f": {cell(q.equation)}" if q.rule is not None else ""
        parts += [f"**{q.name.replace('_', chr(92) + '_')}**{equation}  ", cell(says), "", *_table(drawn), ""]
    if whole or summary_only:
        parts += _summary(trace, decimals)
    return "\n".join(parts)


def cell(text: str) -> str:
    """Text so that Markdown takes it as it is."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|~$&" else c for c in text)


def _table(drawn: Picture) -> list[str]:
    """One pipe table: as many rows as the tallest piece, each piece centred in it."""
    height = max(len(p.numbers) for p in drawn if isinstance(p, Box))
    header: list[str] = []
    columns: list[list[str]] = []
    for piece in drawn:
        if isinstance(piece, Sign):
            middle = (height - 1) // 2
            columns.append([cell(piece.text) if i == middle else "" for i in range(height)])
            header.append("")
            continue
        start = (height - len(piece.numbers)) // 2
        if piece.letters_in_rows:
            columns.append(_centred([cell(c) for c in piece.row_labels], start, height))
            header.append("")
        for j in range(len(piece.numbers[0])):
            name = cell(piece.symbol) if j == 0 else ""
            several = len(piece.numbers[0]) > 1 and piece.column_labels
            label = cell(piece.column_labels[j]) if several else ""
            columns.append(_centred([row[j] for row in piece.numbers], start, height))
            header.append(" ".join(filter(None, [f"{name}:" if name and label else name, label])))
    rows = ["| " + " | ".join(row) + " |" for row in zip(*columns, strict=True)]
    return ["| " + " | ".join(header) + " |", "|" + "---:|" * len(columns), *rows]


def _centred(column: list[str], start: int, height: int) -> list[str]:
    return [""] * start + column + [""] * (height - start - len(column))


def _summary(trace: Trace, decimals: int) -> list[str]:
    summary = summarize(trace)
    table = grid(summary, decimals)
    marks = {"r": "---:", "c": ":-:", "l": ":--"}
    lines = ["## Summary", "", "| " + " | ".join(table.headings) + " |"]
    lines.append("|" + "".join(f"{marks[a]}|" for a in table.alignments))
    lines += ["| " + " | ".join(map(cell, row)) + " |" for row in table.rows]
    below = total(summary, decimals)
    return [*lines, "", *([cell(below), ""] if below else [])]
