"""How far rounding moves a number: held to plain NumPy that moves each operand by its half unit and works again."""

import numpy as np
import on_paper
import pytest

from rnncalc import Problem
from rnncalc.marking.tolerance import Tolerance
from rnncalc.network.trace import Trace
from rnncalc.network.update_step import whole_trace

HALF = 0.5e-7
"""So small that a bend in a rule counts for nothing beside its slope."""
PROBLEMS = {
    "hello": Problem.template("hello"),
    "hello, shifted": Problem.template("hello").replace(softmax="shifted"),
    "matrix Whh, output bias, mean": Problem.draw("abca", hidden=2, output_bias=True, loss_reduction="mean"),
    "sigmoid, last": Problem.draw("abab", hidden=3, activation="sigmoid", targets="last", h_0="random"),
    "relu, shared": Problem.draw("abca", hidden=3, activation="relu", recurrent="scalar", seed=7),
}
each_problem = pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS.keys())


def halves(trace: Trace, half: float = HALF) -> dict[str, np.ndarray]:
    """Every computed number written with the same decimals."""
    return {q.name: np.full(q.shape, half) for q in trace.values() if q.rule is not None}


def moved(rule: on_paper.Rule, numbers: on_paper.Numbers, spreads: on_paper.Numbers) -> np.ndarray:
    """How far a number moves in all when each operand moves by its tolerance, one element at a time."""
    operands = [numbers[name] for name in rule.sources]
    total = 0.0
    for i, (name, operand) in enumerate(zip(rule.sources, operands, strict=True)):
        for at in np.ndindex(operand.shape) if name in spreads else ():
            ends = []
            for sign in (1, -1):
                there = operand.astype(float)
                there[at] += sign * spreads[name][at]
                ends.append(rule.work(*operands[:i], there, *operands[i + 1 :]))
            total = total + np.abs(ends[0] - ends[1]) / 2
    return total


