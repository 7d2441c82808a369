"""The examiner: what marking says of a sheet, held against what is known of it."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import perf_counter
from types import SimpleNamespace
from typing import Any

import numpy as np

from rnncalc.marking.marking import Answers, mark

from . import copying, unlisted
from .listed import Slip, slips
from .networks import exp_of, loss_from_scores, split
from .nodes import EXACT, Array, Node, Span
from .sheets import Sheet, group
from .working import Plant, cells_of

CREDIT = {"correct", "rounded", "carried"}
Cell = tuple[str, int, int]

FAULTS = (
    "right number called wrong",
    "right number not read",
    "name given to a right number",
    "right number uncredited",
    "uncredited without a reason",
    "slip that passes",
    "first slip not located",
    "listed slip not named",
    "misnamed",
    "certain name of an unlisted slip",
    "copied number that earns",
    "certain name of a copied number",
)


@dataclass(frozen=True)
class Fault:
    """Something that marking should not have said, with all that a person needs to see it again."""

    what: str
    sort: str
    seed: int
    kind: str
    decimals: int
    cell: Cell
    written: str
    status: str
    names: tuple[str, ...]
    note: str
    expected: str
    true: float
    way: str
    label: str

    def __str__(self) -> str:
        name, row, column = self.cell
        return (
            f"{self.what}: --sort {self.sort} --seeds {self.seed} ({self.kind}, {self.decimals} decimals) "
            f"{name}[{row + 1},{column + 1}] = {self.written} is {self.status} {list(self.names)}; "
            f"truly {self.true:.7f}; {self.note}; {self.expected}"
        )


@dataclass
class Outcome:
    """What was counted of one sheet or of many."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    slowest: list[tuple[float, str, int]] = field(default_factory=list)
    """The sheets that took longest to mark: seconds, sort, seed."""

    def add(self, other: Outcome) -> None:
        self.counts.update(other.counts)
        self.faults.extend(other.faults)
        self.slowest = sorted([*self.slowest, *other.slowest], reverse=True)[:5]


_takes = inspect.signature(mark).parameters


def marked(sheet: Sheet) -> Any:
    """What marking says of the sheet."""
    handed_in = [Answers(name, cells) for name, cells in sheet.answers.items()]
    more: dict[str, Any] = {"decimals": sheet.decimals} if "decimals" in _takes else {}
    return mark(sheet.drawn.trace, handed_in, **more)


def examine(sheet: Sheet, report: Any = None) -> Outcome:
    """Mark a sheet, and count what is right and what is wrong of the marking."""
    begun = perf_counter()
    report = marked(sheet) if report is None else report
    outcome = _Examiner(sheet, report).count()
    outcome.slowest.append((perf_counter() - begun, sheet.sort, sheet.seed))
    return outcome


def out_of_reach(sheet: Sheet) -> list[Cell]:
    """The numbers of a sheet that no right way of working could have given, the other numbers being what they are."""
    examiner = _Examiner(sheet, SimpleNamespace(marks=[]))
    found = []
    for name in sheet.drawn.net.asked:
        could, written = examiner.within_reach(name), sheet.done.written[name]
        found += [(name, row, column) for row, column in cells_of(written.shape) if not could[row, column]]
    return [cell for cell in found if not np.isnan(sheet.done.written[cell[0]][cell[1], cell[2]])]


