"""The line of words under a quantity, looked up by its family and by what it is of it: a gradient, a share, a sum."""

from __future__ import annotations

from collections.abc import Mapping

from rnncalc.network.families import By, Words, worded
from rnncalc.network.names import Name

_SUM = "The sum of the squares of this weight's gradients so far."
_VELOCITY = "The velocity of this weight: 0.9 of the one before, plus the gradient."
_WHICH: dict[str, Words] = {
    "out": By(
        "flow", {"": "Contribution of this step's own output.", "none": "Zero: this step has no loss of its own."}
    ),
    "next": By(
        "flow",
        {
            "": "Contribution of the next step.",
            "last": "Zero: there is no step after the last one.",
            "cut": "Zero: the gradient is cut here, between two windows.",
        },
    ),
    "clipped": "The gradient, clipped.",
    "new": "The new weight: a step of size eta against the gradient.",
    "sum": _SUM,
    "sum_new": _SUM,
    "velocity": _VELOCITY,
    "velocity_new": _VELOCITY,
}
_SHARE = "This step's contribution to the gradient of {name}."
_TOTAL = "The gradient of {name}: the contributions of all steps added up."
_INITIAL = "Gradient with respect to the initial state; shown, but never updated."


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
