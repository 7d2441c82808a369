"""The drawing of a classifier's test, with matplotlib, the optional extra ``plot``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from rnncalc.engine.chance import Numbers
from rnncalc.render.plots import saved
from rnncalc.tweets.metrics import Counts, Labels, roc_curve, scores

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 1000
"""A curve is drawn through no more, so that the drawing of a million tweets stays small."""


def report_plot(classes: Sequence[str], wanted: Labels, probabilities: Numbers, form: str) -> bytes:
    """The confusion matrix beside the ROC curves (of two classes one, of more each against the rest), as SVG or PNG.

    ``wanted`` (N) are the classes, ``probabilities`` (N×K) what the classifier said.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    measured = scores(wanted, probabilities)
    names = [name.replace("$", r"\$") for name in classes]
    _confusion(left, names, measured.confusion)
    for k in [1] if len(names) == 2 else range(len(names)):
        others, recalled = roc_curve(wanted == k, probabilities[:, k])
        some = np.linspace(0, len(recalled) - 1, min(len(recalled), POINTS)).round().astype(int)
        right.plot(others[some], recalled[some], label=f"{names[k]}, area {measured.auc[k]:.3f}")
    _roc(right)
    return saved(figure, form)


def _confusion(axes: Axes, names: Sequence[str], table: Counts) -> None:
    """Counts, on a ground as dark as their share of the class that is."""
    shares = table / table.sum(axis=1, keepdims=True).clip(min=1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for j, row in enumerate(table.tolist()):
        for k, count in enumerate(row):
            colour = "white" if shares[j, k] > 0.5 else "black"
            axes.text(k, j, f"{count:,}", ha="center", va="center", color=colour)
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    axes.set_title("confusion")


def _roc(axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], ":", color="grey", label="guessing, area 0.500")
    axes.set_xlabel("false positive rate")
    axes.set_ylabel("true positive rate")
    axes.set_title("ROC")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
