"""The summary of a forward pass: for each step the letter read, predicted and wanted, and the loss."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnncalc.render.numbers import number
from rnncalc.render.pictures import letter_picture
from rnncalc.trace import Trace


class Row(NamedTuple):
    """One step; letters as pictures, probabilities and losses as numbers."""

    step: int
    read: str
    predicted: str
    predicted_p: float
    wanted: str | None
    wanted_p: float | None
    loss: float | None


class Summary(NamedTuple):
    """All steps, and the total loss."""

    rows: list[Row]
    loss: float | None
    reduction: str

    @property
    def has_loss(self) -> bool:
        return self.loss is not None

    @property
    def wanted(self) -> int:
        return sum(row.wanted is not None for row in self.rows)

    @property
    def right(self) -> int:
        return sum(row.wanted is not None and row.wanted == row.predicted for row in self.rows)


def summarize(trace: Trace) -> Summary:
    """Read the summary off a trace; of equal probabilities the first letter of the vocabulary is predicted."""
    problem = trace.problem
    rows = []
    for t in range(1, problem.steps + 1):
        p = trace[f"p_{t}"].value[:, 0]
        best = int(np.argmax(p))
        wanted = problem.targets[t - 1]
        rows.append(
            Row(
                t,
                letter_picture(problem.inputs[t - 1]),
                letter_picture(problem.vocabulary[best]),
                float(p[best]),
                None if wanted is None else letter_picture(wanted),
                None if wanted is None else float(p[problem.vocabulary.index(wanted)]),
                None if wanted is None else float(trace[f"loss_{t}"].value[0, 0]),
            )
        )
    loss = float(trace["loss"].value[0, 0]) if problem.has_loss else None
    return Summary(rows, loss, "averaged" if problem.loss_reduction == "mean" else "summed over the steps")


class Grid(NamedTuple):
    """The summary as a table of text: headings, the alignment of each column (l, c or r), rows."""

    headings: list[str]
    alignments: str
    rows: list[list[str]]


def grid(summary: Summary, decimals: int) -> Grid:
    """What every format shows of a summary."""
    headings, alignments = ["step", "reads", "predicts", "with p"], "rccr"
    if summary.has_loss:
        headings, alignments = [*headings, "wants", "with p", "loss"], alignments + "crr"
    rows = []
    for row in summary.rows:
        cells = [str(row.step), row.read, row.predicted, number(row.predicted_p, decimals)]
        if summary.has_loss:
            if row.wanted is None or row.wanted_p is None or row.loss is None:
                cells += ["–", "", ""]
            else:
                cells += [row.wanted, number(row.wanted_p, decimals), number(row.loss, decimals)]
        rows.append(cells)
    return Grid(headings, alignments, rows)


def total(summary: Summary, decimals: int) -> str:
    """The line below the table; nothing where there is no loss."""
    if summary.loss is None:
        return ""
    right = f"{summary.right} of {summary.wanted} letters predicted right"
    return f"Total loss E = {number(summary.loss, decimals)} ({summary.reduction}); {right}"
