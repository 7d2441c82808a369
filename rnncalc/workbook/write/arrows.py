"""Arrows over a sheet's cells: lines with corners from one cell to another (DrawingML, ECMA-376 part 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from rnncalc.render.board_arrows import Edges, Point

_EMU = 9525
"""English metric units of a pixel."""
_THICK = 15_875


class Arrow(NamedTuple):
    """A line through some points, with its head at the last: what it is, its colour, whether it is dashed."""

    name: str
    points: Sequence[Point]
    colour: str
    dashed: bool = False


def to_drawing(arrows: Sequence[Arrow], pixels: Edges) -> str:
    """The drawing of a sheet, as XML; nothing where there is no arrow."""
    if not arrows:
        return ""
    shapes = "".join(_shape(number, arrow, pixels) for number, arrow in enumerate(arrows, 2))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{shapes}</xdr:wsDr>'
    )


def _shape(number: int, arrow: Arrow, pixels: Edges) -> str:
    places = [pixels.place(point) for point in arrow.points]
    left, top = min(x for x, _ in places), min(y for _, y in places)
    right, bottom = max(x for x, _ in places), max(y for _, y in places)
    wide, tall = max(round((right - left) * _EMU), 1), max(round((bottom - top) * _EMU), 1)
    inside = [(round((x - left) * _EMU), round((y - top) * _EMU)) for x, y in places]
    path = "".join(
        f'<a:{kind}><a:pt x="{x}" y="{y}"/></a:{kind}>'
        for kind, (x, y) in zip(["moveTo", *["lnTo"] * (len(inside) - 1)], inside, strict=True)
    )
    dash = '<a:prstDash val="dash"/>' if arrow.dashed else ""
    return (
        f"<xdr:twoCellAnchor>{_corner('from', left, top, pixels)}{_corner('to', right, bottom, pixels)}"
        f'<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="{number}" name={quoteattr(arrow.name)}/>'
        f'<xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="{round(left * _EMU)}" y="{round(top * _EMU)}"/>'
        f'<a:ext cx="{wide}" cy="{tall}"/></a:xfrm><a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>'
        f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="{wide}" h="{tall}" fill="none">{path}</a:path>'
        f'</a:pathLst></a:custGeom><a:noFill/><a:ln w="{_THICK}"><a:solidFill><a:srgbClr val="{arrow.colour}"/>'
        f'</a:solidFill>{dash}<a:round/><a:tailEnd type="triangle"/></a:ln></xdr:spPr></xdr:sp><xdr:clientData/>'
        "</xdr:twoCellAnchor>"
    )


def _corner(name: str, across: float, down: float, pixels: Edges) -> str:
    column = _at(across, pixels.columns)
    row = _at(down, pixels.rows)
    return (
        f"<xdr:{name}><xdr:col>{column}</xdr:col><xdr:colOff>{round((across - pixels.columns[column]) * _EMU)}"
        f"</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>{round((down - pixels.rows[row]) * _EMU)}</xdr:rowOff>"
        f"</xdr:{name}>"
    )


def _at(distance: float, edges: Sequence[float]) -> int:
    """The number, from 0, of the column or row in which a distance ends."""
    return max(i for i, edge in enumerate(edges[:-1]) if edge <= distance)
