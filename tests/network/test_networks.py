"""Networks of every form against PyTorch's and Keras's figures, complex steps, and numbers worked on paper."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn import TOLERANCE
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem, Trace, backward, forward, update
from rnncalc.errors import ProblemError
from rnncalc.network.gradcheck import check_gradients
from rnncalc.network.update_step import whole_trace

DATA = Path(__file__).parents[1] / "data"
PYTORCH = json.loads((DATA / "pytorch_networks.json").read_text(encoding="utf-8"))["cases"]
KERAS = json.loads((DATA / "keras_networks.json").read_text(encoding="utf-8"))["cases"]
FLOAT32 = 1e-5


def name_of(case: dict[str, Any]) -> str:
    return case["name"]


def differences(trace: Trace, case: dict[str, Any], tolerance: float) -> list[str]:
    """The quantities that are not the framework's, of which 12 digits are kept (9 of Keras)."""
    wrong = []
    for name, rows in case["quantities"].items():
        expected = np.array(rows)
        bound = tolerance * max(1.0, np.abs(expected).max()) + 5e-12 * np.abs(expected)
        if trace[name].value.shape != expected.shape or (np.abs(trace[name].value - expected) > bound).any():
            wrong.append(name)
    return wrong


def trace_of(case: dict[str, Any]) -> Trace:
    problem = Problem(**case["problem"])
    return backward(problem) if problem.has_loss else forward(problem)


# ── the frameworks ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("case", PYTORCH, ids=name_of)
def test_every_quantity_equals_pytorch(case):
    assert differences(trace_of(case), case, TOLERANCE) == []


@pytest.mark.parametrize("case", KERAS, ids=name_of)
def test_every_quantity_agrees_with_keras(case):
    assert differences(trace_of(case), case, FLOAT32) == []


@pytest.mark.parametrize("case", [*PYTORCH, *KERAS], ids=name_of)
def test_the_cases_hold_the_states_the_outputs_and_every_gradient(case):
    problem, names = Problem(**case["problem"]), set(case["quantities"])
    states = [f"{layer.states[0]}_{problem.steps}" for layer in problem.layers]
    outputs = [f"y_{t}" for t in range(1, problem.steps + 1) if problem.has_output(t)]
    gradients = [f"d{name}" for name in problem.weights] if problem.has_loss else []
    assert {*states, *outputs, *gradients} <= names


def test_the_cases_are_of_many_forms():
    problems = [Problem(**case["problem"]) for case in PYTORCH]
    assert len(PYTORCH) + len(KERAS) >= 60
    assert {layer.cell for p in problems for layer in p.layers} == {"rnn", "lstm", "gru"}
    assert {len(p.layers) for p in problems} == {1, 2, 3}
    assert {p.output_function for p in problems} == {"softmax", "sigmoid", "linear"}
    assert {p.output_at for p in problems} == {"every", "last", "none"}
    assert {p.loss for p in problems} == {"cross-entropy", "binary-cross-entropy", "squared-error", "none"}


@pytest.mark.parametrize("name", ["dWxh_L2", "h_L2_2", "dWv_D1", "dWxe"])
def test_a_wrong_figure_is_noticed(name):
    case = next(case for case in PYTORCH if name in case["quantities"])
    rows = np.array(case["quantities"][name])
    rows[-1, 0] += 1e-10
    moved = {**case, "quantities": {**case["quantities"], name: rows.tolist()}}
    assert differences(trace_of(case), moved, TOLERANCE) == [name]


# ── complex steps ─────────────────────────────────────────────────────────────────────────────────────────────────────

SQUARE = st.sampled_from(["squared-error", ""])


