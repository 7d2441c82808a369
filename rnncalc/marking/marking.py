"""Marking: a person's numbers held against a trace, element by element, by every right way of working."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from rnncalc.language import most_likely, operands
from rnncalc.language.interval import Interval, at
from rnncalc.language.trees import Array
from rnncalc.marking.answers import Answer, Place
from rnncalc.marking.carried import Element, OwnNumbers
from rnncalc.marking.credit import Credit, Rule
from rnncalc.marking.diagnosis import Named, diagnose, intervals
from rnncalc.marking.locale_slips import locale_slip
from rnncalc.marking.precision import fewer_than_asked, judged
from rnncalc.marking.softmax_forms import other_form
from rnncalc.marking.status import RIGHT, Status, Verdict
from rnncalc.marking.tolerance import EDGE, wider
from rnncalc.marking.working import Way, ways
from rnncalc.network.element_arithmetic import other_exp, trees_of
from rnncalc.network.quantity import Quantity
from rnncalc.network.trace import Trace
from rnncalc.network.values import count

_FLOAT32 = 2.0**-23
"""The share of itself by which a number may be off that was worked with 24 binary digits, as most frameworks do."""
_TO_MEND = (
    (Status.GIVEN_CHANGED, Status.WRONG, Status.NOT_A_NUMBER, Status.AMBIGUOUS),
    (Status.NOT_CALCULATED,),
    (Status.BLANK,),
)
"""What is to be mended first."""


class Mark(NamedTuple):
    """The verdict on one element, rows and columns counted from 0.

    ``tolerance``: how far from what should stand there the number may lie; ``carried``: what follows from the person's
    own earlier numbers, where these are not the true ones.
    """

    quantity: str
    row: int
    column: int
    status: Status
    given: Answer
    expected: float
    tolerance: float
    carried: float | None
    remark: str
    mistakes: tuple[Named, ...]

    @property
    def element(self) -> Element:
        return self.quantity, self.row, self.column


class Report(NamedTuple):
    """The verdicts on all answers, in the order of the trace, and what is to be said once of all of them."""

    marks: list[Mark]
    remark: str = ""

    @property
    def counts(self) -> Counter[Status]:
        """How many answers have each status."""
        return Counter(mark.status for mark in self.marks)

    @property
    def verdict(self) -> Verdict:
        """Correct, incorrect, or incomplete where nothing is wrong but something is missing."""
        statuses = self.counts
        if all(status in RIGHT for status in statuses):
            return Verdict.CORRECT
        missing = (*RIGHT, Status.BLANK, Status.NOT_CALCULATED)
        return Verdict.INCOMPLETE if all(status in missing for status in statuses) else Verdict.INCORRECT

    @property
    def first(self) -> Mark | None:
        """The first answer to mend: the first wrong one in the order of the arithmetic, else the first missing one."""
        for statuses in _TO_MEND:
            first = next((m for m in self.marks if m.status in statuses), None)
            if first is not None:
                return first
        return None


class Answers(NamedTuple):
    """One quantity's answers, by element."""

    name: str
    cells: dict[Place, Answer]


def mark(
    trace: Trace,
    answers: Sequence[Answers],
    *,
    tolerance: float | None = None,
    given: Sequence[Answers] = (),
    given_decimals: Mapping[str, int] | None = None,
    decimals: int | None = None,
    from_changed: bool = True,
    copied: Collection[Element] = (),
) -> Report:
    """Hold answers against a trace.

    Every answer is marked with a ``Status``, a wrong one with the known mistakes that lead to it. ``tolerance``
    replaces the computed one; ``decimals`` are those asked for.

    ``given`` are numbers that a file holds as given: those that are not the problem's are *given-changed*.
    ``given_decimals`` are the decimals with which a file shows computed quantities that it gives. ``from_changed``:
    whether numbers that follow from changed givens earn credit, as is fair to a learner, or none, as is fair to a
    class. ``copied`` are wrong numbers that are the right ones of somebody else's worksheet: they and what follows from
    them earn none.
    """
    counted = judged(trace, {a.name: a.cells for a in answers}, decimals)
    own = OwnNumbers(trace, counted.answered, {a.name: a.cells for a in given}, given_decimals)
    given_marks = {a.name: list(_given_marks(trace[a.name], a.cells)) for a in given}
    changed = {m.quantity for marks in given_marks.values() for m in marks}
    credit = Credit(own, changed, from_changed=from_changed, copied=copied)
    all_marks: list[Mark] = []
    for q in trace.values():
        all_marks += given_marks.get(q.name, [])
        if q.name in counted.answered:
            marks = _Marker(q, own, credit, tolerance).marks(counted.answered[q.name])
            credit.settle(q, {m.element[1:]: m.status for m in marks}, _explanations(marks))
            all_marks += marks
    all_marks = _judged_together(all_marks, trace)
    withheld = credit.withheld()
    return Report([_credited(m, withheld) for m in all_marks], counted.remark)


