"""What a cell is: one pure step of a recurrent network, written with operations, and the families that it brings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple, Protocol

from rnncalc.language import Expression, Operation, Wrong, add, matmul
from rnncalc.language.trees import Term
from rnncalc.network.families import Family
from rnncalc.network.quantity import Quantity


class Add(Protocol):
    """Append a quantity of this time step to the trace: ``put("h", rule)``."""

    def __call__(self, family: str, rule: Expression) -> Quantity: ...


class OwnMistake(NamedTuple):
    """A mistake that people make with one kind of cell alone.

    ``kind``: its short name; ``says``: what it is in a few words; ``rules(q, rule)``: what it makes of the rule of a
    quantity, as it is and with what people work out in passing written out; ``is_left_out(families, q)``: whether
    leaving a term or a factor of these families out of q's rule is this mistake; ``is_common``: many make it.
    """

    kind: str
    says: str
    rules: Callable[[Quantity, Expression], Iterable[Wrong]] = lambda q, rule: ()
    is_left_out: Callable[[Collection[str], Quantity], bool] = lambda families, q: False
    is_common: bool = True


class Cell(NamedTuple):
    """A kind of recurrent cell.

    ``states`` are the quantities that travel from step to step, the one that the output reads first; ``families`` the
    rows of all its quantities, the weights in the order in which they are used; ``step(put, weights, x, states,
    activation)`` computes one time step and gives the new states; ``in_passing``: the families that
    some people work out within the rule of the next one; ``mistakes``: those of this cell alone.
    """

    name: str
    title: str
    states: tuple[str, ...]
    families: tuple[Family, ...]
    step: Callable[[Add, Mapping[str, Term], Term, Mapping[str, Term], str], dict[str, Quantity]]
    in_passing: tuple[str, ...] = ()
    mistakes: tuple[OwnMistake, ...] = ()

    def family(self, name: str) -> Family:
        """The row of one of its quantities."""
        return next(family for family in self.families if family.name == name)

    @property
    def weights(self) -> list[Family]:
        """The rows of its weights and biases, those that it may go without too."""
        return [family for family in self.families if family.is_weight]

    def shapes(self, hidden: int, inputs: int, recurrent: str) -> dict[str, tuple[int, int]]:
        """The shapes of the weights that it needs, by name; ``recurrent`` is scalar where one number is shared."""
        shared = recurrent == "scalar"
        return {w.name: w.shape(hidden, inputs, shared=shared) for w in self.weights if not w.optional}


def gate(put: Add, weights: Mapping[str, Term], name: str, x: Term, h: Term, function: Operation) -> Quantity:
    """a = Wx · x_t + Wh · h_{t−1} + b, and the gate, f(a)."""
    total = add(matmul(weights[f"Wx{name}"], x), matmul(weights[f"Wh{name}"], h), weights[f"b{name}"])
    return put(name, function(put(f"a{name}", total)))
