"""The README can be followed. (Its examples run in test_docs.py, with those of the other pages.)"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest

from rnncalc.cli.main import COMMANDS, cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("sh", "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/rnncalc forward hello"),
        ("sh", "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/python -m pytest"),
        ("powershell", r"py -m venv .venv; .venv\Scripts\pip install .; .venv\Scripts\rnncalc forward hello"),
        ("powershell", r"py -m venv .venv; .venv\Scripts\pip install -e '.[test]'; .venv\Scripts\python -m pytest"),
    ],
)
def test_setting_up_is_a_single_line(shell: str, line: str) -> None:
    assert README.count(f"\n```{shell}\n{line}\n```\n") == 1


def test_the_gate_finds_the_test_command() -> None:
    """.ci/run takes the one line of the README that this pattern finds."""
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (pattern,) = re.findall(r"grep -E '(.*?)' README.md", gate)
    (line,) = [line for line in README.splitlines() if re.search(pattern, line)]
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert re.findall(r"\[(\w+)\]", line) == ["test"]
    assert {"test", "lint"} <= extras.keys()


def test_the_table_of_commands_is_whole() -> None:
    assert re.findall(r"^\| \[`rnncalc (\w+)", README, re.MULTILINE) == list(COMMANDS)


def test_the_exit_codes_are_those_of_the_help() -> None:
    told = re.findall(r"^ +(\d+)  (.+)$", click.unstyle(cli.get_help(click.Context(cli))), re.MULTILINE)
    assert told
    assert set(told) <= set(re.findall(r"^\| (\d+) \| (.+) \|$", README, re.MULTILINE))


def test_links_lead_somewhere() -> None:
    for target, _, anchor in re.findall(r"\]\(([^)#]+)(#([^)]+))?\)", README):
        page = ROOT / target
        assert page.is_file(), target
        if page.suffix != ".md":
            continue
        headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert not anchor or anchor in [heading.lower().replace(" ", "-") for heading in headings], target
