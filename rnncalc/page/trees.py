"""Rules as data for a page: the tree of every element of a table, written down once for all its elements.

A node is
    a number: a number of the rule itself, None where it is no number;
    ``["#", …]``: such a number that differs from element to element;
    ``[operand, at, …]``: an element of an operand, by the operand's place in the rule and its place in the operand,
    row after row;
    ``["tanh", node, …]``: a function of scalars, by its name in the table of functions;
    ``{"n": 12, "of": node}``: among the arguments of a function, 12 that differ only in k = 0 … 11;
    ``{"each": [node, …]}``: at the top, elements that have nothing in common, row after row.
Places and numbers that differ follow a line: ``start + i·rows + j·columns + k·along``, of the element in row i and
column j; what is 0 at the end is left out. Rules of one form share a template, which knows its operands by place.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnncalc.language import Constant, Expression, entry
from rnncalc.language.operations import Operation
from rnncalc.language.trees import Array, Call, Entry, Number, Scalar, Term
from rnncalc.network.element_arithmetic import trees_of
from rnncalc.network.quantity import Quantity

Node = Any
"""What JSON can hold."""


class _Form(NamedTuple):
    """A tree without its numbers: two elements of one form differ in these alone, which stand in a list beside it."""

    kind: str
    parts: tuple[Any, ...] = ()


class Templates:
    """The forms of rules, each once; ``places`` are the quantities of a page by name."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self.written: list[Node] = []
        self._places = places
        self._known: dict[str, int] = {}
        self._alike: dict[tuple[Any, ...], list[list[int]]] = {}
        self._kept: dict[int, Operation] = {}

    def rule(self, term: Term) -> list[int]:
        """A rule: the number of its template, then the quantities that it is made of, by their places."""
        rows, columns = term.value.shape[-2:]
        every = [(i, j) for i in range(rows) for j in range(columns)]
        return self._rules(term, ("rule",), lambda: [[entry(term, i, j) for i, j in every]], columns)[0]

    def ways(self, q: Quantity) -> list[list[int]]:
        """The ways to work a quantity (see rnncalc.network.element_arithmetic): last the one that pages show."""
        assert q.rule is not None
        rows, columns = q.shape
        every = [(i, j) for i in range(rows) for j in range(columns)]
        return self._rules(q.rule, ("ways",), lambda: zip(*(trees_of(q, i, j) for i, j in every), strict=True), columns)

    def _rules(
        self, term: Term, kind: tuple[Any, ...], trees: Callable[[], Iterable[Sequence[Scalar]]], columns: int
    ) -> list[list[int]]:
        """The rules of a term; two of one build, as a state has at every step, are taken apart once."""
        operands: list[Quantity] = []
        build = (*kind, *term.value.shape[-2:], self._build(term, operands))
        if build not in self._alike:
            numbers = {q.name: number for number, q in enumerate(operands)}
            self._alike[build] = [self._template(each, columns, numbers) for each in trees()]
        return [
            [template, *(self._places[operands[number].name] for number in numbers)]
            for template, *numbers in self._alike[build]
        ]

    def _template(self, trees: Sequence[Scalar], columns: int, numbers: Mapping[str, int]) -> list[int]:
        """The number of a template, and the numbers of what it is made of in the term."""
        met: dict[str, int] = {}
        template = _Table(trees, columns, met).node()
        text = json.dumps(template, separators=(",", ":"))
        if text not in self._known:
            self._known[text] = len(self.written)
            self.written.append(template)
        return [self._known[text], *(numbers[name] for name in met)]

    def _build(self, term: Term, operands: list[Quantity]) -> Any:
        """All that the trees of a term depend on: its operations, its numbers, and the shapes of its quantities."""
        if isinstance(term, Expression):
            self._kept[id(term.operation)] = term.operation  # so that no other one gets its identity
            return id(term.operation), *(self._build(argument, operands) for argument in term.arguments)
        if isinstance(term, Constant):
            return "number", term.number
        assert isinstance(term, Quantity)
        if term not in operands:
            operands.append(term)
        return "quantity", operands.index(term), term.shape


