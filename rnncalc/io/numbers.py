"""Numbers as people read them: a fixed count of decimals, and never a small number passed off as zero."""

from __future__ import annotations

from collections.abc import Sequence

Table = Sequence[Sequence[float]]
WIDEST = 1e9


def number(value: float, decimals: int) -> str:
    """Fixed decimals; scientific where that would show 0 for a number that is none, or run very long.

    >>> number(0.84606, 6), number(-0.0, 2), number(3e-9, 6)
    ('0.846060', '0.00', '3.000e-09')
    """
    text = f"{value:.{decimals}f}" if abs(value) < WIDEST else ""
    shows_nothing = not text.strip("-0.")
    if value != 0 and shows_nothing:
        return f"{value:.{max(decimals - 3, 0)}e}"
    return text.removeprefix("-") if shows_nothing else text


def exact(value: float) -> str:
    """A given number as it was given: 0.84606, 1."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def table(rows: Table, decimals: int) -> list[list[str]]:
    """A table of such numbers."""
    return [[number(n, decimals) for n in row] for row in rows]


def given_decimals(rows: Table, decimals: int) -> int:
    """The decimals that a given table shows: none where it holds nothing but whole numbers."""
    return 0 if all(n.is_integer() and abs(n) < WIDEST for row in rows for n in row) else decimals
