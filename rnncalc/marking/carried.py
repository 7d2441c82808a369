"""A person's own numbers: what follows from them, by every way of working, and from which of them a number comes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from rnncalc.language import ACTIVATIONS, exp
from rnncalc.language.interval import Interval, at
from rnncalc.language.trees import Array, Entry, Scalar, leaves
from rnncalc.marking.answers import Answer, Place
from rnncalc.marking.working import Way, evaluate
from rnncalc.network.element_arithmetic import other_exp, tree_of, trees_of
from rnncalc.network.quantity import Quantity
from rnncalc.network.replay import Values, replay, replay_on_paper
from rnncalc.network.trace import Trace

Cells = Mapping[Place, Answer]
Element = tuple[str, int, int]
"""A quantity's name, row and column, counted from 0."""
_MOST_CHOICES = 24
"""So many ways to take or leave earlier wrong numbers are tried."""
_ROUNDED_AWAY = 0.3
"""Of the numbers of someone who rounds, half are rounded away from zero; of someone who cuts digits off, hardly any."""
_FEWEST = 8
_FUNCTIONS = (*ACTIVATIONS.values(), exp)


class Choice(NamedTuple):
    """Which numbers a person may have gone on with: ``meant`` holds what should stand in the place of written numbers,
    as a slip of the pen was not carried on; ``mended`` are those elements of which it follows from earlier numbers."""

    meant: Mapping[Element, Interval]
    mended: frozenset[Element]


AS_WRITTEN = Choice({}, frozenset())


