"""Formulas filled along are the formulas written one by one, in every workbook, and also where no pattern fits."""

from collections.abc import Callable

import pytest
from engines.cases import CASES, draw

from rnncalc.workbook import formulas
from rnncalc.workbook.areas import Cell, column_letters, column_number
from rnncalc.workbook.fill_along import fill_along
from rnncalc.workbook.write.export import export


def plain(formula: Callable[[int, int], str], rows: int, columns: int) -> list[list[str]]:
    return [[formula(i, j) for j in range(columns)] for i in range(rows)]


@pytest.mark.parametrize("name", list(CASES)[::2])
def test_every_other_workbook_is_the_same_byte_for_byte(name, monkeypatch):
    filled = CASES[name].file("cells")
    monkeypatch.setattr(formulas, "fill_along", plain)
    assert CASES[name].file("cells") == filled


def test_so_is_a_trained_one_of_many_columns(monkeypatch):
    problem = draw("abcdefghijklmnopqrstuvwxyzabc", hidden=9, cell_kind="lstm", output_bias=True)
    filled = export(problem)
    monkeypatch.setattr(formulas, "fill_along", plain)
    assert export(problem) == filled


def cell(row: int, column: int, sheet: str = "Forward", **fixed: bool) -> str:
    return Cell(sheet, row, column).address("Forward", **fixed)


WRITERS = {
    "a product": lambda i, j: f"{cell(4 + i, 25, fix_column=True)}*{cell(9, 24 + j, fix_row=True)}",
    "transposed": lambda i, j: f"TANH({cell(4 + j, 20 + i)})+{cell(3, 3, 'Inputs')}",
    "a sheet named like a weight": lambda i, j: f"SUM(MMULT(Wv_D1!$C${5 + i}:$F${5 + i},{cell(7, 2 + j)}))",
    "functions and numbers that look like cells": lambda i, j: f"LOG10({cell(1 + i, 1 + j)})*1E10+2.5E3%",
    "nothing that moves": lambda i, j: "1+A1",
    "a number of its own": lambda i, j: f"IF(A1={i + 1},1,{j})",
    "other signs in the last row": lambda i, j: "A1+B1" if i == 6 else f"A1*{cell(2 + i, 5)}",
    "steps that are not whole": lambda i, j: cell(1 + i // 2, 1 + j * j),
    "bent in the middle": lambda i, j: cell(1 + (99 if i == 3 else i), 1 + j),
    "fixed in one row alone": lambda i, j: cell(1 + i, 1 + j, fix_row=i == 0),
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (7, 1), (1, 9), (7, 9), (2, 2)])
def test_what_is_written_one_by_one_is_filled_along(name, rows, columns):
    assert fill_along(WRITERS[name], rows, columns) == plain(WRITERS[name], rows, columns)


def test_a_table_takes_few_formulas_to_write():
    written = []
    fill_along(lambda i, j: written.append((i, j)) or cell(1 + i, 1 + j), 20, 30)
    assert len(written) == 4


def test_a_column_is_its_letters_number():
    assert all(column_number(column_letters(column)) == column for column in range(1, 16_385))
