"""What a page ends with: the letters predicted and the loss, or the gradients at a glance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnncalc.length import length
from rnncalc.render.document import Block, Grid, Paragraph, Part
from rnncalc.render.numbers import number
from rnncalc.render.pictures import Picture, Sign, box, letter_picture
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


def forward_summary(trace: Trace, decimals: int) -> list[Part]:
    """The table of letters and probabilities, and the total loss."""
    summary = summarize(trace)
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
    parts: list[Part] = [Grid(headings, alignments, rows)]
    if summary.loss is not None:
        right = f"{summary.right} of {summary.wanted} letters predicted right"
        total = f"Total loss E = {number(summary.loss, decimals)} ({summary.reduction}); {right}"
        parts.append(Paragraph(total, "loss"))
    return parts


def backward_summary(trace: Trace, decimals: int) -> list[Part]:
    """How large the gradients are at every step, and the totals over time, number by number."""
    problem = trace.problem
    rows = []
    for t in range(problem.steps, 0, -1):
        families = ("dy", "dh", "da")
        sizes = [_length(trace, f"{family}_{t}", decimals) for family in families]
        rows.append([str(t), letter_picture(problem.inputs[t - 1]), *sizes])
    parts: list[Part] = [
        Paragraph(f"Total loss E = {number(float(trace['loss'].value[0, 0]), decimals)}", "loss"),
        Paragraph("The length (Euclidean norm) of the gradients at each step, from the last to the first:"),
        Grid(["step", "reads", "‖∂E/∂y‖", "‖∂E/∂h‖", "‖∂E/∂a‖"], "rcrrr", rows),
        Paragraph("The gradients of the weights, over all steps:"),
    ]
    for name in problem.weights:
        q = trace[f"d{name}"]
        parts.append(Block(q, q.says, [box(q, trace, decimals)._replace(captioned=False)]))
    return parts


def update_summary(trace: Trace, losses: list[float], decimals: int, *, weights: bool) -> list[Part]:
    """The loss before and after, or each time; where ``weights``, each with its gradient and its new value before."""
    problem = trace.problem
    parts: list[Part] = []
    for name in problem.weights if weights else ():
        clipped = f"d{name}_clipped"
        shown = [name, f"d{name}", *([clipped] if clipped in trace else []), f"{name}_new"]
        drawn: Picture = []
        for n in shown:
            drawn += [*([Sign(" ", r"\quad")] if drawn else []), box(trace[n], trace, decimals)]
        says = "The old weight, its gradient, " + ("clipped, " if clipped in trace else "") + "the new weight."
        parts.append(Block(trace[f"{name}_new"], says, drawn))
    if len(losses) == 2:
        before, after = (number(loss, decimals) for loss in losses)
        parts.append(Paragraph(f"Loss before: {before}   after: {after}", "loss"))
        return parts
    rows = [[str(i), number(loss, decimals)] for i, loss in enumerate(losses)]
    parts += [Paragraph("The loss before the first update (0) and after each:"), Grid(["updates", "loss"], "rr", rows)]
    return parts


def _length(trace: Trace, name: str, decimals: int) -> str:
    return number(length(trace[name].value), decimals) if name in trace else "–"
