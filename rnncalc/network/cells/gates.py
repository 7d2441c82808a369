"""What the gated cells share: a gate is an activation of a sum of what was read, what is remembered, and a bias."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rnncalc.language import Operation, add, matmul
from rnncalc.language.trees import Term
from rnncalc.network.cells import Add
from rnncalc.network.trace import Quantity


def gate_shapes(gates: Sequence[str], hidden: int, inputs: int) -> dict[str, tuple[int, int]]:
    """For each gate a matrix hidden × inputs, one hidden × hidden, and a bias hidden × 1."""
    shapes: dict[str, tuple[int, int]] = {}
    for gate in gates:
        shapes |= {f"Wx{gate}": (hidden, inputs), f"Wh{gate}": (hidden, hidden), f"b{gate}": (hidden, 1)}
    return shapes


def gate(
    add_quantity: Add, weights: Mapping[str, Term], name: str, x: Term, h: Term, function: Operation, says: str
) -> Quantity:
    """a = Wx · x_t + Wh · h_{t−1} + b, and the gate, f(a)."""
    total = add(matmul(weights[f"Wx{name}"], x), matmul(weights[f"Wh{name}"], h), weights[f"b{name}"])
    a = add_quantity(f"a{name}", total, f"What was just read and the memory add for {name}, and the bias.")
    return add_quantity(name, function(a), says)
