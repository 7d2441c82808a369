"""A document as LaTeX that needs amsmath alone; the pictures of the arithmetic as displayed equations."""

from __future__ import annotations

from collections.abc import Iterable

from rnncalc.io.visible import visible
from rnncalc.network.pictures import Box, Picture, Sign
from rnncalc.render.document import Bars, Block, Grid, Heading, Letters, Paragraph, Part

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "−": "$-$", "×": r"$\times$", "…": r"\dots{}", "–": "--",
    "σ": r"$\sigma$", "<": r"$<$", ">": r"$>$", "|": r"$|$", '"': "{''}", "→": r"$\to$",
    "∂": r"$\partial$", "‖": r"$\|$", "Σ": r"$\sum$", "·": r"$\cdot$", "⊙": r"$\odot$", "ᵀ": r"$^{\top}$",
    "η": r"$\eta$", "⁽": "$^($", "⁾": "$^)$", **{c: f"$^{i}$" for i, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}, "½": r"$\frac12$",
    "≤": r"$\le$", **{chr(0x2080 + i): f"$_{i}$" for i in range(10)},
    "␣": r"\textvisiblespace{}", "↵": r"$\hookleftarrow$", "⇥": r"$\mapsto$",
}  # fmt: skip
_LIGATURES = ("--", "''", "``", "?`", "!`", ",,", "<<", ">>")
_DIGIT_POINTS, _SIGN_POINTS, _MARGIN_POINTS = 5.3, 16, 60


def to_latex(parts: Iterable[Part]) -> str:
    """Write a document as LaTeX; the page is made as wide as its widest equation."""
    body: list[str] = []
    pictures: list[Picture] = []
    for part in parts:
        match part:
            case Heading(text):
                body += ["", rf"\section*{{{escape(text)}}}"]
            case Paragraph(text, kind):
                body += ["", rf"\section*{{{escape(text)}}}" if kind == "heading" else escape(text)]
            case Letters(name, says, boxes):
                body += ["", rf"\paragraph{{\texttt{{{escape(name)}}}}} {escape(says)}"]
                # As many one-hot columns as fit in a line.
                for start in range(0, len(boxes), 6):
                    shown = [rf"{b.latex} = {_table(b)}" for b in boxes[start : start + 6]]
                    body.append(r"\[ " + r",\quad ".join(shown) + r" \]")
            case Block(quantity, says, picture):
                pictures.append(picture)
                body += ["", rf"\paragraph{{\texttt{{{escape(quantity.name)}}}}} {escape(says)}"]
                given = quantity.rule is None
                body += [] if given else [rf"\[ {quantity.latex_equation} \]"]
                left = f"{quantity.latex} = " if given else ""
                body.append(rf"\[ {left}{' '.join(_piece(p) for p in picture)} \]")
            case Grid():
                body += ["", *_grid(part)]
            case Bars(bars, notes):
                rows = [[name, beside] for (name, _), beside in zip(bars, notes, strict=True)]
                body += ["", *_grid(Grid(["t", "norm"], "rr", rows))]
    text = "\n".join(body) + "\n"
    widest = max([400.0, *map(_points, pictures)])
    columns = max([10, *(p.shape[1] + 1 for drawn in pictures for p in drawn if isinstance(p, Box))])
    return _head(text, widest, columns) + text + "\\end{document}\n"


def escape(text: str) -> str:
    """Text so that LaTeX prints it as it is; no two of its letters run together into another sign."""
    shown = visible(text)
    escaped = [_SPECIAL.get(c, c) for c in shown]
    apart = [f"{{}}{c}" if i and shown[i - 1 : i + 1] in _LIGATURES else c for i, c in enumerate(escaped)]
    return "".join(apart)


def _head(body: str, widest: float, columns: int) -> str:
    beyond = any(ord(c) > 255 for c in body)
    engine = [
        "% This file has letters beyond Latin-1: compile it with XeLaTeX or LuaLaTeX,",
        "% and use \\setmainfont to choose a font that has them.",
    ]
    lines = [
        *(engine if beyond else ["% Compile with pdflatex, xelatex or lualatex."]),
        "% For your own document, copy what you need between the begin and the end of this document:",
        "% it needs only amsmath, and for wide matrices the line with MaxMatrixCols.",
        r"\documentclass{article}",
        *([] if beyond or body.isascii() else [r"\usepackage[T1]{fontenc}"]),
        r"\usepackage{amsmath}",
        *([r"\IfFileExists{fontspec.sty}{\usepackage{fontspec}}{}"] if beyond else []),
        rf"\setcounter{{MaxMatrixCols}}{{{columns}}}",
        rf"\setlength{{\textwidth}}{{{widest:.0f}pt}}",
        rf"\setlength{{\paperwidth}}{{{widest + 2 * 72:.0f}pt}}",
        r"\setlength{\oddsidemargin}{0pt}",
        r"\setlength{\topmargin}{-30pt}\setlength{\textheight}{650pt}",
        r"\ifdefined\pdfpagewidth\pdfpagewidth=\paperwidth\pdfpageheight=\paperheight",
        r"\else\ifdefined\pagewidth\pagewidth=\paperwidth\pageheight=\paperheight\fi\fi",
        r"\setlength{\parindent}{0pt}",
        r"\allowdisplaybreaks",
        r"\begin{document}",
    ]
    return "\n".join(lines) + "\n"


def _piece(piece: Box | Sign) -> str:
    if isinstance(piece, Sign):
        return piece.latex
    shown = _table(piece)
    return rf"\underset{{{piece.latex}}}{{{shown}}}" if piece.captioned and not piece.result else shown


def _table(table: Box) -> str:
    if len(table.numbers) == 1 and len(table.numbers[0]) == 1:
        return table.numbers[0][0]
    rows = r" \\ ".join(" & ".join(row) for row in table.numbers)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def _points(drawn: Picture) -> float:
    total: float = _MARGIN_POINTS
    for piece in drawn:
        if isinstance(piece, Sign):
            total += _SIGN_POINTS + _DIGIT_POINTS * len(piece.text)
        else:
            total += 10 + sum(max(map(len, c)) * _DIGIT_POINTS + 10 for c in zip(*piece.numbers, strict=True))
    return total


def _grid(grid: Grid) -> list[str]:
    rows = [" & ".join(map(escape, row)) + r" \\" for row in (grid.headings, *grid.rows)]
    begin = rf"\noindent\begin{{tabular}}{{{grid.alignments}}}"
    return [begin, rows[0] + r" \hline", *rows[1:], r"\end{tabular}"]
