"""Trace: the quantities that every computation here produces, in order and by name."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from rnncalc.errors import ArithmeticOverflow, SelectionError
from rnncalc.io.suggest import did_you_mean
from rnncalc.language import Expression
from rnncalc.network.families import EXP, P
from rnncalc.network.names import Name
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.typed_names import folded, parse

if TYPE_CHECKING:
    from rnncalc.network.problem import Problem

_SMALLEST = float(np.finfo(np.float64).tiny)
"""Below it float64 loses digits, and spreadsheets take a number for 0."""


class Trace(Mapping[str, Quantity]):
    """The ordered quantities of one problem, by name: ``trace["h_2"]``.

    ``truncate`` is the window of truncated backpropagation, None where the gradients flow back all the way.
    """

    # How a notebook shows it stands above this folder; rnncalc.api puts it in its place.
    _repr_html_: ClassVar[Callable[[Trace], str]]

    def __init__(self, problem: Problem, quantities: Collection[Quantity] = (), *, truncate: int | None = None) -> None:
        self.problem = problem
        self.truncate = truncate
        self._quantities = {q.name: q for q in quantities}

    def add(
        self,
        name: Name,
        rule: Expression,
        *,
        stage: Stage,
        axes: tuple[str, str] = ("", ""),
        settings: Mapping[str, str] | None = None,
    ) -> Quantity:
        """Append what a rule computes.

        Raises ArithmeticOverflow where a number is no longer finite, or a plain softmax so small that float64 loses its
        digits: it names the quantity and what went in.
        """
        q = Quantity(name, rule.value, rule=rule, stage=stage, axes=axes, settings=settings)
        of_softmax = self.problem.softmax == "plain" and (q.family is EXP or (q.family is P and not q.is_gradient))
        # where scores are too large, these leave float64; all others follow p
        lost = of_softmax and stage == Stage.FORWARD and (np.abs(q.value) < _SMALLEST).any()
        if lost or not np.isfinite(q.value).all():
            raise ArithmeticOverflow(_overflow(q, self[f"y_{q.step}"] if of_softmax else None))
        return self.give(q)

    def give(self, quantity: Quantity) -> Quantity:
        """Append a quantity as it is."""
        self._quantities[quantity.name] = quantity
        quantity.problem = self.problem
        return quantity

    def __getitem__(self, name: str) -> Quantity:
        try:
            return self._quantities[name]
        except KeyError:
            raise SelectionError(self._unknown(name)) from None

    def named(self, typed: str) -> Quantity:
        """The quantity that someone means by its name, or by the symbol that a page shows for it: h₂, dE/dh_2.

        Raises SelectionError where there is none.
        """
        matching = set() if is_pattern(typed) else self._matching(typed)
        return self[matching.pop() if matching else typed]

    def has(self, typed: str) -> bool:
        """Whether someone means a quantity of this trace by a name or a symbol."""
        return typed in self or (not is_pattern(typed) and bool(self._matching(typed)))

    def __contains__(self, name: object) -> bool:
        return name in self._quantities

    def __iter__(self) -> Iterator[str]:
        return iter(self._quantities)

    def __len__(self) -> int:
        return len(self._quantities)

    def __repr__(self) -> str:
        return f"<Trace of {self.problem.text!r}: {len(self)} quantities>"

    def _unknown(self, typed: str) -> str:
        name = self._by_name(typed)
        parts = parse(name)
        family, step = parts.place, parts.step
        if parts.is_gradient and not any(q.stage == Stage.BACKWARD for q in self.values()):
            return f"There is no {name} in a forward pass. Use rnncalc backward to get the gradients."
        if name == "by":
            return "There is no by: this problem has no output bias."
        steps = [q.step for q in self.values() if q.place == family and q.step is not None]
        if len(steps) == 1 and step is not None:
            return f"There is no {name}: there is only {family}_{steps[0]}."
        if steps and step is not None:
            return f"There is no {name}: {family} runs from {family}_{min(steps)} to {family}_{max(steps)}."
        if steps:
            return f"There is no {name} alone. Use {family}_{min(steps)} to {family}_{max(steps)}, with the step."
        return f"There is no quantity named {typed!r}{did_you_mean(name, self)}."

    def _by_name(self, typed: str) -> str:
        """A symbol of no quantity here as it would be named: E₉ as loss_9."""
        symbol = folded(typed)
        stem, _, step = symbol.rpartition("_")
        if step.isdecimal():
            for q in self.values():
                if q.step is not None and folded(q.symbol) == f"{stem}_{q.step}":
                    return f"{q.name.removesuffix(str(q.step))}{step}"
        return f"d{symbol.removeprefix('dE/d')}" if symbol.startswith("dE/d") else typed

    def select(self, patterns: Sequence[str] = (), steps: Collection[tuple[int, int]] = ()) -> list[Quantity]:
        """The quantities that any pattern names, in any of the ranges of steps, in trace order; all by default.

        A pattern is an exact name, a family such as ``h_*``, or a stage such as ``stage:loss``; a range is its first
        and last step. Raises SelectionError for a pattern that matches nothing and a step that the problem has not.
        """
        have = self.problem.steps
        for first, last in steps:
            for step in (first, last):
                if not 1 <= step <= have:
                    raise SelectionError(f"There is no step {step}: {self.problem.text!r} has steps 1 to {have}.")
        chosen = set(self) if not patterns else set[str]()
        for pattern in patterns:
            matching = self._matching(pattern)
            if not matching:
                if pattern.startswith("stage:"):
                    known = ", ".join(dict.fromkeys(q.stage for q in self.values()))
                    raise SelectionError(f"There is no stage {pattern[6:]!r} here; the stages are {known}.")
                raise SelectionError(self._unknown(pattern))
            chosen |= matching
        return [q for q in self.values() if q.name in chosen and (not steps or _within(q.step, steps))]

    def _matching(self, pattern: str) -> set[str]:
        if pattern in self._quantities:
            return {pattern}
        if pattern.startswith("stage:"):
            return {q.name for q in self.values() if q.stage == pattern[6:]}
        if is_pattern(pattern):
            named = {name for name in self if fnmatch.fnmatchcase(name, pattern)}
            return named or self._shown_as(pattern)
        return self._shown_as(pattern)

    def _shown_as(self, pattern: str) -> set[str]:
        """The quantities by the symbols that pages show."""
        meant = folded(pattern)
        return {q.name for q in self.values() if fnmatch.fnmatchcase(folded(q.symbol), meant)}


def is_pattern(text: str) -> bool:
    """Whether a name stands for several, as h_* does."""
    return "*" in text or "?" in text


def _within(step: int | None, ranges: Collection[tuple[int, int]]) -> bool:
    return step is not None and any(first <= step <= last for first, last in ranges)


def _overflow(q: Quantity, scores: Quantity | None) -> str:
    """What left float64 and from what numbers; ``scores`` are those that a plain softmax was taken of."""
    name, where = q.name, "" if q.step is None else f" at step {q.step}"
    if scores is not None:
        lowest, highest = float(scores.value.real.min()), float(scores.value.real.max())
        return (
            f"{name}{where} leaves the range of float64: {q.right_side}, with scores {scores.name} from "
            f"{lowest:.4g} to {highest:.4g}. Plain softmax cannot handle scores that are so large or so far apart. "
            'Use --softmax shifted (in a template softmax = "shifted"): it subtracts the largest score first and '
            "can handle any scores."
        )
    sizes = [(float(np.abs(q.value).max()), q) for q in q.sources]
    size, largest = max(sizes, key=lambda pair: pair[0])
    smaller = "a smaller learning rate" if largest.name == "eta" else "smaller weights"
    return (
        f"{name}{where} is not finite: {q.right_side} overflows float64; the largest number used is {size:.3g}, in "
        f"{largest.name}. Use {smaller}."
    )
