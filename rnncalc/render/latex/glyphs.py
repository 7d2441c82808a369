r"""How wide LaTeX sets a formula, estimated from the widths of the glyphs of Computer Modern, and never too narrow.

The estimate takes every sign with the space that TeX may put around it, and a delimiter in its widest form; so a
formula that fits by this measure fits on the page.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Type(NamedTuple):
    r"""A size of type: LaTeX's command for it, its factors for text, indices and indices of indices (the small fonts of
    Computer Modern are wider than those of 10 points made smaller), the distance of lines, and the ``gap`` that a
    matrix has beside each column (``\arraycolsep``), in points.
    """

    command: str
    text: float
    script: float
    scriptscript: float
    line: float
    gap: float


SIZES = (
    Type("", 1.0, 0.84, 0.76, 12.0, 5.0),
    Type(r"\small", 0.94, 0.79, 0.76, 11.0, 4.0),
    Type(r"\footnotesize", 0.87, 0.79, 0.76, 9.5, 3.0),
    Type(r"\scriptsize", 0.82, 0.76, 0.76, 8.0, 2.0),
)
NORMAL = SIZES[0]

_UPRIGHT = {
    **dict.fromkeys("0123456789aegov*/$\\^{}~", 5.01), **dict.fromkeys("bdhkpqnuxy", 5.56),
    **dict.fromkeys("cz", 4.45), **dict.fromkeys("fj", 3.06), **dict.fromkeys("il!',.:;`[]_", 2.78), "m": 8.34,
    "r": 3.92, "s": 3.95, "t": 3.89, "w": 7.23, "I": 3.62, "J": 5.14, "S": 5.56, "Z": 6.12, "L": 6.26, "M": 9.17,
    "W": 10.28, "-": 3.34, " ": 3.34, "(": 3.89, ")": 3.89, "?": 4.73, "<": 7.78, ">": 7.78, "=": 7.78, "+": 7.78,
    "@": 7.78, "&": 7.78, "#": 8.34, "%": 8.34, "|": 2.78, '"': 5.0, **dict.fromkeys("BDEFHKNOPQRTUVXYACG", 7.85),
}  # fmt: skip
_ITALIC = {
    **dict.fromkeys("bcegioqrst", 5.03), **dict.fromkeys("adkpvyz", 5.31), **dict.fromkeys("fhnux", 6.01), "j": 4.7,
    "l": 3.19, "m": 8.79, "w": 7.45, "E": 7.98, "M": 10.81, "W": 10.85,
    **dict.fromkeys("ABCDFGHIJKLNOPQRSTUVXYZ", 9.23),
}  # fmt: skip
"""With the space that an italic letter needs behind it."""
_THIN, _MEDIUM, _THICK = 1.67, 2.23, 2.78
_SIGNS = {
    "=": 7.78 + 2 * _THICK, "<": 7.78 + 2 * _THICK, ">": 7.78 + 2 * _THICK, "+": 7.78 + 2 * _MEDIUM,
    "-": 7.78 + 2 * _MEDIUM, ",": 2.78 + _THIN, ".": 2.78, "/": 5.01, "(": 3.89, ")": 3.89, "[": 2.78, "]": 2.78,
    "|": 2.78, "!": 2.78, r"\cdot": 2.78 + 2 * _MEDIUM, r"\odot": 7.78 + 2 * _MEDIUM, r"\times": 7.78 + 2 * _MEDIUM,
    r"\cdots": 11.7 + 2 * _THIN, r"\dots": 11.7 + 2 * _THIN, r"\vdots": 2.78, r"\ddots": 12.8, r"\partial": 5.95,
    r"\eta": 5.33, r"\sigma": 6.1, r"\top": 7.78, r"\sum": 14.5 + 2 * _THIN, r"\lVert": 5.01, r"\rVert": 5.01,
    r"\Vert": 5.01, r"\|": 5.01, r"\quad": 10.1, r"\qquad": 20.2, r"\,": _THIN, r"\;": _THICK, r"\ ": 3.34,
    r"\to": 10.01, r"\le": 7.78, r"\mapsto": 10.01, r"\hookleftarrow": 10.01, r"\textbackslash": 5.01,
    r"\textasciicircum": 5.01, r"\textasciitilde": 5.01, r"\textvisiblespace": 5.01, r"\{": 5.01, r"\}": 5.01,
    r"\$": 5.01, r"\&": 7.78, r"\#": 8.34, r"\_": 5.01, r"\%": 8.34, r"\allowbreak": 0.0, r"\displaystyle": 0.0,
    r"\Big": 1.0, r"\biggl": 5.0, r"\biggr": 5.0, r"\left": 6.0, r"\right": 6.0, r"\limits": 0.0,
}  # fmt: skip
_WORDS = (r"\text", r"\mathrm", r"\mathit", r"\texttt")
_UNKNOWN = 10.01
"""A letter beyond ASCII: as wide as a letter of Chinese, which fills a square."""
_FRACTION = 2.4 + 2 * _THIN
_ROOT = 8.4
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)


def tokens(latex: str) -> list[str]:
    r"""The commands and signs of a formula, without blanks outside of ``\text``, which LaTeX does not see."""
    return _TOKEN.findall(latex)


@lru_cache(maxsize=4096)
def width(latex: str, size: Type = NORMAL, *, level: int = 0, upright: bool = False) -> float:
    """How wide a formula is at most, in points; ``level`` 1 as an index, 2 as one of an index; ``upright`` as text.

    Matrices have a measure of their own, see rnncalc.render.latex.matrix.
    """
    return _run(tokens(latex), size, level, upright)


def _run(given: list[str], size: Type, level: int, upright: bool) -> float:
    total = 0.0
    factor = (size.text, size.script, size.scriptscript)[min(level, 2)]
    i = 0
    while i < len(given):
        token = given[i]
        i += 1
        if token in ("^", "_") and not upright:
            arguments, i = _arguments(given, i, 1)
            above = _run(arguments[0], size, level + 1, upright=False)
            # An index and an exponent stand above each other; here they stand side by side, which is never too narrow.
            total += above + 0.5
        elif token in (r"\frac", r"\tfrac"):
            arguments, i = _arguments(given, i, 2)
            inner = level + (1 if level or token == r"\tfrac" else 0)
            total += max(_run(a, size, inner, upright=False) for a in arguments) + _FRACTION * factor
        elif token == r"\sqrt":
            arguments, i = _arguments(given, i, 1)
            total += _run(arguments[0], size, level, upright=False) + _ROOT * factor
        elif token in _WORDS:
            arguments, i = _arguments(given, i, 1)
            total += _run(arguments[0], size, level, upright=True) * (1.06 if token == r"\texttt" else 1.0)
        elif token == "{":
            inside, i = group(given, i)
            total += _run(inside, size, level, upright)
        elif token == "$":
            end = given.index("$", i) if "$" in given[i:] else len(given)
            total += _run(given[i:end], size, level, upright=not upright)
            i = end + 1
        else:
            total += _glyph(token, upright) * factor
    return total


def _glyph(token: str, upright: bool) -> float:
    if upright and token in _UPRIGHT:
        return _UPRIGHT[token]
    if token in _SIGNS:
        return _SIGNS[token]
    if token.isspace():
        return 0.0
    if token.startswith("\\"):
        # The name of a function: its letters upright, and a thin space on either side.
        return sum(_UPRIGHT.get(letter, _UNKNOWN) for letter in token[1:]) + 2 * _THIN
    table = _UPRIGHT if upright or token.isdecimal() else _ITALIC
    return table.get(token, _UPRIGHT.get(token, _UNKNOWN))


def _arguments(given: list[str], start: int, count: int) -> tuple[list[list[str]], int]:
    arguments: list[list[str]] = []
    while len(arguments) < count and start < len(given):
        if given[start].isspace():
            start += 1
        elif given[start] == "{":
            inside, start = group(given, start + 1)
            arguments.append(inside)
        else:
            arguments.append([given[start]])
            start += 1
    return arguments + [[]] * (count - len(arguments)), start


def group(given: list[str], start: int) -> tuple[list[str], int]:
    """What stands in braces, and where it goes on behind them."""
    depth, end = 1, start
    while end < len(given):
        depth += {"{": 1, "}": -1}.get(given[end], 0)
        if not depth:
            return given[start:end], end + 1
        end += 1
    return given[start:], end
