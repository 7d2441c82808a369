"""The Unrolled sheet of a worksheet only shows: it is locked, looks so, and what is typed on it is told."""

from __future__ import annotations

import io

import openpyxl
import pytest
from engines.cases import CASES
from workbook.filled import HELLO, blank, fill_in, read, true_numbers, verified

from rnncalc.network.update_step import whole_trace
from rnncalc.render.document import Paragraph
from rnncalc.render.report import report_parts
from rnncalc.workbook.write.export import export
from rnncalc.workbook.write.unrolled import TITLE, area_of, has_all
from rnncalc.workbook.write.worksheet import worksheet

FILLED = fill_in(blank(), true_numbers(whole_trace(HELLO)), 4)
SMALL = {name: case.problem for name, case in CASES.items() if case.small and has_all(whole_trace(case.problem))}


def typed(file: bytes, **cells: object) -> bytes:
    """The worksheet with something typed into cells of the sheet."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    for address, value in cells.items():
        book[TITLE][address] = value
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def remarks(file: bytes) -> list[str]:
    return read(file).remarks


def test_a_worksheet_locks_it_alone_and_a_live_workbook_does_not():
    book = openpyxl.load_workbook(io.BytesIO(blank()))
    assert [sheet.title for sheet in book if sheet.protection.sheet] == [TITLE]
    live = openpyxl.load_workbook(io.BytesIO(export(HELLO)))
    assert not any(sheet.protection.sheet for sheet in live)


@pytest.mark.parametrize("problem", SMALL.values(), ids=SMALL)
def test_no_cell_of_it_looks_like_a_place_for_an_answer_or_a_result(problem):
    book = openpyxl.load_workbook(io.BytesIO(worksheet(problem)[0]))
    styles = {cell.style for row in book[TITLE].iter_rows() for cell in row if cell.value is not None}
    assert not styles & {
        f"rnncalc {role}" for role in ("answer", "hidden", "output", "loss", "gradient", "given", "input")
    }


@pytest.mark.parametrize("problem", SMALL.values(), ids=SMALL)
def test_every_number_of_it_lies_where_it_is_looked_for(problem):
    area = area_of(whole_trace(problem))
    book = openpyxl.load_workbook(io.BytesIO(export(problem)))
    for row in book[TITLE].iter_rows(min_row=area.row):
        for cell in row:
            if cell.data_type == "f":
                assert area.row <= cell.row < area.row + area.rows
                assert area.column <= cell.column < area.column + area.columns


@pytest.mark.parametrize("problem", SMALL.values(), ids=SMALL)
def test_nothing_is_said_of_a_sheet_as_it_was_handed_out(problem):
    assert remarks(worksheet(problem)[0]) == []
    assert remarks(export(problem)) == []


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (
            {"E13": 0.69},
            "1 number was typed on the sheet Unrolled and does not count, ",
        ),
        ({"E13": 0.69, "G13": "0,94", "I14": "-1"}, "3 numbers were typed on the sheet Unrolled and do not count, "),
    ],
)
def test_numbers_typed_there_are_told_and_do_not_count(cells, says):
    file = typed(FILLED, **cells)
    (said,) = remarks(file)
    assert said.startswith(says)
    assert said.endswith("Type answers on Forward.")
    report = verified(file)
    assert report.verdict == "correct"
    page = report_parts(report, whole_trace(HELLO), "hint", 4, whole=True, remarks=[said])
    assert Paragraph(said, "words") in page


def test_words_typed_there_are_passed_over():
    assert remarks(typed(FILLED, E13="my notes", K40="see Forward")) == []


def test_where_there_is_no_room_to_read_it_the_sheet_is_passed_over(monkeypatch):
    file = typed(FILLED, E13=0.69)
    monkeypatch.setattr("rnncalc.workbook.read.submission.MAX_CELLS", 0)
    assert remarks(file) == []
    assert verified(file).verdict == "correct"
