"""How far the last digit moves a trace: as little as it should, and as far as a chaotic network takes it."""

import numpy as np

from rnncalc import Problem, backward, update
from rnncalc.network.rounding import moved_by_rounding

LETTERS = "abcdefghijklmnopqrstuvwxyzABCD"


def test_in_a_small_network_rounding_moves_nothing_to_speak_of():
    trace = update(backward(Problem.template("hello")))
    moved = moved_by_rounding(trace)
    assert set(moved) == set(trace)
    assert 0 < max(moved.values()) < 1e-14
    assert moved["x_1"] == moved["h_0"] == 0  # a zero has no last digit


def test_a_chaotic_network_enlarges_it_from_step_to_step():
    problem = Problem.draw((LETTERS * 3)[:61], hidden=16)
    moved = moved_by_rounding(backward(problem))
    assert moved["h_1"] < 1e-15
    assert moved["h_60"] > 1e3 * moved["h_1"]
    calm = problem.replace(weights={**problem.weights, "Whh": problem.weights["Whh"] / 10})
    assert max(moved_by_rounding(backward(calm)).values()) < 1e-13


def test_it_covers_what_another_order_of_the_additions_does():
    """The same network with its units in another order rounds otherwise; nothing else differs."""
    problem = Problem.draw((LETTERS * 3)[:61], hidden=16)
    order = np.random.default_rng(1).permutation(16)
    w = problem.weights
    turned = problem.replace(
        weights={
            "Wxh": w["Wxh"][order],
            "Whh": w["Whh"][np.ix_(order, order)],
            "bh": w["bh"][order],
            "Why": w["Why"][:, order],
        }
    )
    trace, other, moved = backward(problem), backward(turned), moved_by_rounding(backward(problem))
    for t in range(1, 61):
        off = np.abs(other[f"h_{t}"].value - trace[f"h_{t}"].value[order]).max()
        assert off <= 10 * moved[f"h_{t}"] + 1e-14
    assert np.abs(other["h_60"].value - trace["h_60"].value[order]).max() > 0


def test_the_same_stages_the_same_clipping_the_same_windows():
    trace = update(backward(Problem.draw("banana"), 2), 0.3, clip_norm=0.5)
    moved = moved_by_rounding(trace)
    assert max(moved[name] for name in trace if name.endswith("_new")) < 1e-15
    assert set(moved_by_rounding(backward(Problem.draw("banana")))) == set(backward(Problem.draw("banana")))
