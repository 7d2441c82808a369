"""The file that a page hands in: a person's answers as they were typed, and which numbers were given.

It is JSON: ``rnncalc`` says what it is; ``problem`` and ``settings`` are texts as on the sheet Problem of a worksheet;
``seed`` is that of the page's new numbers, null where it has its first ones; ``name`` is what the person typed;
``answers`` and ``given`` hold tables by name, rows of texts and of numbers. What the page thought of the answers is not
in it: they are marked anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from rnncalc.errors import FileError
from rnncalc.io.written import Comma, comma_of
from rnncalc.marking.answers import Answer, Place, read_answer
from rnncalc.marking.calculation import calculate
from rnncalc.marking.marking import Answers
from rnncalc.marking.precision import shown_beside
from rnncalc.marking.status import Status
from rnncalc.network.problem import Problem
from rnncalc.network.trace import Trace
from rnncalc.problems.redraw import redrawn
from rnncalc.workbook.problem_text import Settings, read_problem
from rnncalc.workbook.read.submission import (
    ENOUGH,
    Reading,
    Submission,
    comma_remarks,
)

KIND = "answers of a page"
ENDING = ".json"
_LARGEST = 5_000_000
_START = 200
"""Within so many bytes a file says what it is."""


def is_answers_file(content: bytes) -> bool:
    """Whether a file is what a page hands in, or was."""
    start = content[:_START].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") and b'"rnncalc"' in start


def read_answers_file(content: bytes, name: str, how: Reading) -> Submission:
    """Read what a page handed in, as :func:`rnncalc.workbook.read.submission.read_submission` reads a worksheet.

    Raises FileError where it is not as a page writes it.
    """
    data = _data(content, name)
    trace, known = how.held_against(_told(data, name) if how.trusted is None else None, name)
    return _submission(data, name, trace, known, known.decimals if how.decimals is None else how.decimals)


def told_by_answers(content: bytes, name: str) -> tuple[Problem, Settings]:
    """The problem and the settings that a file tells. Raises FileError where it is not as a page writes it."""
    return _told(_data(content, name), name)


def answer_of(text: str, decimals: int | None, comma: Comma = "") -> Answer:
    """What was typed in a field: a number, or a calculation such as =0.3*0.5 or 1/3, whose result counts.

    It has the decimals that were asked for, and more where more were typed.
    """
    answer = read_answer(text, comma)
    if answer.problem == Status.NOT_A_NUMBER:
        worked = calculate(text)
        if worked.number is not None:
            return Answer(f"{worked.number:.10g}", worked.number, decimals, formula=text.strip())
    if answer.decimals is None or decimals is None:
        return answer
    return answer._replace(decimals=max(answer.decimals, decimals))


def _data(content: bytes, name: str) -> dict[str, Any]:
    wrong = FileError(f"{name} is not as a page of rnncalc writes it. Hand in the file that the page saves.")
    if len(content) > _LARGEST:
        raise FileError(f"{name} has more than {_LARGEST:,} bytes, and what a page saves has fewer.")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(data, dict) or data.get("rnncalc") != KIND:
        raise wrong
    tables = [data.get("answers"), data.get("given")]
    if not all(isinstance(table, dict) and all(map(_is_table, table.values())) for table in tables):
        raise wrong
    seed = data.get("seed")
    if not (seed is None or (isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed < 2**53)):
        raise wrong
    return data


def _is_table(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, list) and row for row in rows)


def _told(data: Mapping[str, Any], name: str) -> tuple[Problem, Settings]:
    """The problem and the settings that a file tells, the numbers drawn as it says."""
    texts = [data.get("problem"), data.get("settings")]
    if not all(isinstance(text, str) for text in texts):
        raise FileError(f"{name} has lost the text of its problem. Hand in the file that the page saves.")
    problem, settings = read_problem(name, *(str(text).split("\n") for text in texts))
    return (problem if data["seed"] is None else redrawn(problem, data["seed"])), settings


def _submission(
    data: Mapping[str, Any], name: str, trace: Trace, settings: Settings, decimals: int | None
) -> Submission:
    strange = next((n for n in settings.asked if n not in trace or trace[n].rule is None), None)
    if strange is not None:
        raise FileError(f"{name} asks for {strange}, which the problem chosen here does not have.")
    written = data["answers"]
    texts = [str(text) for rows in written.values() for row in rows for text in row]
    comma = comma_of(texts)
    remarks = comma_remarks(texts, comma, "page")
    answers = [
        Answers(n, _cells(written.get(n, []), trace[n].shape, lambda text: answer_of(str(text), decimals, comma)))
        for n in trace
        if n in settings.asked
    ]
    held = data["given"]
    given = [
        Answers(n, _cells(held[n], trace[n].shape, _given)) for n in trace if n in held and n not in settings.asked
    ]
    given_decimals = {a.name: shown_beside(settings.decimals) for a in given if trace[a.name].rule is not None}
    return Submission(
        trace, answers, given, given_decimals, remarks, settings, str(data.get("name", ""))[:200], decimals
    )


def _cells(rows: list[list[Any]], shape: tuple[int, int], read: Callable[[Any], Answer]) -> dict[Place, Answer]:
    """The answers of a table; what is not there is blank."""
    blank = Answer("", None, None, Status.BLANK)
    return {
        (i, j): read(rows[i][j]) if i < len(rows) and j < len(rows[i]) else blank
        for i in range(shape[0])
        for j in range(shape[1])
    }


def _given(value: Any) -> Answer:
    """A number that was given; anything else counts as one that was changed."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return Answer(str(value)[:40], None, None, Status.NOT_A_NUMBER)
    return Answer(f"{value:.10g}", float(value), ENOUGH)
