"""A problem whose numbers are rounded otherwise: what a network that enlarges rounding makes of it."""

from __future__ import annotations

import numpy as np

from rnncalc.language.trees import Array
from rnncalc.network.problem import Problem

_LAST_DIGIT = 2.0**-52


def shaken(problem: Problem) -> Problem:
    """The problem with the last binary digit of every number moved: w · (1 ± 2⁻⁵²), the signs drawn from a fixed seed.

    Another order of the same additions moves a number by about as much.
    """
    signs = np.random.default_rng(0)

    def shake(array: Array) -> Array:
        moved: Array = array * (1 + _LAST_DIGIT * signs.choice([-1.0, 1.0], size=array.shape))
        return moved

    return problem.with_arrays({name: shake(array) for name, array in problem.arrays().items()})
