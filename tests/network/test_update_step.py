"""The update: new weights, clipping, and descending the loss step by step, against plain loops."""

import numpy as np
import pytest
from by_hand import by_backpropagation, given_arrays, problems, scores, states, total_loss
from drawn import TOLERANCE
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem, Trace, backward, forward, update
from rnncalc.errors import ArithmeticOverflow, ProblemError
from rnncalc.network.update_step import descend, updated, whole_trace

thresholds = st.floats(1e-3, 10)
rates = st.floats(1e-6, 10)


@pytest.fixture(scope="module")
def hello() -> Trace:
    return backward(Problem.template("hello"))


def length(trace: Trace) -> float:
    """The norm of the gradients of all weights, number by number."""
    return sum(float(n) ** 2 for name in trace.problem.weights for n in trace[f"d{name}"].value.ravel()) ** 0.5


# ── one update ────────────────────────────────────────────────────────────────────────────────────────────────────


@given(problems(), rates)
def test_a_new_weight_is_the_old_one_minus_eta_times_its_gradient(problem, eta):
    trace = update(backward(problem), eta)
    for name, weight in problem.weights.items():
        assert trace[f"{name}_new"].value.tolist() == (weight - eta * trace[f"d{name}"].value).tolist()


@given(problems(), rates, thresholds)
def test_clip_cuts_every_entry_of_a_gradient_off(problem, eta, clip):
    trace = update(backward(problem), eta, clip=clip)
    for name, weight in problem.weights.items():
        kept = [[min(max(n, -clip), clip) for n in row] for row in trace[f"d{name}"].value.tolist()]
        assert trace[f"d{name}_clipped"].value.tolist() == kept
        assert trace[f"{name}_new"].value.tolist() == (weight - eta * np.array(kept)).tolist()


@given(problems(), rates, thresholds)
def test_clip_norm_scales_all_gradients_down_together(problem, eta, clip_norm):
    trace = update(backward(problem), eta, clip_norm=clip_norm)
    whole = length(trace)
    factor = clip_norm / whole if whole > clip_norm else 1
    for name, weight in problem.weights.items():
        scaled = trace[f"d{name}_clipped"].value
        np.testing.assert_allclose(scaled, factor * trace[f"d{name}"].value, rtol=TOLERANCE)
        assert trace[f"{name}_new"].value.tolist() == (weight - eta * scaled).tolist()


@given(problems())
def test_the_norm_is_that_of_all_weights_together_and_not_of_the_initial_state(problem):
    trace = update(backward(problem))
    assert trace["grad_norm"].value == pytest.approx(length(trace), rel=TOLERANCE)
    assert "dh_0" not in [source.name for source in trace["grad_norm"].sources]
    assert not [name for name in trace if name.startswith("h_0_") or name == "dh_0_clipped"]


def test_gradients_shorter_than_the_threshold_stay_as_they_are(hello):
    longer = update(hello, clip_norm=2 * length(hello))
    assert [longer[f"d{n}_clipped"].value.tolist() for n in hello.problem.weights] == [
        hello[f"d{n}"].value.tolist() for n in hello.problem.weights
    ]


def without_gradient() -> Problem:
    """One letter, predicted with certainty: the loss is 0, and so is every gradient."""
    weights = {"Wxh": [[0.0], [0.0]], "Whh": 0.5, "bh": 0.25, "Why": [[1.0, -1.0]]}
    return Problem(inputs="aaa", targets="aaa", vocabulary="a", weights=weights, h_0=[0, 0])


@pytest.mark.parametrize("clipping", [{}, {"clip": 1}, {"clip_norm": 1}])
def test_gradients_of_norm_0_change_nothing_and_divide_by_nothing(clipping):
    trace = update(backward(without_gradient()), 0.5, **clipping)
    assert trace["grad_norm"].value == 0
    for name, weight in trace.problem.weights.items():
        assert trace[f"{name}_new"].value.tolist() == weight.tolist()


def test_the_rate_is_the_problems_unless_it_is_given(hello):
    problem = hello.problem.replace(eta=0.25)
    assert update(backward(problem))["eta"].value == 0.25
    assert update(backward(problem), 2)["eta"].value == 2
    assert update(hello)["eta"].value == 0.1


def test_what_an_update_adds_and_how_it_says_it_came_about(hello):
    assert list(update(hello))[len(hello) :] == ["eta", "grad_norm", "Wxh_new", "Whh_new", "bh_new", "Why_new"]
    norm = "‖∂E/∂Wxh, ∂E/∂Whh, ∂E/∂bh, ∂E/∂Why‖"
    plain, clip, clip_norm = update(hello), update(hello, clip=0.5), update(hello, clip_norm=0.5)
    assert plain["grad_norm"].equation == f"‖∂E‖ = {norm}"
    assert plain["Whh_new"].equation == "Whh new = Whh − η · ∂E/∂Whh"
    assert clip["dWhh_clipped"].equation == "∂E/∂Whh|clipped = max(−clip, min(clip, ∂E/∂Whh))"
    assert clip["Whh_new"].equation == "Whh new = Whh − η · ∂E/∂Whh|clipped"
    shortened = "∂E/∂Whh · clip norm / max(‖∂E‖, clip norm)"
    assert clip_norm["dWhh_clipped"].equation == f"∂E/∂Whh|clipped = {shortened}"
    names = [
        "eta",
        "clip",
        "grad_norm",
        *(n for w in ("Wxh", "Whh", "bh", "Why") for n in (f"d{w}_clipped", f"{w}_new")),
    ]
    assert list(clip)[len(hello) :] == names
    assert {plain[name].stage for name in ("grad_norm", "Wxh_new")} == {"update"}
    assert {clip[name].stage for name in ("eta", "clip")} == {"given"}


