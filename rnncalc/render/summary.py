"""What a page ends with: the letters predicted and the loss, or the gradients at a glance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnncalc.io.numbers import number
from rnncalc.network.families import Y
from rnncalc.network.length import length
from rnncalc.network.names import Name
from rnncalc.network.pictures import Picture, Sign, box, letter_picture
from rnncalc.network.trace import Trace
from rnncalc.render.document import Block, Grid, Paragraph, Part
from rnncalc.render.shown import read_at, wanted_at


class Row(NamedTuple):
    """One step with an output; tokens as pictures, probabilities and losses as numbers."""

    step: int
    read: str
    predicted: str
    predicted_p: float
    wanted: str | None
    wanted_p: float | None
    loss: float | None


class Summary(NamedTuple):
    """All steps that have an output, and the total loss."""

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
    known = problem.output_names or tuple(f"output {i}" for i in range(1, problem.structure.outputs + 1))
    rows = []
    for t in range(1, problem.steps + 1):
        if not problem.has_output(t):
            continue
        p = trace[f"p_{t}"].value[:, 0]
        best = int(np.argmax(p))
        wanted = problem.targets[t - 1]
        rows.append(
            Row(
                t,
                read_at(trace, t),
                letter_picture(known[best]),
                float(p[best]),
                None if wanted is None else wanted_at(problem, t),
                float(p[known.index(wanted)]) if isinstance(wanted, str) else None,
                None if wanted is None else float(trace[f"loss_{t}"].value[0, 0]),
            )
        )
    loss = float(trace["loss"].value[0, 0]) if problem.has_loss else None
    return Summary(rows, loss, "averaged" if problem.loss_reduction == "mean" else "summed over the steps")


def forward_summary(trace: Trace, decimals: int) -> list[Part]:
    """What was predicted at each step, what was wanted, and the total loss."""
    problem = trace.problem
    if problem.output_at == "none":
        top = f"{problem.layers[-1].states[0]}_{problem.steps}"
        last = trace[top]
        return [
            Block(
                last,
                "The last state: this network has no output.",
                [box(last, trace, decimals)._replace(captioned=False)],
            )
        ]
    if problem.output_function != "softmax":
        return _numbers_summary(trace, decimals)
    summary = summarize(trace)
    headings, alignments = ["step", "reads", "predicts", "with p"], "rccr"
    if summary.has_loss:
        headings, alignments = [*headings, "target", "with p", "loss"], alignments + "crr"
    rows = []
    for row in summary.rows:
        cells = [str(row.step), row.read, row.predicted, number(row.predicted_p, decimals)]
        if summary.has_loss:
            if row.wanted is None or row.loss is None:
                cells += ["–", "", ""]
            else:
                p = "" if row.wanted_p is None else number(row.wanted_p, decimals)
                cells += [row.wanted, p, number(row.loss, decimals)]
        rows.append(cells)
    parts: list[Part] = [Grid(headings, alignments, rows)]
    if summary.loss is not None:
        what = problem.tokens if problem.predicts_tokens else "classes" if problem.classes else "outputs"
        right = f"; {summary.right} of {summary.wanted} {what} predicted right" if problem.output_names else ""
        total = f"Total loss E = {number(summary.loss, decimals)} ({summary.reduction}){right}"
        parts.append(Paragraph(total, "loss"))
    return parts


def _numbers_summary(trace: Trace, decimals: int) -> list[Part]:
    """Of an output that is no softmax: its numbers, the numbers wanted, the loss."""
    problem = trace.problem
    family = "p" if problem.output_function == "sigmoid" else "y"
    headings, alignments = ["step", "reads", "output"], "rcl"
    if problem.has_loss:
        headings, alignments = [*headings, "target", "loss"], alignments + "lr"
    rows = []
    for t in range(1, problem.steps + 1):
        if not problem.has_output(t):
            continue
        values = trace[f"{family}_{t}"].value[:, 0].tolist()
        known = problem.output_names
        shown = [number(v, decimals) for v in values[:_MOST_OUTPUTS]]
        if known:
            shown = [f"{letter_picture(name)} {v}" for name, v in zip(known, shown, strict=False)]
        cells = [str(t), read_at(trace, t), "  ".join(shown) + ("  …" if len(values) > _MOST_OUTPUTS else "")]
        if problem.has_loss:
            has = problem.targets[t - 1] is not None
            cells += (
                [wanted_at(problem, t), number(float(trace[f"loss_{t}"].value[0, 0]), decimals)] if has else ["–", ""]
            )
        rows.append(cells)
    parts: list[Part] = [Grid(headings, alignments, rows)]
    if problem.has_loss:
        how = "averaged" if problem.loss_reduction == "mean" else "summed over the steps"
        parts.append(Paragraph(f"Total loss E = {number(float(trace['loss'].value[0, 0]), decimals)} ({how})", "loss"))
    return parts


_MOST_OUTPUTS = 6


def backward_summary(trace: Trace, decimals: int) -> list[Part]:
    """How large the gradients are at every step, and the totals over time, number by number."""
    problem = trace.problem
    gradients = [Name(Y, is_gradient=True)]
    for layer in reversed(problem.layers):
        first = [trace.get(f"{layer.name(family)}_1") for family in ("dh", "da")]
        gradients += [q.parts._replace(step=None) for q in first if q is not None]
    rows = []
    for t in range(problem.steps, 0, -1):
        sizes = [_length(trace, name._replace(step=t).text, decimals) for name in gradients]
        rows.append([str(t), read_at(trace, t), *sizes])
    parts: list[Part] = [
        Paragraph(f"Total loss E = {number(float(trace['loss'].value[0, 0]), decimals)}", "loss"),
        Paragraph("The Euclidean norm of the gradients at each step, from the last to the first:"),
        Grid(["step", "reads", *(f"‖{name.symbol}‖" for name in gradients)], "rc" + "r" * len(gradients), rows),
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
    parts += [
        Paragraph("The loss before the first (0) and after each update:"),
        Grid(["updates", "loss"], "rr", rows),
    ]
    return parts


def _length(trace: Trace, name: str, decimals: int) -> str:
    return number(length(trace[name].value), decimals) if name in trace else "–"
