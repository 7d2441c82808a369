"""What a person put where a number belongs, read without guessing."""

from __future__ import annotations

import re
from typing import NamedTuple

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_COMMA_DECIMAL = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_LONGEST = 100


class Answer(NamedTuple):
    """One answer: the text as it was given, the number that it means, the decimals written (None: no limit).

    ``problem`` is "blank", "not-a-number", "ambiguous" or "not-calculated" where there is no number; ``readings`` are
    the two that an ambiguous one could mean. ``cell`` is where it stands in a file, ``formula`` what was entered there.
    """

    text: str
    number: float | None
    decimals: int | None
    problem: str = ""
    readings: tuple[float, ...] = ()
    cell: str = ""
    formula: str = ""

    @property
    def half_unit(self) -> float:
        """Half a unit of the last decimal written: how far rounding alone can move the number."""
        return 0.0 if self.decimals is None else 0.5 * 10.0**-self.decimals


def read_answer(text: str) -> Answer:
    """Read a number typed as text: 0.94, -.5, 1e-3, 0,94 (a decimal comma), 94.9%, 1,234.5. Blanks around do not count.

    1,234 could be a decimal comma or a thousand: it is ambiguous, and both readings are given.
    """
    typed = text.strip().replace("−", "-")
    if not typed:
        return Answer(text, None, None, "blank")
    if len(typed) > _LONGEST:
        return Answer(f"{text[:_LONGEST]}…", None, None, "not-a-number")
    percent = typed.endswith("%")
    body = typed[:-1].rstrip() if percent else typed
    if _PLAIN.fullmatch(body):
        return _answer(text, body, percent)
    comma, thousands = _COMMA_DECIMAL.fullmatch(body), _THOUSANDS.fullmatch(body)
    if comma and thousands and body.lstrip("+-").split(",")[0] != "0":
        readings = (float(body.replace(",", ".")), float(body.replace(",", "")))
        return Answer(text, None, None, "ambiguous", readings)
    if comma:
        return _answer(text, body.replace(",", "."), percent)
    if thousands:
        return _answer(text, body.replace(",", ""), percent)
    return Answer(text, None, None, "not-a-number")


def _answer(text: str, body: str, percent: bool) -> Answer:
    mantissa, _, exponent = body.lower().partition("e")
    number = float(body)
    if number in (float("inf"), float("-inf")):
        return Answer(text, None, None, "not-a-number")
    decimals = len(mantissa.partition(".")[2]) - (int(exponent) if exponent else 0)
    decimals = max(min(decimals, _MOST_DECIMALS), -_MOST_DECIMALS)
    return Answer(text, number / 100, decimals + 2) if percent else Answer(text, number, decimals)


_MOST_DECIMALS = 320
"""More than float64 has, either way."""
