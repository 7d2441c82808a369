"""A page as one HTML file: its data, its script and its style, and a policy that lets it load nothing."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Unpack

from rnncalc.network.problem import Problem
from rnncalc.network.stages import trace_to
from rnncalc.network.trace import Trace
from rnncalc.network.update_step import Limits
from rnncalc.page.content import DECIMALS, Progress, content
from rnncalc.page.modules import script
from rnncalc.page.style import page_style
from rnncalc.render.html import page
from rnncalc.render.html_text import cell

_FIRST = {"live": "main.js", "practice": "practice/main_practice.js", "collect": "practice/main_collect.js"}
"""The module that a page begins with, by what it is for."""


def to_page(trace: Trace, *, decimals: int = DECIMALS, progress: Progress | None = None) -> str:
    """The page of a trace. Raises ProblemError for a network that is too large (see rnncalc.page.content)."""
    return written(content(trace, decimals=decimals, progress=progress))


def written(data: dict[str, Any]) -> str:
    """The page of what it is to hold."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":  # nothing in it can end it
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    body = (files("rnncalc.page") / "scripts" / "page.html").read_text(encoding="utf-8").strip()
    body = body.replace("<!-- title -->", cell(_heading(data)))
    held = f'<script type="application/json" id="data">{text}</script>'
    return page(f"{body}\n{held}", data["problem"]["title"], page_style(), script(_FIRST[data["mode"]]))


def _heading(data: dict[str, Any]) -> str:
    """What a page is called: its network, and on a page that asks, the homework and whose it is."""
    asks = data.get("handIn", {})
    return " · ".join(filter(None, [asks.get("title"), asks.get("whose"), data["problem"]["title"]]))


def live_page(
    problem: Problem,
    through: str | None = None,
    decimals: int = DECIMALS,
    *,
    progress: Progress | None = None,
    **limits: Unpack[Limits],
) -> str:
    """The live page of a problem ``through`` a stage: update where there are targets, else forward.

    Raises ProblemError for a stage that needs targets, and for a network that is too large.
    """
    last = through or ("update" if problem.has_loss else "forward")
    return to_page(trace_to(problem, last, **limits), decimals=decimals, progress=progress)
