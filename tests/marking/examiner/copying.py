"""Slips of copying and typing: digits swapped, a digit wrong, the sign lost, the point moved, rows swapped or twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from .nodes import Array
from .ways import Way, nearest

Cells = tuple[tuple[int, int], ...]
Change = Callable[[Array, Way], "tuple[Array, Cells] | None"]
"""What is typed in place of the numbers that were meant, and in which cells; None where the slip cannot be made."""

KINDS = ("digits-swapped", "digit-wrong", "sign-lost", "point-moved", "rows-swapped", "row-twice", "shifted-by-a-cell")


def change(kind: str) -> Change:
    return _WHOLE.get(kind) or _one_cell(_NUMBERS[kind])


def _one_cell(how: Callable[[float, Way], float | None]) -> Change:
    def made(meant: Array, way: Way) -> tuple[Array, Cells] | None:
        places = list(np.ndindex(meant.shape))
        way.rng.shuffle(places)
        for place in places:
            typed = how(float(meant[place]), way)
            if typed is not None and typed != meant[place]:
                wrong = np.array(meant)
                wrong[place] = typed
                return wrong, ((int(place[0]), int(place[1])),)
        return None

    return made


def _digits_swapped(number: float, way: Way) -> float | None:
    text = f"{number:.{way.decimals}f}"
    point = text.index(".")
    pairs = [i for i in range(point + 1, len(text) - 1) if text[i] != text[i + 1]]
    if not pairs:
        return None
    i = way.rng.choice(pairs)
    return float(text[:i] + text[i + 1] + text[i] + text[i + 2 :])


def _digit_wrong(number: float, way: Way) -> float | None:
    text = f"{number:.{way.decimals}f}"
    # not the last digit: there a slip is a rounding
    places = [i for i, sign in enumerate(text[:-1]) if sign.isdigit()]
    i = way.rng.choice(places)
    return float(text[:i] + way.rng.choice([d for d in "0123456789" if d != text[i]]) + text[i + 1 :])


def _sign_lost(number: float, way: Way) -> float | None:
    return -number if number < 0 else None


def _point_moved(number: float, way: Way) -> float | None:
    if not number:
        return None
    factor = way.rng.choice([10.0, 0.1]) if abs(number) < 1000 else 0.1
    return float(nearest(np.array(number * factor), way.decimals))


def _several_off(number: float, way: Way) -> float | None:
    """A sum typed wrong by 12 to 60 units of its last place."""
    return round(number + way.rng.choice([-1, 1]) * way.rng.randint(12, 60) * way.unit, way.decimals)


def _much_off(number: float, way: Way) -> float | None:
    off = way.rng.uniform(0.05, 0.6) * max(abs(number), 10 * way.unit) + 12 * way.unit
    return round(number + way.rng.choice([-1, 1]) * off, way.decimals)


_NUMBERS: dict[str, Callable[[float, Way], float | None]] = {
    "digits-swapped": _digits_swapped,
    "digit-wrong": _digit_wrong,
    "sign-lost": _sign_lost,
    "point-moved": _point_moved,
    "several units off": _several_off,
    "much off": _much_off,
}


def _other_rows(order: Callable[[int, Way], list[int] | None]) -> Change:
    def made(meant: Array, way: Way) -> tuple[Array, Cells] | None:
        rows = order(meant.shape[0], way)
        if rows is None:
            return None
        wrong = meant[rows]
        cells = tuple((int(r), int(c)) for r, c in np.argwhere(wrong != meant))
        return (wrong, cells) if cells else None

    return made


def _two_swapped(count: int, way: Way) -> list[int] | None:
    if count < 2:
        return None
    one, other = way.rng.sample(range(count), 2)
    rows = list(range(count))
    rows[one], rows[other] = other, one
    return rows


def _one_twice(count: int, way: Way) -> list[int] | None:
    if count < 2:
        return None
    one, other = way.rng.sample(range(count), 2)
    rows = list(range(count))
    rows[one] = other
    return rows


def _shifted(count: int, way: Way) -> list[int] | None:
    if count < 3:
        return None
    rows = list(range(count))
    return way.rng.choice([[rows[-1], *rows[:-1]], [*rows[1:], 0]])


_WHOLE: dict[str, Change] = {
    "rows-swapped": _other_rows(_two_swapped),
    "row-twice": _other_rows(_one_twice),
    "shifted-by-a-cell": _other_rows(_shifted),
}


def fits(kind: str, cells: Iterable[tuple[int, int]], sheet: Array, meant: Iterable[Array], decimals: int) -> bool:
    """Whether this slip alone leads from numbers that could be meant to all of these cells of the sheet."""
    return any(all(_leads(kind, cell, sheet, table, decimals) for cell in cells) for table in meant)


def _leads(kind: str, cell: tuple[int, int], sheet: Array, table: Array, decimals: int) -> bool:
    typed = float(sheet[cell])
    unit = 10.0**-decimals * 1.01
    if kind in {"rows-swapped", "row-twice", "shifted-by-a-cell", "wrong-row"}:
        return any(abs(table[row, cell[1]] - typed) <= unit for row in range(table.shape[0]) if row != cell[0])
    return any(_typed_for(kind, typed, float(table[cell]) + units * 10.0**-decimals, decimals) for units in (0, -1, 1))


def _typed_for(kind: str, typed: float, number: float, decimals: int) -> bool:
    one, other = f"{typed:.{decimals}f}", f"{number:.{decimals}f}"
    if kind == "sign-lost":
        return abs(typed + number) <= 10.0**-decimals * 0.01
    if kind == "point-moved":
        return any(
            abs(typed - number * 10.0**k) <= 0.51 * 10.0**-decimals * max(1.0, 10.0**k) for k in (-3, -2, -1, 1, 2, 3)
        )
    if len(one) != len(other):
        return False
    places = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if kind == "digit-wrong":
        return len(places) == 1
    if kind == "digits-swapped":
        return len(places) == 2 and one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]
    return False
