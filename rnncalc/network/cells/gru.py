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
from rnncalc.network import families
from rnncalc.network.cell import Add, Cell, gate
from rnncalc.network.families import BOTH, EACH_STEP, MEMORY, Family, weight
from rnncalc.network.quantity import Quantity

FAMILIES = (
    *families.gate("r", "gate", "The reset gate: how much of the memory the new looks at."),
    *families.gate("z", "gate", "The update gate: how much of the memory is kept."),
    *families.gate(
        "n",
        "candidate",
        "What is new: the candidate for the memory.",
        "What was just read and the reset memory add for {letter}",
    ),
    weight("bhn", EACH_STEP, optional=True),
    Family("rh", "The reset memory: what of it the candidate looks at.", "How the loss changes with the reset memory."),
    Family(
        "hn",
        "What the memory adds for n, before the reset gate.",
        "How the loss changes with what the memory adds for n.",
    ),
    Family("h", "The new memory: part new, part kept.", BOTH, MEMORY),
)


def step(
    put: Add, weights: Mapping[str, Term], x: Term, states: Mapping[str, Term], activation: str
) -> dict[str, Quantity]:
    """One step; all hidden × 1. ``activation`` is that of the candidate."""
    h = states["h"]
    r = gate(put, weights, "r", x, h, sigmoid)
    z = gate(put, weights, "z", x, h, sigmoid)
    read = matmul(weights["Wxn"], x)
    if "bhn" in weights:
        past = add(matmul(weights["Whn"], h), weights["bhn"])
        total = add(read, weights["bn"], multiply(r, put("hn", past)))
    else:
        total = add(read, matmul(weights["Whn"], put("rh", multiply(r, h))), weights["bn"])
    n = put("n", ACTIVATIONS[activation](put("an", total)))
    return {"h": put("h", add(multiply(one_minus(z), n), multiply(z, h)))}


CELL = Cell("gru", "gated recurrent unit", ("h",), FAMILIES, step)
