"""Operations as formulas, character by character. (That the formulas are right, tests/engines proves.)"""

from __future__ import annotations

import re

import numpy as np
import pytest
from engines.cases import CASES, STYLES, package
from engines.package import MAIN, formula

from rnncalc import Quantity
from rnncalc.errors import FileError
from rnncalc.language import Constant, add, clamp, matmul, norm, over_number, scale, shorten, subtract, transpose
from rnncalc.language.functions import FUNCTIONS
from rnncalc.language.trees import Entry, Number, Scalar, call
from rnncalc.network.names import element_name
from rnncalc.workbook.areas import Area, Cell
from rnncalc.workbook.formulas import LONGEST, FormulaWriter, array_formula


def table(name: str, rows: int, columns: int) -> Quantity:
    return Quantity(name, np.zeros((rows, columns)), stage="given")


SMALL, TALL, WIDE, AFAR = table("S", 2, 2), table("T", 9, 9), table("W", 9, 9), table("A", 9, 9)
PLACES = {
    "S": Area("Here", 5, 2, 2, 2),
    "T": Area("Here", 11, 1, 9, 9),
    "W": Area("Here", 11, 21, 9, 9),
    "A": Area("Afar", 11, 21, 9, 9),
}
a, b, c, d = (Entry(SMALL, row, column) for row in range(2) for column in range(2))
"""They stand in B5, C5, B6 and C6."""


def locate(entry: Entry) -> Cell:
    assert isinstance(entry.of, Quantity)
    return PLACES[entry.of.name].cell(entry.row, entry.column)


def written(tree: Scalar) -> str:
    return FormulaWriter("Here", locate).formula(tree)


# ── one function at a time ────────────────────────────────────────────────────────────────────────────────────────

FORMULAS = {
    "plus": (call("plus", a, b, c), "B5+C5+B6"),
    "minus": (call("minus", a, b), "B5-C5"),
    "negative": (call("negative", a), "0-B5"),
    "times": (call("times", a, b, c), "B5*C5*B6"),
    "over": (call("over", a, b), "B5/C5"),
    "square": (call("square", a), "B5*B5"),
    "sum": (call("sum", a, b, c, d), "SUM(B5:C6)"),
    "dot": (call("dot", a, b, c, d), "$B5*B$6+$C5*C$6"),
    "largest": (call("largest", a, b, c, d), "MAX(B5:C6)"),
    "smallest": (call("smallest", a, b), "MIN(B5:C5)"),
    "root": (call("root", a), "SQRT(B5)"),
    "exp": (call("exp", a), "EXP(B5)"),
    "ln": (call("ln", a), "LN(B5)"),
    "log10": (call("log10", a), "LOG10(B5)"),
    "log2": (call("log2", a), "LOG(B5,2)"),
    "power of ten": (call("power of ten", a), "POWER(10,B5)"),
    "tanh": (call("tanh", a), "TANH(B5)"),
    "tan": (call("tan", a), "TAN(B5)"),
    "sinh": (call("sinh", a), "SINH(B5)"),
    "degrees": (call("degrees", a), "RADIANS(B5)"),
    "sigmoid": (call("sigmoid", a), "1/(1+EXP(MIN(0-B5,700)))"),
    "relu": (call("relu", a), "MAX(0,B5)"),
    "linear": (call("linear", a), "B5"),
    "is positive": (call("is positive", a), "IF(B5>0,1,0)"),
    "same": (call("same", a, b), "IF(EXACT(B5,C5),1,0)"),
    "size": (call("size", a), "ABS(B5)"),
    "is largest": (call("is largest", Number(2), a, c), "IF(MATCH(MAX(B5:B6),B5:B6,0)=2,1,0)"),
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_how_each_function_is_written(function):
    tree, text = FORMULAS[function]
    assert written(tree) == text


def test_a_function_without_a_formula_is_not_passed_over():
    with pytest.raises(TypeError, match="cosine"):
        written(call("cosine", a))


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (1, "1"), (4, "4"), (0.5, "0.5"), (100000, "100000")])
def test_how_a_number_of_the_rule_is_written(number, text):
    assert written(Number(number)) == text


