"""Long short-term memory (Hochreiter and Schmidhuber, 1997) with the forget gate (Gers, Schmidhuber and Cummins, 2000).

i_t = σ(ai_t)   f_t = σ(af_t)   g_t = tanh(ag_t)   o_t = σ(ao_t), with ai_t = Wxi · x_t + Whi · h_{t−1} + bi and so on;
c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t;   tc_t = tanh(c_t);   h_t = o_t ⊙ tc_t.
"""

from __future__ import annotations

from collections.abc import Mapping

from rnncalc.language import ACTIVATIONS, add, multiply, sigmoid
from rnncalc.language.trees import Term
from rnncalc.network.cells import Add, Cell
from rnncalc.network.cells.gates import gate, gate_shapes
from rnncalc.network.trace import Quantity

GATES = ("i", "f", "g", "o")
_SAYS = {
    "i": "The input gate: how much of what is new comes in.",
    "f": "The forget gate: how much of the cell's state is kept.",
    "g": "What is new: the candidate for the cell's state.",
    "o": "The output gate: how much of the cell's state is shown.",
}


def shapes(hidden: int, inputs: int, recurrent: str) -> dict[str, tuple[int, int]]:
    """Wxi hidden × inputs, Whi hidden × hidden, bi hidden × 1, and the same for f, g and o."""
    return gate_shapes(GATES, hidden, inputs)


def step(
    add_quantity: Add, weights: Mapping[str, Term], x: Term, states: Mapping[str, Term], activation: str
) -> dict[str, Quantity]:
    """One step; all hidden × 1. ``activation`` is that of the candidate and of the state that is shown."""
    squash = ACTIVATIONS[activation]
    i, f, g, o = (
        gate(add_quantity, weights, name, x, states["h"], squash if name == "g" else sigmoid, _SAYS[name])
        for name in GATES
    )
    kept = add(multiply(f, states["c"]), multiply(i, g))
    c = add_quantity("c", kept, "The cell's state: what is kept of the old, and what is let in of the new.")
    tc = add_quantity("tc", squash(c), f"The activation ({activation}) of the cell's state.")
    return {"h": add_quantity("h", multiply(o, tc), "The new memory: what the cell shows of its state."), "c": c}


CELL = Cell("lstm", "long short-term memory", ("h", "c"), shapes, step)
