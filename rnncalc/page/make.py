"""Pages of problems: live ones, and ones to practise on."""

from __future__ import annotations

from collections.abc import Sequence

from rnncalc.marking.blanks import Blanks, blanks_of
from rnncalc.network.problem import Problem
from rnncalc.network.stages import trace_to
from rnncalc.network.update_step import whole_trace
from rnncalc.page.content import Progress
from rnncalc.page.page import practice_page, to_page

DECIMALS = 4


def live_page(
    problem: Problem,
    through: str | None = None,
    decimals: int | None = None,
    *,
    truncate: int | None = None,
    clip: float | None = None,
    clip_norm: float | None = None,
    progress: Progress | None = None,
) -> str:
    """The live page of a problem ``through`` a stage: update where there are targets, else forward.

    Raises ProblemError for a stage that needs targets, and for a network that is too large.
    """
    last = through or ("update" if problem.has_loss else "forward")
    trace = trace_to(problem, last, truncate=truncate, clip=clip, clip_norm=clip_norm)
    return to_page(trace, decimals=DECIMALS if decimals is None else decimals, progress=progress)


def make_practice_page(
    problem: Problem,
    ask_for: Sequence[str] = (),
    answer_decimals: int | None = None,
    decimals: int | None = None,
    *,
    truncate: int | None = None,
    clip: float | None = None,
    clip_norm: float | None = None,
    progress: Progress | None = None,
) -> tuple[str, Blanks]:
    """A page to practise on, and what it asks for: stages and quantities, see rnncalc.marking.blanks.

    Raises RnncalcError for what cannot be asked for, and for a problem that could not be read back or is too large.
    """
    trace = whole_trace(problem, truncate, clip=clip, clip_norm=clip_norm)
    blanks = blanks_of(trace, ask_for)
    answers = DECIMALS if answer_decimals is None else answer_decimals
    return practice_page(blanks, trace, answers, decimals=decimals, progress=progress), blanks
