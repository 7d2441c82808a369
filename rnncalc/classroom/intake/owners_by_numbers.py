"""Whose given numbers a workbook holds: each student was handed their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from rnncalc.classroom.assignment import Assignment
from rnncalc.classroom.grade_records import Graded
from rnncalc.classroom.intake.files import Handed, Trouble
from rnncalc.classroom.intake.inspection import look
from rnncalc.classroom.intake.owners import Known
from rnncalc.errors import FileError
from rnncalc.marking.answers import Answer
from rnncalc.marking.status import Status
from rnncalc.network.problem import Problem
from rnncalc.workbook.read.submission import digest_of


def problem_digest(problem: Problem) -> str:
    """The digest of a problem's own given numbers, as a file that holds them has it."""
    return digest_of(
        {
            name: {place: Answer("", float(array[place]), None) for place in _places(array.shape)}
            for name, array in problem.arrays().items()
        }
    )


def _places(shape: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(i, j) for i in range(shape[0]) for j in range(shape[1])]


def owners(assignment: Assignment, draws: Mapping[str, int]) -> dict[str, str]:
    """Who was handed which numbers, by their digest; nobody where everybody has the same."""
    if assignment.same:
        return {}
    return {problem_digest(assignment.problem_of(s, draw)): s for s, draw in draws.items()}


def foreign(assignment: Assignment, draws: Mapping[str, int], graded: Mapping[str, Graded]) -> dict[str, str | None]:
    """Whoever handed in other numbers than their own, with whose they are, if anybody's of the class."""
    # only where givens were changed: whoever kept their own has their own
    strangers = {s: g for s, g in graded.items() if g.counts.get(Status.GIVEN_CHANGED)}
    if not strangers or assignment.same:
        return {}
    owner = owners(assignment, draws)
    owner_of = {student: owner.get(work.givens) for student, work in strangers.items()}
    return {student: whose for student, whose in owner_of.items() if whose != student}


def disagreements(assignment: Assignment, draws: Mapping[str, int], graded: Mapping[str, Graded]) -> list[Trouble]:
    """A line for both where a file's place and its numbers speak of different students."""
    lines = []
    for student, whose in foreign(assignment, draws, graded).items():
        if whose is not None:
            file = graded[student].file
            says = f"Its place belongs to {student}, but it has the numbers of {whose}"
            lines.append(Trouble(file, student, f"{says}; it was marked as the file of {student}.", private=True))
            lines.append(Trouble(file, whose, f"{says}; nothing changes for {whose}.", private=True))
    return lines


def looker(assignment: Assignment, draws: Mapping[str, int]) -> Callable[[Handed], Known]:
    """What looks into a workbook once, and says whether it can be marked and whose numbers it holds."""

    @cache
    def of_class() -> dict[str, str]:
        return owners(assignment, draws)

    @cache
    def seen(file: Handed) -> Known:
        try:
            workbook = look(file.read(), file.name, assignment)
        except FileError as error:
            return Known(False, says=str(error))
        return Known(
            workbook.is_worksheet, of_class().get(workbook.givens) if workbook.is_worksheet else None, workbook.says
        )

    return seen
