"""Drawings with matplotlib, the optional extra ``plot``."""

from __future__ import annotations

import importlib.util
import io
import warnings
from pathlib import PurePath

from rnncalc.errors import RnncalcError
from rnncalc.flow import Flow
from rnncalc.render.pictures import text_picture


def check_plot(file: str) -> None:
    """Raise RnncalcError, before any work is done, for a file that is no .svg or .png, or without matplotlib."""
    if PurePath(file).suffix.lower() not in (".svg", ".png"):
        raise RnncalcError(f"--plot {file}: the name needs to end in .svg or .png.")
    if importlib.util.find_spec("matplotlib") is None:
        raise RnncalcError("--plot needs matplotlib, which is not installed: pip install 'rnncalc[plot]'.")


def flow_plot(flow: Flow, form: str) -> bytes:
    """The norms of a gradient and the products of its factors against time, on a logarithmic scale, as SVG or PNG."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    # A fixed salt and no date: the same problem gives the same bytes.
    with rc_context({"svg.hashsalt": "rnncalc", "svg.fonttype": "none"}):
        figure = Figure(figsize=(8, 4.5), layout="constrained")
        axes = figure.subplots()
        times = [s.step for s in flow.steps]
        axes.semilogy(times, [s.norm or float("nan") for s in flow.steps], "o-", label="‖∂E/∂h_t‖")
        last = flow.steps[-1].norm
        bound = [s.product * last or float("nan") for s in flow.steps]
        axes.semilogy(times, bound, "s--", markersize=3, label="‖∂E/∂h_T‖ · product of the factors")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("time step t (0: the initial state)")
        axes.set_ylabel("norm of the gradient")
        shown = text_picture(flow.problem.text)
        title = shown if len(shown) <= 50 else f"{shown[:47]}…"
        axes.set_title(f"{title}: how the gradient travels back".replace("$", r"\$"))
        axes.grid(visible=True, which="major", alpha=0.3)
        axes.legend()
        file = io.BytesIO()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph")  # a letter that the font lacks shows as a box
            figure.savefig(file, format=form, dpi=150, metadata={"Date": None} if form == "svg" else {"Software": None})
    return file.getvalue()
