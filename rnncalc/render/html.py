"""A document as an HTML page that stands by itself: nothing is loaded from anywhere, and nothing runs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

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
from rnncalc.render.html_pictures import named_html, picture_html, scrolling
from rnncalc.render.html_style import STYLE, role_class
from rnncalc.render.html_text import cell
from rnncalc.render.roles import tint

_WIDE = 40
"""A table of more letters in a row than this may be wider than a telephone."""


def to_html(parts: Iterable[Part], title: str) -> str:
    """Write a document as a page; where it has no heading of its own, its title is the heading."""
    body = to_body(parts)
    heading = "" if "<h1>" in body else f"<h1>{cell(title)}</h1>\n"
    return page(f"<main>\n{heading}{body}\n</main>", title)


def page(body: str, title: str, style: str = "", script: str = "") -> str:
    """A whole page around what stands in its body, with more rules of style if wanted, and a script that runs at its
    end.

    A policy in its head lets a browser use these and nothing else: no other script, no picture, no address, no form.
    """
    rules = STYLE + style
    runs = f"script-src '{_digest(script)}'; " if script else ""
    policy = f"default-src 'none'; {runs}style-src '{_digest(rules)}'; base-uri 'none'; form-action 'none'"
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{cell(title)}</title>",
    ]
    top = f'<html lang="en"><head>{"".join(head)}<style>{rules}</style></head><body>'
    end = f"<script>{script}</script></body></html>" if script else "</body></html>"
    return "\n".join(["<!DOCTYPE html>", top, body, end]) + "\n"


def _digest(text: str) -> str:
    """By which a policy knows a script or a style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"


def to_body(parts: Iterable[Part]) -> str:
    """Write a document as what stands in a page's body."""
    body: list[str] = []
    for part in parts:
        match part:
            case Heading(text):
                body.append(f"<h2>{cell(text)}</h2>")
            case Paragraph(text, "heading"):
                body.append(f"<h1>{cell(text)}</h1>")
            case Paragraph(text, kind):
                body.append(f'<p class="{kind}">{cell(text)}</p>' if kind else f"<p>{cell(text)}</p>")
            case Title(name, what, says):
                body.append(f"<h1>{cell(name)}</h1>")
                body += [f'<p class="words">{cell(what)}</p>', *(f"<p>{cell(line)}</p>" for line in says)]
            case Letters(name, says, boxes):
                body += [f"<h3><code>{cell(name)}</code></h3>", f'<p class="words">{cell(says)}</p>', named_html(boxes)]
            case Block(quantity, says, picture):
                colour = f" {role}" if (role := role_class(tint(quantity))) else ""
                equation = quantity.equation if quantity.rule is not None else "{}×{}".format(*quantity.shape)
                math = f'<span class="math{colour}">{cell(equation)}</span>'
                body += [f"<h3><code>{cell(quantity.name)}</code>{math}</h3>", f'<p class="words">{cell(says)}</p>']
                body.append(picture_html(picture))
            case Drawn(picture):
                body.append(picture_html(picture))
            case Working(formulas):
                body.append(_working(formulas))
            case Sources(says, sources):
                lines = [(name, "given" if equation is None else equation.text) for name, equation in sources]
                items = "".join(f"<li><code>{cell(name)}</code> {cell(text)}</li>" for name, text in lines)
                body.append(f"<h2>{cell(says)}</h2>\n<ul>{items}</ul>")
            case Grid():
                body.append(_grid(part))
            case Bars():
                body.append(_grid(part.grid))
            case Marks():
                chart = "\n".join(map(cell, part.lines(_WIDE)))
                body.append(f"<pre>{chart}</pre>")
    return "\n".join(body)


def _working(formulas: list[Formula]) -> str:
    rows = []
    for formula in formulas:
        left = cell(formula.left.text) if formula.left is not None else ""
        role = role_class(formula.role)
        kind = f' class="{role}"' if role else ""
        right = cell(f"= {formula.right.text}{formula.note}")
        rows.append(f'<span class="left">{left}</span><span{kind}>{right}</span>')
    return f'<div class="working">{"".join(rows)}</div>'


def _grid(grid: Grid) -> str:
    kinds = [f' class="{a}"' if a != "l" else "" for a in grid.alignments]
    headed = list(zip(kinds, grid.headings, strict=True))
    head = "".join(f'<th scope="col"{kind}>{cell(text)}</th>' for kind, text in headed)
    rows = []
    for row in grid.rows:
        first, *others = zip(kinds, row, strict=True)
        cells = "".join(f"<td{kind}>{cell(text)}</td>" for kind, text in others)
        rows.append(f'<tr><th scope="row"{first[0]}>{cell(first[1])}</th>{cells}</tr>')
    table = "\n".join([f"<table><thead><tr>{head}</tr></thead><tbody>", *rows, "</tbody></table>"])
    columns = zip(grid.headings, *grid.rows, strict=True)
    widest = sum(max(map(len, column)) + 2 for column in columns)
    return scrolling(table, ", ".join(grid.headings)) if widest > _WIDE else table
