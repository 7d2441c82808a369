"""Several numbers in one text, as people type or paste them: 0.9365, 0.9491 or [0,94; 0,95]."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_BRACKETS = str.maketrans({**dict.fromkeys("[]{}|", " "), "&": ";", "\\": ";"})
"""What stands around lists and, in LaTeX, between their numbers."""
_PROGRAM = re.compile(r"(?:\w+\.)?(?:array|tensor)(?=\s*\()|,\s*dtype=[\w.]+")
"""What NumPy and PyTorch write around a list."""
_QUOTES = "\"'“”‘’"
_OPERATORS = "*/^×·⋅∙÷="
_SIGNS = "+-−–"


def numbers_of(text: str, count: int) -> list[str]:
    """The texts of the numbers, so many if they can be told apart so; a sum or a product is one number.

    A comma within 0,94 is a decimal one, and one that a blank follows stands between numbers. Commas without blanks
    separate where the text cannot be read otherwise: 0.94,0.95 and 0,1,0,0.
    """
    return [text.strip(_QUOTES) for text in _told_apart(_PROGRAM.sub("", text), count)]


def is_open(text: str) -> bool:
    """Whether a bracket is opened and never closed, or the reverse."""
    depths = _depths(text)
    return bool(depths) and (depths[-1] != 0 or min(depths) < 0)


def _told_apart(text: str, count: int) -> list[str]:
    bare = text.translate(_BRACKETS).strip()
    inner = bare[1:-1] if _is_enclosed(bare) else bare
    apart = list(_apart(inner)) if count != 1 or inner is bare else [bare]
    if len(apart) != count and (bare != text.strip() or any("." in one or one.count(",") > 1 for one in apart)):
        further = [piece for one in apart for piece in _at_commas(one)]
        if len(further) == count:
            return further
    return apart


def _is_enclosed(text: str) -> bool:
    """Whether one pair of brackets stands around the whole."""
    depths = _depths(text)
    return text.startswith("(") and text.endswith(")") and 0 not in depths[:-1]


def _depths(text: str) -> list[int]:
    """How deep within brackets each character stands; a bracket that closes stands outside."""
    depth, depths = 0, []
    for character in text:
        depth += (character == "(") - (character == ")")
        depths.append(depth)
    return depths


def _apart(text: str) -> Iterator[str]:
    """The pieces between semicolons, commas that a blank follows, and blanks that are not within a calculation."""
    start, depths = 0, _depths(text)
    for i, character in enumerate(text):
        if depths[i] == 0 and i >= start and _separates(text, i, start, character):
            if text[start:i].strip():
                yield text[start:i].strip()
            start = i + 1
    if text[start:].strip():
        yield text[start:].strip()


def _separates(text: str, i: int, start: int, character: str) -> bool:
    after = text[i + 1 :]
    if character == ";" or (character == "," and (not after or after[0].isspace())):
        return True
    if not character.isspace():
        return False
    before, following = text[start:i].rstrip(), after.lstrip()
    if not before or not following or before[-1] in _OPERATORS + _SIGNS or following[0] in _OPERATORS + "%,;":
        return False
    if following[0] in _SIGNS:
        return len(following) > 1 and not following[1].isspace()  # 0.94 -0.95 are two, 0.94 - 0.95 is one
    return not (following[0] == "(" and before[-1].isalpha())


def _at_commas(text: str) -> Sequence[str]:
    pieces, start, depths = [], 0, _depths(text)
    for i, character in enumerate(text):
        if character == "," and depths[i] == 0:
            pieces.append(text[start:i].strip())
            start = i + 1
    return [piece for piece in (*pieces, text[start:].strip()) if piece]
