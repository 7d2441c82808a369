"""The board: where each number of a network stands on one screen, time from left to right.

The weights stand once, at the left; each step has a few columns, in which its numbers run downwards: what is read and
remembered, the sums and gates, the states, the output, the loss, and below them the gradients. A workbook's sheet and a
drawing both follow this plan, which knows rows and columns and no format.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rnncalc.language import write
from rnncalc.language.trees import Term
from rnncalc.network.cells import cell
from rnncalc.network.families import LOSS, TARGET, WXE, E, X
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.structure import Layer
from rnncalc.network.trace import Trace

MOST_ROWS = 64
"""One-hot columns and outputs of more rows than these are left to the other pages."""
MOST_WEIGHTS = 20
"""Weights of more columns than these, side by side, are left to the other pages."""
MOST_SIDE = 3
"""So many columns of numbers stand side by side within a step."""
TITLE_ROW, STEP_ROW = 1, 2
NAMES, LABELS, FIRST_WEIGHT = 1, 2, 3
"""The columns of equations, of the labels of rows, and of the first weight."""


class Slot(NamedTuple):
    """A column of numbers: where a quantity's first number stands, and how many there are."""

    name: str
    row: int
    column: int
    rows: int


class Block(NamedTuple):
    """A weight or a bias: where its first number stands."""

    name: str
    row: int
    column: int


class Handed(NamedTuple):
    """What a step hands on: the slot that it leaves from, and the slot at the next step where it arrives."""

    state: str
    start: Slot
    end: Slot


@dataclass
class Band:
    """Rows in which columns of one height stand side by side: quantities by their place, without the time.

    ``caption``: the row with the names above them, 0 where that above serves it too; ``weights``: the names of the
    weights that its sums use.
    """

    members: list[str]
    size: int
    weights: list[str] = field(default_factory=list)
    row: int = 0
    caption: int = 0

    @property
    def is_gate(self) -> bool:
        """Whether it holds a gate's sum and the gate, and nothing else."""
        return len(self.members) == 2 and bool(self.weights)


class Part(NamedTuple):
    """Rows of what a layer reads: the symbols of what stands there side by side, a quantity of them, the first row."""

    symbols: str
    example: str
    row: int


