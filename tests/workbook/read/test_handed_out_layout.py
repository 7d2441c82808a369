"""Worksheets whose names a program dropped, cell by cell as it writes them: read where they stood, or refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from engines.cases import CASES, file
from workbook.filled import HELLO, blank, fill_in, marked, read, true_numbers

from rnncalc.errors import FileError
from rnncalc.marking.blanks import blanks_of
from rnncalc.marking.status import RIGHT
from rnncalc.network.update_step import whole_trace
from rnncalc.workbook.problem_text import settings_of
from rnncalc.workbook.read.submission import Submission

Change = Callable[[openpyxl.Workbook], None]
BEFORE = Path(__file__).parents[2] / "data" / "before"
PROBLEMS = {
    "hello": (HELLO, ()),
    "some of hello": (HELLO, ("h_2", "p_2", "dWhh")),
    **{
        name: (CASES[name].problem, ask_for)
        for name, ask_for in {
            "lstm, one unit": (),
            "gru on lstm on rnn, a head, mean": ("forward",),
            "words, embedding, classes at the last step": (),
            "numbers read, squared error": ("backward",),
            "9 units, 10 letters": ("forward",),
            "digits": (),
            "'1TRUE": ("forward",),
            "generated letters, backward": (),
        }.items()
    },
}
SHIFTS = {"as it stood": (0, 0), "an index": (0, 1), "headings": (1, 0), "headings and an index": (1, 1)}


@cache
def filled(name: str) -> bytes:
    problem, ask_for = PROBLEMS[name]
    trace = whole_trace(problem)
    numbers = true_numbers(trace, *blanks_of(trace, ask_for).names)
    return fill_in(blank(*ask_for, problem=problem), numbers, 4)


def written_anew(content: bytes, down: int = 0, right: int = 0, change: Change = lambda _: None) -> bytes:
    """The values of all cells in a new workbook, without names, looks or formulas, as pandas or Numbers writes them."""
    old, new = openpyxl.load_workbook(io.BytesIO(content), data_only=True), openpyxl.Workbook()
    change(old)
    new.remove(new.active)
    for sheet in old.worksheets:
        copy = new.create_sheet(sheet.title)
        for number in range(1, right * 5):
            copy.cell(number + down, 1, number)
        for number in range(1, down * 5):
            copy.cell(1, number + right, f"Column{number}")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    copy.cell(cell.row + down, cell.column + right, cell.value)
    new.save(saved := io.BytesIO())
    return saved.getvalue()


def all_right(found: Submission) -> bool:
    return all(m.status in RIGHT for m in marked(found).marks)


@pytest.mark.parametrize(
    ("name", "shift"),
    [
        (name, shift)
        for i, name in enumerate(PROBLEMS)
        for j, shift in enumerate(SHIFTS)
        if name == "hello" or i % len(SHIFTS) == j  # one for each other problem, in turns
    ],
)
def test_right_numbers_are_right_without_names(name, shift):
    found = read(written_anew(filled(name), *SHIFTS[shift]))
    assert {a.name for a in found.answers} == {a.name for a in read(filled(name)).answers}
    assert all_right(found)
    assert "The names of the cells are gone" in found.remarks[0]


@pytest.mark.parametrize("name", list(PROBLEMS)[::2])
def test_a_class_is_marked_without_the_sheet_of_the_problem(name):
    """As rnncalc grade reads: it knows what it handed out."""

    def change(book: openpyxl.Workbook) -> None:
        del book["Problem"]

    problem, ask_for = PROBLEMS[name]
    trace = whole_trace(problem)
    trusted = settings_of(trace, blanks_of(trace, ask_for), 4)
    found = read(written_anew(filled(name), change=change), problem=problem, trusted=trusted)
    assert all_right(found)


@pytest.mark.parametrize("name", ["hello", "matrix Whh", "through backward"])
def test_an_exported_workbook_is_read_without_its_names(name):
    content = file(name, "cells")
    found = read(written_anew(content))
    assert {a.name for a in found.answers} == {q.name for q in CASES[name].trace().values() if q.rule is not None}
    assert all_right(found)


def test_each_cell_is_the_one_that_the_name_stood_for():
    found = read(written_anew(filled("hello"), 1, 1))
    named = read(filled("hello"))
    for ours, theirs in zip(found.answers, named.answers, strict=True):
        assert {p: a.number for p, a in ours.cells.items()} == {p: a.number for p, a in theirs.cells.items()}


def test_a_worksheet_of_an_earlier_version_is_read_without_its_names():
    """Its sentences, and the headings of its texts, are in other words."""
    assert all_right(read(written_anew((BEFORE / "hello-worksheet.xlsx").read_bytes())))


def a_row_inserted(book: openpyxl.Workbook) -> None:
    book["Forward"].insert_rows(30)


def a_column_inserted(book: openpyxl.Workbook) -> None:
    book["Backward"].insert_cols(8)


def a_row_deleted(book: openpyxl.Workbook) -> None:
    book["Forward"].delete_rows(30)


def another_label(book: openpyxl.Workbook) -> None:
    cell = next(c for row in book["Forward"].iter_rows() for c in row if c.value == "h₂")
    cell.value = "h₃"


def a_sheet_renamed(book: openpyxl.Workbook) -> None:
    book["Forward"].title = "Mine"


@pytest.mark.parametrize("change", [a_row_inserted, a_column_inserted, a_row_deleted, another_label, a_sheet_renamed])
def test_where_the_labels_do_not_stand_as_they_stood_nothing_is_guessed(change):
    with pytest.raises(FileError, match=r"the name \w+ is missing, so nothing shows where these numbers are"):
        read(written_anew(filled("hello"), change=change))


def test_another_problems_labels_are_not_taken_for_these():
    with pytest.raises(FileError):
        read(written_anew(filled("hello")), problem=CASES["lstm"].problem)
