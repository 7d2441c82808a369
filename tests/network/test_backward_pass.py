"""The backward pass against PyTorch's figures, a straight loop of backpropagation, and complex-step differentiation."""

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from by_hand import by_backpropagation, by_complex_steps, given_arrays, problems, total_loss
from drawn import TOLERANCE
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem, Trace, backward, forward, update
from rnncalc.errors import ArithmeticOverflow, ProblemError
from rnncalc.language import ACTIVATIONS, Constant, add, entry, matmul, multiply, scale, sigmoid, subtract, tanh
from rnncalc.language.functions import evaluate
from rnncalc.network.cells import CELLS, rnn
from rnncalc.network.families import Family

CASES = json.loads((Path(__file__).parents[1] / "data" / "pytorch.json").read_text(encoding="utf-8"))["cases"]


@pytest.fixture(scope="module")
def hello() -> Trace:
    return backward(Problem.template("hello"))


def gradients(trace: Trace) -> list[str]:
    return [quantity.name for quantity in trace.values() if quantity.stage == "backward"]


def off_by(found: Any, expected: Any) -> float:
    """The largest difference of a quantity's table and a table, vector or number."""
    return float(np.abs(found - np.reshape(expected, found.shape)).max())


# ── PyTorch ───────────────────────────────────────────────────────────────────────────────────────────────────────


def problem_of(case: dict[str, Any]) -> Problem:
    """The problem of a case, from its data alone."""
    return Problem(**case["problem"])


def differences(trace: Trace, case: dict[str, Any]) -> list[str]:
    """The quantities of a trace that are not PyTorch's, of which 12 digits are kept."""
    wrong = []
    for name, rows in case["quantities"].items():
        expected = np.array(rows)
        bound = TOLERANCE * max(1.0, np.abs(expected).max()) + 5e-12 * np.abs(expected)
        if trace[name].value.shape != expected.shape or (np.abs(trace[name].value - expected) > bound).any():
            wrong.append(name)
    return wrong


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_quantity_equals_pytorch(case):
    assert differences(backward(problem_of(case)), case) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_cases_from_pytorch_hold_the_loss_and_every_gradient(case):
    names, problem = set(case["quantities"]), problem_of(case)
    assert {"loss", "dh_0", *(f"d{name}" for name in problem.weights)} < names
    kept = {int(name[2:]) for name in names if re.fullmatch(r"h_\d+", name)}
    assert {1, problem.steps} <= kept
    for t in kept:
        assert {f"y_{t}", f"p_{t}", f"dh_{t}", f"da_{t}"} < names
        wanted = problem.targets[t - 1] is not None
        assert (f"loss_{t}" in names, f"dy_{t}" in names) == (wanted, wanted)


def test_the_cases_from_pytorch_are_of_every_kind():
    drawn = [problem_of(case) for case in CASES if problem_of(case).h_0.all()]
    assert len(drawn) >= 12
    kinds = {(p.activation, p.recurrent, p.target_mode) for p in drawn}
    assert kinds >= set(product(("tanh", "relu", "sigmoid", "linear"), ("scalar", "matrix"), ("next", "last")))
    assert {(p.output_bias, p.loss_reduction) for p in drawn} == set(product((True, False), ("sum", "mean")))
    assert {1, 60} <= {p.steps for p in drawn}


def test_the_comparison_with_pytorch_notices_an_error_of_a_billionth_in_any_quantity():
    for case in CASES:
        moved = {
            name: np.array(rows) + 1e-9 * max(1.0, np.abs(rows).max()) for name, rows in case["quantities"].items()
        }
        assert differences(backward(problem_of(case)), {"quantities": moved}) == list(moved)


# ── hello ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_loss_of_hello(hello):
    assert hello["loss"].value == pytest.approx(6.811274597, rel=0, abs=5e-10)


@pytest.mark.parametrize(("name", "value"), [("dWhh", 0.235705908975), ("dbh", 0.388120534616)])
def test_the_gradients_of_the_shared_weight_and_bias_of_hello(hello, name, value):
    """To 12 digits, as PyTorch has them."""
    assert hello[name].value == pytest.approx(value, rel=5e-12)