def _judged_together(marks: Sequence[Mark], trace: Trace) -> list[Mark]:
    """A mistake that is certain in one step is the one in the other steps, where it is one of several that fit."""
    kinds: dict[str, list[frozenset[str]]] = {}
    certain: dict[str, set[str]] = {}
    for mark in (m for m in marks if m.mistakes):
        place = trace[mark.quantity].place
        kinds.setdefault(place, []).append(frozenset(n.kind for n in mark.mistakes))
        certain.setdefault(place, set()).update(n.kind for n in mark.mistakes if n.certain)
    alone = {
        place: kind
        for place, (kind, *more) in ((p, tuple(k)) for p, k in certain.items() if k)
        if not more and all(kind in several for several in kinds[place])
    }

    def made_certain(mark: Mark) -> Mark:
        kind = alone.get(trace[mark.quantity].place) if mark.mistakes else None
        same = tuple(n._replace(certain=True) for n in mark.mistakes if n.kind == kind)
        return mark._replace(mistakes=same) if same else mark

    return [made_certain(mark) for mark in marks]


def _explanations(marks: Sequence[Mark]) -> dict[Place, dict[str, float]]:
    """The kinds of mistakes that explain each wrong number, and the bits of evidence for each."""
    return {(m.row, m.column): {n.kind: n.evidence for n in m.mistakes} for m in marks if m.status == Status.WRONG}


def _credited(mark: Mark, withheld: Mapping[Element, Rule]) -> Mark:
    """A mark with what its credit comes to once the whole sheet is known."""
    why = withheld.get(mark.element)
    if why is None:
        return mark
    if mark.status == Status.CARRIED:
        return mark._replace(status=Status.UNCREDITED, remark=why.follows)
    return mark._replace(remark=why.itself, mistakes=()) if mark.status == Status.WRONG else mark


def _given_marks(q: Quantity, cells: Mapping[Place, Answer]) -> Iterable[Mark]:
    for (row, column), answer in sorted(cells.items()):
        expected = float(q.value[row, column])
        if answer.number is None or abs(answer.number - expected) > 1e-12 * max(1.0, abs(expected)):
            yield Mark(q.name, row, column, Status.GIVEN_CHANGED, answer, expected, 0.0, None, "", ())


