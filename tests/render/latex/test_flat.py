"""Fractions and roots on one line."""

import pytest

from rnncalc.render.latex.flat import flat


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"p = \frac{6.7}{\left(1.5 + 2\right)}", r"p = 6.7 / \left(1.5 + 2\right)"),
        (r"\frac{a + b}{c}", r"\left(a + b\right) / c"),
        (r"\frac{\frac{a}{b}}{c}", r"\left(a / b\right) / c"),
        (r"\frac{\left(a\right) + \left(b\right)}{c}", r"\left(\left(a\right) + \left(b\right)\right) / c"),
        (r"\sqrt{a^2 + b^2}", r"\left(a^2 + b^2\right)^{1/2}"),
        (r"\sqrt{a}", r"a^{1/2}"),
        (r"\frac{\partial E}{\partial a_{1}} \cdot x", r"\frac{\partial E}{\partial a_{1}} \cdot x"),
        (r"\frac{1}{\frac{\partial E}{\partial a}}", r"1 / \left(\frac{\partial E}{\partial a}\right)"),
        ("a + b", "a + b"),
    ],
)
def test_what_stands_above_each_other_stands_in_a_row(latex, expected):
    assert flat(latex) == expected
