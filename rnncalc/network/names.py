"""Names of quantities (``h_2``, ``dWxh``), of their elements (``h_2[1]``, ``Wxh:3,2``), and their symbols (h₂).

A name is typed by people, written as a defined name in workbooks and used as a key in JSON; a symbol is what
a page shows, and may be typed too. Time steps count from 1; index 0 is the initial state. Elements count from 1. A
further recurrent layer has ``_L2`` before the time (``h_L2_3``, h⁽²⁾₃), a dense layer of the head ``_D1``.
"""

from __future__ import annotations

from typing import NamedTuple

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", "01234567890123456789")
_FAMILIES = {
    "Wxh", "Whh", "bh", "Why", "by", "x", "target", "eta", "clip", "clip_norm",
    "Wxe", "e", "Wv", "bv", "av", "v", "wx", "wh", "a", "h", "y", "exp", "p", "loss", "grad_norm",
    *(f"{kind}{gate}" for kind in ("Wx", "Wh", "b", "a", "") for gate in "ifgorzn"), "bhn", "c", "tc", "rh", "hn",
}  # fmt: skip
_PLAIN = {"loss": "E", "eta": "η", "grad_norm": "‖∂E‖", "clip_norm": "clip norm"}
_LATEX = {
    "loss": "E", "eta": r"\eta", "grad_norm": r"\lVert \partial E \rVert", "clip": r"\mathrm{clip}",
    "clip_norm": r"\mathrm{clip}", "wx": r"\mathit{wx}", "wh": r"\mathit{wh}", "target": r"\mathrm{target}",
    "exp": r"\mathrm{exp}", **{name: rf"\mathit{{{name}}}" for name in ("tc", "rh", "hn")},
    **{f"a{gate}": rf"a^{{{gate}}}" for gate in "ifgorzn"},
}  # fmt: skip


class Name(NamedTuple):
    """A name taken apart: ``dh_out_L2_3`` is family ``dh_out``, step 3, layer ``L2``."""

    family: str
    step: int | None
    layer: str = ""

    @property
    def place(self) -> str:
        """Family and layer, without the time: what steps have in common."""
        return layered(self.family, self.layer)


class Typed(NamedTuple):
    """An element as someone typed it: what they call the quantity, and its place in it, nothing for the whole of it."""

    name: str
    place: str


def split(name: str) -> Name:
    """Take a quantity's name apart into its family, its time step and its layer."""
    first, *parts = name.split("_")
    step = int(parts.pop()) if parts and parts[-1].isdecimal() else None
    layer = next((part for part in parts if part[:1] in ("L", "D") and part[1:].isdecimal()), "")
    return Name("_".join([first, *(part for part in parts if part != layer)]), step, layer)


def layered(family: str, layer: str) -> str:
    """``h`` of the layer ``L2``: ``h_L2``; of the first layer, which has no mark, ``h``."""
    return f"{family}_{layer}" if layer else family


def layer_name(number: int) -> str:
    """The mark of a recurrent layer: nothing for the first, L2 for the second."""
    return f"L{number}" if number > 1 else ""


def parse_element(text: str) -> Typed | None:
    """Read ``h_2``, ``h₂[1]``, ``h_2:1``, ``∂E/∂Wxh[3,2]`` or ``p_2[e]``; None where the text is none of these."""
    import re

    name = (
        r"(?:∂E/∂|dE/d)?[A-Za-zη]\w*(?:⁽[⁰¹²³⁴⁵⁶⁷⁸⁹]+⁾|\^\(\d+\))?(?:[₀-₉]+|_\d+)?(?:\|[\w₀-₉]+)?(?: new)?"
        r"|‖∂E‖|\|\|dE\|\||clip norm"
    )
    match = re.fullmatch(rf"(?P<name>{name})(?:\[(?P<in>.+)\]|:(?P<behind>.+))?", text.strip(), re.ASCII | re.DOTALL)
    return None if match is None else Typed(match["name"], match["in"] or match["behind"] or "")


