"""With how many decimals an answer counts: those asked for, or those that a person works with throughout."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import on_paper
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem
from rnncalc.marking.answers import Answer, read_answer
from rnncalc.marking.marking import Answers, Report, mark
from rnncalc.marking.precision import fewer_than_asked, judged, written_decimals
from rnncalc.network.update_step import whole_trace

HELLO = Problem.template("hello")
TRACE = whole_trace(HELLO)
TRUE = on_paper.work(HELLO)
"""Every number, worked by plain NumPy."""
FORWARD = [f"{family}_{t}" for t in (1, 2, 3, 4) for family in ("wx", "wh", "a", "h", "y", "exp", "p", "loss")]
Sheet = dict[str, dict[tuple[int, int], Answer]]


def as_text(number: float, decimals: int) -> Answer:
    return read_answer(f"{number:.{decimals}f}")


def in_cell(number: float, decimals: int, asked: int = 4) -> Answer:
    """A number in a cell, which keeps no trailing zeros: it is rounded to ``decimals`` and counts with those asked."""
    value = round(float(number), decimals)
    return Answer(f"{value:.10g}", value, asked)


def sheet(values: Mapping[str, Any], decimals: int, write: Any = as_text) -> Sheet:
    return {name: {p: write(v, decimals) for p, v in np.ndenumerate(table)} for name, table in values.items()}


def right(decimals: int, write: Any = as_text, names: list[str] = FORWARD) -> Sheet:
    """The true numbers, each rounded once."""
    return sheet({name: TRUE[name] for name in names}, decimals, write)


def rounding(decimals: int, write: Any = as_text, names: list[str] = FORWARD) -> Sheet:
    """The numbers of somebody who rounds each before going on."""
    worked = on_paper.work(HELLO, decimals=decimals)
    return sheet({name: worked[name] for name in names}, decimals, write)


def marked(answers: Sheet, asked: int | None = 4) -> Report:
    return mark(TRACE, [Answers(name, cells) for name, cells in answers.items()], decimals=asked)


def one(report: Report, name: str, row: int = 0) -> tuple[str, str]:
    """The status and the remark of one number."""
    return next((m.status, m.remark) for m in report.marks if (m.quantity, m.row) == (name, row))


def counted(answers: Sheet, asked: int | None = 4) -> Iterator[tuple[Answer, int | None]]:
    """Each answer, and the decimals that it counts with."""
    found = judged(TRACE, answers, asked).answered
    for name, cells in answers.items():
        for place, answer in cells.items():
            yield answer, found[name][place].decimals


# ── digits beyond those asked ─────────────────────────────────────────────────────────────────────────────────────


def float32(number: float) -> Answer:
    return read_answer(f"{np.float32(number):.8f}")


def test_digits_beyond_those_asked_claim_nothing():
    """Single precision, printed to 8 decimals: the seventh and the eighth are not all right."""
    answers = {"h_1": {p: float32(v) for p, v in np.ndenumerate(TRUE["h_1"])}}
    answers["h_1"][0, 0] = read_answer(f"{TRUE['h_1'][0, 0] + 3e-7:.8f}")
    assert {m.status for m in marked(answers, 6).marks} == {"correct"}
    assert "wrong" in {m.status for m in marked(answers, 8).marks}


def test_what_is_wrong_in_the_decimals_asked_is_wrong_with_any_number_of_digits():
    wrong = read_answer(f"{TRUE['h_1'][0, 0] + 3e-6:.8f}")
    assert [m.status for m in marked({"h_1": {(0, 0): wrong}}, 6).marks] == ["wrong"]


@given(st.lists(st.floats(-9, 9), min_size=12, max_size=12), st.integers(1, 10), st.integers(1, 8))
def test_no_number_counts_with_more_decimals_than_were_asked_for(numbers, decimals, asked):
    answers = {name: {(i, 0): as_text(n, decimals) for i, n in enumerate(numbers[:3])} for name in ("h_1", "h_2")}
    assert all(count is not None and count <= asked for _, count in counted(answers, asked))


def test_where_nothing_was_asked_every_digit_counts_and_nothing_is_said():
    found = judged(TRACE, right(2), None)
    assert found.remark == ""
    assert found.answered == right(2)


def test_a_formula_has_all_its_digits():
    cell = Answer("0.9364712", float(TRUE["h_2"][0, 0]) + 1e-5, None, formula="=TANH(B7)")
    assert [count for _, count in counted({"h_2": {(0, 0): cell}})] == [None]
    assert [m.status for m in marked({"h_2": {(0, 0): cell}}).marks] == ["wrong"]


def test_what_is_no_number_stays_what_it_is():
    answers = {"h_2": {(0, 0): read_answer(""), (1, 0): read_answer("x"), (2, 0): read_answer("1,234")}}
    assert judged(TRACE, answers, 4).answered == answers


# ── a whole sheet with fewer decimals ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("write", [as_text, in_cell])
@pytest.mark.parametrize("decimals", [2, 3])
@pytest.mark.parametrize("numbers", [right, rounding])
def test_whoever_works_with_fewer_decimals_throughout_is_marked_to_these_and_told_once(numbers, decimals, write):
    report = marked(numbers(decimals, write))
    assert set(report.counts) <= {"correct", "rounded"}
    assert report.remark == f"Your numbers have {decimals} decimals, but 4 were asked for."
    assert {m.remark for m in report.marks} <= {"", "cut off instead of rounded"}


@pytest.mark.parametrize("write", [as_text, in_cell])
def test_a_mistake_in_such_a_sheet_is_still_one(write):
    answers = right(2, write)
    answers["h_2"] = sheet({"h_2": TRUE["a_2"]}, 2, write)["h_2"]
    report = marked(answers)
    assert report.remark == "Your numbers have 2 decimals, but 4 were asked for."
    assert {m.quantity for m in report.marks if m.status == "wrong"} == {"h_2"}
    assert {n.kind for m in report.marks for n in m.mistakes} == {"activation-left-out"}


def test_a_sheet_with_the_decimals_asked_for_is_told_nothing():
    for write in (as_text, in_cell):
        assert judged(TRACE, right(4, write), 4).remark == ""
        assert judged(TRACE, right(6, write), 4).remark == ""


def test_two_short_numbers_are_no_sheet_of_fewer_decimals():
    """Two of them may be an ordinary slip; the numbers count with all the decimals asked for."""
    answers = {"h_1": dict(list(right(2, in_cell)["h_1"].items())[:2])}
    assert judged(TRACE, answers, 4).remark == ""
    assert [count for _, count in counted(answers)] == [4, 4]


def test_numbers_that_are_wrong_to_any_decimals_do_not_make_a_sheet_of_fewer_decimals():
    """Stock values such as 0.5 tell nothing of how somebody works."""
    answers = {name: {(i, 0): in_cell(0.5 + i / 10, 1) for i in range(3)} for name in ("h_2", "h_3", "h_4")}
    assert judged(TRACE, answers, 4).remark == ""


# ── a few numbers with fewer ──────────────────────────────────────────────────────────────────────────────────────


def some_short(count: int) -> Sheet:
    """A sheet with four decimals and some numbers with two: all of h_2, then of h_3, the last of which is 0.90."""
    answers = right(4, in_cell)
    short = right(2, in_cell)
    places = [(name, (row, 0)) for name in ("h_2", "h_3") for row in range(3)]
    for name, place in places[:count]:
        answers[name][place] = short[name][place]
    return answers


@pytest.mark.parametrize("count", [3, 5, 6])
def test_a_few_numbers_with_two_decimals_count_with_these_and_it_is_said_once(count):
    report = marked(some_short(count))
    assert set(report.counts) <= {"correct", "rounded"}
    assert report.remark == "Some numbers have 2 decimals, but 4 were asked for."


def test_the_others_in_such_a_sheet_count_with_all_that_were_asked_for():
    answers = some_short(5)
    answers["y_4"][0, 0] = in_cell(float(TRUE["y_4"][0, 0]) + 0.0012, 4)
    assert one(marked(answers), "y_4") == ("wrong", "")


@pytest.mark.parametrize("count", [1, 2])
def test_a_lone_number_with_two_decimals_is_wrong_and_has_a_remark_and_no_mistake(count):
    report = marked(some_short(count))
    assert report.remark == ""
    short = [m for m in report.marks if m.status == "wrong"]
    assert [(m.quantity, m.row) for m in short] == [("h_2", row) for row in range(count)]
    assert {m.remark for m in short} == {"right to 2 decimals, but 4 were asked for"}
    assert not any(m.mistakes for m in short)


def test_more_wrong_numbers_than_short_ones_are_no_way_of_working():
    """Most numbers of two decimals are wrong to these, too; then a right one among them is chance."""
    answers = some_short(3)
    for name in ("y_1", "y_2"):
        for place, answer in answers[name].items():
            answers[name][place] = in_cell(round(answer.number or 0.0, 2) + 0.37, 2)
    assert judged(TRACE, answers, 4).remark == ""


# ── whole numbers, zeros, trailing zeros and small numbers ────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["0", "1", "0.0", "0.00", "1.00", "-1", "0%", "100%"])
def test_a_whole_number_counts_with_the_decimals_asked_for(text):
    answers = {"h_4": {(0, 0): read_answer(text)}}
    assert [count for _, count in counted(answers)] == [4]
    assert [m.status for m in marked(answers).marks] == ["wrong"]


def test_a_sheet_of_zeros_is_not_right_to_no_decimals():
    zeros = {"dWhy_1": {p: read_answer("0") for p in np.ndindex(4, 3)}}
    assert {m.status for m in marked(zeros, 6).marks} == {"wrong"}


def test_whole_numbers_of_a_sheet_with_fewer_decimals_count_with_these():
    """0.9102 is 0.91, and 1 is not."""
    answers = right(2)
    answers["h_4"][0, 0] = read_answer("1")
    assert {count for _, count in counted(answers)} == {2}
    assert one(marked(answers), "h_4")[0] == "wrong"


def test_zeros_that_are_right_are_right_whatever_their_decimals():
    report = marked(
        {"dh_next_4": {(0, 0): read_answer("0"), (1, 0): read_answer("0.0"), (2, 0): read_answer("0.0000")}}
    )
    assert {m.status for m in report.marks} == {"correct"}
    assert report.remark == ""


@pytest.mark.parametrize(
    ("answer", "decimals"),
    [
        (read_answer("0.9400"), 4),
        (read_answer("0,9400"), 4),
        (read_answer(" -0.94 "), 2),
        (read_answer("−0.940"), 3),
        (read_answer("94.9%"), 3),
        (read_answer("7"), 0),
        (in_cell(0.94, 4), 2),
        (in_cell(-0.9, 4), 1),
        (in_cell(7, 4), 0),
        (Answer("0.9364712", 0.9364712, None, formula="=A1"), 0),
        (read_answer("x"), 0),
    ],
)
def test_a_text_shows_its_trailing_zeros_and_a_number_in_a_cell_has_none(answer, decimals):
    assert written_decimals(answer) == decimals


def test_a_trailing_zero_that_was_typed_claims_that_the_digit_is_zero():
    """h_2[1] is 0.9365: as text 0.9400 is wrong to four decimals and right to none."""
    answers = right(4)
    answers["h_2"][0, 0] = read_answer("0.9400")
    status, remark = one(marked(answers), "h_2")
    assert (status, remark) == ("wrong", "")


@pytest.mark.parametrize(("number", "decimals"), [(0.94, 2), (0.9, 0), (0.937, 0), (0.93, 0), (1.0, 0)])
def test_a_number_is_short_with_two_decimals_fewer_as_one_is_an_ordinary_trailing_zero(number, decimals):
    """In the place of 0.9365: 0.9 has one digit alone, 0.93 is not right, and 1 claims the decimals asked for."""
    assert fewer_than_asked(in_cell(number, 4), 0.9365) == decimals


@pytest.mark.parametrize(("small", "true"), [(0.02, 0.0153), (-0.07, -0.0652), (0.09, 0.0871), (0.01, 0.0141)])
def test_a_small_number_is_never_right_to_two_decimals(small, true):
    """Nearly any small number is."""
    assert fewer_than_asked(in_cell(small, 2), true) == 0
    assert fewer_than_asked(in_cell(small + 0.4, 2), true + 0.4) == 2


def test_small_numbers_with_two_decimals_make_no_sheet_of_two_decimals():
    names = [f"da_{t}" for t in (1, 2, 3)]
    assert max(abs(TRUE[name]).max() for name in names) < 0.11
    below = {n: {p: in_cell(v, 2) for p, v in np.ndenumerate(TRUE[n]) if abs(v) < 0.09} for n in names}
    assert judged(TRACE, below, 4).remark == ""
    assert {count for _, count in counted(below)} == {4}


def test_a_number_that_is_right_to_fewer_decimals_by_half_a_unit_and_no_further():
    assert fewer_than_asked(in_cell(0.94, 2), 0.9450) == 2
    assert fewer_than_asked(in_cell(0.94, 2), 0.9451) == 0
