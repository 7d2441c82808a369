"""Marking: a person's numbers held against a trace, element by element, with the tolerance that rounding explains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rnncalc.homework.answers import Answer
from rnncalc.homework.mistakes import mistakes_of
from rnncalc.replay import replay, sensitivity
from rnncalc.scalars import Array
from rnncalc.trace import Quantity, Trace

STATUSES = ("correct", "rounded", "carried", "wrong", "blank", "not-a-number", "ambiguous")
"""Every status that an answer can have."""
_EDGE = 1e-9
"""Boundaries are inclusive: a tolerance is widened by this share of itself, and by rounding of float64."""


class Named(NamedTuple):
    """A mistake that explains a wrong number; ``certain`` where it is the only kind that does."""

    kind: str
    says: str
    certain: bool


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
        if all(status in ("correct", "rounded") for status in statuses):
            return "correct"
        if any(statuses[status] for status in ("wrong", "carried", "not-a-number", "ambiguous")):
            return "incorrect"
        return "incomplete"

    @property
    def first(self) -> Mark | None:
        """The first answer to mend: the first wrong one in the order of the arithmetic, else the first missing one."""
        wrong = [m for m in self.marks if m.status in ("wrong", "not-a-number", "ambiguous")]
        missing = [m for m in self.marks if m.status == "blank"]
        return next(iter(wrong or missing), None)


class Answers(NamedTuple):
    """One quantity's answers, by element."""

    name: str
    cells: dict[tuple[int, int], Answer]


def mark(trace: Trace, answers: Sequence[Answers], *, tolerance: float | None = None) -> Report:
    """Hold answers against a trace.

    Every answer is one of ``STATUSES``: *correct* to the digits given; *rounded*: right to what rounding at every step
    can do, by first-order error propagation through the operation; *carried*: wrong, but it follows from the person's
    own earlier numbers; *wrong*, with the known mistakes that lead to it. ``tolerance`` replaces the computed one.
    """
    given = {a.name: a.cells for a in answers}
    spread = _Spread(trace, given)
    own = {name: _own_values(trace[name], cells) for name, cells in given.items()}
    marks: list[Mark] = []
    for q in trace.values():
        if q.name in given:
            marks += _Marker(trace, q, given[q.name], own, spread, tolerance).marks()
    return Report(marks)


def _own_values(q: Quantity, cells: Mapping[tuple[int, int], Answer]) -> Array:
    """A quantity as the person has it: the answers that are numbers, and the true number where there is none."""
    values = q.value.astype(float).copy()
    for (row, column), answer in cells.items():
        if answer.number is not None:
            values[row, column] = answer.number
    return values


class _Spread:
    """How far rounding at every step before can have moved each element, by first-order propagation."""

    def __init__(self, trace: Trace, given: Mapping[str, Mapping[tuple[int, int], Answer]]) -> None:
        self._trace = trace
        self._given = given
        self._known: dict[str, Array] = {}

    def of(self, q: Quantity) -> Array:
        """Half a unit of what was written here, and what came in with the operands; the shape of the quantity."""
        if q.name not in self._known:
            self._known[q.name] = self.half_units(q) + self.from_operands(q)
        return self._known[q.name]

    def half_units(self, q: Quantity) -> Array:
        units = np.zeros(q.shape)
        for (row, column), answer in self._given.get(q.name, {}).items():
            units[row, column] = answer.half_unit
        return units

    def from_operands(self, q: Quantity) -> Array:
        """|∂q/∂s| times the spread of each operand s, added up."""
        moved = np.zeros(q.shape)
        if q.rule is None:
            return moved
        for source in q.sources:
            if source.rule is None:
                continue
            spread = self.of(source)
            if spread.any():
                slopes = sensitivity(q.rule, source.name, {source.name: source.value})
                moved += (slopes @ spread.ravel()).reshape(q.shape)
        return moved

    def local(self, q: Quantity) -> Array:
        """The same from the operands' last digits alone: for a number worked from the person's own numbers."""
        moved = self.half_units(q)
        if q.rule is None:
            return moved
        for source in q.sources:
            units = self.half_units(source)
            if units.any():
                slopes = sensitivity(q.rule, source.name, {source.name: source.value})
                moved += (slopes @ units.ravel()).reshape(q.shape)
        return moved


