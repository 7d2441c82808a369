"""The table of rules: every operation once, with all its faces side by side.

A row of the table holds

- ``numpy``: the rule on whole arrays, for float64 and complex128 alike (complex-step differentiation needs it), and for
  stacks of arrays along leading axes;
- ``element``: the same rule for one element, as a small tree (:mod:`rnncalc.scalars`) that is written out as
  arithmetic on paper or as the formula of a spreadsheet's cell;
- ``text``, ``latex`` and ``array``: how the equation is written in a line, typeset, and as an array formula over names;
  operands at ``{0}``, ``{1}``, …, or any number of them at ``{+}`` or ``{,}``;
- ``gradient``: given g = ∂E/∂(result), the result, and the operands, the contribution to each operand's gradient,
  written with operations again, so that a gradient has an equation and a formula too; None for an operand that is
  data or a working. Operations that only gradients and workings use have no gradient of their own;
- ``on_paper``: where a person works the element another way than a computer should, that way; and ``worked``: the
  computer's way in the words of ``text``.

Vectors are columns, n×1, and a single number is 1×1. Calling a row applies it: ``matmul(Wxh, x)`` is an
:class:`Expression` with a value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import Formatter
from typing import Any, NamedTuple

import numpy as np

from rnncalc.scalars import ATOM, PRODUCT, SUM, Array, Entry, Number, Scalar, Term, Written, call

Gradient = Callable[..., tuple[Term | None, ...]]


class Operation(NamedTuple):
    """One row of the table of rules."""

    name: str
    says: str
    numpy: Callable[..., Any]
    element: Callable[..., Scalar]
    text: str
    latex: str
    array: str
    binds: int
    needs: tuple[int, ...]
    gradient: Gradient | None = None
    on_paper: Callable[..., Scalar] | None = None
    worked: str = ""

    def __call__(self, *arguments: Term) -> Expression:
        return Expression(self, arguments)


class Expression:
    """An operation applied to terms: how a value comes about, computed when it is first asked for."""

    __slots__ = ("_value", "arguments", "operation")

    def __init__(self, operation: Operation, arguments: tuple[Term, ...]) -> None:
        self.operation = operation
        self.arguments = arguments
        self._value: Array | None = None

    @property
    def value(self) -> Array:
        if self._value is None:
            self._value = self.operation.numpy(*[a.value for a in self.arguments])
        return self._value


class Constant:
    """A number that belongs to the rule itself, such as the count of time steps in a mean."""

    __slots__ = ("value",)

    def __init__(self, number: float) -> None:
        self.value: Array = np.array([[number]])

    @property
    def number(self) -> float:
        return float(self.value[0, 0])


def entry(term: Term, row: int, column: int) -> Scalar:
    """The tree of one element of a term; an element of a nested expression is that expression's own arithmetic."""
    if isinstance(term, Expression):
        return term.operation.element(row, column, *term.arguments)
    if isinstance(term, Constant):
        return Number(term.number)
    return Entry(term, row, column)


def write(term: Term, face: str, leaf: Callable[[Term], str]) -> Written:
    """The equation of a term: ``face`` is "text", "latex" or "array", ``leaf`` writes a quantity's symbol."""
    if isinstance(term, Constant):
        return Written(f"{term.number:g}", ATOM)
    if not isinstance(term, Expression):
        symbol = leaf(term)
        return Written(symbol, PRODUCT if symbol.startswith("∂") else ATOM)
    operation = term.operation
    template: str = getattr(operation, face)
    separator = any_number(template)
    if separator:
        terms = list(term.arguments)
        long = len(terms) > 5 and face != "array"
        shown = [write(t, face, leaf).text for t in ([*terms[:3], terms[-1]] if long else terms)]
        if long:
            shown.insert(3, "…" if face == "text" else r"\cdots")
        sign = separator if face == "array" else " + " if separator == "+" else ", "
        return Written(template.replace("{" + separator + "}", sign.join(shown)), operation.binds)
    parts = [write(a, face, leaf) for a in term.arguments]
    if face == "latex" and "frac" in template:
        return Written(template.format(*[p.text for p in parts]), ATOM)
    return Written(
        template.format(*[p.within(n) for p, n in zip(parts, operation.needs, strict=False)]), operation.binds
    )


def any_number(template: str) -> str:
    """The sign between operands where a template takes any number of them, "{+}" or "{,}"; else nothing."""
    return next((sign for sign in "+," if "{" + sign + "}" in template), "")


def template_pieces(template: str, count: int) -> list[str | int]:
    """A template cut into its signs and the numbers of its operands: "{0} · {1}" → [0, " · ", 1]."""
    pieces: list[str | int] = []
    for sign, operand, _, _ in Formatter().parse(template):
        pieces += [sign] if sign else []
        if operand in ("+", ","):
            pieces += [piece for i in range(count) for piece in (operand, i)][1:]
        elif operand is not None:
            pieces.append(int(operand))
    return pieces


