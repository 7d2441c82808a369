"""What a spreadsheet's language makes of a right number is said, and of no other number."""

from datetime import date
from random import Random

import pytest

from rnncalc.marking.answers import Answer
from rnncalc.marking.locale_slips import as_date, locale_slip

RANDOM = Random(11)
EXPECTED = [1.90611, -0.79123, 0.28702, 12.34567, *(RANDOM.uniform(-4, 4) for _ in range(60))]


def typed(number: float, text: str = "") -> Answer:
    return Answer(text or f"{number:.10g}", float(number), 4)


def serial(year: int, month: int, day: int) -> int:
    """A date as spreadsheets count it."""
    return (date(year, month, day) - date(1899, 12, 30)).days


@pytest.mark.parametrize("decimals", [3, 4, 5, 6])
def test_a_number_without_its_decimal_sign_is_explained(decimals):
    for expected in EXPECTED:
        shown = f"{expected:.{decimals}f}"
        number = int(shown.replace(".", ""))
        if abs(number) >= 10:
            said = locale_slip(typed(number), expected)
            assert f"reads {shown.replace('.', ',')} or {shown} as {number} if" in said


@pytest.mark.parametrize("year", [1999, 2025, 2026])
def test_a_date_of_day_and_month_is_explained(year):
    for day, month in ((1, 9), (2, 1), (3, 12), (12, 5), (28, 2)):
        written = f"{day}.{month}"
        said = locale_slip(typed(serial(year, month, day)), float(written) + 0.003)
        assert f" {written} into the date {date(year, month, day)} ({serial(year, month, day)});" in said


def test_a_date_of_month_and_year_is_explained():
    for month, year in ((1, 9061), (2, 2345), (3, 7912)):
        said = locale_slip(typed(serial(year, month, 1)), float(f"{month}.{year}") + 0.00004)
        assert f" {month}.{year} into the date {date(year, month, 1)} " in said


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1907, 1.9061),
        (19060, 1.9061),
        (-1906, 1.9061),
        (45901, 2.4),
        (45901, -1.9),
        (19, 1.9),
        (2, 0.002),
        (1.5, 0.0015),
    ],
)
def test_another_number_is_not_explained(number, expected):
    assert locale_slip(typed(number), expected) == ""


def test_a_number_that_a_formula_gave_was_not_typed():
    assert locale_slip(typed(1906)._replace(formula="=953*2"), 1.9061) == ""


def test_a_cell_that_shows_a_date_is_told_though_no_number_makes_it():
    day = as_date(45901.0)
    assert day == date(2025, 9, 1)
    assert "turned what was typed into the date 2025-09-01" in locale_slip(typed(45901, str(day)), 0.25)
    assert [as_date(n) for n in (0.5, 1.0, 45901.5, 1e12, -45901.0)] == [None] * 5
