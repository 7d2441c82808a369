"""The simple recurrent cell (Elman, 1990): h_t = f(Wxh · x_t + Whh · h_{t−1} + bh)."""

from __future__ import annotations

from collections.abc import Mapping

from rnncalc.language import ACTIVATIONS, add, matmul, scale, shift
from rnncalc.language.trees import Term
from rnncalc.network.cell import Add, Cell
from rnncalc.network.families import BOTH, EACH_STEP, MEMORY, PASSES_ON, READS, By, Family, weight
from rnncalc.network.quantity import Quantity

_ONE_SCALE = (
    "one number, shared: it multiplies the previous value of each of the {units} (a full Whh would be "
    "{hidden}×{hidden})"
)
_ONE_BIAS = "one number, shared: added to each of the {units} (frameworks use one per unit)"
FAMILIES = (
    weight("Wxh", READS, ("unit", "below")),
    weight("Whh", By("shared", {"": PASSES_ON, "yes": _ONE_SCALE}), ("unit", "unit"), shared=True),
    weight("bh", By("shared", {"": EACH_STEP, "yes": _ONE_BIAS}), shared=True),
    Family("wx", "Contribution of {current}.", "Gradient with respect to the contribution of {current}."),
    Family(
        "wh",
        "Contribution of the previous hidden state, plus the bias.",
        "Gradient with respect to the contribution of the previous hidden state.",
    ),
    Family(
        "a",
        "Both contributions added up, before the activation.",
        "Back through the activation: its slope times the gradient of the hidden state.",
    ),
    Family("h", "The new hidden state: {activation_words}.", BOTH, MEMORY),
)


def step(
    put: Add, weights: Mapping[str, Term], x: Term, states: Mapping[str, Term], activation: str
) -> dict[str, Quantity]:
    """One step: wx_t = Wxh · x_t, wh_t = Whh · h_{t−1} + bh, a_t = wx_t + wh_t, h_t = f(a_t); all hidden × 1.

    Whh and bh are one shared number each, or hidden × hidden and hidden × 1.
    """
    recurrent, bias, h = weights["Whh"], weights["bh"], states["h"]
    wx = put("wx", matmul(weights["Wxh"], x))
    # A 1×1 weight is one number that all units share; of a single unit it is both, and scaling is the plainer reading.
    past = (scale if recurrent.value.shape[-2:] == (1, 1) else matmul)(recurrent, h)
    shared = bias.value.shape[-2:] == (1, 1)
    wh = put("wh", (shift if shared else add)(past, bias))
    return {"h": put("h", ACTIVATIONS[activation](put("a", add(wx, wh))))}


CELL = Cell("rnn", "simple recurrent network", ("h",), FAMILIES, step, ("wx", "wh"))