@st.composite
def networks(draw: st.DrawFn) -> Problem:
    """A network of any form, its weights drawn from a seed, with a loss."""
    words = draw(st.booleans())
    layers = draw(st.integers(1, 3))
    cells = draw(st.lists(st.sampled_from(["rnn", "lstm", "gru"]), min_size=layers, max_size=layers))
    head = draw(st.lists(st.integers(1, 3), max_size=2))
    output_at = draw(st.sampled_from(["every", "last"]))
    outputs = draw(st.integers(1, 3))
    steps = draw(st.integers(1, 4))
    row = [draw(st.integers(0, 4)) / 4 for _ in range(outputs)]
    function = draw(st.sampled_from(["softmax", "sigmoid", "linear"]))
    if function == "softmax":
        row = [(i == 0) * 1.0 for i in range(outputs)]
    reads: dict[str, Any] = {"text": " ".join("ab"[i % 2] for i in range(steps)), "tokens": "words"}
    if not words:
        reads = {"inputs": [[t / 2 - 1, 0.5 - t] for t in range(steps)]}
    return Problem.draw(
        **reads,
        seed=draw(st.integers(0, 99)),
        hidden=draw(st.integers(1, 3)),
        layers=layers,
        cell_kind=cells,
        reset_after="gru" in cells and draw(st.booleans()),
        activation=draw(st.sampled_from(["tanh", "sigmoid", "linear"])),
        embedding=draw(st.integers(0, 2)),
        head=head,
        head_activation=draw(st.sampled_from(["tanh", "sigmoid", "linear"])),
        classes=outputs,
        output_at=output_at,
        output_function=function,
        loss=draw(SQUARE),
        loss_reduction=draw(st.sampled_from(["sum", "mean"])),
        output_bias=draw(st.booleans()),
        targets=[row] if output_at == "last" else [row] * steps,
        h_0=draw(st.sampled_from(["zeros", "random"])),
    )


@given(networks())
def test_the_gradients_of_every_network_agree_with_complex_steps(problem):
    check = check_gradients(problem)
    assert [row.name for row in check.rows] == list(problem.arrays())
    assert all(row.agrees for row in check.rows)


@given(networks())
def test_a_template_brings_every_network_back(problem):
    from rnncalc.problems.template_reader import parse

    back = parse(problem.to_toml(), "x.toml", "x").problem
    first, second = whole_trace(problem), whole_trace(back)
    assert list(first) == list(second)
    assert all(np.array_equal(first[name].value, second[name].value) for name in first)


# ── by hand ───────────────────────────────────────────────────────────────────────────────────────────────────────────

BY_HAND = Problem(
    inputs=[[3, 4], [5, 6]],
    targets=[None, [1]],
    weights={"Wxh": [[1, -1], [0, 1]], "Whh": [[1, 0], [1, 1]], "bh": [0, -2], "Why": [[1, -1]], "by": [1]},
    h_0=[1, 0],
    activation="relu",
    output_function="sigmoid",
)
"""Whole numbers: real-valued inputs, a full Whh, biases, relu, a sigmoid output, an initial state that is given."""


def test_a_network_of_whole_numbers_worked_on_paper():
    trace = backward(BY_HAND)
    expected = {
        "wx_1": [-1, 4], "wh_1": [1, -1], "a_1": [0, 3], "h_1": [0, 3], "y_1": [-2],
        "wx_2": [-1, 6], "wh_2": [0, 1], "a_2": [-1, 7], "h_2": [0, 7], "y_2": [-6],
    }  # fmt: skip
    assert {name: trace[name].value[:, 0].tolist() for name in expected} == expected
    p = 1 / (1 + np.exp(6))
    assert trace["p_2"].value[0, 0] == pytest.approx(p, rel=1e-14)
    assert trace["loss"].value[0, 0] == pytest.approx(-np.log(p), rel=1e-14)
    assert trace["dWhy"].value[0] == pytest.approx([0, 7 * (p - 1)], rel=1e-14)
    assert trace["dbh"].value[:, 0] == pytest.approx([0, 2 * (1 - p)], rel=1e-14)
    assert trace["dWxh"].value[1] == pytest.approx([(1 - p) * 8, (1 - p) * 10], rel=1e-14)
    assert trace["dh_0"].value[:, 0] == pytest.approx([1 - p, 1 - p], rel=1e-14)


def test_half_the_squared_error_on_paper():
    problem = BY_HAND.replace(output_function="linear", loss="squared-error", targets=([0], [1]))
    trace = update(backward(problem), 0.5)
    assert trace["loss_1"].value[0, 0] == 2
    assert trace["loss"].value[0, 0] == 2 + 24.5
    assert trace["dy_2"].value[0, 0] == -7
    assert trace["by_new"].value[0, 0] == 1 - 0.5 * (-2 - 7)


# ── one to many ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_generated_is_what_was_predicted():
    problem = Problem.draw("ab", vocabulary="abc", seed=3, generate=4)
    trace = forward(problem)
    for t in range(3, 7):
        best = trace[f"p_{t - 1}"].value[:, 0].argmax()
        assert trace[f"x_{t}"].value[:, 0].tolist() == [float(i == best) for i in range(3)]
    by_hand = problem.replace(
        inputs=[*"ab", *("abc"[trace[f"x_{t}"].value[:, 0].argmax()] for t in range(3, 7))], targets=[None] * 6
    )
    for name in ("h_6", "p_6"):
        assert np.array_equal(forward(by_hand)[name].value, trace[name].value)


