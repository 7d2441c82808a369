"""Marking: right numbers are never called wrong, a slip is found where it was made, and named."""

import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from by_hand import problems
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncalc import Problem, Trace, backward, update
from rnncalc.marking.answers import Answer, read_answer
from rnncalc.marking.marking import Answers, Report, mark
from rnncalc.marking.mistakes import mistakes_of


@pytest.fixture(scope="module")
def hello() -> Trace:
    return update(backward(Problem.template("hello")))


def typed(name: str, values: object, decimals: int = 4) -> Answers:
    """Answers as a person types them, rounded to so many decimals."""
    numbers = np.asarray(values, dtype=float)
    return Answers(name, {place: read_answer(f"{v:.{decimals}f}") for place, v in np.ndenumerate(numbers)})


def statuses(report: Report, name: str) -> set[str]:
    return {m.status for m in report.marks if m.quantity == name}


def kinds(report: Report, name: str) -> set[tuple[str, bool]]:
    return {(m.kind, m.certain) for found in report.marks if found.quantity == name for m in found.mistakes}


# ── right numbers ─────────────────────────────────────────────────────────────────────────────────────────────────


@given(problem=problems(), decimals=st.integers(2, 6))
def test_a_number_rounded_once_at_the_end_is_correct(problem, decimals):
    trace = update(backward(problem))
    report = mark(trace, [typed(q.name, q.value, decimals) for q in trace.values() if q.rule is not None])
    assert set(report.counts) == {"correct"}


def rounding_at_every_step(trace: Trace, decimals: int) -> dict[str, np.ndarray]:
    """What a person has who rounds each number before going on; by the operations, from the rounded numbers."""
    from rnncalc.network.replay import replay

    own: dict[str, np.ndarray] = {}
    for q in trace.values():
        if q.rule is not None:
            own[q.name] = np.round(replay(q.rule, own), decimals)
    return own


@pytest.mark.parametrize("decimals", [3, 4, 5, 6])
@pytest.mark.parametrize("seed", range(6))
def test_whoever_rounds_at_every_step_is_never_wrong(decimals, seed):
    trace = update(backward(Problem.draw("banana", seed=seed, hidden=3)))
    own = rounding_at_every_step(trace, decimals)
    report = mark(trace, [typed(name, values, decimals) for name, values in own.items()])
    assert set(report.counts) <= {"correct", "rounded", "carried"}
    assert statuses(report, "h_1") <= {"correct", "rounded"}


def test_a_number_cut_off_instead_of_rounded_counts_as_rounded_with_a_remark(hello):
    (found,) = mark(hello, [Answers("p_2", {(0, 0): read_answer("0.41")})]).marks
    assert (found.status, found.remark) == ("rounded", "cut off instead of rounded")


def test_the_boundary_counts_as_right(hello):
    exact = float(hello["h_2"].value[0, 0])
    at_the_edge = Answer("edge", exact + 0.005, 2)
    rounded_twice = Answer("rounded twice", exact + 0.00549, 2)
    beyond = Answer("beyond", exact + 0.02, 2)
    found = [mark(hello, [Answers("h_2", {(0, 0): a})]).marks[0].status for a in (at_the_edge, rounded_twice, beyond)]
    assert found == ["correct", "rounded", "wrong"]


def test_a_tolerance_of_ones_own_replaces_the_computed_one(hello):
    answer = Answers("h_2", {(0, 0): read_answer("0.95")})
    assert mark(hello, [answer]).verdict == "incorrect"
    assert mark(hello, [answer], tolerance=0.02).verdict == "correct"


# ── a slip and what follows from it ───────────────────────────────────────────────────────────────────────────────


def test_a_slip_in_step_2_is_wrong_there_named_and_everything_after_it_is_carried(hello):
    slip = hello["wh_2"].value - 0.567001  # the bias left out
    a = hello["wx_2"].value + slip
    h = np.tanh(a)
    y = hello["Why"].value @ h
    report = mark(hello, [typed("wh_2", slip), typed("a_2", a), typed("h_2", h), typed("y_2", y)])
    assert statuses(report, "wh_2") == {"wrong"}
    assert kinds(report, "wh_2") == {("bias-left-out", True)}
    assert [statuses(report, name) for name in ("a_2", "h_2", "y_2")] == [{"carried"}] * 3
    assert (report.first.quantity, report.first.row) == ("wh_2", 0)


def test_a_second_slip_after_the_first_is_wrong_too_and_named_from_the_persons_own_numbers(hello):
    slip = hello["wh_2"].value - 0.567001
    a = hello["wx_2"].value + slip
    report = mark(hello, [typed("wh_2", slip), typed("a_2", a), typed("h_2", a)])  # and tanh not applied
    assert kinds(report, "h_2") == {("activation-left-out", True)}


