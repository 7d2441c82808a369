"""The gated recurrent unit (Cho et al., 2014), and its variant that PyTorch and Keras compute.

r_t = σ(ar_t)   z_t = σ(az_t), with ar_t = Wxr · x_t + Whr · h_{t−1} + br and so on;
rh_t = r_t ⊙ h_{t−1};   an_t = Wxn · x_t + Whn · rh_t + bn;   n_t = tanh(an_t);   h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}.

With a bias bhn among the weights the reset gate comes after the product ("reset after"):
hn_t = Whn · h_{t−1} + bhn;   an_t = Wxn · x_t + bn + r_t ⊙ hn_t.
"""

from __future__ import annotations

from collections.abc import Mapping

from rnncalc.language import ACTIVATIONS, add, matmul, multiply, one_minus, sigmoid
from rnncalc.language.trees import Term
from rnncalc.network.cells import Add, Cell
from rnncalc.network.cells.gates import gate, gate_shapes
from rnncalc.network.trace import Quantity

GATES = ("r", "z", "n")


def shapes(hidden: int, inputs: int, recurrent: str) -> dict[str, tuple[int, int]]:
    """Wxr hidden × inputs, Whr hidden × hidden, br hidden × 1, and the same for z and n."""
    return gate_shapes(GATES, hidden, inputs)


def extras(hidden: int, inputs: int) -> dict[str, tuple[int, int]]:
    """bhn hidden × 1, which makes it the variant with the reset gate after the product."""
    return {"bhn": (hidden, 1)}


def step(
    add_quantity: Add, weights: Mapping[str, Term], x: Term, states: Mapping[str, Term], activation: str
) -> dict[str, Quantity]:
    """One step; all hidden × 1. ``activation`` is that of the candidate."""
    h = states["h"]
    r = gate(add_quantity, weights, "r", x, h, sigmoid, "The reset gate: how much of the memory the new looks at.")
    z = gate(add_quantity, weights, "z", x, h, sigmoid, "The update gate: how much of the memory is kept.")
    read = matmul(weights["Wxn"], x)
    if "bhn" in weights:
        past = add(matmul(weights["Whn"], h), weights["bhn"])
        hn = add_quantity("hn", past, "What the memory adds for n, before the reset gate.")
        total = add(read, weights["bn"], multiply(r, hn))
    else:
        rh = add_quantity("rh", multiply(r, h), "The reset memory: what of it the candidate looks at.")
        total = add(read, matmul(weights["Whn"], rh), weights["bn"])
    a = add_quantity("an", total, "What was just read and the reset memory add for n, and the bias.")
    n = add_quantity("n", ACTIVATIONS[activation](a), "What is new: the candidate for the memory.")
    mixed = add(multiply(one_minus(z), n), multiply(z, h))
    return {"h": add_quantity("h", mixed, "The new memory: part new, part kept.")}


CELL = Cell("gru", "gated recurrent unit", ("h",), shapes, step, extras)