# ── brackets ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (call("times", call("plus", a, b), c), "(B5+C5)*B6"),
        (call("times", call("minus", Number(1), call("square", a)), b), "(1-B5*B5)*C5"),
        (call("minus", a, call("plus", b, c)), "B5-(C5+B6)"),
        (call("minus", a, call("minus", b, c)), "B5-(C5-B6)"),
        (call("minus", call("minus", a, b), c), "B5-C5-B6"),
        (call("minus", a, call("times", b, c)), "B5-C5*B6"),
        (call("minus", a, call("negative", b)), "B5-(0-C5)"),
        (call("minus", a, call("dot", a, b, c, d)), "B5-($B5*B$6+$C5*C$6)"),
        (call("negative", call("plus", a, b)), "0-(B5+C5)"),
        (call("negative", call("dot", a, b, c, d)), "0-($B5*B$6+$C5*C$6)"),
        (call("over", a, call("times", b, c)), "B5/(C5*B6)"),
        (call("over", a, call("over", b, c)), "B5/(C5/B6)"),
        (call("over", call("plus", a, b), c), "(B5+C5)/B6"),
        (call("over", call("times", a, b), c), "B5*C5/B6"),
        (call("square", call("plus", a, b)), "(B5+C5)*(B5+C5)"),
        (call("tanh", call("plus", a, b)), "TANH(B5+C5)"),
        (call("sigmoid", call("minus", a, b)), "1/(1+EXP(MIN(0-(B5-C5),700)))"),
        (call("times", a, call("sigmoid", b)), "B5*1/(1+EXP(MIN(0-C5,700)))"),
        (call("over", a, call("sigmoid", b)), "B5/(1/(1+EXP(MIN(0-C5,700))))"),
        (call("plus", a, call("dot", b, c)), "B5+$C5*B$6"),
        (call("plus", a, call("minus", b, c)), "B5+C5-B6"),
    ],
)
def test_brackets_stand_where_they_are_needed_and_nowhere_else(tree, text):
    assert written(tree) == text


# ── sums of products ──────────────────────────────────────────────────────────────────────────────────────────────


def row(of: Quantity, i: int, length: int) -> list[Entry]:
    return [Entry(of, i, k) for k in range(length)]


def column(of: Quantity, j: int, length: int) -> list[Entry]:
    return [Entry(of, k, j) for k in range(length)]


def test_a_row_times_a_column_is_spelled_out_up_to_six_terms():
    text = "+".join(f"${letter}11*U${n}" for letter, n in zip("ABCDEF", range(11, 17), strict=True))
    assert written(call("dot", *row(TALL, 0, 6), *column(WIDE, 0, 6))) == text


def test_an_operand_on_another_sheet_is_named_in_full():
    assert written(call("dot", *row(AFAR, 0, 2), *column(WIDE, 0, 2))) == "Afar!$U$11*U$11+Afar!$V$11*U$12"


@pytest.mark.parametrize(
    ("left", "right", "text"),
    [
        (row(TALL, 1, 7), column(WIDE, 2, 7), "SUM(MMULT(A12:G12,W11:W17))"),
        (row(TALL, 1, 9), column(WIDE, 2, 9), "SUM(MMULT(A12:I12,W11:W19))"),
        (row(AFAR, 1, 9), column(WIDE, 2, 9), "SUM(MMULT(Afar!$U$12:$AC$12,W11:W19))"),
        (column(TALL, 1, 9), column(WIDE, 2, 9), "SUMPRODUCT(B11:B19,W11:W19)"),
        (row(TALL, 1, 9), row(WIDE, 2, 9), "SUMPRODUCT(A12:I12,U13:AC13)"),
    ],
)
def test_beyond_six_terms_it_is_a_function_of_two_ranges(left, right, text):
    assert written(call("dot", *left, *right)) == text


@pytest.mark.parametrize(
    ("left", "right", "ends"),
    [
        (column(TALL, 1, 9), row(WIDE, 2, 9), ["$B11*U$13", "$B19*AC$13"]),  # no function takes these two as they lie
        ([*row(TALL, 0, 8), Entry(TALL, 5, 5)], column(WIDE, 0, 9), ["$A11*U$11", "$F16*U$19"]),
        (row(TALL, 0, 9), column(WIDE, 0, 9)[::-1], ["$A11*U$19", "$I11*U$11"]),
        (row(TALL, 0, 9), [call("ln", e) for e in column(WIDE, 0, 9)], ["$A11*LN(U11)", "$I11*LN(U19)"]),
    ],
)
def test_what_is_no_pair_of_ranges_is_spelled_out_however_long(left, right, ends):
    terms = written(call("dot", *left, *right)).split("+")
    assert (len(terms), [terms[0], terms[-1]]) == (9, ends)


