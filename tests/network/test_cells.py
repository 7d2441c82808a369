"""The gated cells: PyTorch's figures, the textbook's equations as a plain loop, and complex steps through that loop."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn import TOLERANCE
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem, Trace, backward, forward
from rnncalc.errors import ProblemError

PYTORCH = Path(__file__).parents[1] / "data" / "pytorch_cells.json"
CASES = json.loads(PYTORCH.read_text(encoding="utf-8"))["cases"]


# ── PyTorch ───────────────────────────────────────────────────────────────────────────────────────────────────────


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
    assert differences(backward(Problem(**case["problem"])), case) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_cases_from_pytorch_hold_the_loss_every_state_and_every_gradient(case):
    names, problem = set(case["quantities"]), Problem(**case["problem"])
    assert {"loss", *(f"d{name}" for name in problem.arrays())} < names
    kept = {int(name[2:]) for name in names if re.fullmatch(r"h_\d+", name)}
    assert {1, problem.steps} <= kept
    states = "hc" if problem.cell == "lstm" else "h"
    for t in kept:
        assert {f"y_{t}", f"p_{t}", *(f"{d}{state}_{t}" for d in ("", "d") for state in states)} < names


def test_a_wrong_figure_of_pytorch_is_noticed():
    case = CASES[2]
    rows = np.array(case["quantities"]["dWhf"])
    rows[1, 2] += 1e-10
    moved = {**case, "quantities": {**case["quantities"], "dWhf": rows.tolist()}}
    assert differences(backward(Problem(**case["problem"])), moved) == ["dWhf"]


# ── the equations as a plain loop ─────────────────────────────────────────────────────────────────────────────────

Arrays = Mapping[str, Any]
SQUASH: dict[str, Callable[[Any], Any]] = {
    "tanh": np.tanh,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "linear": lambda a: a,
}


def lstm(w: Arrays, x: Any, h: Any, c: Any, f: Callable[[Any], Any]) -> dict[str, Any]:
    """Gers, Schmidhuber and Cummins (2000), without peepholes."""
    s, found = SQUASH["sigmoid"], {}
    for gate in "ifgo":
        found[f"a{gate}"] = w[f"Wx{gate}"] @ x + w[f"Wh{gate}"] @ h + w[f"b{gate}"]
        found[gate] = (f if gate == "g" else s)(found[f"a{gate}"])
    c = found["f"] * c + found["i"] * found["g"]
    return {**found, "c": c, "tc": f(c), "h": found["o"] * f(c)}


def gru(w: Arrays, x: Any, h: Any, c: Any, f: Callable[[Any], Any]) -> dict[str, Any]:
    """Cho et al. (2014), z keeping the old state; with bhn the reset gate comes after the product."""
    s, found = SQUASH["sigmoid"], {}
    for gate in "rz":
        found[f"a{gate}"] = w[f"Wx{gate}"] @ x + w[f"Wh{gate}"] @ h + w[f"b{gate}"]
        found[gate] = s(found[f"a{gate}"])
    r, z = found["r"], found["z"]
    if "bhn" in w:
        found["hn"] = w["Whn"] @ h + w["bhn"]
        past = r * found["hn"]
    else:
        found["rh"] = r * h
        past = w["Whn"] @ found["rh"]
    found["an"] = w["Wxn"] @ x + past + w["bn"]
    found["n"] = f(found["an"])
    return {**found, "h": (1 - z) * found["n"] + z * h}


STEPS = {"lstm": lstm, "gru": gru}


def plain(problem: Problem, arrays: Arrays) -> dict[str, Any]:
    """Every quantity of the forward pass and the loss with these arrays, which may be complex."""
    w = {name: a.ravel() if name[0] in "bhc" else a for name, a in arrays.items()}
    h, c = w["h_0"], w.get("c_0")
    found: dict[str, Any] = {}
    losses = []
    for t, (letter, wanted) in enumerate(zip(problem.inputs, problem.targets, strict=True), 1):
        x = np.array([float(letter == known) for known in problem.vocabulary])
        step = STEPS[problem.cell](w, x, h, c, SQUASH[problem.activation])
        h, c = step["h"], step.get("c")
        y = w["Why"] @ h + w.get("by", 0)
        raised = np.exp(y - y.real.max() if problem.softmax == "shifted" else y)
        step |= {"y": y, "exp": raised, "p": raised / raised.sum()}
        if wanted is not None:
            step["loss"] = -np.log(step["p"][problem.vocabulary.index(wanted)])
            losses.append(step["loss"])
        found |= {f"{name}_{t}": value for name, value in step.items()}
    if losses:
        found["loss"] = sum(losses) / (len(losses) if problem.loss_reduction == "mean" else 1)
    return found


def largest(arrays: Iterator[Any]) -> float:
    return max(1.0, *(float(np.abs(a).max()) for a in arrays))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A gated network of every kind and setting that has a loss."""
    kind = draw(st.sampled_from(["lstm", "gru"]))
    return Problem.draw(
        draw(st.text("abc", min_size=2, max_size=6)),
        hidden=draw(st.integers(1, 4)),
        seed=draw(st.integers(0, 1000)),
        cell_kind=kind,
        reset_after=kind == "gru" and draw(st.booleans()),
        activation=draw(st.sampled_from(list(SQUASH))),
        targets=draw(st.sampled_from(["next", "last"])),
        loss_reduction=draw(st.sampled_from(["sum", "mean"])),
        output_bias=draw(st.booleans()),
        h_0=draw(st.sampled_from(["zeros", "random"])),
        softmax=draw(st.sampled_from(["plain", "shifted"])),
    )