# ── helpers of the rules ──────────────────────────────────────────────────────────────────────────────────────────

_ALL = (-2, -1)


def _shape(term: Term) -> tuple[int, int]:
    rows, columns = term.value.shape[-2:]
    return rows, columns


def _entries(term: Term) -> list[Scalar]:
    rows, columns = _shape(term)
    return [entry(term, i, j) for i in range(rows) for j in range(columns)]


def _dot(left: Sequence[Scalar], right: Sequence[Scalar]) -> Scalar:
    return call("dot", *left, *right)


def _largest(a: Any) -> Any:
    return a.real.max(axis=_ALL, keepdims=True)


def _sigmoid(a: Any) -> Any:
    return 1 / (1 + np.exp(np.where(a.real < -700, 700, -a)))


def _log_sum_exp_loss(y: Any, exp: Any, p: Any, target: Any) -> Any:
    wanted = (target * y).sum(axis=_ALL, keepdims=True)
    return np.log(exp.sum(axis=_ALL, keepdims=True)) + (_largest(y) - wanted)


def _norm(*terms: Any) -> Any:
    """The largest entry is taken out first, so that the squares of huge entries do not overflow."""
    largest = np.maximum.reduce([np.abs(t).max(axis=_ALL, keepdims=True) for t in terms])
    unit = np.where(largest == 0, 1, largest)
    return largest * np.sqrt(sum(((t / unit) ** 2).sum(axis=_ALL, keepdims=True) for t in terms))


def _times(g: Term, x: Term) -> Term:
    """g · x for a single number g, written without a factor 1: 1 · x = x and (1/n) · x = x / n."""
    if isinstance(g, Constant) and g.number == 1:
        return x
    if isinstance(g, Expression) and g.operation is over_number and isinstance(g.arguments[0], Constant):
        return over_number(_times(g.arguments[0], x), g.arguments[1])
    return scale(g, x)


# ── linear algebra ────────────────────────────────────────────────────────────────────────────────────────────────

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
    element=lambda i, j, a, b: _dot(
        [entry(a, i, k) for k in range(_shape(a)[1])], [entry(b, k, j) for k in range(_shape(b)[0])]
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
    numpy=lambda a, b: (a * b).sum(axis=_ALL, keepdims=True),
    element=lambda i, j, a, b: _dot(_entries(a), _entries(b)),
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
    numpy=lambda a: a.sum(axis=_ALL, keepdims=True),
    element=lambda i, j, a: call("sum", *_entries(a)),
    text="Σ {0}",
    latex=r"\sum {0}",
    array="SUM({0})",
    binds=ATOM,
    needs=(PRODUCT,),
)

# ── sums and entry by entry ───────────────────────────────────────────────────────────────────────────────────────

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

# ── activations ───────────────────────────────────────────────────────────────────────────────────────────────────

tanh: Operation = Operation(
    "tanh",
    "the hyperbolic tangent of every entry",
    numpy=np.tanh,
    element=lambda i, j, a: call("tanh", entry(a, i, j)),
    text="tanh({0})",
    latex=r"\tanh\left({0}\right)",
    array="TANH({0})",
    binds=ATOM,
    needs=(SUM,),
    gradient=lambda g, out, a: (multiply(tanh_slope(out), g),),
)

tanh_slope: Operation = Operation(
    "tanh_slope",
    "the derivative of tanh, from its result h: one minus its square",
    numpy=lambda h: 1 - h * h,
    element=lambda i, j, h: call("minus", Number(1), call("square", entry(h, i, j))),
    text="1 − {0}²",
    latex="1 - {0}^2",
    array="1-{0}*{0}",
    binds=SUM,
    needs=(ATOM,),
)

sigmoid: Operation = Operation(
    "sigmoid",
    "the logistic function of every entry: 1 / (1 + exp(−a))",
    numpy=_sigmoid,
    element=lambda i, j, a: call("sigmoid", entry(a, i, j)),
    text="σ({0})",
    latex=r"\sigma\left({0}\right)",
    array="IF({0}<0-700,0,1/(1+EXP(0-{0})))",
    binds=ATOM,
    needs=(SUM,),
    gradient=lambda g, out, a: (multiply(sigmoid_slope(out), g),),
)

sigmoid_slope: Operation = Operation(
    "sigmoid_slope",
    "the derivative of the logistic function, from its result h: h times one minus h",
    numpy=lambda h: h * (1 - h),
    element=lambda i, j, h: call("times", entry(h, i, j), call("minus", Number(1), entry(h, i, j))),
    text="{0} ⊙ (1 − {0})",
    latex=r"{0} \odot (1 - {0})",
    array="{0}*(1-{0})",
    binds=PRODUCT,
    needs=(PRODUCT,),
)

