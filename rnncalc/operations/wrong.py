"""Wrong operations: what mistakes need and no right rule does, so they stand in no table and are never typeset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rnncalc.operations.base import ALL, Operation, dot, entries, entry
from rnncalc.scalars import ATOM, Number, Scalar, call


def _wrong(name: str, says: str, numpy: Callable[..., Any], element: Callable[..., Scalar]) -> Operation:
    text = f"{name}({{,}})"
    return Operation(name, says, numpy, element, text=text, latex=text, array=text, binds=ATOM, needs=())


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


# ── entry by entry ────────────────────────────────────────────────────────────────────────────────────────────────────

square = _wrong(
    "square",
    "every entry times itself",
    numpy=lambda a: a * a,
    element=lambda i, j, a: call("square", entry(a, i, j)),
)

reciprocal = _wrong(
    "reciprocal",
    "one divided by every entry",
    numpy=lambda a: 1 / a,
    element=lambda i, j, a: call("over", Number(1), entry(a, i, j)),
)

sum_of_squares = _wrong(
    "sum_of_squares",
    "the squares of all entries added up",
    numpy=lambda *terms: sum((t * t).sum(axis=ALL, keepdims=True) for t in terms),
    element=lambda i, j, *terms: call("sum", *[call("square", e) for t in terms for e in entries(t)]),
)

# ── logarithms of the probability of the letter wanted ────────────────────────────────────────────────────────────────


def _summed(logarithm: Callable[[Any], Any], p: Any, target: Any) -> Any:
    """Σ target ⊙ log(p), where what is not wanted may have probability 0."""
    return (target * logarithm(np.where(target == 0, 1, p))).sum(axis=ALL, keepdims=True)


def _logarithms(function: str, p: Any, target: Any) -> Scalar:
    return dot(entries(target), [call(function, e) for e in entries(p)])


log_of_wanted = _wrong(
    "log_of_wanted",
    "the natural logarithm of the probability given to the letter wanted",
    numpy=lambda p, target: _summed(np.log, p, target),
    element=lambda i, j, p, target: _logarithms("ln", p, target),
)

minus_log = _wrong(
    "minus_log",
    "cross-entropy as it is worked on paper, from the probabilities alone",
    numpy=lambda p, target: -_summed(np.log, p, target),
    element=lambda i, j, p, target: call("negative", _logarithms("ln", p, target)),
)

minus_log10 = _wrong(
    "minus_log10",
    "cross-entropy with the logarithm to the base 10",
    numpy=lambda p, target: -_summed(np.log10, p, target),
    element=lambda i, j, p, target: call("negative", _logarithms("log10", p, target)),
)

minus_log2 = _wrong(
    "minus_log2",
    "cross-entropy with the logarithm to the base 2",
    numpy=lambda p, target: -_summed(np.log2, p, target),
    element=lambda i, j, p, target: call("negative", _logarithms("log2", p, target)),
)

# ── binary cross-entropy and squared error ────────────────────────────────────────────────────────────────────────────


def _yes_or_no(function: str, p: Any, target: Any) -> Scalar:
    others = [call("minus", Number(1), t) for t in entries(target)]
    missed = [call(function, call("minus", Number(1), e)) for e in entries(p)]
    return call("negative", call("plus", _logarithms(function, p, target), dot(others, missed)))


binary_log10 = _wrong(
    "binary_log10",
    "binary cross-entropy with the logarithm to the base 10",
    numpy=lambda p, target: -(target * np.log10(p) + (1 - target) * np.log10(1 - p)).sum(axis=ALL, keepdims=True),
    element=lambda i, j, p, target: _yes_or_no("log10", p, target),
)

complement_left_out = _wrong(
    "complement_left_out",
    "binary cross-entropy of what is wanted alone, without what is not",
    numpy=lambda p, target: -(target * np.log(p)).sum(axis=ALL, keepdims=True),
    element=lambda i, j, p, target: call("negative", _logarithms("ln", p, target)),
)

squares_not_halved = _wrong(
    "squares_not_halved",
    "the squares of the differences added up, not halved",
    numpy=lambda out, target: ((out - target) ** 2).sum(axis=ALL, keepdims=True),
    element=lambda i, j, out, target: call("sum", *[call("square", d) for d in _differences(out, target)]),
)

error_not_squared = _wrong(
    "error_not_squared",
    "half the sum of the differences, not squared",
    numpy=lambda out, target: (out - target).sum(axis=ALL, keepdims=True) / 2,
    element=lambda i, j, out, target: call("times", Number(0.5), call("sum", *_differences(out, target))),
)


def _differences(out: Any, target: Any) -> list[Scalar]:
    return [call("minus", o, t) for o, t in zip(entries(out), entries(target), strict=True)]
