"""Tables that fit a page."""

import pytest
from render.latex.engines import compile_with

from rnncalc.render.document import Grid
from rnncalc.render.latex.lines import Room
from rnncalc.render.latex.tables import tabular

WIDE = Grid(["t", *(f"column {i}" for i in range(12))], "r" * 13, [[str(t), *["0.123456"] * 12] for t in range(3)])
WORDS = Grid(["t", "says", "n"], "rlr", [["1", "a word and more words " * 5, "0.5"], ["2", "short", "0.25"]])
LONG = Grid(["t", "n"], "rr", [[str(t), "0.5"] for t in range(100)])


def test_a_table_that_fits_stays_as_it_is():
    lines = tabular(Grid(["a", "b"], "lr", [["1", "x_1"]]), Room(400, 600))
    assert lines == [r"\noindent\begin{tabular}{lr}", r"a & b \\ \hline", r"1 & x\_1 \\", r"\end{tabular}"]


def test_a_wide_table_is_in_smaller_type_before_its_columns_stand_below_each_other():
    assert sum("begin{tabular}" in line for line in tabular(WIDE, Room(900, 600))) == 1
    assert any(r"\footnotesize" in line or r"\small" in line for line in tabular(WIDE, Room(590, 600)))
    narrow = tabular(WIDE, Room(300, 600))
    assert sum("begin{tabular}" in line for line in narrow) > 1
    heads = [line for line in narrow if line.endswith(r"\hline")]
    assert all(head.startswith("t & ") for head in heads)
    assert "".join(heads).count("column") == 12


def test_words_are_folded_before_columns_are_moved():
    lines = tabular(WORDS, Room(250, 600))
    assert sum("begin{tabular}" in line for line in lines) == 1
    assert "p{" in lines[0]


def test_a_long_table_goes_on_with_its_headings():
    lines = tabular(LONG, Room(300, 400))
    assert sum(line == r"t & n \\ \hline" for line in lines) > 1
    assert [line for line in lines if "0.5" in line] == [rf"{t} & 0.5 \\" for t in range(100)]


@pytest.mark.parametrize("engine", ["pdflatex"], indirect=True)
def test_no_table_is_wider_than_the_page(engine, tmp_path):
    unbroken = Grid(["t", "target"], "rc", [["1", "o" * 90], ["2" * 40, "-0.623237  " * 6]])
    body = []
    for room in (142, 250, 341, 455, 900):
        body.append(rf"\hsize={room}pt")
        for grid in (WIDE, WORDS, LONG, unbroken):
            body += [*tabular(grid, Room(room, 600)), ""]
    head = r"\documentclass{article}\parindent0pt\setlength{\textheight}{690pt}\begin{document}\sloppy\raggedright"
    log = compile_with(engine, "\n".join([head, *body, r"\end{document}"]), tmp_path)
    assert "Overfull" not in log
