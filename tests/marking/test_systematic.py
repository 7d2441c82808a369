"""Mistakes made at every step in what nobody wrote down: the numbers that they lead to, worked out here in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnncalc import Problem, Trace
from rnncalc.marking.mistake_groups import in_words
from rnncalc.marking.mistakes import Mistake
from rnncalc.marking.systematic import systematic_mistakes
from rnncalc.network.update_step import whole_trace

HELLO = whole_trace(Problem.template("hello"))
BANANA = {"text": "banana", "vocabulary": "ban", "hidden": 3, "h_0": "random", "seed": 3}
TRACES = {
    "matrix": whole_trace(Problem.draw(**BANANA)),
    "shared": whole_trace(Problem.draw(**BANANA, recurrent="scalar")),
    "lstm": whole_trace(Problem.draw(**BANANA, cell_kind="lstm")),
    "gru": whole_trace(Problem.draw(**BANANA, cell_kind="gru")),
}


def leading_to(trace: Trace, name: str, number: Any, written: Any = ()) -> list[Mistake]:
    """The mistakes that lead to these numbers of a quantity."""
    found = systematic_mistakes(trace[name], trace, written)
    return [m for m in found if np.allclose(m.value({}), number, rtol=1e-12, atol=1e-12)]


# ── a simple network, worked here ─────────────────────────────────────────────────────────────────────────────────────


def worked(trace: Trace, slip: str = "") -> dict[str, Any]:
    """All the gradients of a simple network, with a slip made at every step."""
    n = {name: q.value for name, q in trace.items() if q.rule is None}
    steps, one = trace.problem.steps, n["Whh"].shape == (1, 1)
    h, a, p, loss = {0: n["h_0"]}, {}, {}, 0.0
    for t in range(1, steps + 1):
        past = n["Whh"] * h[t - 1] if one else n["Whh"] @ h[t - 1]
        bias = {"no bias": 0, "bias twice": 2, "bias subtracted": -1}.get(slip, 1)
        a[t] = n["Wxh"] @ n[f"x_{t}"] + past + bias * n["bh"]
        h[t] = {"no tanh": a[t], "sigma": 1 / (1 + np.exp(-a[t]))}.get(slip, np.tanh(a[t]))
        y = n["Why"] @ h[t]
        e = 10.0**y if slip == "ten" else np.exp(y)
        p[t] = e / (e.shape[0] if slip == "count" else e.sum())
        wanted = (p[t] * n[f"target_{t}"]).sum()
        loss -= np.log10(wanted) if slip == "log10" else np.log(wanted)
    found: dict[str, Any] = {"dWxh": 0, "dWhh": 0, "dbh": 0, "dWhy": 0, "loss": np.array([[loss]])}
    following = np.zeros_like(h[0])
    for t in range(steps, 0, -1):
        target = n[f"target_{t}"]
        dy = {"sign": target - p[t], "no target": p[t], "minus one": p[t] - 1}.get(slip, p[t] - target)
        dh = n["Why"].T @ dy + (0 if slip == "no flow" else following)
        da = dh if slip == "no slope" else (1 - h[t] ** 2) * dh
        share = dh if slip == "dh for da" else da
        back = dh if slip == "dh back" else da
        before = {"h for h before": h[t], "a before": a.get(t - 1, h[0])}.get(slip, h[t - 1])
        found["dWhh"] += (share * before).sum(keepdims=True) if one else share @ before.T
        found["dWxh"] += da @ n[f"x_{t}"].T
        found["dbh"] += da.sum(keepdims=True) if one else da
        found["dWhy"] += dy @ (h[t - 1] if slip == "Why before" else h[t]).T
        following = n["Whh"] * back if one else (n["Whh"] if slip == "not transposed" else n["Whh"].T) @ back
    for name in ("Wxh", "Whh", "bh", "Why"):
        found[f"{name}_new"] = n[name] - n["eta"] * found[f"d{name}"]
    return found


SLIPS = {
    "no flow": ("no-flow-back", ("dWxh", "dWhh", "dbh", "Whh_new")),
    "no slope": ("slope-left-out", ("dWxh", "dWhh", "dbh", "Wxh_new")),
    "dh back": ("slope-left-out", ("dWxh", "dWhh", "dbh")),
    "dh for da": ("slope-left-out", ("dWhh",)),
    "h for h before": ("wrong-step", ("dWhh", "Whh_new")),
    "Why before": ("wrong-step", ("dWhy",)),
    "a before": ("activation-left-out", ("dWhh",)),
    "sign": ("sign-reversed", ("dWxh", "dWhh", "dbh", "dWhy", "Why_new")),
    "no target": ("target-left-out", ("dWhh", "dWhy", "bh_new")),
    "minus one": ("one-subtracted", ("dWhy", "dWxh")),
    "no bias": ("bias-left-out", ("dWhh", "dWhy", "loss", "Whh_new")),
    "bias twice": ("bias-twice", ("loss", "dWxh")),
    "bias subtracted": ("bias-subtracted", ("loss", "dWhh")),
    "no tanh": ("activation-left-out", ("loss", "dWhy")),
    "sigma": ("sigmoid-for-tanh", ("loss", "dWhh")),
    "ten": ("power-of-ten", ("loss", "dWhh", "dWhy")),
    "count": ("divided-by-count", ("loss", "dWhh")),
    "log10": ("log-base-10", ("loss",)),
    "not transposed": ("not-transposed", ("dWxh", "dWhh")),
}
CASES = [
    (network, slip, kind, name)
    for network in ("matrix", "shared")
    for slip, (kind, totals) in SLIPS.items()
    for name in totals
    if (network, slip) != ("shared", "not transposed")  # one number has no rows and columns
]


def test_the_numbers_worked_here_are_right_without_a_slip():
    for trace in (HELLO, TRACES["matrix"], TRACES["shared"]):
        for name, numbers in worked(trace).items():
            np.testing.assert_allclose(numbers, trace[name].value, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("network", "slip", "kind", "name"), CASES, ids=[f"{c[0]}, {c[1]}, {c[3]}" for c in CASES])
def test_a_slip_at_every_step_is_known_by_what_comes_of_it(network, slip, kind, name):
    trace = TRACES[network]
    (found,) = leading_to(trace, name, worked(trace, slip)[name])
    assert kind in (found.kind, *found.also)
    assert found.says.endswith("at every step")


# ── gates ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def lstm_share(trace: Trace, slip: str) -> Any:
    """∂E/∂Whi with a slip at every step on the way back."""
    n = {name: q.value for name, q in trace.items()}
    hidden = len(n["h_0"])
    following, state, total = np.zeros((hidden, 1)), np.zeros((hidden, 1)), np.zeros((hidden, hidden))
    for t in range(trace.problem.steps, 0, -1):
        i, f, g, o, tc, c, h = (n[f"{name}_{t}"] for name in ("i", "f", "g", "o", "tc", "c", "h"))
        dh = n["Why"].T @ n[f"dy_{t}"] + following
        out = o * dh * (1 if slip == "no slope of c" else 1 - tc**2)
        dc = out + (0 if slip == "no flow of c" else state)
        gates = {
            "i": i * (1 - i) * dc * g,
            "f": f * (1 - f) * dc * n[f"c_{t - 1}"],
            "g": (1 - g**2) * dc * i,
            "o": o * (1 - o) * dh * (c if slip == "c for tanh c" else tc),
        }
        if slip == "no slope of i":
            gates["i"] = dc * g
        following, state = sum(n[f"Wh{gate}"].T @ da for gate, da in gates.items()), dc * f
        total = total + gates["i"] @ (h if slip == "h for h before" else n[f"h_{t - 1}"]).T
    return total


@pytest.mark.parametrize(
    ("slip", "kind"),
    [
        ("no flow of c", "no-flow-back"),
        ("no slope of i", "slope-left-out"),
        ("no slope of c", "slope-left-out"),
        ("c for tanh c", "activation-left-out"),
        ("h for h before", "wrong-step"),
    ],
)
def test_a_slip_at_every_step_of_an_lstm_is_known(slip, kind):
    trace = TRACES["lstm"]
    np.testing.assert_allclose(lstm_share(trace, ""), trace["dWhi"].value, rtol=1e-12, atol=1e-14)
    (found,) = leading_to(trace, "dWhi", lstm_share(trace, slip))
    assert kind in (found.kind, *found.also)


def gru_share(trace: Trace, slip: str) -> Any:
    """∂E/∂Whz with a slip at every step on the way back."""
    n = {name: q.value for name, q in trace.items()}
    hidden = len(n["h_0"])
    following, total = np.zeros((hidden, 1)), np.zeros((hidden, hidden))
    for t in range(trace.problem.steps, 0, -1):
        r, z, new, before = n[f"r_{t}"], n[f"z_{t}"], n[f"n_{t}"], n[f"h_{t - 1}"]
        dh = n["Why"].T @ n[f"dy_{t}"] + (0 if slip == "no flow" else following)
        dan = (1 - new**2) * dh * (1 - z)
        dz = dh * (before - new)
        daz = dz if slip == "no slope of z" else z * (1 - z) * dz
        drh = n["Whn"].T @ dan
        dar = r * (1 - r) * drh * before
        following = dh * z + drh * r + n["Whz"].T @ daz + n["Whr"].T @ dar
        total = total + daz @ before.T
    return total


@pytest.mark.parametrize(("slip", "kind"), [("no flow", "no-flow-back"), ("no slope of z", "slope-left-out")])
def test_a_slip_at_every_step_of_a_gru_is_known(slip, kind):
    trace = TRACES["gru"]
    np.testing.assert_allclose(gru_share(trace, ""), trace["dWhz"].value, rtol=1e-12, atol=1e-14)
    (found,) = leading_to(trace, "dWhz", gru_share(trace, slip))
    assert kind in (found.kind, *found.also)


# ── what is tried, and what is said ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "kind", "says"),
    [
        (0.224148, "no-flow-back", "the gradient from the next step was left out, at every step"),
        (1.654515, "slope-left-out", "in ∂E/∂aₜ, (1 − hₜ²) left out, at every step"),
        (0.325913, "wrong-step", "in ∂E/∂Whh|ₜ, hₜ was used instead of hₜ₋₁, at every step"),
        (0.311212, "slope-left-out", "in ∂E/∂hₜ|next, ∂E/∂hₜ₊₁ was used instead of ∂E/∂aₜ₊₁, at every step"),
        (-0.235706, "sign-reversed", "in ∂E/∂yₜ, the sign is reversed, at every step"),
    ],
)
def test_the_usual_slips_are_told_by_the_total_alone(number, kind, says):
    found = [m for m in systematic_mistakes(HELLO["dWhh"], HELLO, ()) if abs(m.value({})[0, 0] - number) < 6e-7]
    assert [(m.kind, m.says) for m in found] == [(kind, says)]


def test_only_what_was_not_written_down_is_doubted():
    def places(*written: str) -> set[str]:
        return {m.says.split(",")[0] for m in systematic_mistakes(HELLO["dWhh"], HELLO, written)}

    everything = [name for name in HELLO if HELLO[name].step is not None]
    assert places(*everything) == set()
    shares = [f"dWhh_{t}" for t in range(1, 5)]
    assert places(*(name for name in everything if name not in shares)) == {"in ∂E/∂Whh|ₜ", "h₀ taken as 1"}
    assert places(*shares) == set()
    states = places(*(f"h_{t}" for t in range(1, 5)))
    assert {"in ∂E/∂yₜ", "in pₜ", "in yₜ"} <= states
    assert not states & {"in aₜ", "in whₜ", "in hₜ"}


def test_an_initial_state_that_was_taken_for_another_is_known():
    trace = TRACES["shared"]
    problem = trace.problem.replace(h_0=np.zeros((3, 1)))
    (found,) = leading_to(trace, "dWhh", whole_trace(problem)["dWhh"].value)
    assert (found.kind, found.says) == ("initial-state", "h₀ taken as 0")


def test_a_mistake_is_worked_from_the_numbers_that_were_written():
    trace = TRACES["matrix"]
    written = [name for name in trace if name.startswith("h_")]
    own = {"h_2": np.array([[0.5], [0.25], [-0.5]])}
    found = systematic_mistakes(trace["dWhy"], trace, written)
    (turned,) = (m for m in found if m.kind == "sign-reversed" and "∂E/∂yₜ" in m.says)
    n = {name: q.value for name, q in trace.items()} | own
    shares = [(n[f"target_{t}"] - n[f"p_{t}"]) @ n[f"h_{t}"].T for t in range(1, 6)]
    np.testing.assert_allclose(turned.value(own), sum(shares), rtol=1e-12)
    assert turned.arithmetic(0, 0, own, 4) == ""


@pytest.mark.parametrize("trace", [HELLO, *TRACES.values()], ids=["hello", *TRACES])
def test_each_leads_to_numbers_of_its_own_and_none_to_the_right_ones(trace):
    for name in ("loss", "dWhy", next(name for name in trace if name.startswith("dWh") and trace[name].step is None)):
        found = systematic_mistakes(trace[name], trace, ())
        values = [trace[name].value, *(m.value({}) for m in found)]
        for i, value in enumerate(values):
            told = np.isfinite(value)
            assert not any((np.abs(other - value)[told] <= 1e-13).all() for other in values[:i])
        assert {m.kind for m in found} <= in_words().keys()
        assert len(found) <= 600


def test_behind_very_much_that_was_not_written_down_nothing_is_looked_for():
    trace = whole_trace(Problem.draw("banana" * 8, hidden=2, seed=3))
    assert systematic_mistakes(trace["dWhh"], trace, ()) == []
    last = [name for name in trace if trace[name].step != 1]
    assert systematic_mistakes(trace["dWhh"], trace, last) != []
