"""The scripts of a page, run by Node.js without a browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from rnncalc.page.modules import modules

NODE = shutil.which("node")
HERE = Path(__file__).parent


def needs_node() -> None:
    """Skip a test where there is no Node.js; a gate has one."""
    if NODE is None and not os.environ.get("CI"):
        pytest.skip("Install Node.js 20 or later to run the scripts of pages.")


@cache
def folder() -> Path:
    """A folder with the modules, as the page has them."""
    place = Path(mkdtemp(prefix="rnncalc-page-"))
    write(place, modules())
    return place


def write(place: Path, sources: dict[str, str]) -> None:
    """Modules as files, with the word that makes them modules to Node.js."""
    for path, source in sources.items():
        file = place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
    (place / "package.json").write_text('{"type": "module"}', encoding="utf-8")


def run(program: str, given: Any, place: Path | None = None) -> Any:
    """What a program beside this file gives for what it is given, both as JSON; the modules are at ``place``."""
    needs_node()
    assert NODE is not None
    done = subprocess.run(
        [NODE, str(HERE / program), str(place or folder())],
        input=json.dumps(given),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