def looks_like_element(text: str) -> bool:
    """Whether an argument is shaped like a quantity's name or symbol, so that it ends TEXT on a command line."""
    element = parse_element(text)
    if element is None:
        return False
    typed = folded(element.name)
    if typed in map(folded, _PLAIN.values()):
        return True
    body, _, _ = typed.removeprefix("dE/d").partition("|")
    first, _, step = body.partition("_")
    if first == _PLAIN["loss"] and step.isdecimal():
        return True
    plain, _, _ = body.partition("^(")  # a layer stands behind the family
    base, _, _ = _parts(split(plain.removesuffix("new") if element.name.endswith(" new") else plain).family)
    return base in _FAMILIES


def folded(text: str) -> str:
    """What a symbol and the ways to type it have in common: ``∂E/∂h⁽²⁾₃|out`` and ``dE/dh^(2)_3|out``."""
    import re

    plain = re.sub("[₀-₉]+", lambda m: f"_{m[0].translate(_PLAIN_DIGITS)}", text)
    plain = re.sub("⁽([⁰¹²³⁴⁵⁶⁷⁸⁹]+)⁾", lambda m: f"^({m[1].translate(_PLAIN_DIGITS)})", plain)
    plain = plain.replace("∂", "d").replace("η", "eta").replace("‖", "||").replace(" ", "")
    return re.sub(r"\|_?(?=\d+$)", "_", plain)


def element_name(name: str, row: int, column: int, shape: tuple[int, int]) -> str:
    """``h_2[1]`` for a column vector, ``Wxh[3,2]`` for a matrix, the bare name for a single number."""
    return name + index(row, column, shape)


def index(row: int, column: int, shape: tuple[int, int]) -> str:
    """The index of an element as pages write it: nothing, ``[row]`` or ``[row,column]``."""
    if shape == (1, 1):
        return ""
    return f"[{row}]" if shape[1] == 1 else f"[{row},{column}]"


def subscript(number: int) -> str:
    """12 → ₁₂."""
    return str(number).translate(_SUBSCRIPTS)


def _parts(family: str) -> tuple[str, bool, str]:
    """``dh_out`` → ("h", True, "out"): what it belongs to, whether it is a gradient of that, and which."""
    base, _, suffix = family.partition("_")
    if family in _FAMILIES:
        return family, False, ""
    if base.startswith("d") and base[1:] in _FAMILIES:
        return base[1:], True, suffix
    return base, False, suffix


def symbol(name: str) -> str:
    """What a page shows for a name: h_2 → h₂, loss_2 → E₂, dWxh → ∂E/∂Wxh, dWxh_2 → ∂E/∂Wxh|₂ (step 2's share)."""
    family, step, layer = split(name)
    base, gradient, suffix = _parts(family)
    plain = _PLAIN.get(base, base) + (f"⁽{layer[1:].translate(_SUPERSCRIPTS)}⁾" if layer else "")
    below = "" if step is None else subscript(step)
    if not gradient:
        return plain + below + (f" {suffix}" if suffix else "")
    share = "|" if is_parameter(base) and below else ""
    text = f"∂E/∂{plain}{share}{below}"
    return text + (f"|{suffix}" if suffix else "")


def latex_symbol(name: str) -> str:
    """The same in LaTeX mathematics."""
    family, step, layer = split(name)
    base, gradient, suffix = _parts(family)
    above = [f"({layer[1:]})"] if layer else []
    if is_parameter(base):
        plain, below = f"{base[0]}_{{{base[1:]}}}", ""
    else:
        plain = _LATEX.get(base, base)
        below = "" if step is None else f"_{{{step}}}"
        plain = f"{{{plain}}}" if above and "^" in plain else plain
    if suffix and not gradient:
        above.append(rf"\mathrm{{{suffix}}}")
    text = plain + below + (f"^{{{' '.join(above)}}}" if above else "")
    text = f"{{{text}}}" if layer else text  # so that a transpose or a square finds room above it
    if not gradient:
        return text
    text = rf"\frac{{\partial E}}{{\partial {text}}}"
    if is_parameter(base) and step is not None:
        suffix = f"{suffix} {step}".strip()
    return text + (rf"\Big|_{{\mathrm{{{suffix}}}}}" if suffix else "")


def is_gradient(name: str) -> bool:
    """Whether a name is that of a gradient: dWhh, dh_out_2."""
    return _parts(split(name).family)[1]


def is_parameter(family: str) -> bool:
    """Whether a family is a weight or bias, which all time steps share."""
    return family[0] in "Wb" and len(family) > 1
