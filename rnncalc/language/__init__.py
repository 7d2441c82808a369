"""The table of rules: every operation once, with all its faces side by side.

A row of the table holds

- ``numpy``: the rule on whole arrays, for float64 and complex128 alike (complex-step differentiation needs it), and for
  stacks of arrays along leading axes;
- ``element``: the same rule for one element, as a small tree (:mod:`rnncalc.language.scalars`) that is written out as
  arithmetic on paper or as the formula of a spreadsheet's cell;
- ``text``, ``latex`` and ``array``: how the equation is written in a line, typeset, and as an array formula over names;
  operands at ``{0}``, ``{1}``, …, or any number of them at ``{+}`` or ``{,}``;
- ``gradient``: given g = ∂E/∂(result), the result, and the operands, the contribution to each operand's gradient,
  written with operations again, so that a gradient has an equation and a formula too; None for an operand that is
  data or a working. Operations that only gradients and workings use have no gradient of their own;
- ``on_paper``: where a person works the element another way than a computer should, that way; and ``worked``: the
  computer's way in the words of ``text``;
- ``mistakes``: from the operands, the wrong rules that people take for this one, written with operations again (and
  those of :mod:`rnncalc.language.wrong`), so that a mistake too has a value and its arithmetic.

Vectors are columns, n×1, and a single number is 1×1. Calling a row applies it: ``matmul(Wxh, x)`` is an
:class:`Expression` with a value.
"""

from __future__ import annotations

from rnncalc.language.activations import ACTIVATIONS, relu, relu_slope, sigmoid, sigmoid_slope, tanh, tanh_slope
from rnncalc.language.algebra import (
    add,
    everywhere,
    identity,
    inner,
    matmul,
    multiply,
    negative,
    one_minus,
    over_number,
    scale,
    shift,
    subtract,
    total,
    transpose,
    zeros,
)
from rnncalc.language.base import (
    Constant,
    Expression,
    Operation,
    Wrong,
    any_number,
    entry,
    operands,
    template_pieces,
    write,
)
from rnncalc.language.descent import add_squares, clamp, norm, over_root, shorten
from rnncalc.language.letters import cross_entropy, cross_entropy_of_scores, exp, largest, most_likely, one_hot
from rnncalc.language.losses import binary_cross_entropy, squared_error

TABLE: tuple[Operation, ...] = (
    transpose, matmul, scale, inner, total, everywhere,
    add, shift, subtract, multiply, over_number, identity, one_minus, negative, zeros,
    tanh, tanh_slope, sigmoid, sigmoid_slope, relu, relu_slope,
    one_hot, largest, most_likely, exp, cross_entropy, cross_entropy_of_scores, binary_cross_entropy, squared_error,
    norm, clamp, shorten, add_squares, over_root,
)  # fmt: skip

__all__ = [
    "ACTIVATIONS", "TABLE", "Constant", "Expression", "Operation", "Wrong", "add", "add_squares", "any_number",
    "binary_cross_entropy", "clamp", "cross_entropy", "cross_entropy_of_scores", "entry", "everywhere", "exp",
    "identity", "inner", "largest", "matmul", "most_likely", "multiply", "negative", "norm", "one_hot", "one_minus",
    "operands", "over_number", "over_root", "relu", "relu_slope", "scale", "shift", "shorten", "sigmoid",
    "sigmoid_slope", "squared_error", "subtract", "tanh", "tanh_slope", "template_pieces", "total", "transpose",
    "write", "zeros",
]  # fmt: skip
