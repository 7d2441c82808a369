"""Drawn weights: the same numbers on every machine, for ever."""

import hashlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem
from rnncalc.errors import ProblemError
from rnncalc.problems.draw import draw_array, uniform

# Never to change: these numbers stand on people's sheets of paper.
BANANA = {
    "Wxh": [[0.344219, -0.663118, -0.684497], [-0.657943, -0.575411, -0.409796], [-0.606086, -0.280035, -0.590923]],
    "Whh": [[0.655734, 0.947705, 0.00843], [0.560481, 0.838192, 0.092824], [0.624646, 0.495934, -0.15689]],
    "bh": [[0.228163], [-0.804525], [0.529284]],
    "Why": [[-0.799546, -0.773381, 0.597072], [0.46087, 0.768648, -0.626337], [-0.66757, -0.578333, 0.131278]],
    "h_0": [[0], [0], [0]],
}
SEED_7 = {
    "Wxh": [[0.074, -0.758], [0.035, 0.233]],
    "Whh": [[0.681]],
    "bh": [[-0.084]],
    "Why": [[0.819, 0.027], [0.44, 0.05]],
    "by": [[-0.558], [-0.401]],
    "h_0": [[0.305], [-0.425]],
}


def arrays(problem: Problem) -> dict[str, object]:
    return {name: value.tolist() for name, value in problem.arrays().items()}


def test_the_golden_numbers_of_seed_0():
    assert arrays(Problem.draw("banana")) == BANANA


def test_the_golden_numbers_of_seed_7():
    problem = Problem.draw(
        "ab", seed=7, hidden=2, recurrent="scalar", output_bias=True, weight_decimals=3, h_0="random"
    )
    assert arrays(problem) == SEED_7


@given(st.integers(), st.sampled_from(["Wxh", "h_0"]), st.integers(0, 10**6), st.integers(1, 15))
def test_a_number_is_the_first_53_bits_of_a_digest(seed, name, position, decimals):
    """Recomputed with exact fractions from the digits of the digest."""
    digest = hashlib.sha256(f"{seed}:{name}:{position}".encode()).hexdigest()
    first_53_bits = int(digest, 16) >> (256 - 53)
    exact = 2 * Fraction(first_53_bits, 2**53) - 1
    drawn = uniform(seed, name, position, decimals)
    assert -1 <= drawn <= 1
    assert abs(Fraction(drawn) - exact) <= Fraction(1, 2 * 10**decimals) + Fraction(1, 10**16)
    assert drawn == float(f"{drawn:.{decimals}f}")


def test_the_numbers_reach_both_ends_and_lean_to_neither():
    numbers = draw_array(0, "Wxh", (100, 100), 6)
    assert numbers.min() < -0.999
    assert numbers.max() > 0.999
    assert abs(numbers.mean()) < 0.03  # five standard deviations of a mean of 10,000 numbers uniform in [−1, 1]


def test_a_number_depends_on_its_own_place_alone():
    small, large = draw_array(3, "Whh", (2, 2), 6), draw_array(3, "Whh", (3, 2), 6)
    assert large[:2].tolist() == small.tolist()
    one, other = Problem.draw("abc", output_bias=True), Problem.draw("abc")
    assert all((one.weights[name] == other.weights[name]).all() for name in other.weights)


def test_seed_and_name_make_other_numbers():
    drawn = {tuple(draw_array(seed, name, (1, 4), 6)[0]) for seed in (0, 1, -1, "0 ") for name in ("Wxh", "Why")}
    assert len(drawn) == 8


def test_drawn_problems_have_the_documented_defaults():
    problem = Problem.draw("banana")
    assert problem.hidden == 3
    assert problem.recurrent == "matrix"
    assert problem.activation == "tanh"
    assert problem.loss_reduction == "sum"
    assert problem.target_mode == "next"
    assert problem.output_bias is False
    assert problem.h_0.tolist() == [[0], [0], [0]]
    assert "seed 0" in problem.source


@pytest.mark.parametrize(
    ("recurrent", "shapes"),
    [
        ("matrix", {"Wxh": (4, 3), "Whh": (4, 4), "bh": (4, 1), "Why": (3, 4), "by": (3, 1)}),
        ("scalar", {"Wxh": (4, 3), "Whh": (1, 1), "bh": (1, 1), "Why": (3, 4), "by": (3, 1)}),
    ],
)
def test_both_forms_of_the_recurrent_weight(recurrent, shapes):
    problem = Problem.draw("banana", hidden=4, recurrent=recurrent, output_bias=True)
    assert {name: value.shape for name, value in problem.weights.items()} == shapes


def test_a_vocabulary_of_ones_own():
    assert Problem.draw("aba", vocabulary="xba").vocabulary == ("x", "b", "a")


def test_an_initial_state_of_ones_own():
    problem = Problem.draw("ab", hidden=2, h_0=[0.5, -1])
    assert problem.h_0.tolist() == [[0.5], [-1]]
    assert problem.origins["h_0"] == "It was given as an option."


@pytest.mark.parametrize(
    ("options", "field", "message"),
    [
        ({"hidden": 0}, "hidden", "hidden is 0; it needs a whole number from 1 to 1,024."),
        ({"hidden": -1}, "hidden", "hidden is -1"),
        ({"hidden": 10**9}, "hidden", "hidden is 1,000,000,000; it needs a whole number from 1 to 1,024."),
        ({"weight_decimals": 0}, "weight_decimals", "weight_decimals is 0; it needs 1 to 15."),
        ({"weight_decimals": 16}, "weight_decimals", "weight_decimals is 16"),
        ({"recurrent": "full"}, "recurrent", "recurrent is 'full'; it needs one of scalar, matrix."),
        ({"h_0": "ones"}, "h_0", "h_0 is 'ones'; it needs zeros, random or 3 numbers."),
        ({"h_0": [1.0, 2.0]}, "h_0", "h_0 has 2 numbers; it needs 3, one for each hidden unit."),
        ({"vocabulary": "aa"}, "vocabulary", "vocabulary has the letter 'a' twice"),
        ({"vocabulary": "xy"}, "text", "text has a, which the vocabulary does not have"),
        ({"vocabulary": ""}, "vocabulary", "vocabulary has no letters"),
        ({"targets": "some"}, "targets", "targets is 'some'"),
    ],
)
def test_what_cannot_be_drawn_is_named(options, field, message):
    with pytest.raises(ProblemError) as caught:
        Problem.draw("ab", **options)
    assert caught.value.field == field
    assert message in str(caught.value)


def test_more_weights_than_a_machine_should_hold_are_refused_before_they_are_drawn():
    letters = "".join(map(chr, range(0x20000, 0x20000 + 50_000)))
    with pytest.raises(ProblemError, match=r"1,024 units and 50,002 letters make too many weights"):
        Problem.draw("ab", hidden=1024, vocabulary="ab" + letters)
