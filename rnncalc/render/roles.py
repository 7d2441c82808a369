"""The colour of each role of a quantity on a page: never colour alone, its name always stands beside it."""

from __future__ import annotations

from typing import NamedTuple

from rnncalc.network.cells import cell
from rnncalc.network.families import WHY, Role
from rnncalc.network.families import E as EMBEDDED
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity

COLOURS: dict[str, str] = {
    Role.GIVEN: "default",
    Role.INPUT: "cyan",
    Role.HIDDEN: "blue",
    Role.OUTPUT: "green",
    Role.LOSS: "red",
    Role.GRADIENT: "magenta",
    Role.NEW: "yellow",
    "caption": "dim",
    "label": "dim",
    "words": "dim",
    "name": "bold",
    "heading": "bold",
    "": "default",
}
"""The terminal's colour for each role; terminals let their users choose what these look like."""
SERIES = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#000000")
"""Colours for the lines of a picture that everybody tells apart, by Okabe and Ito."""

READ, MEMORY, BIAS, OUTPUT = "read", "memory", "bias", "output"
GATES = ("gate 1", "gate 2", "gate 3", "gate 4")


class Shade(NamedTuple):
    """A light colour to write on, that of the border around it, and that of what is written on it."""

    fill: str
    border: str
    font: str = "000000"


SHADES: dict[str, Shade] = {
    READ: Shade("DCEFFB", "56B4E9", "0B4F79"),
    MEMORY: Shade("A9CCE8", "0072B2", "002B4A"),
    GATES[0]: Shade("FCE4B8", "E69F00", "5C3D00"),
    GATES[1]: Shade("E2DCF4", "7B68C8", "2F2470"),
    GATES[2]: Shade("EFEFC0", "999933", "45450B"),
    GATES[3]: Shade("CDEBE7", "44AA99", "0C4540"),
    BIAS: Shade("E7E7E7", "7F7F7F", "404040"),
    "hidden": Shade("D6EAF8", "0072B2"),
    OUTPUT: Shade("D5F0E6", "009E73"),
    "loss": Shade("FBE0D0", "D55E00"),
    "gradient": Shade("F5E0EC", "CC79A7"),
    "new": Shade("E4DFF3", "5E4FA2"),
}
"""The colours of each of the ``TINTS``: Okabe and Ito's, which the colour-blind tell apart, lightened."""
TINTS = tuple(SHADES)
"""What a number has to do with, each with a colour of its own, the same on weights and operands as on results."""


def tint(q: Quantity, problem: Problem) -> str:
    """Which of the ``TINTS`` a quantity has: what is read and its weights, memory and its weights, each gate, biases,
    the output and its weights, the loss, gradients, new weights; hidden for all others."""
    if q.is_gradient:
        return "gradient"
    role, family = q.role, q.family
    if role in (Role.LOSS, Role.NEW):
        return str(role)
    if family.is_weight:
        if family.is_bias:
            return BIAS
        if family is WHY:
            return OUTPUT
        return MEMORY if family.axes == ("unit", "unit") else READ
    layer = next((layer for layer in problem.layers if layer.mark == q.layer), None)
    if layer is not None and family in cell(layer.cell).families:
        if q.family.name in cell(layer.cell).states:
            return MEMORY
        gates = list(dict.fromkeys(f.gate for f in cell(layer.cell).families if f.gate))
        return GATES[gates.index(family.gate) % len(GATES)] if family.gate else "hidden"
    if family.axes[0] == "out" and role == Role.OUTPUT:
        return OUTPUT
    return READ if role == Role.INPUT or family is EMBEDDED else "hidden"
