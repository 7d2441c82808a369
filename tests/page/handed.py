"""Answers files as pages write them, made from what someone typed."""

from __future__ import annotations

import json
from typing import Any

from rnncalc import Problem
from rnncalc.marking.blanks import blanks_of
from rnncalc.network.update_step import whole_trace
from rnncalc.page.answers_file import KIND
from rnncalc.page.hand_in import hand_in
from rnncalc.problems.redraw import redrawn


def handed_in(
    problem: Problem, ask: list[str], typed: dict[str, list[list[str]]], *, seed: int | None = None, **other: Any
) -> bytes:
    """The file of a page of ``problem``; the rest of what was asked for is right, unless it is typed."""
    here = problem if seed is None else redrawn(problem, seed)
    blanks = blanks_of(whole_trace(here), ask)
    first = blanks_of(whole_trace(problem), ask)
    right = {n: [[f"{v:.4f}" for v in row] for row in blanks.trace[n].value.tolist()] for n in blanks.names}
    given = {q.name: q.value.tolist() for q in blanks.trace.values() if q.name not in blanks.names}
    data = {
        "rnncalc": KIND,
        "version": 1,
        "name": "",
        **{key: hand_in(first, 4)[key] for key in ("problem", "settings")},
        "seed": seed,
        "given": given,
        "answers": {**right, **typed},
        **other,
    }
    return json.dumps(data).encode()
