"""What a class was handed out, as a digest beside each student: an assignment that was edited since is not the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from rnncalc.errors import FileError
from rnncalc.io import toml_text
from rnncalc.problems import templates
from rnncalc.weights.content import content_of

_ASKED = ("ask", "decimals")
"""What of [worksheet] stands on the worksheets; what its numbers are worth may be changed at any time."""
_FILES = ("template", "weights", "inputs")
_LETTERS = 8
_PARTS = ("secret", "[problem]", "ask or decimals in [worksheet]")


def digest_of_assignment(path: Path) -> str:
    """A digest of all that worksheets were made from: the secret, the problem with the files that it names, what is
    asked. It is one of the file as it is written, so that another version of rnncalc finds the same."""
    data = toml_text.read(path, "an assignment")
    problem = dict(data.get("problem", {}))
    for key in _FILES:
        name = problem.get(key)
        if isinstance(name, str) and (key != "template" or templates.is_file_name(name)):
            problem[key] = _short(content_of(path.parent / name))
    sheet = data.get("worksheet", {})
    parts = (data.get("secret", ""), problem, {key: sheet[key] for key in _ASKED if key in sheet})
    return "-".join(_short(json.dumps(part, sort_keys=True, default=str).encode()) for part in parts)


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_LETTERS]


def changes(before: Iterable[str], now: str) -> list[str]:
    """What is another than when the worksheets were made; nothing of those that were made before digests were kept."""
    changed: dict[str, None] = {}
    for digest in {digest for digest in before if digest}:
        then, here = digest.split("-"), now.split("-")
        if len(then) == len(here):
            changed |= dict.fromkeys(part for part, a, b in zip(_PARTS, then, here, strict=True) if a != b)
    return [part for part in _PARTS if part in changed]


def check_unchanged(path: Path, before: Iterable[str]) -> None:
    """Raise FileError where an assignment is no longer what the worksheets were made from."""
    changed = changes(before, digest_of_assignment(path))
    if changed:
        raise FileError(
            f"{path} was changed after the worksheets were handed out: {' and '.join(changed)} "
            f"{'are' if len(changed) > 1 else 'is'} different now, so right answers would be marked wrong. Undo "
            "the change, or hand out new worksheets: rnncalc assignment make --force."
        )
