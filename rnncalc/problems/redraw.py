"""A fresh problem of the same form: the same text and network, with other weights."""

from __future__ import annotations

from rnncalc.io.numbers import exact
from rnncalc.language.trees import Array
from rnncalc.network.problem import Problem
from rnncalc.problems.draw import draw_array

MOST_DECIMALS = 6


def redrawn(problem: Problem, seed: int) -> Problem:
    """The problem with its weights, and its initial states unless they are zeros, drawn from a seed.

    Each array is :func:`rnncalc.problems.draw.draw_array` of the seed and its name, with as many decimals as
    :func:`drawn_decimals` says. A page draws the same numbers in the browser.
    """
    decimals = drawn_decimals(problem)
    arrays = {name: draw_array(seed, name, array.shape, decimals) for name, array in drawn_arrays(problem).items()}
    how = f"drawn from seed {seed}, uniform in [-1, 1], rounded to {decimals} decimals"
    return problem.replace(
        weights={**problem.weights, **{n: a for n, a in arrays.items() if n in problem.weights}},
        states={**problem.states, **{n: a for n, a in arrays.items() if n in problem.states}},
        source=f"weights {how}",
        origins={**problem.origins, **dict.fromkeys(arrays, f"It was {how}.")},
    )


def drawn_arrays(problem: Problem) -> dict[str, Array]:
    """The arrays that are drawn anew, by name."""
    return {**problem.weights, **{name: state for name, state in problem.states.items() if state.any()}}


def drawn_decimals(problem: Problem) -> int:
    """As many decimals as the weights have now, from 1 to 6."""
    numbers = [number for weight in problem.weights.values() for number in weight.reshape(-1).tolist()]
    return min(max([1, *(len(exact(number).partition(".")[2]) for number in numbers)]), MOST_DECIMALS)