def test_every_gradient_of_hello_says_how_it_came_about(hello):
    step_3 = [quantity.equation for quantity in hello.values() if (quantity.stage, quantity.step) == ("backward", 3)]
    assert step_3 == [
        "∂E/∂y₃ = p₃ − target₃",
        "∂E/∂h₃|out = Whyᵀ · ∂E/∂y₃",
        "∂E/∂h₃|next = Whh · ∂E/∂a₄",
        "∂E/∂h₃ = ∂E/∂h₃|out + ∂E/∂h₃|next",
        "∂E/∂a₃ = (1 − h₃²) ⊙ ∂E/∂h₃",
        "∂E/∂Wxh|₃ = ∂E/∂a₃ · x₃ᵀ",
        "∂E/∂Whh|₃ = Σ ∂E/∂a₃ ⊙ h₂",
        "∂E/∂bh|₃ = Σ ∂E/∂a₃",
        "∂E/∂Why|₃ = ∂E/∂y₃ · h₃ᵀ",
    ]
    for name in ("dWxh", "dWhh", "dbh", "dWhy"):
        of = hello[name].symbol
        assert hello[name].equation == f"{of} = {of}|₁ + {of}|₂ + {of}|₃ + {of}|₄"
    assert hello["dh_next_4"].equation == "∂E/∂h₄|next = 0"
    assert hello["dh_0"].equation == "∂E/∂h₀ = Whh · ∂E/∂a₁"


@pytest.mark.parametrize(
    ("settings", "name", "equation"),
    [
        ({"loss_reduction": "mean"}, "dy_3", "∂E/∂y₃ = (p₃ − target₃) / 4"),
        ({"targets": "last"}, "dh_out_3", "∂E/∂h₃|out = 0"),
        ({"targets": "last"}, "dWhy", "∂E/∂Why = ∂E/∂Why|₄"),
        ({}, "dh_next_3", "∂E/∂h₃|next = Whhᵀ · ∂E/∂a₄"),
        ({}, "dWhh_3", "∂E/∂Whh|₃ = ∂E/∂a₃ · h₂ᵀ"),
        ({}, "dbh_3", "∂E/∂bh|₃ = ∂E/∂a₃"),
        ({"output_bias": True}, "dby_3", "∂E/∂by|₃ = ∂E/∂y₃"),
        ({"activation": "relu"}, "da_3", "∂E/∂a₃ = [a₃ > 0] ⊙ ∂E/∂h₃"),
        ({"activation": "sigmoid"}, "da_3", "∂E/∂a₃ = h₃ ⊙ (1 − h₃) ⊙ ∂E/∂h₃"),
        ({"activation": "linear"}, "da_3", "∂E/∂a₃ = ∂E/∂h₃"),
    ],
)
def test_the_settings_stand_in_the_equations(settings, name, equation):
    assert backward(Problem.draw("hello", **settings))[name].equation == equation


# ── every problem ─────────────────────────────────────────────────────────────────────────────────────────────────


@given(problems())
def test_every_gradient_equals_a_straight_loop_and_stands_in_its_order(problem):
    trace, expected = backward(problem), by_backpropagation(problem)
    assert gradients(trace) == list(expected)
    assert [n for n, (value, size) in expected.items() if not off_by(trace[n].value, value) <= TOLERANCE * size] == []


@given(problems())
def test_every_gradient_equals_complex_step_differentiation(problem):
    trace, sizes = backward(problem), by_backpropagation(problem)
    for name, gradient in by_complex_steps(problem).items():
        assert off_by(trace[name].value, gradient) <= TOLERANCE * sizes[name].size, name


