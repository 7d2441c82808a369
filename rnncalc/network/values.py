"""Checks of a single value: one of those known, a rate, a table of numbers. Each says what it has and what it needs."""

from __future__ import annotations

import numbers
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnncalc.errors import ProblemError
from rnncalc.io.suggest import did_you_mean
from rnncalc.language.trees import Array


def one_of(name: str, value: object, known: Sequence[str] | Mapping[str, object]) -> None:
    """Raise ProblemError unless a setting is one of those known."""
    if value not in known:
        raise ProblemError(
            name, f"{name} is {value!r}{did_you_mean(str(value), known)}; it needs one of {', '.join(known)}."
        )


def check_rate(name: str, value: float) -> None:
    """Raise ProblemError unless a learning rate or threshold is a finite number above 0."""
    number = not isinstance(value, bool) and isinstance(value, numbers.Real)
    if not number or not 0 < value <= sys.float_info.max:
        raise ProblemError(name, f"{name} is {value!r}; it needs a finite number above 0, such as 0.1.")


def array(name: str, value: Any, *, column: bool = False) -> Array:
    """A read-only float64 matrix; a list of numbers is a column where ``column``, and one number is 1×1.

    Raises ProblemError for anything else, and for a number that is not finite.
    """
    try:
        numbers = np.array(value, dtype=np.float64, order="C")  # another order in memory moves the last digit
    except (ValueError, TypeError):
        raise ProblemError(name, f"{name} is not a table of numbers with rows of the same length.") from None
    except OverflowError:
        raise ProblemError(name, f"{name} has a number too large for float64; it needs finite numbers.") from None
    if numbers.ndim == 0:
        numbers = numbers.reshape(1, 1)
    elif numbers.ndim == 1 and column:
        numbers = numbers.reshape(-1, 1)
    if numbers.ndim != 2 or numbers.size == 0:
        raise ProblemError(name, f"{name} has shape {shape_of(numbers)}; it needs rows and columns.")
    if not np.isfinite(numbers).all():
        row, col = (int(i) + 1 for i in np.argwhere(~np.isfinite(numbers))[0])
        raise ProblemError(name, f"{name}[{row},{col}] is {numbers[row - 1, col - 1]}; it needs a finite number.")
    numbers = numbers + 0.0  # no negative zeros
    numbers.flags.writeable = False
    return numbers


def shape_of(value: Array) -> str:
    """3×4."""
    return "×".join(str(n) for n in value.shape)


def count(number: int, what: str, plural: str = "s") -> str:
    """1 unit, 2 units; 2 classes with the ``plural`` es."""
    return f"{number} {what}{'' if number == 1 else plural}"
