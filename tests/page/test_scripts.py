"""The scripts of pages: their types hold, and a linter finds nothing."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from engines.node import TESTS, installed, words
from page.scripts import write

from rnncalc.page.modules import modules

TYPES = ["--noEmit", "--allowJs", "--checkJs", "--strict", "--target", "es2022", "--module", "es2022",
         "--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable"]  # fmt: skip


@pytest.fixture
def place():
    """A folder for scripts beside the programs that check them."""
    with TemporaryDirectory(dir=TESTS, prefix=".scripts-") as folder:
        yield Path(folder)


def checked(package: str, program: str, arguments: list[str], sources: dict[str, str], place: Path) -> str:
    """What a program says of some scripts; nothing where it finds nothing."""
    node = installed(package)
    if node is None:
        message = f"Install {words(package)}."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    write(place, sources)
    files = [str(place / path) for path in sources]
    command = [node, str(TESTS / "node_modules" / program), *arguments, *files]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=TESTS, check=False)
    assert (done.returncode == 0) == (not done.stdout), done.stderr
    return done.stdout


def types(sources: dict[str, str], place: Path) -> str:
    return checked("typescript", "typescript/bin/tsc", TYPES, sources, place)


def lint(sources: dict[str, str], place: Path) -> str:
    return checked("eslint", "eslint/bin/eslint.js", ["--no-ignore"], sources, place)


def test_their_types_hold(place):
    assert types(modules(), place) == ""


def test_the_linter_finds_nothing(place):
    assert lint(modules(), place) == ""


def test_a_wrong_type_is_found(place):
    assert "error TS" in types({"wrong.js": 'export const wrong = Math.abs("1");\n'}, place)


def test_eval_is_found(place):
    assert "no-eval" in lint({"wrong.js": 'export const wrong = eval("1");\n'}, place)
