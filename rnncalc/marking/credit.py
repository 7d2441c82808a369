"""Whose number is this: when a wrong number may carry credit on to those that follow from it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np

from rnncalc.language.kinds import Kind
from rnncalc.marking.answers import Place
from rnncalc.marking.carried import AS_WRITTEN, Choice, Element, OwnNumbers
from rnncalc.marking.mistake_groups import PLACES
from rnncalc.marking.status import RIGHT, Status
from rnncalc.network.quantity import Quantity

_FIRST_TABLES = 3
"""So many tables at the beginning tell whether a sheet was filled with one number."""
_MOST_STOCK = 1
"""One table of zeros may be an honest slip."""
_OF_ZEROS = PLACES - {Kind.ANOTHER_ACTIVATION}
"""Kinds that say of a zero only where it comes from; relu is worked, and gives zeros."""
_LIKELY = math.log2(20)
"""Bits of evidence that a number comes from a mistake, and not from nowhere."""
_FEWEST_FOREIGN = 3
"""So many tables of numbers that come from nowhere are no slip."""


class Rule(NamedTuple):
    """A rule on whose a number is that a person has no credit for.

    It ``holds`` of a number itself, and of each that follows from one of which it holds; ``itself`` and ``follows`` are
    the words for the two. Unless it ``takes_the_mistake``, a wrong number keeps the mistake that explains it.
    """

    holds: Callable[[Credit, Element], bool]
    takes_the_mistake: bool
    itself: str
    follows: str


RULES = (
    Rule(
        lambda credit, element: element in credit.copied,
        True,
        "it is right for another student's worksheet",
        "it follows from numbers that are right for another student's worksheet",
    ),
    Rule(
        lambda credit, element: element[0] in credit.changed and not credit.from_changed,
        True,
        "it is a given number that was changed",
        "it follows from given numbers that were changed",
    ),
    Rule(
        lambda credit, element: element in credit.stock,
        False,
        "the same number was written in many cells",
        "it follows from zeros, or from one repeated number, instead of calculated numbers",
    ),
    Rule(
        lambda credit, element: element in credit.foreign,
        True,
        "it does not follow from the given numbers on your sheet",
        "it follows from numbers that do not come from the given numbers on your sheet",
    ),
)
"""The first that holds decides. Where none does, a number is the person's own, and what follows from it has credit."""
COPIED, CHANGED, STOCK, FOREIGN = RULES


