"""Text as HTML takes it."""

from __future__ import annotations

import html

from rnncalc.io.visible import visible


def cell(text: str) -> str:
    """Text so that HTML takes it as it is, on one line with nothing hidden in it."""
    return html.escape(visible(text))
