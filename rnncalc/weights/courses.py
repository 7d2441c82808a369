"""Names that courses and books give the weights of their networks, beside those of this package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rnncalc.language.trees import Array

_WHOLE: Mapping[str, Mapping[str, str]] = {
    "Waa": {"Wax": "Wxh", "Waa": "Whh", "ba": "bh", "Wya": "Why", "by": "by", "a0": "h_0"},
    "U": {"U": "Wxh", "W": "Whh", "b": "bh", "V": "Why", "c": "by", "h_0": "h_0"},
}
"""By the name that tells them from others: a is the state in one, U reads the input in the other."""
_SPLIT = re.compile(r"(W)_([xh])([a-z])|(b)_([a-z])")


def in_columns(stored: Iterable[str]) -> Mapping[str, str]:
    """The names of this package for those of a course that always computes W·x; none where no course is known."""
    given = set(stored)
    return next((names for sign, names in _WHOLE.items() if sign in given and given <= set(names)), {})


def renamed(stored: Mapping[str, Array]) -> tuple[dict[str, Array], tuple[str, ...]]:
    """The arrays by the names of this package, and what is to be said of it; as they are where no course is known."""
    names = in_columns(stored) or None
    if names is None and stored and all(map(_SPLIT.fullmatch, stored)):
        names = _with_lines(stored)
    if names is None or len({names[name] for name in stored}) < len(stored):
        return dict(stored), ()
    pairs = ", ".join(f"{names[name]} = {name}" for name in stored if names[name] != name)
    return {names[name]: array for name, array in stored.items()}, (f"Read as {pairs}.",) if pairs else ()


def _with_lines(stored: Mapping[str, Array]) -> dict[str, str]:
    """W_xh, W_hh, b_h, W_hq, b_q: an output q or y, and in a gru h, in an lstm c, for what is called n and g here."""
    gates = {"h": "n"} if "W_xz" in stored else {"c": "g"} if "W_xc" in stored else {}
    lines = {}
    for name in stored:
        kind, letter = name[:-1].replace("_", ""), name[-1]
        output = letter in "qy"
        lines[name] = f"{kind}{'y' if output else gates.get(letter, letter)}"
    return lines
