"""Linear algebra, and sums and products entry by entry."""

from __future__ import annotations

import numpy as np

from rnncalc.language.functions import ATOM, FACTOR, FUNCTIONS, MATRIX, PRODUCT, SUM
from rnncalc.language.kinds import Kind
from rnncalc.language.operations import (
    ALL,
    Constant,
    Expression,
    Operation,
    Wrong,
    by_entry,
    dot,
    entries,
    entry,
    operands,
    reduction,
    shape,
)
from rnncalc.language.trees import FIRST, SECOND, Number, Term, call
from rnncalc.language.wrong import diagonal

# ── linear algebra ────────────────────────────────────────────────────────────────────────────────────────────────────

transpose: Operation = reduction(
    "transpose",
    "rows become columns",
    numpy=lambda a: a.swapaxes(-1, -2),
    element=lambda i, j, a: entry(a, j, i),
    text="{0}ᵀ",
    latex=r"{0}^{{\top}}",
    array="TRANSPOSE({0})",
    binds=ATOM,
    needs=(ATOM,),
    gradient=lambda g, out, a: (transpose(g),),
    mistakes=lambda a: (Wrong(Kind.NOT_TRANSPOSED, "{} not transposed", a if _square(a) else None, a),),
)

matmul: Operation = reduction(
    "matmul",
    "each row of the matrix times the column, entry by entry, added up",
    numpy=lambda a, b: a @ b,
    element=lambda i, j, a, b: dot(
        [entry(a, i, k) for k in range(shape(a)[1])], [entry(b, k, j) for k in range(shape(b)[0])]
    ),
    text="{0} · {1}",
    latex=r"{0} \cdot {1}",
    array="MMULT({0},{1})",
    binds=MATRIX,
    needs=(FACTOR, FACTOR),
    gradient=lambda g, out, a, b: (matmul(g, transpose(b)), matmul(transpose(a), g)),
    mistakes=lambda a, b: (
        Wrong(
            Kind.TRANSPOSED,
            "rows and columns of {} swapped",
            matmul(transpose(a), b) if _square(a) and not operands(a, transpose) else None,
            a,
        ),
        Wrong(Kind.TRANSPOSED, "rows and columns swapped", transpose(matmul(a, b)) if _outer(a, b) else None),
        Wrong(
            Kind.ELEMENT_BY_ELEMENT,
            "multiplied element by element instead of with the matrix product",
            multiply(diagonal(a), b) if _square(a) and shape(b)[1] == 1 else None,
        ),
        Wrong(Kind.FACTOR_LEFT_OUT, "{} left out", b if shape(b) == _product(a, b) else None, a),
        Wrong(Kind.FACTOR_LEFT_OUT, "{} left out", a if shape(a) == _product(a, b) else None, b),
    ),
)

scale: Operation = by_entry(
    "scale",
    "one number times every entry",
    call("times", FIRST, SECOND),
    numbers=(0,),
    text="{0} · {1}",  # ⊙ stands between two tables
    latex=r"{0} \cdot {1}",
    gradient=lambda g, out, s, a: (inner(g, a), scale(s, g)),
    mistakes=lambda s, a: (
        Wrong(Kind.FACTOR_LEFT_OUT, "{} left out", None if isinstance(s, Constant) else a, s),
        Wrong(Kind.FACTOR_LEFT_OUT, "{} left out", None if isinstance(s, Constant) else everywhere(s, a), a),
        Wrong(
            Kind.FACTOR_TWICE, "multiplied by {} twice", None if isinstance(s, Constant) else scale(s, scale(s, a)), s
        ),
        Wrong(Kind.SIGN_REVERSED, "the minus sign left out", a if isinstance(s, Constant) and s.number == -1 else None),
    ),
)