def test_both_yardsticks_notice_a_slope_that_is_off_by_a_billionth(monkeypatch):
    problem = Problem.draw("banana", h_0="random")
    right, straight, stepped = backward(problem), by_backpropagation(problem), by_complex_steps(problem)
    steeper = tanh._replace(gradient=lambda *terms: (scale(Constant(1 + 1e-9), *tanh.gradient(*terms)),))
    monkeypatch.setitem(ACTIVATIONS, "tanh", steeper)
    wrong = backward(problem)
    for name, gradient in stepped.items():
        value, size = straight[name]
        for yardstick in (gradient, value):
            assert off_by(right[name].value, yardstick) <= TOLERANCE * size
            assert (off_by(wrong[name].value, yardstick) > TOLERANCE * size) == (name != "dWhy")


@given(problems())
def test_the_gradients_follow_the_forward_pass_as_it_was(problem):
    trace, before = backward(problem), forward(problem)
    assert list(trace)[: len(before)] == list(before)
    assert all(trace[name].value.tolist() == before[name].value.tolist() for name in before)


@given(problems())
def test_a_gradient_has_the_shape_and_the_step_of_what_it_is_the_gradient_of(problem):
    trace = backward(problem)
    for name in gradients(trace):
        of = re.sub("^d|_out|_next", "", name)
        family, _, step = of.rpartition("_")
        source = trace[of if of in trace else family]  # a step's share belongs to a weight, which has no step
        assert (trace[name].shape, trace[name].axes) == (source.shape, source.axes)
        assert trace[name].step == (int(step) if family else None)


@given(problems(), st.sampled_from([{}, {"clip": 0.1}, {"clip_norm": 0.1}]))
def test_the_arithmetic_of_every_element_gives_its_value(problem, clipping):
    for quantity in update(backward(problem), **clipping).values():
        if quantity.rule is None:
            continue
        size = max(1.0, *(float(np.abs(q.value).max()) for q in (quantity, *quantity.sources)))
        for (row, column), value in np.ndenumerate(quantity.value):
            assert abs(evaluate(entry(quantity.rule, row, column)) - value) <= TOLERANCE * size, quantity.name


@given(problems(), st.sampled_from([{}, {"clip": 0.1}, {"clip_norm": 0.1}]))
def test_names_and_symbols_are_unique_and_every_equation_begins_with_its_symbol(problem, clipping):
    trace = update(backward(problem), **clipping)
    assert len({name.casefold() for name in trace}) == len(trace)
    assert all(re.fullmatch(r"[A-Za-z]+(_[a-z]+)?(_\d+)?", name) for name in trace)
    assert len({quantity.symbol for quantity in trace.values()}) == len(trace)
    assert len({quantity.latex for quantity in trace.values()}) == len(trace)
    for quantity in trace.values():
        if quantity.rule is not None:
            assert quantity.equation.startswith(f"{quantity.symbol} = ")
            assert quantity.latex_equation.startswith(f"{quantity.latex} = ")


def test_the_same_problem_gives_the_same_bytes():
    first, second = (backward(Problem.draw("mississippi", h_0="random")) for _ in range(2))
    assert [q.value.tobytes() for q in first.values()] == [q.value.tobytes() for q in second.values()]


# ── truncated backpropagation ─────────────────────────────────────────────────────────────────────────────────────


@given(problems(), st.integers(1, 9))
def test_truncated_gradients_are_those_of_windows_that_take_their_first_state_as_it_is(problem, window):
    trace, sizes = backward(problem, truncate=window), by_backpropagation(problem, window)
    for name, gradient in by_complex_steps(problem, truncate=window).items():
        assert off_by(trace[name].value, gradient) <= TOLERANCE * sizes[name].size, name


@given(problems(), st.integers(1, 9))
def test_the_flow_back_is_cut_between_windows_counted_from_step_1(problem, window):
    trace, expected = backward(problem, truncate=window), by_backpropagation(problem, window)
    assert gradients(trace) == list(expected)
    assert [n for n, (value, size) in expected.items() if not off_by(trace[n].value, value) <= TOLERANCE * size] == []
    for t in range(window, problem.steps, window):
        assert not trace[f"dh_next_{t}"].value.any()


