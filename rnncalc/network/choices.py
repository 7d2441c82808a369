"""The choices that a network leaves, the first of each the default but of RECURRENT, and the limits of what is worked.
It loads nothing, so that help pages may read it."""

from __future__ import annotations

from collections.abc import Mapping

REDUCTIONS = ("sum", "mean")
OUTPUTS = ("every", "last", "none")
OUTPUT_FUNCTIONS = ("softmax", "sigmoid", "linear")
RECURRENT = ("scalar", "matrix")
SOFTMAX = ("plain", "shifted")
"""Softmax of the scores as they are, or with the largest taken away first."""
LOSSES: Mapping[str, tuple[str, ...]] = {
    "cross-entropy": ("softmax",),
    "binary-cross-entropy": ("sigmoid",),
    "squared-error": ("softmax", "sigmoid", "linear"),
    "none": OUTPUT_FUNCTIONS,
}
"""Each loss and the outputs that it is for."""
DEFAULT_LOSS = {"softmax": "cross-entropy", "sigmoid": "binary-cross-entropy", "linear": "squared-error"}
DEFAULT_ETA = 0.1
MAX_HIDDEN = 1024
"""Units of a drawn layer, recurrent or dense, and numbers of a drawn embedding."""
MAX_LAYERS = 9
"""Recurrent layers of a drawn network, and dense layers of its head."""
MAX_NUMBERS = 100_000_000
"""The numbers that one trace may hold: 800 MB."""


def has_softmax(output_function: str, output_at: str) -> bool:
    """Whether there is a softmax, which has a form."""
    return output_function == "softmax" and output_at != "none"
