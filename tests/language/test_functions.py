"""The table of functions: every column of every row is held to plain Python."""

import itertools
import math

import numpy as np
import pytest

from rnncalc.language.activations import ACTIVATIONS
from rnncalc.language.functions import FUNCTIONS, Gather, activation_names, evaluate
from rnncalc.language.interval import Interval
from rnncalc.language.trees import ARGUMENT, RESULT, Entry, Number, Operand, call, leaves
from rnncalc.language.writers import template

NUMBERS = (-2.5, -1.0, -0.25, 0.125, 0.5, 3.0)
ONLY_POSITIVE = {"ln", "log10", "log2", "root"}
ARITIES = {"plus": 3, "minus": 2, "times": 3, "over": 2, "sum": 3, "dot": 4, "largest": 3, "smallest": 3, "same": 2,
           "is largest": 4}  # fmt: skip
"""The operands that a function is tried with, where it is not one."""
each_function = pytest.mark.parametrize("name", FUNCTIONS)
each_derivative = pytest.mark.parametrize("name", [name for name, f in FUNCTIONS.items() if f.derivative is not None])


def tries(name: str) -> list[tuple[float, ...]]:
    """Operands that a function takes."""
    count = ARITIES.get(name, 1)
    numbers = [abs(n) if name in ONLY_POSITIVE else n for n in NUMBERS]
    found = [tuple(numbers[(i + 2 * k) % len(numbers)] for k in range(count)) for i in range(len(numbers))]
    return [(2.0, *operands[1:]) for operands in found] if name == "is largest" else found


@each_function
def test_arrays_are_worked_as_numbers_are(name):
    function, operands = FUNCTIONS[name], tries(name)
    columns = [np.array(column) for column in zip(*operands, strict=True)]
    arrays = [operands[0][0], *columns[1:]] if name == "is largest" else columns
    expected = [function.python(*numbers) for numbers in operands]
    np.testing.assert_allclose(function.of_arrays(*arrays), expected, rtol=1e-14)


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - {"is largest"}))
def test_complex_numbers_are_judged_by_their_real_parts(name):
    for numbers in tries(name):
        moved = FUNCTIONS[name].of_arrays(*(np.array(n + 1e-30j) for n in numbers))
        assert moved.real == pytest.approx(FUNCTIONS[name].python(*numbers), rel=1e-14, abs=1e-15)


@each_derivative
@pytest.mark.parametrize("at", NUMBERS)
def test_the_derivative_is_what_a_complex_step_finds(name, at):
    assert derivative(name, at) == pytest.approx(by_complex_step(name, at), rel=1e-13, abs=1e-15)


def derivative(name: str, at: float) -> float:
    function = FUNCTIONS[name]
    numbers = {ARGUMENT: at, RESULT: function.python(at)}
    return evaluate(function.derivative, lambda entry: numbers[entry])


def by_complex_step(name: str, at: float) -> float:
    return float(np.imag(FUNCTIONS[name].of_arrays(np.array(at + 1e-30j)))) / 1e-30


@each_derivative
def test_a_planted_wrong_derivative_is_caught(name, monkeypatch):
    wrong = call("plus", FUNCTIONS[name].derivative, Number(1e-9))
    monkeypatch.setitem(FUNCTIONS, name, FUNCTIONS[name]._replace(derivative=wrong))
    assert derivative(name, 0.5) != pytest.approx(by_complex_step(name, 0.5), rel=1e-13)


@each_function
@pytest.mark.parametrize("face", ["text", "whole", "latex", "cell", "array"])
def test_every_face_shows_all_operands(name, face):
    places = [Entry(Operand(place), 0, 0) for place in range(ARITIES.get(name, 1))]
    if FUNCTIONS[name].face(face).gather is Gather.CHOICE:
        places[0] = Number(2)
    written = template(call(name, *places), face).template
    for leaf in leaves(call(name, *places)):
        assert f"{{{leaf.of.place}}}" in written


def test_rising_functions_rise():
    for name, function in FUNCTIONS.items():
        if function.rising:
            values = [function.python(n) for n in sorted({abs(n) if name in ONLY_POSITIVE else n for n in NUMBERS})]
            assert values == sorted(values), name


# ── activations ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_activations_are_the_rows_that_have_words():
    assert activation_names() == tuple(ACTIVATIONS) == ("tanh", "relu", "sigmoid", "linear")
    for name in activation_names():
        assert FUNCTIONS[name].derivative is not None
        assert not FUNCTIONS[name].words.endswith(".")


@pytest.mark.parametrize("name", activation_names())
def test_what_is_said_of_an_activation_is_so(name):
    function = FUNCTIONS[name]
    far = [abs(function.python(n)) for n in (-30.0, 30.0)]
    assert function.bounded == (max(far) <= 1)
    sides = [(function.python(n) - function.python(0.0)) / n for n in (-1e-9, 1e-9)]
    assert function.kinked == (not math.isclose(*sides, rel_tol=1e-6))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_units_can_die_where_the_function_and_its_derivative_are_0_for_every_negative_number(name):
    is_silent = all(FUNCTIONS[name].python(at) == 0 == derivative(name, at) for at in NUMBERS if at < 0)
    assert FUNCTIONS[name].can_die == is_silent


# ── where a result may lie ────────────────────────────────────────────────────────────────────────────────────────────


@each_function
def test_a_result_lies_where_the_table_says_and_reaches_both_ends(name):
    """Against a fine grid of operands: nothing lies outside, and no bound is further away than it need be."""
    function = FUNCTIONS[name]
    if function.interval is None:
        return
    random = np.random.default_rng(3)
    for _ in range(50):
        count = ARITIES.get(name, 1)
        ends = np.sort(random.integers(-4, 5, (count, 2)) / 2, axis=1)
        bounds = function.interval(*(Interval(low, high) for low, high in ends.tolist()))
        if name == "over" and ends[1, 0] <= 0 <= ends[1, 1]:
            assert math.isnan(bounds.low)
            continue
        grids = [np.linspace(low, high, 33) for low, high in ends]
        results = [function.python(*operands) for operands in itertools.product(*(g[::8] for g in grids))]
        if count == 1:
            results = [
                function.python(operand) for operand in np.append(grids[0], 0.0) if ends[0, 0] <= operand <= ends[0, 1]
            ]
        assert bounds == pytest.approx((min(results), max(results)), abs=1e-12)


@each_function
def test_a_rising_function_has_no_number_below_its_lowest_operand(name):
    function = FUNCTIONS[name]
    if function.rising and function.lowest > -math.inf:
        for at in (function.lowest - 1e-9, function.lowest - 3):
            try:
                assert math.isnan(function.python(at))
            except ValueError:
                continue
        assert not math.isnan(function.python(function.lowest))
