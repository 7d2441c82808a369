"""A marked copy: every answer in the colour of its status with a comment, and no more told than the level allows."""

from functools import cache

import numpy as np
import on_paper
import openpyxl
import pytest
from engines.cases import file
from engines.package import Package
from workbook.filled import (
    HELLO,
    blank,
    by_openpyxl,
    edit,
    fill_in,
    marked,
    put_in,
    read,
    saved,
    statuses,
    stored,
    true_numbers,
)
from workbook.test_worksheet import forms, numbers_given, surfaces, written

from rnncalc.classroom.annotate import annotate
from rnncalc.marking.blanks import blanks_of
from rnncalc.marking.status import Status
from rnncalc.network.update_step import whole_trace
from rnncalc.render.report import LEVELS

TRACE = whole_trace(HELLO)
SLIP = on_paper.work(HELLO, decimals=4, instead={"wh_2": lambda n: n["Whh"] * n["h_1"]})
"""The bias left out in step 2, and all honestly worked on."""
HANDED_IN = edit(
    put_in(
        fill_in(blank(), SLIP),
        {
            ("p_1", 0, 0): None,
            ("p_1", 1, 0): "x",
            ("p_1", 2, 0): "1,234",
            ("h_1", 0, 0): "0.69",
            ("h_1", 1, 0): " 89.48 % ",
            ("wx_2", 0, 0): 0.846,
            ("Wxh", 0, 0): 0.3,
        },
    ),
    {("loss_1", 0, 0): stored("LN(2)", None), ("a_1", 0, 0): stored("J10+H18", "0.854028")},
)


@cache
def copy(handed_in: bytes = HANDED_IN, show: str = "hint") -> bytes:
    submission = read(handed_in)
    return annotate(submission, marked(submission), show, 4)


def of(copied: bytes, name: str, row: int = 0, column: int = 0):
    """A cell of the copy, as openpyxl reads it."""
    pages, places = opened(copied)
    title, area = places.area(name)
    return pages[title][area[row][column]]


@cache
def opened(copied: bytes) -> tuple[openpyxl.Workbook, Package]:
    """A copy as openpyxl reads it, and as it is; not to be changed."""
    return by_openpyxl(copied), Package(copied)


def comments(copied: bytes) -> list[str]:
    return [
        cell.comment.text for page in by_openpyxl(copied) for row in page.iter_rows() for cell in row if cell.comment
    ]


# ── colours and comments ──────────────────────────────────────────────────────────────────────────────────────────


ZEROS = fill_in(blank(), {name: np.zeros(q.shape) for name, q in TRACE.items() if q.rule is not None})


def test_the_work_at_hand_has_answers_of_every_status():
    found = {*statuses(marked(read(HANDED_IN))).values(), *statuses(marked(read(ZEROS))).values()}
    assert found == set(Status)


def test_a_number_without_credit_says_why():
    place = next(p for p, status in statuses(marked(read(ZEROS))).items() if status == "uncredited")
    cell = of(copy(ZEROS), *place)
    assert cell.style == "rnncalc uncredited"
    assert cell.comment.text.startswith(
        "Consistent with an earlier mistake, but without credit: it follows from zeros, or from one repeated number"
    )


@pytest.mark.parametrize("show", ["where", "hint", "answer"])
def test_every_answer_has_the_colour_of_its_status(show):
    opened, places = by_openpyxl(copy(show=show)), Package(copy(show=show))
    for (name, i, j), status in statuses(marked(read(HANDED_IN))).items():
        title, area = places.area(name)
        cell = opened[title][area[i][j]]
        assert cell.style == f"rnncalc {status}", (name, i, j)
        assert cell.comment is not None


