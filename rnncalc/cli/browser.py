"""A written page shown in the browser."""

from __future__ import annotations

from pathlib import Path

from rnncalc.cli.output import say


def show(path: Path) -> None:
    """Open a file in the user's browser; where there is none, say where the file is."""
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        say(f"No browser was found. Open {path} in one.")
