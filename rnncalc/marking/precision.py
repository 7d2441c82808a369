"""With how many decimals an answer counts: those that were asked for, or those that the person worked with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from rnncalc.io.written import plain
from rnncalc.marking.answers import Answer
from rnncalc.network.trace import Trace
from rnncalc.network.values import count

Cells = Mapping[tuple[int, int], Answer]
_DECIMALS = re.compile(r"[-+]?\d*[.,](\d+)")
_ENOUGH = 3
"""So many numbers that are right to fewer decimals than asked for are no chance."""
_FEWER = 2
"""One decimal fewer than asked for is an ordinary trailing zero."""
_MORE, _MOST = 2, 15
"""A given number shows so many decimals more than an answer needs, and no more than these."""


def shown_beside(decimals: int | None) -> int:
    """The decimals of a computed number that is given, beside answers with so many, or with all."""
    return _MOST if decimals is None else min(decimals + _MORE, _MOST)


class Judged(NamedTuple):
    """The answers with the decimals that count, and what is to be said once of all of them."""

    answered: dict[str, dict[tuple[int, int], Answer]]
    remark: str


def judged(trace: Trace, answered: Mapping[str, Cells], decimals: int | None) -> Judged:
    """Answers as they count.

    Digits beyond the ``decimals`` asked for claim nothing. Whoever works with fewer decimals than were asked for is
    marked to these; a whole number, and a zero, claim what was asked for, as they tell nothing of the decimals.
    """
    if decimals is None:
        return Judged({name: dict(cells) for name, cells in answered.items()}, "")
    whole: set[float] = set()
    short: dict[float, int] = {}
    wrong = most = 0
    for name, cells in answered.items():
        for place, answer in cells.items():
            written = _shows(answer, decimals)
            if written is None or answer.number is None:
                continue
            most = max(most, min(written, _without_zeros(answer.number, decimals)))
            off = abs(answer.number - float(trace[name].value[place]))
            bare = _without_zeros(answer.number, decimals)
            if off > _half(decimals) and bare < decimals and _has_digits(answer.number, bare):
                whole |= {answer.number} if off <= _half(bare) else set()
                if written < decimals:
                    short |= {answer.number: written} if off <= _half(written) else {}
                    wrong += off > _half(written)
    if most < decimals and len(whole) >= _ENOUGH:
        counted = _counted(answered, most, 0)
        return Judged(counted, f"Your numbers have {count(most, 'decimal')}, but {decimals} were asked for.")
    fewer = [written for written in short.values() if 1 < written <= decimals - _FEWER]
    if len(fewer) < _ENOUGH or len(fewer) < wrong:
        return Judged(_counted(answered, decimals, 0), "")
    common = Counter(fewer).most_common(1)[0][0]
    counted = _counted(answered, decimals, decimals - _FEWER)
    return Judged(counted, f"Some numbers have {count(common, 'decimal')}, but {decimals} were asked for.")


def _has_digits(number: float, decimals: int) -> bool:
    """Whether a number has two digits at least with so many decimals; nearly any small number is right to fewer."""
    return abs(number) >= 10 * 10.0**-decimals


def _half(decimals: int) -> float:
    return 0.5 * 10.0**-decimals * (1 + 1e-9)


def _shows(answer: Answer, decimals: int) -> int | None:
    """The decimals that a person works with, as a typed number shows them; None where it tells nothing."""
    if answer.number is None or answer.decimals is None or answer.formula or answer.number.is_integer():
        return None
    return answer.decimals if answer.decimals < decimals else written_decimals(answer)


def _counted(answered: Mapping[str, Cells], decimals: int, short: int) -> dict[str, dict[tuple[int, int], Answer]]:
    """Answers with no more decimals than these; those that show up to ``short`` with what they show, or with 2."""
    return {
        name: {place: _counts(answer, decimals, short) for place, answer in cells.items()}
        for name, cells in answered.items()
    }


def _counts(answer: Answer, decimals: int, short: int) -> Answer:
    written = _shows(answer, decimals)
    if written is None:
        whole = answer.number is not None and answer.decimals is not None and answer.number.is_integer()
        return answer._replace(decimals=decimals) if whole else answer
    assert answer.decimals is not None
    written = max(written, 2)  # a cell keeps no trailing zero: 0.9 may be 0.90
    is_short = written <= short and _has_digits(answer.number or 0.0, written)
    return answer._replace(decimals=written if is_short else min(answer.decimals, decimals))


def written_decimals(answer: Answer) -> int:
    """The decimals that a number shows: as it was typed; in a cell, which keeps no trailing zeros, without these."""
    if answer.decimals is None or answer.number is None:
        return 0
    typed = _DECIMALS.fullmatch(plain(answer.text))
    written = len(typed[1]) if typed else _without_zeros(answer.number, answer.decimals)
    return max(min(answer.decimals, written), 0)


def _without_zeros(number: float, decimals: int) -> int:
    """The decimals of a number without trailing zeros."""
    return len(f"{number:.{max(decimals, 0)}f}".rstrip("0").partition(".")[2])


def fewer_than_asked(answer: Answer, expected: float) -> int:
    """How many decimals a number is right to, where these are fewer than it should have; else 0."""
    if answer.number is None or answer.decimals is None or answer.number.is_integer():
        return 0
    written = written_decimals(answer)
    if not 0 < written <= answer.decimals - _FEWER or not _has_digits(answer.number, written):
        return 0
    if abs(answer.number - expected) > 0.5 * 10.0**-written * (1 + 1e-9):
        return 0
    return written
