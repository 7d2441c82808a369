"""Data as JSON text, in which what a terminal would obey or hide is written as its number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def json_text(data: Mapping[str, Any], *, indent: int | None = None, sort_keys: bool = False) -> str:
    """The text of ``data``, letters beyond ASCII as they are; raises ValueError for what is no number to JSON."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=indent, sort_keys=sort_keys)
    return "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in line)