@given(problems())
def test_every_quantity_is_that_of_the_plain_loop(problem):
    trace, expected = forward(problem), plain(problem, problem.arrays())
    assert {q.name for q in trace.values() if q.rule is not None} == set(expected)
    bound = TOLERANCE * largest(iter([*problem.weights.values(), *expected.values()]))
    for name, value in expected.items():
        assert np.abs(trace[name].value.ravel() - value).max() <= bound, name


@given(problems())
def test_every_gradient_is_that_of_complex_steps_through_the_plain_loop(problem):
    trace, arrays = backward(problem), problem.arrays()
    for name, array in arrays.items():
        expected = np.empty(array.shape)
        for at in np.ndindex(array.shape):
            moved = array.astype(complex)
            moved[at] += 1e-30j
            expected[at] = plain(problem, {**arrays, name: moved})["loss"].imag / 1e-30
        bound = TOLERANCE * largest(iter([expected, *(q.value for q in trace.values())]))
        assert np.abs(trace[f"d{name}"].value - expected).max() <= bound, name


@given(problems())
def test_the_gradients_of_the_tables_between_are_the_chain_rules(problem):
    trace, w = backward(problem), problem.weights
    for t in range(1, problem.steps + 1):
        values = {name: trace[f"{name}_{t}"].value for name in ("h", "o", "r", "dh", "dan") if f"{name}_{t}" in trace}
        match problem.cell, "bhn" in w:
            case "lstm", _:
                expected = {"tc": values["o"] * values["dh"]}
            case _, True:
                expected = {"hn": values["r"] * values["dan"]}
            case _:
                expected = {"rh": w["Whn"].T @ values["dan"]}
        for name, value in expected.items():
            np.testing.assert_allclose(trace[f"d{name}_{t}"].value, value, rtol=0, atol=1e-13)


def test_the_tables_between_are_those_of_their_cells():
    """An lstm shows tanh(c), a gru the reset memory, or with the reset gate after the product that product."""
    found = {}
    for name, options in {
        "lstm": {"cell_kind": "lstm"},
        "gru": {"cell_kind": "gru"},
        "reset after": {"cell_kind": "gru", "reset_after": True},
    }.items():
        trace = forward(Problem.draw("ab", **options))
        found[name] = [trace[f"{family}_1"].equation for family in ("tc", "rh", "hn") if f"{family}_1" in trace]
    assert found == {
        "lstm": ["tc₁ = tanh(c₁)"],
        "gru": ["rh₁ = r₁ ⊙ h₀"],
        "reset after": ["hn₁ = Whn · h₀ + bhn"],
    }


