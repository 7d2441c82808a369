"""Whether a variant is fair, held to slips that are worked here, apart from the package's own."""

from itertools import combinations

import numpy as np
import pytest
from classroom.a_class import SLIPS, TOML, assignment, classroom, given_numbers, to_digits, work
from engines.package import Package

from rnncalc import Problem
from rnncalc.classroom.fairness import fair_variant, faults
from rnncalc.errors import RnncalcError
from rnncalc.marking.blanks import blanks_of
from rnncalc.network.update_step import whole_trace

STAGES = ("forward", "loss")


def found(problem, *ask_for, decimals=4):
    """What is unfair about a problem."""
    return list(faults(blanks_of(whole_trace(problem), ask_for or STAGES), decimals))


def other(problem, **weights):
    """The problem with other weights."""
    return problem.replace(weights={**problem.weights, **weights})


@pytest.fixture(scope="module")
def fair():
    """A problem that is fair."""
    variant = fair_variant(assignment(TOML), "s1")
    assert found(variant.problem) == []
    return variant.problem


# ── what was handed out ───────────────────────────────────────────────────────────────────────────────────────────


def test_in_no_worksheet_of_a_class_a_slip_shows_the_right_digits_or_those_of_another():
    """Worked by hand from the cells of each worksheet; what is the right way on every network is no slip."""
    alike = []
    for who, sheet in classroom(24).sheets.items():
        given = given_numbers(Package(sheet))
        right = to_all(work(given).numbers)
        for step in range(1, 5):
            for family in ("wh", "h", "p", "loss"):
                name = f"{family}_{step}"
                shown = {"right": right[name]}
                for kind in SLIPS[family]:
                    if name == "loss_3" and kind == "wrong-target":
                        continue  # the letter after hel is the l that was read
                    shown[kind] = to_all(work(given, {name: kind}, shows=0.0).numbers)[name]
                alike += [(who, name, a, b) for a, b in combinations(shown, 2) if (shown[a] == shown[b]).all()]
    assert alike == []


def to_all(numbers):
    return {name: to_digits(array) for name, array in numbers.items()}


def test_nothing_in_a_class_saturates_or_vanishes():
    for sheet in classroom(24).sheets.values():
        for name, numbers in to_all(work(given_numbers(Package(sheet))).numbers).items():
            assert numbers.any(), name
            if name[:2] in ("h_", "p_"):
                assert (np.abs(numbers) < 1).all(), name


# ── planted ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_bias_too_small_to_be_seen_is_caught(fair):
    tiny = other(fair, bh=np.full((3, 1), 2e-6))
    assert any("the right method and bias-left-out" in fault for fault in found(tiny, "wh_2"))


@pytest.mark.parametrize("hidden", [1, 3])
def test_a_bias_of_zero_is_caught_as_well(hidden):
    """Whoever leaves it out has the right digits."""
    drawn = Problem.draw("hello", seed=1, hidden=hidden, weight_decimals=2)
    assert found(drawn, "wh_2") == []
    assert found(other(drawn, bh=np.zeros((hidden, 1))), "wh_2") != []


def test_two_mistakes_with_the_same_digits_are_caught(fair):
    """Rows that are nearly columns: W·h and Wᵀ·h differ, and nobody sees it."""
    matrix = fair.weights["Whh"]
    nearly = np.triu(matrix) + np.triu(matrix, 1).T
    nearly[0, 1] += 1e-5
    assert any("transposed" in fault for fault in found(other(fair, Whh=nearly), "wh_2"))


def test_scores_so_small_that_tanh_does_nothing_are_caught(fair):
    small = {name: 0.01 * numbers for name, numbers in fair.weights.items()}
    assert any(
        "h_1 shows the same digits for the right method and activation-left-out" in f
        for f in found(other(fair, **small))
    )


def test_what_saturates_is_caught(fair):
    assert "h_1 saturates: it shows as 1." in found(other(fair, Wxh=np.full((3, 4), 9.0)))
    assert "p_1 saturates: a probability shows as 0 or 1." in found(other(fair, Why=99 * fair.weights["Why"]))


def test_what_vanishes_is_caught(fair):
    tiny = other(fair, Wxh=1e-6 * fair.weights["Wxh"])
    assert "wx_1 is all 0 when rounded to 4 decimals." in found(tiny)
    assert not any(fault.startswith("wx_1 is all 0") for fault in found(tiny, decimals=8))


def test_dead_units_are_caught(fair):
    dead = other(fair, Wxh=-np.abs(fair.weights["Wxh"]), bh=-np.abs(fair.weights["bh"])).replace(activation="relu")
    assert "h_1 is dead: all its units are 0." in found(dead)


def test_only_what_is_asked_for_needs_to_be_fair(fair):
    saturated = other(fair, Wxh=np.full((3, 4), 9.0))
    assert found(saturated, "h_1") != []
    assert found(saturated, "wx_1") == []


# ── drawn again ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_unfair_draw_is_drawn_again_and_counted():
    """The first fair draw is taken: every one before it has a fault, and it has none."""
    hw1 = assignment(TOML.replace("weight_decimals = 2", "weight_decimals = 1").replace("decimals = 4", "decimals = 3"))
    counted = []
    for who in ("s1", "s2", "s3", "s4", "s5", "s6"):
        variant = fair_variant(hw1, who)
        faulty = [bool(found(hw1.problem_of(who, draw), decimals=3)) for draw in range(variant.draws)]
        assert faulty == [True] * (variant.draws - 1) + [False]
        counted.append(variant.draws)
    assert max(counted) > 1


def test_where_no_draw_is_fair_it_is_said_why():
    hw1 = assignment(TOML.replace("\ndecimals = 4", "\ndecimals = 0"))
    with pytest.raises(
        RnncalcError, match=r"^None of 60 sets of random weights is fair\. The last one: \S+ .*Use more decimals"
    ) as raised:
        fair_variant(hw1, "s1")
    assert "\n" not in str(raised.value)


def test_a_templates_own_weights_are_taken_as_they_are():
    hw1 = assignment(
        'secret = "0123456789abcdef"\n[problem]\ntemplate = "hello"\n[worksheet]\nsame = true\n[points]\nloss = 1\n'
    )
    variant = fair_variant(hw1, "s1")
    assert variant.draws == 1
    hello = Problem.template("hello")
    assert all((variant.problem.weights[name] == hello.weights[name]).all() for name in hello.weights)
