"""The arithmetic on paper: small trees that a person's hand can work, and that a wrong hand can change.

``work`` works a tree with a hand, which may round what comes in between. ``span`` says between which two numbers the
result must lie where every number that went in, and every product on the way, may be off by a unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Span = tuple[Array, Array]
Numbers = Mapping[str, Array]
Bounds = Callable[[str], Span]


class Hand:
    """A hand that keeps all digits. Others round products, squares or what a table gives."""

    def product(self, x: Array) -> Array:
        return x

    def square(self, x: Array) -> Array:
        return x

    def table(self, x: Array) -> Array:
        return x


EXACT = Hand()


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def step(x: Array) -> Array:
    return (x > 0) * np.ones_like(x)


FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "relu": lambda x: np.maximum(x, 0),
    "linear": lambda x: x,
    "step": step,
    "exp": np.exp,
    "ln": np.log,
    "log10": np.log10,
    "log2": np.log2,
    "ten to": lambda x: 10.0**x,
    "two to": lambda x: 2.0**x,
    "square": np.square,
    "root": np.sqrt,
    "size": np.abs,
    "tan": np.tan,
    "sinh": np.sinh,
    "degrees": lambda x: x * (np.pi / 180),
    "half size": lambda x: x / (1 + np.abs(x)),
}
_RISING = set(FUNCTIONS) - {"square", "size", "tan"}


class Node:
    """A piece of arithmetic."""

    rounds = False
    """Whether a person may round its result when it is a part of something larger."""

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        raise NotImplementedError

    def span(self, bounds: Bounds, unit: float) -> Span:
        raise NotImplementedError

    def inner(self, bounds: Bounds, unit: float) -> Span:
        """The span as a part of something larger."""
        low, high = self.span(bounds, unit)
        if not self.rounds or not unit:
            return low, high
        loose = np.where((low == high) & (low == np.round(low)), 0.0, unit)
        return low - loose, high + loose

    def parts(self) -> Iterator[Node]:
        for field in fields(self):  # type: ignore[arg-type]
            yield from _nodes(getattr(self, field.name))

    def refs(self) -> list[str]:
        """The names of what goes in, each once, in order."""
        found: dict[str, None] = {}
        for part in self.parts():
            for name in part.refs():
                found[name] = None
        return list(found)

    def change(self, how: Callable[[Node], Node | None]) -> Node:
        """This tree with every piece for which ``how`` gives another one replaced by it."""
        other = how(self)
        if other is not None:
            return other
        changed = {}
        for field in fields(self):  # type: ignore[arg-type]
            old = getattr(self, field.name)
            new = _changed(old, how)
            if new is not old:
                changed[field.name] = new
        return replace(self, **changed) if changed else self  # type: ignore[type-var]

    def put(self, name: str, other: Node) -> Node:
        """This tree with ``other`` wherever ``name`` went in."""
        return self.change(lambda node: other if isinstance(node, Ref) and node.name == name else None)


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


def _changed(value: Any, how: Callable[[Node], Node | None]) -> Any:
    if isinstance(value, Node):
        return value.change(how)
    if isinstance(value, tuple):
        items = tuple(_changed(item, how) for item in value)
        return value if all(a is b for a, b in zip(items, value, strict=True)) else items
    return value


@dataclass(frozen=True)
class Ref(Node):
    """A table of numbers."""

    name: str

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        return numbers[self.name]

    def span(self, bounds: Bounds, unit: float) -> Span:
        return bounds(self.name)

    def refs(self) -> list[str]:
        return [self.name]


@dataclass(frozen=True)
class Number(Node):
    """A number that everyone knows."""

    value: float
    rows: int = 1
    columns: int = 1

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        return np.full((self.rows, self.columns), self.value)

    def span(self, bounds: Bounds, unit: float) -> Span:
        value = np.full((self.rows, self.columns), self.value)
        return value, value

    def refs(self) -> list[str]:
        return []


@dataclass(frozen=True)
class Total(Node):
    """Terms added up, each with its sign."""

    terms: tuple[tuple[int, Node], ...]

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        values = [sign * node.work(numbers, hand) for sign, node in self.terms]
        result = values[0]
        for value in values[1:]:
            result = result + value
        return result

    def span(self, bounds: Bounds, unit: float) -> Span:
        low: Array = np.zeros((1, 1))
        high: Array = np.zeros((1, 1))
        for sign, node in self.terms:
            a, b = node.inner(bounds, unit)
            low, high = (low + a, high + b) if sign > 0 else (low - b, high - a)
        return low, high


@dataclass(frozen=True)
class Times(Node):
    """Factors multiplied entry by entry, from left to right."""

    factors: tuple[Node, ...]
    rounds = True

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        result = self.factors[0].work(numbers, hand)
        for factor in self.factors[1:]:
            result = hand.product(result * factor.work(numbers, hand))
        return result

    def span(self, bounds: Bounds, unit: float) -> Span:
        result = self.factors[0].inner(bounds, unit)
        for place, factor in enumerate(self.factors[1:]):
            if place:
                result = _loose(result, unit)
            result = multiplied(result, factor.inner(bounds, unit))
        return result


@dataclass(frozen=True)
class Apply(Node):
    """A matrix times a vector; turned: the transposed matrix."""

    matrix: Node
    vector: Node
    turned: bool = False

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        matrix = self.matrix.work(numbers, hand)
        products = hand.product((matrix.T if self.turned else matrix) * self.vector.work(numbers, hand).T)
        total: Array = products.sum(axis=1, keepdims=True)
        return total

    def span(self, bounds: Bounds, unit: float) -> Span:
        a, b = self.matrix.inner(bounds, unit)
        c, d = self.vector.inner(bounds, unit)
        low, high = _loose(multiplied((a.T, b.T) if self.turned else (a, b), (c.T, d.T)), unit)
        return low.sum(axis=1, keepdims=True), high.sum(axis=1, keepdims=True)


@dataclass(frozen=True)
class Outer(Node):
    """A column times a row."""

    column: Node
    row: Node
    rounds = True

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        return hand.product(self.column.work(numbers, hand) * self.row.work(numbers, hand).T)

    def span(self, bounds: Bounds, unit: float) -> Span:
        c, d = self.row.inner(bounds, unit)
        return multiplied(self.column.inner(bounds, unit), (c.T, d.T))


@dataclass(frozen=True)
class Of(Node):
    """A function of every entry."""

    function: str
    inside: Node
    rounds = True

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        value = FUNCTIONS[self.function](self.inside.work(numbers, hand))
        return hand.square(value) if self.function == "square" else hand.table(value)

    def span(self, bounds: Bounds, unit: float) -> Span:
        low, high = self.inside.inner(bounds, unit)
        function = FUNCTIONS[self.function]
        if self.function in {"ln", "log10", "log2", "root"}:
            low, high = np.maximum(low, 0.0), np.maximum(high, 0.0)
        if self.function == "tan":
            half_turns = np.floor(low / np.pi + 0.5) != np.floor(high / np.pi + 0.5)
            return np.where(half_turns, -np.inf, np.tan(low)), np.where(half_turns, np.inf, np.tan(high))
        a, b = function(low), function(high)
        if self.function in _RISING:
            return a, b
        return np.where((low < 0) & (high > 0), 0.0, np.minimum(a, b)), np.maximum(a, b)


@dataclass(frozen=True)
class Added(Node):
    """All the entries of a table added up."""

    inside: Node

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        return np.array([[self.inside.work(numbers, hand).sum()]])

    def span(self, bounds: Bounds, unit: float) -> Span:
        low, high = self.inside.inner(bounds, unit)
        return low.sum().reshape(1, 1), high.sum().reshape(1, 1)


@dataclass(frozen=True)
class Share(Node):
    """Every entry divided by the sum of all."""

    inside: Node
    rounds = True

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        value = self.inside.work(numbers, hand)
        return hand.table(value / value.sum())

    def span(self, bounds: Bounds, unit: float) -> Span:
        low, high = self.inside.inner(bounds, unit)
        if (low.sum() - low + high > 0).all() and (low >= 0).all():
            return low / (high.sum() - high + low), high / (low.sum() - low + high)
        if (low < 0).any() and low.sum() > 0:
            return divided((low, high), (low.sum().reshape(1, 1), high.sum().reshape(1, 1)))
        return np.full_like(low, -np.inf), np.full_like(high, np.inf)


@dataclass(frozen=True)
class Pick(Node):
    """One row of a table."""

    inside: Node
    row: int

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        return self.inside.work(numbers, hand)[self.row : self.row + 1, :]

    def span(self, bounds: Bounds, unit: float) -> Span:
        low, high = self.inside.span(bounds, unit)
        return low[self.row : self.row + 1, :], high[self.row : self.row + 1, :]


@dataclass(frozen=True)
class Rows(Node):
    """The rows of a table in another order, perhaps one of them twice; -1 stands for a row of zeros."""

    inside: Node
    order: tuple[int, ...]

    def _of(self, value: Array) -> Array:
        return np.stack([value[row] if row >= 0 else np.zeros_like(value[0]) for row in self.order])

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        return self._of(self.inside.work(numbers, hand))

    def span(self, bounds: Bounds, unit: float) -> Span:
        low, high = self.inside.span(bounds, unit)
        return self._of(low), self._of(high)


@dataclass(frozen=True)
class Turn(Node):
    """Rows for columns."""

    inside: Node

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        return self.inside.work(numbers, hand).T

    def span(self, bounds: Bounds, unit: float) -> Span:
        low, high = self.inside.span(bounds, unit)
        return low.T, high.T


@dataclass(frozen=True)
class Diagonal(Node):
    """What stands on the diagonal of a square table, as a column."""

    inside: Node

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        return np.diagonal(self.inside.work(numbers, hand)).reshape(-1, 1)

    def span(self, bounds: Bounds, unit: float) -> Span:
        low, high = self.inside.span(bounds, unit)
        return np.diagonal(low).reshape(-1, 1), np.diagonal(high).reshape(-1, 1)


@dataclass(frozen=True)
class Divide(Node):
    """One number divided by another, entry by entry."""

    top: Node
    bottom: Node
    rounds = True

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        return hand.product(self.top.work(numbers, hand) / self.bottom.work(numbers, hand))

    def span(self, bounds: Bounds, unit: float) -> Span:
        return divided(self.top.inner(bounds, unit), self.bottom.inner(bounds, unit))


@dataclass(frozen=True)
class Clamp(Node):
    """Cut to between minus the limit and the limit."""

    inside: Node
    limit: Node

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        limit = self.limit.work(numbers, hand)
        return np.minimum(np.maximum(self.inside.work(numbers, hand), -limit), limit)

    def span(self, bounds: Bounds, unit: float) -> Span:
        low, high = self.inside.span(bounds, unit)
        least, most = self.limit.span(bounds, unit)
        return np.minimum(np.maximum(low, -most), most), np.minimum(np.maximum(high, -least), most)


@dataclass(frozen=True)
class Larger(Node):
    """The larger of two."""

    one: Node
    other: Node

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        return np.maximum(self.one.work(numbers, hand), self.other.work(numbers, hand))

    def span(self, bounds: Bounds, unit: float) -> Span:
        a, b = self.one.span(bounds, unit)
        c, d = self.other.span(bounds, unit)
        return np.maximum(a, c), np.maximum(b, d)


@dataclass(frozen=True)
class Most(Node):
    """The largest entry."""

    inside: Node

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        return np.array([[self.inside.work(numbers, hand).max()]])

    def span(self, bounds: Bounds, unit: float) -> Span:
        low, high = self.inside.span(bounds, unit)
        return low.max().reshape(1, 1), high.max().reshape(1, 1)


@dataclass(frozen=True)
class Length(Node):
    """The root of all squares added up; nobody rounds the squares under the root."""

    inside: tuple[Node, ...]

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        total = sum(np.square(node.work(numbers, hand)).sum() for node in self.inside)
        return np.sqrt(total).reshape(1, 1)  # type: ignore[no-any-return]

    def span(self, bounds: Bounds, unit: float) -> Span:
        least = most = 0.0
        for node in self.inside:
            low, high = node.span(bounds, unit)
            least += float(np.square(np.where((low < 0) & (high > 0), 0.0, np.minimum(abs(low), abs(high)))).sum())
            most += float(np.square(np.maximum(abs(low), abs(high))).sum())
        return np.sqrt(np.array([[least]])), np.sqrt(np.array([[most]]))


@dataclass(frozen=True)
class Gathered(Node):
    """The sum of all entries of several tables, each by a function: for wrong lengths."""

    function: str
    inside: tuple[Node, ...]

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        parts = [FUNCTIONS[self.function](node.work(numbers, hand)) for node in self.inside]
        return np.array([[sum(float(part.sum()) for part in parts)]])

    def span(self, bounds: Bounds, unit: float) -> Span:
        spans = [Of(self.function, node).span(bounds, unit) for node in self.inside]
        return np.array([[sum(float(a.sum()) for a, _ in spans)]]), np.array([[sum(float(b.sum()) for _, b in spans)]])


@dataclass(frozen=True)
class Spread(Node):
    """One number in every entry of a table of this shape."""

    inside: Node
    rows: int
    columns: int = 1

    def work(self, numbers: Numbers, hand: Hand) -> Array:
        return np.broadcast_to(self.inside.work(numbers, hand), (self.rows, self.columns))

    def span(self, bounds: Bounds, unit: float) -> Span:
        low, high = self.inside.span(bounds, unit)
        return np.broadcast_to(low, (self.rows, self.columns)), np.broadcast_to(high, (self.rows, self.columns))


def multiplied(one: Span, other: Span) -> Span:
    """The span of a product."""
    corners = [a * b for a in one for b in other]
    return (
        np.minimum(np.minimum(corners[0], corners[1]), np.minimum(corners[2], corners[3])),
        np.maximum(np.maximum(corners[0], corners[1]), np.maximum(corners[2], corners[3])),
    )


def divided(one: Span, other: Span) -> Span:
    """The span of a quotient; without bounds where the divisor may be 0."""
    low, high = other
    crosses = (low <= 0) & (high >= 0)
    low, high = np.where(crosses, 1.0, low), np.where(crosses, 1.0, high)
    least, most = multiplied(one, (1 / high, 1 / low))
    return np.where(crosses, -np.inf, least), np.where(crosses, np.inf, most)


def _loose(span: Span, unit: float) -> Span:
    """Room for a product that was rounded; a product with 0 or of whole numbers needs none."""
    low, high = span
    loose = np.where((low == high) & (low == np.round(low)), 0.0, unit)
    return low - loose, high + loose


def plus(*terms: Node) -> Total:
    return Total(tuple((1, term) for term in terms))


def minus(one: Node, other: Node) -> Total:
    return Total(((1, one), (-1, other)))


def times(*factors: Node) -> Times:
    return Times(factors)


def negative(node: Node) -> Total:
    return Total(((-1, node),))


ONE = Number(1.0)


def rest(node: Node) -> Total:
    """1 - x."""
    return minus(ONE, node)


def square(node: Node) -> Of:
    return Of("square", node)
