"""A student works a sheet from its first number to its last, and slips where it is planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from rnncalc.marking.answers import Answer

from .networks import Net, exp_of, loss_from_scores, split
from .nodes import Array, Node, Numbers, Ref
from .ways import Way

_LARGEST = 1e6
"""Nobody goes on with a number larger than this: the mistake would have been seen."""


class GivesUp(ArithmeticError):
    """The numbers went out of every bound: this sheet is not written."""


@dataclass
class Plant:
    """A slip in one quantity: what it is called, and in which cells it stands.

    ``kinds`` are the names that are right for it; none where marking has no name for it. ``listed`` says whether it
    is on marking's list.
    """

    name: str
    kinds: frozenset[str]
    listed: bool
    cells: tuple[tuple[int, int], ...]
    note: str
    node: Node | None = None
    typo: bool = False
    """A slip of typing: what is gone on with is not asked here."""
    should: Array | None = None
    """What the right rule gives of the numbers that this student had, as it would have been written."""


@dataclass
class Work:
    """What a student has worked: what stands on the sheet, and what is gone on with."""

    net: Net
    way: Way
    known: dict[str, Array] = field(default_factory=dict)
    written: dict[str, Array] = field(default_factory=dict)
    plants: list[Plant] = field(default_factory=list)
    foreign: set[str] = field(default_factory=set)
    """Tables that were copied from somebody else."""

    def __post_init__(self) -> None:
        for name, value in self.net.given.items():
            self.known[name] = value.astype(np.float32) if self.way.single else value

    def right(self, name: str) -> Array:
        """The number by the right rule, from what this student goes on with."""
        return self.shaped(name, self.rule(name).work(self.known, self.way.hand))

    def rule(self, name: str) -> Node:
        """The right rule as this student works it."""
        family, time = split(name)
        other = self.way.name == "the other softmax"
        if time is not None and family == "exp" and other:
            return exp_of(self.net, time, not self.net.shifted)
        if time is not None and family == "loss" and self.way.from_scores:
            return loss_from_scores(self.net, time, self.net.shifted)
        return self.net.rule(name)

    def shaped(self, name: str, value: Array) -> Array:
        value = np.broadcast_to(value, self.net.shapes[name])
        if not np.isfinite(value).all() or np.abs(value).max() > _LARGEST:
            raise GivesUp(name)
        return value

    def put(self, name: str, worked: Array) -> None:
        """Write a worked number down, and go on with what this way keeps of it."""
        written = self.way.written(worked)
        kept = self.way.kept(worked, written)
        if split(name)[0] in {"p", "exp"}:
            # nobody takes the logarithm of 0, or divides by it: there the digits are kept
            kept = np.where((kept == 0) & (worked != 0), worked, kept)
        self.known[name] = kept.astype(np.float32) if self.way.single else kept
        self.written[name] = np.array(written, dtype=float)


Slipping = Callable[[Work, str], None]
"""What is done at a planned place instead of the right rule: it puts the numbers and notes the plant."""


def work(net: Net, way: Way, plan: Mapping[str, Slipping] | None = None) -> Work:
    """A whole sheet: rightly but where ``plan`` says otherwise."""
    done = Work(net, way)
    plan = plan or {}
    with np.errstate(all="ignore"):
        for name in net.asked:
            if name in plan:
                plan[name](done, name)
            else:
                done.put(name, done.right(name))
            if way.leaves_blank(name):
                _leave_blank(done, name)
    return done


def _leave_blank(done: Work, name: str) -> None:
    blank = done.written[name].copy()
    if done.way.rng.random() < 0.5:
        blank[:] = np.nan
    else:
        blank[done.way.rng.randrange(blank.shape[0]), done.way.rng.randrange(blank.shape[1])] = np.nan
    done.written[name] = blank


def cells_of(shape: tuple[int, int]) -> Iterator[tuple[int, int]]:
    yield from ((row, column) for row in range(shape[0]) for column in range(shape[1]))


def answers(done: Work) -> dict[str, dict[tuple[int, int], Answer]]:
    """The sheet as it is handed in."""
    sheet = {}
    for name, values in done.written.items():
        sheet[name] = {
            (row, column): Answer("", None, None, "blank")
            if np.isnan(values[row, column])
            else done.way.answer(float(values[row, column]))
            for row, column in cells_of(values.shape)
        }
    return sheet


def by_rule(
    node: Node, kinds: frozenset[str], listed: bool, note: str, cell: tuple[int, int] | None = None
) -> Slipping:
    """A wrong rule for the whole table, or for one cell of it; what follows goes on from it."""

    def slip(done: Work, name: str) -> None:
        right = done.right(name)
        wrong = done.shaped(name, node.work(done.known, done.way.hand))
        should = done.way.written(right)
        cells = tuple(cells_of(wrong.shape)) if cell is None else (cell,)
        if cell is not None:
            mixed = np.array(right)
            mixed[cell] = wrong[cell]
            wrong = mixed
        done.put(name, wrong)
        done.plants.append(Plant(name, kinds, listed, cells, note, node, should=should))

    return slip


def typed(
    change: Callable[[Array, Way], tuple[Array, tuple[tuple[int, int], ...]] | None],
    kinds: frozenset[str],
    listed: bool,
    note: str,
    *,
    carried: bool = True,
    after: Slipping | None = None,
) -> Slipping:
    """Right numbers, typed wrong. ``carried``: what follows goes on from what was typed, and else from what was meant.

    ``after`` is another slip in the same quantity, made before this one.
    """

    def slip(done: Work, name: str) -> None:
        if after is None:
            done.put(name, done.right(name))
        else:
            after(done, name)
        meant = done.written[name]
        changed = change(meant, done.way)
        if changed is None:
            return
        wrong, cells = changed
        done.written[name] = done.shaped(name, wrong)
        if carried:
            kept = np.array(done.known[name])
            for place in cells:
                kept[place] = wrong[place]
            done.known[name] = kept
        done.plants.append(Plant(name, kinds, listed, cells, note, typo=True, should=meant))

    return slip


def pasted(source: str | float, kinds: frozenset[str], listed: bool, note: str) -> Slipping:
    """A table of one number, or another table of this sheet as it stands there."""

    def slip(done: Work, name: str) -> None:
        should = done.way.written(done.right(name))
        shape = done.net.shapes[name]
        value = np.full(shape, source) if isinstance(source, float) else done.written[source]
        done.put(name, done.shaped(name, value))
        node = Ref(source) if isinstance(source, str) else None
        done.plants.append(Plant(name, kinds, listed, tuple(cells_of(shape)), note, node, should=should))

    return slip


def numbers_of(done: Work) -> Numbers:
    """What stands on the sheet, with what was given."""
    return {**done.net.given, **done.written}
