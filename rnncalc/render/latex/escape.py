"""Text as LaTeX prints it."""

from __future__ import annotations

import re

from rnncalc.io.visible import visible

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "−": "$-$", "×": r"$\times$", "…": r"\dots{}", "–": "--",
    "σ": r"$\sigma$", "<": r"$<$", ">": r"$>$", "|": r"$|$", '"': "{''}", "→": r"$\to$",
    "∂": r"$\partial$", "‖": r"$\|$", "Σ": r"$\sum$", "·": r"$\cdot$", "⊙": r"$\odot$", "ᵀ": r"$^{\top}$",
    "η": r"$\eta$", "⁽": "$^($", "⁾": "$^)$", **{c: f"$^{i}$" for i, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}, "½": r"$\frac12$",
    "≤": r"$\le$", **{chr(0x2080 + i): f"$_{i}$" for i in range(10)},
    "ₜ": "$_t$", "₊": "$_+$", "₋": "$_-$",
    "␣": r"\textvisiblespace{}", "↵": r"$\hookleftarrow$", "⇥": r"$\mapsto$",
}  # fmt: skip
_LIGATURES = ("--", "''", "``", "?`", "!`", ",,", "<<", ">>")
_LONGEST_WORD = 16


def escape(text: str) -> str:
    """Text so that LaTeX prints it as it is; no two of its letters run together into another sign."""
    shown = visible(text)
    escaped = [_SPECIAL.get(c, c) for c in shown]
    apart = [f"{{}}{c}" if i and shown[i - 1 : i + 1] in _LIGATURES else c for i, c in enumerate(escaped)]
    return "".join(apart)


def number(text: str) -> str:
    """A number as LaTeX mathematics: 3.000e-09 as three times ten to the power of minus nine."""
    mantissa, e, power = text.partition("e")
    return rf"{{{mantissa} \cdot 10^{{{int(power)}}}}}" if e else text


def prose(text: str) -> str:
    """The same for a paragraph: a word longer than a line may break after any letter, without a hyphen."""
    return "".join(map(_breakable, re.split(r"(\s+)", text)))


def _breakable(word: str) -> str:
    if len(word) <= _LONGEST_WORD:
        return escape(word)
    return r"\allowbreak{}".join(escape(letter) for letter in visible(word))