def test_a_sheet_of_zeros_earns_nothing_and_says_why(hello):
    zeros = np.zeros((3, 1))
    names = [f"{family}_{t}" for t in (1, 2, 3) for family in ("wx", "a", "h")]
    report = mark(hello, [typed(name, zeros) for name in names])
    assert set(report.counts) == {"wrong", "uncredited"}
    assert {m.remark for m in report.marks if m.status == "uncredited"} == {
        "it follows from zeros, or from one repeated number, instead of calculated numbers"
    }
    assert not any(m.mistakes for m in report.marks)


def test_what_is_missing_or_unreadable_is_no_mistake_of_arithmetic(hello):
    cells = {(0, 0): read_answer("0.9365"), (1, 0): read_answer(""), (2, 0): read_answer("0.76")}
    report = mark(hello, [Answers("h_2", cells)])
    assert report.verdict == "incomplete"
    assert (report.first.row, report.first.status) == (1, "blank")
    assert mark(hello, [Answers("h_2", {(0, 0): read_answer("x")})]).verdict == "incorrect"


# ── the mistakes, one by one, from numbers worked out here ────────────────────────────────────────────────────────


def mistaken(t: Trace) -> list[tuple[str, str, np.ndarray]]:
    """A quantity, the kind of a mistake, and the numbers that it gives, by plain NumPy."""
    h, a, p, target = ({i: t[f"{f}_{i}"].value for i in range(1, 5)} for f in ("h", "a", "p", "target"))
    dh, da, dy, y = ({i: t[f"{f}_{i}"].value for i in range(1, 5)} for f in ("dh", "da", "dy", "y"))
    whh, bias = float(t["Whh"].value[0, 0]), float(t["bh"].value[0, 0])
    wanted = {i: float((target[i] * p[i]).sum()) for i in p}
    return [
        ("wh_2", "bias-left-out", whh * h[1]),
        ("wh_2", "bias-twice", whh * h[1] + 2 * bias),
        ("wh_3", "wrong-step", whh * h[3] + bias),
        ("h_2", "activation-left-out", a[2]),
        ("p_2", "softmax-without-exp", y[2] / y[2].sum()),
        ("p_2", "softmax-not-divided", np.exp(y[2])),
        ("loss_2", "log-base-10", np.array([[-np.log10(wanted[2])]])),
        ("loss_2", "log-base-2", np.array([[-np.log2(wanted[2])]])),
        ("loss_4", "wrong-target", np.array([[-np.log(p[4][0, 0])]])),
        ("dy_2", "sign-reversed", target[2] - p[2]),
        ("dy_2", "softmax-diagonal", p[2] * (1 - p[2])),
        ("dh_2", "no-flow-back", t["dh_out_2"].value),
        ("dh_2", "only-flow-back", t["dh_next_2"].value),
        ("da_2", "slope-left-out", dh[2]),
        ("da_2", "one-plus-square", (1 + h[2] ** 2) * dh[2]),
        ("da_2", "tanh-twice", (1 - np.tanh(h[2]) ** 2) * dh[2]),
        ("dWhh_3", "wrong-step", np.array([[float((da[3] * h[3]).sum())]])),
        ("dWhh", "not-added-up", t["dWhh_4"].value),
        ("dWhh", "mean-for-sum", t["dWhh"].value / 4),
        ("loss", "mean-for-sum", t["loss"].value / 4),
        ("dWhy_3", "wrong-step", dy[3] @ h[2].T),
    ]


@pytest.mark.parametrize("case", range(21))
def test_a_mistake_is_named_by_its_kind(hello, case):
    name, kind, values = mistaken(hello)[case]
    report = mark(hello, [typed(name, values, 6)])
    assert statuses(report, name) == {"wrong"}
    named = [{m.kind for m in found.mistakes} for found in report.marks]
    assert all(kind in found for found in named)
    assert any(found == {kind} for found in named), named


def test_a_matrix_that_was_not_transposed_or_multiplied_element_by_element_is_named():
    trace = backward(Problem.draw("banana", hidden=3, seed=1))
    whh, da, h = trace["Whh"].value, trace["da_3"].value, trace["h_1"].value
    report = mark(trace, [typed("dh_next_2", whh @ da, 6)])
    assert kinds(report, "dh_next_2") == {("not-transposed", True)}
    turned = whh.T @ h + trace["bh"].value
    assert kinds(mark(trace, [typed("wh_2", turned, 6)]), "wh_2") == {("transposed", True)}
    diagonal = np.diag(whh)[:, None] * h + trace["bh"].value
    assert kinds(mark(trace, [typed("wh_2", diagonal, 6)]), "wh_2") == {("element-by-element", True)}


def test_nothing_follows_from_the_logarithm_of_a_negative_number(hello):
    """Whoever leaves out exp has no probabilities, and any loss is as wrong as another."""
    y, p = hello["y_1"].value, hello["p_1"].value
    negative = y - y.max() - 1
    report = mark(hello, [typed("exp_1", negative), typed("p_1", -p), typed("loss_1", [[99.0]])])
    assert statuses(report, "loss_1") == {"wrong"}
    assert kinds(report, "loss_1") == set()


