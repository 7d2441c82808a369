"""Answers typed at the prompt: the numbers of one quantity, row by row, or of one element."""

from __future__ import annotations

from collections.abc import Sequence

from rnncalc.errors import SelectionError
from rnncalc.homework.answers import read_answer
from rnncalc.homework.marking import Answers
from rnncalc.render.elements import typed_elements
from rnncalc.trace import Trace


def typed_answers(trace: Trace, name: str, values: Sequence[str]) -> Answers:
    """The answers for NAME; raises SelectionError for an unknown name and for more or fewer values than it has."""
    q, places = typed_elements(trace, name)
    if len(values) != len(places):
        has = f"{len(places)} number{'s' if len(places) != 1 else ''}"
        raise SelectionError(f"{name} has {has}, and {len(values)} {'were' if len(values) != 1 else 'was'} given.")
    return Answers(q.name, {place: read_answer(value) for place, value in zip(places, values, strict=True)})