def test_no_two_statuses_look_alike():
    looks = {}
    copies = [(copy(file), statuses(marked(read(file)))) for file in (HANDED_IN, ZEROS)]
    for copied, (place, status) in ((copied, one) for copied, found in copies for one in found.items()):
        cell = of(copied, *place) if status not in looks else None
        if cell is not None:
            border, font = cell.border.left, cell.font
            looks[status] = (cell.fill.fgColor.rgb, font.color.rgb, font.b, font.i, border.style, border.color.rgb)
    assert len({look for status, look in looks.items() if status != "ambiguous"}) == len(Status) - 1


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (("p_1", 0, 0), None, "p_1[1] (Forward!H56) is missing."),
        (("p_1", 1, 0), "x", "p_1[2] (Forward!H57): 'x' is not a number."),
        (("p_1", 2, 0), "1,234", "p_1[3] (Forward!H58): '1,234' could mean 1.234 or 1234; write it with"),
        (("Wxh", 0, 0), 0.3, "Wxh[1,1] (Inputs!C24) is given as 0.287027, but the file has 0.3."),
        (("wh_2", 0, 0), 0.296, "wh_2[1] (Forward!H76): 0.296 is wrong. Your number comes from this mistake: bh"),
        (("a_2", 0, 0), 1.1421, "Wrong, but consistent with an earlier mistake."),
        (("h_1", 2, 0), 0.8021, "Right."),
    ],
)  # fmt: skip
def test_a_cell_shows_what_was_answered_and_says_why_it_is_marked_so(place, value, says):
    cell = of(copy(), *place)
    assert cell.value == value
    assert cell.comment.text.startswith(says)


def test_a_formulas_text_stands_in_the_comment_and_its_value_in_the_cell():
    handed_in = edit(fill_in(blank(), SLIP), {("wh_2", 0, 0): stored("C29*E32", "0.29617")})
    cell = of(copy(handed_in), "wh_2")
    assert cell.value == 0.29617
    assert "Its formula is =C29*E32." in cell.comment.text


def test_the_first_page_has_the_verdict_the_first_thing_to_mend_and_the_colours():
    lines = [[c.value for c in row if c.value] for row in by_openpyxl(copy())["Start"].iter_rows(max_row=14)]
    counts = marked(read(HANDED_IN)).counts
    assert lines[0] == ["hello: the marked worksheet"]
    assert lines[1][0].startswith("Not yet right: ")
    assert lines[2] == ["First: Wxh[1,1] (Inputs!C24) is given as 0.287027, but the file has 0.3."]
    legend = {line[0]: int(line[1].rpartition(": ")[2]) for line in lines if line and line[0] in set(Status)}
    assert legend == dict(counts)


# ── marked again ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("show", LEVELS)
def test_the_copy_is_marked_as_the_original(show):
    """A formula that was not calculated stands in the copy as a blank."""
    before = {p: "blank" if s == "not-calculated" else s for p, s in statuses(marked(read(HANDED_IN))).items()}
    assert statuses(marked(read(copy(show=show)))) == before


@pytest.mark.parametrize(
    "handed_in",
    [
        blank(),
        fill_in(blank(), true_numbers(TRACE), 4),
        blank("h_2", "p_2", "dWhh"),
        file("hello", "cells"),
        file("hello", "matrix"),
        file("truncate", "cells"),
        file("clip_norm below the norm", "matrix"),
    ],
    ids=["empty", "right", "a few asked for", "exported", "exported in matrices", "truncated", "clipped"],
)
def test_so_is_any_other(handed_in):
    assert statuses(marked(read(copy(handed_in)))) == statuses(marked(read(handed_in)))


def test_the_copy_keeps_what_openpyxl_saves_again():
    assert statuses(marked(read(saved(by_openpyxl(copy()))))) == statuses(marked(read(copy())))


def test_an_exported_workbook_with_a_wrong_formula_is_laid_out_as_a_worksheet():
    handed_in = edit(file("hello", "cells"), {("h_2", 0, 0): stored("TANH(1)", "0.7615941559557649")})
    copied = copy(handed_in)
    assert list(Package(copied).sheets)[-1] == "Problem"
    assert of(copied, "h_2").style == "rnncalc wrong"
    assert of(copied, "h_2").value == 0.7615941559557649


