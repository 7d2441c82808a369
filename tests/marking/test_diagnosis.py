"""Which mistake is named: one that explains the whole table, certain only where no other does and chance does not."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import on_paper
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncalc import Problem, Trace
from rnncalc.marking import copying, diagnosis, explanations, fitting
from rnncalc.marking.answers import Answer, read_answer
from rnncalc.marking.carried import OwnNumbers
from rnncalc.marking.diagnosis import intervals
from rnncalc.marking.marking import Answers, Mark, Report, mark
from rnncalc.network.update_step import whole_trace

HELLO = Problem.template("hello")
TRACE = whole_trace(HELLO)
N = on_paper.work(HELLO)
"""Every right number of hello, by plain NumPy."""
GIVEN = on_paper.given(HELLO)
WHH, BH = float(GIVEN["Whh"][0, 0]), float(GIVEN["bh"][0, 0])
Cells = dict[tuple[int, int], Answer]


def cells(values: Any, decimals: int = 4, **texts: str) -> Cells:
    """Answers to so many decimals; ``r2="0.5"`` is what stands in row 2 instead, and ``r2=""`` a blank."""
    found = {p: read_answer(f"{v:.{decimals}f}") for p, v in np.ndenumerate(np.asarray(values, dtype=float))}
    return found | {(int(row[1:]) - 1, 0): read_answer(text) for row, text in texts.items()}


def marked(tables: Mapping[str, Any], trace: Trace = TRACE) -> Report:
    given = {n: v if isinstance(v, dict) else cells(v) for n, v in tables.items()}
    return mark(trace, [Answers(name, found) for name, found in given.items()])


def named(report: Report, name: str) -> list[set[str]]:
    """The kinds at each number of a table."""
    return [{n.kind for n in m.mistakes} for m in report.marks if m.quantity == name]


def certain(report: Report) -> set[str]:
    return {n.kind for m in report.marks for n in m.mistakes if n.certain}


def statuses(report: Report, name: str) -> list[str]:
    return [m.status for m in report.marks if m.quantity == name]


def swap(text: str, i: int) -> str:
    """Two neighbouring signs exchanged."""
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


BIAS_LEFT_OUT = WHH * N["h_1"]
"""wh_2 without the bias: 0.2960, 0.3841, 0.3425."""


# ── a whole table first, then slips of copying, then rows ─────────────────────────────────────────────────────────


def test_a_mistake_that_explains_the_whole_table_is_certain_at_each_of_its_numbers():
    report = marked({"wh_2": BIAS_LEFT_OUT})
    assert named(report, "wh_2") == [{"bias-left-out"}] * 3
    assert certain(report) == {"bias-left-out"}
    assert all(n.certain for m in report.marks for n in m.mistakes)


def test_a_whole_table_goes_before_slips_of_copying():
    """Each number of target − p has lost a sign, or gained one."""
    report = marked({"dy_2": -N["dy_2"]})
    assert named(report, "dy_2") == [{"sign-reversed"}] * 4
    assert certain(report) == {"sign-reversed"}


def test_slips_of_copying_go_before_a_mistake_in_some_rows():
    """Two rows are swapped: each of them is another's row, too."""
    rows = N["a_2"][[1, 0, 2]]
    report = marked({"wx_2": N["wx_2"], "wh_2": N["wh_2"], "a_2": rows})
    assert named(report, "a_2") == [{"rows-swapped"}, {"rows-swapped"}, set()]
    lost = N["dy_2"].copy()
    lost[2, 0] *= -1
    assert named(marked({"p_2": N["p_2"], "dy_2": lost}), "dy_2")[2] == {"sign-lost"}


def test_a_mistake_that_was_made_in_some_rows_only_is_named_in_these():
    rows = N["wh_2"].copy()
    rows[:2] = BIAS_LEFT_OUT[:2]
    report = marked({"h_1": N["h_1"], "wh_2": rows})
    assert statuses(report, "wh_2") == ["wrong", "wrong", "correct"]
    assert named(report, "wh_2") == [{"bias-left-out"}, {"bias-left-out"}, set()]


def test_a_mistake_that_only_changes_whole_tables_is_not_named_in_some_rows():
    """p − 1 in two rows: in each of them another letter would be the one wanted."""
    rows = N["dy_2"].copy()
    rows[[0, 3]] -= 1
    report = marked({"p_2": N["p_2"], "dy_2": rows})
    kinds = set().union(*named(report, "dy_2"))
    assert not kinds & {"wrong-target", "alphabetical", "wrong-token", "shifted-by-a-cell", "transposed"}


def test_a_mistake_that_explains_one_number_of_three_does_not_name_the_others():
    odd = np.array([BIAS_LEFT_OUT[0], [0.1234], [0.8765]], dtype=float)
    report = marked({"h_1": N["h_1"], "wh_2": odd})
    assert not certain(report)
    assert "bias-left-out" not in named(report, "wh_2")[1] | named(report, "wh_2")[2]


# ── certain only where one kind fits ──────────────────────────────────────────────────────────────────────────────


