"""The colour of each number on a page, by what it has to do with: never colour alone, its name always stands beside it.

The same everywhere: on a terminal, on a web page, in a workbook and in a drawing, on operands as on results.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from rnncalc.network.cell import Cell
from rnncalc.network.cells import CELLS
from rnncalc.network.families import WHY, WV, WXE, Family, Role
from rnncalc.network.families import E as EMBEDDED
from rnncalc.network.pictures import Box, Picture
from rnncalc.network.quantity import Quantity

READ, MEMORY, BIAS, HIDDEN, OUTPUT = "read", "memory", "bias", "hidden", "output"
GATES = ("gate-1", "gate-2", "gate-3", "gate-4")

COLOURS: dict[str, str] = {
    Role.GIVEN: "default",
    READ: "cyan",
    MEMORY: "blue",
    GATES[0]: "dark_orange3",
    GATES[1]: "medium_purple",
    GATES[2]: "yellow4",
    GATES[3]: "light_sea_green",
    BIAS: "dim",
    HIDDEN: "steel_blue",
    OUTPUT: "green",
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
"""The terminal's colour for each; terminals let their users choose what the first sixteen look like."""
SERIES = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#000000")
"""Colours for the lines of a picture that everybody tells apart, by Okabe and Ito."""


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
    HIDDEN: Shade("D6EAF8", "0072B2"),
    OUTPUT: Shade("D5F0E6", "009E73"),
    Role.LOSS: Shade("FBE0D0", "D55E00"),
    Role.GRADIENT: Shade("F5E0EC", "CC79A7"),
    Role.NEW: Shade("E4DFF3", "5E4FA2"),
}
"""The colours of each on paper and in a workbook: Okabe and Ito's, which the colour-blind tell apart, lightened."""


def tint(q: Quantity) -> str:
    """What a quantity has to do with: what is read, memory, a gate, the output, each with the weights that belong to
    it; a bias; the loss; a gradient; a new weight; given, of any other given number; hidden, of all others."""
    if q.is_gradient:
        return str(Role.GRADIENT)
    if q.role == Role.NEW:
        return str(Role.NEW)
    return _of_family(q.family, q.role)


def tints(picture: Picture) -> dict[str, str]:
    """What each table of a picture has to do with, by the name of its quantity."""
    return {box.quantity.name: tint(box.quantity) for box in picture if isinstance(box, Box)}


@cache
def _of_family(family: Family, role: Role) -> str:
    if family.is_weight:
        if family.is_bias:
            return BIAS
        if family in (WHY, WV, WXE):
            return {WHY: OUTPUT, WV: HIDDEN, WXE: READ}[family]
        return MEMORY if family.axes == ("unit", "unit") else READ
    cell = _cell_of(family)
    if cell is not None:
        if family.name in cell.states:
            return MEMORY
        gates = list(dict.fromkeys(f.gate for f in cell.families if f.gate))
        return GATES[gates.index(family.gate) % len(GATES)] if family.gate else HIDDEN
    if role == Role.INPUT or family is EMBEDDED:
        return READ
    return str(role)


def _cell_of(family: Family) -> Cell | None:
    """The cell that brings a family; it was loaded when the quantity was made."""
    return next((cell for cell in CELLS.values() if cell is not None and family in cell.families), None)
