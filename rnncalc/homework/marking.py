"""Marking: a person's numbers held against a trace, element by element, with the tolerance that rounding explains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rnncalc.homework.answers import Answer
from rnncalc.homework.evidence import cut_off, fitting
from rnncalc.homework.mistakes import Values
from rnncalc.homework.own_work import OwnWork
from rnncalc.operations import identity, most_likely, operands
from rnncalc.scalars import Array, Term
from rnncalc.spread import EDGE, Spread, wider
from rnncalc.trace import Quantity, Trace

STATUSES = (
    "correct", "rounded", "carried", "wrong", "blank", "not-a-number", "ambiguous", "not-calculated", "given-changed",
)  # fmt: skip
"""Every status that an answer can have."""
RIGHT = ("correct", "rounded")
COPIED = "the right number of another student's worksheet"
"""The remark on a copied number."""


class Named(NamedTuple):
    """A mistake that explains a wrong number; ``certain`` where it is the only kind that does; ``shown``: how."""

    kind: str
    says: str
    certain: bool
    shown: str = ""


class Mark(NamedTuple):
    """The verdict on one element, rows and columns counted from 0."""

    quantity: str
    row: int
    column: int
    status: str
    given: Answer
    expected: float
    tolerance: float
    carried: float | None
    remark: str
    mistakes: tuple[Named, ...]


class Report(NamedTuple):
    """The verdicts on all answers, in the order of the trace."""

    marks: list[Mark]

    @property
    def counts(self) -> Counter[str]:
        """How many answers have each status."""
        return Counter(mark.status for mark in self.marks)

    @property
    def verdict(self) -> str:
        """correct, incorrect, or incomplete where nothing is wrong but something is missing."""
        statuses = self.counts
        if all(status in RIGHT for status in statuses):
            return "correct"
        if any(statuses[status] for status in ("wrong", "carried", "not-a-number", "ambiguous", "given-changed")):
            return "incorrect"
        return "incomplete"

    @property
    def first(self) -> Mark | None:
        """The first answer to mend: the first wrong one in the order of the arithmetic, else the first missing one."""
        for statuses in (("given-changed", "wrong", "not-a-number", "ambiguous"), ("not-calculated",), ("blank",)):
            found = next((m for m in self.marks if m.status in statuses), None)
            if found is not None:
                return found
        return None


class Answers(NamedTuple):
    """One quantity's answers, by element."""

    name: str
    cells: dict[tuple[int, int], Answer]


def mark(
    trace: Trace,
    answers: Sequence[Answers],
    *,
    tolerance: float | None = None,
    given: Sequence[Answers] = (),
    shown: Mapping[str, int] | None = None,
    from_changed: bool = True,
    copied: Collection[tuple[str, int, int]] = (),
) -> Report:
    """Hold answers against a trace.

    Every answer is one of ``STATUSES``. *correct*: right to the digits given. *rounded*: right to what rounding at
    every step can do: the number follows from the person's own right numbers, or differs from the true one by no more
    than first-order error propagation from the written numbers allows. *carried*: wrong, but it follows from the
    person's own earlier numbers. *wrong*: with the known mistakes that lead to it. ``tolerance`` replaces the
    computed one.

    ``given`` are numbers that a file holds as given: those that are not the problem's are *given-changed*. ``shown``
    are the decimals with which a file shows computed quantities that it gives. ``from_changed``: whether numbers that
    follow from changed givens are carried, as is fair to a learner, or wrong, as is fair to a class.
    ``copied`` are the elements (quantity, row, column from 0) whose number is somebody else's right one: nothing that
    follows from them is carried.
    """
    answered = {a.name: a.cells for a in answers}
    own = OwnWork(trace, answered, {a.name: a.cells for a in given}, from_changed=from_changed, copied=copied)
    seen = _half_units(trace, answered, shown or {})
    spread = Spread(trace, seen)
    given_marks = {a.name: list(_given_marks(trace[a.name], a.cells)) for a in given}
    marks: list[Mark] = []
    for q in trace.values():
        marks += given_marks.get(q.name, [])
        if q.name in answered:
            found = _Marker(q, trace, own, spread, tolerance, out_of_sight=_out_of_sight(q, seen)).marks(
                answered[q.name]
            )
            explained = all(m.mistakes for m in found if m.status == "wrong")
            own.settle(q, {(m.row, m.column) for m in found if m.status in RIGHT}, explained=explained)
            marks += found
    return Report(marks)


