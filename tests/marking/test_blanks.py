"""What a worksheet asks for: the rest is given where it comes before, absent where it comes after or would tell."""

import numpy as np
import pytest
from by_hand import problems
from hypothesis import assume, given
from hypothesis import strategies as st

from rnncalc import Problem, Trace
from rnncalc.errors import SelectionError
from rnncalc.marking.blanks import STAGES, blanks_of
from rnncalc.network.update_step import whole_trace

HELLO = whole_trace(Problem.template("hello"))
WITHOUT_TARGETS = whole_trace(Problem.template("hello").replace(targets=(None, None, None, None)))


def computed(trace: Trace) -> list[str]:
    return [q.name for q in trace.values() if q.rule is not None]


def of_stage(stage: str) -> set[str]:
    return {q.name for q in HELLO.values() if q.stage == stage}


def descends(trace: Trace, name: str, names: set[str]) -> bool:
    """Whether a quantity is worked from one of these, near or far."""
    waiting, seen = [name], set()
    while waiting:
        sources = {s.name for s in trace[waiting.pop()].sources} - seen
        if sources & names:
            return True
        seen |= sources
        waiting += sources
    return False


# ── asked ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_patterns_all_that_is_computed_is_asked_for():
    assert blanks_of(HELLO).names == set(computed(HELLO))
    assert blanks_of(WITHOUT_TARGETS).names == set(computed(WITHOUT_TARGETS))


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_asked_for_whole(stage):
    blanks = blanks_of(HELLO, [stage])
    assert blanks.names == of_stage(stage)
    assert blanks.added == ()


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (["h_2"], {"h_2"}),
        (["dWhh"], {"dWhh"}),
        (["p_*"], {"p_1", "p_2", "p_3", "p_4"}),
        (["h_*"], {"h_1", "h_2", "h_3", "h_4"}),
        (["*_new"], {"Wxh_new", "Whh_new", "bh_new", "Why_new"}),
        (["loss", "h_1"], {"loss", "loss_1", "loss_2", "loss_3", "loss_4", "h_1"}),
    ],
)
def test_a_name_or_a_family_is_asked_for_alone(patterns, names):
    blanks = blanks_of(HELLO, patterns)
    assert blanks.names - set(blanks.added) == names


def test_the_count_is_of_numbers_not_of_names():
    assert blanks_of(HELLO, ["h_2", "p_2"]).numbers == 3 + 4
    assert blanks_of(HELLO, ["forward"]).numbers == 4 * (4 * 3 + 3 * 4)


@pytest.mark.parametrize(
    ("patterns", "message"),
    [
        (["Wxh"], "Wxh is given; a worksheet can only ask for computed quantities."),
        (["h_2", "x_1"], "x_1 is given; a worksheet can only ask for computed quantities."),
        (["eta"], "eta is given; a worksheet can only ask for computed quantities."),
        (["h_9"], "There is no h_9: h runs from h_0 to h_4."),
        (["dWhx"], "There is no quantity named 'dWhx'"),
        (["forwards"], "There is no stage or quantity named 'forwards'"),
        (["q_*"], "There is no quantity named 'q_*'"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_by_name(patterns, message):
    with pytest.raises(SelectionError) as refused:
        blanks_of(HELLO, patterns)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("stage", ["loss", "backward", "update"])
def test_without_targets_there_is_nothing_but_the_forward_pass(stage):
    assert blanks_of(WITHOUT_TARGETS, ["forward"]).names == set(computed(WITHOUT_TARGETS))
    with pytest.raises(SelectionError, match=f"There is no {stage} to ask for: the problem has no targets"):
        blanks_of(WITHOUT_TARGETS, [stage])


# ── given and absent ──────────────────────────────────────────────────────────────────────────────────────────────


def test_before_one_step_all_of_the_steps_before_is_given_and_nothing_after():
    names = [name for name in blanks_of(HELLO, ["h_2"]).trace if HELLO[name].rule is not None]
    first = [f"{family}_1" for family in ("wx", "wh", "a", "h", "y", "exp", "p", "loss")]
    assert names == [*first, "wx_2", "wh_2", "a_2", "h_2"]


def test_what_nothing_is_asked_of_is_absent_although_it_stands_between():
    """wx_2 follows from no answer; wh_2 follows from h_1, and only h_2 would need it."""
    trace = blanks_of(HELLO, ["h_1", "wx_2"]).trace
    assert list(trace)[-1] == "wx_2"
    assert not {"y_1", "exp_1", "p_1", "loss_1", "wh_2"} & set(trace)


def test_what_a_later_answer_is_worked_from_is_given_although_it_follows_from_an_earlier_one():
    blanks = blanks_of(HELLO, ["h_1", "h_2"])
    assert {"wh_2", "a_2"} <= set(blanks.trace)
    assert not {"wh_2", "a_2"} & blanks.names


@given(data=st.data())
def test_nothing_stands_in_a_worksheet_that_is_not_given_asked_for_or_before_or_needed(data):
    trace = HELLO
    patterns = data.draw(st.lists(st.sampled_from(computed(trace)), min_size=1, max_size=4))
    blanks = blanks_of(trace, patterns)
    order = list(trace)
    assert set(patterns) - {"loss"} <= blanks.names
    assert list(blanks.trace) == [name for name in order if name in blanks.trace]
    assert order.index(list(blanks.trace)[-1]) == max(order.index(name) for name in blanks.names)
    needed = {s.name for name in blanks.trace for s in trace[name].sources}
    for name in order[: order.index(list(blanks.trace)[-1]) + 1]:
        follows = descends(trace, name, set(blanks.names))
        assert (name in blanks.trace) == (name in blanks.names or not follows or name in needed), name
    for name in blanks.names:
        assert {s.name for s in trace[name].sources} <= set(blanks.trace)


# ── added ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_would_show_an_answer_is_asked_for_too():
    """dy_2 is p_2 but for the letter wanted, and dWhh is worked from it."""
    blanks = blanks_of(HELLO, ["h_2", "p_2", "dWhh"])
    assert blanks.added == ("dy_2",)
    assert blanks.names == {"h_2", "p_2", "dWhh", "dy_2"}


def test_a_sum_with_nothing_added_shows_what_went_in():
    """dh_4 is dh_out_4, as nothing flows back to the last step; da_4 is another number."""
    assert blanks_of(HELLO, ["dh_out_4", "da_4"]).added == ("dh_4",)
    assert blanks_of(HELLO, ["dh_out_3", "da_3"]).added == ()


@given(problem=problems(), data=st.data())
def test_no_number_that_follows_from_an_answer_and_is_given_equals_an_answer(problem, data):
    trace = whole_trace(problem)
    blanks = blanks_of(trace, data.draw(st.lists(st.sampled_from(computed(trace)), min_size=1, max_size=3)))
    answers = np.abs(np.concatenate([trace[name].value.ravel() for name in blanks.names]))
    answers = answers[(answers != 0) & (answers != 1)]
    assume(answers.size)
    for name in set(blanks.trace) - blanks.names:
        if trace[name].rule is not None and descends(trace, name, set(blanks.names)):
            apart = np.abs(np.abs(trace[name].value.reshape(-1, 1)) - answers)
            assert (apart > 1e-12 * answers).all(), name


def test_a_long_text_is_asked_of_as_a_short_one():
    long = whole_trace(Problem.draw("ab" * 200, hidden=1))
    assert blanks_of(long, ["h_2", "dWhh"]).names >= {"h_2", "dWhh"}