class Board:
    """The plan of one trace."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.slots: dict[str, Slot] = {}
        """Where the quantities of steps stand, by name; not the copies of them."""
        self.copies: dict[tuple[int, str], Slot] = {}
        """By step and name: where what a step reads of others is repeated."""
        self.ones: dict[str, int] = {}
        """By the mark of a layer: the row of the 1 below what it reads, at every step."""
        self.blocks: dict[str, Block] = {}
        self.bands: list[Band] = []
        self.embedding_caption = 0
        """The row of the tokens above the embedding's table, 0 where there is none."""
        self.parts: list[Part] = []
        """What the rows above the bands hold: what is read, and the states of the step before."""
        self.thin: set[int] = set()
        """Rows that only part others."""
        self.handed: list[Handed] = []
        self._row = STEP_ROW + 1
        self._examples = self._by_place()
        problem = trace.problem
        forward = [place for place, q in self._examples.items() if q.stage == Stage.FORWARD]
        groups = self._grouped(forward)
        bands = {group: self._bands(members) for group, members in groups.items()}
        every = [band for group in bands.values() for band in group]
        backward = [place for place, q in self._examples.items() if q.stage == Stage.BACKWARD]
        self.gradients = self._bands(backward)
        self.side = max([2, *(len(band.members) for band in (*every, *self.gradients))])
        """How many columns a step has."""
        self.weight_columns = max(map(self._width, every), default=0)
        if self.weight_columns > MOST_WEIGHTS:
            for band in every:
                if self._width(band) > MOST_WEIGHTS:
                    band.weights = []
            self.weight_columns = max(map(self._width, every), default=0)
        self.weight_columns = max(self.weight_columns, self._embedding_columns(), 2)
        self._read()
        for layer in problem.layers:
            own = bands.get(layer.mark or "L1", [])
            self._stack(layer, own)
            self._place(own)
        for dense in problem.structure.head:
            self._place(bands.get(dense.mark, []))
        self._place(bands.get("out", []))
        self.predicted = self._next_row() if problem.output_names and problem.output_function == "softmax" else 0
        self.wanted = self._next_row() if problem.has_loss else 0
        """The rows of what is predicted, and of what is wanted and the loss; 0 where there is none."""
        self.last_forward = self._row - 1
        self._losses()
        if self.gradients:
            self._row += 1
            self._place(self.gradients)
        self.last = self._row - 1
        self._hand_on()

    # ── what stands where ─────────────────────────────────────────────────────────────────────────────────────────

    @property
    def steps(self) -> range:
        """The steps, counted from 1."""
        return range(1, self.trace.problem.steps + 1)

    def column(self, step: int) -> int:
        """The first column of a step; the column before it is for arrows."""
        return FIRST_WEIGHT + self.weight_columns + (step - 1) * (self.side + 1) + 1

    @property
    def last_column(self) -> int:
        """The last column of the last step."""
        return self.column(len(self.steps)) + self.side - 1

    @property
    def unplaced(self) -> list[str]:
        """The computed columns of numbers that are too large to stand here, without their time."""
        columns = (q for q in self.trace.values() if q.rule is not None and q.step and q.shape[1] == 1)
        return list(dict.fromkeys(q.place for q in columns if not q.parts.is_share and q.name not in self.slots))

    @property
    def left_out(self) -> list[str]:
        """What is too large to stand here: the names of weights, and of quantities without their time."""
        shown = {*self.blocks, *self.slots, *(name for _, name in self.copies)}
        return list(
            dict.fromkeys(
                q.place
                for q in self.trace.values()
                if q.stage in (Stage.GIVEN, Stage.FORWARD) and (q.family.is_weight or q.step)
                if q.family is not TARGET and q.name not in shown
            )
        )

    def gap(self, slot: Slot) -> int:
        """The column for arrows before the step that a slot belongs to."""
        first = self.column(1) - 1
        return slot.column - (slot.column - first) % (self.side + 1)

    def gate_caption(self, band: Band, place: int) -> str:
        """What stands above a column of gates below each other: sum or gate; nothing above all others."""
        if band.is_gate and self.example(band.members[place]).family.gate:
            return ("sum", "gate")[place]
        return ""

    def sends_back(self, band: Band) -> bool:
        """Whether a band holds a gradient that comes back from the next step."""
        return any(self.example(member).parts.which == "next" for member in band.members)

    def example(self, place: str) -> Quantity:
        """A quantity of this place, of a step in which it has all its terms."""
        return self._examples[place]

    def equation(self, place: str) -> str:
        """The equation of a place at any step: c = f ⊙ cₜ₋₁ + i ⊙ g."""
        q = self.example(place)
        assert q.rule is not None
        return f"{generic(q, q.step)} = {write(q.rule, 'text', lambda term: _generic_term(term, q.step)).text}"

    def _by_place(self) -> dict[str, Quantity]:
        """For each place with a column of numbers at every step, the quantity with the most terms."""
        found: dict[str, Quantity] = {}
        for q in self.trace.values():
            if q.rule is None or not q.step or q.shape[1] != 1 or q.family in (LOSS, X, TARGET) or q.parts.is_share:
                continue
            if q.shape[0] > MOST_ROWS and q.family.axes[0] == "out":
                continue
            if q.place not in found or len(q.sources) > len(found[q.place].sources):
                found[q.place] = q
        return found

    def _grouped(self, places: Sequence[str]) -> dict[str, list[str]]:
        """The forward quantities by the part of the network that they belong to."""
        groups: dict[str, list[str]] = {}
        kinds = {layer.mark: {f.name for f in cell(layer.cell).families} for layer in self.trace.problem.layers}
        for place in places:
            q = self.example(place)
            if q.layer.startswith("D"):
                group = q.layer
            elif q.family is E:
                continue  # stands where its layer reads it
            elif q.family.name in kinds.get(q.layer, ()):
                group = q.layer or "L1"
            else:
                group = "out"
            groups.setdefault(group, []).append(place)
        return groups

    def _bands(self, places: Sequence[str]) -> list[Band]:
        """Quantities in bands: a sum and what is made of it side by side; gradients as many as there is room for."""
        bands: list[Band] = []
        for place in places:
            q = self.example(place)
            weights = self.weights_of(place) if q.stage == Stage.FORWARD else []
            if bands and self._joins(q, weights, bands[-1]):
                bands[-1].members.append(place)
                bands[-1].weights += [name for name in weights if name not in bands[-1].weights]
            else:
                bands.append(Band([place], q.shape[0], weights))
        order = list(self.trace)
        for band in bands:
            band.weights.sort(key=order.index)
        return bands

    def _joins(self, q: Quantity, weights: list[str], band: Band) -> bool:
        if len(band.members) == MOST_SIDE or q.shape[0] != band.size:
            return False
        if q.stage == Stage.BACKWARD:
            return q.layer == self.example(band.members[-1]).layer
        uses_band = any(source.place in band.members and source.step == q.step for source in q.sources)
        if not weights:
            return uses_band
        only_sums = all(self.weights_of(member) for member in band.members)
        return only_sums or (uses_band and not band.weights)

    def weights_of(self, place: str) -> list[str]:
        """The names of the weights and biases in the rule of a place."""
        return [q.name for q in self.example(place).sources if q.family.is_weight and q.rule is None]

    def _width(self, band: Band) -> int:
        return sum(self.trace[name].shape[1] for name in band.weights)

    # ── rows, from the top down ───────────────────────────────────────────────────────────────────────────────────

    def _next_row(self) -> int:
        self._row += 1
        return self._row - 1

    def _read(self) -> None:
        """One-hot columns that an embedding reads; what a recurrent layer reads stands with the layer."""
        if self.trace.problem.structure.embedding and self._shows_inputs():
            self._copy_all("x", self._row)
            self.parts.append(Part("x", "x_1", self._row))
            self._row += self.trace.problem.structure.inputs

    def _embedding_columns(self) -> int:
        """The columns of the embedding's table; 0 where it stands on another page, or nowhere."""
        columns = self.trace[WXE.name].shape[1] if WXE.name in self.trace and "e_1" in self.trace else 0
        return columns if columns <= MOST_WEIGHTS else 0

    def _shows_inputs(self) -> bool:
        return self.trace.problem.structure.inputs <= MOST_ROWS

    def _part(self) -> None:
        self.thin.add(self._next_row())

    def _stack(self, layer: Layer, bands: list[Band]) -> None:
        """What the layer reads: x, the embedding or the layer below; its earlier state; a 1 where there are biases."""
        problem = self.trace.problem
        if self._embedding_columns() and not layer.mark:
            self.embedding_caption = self._next_row()
        elif self._row > STEP_ROW + 1:
            self._part()
        top = self._row
        number = problem.layers.index(layer)
        below = problem.layers[number - 1].states[0] if number else "e" if problem.structure.embedding else "x"
        if below == "e":
            for t in self.steps:
                self._put(f"e_{t}", top, self.column(t))
            if self._embedding_columns():
                first = FIRST_WEIGHT + self.weight_columns - self._embedding_columns()
                self.blocks[WXE.name] = Block(WXE.name, top, first)
        elif below != "x" or self._shows_inputs():
            self._copy_all(below, top)
        rows = max((slot.rows for slot in self._at(below)), default=0)
        for place, state in enumerate(layer.states):
            for t in self.steps:
                self._copy(t, f"{state}_{t - 1}", top + rows, self.column(t) + place)
        if rows:
            self.parts.append(Part(generic(self.trace[f"{below}_1"], 1), f"{below}_1", top))
        symbols = [generic(self.trace[f"{state}_0"], 1) for state in layer.states]
        self.parts.append(Part(", ".join(symbols), f"{layer.states[0]}_0", top + rows))
        self._row = top + rows + layer.hidden
        biases = [self.trace[name] for band in bands for name in band.weights if self.trace[name].family.is_bias]
        if biases and all(bias.shape[0] == layer.hidden for bias in biases):
            self.ones[layer.mark] = self._next_row()

    def _at(self, place: str) -> list[Slot]:
        both = ((self.slots.get(f"{place}_{t}"), self.copies.get((t, f"{place}_{t}"))) for t in self.steps)
        return [slot for pair in both for slot in pair if slot is not None]

    def _copy_all(self, place: str, row: int) -> None:
        """Repeat what stands elsewhere; a prediction that a step reads back is computed here."""
        for t in self.steps:
            name = f"{place}_{t}"
            if place == "x" and name in self.trace and self.trace[name].rule is not None:
                self._put(name, row, self.column(t))
            else:
                self._copy(t, name, row, self.column(t))

    def _copy(self, t: int, name: str, row: int, column: int) -> None:
        if name in self.trace:
            self.copies[t, name] = Slot(name, row, column, self.trace[name].shape[0])

    def _put(self, name: str, row: int, column: int) -> None:
        if name in self.trace:
            self.slots[name] = Slot(name, row, column, self.trace[name].shape[0])

    def _place(self, bands: Sequence[Band]) -> None:
        """Give bands their rows, each with a row of names above unless the band above has the same ones."""
        above: Band | None = None
        for band in bands:
            if above is not None and above.is_gate and band.is_gate and self._width(above) == self._width(band):
                self._part()
            else:
                band.caption = self._next_row()
            band.row = self._row
            self._row += band.size
            for place, member in enumerate(band.members):
                for t in self.steps:
                    self._put(f"{member}_{t}", band.row, self.column(t) + place)
            column = FIRST_WEIGHT + self.weight_columns - self._width(band)
            for name in band.weights:
                self.blocks[name] = Block(name, band.row, column)
                column += self.trace[name].shape[1]
            self.bands.append(band)
            above = band

    def _losses(self) -> None:
        """The loss of each step below it, and the total at the top."""
        for t in self.steps:
            self._put(f"loss_{t}", self.wanted, self.column(t) + self.side - 1)
        self._put("loss", TITLE_ROW, self.column(1) + self.side - 1)

    def _hand_on(self) -> None:
        """The states that a step hands on to the next."""
        for layer in self.trace.problem.layers:
            for state in layer.states:
                for t in self.steps[1:]:
                    start, end = self.slots.get(f"{state}_{t - 1}"), self.copies.get((t, f"{state}_{t - 1}"))
                    if start and end:
                        self.handed.append(Handed(state, start, end))


def generic(q: Quantity, step: int | None) -> str:
    """A quantity's symbol in an equation of any step: h, hₜ₋₁, Wxh."""
    plain = q.parts._replace(step=None).symbol
    if q.step is None or step is None or q.step == step:
        return plain
    return f"{plain}ₜ{'₋' if q.step < step else '₊'}₁"


def _generic_term(term: Term, step: int | None) -> str:
    assert isinstance(term, Quantity)
    return generic(term, step)