def test_the_trace_that_is_updated_stays_as_it_was(hello):
    before = list(hello)
    update(hello, clip=1)
    assert list(hello) == before


@pytest.mark.parametrize("bad", [0, -0.5, float("nan"), float("inf"), "0.1", True])
@pytest.mark.parametrize("name", ["eta", "clip", "clip_norm"])
def test_a_rate_and_a_threshold_are_finite_numbers_above_0(hello, name, bad):
    with pytest.raises(ProblemError, match=rf"^{name} is .*; it needs a finite number above 0"):
        update(hello, **{name: bad})


def test_there_are_two_ways_of_clipping_and_one_at_a_time(hello):
    with pytest.raises(ProblemError, match=r"two ways of clipping\. Use only one of them\."):
        update(hello, clip=1, clip_norm=1)


def test_a_weight_that_leaves_float64_is_reported(hello):
    with pytest.raises(ArithmeticOverflow, match=r"^Why_new is not finite: Why − η · ∂E/∂Why overflows float64"):
        update(hello, 1.5e308)


# ── descending ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("options", [{}, {"clip": 0.1}, {"clip_norm": 0.5}, {"truncate": 2}])
def test_several_updates_are_one_after_the_other(hello, options):
    problem, losses = hello.problem, []
    window = options.get("truncate")
    clipping = {name: value for name, value in options.items() if name != "truncate"}
    for _ in range(5):
        trace = update(backward(problem, window), **clipping)
        losses.append(trace["loss"].value.item())
        problem = problem.replace(weights={name: trace[f"{name}_new"].value for name in problem.weights})
    losses.append(forward(problem)["loss"].value.item())
    found, last = descend(hello.problem, 5, **options)
    assert found == losses
    assert {name: q.value.tobytes() for name, q in last.items()} == {n: q.value.tobytes() for n, q in trace.items()}


def test_the_updated_problem_has_the_new_weights_and_all_else_as_it_was(hello):
    trace = update(hello, 0.5)
    problem = updated(trace)
    assert {name: w.tolist() for name, w in problem.weights.items()} == {
        name: trace[f"{name}_new"].value.tolist() for name in hello.problem.weights
    }
    for field in ("inputs", "targets", "vocabulary", "activation", "loss_reduction", "eta", "text"):
        assert getattr(problem, field) == getattr(hello.problem, field)
    assert problem.h_0.tolist() == hello.problem.h_0.tolist()


def test_progress_is_told_of_every_update(hello):
    told = []
    descend(hello.problem, 3, progress=lambda done, times: told.append((done, times)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def right(problem: Problem) -> int:
    """How many letters a network gets right, by the straight loop."""
    arrays = given_arrays(problem)
    best = [int(np.argmax(scores(arrays, h))) for h in states(problem, arrays)[1:]]
    return sum(problem.vocabulary[i] == wanted for i, wanted in zip(best, problem.targets, strict=True))


def test_plain_descent_with_a_rate_of_a_tenth_learns_hello_in_74_updates(hello):
    """The weights of a loop that is written out here: after 74 updates all letters are right, and not before."""
    problem, losses, letters = hello.problem, [], []
    for _ in range(75):
        losses.append(total_loss(problem, given_arrays(problem)))
        letters.append(right(problem))
        gradients = by_backpropagation(problem)
        weights = {
            name: weight - 0.1 * np.reshape(gradients[f"d{name}"].value, weight.shape)
            for name, weight in problem.weights.items()
        }
        problem = problem.replace(weights=weights)
    assert letters.index(4) == 74
    assert max(letters[:74]) == 3
    found, last = descend(hello.problem, 74)
    np.testing.assert_allclose(found, losses, rtol=TOLERANCE)
    assert found == sorted(found, reverse=True)
    assert right(updated(last)) == 4


# ── the whole trace ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_whole_trace_goes_as_far_as_there_is_a_loss(hello):
    assert list(whole_trace(hello.problem)) == list(update(hello))
    assert list(whole_trace(hello.problem, 2, clip=1)) == list(update(hello, clip=1))
    assert whole_trace(hello.problem, 2)["dWhh"].value == backward(hello.problem, 2)["dWhh"].value
    silent = Problem.draw("hello", targets="none")
    assert list(whole_trace(silent)) == list(forward(silent))
