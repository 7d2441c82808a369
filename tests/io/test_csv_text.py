"""What stands between the cells of a CSV, and that no text is a formula, whatever a spreadsheet takes for it."""

from __future__ import annotations

import csv
import io

import pytest
from classroom.finished import HOSTILE, is_formula
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.errors import FileError
from rnncalc.io.csv_text import as_it_was, cells_of, csv_text, harmless, read_csv, write_csv

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


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "rows", "between"),
    [
        ("a,b;c\n1,2\n", [["a", "b;c"], ["1", "2"]], ","),
        ('"a,b,c";d;e\n1;2;3\n', [["a,b,c", "d", "e"], ["1", "2", "3"]], ";"),
        ("\n\na\tb\r1\t2", [[], [], ["a", "b"], ["1", "2"]], "\t"),
        ("sep=|\na|b\n", [[], ["a", "b"]], "|"),
        ("", [], ","),
    ],
)
def test_a_table_is_read_by_what_stands_in_its_first_line(text, rows, between):
    assert read_csv(text, "x") == (rows, between)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("0,5;1,5\n", [["0,5", "1,5"]]),
        ("0,5\t1,5\r2\t3", [["0,5", "1,5"], ["2", "3"]]),
        ("'0.5', '1'\n'2', '3'\n", [["0.5", "1"], ["2", "3"]]),
        ('"0,5", "1"\n', [["0,5", "1"]]),
        ("1'000,2\n", [["1'000", "2"]]),
        ("sep=,\n0.5,1\n", [[], ["0.5", "1"]]),
        ('0.5,"1', [["0.5", "1"]]),
    ],
)
def test_numbers_are_read_with_decimal_commas_and_in_quotes_of_either_kind(text, rows):
    assert read_csv(text, "x", of_numbers=True)[0] == rows


def test_quotes_that_do_not_fit_are_said():
    with pytest.raises(FileError, match=r"^x cannot be read as CSV: unexpected end of data"):
        read_csv('a,b\n1,"2', "x")
    assert (cells_of('1,"2', ","), cells_of("1;2", ";")) == (None, ["1", "2"])


def test_our_own_rows_are_written_as_they_are():
    assert csv_text([("name", "value"), ("h_1", "-0.5")]) == "name,value\nh_1,-0.5\n"
