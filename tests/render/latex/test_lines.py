"""Formulas on lines that fit: where they break, in which type, and what is left out last."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.render.latex.glyphs import NORMAL, SIZES
from rnncalc.render.latex.lines import Room, display, in_chunks, laid_out
from rnncalc.render.latex.matrix import Matrix

TALL = 600


def lines_of(formula: str, wide: float) -> list[str]:
    """Each line as it is written, without the signs of align."""
    written = display(in_chunks([formula]), Room(wide, TALL))
    body = re.sub(r"\\\[|\\\]|\\(begin|end)\{align\*\}", "", written)
    return [line.replace("&", "").replace("{} ", "").replace(r"\quad", "").strip() for line in body.split(r"\\")]


def test_what_fits_stays_on_a_line():
    assert display(in_chunks(["a = b + c"]), Room(100, TALL)) == r"\[ a = b + c \]"


SUM = r"h_{2} = W_{xh} \cdot x_{2} + W_{hh} \cdot h_{1} + b_{h}"


def test_a_line_begins_with_the_equals_sign_first_then_with_plus_then_with_a_product():
    assert lines_of(SUM, 180) == [SUM]
    assert lines_of(SUM, 130) == [r"h_{2} = W_{xh} \cdot x_{2} + W_{hh} \cdot h_{1}", "+ b_{h}"]
    assert lines_of(SUM, 100) == [r"h_{2} = W_{xh} \cdot x_{2}", r"+ W_{hh} \cdot h_{1} + b_{h}"]
    assert lines_of(SUM, 62) == ["h_{2} = W_{xh}", r"\cdot x_{2}", "+ W_{hh}", r"\cdot h_{1} + b_{h}"]


def test_a_picture_breaks_before_its_result_first():
    _, lines = laid_out(in_chunks([wide(2), r"\cdot", wide(1), "+", wide(1), "=", wide(1)]), Room(280, TALL))
    assert [[chunk.pieces[0] for chunk in line][1:] for line in lines] == [[r"\cdot", "+"], []]


def test_a_sign_before_a_number_is_no_place_to_break():
    assert [c.latex for c in in_chunks([r"a = -b + \max\left(-c, d\right) - e"])] == [
        "a", "= -b", r"+ \max\left(-c,", r"d\right)", "- e"
    ]  # fmt: skip


def test_brackets_that_a_line_opens_and_another_closes_are_of_one_size():
    clipped = r"a = \max\left(-\mathrm{clip}, \min\left(\mathrm{clip}, b\right)\right)"
    written = display(in_chunks([clipped]), Room(90, TALL))
    assert r"\left" not in written.replace(r"\biggl", "")
    assert written.count(r"\biggl(") == written.count(r"\biggr)") == 2


def wide(columns: int, rows: int = 2) -> Matrix:
    return Matrix([["0.123456"] * columns] * rows, [], [], "W")


def test_type_becomes_smaller_only_where_no_break_helps():
    size, lines = laid_out(in_chunks([wide(5), r"\cdot", wide(1), "=", wide(1)]), Room(290, TALL))
    assert size is NORMAL
    assert len(lines) > 1
    size, lines = laid_out(in_chunks([wide(5), r"\cdot", wide(1), "=", wide(1)]), Room(250, TALL))
    assert size in SIZES[1:]


def test_a_matrix_that_no_type_makes_fit_is_shortened_and_says_its_size():
    written = display(in_chunks(["W =", wide(40, 3)]), Room(300, TALL))
    assert written.count(r"\cdots") == 3
    assert r"\underset{W \; (3 \times 40)}" in written
    assert r"\scriptsize" not in written


def test_a_matrix_that_is_higher_than_a_page_is_shortened_too():
    written = display(in_chunks([Matrix([["1"], *[["0"]] * 98, ["2"]], [], [])]), Room(300, TALL))
    assert r"\vdots \\ 2" in written
    assert r"100 \times 1" in written
    assert written.count(r"\\") < 50


@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12), st.sampled_from(["=", "+", r"\cdot", ","])), max_size=7),
    st.floats(142, 900),
)
def test_no_number_is_lost_by_breaking_and_every_line_fits(tables, room):
    formula: list[str | Matrix] = []
    for i, (rows, columns, sign) in enumerate(tables):
        formula += [sign] if i else []
        formula.append(Matrix([[f"{i}.{r}{c}" for c in range(columns)] for r in range(rows)], [], []))
    chunks = in_chunks(formula)
    assert [p for chunk in chunks for p in chunk.pieces] == formula
    size, lines = laid_out(chunks, Room(room, TALL))
    assert all(sum(chunk.width(size) for chunk in line) <= room for line in lines)
    whole = [p for line in lines for chunk in line for p in chunk.pieces]
    for before, after in zip(formula, whole, strict=True):
        if isinstance(before, Matrix) and after != before:
            assert isinstance(after, Matrix)
            assert after.caption == rf"{before.shape[0]} \times {before.shape[1]}"


@pytest.mark.parametrize("formula", ["", "a", "=", r"\left(", "a +"])
def test_the_smallest_formulas(formula):
    assert display(in_chunks([formula]) or in_chunks(["x"]), Room(142, TALL))
