"""Mistakes made at every step in what nobody wrote down, so that only what comes of it shows: the slope left out in
every ∂E/∂aₜ, seen in ∂E/∂Whh."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from rnncalc import language as operations
from rnncalc.language import wrong
from rnncalc.language.kinds import Kind
from rnncalc.language.trees import Term
from rnncalc.marking.mistakes import Mistake, distinct, wrong_methods
from rnncalc.marking.substitution import substituted
from rnncalc.network.quantity import Quantity, operands_of, upstream
from rnncalc.network.trace import Trace

_FROM_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_TO_SUBSCRIPTS = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_NOT_EVERYWHERE = (Kind.INITIAL_STATE, Kind.WRONG_TOKEN)
"""Kinds that nobody makes at every step alike."""
_MOST = 500
"""So many quantities that nobody wrote down are looked through; behind more, a slip is not looked for."""
_UNLIKELY = (Kind.MINUS_FOR_PLUS, Kind.ANOTHER_ACTIVATION)
"""Kinds that come after all the others."""


def systematic_mistakes(q: Quantity, trace: Trace, written: Collection[str]) -> list[Mistake]:
    """The mistakes in quantities that are not ``written`` and lead to q through such alone, made at all steps together.

    Each leads to a table of q other than the right one, and of numbers of its own; what lies between is worked rightly.
    Those next to q come first. It takes some time, so it is asked for a wrong number that nothing simpler explains;
    where very much was not written down, nothing is looked for.
    """
    unseen = _unseen(q, trace, written)
    if not 0 < len(unseen) <= _MOST:
        return []
    mistakes = [*_initial_states(q, trace, unseen), *_systematic(q, trace, unseen)]
    return distinct(q, sorted(mistakes, key=lambda mistake: mistake.kind in _UNLIKELY))


def _systematic(q: Quantity, trace: Trace, unseen: list[Quantity]) -> Iterator[Mistake]:
    places: dict[str, list[Quantity]] = {}
    for quantity in unseen:
        places.setdefault(quantity.place, []).append(quantity)
    for members in reversed(places.values()):
        for (kind, says), rules in _slips(members, trace).items():
            if len(rules) >= min(2, len(members)):
                rule = _substituted(q, unseen, rules)
                words = _placed(kind, says, members[0], everywhere=len(members) > 1)
                yield Mistake(kind, words, rule, local=False)


def _initial_states(q: Quantity, trace: Trace, unseen: list[Quantity]) -> Iterator[Mistake]:
    """An initial state that is not the given one, wherever it is used."""
    for name in trace.problem.states:
        if any(trace[name] in quantity.sources for quantity in unseen):
            for stock, number in ((operations.zeros, 0), (wrong.ones, 1)):
                rule = _substituted(q, unseen, {name: stock(trace[name])})
                yield Mistake(Kind.INITIAL_STATE, f"{trace[name].symbol} taken as {number}", rule, local=False)


def _unseen(q: Quantity, trace: Trace, written: Collection[str]) -> list[Quantity]:
    """What q comes from that was computed and not written down, in the order of the trace."""
    names = upstream([q], lambda source: source.rule is not None and source.name not in written)
    return [quantity for name, quantity in trace.items() if name in names]


def _slips(members: list[Quantity], trace: Trace) -> dict[tuple[str, str], dict[str, Term]]:
    """The mistakes of a family by kind and words, and the wrong rule that each is at every step."""
    order = {name: i for i, name in enumerate(trace)}
    slips: dict[tuple[str, str], dict[str, Term]] = {}
    for q in members:
        for mistake in wrong_methods(q, trace):
            if is_of_any_step(mistake, q, order):
                key = mistake.kind, at_any_step(mistake.says, q.step)
                slips.setdefault(key, {}).setdefault(q.name, mistake.rule)
    return slips


def is_of_any_step(mistake: Mistake, q: Quantity, order: Mapping[str, int]) -> bool:
    """Whether a wrong way of working q may be one at every step: with what is worked before q, and in its shape.

    ``order`` tells where each quantity stands in the trace.
    """
    # one and the same letter is taken for the one wanted by nobody at every step
    is_one_letter = mistake.kind == Kind.WRONG_TARGET and "belongs" not in mistake.says
    if mistake.kind in _NOT_EVERYWHERE or is_one_letter or mistake.rule.value.shape != q.shape:
        return False
    return all(order[s.name] < order[q.name] for s in operands_of(mistake.rule))


def _substituted(q: Quantity, unseen: list[Quantity], rules: Mapping[str, Term]) -> Term:
    """The rule of q with wrong rules in the place of some quantities that it comes from.

    Rules are put into rules as they are, so that each is a part of many and is worked once.
    """
    put = {name: rule for name, rule in rules.items() if name not in {quantity.name for quantity in unseen}}
    for quantity in (*unseen, q):
        assert quantity.rule is not None
        if quantity.name in rules or any(s.name in put for s in quantity.sources):
            put[quantity.name] = substituted(rules.get(quantity.name, quantity.rule), put)
    return put[q.name]


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def at_any_step(says: str, step: int | None) -> str:
    """What is said of a step, in words for any: h₂ where h₁ belongs, at step 2, is hₜ where hₜ₋₁ belongs."""
    if step is None:
        return says
    away = {-1: "the step before", 0: "this step", 1: "the next step"}

    def subscript(match: re.Match[str]) -> str:
        by = int(match[0].translate(_FROM_SUBSCRIPTS)) - step
        return "ₜ" + (f"{by:+d}".translate(_TO_SUBSCRIPTS) if by else "")

    def counted(match: re.Match[str]) -> str:
        return away.get(int(match[1]) - step, match[0])

    return re.sub(r"\bstep (\d+)", counted, re.sub("[₀-₉]+", subscript, says))


def _placed(kind: str, says: str, member: Quantity, *, everywhere: bool) -> str:
    """The words, with the quantity in which the mistake was made."""
    if everywhere:
        says = f"{says}, at every step"
    if kind in (Kind.NO_FLOW_BACK, Kind.ONLY_FLOW_BACK):
        return says
    symbol = at_any_step(member.symbol, member.step) if everywhere else member.symbol
    return f"in {symbol}, {says}"