def test_a_hand_made_workbook_gets_a_copy_of_what_it_answered():
    made = openpyxl.Workbook()
    for row, value in enumerate((0.9365, 0.1, 0.7623), 1):
        made.active.cell(row, 1, value)
    submission = read(saved(made), problem=HELLO, decimals=4, maps={"h_2": "Sheet!A1:A3"})
    copied = annotate(submission, marked(submission), "where", 4)
    assert [of(copied, "h_2", i).style for i in range(3)] == ["rnncalc correct", "rnncalc wrong", "rnncalc correct"]
    assert "(Sheet!A2)" in of(copied, "h_2", 1).comment.text


# ── no more than may be told ──────────────────────────────────────────────────────────────────────────────────────


def answers_told(copied: bytes, handed_in: bytes) -> set[str]:
    """The quantities whose answers a copy tells, without those that the student wrote, right or not."""
    blanks = blanks_of(TRACE)
    own = {abs(a.number) for t in read(handed_in).answers for a in t.cells.values() if a.number is not None}
    allowed = {form for value in numbers_given(blanks) | own for form in forms(value)}
    numbers = set().union(*(written(text) for _, text in surfaces(copied)))
    return {
        name
        for name in blanks.names
        for value in TRACE[name].value.ravel().tolist()
        if (forms(value) - allowed) & numbers
    }


@cache
def with_wrong_numbers() -> bytes:
    """Nothing right: known slips and others in some places, from true numbers that the student did not write."""
    true = {name: TRACE[name].value for name in TRACE}
    wrong = {
        "wh_2": true["Whh"] * true["h_1"],
        "h_3": true["a_3"],
        "p_2": np.exp(true["y_2"]),
        "loss_2": np.log10(np.e) * true["loss_2"],
        "dy_3": true["target_3"] - true["p_3"],
        "dWhh": true["dWhh_4"],
        "da_2": true["dh_2"],
        "dWxh_1": np.full((3, 4), 0.777),
    }
    return fill_in(blank(), wrong, 4)


def test_the_numbers_below_are_wrong_or_missing():
    assert set(statuses(marked(read(with_wrong_numbers()))).values()) >= {"wrong", "blank"}


@pytest.mark.parametrize("show", ["verdict", "where", "hint"])
def test_no_answer_is_told_below_the_level_of_answers(show):
    handed_in = with_wrong_numbers()
    assert answers_told(copy(handed_in, show), handed_in) == set()


def test_at_the_level_of_answers_those_that_are_wrong_are_told():
    handed_in = with_wrong_numbers()
    assert {"wh_2", "h_3", "p_2", "loss_2", "da_2"} <= answers_told(copy(handed_in, "answer"), handed_in)


def test_a_verdict_alone_has_no_comments_and_all_answers_look_alike_and_all_givens():
    copied = copy(show="verdict")
    assert comments(copied) == []
    opened, places = by_openpyxl(copied), Package(copied)
    for names in (blanks_of(TRACE).names, HELLO.weights):
        areas = [places.area(name) for name in names]
        looks = {opened[title][address].style for title, area in areas for row in area for address in row}
        assert len(looks) == 1


def test_a_verdict_alone_is_all_that_the_first_page_tells():
    lines = [c.value for c in by_openpyxl(copy(show="verdict"))["Start"]["A"][:6] if c.value]
    assert lines[1].startswith("Not yet right: ")
    assert not [line for line in lines if line.startswith(("First:", "Colours"))]


@pytest.mark.parametrize("show", ["verdict", "where"])
def test_what_went_wrong_is_told_from_hints_on(show):
    assert not [text for text in comments(copy(show=show)) if "left out" in text or "equation" in text]
    assert [text for text in comments(copy()) if "bh left out" in text]


def test_a_students_words_stay_words():
    """A formula handed in as text, markup with a control character, and a very long text."""
    texts = {("h_1", 0, 0): "=1+1", ("h_1", 1, 0): "<b>&\"'</b>_x0007_", ("h_1", 2, 0): "x" * 30000}
    copied = copy(put_in(fill_in(blank(), true_numbers(TRACE), 4), texts))
    cell = of(copied, "h_1")
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert of(copied, "h_1", 1).value.startswith("<b>&\"'</b>")
    assert len(of(copied, "h_1", 2).comment.text) < 1000
