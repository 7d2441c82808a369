"""Kinds of mistakes that marking tells apart."""

from __future__ import annotations

from rnncalc.language.kinds import Kind

COPYING = frozenset({
    Kind.DIGIT_WRONG, Kind.DIGITS_SWAPPED, Kind.POINT_MOVED, Kind.ROW_TWICE, Kind.ROWS_SWAPPED, Kind.SIGN_LOST,
})  # fmt: skip
"""Slips of copying a number that was worked rightly."""
PLACES = frozenset({
    Kind.ANOTHER_ACTIVATION, Kind.SHIFTED_BY_A_CELL, Kind.WRONG_LAYER, Kind.WRONG_ROW, Kind.WRONG_STEP,
    Kind.WRONG_TABLE,
})  # fmt: skip
"""Kinds that tell where a number stands; one that tells what was done goes before them where both give the same."""
WHOLE_TABLE = frozenset({Kind.ALPHABETICAL, Kind.SHIFTED_BY_A_CELL, Kind.WRONG_TARGET})
"""Kinds that change a whole table or nothing: whoever takes another order of the letters does it in every row."""


def in_words() -> dict[str, str]:
    """Every kind, and what it is in a few words."""
    return {kind: kind.says for kind in Kind}


def words(kind: str) -> str:
    """What a kind is in a few words."""
    return Kind(kind).says


def is_common(kind: str) -> bool:
    """Whether many make it. Two rare ones with the same digits make nobody's worksheet unfair."""
    return Kind(kind).is_common
