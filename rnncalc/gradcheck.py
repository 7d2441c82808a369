"""Gradients held against an independent yardstick: complex-step differentiation of the forward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from rnncalc import names
from rnncalc.backward_pass import backward
from rnncalc.forward_pass import unroll
from rnncalc.operations import Expression
from rnncalc.problem import Problem
from rnncalc.scalars import Array
from rnncalc.trace import Quantity, Trace

STEP = 1e-30
TOLERANCE = 1e-10
FLOOR = 1e-13
_NUMBERS_AT_ONCE = 2_000_000


class Agreement(NamedTuple):
    """One parameter: the largest difference between its gradient and the yardstick's, where that is, whether the two
    agree, and whether a kink touches it.
    """

    name: str
    shape: tuple[int, int]
    difference: float
    relative: float
    element: str
    agrees: bool
    touched: bool = False


class GradientCheck(NamedTuple):
    """Every parameter's agreement; ``kinks``: the elements exactly at 0 under relu, where no derivative is."""

    rows: list[Agreement]
    kinks: list[str]

    @property
    def passed(self) -> bool:
        """Whether all that is judged agrees; what a kink touches is not judged."""
        return all(row.agrees or row.touched for row in self.rows)


def check_gradients(problem: Problem, progress: Callable[[int, int], None] | None = None) -> GradientCheck:
    """Compare every gradient of the backward pass with complex-step differentiation.

    ∂E/∂w = Im E(w + i·10⁻³⁰) / 10⁻³⁰, exact to rounding. Two gradients agree where their difference is at most 1e-10
    of the parameter's largest gradient, or 1e-13. ``progress(done, all)`` is told how many elements were perturbed.

    Raises ProblemError without targets. Source: Squire and Trapp (1998), "Using complex variables to estimate
    derivatives of real functions".
    """
    trace = backward(problem)
    arrays = problem.arrays()
    everything, done = sum(a.size for a in arrays.values()), 0
    kinks = _kinks(trace) if problem.activation == "relu" else []
    touched = {given for kink in kinks for given in _upstream(trace[kink.partition("[")[0]])}
    rows = []
    for name in arrays:
        found = np.empty(arrays[name].size)
        at_once = max(1, _NUMBERS_AT_ONCE // (problem.numbers + arrays[name].size))
        for start in range(0, found.size, at_once):
            chosen = range(start, min(start + at_once, found.size))
            found[chosen.start : chosen.stop] = _complex_step(problem, arrays, name, chosen)
            done += len(chosen)
            if progress is not None:
                progress(done, everything)
        row = _compare(name, trace[f"d{name}"].value, found.reshape(arrays[name].shape))
        rows.append(row._replace(touched=name in touched))
    return GradientCheck(rows, kinks)


def _complex_step(problem: Problem, arrays: dict[str, Array], name: str, chosen: range) -> Array:
    """The derivatives of the loss by some elements of one array, a stack of perturbed arrays at once."""
    stack = np.repeat(arrays[name][None].astype(complex), len(chosen), axis=0)
    stack.reshape(len(chosen), -1)[np.arange(len(chosen)), np.array(chosen)] += STEP * 1j
    if problem.softmax:  # the same loss; so small a step loses no digits in it, however small a probability is
        problem = problem.replace(softmax="shifted")
    loss = unroll(problem, {**arrays, name: stack})["loss"].value
    return loss[:, 0, 0].imag / STEP


def _compare(name: str, gradient: Array, yardstick: Array) -> Agreement:
    differences = np.abs(gradient - yardstick)
    worst = np.unravel_index(int(np.argmax(differences)), differences.shape)
    largest = float(np.abs(yardstick).max())
    difference = float(differences.max())
    rows, columns = gradient.shape
    element = names.element_name(f"d{name}", int(worst[0]) + 1, int(worst[1]) + 1, (rows, columns))
    agrees = difference <= TOLERANCE * largest + FLOOR
    return Agreement(name, (rows, columns), difference, difference / largest if largest else 0.0, element, agrees)


def _upstream(q: Quantity) -> set[str]:
    """The names of all that a quantity was computed from."""
    found: set[str] = set()
    waiting = [q]
    while waiting:
        for source in waiting.pop().sources:
            if source.name not in found:
                found.add(source.name)
                waiting.append(source)
    return found


def _kinks(trace: Trace) -> list[str]:
    found = []
    for q in trace.values():
        for sums in () if q.rule is None else _under_relu(q.rule):
            found += [f"{sums.name}[{i}]" for i, a in enumerate(sums.value[:, 0], 1) if a == 0]
    return found


def _under_relu(rule: Expression) -> Iterator[Quantity]:
    """The quantities that relu is applied to in a rule."""
    for argument in rule.arguments:
        if isinstance(argument, Expression):
            yield from _under_relu(argument)
        elif rule.operation.name == "relu" and isinstance(argument, Quantity):
            yield argument