class OwnNumbers:
    """The numbers that a person wrote or changed, and through them those that nobody wrote down."""

    def __init__(
        self,
        trace: Trace,
        answered: Mapping[str, Cells],
        given: Mapping[str, Cells],
        given_decimals: Mapping[str, int] | None = None,
    ) -> None:
        """``given_decimals``: the decimals with which a file shows computed quantities that it gives."""
        self.trace = trace
        self.answered = answered
        self._given = given
        self._given_decimals = given_decimals or {}
        self.has_other_form = False
        """Whether exp was worked in the form of softmax that the problem does not have, at an earlier step."""
        self.values = self._values()
        self._wrong: dict[str, list[Choice]] = {}
        self._parents: dict[str, frozenset[str]] = {}
        self._into: dict[Element, frozenset[Element]] = {}
        self._readings: dict[tuple[Way, int], Reading] = {}
        self._choices: dict[frozenset[str], list[Choice]] = {}

    def written(self, name: str, place: Place) -> Answer | None:
        """The answer at a place, where there is a number."""
        answer = self.answered.get(name, {}).get(place) or self._given.get(name, {}).get(place)
        return answer if answer is not None and answer.number is not None else None

    def half_unit(self, name: str, place: Place) -> float:
        """Half a unit of the last decimal that a person wrote or read; what is given is exact."""
        if name in self._given_decimals:
            return 0.5 * 10.0 ** -self._given_decimals[name]
        answer = self.answered.get(name, {}).get(place)
        return answer.half_unit if answer is not None and answer.number is not None else 0.0

    def _values(self) -> dict[str, Array]:
        """Every table that is not as in the trace, with the person's numbers; for a blank stands what follows."""
        values: dict[str, Array] = {}
        with np.errstate(all="ignore"):
            for q in self.trace.values():
                own = q.value
                if q.rule is not None and any(s.name in values for s in q.sources):
                    own = worked(q, values)
                cells = self.answered.get(q.name) or self._given.get(q.name)
                if cells is not None:
                    own = own.astype(float).copy()
                    for place, answer in cells.items():
                        if answer.number is not None:
                            own[place] = answer.number
                if own is not q.value and not np.array_equal(own, q.value):
                    values[q.name] = own
        return values

    def differs(self, q: Quantity) -> bool:
        """Whether anything that goes in is another number than the true one."""
        return any(s.name in self.values for s in q.sources)

    @cached_property
    def may_cut(self) -> bool:
        """Whether a person may be one who cuts digits off: hardly a number is further from zero than what it is of,
        the true number or what follows from the written ones; or hardly one that is a function of a single number, as
        digits cut off within a sum may move it either way."""
        away = {"true": 0, "follows": 0, "function": 0}
        near = dict(away)
        for name, cells in self.answered.items():
            q = self.trace[name]
            tables = {"true": q.value, "follows": self.follows(q) if self.differs(q) else q.value}
            if q.rule is not None and q.rule.operation in _FUNCTIONS:
                tables["function"] = tables["follows"]
            for place, answer in cells.items():
                for which, table in tables.items() if answer.number is not None and answer.half_unit else ():
                    off = abs(answer.number or 0.0) - abs(float(table[place]))
                    if 1e-9 < abs(off) <= 2 * answer.half_unit:
                        near[which] += 1
                        away[which] += off > 0
        if near["function"] < _FEWEST:
            del away["function"]
        return any(near[which] < _FEWEST or away[which] <= _ROUNDED_AWAY * near[which] for which in away)

    # ── numbers that are wrong, and what should stand there ───────────────────────────────────────────────────────

    def keep_meant(self, q: Quantity, cells: Mapping[Place, Interval], *, mistaken: bool = False) -> None:
        """Remember what should stand in the place of wrong numbers, which the person may have gone on with: what
        follows from earlier numbers, or what a mistake leads to."""
        meant = {(q.name, *place): interval for place, interval in cells.items() if math.isfinite(interval.middle)}
        if meant:
            self._wrong.setdefault(q.name, []).append(Choice(meant, frozenset() if mistaken else frozenset(meant)))
            self._choices.clear()

    def choices(self, q: Quantity) -> list[Choice]:
        """As written; with the numbers that should stand in the place of one table's wrong ones, or of one of them; and
        in the place of all."""
        names = frozenset(name for name in self.parents(q.name) if name in self._wrong)
        if not names:
            return [AS_WRITTEN]
        if names not in self._choices:
            self._choices[names] = self._found_choices([name for name in self.trace if name in names])
        return self._choices[names]

    def _found_choices(self, names: Sequence[str]) -> list[Choice]:
        choices = [AS_WRITTEN, *(choice for name in names for choice in self._wrong[name])]
        firsts = [self._wrong[name][0] for name in names]
        if len(firsts) > 1:
            every = {e: interval for first in firsts for e, interval in first.meant.items()}
            choices.append(Choice(every, frozenset().union(*(first.mended for first in firsts))))
        for first in firsts:
            alone = sorted(first.meant) if len(first.meant) > 1 else ()
            choices += [Choice({e: first.meant[e]}, first.mended & {e}) for e in alone]
        return choices[:_MOST_CHOICES]

    # ── what follows ──────────────────────────────────────────────────────────────────────────────────────────────

    def follows(self, q: Quantity) -> Array:
        """What follows for a quantity from the numbers as written, with all digits."""
        with np.errstate(all="ignore"):
            return worked(q, self.values)

    def reading(self, way: Way, choice: Choice) -> Reading:
        """Operands as they stand in one way of working."""
        key = (way, id(choice))
        if key not in self._readings:
            self._readings[key] = Reading(self, way, choice)
        return self._readings[key]

    def parents(self, name: str) -> frozenset[str]:
        """The tables with written numbers that a quantity is worked from, also through those that nobody wrote down."""
        waiting = [name]
        while waiting:
            q = self.trace[waiting[-1]]
            unseen = [s for s in q.sources if s.rule is not None and self.is_open(s)]
            missing = [s.name for s in unseen if s.name not in self._parents]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            parents = {s.name for s in q.sources if s.name in self.answered or s.name in self._given}
            for s in unseen:
                parents |= self._parents[s.name]
            self._parents[q.name] = frozenset(parents)
        return self._parents[name]

    def is_open(self, q: Quantity) -> bool:
        """Whether a table, or a part of it, was written by nobody."""
        cells = self.answered.get(q.name) or self._given.get(q.name)
        return cells is None or len(cells) < q.value.size or any(a.number is None for a in cells.values())

    def into(self, element: Element) -> frozenset[Element]:
        """The written elements that an element is worked from, through those that nobody wrote down."""
        waiting = [element]
        while waiting:
            last = waiting[-1]
            direct = list(_operands(self.trace[last[0]], last[1], last[2]))
            unseen = [e for e in direct if self.trace[e[0]].rule is not None and self.written(e[0], e[1:]) is None]
            missing = [e for e in unseen if e not in self._into]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            elements = {e for e in direct if self._is_own(e)}
            for e in unseen:
                elements |= self._into[e]
            self._into[last] = frozenset(elements)
        return self._into[element]

    def _is_own(self, element: Element) -> bool:
        """Whether a number is a person's own: an answer, or a given one that was changed."""
        name, place = element[0], element[1:]
        return self.written(name, place) is not None and (name in self.answered or name in self.values)

    def has_unseen(self, q: Quantity) -> bool:
        """Whether something that goes in was worked out where nobody sees it."""
        return any(s.rule is not None and s.name not in self.answered and s.name not in self._given for s in q.sources)

    def may_show(self, element: Entry, values: Values, right: set[Element]) -> bool:
        """Whether a number is no answer: it is given, was worked out of sight, or is the person's own."""
        q = element.of
        if not isinstance(q, Quantity) or q.name not in self.answered:
            return True
        place = (element.row, element.column)
        return self.written(q.name, place) is not None and (q.name in values or (q.name, *place) in right)


