"""Linear algebra, and sums and products entry by entry."""

from __future__ import annotations

import numpy as np

from rnncalc.operations.base import ALL, Constant, Expression, Operation, dot, entries, entry, shape
from rnncalc.scalars import ATOM, PRODUCT, SUM, Number, Term, call

# ── linear algebra ────────────────────────────────────────────────────────────────────────────────────────────────────

transpose: Operation = Operation(
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
)

matmul: Operation = Operation(
    "matmul",
    "each row of the matrix times the column, entry by entry, added up",
    numpy=lambda a, b: a @ b,
    element=lambda i, j, a, b: dot(
        [entry(a, i, k) for k in range(shape(a)[1])], [entry(b, k, j) for k in range(shape(b)[0])]
    ),
    text="{0} · {1}",
    latex=r"{0} \cdot {1}",
    array="MMULT({0},{1})",
    binds=PRODUCT,
    needs=(PRODUCT, PRODUCT),
    gradient=lambda g, out, a, b: (matmul(g, transpose(b)), matmul(transpose(a), g)),
)

scale: Operation = Operation(
    "scale",
    "one number times every entry",
    numpy=lambda s, a: s * a,
    element=lambda i, j, s, a: call("times", entry(s, 0, 0), entry(a, i, j)),
    text="{0} · {1}",
    latex=r"{0} \cdot {1}",
    array="{0}*{1}",
    binds=PRODUCT,
    needs=(PRODUCT, PRODUCT),
    gradient=lambda g, out, s, a: (inner(g, a), scale(s, g)),
)

inner: Operation = Operation(
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
)

total: Operation = Operation(
    "total",
    "all entries added up to one number",
    numpy=lambda a: a.sum(axis=ALL, keepdims=True),
    element=lambda i, j, a: call("sum", *entries(a)),
    text="Σ {0}",
    latex=r"\sum {0}",
    array="SUM({0})",
    binds=ATOM,
    needs=(PRODUCT,),
)

# ── sums and entry by entry ───────────────────────────────────────────────────────────────────────────────────────────

add: Operation = Operation(
    "add",
    "entry plus entry",
    numpy=lambda *terms: sum(terms[1:], start=terms[0]),
    element=lambda i, j, *terms: call("plus", *[entry(t, i, j) for t in terms]),
    text="{+}",
    latex="{+}",
    array="{+}",
    binds=SUM,
    needs=(),
    gradient=lambda g, out, *terms: (g,) * len(terms),
)

shift: Operation = Operation(
    "shift",
    "one number added to every entry",
    numpy=lambda a, s: a + s,
    element=lambda i, j, a, s: call("plus", entry(a, i, j), entry(s, 0, 0)),
    text="{0} + {1}",
    latex="{0} + {1}",
    array="{0}+{1}",
    binds=SUM,
    needs=(SUM, SUM),
    gradient=lambda g, out, a, s: (g, total(g)),
)

subtract: Operation = Operation(
    "subtract",
    "entry minus entry",
    numpy=lambda a, b: a - b,
    element=lambda i, j, a, b: call("minus", entry(a, i, j), entry(b, i, j)),
    text="{0} − {1}",
    latex="{0} - {1}",
    array="{0}-{1}",
    binds=SUM,
    needs=(SUM, PRODUCT),
    gradient=lambda g, out, a, b: (g, scale(Constant(-1), g)),
)

multiply: Operation = Operation(
    "multiply",
    "entry times entry",
    numpy=lambda a, b: a * b,
    element=lambda i, j, a, b: call("times", entry(a, i, j), entry(b, i, j)),
    text="{0} ⊙ {1}",
    latex=r"{0} \odot {1}",
    array="{0}*{1}",
    binds=PRODUCT,
    needs=(PRODUCT, PRODUCT),
    gradient=lambda g, out, a, b: (multiply(g, b), multiply(a, g)),
)

over_number: Operation = Operation(
    "over_number",
    "every entry divided by one number",
    numpy=lambda a, s: a / s,
    element=lambda i, j, a, s: call("over", entry(a, i, j), entry(s, 0, 0)),
    text="{0} / {1}",
    latex=r"\frac{{{0}}}{{{1}}}",
    array="{0}/{1}",
    binds=PRODUCT,
    needs=(PRODUCT, ATOM),
    gradient=lambda g, out, a, s: (over_number(g, s), over_number(scale(Constant(-1), inner(g, out)), s)),
)

identity: Operation = Operation(
    "identity",
    "taken over as it is",
    numpy=lambda a: a,
    element=lambda i, j, a: entry(a, i, j),
    text="{0}",
    latex="{0}",
    array="{0}",
    binds=SUM,
    needs=(SUM,),
    gradient=lambda g, out, a: (identity(g),),
)

zeros: Operation = Operation(
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


def times(g: Term, x: Term) -> Term:
    """g · x for a single number g, written without a factor 1: 1 · x = x and (1/n) · x = x / n."""
    if isinstance(g, Constant) and g.number == 1:
        return x
    if isinstance(g, Expression) and g.operation is over_number and isinstance(g.arguments[0], Constant):
        return over_number(times(g.arguments[0], x), g.arguments[1])
    return scale(g, x)
