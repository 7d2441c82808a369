"""The table of rules: every operation once, with all its faces side by side.

A row of the table holds

- ``numpy``: the rule on whole arrays, for float64 and complex128 alike (complex-step differentiation needs it), and for
  stacks of arrays along leading axes;
- ``element``: the same rule for one element, as a small tree (:mod:`rnncalc.language.trees`) that is written out as
  arithmetic on paper or as the formula of a spreadsheet's cell;
- ``faces``: how the equation is written in a line (``text``), typeset (``latex``), and as an array formula over names
  (``array``);
- ``gradient``: given g = ∂E/∂(result), the result, and the operands, the contribution to each operand's gradient,
  written with operations again, so that a gradient has an equation and a formula too; None for an operand that is
  data or a working. Operations that only gradients and workings use have no gradient of their own;
- ``on_paper``: where a person works the element another way than a computer should, that way; and ``worked``: the
  computer's way in the words of ``text``;
- ``mistakes``: from the operands, the wrong rules that people take for this one, written with operations again (and
  those of :mod:`rnncalc.language.wrong`), so that a mistake too has a value and its arithmetic.

Vectors are columns, n×1, and a single number is 1×1. Calling a row applies it: ``matmul(Wxh, x)`` is an
:class:`Expression` with a value.

The names load when they are first used, so that the table of functions is read without NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from rnncalc.language.descent import add_squares, clamp, norm, over_root, shorten
    from rnncalc.language.letters import cross_entropy, cross_entropy_of_scores, exp, largest, most_likely, one_hot
    from rnncalc.language.losses import binary_cross_entropy, squared_error
    from rnncalc.language.operations import (
        TABLE,
        Constant,
        Expression,
        Operation,
        Wrong,
        entry,
        operands,
        template_pieces,
        write,
    )

__all__ = [
    "ACTIVATIONS", "TABLE", "Constant", "Expression", "Operation", "Wrong", "add", "add_squares",
    "binary_cross_entropy", "clamp", "cross_entropy", "cross_entropy_of_scores", "entry", "everywhere", "exp",
    "identity", "inner", "largest", "matmul", "most_likely", "multiply", "negative", "norm", "one_hot", "one_minus",
    "operands", "over_number", "over_root", "relu", "relu_slope", "scale", "shift", "shorten", "sigmoid",
    "sigmoid_slope", "squared_error", "subtract", "tanh", "tanh_slope", "template_pieces", "total", "transpose",
    "write", "zeros",
]  # fmt: skip
_MODULES = ("operations", "algebra", "activations", "letters", "losses", "descent")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'rnncalc.language' has no attribute {name!r}")
    for module in _MODULES:  # all at once, so that the table is whole
        found = vars(import_module(f"rnncalc.language.{module}"))
        globals().update({known: found[known] for known in __all__ if known in found})
    return globals()[name]