inner: Operation = reduction(
    "inner",
    "entry times entry, added up to one number",
    numpy=lambda a, b: (a * b).sum(axis=ALL, keepdims=True),
    element=lambda i, j, a, b: dot(entries(a), entries(b)),
    text="Σ {0} ⊙ {1}",
    latex=r"\sum {0} \odot {1}",
    array="SUMPRODUCT({0},{1})",
    binds=PRODUCT,
    needs=(PRODUCT, PRODUCT),
    gradient=lambda g, out, a, b: (scale(g, b), scale(g, a)),
    mistakes=lambda a, b: (
        Wrong(Kind.FACTOR_LEFT_OUT, "{} left out", total(b), a),
        Wrong(Kind.FACTOR_LEFT_OUT, "{} left out", total(a), b),
        _mean_of(inner(a, b), a),
    ),
)

total: Operation = reduction(
    "total",
    "all entries added up to one number",
    numpy=lambda a: a.sum(axis=ALL, keepdims=True),
    element=lambda i, j, a: call("sum", *entries(a)),
    text="Σ {0}",
    latex=r"\sum {0}",
    array="SUM({0})",
    binds=ATOM,
    needs=(PRODUCT,),
    gradient=lambda g, out, a: (everywhere(g, a),),
    mistakes=lambda a: (_mean_of(total(a), a),),
)

everywhere: Operation = reduction(
    "everywhere",
    "one number in every place of another table",
    numpy=lambda s, like: np.broadcast_to(s, np.broadcast_shapes(s.shape, like.shape)),
    element=lambda i, j, s, like: entry(s, 0, 0),
    text="{0}",
    latex="{0}",
    array="{0}+0*{1}",
    binds=SUM,
    needs=(SUM, PRODUCT),
)

# ── sums and entry by entry ───────────────────────────────────────────────────────────────────────────────────────────

add: Operation = reduction(
    "add",
    "entry plus entry",
    numpy=FUNCTIONS["plus"].of_arrays,
    element=lambda i, j, *terms: call("plus", *[entry(t, i, j) for t in terms]),
    text="{+}",
    latex="{+}",
    array="{+}",
    binds=SUM,
    needs=(),
    gradient=lambda g, out, *terms: (g,) * len(terms),
    mistakes=lambda *terms: [
        Wrong(Kind.TERM_LEFT_OUT, "{} left out", _without(i, terms), terms[i])
        for i in (range(len(terms)) if len(terms) <= _EACH else (0, len(terms) - 1))
    ],
)

shift: Operation = by_entry(
    "shift",
    "one number added to every entry",
    call("plus", FIRST, SECOND),
    numbers=(1,),
    gradient=lambda g, out, a, s: (g, total(g)),
    mistakes=lambda a, s: (
        Wrong(Kind.BIAS_LEFT_OUT, "{} left out", a, s),
        Wrong(Kind.BIAS_TWICE, "{} added twice", shift(shift(a, s), s), s),
        Wrong(Kind.BIAS_SUBTRACTED, "{} subtracted instead of added", shift(a, negative(s)), s),
        Wrong(Kind.TERM_LEFT_OUT, "{} left out", everywhere(s, a), a),
    ),
)

subtract: Operation = by_entry(
    "subtract",
    "entry minus entry",
    call("minus", FIRST, SECOND),
    gradient=lambda g, out, a, b: (g, negative(g)),
    mistakes=lambda a, b: (
        Wrong(Kind.SIGN_REVERSED, "the sign is reversed", subtract(b, a)),
        Wrong(Kind.PLUS_FOR_MINUS, "{} added instead of subtracted", add(a, b), b),
        Wrong(Kind.TERM_LEFT_OUT, "{} left out", a, b),
        Wrong(Kind.TERM_LEFT_OUT, "{} left out", negative(b), a),
        Wrong(Kind.TERM_LEFT_OUT, "{} and the minus sign left out", b, a),
    ),
)

