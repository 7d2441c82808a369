"""The TOML file of a new assignment, with a comment for every table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rnncalc.classroom.assignment import Page
from rnncalc.io import toml_text
from rnncalc.marking.status import Status

POINTS = 10.0
ROUND = 0.01
"""What a new assignment rounds points to: gradebooks show two decimals, and no slip disappears as in half points."""
_HEAD = """\
# An assignment, read by rnncalc assignment and rnncalc grade.
"""
_COMMENTS = {
    "secret": "# Each student's numbers come from this and their id. Keep it secret, and do not change it.",
    "problem": "# The network; each student gets their own weights.",
    "worksheet": (
        "# ask: what students fill in; decimals: how many decimals they write; show (verdict, where, hint,\n# answer): "
        "how much the feedback says; same = true gives everybody the same weights;\n# layout = 'board' asks on the "
        "Board alone, 'steps' on the long sheets alone."
    ),
    "points": "# One question per line: a stage, or quantities such as h_2 or 'dW*'. Quantities count before a stage.",
    "credit": (
        "# The share of its points that a number earns if it is right but rounded early (rounded), or wrong "
        "but\n# consistent with an earlier mistake (carried). round = 0.5 rounds points to half points."
    ),
    "penalties": (
        "# The share of its points that a wrong number loses if one known mistake explains it; without a "
        "line, all.\n# sign-reversed = 0.5"
    ),
    "page": (
        "# Each student also gets a web page to fill in. practice = true: it checks and helps, and the answers are "
        "inside\n# it; practice = false: it only collects answers, and knows none."
    ),
    "late": (
        "# due = 2026-12-01T23:59:00Z\n# per_day: the share of the total that is taken off for each day begun; cap: "
        "the most that is taken off."
    ),
}

_IN_BETWEEN_COMMENT = (
    "# in_between = true also gives points for the tables between gates and state: tanh(c) in an lstm,\n# r ⊙ h or "
    "Whn · h + bhn in a gru."
)


def new_assignment(
    title: str,
    secret: str,
    problem: Mapping[str, Any],
    *,
    ask_for: Sequence[str],
    decimals: int,
    points: Mapping[str, float],
    show: str = "hint",
    same: bool = False,
    in_between: bool = False,
    step: float = ROUND,
    page: Page = Page.NONE,
) -> str:
    """The TOML of an assignment to start from, with a word on every table."""
    sheet = {"ask": list(ask_for), "decimals": decimals, "show": show, "same": same}
    sheet |= {"in_between": True} if in_between else {}
    tables = {
        "problem": dict(problem),
        "worksheet": sheet,
        **({"page": {"practice": page == Page.PRACTICE}} if page else {}),
        "points": dict(points),
        "credit": {str(Status.ROUNDED): 1.0, str(Status.CARRIED): 1.0, "round": step},
        "penalties": {},
        "late": {"per_day": 0.0, "cap": 1.0},
    }
    to_lines = toml_text.to_lines
    lines = [_HEAD + to_lines({"title": title})[0], "", _COMMENTS["secret"], *to_lines({"secret": secret})]
    for name, table in tables.items():
        lines += ["", f"[{name}]", _COMMENTS[name]]
        lines += [_IN_BETWEEN_COMMENT] if name == "worksheet" and in_between else []
        lines += to_lines(table)
    return "\n".join(lines) + "\n"
