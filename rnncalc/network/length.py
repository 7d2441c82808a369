"""The Euclidean length of tables of numbers."""

from __future__ import annotations

import numpy as np

from rnncalc.language.trees import Array


def length(*arrays: Array) -> float:
    """√Σ a², worked with the largest entry taken out first, so that the squares of huge entries do not overflow."""
    entries = np.concatenate([array.ravel() for array in arrays])
    largest = float(np.abs(entries).max())
    return largest * float(np.linalg.norm(entries / largest)) if largest else 0.0
