"""Pages to fill in: those that check and help, and those that only collect answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from rnncalc.marking.blanks import Blanks, blanks_of
from rnncalc.network.problem import Problem
from rnncalc.network.trace import Trace
from rnncalc.network.update_step import Limits, whole_trace
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
    """A page that only collects answers: it holds equations and words as every page has them, numbers only of what is
    not asked for, and no way to any answer."""
    data = content(blanks.trace)
    for its, q in zip(data["quantities"], blanks.trace.values(), strict=True):
        for key in ("rule", "ways"):
            its.pop(key, None)
        its["picture"] = ["…" if isinstance(piece, dict) else piece for piece in its.get("picture", [])]
        if q.rule is not None and q.name not in blanks.names:
            its["values"] = q.value.reshape(-1).tolist()
    asked = [place for place, name in enumerate(blanks.trace) if name in blanks.names]
    given = [place for place, name in enumerate(blanks.trace) if name not in blanks.names]
    collecting = {
        "mode": "collect",
        "decimals": shown_decimals(decimals),
        "templates": [],
        "updates": [],
        "collect": {"asked": asked, "given": given},
        "handIn": {**hand_in(blanks, decimals, title, whose), "drawn": []},
    }
    return written({**data, **collecting})


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
