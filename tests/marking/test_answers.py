"""Numbers as people type them."""

import pytest

from rnncalc.marking.answers import read_answer


@pytest.mark.parametrize(
    ("text", "number", "decimals"),
    [
        ("0.94", 0.94, 2),
        (" 0.940 ", 0.94, 3),
        ("-.5", -0.5, 1),
        ("−0.5", -0.5, 1),
        ("7", 7.0, 0),
        ("1e-3", 0.001, 3),
        ("1.25E2", 125.0, 0),
        ("0,94", 0.94, 2),
        ("-0,5", -0.5, 1),
        ("94.9%", 0.949, 3),
        ("1,234.5", 1234.5, 1),
        ("12,5", 12.5, 1),
        ("0,123", 0.123, 3),
    ],
)
def test_a_number_is_read_with_the_decimals_written(text, number, decimals):
    answer = read_answer(text)
    assert answer.number == pytest.approx(number, rel=1e-15)
    assert (answer.decimals, answer.problem) == (decimals, None)


def test_a_comma_before_three_digits_is_ambiguous_and_both_readings_are_told():
    answer = read_answer("1,234")
    assert (answer.number, answer.problem, answer.readings) == (None, "ambiguous", (1.234, 1234.0))


@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_nothing_is_blank(text):
    assert read_answer(text).problem == "blank"


@pytest.mark.parametrize("text", ["abc", "0.9.4", "1,2,3", "=1", "1e999", "nan", "inf", "--1", "0.94x", "e5", "%", "."])
def test_what_is_no_number_is_said(text):
    assert read_answer(text).problem == "not-a-number"


def test_half_a_unit_of_the_last_decimal_is_what_rounding_explains():
    assert read_answer("0.94").half_unit == pytest.approx(0.005)
    assert read_answer("94%").half_unit == pytest.approx(0.005)
