"""Students who fill in whole worksheets of random problems: right ones, and ones with slips that are known.

They round, cut off, work on paper and slip by themselves; of the package they use the rules' arithmetic and the wrong
rules of the known mistakes, nothing of marking.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from rnncalc import Problem, Quantity, Trace
from rnncalc.homework.answers import Answer
from rnncalc.homework.marking import Answers
from rnncalc.homework.mistakes import Mistake, mistakes_of
from rnncalc.operations import Expression, cross_entropy, operands
from rnncalc.replay import replay
from rnncalc.scalars import Term
from rnncalc.update_step import whole_trace

Array = np.ndarray[Any, Any]
Numbers = Mapping[str, Array]
DECIMALS = range(2, 7)
MANNERS = ("rounds", "remembers", "mixes", "cuts")
"""Goes on with the rounded number, with all its digits, with either, or with the number cut off."""


class Slip(NamedTuple):
    """A slip as planted: a known mistake, or an unknown one in one element."""

    quantity: str
    mistake: Mistake | None = None
    place: tuple[int, int] = (0, 0)
    spoil: Callable[[float], float] | None = None

    @property
    def kind(self) -> str:
        return "" if self.mistake is None else self.mistake.kind


class Worksheet(NamedTuple):
    """What a student hands in, and what the simulator knows of it.

    ``honest`` are the numbers that the right rules give from the student's written ones.
    """

    trace: Trace
    decimals: int
    manner: str
    slips: tuple[Slip, ...]
    written: dict[str, Array]
    honest: dict[str, Array]

    @property
    def answers(self) -> list[Answers]:
        """The worksheet's cells; what could not be worked is blank."""
        return [
            Answers(name, {place: self._cell(float(number)) for place, number in np.ndenumerate(numbers)})
            for name, numbers in self.written.items()
        ]

    def _cell(self, number: float) -> Answer:
        if not np.isfinite(number):
            return Answer("", None, None, "blank")
        return Answer(f"{number:.{self.decimals}f}", number, self.decimals)


# ── problems ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def problem(chance: random.Random) -> Trace:
    """A network of any shape and setting, with every computed quantity from the forward pass to the update."""
    letters = chance.sample("abcdehlno", chance.randint(2, 4))
    text = "".join(chance.choice(letters) for _ in range(chance.randint(3, 6)))
    weight_decimals = chance.randint(2, 6)
    drawn = Problem.draw(
        text,
        seed=chance.randrange(10**9),
        hidden=chance.randint(1, 4),
        vocabulary="".join(letters),
        recurrent=chance.choice(["scalar", "matrix"]),
        output_bias=chance.random() < 0.5,
        weight_decimals=weight_decimals,
        h_0=chance.choice(["zeros", "random"]),
        activation=chance.choice(["tanh", "tanh", "tanh", "sigmoid", "relu", "linear"]),
        targets=chance.choice(["next", "next", "last"]),
        loss_reduction=chance.choice(["sum", "mean"]),
        eta=chance.choice([0.1, 0.05, 0.5]),
    )
    clipping: dict[str, float] = chance.choice([{}, {}, {"clip": 0.25}, {"clip_norm": 1.0}])
    return whole_trace(drawn, **clipping)


# ── a student at work ─────────────────────────────────────────────────────────────────────────────────────────────────


def rounded(numbers: Array, decimals: int) -> Array:
    return np.round(numbers, decimals) + 0.0


def cut_off(numbers: Array, decimals: int) -> Array:
    """Without its further digits; a calculator shows 0.29 for 0.28999999999999998."""
    return np.trunc(np.round(numbers * 10.0**decimals, 6)) / 10.0**decimals + 0.0


def worked(rule: Term, numbers: Numbers) -> Array:
    """A rule's arithmetic as a person does it: the loss from p, of the letter wanted alone."""
    with np.errstate(all="ignore"):
        if isinstance(rule, Expression) and operands(rule, cross_entropy):
            _, _, p, target = (replay(a, numbers) for a in rule.arguments)
            found = -np.log(p[target == 1]).reshape(1, 1)
        else:
            found = np.asarray(replay(rule, numbers), dtype=float)
    return np.where(np.isfinite(found), found, np.nan)  # no ln 0, nothing over 0


