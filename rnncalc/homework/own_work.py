"""A person's own numbers: what follows from them, and when a wrong number may carry credit on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

import numpy as np

from rnncalc import names
from rnncalc.homework.answers import Answer
from rnncalc.operations import entry
from rnncalc.replay import replay, replay_on_paper
from rnncalc.scalars import Array, Entry, leaves
from rnncalc.trace import Quantity, Trace

Cells = Mapping[tuple[int, int], Answer]
Element = tuple[str, int, int]
"""A quantity's name, row and column."""
_FIRST_TABLES = 3
"""So many tables at the beginning tell whether a sheet was filled with one number."""

_TELLING = 3
"""Fewer digits are equal to those of another table by chance."""


class OwnWork:
    """The numbers that a person wrote or changed, and through them those that nobody wrote down."""

    def __init__(
        self,
        trace: Trace,
        answered: Mapping[str, Cells],
        given: Mapping[str, Cells],
        *,
        from_changed: bool = True,
        copied: Collection[Element] = (),
    ) -> None:
        """``from_changed``: whether credit is carried on from given numbers that were changed; ``copied``: the numbers
        from which nothing is carried, as they are somebody else's."""
        self._copied = frozenset(copied)
        self._trace = trace
        self._from_changed = from_changed
        self._tainted: set[Element] = set()
        self._answered = answered
        self._written = {
            (name, *place): answer.number
            for name, cells in (*given.items(), *answered.items())
            for place, answer in cells.items()
        }
        self._given = set(given)
        self._right: set[Element] = set()
        self._unexplained: set[str] = set()
        self._operands: dict[Element, frozenset[Element]] = {}
        self._rounded: dict[int, dict[str, Array]] = {}

    @cached_property
    def values(self) -> dict[str, Array]:
        """Every quantity that is not as in the trace, with the person's numbers; the true number stands for a blank."""
        values: dict[str, Array] = {}
        with np.errstate(all="ignore"):
            for q in self._trace.values():
                if q.name in self._answered or q.name in self._given:
                    own = q.value.astype(float).copy()
                    for row, column in np.ndindex(*q.shape):
                        number = self._written.get((q.name, row, column))
                        if number is not None:
                            own[row, column] = number
                elif q.rule is not None and any(s.name in values for s in q.sources):
                    own = replay(q.rule, values)
                else:
                    continue
                if not np.array_equal(own, q.value):
                    values[q.name] = own
        return values

    def ways(self, q: Quantity) -> list[Array]:
        """What follows for a quantity from the person's numbers: the computer's way, and the way on paper."""
        if q.rule is None:
            return []
        with np.errstate(all="ignore"):
            on_paper = replay_on_paper(q.rule, q.shape, self.values)
            return [replay(q.rule, self.values), *([on_paper] if on_paper is not None else [])]

    def rounded(self, q: Quantity, decimals: int) -> Array:
        """The same when everything that nobody wrote down is rounded to so many decimals, step by step."""
        assert q.rule is not None
        if decimals not in self._rounded:
            values = dict(self.values)
            with np.errstate(all="ignore"):
                for one in self._trace.values():
                    if one.rule is not None and one.name not in self._answered:
                        on_paper = replay_on_paper(one.rule, one.shape, values)
                        worked = replay(one.rule, values) if on_paper is None else on_paper
                        values[one.name] = np.round(worked, max(decimals, 0))
            self._rounded[decimals] = values
        with np.errstate(all="ignore"):
            return replay(q.rule, self._rounded[decimals])

    def differs(self, q: Quantity) -> bool:
        """Whether anything that goes in is another number than the true one."""
        return any(s.name in self.values for s in q.sources)

    def may_show(self, found: Entry, values: Mapping[str, Array]) -> bool:
        """Whether a number is no answer: it is given, was worked out of sight, or is the person's own."""
        q = found.of
        if not isinstance(q, Quantity) or q.name not in self._answered:
            return True
        place = (q.name, found.row, found.column)
        return self._written.get(place) is not None and (q.name in values or place in self._right)

    def settle(self, q: Quantity, right: set[tuple[int, int]], *, explained: bool) -> None:
        """Remember which of a quantity's answers are right, and whether its wrong ones are honest work: they follow
        from earlier numbers, or a known mistake leads to them."""
        self._right |= {(q.name, *place) for place in right}
        if not explained:
            self._unexplained.add(q.name)

    def all_right(self, element: Element) -> bool:
        """Whether every written number that goes in is there and right."""
        return all(e in self._right for e in self._into(element))

    def carries(self, element: Element) -> bool:
        """Whether credit may be carried: what goes in is there, is a person's own, and is no stock value or copy."""
        into = self._into(element)
        if any(self._written.get(e) is None for e in into) or self._is_tainted(into):
            return False
        wrong = {name for name, row, column in into if (name, row, column) not in self._right}
        doubtful = wrong if self._fillers else wrong & self._unexplained
        return bool(wrong) and not any(
            name in self._fillers or self._is_stock(name) or self._is_copy(name) for name in doubtful
        )

    def follow_up(self, element: Element) -> None:
        """Remember that a wrong number follows from others: one that follows from changed givens taints the next."""
        if self._is_tainted(self._into(element)):
            self._tainted.add(element)

    def is_copied(self, element: Element) -> bool:
        """Whether a number is somebody else's."""
        return element in self._copied

    def _is_tainted(self, into: frozenset[Element]) -> bool:
        changed = not self._from_changed and any(e[0] not in self._answered for e in into)
        return changed or any(e in self._tainted or e in self._copied for e in into)

    def is_filler(self, name: str) -> bool:
        """Whether a table is one of the many in which one number is repeated, so that no mistake explains it."""
        return name in self._fillers

    @cached_property
    def _fillers(self) -> frozenset[str]:
        """Tables of one number repeated, where the true ones differ, if they begin the work and are most of it; single
        numbers count among them where they are that one.

        An honest slip can make some tables so: those that follow it, or the first ones.
        """
        answered = [name for name in self._trace if name in self._answered]
        tables = [name for name in answered if self._trace[name].value.size > 1]
        stock = {name: self._written.get((name, 0, 0)) for name in tables if self._is_stock(name)}
        if 2 * len(stock) <= len(tables):
            return frozenset()
        singles = [name for name in answered if name not in tables]
        fillers = {*stock, *(name for name in singles if self._written.get((name, 0, 0)) in stock.values())}
        telling = [name for name in answered if name in singles or np.ptp(self._trace[name].value) != 0]
        return frozenset(fillers) if fillers.issuperset(telling[:_FIRST_TABLES]) else frozenset()

    def _into(self, element: Element) -> frozenset[Element]:
        """The written elements that an element is worked from, through those that nobody wrote down."""
        if element not in self._operands:
            found: set[Element] = set()
            for name, row, column in _operands(self._trace[element[0]], element[1], element[2]):
                if name in self._answered or (name in self._given and name in self.values):
                    found.add((name, row, column))
                elif self._trace[name].rule is not None and name in self.values:
                    found |= self._into((name, row, column))
            self._operands[element] = frozenset(found)
        return self._operands[element]

    def _is_stock(self, name: str) -> bool:
        """All zeros, or all equal where the true ones are not and none of them right: no work that could be carried."""
        own, true = self.values.get(name), self._trace[name].value
        if own is None:
            return False
        if not own.any():
            return True
        right = any((name, row, column) in self._right for row, column in np.ndindex(*own.shape))
        return own.size > 1 and bool(np.ptp(own) == 0 and np.ptp(true) != 0) and not right

    def _is_copy(self, name: str) -> bool:
        """Another table of the sheet in this one's place; single numbers are compared within their own family."""
        own, q = self.values.get(name), self._trace[name]
        if own is None or self._digits(name) < _TELLING:
            return False
        following = {name}  # what is worked from this table may rightly be equal to it
        for other in self._trace.values():
            if other is q or any(s.name in following for s in other.sources):
                following.add(other.name)
                continue
            same_kind = own.size > 1 or names.split(other.name).family == names.split(name).family
            if other.shape != q.shape or not same_kind or not other.value.any():
                continue
            theirs = self.values.get(other.name, other.value)
            if other.name not in self._answered and np.count_nonzero(own) > 1:
                theirs = self._as_typed(theirs, name)
            if np.array_equal(theirs, own) and not np.allclose(other.value, q.value, rtol=1e-9, atol=0):
                return True
        return False

    def _digits(self, name: str) -> int:
        """How many digits a table was answered with, leading zeros aside."""
        digits = 0
        for answer in self._answered.get(name, {}).values():
            if answer.number:
                decimals = 15 if answer.decimals is None else max(answer.decimals, 0)
                digits += len(str(round(abs(answer.number) * 10.0**decimals)))
        return digits

    def _as_typed(self, values: Array, name: str) -> Array:
        """Numbers as they look with the decimals that a table was answered with."""
        decimals = [a.decimals for a in self._answered.get(name, {}).values() if a.decimals is not None]
        return np.round(values, max(decimals)) if decimals else values


def _operands(q: Quantity, row: int, column: int) -> Iterator[Element]:
    """The elements that one element is worked from, both ways."""
    assert q.rule is not None
    trees = [entry(q.rule, row, column)]
    if q.rule.operation.on_paper is not None:
        trees.append(q.rule.operation.on_paper(row, column, *q.rule.arguments))
    found: set[Entry] = {e for tree in trees for e in leaves(tree)}
    for e in found:
        if isinstance(e.of, Quantity):
            yield e.of.name, e.row, e.column
