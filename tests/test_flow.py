"""How a gradient travels back: its norms against straight backpropagation, its factors against the slopes times Whh."""

import numpy as np
import pytest
from by_hand import SLOPES, by_backpropagation, given_arrays, problems, sums
from drawn import TOLERANCE
from hypothesis import given

from rnncalc import Problem
from rnncalc.errors import ProblemError
from rnncalc.flow import Flow, flow
from rnncalc.update_step import descend


def last_loss(problem: Problem) -> int:
    return max(t for t, wanted in enumerate(problem.targets, 1) if wanted is not None)


def only_last(problem: Problem) -> Problem:
    """The same network with its last loss alone."""
    last = last_loss(problem)
    targets = [wanted if t == last else None for t, wanted in enumerate(problem.targets, 1)]
    return problem.replace(targets=targets, loss_reduction="sum")


def largest_stretch_squared(problem: Problem, t: int) -> float:
    """The largest eigenvalue of JᵀJ, where J = diag(f'(a_t)) · Whh."""
    Whh = given_arrays(problem)["Whh"]
    matrix = Whh * np.eye(problem.hidden) if Whh.ndim == 1 else Whh
    step = np.diag(SLOPES[problem.activation](sums(problem)[t - 1])) @ matrix
    return float(np.linalg.eigvalsh(step.T @ step).max())


@given(problems())
def test_the_norms_of_the_last_loss_are_those_of_a_straight_loop(problem):
    found, expected = flow(problem), by_backpropagation(only_last(problem))
    assert [s.step for s in found.steps] == list(range(last_loss(problem) + 1))
    for s in found.steps:
        value, size = expected[f"dh_{s.step}"]
        assert abs(s.norm - np.linalg.norm(value)) <= TOLERANCE * size * problem.hidden


@given(problems())
def test_the_norms_of_the_total_are_those_of_a_straight_loop(problem):
    expected = by_backpropagation(problem)
    for s in flow(problem, "total").steps:
        value, size = expected[f"dh_{s.step}"]
        assert abs(s.norm - np.linalg.norm(value)) <= TOLERANCE * size * problem.hidden


@given(problems())
def test_a_factor_is_the_largest_stretch_of_the_slopes_times_the_recurrent_weights(problem):
    start, *steps = flow(problem).steps
    assert start.factor is None
    for s in steps:
        expected = largest_stretch_squared(problem, s.step)
        assert abs(s.factor**2 - expected) <= TOLERANCE * max(1, expected)


@given(problems())
def test_the_product_is_that_of_the_factors_after_a_step_and_bounds_what_is_left(problem):
    *earlier, last = steps = flow(problem).steps
    assert last.product == 1
    for before, after in zip(earlier, steps[1:], strict=True):
        assert before.product == after.product * after.factor
    for s in steps:
        assert s.norm <= s.product * last.norm + TOLERANCE * max(1, s.norm)


@given(problems())
def test_a_step_has_the_letter_that_it_reads(problem):
    letters = [s.letter for s in flow(problem).steps]
    assert letters == [None, *problem.inputs[: last_loss(problem)]]


def test_what_follows_the_last_loss_is_no_part_of_the_travel():
    problem = Problem.draw("banana").replace(targets=(None, "n", "a", None, None))
    assert [s.step for s in flow(problem).steps] == [0, 1, 2, 3]
    assert [s.step for s in flow(problem, "total").steps] == [0, 1, 2, 3]


# ── the two problems of the textbook, and the cure of one ─────────────────────────────────────────────────────────


def ratio(found: Flow) -> float:
    """What is left at the first state of the gradient at the last."""
    return found.steps[0].norm / found.steps[-1].norm


@pytest.mark.parametrize("name", ["vanishing", "exploding"])
def test_the_texts_are_long_and_the_ratio_is_that_of_a_straight_loop(name):
    problem = Problem.template(name)
    assert len(problem.text) >= 40
    expected = by_backpropagation(only_last(problem))
    first, last = (np.linalg.norm(expected[f"dh_{t}"].value) for t in (0, problem.steps))
    assert ratio(flow(problem)) == pytest.approx(first / last, rel=TOLERANCE, abs=0)


def test_the_gradient_vanishes():
    found = flow(Problem.template("vanishing"))
    assert ratio(found) < 1e-12
    assert all(s.factor < 1 for s in found.steps[1:])


def test_the_gradient_explodes():
    found = flow(Problem.template("exploding"))
    assert ratio(found) > 1e3
    assert found.steps[0].product >= ratio(found)


def test_an_update_with_an_exploded_gradient_raises_the_loss_and_clipping_lowers_it():
    problem = Problem.template("exploding")
    plain, cured, cut = (descend(problem, 3, **clipping)[0] for clipping in ({}, {"clip_norm": 1}, {"clip": 0.1}))
    assert plain[1] > 2 * plain[0]
    assert cured[0] > cured[1] > cured[2] > cured[3]
    assert cut[1] < cut[0]


# ── what cannot be ────────────────────────────────────────────────────────────────────────────────────────────────


def test_of_is_last_or_total():
    with pytest.raises(ProblemError, match=r"^of is 'first'; it needs last or total\.$"):
        flow(Problem.template("hello"), "first")


def test_without_targets_there_is_no_gradient_and_the_error_says_what_to_add():
    with pytest.raises(ProblemError, match=r"no loss.*--targets"):
        flow(Problem.draw("banana", targets="none"))
