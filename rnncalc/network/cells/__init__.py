"""Cells: one pure step of a network each, written with operations. The loop over time is in network/forward_pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import NamedTuple, Protocol

from rnncalc.language import Expression
from rnncalc.language.trees import Term
from rnncalc.network.trace import Quantity


class Add(Protocol):
    """Append a quantity of this time step to the trace: ``add("h", rule, says)``."""

    def __call__(self, family: str, rule: Expression, says: str) -> Quantity: ...


class Cell(NamedTuple):
    """A kind of recurrent cell.

    ``shapes(hidden, inputs, recurrent)`` gives the shapes of its weights by name; ``states`` are the quantities that
    travel from step to step, the one that the output reads first; ``step(add, weights, x, states, activation)``
    computes one time step and gives the new states; ``extras(hidden, inputs)`` are weights that it may have or not.
    """

    name: str
    title: str
    states: tuple[str, ...]
    shapes: Callable[[int, int, str], dict[str, tuple[int, int]]]
    step: Callable[[Add, Mapping[str, Term], Term, Mapping[str, Term], str], dict[str, Quantity]]
    extras: Callable[[int, int], dict[str, tuple[int, int]]] = lambda hidden, inputs: {}


def cell(name: str) -> Cell:
    """The cell of that name, one of ``CELLS``; each stands in a module of its name."""
    found: Cell = import_module(f"rnncalc.network.cells.{name}").CELL
    return found


CELLS = ("rnn", "lstm", "gru")
