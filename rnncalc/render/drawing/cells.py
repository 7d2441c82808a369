"""What stands in the rows and columns of a board's figure, before anything has a size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from rnncalc.network.families import WXE, E
from rnncalc.network.pictures import box, text_picture
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.render.board import NAMES, STEP_ROW, TITLE_ROW, Band, Board, Part, generic
from rnncalc.render.roles import BIAS, COLOURS, OUTPUT, Shade, tint
from rnncalc.render.shown import read_at, wanted_at

Kind = Literal["number", "caption", "label", "equation", "name", "title", "heading", "token"]
MOST_LETTERS = 14
"""Longer words are cut."""
_HEADING = Shade("1F3864", "1F3864", "FFFFFF")
_WHITE = "FFFFFF"


class Cell(NamedTuple):
    """A text at a row and a column: ``span``: how many columns it has; ``of``: the quantity that it is a number of;
    ``shade``: the colours of its area, where it has one; ``beside``: a text that it stands at the left of."""

    row: int
    column: int
    text: str
    kind: Kind
    span: int = 1
    of: str = ""
    shade: Shade | None = None
    beside: str = ""


def cells(plan: Board, decimals: int) -> list[Cell]:
    """All of a board: words, labels, the weights, and the numbers of each step."""
    return list(_Cells(plan, decimals).all())


def cut(text: str, longest: int = MOST_LETTERS) -> str:
    """A text that is no longer than this."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


class _Cells:
    def __init__(self, plan: Board, decimals: int) -> None:
        self.plan, self.trace, self.decimals = plan, plan.trace, decimals
        self.problem = plan.trace.problem

    def all(self) -> Iterator[Cell]:
        yield from self._headings()
        for name, block in self.plan.blocks.items():
            yield from self._numbers(name, block.row, block.column)
        for part in self.plan.parts:
            yield from self._part(part)
        for slot in (*self.plan.copies.values(), *self.plan.slots.values()):
            yield from self._numbers(slot.name, slot.row, slot.column)
        yield from self._ones()
        for band in self.plan.bands:
            yield from self._band(band)
        yield from self._ends()

    # ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _numbers(self, name: str, row: int, column: int) -> Iterator[Cell]:
        q = self.trace[name]
        shade = COLOURS[tint(q)].shade
        if q.rule is None and not q.step:
            shade = shade._replace(fill=_WHITE)
        for i, numbers in enumerate(box(q, self.trace, self.decimals).numbers):
            for j, number in enumerate(numbers):
                yield Cell(row + i, column + j, number.replace("-", "−"), "number", of=name, shade=shade)

    def _ones(self) -> Iterator[Cell]:
        """The 1 that the biases are multiplied by."""
        for row in self.plan.ones.values():
            yield Cell(row, self.plan.column(1) - 2, "bias", "label")
            for t in self.plan.steps:
                yield Cell(row, self.plan.column(t), "1", "number", shade=COLOURS[BIAS].shade)

    # ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _headings(self) -> Iterator[Cell]:
        plan, problem = self.plan, self.problem
        yield Cell(TITLE_ROW, NAMES, text_picture(problem.text), "title", span=plan.column(1) - 1)
        yield Cell(STEP_ROW, NAMES, "step, reads" if problem.vocabulary else "step", "name")
        for t in plan.steps:
            says = f"{t}   {cut(read_at(self.trace, t))}" if problem.vocabulary else str(t)
            yield Cell(STEP_ROW, plan.column(t), says, "heading", span=plan.side, shade=_HEADING)

    def _part(self, part: Part) -> Iterator[Cell]:
        """What the rows of a layer's reading stand for, beside the first step."""
        q, column = self.trace[part.example], self.plan.column(1) - 2
        if q.family is E and WXE.name in self.plan.blocks:
            yield Cell(part.row, NAMES, self.plan.equation("e"), "equation")
            yield from self._column_labels(WXE.name, self.plan.embedding_caption)
            yield from self._row_labels(q, part.row, self.plan.blocks[WXE.name].column - 1)
            return
        labels = list(self._row_labels(q, part.row, column))
        yield from labels
        yield Cell(part.row, column, part.symbols, "name", beside=max((cell.text for cell in labels), key=len))

    def _band(self, band: Band) -> Iterator[Cell]:
        """The equations, the names above the columns, the labels of the rows."""
        plan = self.plan
        if band.caption:
            for t in plan.steps:
                for i, member in enumerate(band.members):
                    if f"{member}_{t}" in plan.slots:
                        q = plan.example(member)
                        says = plan.gate_caption(band, i) or generic(q, q.step)
                        yield Cell(band.caption, plan.column(t) + i, says, "caption")
            for name in band.weights:
                yield from self._column_labels(name, band.caption, "b" if band.is_gate else "")
        equations = [plan.equation(member) for member in band.members]
        first = band.row if len(equations) <= band.size or not band.caption else band.caption
        rows = band.row + band.size - first
        lines = [*equations[: rows - 1], (5 * " ").join(equations[rows - 1 :])]
        span = 1 if band.weights else plan.column(1) - 3
        for i, line in enumerate(filter(None, lines)):
            yield Cell(first + i, NAMES, line, "equation", span=span)
        column = min((plan.blocks[name].column for name in band.weights), default=plan.column(1) - 1)
        yield from self._row_labels(plan.example(band.members[0]), band.row, column - 1)

    def _row_labels(self, q: Quantity, row: int, column: int) -> Iterator[Cell]:
        for i, label in enumerate(box(q, self.trace, self.decimals).row_labels):
            yield Cell(row + i, column, cut(label), "label")

    def _column_labels(self, name: str, row: int, single: str = "") -> Iterator[Cell]:
        """What the columns of a weight stand for; ``single`` or its symbol above a single one."""
        q, block = self.trace[name], self.plan.blocks[name]
        labels = box(q, self.trace, self.decimals).column_labels if q.shape[1] > 1 else [single or q.symbol]
        for i, label in enumerate(labels):
            yield Cell(row, block.column + i, cut(label), "caption")

    def _ends(self) -> Iterator[Cell]:
        """What is predicted and wanted, and the names of the losses."""
        plan, problem = self.plan, self.problem
        has_loss = any(q.stage == Stage.LOSS for q in self.trace.values())
        if plan.predicted:
            yield Cell(plan.predicted, NAMES, "predicts", "name")
        if has_loss:
            yield Cell(plan.wanted, NAMES, "target, loss", "name")
            yield Cell(TITLE_ROW, plan.column(1), "total loss", "name", span=plan.side - 1)
        for t in plan.steps:
            last = plan.column(t) + plan.side - 1
            if plan.predicted and f"p_{t}" in self.trace:
                best = problem.output_names[int(self.trace[f"p_{t}"].value[:, 0].argmax())]
                yield Cell(plan.predicted, last, cut(text_picture(best)), "token", shade=COLOURS[OUTPUT].shade)
            if has_loss and problem.targets[t - 1] is not None:
                yield Cell(plan.wanted, plan.column(t), cut(wanted_at(problem, t)), "token", span=plan.side - 1)
