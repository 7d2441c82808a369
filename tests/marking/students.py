"""Students who fill in whole worksheets of random problems: right ones, and ones with slips that are known.

They round, cut off, work on paper and slip by themselves; of the package they use the rules' arithmetic and the wrong
rules of the known mistakes, nothing of marking. What marking says of their worksheets is counted. Students who share
nothing with the package are in marking/examiner; these ones have networks of every form.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

import numpy as np

from rnncalc import Problem, Quantity, Trace
from rnncalc.language import Expression, binary_cross_entropy, cross_entropy, most_likely, operands
from rnncalc.language.trees import Term
from rnncalc.marking.answers import Answer
from rnncalc.marking.marking import Answers, Mark, Report, mark
from rnncalc.marking.mistakes import Mistake, mistakes_of
from rnncalc.network.replay import replay
from rnncalc.network.update_step import whole_trace

Array = np.ndarray[Any, Any]
Numbers = Mapping[str, Array]
DECIMALS = range(2, 7)
MANNERS = ("rounds", "remembers", "mixes", "cuts")
"""Goes on with the rounded number, with all its digits, with either, or with the number cut off."""


class Slip(NamedTuple):
    """A slip as planted: a known mistake in a whole quantity, or ``spoil`` in one place of it."""

    quantity: str
    mistake: Mistake | None = None
    place: tuple[int, int] = (0, 0)
    spoil: Callable[[float], float] | None = None

    def touches(self, place: tuple[int, int]) -> bool:
        return self.mistake is not None or place == self.place


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


WORDS = ["a", "bad", "good", "film", "very", "not"]


def _numbers(chance: random.Random, rows: int, columns: int) -> list[list[float]]:
    return [[round(chance.uniform(-1, 1), 2) for _ in range(columns)] for _ in range(rows)]


def _numeric(chance: random.Random) -> dict[str, Any]:
    """Numbers read, numbers wanted."""
    steps, outputs = chance.randint(2, 4), chance.randint(1, 3)
    wanted = _numbers(chance, steps, outputs)
    last = chance.random() < 0.4
    return {
        "inputs": _numbers(chance, steps, chance.randint(1, 3)),
        "classes": outputs,
        "output_function": "linear",
        "output_at": "last" if last else "every",
        "targets": wanted[-1:] if last else wanted,
        "cell_kind": chance.choice(["rnn", "lstm", "gru"]),
    }


def _answer_at_the_end(chance: random.Random) -> dict[str, Any]:
    """Words through an embedding, a class at the last step."""
    return {
        "text": " ".join(chance.choice(WORDS) for _ in range(chance.randint(2, 4))),
        "tokens": "words",
        "vocabulary": " ".join(chance.sample(WORDS, len(WORDS))),
        "embedding": chance.randint(2, 3),
        "classes": ["no", "yes", "perhaps"][: chance.randint(2, 3)],
        "output_at": "last",
        "targets": [chance.choice(["no", "yes"])],
    }


def _two_layers(chance: random.Random) -> dict[str, Any]:
    return {
        "text": "".join(chance.choice("abc") for _ in range(chance.randint(3, 4))),
        "vocabulary": "bca",
        "layers": 2,
        "cell_kind": chance.choice(["rnn", "lstm", "gru", ["lstm", "gru"]]),
    }


def _head(chance: random.Random) -> dict[str, Any]:
    """A head of dense layers before the output."""
    return {
        "text": "".join(chance.choice("abc") for _ in range(chance.randint(3, 4))),
        "vocabulary": "bca",
        "head": chance.choice([[2], [3], [3, 2]]),
        "head_activation": chance.choice(["tanh", "sigmoid", "relu", "linear"]),
        "output_function": chance.choice(["softmax", "sigmoid"]),
        "loss": "squared-error",
    }


def _yes_or_no(chance: random.Random) -> dict[str, Any]:
    """Binary cross-entropy of one or several outputs."""
    steps, outputs = chance.randint(2, 4), chance.randint(1, 3)
    wanted = [[float(chance.randint(0, 1)) for _ in range(outputs)] for _ in range(steps)]
    last = chance.random() < 0.4
    return {
        "inputs": _numbers(chance, steps, 2),
        "classes": outputs,
        "output_function": "sigmoid",
        "output_at": "last" if last else "every",
        "targets": wanted[-1:] if last else wanted,
    }


def _squared_probabilities(chance: random.Random) -> dict[str, Any]:
    return {
        "text": "".join(chance.choice("abc") for _ in range(chance.randint(3, 4))),
        "vocabulary": "bca",
        "loss": "squared-error",
    }


def _generated(chance: random.Random) -> dict[str, Any]:
    """Letters, or numbers, fed back as the next input."""
    if chance.random() < 0.3:
        return {
            "inputs": _numbers(chance, 2, 2),
            "classes": 2,
            "output_function": chance.choice(["linear", "softmax", "sigmoid"]),
            "loss": "squared-error",
            "targets": _numbers(chance, 4, 2),
            "generate": 2,
        }
    letters = "abc"
    return {
        "text": chance.choice(letters) + chance.choice(letters),
        "vocabulary": "bca",
        "generate": 3,
        "embedding": chance.choice([0, 2, 3]),
        "targets": [chance.choice(letters) for _ in range(5)] if chance.random() < 0.7 else "none",
    }


NETWORKS: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "numeric inputs": _numeric,
    "embedding, answer at the end": _answer_at_the_end,
    "two layers": _two_layers,
    "head": _head,
    "yes or no": _yes_or_no,
    "squared probabilities": _squared_probabilities,
    "generated": _generated,
}
"""What makes a network more than a simple one that reads letters."""


def network(kind: str, chance: random.Random) -> Trace:
    """A network of one of the kinds above, of any setting."""
    drawn = Problem.draw(
        **{
            "seed": chance.randrange(10**9),
            "hidden": chance.randint(1, 3),
            "output_bias": chance.random() < 0.5,
            "weight_decimals": chance.randint(2, 6),
            "h_0": chance.choice(["zeros", "random"]),
            "activation": chance.choice(["tanh", "tanh", "sigmoid", "relu"]),
            "loss_reduction": chance.choice(["sum", "mean"]),
            **NETWORKS[kind](chance),
        }
    )
    return whole_trace(drawn)


# ── a student at work ─────────────────────────────────────────────────────────────────────────────────────────────────


def rounded(numbers: Any, decimals: int) -> Array:
    return np.round(numbers, decimals) + 0.0


def cut_off(numbers: Any, decimals: int) -> Array:
    """Without its further digits; a calculator shows 0.29 for 0.28999999999999998."""
    return np.trunc(np.round(numbers * 10.0**decimals, 6)) / 10.0**decimals + 0.0


def worked(rule: Term, numbers: Numbers) -> Array:
    """A rule's arithmetic as a person does it: the loss from p, of what is wanted alone."""
    with np.errstate(all="ignore"):
        if operands(rule, cross_entropy) or operands(rule, binary_cross_entropy):
            p, target = (replay(a, numbers) for a in operands_of_loss(rule))
            found = -_logarithms(target, p)
            if operands(rule, binary_cross_entropy):
                found -= _logarithms(1 - target, 1 - p)
        else:
            found = np.asarray(replay(rule, numbers), dtype=float)
    return np.where(np.isfinite(found), found, np.nan)  # no ln 0, nothing over 0