def test_numbers_that_are_put_out_are_read_again():
    problem = Problem.draw(inputs=[[0.5, 1]], classes=2, output_function="linear", generate=2)
    trace = forward(problem)
    assert trace["x_2"].value.tolist() == trace["y_1"].value.tolist()
    assert trace["x_3"].value.tolist() == trace["y_2"].value.tolist()


def test_a_gradient_flows_back_through_numbers_that_were_fed_back():
    problem = Problem.draw(
        inputs=[[0.5, 1]], classes=2, output_function="linear", generate=2, targets=[[1, 0], [0, 1], [1, 1]]
    )
    assert check_gradients(problem).passed
    assert "dx_2" in backward(problem)


# ── what does not fit ─────────────────────────────────────────────────────────────────────────────────────────────────

NUMBERS = {"inputs": [[1.0, 2.0]], "classes": 2}


@pytest.mark.parametrize(
    ("options", "field", "sentence"),
    [
        ({"inputs": [[1, 2], [3]]}, "inputs[2]", "inputs[2] has 1 number; it needs 2, like inputs[1]."),
        ({**NUMBERS, "output_function": "softmx"}, "output_function", "'softmx' (did you mean 'softmax'?)"),
        (
            {**NUMBERS, "output_function": "linear", "loss": "cross-entropy"},
            "loss",
            "Use the loss squared-error or none with it",
        ),
        ({**NUMBERS, "targets": [[1]]}, "targets", "targets[1] has 1 number; it needs 2, one for each output."),
        (
            {**NUMBERS, "targets": [[1, 1]]},
            "targets",
            "targets[1] adds up to 2; cross-entropy needs numbers from 0 to 1 that add up to 1.",
        ),
        ({**NUMBERS, "targets": ["good"]}, "targets", "the outputs have no names; it needs 2 numbers."),
        ({**NUMBERS, "classes": ("good", "bad"), "targets": ["god"]}, "targets", "'god' (did you mean 'good'?)"),
        ({**NUMBERS, "targets": ["", ""]}, "targets", "targets has 2 entries; it needs one for each of the 1 steps."),
        ({**NUMBERS, "classes": ("a", "a")}, "classes", "classes has 'a' twice"),
        ({**NUMBERS, "generate": 2, "classes": 3}, "generate", "The prediction has 3 rows and the input has 2"),
        ({"text": "ab", "generate": 1, "output_at": "last"}, "generate", "Use output_at = every."),
        (
            {**NUMBERS, "output_function": "sigmoid", "targets": [[0, 2]]},
            "targets",
            "targets[1] has 2; binary cross-entropy needs numbers from 0 to 1.",
        ),
        ({"text": "ab", "layers": 2, "activation": ["tanh"] * 3}, "activation", "one for each of the 2 layers"),
        ({"text": "ab", "head": [2], "head_activation": "softmax"}, "head", "head is 'softmax'"),
        (
            {"text": "a b a", "tokens": "words", "vocabulary": "a c"},
            "text",
            "text has b, which the vocabulary does not have",
        ),
        ({"text": "abc", "output_at": "last", "targets": "next"}, "targets", "Step 1 has a target but no output"),
    ],
)
def test_what_does_not_fit_is_a_sentence(options, field, sentence):
    with pytest.raises(ProblemError) as caught:
        Problem.draw(**options)
    assert sentence in str(caught.value)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ({"Wxh_L2": [[1.0, 2, 3]]}, "Whh_L2 is missing; it needs shape 1×1."),
        ({"Wxh_L2": [[1.0, 2]], "Whh_L2": 1, "bh_L2": 1}, "Wxh_L2 has shape 1×2; it needs 1×3"),
        ({"Wv_D1": [[1.0]]}, "head has 0 activations, but the weights have 1 dense layers"),
        ({"Wxe": [[1.0]]}, "Wxe has shape 1×1; it needs 1×4, a column for each of 4 letters."),
        ({"Wxh_L3": [[1.0]]}, "Wxh_L2 is missing"),
        ({"Wxq": [[1.0]]}, "There is no weight 'Wxq'"),
    ],
)
def test_weights_that_do_not_fit_the_others(weights, sentence):
    hello = Problem.template("hello")
    with pytest.raises(ProblemError) as caught:
        hello.replace(weights={**hello.weights, **weights})
    assert sentence in str(caught.value)
