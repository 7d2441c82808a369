"""The Training sheet: the network trained by formula, a row for each update, each from the weights of the row above."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from openpyxl.chart import Reference, ScatterChart, Series

from rnncalc.errors import RnncalcError
from rnncalc.language import entry
from rnncalc.language.trees import Array, Entry
from rnncalc.network.backward_pass import backward
from rnncalc.network.forward_pass import forward
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity, Stage, upstream
from rnncalc.network.rounding import shaken
from rnncalc.network.trace import Trace
from rnncalc.network.update_step import KEPT, epochs, limits_of, update, updated
from rnncalc.workbook.areas import LAST_COLUMN, Area, Cell, column_letters
from rnncalc.workbook.formulas import FormulaWriter
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.inputs import LetterCells, name_of_largest
from rnncalc.workbook.write.sheet import Sheet

_CHART, _HEADINGS = 5, 25
_FIRST = _HEADINGS + 2
"""The row of the weights before the first update."""
_NEW = "_new"


class Training(NamedTuple):
    """What is trained by formula: how many updates, and by which optimizer (sgd, momentum or adagrad)."""

    epochs: int
    optimizer: str = "adagrad"


class Figures(NamedTuple):
    """NumPy's figures of a sheet, and how far the last digit of the weights moves them."""

    quantity: Quantity
    rounding: float


def check_training(problem: Problem, training: Training, most: int) -> None:
    """Raise RnncalcError, before any work, where a sheet cannot hold the training, with the number of its cells."""
    if not problem.has_loss:
        raise RnncalcError("Without targets there is nothing to train. Use targets = next or last.")
    columns = _leading(problem) + sum(
        q.value.size for q in _needed(update(backward(problem), optimizer=training.optimizer))
    )
    cells = (training.epochs + 1) * columns
    if columns > LAST_COLUMN or cells > most:
        raise RnncalcError(
            f"Training with {training.epochs} updates needs {columns:,} columns and {cells:,} cells; a sheet has "
            f"{LAST_COLUMN:,} columns, and rnncalc writes at most {most:,} cells. Use fewer updates, a shorter "
            "text or a smaller network."
        )


def _leading(problem: Problem) -> int:
    """The columns before the workings: the updates, the loss, how many are right, what each step predicts."""
    return 3 + (problem.steps if problem.output_names else 0) + 1


def _needed(trace: Trace) -> list[Quantity]:
    """Of an update's trace what stands in a row: the weights, and what leads from them to the loss and new weights."""
    problem = trace.problem
    ends = [trace["loss"], *(trace[f"{name}{_NEW}"] for name in problem.weights)]
    ends += [q for q in trace.values() if q.bare in ("p", "y")]
    reached = upstream(ends) | {q.name for q in ends}
    own = {f"{name}{end}" for name in problem.weights for end in ("", *(f"_{kept}" for kept in KEPT.values()))}
    return [
        q
        for q in trace.values()
        if q.name in reached and (q.name in own or (q.rule is not None and not q.name.endswith(_NEW)))
    ]