class _Table:
    """The trees of all elements of a table, row after row; ``operands`` are numbered as they are met."""

    def __init__(self, trees: Sequence[Scalar], columns: int, operands: dict[str, int]) -> None:
        self.trees, self.columns, self.operands = trees, columns, operands

    def node(self) -> Node:
        """All elements as one node."""
        read = [self._read(tree) for tree in self.trees]
        form = read[0][0]
        if all(other == form for other, _ in read):
            try:
                return _write(form, iter(_lines(np.array([numbers for _, numbers in read], dtype=float), self.columns)))
            except _Irregular:
                pass
        return {"each": [_write(form, iter([[float(number)] for number in numbers])) for form, numbers in read]}

    def _read(self, tree: Scalar) -> tuple[_Form, list[float]]:
        match tree:
            case Number(value):
                return (_Form("nan"), []) if math.isnan(value) else (_Form("#"), [value])
            case Entry(Quantity() as q, row, column):
                place = self.operands.setdefault(q.name, len(self.operands))
                return _Form("@", (place,)), [row * q.shape[1] + column]
            case Call(function, arguments):
                read = [self._read(argument) for argument in arguments]
                half = len(read) // 2
                parts = [read[:half], read[half:]] if function == "dot" else [read]
                forms, numbers = [], list[float]()
                for part in parts:
                    for form, its in _run(part):
                        forms.append(form)
                        numbers += its
                return _Form(function, tuple(forms)), numbers
        raise TypeError(f"{tree} is no part of a rule.")


def _run(read: list[tuple[_Form, list[float]]]) -> list[tuple[_Form, list[float]]]:
    """Arguments that differ in a regular way as one; the start and the growth of each number follow each other."""
    form = read[0][0] if read else None
    if len(read) < 3 or form is None or any(other != form for other, _ in read) or _has_run(form):
        return read
    numbers = np.array([its for _, its in read], dtype=float)
    along = numbers[1] - numbers[0]
    if not np.array_equal(numbers, numbers[0] + np.arange(len(read))[:, None] * along):
        return read
    return [(_Form("run", (len(read), form)), [n for pair in zip(numbers[0], along, strict=True) for n in pair])]


def _has_run(form: _Form) -> bool:
    return form.kind == "run" or any(isinstance(part, _Form) and _has_run(part) for part in form.parts)


class _Irregular(Exception):
    """The elements of a table differ in no regular way."""


def _lines(numbers: Array, columns: int) -> list[list[float]]:
    """For each number its start, and how much it grows with every row and every column."""
    count = len(numbers)
    first = numbers[0]
    by_row = numbers[columns] - first if count > columns else np.zeros_like(first)
    by_column = numbers[1] - first if columns > 1 else np.zeros_like(first)
    i, j = np.divmod(np.arange(count)[:, None], columns)
    if not np.array_equal(numbers, first + i * by_row + j * by_column):
        raise _Irregular
    return [list(line) for line in zip(first.tolist(), by_row.tolist(), by_column.tolist(), strict=True)]


def _write(form: _Form, lines: Iterator[list[float]], *, in_run: bool = False) -> Node:
    """A node from a form and the lines of its numbers, taken one by one."""
    match form.kind:
        case "nan":
            return None
        case "#":
            start, *growth = _line(lines, in_run=in_run)
            return ["#", start, *growth] if growth else start
        case "@":
            return [form.parts[0], *_line(lines, in_run=in_run)]
        case "run":
            count, inner = form.parts
            return {"n": count, "of": _write(inner, lines, in_run=True)}
    return [form.kind, *(_write(part, lines, in_run=in_run) for part in form.parts)]


def _line(lines: Iterator[list[float]], *, in_run: bool) -> list[float]:
    """The next line; within a run its growth along the run stands behind the others, the same in all elements."""
    line = next(lines)
    if in_run:
        along, *changes = next(lines)
        if any(changes):
            raise _Irregular
        line = [*line, *[0.0] * (3 - len(line)), along]
    while len(line) > 1 and not line[-1]:
        line = line[:-1]
    return [int(n) if n.is_integer() else n for n in line]
