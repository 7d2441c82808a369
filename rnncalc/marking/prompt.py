"""Answers typed at the prompt: the numbers of one quantity, row by row, or of one element."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rnncalc.errors import SelectionError
from rnncalc.io.written import Comma, comma_of
from rnncalc.marking.answers import Answer, read_answer
from rnncalc.marking.calculation import calculate
from rnncalc.marking.marking import Answers
from rnncalc.marking.status import Status
from rnncalc.marking.typed_lists import is_open, numbers_of
from rnncalc.network.trace import Trace
from rnncalc.network.typed_elements import typed_elements
from rnncalc.network.values import count


def typed_answers(trace: Trace, name: str, values: Sequence[str]) -> Answers:
    """The answers for NAME, from values in one text or in several.

    Raises SelectionError for an unknown name and for more or fewer values than it has.
    """
    q, places = typed_elements(trace, name)
    typed = " ".join(values).strip()
    texts = numbers_of(typed, len(places))
    if len(texts) != len(places):
        if is_open(typed):
            raise SelectionError(f"{name}: the brackets in {typed!r} do not match.")
        were = "1 was" if len(texts) == 1 else f"{len(texts)} were"
        raise SelectionError(f"{name} has {count(len(places), 'number')}, but {were} given.")
    comma = comma_of(texts)
    return Answers(q.name, {place: _read(text, comma) for place, text in zip(places, texts, strict=True)})


def typed_together(trace: Trace, typed: Iterable[tuple[str, Sequence[str]]]) -> list[Answers]:
    """The answers for several names, each with its values; elements of one quantity are put together."""
    answers_of: dict[str, dict[tuple[int, int], Answer]] = {}
    for name, values in typed:
        answers = typed_answers(trace, name, values)
        cells = answers_of.setdefault(answers.name, {})
        if cells.keys() & answers.cells.keys():
            raise SelectionError(f"{name} is given twice.")
        cells |= answers.cells
    return [Answers(name, cells) for name, cells in answers_of.items()]


def _read(text: str, comma: Comma) -> Answer:
    """A number, or what a calculation comes to, which is then shown."""
    answer = read_answer(text, comma)
    if answer.problem != Status.NOT_A_NUMBER:
        return answer
    worked = calculate(text)
    if worked.number is None:
        return answer
    return Answer(f"{text} = {worked.number:.6g}", worked.number, worked.decimals)
