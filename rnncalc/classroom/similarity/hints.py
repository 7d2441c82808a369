"""Hints at where files may have come from. They are hints for a teacher to look at, and none of them is a verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from rnncalc.classroom.assignment import Assignment
from rnncalc.classroom.grade_records import Graded
from rnncalc.classroom.intake.owners_by_numbers import foreign
from rnncalc.classroom.similarity.stored_values import CONSTANT, LINKED
from rnncalc.network.values import count

ALIKE = 3
"""So many equal wrong numbers that no known mistake explains are worth a look."""
_PROGRAMS = ("rnncalc", "openpyxl")
_MOST_HOLDERS = 20
"""A wrong number that so many have typed is a common slip."""


class Hint(NamedTuple):
    """Which students, and what there is to look at."""

    students: tuple[str, ...]
    says: str


def hints(assignment: Assignment, draws: Mapping[str, int], graded: Mapping[str, Graded]) -> list[Hint]:
    """What is worth a look, in the order of the roster."""
    found: list[Hint] = []
    if not assignment.same:
        found += _foreign_givens(assignment, draws, graded)
        files = {hint.students for hint in found}
        found += [hint for hint in _copied(graded) if hint.students not in files]
    found += _equal_numbers(graded)
    found += _same_author(graded)
    found += _stored(graded)
    return found


def _foreign_givens(assignment: Assignment, draws: Mapping[str, int], graded: Mapping[str, Graded]) -> list[Hint]:
    """The given numbers of another student's variant, or one variant in two files."""
    hints = []
    by_variant: dict[str, list[str]] = defaultdict(list)
    for student, whose in foreign(assignment, draws, graded).items():
        if whose is not None:
            hints.append(Hint((student, whose), f"The file of {student} has the given numbers of {whose}."))
        else:
            by_variant[graded[student].givens].append(student)
    hints += [
        Hint(tuple(several), "Their files have the same given numbers, which belong to no student.")
        for several in by_variant.values()
        if len(several) > 1
    ]
    return hints


def _copied(graded: Mapping[str, Graded]) -> list[Hint]:
    """The right numbers of another student's worksheet, typed into one's own."""
    return [
        Hint(
            (student, whose), f"The numbers in {count(places, 'place')} are the right answers for {whose}'s worksheet."
        )
        for student, work in graded.items()
        for whose, places in work.copied.items()
    ]


def _equal_numbers(graded: Mapping[str, Graded]) -> list[Hint]:
    """Equal wrong numbers that no known mistake explains, in the same places."""
    holders: dict[str, list[str]] = defaultdict(list)
    for student, work in graded.items():
        for typed in work.typed:
            holders[typed].append(student)
    shared: dict[tuple[str, str], int] = defaultdict(int)
    for several in holders.values():
        if len(several) <= _MOST_HOLDERS:
            for pair in combinations(several, 2):
                shared[pair] += 1
    return [
        Hint(pair, f"{count} equal wrong numbers are in the same places, and no known mistake explains them.")
        for pair, count in shared.items()
        if count >= ALIKE
    ]


def _same_author(graded: Mapping[str, Graded]) -> list[Hint]:
    authors: dict[str, list[str]] = defaultdict(list)
    for student, work in graded.items():
        people = [part for part in work.creator.split(" / ") if part and part not in _PROGRAMS]
        if people:
            authors[" / ".join(people)].append(student)
    return [
        Hint(tuple(several), f"Their files name the same author, {author}.")
        for author, several in authors.items()
        if len(several) > 1
    ]


def _stored(graded: Mapping[str, Graded]) -> list[Hint]:
    """Right values beside formulas that do not lead to them."""
    says = {
        CONSTANT: "{} although their formulas give other numbers, as if a program had written them.",
        LINKED: "{} that have links to another workbook.",
    }
    return [
        Hint((student,), says[kind].format(f"Right numbers are stored in {count(work.stored[kind], 'place')}"))
        for student, work in graded.items()
        for kind in says
        if work.stored.get(kind)
    ]


def rows(hints: Sequence[Hint]) -> list[tuple[str, str]]:
    """Lines for a table: the students, and what there is to look at."""
    return [(", ".join(hint.students), hint.says) for hint in hints]
