"""What a figure is made of: rectangles, texts and lines, in points, from the left upper corner."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Literal, NamedTuple

Place = tuple[float, float]
Anchor = Literal["start", "middle", "end"]
_HEAD, _HALF_HEAD = 5.0, 2.2
"""The length of an arrow's head, and half of its width."""


class Rectangle(NamedTuple):
    """An area with a border; ``fill`` and ``border`` are colours such as D6EAF8."""

    left: float
    top: float
    width: float
    height: float
    fill: str
    border: str


class Text(NamedTuple):
    """Words on one line: where they start, have their middle or end, and the line that they stand on."""

    x: float
    baseline: float
    text: str
    size: int
    anchor: Anchor = "middle"
    colour: str = "000000"
    bold: bool = False


class Line(NamedTuple):
    """A line through some points, with an arrow's head at the last."""

    points: Sequence[Place]
    colour: str
    dashed: bool = False

    @property
    def head(self) -> tuple[Place, Place, Place]:
        """The corners of the head, its tip first."""
        (x, y), (tip_x, tip_y) = self.points[-2:]
        length = math.hypot(tip_x - x, tip_y - y) or 1.0
        across, down = (tip_x - x) / length, (tip_y - y) / length
        back_x, back_y = tip_x - _HEAD * across, tip_y - _HEAD * down
        side_x, side_y = -_HALF_HEAD * down, _HALF_HEAD * across
        return (tip_x, tip_y), (back_x + side_x, back_y + side_y), (back_x - side_x, back_y - side_y)

    @property
    def shaft(self) -> list[Place]:
        """The line up to the middle of the head."""
        tip, left, right = self.head
        middle = ((tip[0] + (left[0] + right[0]) / 2) / 2, (tip[1] + (left[1] + right[1]) / 2) / 2)
        return [*self.points[:-1], middle]


Shape = Rectangle | Text | Line


class Group(NamedTuple):
    """Shapes that belong together: those of a quantity with its name and its equation, all others without."""

    shapes: list[Shape]
    name: str = ""
    says: str = ""


class Drawing(NamedTuple):
    """A figure: its size, a title and a description for those who do not see it, and its shapes, later ones on top."""

    width: float
    height: float
    title: str
    says: str
    groups: list[Group]


def text_width(text: str, size: float) -> float:
    """How wide a text is at most in the usual fonts without serifs, in points."""
    return size * sum(map(_em, text))


def _em(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.05
    if unicodedata.combining(sign):
        return 0.0
    if sign in " .,:;|!'()[]ijlIftr" or unicodedata.category(sign) == "Lm" or sign in "₀₁₂₃₄₅₆₇₈₉₊₋⁽⁾":
        return 0.42
    return 0.9 if sign in "mwMW⊙@%" else 0.84 if sign in "+−=<>" else 0.66