def _half_units(
    trace: Trace, answered: Mapping[str, Mapping[tuple[int, int], Answer]], shown: Mapping[str, int]
) -> dict[str, Array]:
    """Half a unit of the last decimal of each number that a person wrote or read."""
    half_units = {name: np.full(trace[name].shape, 0.5 * 10.0**-decimals) for name, decimals in shown.items()}
    for name, cells in answered.items():
        half_units[name] = np.full(trace[name].shape, max((a.half_unit for a in cells.values()), default=0.0))
        for place, answer in cells.items():
            if answer.number is not None:
                half_units[name][place] = answer.half_unit
    return half_units


def _out_of_sight(q: Quantity, seen: Mapping[str, Array]) -> bool:
    """Whether something that goes in was worked out where nobody sees it."""
    return any(s.rule is not None and s.name not in seen for s in q.sources)


def _given_marks(q: Quantity, cells: Mapping[tuple[int, int], Answer]) -> Iterable[Mark]:
    for (row, column), answer in sorted(cells.items()):
        expected = float(q.value[row, column])
        if answer.number is None or abs(answer.number - expected) > 1e-12 * max(1.0, abs(expected)):
            yield Mark(q.name, row, column, "given-changed", answer, expected, 0.0, None, "", ())


class _Marker:
    """Marks one quantity."""

    def __init__(
        self,
        q: Quantity,
        trace: Trace,
        own: OwnWork,
        spread: Spread,
        tolerance: float | None,
        *,
        out_of_sight: bool,
    ) -> None:
        self.q, self.trace, self.own = q, trace, own
        self.out_of_sight = out_of_sight
        self.flat = tolerance
        self.wide = spread.of(q) if tolerance is None else np.full(q.shape, tolerance)
        self.near = spread.local(q, own.values) if tolerance is None else self.wide
        self.spread = spread
        self.from_own = [*own.ways(q), *self._choice()]

    def _choice(self) -> list[Array]:
        """A person's own choice of the largest, where the last digits leave it open which that is."""
        theirs = self.own.values.get(self.q.name)
        if theirs is None or not np.isin(theirs, (0, 1)).all() or theirs.sum() != 1:
            return []
        chosen = theirs == 1
        for p in operands(self.q.rule, most_likely) if self.q.rule is not None else ():
            assert isinstance(p, Quantity)
            numbers = self.own.values.get(p.name, p.value)
            reach = self._moved(identity(p), self.own.values)
            others = (numbers - reach)[~chosen]
            largest = numbers[chosen] >= numbers.max() or numbers[chosen] + reach[chosen] > others.max() * (1 + EDGE)
            if largest.all():
                return [theirs]
        return []

    def marks(self, cells: Mapping[tuple[int, int], Answer]) -> list[Mark]:
        """The verdicts; mistakes are looked for in all wrong numbers of the quantity together."""
        found = [self._mark(row, column, answer) for (row, column), answer in sorted(cells.items())]
        wrong = {(m.row, m.column): m.given for m in found if m.status == "wrong"}
        wrong = {place: a for place, a in wrong.items() if not self.own.is_copied((self.q.name, *place))}
        named = self._named(wrong) if wrong and not self.own.is_filler(self.q.name) else {}
        return [m._replace(mistakes=named.get((m.row, m.column), ())) for m in found]

    def _mark(self, row: int, column: int, answer: Answer) -> Mark:
        expected = float(self.q.value[row, column])
        tolerance = float(self.wide[row, column])
        status, remark = self._status(row, column, answer, expected)
        follows = [float(way[row, column]) for way in self.from_own] if self.own.differs(self.q) else []
        carried = next((value for value in follows if np.isfinite(value)), None)
        return Mark(self.q.name, row, column, status, answer, expected, tolerance, carried, remark, ())

    def _status(self, row: int, column: int, answer: Answer, expected: float) -> tuple[str, str]:
        number = answer.number
        if number is None:
            return answer.problem, ""
        off = abs(number - expected)
        if off <= wider(answer.half_unit if self.flat is None else 0.0, expected):
            return "correct", ""
        follows = self._follows(row, column, number)
        element = (self.q.name, row, column)
        if follows and self.own.all_right(element):
            return "rounded", ""
        if off <= wider(float(self.wide[row, column]), expected):
            return "rounded", ""
        if self.out_of_sight and self.own.all_right(element) and self._rounded_at_every_step(row, column, answer):
            return "rounded", "as when every step is rounded"
        if self.own.is_copied(element):
            return "wrong", COPIED
        cut = self._is_cut_off(answer, (float(way[row, column]) for way in self.from_own))
        if (follows or cut) and self.own.carries(element):
            return "carried", ""
        if follows or cut:
            self.own.follow_up(element)
        if self._is_cut_off(answer, [expected]) or (cut and self.own.all_right(element)):
            return "rounded", "cut off instead of rounded"
        return "wrong", _fewer_digits(answer, expected)

    def _follows(self, row: int, column: int, number: float) -> bool:
        """Whether the number comes from the person's own numbers, the computer's way or the way on paper."""
        near = float(self.near[row, column])
        return any(
            abs(number - value) <= wider(near, value)
            for value in (float(way[row, column]) for way in self.from_own)
            if np.isfinite(value)
        )

    def _is_cut_off(self, answer: Answer, values: Iterable[float]) -> bool:
        """Whether the number is one of these with its further digits cut off."""
        number, decimals = answer.number, answer.decimals
        return number is not None and decimals is not None and any(cut_off(number, v, decimals) for v in values)

    def _rounded_at_every_step(self, row: int, column: int, answer: Answer) -> bool:
        """Whether the number comes out when what was worked out of sight is rounded like it, step by step."""
        assert answer.number is not None
        if answer.decimals is None:
            return False
        value = float(np.round(self.own.rounded(self.q, answer.decimals)[row, column], max(answer.decimals, 0)))
        return abs(answer.number - value) <= wider(0.0, value)

    def _moved(self, rule: Term, own: Values) -> Array:
        return self.spread.moved(rule, own) if self.flat is None else self.wide

    def _named(self, wrong: Mapping[tuple[int, int], Answer]) -> dict[tuple[int, int], tuple[Named, ...]]:
        decimals = max((a.decimals for a in wrong.values() if a.decimals is not None), default=6)
        found = fitting(self.q, self.trace, self.own.values, wrong, self._moved)
        return {
            (row, column): tuple(
                Named(
                    f.kind,
                    f.says,
                    len({g.kind for g in fits}) == 1,
                    f.shown(row, column, max(decimals, 0), self.own.may_show),
                )
                for f in fits
            )
            for (row, column), fits in found.items()
        }


def _fewer_digits(answer: Answer, expected: float) -> str:
    """A remark on a number that is right to fewer decimals than were asked for."""
    assert answer.number is not None
    written = len(f"{answer.number:.10f}".rstrip("0").partition(".")[2])
    if answer.decimals is None or not 0 < written < answer.decimals:
        return ""
    if abs(answer.number - expected) > wider(0.5 * 10.0**-written, expected):
        return ""
    return f"right to {_decimals(written)}; {answer.decimals} were asked for"


def _decimals(count: int) -> str:
    return f"{count} decimal{'' if count == 1 else 's'}"
