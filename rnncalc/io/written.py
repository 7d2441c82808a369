"""Numbers as people and their programs write them, read without guessing: 0.94, 0,94, –0.5, 94.9 %, 1.9·10⁻³, ٠٫٩."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from math import isfinite
from typing import Literal, NamedTuple

LONGEST = 100
"""The characters of a number; what is longer is none."""
_MOST_DECIMALS = 320
"""More than float64 has, either way."""
Comma = Literal["", "decimal", "thousands"]
"""What a comma separates; nothing where a text does not tell."""

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?")
_COMMA = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_POINT_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+,\d+")
_GROUPS = re.compile(r"(?P<whole>[+-]?[1-9]\d{0,2}(?:(?P<sign>[ '])\d{3})(?:(?P=sign)\d{3})*)(?P<rest>([.,]\d+)?)")
_POWER = re.compile(r"(?:(?P<number>.*?\d.*?) ?[*×·⋅∙✕x] ?|(?P<sign>[+-]?))10 ?(?:\^|\*\*) ?\(?(?P<power>[+-]?\d+)\)?")
_SUPERSCRIPTS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_SIGNS = {
    **dict.fromkeys("−➖", "-"), "＋": "+", "．": ".", "，": ",", "،": ",", "٫": ".", "٬": "'", "’": "'", "％": "%",
    "٪": "%", "＊": "*", "＾": "^", "（": "(", "）": ")",
}  # fmt: skip
"""Signs of other scripts, and what they are in ours. Dashes of every length, digits and blanks go by their kind."""
_SOFT_HYPHEN = "\u00ad"
"""It may be meant as a minus sign, or is not seen at all: nobody can tell."""


class Written(NamedTuple):
    """A number that was read, and the decimals that it was written with (negative: 12e3 counts thousands).

    ``problem`` is "blank", "not-a-number" or "ambiguous" where there is none; ``readings`` are the two that an
    ambiguous one could mean; ``comma`` is what a comma in it separates.
    """

    number: float | None
    decimals: int | None
    problem: str = ""
    readings: tuple[float, ...] = ()
    comma: Comma = ""


def read_number(text: str, comma: Comma = "") -> Written:
    """Read a number: a decimal point or comma, thousands, a percent sign, a power of ten, signs of other scripts.

    1,234 could be a decimal comma or a thousand: it is ambiguous, with both readings, unless ``comma`` says what the
    other numbers beside it use a comma for.
    """
    if len(text) > LONGEST:
        return Written(None, None, "not-a-number" if text.strip() else "blank")
    typed = plain(text).lower()
    if not typed:
        return Written(None, None, "blank")
    percent = typed.endswith("%")
    body = _power(typed[:-1].rstrip() if percent else typed)
    groups = _GROUPS.fullmatch(body)
    if groups:
        whole = re.sub("[ ']", "", groups["whole"])
        return _written(whole + groups["rest"].replace(",", "."), percent, "decimal" if "," in body else "")
    if _PLAIN.fullmatch(body):
        return _written(body, percent, "")
    decimal, thousands = _COMMA.fullmatch(body), _THOUSANDS.fullmatch(body)
    if decimal and thousands and not comma:
        return Written(None, None, "ambiguous", (float(body.replace(",", ".")), float(body.replace(",", ""))))
    if decimal and not (thousands and comma == "thousands"):
        return _written(body.replace(",", "."), percent, "decimal")
    if thousands:
        return _written(body.replace(",", ""), percent, "thousands")
    if _POINT_THOUSANDS.fullmatch(body):
        return _written(body.replace(".", "").replace(",", "."), percent, "decimal")
    return Written(None, None, "not-a-number")


def finite_number(text: str) -> float | None:
    """A number as Python writes it, None for any other text and for what is not finite."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def comma_of(texts: Iterable[str]) -> Comma:
    """What commas separate in these texts, by those that can be read in one way alone; nothing where they differ."""
    commas = {read_number(text).comma for text in texts if len(text) <= LONGEST} - {""}
    return commas.pop() if len(commas) == 1 else ""


def plain(text: str) -> str:
    """The same text with our digits and signs, one kind of blank, none around, and nothing that cannot be seen."""
    text = re.sub("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: "^" + m[0].translate(_SUPERSCRIPTS), text)
    seen = " ".join("".join(map(_plain, text)).split())
    return re.sub(r"^([+-]) (?=[\d.,])", r"\1", seen)


def _plain(character: str) -> str:
    if character.isascii():
        return character
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind == "Pd":
        return "-"
    if kind == "Cf" and character != _SOFT_HYPHEN:
        return ""
    return _SIGNS.get(character, "e" if character in "ｅＥ" else " " if kind == "Zs" else character)


def _power(body: str) -> str:
    """1.9*10^-3 as 1.9e-3, and 10^-3 as 1e-3."""
    match = _POWER.fullmatch(body)
    if match is None:
        return body
    return f"{match['number'] or match['sign'] + '1'}e{match['power']}"


def _written(body: str, percent: bool, comma: Comma) -> Written:
    mantissa, _, exponent = body.partition("e")
    number = float(body)
    if not isfinite(number):
        return Written(None, None, "not-a-number")
    decimals = len(mantissa.partition(".")[2]) - (int(exponent) if exponent else 0)
    decimals = max(min(decimals, _MOST_DECIMALS), -_MOST_DECIMALS)
    return Written(number / 100, decimals + 2, comma=comma) if percent else Written(number, decimals, comma=comma)
