"""Formulas that read a number typed as text, as rnncalc.io.written reads it: signs and digits of other scripts, ×10ⁿ.

A program allows 64 functions within each other, so that the work is done in three hidden cells, one after another.
"""

from __future__ import annotations

from collections.abc import Iterable

_SIGNS = {
    **dict.fromkeys("−–‐‑－", "-"), "＋": "+", "．": ".", "٫": ".", "，": ",", "،": ",", "％": "%", "٪": "%",
    "（": "(", "）": ")", "＾": "^", **dict.fromkeys("×·⋅∙✕＊xX", "*"), "**": "^", **dict.fromkeys("ｅＥ", "E"),
    **dict.fromkeys("\u00a0\u200b\u200e\u200f\u061c\ufeff", ""),
}  # fmt: skip
"""Signs of other scripts and programs, and what they are in ours; what cannot be seen is left out."""
_SCRIPTS = ("０", "٠", "۰")
"""The zeros of the digits that keyboards type beside ours: full-width, Arabic-Indic, and those of Persian and Urdu."""
_ABOVE = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_POINT = "MID(1/2,2,1)"
"""The decimal sign of whatever language the program speaks."""


def steps(typed: str, first: str, second: str) -> tuple[str, str, str]:
    """The formulas of the hidden cells: of the first, of the second, which looks at it, and of the third."""
    digits = [(chr(ord(zero) + i), str(i)) for zero in _SCRIPTS for i in range(10)]
    raised = [("10⁻", "10^-"), ("10⁺", "10^"), *((f"10{digit}", f"10^{digit}") for digit in _ABOVE)]
    close = [(" *", "*"), ("* ", "*"), (" ^", "^"), ("^ ", "^"), ("^(", "^"), (" %", "%")]
    bare = second  # a power of ten without a number before it: 10^-3 is 1*10^-3
    for sign in ("", "-", "+"):
        bare = f'IF(LEFT({second},{len(sign) + 3})="{sign}10^","{sign}1*"&MID({second},{len(sign) + 1},99),{bare})'
    power = _replaced(bare, [*((digit, str(i)) for i, digit in enumerate(_ABOVE)), (")", ""), ("*10^", "E")])
    return (
        f'IF(ISTEXT({typed}),{_replaced(typed, _SIGNS.items())},"")',
        _replaced(first, [*digits, *raised, *close]),
        f'IF(ISNUMBER(FIND("10^",{second})),{power},{second})',
    )


def value(typed: str, third: str) -> str:
    """The formula of the answer: of a text the number that it means, or itself where it means none."""
    number = f'VALUE(SUBSTITUTE(SUBSTITUTE({third},",","."),".",{_POINT}))'
    text = f'IF(TRIM({third})="","",IFERROR({number},{typed}))'
    return f'IF(ISBLANK({typed}),"",IF(ISTEXT({typed}),{text},{typed}))'


def _replaced(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    """A formula of a text with some signs in the place of others, one after another."""
    for found, meant in pairs:
        text = f'SUBSTITUTE({text},"{found}","{meant}")'
    return text
