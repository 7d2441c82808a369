"""Softmax has several right forms: a factor that all exp have in common falls out of p."""

from typing import Any

import numpy as np
import on_paper
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem, Trace
from rnncalc.marking.answers import Answer, read_answer
from rnncalc.marking.carried import AS_WRITTEN, OwnNumbers
from rnncalc.marking.marking import Answers, Mark, mark
from rnncalc.marking.softmax_forms import Form, other_form
from rnncalc.network.element_arithmetic import is_shifted, scores_of
from rnncalc.network.update_step import whole_trace

HELLO = Problem.template("hello")
PROBLEMS = {"plain": HELLO, "shifted": HELLO.replace(softmax="shifted")}
TRACES = {form: whole_trace(problem) for form, problem in PROBLEMS.items()}
Y = on_paper.work(HELLO)["y_2"]
EXP = {"plain": np.exp(Y), "shifted": np.exp(Y - Y.max())}
"""exp_2 in either form, by plain NumPy."""
each_form = pytest.mark.parametrize("form", ["plain", "shifted"])
LARGEST = "the largest score was subtracted first, which does not change p"
SMALLEST = "the smallest score was subtracted first, which does not change p"
PLAIN = "exp was taken of the scores as they are, which does not change p"
ANY = "all have the same factor, which cancels out in p"


def cells(values: Any, decimals: int = 4) -> dict[tuple[int, int], Answer]:
    return {p: read_answer(f"{v:.{decimals}f}") for p, v in np.ndenumerate(np.asarray(values, dtype=float))}


def found_form(form: str, answers: dict[tuple[int, int], Answer], **own: Any) -> Form | None:
    """The form of exp_2 that some answers have, in a problem of this form."""
    trace = TRACES[form]
    numbers = OwnNumbers(trace, {"exp_2": answers, **{n: cells(v) for n, v in own.items()}}, {})
    return other_form(trace["exp_2"], numbers, AS_WRITTEN, answers)


def marks(trace: Trace, name: str, **tables: Any) -> list[Mark]:
    """What is said of one table among others."""
    written = [Answers(n, v if isinstance(v, dict) else cells(v)) for n, v in tables.items()]
    return [m for m in mark(trace, written).marks if m.quantity == name]


# ── which form ────────────────────────────────────────────────────────────────────────────────────────────────────


@each_form
def test_only_exp_is_made_of_scores(form):
    trace = TRACES[form]
    assert scores_of(trace["exp_2"]) is trace["y_2"]
    assert {q.name for q in trace.values() if scores_of(q) is not None} == {f"exp_{t}" for t in (1, 2, 3, 4)}
    assert is_shifted(trace["exp_2"]) == (form == "shifted")
    assert not is_shifted(trace["y_2"])


@each_form
@pytest.mark.parametrize("decimals", [3, 4, 6])
def test_the_form_that_was_asked_for_is_no_other_one(form, decimals):
    assert found_form(form, cells(EXP[form], decimals)) is None


@pytest.mark.parametrize(
    ("form", "taken_away", "says"),
    [
        ("plain", Y.max(), LARGEST),
        ("plain", Y.min(), SMALLEST),
        ("shifted", 0.0, PLAIN),
        ("shifted", Y.min(), SMALLEST),
    ],
)
@pytest.mark.parametrize("decimals", [3, 4, 6])
def test_another_form_is_right_and_it_is_said_which(form, taken_away, says, decimals):
    numbers = np.exp(Y - taken_away)
    found = found_form(form, cells(numbers, decimals))
    assert found.says == says
    assert found.factor == pytest.approx(float((numbers / EXP[form])[0, 0]), rel=1e-3)
    assert found.places == frozenset(np.ndindex(4, 1))
    told = marks(TRACES[form], "exp_2", exp_2=cells(numbers, decimals))
    assert {(m.status, m.remark) for m in told} == {("correct", says)}


@each_form
@given(factor=st.floats(0.05, 50).filter(lambda f: abs(f - 1) > 0.15))
def test_any_factor_that_all_have_in_common_is_right(form, factor):
    numbers = EXP[form] * factor
    found = found_form(form, cells(numbers, 6))
    assert found is not None
    assert found.factor == pytest.approx(factor, rel=1e-3)
    assert {m.status for m in marks(TRACES[form], "exp_2", exp_2=cells(numbers, 6))} == {"correct"}


def test_a_round_factor_is_named_as_such():
    told = marks(TRACES["plain"], "exp_2", exp_2=EXP["plain"] / 3)
    assert {(m.status, m.remark) for m in told} == {("correct", ANY)}


@each_form
@given(factor=st.floats(0.92, 1.08).filter(lambda f: abs(f - 1) > 0.005))
def test_a_factor_near_one_is_none_that_anybody_takes_out(form, factor):
    """So near are the exp of other scores."""
    assert found_form(form, cells(EXP[form] * factor, 4)) is None
    statuses = {m.status for m in marks(TRACES[form], "exp_2", exp_2=cells(EXP[form] * factor, 4))}
    assert "correct" not in statuses


# ── what is no form ───────────────────────────────────────────────────────────────────────────────────────────────


