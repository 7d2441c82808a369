"""When a wrong number carries credit on to what follows from it, and when it does not."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import on_paper
import pytest

from rnncalc import Problem, Trace
from rnncalc.marking.answers import Answer, read_answer
from rnncalc.marking.credit import CHANGED, COPIED, FOREIGN, STOCK, Credit
from rnncalc.marking.marking import Answers, Mark, Report, mark
from rnncalc.network.update_step import whole_trace

HELLO = Problem.template("hello")
TRACE = whole_trace(HELLO)
RULES = on_paper.rules(HELLO)
STEPS = range(1, HELLO.steps + 1)
FORWARD = ("wx", "wh", "a", "h", "y", "exp", "p", "loss")
BACKWARD = ("dy", "dh_out", "dh_next", "dh", "da", "dWxh", "dWhh", "dbh", "dWhy")
Slip = Callable[[on_paper.Numbers], Any]


def cells(values: Any, decimals: int = 4) -> dict[tuple[int, int], Answer]:
    return {p: read_answer(f"{v:.{decimals}f}") for p, v in np.ndenumerate(np.asarray(values, dtype=float))}


def marked(tables: Mapping[str, Any], trace: Trace = TRACE, **more: Any) -> Report:
    return mark(trace, [Answers(name, cells(values)) for name, values in tables.items()], decimals=4, **more)


def worked_from(**instead: Any) -> dict[str, Any]:
    """A whole sheet worked rightly, but for some tables that are filled with other numbers or by another rule."""
    slips: dict[str, Slip] = {n: s if callable(s) else lambda _, s=s: np.asarray(s, float) for n, s in instead.items()}
    return on_paper.work(HELLO, decimals=4, instead=slips)


def of(report: Report, *names: str) -> list[Mark]:
    return [m for m in report.marks if m.quantity in names]


def statuses(report: Report, *names: str) -> set[str]:
    return {m.status for m in of(report, *names)}


def full(value: float, name: str) -> Any:
    return np.full(TRACE[name].shape, value)


# ── honest mistakes ───────────────────────────────────────────────────────────────────────────────────────────────


def unknown(name: str) -> Slip:
    """A mistake that nobody has heard of."""
    rule = RULES[name]
    return lambda numbers: 1.37 * rule.work(*(numbers[s] for s in rule.sources)) + 0.11


def nothing_withheld(report: Report, *places: str) -> bool:
    """Whether wrong numbers stand in these families alone, and all that follows from them is credited."""
    wrong = {m.quantity.rpartition("_")[0] or m.quantity for m in report.marks if m.status == "wrong"}
    return wrong == set(places) and set(report.counts) <= {"wrong", "carried", "correct", "rounded"}


@pytest.mark.parametrize("family", [*FORWARD, *BACKWARD])
def test_an_honest_mistake_that_nobody_knows_carries_though_it_is_made_at_every_step(family):
    report = marked(worked_from(**{f"{family}_{t}": unknown(f"{family}_{t}") for t in STEPS}))
    assert nothing_withheld(report, family)
    assert not of(report, "wx_1")[0].remark
    assert report.counts["carried"] > 0


@pytest.mark.parametrize("families", [("wx", "y"), ("h", "dh"), ("wh", "da")])
def test_two_mistakes_that_nobody_knows_carry_too(families):
    slips = {f"{family}_{t}": unknown(f"{family}_{t}") for family in families for t in STEPS}
    assert nothing_withheld(marked(worked_from(**slips)), *families)


# ── stock values ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("value", [0.0, 0.5])
@pytest.mark.parametrize("name", ["wx_2", "h_1", "y_3", "dh_2"])
def test_one_table_of_one_number_repeated_is_an_honest_slip_and_carries(name, value):
    report = marked(worked_from(**{name: full(value, name)}))
    assert statuses(report, name) == {"wrong"}
    assert set(report.counts) <= {"wrong", "carried", "correct", "rounded"}


@pytest.mark.parametrize("names", [("wx_2", "y_3"), ("h_1", "dh_out_2"), ("wx_1", "wx_2", "wx_3")])
def test_what_follows_from_several_such_tables_earns_nothing_and_it_is_said_why(names):
    report = marked(worked_from(**{name: full(0.5, name) for name in names}))
    assert report.counts["carried"] == 0
    assert report.counts["uncredited"] > 0
    follows = [m for m in report.marks if m.status == "uncredited"]
    assert {m.remark for m in follows} == {STOCK.follows}
    assert not any(m.mistakes for m in follows)


def test_what_follows_from_a_slip_beside_such_tables_is_credited_all_the_same():
    """The losses are wrong by themselves; nothing but their sum follows from them."""
    slips = {f"loss_{t}": unknown(f"loss_{t}") for t in STEPS}
    report = marked(worked_from(dh_out_1=full(0.5, "dh_out_1"), dh_out_2=full(0.5, "dh_out_2"), **slips))
    assert statuses(report, "loss") == {"carried"}
    assert statuses(report, "dh_1", "da_1") == {"uncredited"}


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_sheet_of_one_number_earns_nothing_but_what_is_right(value):
    report = marked({q.name: full(value, q.name) for q in TRACE.values() if q.rule is not None})
    assert report.counts["carried"] == 0
    for m in report.marks:
        near = abs(value - m.expected) <= 0.00011
        assert m.status in (("correct", "rounded") if near else ("wrong", "uncredited")), m
        assert not m.mistakes
    assert {m.remark for m in report.marks if m.status == "uncredited"} <= {STOCK.follows}


def test_a_table_that_is_all_equal_in_truth_is_no_stock_table():
    """wh_1 is the bias three times, so that one table of one number repeated is left."""
    report = marked(worked_from(wh_1=full(0.6, "wh_1"), wx_3=full(0.5, "wx_3")))
    assert statuses(report, "wh_1", "wx_3") == {"wrong"}
    assert set(report.counts) <= {"wrong", "carried", "correct", "rounded"}


# ── numbers of another sheet ──────────────────────────────────────────────────────────────────────────────────────


def drawn(seed: int) -> Problem:
    return Problem.draw("banana", hidden=3, seed=seed)


def sheet_of(problem: Problem) -> dict[str, Any]:
    return {n: v for n, v in on_paper.work(problem, decimals=4).items() if not n.startswith(("dh_next_6", "dh_0"))}


def earned(report: Report) -> Counter[str]:
    """The statuses of the numbers that are not the true ones by chance, as are zeros."""
    return Counter(m.status for m in report.marks if abs(m.given.number or 0.0) > 0)


@pytest.mark.parametrize(("mine", "other"), [(1, 2), (2, 1), (3, 4)])
def test_the_right_numbers_of_another_sheet_earn_nothing(mine, other):
    report = marked(sheet_of(drawn(other)), whole_trace(drawn(mine)))
    found = earned(report)
    assert found["carried"] == 0
    assert found["correct"] + found["rounded"] <= 0.02 * found.total()
    assert {m.remark for m in report.marks if m.status == "uncredited"} == {FOREIGN.follows}
    wrong = [m for m in report.marks if m.status == "wrong"]
    assert {m.remark for m in wrong} == {FOREIGN.itself}
    assert not any(m.mistakes for m in wrong)


def test_numbers_of_another_sheet_from_a_step_on_hardly_earn_anything():
    mine, other = (sheet_of(drawn(seed)) for seed in (1, 2))
    later = [n for n in mine if n.partition("_")[2][-1:] not in ("1", "2") or n.startswith("d")]
    report = marked({**mine, **{n: other[n] for n in later}}, whole_trace(drawn(1)))
    copied = [m for m in report.marks if m.quantity in later and abs(m.given.number or 0.0) > 0]
    kept = Counter(m.status for m in copied)
    assert kept["uncredited"] > kept["wrong"] / 2
    assert kept["carried"] <= 0.02 * kept.total()
    own = [m for m in report.marks if m.quantity not in later]
    assert {m.status for m in own} <= {"correct", "rounded"}


def test_two_foreign_tables_are_not_enough_to_call_a_sheet_foreign():
    """Whoever reads two tables off a neighbour's sheet has two slips; what follows carries."""
    other = on_paper.work(HELLO.replace(weights={n: 0.5 * w for n, w in HELLO.weights.items()}), decimals=4)
    report = marked(worked_from(wx_2=other["wx_2"], wh_3=other["wh_3"]))
    assert set(report.counts) <= {"wrong", "carried", "correct", "rounded"}


