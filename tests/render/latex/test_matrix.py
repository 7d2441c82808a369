"""Tables of numbers as matrices: their labels, and what is left out where there is no room."""

from rnncalc import Problem, forward
from rnncalc.network.pictures import box
from rnncalc.render.latex.glyphs import NORMAL
from rnncalc.render.latex.matrix import Matrix, matrix

HELLO = forward(Problem.template("hello"))


def numbers(rows: int, columns: int) -> list[list[str]]:
    return [[f"{i}.{j}" for j in range(columns)] for i in range(rows)]


def test_letters_are_labels_and_units_are_not():
    weights = matrix(box(HELLO["Why"], HELLO, 6))
    assert weights.row_labels == ["h", "e", "l", "o"]
    assert weights.column_labels == []
    transposed = matrix(box(HELLO["Why"], HELLO, 6, transposed=True))
    assert (transposed.row_labels, transposed.column_labels) == ([], ["h", "e", "l", "o"])
    assert matrix(box(HELLO["h_2"], HELLO, 6)).row_labels == []


def test_a_number_alone_has_no_brackets():
    assert Matrix([["0.5"]], [], [], "W").latex == r"\underset{W}{0.5}"


def test_more_columns_than_amsmath_has_are_an_array():
    assert Matrix(numbers(1, 10), [], []).latex.startswith(r"\begin{bmatrix}")
    assert Matrix(numbers(1, 11), [], []).latex.startswith(r"\left[ \begin{array}{@{}*{11}{c}@{}}")


def test_what_fits_is_left_as_it_is():
    whole = Matrix(numbers(3, 4), ["a", "b", "c"], [], "W")
    assert whole.within(500, 500, NORMAL) == whole


def test_columns_and_rows_are_left_out_of_the_middle():
    short = Matrix(numbers(40, 40), [f"r{i}" for i in range(40)], [f"c{i}" for i in range(40)], "W").within(
        150, 200, NORMAL
    )
    assert short.width(NORMAL) <= 150
    assert short.height(NORMAL) <= 200
    assert short.rows[0][-2:] == [r"\cdots", "0.39"]
    assert [row[0] for row in short.rows[-2:]] == [r"\vdots", "39.0"]
    assert short.rows[-2][-2] == r"\ddots"
    assert short.row_labels[-1] == "r39"
    assert short.column_labels[-2:] == ["", "c39"]
    assert short.caption == r"W \; (40 \times 40)"
    assert r"\vdots" in short.latex
    assert all(len(row) == len(short.column_labels) for row in short.rows)
    assert len(short.rows) == len(short.row_labels)


def test_long_words_become_shorter_where_there_is_no_room_for_them():
    long = Matrix(numbers(2, 2), ["extraordinarily", "good"], [])
    assert r"\text{extraordina\dots{}}" in long.latex
    short = long.within(60, 500, NORMAL)
    assert short.rows == long.rows
    assert r"\text{ext\dots{}}" in short.latex
    assert r"\text{good}" in short.latex
    assert short.width(NORMAL) < long.width(NORMAL)
