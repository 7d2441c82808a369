"""The forward pass: a cell unrolled over the text, the output at every step, and the loss."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnncalc import names
from rnncalc.cells import cell
from rnncalc.operations import (
    Constant,
    Expression,
    add,
    cross_entropy,
    exp,
    largest,
    matmul,
    one_hot,
    over_number,
    subtract,
    total,
)
from rnncalc.problem import Problem
from rnncalc.scalars import Array, Term
from rnncalc.trace import Quantity, Trace

_LETTERS = ("x", "target", "y", "exp", "p", "by")


def forward(problem: Problem) -> Trace:
    """Compute every number of the forward pass, and of the loss where there are targets.

    For t = 1 … T, with f the activation::

        wx_t = Wxh · x_t          wh_t = Whh · h_{t−1} + bh      (hidden × 1)
        a_t = wx_t + wh_t         h_t = f(a_t)                   (hidden × 1)
        y_t = Why · h_t (+ by)                                   (letters × 1)
        exp_t = exp(y_t − max y_t),  p_t = exp_t / Σ exp_t       (softmax)
        loss_t = −Σ target_t ⊙ ln p_t                            (nats; 1 × 1)
        loss = Σ_t loss_t, or their mean

    Raises ArithmeticOverflow where a number leaves float64, naming the step. Source: Elman (1990), "Finding
    structure in time"; the loss is the negative log-likelihood, natural logarithm.
    """
    with np.errstate(all="ignore"):  # what overflows is reported in words, by the trace
        return unroll(problem, problem.arrays())


def axes_of(family: str, shape: tuple[int, int] | None = None) -> tuple[str, str]:
    """What rows and columns of a quantity stand for; a number that all units share, and a loss, have neither."""
    if (shape == (1, 1) and family in ("Whh", "bh")) or family == "loss":
        return "", ""
    if family == "Why":
        return "letter", "unit"
    if family[0] == "W":
        return "unit", "letter" if family[1] == "x" else "unit"
    return "letter" if family in _LETTERS else "unit", ""


def unroll(problem: Problem, arrays: Mapping[str, Array]) -> Trace:
    """The forward pass with these arrays in place of the problem's weights and initial states.

    They may be complex and may be stacked along leading axes, as complex-step differentiation needs.
    """
    trace = Trace(problem)
    given: dict[str, Term] = {}
    for name, value in arrays.items():
        shape = (value.shape[-2], value.shape[-1])
        step = 0 if name.endswith("_0") else None
        says = problem.origins.get(name, "")
        given[name] = trace.give(
            Quantity(name, value, stage="given", step=step, says=says, axes=axes_of(names.split(name).family, shape))
        )
    xs = [_column(trace, problem, "x", t) for t in range(1, problem.steps + 1)]
    targets = {t: _column(trace, problem, "target", t) for t in range(1, problem.steps + 1) if problem.targets[t - 1]}
    the_cell = cell(problem.cell)
    states: dict[str, Term] = {s: given[f"{s}_0"] for s in the_cell.states}
    losses = []
    for t in range(1, problem.steps + 1):

        def put(family: str, rule: Expression, says: str, stage: str = "forward", t: int = t) -> Quantity:
            return trace.add(f"{family}_{t}", rule, stage=stage, step=t, says=says, axes=axes_of(family))

        states.update(the_cell.step(put, given, xs[t - 1], states, problem.activation))
        product = matmul(given["Why"], states[the_cell.states[0]])
        bias = given.get("by")
        y = put("y", product if bias is None else add(product, bias), "The output: a score per letter.")
        e = put("exp", exp(subtract(y, largest(y))), "The scores made positive; the largest taken away first.")
        p = put("p", over_number(e, total(e)), "Softmax: a probability per letter; they add up to 1.")
        if t in targets:
            rule = cross_entropy(y, e, p, targets[t])
            says = "The loss: minus the natural logarithm of the probability of the letter wanted."
            losses.append(put("loss", rule, says, "loss"))
    if losses:
        summed = add(*losses)
        mean = problem.loss_reduction == "mean" and len(losses) > 1
        trace.add(
            "loss",
            over_number(summed, Constant(len(losses))) if mean else summed,
            stage="loss",
            says=f"The total loss: the losses of the steps {'averaged' if mean else 'added up'}.",
        )
    return trace


def _column(trace: Trace, problem: Problem, family: str, t: int) -> Quantity:
    letter = problem.inputs[t - 1] if family == "x" else problem.targets[t - 1]
    value = one_hot.numpy(letter, np.array(problem.vocabulary)[:, None])
    says = {"x": "The letter read, one-hot encoded.", "target": "The letter wanted, one-hot encoded."}[family]
    return trace.give(Quantity(f"{family}_{t}", value, stage="given", step=t, says=says, axes=axes_of(family)))
