"""Slips of copying: a number that was worked rightly and written down wrongly."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from rnncalc.language.interval import Interval
from rnncalc.language.kinds import Kind
from rnncalc.marking.answers import Answer, Place

_MOST_WRITTEN = 24
_MANY = 1000


class Slip(NamedTuple):
    """A slip of copying: its kind, what it says in plain words, and how many other numbers it could have led to."""

    kind: str
    says: str
    others: int


def slips(answer: Answer, meant: Interval) -> Iterator[Slip]:
    """The slips that make a written number of one that should stand there; the plainest first."""
    number, decimals = answer.number, answer.decimals
    if number is None or number == 0:
        return
    decimals = 10 if decimals is None else max(decimals, 0)
    unit = 10.0**-decimals
    half = 0.55 * unit
    if meant.low - half <= -number <= meant.high + half:
        yield Slip(Kind.SIGN_LOST, "the minus sign is missing" if number > 0 else "there is a minus sign too many", 1)
        return
    typed = _digits(number, decimals)
    rights = {_digits(value, decimals) for value in _between(meant, unit)}
    if any(typed in _swapped(right) for right in rights):
        yield Slip(Kind.DIGITS_SWAPPED, "two adjacent digits are swapped", decimals)
    if any(_is_moved(number, value, decimals) for value in _between(meant, unit)):
        few = abs(number) < 10 * unit  # a single digit is another's by chance
        yield Slip(Kind.POINT_MOVED, "the decimal point is in the wrong place", _MANY if few else 6)
    if any(_one_differs(typed, right) for right in rights):
        yield Slip(Kind.DIGIT_WRONG, "one digit is wrong", 9 * (decimals + 1))


def _digits(number: float, decimals: int) -> str:
    return f"{round(number, decimals) + 0.0:.{decimals}f}"


def _between(meant: Interval, unit: float) -> list[float]:
    """The numbers that may be written where one of an interval belongs, if they are few."""
    if not (math.isfinite(meant.low) and math.isfinite(meant.high)):
        return []
    count = min(2 * int((meant.high - meant.low) / unit) + 2, _MOST_WRITTEN)
    return [meant.low + (meant.high - meant.low) * i / count for i in range(count + 1)]


def _is_moved(number: float, right: float, decimals: int) -> bool:
    """Whether a number has the digits of another, the decimal point one to three places further.

    Where it was moved to the right, the other had as many decimals more, or is counted with those of its cell.
    """
    for places in (1, -1, 2, -2, 3, -3):
        reach = 1e-9 * abs(number) if places > 0 else 0.55 * 10.0**-decimals
        for digits in (decimals, decimals + places) if places > 0 else (decimals,):
            written = round(right, digits)
            if written not in (0, number) and abs(number - written * 10.0**places) <= reach:
                return True
    return False


def _swapped(text: str) -> set[str]:
    """The text with two neighbouring digits exchanged, the decimal point passed over."""
    places = [i for i, sign in enumerate(text) if sign.isdigit()]
    swapped = set()
    for i, j in pairwise(places):
        if text[i] != text[j]:
            signs = list(text)
            signs[i], signs[j] = signs[j], signs[i]
            swapped.add("".join(signs))
    return swapped


def _one_differs(typed: str, right: str) -> bool:
    digits = sum(sign.isdigit() for sign in typed)  # a single digit is another's by chance
    return len(typed) == len(right) and digits > 1 and sum(a != b for a, b in zip(typed, right, strict=True)) == 1


def row_slips(wrong: Mapping[Place, Answer], meant: Mapping[Place, Interval]) -> dict[Place, Slip]:
    """Rows of a column or of a matrix that were swapped, stand in another order, or were written twice."""
    rows: dict[int, list[Place]] = {}
    for place in meant:
        rows.setdefault(place[0], []).append(place)
    wrong_rows = sorted({place[0] for place in wrong})
    from_row: dict[int, list[int]] = {
        row: [
            other
            for other in rows
            if other != row and _is_row(row, other, wrong, meant) and _differ(row, other, rows, meant)
        ]
        for row in wrong_rows
    }
    slips_of: dict[int, Slip] = {}
    firsts = [others[0] for others in from_row.values() if others]
    if len(wrong_rows) > 1 and sorted(firsts) == wrong_rows:
        says = f"rows {wrong_rows[0] + 1} and {wrong_rows[1] + 1} are swapped"
        says = says if len(wrong_rows) == 2 else "the rows are in another order"
        slips_of = dict.fromkeys(wrong_rows, Slip(Kind.ROWS_SWAPPED, says, len(rows)))
    for row, others in from_row.items():
        twice = next((other for other in others if other not in wrong_rows), None)
        if twice is not None:
            says = f"row {twice + 1} was also written in row {row + 1}"
            slips_of.setdefault(row, Slip(Kind.ROW_TWICE, says, len(rows)))
    return {place: slips_of[place[0]] for place in wrong if place[0] in slips_of}


def rows_taken(wrong: Mapping[Place, Answer], meant: Mapping[Place, Interval]) -> list[tuple[int, int]]:
    """The rows in which a wrong number stands that belongs into another row, and that row."""
    return sorted(
        {
            (place[0], other[0])
            for place, answer in wrong.items()
            for other, interval in meant.items()
            if other[0] != place[0] and other[1] == place[1] and answer.number and _holds(answer, interval)
        }
    )


def _is_row(row: int, other: int, wrong: Mapping[Place, Answer], meant: Mapping[Place, Interval]) -> bool:
    """Whether the wrong numbers of a row are those that belong into another."""
    mine = [(place, a) for place, a in wrong.items() if place[0] == row]
    return bool(mine) and all(_holds(a, meant.get((other, place[1]))) for place, a in mine)


def _holds(answer: Answer, interval: Interval | None) -> bool:
    if interval is None or answer.number is None:
        return False
    half = answer.half_unit * 1.1 + 1e-12
    return interval.low - half <= answer.number <= interval.high + half


def _differ(row: int, other: int, rows: Mapping[int, Sequence[Place]], meant: Mapping[Place, Interval]) -> bool:
    return any(meant[place] != meant.get((other, place[1])) for place in rows[row])
