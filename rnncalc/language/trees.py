"""The arithmetic of one element as a small tree: elements of tables, numbers, and functions of them.

An operation says once how one element of its result comes from elements of its operands. What a function is worth and
how it is written stands in :mod:`rnncalc.language.functions`; :mod:`rnncalc.language.writers` writes trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy.typing as npt

    Array: TypeAlias = npt.NDArray[Any]
else:
    Array = Any  # so that the table of functions is read without NumPy


class Term(Protocol):
    """Whatever has a value and can be written: a quantity, a constant, an expression of them."""

    @property
    def value(self) -> Array: ...


class Entry(NamedTuple):
    """One element of a term, rows and columns counted from 0."""

    of: Term
    row: int
    column: int


class Number(NamedTuple):
    """A number of the rule itself, such as the 1 in 1 − h²."""

    value: float


class Call(NamedTuple):
    """A function of scalars, by its name in the table of functions."""

    function: str
    arguments: tuple[Scalar, ...]


Scalar = Entry | Number | Call


def call(function: str, *arguments: Scalar) -> Call:
    """A function applied to scalars."""
    return Call(function, arguments)


class Operand(NamedTuple):
    """The place of an operand in a rule that is not applied to anything yet."""

    place: int

    @property
    def value(self) -> Array:
        raise TypeError("An operand's place has no numbers.")


ARGUMENT, RESULT = (Entry(Operand(place), 0, 0) for place in range(2))
"""What a function is applied to, and what it gives: a derivative is written with them."""
FIRST, SECOND, THIRD = (Entry(Operand(place), 0, 0) for place in range(3))
"""The operands of a rule that is worked entry by entry."""


def entry_value(element: Entry) -> float:
    """The number of an element as it was computed."""
    number: float = element.of.value[element.row, element.column].item()
    return number


def leaves(scalar: Scalar) -> Iterator[Entry]:
    """The elements that a tree is made of."""
    match scalar:
        case Entry():
            yield scalar
        case Call(_, arguments):
            for argument in arguments:
                yield from leaves(argument)


def places(scalar: Scalar) -> list[int]:
    """The places of the operands that a rule is made of, each once and in order."""
    return sorted({leaf.of.place for leaf in leaves(scalar) if isinstance(leaf.of, Operand)})


def put_in(scalar: Scalar, operand: Callable[[int], Scalar]) -> Scalar:
    """A rule with scalars in the places of its operands."""
    match scalar:
        case Entry(Operand(place)):
            return operand(place)
        case Call(function, arguments):
            return Call(function, tuple(put_in(a, operand) for a in arguments))
    return scalar
