"""A page as one HTML file: its data, its script and its style, and a policy that lets it load nothing."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from rnncalc.network.trace import Trace
from rnncalc.page.content import Progress, content
from rnncalc.page.modules import script
from rnncalc.page.style import page_style
from rnncalc.render.html import page


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
    return page(f"{body}\n{held}", data["problem"]["title"], page_style(), script())
