"""Judgements that were wrong once, each as a test of its kind: right work that was called wrong, wrong numbers that
passed, and mistakes that were given a false name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import on_paper
import pytest

from rnncalc import Problem
from rnncalc.marking.answers import Answer, read_answer
from rnncalc.marking.marking import Answers, Mark, Report, mark
from rnncalc.network.update_step import whole_trace

HELLO = Problem.template("hello")
TRACE = whole_trace(HELLO)
STEPS = range(1, 5)
Slips = Mapping[str, Callable[[Mapping[str, Any]], Any]]


def sheet(
    slips: Slips | None = None, *, decimals: int = 4, typos: Mapping[tuple[str, int, int], float] | None = None
) -> Report:
    """A worksheet of hello worked with some slips, every number rounded before the next; typos are not carried on."""
    written = on_paper.work(HELLO, decimals=decimals, instead=slips)
    for (name, row, column), number in (typos or {}).items():
        written[name] = written[name].copy()
        written[name][row, column] = number
    return report_of(written, decimals)


def report_of(written: Mapping[str, Any], decimals: int, asked: int | None = None) -> Report:
    def cell(number: float) -> Answer:
        return Answer(f"{number:.10g}", float(number), decimals)

    answers = [Answers(n, {at: cell(v) for at, v in np.ndenumerate(a)}) for n, a in written.items()]
    return mark(TRACE, answers, decimals=decimals if asked is None else asked)


def typed(name: str, *values: str) -> list[Mark]:
    """What the prompt says of some numbers."""
    from rnncalc.marking.prompt import typed_answers

    return mark(TRACE, [typed_answers(TRACE, name, values)], decimals=6).marks


def at_every_step(family: str, slip: Callable[[Mapping[str, Any], int], Any]) -> Slips:
    return {f"{family}_{t}": lambda n, t=t: slip(n, t) for t in STEPS}


def wrong(report: Report) -> set[str]:
    return {m.quantity for m in report.marks if m.status == "wrong"}


def names(report: Report, quantity: str) -> set[tuple[str, bool]]:
    return {(n.kind, n.certain) for m in report.marks if m.quantity == quantity for n in m.mistakes}


def nothing_but(report: Report, *quantities: str) -> bool:
    """Whether these quantities alone have wrong numbers, and all else is right or carried."""
    return wrong(report) == set(quantities) and set(report.counts) <= {"correct", "rounded", "carried", "wrong"}


# ── both forms of softmax ─────────────────────────────────────────────────────────────────────────────────────────


def test_exp_of_the_scores_as_they_are_is_right_and_so_is_exp_with_the_largest_taken_away():
    y = on_paper.work(HELLO)["y_1"].ravel()
    for exps in (np.exp(y), np.exp(y - y.max()), np.exp(y - y.min()), 3 * np.exp(y)):
        marks = typed("exp_1", *(f"{e:.4f}" for e in exps))
        assert {m.status for m in marks} == {"correct"}, exps
    assert {m.status for m in typed("exp_1", *(f"{e:.4f}" for e in 10**y))} == {"wrong"}


@pytest.mark.parametrize("form", ["plain", "shifted"])
@pytest.mark.parametrize("decimals", [2, 3, 4, 6])
def test_a_whole_sheet_in_either_form_is_right_for_a_problem_of_either_form(form, decimals):
    problem = HELLO.replace(softmax=form)
    trace = whole_trace(problem)
    for worked in ("plain", "shifted"):
        written = on_paper.work(HELLO.replace(softmax=worked), decimals=decimals)
        answers = [
            Answers(n, {at: Answer(f"{v:.10g}", float(v), decimals) for at, v in np.ndenumerate(a)})
            for n, a in written.items()
        ]
        assert mark(trace, answers, decimals=decimals).verdict == "correct", worked


# ── what follows rightly is never called wrong ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("decimals", [2, 3, 4, 6])
@pytest.mark.parametrize(
    "slips",
    [
        {"y_1": lambda n: n["Why"] @ n["h_0"]},
        at_every_step("wh", lambda n, t: np.full((3, 1), n["bh"])),
        at_every_step("dWhy", lambda n, t: n[f"dy_{t}"] @ n[f"h_{t - 1}"].T),
        {"h_2": lambda n: np.zeros((3, 1))},
        {"a_3": lambda n: n["a_2"]},
    ],
    ids=["y_1 from h_0", "wh is bh", "h of the step before in dWhy", "h_2 is zeros", "a_2 pasted as a_3"],
)
def test_what_follows_from_zeros_repeated_numbers_and_other_tables_is_carried(slips, decimals):
    report = sheet(slips, decimals=decimals)
    planted = {name for name in slips if name != "wh_1"}  # where h_0 is 0, bh is right
    assert wrong(report) <= planted
    assert {m.status for m in report.marks if m.quantity not in planted} <= {"correct", "rounded", "carried"}
    assert not any(m.mistakes for m in report.marks if m.quantity not in planted)


def test_h_0_is_tried_as_a_number_of_another_step():
    assert names(sheet({"y_1": lambda n: n["Why"] @ n["h_0"]}), "y_1") == {("wrong-step", False)}  # zeros


# ── sums are held to their terms ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("quantity", "off", "decimals"),
    [
        ("loss", 0.53, 2),
        ("loss", 0.052, 3),
        ("dWhh", 0.0012, 4),
        ("dWxh", 0.0012, 4),
        ("dWhy", -0.0009, 4),
        ("grad_norm", 0.003, 4),
        ("dh_2", 0.0004, 4),
    ],
)
def test_a_sum_that_is_off_is_wrong_and_what_follows_from_it_is_carried(quantity, off, decimals):
    rule = on_paper.rules(HELLO)[quantity]
    report = sheet({quantity: lambda n: rule.work(*(n[s] for s in rule.sources)) + off}, decimals=decimals)
    assert nothing_but(report, quantity)


def test_clipping_that_was_forgotten_in_every_new_weight_is_wrong_in_each_that_it_changes():
    trace = whole_trace(HELLO, clip_norm=1.0)
    decimals = 2
    written = on_paper.work(HELLO, decimals=decimals)
    for name in HELLO.weights:
        clipped = written[f"d{name}"] / max(float(written["grad_norm"][0, 0]), 1.0)
        written[f"d{name}_clipped"] = np.round(clipped, decimals)
    answers = [
        Answers(n, {at: Answer(f"{v:.10g}", float(v), decimals) for at, v in np.ndenumerate(written[n])})
        for n in trace
        if n in written
    ]
    found = mark(trace, answers, decimals=decimals)
    assert {"Why_new"} <= wrong(found) <= {f"{name}_new" for name in HELLO.weights}
    assert names(found, "Why_new") == {("not-clipped", True)}


# ── ways of working ───────────────────────────────────────────────────────────────────────────────────────────────


def rounded(value: Any, decimals: int) -> Any:
    return np.round(value, decimals)


def cut(value: Any, decimals: int) -> Any:
    return np.trunc(np.round(value * 10.0**decimals, 6)) / 10.0**decimals


def by_products(left: Any, right: Any, decimals: int, shorten: Callable[[Any, int], Any]) -> Any:
    """A matrix product, each product shortened before they are added."""
    return sum(shorten(left[:, [k]] * right[[k], :], decimals) for k in range(left.shape[1]))


@pytest.mark.parametrize("decimals", [2, 3, 4])
@pytest.mark.parametrize("shorten", [rounded, cut])
def test_products_that_are_shortened_before_they_are_added_are_right(decimals, shorten):
    numbers: dict[str, Any] = on_paper.given(HELLO)
    for name, rule in on_paper.rules(HELLO).items():
        family, _, time = name.partition("_")
        operands = [numbers[s] for s in rule.sources]
        if family == "y":
            value = by_products(*operands, decimals, shorten)
        elif name.startswith("dh_out"):
            value = by_products(numbers["Why"].T, operands[1], decimals, shorten)
        elif family == "dWhh" and time:
            value = shorten(operands[0] * operands[1], decimals).sum(keepdims=True)
        elif name.endswith("_new"):
            value = operands[0] - shorten(operands[1] * operands[2], decimals)
        elif family == "da":
            value = (1 - shorten(operands[0] ** 2, decimals)) * operands[1]
        else:
            value = rule.work(*operands)
        numbers[name] = shorten(value, decimals)
    written = {name: numbers[name] for name in on_paper.rules(HELLO)}
    assert report_of(written, decimals).verdict == "correct"


def test_one_sum_of_rounded_products_is_right():
    """Each of the products with two decimals first: 0.26 + 0.88 + 0.67 for 1.800334, from the written h_1."""
    h = [0.69, 0.90, 0.80]
    products = [round(w * v, 2) for w, v in zip((0.37168, 0.974829459, 0.830034886), h, strict=True)]
    answers = [
        Answers("h_1", {(i, 0): Answer(f"{v}", v, 2) for i, v in enumerate(h)}),
        Answers("y_1", {(0, 0): Answer("", sum(products), 2)}),
    ]
    assert {m.status for m in mark(TRACE, answers).marks} <= {"correct", "rounded"}


def test_a_spare_digit_that_was_rounded_away_is_right():
    value = float(TRACE["Wxh_new"].value[1, 0])
    assert round(value, 5) != round(value, 4)
    twice = round(round(value, 5) + 1e-12, 4)
    (found,) = typed("Wxh_new[2,1]", f"{twice:.4f}")
    assert found.status in ("correct", "rounded")


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_target_that_was_forgotten_is_no_other_letter():
    report = sheet(at_every_step("dy", lambda n, t: n[f"p_{t}"]))
    for t in STEPS:
        assert names(report, f"dy_{t}") == {("target-left-out", True)}


def test_one_subtracted_in_each_row_is_a_mistake_of_its_own():
    report = sheet(at_every_step("dy", lambda n, t: n[f"p_{t}"] - 1))
    for t in STEPS:
        assert names(report, f"dy_{t}") == {("one-subtracted", True)}


def test_the_step_alone_is_not_another_weight():
    report = sheet({"Wxh_new": lambda n: -n["eta"] * n["dWxh"]})
    assert names(report, "Wxh_new") == {("term-left-out", True)}


def test_one_fitting_number_of_three_does_not_name_the_kind_for_all():
    h = on_paper.work(HELLO, decimals=4)
    h_2 = [[h["a_2"][0, 0]], [0.1234], [0.2345]]
    answers = {"h_2": np.array(h_2), "a_2": h["a_2"], "wh_2": h["wh_2"], "wx_2": h["wx_2"], "h_1": h["h_1"]}
    report = report_of({n: answers[n] for n in ("h_1", "wx_2", "wh_2", "a_2", "h_2")}, 4)
    assert not any(n.certain for m in report.marks for n in m.mistakes)


def test_a_row_that_a_reordering_does_not_move_is_not_called_alphabetical():
    report = sheet({"h_2": lambda n: np.zeros((3, 1))})
    assert not any(n.kind == "alphabetical" for m in report.marks for n in m.mistakes)


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("dWhh", ["0.224148"], "no-flow-back"),
        ("dWhh", ["1.654515"], "slope-left-out"),
        ("dWhh", ["0.325913"], "wrong-step"),
        ("dWhh", ["-0.235706"], "sign-reversed"),
        ("h_2[2]", ["0.9511"], "wrong-table"),
        ("a_2", ["1.709074", "1.822671", "1.043389"], "wrong-row"),
        ("h_2", ["0.9365", "0.9941", "0.7623"], "digits-swapped"),
        ("h_2", ["0.9365", "0.9491", "7.6230"], "point-moved"),
        ("dy_4", ["0.4342", "0.1991", "-0.1580", "-0.7912"], "sign-lost"),
    ],
)
def test_a_slip_that_is_common_has_a_name(name, values, kind):
    found = {n.kind for m in typed(name, *values) for n in m.mistakes}
    assert kind in found


def test_the_gradient_of_the_state_for_that_of_the_sum_is_told_by_the_total():
    found = {n.kind for m in typed("dWhh", "0.311212") for n in m.mistakes}
    assert found  # ∂E/∂h where ∂E/∂a belongs, in the last product alone


# ── a mistake, and a typo that is not carried on ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("decimals", [3, 4, 6])
def test_what_should_stand_there_given_an_earlier_mistake_is_an_operand_too(decimals):
    """bh forgotten in step 1; h_1[2] worked rightly from it, and two digits swapped as it was written down."""
    slips = {"wh_1": lambda n: np.zeros((3, 1))}
    h = round(float(np.tanh(0.902874)), decimals)
    text = f"{h:.{decimals}f}"
    swapped = float(text[:2] + text[3] + text[2] + text[4:])
    report = sheet(slips, decimals=decimals, typos={("h_1", 1, 0): swapped})
    assert nothing_but(report, "wh_1", "h_1")
    assert {(m.quantity, m.row) for m in report.marks if m.status == "wrong"} == {
        ("wh_1", 0), ("wh_1", 1), ("wh_1", 2), ("h_1", 1),
    }  # fmt: skip
    assert ("bias-left-out", True) in names(report, "wh_1")
    assert "digits-swapped" in {kind for kind, _ in names(report, "h_1")}


# ── digits ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_digits_beyond_those_asked_for_claim_nothing():
    """float32 printed with eight decimals."""
    marks = typed("h_1", "0.69316792", "0.89955360", "0.80211854")
    assert {m.status for m in marks} == {"correct"}
    texts = {n: np.array(v, dtype=np.float32) for n, v in on_paper.work(HELLO).items()}
    answers = [Answers(n, {at: read_answer(f"{v:.8f}") for at, v in np.ndenumerate(a)}) for n, a in texts.items()]
    assert mark(TRACE, answers, decimals=4).verdict == "correct"


def test_zeros_without_a_decimal_point_claim_what_was_asked_for():
    assert {m.status for m in typed("dWhy_1", *["0"] * 12)} == {"wrong"}


def test_two_decimals_where_four_were_asked_for_are_marked_as_far_as_they_go_and_told_once():
    report = report_of(on_paper.work(HELLO, decimals=2), 4)
    assert report.verdict == "correct"
    assert report.remark == "Your numbers have 2 decimals, but 4 were asked for."
    slip = on_paper.work(HELLO, decimals=2, instead={"wh_2": lambda n: n["Whh"] * n["h_1"]})
    report = report_of(slip, 4)
    assert nothing_but(report, "wh_2")


def test_a_lone_number_with_fewer_decimals_is_no_other_mistake():
    """tanh of a small number is the number itself, to two decimals."""
    written = on_paper.work(HELLO, decimals=4)
    written["h_2"] = written["h_2"].copy()
    written["h_2"][0, 0] = 0.94
    (found,) = (m for m in report_of(written, 4).marks if m.status == "wrong")
    assert found.remark == "right to 2 decimals, but 4 were asked for"
    assert not found.mistakes
