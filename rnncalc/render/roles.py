"""The colour of each number on a page, by what it has to do with: never colour alone, its name always stands beside it.

The same everywhere: on a terminal, on a web page, in a workbook and in a drawing, on operands as on results.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from rnncalc.network.cells import CELLS
from rnncalc.network.families import WHY, WV, WXE, Family, Role
from rnncalc.network.families import E as EMBEDDED
from rnncalc.network.pictures import Box, Picture
from rnncalc.network.quantity import Quantity

READ, MEMORY, BIAS, HIDDEN, OUTPUT = "read", "memory", "bias", "hidden", "output"
GATES = ("gate-1", "gate-2", "gate-3", "gate-4")


class Shade(NamedTuple):
    """A light colour to write on, that of the border around it, and that of what is written on it."""

    fill: str
    border: str
    font: str = "000000"


class Colour(NamedTuple):
    """A colour wherever it is used: ``terminal``: its name for rich; ``ink``: what is written on a white and on a black
    page, with the contrast that WCAG AA asks for, 4.5 to 1; ``shade``: of a cell in a workbook or a figure."""

    terminal: str
    ink: tuple[str, str] = ("#1a1a1a", "#e8e8e8")
    shade: Shade = Shade("FFFFFF", "7F7F7F")


PLAIN, BOLD, DIM = Colour("default"), Colour("bold"), Colour("dim", ("#595959", "#a8a8a8"))
COLOURS: dict[str, Colour] = {
    Role.GIVEN: PLAIN,
    READ: Colour("cyan", ("#005f69", "#6cd4de"), Shade("DCEFFB", "56B4E9", "0B4F79")),
    MEMORY: Colour("blue", ("#0b4fb3", "#8ab8ff"), Shade("A9CCE8", "0072B2", "002B4A")),
    GATES[0]: Colour("dark_orange3", ("#8a4b00", "#ffb866"), Shade("FCE4B8", "E69F00", "5C3D00")),
    GATES[1]: Colour("slate_blue3", ("#5b3fa8", "#c3b1ff"), Shade("E2DCF4", "7B68C8", "2F2470")),
    GATES[2]: Colour("yellow4", ("#5c5c00", "#d6d67a"), Shade("EFEFC0", "999933", "45450B")),
    GATES[3]: Colour("turquoise4", ("#00605a", "#7fd8cf"), Shade("CDEBE7", "44AA99", "0C4540")),
    BIAS: Colour("dim", DIM.ink, Shade("E7E7E7", "7F7F7F", "404040")),
    HIDDEN: Colour("steel_blue", ("#2f5f8a", "#9cc4e8"), Shade("D6EAF8", "0072B2")),
    OUTPUT: Colour("green", ("#0a6330", "#7fd69a"), Shade("D5F0E6", "009E73", "00513B")),
    Role.LOSS: Colour("red", ("#a81616", "#ff9a92"), Shade("FBE0D0", "D55E00")),
    Role.GRADIENT: Colour("magenta", ("#8a1679", "#f0a0e6"), Shade("F5E0EC", "CC79A7")),
    Role.NEW: Colour("yellow", ("#6d5200", "#e6c454"), Shade("E4DFF3", "5E4FA2")),
    "caption": DIM,
    "label": DIM,
    "words": DIM,
    "name": BOLD,
    "heading": BOLD,
    "": PLAIN,
}
"""What a number has to do with, and the parts of a page. Terminals let their users choose what the first sixteen
colours look like; those of cells are Okabe and Ito's, which the colour-blind tell apart, lightened."""
SERIES = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#000000")
"""Colours for the lines of a picture that everybody tells apart, by Okabe and Ito."""


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
    # that brings the family; it was loaded when the quantity was made
    cell = next((cell for cell in CELLS.values() if cell is not None and family in cell.families), None)
    if cell is not None:
        if family.name in cell.states:
            return MEMORY
        gates = list(dict.fromkeys(f.gate for f in cell.families if f.gate))
        return GATES[gates.index(family.gate) % len(GATES)] if family.gate else HIDDEN
    if role == Role.INPUT or family is EMBEDDED:
        return READ
    return str(role)
