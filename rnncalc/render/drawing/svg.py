"""A figure as SVG: one file with no links, its texts as text, each quantity in a group with its equation."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from rnncalc.render.drawing.shapes import Drawing, Group, Line, Place, Rectangle, Shape, Text

_FONTS = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"


def to_svg(drawing: Drawing) -> str:
    """Write the figure; a title and a description are there for screen readers."""
    return "\n".join(_lines(drawing)) + "\n"


def _lines(drawing: Drawing) -> Iterator[str]:
    width, height = _n(drawing.width), _n(drawing.height)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" '
        f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="title description" font-family="{_FONTS}">'
    )
    yield f'<title id="title">{escape(drawing.title)}</title>'
    yield f'<desc id="description">{escape(drawing.says)}</desc>'
    yield '<rect width="100%" height="100%" fill="#FFFFFF"/>'
    for group in drawing.groups:
        yield from _group(group)
    yield "</svg>"


def _group(group: Group) -> Iterator[str]:
    if group.name:
        yield f"<g data-quantity={quoteattr(group.name)}><title>{escape(group.says)}</title>"
    for shape in group.shapes:
        yield from _shape(shape)
    if group.name:
        yield "</g>"


def _shape(shape: Shape) -> Iterator[str]:
    match shape:
        case Rectangle(left, top, width, height, fill, border):
            yield (
                f'<rect x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" '
                f'fill="#{fill}" stroke="#{border}" stroke-width="0.6"/>'
            )
        case Text(x, baseline, text, size, anchor, colour, bold):
            weight = ' font-weight="bold"' if bold else ""
            yield (
                f'<text x="{_n(x)}" y="{_n(baseline)}" font-size="{size}" text-anchor="{anchor}" '
                f'fill="#{colour}"{weight} xml:space="preserve">{escape(text)}</text>'
            )
        case Line(_, colour, dashed):
            dash = ' stroke-dasharray="3 2"' if dashed else ""
            yield f'<polyline points="{_points(shape.shaft)}" fill="none" stroke="#{colour}"{dash}/>'
            yield f'<polygon points="{_points(shape.head)}" fill="#{colour}"/>'


def _points(places: list[Place] | tuple[Place, ...]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in places)


def _n(length: float) -> str:
    return f"{length:.2f}".rstrip("0").rstrip(".")