# ── copied answers ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_copied_table_is_named_as_such_and_what_follows_from_it_earns_nothing():
    copied = {("wx_2", row, 0) for row in range(3)}
    report = marked(worked_from(wx_2=[[0.4], [0.3], [0.2]]), copied=copied)
    for m in of(report, "wx_2"):
        assert (m.status, m.remark, m.mistakes) == ("wrong", COPIED.itself, ())
    assert statuses(report, "a_2", "h_2", "y_2", "h_4") == {"uncredited"}
    assert {m.remark for m in report.marks if m.status == "uncredited"} == {COPIED.follows}
    assert statuses(report, "a_1", "wx_3", "y_1") <= {"correct", "rounded"}


def test_without_copies_the_same_numbers_carry():
    report = marked(worked_from(wx_2=[[0.4], [0.3], [0.2]]))
    assert statuses(report, "a_2", "h_2", "y_2", "h_4") == {"carried"}


def test_one_copied_element_takes_the_credit_of_what_it_goes_into_alone():
    report = marked(worked_from(wx_2=[[0.4], [0.3], [0.2]]), copied={("wx_2", 1, 0)})
    assert [m.status for m in of(report, "a_2")] == ["carried", "uncredited", "carried"]
    assert statuses(report, "y_2") == {"uncredited"}
    assert [bool(m.remark) for m in of(report, "wx_2")] == [False, True, False]


