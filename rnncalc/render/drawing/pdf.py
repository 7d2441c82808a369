"""A figure as PDF, drawn by matplotlib, the optional extra ``plot``."""

from __future__ import annotations

import importlib.util
import io
import warnings
from typing import TYPE_CHECKING

from rnncalc.errors import RnncalcError
from rnncalc.render.drawing.shapes import Drawing, Line, Rectangle, Shape, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS_PER_INCH = 72
_ALIGN = {"start": "left", "middle": "center", "end": "right"}


def check_pdf() -> None:
    """Raise RnncalcError, before any work is done, where matplotlib is not installed."""
    if importlib.util.find_spec("matplotlib") is None:
        raise RnncalcError(
            "A PDF needs matplotlib, which is not installed: pip install 'rnncalc[plot]'. "
            "Or write a .svg or a .tex, which need nothing more."
        )


def to_pdf(drawing: Drawing) -> bytes:
    """Write the figure, its texts as text; the same figure gives the same bytes."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"pdf.fonttype": 42, "font.family": "DejaVu Sans"}):
        figure = Figure(figsize=(drawing.width / _POINTS_PER_INCH, drawing.height / _POINTS_PER_INCH))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, drawing.width)
        axes.set_ylim(drawing.height, 0)
        for order, shape in enumerate(shape for group in drawing.groups for shape in group.shapes):
            _draw(shape, axes, order)
        file = io.BytesIO()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph")  # a letter that the font lacks shows as a box
            figure.savefig(file, format="pdf", metadata={"Title": drawing.title, "CreationDate": None})
    return file.getvalue()


def _draw(shape: Shape, axes: Axes, order: int) -> None:
    from matplotlib import patches

    match shape:
        case Rectangle(left, top, width, height, fill, border):
            axes.add_patch(
                patches.Rectangle(
                    (left, top), width, height, facecolor=f"#{fill}", edgecolor=f"#{border}", lw=0.6, zorder=order
                )
            )
        case Text(x, baseline, text, size, anchor, colour, bold):
            axes.text(
                x, baseline, text, size=size, color=f"#{colour}", weight="bold" if bold else "normal",
                ha=_ALIGN[anchor], va="baseline", parse_math=False, zorder=order,
            )  # fmt: skip
        case Line(_, colour, dashed):
            xs, ys = zip(*shape.shaft, strict=True)
            axes.plot(xs, ys, color=f"#{colour}", lw=1, ls=(0, (3, 2)) if dashed else "-", zorder=order)
            axes.add_patch(patches.Polygon(shape.head, closed=True, facecolor=f"#{colour}", lw=0, zorder=order))