class _Examiner:
    def __init__(self, sheet: Sheet, report: Any) -> None:
        self.sheet, self.net, self.done = sheet, sheet.drawn.net, sheet.done
        self.marks: dict[Cell, Any] = {(m.quantity, m.row, m.column): m for m in report.marks}
        self.outcome = Outcome()
        self.unit = self.done.way.unit * (1 + 1e-9) + 1e-12
        self.true = {name: quantity.value for name, quantity in sheet.drawn.trace.items()}
        self.meant: dict[str, Array] = {p.name: p.should for p in self.done.plants if p.typo and p.should is not None}
        self.owner: dict[Cell, Plant] = {}
        for plant in self.done.plants:
            for row, column in plant.cells:
                self.owner[plant.name, row, column] = plant
        self.grey: set[Cell] = set()
        self.shown: dict[Cell, Plant] = {}

    def count(self) -> Outcome:
        counts = self.outcome.counts
        counts["sheets"] += 1
        counts["numbers"] += len(self.marks)
        for plant in self.done.plants:
            self._see(plant)
        for cell in self._cells():
            if cell[0] in self.sheet.copied:
                self._copied(cell)
            elif cell in self.shown:
                self._slip(cell)
            elif cell not in self.grey:
                self._right(cell)
        for plant in self.done.plants:
            self._names(plant)
        self._copied_names()
        self._first()
        if not self.outcome.faults:
            counts["sheets without fault"] += 1
        return self.outcome

    def _cells(self) -> Iterable[Cell]:
        for name in self.net.asked:
            for row, column in cells_of(self.net.shapes[name]):
                if not np.isnan(self.done.written[name][row, column]):
                    yield name, row, column

    def _fault(self, what: str, cell: Cell, note: str = "") -> None:
        found, plant = self.marks[cell], self.owner.get(cell)
        notes = "; ".join(f"{p.name}: {p.note}" for p in self.done.plants)
        name, row, column = cell
        decimals = max(self.sheet.decimals, self.done.way.decimals)
        self.outcome.counts[what] += 1
        self.outcome.faults.append(
            Fault(
                what=what,
                sort=self.sheet.sort,
                seed=self.sheet.seed,
                kind=self.sheet.kind,
                decimals=self.sheet.decimals,
                cell=cell,
                written=f"{self.done.written[name][row, column]:.{decimals}f}",
                status=found.status,
                names=tuple(f"{m.kind}{'!' if m.certain else '?'}" for m in found.mistakes),
                note=f"{notes} ({self.done.way.name})",
                expected=note or (f"accepted {sorted(plant.kinds)}" if plant else ""),
                true=float(self.true[name][row, column]),
                way=self.done.way.name,
                label=self.sheet.label,
            )
        )

    # what a number could be if it were right

    def _own(self, name: str) -> Span:
        """Between what a number of this student lies."""
        if name in self.net.given:
            return self.net.given[name], self.net.given[name]
        value = self.done.written[name]
        value = np.where(np.isnan(value), self.done.known[name], value)
        low, high = value, value
        if name in self.meant:
            low, high = np.minimum(low, self.meant[name]), np.maximum(high, self.meant[name])
        if split(name)[0] in {"p", "exp"}:
            # nobody divides by 0 or takes its logarithm: there the digits that were kept are meant
            known = np.asarray(self.done.known[name], dtype=float)
            least = np.where(low == 0, np.minimum(np.abs(known), self.unit), 0.0)
            return np.where(
                (low < 0) | (known < 0), low - self.unit, np.maximum(low - self.unit, least)
            ), high + self.unit
        return low - self.unit, high + self.unit

    def _truly(self, name: str) -> Span:
        if name in self.net.given:
            return self.net.given[name], self.net.given[name]
        return self.true[name] - self.unit, self.true[name] + self.unit

    def _exactly(self, name: str) -> Span:
        return self.true[name], self.true[name]

    def _spans(self, name: str, node: Node) -> list[Span]:
        with np.errstate(all="ignore"):
            spans = [node.span(bounds, self.unit) for bounds in (self._own, self._truly)]
        shape = self.net.shapes[name]
        return [(np.broadcast_to(a, shape) - self.unit, np.broadcast_to(b, shape) + self.unit) for a, b in spans]

    def _right_rules(self, name: str) -> list[Node]:
        family, time = split(name)
        rules = [self.net.rule(name)]
        if time is not None and family == "exp":
            rules.append(exp_of(self.net, time, not self.net.shifted))
        if time is not None and family == "loss":
            rules += [loss_from_scores(self.net, time, shifted) for shifted in (True, False)]
        return rules

    def _see(self, plant: Plant) -> None:
        """Where a slip shows: the number is out of reach for every right way of working."""
        written, could = self.done.written[plant.name], self.within_reach(plant.name)
        for row, column in plant.cells:
            cell = (plant.name, row, column)
            if self.owner[cell] is not plant or np.isnan(written[row, column]):
                continue
            same = plant.should is not None and plant.should[row, column] == written[row, column] and not plant.typo
            if same and split(plant.name)[0] != "exp":
                continue
            if same or could[row, column]:
                self.grey.add(cell)
            else:
                self.shown[cell] = plant
        shows = any(self.shown.get((plant.name, row, column)) is plant for row, column in plant.cells)
        counts = self.outcome.counts
        counts["slips"] += 1
        counts["slips that show" if shows else "slips that do not show"] += 1
        counts["listed slips"] += plant.listed

    def within_reach(self, name: str) -> Array:
        """Where a right way of working could have given what is written."""
        written, true = self.done.written[name], self.true[name]
        with np.errstate(all="ignore"):
            could: Array = np.abs(written - true) <= self.unit
            for rule in self._right_rules(name):
                for low, high in self._spans(name, rule):
                    could = could | ~((written < low) | (written > high))
            if split(name)[0] == "exp" and self._common_factor(name):
                could = np.full_like(could, True)
        return could

    def _common_factor(self, name: str) -> bool:
        """Whether these are exp(y), all times one number: it falls out of p."""
        time = split(name)[1]
        assert time is not None
        low, high = exp_of(self.net, time, False).span(self._own, self.unit)
        written = self.done.written[name]
        least, most = ((written - self.unit) / high).max(), ((written + self.unit) / low).min()
        return bool(least <= most and most > 0)

    # what marking says

    def _right(self, cell: Cell) -> None:
        found = self.marks[cell]
        self.outcome.counts["right numbers"] += 1
        self.outcome.counts[f"right numbers {found.status}"] += 1
        if found.status == "wrong":
            self._fault("right number called wrong", cell)
        elif found.mistakes:
            self._fault("name given to a right number", cell)
        elif found.status == "uncredited":
            if not found.remark:
                self._fault("uncredited without a reason", cell)
            elif self.sheet.sort != "pasted":
                self._fault("right number uncredited", cell)
        elif found.status not in CREDIT:
            self._fault("right number not read", cell)

    def _slip(self, cell: Cell) -> None:
        status = self.marks[cell].status
        self.outcome.counts["slipped numbers that show"] += 1
        if status in CREDIT or status == "uncredited":
            self._fault("slip that passes", cell)

    def _copied(self, cell: Cell) -> None:
        name, row, column = cell
        written = self.done.written[name]
        with np.errstate(all="ignore"):
            low, high = self.net.rule(name).span(self._truly, self.unit)
        low, high = np.broadcast_to(low, written.shape), np.broadcast_to(high, written.shape)
        value = written[row, column]
        near = abs(value - self.true[name][row, column]) <= self.unit
        if near or low[row, column] - self.unit <= value <= high[row, column] + self.unit:
            self.outcome.counts["copied numbers that are right by chance"] += 1
            return
        self.outcome.counts["copied numbers"] += 1
        found = self.marks[cell]
        if found.status in CREDIT:
            self._fault("copied number that earns", cell)
        elif found.status == "uncredited" and not found.remark:
            self._fault("uncredited without a reason", cell)
        elif found.status == "uncredited" and found.mistakes:
            self._fault("certain name of a copied number", cell)

    def _names(self, plant: Plant) -> None:
        """Whether the slip is called by a right name, in every cell where it shows and was seen."""
        cells = [
            (plant.name, row, column)
            for row, column in plant.cells
            if self.shown.get((plant.name, row, column)) is plant
            and self.marks[plant.name, row, column].status == "wrong"
        ]
        if not cells:
            return
        counts = self.outcome.counts
        accepted = self._accepted(plant, cells)
        named = [cell for cell in cells if any(m.kind in accepted for m in self.marks[cell].mistakes)]
        wrong = self._false_names(plant.name, cells, accepted)
        if plant.listed:
            counts["listed slips seen"] += 1
            if len(named) == len(cells):
                counts["listed slips named"] += 1
                sure = all(any(m.kind in accepted and m.certain for m in self.marks[cell].mistakes) for cell in cells)
                counts["listed slips named for certain"] += sure
            else:
                counts["listed slips named in some cells"] += bool(named)
                cell = next(cell for cell in cells if cell not in named)
                counts["listed slips with another name that gives the same digits"] += bool(self.marks[cell].mistakes)
                self._fault("listed slip not named", cell, f"accepted {sorted(accepted)}")
        else:
            counts["unlisted slips seen"] += 1
        for cell, kind in wrong:
            what = "misnamed" if plant.listed else "certain name of an unlisted slip"
            self._fault(what, cell, f"{kind} does not give these digits")
            break

    def _accepted(self, plant: Plant, cells: list[Cell]) -> frozenset[str]:
        """The names of this slip, and of every listed one that is the very same numbers here."""
        accepted = plant.kinds
        if "sign-reversed" in accepted and len(cells) == 1:
            accepted |= {"sign-lost"}
        if plant.node is None or not plant.listed:
            return accepted
        with np.errstate(all="ignore"):
            mine = np.broadcast_to(plant.node.work(self.done.known, EXACT), self.net.shapes[plant.name])
            for slip in slips(self.net, plant.name):
                if slip.kinds <= accepted or not all(ref in self.done.known for ref in slip.node.refs()):
                    continue
                theirs = np.broadcast_to(slip.node.work(self.done.known, EXACT), self.net.shapes[plant.name])
                if all(
                    abs(mine[row, column] - theirs[row, column]) <= 1e-9 * max(1.0, abs(mine[row, column]))
                    and slip.row in {None, row}
                    for _, row, column in cells
                ):
                    accepted |= slip.kinds
        return accepted

    def _false_names(self, name: str, cells: list[Cell], accepted: frozenset[str]) -> list[tuple[Cell, str]]:
        """Certain names that do not lead, by this arithmetic, to the digits of all the cells that bear them."""
        bearing: dict[str, list[Cell]] = {}
        for cell in cells:
            for mistake in self.marks[cell].mistakes:
                if mistake.certain and mistake.kind not in accepted:
                    bearing.setdefault(mistake.kind, []).append(cell)
        if not bearing:
            return []
        found = slips(self.net, name) + unlisted.mistakes(self.net, name)
        taught = frozenset(copying.KINDS).union(*(slip.kinds for slip in found))
        wrong = []
        for kind, bearers in bearing.items():
            if kind not in taught:
                self.outcome.counts[f"not taught here: {kind} in {group(name)}"] += 1
            if self._explains(kind, name, bearers, found):
                self.outcome.counts["another certain name that gives the same digits"] += 1
            else:
                wrong.append((bearers[0], kind))
        return wrong

    def _explains(self, kind: str, name: str, cells: list[Cell], found: list[Slip]) -> bool:
        places = [(row, column) for _, row, column in cells]
        written = self.done.written[name]
        nodes = [slip for slip in found if kind in slip.kinds]
        each = dict.fromkeys(places, False)
        for slip in nodes:
            for low, high in self._spans(name, slip.node):
                inside = [
                    place
                    for place in places
                    if low[place] <= written[place] <= high[place] and slip.row in {None, place[0]}
                ]
                if len(inside) == len(places):
                    return True
                if slip.row is not None:
                    each.update(dict.fromkeys(inside, True))
        if all(each.values()):
            return True
        with np.errstate(all="ignore"):
            meant = [
                self.done.way.written(np.broadcast_to(self.net.rule(name).work(self.done.known, EXACT), written.shape))
            ]
        meant += [np.round(self.true[name], self.done.way.decimals)]
        meant += [plant.should for plant in self.done.plants if plant.name == name and plant.should is not None]
        return copying.fits(kind, places, written, meant, self.done.way.decimals)

    def _copied_names(self) -> None:
        for name in self.net.asked:
            if name not in self.sheet.copied:
                continue
            cells = [(name, row, column) for row, column in cells_of(self.net.shapes[name])]
            cells = [cell for cell in cells if cell in self.marks and self.marks[cell].status == "wrong"]
            for cell, kind in self._false_names(name, cells, frozenset()):
                self._fault("certain name of a copied number", cell, f"{kind} does not give these digits")

    def _first(self) -> None:
        """Whether the first number that is called wrong is the first slip that shows."""
        if self.sheet.copied or not self.shown:
            return
        order = {name: place for place, name in enumerate(self.net.asked)}
        first = min(self.shown, key=lambda cell: (order[cell[0]], cell[1], cell[2]))
        wrong = [cell for cell, found in self.marks.items() if found.status == "wrong"]
        self.outcome.counts["sheets with a slip that shows"] += 1
        if not wrong:
            self._fault("first slip not located", first)
            return
        told = min(wrong, key=lambda cell: (order[cell[0]], cell[1], cell[2]))
        if told == first or (told in self.grey and order[told[0]] <= order[first[0]]):
            self.outcome.counts["first slips located"] += 1
        else:
            self._fault("first slip not located", first, f"told {told}")
