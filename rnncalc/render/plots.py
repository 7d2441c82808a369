"""Drawings with matplotlib, the optional extra ``plot``."""

from __future__ import annotations

import importlib.util
import io
import warnings
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from rnncalc.errors import RnncalcError
from rnncalc.network.flow import Flow
from rnncalc.network.pictures import text_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def check_plot(file: str) -> None:
    """Raise RnncalcError, before any work is done, for a file that is no .svg or .png, or without matplotlib."""
    if PurePath(file).suffix.lower() not in (".svg", ".png"):
        raise RnncalcError(f"--plot {file}: the name needs to end in .svg or .png.")
    if importlib.util.find_spec("matplotlib") is None:
        raise RnncalcError("--plot needs matplotlib, which is not installed: pip install 'rnncalc[plot]'.")


def saved(figure: Figure, form: str) -> bytes:
    """The file of a drawing, as SVG or PNG; with a fixed salt and no date the same numbers give the same bytes."""
    from matplotlib import rc_context

    file = io.BytesIO()
    with warnings.catch_warnings(), rc_context({"svg.hashsalt": "rnncalc", "svg.fonttype": "none"}):
        warnings.filterwarnings("ignore", message="Glyph")  # a letter that the font lacks shows as a box
        figure.savefig(file, format=form, dpi=150, metadata={"Date": None} if form == "svg" else {"Software": None})
    return file.getvalue()


def flow_plot(flow: Flow, form: str) -> bytes:
    """The norms of a gradient and the products of its factors against time, on a logarithmic scale, as SVG or PNG."""
    last = flow.steps[-1].norm
    bound = [s.product * last for s in flow.steps]
    norms = _Line("‖∂E/∂h_t‖", _norms(flow), "o-")
    return _plot(flow, [norms, _Line("‖∂E/∂h_T‖ · product of the factors", bound, "s--", 3)], form)


def cells_plot(flows: Sequence[Flow], form: str) -> bytes:
    """The norms of the gradients of several cells over the same text, a line each."""
    return _plot(flows[0], [_Line(f.problem.kind, _norms(f), "o-") for f in flows], form)


class _Line(NamedTuple):
    label: str
    values: list[float]
    style: str
    size: float = 6


def _norms(flow: Flow) -> list[float]:
    return [s.norm for s in flow.steps]


def _plot(flow: Flow, lines: Sequence[_Line], form: str) -> bytes:
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    times = [s.step for s in flow.steps]
    for line in lines:
        drawn = [value or float("nan") for value in line.values]
        axes.semilogy(times, drawn, line.style, markersize=line.size, label=line.label)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("time step t (0: the initial state)")
    axes.set_ylabel("norm of the gradient")
    shown = text_picture(flow.problem.text)
    title = shown if len(shown) <= 50 else f"{shown[:47]}…"
    axes.set_title(f"{title}: how the gradient travels back".replace("$", r"\$"))
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend()
    return saved(figure, form)
