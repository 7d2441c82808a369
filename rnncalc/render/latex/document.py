"""A document as LaTeX that needs amsmath alone; the pictures of the arithmetic as displayed equations.

Nothing is wider than the text of the page (see rnncalc.render.latex.lines), so that what is copied into an author's own
document fits there too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from rnncalc.network.pictures import Box, Picture, Sign
from rnncalc.render.document import (
    Bars,
    Block,
    Drawn,
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
from rnncalc.render.latex.escape import escape, prose
from rnncalc.render.latex.glyphs import NORMAL
from rnncalc.render.latex.lengths import A4_HEIGHT, A4_WIDTH, MARGIN, TEXT_WIDTH
from rnncalc.render.latex.lines import Chunk, Formula, Line, Room, aligned, display, in_chunks
from rnncalc.render.latex.matrix import LONGEST_LABEL, matrix
from rnncalc.render.latex.tables import tabular

_TEXT_HEIGHT = A4_HEIGHT - 2 * MARGIN
_HIGHEST = _TEXT_HEIGHT - 60
"""A formula leaves some room for the words above it."""
_CHARACTER = 5.3
"""Of a typewriter, in points."""
_LEAST_TEXT = 400.0
"""Words are set no narrower than this on a page that is as wide as needed."""


def to_latex(parts: Iterable[Part], width: float = TEXT_WIDTH) -> str:
    """Write a document as LaTeX, its text ``width`` points wide; if that is endless, as wide as its widest formula."""
    room = Room(width, _HIGHEST)
    body: list[str] = []
    widest = _LEAST_TEXT

    def show(chunks: Line) -> str:
        nonlocal widest
        widest = max(widest, sum(chunk.width(NORMAL) for chunk in chunks) + 2)
        return display(chunks, room)

    for part in parts:
        match part:
            case Heading(text):
                body += ["", rf"\section*{{{prose(text)}}}"]
            case Paragraph(text, kind):
                body += ["", rf"\section*{{{prose(text)}}}" if kind == "heading" else prose(text)]
            case Letters(name, says, boxes):
                body += ["", _named(name, says)]
                body.append(show(_listed(boxes)))
            case Block(quantity, says, picture):
                body += ["", _named(quantity.name, says)]
                given = quantity.rule is None
                body += [] if given else [show(in_chunks([quantity.latex_equation]))]
                body.append(show(in_chunks([*([f"{quantity.latex} ="] if given else []), *formula(picture)])))
            case Title(name, what, lines):
                body += ["", rf"\section*{{\texttt{{{prose(name)}}}}}", prose(what)]
                body += [text for line in lines for text in ("", prose(line))]
            case Drawn(picture):
                body.append(show(in_chunks(formula(picture))))
            case Working(formulas):
                rows = [
                    (f.left.latex if f.left else "", [f.right.latex, *([_note(f.note)] if f.note else [])])
                    for f in formulas
                ]
                body.append(aligned(rows, room))
            case Sources(says, sources):
                body += ["", rf"\paragraph{{{escape(says)}}}"]
                for name, equation in sources:
                    body += ["", rf"\texttt{{{escape(name)}}} \quad {'given' if equation is None else ''}".rstrip()]
                    body += [] if equation is None else [show(in_chunks([equation.latex]))]
            case Grid():
                body += ["", *tabular(part, room)]
            case Bars():
                body += ["", *tabular(part.grid, room)]
            case Marks():
                characters = int(min(width, _LEAST_TEXT) / _CHARACTER)
                body += ["", r"\begin{verbatim}", *part.lines(characters), r"\end{verbatim}"]
    text = "\n".join(body) + "\n"
    return _head(text, widest if math.isinf(width) else width) + text + "\\end{document}\n"


def formula(picture: Picture) -> Formula:
    """A picture as text and matrices; LaTeX sets a slash without spaces, which between matrices is too narrow."""
    signs = {"/": r"\, / \,"}
    return [signs.get(piece.latex, piece.latex) if isinstance(piece, Sign) else matrix(piece) for piece in picture]


def _listed(boxes: list[Box]) -> Line:
    """Columns with their names, side by side."""
    line = []
    for i, column in enumerate(boxes):
        shown = matrix(column._replace(captioned=False))
        comma = [","] if i < len(boxes) - 1 else []
        line.append(Chunk(((r"\quad " if i else "") + f"{column.latex} =", shown, *comma), 1))
    return line


def _note(text: str) -> str:
    """Words behind an equation, on its line or the next; a long word of the vocabulary shows its first letters."""
    words = [w if len(w) <= LONGEST_LABEL else f"{w[: LONGEST_LABEL - 1]}…" for w in text.removeprefix(", ").split(" ")]
    first, *others = " ".join(words).split(" to ")
    parts = [first, *(f"to {part}" for part in others)]
    return r"\quad " + r" \ ".join(rf"\text{{{escape(part)}}}" for part in parts)


def _named(name: str, says: str) -> str:
    return rf"\paragraph{{\texttt{{{escape(name)}}}}} {prose(says)}"


def _head(body: str, wide: float) -> str:
    beyond = any(ord(c) > 255 for c in body)
    engine = [
        "% This file has letters beyond Latin-1: compile it with XeLaTeX or LuaLaTeX,",
        "% and use \\setmainfont to choose a font that has them.",
    ]
    page = max(A4_WIDTH, wide + 2 * MARGIN)
    lines = [
        *(engine if beyond else ["% Compile with pdflatex, xelatex or lualatex."]),
        "% For your own document, copy what you need between the begin and the end of this document:",
        "% it needs only amsmath.",
        r"\documentclass{article}",
        *([] if beyond or body.isascii() else [r"\usepackage[T1]{fontenc}"]),
        r"\usepackage{amsmath}",
        *([r"\IfFileExists{fontspec.sty}{\usepackage{fontspec}}{}"] if beyond else []),
        rf"\setlength{{\paperwidth}}{{{page:.2f}pt}}\setlength{{\paperheight}}{{{A4_HEIGHT:.2f}pt}}",
        rf"\setlength{{\textwidth}}{{{wide:.2f}pt}}\setlength{{\textheight}}{{{_TEXT_HEIGHT:.2f}pt}}",
        rf"\setlength{{\oddsidemargin}}{{{(page - wide) / 2 - 72.27:.2f}pt}}",
        rf"\setlength{{\topmargin}}{{{MARGIN - 72.27:.2f}pt}}",
        r"\setlength{\headheight}{0pt}\setlength{\headsep}{0pt}",
        r"\ifdefined\pdfpagewidth\pdfpagewidth=\paperwidth\pdfpageheight=\paperheight",
        r"\else\ifdefined\pagewidth\pagewidth=\paperwidth\pageheight=\paperheight\fi\fi",
        r"\setlength{\parindent}{0pt}",
        r"\allowdisplaybreaks",
        r"\postdisplaypenalty=5000 % an equation and its picture stay on one page where they can",
        r"\begin{document}",
        r"\sloppy\raggedright",
    ]
    return "\n".join(lines) + "\n"
