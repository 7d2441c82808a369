"""A document as an HTML page that stands by itself: nothing is loaded from anywhere."""

from __future__ import annotations

import html
from collections.abc import Iterable

from rnncalc.io.visible import visible
from rnncalc.render.document import Bars, Block, Grid, Heading, Letters, Marks, Paragraph, Part

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
h1 { font-size: 1.5rem; color: #1f3864; } h2 { font-size: 1.1rem; margin-top: 2rem; color: #1f3864; }
table { border-collapse: collapse; margin: .5rem 0; } th, td { padding: .2rem .8rem; border: 1px solid #d0d0d0; }
th { background: #1f3864; color: #fff; text-align: left; } td { font-variant-numeric: tabular-nums; }
.r { text-align: right; } .c { text-align: center; } .words { color: #595959; font-style: italic; }
.loss { border-left: 4px solid #c00000; padding-left: .8rem; } .output { color: #00513b; }
h1, h2, p, li { overflow-wrap: anywhere; } table { max-width: 100%; overflow-x: auto; }
@media (max-width: 32rem) {
  body { margin: .8rem auto; padding: 0 .6rem; } h1 { font-size: 1.25rem; }
  table { display: block; font-size: .8rem; } th, td { padding: .15rem .35rem; }
}
@media (prefers-color-scheme: dark) {
  body { background: #161616; color: #e8e8e8; } h1, h2 { color: #9dc3e6; } th, td { border-color: #444; }
  .words { color: #a8a8a8; } .output { color: #7fd6b4; }
}
"""


def to_html(parts: Iterable[Part], title: str) -> str:
    """Write a document of words and tables as a page. Raises TypeError for pictures of arithmetic."""
    return page(to_body(parts), title)


def page(body: str, title: str, style: str = "") -> str:
    """A whole page around what stands in its body, with more rules of style if wanted."""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{cell(title)}</title>'
    top = f'<html lang="en"><head>{head}<style>{_STYLE}{style}</style></head><body>'
    return "\n".join(["<!DOCTYPE html>", top, body, "</body></html>"]) + "\n"


def cell(text: str) -> str:
    """Text so that HTML takes it as it is, on one line with nothing hidden in it."""
    return html.escape(visible(text))


def to_body(parts: Iterable[Part]) -> str:
    """Write a document of words and tables as what stands in a page's body."""
    body: list[str] = []
    for part in parts:
        match part:
            case Heading(text):
                body.append(f"<h2>{cell(text)}</h2>")
            case Paragraph(text, "heading"):
                body.append(f"<h1>{cell(text)}</h1>")
            case Paragraph(text, kind):
                body.append(f'<p class="{kind}">{cell(text)}</p>' if kind else f"<p>{cell(text)}</p>")
            case Grid():
                body.append(_grid(part))
            case Letters() | Block() | Bars() | Marks():
                raise TypeError("Pictures have no HTML form here.")
    return "\n".join(body)


def _grid(grid: Grid) -> str:
    kinds = [f' class="{a}"' if a != "l" else "" for a in grid.alignments]
    head = "".join(f"<th{kind}>{cell(text)}</th>" for kind, text in zip(kinds, grid.headings, strict=True))
    rows = [
        "<tr>" + "".join(f"<td{kind}>{cell(text)}</td>" for kind, text in zip(kinds, row, strict=True)) + "</tr>"
        for row in grid.rows
    ]
    return "\n".join([f"<table><thead><tr>{head}</tr></thead><tbody>", *rows, "</tbody></table>"])
