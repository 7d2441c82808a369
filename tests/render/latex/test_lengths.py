"""Widths of a page as people type them."""

import math

import pytest

from rnncalc.render.latex.lengths import TEXT_WIDTH, points


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("12cm", 341.433), ("345pt", 345), ("6.5in", 469.755), ("120 mm", 341.433), ("30pc", 360), ("400BP", 401.5),
     ("none", math.inf)],
)  # fmt: skip
def test_a_length_in_points(typed, expected):
    assert points(typed) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("typed", ["", "12", "cm", "-3cm", "1e3pt", "12 parsecs", "12em", "nan", "inf", "1cm2"])
def test_what_is_no_length_is_told(typed):
    with pytest.raises(ValueError, match=r"is not a length. Use one such as 12cm, 345pt or 6.5in, or none"):
        points(typed)


@pytest.mark.parametrize("typed", ["4.9cm", "0pt", "501cm"])
def test_what_is_no_width_of_a_page_is_told(typed):
    with pytest.raises(ValueError, match="is not a width for a page"):
        points(typed)


def test_a_page_of_a4_has_16_cm_of_text():
    assert pytest.approx(points("16cm")) == TEXT_WIDTH
