"""The Euclidean length of a table of numbers."""

from __future__ import annotations

import numpy as np

from rnncalc.scalars import Array


def length(array: Array) -> float:
    """√Σ a², worked with the largest entry taken out first, so that the squares of huge entries do not overflow."""
    largest = float(np.abs(array).max())
    return largest * float(np.linalg.norm(array / largest)) if largest else 0.0
