"""What a worksheet asks for: which quantities are left blank, which are given as numbers, which are absent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnncalc.errors import SelectionError
from rnncalc.io.suggest import did_you_mean
from rnncalc.network.quantity import Quantity
from rnncalc.network.trace import Trace, is_pattern

STAGES = ("forward", "loss", "backward", "update")


class Blanks(NamedTuple):
    """A trace up to the last quantity that is asked for, and the names of those that are.

    ``added`` are asked for as well, because as given numbers they would show an answer.
    """

    trace: Trace
    names: frozenset[str]
    added: tuple[str, ...]

    @property
    def numbers(self) -> int:
        """How many numbers are to be filled in."""
        return sum(self.trace[name].value.size for name in self.names)


def blanks_of(trace: Trace, patterns: Sequence[str] = ()) -> Blanks:
    """Choose what to ask for: stages (forward, loss, backward, update) or quantities (h_2, dWhh, a family h_*).

    What comes before the last of them is given as numbers, what comes after is absent. Between them, what follows from
    an answer is given only where a later answer needs it. Without patterns everything computed is asked for.

    Raises SelectionError for a pattern that names nothing, and for a quantity that is given.
    """
    stages = {q.stage for q in trace.values()}
    chosen = patterns or [stage for stage in STAGES if stage in stages]
    for pattern in chosen:
        if pattern in STAGES and pattern not in stages:
            raise SelectionError(f"There is no {pattern} to ask for: the problem has no targets, so it has no loss.")
        near = did_you_mean(pattern, STAGES)
        if near and pattern not in STAGES and pattern not in trace:
            raise SelectionError(f"There is no stage or quantity named {pattern!r}{near}.")
    quantities = trace.select([f"stage:{p}" if p in STAGES else p for p in chosen])
    names = {q.name for q in quantities if q.rule is not None}
    single = {q.name for p in chosen if p not in STAGES and not is_pattern(p) for q in trace.select([p])}
    given = [q.name for q in quantities if q.rule is None and (q.name in single or not names)]
    if given:
        raise SelectionError(f"{given[0]} is given; a worksheet can only ask for computed quantities.")
    order = list(trace.values())
    last = max(i for i, q in enumerate(order) if q.name in names)
    before = order[: last + 1]
    added: list[str] = []
    while True:
        kept = _kept(before, names)
        following = _following(before, names)
        telling = [q.name for q in kept if q.name in following - names and _shows(q, trace, names)]
        if not telling:
            break
        names |= set(telling)
        added += telling
    return Blanks(Trace(trace.problem, kept, truncate=trace.truncate), frozenset(names), tuple(added))


def _kept(before: Sequence[Quantity], names: set[str]) -> list[Quantity]:
    """Without what follows from an answer and is needed for none."""
    needed: set[str] = set()
    following = _following(before, names)
    for q in reversed(before):
        if q.name in names or q.name in needed:
            needed |= {s.name for s in q.sources}
    return [q for q in before if q.name in names or q.name in needed or q.name not in following]


def _following(before: Sequence[Quantity], names: set[str]) -> set[str]:
    """What is asked for, and what is worked from it."""
    following = set(names)
    for q in before:
        if any(s.name in following for s in q.sources):
            following.add(q.name)
    return following


def _shows(q: Quantity, trace: Trace, names: set[str]) -> bool:
    """Whether one of its numbers is an answer, 0 and 1 aside, which show nothing."""
    own = np.abs(q.value.ravel())
    own = own[(own != 0) & (own != 1)]
    answers = np.concatenate([np.abs(trace[name].value.ravel()) for name in names])
    return bool(np.isclose(own[:, None], answers[None, :], rtol=1e-9, atol=0).any())
