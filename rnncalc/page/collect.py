"""A page that only collects answers: it holds what is given and no way to any answer."""

from __future__ import annotations

from typing import Any

from rnncalc.marking.blanks import Blanks
from rnncalc.page.content import content
from rnncalc.page.hand_in import hand_in, shown_decimals


def collecting(blanks: Blanks, decimals: int, *, title: str = "", whose: str = "") -> dict[str, Any]:
    """What such a page holds: equations and words as every page has them, numbers only of what is not asked for."""
    data = content(blanks.trace)
    for its, q in zip(data["quantities"], blanks.trace.values(), strict=True):
        for key in ("rule", "ways"):
            its.pop(key, None)
        its["picture"] = ["…" if isinstance(piece, dict) else piece for piece in its.get("picture", [])]
        if q.rule is not None and q.name not in blanks.names:
            its["values"] = q.value.reshape(-1).tolist()
    asked = [place for place, name in enumerate(blanks.trace) if name in blanks.names]
    given = [place for place, name in enumerate(blanks.trace) if name not in blanks.names]
    return {
        **data,
        "mode": "collect",
        "decimals": shown_decimals(decimals),
        "templates": [],
        "updates": [],
        "collect": {"asked": asked, "given": given},
        "handIn": {**hand_in(blanks, decimals, title, whose), "drawn": []},
    }
