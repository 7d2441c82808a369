"""The mistakes that people make with this arithmetic, as wrong rules: each gives the number that it would lead to.

Most are a face of the operations: a wrong rule takes the place of one operation in a quantity's own rule (tanh not
applied, a bias left out). Those here need the trace as well: a quantity taken from another step, a sum over time that
was not added up, another order of the letters. docs/marking.md lists the kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from rnncalc import language as operations
from rnncalc.io.numbers import exact, number
from rnncalc.language import Expression, Wrong, wrong
from rnncalc.language.kinds import Kind
from rnncalc.language.trees import Array, Call, Entry, Term, call
from rnncalc.language.writers import TextWriter
from rnncalc.marking.gate_mistakes import gate_mistakes
from rnncalc.marking.network_mistakes import network_mistakes, other_tokens
from rnncalc.marking.place_mistakes import place_mistakes, writing_mistakes
from rnncalc.marking.rule_mistakes import rule_mistakes
from rnncalc.marking.step_mistakes import initial_states, step_mistakes
from rnncalc.marking.substitution import is_bias, is_one_hot, on_paper, sources_of, substituted, symbol_of, used_for
from rnncalc.network.pictures import MOST_TERMS, letter_picture
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.replay import Values, replay
from rnncalc.network.trace import Trace


class Mistake(NamedTuple):
    """A wrong rule for a quantity: its kind, and what it says in plain words; ``also`` are other kinds that lead to the
    same numbers. It is ``local`` where it is made in the quantity itself, and not in what goes in unseen."""

    kind: str
    says: str
    rule: Term
    also: tuple[str, ...] = ()
    local: bool = True

    def value(self, values: Values) -> Array:
        """What the wrong rule leads to."""
        with np.errstate(all="ignore"):
            return replay(self.rule, values)

    def arithmetic(self, row: int, column: int, values: Values, decimals: int) -> str:
        """The wrong arithmetic of one element as a student would write it: ``0.427 · 0.9365 = 0.3999``; nothing where
        the mistake is not local."""
        if not self.local:
            return ""

        def written(element: Entry) -> str:
            assert isinstance(element.of, Quantity)
            own = values.get(element.of.name)
            numbers = element.of.value if own is None else own
            value = float(numbers[element.row, element.column])
            return exact(value) if own is None and element.of.stage == Stage.GIVEN else number(value, decimals)

        result = number(float(self.value(values)[row, column]), decimals)
        tree = operations.entry(self.rule, row, column)
        if not isinstance(tree, Call):
            return result
        if tree.function == "sum":
            tree = call("plus", *tree.arguments)  # a sum that stands alone needs no brackets
        return f"{TextWriter(written, MOST_TERMS).write(tree).text} = {result}"


def mistakes_of(q: Quantity, trace: Trace) -> list[Mistake]:
    """The known mistakes that lead to other numbers than the right ones, the simplest first; of those that lead to the
    same numbers, the first. Each is made in the whole table; where it does not tell a number, that is NaN."""
    return distinct(q, wrong_rules(q, trace))


def distinct(q: Quantity, mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Those that lead to other numbers than the right ones, each to numbers of its own."""
    kept: list[Mistake] = []
    known = _Known(q)
    for mistake in mistakes:
        value = mistake.value({})
        place = known.place(value) if value.shape == q.shape else 0
        if place == len(kept) + 1:
            kept.append(mistake)
        elif place and mistake.kind not in (kept[place - 1].kind, *kept[place - 1].also):
            kept[place - 1] = kept[place - 1]._replace(also=(*kept[place - 1].also, mistake.kind))
    return kept


def wrong_rules(q: Quantity, trace: Trace) -> Iterator[Mistake]:
    """All the wrong rules, the simplest first, whether they show or not."""
    if q.rule is None:
        return
    yield from wrong_methods(q, trace)
    yield Mistake(Kind.SIGN_REVERSED, "the sign is reversed", operations.negative(_by_hand(q, q.rule)))
    for slip in writing_mistakes(q, _by_hand(q, q.rule), trace):
        yield Mistake(slip.kind, slip.says, slip.rule or q.rule)


def wrong_methods(q: Quantity, trace: Trace) -> Iterator[Mistake]:
    """Those among them that are wrong ways of working, not slips of the eye."""
    for mistake in _wrong_methods(q, trace) if q.rule is not None else ():
        if mistake.rule is not None:
            says = mistake.says if mistake.about is None else mistake.says.format(symbol_of(mistake.about))
            yield Mistake(mistake.kind, says, mistake.rule)


def _by_hand(q: Quantity, rule: Expression) -> Expression:
    """A rule of a quantity as it is worked on paper."""
    return on_paper(rule) if q.stage == Stage.LOSS and q.step is not None else rule


def _wrong_methods(q: Quantity, trace: Trace) -> Iterator[Wrong]:
    assert q.rule is not None
    yield from initial_states(q, q.rule)
    for mistake in rule_mistakes(q, trace):
        if mistake.kind in _OF_CROSS_ENTROPY and trace.problem.loss not in _OF_CROSS_ENTROPY[mistake.kind]:
            continue
        if isinstance(mistake.rule, Expression):
            mistake = mistake._replace(rule=_by_hand(q, mistake.rule))
        yield mistake
    rule = _by_hand(q, q.rule)
    yield from _other_letters(q, rule, trace)
    yield from step_mistakes(q, rule, trace)
    yield from _other_weights(q, rule, trace)
    yield from gate_mistakes(q, rule, trace)
    yield from _alphabetical(q, rule, trace)
    yield from network_mistakes(q, rule, trace)
    yield from _undivided(q, rule, trace)
    yield from other_tokens(q, rule, trace)
    yield from place_mistakes(q, rule, trace)


