"""The colours of the numbers on a page: an area, an edge and an ink for each role, on screens light and dark."""

from __future__ import annotations

from importlib.resources import files

from rnncalc.render.html_style import PAPER
from rnncalc.render.roles import COLOURS, Colour

_SHARE = 0.22
"""How much of its colour the area of a number has on a dark page."""


def page_style() -> str:
    """All rules of a page that still pages do not have."""
    own = (files("rnncalc.page") / "scripts" / "page.css").read_text(encoding="utf-8")
    return "\n".join([own, _tints(0), f"@media screen and (prefers-color-scheme: dark) {{\n{_tints(1)}\n}}"])


def _tints(which: int) -> str:
    return "\n".join(_tint(role, colour, which) for role, colour in COLOURS.items() if role)


def _tint(role: str, colour: Colour, which: int) -> str:
    """The rule of a role; what is given and has no colour of its own stands on paper."""
    fill, edge, font = (f"#{part}" for part in colour.shade)
    if which:
        fill, font = _mixed(edge, PAPER[1]) if colour.shade.fill != "FFFFFF" else PAPER[1], colour.ink[1]
    return f".tint-{role} {{ --area: {fill}; --edge: {edge}; --ink-on: {font}; }}"


def _mixed(colour: str, paper: str) -> str:
    """A colour thinned with that of the page."""
    pairs = ((int(colour[i : i + 2], 16), int(paper[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(_SHARE * a + (1 - _SHARE) * b):02x}" for a, b in pairs)
