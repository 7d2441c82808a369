"""An element as someone types it, held against a trace: h_2[1], ∂E/∂h₂:1, Wxh[3,2], and by its letter p_2[e]."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rnncalc.errors import SelectionError
from rnncalc.io.visible import brief
from rnncalc.network.pictures import NAMED, letter_picture, names_of
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity
from rnncalc.network.trace import Trace
from rnncalc.network.typed_names import parse_element


class Elements(NamedTuple):
    """A quantity, and the places of what is meant of it, counted from 0: one of them, or all."""

    quantity: Quantity
    places: list[tuple[int, int]]


def typed_elements(trace: Trace, text: str) -> Elements:
    """What a person means: a quantity, or one element of it. Raises SelectionError where there is no such thing."""
    typed = parse_element(text)
    if typed is None:
        raise SelectionError(
            f"{text!r} is not a quantity or element. Use a name such as h_2, h_2[1], h_2:1 or Wxh:3,2."
        )
    q = trace.named(typed.name)
    rows, columns = q.shape
    if not typed.place:
        return Elements(q, [(i, j) for i in range(rows) for j in range(columns)])
    for row, column in _pairs(typed.place, rows, columns):
        i, j = (_line(q.axes[k], q.shape[k], part, trace.problem) for k, part in enumerate((row, column)))
        if i is not None and j is not None:
            return Elements(q, [(i, j)])
    index = brief(typed.place)
    if rows > 1 and columns > 1 and "," not in index:
        raise SelectionError(f"{q.name} is {rows}×{columns}. Give row and column, such as {q.name}[1,2].")
    raise SelectionError(f"{q.name} is {rows}×{columns} and has no element {index}; {_counts(q, trace.problem)}.")


def _pairs(index: str, rows: int, columns: int) -> Iterator[tuple[str, str]]:
    """The ways to read an index as a row and a column; a letter may be a comma."""
    if columns == 1:
        yield index, "1"
    elif rows == 1:
        yield "1", index
    for i, sign in enumerate(index):
        if sign == ",":
            yield index[:i], index[i + 1 :]


def _line(axis: str, count: int, text: str, problem: Problem) -> int | None:
    """The row or column that a text means: by its number, or by its letter, which quotes tell from a number."""
    plain = text.strip()
    if plain.isascii() and plain.isdecimal() and 1 <= int(plain[:9]) <= count:
        return int(plain) - 1
    known = names_of(axis, problem) if axis in NAMED else ()
    quoted = plain[1:-1] if len(plain) > 2 and plain[0] == plain[-1] and plain[0] in "'\"" else text
    for label in (quoted, plain):
        for i, name in enumerate(known):
            if label in (name, letter_picture(name)):
                return i
    return None


def _counts(q: Quantity, problem: Problem) -> str:
    """How the elements of a quantity are told apart."""
    rows, columns = q.shape
    if rows == columns == 1:
        return "it is one number"
    says = [f"{what} to {n}" for what, n in (("rows count from 1", rows), ("columns", columns)) if n > 1]
    for axis in dict.fromkeys(axis for axis in q.axes if axis in NAMED):
        shown = ", ".join(map(letter_picture, names_of(axis, problem)[:12]))
        says.append(f"a {problem.token if axis == 'letter' else axis} is one of {shown}")
    return ", ".join(says)
