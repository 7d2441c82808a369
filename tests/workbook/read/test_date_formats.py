"""Whether a cell shows its number as a date, by the format of its style; openpyxl says so too."""

import io

import openpyxl
import pytest
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from rnncalc.workbook.areas import Area, Cell
from rnncalc.workbook.read.reading import StrangersFile

FORMATS = [
    *BUILTIN_FORMATS.values(), "d.m.", "yyyy-mm-dd", "mmm yy", "dd/mm/yyyy;@", "[$-407]d. mmmm yyyy", '0.0 "days"',
    "[Red]0.00", "0.0000", '"d"0', "0.00\\d",
]  # fmt: skip


def saved(formats: list[str], number: float) -> StrangersFile:
    made = openpyxl.Workbook()
    made.active.title = "S"
    for row, text in enumerate(formats, 1):
        made.active.cell(row, 1, number).number_format = text
    made.save(file := io.BytesIO())
    return StrangersFile(file.getvalue(), "homework.xlsx")


@pytest.mark.parametrize("number", [45901.0, 20000.0])
def test_a_date_is_told_by_its_format(number):
    found = saved(FORMATS, number).cells([Area("S", 1, 1, len(FORMATS), 1)])
    for row, text in enumerate(FORMATS, 1):
        if ":" not in text:  # a time of day may count as either
            assert found[Cell("S", row, 1)].date == is_date_format(text), text


@pytest.mark.parametrize("number", [0.0, 1.0, 0.9365, 45901.5, -45901.0])
def test_a_number_that_is_no_date_of_our_times_stays_a_number(number):
    found = saved(["yyyy-mm-dd"], number).cells([Area("S", 1, 1, 1, 1)])
    assert found[Cell("S", 1, 1)] == (number, "", False, False)
