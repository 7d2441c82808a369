"""What gradient descent needs: the length of the gradients, and the two ways of clipping them."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from rnncalc.language.algebra import add, over_number, scale
from rnncalc.language.functions import ATOM
from rnncalc.language.kinds import Kind
from rnncalc.language.operations import ALL, Constant, Operation, Wrong, by_entry, entries, reduction, shape
from rnncalc.language.trees import FIRST, SECOND, THIRD, Number, Term, call
from rnncalc.language.wrong import root, sum_of_sizes, sum_of_squares

EPSILON = 1e-10
"""What Adagrad adds to a root before it divides by it, as PyTorch does."""
MOMENTUM = 0.9
"""How much of its velocity momentum keeps at each update."""


def _norm(*terms: Any) -> Any:
    """The largest entry is taken out first, so that the squares of huge entries do not overflow."""
    largest = reduce(np.maximum, [np.abs(t.real).max(axis=ALL, keepdims=True) for t in terms])
    unit = np.where(largest == 0, 1, largest)
    return largest * np.sqrt(sum(((t / unit) ** 2).sum(axis=ALL, keepdims=True) for t in terms))


norm: Operation = reduction(
    "norm",
    "the norm of all entries together: the root of the sum of their squares",
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
        Wrong(Kind.ROOT_LEFT_OUT, "the square root not taken", squares),
        Wrong(Kind.SUM_OF_ABSOLUTES, "the absolute values added up instead of their squares", sum_of_sizes(*terms)),
        Wrong(
            Kind.NORMS_ADDED,
            "the norms of the tables added up",
            add(*(norm(t) for t in terms)) if terms[1:] else None,
        ),
        Wrong(
            Kind.MEAN_FOR_SUM,
            f"the root of the mean of the {count} squares, not of their sum",
            root(mean),
        ),
        Wrong(Kind.MEAN_FOR_SUM, f"the mean of the {count} squares instead of the root of their sum", mean),
        *(
            Wrong(Kind.TERM_LEFT_OUT, "{} left out", norm(*terms[:i], *terms[i + 1 :]), terms[i])
            for i in range(len(terms) if 1 < len(terms) <= _EACH else 0)
        ),
    ]


_EACH = 16
"""Of so many tables each may be left out."""

clamp: Operation = by_entry(
    "clamp",
    "every entry cut off at plus and minus the threshold",
    call("largest", call("minus", Number(0), SECOND), call("smallest", SECOND, FIRST)),
    numbers=(1,),
    text="max(−{1}, min({1}, {0}))",
    latex=r"\max\left(-{1}, \min\left({1}, {0}\right)\right)",
    array="IF({0}>{1},{1},IF({0}<0-{1},0-{1},{0}))",  # MAX would take the largest of the whole table
    mistakes=lambda a, s: (Wrong(Kind.NOT_CLIPPED, "not clipped", a),),
)

add_squares: Operation = by_entry(
    "add_squares",
    "the square of every entry added to what was added up before",
    call("plus", FIRST, call("square", SECOND)),
)

over_root: Operation = by_entry(
    "over_root",
    "every entry divided by the root of another table's, and a little more, so that nothing is divided by 0",
    call("over", FIRST, call("sum", call("root", SECOND), Number(EPSILON))),
    text="{0} / (√{1} + 10⁻¹⁰)",
    latex=r"{0} / \left(\sqrt{{{1}}} + 10^{{-10}}\right)",
    array="{0}/(SQRT({1})+1E-10)",
)

shorten: Operation = by_entry(
    "shorten",
    "all gradients scaled down together, where their norm is above the threshold",
    # threshold / max(norm, threshold) is 1 below the threshold and never divides by 0
    call("times", FIRST, call("over", SECOND, call("largest", THIRD, SECOND))),
    numbers=(1, 2),
    text="{0} · {1} / max({2}, {1})",
    latex=r"{0} \cdot {1} / \max\left({2}, {1}\right)",
    array="{0}*({1}/MAX({2},{1}))",  # divided first, so that one number is worked and not a table
    mistakes=lambda a, s, n: (
        Wrong(Kind.NOT_CLIPPED, "not clipped", a),
        Wrong(
            Kind.CLIPPED_NEEDLESSLY,
            "scaled to the threshold, although the norm is below it",
            over_number(scale(s, a), n),
        ),
        Wrong(Kind.FACTOR_LEFT_OUT, "{} left out: divided by the norm only", over_number(a, n), s),
    ),
)
