"""Lengths as LaTeX takes them: 12cm, 345pt, 6.5in."""

from __future__ import annotations

import math
import re

_POINTS = {"pt": 1.0, "bp": 72.27 / 72, "in": 72.27, "cm": 72.27 / 2.54, "mm": 7.227 / 2.54, "pc": 12.0}
NARROWEST, WIDEST = 5 * _POINTS["cm"], 500 * _POINTS["cm"]
A4_WIDTH, A4_HEIGHT, MARGIN = (n * _POINTS["cm"] for n in (21, 29.7, 2.5))
TEXT_WIDTH = A4_WIDTH - 2 * MARGIN
"""The text of an A4 page with margins of 2.5 cm, in points."""
AS_WIDE_AS_NEEDED = math.inf


def points(length: str) -> float:
    """A length in LaTeX's points; ``none`` is endless.

    Raises ValueError, with what is right, for what is no length or no width for a page.
    """
    text = length.strip().lower()
    if text == "none":
        return AS_WIDE_AS_NEEDED
    known = re.fullmatch(r"(\d+\.?\d*|\.\d+)\s*([a-z]+)", text)
    if known is None or known[2] not in _POINTS:
        raise ValueError(f"{length!r} is not a length. Use one such as 12cm, 345pt or 6.5in, or none")
    value = float(known[1]) * _POINTS[known[2]]
    if not NARROWEST - 0.01 <= value <= WIDEST:
        raise ValueError(f"{length!r} is not a width for a page. Use 5cm to 500cm")
    return value
