"""The workbook of a gated cell: sums too wide for a line, steps too tall for a page, and the second state."""

import io
from itertools import pairwise

import openpyxl
import pytest

from rnncalc import Problem
from rnncalc.workbook.write.drawing import WIDEST
from rnncalc.workbook.write.export import export

A4_POINTS = 842 - (0.6 + 0.8) * 72
"""What the margins leave of a page's height."""
ROW_POINTS = 15


@pytest.fixture(scope="module", params=["lstm", "gru"])
def book(request):
    return openpyxl.load_workbook(io.BytesIO(export(Problem.template(request.param))))


def block(sheet, name):
    """The rows of a quantity's picture."""
    names = {cell.row: cell.value for cell in sheet["A"] if cell.value}
    first = next(row for row, value in names.items() if value == name)
    below = min((row for row in names if row > first), default=sheet.max_row + 1)
    return list(sheet.iter_rows(min_row=first, max_row=below - 1))


def test_every_operand_of_a_wide_sum_is_drawn(book):
    drawn = {
        str(cell.value) for row in block(book["Backward"], "dh_next_2") for cell in row if isinstance(cell.value, str)
    }
    gates, others = ("ifgo", set()) if "dc_2" in book.defined_names else ("rz", {"∂E/∂rh₃", "r₃", "∂E/∂h₃", "z₃"})
    assert {f"∂E/∂a{gate}₃" for gate in gates} | {f"Wh{gate}ᵀ" for gate in gates} | others <= drawn


def test_no_picture_is_wider_than_there_is_room(book):
    for title in ("Forward", "Backward"):
        for row in book[title].iter_rows(min_row=4, min_col=WIDEST + 3):
            assert all(cell.value is None for cell in row)


def test_a_page_holds_what_is_between_its_breaks_and_can_be_read(book):
    sheet = book["Backward"]
    breaks = [one.id for one in sheet.row_breaks.brk]
    assert breaks == sorted(set(breaks))
    assert sheet.page_setup.scale >= 35
    for above, below in pairwise([0, *breaks, sheet.max_row]):
        assert (below - above) * ROW_POINTS * sheet.page_setup.scale / 100 <= A4_POINTS


def test_no_page_breaks_within_a_picture(book):
    sheet = book["Backward"]
    for one in sheet.row_breaks.brk:
        begins = [sheet.cell(one.id + 1, 1).value, sheet.cell(one.id + 3, 1).value]
        assert any(begins), f"row {one.id + 1} begins neither a quantity nor a step"


def test_the_board_shows_every_state_that_is_handed_on(book):
    shown = [cell.value for row in book["Board"].iter_rows() for cell in row]
    assert ("hₜ₋₁, cₜ₋₁" if "c_1" in book.defined_names else "hₜ₋₁") in shown