# ── many numbers ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("entries", "inside"),
    [
        ([a], "B5"),
        ([a, b], "B5:C5"),
        ([a, c], "B5:B6"),
        ([a, d], "B5,C6"),
        ([a, a], "B5,B5"),
        ([a, b, Entry(TALL, 0, 0)], "B5:C5,A11"),
        ([*row(TALL, 0, 3), *column(AFAR, 0, 2)], "A11:C11,Afar!$U$11:$U$12"),
        ([a, Number(3)], "B5,3"),
    ],
)
def test_a_range_stands_for_the_cells_that_fill_it_and_no_others(entries, inside):
    assert written(call("sum", *entries)) == f"SUM({inside})"


def test_the_length_of_tables_is_a_function_of_their_ranges():
    tree = norm.element(0, 0, SMALL, table("T", 2, 1))
    assert written(tree) == "SQRT(SUMSQ(B5:C6,A11:A12))"


# ── the length of a formula ───────────────────────────────────────────────────────────────────────────────────────


def test_a_formula_may_be_as_long_as_a_cell_takes_and_no_longer():
    """With its equals sign 8,192 characters."""
    most = (LONGEST - 1) // len("+B5")
    sums = [call("plus", *[a] * n) for n in (most, most + 1)]
    assert len(written(sums[0])) == 3 * most - 1 <= 8191
    with pytest.raises(
        FileError, match=f"^A formula would have {3 * most + 2:,} characters, but a cell can hold only 8,192"
    ):
        written(sums[1])


def test_an_array_formula_too():
    terms = [table(f"dWxh_{t}", 1, 1) for t in range(1000, 1820)]
    assert len(array_formula(add(*terms[:-1]))) == 819 * len("+dWxh_1000") - 1 == 8189
    with pytest.raises(FileError, match=r"^A formula would have 8,199 characters, but a cell can hold only 8,192"):
        array_formula(add(*terms))


# ── array formulas ────────────────────────────────────────────────────────────────────────────────────────────────

W, x, n, eta, g = table("Wxh", 3, 4), table("x_2", 4, 1), table("grad_norm", 1, 1), table("eta", 1, 1), table("g", 3, 4)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (matmul(W, x), "MMULT(Wxh,x_2)"),
        (matmul(transpose(W), W), "MMULT(TRANSPOSE(Wxh),Wxh)"),
        (scale(eta, add(W, g)), "eta*(Wxh+g)"),
        (subtract(W, scale(eta, g)), "Wxh-eta*g"),
        (subtract(W, subtract(W, g)), "Wxh-(Wxh-g)"),
        (over_number(add(W, g), Constant(4)), "(Wxh+g)/4"),
        (clamp(g, eta), "IF(g>eta,eta,IF(g<0-eta,0-eta,g))"),
        (shorten(g, eta, n), "g*(eta/MAX(grad_norm,eta))"),
        (add(*[x] * 7), "x_2+x_2+x_2+x_2+x_2+x_2+x_2"),
    ],
)
def test_an_array_formula_reads_like_the_equation(rule, text):
    assert array_formula(rule) == text


# ── in a workbook ─────────────────────────────────────────────────────────────────────────────────────────────────


def read(case: str, name: str, row: int = 1, column: int = 1) -> str:
    """An element's formula in the style cells, with the names of elements for the cells that it reads.

    A link stands for what it leads to: a picture's operands are links to the one place of each quantity.
    """
    book = package(case, "cells")
    elements = {
        (title, address): element_name(known, i + 1, j + 1, (len(area), len(area[0])))
        for known in book.names
        for title, area in [book.area(known)]
        for i, line in enumerate(area)
        for j, address in enumerate(line)
    }

    def follow(title: str, address: str) -> str:
        if (title, address) in elements:
            return elements[title, address]
        there, _, link = formula(book.cells[title][address]).replace("$", "").rpartition("!")
        return follow(there or title, link)

    title, area = book.area(name)
    return re.sub(
        r"(?:(\w+)!)?\$?([A-Z]{1,3})\$?([0-9]+)(?::\$?([A-Z]{1,3})\$?([0-9]+))?",
        lambda m: ":".join(
            follow(m[1] or title, letters + number)
            for letters, number in ((m[2], m[3]), (m[4], m[5]))
            if letters is not None
        ),
        formula(book.cells[title][area[row - 1][column - 1]]),
    )


LOGS = "target_2[1]*LN(p_2[1])+target_2[2]*LN(p_2[2])+target_2[3]*LN(p_2[3])+target_2[4]*LN(p_2[4])"
WANTED = "target_2[1]*y_2[1]+target_2[2]*y_2[2]+target_2[3]*y_2[3]+target_2[4]*y_2[4]"


