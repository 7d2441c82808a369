"""Whose right numbers are they? A student's wrong numbers, held against the right ones of every other variant.

With two decimals a number is somebody's by chance, and so none tells anything alone. The evidence of all of them is
multiplied: for each number, how much likelier it stands there if it was copied than by chance. What chance does is
counted, not guessed: how many other variants have the same number in that place. A number that hangs together with
others (the probabilities of a step add up to 1) counts only as far as it tells more than they do. The product has a
mean of 1 where nobody copied, so that it exceeds a bound by chance at most as often as one in that bound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rnncalc.classroom.assignment import Assignment
from rnncalc.errors import RnncalcError
from rnncalc.language.trees import Array
from rnncalc.marking.carried import Element
from rnncalc.marking.marking import Mark
from rnncalc.marking.status import FOLLOWS, Status
from rnncalc.marking.tolerance import EDGE

CHANCE = 1e-6
"""How likely it may be at most that anybody in a whole class is taken for a copier by chance."""
_FEWEST = 4
"""Fewer numbers are no evidence, in whatever class."""
_VARIANTS = 300
"""So many variants tell what chance does; to a smaller class some are added that are nobody's."""
_PER_NUMBER = 4
"""So many variants there are for each number that is evidence, or how they hang together could not be told."""
_COPIED = 0.9
"""How many numbers of a copied table are the other's, beside those with a slip of copying."""
_TABLES = (0.05, 0.5)
"""How many of the tables may have been copied: some, or half of them and more."""
_NOTHING = 1e-9
"""What is left of a column by the last digits of float64 alone."""
_ODDS = 10.0
"""So much likelier a table needs to be copied than equal by chance, once it is known from whom was copied."""
_EARNS_NOTHING = (Status.WRONG, *FOLLOWS)

Classmates = tuple[tuple[str, int], ...]
"""The students of a class, each with the draw that they were given."""


class Copies(NamedTuple):
    """The numbers that are another student's right ones, by whose they are."""

    of: Mapping[str, tuple[Element, ...]]

    @property
    def elements(self) -> frozenset[Element]:
        """All of them."""
        return frozenset(element for several in self.of.values() for element in several)

    @property
    def counts(self) -> dict[str, int]:
        """How many are whose."""
        return {student: len(several) for student, several in self.of.items()}


NONE = Copies({})


def may_hold_copies(marks: Sequence[Mark]) -> bool:
    """Whether a file has so many wrong numbers that no known mistake leads to that the class is worth a look."""
    return _different(_evidence(marks)) >= _FEWEST


def class_digest(classmates: Classmates) -> str:
    """What copies depend on beside file and assignment."""
    return hashlib.sha256(repr(classmates).encode()).hexdigest()


def _evidence(marks: Sequence[Mark]) -> list[Mark]:
    """The wrong numbers that no known mistake leads to for certain; a 0 tells nothing."""
    return [m for m in marks if m.status == Status.WRONG and m.given.number and not any(n.certain for n in m.mistakes)]


def _different(marks: Sequence[Mark]) -> int:
    return len({abs(m.given.number or 0.0) for m in marks})


def copies(
    assignment: Assignment, student: str, classmates: Classmates, names: Sequence[str], marks: Sequence[Mark]
) -> Copies:
    """The numbers of a student that are copied for certain; ``marks`` are those of their file, without copies.

    ``names`` are the quantities that a worksheet asks for. Where too few numbers are evidence, nothing is worked out.
    """
    if assignment.same or not any(who != student for who, _ in classmates):
        return NONE
    wrong = [m for m in marks if m.status in _EARNS_NOTHING and m.given.number]
    evidence = _evidence(marks)
    bound = np.log(len(classmates) * (len(classmates) - 1) / CHANCE)
    most = np.log(1 - _COPIED + _COPIED * max(len(classmates), _VARIANTS))
    if _different(evidence) * most < bound:
        return NONE
    variants = _variants(assignment, classmates, names)
    suspects = [i for i, owner in enumerate(variants.owners) if owner not in ("", student)]
    likelier = _pooled(variants, evidence, assignment.decimals, suspects)
    sources = [suspects[i] for i in np.argsort(-likelier, kind="stable") if likelier[i] >= bound]
    return _whose(variants, wrong, assignment.decimals, sources) if sources else NONE