def test_where_two_kinds_lead_to_the_same_numbers_both_are_possible():
    """wh_1 is the bias alone, as h_0 is zeros: −bh is a bias subtracted and a sign reversed."""
    report = marked({"wh_1": np.full((3, 1), -BH)})
    assert all({"bias-subtracted", "sign-reversed"} <= kinds for kinds in named(report, "wh_1"))
    assert not certain(report)


def test_a_kind_that_tells_what_was_done_goes_before_one_that_tells_where_a_number_stands():
    """exp that was not divided is another table, too."""
    report = marked({"exp_2": N["exp_2"], "p_2": N["exp_2"]})
    assert named(report, "p_2") == [{"softmax-not-divided"}] * 4
    assert certain(report) == {"softmax-not-divided"}


def test_a_single_number_of_the_opposite_sign_may_have_its_sign_reversed_and_need_not():
    """Its minus sign may as well be lost, which is said in the same words."""
    report = marked({"dWhh_3": -N["dWhh_3"]})
    assert named(report, "dWhh_3") == [{"sign-reversed"}]
    assert not certain(report)


def test_a_table_of_zeros_or_of_one_number_makes_no_mistake_certain():
    for number in (0.0, 0.02):
        assert not certain(marked({"h_2": np.full_like(N["h_2"], number)}))


@pytest.mark.parametrize("decimals", [1, 2])
def test_with_few_decimals_one_number_makes_a_mistake_possible_and_not_certain(decimals):
    one = {(0, 0): cells(BIAS_LEFT_OUT, decimals)[0, 0]}
    report = marked({"wh_2": one})
    assert "bias-left-out" in named(report, "wh_2")[0]
    assert not certain(report)
    six = {(0, 0): cells(BIAS_LEFT_OUT, 6)[0, 0]}
    assert certain(marked({"wh_2": six})) == {"bias-left-out"}


@settings(max_examples=15)
@given(number=st.integers(-250, 250))
def test_a_single_number_with_two_decimals_is_named_for_certain_by_nothing(number):
    for name in ("h_2", "wh_3", "da_2"):
        assert not certain(marked({name: {(1, 0): read_answer(f"{number / 100:.2f}")}}))


@pytest.mark.parametrize("decimals", [2, 3, 4, 6])
def test_numbers_that_were_drawn_are_never_named_for_certain(decimals):
    draw = np.random.default_rng(decimals)
    for name in ("h_2", "a_3", "dh_2", "dy_3") * 4:
        drawn = draw.uniform(-1.5, 1.5, N[name].shape)
        assert not certain(marked({name: cells(drawn, decimals)}))


def test_one_digit_that_is_another_is_never_certain_and_two_that_are_swapped_may_be():
    right = f"{N['h_1'][1, 0]:.4f}"
    assert right == "0.8996"
    digit = marked({"h_1": cells(N["h_1"], r2="0.8396")})
    assert named(digit, "h_1") == [set(), {"digit-wrong"}, set()]
    assert not certain(digit)
    swapped = marked({"h_1": cells(N["h_1"], 6, r2=swap(f"{N['h_1'][1, 0]:.6f}", 2))})
    assert "digits-swapped" in named(swapped, "h_1")[1]
    assert certain(swapped) <= {"digits-swapped"}


# ── a mistake and a slip of the pen ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("row", range(3))
def test_a_mistake_and_a_typo_in_one_table_are_both_told_and_neither_is_certain(row):
    right = f"{BIAS_LEFT_OUT[row, 0]:.4f}"
    typed = swap(right, 3 if right[3] != right[4] else 2)
    report = marked({"h_1": N["h_1"], "wh_2": cells(BIAS_LEFT_OUT, **{f"r{row + 1}": typed})})
    found = named(report, "wh_2")
    assert "digits-swapped" in found[row]
    assert all(kinds == {"bias-left-out"} for i, kinds in enumerate(found) if i != row)
    assert not certain(report)


def test_what_should_stand_there_given_the_mistake_may_have_been_gone_on_with():
    """wh_2 without its bias, two digits swapped as it was written; a_2 and h_2 from what was meant."""
    typed = swap(f"{BIAS_LEFT_OUT[1, 0]:.4f}", 3)
    a = N["wx_2"] + np.round(BIAS_LEFT_OUT, 4)
    tables = {"wx_2": N["wx_2"], "wh_2": cells(BIAS_LEFT_OUT, r2=typed), "a_2": a, "h_2": np.tanh(np.round(a, 4))}
    report = marked({"h_1": N["h_1"], **tables})
    assert statuses(report, "wh_2") == ["wrong"] * 3
    assert set(statuses(report, "a_2") + statuses(report, "h_2")) == {"carried"}


def test_a_slip_of_the_pen_that_was_not_gone_on_with_takes_nothing_from_what_follows():
    right = f"{N['h_1'][1, 0]:.4f}"
    tables = on_paper.work(HELLO, decimals=4)
    report = marked({**tables, "h_1": cells(tables["h_1"], r2=swap(right, 2))})
    assert [m.element for m in report.marks if m.status == "wrong"] == [("h_1", 1, 0)]
    assert set(report.counts) <= {"wrong", "correct", "rounded"}


# ── what follows ──────────────────────────────────────────────────────────────────────────────────────────────────