relu: Operation = Operation(
    "relu",
    "negative entries become 0",
    numpy=lambda a: np.where(a.real > 0, a, 0),
    element=lambda i, j, a: call("positive part", entry(a, i, j)),
    text="max(0, {0})",
    latex=r"\max\left(0, {0}\right)",
    array="IF({0}>0,{0},0)",
    binds=ATOM,
    needs=(SUM,),
    gradient=lambda g, out, a: (multiply(relu_slope(a), g),),
)

relu_slope: Operation = Operation(
    "relu_slope",
    "the derivative of relu: 1 where a is positive, else 0",
    numpy=lambda a: np.where(a.real > 0, 1.0, 0.0),
    element=lambda i, j, a: call("is positive", entry(a, i, j)),
    text="[{0} > 0]",
    latex=r"\left[{0} > 0\right]",
    array="IF({0}>0,1,0)",
    binds=ATOM,
    needs=(SUM,),
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

one_hot: Operation = Operation(
    "one_hot",
    "1 in the row of the letter, 0 in the others; upper and lower case differ",
    numpy=lambda letter, vocabulary: np.where(vocabulary == letter, 1.0, 0.0),
    element=lambda i, j, letter, vocabulary: call("same", entry(letter, 0, 0), entry(vocabulary, i, 0)),
    text="[{1} = {0}]",
    latex=r"\left[{1} = {0}\right]",
    array="IF(EXACT({0},{1}),1,0)",
    binds=ATOM,
    needs=(SUM, SUM),
)

# ── softmax with cross-entropy: one operation on y, whose workings exp and p are shown ────────────────────────────

largest: Operation = Operation(
    "largest",
    "the largest entry",
    numpy=_largest,
    element=lambda i, j, a: call("largest", *_entries(a)),
    text="max({0})",
    latex=r"\max\left({0}\right)",
    array="MAX({0})",
    binds=ATOM,
    needs=(SUM,),
)

exp: Operation = Operation(
    "exp",
    "e to the power of every entry",
    numpy=np.exp,
    element=lambda i, j, a: call("exp", entry(a, i, j)),
    text="exp({0})",
    latex=r"\exp\left({0}\right)",
    array="EXP({0})",
    binds=ATOM,
    needs=(SUM,),
)

cross_entropy: Operation = Operation(
    "cross_entropy",
    "minus the natural logarithm of the probability given to the letter wanted",
    # Computed from y by log-sum-exp, so that it stays finite where p underflows to 0.
    numpy=_log_sum_exp_loss,
    element=lambda i, j, y, exp, p, target: call(
        "plus",
        call("ln", call("sum", *_entries(exp))),
        call("minus", call("largest", *_entries(y)), _dot(_entries(target), _entries(y))),
    ),
    text="−Σ {3} ⊙ ln({2})",
    latex=r"-\sum {3} \odot \ln\left({2}\right)",
    array="LN(SUM({1}))+MAX({0})-SUMPRODUCT({3},{0})",
    binds=SUM,
    needs=(PRODUCT, PRODUCT, SUM, PRODUCT),
    gradient=lambda g, out, y, exp, p, target: (_times(g, subtract(p, target)), None, None, None),
    on_paper=lambda i, j, y, exp, p, target: call(
        "negative", _dot(_entries(target), [call("ln", e) for e in _entries(p)])
    ),
    worked="ln(Σ {1}) + max({0}) − Σ {3} ⊙ {0}",
)

# ── the update ────────────────────────────────────────────────────────────────────────────────────────────────────

norm: Operation = Operation(
    "norm",
    "the length of all entries together: the root of the sum of their squares",
    numpy=_norm,
    element=lambda i, j, *terms: call("root", call("sum", *[call("square", e) for t in terms for e in _entries(t)])),
    text="‖{,}‖",
    latex=r"\left\lVert {,} \right\rVert",
    array="SQRT(SUMSQ({,}))",
    binds=ATOM,
    needs=(),
)

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
)

ACTIVATIONS = {"tanh": tanh, "relu": relu, "sigmoid": sigmoid, "linear": identity}
"""The activations by the name that templates and the command line use."""

TABLE: tuple[Operation, ...] = (
    transpose, matmul, scale, inner, total,
    add, shift, subtract, multiply, over_number,
    tanh, tanh_slope, sigmoid, sigmoid_slope, relu, relu_slope, identity, zeros, one_hot,
    largest, exp, cross_entropy,
    norm, clamp, shorten,
)  # fmt: skip