class Reading:
    """The operands of one way of working, as intervals: written ones as they stand, the others worked out.

    Those in ``unwritten`` count as if the person had the true numbers there.
    """

    def __init__(self, own: OwnNumbers, way: Way, choice: Choice, unwritten: frozenset[str] = frozenset()) -> None:
        self._own, self._way, self._choice, self._unwritten = own, way, choice, unwritten
        self._tables: dict[str, list[list[Interval]]] = {}

    def of(self, tree: Scalar) -> Interval:
        """Where the number of an element's tree may lie."""
        return evaluate(tree, self._leaf, self._way)

    def _is_worked(self, q: Quantity, place: Place) -> bool:
        if q.name in self._unwritten:
            return False
        return q.rule is not None and self._own.written(q.name, place) is None

    def _leaf(self, element: Entry) -> Interval:
        q, place = element.of, (element.row, element.column)
        if not isinstance(q, Quantity):
            return at(float(q.value[place]))
        if q.name in self._unwritten:
            return at(float(q.value[place]))
        if self._is_worked(q, place):
            if q.name not in self._tables:
                self._table(q)
            return self._tables[q.name][element.row][element.column]
        half_unit = self._own.half_unit(q.name, place)
        meant = self._choice.meant.get((q.name, *place))
        if meant is not None:
            return self._way.unwritten(meant, half_unit)
        return self._way.operand(float(self._own.values.get(q.name, q.value)[place]), half_unit)

    def _table(self, q: Quantity) -> None:
        """Work out what nobody wrote down, and first what it comes from."""
        waiting = [q]
        while waiting:
            last = waiting[-1]
            missing = [
                s
                for s in last.sources
                if s.rule is not None
                and s.name not in self._tables
                and s.name not in self._unwritten
                and self._own.is_open(s)
            ]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if last.name not in self._tables:
                self._tables[last.name] = self._worked(last)

    def _worked(self, q: Quantity) -> list[list[Interval]]:
        rows, columns = q.shape
        if self._way.remembers and not self._own.parents(q.name):
            values = self._own.values.get(q.name, q.value).tolist()
            return [[at(number) for number in row] for row in values]
        intervals = [
            [evaluate(self._tree(q, i, j), self._leaf, self._way) for j in range(columns)] for i in range(rows)
        ]
        if self._way.remembers:
            return intervals
        return [[self._way.shorten(interval) for interval in row] for row in intervals]

    def _tree(self, q: Quantity, row: int, column: int) -> Scalar:
        other = other_exp(q, row) if self._way.other_softmax else None
        return tree_of(q, row, column) if other is None else other


def worked(q: Quantity, values: Values) -> Array:
    """A quantity from a person's numbers, on paper where that is another way than the computer's."""
    assert q.rule is not None
    with np.errstate(all="ignore"):
        value = replay(q.rule, values)
        on_paper = replay_on_paper(q.rule, q.shape, values)
    return value if on_paper is None else np.where(np.isfinite(on_paper), on_paper, value)


def _operands(q: Quantity, row: int, column: int) -> Iterator[Element]:
    """The elements that one element is worked from, both ways."""
    for element in {e for tree in trees_of(q, row, column) for e in leaves(tree)}:
        if isinstance(element.of, Quantity):
            yield element.of.name, element.row, element.column
