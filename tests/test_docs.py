"""The pages say what the package does: their examples run, and what they list is what there is."""

from __future__ import annotations

import doctest
import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest

import rnncalc
from rnncalc import Problem, RnncalcError, backward, update
from rnncalc.cli.main import COMMANDS
from rnncalc.problems.template_reader import parse

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
MODULES = ["rnncalc", *(m.name for m in walk_packages(rnncalc.__path__, "rnncalc.") if m.name != "rnncalc.__main__")]

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    """What stands in the page's ```language blocks."""
    return re.findall(rf"^```{language}\n(.*?)^```$", read(page), re.MULTILINE | re.DOTALL)


def run(*arguments: str, folder: Path) -> str:
    """What the command line prints on a terminal of 80 columns that knows UTF-8; it must end well."""
    done = subprocess.run(
        [sys.executable, "-m", "rnncalc", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "80", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr  # 1: the answer is no
    return done.stdout


def matches(shown: str, printed: str) -> bool:
    """Whether a page shows what was printed; a line "…" alone stands for any lines left out."""
    pattern = re.escape(shown.strip("\n")).replace(re.escape("\n…"), r"(\n.*)*").replace(re.escape("…\n"), r"(.*\n)*")
    return re.fullmatch(pattern, printed.strip("\n")) is not None


# ── examples ──────────────────────────────────────────────────────────────────────────────────────────────────────


@each_page
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    shutil.copy(DOCS / "handed-in.xlsx", tmp_path / "docs")
    examples = [s for block in blocks(page, "console") for s in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    for example in examples:
        command, _, shown = example.partition("\n")
        program, *arguments = shlex.split(command)
        assert program == "rnncalc"
        printed = run(*arguments, folder=tmp_path)
        assert matches(shown, printed), f"$ {command}\n{printed}"


@each_page
def test_python_gives_what_the_page_shows(page: Path) -> None:
    code = "\n".join(blocks(page, "python"))
    assert_examples_hold(doctest.DocTestParser().get_doctest(code, {}, page.name, None, 0))


@pytest.mark.parametrize("module", MODULES)
def test_docstrings_give_what_they_show(module: str) -> None:
    for test in doctest.DocTestFinder().find(import_module(module)):
        assert_examples_hold(test)


def assert_examples_hold(test: doctest.DocTest) -> None:
    said: list[str] = []
    assert doctest.DocTestRunner().run(test, out=said.append).failed == 0, "".join(said)


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\n…\nd", "a\nb\nc\nd\n", True),
        ("a\n…\nd", "a\nd\n", True),
        ("a\n…", "a\nb\nc\n", True),
        ("…\nd", "b\nc\nd\n", True),
        ("a\n…\nd", "a\nb\nc\n", False),
        ("a", "a\nb\n", False),
        ("tanh … −1 … 1", "tanh 5 −1 7 1\n", False),
    ],
)
def test_only_a_line_of_its_own_leaves_lines_out(shown: str, printed: str, same: bool) -> None:
    assert matches(shown, printed) is same


# ── cli.md ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_cli_page_shows_the_help_of_every_command(tmp_path: Path) -> None:
    shown = dict(re.findall(r"^## rnncalc ?([^\n]*)\n\n```text\n(.*?)^```$", read(DOCS / "cli.md"), re.M | re.S))
    assert [name for name in shown if " " not in name] == ["", *COMMANDS]
    for name, text in shown.items():
        printed = run(*name.split(), "--help", folder=tmp_path)
        assert text == printed
        inner = re.findall(r"^  ([a-z-]+)  ", printed.partition("\nCommands:\n")[2].partition("\n\n")[0], re.MULTILINE)
        assert {f"{name} {command}".strip() for command in inner} <= shown.keys()


def test_a_stale_cli_page_is_told_and_rewritten(tmp_path: Path) -> None:
    make = shutil.copy(DOCS / "make_cli.py", tmp_path)
    page = tmp_path / "cli.md"

    def made(*options: str) -> tuple[int, str]:
        command = [sys.executable, make, *options]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        return done.returncode, done.stderr

    stale = 1, "docs/cli.md is not what the commands say today; python docs/make_cli.py rewrites it.\n"
    assert made("--check") == stale
    page.write_text(read(DOCS / "cli.md").replace("--seed", "--sead"), encoding="utf-8")
    assert made("--check") == stale
    assert made() == (0, "")
    assert read(page) == read(DOCS / "cli.md")
    assert made("--check") == (0, "")


# ── the other pages ───────────────────────────────────────────────────────────────────────────────────────────────


def test_templates_page_shows_templates_that_fit_and_errors_that_come() -> None:
    """A toml block is a whole template, or it is followed by a text block: the error that it ends in."""
    pairs = re.findall(
        r"^```toml\n(.*?)^```$(?:\n\n```text\n(.*?)\n```$)?", read(DOCS / "templates.md"), re.MULTILINE | re.DOTALL
    )
    assert any(error for _, error in pairs)
    assert any(not error for _, error in pairs)
    for toml, error in pairs:
        if error:
            with pytest.raises(RnncalcError) as raised:
                parse(toml, "mine.toml", "mine")
            assert str(raised.value) == error
        else:
            assert parse(toml, "mine.toml", "mine").problem.text == "abba"


def test_names_page_lists_every_quantity() -> None:
    cells: list[dict[str, Any]] = [
        {},
        {"cell_kind": "lstm"},
        {"cell_kind": "gru"},
        {"cell_kind": "gru", "reset_after": True},
    ]
    traces = [backward(Problem.draw("abba", output_bias=True, **kind)) for kind in cells]
    forms: list[dict[str, Any]] = [
        {"text": "abba", "embedding": 2, "head": [2], "classes": 2, "loss": "squared-error", "targets": [[1, 0]] * 4},
        {"inputs": [[1, 2]], "classes": 2, "output_function": "linear", "generate": 1, "targets": [[1, 0]] * 2},
    ]
    traces += [backward(Problem.draw(**form)) for form in forms]
    there_are = {
        (re.sub(r"_[1-9]\d*$", "_t", name), quantity.stage)
        for trace in traces
        for updated in (update(trace, clip=1), update(trace, clip_norm=1))
        for name, quantity in updated.items()
    }
    rows = re.findall(r"^\| (`.*?`) \| .+? \| .+? \| (\w+) \|", read(DOCS / "names.md"), re.MULTILINE)
    assert {(name, stage) for names, stage in rows for name in re.findall(r"\w+", names)} == there_are


def test_json_page_shows_the_file_and_says_every_key(tmp_path: Path) -> None:
    page = DOCS / "json.md"
    (command,) = re.findall(r"With `rnncalc (.*)`:", read(page))
    (shown,) = blocks(page, "json")

    def load(text: str) -> Any:
        return json.loads(
            text, parse_float=lambda digits: round(float(digits), 12)
        )  # tanh's last bit is the processor's

    printed = load(run(*command.split(), folder=tmp_path))
    assert load(shown) == printed
    keys = {"rnncalc", "quantities", *(f"problem.{key}" for key in printed["problem"]), *printed["quantities"][0]}
    assert set(re.findall(r"^\| `([\w.]+)` \|", read(page), re.MULTILINE)) == keys


def test_library_page_has_every_public_name() -> None:
    code = "".join(re.findall(r"`.*?`", read(DOCS / "library.md"), re.DOTALL))
    assert [name for name in rnncalc.__all__ if not re.search(rf"\b{name}\b", code)] == []


def test_benchmark_page_lists_every_benchmark() -> None:
    measured = runpy.run_path(str(ROOT / "tests" / "benchmark" / "run.py"))["BENCHMARKS"]
    table = re.findall(r"^\| `(\w+)` \|.*\| ([\d.]+) \|$", read(DOCS / "benchmark.md"), re.MULTILINE)
    assert {name: float(limit) for name, limit in table} == {b.name: b.limit for b in measured.values()}


# ── extending.md ──────────────────────────────────────────────────────────────────────────────────────────────────


def files_named(page: str) -> list[str]:
    return re.findall(r"`((?:rnncalc|tests)/[\w/]+(?:\.py)?)`", page)


def test_the_files_to_change_exist_and_are_named_once():
    files = files_named(read(DOCS / "extending.md"))
    assert [file for file in files if not (ROOT / file).exists()] == ["rnncalc/network/cells/mgu.py"]  # the example
    assert len(files) == len(set(files)) > 15


def test_the_activation_shown_is_the_one_that_is_tested():
    (code,) = re.findall(r"^```python\n(.*?)^```$", read(DOCS / "extending.md"), re.MULTILINE | re.DOTALL)
    assert f"SOFTSIGN = {code}" in read(ROOT / "tests" / "test_adding.py")


def test_the_folders_shown_are_those_that_imports_run_through():
    (line,) = re.findall(r"^io, language.*$", read(DOCS / "extending.md"), re.MULTILINE)
    rooms = read(ROOT / "tests" / "test_imports.py").split("ROOMS = (")[1].split(")")[0]
    assert re.findall(r"\w+", line) == re.findall(r"\w+", rooms)
