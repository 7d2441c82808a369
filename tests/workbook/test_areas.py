"""Which cells a table stands in, and how formulas name them."""

import pytest
from openpyxl.utils import get_column_letter

from rnncalc.workbook.areas import LAST_COLUMN, LAST_ROW, Area, Cell, column_letters, span


def test_columns_are_named_as_spreadsheets_name_them():
    assert [column_letters(n) for n in (1, 26, 27, 52, 53, 702, 703)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    assert column_letters(LAST_COLUMN) == "XFD"
    assert [column_letters(n) for n in range(1, LAST_COLUMN + 1)] == [
        get_column_letter(n) for n in range(1, LAST_COLUMN + 1)
    ]


def test_a_sheet_ends_where_excels_does():
    assert (LAST_COLUMN, LAST_ROW) == (2**14, 2**20)


@pytest.mark.parametrize(
    ("fixed", "address"),
    [
        ({}, "B5"),
        ({"fix_row": True}, "B$5"),
        ({"fix_column": True}, "$B5"),
        ({"fix_row": True, "fix_column": True}, "$B$5"),
    ],
)
def test_a_cell_is_named_by_the_shortest_address_on_its_own_sheet(fixed, address):
    assert Cell("Inputs", 5, 2).address("Inputs", **fixed) == address


@pytest.mark.parametrize("fixed", [{}, {"fix_row": True}, {"fix_column": True}])
def test_from_another_sheet_a_cell_is_named_in_full(fixed):
    assert Cell("Inputs", 5, 2).address("Forward", **fixed) == "Inputs!$B$5"


AREA = Area("Inputs", 5, 2, 3, 4)


def test_an_element_of_an_area_is_counted_from_0():
    assert AREA.cell(0, 0) == Cell("Inputs", 5, 2)
    assert AREA.cell(2, 3) == Cell("Inputs", 7, 5)


@pytest.mark.parametrize(
    ("area", "here", "address"),
    [
        (AREA, "Inputs", "B5:E7"),
        (AREA, "Forward", "Inputs!$B$5:$E$7"),
        (AREA, "", "Inputs!$B$5:$E$7"),
        (Area("Inputs", 5, 2, 1, 1), "Inputs", "B5"),
        (Area("Inputs", 5, 2, 1, 1), "", "Inputs!$B$5"),
        (Area("Inputs", 5, 26, 1, 2), "Inputs", "Z5:AA5"),
    ],
)
def test_an_area_is_named_by_its_corners(area, here, address):
    assert area.address(here) == address


def test_a_span_is_the_area_between_two_cells():
    assert span(Cell("Inputs", 5, 2), Cell("Inputs", 7, 5)) == AREA
    assert span(Cell("Inputs", 5, 2), Cell("Inputs", 5, 2)) == Area("Inputs", 5, 2, 1, 1)
