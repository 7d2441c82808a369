"""The workbook of a marked copy: laid out as the worksheet, each answer in a colour and with a comment."""

import numpy as np
import openpyxl
import pytest
from engines.package import MAIN, Package
from workbook.filled import HELLO, by_openpyxl, saved
from workbook.test_audit import findings
from workbook.test_worksheet import words

from rnncalc import Problem
from rnncalc.network.update_step import whole_trace
from rnncalc.workbook.problem_text import Settings
from rnncalc.workbook.write.annotated import annotated
from rnncalc.workbook.write.filling import Note
from rnncalc.workbook.write.styles import MARKS
from rnncalc.workbook.write.worksheet import worksheet

TRACE = whole_trace(HELLO)
NOTES = {
    ("h_2", 0, 0): Note("correct", 0.9365, "Right."),
    ("h_2", 1, 0): Note("wrong", 0.1, "It is wrong.\nSee the equation <&>."),
    ("h_2", 2, 0): Note("blank", None, "Missing."),
    ("y_2", 0, 0): Note("not-a-number", "=1+1", "No number."),
    ("y_2", 1, 0): Note("carried", -0.5, ""),
    ("Wxh", 2, 3): Note("given-changed", 0.75, "It was given as something else."),
}


def made(notes=NOTES, problem: Problem = HELLO, asked=("h_2", "y_2"), **settings) -> bytes:
    return annotated(
        whole_trace(problem),
        asked,
        notes,
        settings=Settings(**settings),
        verdict=["Not yet right.", "First: this."],
        legend={"correct": "right: 1", "wrong": "wrong: 1"},
    )


COPY = made(decimals=4)


@pytest.mark.parametrize("place", NOTES)
def test_a_cell_has_its_value_its_colour_and_its_comment(place):
    name, i, j = place
    title, area = Package(COPY).area(name)
    cell = by_openpyxl(COPY)[title][area[i][j]]
    status, value, comment = NOTES[place]
    assert (cell.value, cell.style) == (value, f"rnncalc {status}")
    assert (cell.comment.text if cell.comment else "") == comment
    assert cell.data_type == ("s" if isinstance(value, str) else "n")


def test_there_are_no_other_comments():
    found = [c.comment.text for page in by_openpyxl(COPY) for row in page.iter_rows() for c in row if c.comment]
    assert sorted(found) == sorted(note.comment for note in NOTES.values() if note.comment)


def test_every_status_has_a_look_of_its_own_style():
    notes = {("y_1", i, 0): Note(status, 0.5, "") for i, status in enumerate(list(MARKS)[:4])}
    title, area = Package(made(notes, asked=("y_1",))).area("y_1")
    opened = by_openpyxl(made(notes, asked=("y_1",)))
    assert [opened[title][row[0]].style for row in area] == [f"rnncalc {status}" for status in list(MARKS)[:4]]


def test_an_answer_without_a_note_is_a_blank_to_fill_in():
    title, area = Package(COPY).area("y_2")
    cell = by_openpyxl(COPY)[title][area[3][0]]
    assert (cell.value, cell.style) == (None, "rnncalc answer")


def test_links_show_what_was_answered():
    """h_2 is drawn beside y_2; its last number is missing."""
    package = Package(COPY)
    title, area = package.area("h_2")
    shown = {}
    for where, address, text in package.formulas():
        for i, row in enumerate(area):
            if where == title and text == f'IF(ISBLANK({row[0]}),"",{row[0]})':
                shown[i] = package.value(where, address)
    assert shown == {0: 0.9365, 1: 0.1, 2: ""}


def test_it_is_laid_out_as_the_long_sheets_of_the_worksheet():
    handed_out = Package(worksheet(HELLO, ask_for=["h_2", "y_2"])[0])
    places = {
        name: place
        for name, place in handed_out.names.items()
        if not (name.endswith("_text") or name.startswith("board_"))
    }
    assert {name: Package(COPY).names[name] for name in places} == places


def test_the_first_page_has_the_verdict_and_what_the_colours_mean():
    lines = words(COPY)
    assert lines[:3] == ["hello: the marked worksheet", "Not yet right.", "First: this."]
    assert {"correct right: 1", "wrong wrong: 1"} <= set(lines)
    assert [line for line in lines if line.startswith("logarithms")]


def test_the_problem_goes_with_it():
    lines = words(made(decimals=3, truncate=2, clip=0.5), "Problem")
    assert {'text = "hello"', "decimals = 3", "truncate = 2", "clip = 0.5", '"h_2", "y_2"'} <= set(lines)


def test_it_is_not_protected():
    """Teachers may write in it."""
    marks = [page.find(f"{MAIN}sheetProtection") for page in Package(COPY).sheets.values()]
    assert all(mark is None or mark.get("sheet") == "0" for mark in marks)


WIDE, TINY = Problem.draw("abc", hidden=9, vocabulary="abcdefghij", output_bias=True), Problem.draw("aa", hidden=1)


@pytest.mark.parametrize("problem", [HELLO, WIDE, TINY], ids=["hello", "wide", "tiny"])
def test_the_audit_finds_nothing_that_it_does_not_find_in_an_empty_workbook(problem, tmp_path):
    computed = [q for q in whole_trace(problem).values() if q.rule is not None]
    notes = {
        (q.name, i, j): Note("wrong", 0.5, f"{q.name} is wrong.") for q in computed for i, j in np.ndindex(*q.shape)
    }
    known = findings(saved(openpyxl.Workbook()), tmp_path / "empty.xlsx")
    copied = made(notes, problem, [q.name for q in computed])
    assert findings(copied, tmp_path / "ours.xlsx") - known == set()
