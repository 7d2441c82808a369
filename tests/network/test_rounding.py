"""The last digit moved: every number by as little as it can be, and a chaotic network takes it far."""

import numpy as np

from rnncalc import Problem, forward
from rnncalc.network.rounding import shaken

PROBLEM = Problem.draw(("abcdefghijklmnopqrstuvwxyzABCD" * 3)[:61], hidden=16)


def test_every_number_moves_by_its_last_digit_and_a_zero_has_none():
    moved = shaken(PROBLEM)
    for name, array in PROBLEM.arrays().items():
        off = np.abs(moved.arrays()[name] - array)
        assert (off <= 2 * np.spacing(np.abs(array))).all(), name
        assert ((off > 0) == (array != 0)).all(), name
    signs = np.sign(moved.weights["Whh"] - PROBLEM.weights["Whh"])
    assert {*signs.ravel().tolist()} == {-1.0, 1.0}


def test_a_network_that_enlarges_rounding_does_so_from_step_to_step():
    trace, moved = forward(PROBLEM), forward(shaken(PROBLEM))
    off = {t: np.abs(trace[f"h_{t}"].value - moved[f"h_{t}"].value).max() for t in (1, 60)}
    assert off[1] < 1e-15
    assert off[60] > 1e3 * off[1]


def test_it_is_the_same_each_time():
    first, second = shaken(PROBLEM), shaken(PROBLEM)
    assert all((first.weights[name] == second.weights[name]).all() for name in PROBLEM.weights)
