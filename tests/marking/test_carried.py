"""What follows from a person's own numbers, and when a wrong one may carry credit on."""

import numpy as np
import on_paper
import pytest

from rnncalc import Problem
from rnncalc.language.interval import at
from rnncalc.marking.answers import Answer, read_answer
from rnncalc.marking.carried import AS_WRITTEN, OwnNumbers, tree_of
from rnncalc.marking.marking import Answers, mark
from rnncalc.marking.working import Way
from rnncalc.network.update_step import whole_trace

HELLO = Problem.template("hello")
TRACE = whole_trace(HELLO)
RULES = on_paper.rules(HELLO)
GIVEN = on_paper.given(HELLO)


def cells(values: object) -> dict[tuple[int, int], Answer]:
    """Numbers as they stand in cells, with four decimals; None is a blank."""
    array = np.asarray(values, dtype=object)
    blank = read_answer("")
    return {at: blank if v is None else read_answer(f"{v:.4f}") for at, v in np.ndenumerate(array)}


def own(**answers: object) -> OwnNumbers:
    return OwnNumbers(TRACE, {name: cells(values) for name, values in answers.items()}, {})


def statuses(**answers: object) -> dict[str, list[str]]:
    """What the marking makes of some tables, by quantity."""
    report = mark(TRACE, [Answers(name, cells(values)) for name, values in answers.items()])
    found: dict[str, list[str]] = {name: [] for name in answers}
    for m in report.marks:
        found[m.quantity].append(m.status)
    return found


def column(*numbers: float | None) -> np.ndarray:
    return np.array([[n] for n in numbers], dtype=object)


MINE = column(0.5, 0.6, 0.7)
"""An h_1 that nobody would come to."""


# ── what follows ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_what_is_another_number_than_the_true_one_is_kept_and_what_follows_from_it():
    values = own(h_1=MINE).values
    assert np.array_equal(values["h_1"], MINE.astype(float))
    assert "a_1" not in values
    assert np.allclose(values["wh_2"], GIVEN["Whh"] * MINE.astype(float) + GIVEN["bh"], rtol=1e-14, atol=0)
    slip = on_paper.work(HELLO, instead={"h_1": lambda _: MINE.astype(float)})
    for name in ("h_4", "p_4", "dWxh", "Why_new"):
        assert np.allclose(values[name], slip[name], rtol=1e-12, atol=0), name


def test_a_written_number_stops_what_follows_from_an_earlier_one():
    values = own(h_1=MINE, a_2=np.round(TRACE["a_2"].value, 4)).values
    assert np.allclose(values["h_2"], np.tanh(np.round(TRACE["a_2"].value, 4)), rtol=1e-14, atol=0)


def test_the_true_number_stands_for_a_blank():
    values = own(h_1=column(0.5, None, None)).values
    assert values["h_1"].ravel().tolist() == [0.5, *TRACE["h_1"].value.ravel()[1:].tolist()]


def test_a_changed_given_counts_as_the_persons_own():
    changed = OwnNumbers(TRACE, {}, {"bh": cells([[0.75]])})
    assert np.allclose(changed.values["wh_1"], 0.75, rtol=1e-14, atol=0)


def test_a_loss_follows_from_p_and_from_the_scores():
    """Whoever works it from p and whoever works it from the scores are both right."""
    y, p = column(1, 2, 3, 4), column(0.1, 0.2, 0.5, 0.2)
    from_scores = np.log(np.exp([1.0, 2, 3, 4]).sum()) - 3
    for loss in (-np.log(0.5), from_scores):
        assert statuses(y_2=y, p_2=p, loss_2=[[loss]])["loss_2"] == ["carried"]
    assert statuses(y_2=y, p_2=p, loss_2=[[1.1]])["loss_2"] == ["wrong"]


# ── when it carries ───────────────────────────────────────────────────────────────────────────────────────────────


def follow(h: np.ndarray) -> np.ndarray:
    """wh_2 from an h_1."""
    return float(GIVEN["Whh"][0, 0]) * h.astype(float) + float(GIVEN["bh"][0, 0])


def test_a_wrong_number_of_ones_own_carries():
    assert statuses(h_1=MINE, wh_2=follow(MINE)) == {"h_1": ["wrong"] * 3, "wh_2": ["carried"] * 3}


@pytest.mark.parametrize(
    ("what", "h_1"),
    [
        ("all zeros", column(0, 0, 0)),
        ("all equal", column(0.5, 0.5, 0.5)),
        ("another table", np.round(TRACE["wx_1"].value, 4)),
    ],
)
def test_one_table_of_stock_values_in_honest_work_carries(what, h_1):
    assert statuses(h_1=h_1, wh_2=follow(h_1))["wh_2"] == ["carried"] * 3, what


@pytest.mark.parametrize("stock", [0.0, 0.5])
def test_several_tables_of_stock_values_carry_nothing_and_it_is_said_why(stock):
    h = column(stock, stock, stock)
    tables = {"h_1": h, "wh_2": follow(h), "h_2": h, "wh_3": follow(h), "h_3": h, "wh_4": follow(h)}
    report = mark(TRACE, [Answers(name, cells(values)) for name, values in tables.items()])
    follows = [m for m in report.marks if m.quantity.startswith("wh")]
    assert {m.status for m in follows} == {"uncredited"}
    assert all(m.remark.startswith("it follows from zeros, or from one repeated number") for m in follows)
    assert not any(m.mistakes for m in follows)


