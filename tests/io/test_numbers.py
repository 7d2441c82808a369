"""Numbers as people read them."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rnncalc.io.numbers import WIDEST, given_decimals, number, table


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (0.84606, 6, "0.846060"),
        (-0.5, 2, "-0.50"),
        (12.0, 0, "12"),
        (0.0, 6, "0.000000"),
        (-0.0, 6, "0.000000"),
        (0.125, 2, "0.12"),
        (0.0049, 2, "5e-03"),
        (-0.0049, 2, "-5e-03"),
        (0.005, 2, "0.01"),
        (3e-9, 6, "3.000e-09"),
        (-1e-300, 6, "-1.000e-300"),
        (0.4, 0, "4e-01"),
        (123456789.0, 1, "123456789.0"),
        (1234567890.0, 6, "1.235e+09"),
    ],
)
def test_how_a_number_is_shown(value, decimals, shown):
    assert number(value, decimals) == shown


@example(0.5, 0)  # half a unit, which rounds to even: to 0
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 15))
def test_a_number_is_shown_within_half_a_unit_and_a_small_one_never_as_zero(value, decimals):
    shown, exact = number(value, decimals), Fraction(value)
    read = Fraction(shown)
    if "e" in shown:
        assert abs(read - exact) <= abs(exact) * Fraction(1, 2) / 10 ** max(decimals - 3, 0)
    else:
        assert abs(read - exact) <= Fraction(1, 2) / 10**decimals
        assert abs(value) < WIDEST
    assert (value == 0) == (read == 0)
    assert shown.startswith("-") == (value < 0)


def test_a_given_table_of_whole_numbers_shows_no_decimals():
    assert given_decimals([[0.0, 1.0], [2.0, -3.0]], 4) == 0
    assert given_decimals([[0.0, 0.5]], 2) == 2
    assert given_decimals([[WIDEST]], 2) == 2


def test_a_table_shows_every_number_with_as_many_decimals():
    assert table([[0, 1.0], [2, -3]], 4) == [["0.0000", "1.0000"], ["2.0000", "-3.0000"]]
    assert table([[0, 1.0], [2, -3]], 0) == [["0", "1"], ["2", "-3"]]
