"""A rule worked again with other numbers in: as plain NumPy works it, and as a person does on paper."""

import numpy as np
import on_paper
import pytest

from rnncalc import Problem
from rnncalc.network.replay import paper_sensitivity, replay, replay_on_paper, sensitivity
from rnncalc.network.update_step import whole_trace

PROBLEMS = {
    "hello": Problem.template("hello"),
    "hello, shifted": Problem.template("hello").replace(softmax="shifted"),
    "matrix Whh, output bias, mean": Problem.draw("abca", hidden=2, output_bias=True, loss_reduction="mean"),
    "sigmoid, last": Problem.draw("abab", hidden=3, activation="sigmoid", targets="last", h_0="random"),
    "relu, shared": Problem.draw("abca", hidden=3, activation="relu", recurrent="scalar", seed=7),
    "linear": Problem.draw("aab", hidden=1, activation="linear"),
}
each_problem = pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS.keys())
HELLO, SHIFTED = (whole_trace(PROBLEMS[name]) for name in ("hello", "hello, shifted"))


def shaken(problem: Problem) -> dict[str, np.ndarray]:
    """All computed numbers, each a little off, as of a person who is never quite right."""
    chance = np.random.default_rng(1)
    return {n: v * chance.uniform(0.9, 1.1, v.shape) for n, v in on_paper.work(problem).items()}


@each_problem
def test_every_rule_gives_what_plain_numpy_gives_from_a_persons_numbers(problem):
    """The loss is worked from the scores by a computer and from p on paper; here p is what is shaken."""
    trace, own = whole_trace(problem), shaken(problem)
    numbers = {**on_paper.given(problem), **own}
    for name, rule in on_paper.rules(problem).items():
        expected = rule.work(*(numbers[s] for s in rule.sources))
        by_hand = replay_on_paper(trace[name].rule, trace[name].shape, own)
        if by_hand is not None:
            assert np.allclose(by_hand, expected, rtol=1e-12, atol=0), name
        else:
            assert np.allclose(replay(trace[name].rule, own), expected, rtol=1e-12, atol=1e-15), name


def test_with_no_numbers_of_ones_own_the_true_ones_come_out():
    for q in HELLO.values():
        if q.rule is not None:
            assert np.array_equal(replay(q.rule, {}), q.value)


def test_only_the_loss_of_the_shifted_softmax_is_worked_in_another_way_on_paper():
    def other(trace):
        computed = [q for q in trace.values() if q.rule is not None]
        return [q.name for q in computed if replay_on_paper(q.rule, q.shape, {}) is not None]

    assert other(SHIFTED) == ["loss_1", "loss_2", "loss_3", "loss_4"]
    assert other(HELLO) == []


def test_the_loss_of_the_plain_softmax_follows_from_p_alone():
    p = HELLO["p_2"].value.copy()
    p[:, 0] = [0.25, 0, 0.5, 0.25]  # step 2 wants l
    assert replay(HELLO["loss_2"].rule, {"p_2": p}).item() == pytest.approx(np.log(2), rel=1e-15)
    assert replay(HELLO["loss_2"].rule, {"y_2": np.zeros((4, 1))}).item() == HELLO["loss_2"].value.item()
    assert [s.name for s in HELLO["loss_2"].sources] == ["p_2", "target_2"]


def test_on_paper_the_loss_follows_from_p_alone_and_by_computer_from_the_scores():
    p = SHIFTED["p_2"].value.copy()
    p[2, 0] = 0.5  # step 2 wants l
    assert replay_on_paper(SHIFTED["loss_2"].rule, (1, 1), {"p_2": p}).item() == pytest.approx(np.log(2), rel=1e-15)
    assert replay(SHIFTED["loss_2"].rule, {"p_2": p}).item() == SHIFTED["loss_2"].value.item()
    y = np.zeros((4, 1))
    exps = {"y_2": y, "exp_2": np.ones((4, 1))}
    assert replay(SHIFTED["loss_2"].rule, exps).item() == pytest.approx(np.log(4), rel=1e-15)
    assert replay_on_paper(SHIFTED["loss_2"].rule, (1, 1), exps).item() == SHIFTED["loss_2"].value.item()


@pytest.mark.parametrize("wanted", [0.0, -0.1])
def test_on_paper_no_number_comes_of_a_logarithm_that_is_none(wanted):
    p = SHIFTED["p_2"].value.copy()
    p[2, 0] = wanted
    assert not np.isfinite(replay_on_paper(SHIFTED["loss_2"].rule, (1, 1), {"p_2": p})).any()


# ── slopes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def difference(rule: on_paper.Rule, numbers: on_paper.Numbers, name: str) -> np.ndarray:
    """|∂(what the rule gives)/∂(one source)| by central differences: a row per element, a column per element."""
    columns = []
    for at in np.ndindex(numbers[name].shape):
        ends = []
        for step in (1e-6, -1e-6):
            there = {s: numbers[s].astype(float) for s in rule.sources}
            there[name][at] += step
            ends.append(rule.work(*there.values()))
        columns.append(np.abs((ends[0] - ends[1]) / 2e-6).ravel())
    return np.array(columns).T


@each_problem
def test_the_slope_by_each_source_is_the_quotient_of_small_differences(problem):
    trace, numbers = whole_trace(problem), {**on_paper.given(problem), **on_paper.work(problem)}
    for name, rule in on_paper.rules(problem).items():
        q = trace[name]
        for source in {s.name for s in q.sources if s.rule is not None} & set(rule.sources):
            slopes = paper_sensitivity(q.rule, trace[source])
            if slopes is None:
                slopes = sensitivity(q.rule, source, {source: trace[source].value})
            assert np.allclose(slopes, difference(rule, numbers, source), rtol=1e-4, atol=1e-8), (name, source)


def test_a_slope_has_a_row_for_each_element_and_a_column_for_each_of_the_source():
    slopes = sensitivity(HELLO["dWhy_2"].rule, "h_2", {"h_2": HELLO["h_2"].value})
    dy = np.abs(HELLO["dy_2"].value)
    assert np.allclose(slopes, np.kron(dy, np.eye(3)), rtol=1e-14, atol=0)


def test_a_step_has_no_slope():
    trace = whole_trace(PROBLEMS["relu, shared"])
    slopes = [
        sensitivity(trace["da_2"].rule, s.name, {s.name: s.value}) for s in trace["da_2"].sources if s.name != "dh_2"
    ]
    assert slopes
    assert not any(slope.any() for slope in slopes)
