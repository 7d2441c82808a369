"""Names that a person typed, or that stand as keys in a file: the only place where a name is taken apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from rnncalc.network.cells import CELLS, cell
from rnncalc.network.families import FAMILIES, LOSS, Family
from rnncalc.network.names import Name

_PLAIN_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", "01234567890123456789")
_ELEMENT = re.compile(
    r"(?P<name>(?:∂E/∂|dE/d)?[A-Za-zη]\w*(?:⁽[⁰¹²³⁴⁵⁶⁷⁸⁹]+⁾|\^\(\d+\))?(?:[₀-₉]+|_\d+)?(?:\|[\w₀-₉]+)?(?: new)?"
    r"|‖∂E‖|\|\|dE\|\||clip norm)"
    r"(?:\[(?P<in>.+)\]|:(?P<behind>.+))?",
    re.ASCII | re.DOTALL,
)


class Typed(NamedTuple):
    """An element as someone typed it: what they call the quantity, and its place in it, nothing for the whole of it."""

    name: str
    place: str


class Apart(NamedTuple):
    """A name cut at its lines: ``dh_out_L2_3`` is ``dh_out``, step 3, layer ``L2``."""

    bare: str
    step: int | None
    layer: str = ""


def split(name: str) -> Apart:
    """Cut a name into what it begins with, its time step and its layer."""
    first, *parts = name.split("_")
    step = int(parts.pop()) if parts and parts[-1].isdecimal() else None
    layer = next((part for part in parts if part[:1] in ("L", "D") and part[1:].isdecimal()), "")
    return Apart("_".join([first, *(part for part in parts if part != layer)]), step, layer)


def families() -> dict[str, Family]:
    """The families that there are, of the network and of every cell that is registered, by name."""
    return FAMILIES | {family.name: family for kind in CELLS for family in cell(kind).families}


def parse(name: str) -> Name:
    """The parts of a name; what is no family that there is, is one of its own."""
    (bare, step, layer), known = split(name), families()
    if bare in known:
        return Name(known[bare], step, layer)
    base, _, which = bare.partition("_")
    if base.startswith("d") and base[1:] in known:
        return Name(known[base[1:]], step, layer, is_gradient=True, which=which)
    return Name(known.get(base) or Family(base), step, layer, which=which)


def layer_count(names: Mapping[str, object], letter: str) -> int:
    """How many layers the names of some weights speak of: "L" recurrent ones, "D" dense ones."""
    marks = [split(name).layer for name in names]
    numbers = [int(mark[1:]) for mark in marks if mark.startswith(letter)]
    return max([1 if letter == "L" else 0, *numbers])


def parse_element(text: str) -> Typed | None:
    """Read ``h_2``, ``h₂[1]``, ``h_2:1``, ``∂E/∂Wxh[3,2]`` or ``p_2[e]``; None where the text is none of these."""
    match = _ELEMENT.fullmatch(text.strip())
    return None if match is None else Typed(match["name"], match["in"] or match["behind"] or "")


def looks_like_element(text: str) -> bool:
    """Whether an argument is shaped like a quantity's name or symbol, so that it ends TEXT on a command line."""
    element = parse_element(text)
    if element is None:
        return False
    typed, known = folded(element.name), families()
    if typed in (folded(family.symbol) for family in known.values() if family.symbol != family.name):
        return True
    body, _, _ = typed.removeprefix("dE/d").partition("|")
    first, _, step = body.partition("_")
    if first == LOSS.symbol and step.isdecimal():
        return True
    plain, _, _ = body.partition("^(")  # a layer stands behind the family
    return parse(plain.removesuffix("new") if element.name.endswith(" new") else plain).family.name in known


def folded(text: str) -> str:
    """What a symbol and the ways to type it have in common: ``∂E/∂h⁽²⁾₃|out`` and ``dE/dh^(2)_3|out``."""
    plain = re.sub("[₀-₉]+", lambda m: f"_{m[0].translate(_PLAIN_DIGITS)}", text)
    plain = re.sub("⁽([⁰¹²³⁴⁵⁶⁷⁸⁹]+)⁾", lambda m: f"^({m[1].translate(_PLAIN_DIGITS)})", plain)
    plain = plain.replace("∂", "d").replace("η", "eta").replace("‖", "||").replace(" ", "")
    return re.sub(r"\|_?(?=\d+$)", "_", plain)
