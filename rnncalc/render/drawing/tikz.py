"""A figure as a LaTeX document of its own size, drawn with TikZ; the picture can be copied into another document."""

from __future__ import annotations

from collections.abc import Iterator

from rnncalc.render.drawing.shapes import Drawing, Line, Place, Rectangle, Shape, Text
from rnncalc.render.latex.escape import escape

_ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}


def to_tikz(drawing: Drawing) -> str:
    """Write the document: it needs TikZ alone."""
    body = "\n".join(_picture(drawing))
    return "\n".join([*_head(drawing, body), body, r"\end{document}", ""])


def _picture(drawing: Drawing) -> Iterator[str]:
    yield r"\begin{tikzpicture}[x=1bp, y=-1bp, line width=0.6bp, inner sep=0pt, outer sep=0pt, font=\sffamily]"
    for colour in dict.fromkeys(c for group in drawing.groups for shape in group.shapes for c in _colours(shape)):
        yield rf"\definecolor{{c{colour}}}{{HTML}}{{{colour}}}"
    yield rf"\useasboundingbox (0,0) rectangle ({_n(drawing.width)},{_n(drawing.height)});"
    for group in drawing.groups:
        if group.name:
            yield f"% {group.name}"
        for shape in group.shapes:
            yield from _shape(shape)
    yield r"\end{tikzpicture}"


def _colours(shape: Shape) -> tuple[str, ...]:
    return (shape.fill, shape.border) if isinstance(shape, Rectangle) else (shape.colour,)


def _shape(shape: Shape) -> Iterator[str]:
    match shape:
        case Rectangle(left, top, width, height, fill, border):
            right, bottom = _n(left + width), _n(top + height)
            yield rf"\filldraw[fill=c{fill}, draw=c{border}] ({_n(left)},{_n(top)}) rectangle ({right},{bottom});"
        case Text(x, baseline, text, size, anchor, colour, bold):
            series = r"\bfseries" if bold else ""
            look = rf"\fontsize{{{size}}}{{{size}}}\selectfont{series}"
            place = f"({_n(x)},{_n(baseline)})"
            yield rf"\node[anchor={_ANCHORS[anchor]}, text=c{colour}] at {place} {{{look} {escape(text)}}};"
        case Line(_, colour, dashed):
            dash = ", dash pattern=on 3bp off 2bp" if dashed else ""
            yield rf"\draw[c{colour}, line width=1bp{dash}] {_path(shape.shaft)};"
            yield rf"\fill[c{colour}] {_path(shape.head)} -- cycle;"


def _path(places: list[Place] | tuple[Place, ...]) -> str:
    return " -- ".join(f"({_n(x)},{_n(y)})" for x, y in places)


def _n(length: float) -> str:
    return f"{length:.2f}"


def _head(drawing: Drawing, body: str) -> list[str]:
    beyond = any(ord(c) > 255 for c in body)
    engine = [
        "% This file has letters beyond Latin-1: compile it with XeLaTeX or LuaLaTeX,",
        "% and use \\setmainfont to choose a font that has them.",
    ]
    width, height = f"{_n(drawing.width)}bp", f"{_n(drawing.height)}bp"
    return [
        *(engine if beyond else ["% Compile with pdflatex, xelatex or lualatex."]),
        "% For your own document, copy the tikzpicture: it needs \\usepackage{tikz}, and \\resizebox sets its width.",
        r"\documentclass{article}",
        *(
            []
            if beyond or body.isascii()
            else [r"\usepackage[T1]{fontenc}\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}"]
        ),
        *([r"\IfFileExists{fontspec.sty}{\usepackage{fontspec}}{}"] if beyond else []),
        r"\usepackage{tikz}",
        rf"\setlength{{\paperwidth}}{{{width}}}\setlength{{\paperheight}}{{{height}}}",
        r"\setlength{\textwidth}{\paperwidth}\setlength{\textheight}{\paperheight}\addtolength{\textheight}{1bp}",
        r"\setlength{\oddsidemargin}{-1in}\setlength{\topmargin}{-1in}",
        r"\setlength{\headheight}{0pt}\setlength{\headsep}{0pt}\setlength{\topskip}{0pt}\setlength{\parindent}{0pt}",
        r"\ifdefined\pdfpagewidth\pdfpagewidth=\paperwidth\pdfpageheight=\paperheight",
        r"\else\ifdefined\pagewidth\pagewidth=\paperwidth\pageheight=\paperheight\fi\fi",
        r"\pagestyle{empty}",
        r"\begin{document}",
    ]