def from_the_scores(y: np.ndarray, exps: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The loss of a step as a computer works it, without p."""
    return np.log(exps.sum()) + y.max() - (y * target).sum(keepdims=True)


def agrees(
    found: np.ndarray,
    name: str,
    rule: on_paper.Rule,
    numbers: on_paper.Numbers,
    spreads: on_paper.Numbers,
    softmax: str,
) -> bool:
    """Whether a spread is the last digit and what came in; the loss of a step whose softmax is shifted may have come
    from p, from the scores, or, at the most, in part from either."""
    expected = HALF + moved(rule, numbers, spreads) + np.zeros_like(numbers[name])
    if not name.startswith("loss_") or softmax == "plain":
        return np.allclose(found, expected, rtol=1e-4, atol=0)
    step = name.removeprefix("loss_")
    sources = tuple(f"{family}_{step}" for family in ("y", "exp", "target"))
    other = moved(on_paper.Rule(sources, from_the_scores), numbers, spreads)
    least, most = max(expected.item(), HALF + other.item()), expected.item() + other.item()
    return least * 0.9999 <= found.item() <= most * 1.0001


@each_problem
def test_local_is_the_last_digit_and_what_the_last_digits_of_its_operands_move(problem):
    trace, numbers = whole_trace(problem), {**on_paper.given(problem), **on_paper.work(problem)}
    tolerance, half = Tolerance(trace, halves(trace)), halves(trace)
    for name, rule in on_paper.rules(problem).items():
        assert agrees(tolerance.local(trace[name]), name, rule, numbers, half, problem.softmax), name


@each_problem
def test_from_the_start_adds_up_what_every_step_before_has_moved(problem):
    trace, numbers = whole_trace(problem), {**on_paper.given(problem), **on_paper.work(problem)}
    tolerance = Tolerance(trace, halves(trace))
    so_far: dict[str, np.ndarray] = {}
    for name, rule in on_paper.rules(problem).items():
        so_far[name] = tolerance.of(trace[name])
        assert agrees(so_far[name], name, rule, numbers, so_far, problem.softmax), name


@each_problem
def test_whoever_rounds_at_every_step_stays_within(problem):
    trace = whole_trace(problem)
    for decimals in (6, 8, 10):
        tolerance = Tolerance(trace, halves(trace, 0.5 * 10.0**-decimals))
        for name, value in on_paper.work(problem, decimals=decimals).items():
            assert (np.abs(value - trace[name].value) <= tolerance.of(trace[name]) * 1.001).all(), (name, decimals)


def test_what_is_given_is_exact():
    trace = whole_trace(PROBLEMS["hello"])
    tolerance = Tolerance(trace, {**halves(trace), "Wxh": np.ones((3, 4))}, unseen=1)
    assert not tolerance.half_units(trace["Wxh"]).any()
    assert not tolerance.of(trace["x_1"]).any()


def test_with_nothing_rounded_nothing_moves():
    trace = whole_trace(PROBLEMS["hello"])
    tolerance = Tolerance(trace, {})
    assert not any(tolerance.of(q).any() or tolerance.local(q).any() for q in trace.values())


def test_each_number_counts_with_its_own_digits():
    trace = whole_trace(PROBLEMS["hello"])
    tolerance = Tolerance(trace, {"a_2": np.array([[0.05], [0.005], [0]]), "h_2": np.array([[0], [0.5], [0.001]])})
    slope = 1 - np.tanh(trace["a_2"].value) ** 2
    expected = np.array([[0.05], [0.005], [0]]) * slope + np.array([[0], [0.5], [0.001]])
    assert np.allclose(tolerance.local(trace["h_2"]), expected, rtol=1e-12, atol=0)


def test_what_was_worked_out_of_sight_passes_on_what_went_in_and_its_own_last_digit():
    """a_2 is written, h_2 is not, y_2 is asked for."""
    trace = whole_trace(PROBLEMS["hello"])
    tolerance = Tolerance(trace, {"a_2": np.full((3, 1), 0.5e-4), "y_2": np.full((4, 1), 0.5e-4)}, unseen=0.5e-6)
    h = 0.5e-6 + (1 - np.tanh(trace["a_2"].value) ** 2) * 0.5e-4
    expected = 0.5e-4 + np.abs(trace["Why"].value) @ h
    assert np.allclose(tolerance.local(trace["y_2"]), expected, rtol=1e-12, atol=0)
    assert np.allclose(tolerance.of(trace["y_2"]), expected + moved_before_a_2(trace, 0.5e-6), rtol=1e-12, atol=0)


def moved_before_a_2(trace: Trace, unseen: float) -> np.ndarray:
    """What step 1 and the sums of step 2, all out of sight, add to y_2: local stops at a_2, which is written."""
    whh = abs(trace["Whh"].value.item())
    slopes = {t: 1 - np.tanh(trace[f"a_{t}"].value) ** 2 for t in (1, 2)}
    a_1 = np.full((3, 1), 3 * unseen)  # wx_1, wh_1 and their sum
    h_1 = slopes[1] * a_1 + unseen
    a_2 = 2 * unseen + whh * h_1  # wx_2, and wh_2 from h_1; a_2's own digits count above
    moved: np.ndarray = np.abs(trace["Why"].value) @ (slopes[2] * a_2)
    return moved


def test_where_paper_and_computer_go_two_ways_the_larger_counts():
    """A loss is computed from the scores and worked on paper from p, whose last digit moves it by half / p."""
    trace = whole_trace(PROBLEMS["hello, shifted"])
    half = 0.5e-4
    wanted = float((trace["p_2"].value * trace["target_2"].value).sum())
    local = Tolerance(trace, {"y_2": np.zeros((4, 1)), "p_2": np.full((4, 1), half)}).local(trace["loss_2"])
    assert local.item() == pytest.approx(half / wanted, rel=1e-4)


def test_a_step_of_relu_has_no_slope_and_moves_nothing():
    trace = whole_trace(PROBLEMS["relu, shared"])
    shape = trace["h_2"].shape
    only_h = Tolerance(trace, {"h_2": np.full(shape, 0.01), "dh_2": np.zeros(shape)})
    assert not only_h.local(trace["da_2"]).any()