@each_form
@pytest.mark.parametrize(
    "numbers",
    [
        np.zeros((4, 1)),
        [[1.0], [0.0], [0.0], [0.0]],
        -EXP["plain"],
        np.ones((4, 1)),
        Y,
        EXP["plain"][::-1],
        np.exp(2 * Y),
        10**Y,
        EXP["plain"] + 1,
    ],
    ids=["zeros", "one and zeros", "negative", "ones", "the scores", "turned", "of twice y", "10 to the y", "and 1"],
)
def test_numbers_without_a_common_factor_are_no_form(form, numbers):
    assert found_form(form, cells(numbers)) is None
    assert {m.status for m in marks(TRACES[form], "exp_2", exp_2=numbers)} & {"wrong"}


def test_zeros_are_right_in_no_form_and_p_made_of_them_earns_nothing_as_right():
    told = marks(TRACES["plain"], "exp_2", exp_2=np.zeros((4, 1)))
    assert [m.status for m in told] == ["wrong"] * 4


@each_form
def test_a_factor_is_not_told_from_numbers_of_few_digits(form):
    """With one decimal, 0.7, 0.3, 0.3 and 0.4 have nearly any factor in common."""
    small = EXP[form] / EXP[form].max() * 0.7
    assert found_form(form, cells(small, 1)) is None
    assert found_form(form, cells(small, 3)) is not None


def test_a_table_that_is_not_exp_has_no_form():
    trace = TRACES["plain"]
    doubled = cells(2 * Y)
    assert other_form(trace["y_2"], OwnNumbers(trace, {"y_2": doubled}, {}), AS_WRITTEN, doubled) is None
    assert {m.status for m in marks(trace, "y_2", y_2=doubled)} == {"wrong"}


def test_blanks_alone_have_no_form():
    blank = {place: read_answer("") for place in np.ndindex(4, 1)}
    assert found_form("plain", blank) is None


# ── slips, single numbers, and what follows ───────────────────────────────────────────────────────────────────────


@each_form
@pytest.mark.parametrize("row", range(4))
def test_one_slip_among_numbers_of_another_form_is_wrong_and_the_others_are_right(form, row):
    other = {"plain": EXP["shifted"], "shifted": EXP["plain"]}[form].copy()
    other[row, 0] += 0.4321
    told = marks(TRACES[form], "exp_2", exp_2=other)
    assert [m.status for m in told] == ["wrong" if i == row else "correct" for i in range(4)]


@pytest.mark.parametrize("row", range(4))
def test_one_slip_among_numbers_with_any_factor_is_wrong_and_the_others_are_right(row):
    numbers = EXP["plain"] * 2.5
    numbers[row, 0] += 1.2345
    told = marks(TRACES["plain"], "exp_2", exp_2=numbers)
    assert [m.status for m in told] == ["wrong" if i == row else "correct" for i in range(4)]


def test_two_slips_leave_no_factor_to_be_told():
    numbers = EXP["plain"] * 2.5
    numbers[0, 0] += 1.2345
    numbers[2, 0] -= 0.8642
    assert {m.status for m in marks(TRACES["plain"], "exp_2", exp_2=numbers)} == {"wrong"}


def test_a_slip_of_copying_in_another_form_is_named_from_that_form():
    """exp(y − max) of the second is 0.4638: swapped digits are 0.4368."""
    numbers = cells(EXP["shifted"])
    right = f"{EXP['shifted'][1, 0]:.4f}"
    assert right == "0.4638"
    numbers[1, 0] = read_answer("0.4368")
    told = marks(TRACES["plain"], "exp_2", exp_2=numbers)
    assert [m.status for m in told] == ["correct", "wrong", "correct", "correct"]
    assert "digits-swapped" in {n.kind for n in told[1].mistakes}


@pytest.mark.parametrize("row", range(4))
def test_a_single_number_may_have_another_form_but_not_any_factor(row):
    other, tripled = (cells(v)[row, 0] for v in (EXP["shifted"], 3 * EXP["plain"]))
    assert [m.status for m in marks(TRACES["plain"], "exp_2", exp_2={(row, 0): other})] == ["correct"]
    assert [m.status for m in marks(TRACES["plain"], "exp_2", exp_2={(row, 0): tripled})] == ["wrong"]


def test_half_a_table_in_each_form_is_not_right():
    mixed = EXP["plain"].copy()
    mixed[2:] = EXP["shifted"][2:]
    assert {m.status for m in marks(TRACES["plain"], "exp_2", exp_2=mixed)} == {"correct", "wrong"}


@each_form
def test_p_of_another_form_is_right_and_follows_from_it(form):
    other = {"plain": EXP["shifted"], "shifted": EXP["plain"]}[form]
    p = np.round(other, 4) / np.round(other, 4).sum()
    assert {m.status for m in marks(TRACES[form], "p_2", exp_2=other, p_2=p)} <= {"correct", "rounded"}


@each_form
def test_exp_in_another_form_of_wrong_scores_is_carried_with_the_remark(form):
    y = np.array([[1.5], [0.25], [-0.5], [2.0]])
    other, says = {"plain": (np.exp(y - 2.0), LARGEST), "shifted": (np.exp(y), PLAIN)}[form]
    told = marks(TRACES[form], "exp_2", y_2=y, exp_2=other)
    assert {(m.status, m.remark) for m in told} == {("carried", says)}
    p = other / other.sum()
    assert {m.status for m in marks(TRACES[form], "p_2", y_2=y, exp_2=other, p_2=p)} == {"carried"}
