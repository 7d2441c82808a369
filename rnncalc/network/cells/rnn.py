"""The simple recurrent cell (Elman, 1990): h_t = f(Wxh · x_t + Whh · h_{t−1} + bh)."""

from __future__ import annotations

from collections.abc import Mapping

from rnncalc.language import ACTIVATIONS, add, matmul, scale, shift
from rnncalc.language.functions import FUNCTIONS
from rnncalc.language.trees import Term
from rnncalc.network.cells import Add, Cell
from rnncalc.network.trace import Quantity


def shapes(hidden: int, inputs: int, recurrent: str) -> dict[str, tuple[int, int]]:
    """Wxh hidden × inputs; Whh and bh one shared number each ("scalar"), or hidden × hidden and hidden × 1."""
    scalar = recurrent == "scalar"
    return {
        "Wxh": (hidden, inputs),
        "Whh": (1, 1) if scalar else (hidden, hidden),
        "bh": (1, 1) if scalar else (hidden, 1),
    }


def step(
    add_quantity: Add, weights: Mapping[str, Term], x: Term, states: Mapping[str, Term], activation: str
) -> dict[str, Quantity]:
    """One step: wx_t = Wxh · x_t, wh_t = Whh · h_{t−1} + bh, a_t = wx_t + wh_t, h_t = f(a_t); all hidden × 1."""
    recurrent, bias, h = weights["Whh"], weights["bh"], states["h"]
    wx = add_quantity("wx", matmul(weights["Wxh"], x), "What was just read adds.")
    # A 1×1 weight is one number that all units share; of a single unit it is both, and scaling is the plainer reading.
    past = (scale if recurrent.value.shape[-2:] == (1, 1) else matmul)(recurrent, h)
    shared = bias.value.shape[-2:] == (1, 1)
    wh = add_quantity("wh", (shift if shared else add)(past, bias), "What the memory adds, and the bias.")
    a = add_quantity("a", add(wx, wh), "The two added up, before the activation.")
    return {"h": add_quantity("h", ACTIVATIONS[activation](a), f"The new memory: {FUNCTIONS[activation].words}.")}


CELL = Cell("rnn", "simple recurrent network", ("h",), shapes, step)
