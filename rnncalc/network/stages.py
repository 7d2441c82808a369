"""The trace of a problem up to a stage of the arithmetic."""

from __future__ import annotations

from typing import Unpack

from rnncalc.errors import ProblemError
from rnncalc.network.backward_pass import backward
from rnncalc.network.forward_pass import forward
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Stage
from rnncalc.network.trace import Trace
from rnncalc.network.update_step import Clipping, update

THROUGH = ("forward", "loss", "backward", "update")


def check_stage(problem: Problem, through: str) -> None:
    """Raise ProblemError for what is no stage, and for a stage that needs targets where there are none."""
    if through not in THROUGH:
        raise ProblemError("through", f"through is {through!r}; it needs one of {', '.join(THROUGH)}.")
    if through != "forward" and not problem.has_loss:
        raise ProblemError("targets", f"Without targets there is no loss: {through} needs targets = next or last.")


def trace_to(problem: Problem, through: str, *, truncate: int | None = None, **clipping: Unpack[Clipping]) -> Trace:
    """The trace of a problem up to a stage. Raises ProblemError as :func:`check_stage` does."""
    check_stage(problem, through)
    if through in ("forward", "loss"):
        trace = forward(problem)
        return Trace(problem, [q for q in trace.values() if through == "loss" or q.stage != Stage.LOSS])
    trace = backward(problem, truncate)
    return trace if through == "backward" else update(trace, **clipping)
