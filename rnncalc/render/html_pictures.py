"""Pictures of arithmetic as HTML: tables in brackets and signs in a row, with headers that a screen reader says."""

from __future__ import annotations

from rnncalc.network.pictures import NAMED, Box, Picture, Sign
from rnncalc.render.html_style import role_class
from rnncalc.render.html_text import cell
from rnncalc.render.roles import tint

_WIDE = 34
"""A table of more letters in a row than this may be wider than a telephone, and scrolls in a box of its own."""

_OF_PAPER = 75
"""And of more than this is wider than a sheet of paper in the type of the page."""


def picture_html(picture: Picture) -> str:
    """Tables and signs in a row, which goes on in the next line where it is too wide."""
    pieces = [_sign(piece) if isinstance(piece, Sign) else matrix_html(piece) for piece in picture]
    captioned = any(isinstance(piece, Box) and piece.captioned for piece in picture)
    return f'<div class="picture{"" if captioned else " plain"}">{"".join(pieces)}</div>'


def named_html(boxes: list[Box]) -> str:
    """Tables side by side, each with its name above it."""
    return f'<div class="picture">{"".join(matrix_html(box._replace(captioned=True)) for box in boxes)}</div>'


def matrix_html(box: Box) -> str:
    """One table; letters and classes label its rows and columns, units are numbered for those who cannot see them."""
    rows, columns = box.shape
    axes = box.quantity.axes[::-1] if box.transposed else box.quantity.axes
    caption = f"<caption>{cell(box.symbol)}</caption>" if box.captioned else ""
    single = (rows, columns) == (1, 1)
    labels = box.row_labels if rows > 1 else []
    head = ""
    if columns > 1 and box.column_labels:
        corner = "<td></td>" if labels else ""
        shown = any(axis in NAMED for axis in axes)
        names = "".join(_header("col", axes[1], name, shown=shown) for name in box.column_labels)
        head = f"<thead><tr>{corner}{names}</tr></thead>"
    body = []
    for i, row in enumerate(box.numbers):
        label = _header("row", axes[0], labels[i], shown=axes[0] in NAMED) if labels else ""
        body.append(f"<tr>{label}{''.join(f'<td>{n}</td>' for n in row)}</tr>")
    kinds = ["matrix", *([] if single else ["brackets"]), role_class(tint(box.quantity))]
    hint = "" if box.captioned else f' aria-label="{cell(box.symbol)}"'
    table = (
        f'<table class="{" ".join(filter(None, kinds))}"{hint}>{caption}{head}<tbody>{"".join(body)}</tbody></table>'
    )
    letters = _letters(box, labels)
    return scrolling(table, box.symbol, wide=letters > _OF_PAPER) if letters > _WIDE else table


def scrolling(table: str, says: str, *, wide: bool = False) -> str:
    """A table in a box that scrolls sideways where it is wider than the page, with the keyboard too; ``wide`` where it
    is printed in small type."""
    kind = "scroll wide" if wide else "scroll"
    return f'<div class="{kind}" tabindex="0" role="group" aria-label="{cell(says)}">{table}</div>'


def _letters(box: Box, labels: list[str]) -> int:
    """How many letters stand in the widest row, with the labels."""
    heads = box.column_labels if box.shape[1] > 1 and box.column_labels else [""] * box.shape[1]
    columns = zip(heads, *box.numbers, strict=True)
    return max(map(len, labels), default=0) + sum(max(map(len, column)) + 1 for column in columns)


def _header(scope: str, axis: str, name: str, *, shown: bool) -> str:
    if shown:
        return f'<th scope="{scope}">{cell(name)}</th>'
    return f'<th scope="{scope}" class="off"><span class="hidden">{cell(f"{axis} {name}")}</span></th>'


def _sign(sign: Sign) -> str:
    return f'<span class="sign">{cell(sign.text)}</span>' if sign.text.strip() else ""