@pytest.mark.parametrize(
    ("name", "row", "column", "text"),
    [
        ("x_2", 3, 1, "IF(EXACT(letters[1,2],vocabulary[3]),1,0)"),
        ("target_2", 1, 1, "IF(EXACT(wanted[1,2],vocabulary[1]),1,0)"),
        ("wx_2", 3, 1, "Wxh[3,1]*x_2[1]+Wxh[3,2]*x_2[2]+Wxh[3,3]*x_2[3]+Wxh[3,4]*x_2[4]"),
        ("wh_2", 1, 1, "Whh*h_1[1]+bh"),
        ("wh_1", 1, 1, "Whh*h_0[1]+bh"),
        ("a_2", 2, 1, "wx_2[2]+wh_2[2]"),
        ("h_2", 2, 1, "TANH(a_2[2])"),
        ("y_2", 4, 1, "Why[4,1]*h_2[1]+Why[4,2]*h_2[2]+Why[4,3]*h_2[3]"),
        ("exp_2", 2, 1, "EXP(y_2[2])"),
        ("p_2", 2, 1, "exp_2[2]/SUM(exp_2[1]:exp_2[4])"),
        ("loss_2", 1, 1, f"0-({LOGS})"),
        ("loss", 1, 1, "loss_1+loss_2+loss_3+loss_4"),
        ("dy_2", 1, 1, "p_2[1]-target_2[1]"),
        ("dh_out_2", 3, 1, "Why[1,3]*dy_2[1]+Why[2,3]*dy_2[2]+Why[3,3]*dy_2[3]+Why[4,3]*dy_2[4]"),
        ("dh_next_4", 1, 1, "0"),
        ("dh_next_2", 1, 1, "Whh*da_3[1]"),
        ("dh_2", 1, 1, "dh_out_2[1]+dh_next_2[1]"),
        ("da_2", 1, 1, "(1-h_2[1]*h_2[1])*dh_2[1]"),
        ("dWxh_2", 2, 3, "da_2[2]*x_2[3]"),
        ("dWhh_2", 1, 1, "da_2[1]*h_1[1]+da_2[2]*h_1[2]+da_2[3]*h_1[3]"),
        ("dbh_2", 1, 1, "SUM(da_2[1]:da_2[3])"),
        ("dWhy_2", 4, 2, "dy_2[4]*h_2[2]"),
        ("dWxh", 3, 4, "dWxh_1[3,4]+dWxh_2[3,4]+dWxh_3[3,4]+dWxh_4[3,4]"),
        ("dh_0", 2, 1, "Whh*da_1[2]"),
        ("grad_norm", 1, 1, "SQRT(SUMSQ(dWxh[1,1]:dWxh[3,4],dWhh,dbh,dWhy[1,1]:dWhy[4,3]))"),
        ("Whh_new", 1, 1, "Whh-eta*dWhh"),
        ("Why_new", 2, 3, "Why[2,3]-eta*dWhy[2,3]"),
    ],
)
def test_hello_in_cells(name, row, column, text):
    assert read("hello", name, row, column) == text


@pytest.mark.parametrize(
    ("case", "name", "row", "column", "text"),
    [
        ("matrix Whh", "wh_2", 2, 1, "Whh[2,1]*h_1[1]+Whh[2,2]*h_1[2]+Whh[2,3]*h_1[3]+bh[2]"),
        ("matrix Whh", "dh_next_2", 2, 1, "Whh[1,2]*da_3[1]+Whh[2,2]*da_3[2]+Whh[3,2]*da_3[3]"),
        ("matrix Whh", "dWhh_2", 2, 3, "da_2[2]*h_1[3]"),
        ("matrix Whh", "dbh_2", 2, 1, "da_2[2]"),
        ("shifted softmax", "exp_2", 2, 1, "EXP(y_2[2]-MAX(y_2[1]:y_2[4]))"),
        ("shifted softmax", "p_2", 2, 1, "exp_2[2]/SUM(exp_2[1]:exp_2[4])"),
        ("shifted softmax", "loss_2", 1, 1, f"LN(SUM(exp_2[1]:exp_2[4]))+MAX(y_2[1]:y_2[4])-({WANTED})"),
        ("relu", "h_1", 2, 1, "MAX(0,a_1[2])"),
        ("relu", "da_1", 2, 1, "IF(a_1[2]>0,1,0)*dh_1[2]"),
        ("sigmoid", "h_1", 2, 1, "1/(1+EXP(MIN(0-a_1[2],700)))"),
        ("sigmoid", "da_1", 2, 1, "h_1[2]*(1-h_1[2])*dh_1[2]"),
        ("linear", "h_1", 2, 1, "a_1[2]"),
        ("linear", "da_1", 2, 1, "dh_1[2]"),
        ("mean", "loss", 1, 1, "(loss_1+loss_2+loss_3+loss_4)/4"),
        ("mean", "dy_1", 2, 1, "(p_1[2]-target_1[2])/4"),
        ("h_0 random, output bias", "y_1", 2, 1, "Why[2,1]*h_1[1]+Why[2,2]*h_1[2]+by[2]"),
        ("h_0 random, output bias", "dby_1", 2, 1, "dy_1[2]"),
        ("clip", "dWhh_clipped", 1, 1, "MAX(0-clip,MIN(clip,dWhh))"),
        ("clip", "Whh_new", 1, 1, "Whh-eta*dWhh_clipped"),
        ("clip_norm below the norm", "dWhh_clipped", 1, 1, "dWhh*clip_norm/MAX(grad_norm,clip_norm)"),
        ("truncate", "dh_next_2", 1, 1, "0"),
        ("9 units, 10 letters", "wx_2", 2, 1, "SUM(MMULT(Wxh[2,1]:Wxh[2,10],x_2[1]:x_2[10]))"),
        ("9 units, 10 letters", "y_2", 3, 1, "SUM(MMULT(Why[3,1]:Why[3,9],h_2[1]:h_2[9]))+by[3]"),
        ("9 units, 10 letters", "dh_out_1", 3, 1, "SUMPRODUCT(Why[1,3]:Why[10,3],dy_1[1]:dy_1[10])"),
    ],
)
def test_other_networks_in_cells(case, name, row, column, text):
    assert read(case, name, row, column) == text


