"""Quantity: one named table of numbers, with the rule that it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import ClassVar

from rnncalc import language as operations
from rnncalc.language import Expression
from rnncalc.language.trees import Array, Term
from rnncalc.network.captions import caption
from rnncalc.network.families import Family, Role
from rnncalc.network.names import Name


class Stage(StrEnum):
    """The part of the arithmetic that a quantity belongs to."""

    GIVEN = "given"
    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"

    def __repr__(self) -> str:
        return repr(self.value)  # it is the word itself to everybody outside


class Quantity:
    """One named table of numbers.

    ``name``: such as ``h_2``, built from its ``parts``: family, step, layer, and whether it is a gradient; a plain text
    is a family of its own. ``place``: the name without the time; ``step``: counted from 1, 0 for an initial state, None
    for what has none; ``value``: rows by columns, a vector n×1 and a single number 1×1; ``rule``: the operation and the
    quantities it came from, None for what is given; ``stage``: the part of the arithmetic; ``axes``: what its rows and
    columns stand for, see rnncalc.network.words.axes_of; ``settings``: what its words depend on, see
    rnncalc.network.words.settings_of; ``problem``: that of the trace that it stands in, None for what stands in none.
    """

    __slots__ = ("_sources", "axes", "name", "parts", "place", "problem", "rule", "settings", "stage", "step", "value")

    # How a notebook shows it stands above this folder; rnncalc.api puts it in its place.
    _repr_html_: ClassVar[Callable[[Quantity], str]]

    def __init__(
        self,
        name: Name | str,
        value: Array,
        *,
        stage: str,
        rule: Expression | None = None,
        axes: tuple[str, str] = ("", ""),
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.parts = Name(Family(name)) if isinstance(name, str) else name
        self.place = self.parts.place
        self.step = self.parts.step
        self.name = self.place if self.step is None else f"{self.place}_{self.step}"
        self.value = value
        self.rule = rule
        self._sources: tuple[Quantity, ...] | None = None
        self.stage = stage if isinstance(stage, Stage) else Stage(stage)
        self.axes = axes
        self.settings = settings or {}
        self.problem: object = None  # a Problem, whose module imports this one

    @property
    def family(self) -> Family:
        """The row of its family: of dh_out_2 that of h."""
        return self.parts.family

    @property
    def layer(self) -> str:
        """The mark of its layer: "" for the first, L2, D1."""
        return self.parts.layer

    @property
    def is_gradient(self) -> bool:
        """Whether it is a gradient, or a part or a share of one."""
        return self.parts.is_gradient

    @property
    def bare(self) -> str:
        """The name without layer and step: dh_out."""
        return self.parts.bare

    @property
    def role(self) -> Role:
        """The part that it plays on a page."""
        if self.is_gradient:
            return Role.GRADIENT
        if self.stage == Stage.UPDATE and self.parts.which:
            return Role.NEW
        return Role.GIVEN if self.stage == Stage.GIVEN and not self.step else self.family.role

    @property
    def says(self) -> str:
        """One line of words on what it is."""
        return caption(self.parts, self.settings)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        rows, columns = self.value.shape[-2:]
        return rows, columns

    @property
    def symbol(self) -> str:
        """What a page shows for the name: h₂, ∂E/∂Wxh."""
        return self.parts.symbol

    @property
    def latex(self) -> str:
        """The symbol in LaTeX mathematics."""
        return self.parts.latex

    @property
    def equation(self) -> str:
        """The equation in symbols, ``h₂ = tanh(a₂)``; for a given quantity its symbol alone."""
        return self.symbol if self.rule is None else f"{self.symbol} = {self.right_side}"

    @property
    def right_side(self) -> str:
        """What stands in the equation behind its sign; nothing for a given quantity."""
        return "" if self.rule is None else operations.write(self.rule, "text", symbol_in_text).text

    @property
    def latex_equation(self) -> str:
        """The equation in LaTeX mathematics."""
        return self.latex if self.rule is None else f"{self.latex} = {self.latex_right_side}"

    @property
    def latex_right_side(self) -> str:
        """What stands in it behind its sign; nothing for a given quantity."""
        return "" if self.rule is None else operations.write(self.rule, "latex", _latex).text

    @property
    def sources(self) -> tuple[Quantity, ...]:
        """The quantities it came from, each once, in the order of the equation."""
        if self._sources is None:  # whoever marks asks again and again
            self._sources = operands_of(self.rule) if self.rule is not None else ()
        return self._sources

    def __repr__(self) -> str:
        rows, columns = self.shape
        return f"<{self.name} {rows}×{columns}: {self.equation}>"


def operands_of(term: Term) -> tuple[Quantity, ...]:
    """The quantities that a term is made of, each once, in the order of the equation."""
    return tuple(dict.fromkeys(_leaves(term, set())))


def upstream(ends: Iterable[Quantity], through: Callable[[Quantity], bool] = lambda q: True) -> set[str]:
    """The names of all that ``ends`` were computed from, ``through`` such quantities alone."""
    names: set[str] = set()
    waiting = list(ends)
    while waiting:
        for source in waiting.pop().sources:
            if source.name not in names and through(source):
                names.add(source.name)
                waiting.append(source)
    return names


def _leaves(term: Term, seen: set[int]) -> Iterator[Quantity]:
    """The quantities in a term; an expression that stands in it several times is walked once."""
    if isinstance(term, Quantity):
        yield term
    elif isinstance(term, Expression) and id(term) not in seen:
        seen.add(id(term))
        for place, argument in enumerate(term.arguments):
            if place not in term.operation.beside:
                yield from _leaves(argument, seen)


def symbol_in_text(term: Term) -> str:
    """A quantity in an equation written as text."""
    assert isinstance(term, Quantity)
    return term.symbol


def _latex(term: Term) -> str:
    assert isinstance(term, Quantity)
    return term.latex
