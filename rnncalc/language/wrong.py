"""Wrong operations: what mistakes need and no right rule does, so they stand in no table and are never typeset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rnncalc.language.functions import FUNCTIONS, Face
from rnncalc.language.operations import ALL, Faces, Operation, by_entry, dot, entries, entry, shape
from rnncalc.language.trees import FIRST, SECOND, Number, Scalar, call


def _wrong(name: str, says: str, numpy: Callable[..., Any], element: Callable[..., Scalar]) -> Operation:
    """A rule with arithmetic of its own."""
    return Operation(name, says, numpy, element, _named(name))


def _each(name: str, says: str, rule: Scalar) -> Operation:
    """A rule that is worked entry by entry."""
    return by_entry(name, says, rule, listed=False)._replace(faces=_named(name))


def _named(name: str) -> Faces:
    return Faces(*[Face(f"{name}({{…}})", between=between) for between in (", ", ", ", ",")])


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────

diagonal = _wrong(
    "diagonal",
    "the diagonal of a matrix, as a column",
    numpy=lambda a: np.diagonal(a, axis1=-2, axis2=-1)[..., None],
    element=lambda i, j, a: entry(a, i, i),
)

ones = _wrong(
    "ones",
    "one in the shape of another table",
    numpy=lambda like: np.ones(like.shape, like.dtype),
    element=lambda i, j, like: Number(1),
)


def letter(row: int) -> Operation:
    """The letter of that row, one-hot encoded, in the shape of another letter."""
    return _wrong(
        "letter",
        "another letter, one-hot encoded",
        numpy=lambda like: np.broadcast_to(np.eye(like.shape[-2])[:, row : row + 1], like.shape),
        element=lambda i, j, like: Number(float(i == row)),
    )


def reordered(rows: Sequence[int], columns: Sequence[int]) -> Operation:
    """A table with its rows and columns in another order."""
    return _wrong(
        "reordered",
        "rows and columns in another order",
        numpy=lambda a: a[..., rows, :][..., columns],
        element=lambda i, j, a: entry(a, rows[i], columns[j]),
    )


def rows_moved(by: int, columns: int = 0) -> Operation:
    """A table that stands so many rows lower, and so many columns further right, than it belongs."""

    def moved(a: Any) -> Any:
        result = np.full(a.shape, np.nan, a.dtype)
        rows, across = a.shape[-2:]
        for i in range(max(by, 0), min(rows + by, rows)):
            lower, upper = max(columns, 0), min(across + columns, across)
            result[..., i, lower:upper] = a[..., i - by, lower - columns : upper - columns]
        return result

    def element(i: int, j: int, a: Any) -> Scalar:
        rows, across = shape(a)
        inside = 0 <= i - by < rows and 0 <= j - columns < across
        return entry(a, i - by, j - columns) if inside else Number(float("nan"))

    return _wrong("rows_moved", "a table some cells away from where it belongs", moved, element)


column_by_column = _wrong(
    "column_by_column",
    "a table written into its rows column by column",
    numpy=lambda a: a.swapaxes(-1, -2).reshape(a.shape),
    element=lambda i, j, a: _by_columns(i, j, a),
)


def _by_columns(i: int, j: int, a: Any) -> Scalar:
    rows, columns = shape(a)
    place = i * columns + j
    return entry(a, place % rows, place // rows)


# ── entry by entry ────────────────────────────────────────────────────────────────────────────────────────────────────

square = _each("square", "every entry times itself", call("square", FIRST))
reciprocal = _each("reciprocal", "one divided by every entry", call("over", Number(1), FIRST))

sum_of_squares = _wrong(
    "sum_of_squares",
    "the squares of all entries added up",
    numpy=lambda *terms: sum((t * t).sum(axis=ALL, keepdims=True) for t in terms),
    element=lambda i, j, *terms: call("sum", *[call("square", e) for t in terms for e in entries(t)]),
)

sum_of_sizes = _wrong(
    "sum_of_sizes",
    "all entries added up without their signs",
    numpy=lambda *terms: sum(FUNCTIONS["size"].of_arrays(t).sum(axis=ALL, keepdims=True) for t in terms),
    element=lambda i, j, *terms: call("sum", *[call("size", e) for t in terms for e in entries(t)]),
)

tan = _each("tan", "the tangent of every entry", call("tan", FIRST))
sinh = _each("sinh", "the hyperbolic sine of every entry", call("sinh", FIRST))
degrees = _each("degrees", "every entry as an angle in degrees", call("degrees", FIRST))
power_of_ten = _each("power_of_ten", "10 to the power of every entry", call("power of ten", FIRST))
root = _each("root", "the root of every entry", call("root", FIRST))
ln = _each("ln", "the natural logarithm of every entry", call("ln", FIRST))
size = _each("size", "every entry without its sign", call("size", FIRST))
negative_part = _each("negative_part", "positive entries become 0", call("smallest", Number(0), FIRST))
over_entries = _each("over_entries", "entry divided by entry", call("over", FIRST, SECOND))

# ── logarithms of the probability of the letter wanted ────────────────────────────────────────────────────────────────


def _summed(logarithm: Callable[[Any], Any], p: Any, target: Any) -> Any:
    """Σ target ⊙ log(p), where what is not wanted may have probability 0."""
    return (target * logarithm(np.where(target == 0, 1, p))).sum(axis=ALL, keepdims=True)


def _logarithms(function: str, p: Any, target: Any) -> Scalar:
    return dot(entries(target), [call(function, e) for e in entries(p)])


log_of_wanted = _wrong(
    "log_of_wanted",
    "the natural logarithm of the probability of the target letter",
    numpy=lambda p, target: _summed(np.log, p, target),
    element=lambda i, j, p, target: _logarithms("ln", p, target),
)


def _minus(name: str, function: str, base: int) -> Operation:
    return _wrong(
        name,
        f"cross-entropy with the logarithm to the base {base}",
        numpy=lambda p, target: -_summed(FUNCTIONS[function].of_arrays, p, target),
        element=lambda i, j, p, target: call("negative", _logarithms(function, p, target)),
    )


minus_log10, minus_log2 = _minus("minus_log10", "log10", 10), _minus("minus_log2", "log2", 2)

entropy = _wrong(
    "entropy",
    "minus every probability times its logarithm, added up",
    numpy=lambda p: -(p * np.log(np.where(p == 0, 1, p))).sum(axis=ALL, keepdims=True),
    element=lambda i, j, p: call("negative", _logarithms("ln", p, p)),
)

# ── binary cross-entropy ──────────────────────────────────────────────────────────────────────────────────────────────


def _yes_or_no(function: str, p: Any, target: Any) -> Scalar:
    others = [call("minus", Number(1), t) for t in entries(target)]
    missed = [call(function, call("minus", Number(1), e)) for e in entries(p)]
    return call("negative", call("plus", _logarithms(function, p, target), dot(others, missed)))


def _binary(name: str, says: str, function: str) -> Operation:
    logarithm = FUNCTIONS[function].of_arrays
    return _wrong(
        name,
        f"binary cross-entropy {says}",
        numpy=lambda p, target: -_summed(logarithm, p, target) - _summed(logarithm, 1 - p, 1 - target),
        element=lambda i, j, p, target: _yes_or_no(function, p, target),
    )


binary_log = _binary("binary_log", "of every row", "ln")
binary_log10 = _binary("binary_log10", "with the logarithm to the base 10", "log10")
binary_log2 = _binary("binary_log2", "with the logarithm to the base 2", "log2")

binary_missed = _wrong(
    "binary_missed",
    "one minus the probability of each target, yes or no, added up",
    numpy=lambda p, target: (target * (1 - p) + (1 - target) * p).sum(axis=ALL, keepdims=True),
    element=lambda i, j, p, target: call(
        "plus",
        dot(entries(target), [call("minus", Number(1), e) for e in entries(p)]),
        dot([call("minus", Number(1), t) for t in entries(target)], entries(p)),
    ),
)
