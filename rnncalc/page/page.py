"""A page as one HTML file: its data, its script and its style, and a policy that lets it load nothing."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from rnncalc.marking.blanks import Blanks
from rnncalc.network.trace import Trace
from rnncalc.page.collect import collecting
from rnncalc.page.content import Progress, content
from rnncalc.page.hand_in import hand_in, shown_decimals
from rnncalc.page.modules import script
from rnncalc.page.practice import Practice
from rnncalc.page.style import page_style
from rnncalc.render.html import page

_FIRST = {"live": "main.js", "practice": "practice/main_practice.js", "collect": "practice/main_collect.js"}
"""The module that a page begins with, by what it is for."""


def to_page(trace: Trace, *, decimals: int = 4, progress: Progress | None = None) -> str:
    """The page of a trace. Raises ProblemError for a network that is too large (see rnncalc.page.content)."""
    data = content(trace, decimals=decimals, progress=progress)
    return written(data)


def written(data: dict[str, Any]) -> str:
    """The page of what it is to hold."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":  # nothing in it can end it
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    body = (files("rnncalc.page") / "scripts" / "page.html").read_text(encoding="utf-8").strip()
    held = f'<script type="application/json" id="data">{text}</script>'
    return page(f"{body}\n{held}", data["problem"]["title"], page_style(), script(_FIRST[data["mode"]]))


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
