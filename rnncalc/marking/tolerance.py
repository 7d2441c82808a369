"""How far rounding on the way can have moved each number, by first-order error propagation.

Each operand's half unit of its last decimal, times the slope of the result by that operand, added up.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnncalc.language import Expression
from rnncalc.language.trees import Array, Term
from rnncalc.network.quantity import Quantity, operands_of
from rnncalc.network.replay import paper_sensitivity, sensitivity
from rnncalc.network.trace import Trace

EDGE = 1e-9
"""Boundaries are inclusive: a tolerance is widened by this share of itself, and by rounding of float64."""


def wider(tolerance: float, about: float) -> float:
    """A tolerance whose boundary counts as within, whatever the last binary digits."""
    return tolerance * (1 + EDGE) + 1e-12 * max(1.0, abs(about))


class Tolerance:
    """The tolerances of a trace's numbers when each is rounded as ``half_units`` says, an array for each name.

    A computed quantity without half units was worked out of sight: it is taken to be rounded to ``unseen``.
    """

    def __init__(self, trace: Trace, half_units: Mapping[str, Array], unseen: float = 0.0) -> None:
        self._trace = trace
        self._half_units = half_units
        self._unseen = unseen
        self._from_the_start: dict[str, Array] = {}
        self._from_written: dict[str, Array] = {}
        self._slopes: dict[tuple[str, str], Array] = {}

    def half_units(self, q: Quantity) -> Array:
        """Half a unit of the last decimal of each number; what is given is exact."""
        if q.rule is None:
            return np.zeros(q.shape)
        half_units = self._half_units.get(q.name)
        return np.full(q.shape, self._unseen) if half_units is None else half_units

    def of(self, q: Quantity) -> Array:
        """Half a unit of the number itself, and what came in with rounding at every step before."""
        return self._reach(q, self._from_the_start, stop=False)

    def local(self, q: Quantity, own: Mapping[str, Array] | None = None) -> Array:
        """The same from the last digits of the written operands alone: for a number worked from a person's ``own``.

        What was worked out of sight on the way from them adds its own.
        """
        return self.half_units(q) if q.rule is None else self.half_units(q) + self.moved(q.rule, own or {})

    def moved(self, rule: Term, own: Mapping[str, Array]) -> Array:
        """How far the last digits of the written operands move what any rule, right or wrong, gives of ``own``."""
        moved = np.zeros(rule.value.shape)
        for source in operands_of(rule):
            if source.rule is not None:
                reach = self._reach(source, self._from_written, stop=True)
                if reach.any():
                    moved += (_slope(rule, source, own) @ reach.ravel()).reshape(moved.shape)
        return moved

    def _reach(self, q: Quantity, known: dict[str, Array], *, stop: bool) -> Array:
        waiting = [q]  # no recursion: a long text has long chains
        while waiting:
            last = waiting[-1]
            written = stop and last.name in self._half_units
            missing = [] if written else [s for s in last.sources if s.rule is not None and s.name not in known]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if last.name not in known:
                known[last.name] = self.half_units(last) + (0 if written else self._moved(last, known))
        return known[q.name]

    def _moved(self, q: Quantity, reaches: Mapping[str, Array]) -> Array:
        moved = np.zeros(q.shape)
        for source in q.sources:
            reach = reaches.get(source.name)
            if reach is not None and reach.any():
                moved += (self._slope(q, source) @ reach.ravel()).reshape(q.shape)
        return moved

    def _slope(self, q: Quantity, source: Quantity) -> Array:
        key = (q.name, source.name)
        if key not in self._slopes:
            assert q.rule is not None
            self._slopes[key] = _slope(q.rule, source, {})
        return self._slopes[key]


def _slope(rule: Term, source: Quantity, own: Mapping[str, Array]) -> Array:
    """|∂rule/∂source| at a person's own numbers, the larger one where paper and computer work it in two ways."""
    with np.errstate(all="ignore"):
        at = {**own, source.name: own.get(source.name, source.value)}
        slope = np.nan_to_num(sensitivity(rule, source.name, at), posinf=0.0)
        on_paper = paper_sensitivity(rule, source, own) if isinstance(rule, Expression) else None
    return slope if on_paper is None else np.maximum(slope, on_paper)