def fill_in(trace: Trace, decimals: int, manner: str, chance: random.Random, slips: Iterable[Slip] = ()) -> Worksheet:
    """Every computed quantity in its order, each worked from the numbers that the student goes on with."""
    slips = tuple(slips)
    by_name = {slip.quantity: slip for slip in slips}
    shorten = cut_off if manner == "cuts" else rounded
    written: dict[str, Array] = {}
    going_on: dict[str, Array] = {}
    honest: dict[str, Array] = {}
    for q in trace.values():
        if q.rule is None:
            continue
        slip = by_name.get(q.name)
        honest[q.name] = worked(q.rule, written)
        rule = slip.mistake.rule if slip is not None and slip.mistake is not None else q.rule
        numbers = np.broadcast_to(worked(rule, going_on), q.shape).copy()
        written[q.name] = shorten(numbers, decimals)
        remembered = np.array([[_remembers(manner, chance) for _ in row] for row in numbers])
        going_on[q.name] = np.where(remembered, numbers, written[q.name])
        if slip is not None and slip.spoil is not None:
            spoiled = float(shorten(np.array(slip.spoil(float(written[q.name][slip.place]))), decimals))
            written[q.name][slip.place] = going_on[q.name][slip.place] = spoiled
    return Worksheet(trace, decimals, manner, slips, written, honest)


def _remembers(manner: str, chance: random.Random) -> bool:
    return manner == "remembers" or (manner == "mixes" and chance.random() < 0.5)


# ── slips ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def known_slip(trace: Trace, chance: random.Random, besides: str = "") -> Slip:
    """A known mistake of a random quantity, of those that a student can make with what is worked so far."""
    names = list(trace)
    while True:
        q = trace[chance.choice(names)]
        done = set(names[: names.index(q.name)])
        found = [m for m in mistakes_of(q, trace) if {s.name for s in _quantities(m.rule)} <= done]
        if found and q.name != besides:
            return Slip(q.name, chance.choice(found))


def _quantities(term: Term) -> Iterable[Quantity]:
    if isinstance(term, Quantity):
        yield term
    elif isinstance(term, Expression):
        for argument in term.arguments:
            yield from _quantities(argument)


def unknown_slip(trace: Trace, chance: random.Random) -> Slip:
    """Two digits swapped, a sign lost, or a number that is some factor off, in one element of a random quantity."""
    q = trace[chance.choice([name for name, q in trace.items() if q.rule is not None])]
    place = (chance.randrange(q.shape[0]), chance.randrange(q.shape[1]))
    factor = chance.choice([chance.uniform(0.2, 0.9), chance.uniform(1.1, 3.0)])
    spoil = chance.choice([_digits_swapped, lambda number: -number, lambda number: factor * number])
    return Slip(q.name, place=place, spoil=spoil)


def _digits_swapped(number: float) -> float:
    """The first two neighbouring digits that differ, exchanged: 0.4270 → 0.2470."""
    digits = list(f"{number:.6f}")
    for i in range(digits.index(".") + 1, len(digits) - 1):
        if digits[i] != digits[i + 1]:
            digits[i], digits[i + 1] = digits[i + 1], digits[i]
            break
    return float("".join(digits))


# ── worksheets by seed ────────────────────────────────────────────────────────────────────────────────────────────────


def worksheet(sort: str, seed: int) -> Worksheet:
    """The worksheet of a seed: "right", "one slip", "two slips" or "unknown slip"; decimals and manner go round."""
    chance = random.Random(f"{sort} {seed}")
    trace = problem(chance)
    decimals = DECIMALS[seed % len(DECIMALS)]
    manner = MANNERS[seed // len(DECIMALS) % len(MANNERS)]
    slips: list[Slip] = []
    if sort == "unknown slip":
        slips.append(unknown_slip(trace, chance))
    elif sort != "right":
        slips.append(known_slip(trace, chance))
    if sort == "two slips":
        slips.append(known_slip(trace, chance, besides=slips[0].quantity))
    return fill_in(trace, decimals, manner, chance, slips)
