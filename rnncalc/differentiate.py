"""Reverse-mode differentiation: it knows no calculus, only the gradients that stand beside the operations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rnncalc.operations import Expression, add
from rnncalc.scalars import Array, Term
from rnncalc.trace import Quantity

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


def jacobian(quantities: Sequence[Quantity], step: int, state: str = "h") -> Array:
    """∂h_t/∂h_{t−1} from the quantities of step t, by the operations' own rules; n×n, the rows those of h_t."""
    end, start = f"{state}_{step}", f"{state}_{step - 1}"
    forward = [q for q in reversed(quantities) if q.stage == "forward"]
    rows = next(q for q in forward if q.name == end).shape[0]
    # A stack of unit columns: the gradients of each entry of h_t, all pulled back at once.
    seeds = Quantity("seeds", np.eye(rows)[:, :, None], stage="backward")
    found: dict[str, Term] = {end: seeds}

    def deliver(quantity: Quantity, contribution: Term) -> None:
        name = quantity.name
        found[name] = add(found[name], contribution) if name in found else contribution

    for q in forward:
        if q.name in found and q.rule is not None:
            pull(q.rule, found[q.name], q, deliver)
    pulled = found[start].value if start in found else np.zeros((rows, rows, 1))
    return pulled[..., 0]