def _pooled(variants: _Variants, marks: Sequence[Mark], decimals: int, suspects: Sequence[int]) -> Array:
    """How much likelier all the numbers are if some tables were copied from each suspect, as logarithms."""
    few = -(-_PER_NUMBER * len(marks) // len(variants.numbers))  # of so many one, from all over the worksheet
    evidence = _Evidence(variants, marks[::few], decimals, suspects).of_tables(together=True)
    tables = np.array(list(evidence.values()))
    shares = [np.logaddexp(np.log(1 - share), np.log(share) + tables).sum(axis=0) for share in _TABLES]
    pooled: Array = np.logaddexp.reduce(shares) - np.log(len(_TABLES))
    return pooled


def _whose(variants: _Variants, wrong: Sequence[Mark], decimals: int, sources: Sequence[int]) -> Copies:
    """Which of the wrong numbers are whose: those of the tables that are copied from one of these."""
    evidence = _Evidence(variants, wrong, decimals, sources)
    tables = evidence.of_tables(together=False)
    of: dict[str, list[Element]] = {}
    for j, mark in enumerate(wrong):
        likely = np.where(evidence.same[j], tables[mark.quantity], -np.inf)
        best = int(np.argmax(likely))
        if likely[best] >= np.log(_ODDS):
            of.setdefault(variants.owners[sources[best]], []).append((mark.quantity, mark.row, mark.column))
    return Copies({student: tuple(several) for student, several in of.items()})


class _Evidence:
    """How much likelier some numbers stand where they do if they were copied from each of the suspects."""

    def __init__(self, variants: _Variants, marks: Sequence[Mark], decimals: int, suspects: Sequence[int]) -> None:
        self._marks = marks
        self._numbers = variants.numbers[:, [variants.columns[m.quantity, m.row, m.column] for m in marks]]
        typed = np.array([m.given.number for m in marks], dtype=float)
        half_units = np.array([max(m.given.half_unit, 0.5 * 10.0**-decimals) for m in marks])
        reach = half_units * (1 + EDGE) + 1e-12 * np.maximum(1.0, np.abs(typed))
        same = np.abs(self._numbers - typed) <= reach
        self.same = same[list(suspects)].T
        """For each number, which suspects have it there."""
        others = same.sum(axis=0)[:, np.newaxis] - self.same
        # a little more than their share, as it is told by some variants only
        self._by_chance = np.minimum((others + 1) / (len(self._numbers) - 1), 1.0)

    def of_tables(self, *, together: bool) -> dict[str, Array]:
        """By table, for each suspect, as logarithms; ``together``: what follows from other numbers does not count."""
        chance = self._by_chance
        if together:
            chance = np.minimum(chance / np.maximum(_of_its_own(self._numbers), _NOTHING)[:, np.newaxis], 1.0)
        likelier = np.log(1 - _COPIED + np.where(self.same, _COPIED / chance, 0.0))
        tables: dict[str, Array] = {}
        for mark, row in zip(self._marks, likelier, strict=True):
            tables[mark.quantity] = tables.get(mark.quantity, 0.0) + row
        return tables


def _of_its_own(numbers: Array) -> Array:
    """What share of each column's spread does not follow, by a straight line, from the columns before it."""
    left = numbers - numbers.mean(axis=0)
    lengths = np.sqrt((left**2).sum(axis=0))
    left /= np.where(lengths > 0, lengths, 1.0)
    own = np.zeros(len(lengths))
    for i in range(len(own)):
        own[i] = np.sqrt((left[:, i] ** 2).sum())
        if own[i] > _NOTHING:
            along = left[:, i] / own[i]
            left[:, i + 1 :] -= along[:, np.newaxis] * (along @ left[:, i + 1 :])
    return own


# ── the right numbers of a class ──────────────────────────────────────────────────────────────────────────────────


class _Variants(NamedTuple):
    """A row for each variant, with whose it is (nothing: nobody's); a column for each number that is asked for."""

    owners: Sequence[str]
    numbers: Array
    columns: Mapping[Element, int]


_known: dict[tuple[str, Classmates, tuple[str, ...]], _Variants] = {}
"""Those of the class that was asked for last: once in each process."""


def _variants(assignment: Assignment, classmates: Classmates, names: Sequence[str]) -> _Variants:
    key = (assignment.digest(), classmates, tuple(names))
    variants = _known.get(key)
    if variants is None:
        variants = _worked(assignment, classmates, names)
        _known.clear()
        _known[key] = variants
    return variants


def _worked(assignment: Assignment, classmates: Classmates, names: Sequence[str]) -> _Variants:
    """Work out every variant. The id of nobody begins with a new line, which no id in a roster does."""
    nobody = [(f"\nnobody {i}", 0) for i in range(max(_VARIANTS - len(classmates), 0))]
    owners: list[str] = []
    rows: list[Array] = []
    columns: dict[Element, int] = {}
    for student, draw in (*classmates, *nobody):
        try:
            trace = assignment.trace_of(assignment.problem_of(student, draw))
        except RnncalcError:  # beyond float64, so that it is on nobody's worksheet
            continue
        if not columns:
            places = [(name, *place) for name in names for place in np.ndindex(*trace[name].shape)]
            columns = {place: i for i, place in enumerate(places)}
        owners.append("" if student[0] == "\n" else student)
        rows.append(np.concatenate([trace[name].value.ravel() for name in names]).astype(float))
    return _Variants(owners, np.array(rows), columns)