def test_truncated_gradients_are_those_of_windows_whose_states_are_held():
    """Cut after every step, each step starts anew from the states that it was handed."""
    whole = Problem.draw("abca", cell_kind="lstm", hidden=2, h_0="random")
    trace = backward(whole, 1)
    shares = dict.fromkeys(whole.weights, 0.0)
    for t in range(whole.steps):
        alone = Problem(
            inputs=whole.inputs[t : t + 1], targets=whole.targets[t : t + 1], vocabulary=whole.vocabulary,
            weights=whole.weights, h_0=trace[f"h_{t}"].value, c_0=trace[f"c_{t}"].value, cell="lstm",
        )  # fmt: skip
        for name in shares:
            shares[name] = shares[name] + backward(alone)[f"d{name}"].value
    for name, expected in shares.items():
        np.testing.assert_allclose(trace[f"d{name}"].value, expected, rtol=0, atol=1e-14)


# ── what is given ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("options", [{"cell_kind": "lstm"}, {"cell_kind": "gru"},
                                     {"cell_kind": "gru", "reset_after": True}], ids=str)  # fmt: skip
def test_a_problem_as_a_template_is_the_same_problem(options, tmp_path):
    problem = Problem.draw("banana", h_0="random", output_bias=True, **options)
    path = tmp_path / "mine.toml"
    path.write_text(problem.to_toml("mine"), encoding="utf-8")
    again = Problem.template(str(path))
    assert (again.cell, again.hidden, set(again.arrays())) == (problem.cell, 3, set(problem.arrays()))
    for name, array in problem.arrays().items():
        np.testing.assert_array_equal(again.arrays()[name], array)


def test_a_gate_is_drawn_by_its_own_name():
    """So that the weights of a gate do not depend on which others there are."""
    before, after = (Problem.draw("banana", cell_kind="gru", reset_after=r) for r in (False, True))
    assert set(after.weights) - set(before.weights) == {"bhn"}
    for name, array in before.weights.items():
        np.testing.assert_array_equal(after.weights[name], array)
    drawn = [array.tobytes() for array in after.weights.values()]
    assert len(set(drawn)) == len(drawn)


GRU = Problem.draw("ab", cell_kind="gru")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: Problem.draw("ab", cell_kind="ltsm"),
            "cell is 'ltsm' (did you mean 'lstm'?); it needs one of rnn, lstm, gru.",
        ),
        (
            lambda: Problem.draw("ab", cell_kind="lstm", recurrent="scalar"),
            "scalar works only with a single layer of the cell rnn",
        ),
        (lambda: Problem.draw("ab", cell_kind="lstm", reset_after=True), "reset_after works only with the cell gru"),
        (lambda: GRU.replace(c_0=[0, 0, 0]), "There is no c_0: only the cell lstm has one, and this is gru"),
        (lambda: GRU.replace(cell="rnn"), "There is no weight 'Wxr'"),
        (lambda: GRU.replace(weights={**GRU.weights, "bhn": [0, 0]}), "bhn has shape 2×1; it needs 3×1"),
        (lambda: GRU.replace(weights={n: a for n, a in GRU.weights.items() if n != "bz"}), "bz is missing"),
        (lambda: Problem.template("lstm").replace(c_0=[0, 0]), "c_0 has shape 2×1; it needs 3×1"),
    ],
)
def test_what_does_not_fit_a_cell_is_a_sentence(make, sentence):
    with pytest.raises(ProblemError, match=re.escape(sentence)):
        make()


# ── the templates ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_the_template_is_hello_with_readable_weights_and_gates_half_open(kind):
    trace = forward(Problem.template(kind))
    assert (trace.problem.text, trace.problem.cell, trace.problem.hidden) == ("hello", kind, 3)
    assert all((np.round(w, 2) == w).all() for w in trace.problem.weights.values())
    gates = [q.value for q in trace.values() if q.name[0] in "iforz" and q.name[1] == "_"]
    assert len(gates) == 4 * (3 if kind == "lstm" else 2)
    assert all((gate > 0.05).all() and (gate < 0.95).all() for gate in gates)