def test_a_copied_number_that_follows_from_ones_own_numbers_earns_nothing_either():
    report = marked(worked_from(wx_2=[[0.4], [0.3], [0.2]]), copied={("a_2", 0, 0)})
    assert [m.status for m in of(report, "a_2")] == ["uncredited", "carried", "carried"]
    assert [m.status for m in of(report, "h_2")] == ["uncredited", "carried", "carried"]


def test_a_right_number_is_right_whoever_else_has_it():
    report = marked(worked_from(), copied={("wx_2", row, 0) for row in range(3)})
    assert report.verdict == "correct"


# ── changed givens ────────────────────────────────────────────────────────────────────────────────────────────────


def changed_bias(**more: Any) -> Report:
    """A sheet worked from a bias of 0.75 that was typed over the one given."""
    problem = HELLO.replace(weights={**HELLO.weights, "bh": [[0.75]]})
    return marked(on_paper.work(problem, decimals=4), given=[Answers("bh", {(0, 0): read_answer("0.75")})], **more)


def test_what_follows_from_a_changed_given_is_carried_for_a_learner():
    report = changed_bias()
    assert statuses(report, "bh") == {"given-changed"}
    assert statuses(report, "wh_1", "h_1", "y_4", "Why_new") == {"carried"}
    assert statuses(report, "wx_1", "wx_4") == {"correct"}
    assert "wrong" not in report.counts


def test_in_a_class_it_earns_nothing_and_it_is_said_why():
    report = changed_bias(from_changed=False)
    assert statuses(report, "wh_1", "h_1", "y_4", "Why_new") == {"uncredited"}
    assert {m.remark for m in of(report, "wh_1", "y_4")} == {CHANGED.follows}
    assert statuses(report, "wx_1", "wx_4") == {"correct"}
    assert not {"wrong", "carried"} & set(report.counts)


def test_a_given_that_stands_as_it_was_given_takes_nothing():
    as_given = [Answers("bh", {(0, 0): read_answer(repr(float(HELLO.weights["bh"][0, 0])))})]
    report = marked(worked_from(h_1=[[0.5], [0.6], [0.7]]), given=as_given, from_changed=False)
    assert statuses(report, "wh_2") == {"carried"}
    assert "given-changed" not in report.counts


# ── these tests can fail ──────────────────────────────────────────────────────────────────────────────────────────


def test_without_the_rules_of_credit_zeros_and_foreign_sheets_would_earn(monkeypatch):
    monkeypatch.setattr(Credit, "withheld", lambda self: {})
    zeros = marked(worked_from(wx_2=full(0.5, "wx_2"), y_3=full(0.5, "y_3")))
    foreign = marked(sheet_of(drawn(2)), whole_trace(drawn(1)))
    assert zeros.counts["carried"] > 0
    assert foreign.counts["carried"] > 0
    assert "uncredited" not in {*zeros.counts, *foreign.counts}