class TrainingSheet:
    """The sheet in the making."""

    def __init__(self, book: Book, letters: LetterCells, training: Training) -> None:
        self.book, self.letters, self.training = book, letters, training
        self.sheet: Sheet = book.sheets["Training"]
        self.problem = book.problem
        eta = float(book.trace["eta"].value[0, 0])
        self.traces = list(self._traces(self.problem.replace(eta=eta)))
        self.columns: dict[str, int] = {}

    def _traces(self, problem: Problem) -> Iterator[Trace]:
        """The traces of the updates, and after the last the forward pass alone."""
        last = None
        for last in epochs(
            problem,
            self.training.epochs,
            optimizer=self.training.optimizer,
            **limits_of(self.book.trace),
        ):
            yield last
        assert last is not None
        yield forward(updated(last))

    def write(self) -> list[Figures]:
        """Fill the sheet; gives NumPy's figures of it for the Check sheet."""
        sheet = self.sheet
        sheet.text(1, 1, "Training", "title")
        how = {"sgd": "plain gradient descent", "momentum": "momentum", "adagrad": "Adagrad"}[self.training.optimizer]
        sheet.text(2, 1, f"Trained with {how}: one update per row, each computed from the row above.", "words")
        sheet.text(3, 1, "Change eta or a weight on Inputs, and the network is trained again.", "words")
        self._headings()
        for done, trace in enumerate(self.traces):
            self._row(done, trace)
        self._chart()
        last = max(self.columns.values()) + 1
        sheet.widths([(1, 1, 9), (2, last, self.book.width)])
        lead = _leading(self.problem)
        sheet.around.freeze_panes = f"{column_letters(lead)}{_FIRST}"
        sheet.around.print_area = f"A1:{column_letters(max(lead - 1, 8))}{_FIRST + len(self.traces) - 1}"
        sheet.for_print(landscape=False, tall=1 if len(self.traces) <= 40 else 0)
        return self._figures()

    def _headings(self) -> None:
        sheet, problem = self.sheet, self.problem
        sheet.stretch(_HEADINGS, "heading")
        for column, text in enumerate(("updates", "loss"), 1):
            sheet.text(_HEADINGS, column, text, "heading")
        if problem.output_names:
            sheet.text(_HEADINGS, 3, "right", "heading")
            for t in range(1, problem.steps + 1):
                if problem.has_output(t):
                    sheet.text(_HEADINGS, 3 + t, f"step {t}", "heading")
                    self._wanted(t)
        column = _leading(problem) + 1
        for q in _needed(self.traces[0]):
            self.columns[q.name] = column
            sheet.text(_HEADINGS, column, q.name, "heading")
            if q.value.size > 1:
                for i, (row, col) in enumerate(np.ndindex(*q.shape)):
                    index = f"[{row + 1}]" if q.shape[1] == 1 else f"[{row + 1},{col + 1}]"
                    sheet.text(_HEADINGS + 1, column + i, index, "caption")
            column += q.value.size

    def _wanted(self, t: int) -> None:
        """What a step should predict, above what it does."""
        target, row = self.problem.targets[t - 1], _HEADINGS + 1
        self.sheet.text(row, 3, "target:", "caption")
        if isinstance(target, str) and self.letters.wanted is not None:
            address = self.letters.wanted.cell(0, t - 1).address(self.sheet.title)
            self.sheet.formula(row, 3 + t, address, self.book.letters[target], "caption", "General")

    def _row(self, done: int, trace: Trace) -> None:
        """The numbers after so many updates."""
        self.book.tell()
        row = _FIRST + done
        self.sheet.number(row, 1, done, "caption", "0")
        for name in self.columns:
            self._cells(name, trace, done)
        self._leading_cells(row, trace)

    def _cells(self, name: str, trace: Trace, done: int) -> None:
        """A quantity's numbers side by side, row by row of its table."""
        base = name.removesuffix(f"_{KEPT.get(self.training.optimizer, '')}")
        # a weight, its velocity or its sum of squares: from the update in the row above
        is_kept = base in self.problem.weights
        if is_kept and done:
            source: Trace = self.traces[done - 1]
            q = source[f"{name}{_NEW}"]
        elif name in trace:
            q = trace[name]
        else:
            return  # after the last update there are no gradients
        kind = "new" if is_kept else q.role
        pen = FormulaWriter(self.sheet.title, lambda found: self._locate(found, done, is_kept=is_kept))
        row, first = _FIRST + done, self.columns[name]
        values = q.value.ravel().tolist()
        for i, (r, c) in enumerate(np.ndindex(*q.shape)):
            if q.rule is not None:
                self.sheet.formula(row, first + i, pen.formula(entry(q.rule, r, c)), values[i], kind)
            elif name == base:
                address = self.book.areas[name].cell(r, c).address(self.sheet.title)
                self.sheet.formula(row, first + i, address, values[i], "link")
            else:
                self.sheet.number(row, first + i, values[i], "link")

    def _locate(self, found: Entry, done: int, *, is_kept: bool) -> Cell:
        """Where an operand stands: in this row, in the row above for an update, or on Inputs."""
        assert isinstance(found.of, Quantity)
        name, row = found.of.name, _FIRST + done
        if is_kept:
            row -= 0 if name.endswith(_NEW) else 1
            name = name.removesuffix(_NEW)
        if name not in self.columns:
            return self.book.areas[name].cell(found.row, found.column)
        return Cell(self.sheet.title, row, self.columns[name] + found.row * found.of.shape[1] + found.column)

    def _leading_cells(self, row: int, trace: Trace) -> None:
        """The loss, what each step predicts, and how many are right."""
        sheet, problem = self.sheet, self.problem
        loss = Cell(sheet.title, row, self.columns["loss"]).address(sheet.title)
        sheet.formula(row, 2, loss, float(trace["loss"].value[0, 0]), "loss")
        known = self.letters.outputs
        if not problem.output_names or known is None:
            return
        tests, right = [], 0
        family = "y" if problem.output_function == "linear" else "p"
        for t in range(1, problem.steps + 1):
            if not problem.has_output(t):
                continue
            q = trace[f"{family}_{t}"]
            first = self.columns[q.name]
            numbers = Area(sheet.title, row, first, 1, q.value.size).address(sheet.title)
            shown = self.book.letters[problem.output_names[int(q.value.argmax())]]
            formula = name_of_largest(known, sheet.title, numbers)
            where = sheet.formula(row, 3 + t, formula, shown, "one-hot", "General")
            target = problem.targets[t - 1]
            if isinstance(target, str) and self.letters.wanted is not None:
                wanted = self.letters.wanted.cell(0, t - 1).address(sheet.title)
                tests.append(f"IF(EXACT({where.address(sheet.title)},{wanted}),1,0)")
                right += shown == self.book.letters[target]
        if tests:
            sheet.formula(row, 3, "+".join(tests), right, "output", "0")

    def _chart(self) -> None:
        sheet = self.sheet
        chart = ScatterChart()
        chart.scatterStyle = "lineMarker"  # the format asks for one, and openpyxl writes none
        chart.title, chart.x_axis.title, chart.y_axis.title = "The loss at each update", "updates", "loss"
        last = _FIRST + len(self.traces) - 1
        x = Reference(sheet.around, min_col=1, min_row=_FIRST, max_row=last)
        y = Reference(sheet.around, min_col=2, min_row=_FIRST, max_row=last)
        series = Series(y, x, title="loss")
        series.graphicalProperties.line.solidFill = "D55E00"
        series.marker.symbol = "circle"
        series.smooth = False
        chart.series.append(series)
        chart.legend = None
        chart.x_axis.delete = chart.y_axis.delete = False  # openpyxl hides them otherwise
        chart.y_axis.scaling.min = 0
        chart.x_axis.scaling.min, chart.x_axis.scaling.max = 0, len(self.traces) - 1
        chart.width, chart.height = 15, 9.5
        chart.y_axis.number_format = "0.0##"
        sheet.around.add_chart(chart, f"A{_CHART}")

    def _figures(self) -> list[Figures]:
        """The losses, and the weights after the last update."""
        title, last = self.sheet.title, _FIRST + len(self.traces) - 1
        moved = list(self._traces(shaken(self.problem.replace(eta=float(self.book.trace["eta"].value[0, 0])))))
        losses = [np.array([[float(t["loss"].value[0, 0])] for t in traces]) for traces in (self.traces, moved)]
        found = [self._figure("training_loss", losses[0], losses[1], Area(title, _FIRST, 2, len(self.traces), 1))]
        for name, weight in self.traces[-1].problem.weights.items():
            area = Area(title, last, self.columns[name], 1, weight.size)
            other = moved[-1].problem.weights[name]
            found.append(self._figure(f"{name}_trained", weight.reshape(1, -1), other.reshape(1, -1), area))
        return found

    def _figure(self, name: str, value: Array, moved: Array, area: Area) -> Figures:
        q = Quantity(name, value, stage=Stage.UPDATE)
        self.book.place(q, area)
        return Figures(q, float(np.abs(value - moved).max()))