multiply: Operation = by_entry(
    "multiply",
    "entry times entry",
    call("times", FIRST, SECOND),
    gradient=lambda g, out, a, b: (multiply(g, b), multiply(a, g)),
    mistakes=lambda a, b: (
        Wrong(Kind.SLOPE_LEFT_OUT if _is_slope(a) else Kind.FACTOR_LEFT_OUT, "{} left out", b, a),
        Wrong(Kind.SLOPE_TWICE, "{} applied twice", multiply(a, multiply(a, b)) if _is_slope(a) else None, a),
        Wrong(Kind.FACTOR_LEFT_OUT, "{} left out", a, b),
        Wrong(
            Kind.MATRIX_PRODUCT,
            "the matrix product instead of the element-wise product",
            everywhere(inner(a, b), a),
        ),
    ),
)

over_number: Operation = by_entry(
    "over_number",
    "every entry divided by one number",
    call("over", FIRST, SECOND),
    numbers=(1,),
    gradient=lambda g, out, a, s: (over_number(g, s), over_number(negative(inner(g, out)), s)),
    mistakes=lambda a, s: (
        Wrong(Kind.SOFTMAX_NOT_DIVIDED, "softmax not divided by the sum", a if operands(s, total) else None),
        Wrong(
            Kind.SUM_FOR_MEAN,
            "the sum instead of the mean: not divided by {}",
            a if isinstance(s, Constant) else None,
            s,
        ),
        Wrong(
            Kind.DIVIDED_TWICE,
            "divided by {} twice",
            over_number(over_number(a, s), s) if isinstance(s, Constant) else None,
            s,
        ),
    ),
)

identity: Operation = by_entry(
    "identity",
    "taken over as it is",
    FIRST,
    gradient=lambda g, out, a: (identity(g),),
)

one_minus: Operation = by_entry(
    "one_minus",
    "one minus every entry",
    call("minus", Number(1), FIRST),
    gradient=lambda g, out, a: (negative(g),),
    mistakes=lambda a: (Wrong(Kind.ONE_MINUS_LEFT_OUT, "{} instead of 1 minus it", a, a),),
)

negative: Operation = by_entry(
    "negative",
    "the sign of every entry reversed",
    call("negative", FIRST),
    mistakes=lambda a: (Wrong(Kind.SIGN_REVERSED, "the minus sign left out", a),),
)

zeros: Operation = reduction(
    "zeros",
    "nothing: zero in the shape of another table",
    numpy=lambda like: np.zeros(like.shape, like.dtype),
    element=lambda i, j, like: Number(0),
    text="0",
    latex="0",
    array="0*{0}",
    binds=ATOM,
    needs=(SUM,),
)


def _square(a: Term) -> bool:
    rows, columns = shape(a)
    return rows == columns > 1


def _outer(a: Term, b: Term) -> bool:
    """Whether a · b is a column times a row of the same length, so that rows and columns can be mixed up."""
    return shape(a)[1] == 1 and shape(b) == shape(a)[::-1] and shape(a)[0] > 1


def _product(a: Term, b: Term) -> tuple[int, int]:
    """The shape of a · b."""
    return shape(a)[0], shape(b)[1]


def _mean_of(rule: Expression, a: Term) -> Wrong:
    """A sum over the entries of a, divided by their count."""
    rows, columns = shape(a)
    says = f"the mean of the {rows * columns} numbers instead of their sum"
    return Wrong(Kind.MEAN_FOR_SUM, says, over_number(rule, Constant(rows * columns)))


def _is_slope(a: Term) -> bool:
    return isinstance(a, Expression) and a.operation.name.endswith("_slope")


_EACH = 8
"""In a sum of up to so many terms each may be left out; in a longer one the first or the last."""


def _without(i: int, terms: tuple[Term, ...]) -> Term | None:
    rest = terms[:i] + terms[i + 1 :]
    return add(*rest) if len(rest) > 1 else next(iter(rest), None)


def times(g: Term, x: Term) -> Term:
    """g · x for a single number g, written without a factor 1: 1 · x = x and (1/n) · x = x / n."""
    if isinstance(g, Constant) and g.number == 1:
        return x
    if isinstance(g, Expression) and g.operation is over_number and isinstance(g.arguments[0], Constant):
        return over_number(times(g.arguments[0], x), g.arguments[1])
    return scale(g, x)
