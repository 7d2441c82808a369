"""The text of a stranger as a page, a file or a message may show it: seen in full, on one line, and not too long.

A cell, a file's name or a name in a file can hold line breaks, terminal escapes and signs that turn the direction of
reading, and with them a line that looks as if rnncalc had written it.
"""

from __future__ import annotations

import unicodedata

from rnncalc.io.file_names import readable

_PICTURES = {"\n": "↵", "\t": "⇥", "\r": "␍", "\x7f": "␡"}
_JOINERS = "\u200c\u200d"
"""Several scripts write words with these, and emoji are put together with them."""
_EMPTY = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters that look like blanks."""


def visible(text: str) -> str:
    """A text on one line with nothing hidden in it: ↵ for a line break, ␛ for an escape, U+202E for what turns the
    direction, � for what is no text."""
    if text.isprintable() and not any(sign in _EMPTY for sign in text):
        return text
    signs = readable(text).replace("\r\n", "\n")
    return "".join(_sign(sign, signs[i - 1 : i], signs[i + 1 : i + 2]) for i, sign in enumerate(signs))


def brief(text: object, longest: int = 100) -> str:
    """The same, shortened, and with single blanks, so that no part of it can be pushed onto a line of its own."""
    whole = str(text)
    words = " ".join(visible(whole[: 2 * longest]).split())
    return f"{words[: longest - 1].rstrip()}…" if len(words) > longest or len(whole) > 2 * longest else words


def _sign(sign: str, before: str, after: str) -> str:
    if sign.isprintable() and sign not in _EMPTY:
        return sign
    if sign in _JOINERS and _joins(before) and _joins(after):
        return sign
    if unicodedata.category(sign) == "Zs":
        return " "
    if "\ud800" <= sign <= "\udfff":
        return "�"
    return _PICTURES.get(sign) or (chr(0x2400 + ord(sign)) if sign < " " else f"U+{ord(sign):04X}")


def _joins(neighbour: str) -> bool:
    return neighbour.isprintable() and neighbour > "\x7f"