_OF_CROSS_ENTROPY: Mapping[str, tuple[str, ...]] = {
    Kind.SOFTMAX_DIAGONAL: ("cross-entropy",),
    Kind.TARGET_OVER_P: ("cross-entropy", "binary-cross-entropy"),
}
"""The kinds that only some losses have."""


class _Known:
    """The numbers that are known for a quantity: the right ones, and those that mistakes lead to."""

    def __init__(self, q: Quantity) -> None:
        self._values = np.empty((8, q.value.size))
        self._values[0] = q.value.reshape(-1)
        self._count = 1
        self._right = q.value if q.bare == "exp" else None

    def place(self, value: Array) -> int:
        """Where these numbers stand among those that are known, the right ones at 0; they are added where they are new,
        unless they are no numbers, or as good as the right ones."""
        row = value.reshape(-1)
        is_number = np.isfinite(row)
        if not is_number.all():
            if not is_number.any():
                return 0
            row = np.where(is_number, row, _NOT_TOLD)
        known = self._values[: self._count]
        tolerance = 1e-12 * max(1.0, float(np.abs(row[is_number]).max()))  # but for rounding of float64
        equal = np.abs(known - row).max(axis=1) <= tolerance
        place = int(equal.argmax())
        if equal[place]:
            return place
        if self._is_multiple(value) or not (np.abs(known[0] - row)[is_number] > tolerance).any():
            return 0
        if self._count == len(self._values):
            self._values = np.concatenate([self._values, np.empty_like(self._values)])
        self._values[self._count] = row
        self._count += 1
        return self._count - 1

    def _is_multiple(self, value: Array) -> bool:
        """Whether all are the same multiple of the right ones, of exp, where a common factor falls out."""
        if self._right is None:
            return False
        factors = value / self._right
        return bool(factors[0, 0] > 0 and np.ptp(factors) <= 1e-9 * abs(factors[0, 0]))


_NOT_TOLD = -8.25e300
"""Stands for what is no number, so that it is equal to itself."""


# ── what needs the trace ──────────────────────────────────────────────────────────────────────────────────────────────


def _other_letters(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """Another letter taken for the one wanted."""
    for target in sources_of(q, "target"):
        problem = trace.problem
        unit = problem.token if problem.predicts_tokens else "class"
        for row, letter in enumerate(problem.output_names if is_one_hot(target) else ()):
            says = f"{letter_picture(letter)} was used as the target {unit}"
            yield Wrong(Kind.WRONG_TARGET, says, substituted(rule, {target.name: wrong.letter(row)(target)}))
        if q.stage == Stage.LOSS:
            says = f"1 − {target.symbol} was used instead of {target.symbol}"
            yield Wrong(Kind.WRONG_TARGET, says, substituted(rule, {target.name: operations.one_minus(target)}))


def _other_weights(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """Another weight or bias that fits in the place of the right one."""
    parameters = [trace[name] for name in trace.problem.weights]
    for source in (s for s in q.sources if s in parameters):
        for other in parameters:
            shared = other.shape == source.shape == (1, 1)  # two numbers that all units share
            if other is source or (is_bias(other) != is_bias(source) and not shared):
                continue
            kind = Kind.WRONG_BIAS if is_bias(source) else Kind.WRONG_WEIGHT
            if other.shape == source.shape:
                yield used_for(kind, other, source, rule)
            elif is_bias(other) and other.shape == (1, 1):
                yield used_for(kind, other, source, rule, operations.everywhere(other, source))


def _undivided(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """exp where the probability belongs."""
    for p in sources_of(q, "p"):
        e = f"exp_{p.step}"
        if e in trace and q.name != e:
            yield used_for(Kind.SOFTMAX_NOT_DIVIDED, trace[e], p, rule)


def _alphabetical(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """The vocabulary in alphabetical order: in every letter that went in, or in every table with a place for each."""
    vocabulary = trace.problem.vocabulary
    if not vocabulary or rule.operation is operations.most_likely:  # a choice is 1 or 0 in any order
        return
    sorted_order = sorted(range(len(vocabulary)), key=lambda i: vocabulary[i])
    back = sorted(range(len(vocabulary)), key=lambda i: sorted_order[i])
    for order in (sorted_order, back) if back != sorted_order else (sorted_order,):
        yield from _in_order(q, rule, order)


def _in_order(q: Quantity, rule: Expression, order: list[int]) -> Iterator[Wrong]:
    says = "the vocabulary was taken in alphabetical order"
    letters = sources_of(q, "x")  # in a target it is another letter wanted, which has its own kind
    encoded = {s.name: wrong.reordered(order, [0])(s) for s in letters}
    yield Wrong(Kind.ALPHABETICAL, says, substituted(rule, encoded))
    rows, columns = (order if axis == "letter" else list(range(n)) for axis, n in zip(q.axes, q.shape, strict=True))
    yield Wrong(Kind.ALPHABETICAL, says, wrong.reordered(rows, columns)(rule))