class _Marker:
    """Marks one quantity."""

    def __init__(self, q: Quantity, own: OwnNumbers, credit: Credit, tolerance: float | None) -> None:
        self.q, self.own, self.credit, self.flat = q, own, credit, tolerance

    def marks(self, cells: Mapping[Place, Answer]) -> list[Mark]:
        """The verdicts; mistakes are looked for in all wrong numbers of the quantity together."""
        marks = {place: self._mark(place, answer) for place, answer in sorted(cells.items())}
        factor = self._other_form(marks)
        wrong = {p: m.given for p, m in marks.items() if m.status == Status.WRONG}
        if not wrong or self.q.rule is None:
            return list(marks.values())
        meant = self._meant(max((a.decimals for a in wrong.values() if a.decimals is not None), default=None))
        meant = {p: Interval(interval.low * factor, interval.high * factor) for p, interval in meant.items()}
        self.own.keep_meant(self.q, {p: meant[p] for p in wrong})
        looked_at = {p: a for p, a in wrong.items() if not marks[p].remark}  # a remark says already what is wrong
        if looked_at and not self.credit.is_filler(self.q.name):
            others = {p: m.given for p, m in marks.items() if m.given.number is not None and p not in wrong}
            may_show = lambda e: self.own.may_show(e, self.own.values, self.credit.right)  # noqa: E731
            diagnosis = diagnose(self.q, self.own, looked_at, others, meant, may_show)
            for cells_meant in diagnosis.meant:
                self.own.keep_meant(self.q, cells_meant, mistaken=True)
            marks |= {p: marks[p]._replace(mistakes=named) for p, named in diagnosis.named.items()}
        return list(marks.values())

    def _meant(self, decimals: int | None) -> dict[Place, Interval]:
        return self._intervals if decimals is None else intervals(self.q, self.own, decimals)

    @cached_property
    def _intervals(self) -> dict[Place, Interval]:
        return intervals(self.q, self.own, None)

    def _mark(self, place: Place, answer: Answer) -> Mark:
        expected = float(self.q.value[place])
        carried = float(self._follows[place]) if self._differs else None
        carried = carried if carried is not None and np.isfinite(carried) else None
        half = answer.half_unit if self.flat is None else self.flat
        if answer.number is None:
            assert answer.problem is not None
            return Mark(self.q.name, *place, answer.problem, answer, expected, half, carried, "", ())
        if abs(answer.number - expected) <= wider(half, expected):
            return Mark(self.q.name, *place, Status.CORRECT, answer, expected, half, carried, "", ())
        if self.q.rule is None:  # what is given is worked in no way
            return Mark(self.q.name, *place, Status.WRONG, answer, expected, half, carried, "", ())
        status, remark, reach = self._worked(place, answer, expected)
        if status == Status.WRONG:
            remark = remark or locale_slip(answer, expected)
        return Mark(self.q.name, *place, status, answer, expected, max(half, reach), carried, remark, ())

    @cached_property
    def _differs(self) -> bool:
        return self.own.differs(self.q)

    @cached_property
    def _follows(self) -> Array:
        return self.own.follows(self.q)

    def _worked(self, place: Place, answer: Answer, expected: float) -> tuple[Status, str, float]:
        """The verdict on a number that is not the true one to its last digit, and how far one may be."""
        number = answer.number
        assert number is not None
        reach = 0.0
        element = (self.q.name, *place)
        trees = trees_of(self.q, *place)
        other = other_exp(self.q, place[0]) if self.own.has_other_form else None
        trees = trees if other is None else [other, *trees]
        if self.flat is not None:
            return self._within_flat(element, number)
        twice = Way(answer.decimals, remembers=True)  # rounded once with a spare digit, and then again
        if twice.accepts(number, at(expected)) or abs(number - expected) <= answer.half_unit + _FLOAT32 * abs(expected):
            return Status.ROUNDED, "", twice.furthest(at(expected), expected)
        follows = float(self._follows[place])
        for choice in self.own.choices(self.q):
            for way in self._ways(answer.decimals):
                for tree in trees[-1:] if way.other_softmax else trees:
                    interval = self.own.reading(way, choice).of(tree)
                    reach = max(reach, way.furthest(interval, follows))
                    if way.accepts(number, interval):
                        right = self.credit.all_right(element, choice)
                        how = "cut off instead of rounded" if way.cuts else ""
                        return Status.ROUNDED if right else Status.CARRIED, how, reach
        if self.own.may_cut and cut_off(number, expected, answer.decimals):
            return Status.ROUNDED, "cut off instead of rounded", reach
        if self._is_open_choice(place):
            return Status.ROUNDED, "", reach
        return Status.WRONG, _fewer_digits(answer, expected), reach

    def _ways(self, decimals: int | None) -> list[Way]:
        """The ways of working, last those by the other form of softmax, where its exp may have been worked unseen."""
        usual = ways(decimals, cuts=self.own.may_cut)
        if self.own.has_unseen(self.q):
            usual += [way._replace(other_softmax=True) for way in usual if not way.remembers]
        return usual

    def _within_flat(self, element: Element, number: float) -> tuple[Status, str, float]:
        """The verdict by a flat tolerance, around what follows from the numbers as they stand."""
        assert self.flat is not None
        for choice in self.own.choices(self.q):
            for tree in trees_of(self.q, *element[1:]):
                value = self.own.reading(Way(None), choice).of(tree).middle
                if abs(number - value) <= wider(self.flat, value):
                    return Status.ROUNDED if self.credit.all_right(element, choice) else Status.CARRIED, "", self.flat
        return Status.WRONG, "", self.flat

    def _is_open_choice(self, place: Place) -> bool:
        """Whether a choice of the largest is one between two that may be the largest, by their last digits."""
        theirs = self.own.values.get(self.q.name)
        if theirs is None or not np.isin(theirs, (0, 1)).all() or theirs.sum() != 1:
            return False
        for p in operands(self.q.rule, most_likely) if self.q.rule is not None else ():
            assert isinstance(p, Quantity)
            decimals = max((a.decimals or 0 for a in self.own.answered.get(p.name, {}).values()), default=None)
            numbers = self.own.values.get(p.name, p.value)
            reach = 0.0 if decimals is None else 10.0**-decimals
            chosen = theirs == 1
            if (numbers[chosen] + reach * (1 + EDGE) >= numbers[~chosen].max()).all():
                return True
        return False

    def _other_form(self, marks: dict[Place, Mark]) -> float:
        """exp of the scores in another form than the problem's is right: a common factor falls out of softmax. Gives
        the factor."""
        if all(m.status != Status.WRONG for m in marks.values()):
            return 1.0
        given = {p: m.given for p, m in marks.items()}
        forms = ((other_form(self.q, self.own, choice, given), choice) for choice in self.own.choices(self.q))
        form, choice = max(forms, key=lambda pair: len(pair[0].places) if pair[0] is not None else -1)
        if form is None:
            return 1.0
        self.own.has_other_form |= form.is_other
        for place in form.places:
            if marks[place].status == Status.WRONG:
                right = self.credit.all_right((self.q.name, *place), choice)
                marks[place] = marks[place]._replace(
                    status=Status.CORRECT if right else Status.CARRIED, remark=form.says
                )
        return form.factor


def cut_off(number: float, expected: float, decimals: int | None) -> bool:
    """Whether the number is the true one with its further digits cut off: 0.42 for 0.427."""
    if decimals is None:
        return False
    unit = 10.0**-decimals
    return (
        abs(number) <= abs(expected) + EDGE
        and abs(expected) - abs(number) < unit * (1 - EDGE)
        and (number * expected >= 0)
    )


def _fewer_digits(answer: Answer, expected: float) -> str:
    """A remark on a number that is right to fewer decimals than were asked for."""
    written = fewer_than_asked(answer, expected)
    return f"right to {count(written, 'decimal')}, but {answer.decimals} were asked for" if written else ""
