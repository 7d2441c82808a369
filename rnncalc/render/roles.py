"""The colour of each role of a quantity on a page: never colour alone, its name always stands beside it."""

from __future__ import annotations

from rnncalc.network.families import Role

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