def operands_of_loss(rule: Term) -> tuple[Term, ...]:
    """p and target."""
    return rule.arguments[-2:] if isinstance(rule, Expression) else ()


def _logarithms(target: Array, p: Array) -> Array:
    """Σ target · ln p over what is wanted."""
    wanted = target != 0
    return np.array([[(target[wanted] * np.log(p[wanted])).sum()]])


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
        done = set(_before(trace, q.name))
        found = [m for m in mistakes_of(q, trace) if {s.name for s in _quantities(m.rule)} <= done]
        found = [m for m in found if np.isfinite(m.value({})).all()]  # a slip tells every number
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

SORTS = ("right", "one slip", "two slips", "unknown slip")


def worksheet(sort: str, seed: int, kind: str = "") -> Worksheet:
    """The worksheet of a seed, of a simple network or one of a kind; decimals and manners go round, so that each has
    its share of any run of seeds."""
    chance = random.Random(f"{sort} {seed}{kind}")
    trace = network(kind, chance) if kind else problem(chance)
    manner = MANNERS[seed // len(DECIMALS) % len(MANNERS)]
    slips: list[Slip] = []
    if sort == "unknown slip":
        slips.append(unknown_slip(trace, chance))
    elif sort != "right":
        slips.append(known_slip(trace, chance))
    if sort == "two slips":
        slips.append(known_slip(trace, chance, besides=slips[0].quantity))
    return fill_in(trace, DECIMALS[seed % len(DECIMALS)], manner, chance, slips)


# ── what marking says of them ─────────────────────────────────────────────────────────────────────────────────────────


def count(sheet: Worksheet, report: Report) -> Counter[str]:
    """What a report says of a worksheet, beside what is known of it: numbers, and slips one by one."""
    counts = Counter(worksheets=1)
    by_slip: dict[Slip, list[Mark]] = {slip: [] for slip in sheet.slips}
    for one in report.marks:
        place = (one.row, one.column)
        slip = next((s for s in sheet.slips if s.quantity == one.quantity and s.touches(place)), None)
        if slip is None:
            counts["numbers"] += 1
            counts[one.status] += 1
            counts["right called wrong"] += one.status not in ("correct", "rounded", "carried", "blank")
        elif shows(sheet, one):
            by_slip[slip].append(one)
    for slip, marks in by_slip.items():
        counts["slips"] += 1
        counts[_found(sheet, slip, marks)] += 1
    return counts


def shows(sheet: Worksheet, one: Mark) -> bool:
    """Whether a slip moves a number beyond its tolerance: from the true one, and from what the student's own numbers
    lead to. A number that would be written without the slip as well does not show it."""
    number = one.given.number
    if number is None or _is_as_good(sheet, one.quantity):
        return False
    honest = float(sheet.honest[one.quantity][one.row, one.column])
    return all(
        abs(number - right) > one.tolerance * (1 + 1e-9)
        and number not in (float(rounded(right, sheet.decimals)), float(cut_off(right, sheet.decimals)))
        for right in (one.expected, honest)
    )


def _is_as_good(sheet: Worksheet, name: str) -> bool:
    """Whether a wrong choice of the largest is one between equals, as they are written."""
    rule, written = sheet.trace[name].rule, sheet.written[name]
    for p in operands(rule, most_likely) if rule is not None else ():
        numbers = replay(p, sheet.written)
        return bool(np.isin(written, (0, 1)).all() and numbers[written == 1].sum() == numbers.max())
    return False


def _found(sheet: Worksheet, slip: Slip, showing: Sequence[Mark]) -> str:
    """Whether a slip was found at all the elements that show it, and what it was named."""
    if not showing:
        return "hidden"
    if any(one.status != "wrong" for one in showing):
        return "missed"
    named = [{m.kind for m in one.mistakes} for one in showing]
    certain = any(m.certain for one in showing for m in one.mistakes)
    if slip.mistake is None:
        return "certain" if certain else "possible" if any(named) else "unnamed"
    if all(kinds == {slip.mistake.kind} for kinds in named):
        return "named"
    if any(m.certain and m.kind != slip.mistake.kind for one in showing for m in one.mistakes):
        return "misnamed"
    if not all(slip.mistake.kind in kinds for kinds in named):
        return "unnamed"
    return "twin" if _has_twin(sheet, slip, [(one.row, one.column) for one in showing]) else "possible"


def _has_twin(sheet: Worksheet, slip: Slip, places: Sequence[tuple[int, int]]) -> bool:
    """Whether a mistake of another kind leads to the same number in one of these places, whatever the decimals."""
    assert slip.mistake is not None
    before = {name: sheet.written[name] for name in _before(sheet.trace, slip.quantity) if name in sheet.written}
    q = sheet.trace[slip.quantity]
    others = [m.rule for m in mistakes_of(q, sheet.trace) if m.kind != slip.mistake.kind]
    wanted = worked(slip.mistake.rule, before)
    led_to = [worked(rule, numbers) for rule in others for numbers in (before, {})]
    return any(all(abs(numbers[at] - wanted[at]) <= 1e-12 for at in places) for numbers in led_to)


def _before(trace: Trace, name: str) -> Iterable[str]:
    return takewhile(lambda other: other != name, trace)


def figures(sort: str, seeds: Iterable[int], kind: str = "") -> dict[int, Counter[str]]:
    """The counts of some worksheets, added up for each number of decimals."""
    counts: dict[int, Counter[str]] = {decimals: Counter() for decimals in DECIMALS}
    for seed in seeds:
        sheet = worksheet(sort, seed, kind)
        counts[sheet.decimals] += count(sheet, mark(sheet.trace, sheet.answers))
    return counts


FOUND = ("named", "twin", "possible", "unnamed", "misnamed", "certain")
"""What becomes of a slip that shows, where it is not missed."""
