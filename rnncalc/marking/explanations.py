"""What may explain a table's wrong numbers, and how much each explanation leaves to chance.

An explanation says of every wrong number which mistake it comes from, which slip of copying, or that neither explains
it. Its length is counted in bits, as in the minimum description length principle (Rissanen 1978): the shorter it is
beside the bits of the numbers themselves, the less likely the numbers fit it by chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rnncalc.language import wrong
from rnncalc.language.interval import Interval
from rnncalc.language.kinds import Kind
from rnncalc.language.trees import Term
from rnncalc.marking import copying
from rnncalc.marking.answers import Place
from rnncalc.marking.carried import AS_WRITTEN
from rnncalc.marking.copying import Slip
from rnncalc.marking.fitting import Fit, Fitting
from rnncalc.marking.mistake_groups import PLACES, WHOLE_TABLE, words
from rnncalc.marking.mistakes import Mistake

CERTAIN = math.log2(500)
"""Bits of evidence that make a name certain, and by which others must be less likely."""
_SLIP = 4.0
"""Bits of telling that a number was copied wrongly."""
_HIDDEN = 2.0
"""Bits of telling that slips of copying hide all of a mistake."""
_UNKNOWN = 4.0
"""Bits of telling that nothing known explains a number, besides the number itself."""
_ELSEWHERE = 8.0
"""Bits of telling that numbers from a wrong place stand in some rows only."""
_ZERO = math.log2(50)
"""Bits of a zero, as many hypotheses lead to one."""
_ZEROS = CERTAIN - 0.1
"""Bits of a table of zeros that may be copied from any such table: not enough to be certain."""
_GIVE_ZEROS = PLACES | {Kind.MIN_FOR_MAX}
"""Kinds that lead to a table of zeros by themselves; of others such a table is no chance."""


class Explanation(NamedTuple):
    """A mistake, or right working where there is none; the slips of copying what it leads to; and the bits that it
    takes to tell it."""

    fit: Fit | None
    slips: Mapping[Place, list[Slip]]
    explained: frozenset[Place]
    """The numbers that come from the mistake or from a slip."""
    leads_to: Mapping[Place, Interval]
    """What the mistake leads to where another number stands."""
    bits: float


class Explanations:
    """All the explanations of one table's wrong numbers."""

    def __init__(self, fitting: Fitting, meant: Mapping[Place, Interval]) -> None:
        self.fitting, self.meant = fitting, meant
        self.wrong, self.q = fitting.wrong, fitting.q
        self._size = max(float(abs(self.q.value).max()), *(abs(a.number or 0.0) for a in self.wrong.values()), 1e-9)
        self._rows = len({place[0] for place in [*fitting.wrong, *fitting.others]})
        self._bits = self._bits_of_numbers()
        self.untold = sum(self._bits.values()) + _UNKNOWN * len(self.wrong)
        """Bits of the numbers where nothing known explains them."""

    def all(self) -> list[Explanation]:
        """The explanations, the shortest first."""
        right = self._of_right_working()
        explanations = [right]
        for fit in [*self.fitting.fits(), *self._exchanged_rows()]:
            if (explanation := self._of(fit, right)) is not None:
                explanations.append(explanation)
        return sorted(explanations, key=lambda explanation: explanation.bits)

    # ── bits of numbers ───────────────────────────────────────────────────────────────────────────────────────────

    def _bits_of_numbers(self) -> dict[Place, float]:
        """How much each wrong number tells; one that stood there before tells nothing more."""
        bits: dict[Place, float] = {}
        numbers: set[float | None] = set()
        for place, answer in self.wrong.items():
            bits[place] = 0.0 if answer.number in numbers else self._bits_within(place, 4 * answer.half_unit + 1e-12)
            numbers.add(answer.number)
        return bits

    def _bits_within(self, place: Place, width: float) -> float:
        """Bits of telling where, to a width, the number lies."""
        return math.log2(2 * max(self._size, width) / width) if self.wrong[place].number else _ZERO

    def _loss(self, place: Place, width: float) -> float:
        """Bits of the number that a hypothesis does not tell, as what it leads to is so wide."""
        return max(0.0, self._bits[place] - self._bits_within(place, width))

    # ── explanations ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _of_right_working(self) -> Explanation:
        slips: dict[Place, list[Slip]] = {}
        in_rows = copying.row_slips(self.wrong, self.meant)
        for place, answer in self.wrong.items():
            here = [in_rows[place]] if place in in_rows else []
            here += copying.slips(answer, self.meant[place])
            if here:
                slips[place] = here
        bits, rows_seen = 0.0, set()
        for place in self.wrong:
            if place in in_rows and in_rows[place] in rows_seen:
                continue  # the same rows again
            if place in in_rows:
                rows_seen.add(in_rows[place])
            bits += self._bits_of_slip(place, slips.get(place, ()), self.meant[place])
        return Explanation(None, slips, frozenset(slips), {}, bits)

    def _of(self, fit: Fit, right: Explanation) -> Explanation | None:
        """The explanation of a mistake, where there is any."""
        if fit.contradicts:
            found_in_rows = self._in_rows(fit, right)
            if found_in_rows is None:
                return None
            fit = found_in_rows
        rest = [place for place in self.wrong if place not in fit.explains]
        if len(rest) > max(1, len(self.wrong) // 2):
            return None
        bits = math.log2(fit.rank) + self._bits_of_rows(fit)
        for place in fit.explains:
            width = self.fitting.width(fit.mistake, self.wrong[place].half_unit)
            bits += self._loss(place, width) if fit.tells(place) else self._bits[place]
        slips = {p: right.slips[p] for p in fit.explains if not fit.tells(p) and p in right.slips}
        leads_to = {place: self.fitting.leads_to(fit, place) for place in rest}
        for place, interval in list(leads_to.items()):
            here = list(copying.slips(self.wrong[place], interval))
            if not here and fit.contradicts and place in right.slips:  # a row in which the mistake was not made
                here, interval = right.slips[place], self.meant[place]
                del leads_to[place]
            if here:
                slips[place] = here
            bits += self._bits_of_slip(place, here, interval)
        if not any(map(fit.tells, fit.explains)):
            bits += _HIDDEN
            if fit.contradicts or not slips.keys() & leads_to.keys():
                return None
        return Explanation(fit, slips, fit.explains | slips.keys(), leads_to, bits)

    def _in_rows(self, fit: Fit, right: Explanation) -> Fit | None:
        """A mistake that was made in some rows only, where it can be."""
        mistake = fit.mistake
        kind = next((k for k in (fit.kind, *mistake.also) if k not in WHOLE_TABLE), None)
        if kind is None or self._is_sign_lost(fit, right):
            return None
        return fit if kind == fit.kind else fit._replace(mistake=mistake._replace(kind=kind, says=words(kind)))

    def _is_sign_lost(self, fit: Fit, right: Explanation) -> bool:
        """Whether each number that a reversed sign explains has lost its own, which is the same in some rows."""
        lost = (any(s.kind == Kind.SIGN_LOST for s in right.slips.get(place, ())) for place in fit.explains)
        return fit.kind == Kind.SIGN_REVERSED and all(lost)

    def _bits_of_rows(self, fit: Fit) -> float:
        """Bits of telling in which rows a mistake was made."""
        if not fit.contradicts:
            return 0.0
        return self._rows + (_ELSEWHERE if fit.kind in PLACES else 0.0)

    def _bits_of_slip(self, place: Place, slips: list[Slip] | tuple[()], leads_to: Interval) -> float:
        if not slips:
            return _UNKNOWN + self._bits[place]
        width = 4 * self.wrong[place].half_unit + 2 * leads_to.reach + 1e-12
        return _SLIP + math.log2(sum(s.others for s in plainest(slips))) + self._loss(place, width)

    def _exchanged_rows(self) -> Iterator[Fit]:
        """Two rows exchanged, or one written twice, where another number is wrong as well."""
        rule, rows = self.q.rule, self.q.shape[0]
        if rule is None or len(self.wrong) < 2 or rows < 2:
            return
        for row, other in copying.rows_taken(self.wrong, self.meant):
            order = list(range(rows))
            order[row] = other
            twice = Mistake(
                Kind.ROW_TWICE, f"row {other + 1} was also written in row {row + 1}", _in_order(rule, order)
            )
            order[other] = row
            first, last = sorted((row + 1, other + 1))
            swapped = Mistake(Kind.ROWS_SWAPPED, f"rows {first} and {last} are swapped", _in_order(rule, order))
            for mistake in (twice, swapped):
                fit = self.fitting.fit(mistake, AS_WRITTEN, int(2**_SLIP) * rows)
                if len(fit.explains) < len(self.wrong):  # else it is a slip of right working
                    yield fit

    def evidence(self, explanation: Explanation) -> float:
        """How many bits shorter an explanation is than the wrong numbers themselves."""
        numbers = [self.wrong[p].number for p in explanation.explained]
        if len(numbers) > 1 and not any(numbers):
            fit = explanation.fit
            if fit is None or not fit.mistake.local:
                return 0.0
            return _ZEROS if fit.kind in _GIVE_ZEROS or self.fitting.comes_from_zeros else math.inf
        return sum(self._bits.values()) - explanation.bits


def plainest(slips: list[Slip] | tuple[()]) -> list[Slip]:
    """Without one digit that is another, where there is a plainer slip."""
    return [s for s in slips if s.kind != Kind.DIGIT_WRONG] or list(slips)


def _in_order(rule: Term, order: Sequence[int]) -> Term:
    """A rule with the rows of its result in another order."""
    return wrong.reordered(list(order), range(rule.value.shape[-1]))(rule)  # the order is changed after this
