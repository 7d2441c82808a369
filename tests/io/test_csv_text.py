"""No text of a CSV is a formula, whichever sign a spreadsheet takes for the end of a cell."""

from __future__ import annotations

import csv
import io

import pytest
from classroom.finished import HOSTILE, is_formula
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.io.csv_text import as_it_was, harmless, write_csv

ALONE = ("=", "+", "-", "@")
"""A sign alone is calculated by no spreadsheet."""
SEPARATORS = ",;\t|: "
SIGNS = [*",;\t|:\"' \n\r=+-@＝", "=1+1", "-1", "1.5", "=cmd|' /C calc'!A0"]
pieces = st.one_of(st.sampled_from(SIGNS), st.text(max_size=3))
texts = st.one_of(st.sampled_from(HOSTILE), st.lists(pieces, max_size=8).map("".join))


def cells(text: str, separator: str) -> list[str]:
    """All cells of a CSV as a spreadsheet reads it with a separator, without the quotes and blanks around them."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [one for row in rows for cell in row if (one := cell.strip(' "\t\r\n')) not in ALONE]


@given(st.lists(texts, min_size=1, max_size=4), st.sampled_from(SEPARATORS))
def test_no_cell_is_a_formula_under_any_separator(row, separator):
    assert not any(is_formula(cell) for cell in cells(write_csv([row]), separator))


@given(st.lists(texts, min_size=1, max_size=4))
def test_every_text_can_be_had_back_as_it_was(row):
    (found,) = csv.reader(io.StringIO(write_csv([row]), newline=""))
    ended = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row]
    assert [as_it_was(cell, first=not i) for i, cell in enumerate(found)] == ended


@given(texts, st.booleans())
def test_a_kept_text_is_read_back_whatever_it_is(text, first):
    assert as_it_was(harmless(text, first=first), first=first) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a;=1+1;b", "a;'=1+1;b"), ("=1+1", "'=1+1"), ("x; @SUM(A1)", "x; '@SUM(A1)"), ("a\n+1+1", "a\n'+1+1"),
        ("a = b + c", "a = b + c"), ("a =b", "a '=b"), ("a; = b", "a; '= b"), ("Anna-Maria", "Anna-Maria"),
        ("ada@school.example", "ada@school.example"), ("-", "-"), ("A - B", "A - B"),
        ("-1.5", "-1.5"), ("a;-1.5;b", "a;'-1.5;b"), ("h_1[2]", "h_1[2]"), ("O'Neill", "O'Neill"),
    ],
)  # fmt: skip
def test_what_a_text_becomes(text, kept):
    assert harmless(text) == kept


def test_numbers_in_a_table_are_left_alone():
    assert write_csv([[-1.5, "-1.5", "+2e3", 0, "-"]]) == "-1.5,-1.5,+2e3,0,-\n"


def test_a_number_that_begins_a_row_is_text_too_as_others_could_be_read_as_one_with_it():
    assert write_csv([["-5", "-5"], ["-", "-"], [5, "5"]]) == "'-5,-5\n'-,-\n5,5\n"
