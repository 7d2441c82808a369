"""The role that a quantity plays on a page, and so its colour: never colour alone, its name always stands beside it."""

from __future__ import annotations

from rnncalc.network import names
from rnncalc.network.trace import Quantity

_FAMILIES = {
    **dict.fromkeys(("x", "target"), "input"),
    **dict.fromkeys(("wx", "wh", "a", "h"), "hidden"),
    **dict.fromkeys(("e", "av", "v"), "hidden"),
    **dict.fromkeys(("y", "exp", "p"), "output"),
}
COLOURS = {
    "given": "default",
    "input": "cyan",
    "hidden": "blue",
    "output": "green",
    "loss": "red",
    "gradient": "magenta",
    "new": "yellow",
    "caption": "dim",
    "label": "dim",
    "words": "dim",
    "name": "bold",
    "heading": "bold",
    "": "default",
}
"""The terminal's colour for each role; terminals let their users choose what these look like."""


def role(quantity: Quantity) -> str:
    """given, input, hidden, output, loss, gradient or new."""
    family = names.split(quantity.name).family
    if quantity.stage == "given":
        return _FAMILIES.get(family, "given") if quantity.step else "given"
    if quantity.stage == "backward":
        return "gradient"
    if quantity.stage == "update":
        return "new" if family.endswith("_new") else "gradient"
    return "loss" if quantity.stage == "loss" else _FAMILIES.get(family, "hidden")
