"""Long short-term memory (Hochreiter and Schmidhuber, 1997) with the forget gate (Gers, Schmidhuber and Cummins, 2000).

i_t = σ(ai_t)   f_t = σ(af_t)   g_t = tanh(ag_t)   o_t = σ(ao_t), with ai_t = Wxi · x_t + Whi · h_{t−1} + bi and so on;
c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t;   tc_t = tanh(c_t);   h_t = o_t ⊙ tc_t.
"""

from __future__ import annotations

from collections.abc import Mapping

from rnncalc.language import ACTIVATIONS, add, multiply, sigmoid
from rnncalc.language.trees import Term
from rnncalc.network import families
from rnncalc.network.cell import Add, Cell, OwnMistake, gate
from rnncalc.network.families import BOTH, MEMORY, Family
from rnncalc.network.quantity import Quantity, Stage

FAMILIES = (
    *families.gate("i", "gate", "The input gate: how much of the candidate is added."),
    *families.gate("f", "gate", "The forget gate: how much of the previous cell state is kept."),
    *families.gate("g", "candidate", "The candidate for the cell state."),
    *families.gate("o", "gate", "The output gate: how much of the cell state is shown."),
    Family(
        "c",
        "The new cell state: the part of the previous one that is kept, plus the part of the candidate that is added.",
        "Gradient with respect to the cell state: both contributions added up.",
        "the cell state before the first {token}: one number for each of {units}",
    ),
    Family(
        "tc",
        "The activation ({activation}) of the cell state.",
        "Gradient with respect to the activation of the cell state.",
    ),
    Family("h", "The new hidden state: the part of the cell state that is shown.", BOTH, MEMORY),
)


def step(
    put: Add, weights: Mapping[str, Term], x: Term, states: Mapping[str, Term], activation: str
) -> dict[str, Quantity]:
    """One step; all hidden × 1. ``activation`` is that of the candidate and of the state that is shown."""
    squash = ACTIVATIONS[activation]
    i, f, g, o = (
        gate(put, weights, name, x, states["h"], squash if name == "g" else sigmoid) for name in ("i", "f", "g", "o")
    )
    c = put("c", add(multiply(f, states["c"]), multiply(i, g)))
    return {"h": put("h", multiply(o, put("tc", squash(c)))), "c": c}


MISTAKES = (
    OwnMistake(
        "cell-state-left-out",
        "the cell state was left out",
        is_left_out=lambda families, q: not {"c", "tc"}.isdisjoint(families) and q.stage == Stage.FORWARD,
    ),
)
CELL = Cell("lstm", "long short-term memory", ("h", "c"), FAMILIES, step, ("tc",), MISTAKES)
