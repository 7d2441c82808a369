"""What gradient descent needs: the length of the gradients, and the two ways of clipping them."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from rnncalc.language.algebra import add, over_number, scale
from rnncalc.language.base import ALL, Constant, Operation, Wrong, entries, entry, shape
from rnncalc.language.scalars import ATOM, MATRIX, PRODUCT, SUM, Number, Term, call
from rnncalc.language.wrong import root, sum_of_sizes, sum_of_squares

EPSILON = 1e-10
"""What Adagrad adds to a root before it divides by it, as PyTorch does."""


def _norm(*terms: Any) -> Any:
    """The largest entry is taken out first, so that the squares of huge entries do not overflow."""
    largest = reduce(np.maximum, [np.abs(t.real).max(axis=ALL, keepdims=True) for t in terms])
    unit = np.where(largest == 0, 1, largest)
    return largest * np.sqrt(sum(((t / unit) ** 2).sum(axis=ALL, keepdims=True) for t in terms))


norm: Operation = Operation(
    "norm",
    "the length of all entries together: the root of the sum of their squares",
    numpy=_norm,
    element=lambda i, j, *terms: call("root", call("sum", *[call("square", e) for t in terms for e in entries(t)])),
    text="‖{,}‖",
    latex=r"\left\lVert {,} \right\rVert",
    array="SQRT(SUMSQ({,}))",
    binds=ATOM,
    needs=(),
    mistakes=lambda *terms: _of_length(terms),
)


def _of_length(terms: tuple[Term, ...]) -> list[Wrong]:
    """Another length than the root of the sum of all squares."""
    count = sum(rows * columns for rows, columns in map(shape, terms))
    squares = sum_of_squares(*terms)
    mean = over_number(squares, Constant(count))
    return [
        Wrong("root-left-out", "the square root not taken", squares),
        Wrong("sum-of-absolutes", "the numbers added up without their signs, not their squares", sum_of_sizes(*terms)),
        Wrong(
            "norms-added", "the lengths of the tables added up", add(*(norm(t) for t in terms)) if terms[1:] else None
        ),
        Wrong("mean-for-sum", f"the root of the mean of the {count} squares, not of their sum", root(mean)),
        Wrong("mean-for-sum", f"the mean of the {count} squares, not the root of their sum", mean),
        *(
            Wrong("term-left-out", "{} left out", norm(*terms[:i], *terms[i + 1 :]), terms[i])
            for i in range(len(terms) if 1 < len(terms) <= _EACH else 0)
        ),
    ]


_EACH = 16
"""Of so many tables each may be left out."""

clamp: Operation = Operation(
    "clamp",
    "every entry cut off at plus and minus the threshold",
    numpy=lambda a, s: np.clip(a, -s, s),
    element=lambda i, j, a, s: call(
        "largest", call("minus", Number(0), entry(s, 0, 0)), call("smallest", entry(s, 0, 0), entry(a, i, j))
    ),
    text="max(−{1}, min({1}, {0}))",
    latex=r"\max\left(-{1}, \min\left({1}, {0}\right)\right)",
    array="IF({0}>{1},{1},IF({0}<0-{1},0-{1},{0}))",
    binds=ATOM,
    needs=(SUM, ATOM),
    mistakes=lambda a, s: (Wrong("not-clipped", "not clipped", a),),
)

add_squares: Operation = Operation(
    "add_squares",
    "the square of every entry added to what was added up before",
    numpy=lambda s, g: s + g * g,
    element=lambda i, j, s, g: call("plus", entry(s, i, j), call("square", entry(g, i, j))),
    text="{0} + {1}²",
    latex="{0} + {1}^2",
    array="{0}+{1}*{1}",
    binds=SUM,
    needs=(SUM, ATOM),
)

over_root: Operation = Operation(
    "over_root",
    "every entry divided by the root of another table's, and a little more, so that nothing is divided by 0",
    numpy=lambda g, s: g / (np.sqrt(s) + EPSILON),
    element=lambda i, j, g, s: call("over", entry(g, i, j), call("sum", call("root", entry(s, i, j)), Number(EPSILON))),
    text="{0} / (√{1} + 10⁻¹⁰)",
    latex=r"{0} / \left(\sqrt{{{1}}} + 10^{{-10}}\right)",
    array="{0}/(SQRT({1})+1E-10)",
    binds=PRODUCT,
    needs=(MATRIX, ATOM),
)

shorten: Operation = Operation(
    "shorten",
    "all gradients scaled down together, where their norm is above the threshold",
    # threshold / max(norm, threshold) is 1 below the threshold and never divides by 0
    numpy=lambda a, s, n: a * (s / np.maximum(n, s)),
    element=lambda i, j, a, s, n: call(
        "times", entry(a, i, j), call("over", entry(s, 0, 0), call("largest", entry(n, 0, 0), entry(s, 0, 0)))
    ),
    text="{0} · {1} / max({2}, {1})",
    latex=r"{0} \cdot {1} / \max\left({2}, {1}\right)",
    array="{0}*({1}/MAX({2},{1}))",
    binds=PRODUCT,
    needs=(PRODUCT, PRODUCT, SUM),
    mistakes=lambda a, s, n: (
        Wrong("not-clipped", "not clipped", a),
        Wrong(
            "clipped-needlessly", "scaled to the threshold, though the norm is below it", over_number(scale(s, a), n)
        ),
        Wrong("factor-left-out", "{} left out: divided by the norm alone", over_number(a, n), s),
    ),
)
