"""How a gradient travels back: its norms against straight backpropagation, its factors against the slopes times Whh."""

import numpy as np
import pytest
from by_hand import SLOPES, by_backpropagation, given_arrays, problems, sums
from drawn import TOLERANCE
from hypothesis import given

from rnncalc import Problem, backward, forward
from rnncalc.errors import ProblemError
from rnncalc.network.flow import Flow, flow
from rnncalc.network.forward_pass import unroll
from rnncalc.network.update_step import descend


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


# ── gated cells ───────────────────────────────────────────────────────────────────────────────────────────────────


def handed_on(problem: Problem) -> list[float]:
    """‖∂E/∂(h_t, c_t)‖ for t = 0 …, by finishing the text from the states that step t hands on, in complex steps."""
    trace = forward(problem)
    norms = []
    for t in range(problem.steps):
        rest = {"inputs": problem.inputs[t:], "targets": problem.targets[t:]}
        states = {f"{s}_0": trace[f"{s}_{t}"].value for s in ("h", "c") if f"{s}_{t}" in trace}
        later = problem.replace(**rest, **states)
        arrays = later.arrays()
        slopes = []
        for name in states:
            for at in range(problem.hidden):
                moved = arrays[name].astype(complex)
                moved[at] += 1e-30j
                slopes.append(unroll(later, {**arrays, name: moved})["loss"].value[0, 0].imag / 1e-30)
        norms.append(float(np.linalg.norm(slopes)))
    return norms


GATED = [{"cell_kind": "lstm"}, {"cell_kind": "gru"}, {"cell_kind": "gru", "reset_after": True}]


@pytest.mark.parametrize("options", GATED, ids=str)
def test_the_norms_of_a_gated_cell_are_those_of_complex_steps_from_the_states_handed_on(options):
    problem = Problem.draw("banana", targets="last", h_0="random", **options)
    *earlier, last = flow(problem).steps
    assert [s.norm for s in earlier] == pytest.approx(handed_on(problem), rel=1e-12, abs=0)
    assert last.norm == pytest.approx(np.linalg.norm(backward(problem)["dh_out_5"].value), rel=1e-14)


@pytest.mark.parametrize("options", GATED, ids=str)
def test_the_product_of_the_factors_of_a_gated_cell_bounds_what_is_left(options):
    for seed in range(10):
        *earlier, last = flow(Problem.draw("banana", seed=seed, **options)).steps
        assert all(s.norm <= s.product * last.norm * (1 + 1e-12) for s in earlier)


@pytest.mark.parametrize("options", GATED, ids=str)
def test_a_factor_of_a_gated_cell_is_the_largest_stretch_of_its_states(options):
    """The states are moved one by one, in complex steps through the forward pass of one step."""
    problem = Problem.draw("ab", h_0="random", **options)
    arrays, states = problem.arrays(), sorted(problem.states, reverse=True)
    columns = []
    for name in states:
        for at in range(problem.hidden):
            moved = arrays[name].astype(complex)
            moved[at] += 1e-30j
            trace = unroll(problem, {**arrays, name: moved})
            columns.append(np.concatenate([trace[f"{s[0]}_1"].value[:, 0].imag / 1e-30 for s in states]))
    expected = np.linalg.svd(np.array(columns).T, compute_uv=False)[0]
    assert flow(problem).steps[1].factor == pytest.approx(expected, rel=1e-12)


def test_an_lstm_keeps_the_gradient_that_the_rnn_loses_over_the_same_text():
    lost, kept = Problem.template("vanishing"), Problem.template("remembering")
    assert (kept.cell, kept.inputs, kept.targets) == ("lstm", lost.inputs, lost.targets)
    assert (kept.vocabulary, kept.hidden) == (lost.vocabulary, lost.hidden)
    assert ratio(flow(lost)) < 1e-12
    assert 0.1 < ratio(flow(kept)) < 1


# ── what cannot be ────────────────────────────────────────────────────────────────────────────────────────────────


def test_of_is_last_or_total():
    with pytest.raises(ProblemError, match=r"^of is 'first'; it needs last or total\.$"):
        flow(Problem.template("hello"), "first")


def test_without_targets_there_is_no_gradient_and_the_error_says_what_to_add():
    with pytest.raises(ProblemError, match=r"no loss.*--targets"):
        flow(Problem.draw("banana", targets="none"))
