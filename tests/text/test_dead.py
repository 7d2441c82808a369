"""Units under relu that are dead are named: those, and no others."""

import numpy as np
import pytest

from rnncalc import Problem
from rnncalc.text import encode
from rnncalc.text.dead import dead_units


@pytest.mark.parametrize("killed", [(), (1,), (2, 4), (1, 2, 3, 4)])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("text", ["hello", "she sells sea shells " * 100])
def test_units_are_dead_whose_bias_keeps_them_below_0(killed, seed, text):
    problem = Problem.draw(text[:40], hidden=4, activation="relu", seed=seed)
    bias = np.full((4, 1), 3.0)  # no sum of weights reaches so far down
    bias[[unit - 1 for unit in killed]] = -50
    weights = {"bh": bias, "Whh": np.eye(4) * 0.1, "Wxh": problem.weights["Wxh"]}
    problem = problem.with_arrays({**problem.weights, **weights})
    assert dead_units(problem, encode(text, problem.vocabulary)) == {"relu": [f"h[{unit}]" for unit in killed]}


def test_other_activations_have_none():
    problem = Problem.draw("hello", hidden=3)
    assert dead_units(problem, encode("hello", problem.vocabulary)) == {}


def test_of_a_head_too():
    problem = Problem.draw("hello", hidden=3, head=[2], head_activation="relu")
    problem = problem.with_arrays({**problem.weights, "bv_D1": np.array([[-50.0], [50.0]])})
    assert dead_units(problem, encode("hello", problem.vocabulary)) == {"relu": ["v_D1[1]"]}


def test_a_training_names_them(rnncalc):
    done = rnncalc("train", "hello", "--activation", "relu", "--optimizer", "sgd", "--eta", "2", "--epochs", "30")
    assert done.code == 0
    assert "Dead under relu: h[" in done.out
    assert "Dead" not in rnncalc("train", "hello").out