SLIPS: dict[str, Any] = {
    "wh_2": lambda n: WHH * n["h_1"],
    "h_2": lambda n: np.zeros((3, 1)),
    "a_3": lambda n: n["a_2"],
    "y_1": lambda n: GIVEN["Why"] @ GIVEN["h_0"],
    "p_3": lambda n: n["exp_3"],
    "dy_2": lambda n: n["p_2"],
    "dh_2": lambda n: n["dh_out_2"],
    "da_3": lambda n: n["dh_3"],
    "dWhy_2": lambda n: n["dy_2"] @ n["h_1"].T,
    "dWhh": lambda n: n["dWhh_4"],
}


@pytest.mark.parametrize("name", SLIPS)
@pytest.mark.parametrize("decimals", [2, 4])
def test_what_follows_from_a_slip_is_never_given_a_mistake(name, decimals):
    worked = on_paper.work(HELLO, decimals=decimals, instead={name: SLIPS[name]})
    report = marked({n: cells(v, decimals) for n, v in worked.items()})
    assert {m.quantity for m in report.marks if m.mistakes} <= {name}
    assert {m.quantity for m in report.marks if m.status == "wrong"} == {name}


def test_nothing_is_named_at_right_numbers_blanks_and_what_is_no_number():
    report = marked({"wh_2": cells(N["wh_2"], r2="", r3="much"), "h_2": N["h_2"]})
    assert not any(m.mistakes for m in report.marks)


# ── the arithmetic that is shown ──────────────────────────────────────────────────────────────────────────────────


def shown(report: Report) -> list[tuple[Mark, str]]:
    return [(m, n.arithmetic) for m in report.marks for n in m.mistakes if "=" in n.arithmetic]


@pytest.mark.parametrize("decimals", [2, 4, 6])
def test_the_arithmetic_that_is_shown_gives_the_number_that_was_written(decimals):
    tables = {
        "h_1": N["h_1"],
        "wh_2": BIAS_LEFT_OUT,
        "h_2": N["a_2"],
        "dy_2": -N["dy_2"],
        "dh_2": N["dh_out_2"],
        "dWhh": N["dWhh_4"],
    }
    told = [pair for n, v in tables.items() for pair in shown(marked({n: cells(v, decimals)}))]
    assert len(told) > 5
    for found, text in told:
        assert float(text.rpartition("= ")[2].replace("−", "-")) == found.given.number, text


def test_the_arithmetic_shows_the_persons_own_numbers_and_none_that_is_an_answer_still_asked_for():
    report = marked({"h_1": N["h_1"], "wh_2": BIAS_LEFT_OUT})
    assert next(text for _, text in shown(report)) == "0.427043 · 0.6932 = 0.2960"
    blank = marked({"h_1": cells(N["h_1"], r1=""), "wh_2": BIAS_LEFT_OUT})
    rows = [m.row for m, _ in shown(blank)]
    assert 0 not in rows
    assert 2 in rows
    wrong = marked({"h_1": cells([[0.5], [0.6], [0.7]]), "wh_2": WHH * np.array([[0.5], [0.6], [0.7]])})
    assert next(text for m, text in shown(wrong) if m.quantity == "wh_2") == "0.427043 · 0.5000 = 0.2135"


# ── where a number should lie ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("decimals", [2, 4])
@pytest.mark.parametrize("name", ["wx_2", "wh_2", "a_3", "h_2", "y_2", "p_2", "loss_2", "da_2", "dWhh", "Why_new"])
def test_where_a_number_should_lie_covers_the_true_one_and_the_one_that_was_rounded_on_the_way(name, decimals):
    early = on_paper.work(HELLO, decimals=decimals)
    written = {n: cells(v, decimals) for n, v in early.items()}
    found = intervals(TRACE[name], OwnNumbers(TRACE, written, {}), decimals)
    half = 0.5001 * 10.0**-decimals
    for place, one in found.items():
        assert one.low - half <= float(early[name][place]) <= one.high + half
        assert one.high - one.low < 0.2 if decimals == 4 else math.isfinite(one.high)
    assert found.keys() == set(np.ndindex(N[name].shape))


# ── these tests can fail ──────────────────────────────────────────────────────────────────────────────────────────


def test_planted_faults_are_seen(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(diagnosis, "CERTAIN", math.inf)
        assert not certain(marked({"wh_2": BIAS_LEFT_OUT}))
    with monkeypatch.context() as patch:
        patch.setattr(explanations.Explanations, "evidence", lambda self, explanation: math.inf)
        assert certain(marked({"h_2": cells(N["a_2"], 2)}))
    with monkeypatch.context() as patch:
        patch.setattr(copying, "slips", lambda answer, meant: iter(()))
        typed: Sequence[set[str]] = named(marked({"h_1": cells(N["h_1"], r2="0.8396")}), "h_1")
        assert typed == [set()] * 3
    with monkeypatch.context() as patch:
        patch.setattr(fitting, "mistakes_of", lambda q, trace: [])
        assert "bias-left-out" not in set().union(*named(marked({"wh_2": BIAS_LEFT_OUT}), "wh_2"))
