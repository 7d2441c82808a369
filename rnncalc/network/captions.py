"""The line of words under a quantity, looked up by its family and by what it is of it: a gradient, a share, a sum."""

from __future__ import annotations

from collections.abc import Mapping

from rnncalc.network.families import By, Words, worded
from rnncalc.network.names import Name

_SUM = "The squares of this weight's gradients, added up so far."
_WHICH: dict[str, Words] = {
    "out": By(
        "flow", {"": "What this step's own output sends back.", "none": "Nothing: this step has no loss of its own."}
    ),
    "next": By(
        "flow",
        {
            "": "What flows back from the next step.",
            "last": "Nothing flows back: no step follows the last.",
            "cut": "Nothing flows back: the flow is cut here, between two windows.",
        },
    ),
    "clipped": "The gradient, clipped.",
    "new": "The new weight: a step of size eta against the gradient.",
    "sum": _SUM,
    "sum_new": _SUM,
}
_SHARE = "This step's share of the gradient of {name}."
_TOTAL = "The gradient of {name}: the shares of all steps added up."
_INITIAL = "What flows back to the initial state; shown, never updated."


def caption(name: Name, settings: Mapping[str, str]) -> str:
    """The sentence for a quantity; of a weight or an initial state where its numbers came from, if that is known."""
    family = name.family
    if name.which in _WHICH:
        return worded(_WHICH[name.which], settings)
    if not name.is_gradient:
        return settings["origin"] if "origin" in settings else worded(family.words, settings)
    if family.is_weight:
        return (_SHARE if name.is_share else _TOTAL).format(name=name.of.text)
    return _INITIAL if name.step == 0 else worded(family.back, settings)
