"""A trace as data: JSON for programs (docs/json.md) and CSV for spreadsheets, at full double precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rnncalc.io.csv_text import csv_text
from rnncalc.io.json_text import json_text
from rnncalc.network.flow import Flow
from rnncalc.network.given import Read
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity
from rnncalc.network.trace import Trace
from rnncalc.version import __version__


def to_json(trace: Trace, quantities: Sequence[Quantity], more: Mapping[str, Any] | None = None) -> str:
    """The problem and the quantities; a line per quantity, so that a difference between two files can be read.

    ``more`` goes between them, such as the losses of repeated updates.
    """
    first = {"rnncalc": __version__, "problem": problem_data(trace.problem), **(more or {})}
    head = json_text(first)
    lines = [json_text(quantity_data(q)) for q in quantities]
    return head[:-1] + ', "quantities": [\n' + ",\n".join(lines) + "\n]}\n"


def problem_data(problem: Problem) -> dict[str, Any]:
    """The settings of a problem; its arrays stand among the quantities."""
    return {
        "text": problem.text,
        "inputs": [_entry(entry) for entry in problem.inputs],
        "targets": [_entry(entry) for entry in problem.targets],
        "tokens": problem.tokens if problem.vocabulary else None,
        "vocabulary": list(problem.vocabulary),
        "classes": list(problem.classes),
        "cell": problem.cell,
        "layers": [
            {"cell": layer.cell, "hidden": layer.hidden, "activation": layer.activation} for layer in problem.layers
        ],
        "head": [{"units": dense.units, "activation": dense.activation} for dense in problem.structure.head],
        "embedding": problem.structure.embedding,
        "hidden": problem.hidden,
        "recurrent": problem.recurrent,
        "output_bias": problem.output_bias,
        "activation": problem.activation,
        "output_at": problem.output_at,
        "output_function": problem.output_function,
        "softmax": problem.softmax or None,
        "loss": problem.loss,
        "loss_reduction": problem.loss_reduction,
        "eta": problem.eta,
        "source": problem.source,
        "labels": dict(problem.labels),
    }


def _entry(entry: Read) -> str | list[float] | None:
    """A token, the numbers of a step, or null for what is predicted or not wanted."""
    return entry if entry is None or isinstance(entry, str) else entry[:, 0].tolist()


def quantity_data(q: Quantity) -> dict[str, Any]:
    """One quantity; its value a list of rows, a column vector n×1, a single number 1×1."""
    return {
        "name": q.name,
        "stage": q.stage,
        "step": q.step,
        "equation": q.equation,
        "shape": list(q.shape),
        "value": q.value.tolist(),
    }


def flow_json(flow: Flow) -> str:
    """The steps of a gradient's flow, from the initial state (step 0) to the last."""
    head = {"rnncalc": __version__, "problem": problem_data(flow.problem), "of": flow.of, "steps": _steps(flow)}
    return json_text(head, indent=1) + "\n"


def cells_json(flows: Sequence[Flow]) -> str:
    """The flows of several cells over one text, each with its problem and steps."""
    cells = [{"cell": f.problem.kind, "problem": problem_data(f.problem), "steps": _steps(f)} for f in flows]
    head = {"rnncalc": __version__, "of": flows[0].of, "cells": cells}
    return json_text(head, indent=1) + "\n"


def flow_csv(flow: Flow) -> str:
    """One line per step: step, norm, factor, product."""
    return csv_text([["step", "norm", "factor", "product"], *_lines(flow)])


def cells_csv(flows: Sequence[Flow]) -> str:
    """The same for several cells, with the cell before the step."""
    lines = [[f.problem.kind, *line] for f in flows for line in _lines(f)]
    return csv_text([["cell", "step", "norm", "factor", "product"], *lines])


def _steps(flow: Flow) -> list[dict[str, Any]]:
    return [{"step": s.step, "norm": s.norm, "factor": s.factor, "product": s.product} for s in flow.steps]


def _lines(flow: Flow) -> list[list[object]]:
    return [[s.step, repr(s.norm), "" if s.factor is None else repr(s.factor), repr(s.product)] for s in flow.steps]


def to_csv(quantities: Sequence[Quantity]) -> str:
    """One line per element: name, stage, step, row, column, value; rows and columns count from 1."""
    lines: list[Sequence[object]] = []
    for q in quantities:
        step = "" if q.step is None else q.step
        rows: Any = q.value.tolist()
        for i, row in enumerate(rows, 1):
            lines += [(q.name, q.stage, step, i, j, repr(number)) for j, number in enumerate(row, 1)]
    return csv_text([("name", "stage", "step", "row", "column", "value"), *lines])