def test_what_is_blank_is_worked_out_from_what_stands_before_it():
    found = statuses(h_1=column(None, 0.6, 0.7), wh_2=follow(MINE))
    assert found["wh_2"] == ["wrong", "carried", "carried"]
    h = column(0.5, None, 0.7)
    y = GIVEN["Why"] @ np.array([[0.5], [TRACE["h_2"].value[1, 0]], [0.7]])
    assert statuses(h_2=h, y_2=y)["y_2"] == ["carried"] * 4


def test_a_copy_that_a_known_mistake_leads_to_is_honest_work():
    """p_2 not divided by the sum is exp_2, another table of the sheet."""
    exps = np.round(TRACE["exp_2"].value, 4)
    found = statuses(exp_2=exps, p_2=exps, dy_2=exps - TRACE["target_2"].value)
    assert (found["exp_2"], found["p_2"], found["dy_2"]) == (["correct"] * 4, ["wrong"] * 4, ["carried"] * 4)


def test_equal_numbers_that_are_equal_in_truth_are_no_stock_values():
    """dh_next_4 is all zeros; wh_1 is the bias three times."""
    wh = column(0.7, 0.7, 0.7)
    a = TRACE["wx_1"].value + 0.7
    assert statuses(wh_1=wh, a_1=a)["a_1"] == ["carried"] * 3


def test_rounded_numbers_of_ones_own_do_not_carry_they_are_right():
    h = np.round(TRACE["h_1"].value, 2)
    with_two = {at: read_answer(f"{v:.2f}") for at, v in np.ndenumerate(h)}
    report = mark(TRACE, [Answers("h_1", with_two), Answers("wh_2", cells(follow(h)))])
    assert {m.quantity: m.status for m in report.marks if m.row == 1} == {"h_1": "correct", "wh_2": "rounded"}


def test_a_second_slip_on_top_of_a_first_is_wrong():
    found = statuses(h_1=MINE, wh_2=follow(MINE) + 0.3)
    assert found["wh_2"] == ["wrong"] * 3


SLIPS = ["wx_1", "a_1", "h_1", "y_1", "p_1", "dy_2", "dh_2", "da_3", "dWhh_2", "dWxh", "grad_norm"]


@pytest.mark.parametrize("name", SLIPS)
def test_whoever_works_on_honestly_from_one_wrong_table_is_carried_everywhere_after_it(name):
    """Whatever the table, and however far."""

    def slip(numbers: on_paper.Numbers) -> np.ndarray:
        return RULES[name].work(*(numbers[s] for s in RULES[name].sources)) * 1.37 + 0.11

    handed_in = on_paper.work(HELLO, decimals=4, instead={name: slip})
    report = mark(TRACE, [Answers(n, cells(v)) for n, v in handed_in.items()])
    assert {m.quantity for m in report.marks if m.status == "wrong"} == {name}


# ── operands ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_element_is_worked_from_the_written_ones_through_those_that_nobody_wrote():
    written = own(h_1=MINE, y_2=column(1, 2, 3, 4))
    assert written.into(("wh_2", 1, 0)) == {("h_1", 1, 0)}
    assert written.into(("h_2", 1, 0)) == {("h_1", 1, 0)}  # wh_2 and a_2 were not written
    assert written.into(("h_4", 1, 0)) == {("h_1", 1, 0)}
    assert written.into(("y_4", 1, 0)) == {("h_1", row, 0) for row in range(3)}
    assert written.into(("p_2", 0, 0)) == {("y_2", row, 0) for row in range(4)}
    assert written.into(("wx_2", 1, 0)) == frozenset()
    assert (written.parents("h_4"), written.parents("p_2")) == ({"h_1"}, {"y_2"})


def test_what_should_stand_in_the_place_of_a_wrong_number_is_tried_after_the_number_itself():
    written = own(h_1=MINE)
    assert written.choices(TRACE["wh_2"]) == [AS_WRITTEN]
    meant = {(row, 0): at(0.9) for row in range(3)}
    written.keep_meant(TRACE["h_1"], meant)
    first, *others = written.choices(TRACE["wh_2"])
    assert first == AS_WRITTEN
    assert [sorted(choice.meant) for choice in others] == [
        [("h_1", 0, 0), ("h_1", 1, 0), ("h_1", 2, 0)],
        [("h_1", 0, 0)],
        [("h_1", 1, 0)],
        [("h_1", 2, 0)],
    ]
    tree = tree_of(TRACE["wh_2"], 0, 0)
    for choice, h in ((first, 0.5), (others[0], 0.9)):
        found = written.reading(Way(None), choice).of(tree)
        assert found.middle == pytest.approx(float(GIVEN["Whh"][0, 0]) * h + float(GIVEN["bh"][0, 0]))


def test_the_choices_are_few_however_many_numbers_are_wrong():
    written = own(**{f"h_{t}": MINE for t in (1, 2, 3, 4)})
    for t in (1, 2, 3, 4):
        written.keep_meant(TRACE[f"h_{t}"], {(row, 0): at(0.9) for row in range(3)})
    assert 1 < len(written.choices(TRACE["dWhy"])) <= 24


@pytest.mark.parametrize(("shorten", "may"), [(np.trunc, True), (np.round, False)])
def test_a_person_cuts_digits_off_or_rounds_and_the_sheet_shows_which(shorten, may):
    tables = {name: shorten(TRACE[name].value * 1e4) / 1e4 for name in ("h_1", "h_2", "y_1", "y_2", "p_1", "p_2")}
    assert own(**tables).may_cut == may


def test_of_too_few_numbers_nobody_can_tell():
    assert own(h_1=np.round(TRACE["h_1"].value, 4)).may_cut
