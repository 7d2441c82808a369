"""Answers typed at the prompt: the numbers of one quantity, row by row, or of one element."""

from __future__ import annotations

from collections.abc import Sequence

from rnncalc.errors import SelectionError
from rnncalc.homework.answers import read_answer
from rnncalc.homework.marking import Answers
from rnncalc.names import parse_element
from rnncalc.trace import Trace


def typed_answers(trace: Trace, name: str, values: Sequence[str]) -> Answers:
    """The answers for NAME; raises SelectionError for an unknown name and for more or fewer values than it has."""
    element = parse_element(name)
    if element is None:
        raise SelectionError(f"{name!r} is no quantity or element; h_2, h_2[1] and h_2:1 are.")
    q = trace[element.name]
    rows, columns = q.shape
    if element.row is None:
        places = [(i, j) for i in range(rows) for j in range(columns)]
    else:
        row, column = (element.row, element.column or 1) if columns == 1 or element.column else (1, element.row)
        if not (1 <= row <= rows and 1 <= column <= columns) or (rows > 1 and columns > 1 and not element.column):
            raise SelectionError(
                f"{q.name} is {rows}×{columns} and has no element {name!r}; rows and columns count from 1."
            )
        places = [(row - 1, column - 1)]
    if len(values) != len(places):
        raise SelectionError(f"{name} has {len(places)} numbers, and {len(values)} were given.")
    return Answers(q.name, {place: read_answer(value) for place, value in zip(places, values, strict=True)})
