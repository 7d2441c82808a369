"""Gradients held against an independent yardstick: complex-step differentiation of the forward pass."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from rnncalc.language import Expression
from rnncalc.language.functions import FUNCTIONS
from rnncalc.language.trees import Array
from rnncalc.network import names
from rnncalc.network.backward_pass import backward
from rnncalc.network.forward_pass import unroll
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity, Stage, upstream
from rnncalc.network.trace import Trace

STEP = 1e-30
"""Shorter where gradients explode, so that what it moves is far below the last digit."""
TOLERANCE = 1e-10
FLOOR = 1e-13
_NUMBERS_AT_ONCE = 2_000_000
WORK, _SAMPLED_WORK, _FEWEST = 300_000_000, 30_000_000, 20
"""All entries are compared where their forward passes come to no more numbers than that; else so many numbers' worth
of them, and of each parameter never fewer than so many."""


class Agreement(NamedTuple):
    """One parameter: the largest difference between its gradient and the yardstick's, where that is, whether the two
    agree, how many of its entries were compared, and whether a kink touches it.
    """

    name: str
    shape: tuple[int, int]
    difference: float
    relative: float
    element: str
    agrees: bool
    compared: int
    touched: bool = False


class GradientCheck(NamedTuple):
    """Every parameter's agreement; ``kinks``: the elements exactly at 0 under relu, where no derivative is;
    ``chaotic``: rounding alone moves the loss, so that no two ways of working agree and nothing is judged."""

    rows: list[Agreement]
    kinks: list[str]
    chaotic: bool = False

    @property
    def passed(self) -> bool:
        """Whether all that is judged agrees; what a kink touches is not judged."""
        return self.chaotic or all(row.agrees or row.touched for row in self.rows)

    @property
    def sampled(self) -> bool:
        """Whether of some parameter only a part was compared."""
        return any(row.compared < row.shape[0] * row.shape[1] for row in self.rows)


def check_gradients(
    problem: Problem, progress: Callable[[int, int], None] | None = None, *, most: int | None = None
) -> GradientCheck:
    """Compare every gradient of the backward pass with complex-step differentiation.

    ∂E/∂w = Im E(w + i·10⁻³⁰) / 10⁻³⁰, exact to rounding. Two gradients agree where their difference is at most 1e-10
    of the parameter's largest gradient, or 1e-13. ``progress(done, all)`` is told how many elements were perturbed.
    ``most``: of a larger parameter so many entries are compared, spread over all of it, and the largest gradient.

    Raises ProblemError without targets. Source: Squire and Trapp (1998), "Using complex variables to estimate
    derivatives of real functions".
    """
    trace = backward(problem)
    arrays = problem.arrays()
    places = {name: _places(trace[f"d{name}"].value, most) for name in arrays}
    everything, done = sum(map(len, places.values())), 0
    kinks = _kinks(trace) if _is_kinked(problem.activation) else []
    touched = upstream(trace[kink.partition("[")[0]] for kink in kinks)
    step = STEP / max(1.0, *(float(np.abs(q.value).max()) for q in trace.values() if q.stage == Stage.BACKWARD))
    expected, moved = float(trace["loss"].value[0, 0]), 0.0
    rows = []
    for name, chosen in places.items():
        numeric = np.empty(len(chosen))
        at_once = max(1, _NUMBERS_AT_ONCE // (problem.numbers + arrays[name].size))
        for start in range(0, numeric.size, at_once):
            part = slice(start, start + at_once)
            losses = _complex_losses(problem, arrays, name, chosen[part], step)
            numeric[part] = losses.imag / step
            moved = max(moved, float(np.abs(losses.real - expected).max()))
            done += len(chosen[part])
            if progress is not None:
                progress(done, everything)
        row = _compare(name, trace[f"d{name}"].value, chosen, numeric)
        rows.append(row._replace(touched=name in touched))
    return GradientCheck(rows, kinks, moved > TOLERANCE * max(1.0, abs(expected)))


def affordable(problem: Problem) -> int | None:
    """How many entries of each parameter take some seconds; None where all of them do."""
    arrays = problem.arrays()
    work = sum(array.size * (problem.numbers + array.size) for array in arrays.values())
    return None if work <= WORK else max(_FEWEST, round(_SAMPLED_WORK / len(arrays) / problem.numbers))


def _places(gradient: Array, most: int | None) -> Array:
    """Which entries are compared, row by row: all, or so many that are spread evenly, and the largest."""
    if most is None or gradient.size <= most:
        return np.arange(gradient.size)
    stride = round(gradient.size * (5**0.5 - 1) / 2)  # by the golden ratio places fill a range most evenly
    while math.gcd(stride, gradient.size) > 1:
        stride += 1
    spread = np.arange(most) * stride % gradient.size
    return np.union1d(spread, [int(np.abs(gradient).argmax())])


def _complex_losses(problem: Problem, arrays: dict[str, Array], name: str, chosen: Array, step: float) -> Array:
    """The losses with a step along i in one element of one array after the other, a stack of arrays at once."""
    stack = np.repeat(arrays[name][None].astype(complex), len(chosen), axis=0)
    stack.reshape(len(chosen), -1)[np.arange(len(chosen)), chosen] += step * 1j
    if problem.softmax:  # the same loss; so small a step loses no digits in it, however small a probability is
        problem = problem.replace(softmax="shifted")
    loss = unroll(problem, {**arrays, name: stack})["loss"].value
    return loss[:, 0, 0]


def _compare(name: str, gradient: Array, places: Array, yardstick: Array) -> Agreement:
    differences = np.abs(gradient.ravel()[places] - yardstick)
    worst = int(np.argmax(differences))
    largest = float(np.abs(yardstick).max())
    difference = float(differences[worst])
    rows, columns = gradient.shape
    row, column = divmod(int(places[worst]), columns)
    element = names.element_name(f"d{name}", row + 1, column + 1, (rows, columns))
    agrees = difference <= TOLERANCE * largest + FLOOR
    relative = difference / largest if largest else 0.0
    return Agreement(name, (rows, columns), difference, relative, element, agrees, len(places))


def _kinks(trace: Trace) -> list[str]:
    kinks = []
    for q in trace.values():
        for sums in () if q.rule is None else _under_kink(q.rule):
            kinks += [f"{sums.name}[{i}]" for i, a in enumerate(sums.value[:, 0], 1) if a == 0]
    return kinks


def _is_kinked(activation: object) -> bool:
    return any(function.kinked for name, function in FUNCTIONS.items() if name == activation)


def _under_kink(rule: Expression) -> Iterator[Quantity]:
    """The quantities in a rule that a function is applied to which has no derivative at 0."""
    for argument in rule.arguments:
        if isinstance(argument, Expression):
            yield from _under_kink(argument)
        elif _is_kinked(rule.operation.name) and isinstance(argument, Quantity):
            yield argument