def test_a_number_that_no_known_mistake_gives_is_wrong_and_unnamed(hello):
    report = mark(hello, [typed("h_2", [[0.1234], [0.2345], [0.3456]])])
    assert statuses(report, "h_2") == {"wrong"}
    assert kinds(report, "h_2") == set()


def test_two_kinds_that_fit_are_both_possible_and_neither_certain(hello):
    """Every kind of mistake at one of its places, now at an early step, now at a late one."""
    cases = defaultdict(list)
    for q in hello.values():
        for mistake in mistakes_of(q, hello):
            value = mistake.value({})
            if value.shape == q.shape and not np.isnan(value).any():
                cases[q.place, mistake.kind].append((q.name, value))
    places = defaultdict(list)
    for place, kind in sorted(cases):
        places[kind].append(place)
    for number, (kind, all_) in enumerate(places.items()):
        fitting = cases[all_[number % len(all_)], kind]
        name, value = fitting[number % len(fitting)]
        for m in mark(hello, [typed(name, value, 3)]).marks:
            assert not any(named.certain for named in m.mistakes) or len(m.mistakes) == 1, kind


@given(problem=problems())
@settings(max_examples=8)
def test_every_mistake_has_the_shape_of_its_quantity_or_says_nothing(problem):
    trace = backward(problem)
    for q in trace.values():
        for found in mistakes_of(q, trace):
            assert found.kind
            assert found.says
            assert found.value({}).ndim == 2


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "linear"])
def test_the_page_on_marking_lists_every_kind(activation):
    page = (Path(__file__).parents[2] / "docs" / "marking.md").read_text(encoding="utf-8")
    for reduction in ("sum", "mean"):
        problem = Problem.draw("banana", activation=activation, loss_reduction=reduction, output_bias=True)
        trace = update(backward(problem))
        found = {m.kind for q in trace.values() for m in mistakes_of(q, trace)}
        assert found <= set(re.findall(r"`([a-z0-9-]+)`", page))


# ── by what a number is held ──────────────────────────────────────────────────────────────────────────────────────


def test_given_weights_leave_nothing_to_cut_off():
    """A weight of two decimals that is read off is not a unit less."""
    trace = update(backward(Problem.template("pencil")))
    exact = float(trace["wx_1"].value[0, 0])
    less = exact - 0.0001 if exact > 0 else exact + 0.0001
    assert mark(trace, [Answers("wx_1", {(0, 0): read_answer(f"{exact:.4f}")})], decimals=4).verdict == "correct"
    assert mark(trace, [Answers("wx_1", {(0, 0): read_answer(f"{less:.4f}")})], decimals=4).verdict == "incorrect"


def test_whoever_rounds_away_from_zero_half_of_the_time_is_not_taken_for_one_who_cuts(hello):
    """0.90 for 0.9071 would be cut off by two decimals; a sheet of rounded numbers has none of these."""
    rounded = [typed(q.name, q.value, 2) for q in hello.values() if q.rule is not None and q.stage == "forward"]
    cut = dict(rounded)
    cut["h_4"] = {**cut["h_4"], (2, 0): read_answer("0.90")}
    report = mark(hello, [Answers(n, c) for n, c in cut.items()])
    assert [m.element for m in report.marks if m.status == "wrong"] == [("h_4", 2, 0)]


def test_the_tolerance_of_a_mark_is_how_far_a_right_number_may_be(hello):
    report = mark(hello, [typed("h_2", hello["h_2"].value), typed("wh_3", hello["wh_3"].value + 0.3)])
    for found in report.marks:
        assert found.tolerance >= 0.00005
        distance = abs(found.given.number - found.expected)
        assert (distance <= found.tolerance + 1e-12) == (found.status in ("correct", "rounded"))


def test_what_follows_stands_beside_the_true_number_only_where_it_is_another(hello):
    report = mark(hello, [typed("h_1", [[0.5], [0.6], [0.7]]), typed("wh_2", hello["wh_2"].value)])
    assert {m.carried for m in report.marks if m.quantity == "h_1"} == {None}
    follows = [m.carried for m in report.marks if m.quantity == "wh_2"]
    assert follows == pytest.approx([0.427043 * h + 0.567001 for h in (0.5, 0.6, 0.7)])


def test_by_a_flat_tolerance_what_follows_from_a_wrong_number_is_carried_too(hello):
    slip = np.array([[0.5], [0.6], [0.7]])
    follows = 0.427043 * slip + 0.567001
    report = mark(hello, [typed("h_1", slip), typed("wh_2", follows + 0.009)], tolerance=0.01)
    assert [statuses(report, name) for name in ("h_1", "wh_2")] == [{"wrong"}, {"carried"}]
    report = mark(hello, [typed("h_1", slip), typed("wh_2", follows + 0.011)], tolerance=0.01)
    assert statuses(report, "wh_2") == {"wrong"}
