"""What a person put where a number belongs, read without guessing."""

from __future__ import annotations

from typing import NamedTuple

from rnncalc.io.written import LONGEST, Comma, read_number
from rnncalc.marking.status import Status

Place = tuple[int, int]
"""The row and column of a number in its table, counted from 0."""


class Answer(NamedTuple):
    """One answer: the text as it was given, the number that it means, the decimals written (None: no limit).

    ``problem`` is blank, not a number, ambiguous or not calculated where there is no number; ``readings`` are the two
    that an ambiguous one could mean. ``cell`` is where it stands in a file, ``formula`` what was entered there.
    """

    text: str
    number: float | None
    decimals: int | None
    problem: Status | None = None
    readings: tuple[float, ...] = ()
    cell: str = ""
    formula: str = ""

    @property
    def half_unit(self) -> float:
        """Half a unit of the last decimal written: how far rounding alone can move the number."""
        return 0.0 if self.decimals is None else 0.5 * 10.0**-self.decimals


def read_answer(text: str, comma: Comma = "") -> Answer:
    """Read a number typed as text, see :func:`rnncalc.io.written.read_number`."""
    read = read_number(text, comma)
    problem = Status(read.problem) if read.problem else None
    brief = text if len(text) <= LONGEST or problem == Status.BLANK else f"{text[:LONGEST]}…"
    return Answer(brief, read.number, read.decimals, problem, read.readings)
