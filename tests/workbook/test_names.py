"""Defined names: one for each quantity, and such as Excel takes."""

import io
import re

import openpyxl
import pytest

from rnncalc import Problem
from rnncalc.workbook.areas import LAST_COLUMN, column_letters
from rnncalc.workbook.export import export_trace, trace_through

PROBLEMS = {
    "hello": Problem.template("hello"),
    "output bias": Problem.draw("banana", output_bias=True, hidden=2),
    "mean": Problem.draw("abc", loss_reduction="mean", targets="last"),
}


def faults(names: list[str]) -> list[str]:
    """Names that Excel refuses; LibreOffice is laxer."""
    found = [n for n in names if not re.fullmatch(r"[A-Za-z_\\][A-Za-z0-9_.\\?]{0,254}", n)]
    found += [n for n in names if n.upper() in ("R", "C") or re.fullmatch(r"[Rr]\d*[Cc]\d*", n)]
    for n in names:
        cell = re.fullmatch(r"([A-Za-z]{1,3})\d+", n)
        if cell and column(cell[1]) <= LAST_COLUMN:
            found.append(n)
    return found + [n for n in names if [m.casefold() for m in names].count(n.casefold()) > 1]


def column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("clip", [{"clip": 0.5}, {"clip_norm": 1.0}])
def test_every_quantity_has_one_name_that_excel_takes_and_its_shape(name, clip):
    trace = trace_through(PROBLEMS[name], None, **clip)
    book = openpyxl.load_workbook(io.BytesIO(export_trace(trace)))
    names = list(book.defined_names)
    assert set(trace) <= set(names)
    assert faults(names) == []
    for q in trace.values():
        ((sheet, where),) = book.defined_names[q.name].destinations
        cells = book[sheet][where.replace("$", "")]
        shape = (len(cells), len(cells[0])) if isinstance(cells, tuple) else (1, 1)
        assert shape == q.shape, q.name


@pytest.mark.parametrize("name", ["h1", "Wxh2", "XFD1", "R", "c", "R1C1", "r2", "a b", "1h", "h-1", "x" * 256])
def test_the_check_of_names_finds_what_excel_refuses(name):
    assert faults([name, "loss"]) == [name]


def test_the_check_of_names_finds_two_that_differ_in_case_alone():
    assert faults(["e_1", "E_1"]) == ["e_1", "E_1"]


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_columns_have_letters(number, letters):
    assert column_letters(number) == letters
    assert column(letters) == number