class Credit:
    """Keeps, quantity by quantity, which numbers are right, which follow from wrong ones, and which wrong ones are
    explained; and says in the end what earns no credit.

    ``changed``: the quantities of which given numbers were changed; ``from_changed``: whether what follows from these
    has credit; ``copied``: the numbers that are right for somebody else's worksheet.
    """

    def __init__(
        self,
        own: OwnNumbers,
        changed: Collection[str] = (),
        *,
        from_changed: bool = True,
        copied: Collection[Element] = (),
    ) -> None:
        self._own = own
        self.changed: frozenset[str] = frozenset(changed)
        self.from_changed: bool = from_changed
        self.copied: frozenset[Element] = frozenset(copied)
        self.right: set[Element] = set()
        self._not_right: dict[Element, Status] = {}
        self._evidence: dict[Element, Mapping[str, float]] = {}
        self._not_worked: set[str] = set()
        self._statuses: dict[str, Mapping[Place, Status]] = {}

    def settle(
        self, q: Quantity, statuses: Mapping[Place, Status], explanations: Mapping[Place, Mapping[str, float]]
    ) -> None:
        """Remember the verdicts on a quantity's numbers, and the kinds of mistakes that explain the wrong ones, with
        the bits of evidence for each."""
        self._statuses[q.name] = statuses
        for place, status in statuses.items():
            element = (q.name, *place)
            if status in RIGHT:
                self.right.add(element)
            elif status in (Status.WRONG, Status.CARRIED):
                self._not_right[element] = status
            if status == Status.WRONG:
                # one digit that is another is nearly any number
                self._evidence[element] = {k: e for k, e in explanations[place].items() if k != Kind.DIGIT_WRONG}
                zero = not self._tells(q.name, place)
                if not explanations[place] or (zero and not set(explanations[place]) - _OF_ZEROS):
                    self._not_worked.add(q.name)

    def all_right(self, element: Element, choice: Choice = AS_WRITTEN) -> bool:
        """Whether every written number that goes in is right; in the place of mended ones, what they come from."""
        return all(e in self.right or (e in choice.mended and self.all_right(e)) for e in self._own.into(element))

    # ── the whole sheet ───────────────────────────────────────────────────────────────────────────────────────────

    def withheld(self) -> dict[Element, Rule]:
        """The numbers that earn no credit, each with the rule that says why; asked once all are settled."""
        decided: dict[Element, Rule] = {}
        for element, status in self._not_right.items():
            before = self._own.into(element) if status == Status.CARRIED else ()
            for rule in RULES:
                if rule.holds(self, element) or any(rule.holds(self, e) or decided.get(e) is rule for e in before):
                    decided[element] = rule
                    break
        wrong = self._wrong_elements()
        return {e: rule for e, rule in decided.items() if rule.takes_the_mistake or e not in wrong}

    @cached_property
    def stock(self) -> set[Element]:
        """Wrong numbers that are no work: those of several tables of zeros or of one number repeated, or of a sheet
        that was filled with one number."""
        stock = [name for name in self._statuses if name in self._not_worked and self._is_stock(name)]
        if len(stock) <= _MOST_STOCK and not self._fillers:
            return set()
        return {e for e in self._wrong_elements() if self._fillers or e[0] in stock}

    @cached_property
    def _unexplained(self) -> set[Element]:
        """The wrong numbers that no mistake explains, unless by chance. One that was made in every step has the
        evidence of all steps."""
        kinds: dict[str, dict[str, Mapping[str, float]]] = {}
        for element, evidence in self._evidence.items():
            kinds.setdefault(self._place_of(element), {}).setdefault(element[0], evidence)
        likely = {
            element for element, evidence in self._evidence.items() if max(evidence.values(), default=0) >= _LIKELY
        }
        for place, tables in kinds.items():
            common = set.intersection(*(set(evidence) for evidence in tables.values()))
            if any(sum(evidence[kind] for evidence in tables.values()) >= _LIKELY for kind in common):
                likely |= {e for e, evidence in self._evidence.items() if self._place_of(e) == place and evidence}
        return self._evidence.keys() - likely

    def _place_of(self, element: Element) -> str:
        return self._own.trace[element[0]].place

    def _wrong_elements(self) -> set[Element]:
        return {e for e, status in self._not_right.items() if status == Status.WRONG}

    @cached_property
    def foreign(self) -> set[Element]:
        """Wrong numbers that come from other weights than those given: all of them where most tables that need the
        weights do; those that nothing explains where tables of several kinds do, as no single slip makes them."""
        trace = self._own.trace
        weights = set(trace.problem.weights)
        foreign: set[str] = set()
        founded = 0
        for name, statuses in self._statuses.items():
            if not any(s.name in weights for s in trace[name].sources):
                continue
            cells = [place for place in statuses if self._tells(name, place)]  # 0 comes of any weights
            wrong = [p for p in cells if (name, *p) in self._unexplained]
            if 2 * len(wrong) > len(cells):
                foreign.add(name)
            elif cells:
                founded += 1
        if len(foreign) >= _FEWEST_FOREIGN and len(foreign) > founded:
            return self._wrong_elements()
        whole = {
            n for n in foreign if all((n, *p) in self._unexplained for p in self._statuses[n] if self._tells(n, p))
        }
        kinds = {self._own.trace[name].place for name in whole}
        return {e for e in self._unexplained if e[0] in whole} if len(kinds) >= _FEWEST_FOREIGN else set()

    def _tells(self, name: str, place: Place) -> bool:
        answer = self._own.written(name, place)
        return answer is not None and bool(answer.number)

    # ── stock values ──────────────────────────────────────────────────────────────────────────────────────────────

    def is_filler(self, name: str) -> bool:
        """Whether a table is one of the many in which one number is repeated, so that no mistake explains it."""
        own = self._own.values.get(name)
        return name in self._fillers or bool(self._fillers and own is not None and np.ptp(own) == 0)

    @cached_property
    def _fillers(self) -> frozenset[str]:
        """Tables of one number repeated, where the true ones differ, if they begin the work and are most of it; single
        numbers, and tables whose true numbers are equal, count among them where they are that one.

        An honest slip can make some tables so: those that follow it, or the first ones.
        """
        trace = self._own.trace
        answered = [name for name in trace if name in self._own.answered]
        tables = [name for name in answered if trace[name].value.size > 1 and np.ptp(trace[name].value) != 0]
        stock = {name: self._first_number(name) for name in tables if self._is_stock(name)}
        if 2 * len(stock) <= len(tables) or len(stock) < _FIRST_TABLES:
            return frozenset()
        singles = [name for name in answered if trace[name].value.size == 1]
        values = {name: self._own.values.get(name, trace[name].value) for name in answered}
        others = [name for name in answered if name not in tables and np.ptp(values[name]) == 0]
        fillers = {*stock, *(name for name in others if self._first_number(name) in stock.values())}
        telling = [name for name in answered if name in singles or name in tables]
        return frozenset(fillers) if fillers.issuperset(telling[:_FIRST_TABLES]) else frozenset()

    def _first_number(self, name: str) -> float | None:
        answer = self._own.written(name, (0, 0))
        return answer.number if answer is not None else None

    def _is_stock(self, name: str) -> bool:
        """All zeros, or all equal where the true ones are not: no work that could be carried."""
        own, true = self._own.values.get(name), self._own.trace[name].value
        if own is None:
            return False
        if not own.any():
            return True
        return own.size > 1 and bool(np.ptp(own) == 0 and np.ptp(true) != 0)