def test_a_spelled_out_product_can_be_filled_down():
    """The matrix is fixed by its column, the vector by its rows: $B68*H$68+$C68*H$69+…"""
    book = package("hello", "steps cells")
    for row in range(3):
        matrix, vector = zip(*(term.split("*") for term in formula(book.cell("wx_2", row)).split("+")), strict=True)
        assert [re.sub("[0-9]+$", "", address) for address in matrix] == ["$B", "$C", "$D", "$E"]
        assert vector == tuple(term.split("*")[1] for term in formula(book.cell("wx_2")).split("+"))
        assert all(re.fullmatch(r"[A-Z]\$[0-9]+", address) for address in vector)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("wx_2", "MMULT(Wxh,x_2)"),
        ("wh_2", "Whh*h_1+bh"),
        ("h_2", "TANH(a_2)"),
        ("exp_2", "EXP(y_2)"),
        ("p_2", "exp_2/SUM(exp_2)"),
        ("loss_2", "0-SUM(target_2*LN(p_2))"),
        ("loss", "loss_1+loss_2+loss_3+loss_4"),
        ("dh_out_2", "MMULT(TRANSPOSE(Why),dy_2)"),
        ("da_2", "(1-h_2*h_2)*dh_2"),
        ("dWxh_2", "MMULT(da_2,TRANSPOSE(x_2))"),
        ("dWhh_2", "SUMPRODUCT(da_2,h_1)"),
        ("grad_norm", "SQRT(SUMSQ(dWxh,dWhh,dbh,dWhy))"),
        ("Whh_new", "Whh-eta*dWhh"),
    ],
)
def test_hello_in_matrices(name, text):
    cell = package("hello", "steps matrix").cell(name)
    assert formula(cell) == text
    written = cell.find(f"{MAIN}f")
    _, area = package("hello", "steps matrix").area(name)
    assert written.attrib == {"t": "array", "ref": f"{area[0][0]}:{area[-1][-1]}"}


@pytest.mark.parametrize(
    ("name", "text"),
    [("exp_2", "EXP(y_2-MAX(y_2))"), ("loss_2", "LN(SUM(exp_2))+MAX(y_2)-SUMPRODUCT(target_2,y_2)")],
)
def test_the_shifted_softmax_in_matrices(name, text):
    assert formula(package("shifted softmax", "steps matrix").cell(name)) == text


def test_a_loss_over_more_outputs_than_a_formula_has_room_for_is_one_formula_of_ranges():
    """A plain loss spells out a logarithm for each output; that of 600 is an array formula over names."""
    cell = package("600 classes", "cells").cell("loss_2")
    assert formula(cell) == "0-SUM(target_2*LN(p_2))"
    assert cell.find(f"{MAIN}f").attrib["t"] == "array"


def test_no_formula_is_longer_than_a_cell_takes():
    books = [package(name, style) for name in CASES for style in STYLES]
    assert 300 < max(len(text) for book in books for *_, text in book.formulas()) < 8192
