"""A trace as a LaTeX document that needs amsmath alone; the pictures of the arithmetic as displayed equations."""

from __future__ import annotations

from collections.abc import Sequence

from rnncalc import words
from rnncalc.render.pictures import Box, Picture, Sign, box, letter_picture, picture
from rnncalc.render.summary import grid, summarize, total
from rnncalc.trace import Quantity, Trace

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "−": "$-$", "×": r"$\times$", "…": r"\dots{}", "–": "--",
    "σ": r"$\sigma$", "<": r"$<$", ">": r"$>$", "|": r"$|$", '"': "{''}", "→": r"$\to$",
    "␣": r"\textvisiblespace{}", "↵": r"$\hookleftarrow$", "⇥": r"$\mapsto$",
}  # fmt: skip
_DIGIT_POINTS, _SIGN_POINTS, _MARGIN_POINTS = 5.3, 16, 60


def to_latex(
    trace: Trace,
    quantities: Sequence[Quantity],
    *,
    decimals: int = 6,
    whole: bool = True,
    summary_only: bool = False,
) -> str:
    """A whole document; the page is made as wide as its widest equation."""
    problem = trace.problem
    body: list[str] = []
    widest, columns = 400.0, 10
    at: int | None = -1
    letter = ""
    for q in [] if summary_only else quantities:
        place = None if q.stage == "given" else q.step
        if place != at:
            at = place
            if place:
                heading = f"Step {place}: reads {escape(letter_picture(problem.inputs[place - 1]))}"
            else:
                heading = "Given" if q.stage == "given" else "All steps together"
            body += ["", rf"\section*{{{heading}}}"]
        drawn: Picture = [_bare(q, trace, decimals)] if q.rule is None else picture(q, trace, decimals)
        widest = max(widest, _points(drawn))
        columns = max([columns, *(len(p.numbers[0]) + 1 for p in drawn if isinstance(p, Box))])
        if q.rule is None and q.step:
            # One-hot columns stand side by side, as many as fit in a line.
            shown = rf"{q.latex} = {_piece(drawn[0])}"
            previous = body[-1] if body else ""
            if previous.startswith(r"\[ ") and previous.count("=") < 7 and letter == q.name[0]:
                body[-1] = previous[:-3] + rf",\quad {shown} \]"
            else:
                body.append(rf"\[ {shown} \]")
            letter = q.name[0]
            continue
        says = escape(q.says if q.rule is not None else words.shape_means(q.name, problem))
        body += ["", rf"\paragraph{{\texttt{{{escape(q.name)}}}}} {says}"]
        if q.rule is not None:
            body.append(rf"\[ {q.latex_equation} \]")
        left = "" if q.rule is not None else f"{q.latex} = "
        body.append(rf"\[ {left}{' '.join(_piece(p) for p in drawn)} \]")
    if whole or summary_only:
        body += _summary(trace, decimals)
    text = "\n".join(body) + "\n"
    return _head(trace, widest, columns, text, whole or summary_only) + text + "\\end{document}\n"


def escape(text: str) -> str:
    """Text so that LaTeX prints it as it is."""
    return "".join(_SPECIAL.get(c, c) for c in text)


def _head(trace: Trace, widest: float, columns: int, body: str, titled: bool) -> str:
    problem = trace.problem
    name = escape("".join(map(letter_picture, problem.text)))
    title = f"{problem.hidden} hidden units, {problem.activation}; {escape(problem.source)}"
    beyond = any(ord(c) > 255 for c in body + name)
    engine = [
        "% Letters beyond Latin-1 stand in this file: compile it with XeLaTeX or LuaLaTeX,",
        "% and choose with \\setmainfont a font that has them.",
    ]
    lines = [
        *(engine if beyond else ["% Compile with pdflatex, xelatex or lualatex."]),
        r"\documentclass{article}",
        *([] if beyond or (body.isascii() and name.isascii()) else [r"\usepackage[T1]{fontenc}"]),
        r"\usepackage{amsmath}",
        *([r"\usepackage{fontspec}"] if beyond else []),
        rf"\setcounter{{MaxMatrixCols}}{{{columns}}}",
        rf"\setlength{{\textwidth}}{{{widest:.0f}pt}}",
        rf"\setlength{{\paperwidth}}{{{widest + 2 * 72:.0f}pt}}",
        r"\setlength{\oddsidemargin}{0pt}",
        r"\setlength{\topmargin}{-30pt}\setlength{\textheight}{650pt}",
        r"\ifdefined\pdfpagewidth\pdfpagewidth=\paperwidth\else\ifdefined\pagewidth\pagewidth=\paperwidth\fi\fi",
        r"\setlength{\parindent}{0pt}",
        r"\allowdisplaybreaks",
        r"\begin{document}",
    ]
    if titled:
        lines += [rf"\section*{{{name}}}", title + "."]
    return "\n".join(lines) + "\n"


def _bare(q: Quantity, trace: Trace, decimals: int) -> Box:
    return box(q, trace, decimals)._replace(captioned=False)


def _piece(piece: Box | Sign) -> str:
    if isinstance(piece, Sign):
        return piece.latex
    if len(piece.numbers) == 1 and len(piece.numbers[0]) == 1:
        inside = piece.numbers[0][0]
    else:
        rows = r" \\ ".join(" & ".join(row) for row in piece.numbers)
        inside = rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"
    return rf"\underset{{{piece.latex}}}{{{inside}}}" if piece.captioned and not piece.result else inside


def _points(drawn: Picture) -> float:
    total: float = _MARGIN_POINTS
    for piece in drawn:
        if isinstance(piece, Sign):
            total += _SIGN_POINTS + _DIGIT_POINTS * len(piece.text)
        else:
            total += 10 + sum(max(map(len, c)) * _DIGIT_POINTS + 10 for c in zip(*piece.numbers, strict=True))
    return total


def _summary(trace: Trace, decimals: int) -> list[str]:
    summary = summarize(trace)
    table = grid(summary, decimals)
    lines = ["", r"\section*{Summary}", rf"\noindent\begin{{tabular}}{{{table.alignments}}}"]
    lines.append(" & ".join(table.headings) + r" \\ \hline")
    lines += [" & ".join(map(escape, row)) + r" \\" for row in table.rows]
    lines.append(r"\end{tabular}")
    below = total(summary, decimals)
    return [*lines, *(["", escape(below) + "."] if below else [])]