class _Marker:
    """Marks one quantity."""

    def __init__(
        self,
        trace: Trace,
        q: Quantity,
        cells: Mapping[tuple[int, int], Answer],
        own: Mapping[str, Array],
        spread: _Spread,
        tolerance: float | None,
    ) -> None:
        self.trace, self.q, self.cells, self.own = trace, q, cells, own
        self.wide = spread.of(q) if tolerance is None else np.full(q.shape, tolerance)
        self.near = spread.local(q) if tolerance is None else self.wide
        others = {name: values for name, values in own.items() if name != q.name}
        with np.errstate(all="ignore"):
            self.from_own = None if q.rule is None else replay(q.rule, others)
        self.others = others
        self.differs = self._has_own_inputs()

    def _has_own_inputs(self) -> bool:
        """Whether an operand is the person's own number and another than the true one, and no stock value."""
        for source in self.q.sources:
            values = self.own.get(source.name)
            if values is None or np.allclose(values, source.value, rtol=0, atol=1e-12):
                continue
            return not (values.size > 1 and np.ptp(values) == 0)  # all equal: no work that could be carried
        return False

    def marks(self) -> list[Mark]:
        return [self._mark(row, column, answer) for (row, column), answer in sorted(self.cells.items())]

    def _mark(self, row: int, column: int, answer: Answer) -> Mark:
        expected = float(self.q.value[row, column])
        tolerance = float(self.wide[row, column])
        carried = None if self.from_own is None or not self.differs else float(self.from_own[row, column])
        status, remark = self._status(row, column, answer, expected, carried)
        named = self._named(row, column, answer) if status == "wrong" else ()
        return Mark(self.q.name, row, column, status, answer, expected, tolerance, carried, remark, named)

    def _status(self, row: int, column: int, answer: Answer, expected: float, carried: float | None) -> tuple[str, str]:
        number = answer.number
        if number is None:
            return answer.problem, ""
        off = abs(number - expected)
        if off <= _wider(answer.half_unit, expected):
            return "correct", ""
        if answer.decimals is not None and _cut_off(number, expected, answer.decimals):
            return "rounded", "cut off instead of rounded"
        if off <= _wider(float(self.wide[row, column]), expected):
            return "rounded", ""
        if carried is not None and abs(number - carried) <= _wider(float(self.near[row, column]), carried):
            return "carried", ""
        return "wrong", ""

    def _named(self, row: int, column: int, answer: Answer) -> tuple[Named, ...]:
        """The mistakes that lead to this number, from the true operands or from the person's own."""
        assert answer.number is not None
        fits: dict[str, str] = {}
        inputs: list[Mapping[str, Array]] = [{}, self.others] if self.others else [{}]
        for mistake in mistakes_of(self.q, self.trace):
            for values in inputs:
                wrong = mistake.value(values)
                if wrong.shape != self.q.shape or not np.isfinite(wrong[row, column]):
                    continue
                number = float(wrong[row, column])
                near = max(answer.half_unit, float(self.near[row, column]))
                if abs(answer.number - number) <= _wider(near, number):
                    fits.setdefault(mistake.kind, mistake.says)
        return tuple(Named(kind, says, len(fits) == 1) for kind, says in fits.items())


def _wider(tolerance: float, about: float) -> float:
    return tolerance * (1 + _EDGE) + 1e-12 * max(1.0, abs(about))


def _cut_off(number: float, expected: float, decimals: int) -> bool:
    """Whether the number is the true one with its further digits cut off: 0.42 for 0.427."""
    unit = 10.0**-decimals
    return (
        abs(number) <= abs(expected) + _EDGE
        and abs(expected) - abs(number) < unit * (1 + _EDGE)
        and (number * expected >= 0)
    )
