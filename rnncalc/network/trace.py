"""Quantity and Trace: the named tables of numbers that every computation here produces, in order."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rnncalc import language as operations
from rnncalc.errors import ArithmeticOverflow, SelectionError
from rnncalc.io.suggest import did_you_mean
from rnncalc.language import Expression
from rnncalc.language.trees import Array, Term
from rnncalc.network import names

if TYPE_CHECKING:
    from rnncalc.network.problem import Problem


_OF_SOFTMAX = ("exp", "p", "dexp")
"""The families whose numbers leave float64 where scores are too large for a plain softmax; all others follow p."""
_SMALLEST = float(np.finfo(np.float64).tiny)
"""Below it float64 loses digits, and spreadsheets take a number for 0."""


class Quantity:
    """One named table of numbers.

    ``name``: such as ``h_2``; ``value``: rows by columns, a vector n×1 and a single number 1×1; ``rule``: the
    operation and the quantities it came from, None for what is given; ``stage``: one of given, forward, loss,
    backward, update; ``step``: its time step, counted from 1, or None; ``says``: one line of words; ``axes``: what
    its rows and columns stand for, see rnncalc.network.forward_pass.axes_of.
    """

    __slots__ = ("axes", "name", "rule", "says", "stage", "step", "value")

    def __init__(
        self,
        name: str,
        value: Array,
        *,
        stage: str,
        step: int | None = None,
        rule: Expression | None = None,
        says: str = "",
        axes: tuple[str, str] = ("", ""),
    ) -> None:
        self.name = name
        self.value = value
        self.rule = rule
        self.stage = stage
        self.step = step
        self.says = says
        self.axes = axes

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        rows, columns = self.value.shape[-2:]
        return rows, columns

    @property
    def bare(self) -> str:
        """The name without layer and step: dh_out."""
        return names.split(self.name).family

    @property
    def layer(self) -> str:
        """The mark of its layer: "" for the first, L2, D1."""
        return names.split(self.name).layer

    @property
    def place(self) -> str:
        """The name without the time: what steps have in common."""
        return names.split(self.name).place

    @property
    def symbol(self) -> str:
        """What a page shows for the name: h₂, ∂E/∂Wxh."""
        return names.symbol(self.name)

    @property
    def latex(self) -> str:
        """The symbol in LaTeX mathematics."""
        return names.latex_symbol(self.name)

    @property
    def equation(self) -> str:
        """The equation in symbols, ``h₂ = tanh(a₂)``; for a given quantity its symbol alone."""
        if self.rule is None:
            return self.symbol
        return f"{self.symbol} = {operations.write(self.rule, 'text', _symbol).text}"

    @property
    def latex_equation(self) -> str:
        """The equation in LaTeX mathematics."""
        if self.rule is None:
            return self.latex
        return f"{self.latex} = {operations.write(self.rule, 'latex', _latex).text}"

    @property
    def sources(self) -> tuple[Quantity, ...]:
        """The quantities it came from, each once, in the order of the equation."""
        return operands_of(self.rule) if self.rule is not None else ()

    def __repr__(self) -> str:
        rows, columns = self.shape
        return f"<{self.name} {rows}×{columns}: {self.equation}>"

    def _repr_html_(self) -> str:
        from rnncalc.render.notebook import quantity_html

        return quantity_html(self)


def operands_of(term: Term) -> tuple[Quantity, ...]:
    """The quantities that a term is made of, each once, in the order of the equation."""
    return tuple(dict.fromkeys(_leaves(term, set())))


def _leaves(term: Term, seen: set[int]) -> Iterator[Quantity]:
    """The quantities in a term; an expression that stands in it several times is walked once."""
    if isinstance(term, Quantity):
        yield term
    elif isinstance(term, Expression) and id(term) not in seen:
        seen.add(id(term))
        for place, argument in enumerate(term.arguments):
            if place not in term.operation.beside:
                yield from _leaves(argument, seen)


def _symbol(term: Term) -> str:
    assert isinstance(term, Quantity)
    return term.symbol


def _latex(term: Term) -> str:
    assert isinstance(term, Quantity)
    return term.latex


class Trace(Mapping[str, Quantity]):
    """The ordered quantities of one problem, by name: ``trace["h_2"]``.

    ``truncate`` is the window of truncated backpropagation, None where the gradients flow back all the way.
    """

    def __init__(self, problem: Problem, quantities: Collection[Quantity] = (), *, truncate: int | None = None) -> None:
        self.problem = problem
        self.truncate = truncate
        self._quantities = {q.name: q for q in quantities}

    def add(
        self,
        name: str,
        rule: Expression,
        *,
        stage: str,
        step: int | None = None,
        says: str = "",
        axes: tuple[str, str] = ("", ""),
    ) -> Quantity:
        """Append what a rule computes.

        Raises ArithmeticOverflow where a number is no longer finite, or a plain softmax so small that float64 loses its
        digits: it names the quantity and what went in.
        """
        value = rule.value
        of_softmax = self.problem.softmax == "plain" and names.split(name).family in _OF_SOFTMAX
        if not np.isfinite(value).all() or (of_softmax and stage == "forward" and (np.abs(value) < _SMALLEST).any()):
            scores = self[f"y_{step}"] if of_softmax else None
            raise ArithmeticOverflow(_overflow(name, rule, step, scores))
        return self.give(Quantity(name, value, rule=rule, stage=stage, step=step, says=says, axes=axes))

    def give(self, quantity: Quantity) -> Quantity:
        """Append a quantity as it is."""
        self._quantities[quantity.name] = quantity
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
        found = set() if is_pattern(typed) else self._matching(typed)
        return self[found.pop() if found else typed]

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
        _, step, _ = found = names.split(name)
        family = found.place
        if names.is_gradient(name) and not any(q.stage == "backward" for q in self.values()):
            return f"There is no {name} in a forward pass; rnncalc backward has the gradients."
        if name == "by":
            return "There is no by: this problem has no output bias."
        steps = [q.step for q in self.values() if q.place == family and q.step is not None]
        if len(steps) == 1 and step is not None:
            return f"There is no {name}: {family}_{steps[0]} is the only one."
        if steps and step is not None:
            return f"There is no {name}: {family} runs from {family}_{min(steps)} to {family}_{max(steps)}."
        if steps:
            return f"There is no {name} alone: say the step, {family}_{min(steps)} to {family}_{max(steps)}."
        return f"There is no quantity named {typed!r}{did_you_mean(name, self)}."

    def _by_name(self, typed: str) -> str:
        """A symbol of no quantity here as it would be named: E₉ as loss_9."""
        symbol = names.folded(typed)
        stem, _, step = symbol.rpartition("_")
        if step.isdecimal():
            for q in self.values():
                if q.step is not None and names.folded(q.symbol) == f"{stem}_{q.step}":
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
            found = self._matching(pattern)
            if not found:
                if pattern.startswith("stage:"):
                    known = ", ".join(dict.fromkeys(q.stage for q in self.values()))
                    raise SelectionError(f"There is no stage {pattern[6:]!r} here; the stages are {known}.")
                raise SelectionError(self._unknown(pattern))
            chosen |= found
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
        meant = names.folded(pattern)
        return {q.name for q in self.values() if fnmatch.fnmatchcase(names.folded(q.symbol), meant)}


def is_pattern(text: str) -> bool:
    """Whether a name stands for several, as h_* does."""
    return "*" in text or "?" in text


def _within(step: int | None, ranges: Collection[tuple[int, int]]) -> bool:
    return step is not None and any(first <= step <= last for first, last in ranges)


def _overflow(name: str, rule: Expression, step: int | None, scores: Quantity | None) -> str:
    """What left float64 and from what numbers; ``scores`` are those that a plain softmax was taken of."""
    where = "" if step is None else f" at step {step}"
    equation = operations.write(rule, "text", _symbol).text
    if scores is not None:
        lowest, highest = float(scores.value.real.min()), float(scores.value.real.max())
        return (
            f"{name}{where} leaves float64: {equation}, with scores {scores.name} from {lowest:.4g} to {highest:.4g}. "
            "The plain softmax is not for scores so large or so far apart; --softmax shifted (in a template softmax = "
            '"shifted") takes the largest away first, and then any scores can be worked with.'
        )
    sizes = [(float(np.abs(q.value).max()), q) for q in operands_of(rule)]
    size, largest = max(sizes, key=lambda pair: pair[0])
    smaller = "A smaller learning rate" if largest.name == "eta" else "Smaller weights"
    return (
        f"{name}{where} is not finite: {equation} overflows float64; "
        f"the largest number that went in is {size:.3g}, in {largest.name}. {smaller} would be right."
    )
