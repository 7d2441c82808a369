"""Kinds of mistakes that marking tells apart."""

from __future__ import annotations

from collections.abc import Iterator

from rnncalc.language.kinds import Kind
from rnncalc.network.cell import OwnMistake
from rnncalc.network.cells import CELLS, cell

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


def of_cells() -> Iterator[OwnMistake]:
    """The mistakes that only one kind of cell has."""
    for name in CELLS:
        yield from cell(name).mistakes


def in_words() -> dict[str, str]:
    """Every kind, and what it is in a few words."""
    return {**{kind: kind.says for kind in Kind}, **{mistake.kind: mistake.says for mistake in of_cells()}}


def words(kind: str) -> str:
    """What a kind is in a few words."""
    return _row(kind).says


def is_common(kind: str) -> bool:
    """Whether many make it. Two rare ones with the same digits make nobody's worksheet unfair."""
    return _row(kind).is_common


def _row(kind: str) -> Kind | OwnMistake:
    return next((mistake for mistake in of_cells() if mistake.kind == kind), None) or Kind(kind)
