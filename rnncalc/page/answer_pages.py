"""Pages to fill in: those that check and help, and those that only collect answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from rnncalc.marking.blanks import Blanks, blanks_of
from rnncalc.network.problem import Problem
from rnncalc.network.trace import Trace
from rnncalc.network.update_step import Limits, whole_trace
from rnncalc.page.collect import collecting
from rnncalc.page.content import Progress, content
from rnncalc.page.hand_in import hand_in, shown_decimals
from rnncalc.page.page import written
from rnncalc.page.practice import Practice
from rnncalc.workbook.write.worksheet import DECIMALS


def practice_page(
    blanks: Blanks,
    whole: Trace,
    answer_decimals: int,
    *,
    decimals: int | None = None,
    title: str = "",
    whose: str = "",
    progress: Progress | None = None,
) -> str:
    """A page with blanks that checks what is typed into them, and so holds the answers.

    ``blanks``: what is asked for, of the ``whole`` trace; ``decimals``: those shown of other numbers; ``title`` and
    ``whose`` stand at its top. Raises RnncalcError for a problem that could not be read back, or is too large.
    """
    shown = shown_decimals(answer_decimals) if decimals is None else decimals
    data = content(whole, decimals=shown, practice=Practice(blanks, answer_decimals), progress=progress)
    return written({**data, "handIn": hand_in(blanks, answer_decimals, title, whose)})


def collecting_page(blanks: Blanks, decimals: int, *, title: str = "", whose: str = "") -> str:
    """A page that only collects answers, and knows none."""
    return written(collecting(blanks, decimals, title=title, whose=whose))


def make_practice_page(
    problem: Problem,
    ask_for: Sequence[str] = (),
    answer_decimals: int = DECIMALS,
    decimals: int | None = None,
    *,
    progress: Progress | None = None,
    **limits: Unpack[Limits],
) -> tuple[str, Blanks]:
    """A page to practise on, and what it asks for: stages and quantities, see rnncalc.marking.blanks.

    Raises RnncalcError for what cannot be asked for, and for a problem that could not be read back or is too large.
    """
    trace = whole_trace(problem, **limits)
    blanks = blanks_of(trace, ask_for)
    return practice_page(blanks, trace, answer_decimals, decimals=decimals, progress=progress), blanks
