"""The sheet Unrolled of worksheets that were handed out before there was the Board: it only repeated numbers."""

from __future__ import annotations

from rnncalc.network.trace import Trace
from rnncalc.workbook.areas import Area

TITLE = "Unrolled"
_FIRST_ROW, _FIRST_COLUMN, _MOST_LINES = 4, 3, 5
"""Of the numbers of the steps; and the lines below the layers."""


def area_of(trace: Trace) -> Area | None:
    """Where the sheet shows numbers, all of them links, and some room below; None where it was left out."""
    steps = range(1, trace.problem.steps + 1)
    places = _places(trace)
    late = {"v", "y", "p"}
    needed = ((place, t) for place in places for t in steps if place[0] not in late or trace.problem.has_output(t))
    if not all(f"{place}_{t}" in trace for place, t in needed):
        return None
    columns = [next(trace[f"{place}_{t}"] for t in steps if f"{place}_{t}" in trace) for place in places]
    tall = 3 + sum(q.shape[0] + 2 for q in columns) + _MOST_LINES
    return Area(TITLE, _FIRST_ROW + 1, _FIRST_COLUMN, tall, 2 * trace.problem.steps + 1)


def _places(trace: Trace) -> list[str]:
    """What it showed from the top down: what is read, each layer's states, the head, the output."""
    problem = trace.problem
    places = ["x", *(["e"] if problem.structure.embedding else [])]
    places += [state for layer in problem.layers for state in reversed(layer.states)]
    if problem.output_at != "none":
        places += [*(dense.name("v") for dense in problem.structure.head), "y"]
        places += ["p"] if problem.output_function != "linear" else []
    return places