def test_windows_of_three_in_a_text_of_seven_steps_are_cut_after_steps_3_and_6():
    problem = Problem.draw("abcdefgh")
    whole, cut = backward(problem), backward(problem, truncate=3)
    nothing = [t for t in range(1, 8) if not cut[f"dh_next_{t}"].value.any()]
    assert nothing == [3, 6, 7]
    assert [t for t in range(1, 8) if not whole[f"dh_next_{t}"].value.any()] == [7]
    assert cut["dh_next_3"].equation == "∂E/∂h₃|next = 0"
    assert (whole.truncate, cut.truncate) == (None, 3)


@pytest.mark.parametrize("window", [4, 5, 1000])
def test_a_window_as_long_as_the_text_changes_nothing(hello, window):
    cut = backward(hello.problem, truncate=window)
    assert [q.value.tobytes() for q in cut.values()] == [q.value.tobytes() for q in hello.values()]


# ── another cell ──────────────────────────────────────────────────────────────────────────────────────────────────


def gated_step(put, weights, x, states, activation):
    """A cell that keeps part of its memory: z = σ(Wxh · x + bh), h_t = h + z ⊙ (tanh(Wxh · x + Whh · h) − h)."""
    h, read = states["h"], put("wx", matmul(weights["Wxh"], x))
    z = put("z", sigmoid(add(read, weights["bh"])))
    new = tanh(add(matmul(weights["Wxh"], x), matmul(weights["Whh"], h)))
    return {"h": put("h", add(h, multiply(z, subtract(new, h))))}


def gated(arrays, x, h, activation):
    read = arrays["Wxh"] @ x
    z = 1 / (1 + np.exp(-(read + arrays["bh"])))
    return h + z * (np.tanh(read + arrays["Whh"] @ h) - h)


@pytest.mark.parametrize("truncate", [None, 2])
def test_a_new_cell_gets_its_backward_pass_for_free(monkeypatch, truncate):
    """Weights and states that are used several times, in nested rules, and a quantity that no plain cell has."""
    gated_cell = rnn.CELL._replace(step=gated_step, families=(*rnn.FAMILIES, Family("z")))
    monkeypatch.setitem(CELLS, "rnn", gated_cell)
    problem = Problem.draw("banana", hidden=4, h_0="random", output_bias=True)
    trace = backward(problem, truncate)
    assert trace["loss"].value == pytest.approx(total_loss(problem, given_arrays(problem), gated), rel=1e-14)
    for name, gradient in by_complex_steps(problem, gated, truncate).items():
        assert off_by(trace[name].value, gradient) <= TOLERANCE, name
    assert {"dz_1", "dwx_1", "dWxh_1"} < set(trace)


# ── what cannot be ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("truncate", [0, -1, 2.5])
def test_a_window_needs_a_whole_number_of_steps(truncate):
    with pytest.raises(ProblemError, match=rf"^truncate is {truncate}; it needs a whole number of steps, at least 1"):
        backward(Problem.template("hello"), truncate=truncate)


def test_without_targets_the_error_says_what_to_add():
    with pytest.raises(ProblemError, match=r"no targets.*It needs targets = next or last"):
        backward(Problem.draw("banana", targets="none"))


def test_a_gradient_that_leaves_float64_is_reported_with_its_step_and_its_cause():
    """The states are all 0, so that the loss is plain; but each step back multiplies the gradient by 1e90."""
    problem = Problem(
        inputs="aaaaa",
        targets="aaaaa",
        vocabulary="ab",
        weights={"Wxh": [[0, 0]], "Whh": 1e90, "bh": 0, "Why": [[1], [-1]]},
        h_0=[0],
        activation="linear",
    )
    assert forward(problem)["loss"].value == pytest.approx(5 * np.log(2))
    with pytest.raises(ArithmeticOverflow) as caught:
        backward(problem)
    message = str(caught.value)
    assert message.startswith("dh_next_1 at step 1 is not finite: Whh · ∂E/∂a₂ overflows float64; ")
    assert "in da_2" in message
    assert backward(problem, truncate=2)["dWhh"].value == 0
