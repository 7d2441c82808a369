"""Reverse-mode differentiation: it knows no calculus, only the gradients that stand beside the operations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rnncalc.language import Expression, add
from rnncalc.language.trees import Array, Term
from rnncalc.network.quantity import Quantity, Stage

Deliver = Callable[[Quantity, Term], None]


def pull(rule: Expression, gradient: Term, result: Term, deliver: Deliver) -> None:
    """Hand each quantity in a rule its contribution: the chain rule, through nested expressions down to the leaves.

    ``gradient`` is ∂E/∂(result); ``deliver(quantity, contribution)`` is called once per operand.
    """
    back = rule.operation.gradient
    if back is None:
        raise TypeError(f"The operation {rule.operation.name} has no gradient in the table of rules.")
    for operand, contribution in zip(rule.arguments, back(gradient, result, *rule.arguments), strict=True):
        if contribution is None:
            continue
        if isinstance(operand, Quantity):
            deliver(operand, contribution)
        elif isinstance(operand, Expression):
            pull(operand, contribution, operand, deliver)


def jacobian(quantities: Sequence[Quantity], step: int, states: Sequence[str] = ("h",)) -> Array:
    """∂(states at t)/∂(states at t−1) from the quantities of step t, by the operations' own rules; the rows are those
    of step t, several states one below the other."""
    forward = [q for q in reversed(quantities) if q.stage == Stage.FORWARD]
    ends = {q.name: q for q in forward}
    sizes = [ends[f"{state}_{step}"].shape[0] for state in states]
    # A stack of unit columns: the gradients of each entry of the states, all pulled back at once.
    gradients: dict[str, Term] = {}
    for i, state in enumerate(states):
        seeds = np.zeros((sum(sizes), sizes[i], 1))
        first = sum(sizes[:i])
        seeds[first : first + sizes[i], :, 0] = np.eye(sizes[i])
        gradients[f"{state}_{step}"] = Quantity("seeds", seeds, stage=Stage.BACKWARD)

    def deliver(quantity: Quantity, contribution: Term) -> None:
        name = quantity.name
        gradients[name] = add(gradients[name], contribution) if name in gradients else contribution

    for q in forward:
        if q.name in gradients and q.rule is not None:
            pull(q.rule, gradients[q.name], q, deliver)
    starts = [gradients.get(f"{state}_{step - 1}") for state in states]
    pulled = [
        np.zeros((sum(sizes), size)) if start is None else start.value[..., 0]
        for start, size in zip(starts, sizes, strict=True)
    ]
    return np.concatenate(pulled, axis=1)
