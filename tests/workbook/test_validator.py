"""What Microsoft's Open XML SDK, which knows the file format as Excel does, says of our files: nothing."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from engines import node
from engines.cases import draw, hello
from engines.engines import missing
from engines.package import MAIN, Package
from workbook.test_audit import FAULTS, blank, handed_out, marked

from rnncalc.workbook.write.export import export
from rnncalc.workbook.write.theme import default_theme
from rnncalc.workbook.write.training import Training

PROBLEMS = {
    "hello": hello,
    "lstm": draw("aba", hidden=2, cell_kind="lstm"),
    "gru": draw("aba", hidden=2, cell_kind="gru", reset_after=True, output_bias=True),
    "two layers with a head": draw("ab", hidden=2, layers=2, cell_kind=("lstm", "gru"), embedding=2, head=[3]),
    "sentiment": draw(
        "a good film", tokens="words", hidden=2, embedding=2, classes=("bad", "good"), output_at="last",
        targets=["good"], head=[2],
    ),
}  # fmt: skip
"""One of each kind, small: the SDK looks at a thousand cells a second."""
TINY = draw("ab", hidden=1)
WORKBOOKS: dict[str, Callable[[], bytes]] = {
    **{f"{name}, {style}": lambda name=name, style=style: export(PROBLEMS[name], formulas=style) for name, style in (
        ("hello", "cells"), ("hello", "matrix"), ("lstm", "cells"), ("gru", "matrix"),
        ("two layers with a head", "cells"), ("sentiment", "matrix"),
    )},
    **{f"a worksheet, {name}": lambda name=name: blank(PROBLEMS[name]) for name in ("hello", "lstm", "sentiment")},
    "letters that XML and sheets take for something else": lambda: export(draw("a\nb\tc\0=", hidden=1)),
    "markup": lambda: export(draw("<&\">'", hidden=1), formulas="matrix"),
    "themed, protected, trained": lambda: export(
        TINY, training=Training(3), protect=True, theme=default_theme()
    ),
    "trained, lstm": lambda: export(PROBLEMS["lstm"], training=Training(2, "momentum")),
    "a worksheet, themed, protected": lambda: blank(TINY, theme=default_theme(), protect=True),
    "practice": lambda: blank(TINY, practice=True),
    "practice, protected, lstm": lambda: blank(PROBLEMS["lstm"], practice=True, protect=True),
    "on paper": lambda: blank(TINY, paper=True),
    "marked": lambda: marked(TINY),
    "handed out": handed_out,
}  # fmt: skip


def with_an_attribute_that_there_is_not(book: Package) -> None:
    book.cell("h_1").set("colour", "red")


def with_a_style_that_there_is_not(book: Package) -> None:
    book.cell("h_1").set("s", "-1")


def with_a_row_that_has_no_number(book: Package) -> None:
    rows = list(book.sheets["Forward"].iter(f"{MAIN}row"))
    rows[1].set("r", "nought")


PLANTED = [*FAULTS, with_an_attribute_that_there_is_not, with_a_style_that_there_is_not, with_a_row_that_has_no_number]


def faulty(plant: Callable[[Package], None]) -> bytes:
    book = Package(export(TINY))
    plant(book)
    return book.to_bytes()


def empty() -> bytes:
    plain = openpyxl.Workbook()
    plain.worksheets[0]["A1"] = "a text"
    saved = io.BytesIO()
    plain.save(saved)
    return saved.getvalue()


Finding = tuple[str, str]
"""What is wrong, and with which kind of element."""


@pytest.fixture(scope="module")
def findings(tmp_path_factory) -> dict[str, set[Finding]]:
    """What the SDK finds in each workbook: all in one process, which takes seconds to start."""
    program = node.installed("@ooxml-tools/validate")
    if program is None:
        missing(node.words("Microsoft's Open XML SDK"))
    folder: Path = tmp_path_factory.mktemp("books")
    books = WORKBOOKS | {plant.__name__: lambda plant=plant: faulty(plant) for plant in PLANTED}
    books |= {"empty": empty, "the theme": default_theme}
    paths = {name: folder / f"book{i}.xlsx" for i, name in enumerate(books)}
    for name, path in paths.items():
        path.write_bytes(books[name]())
    script = Path(__file__).with_name("validate.mjs")
    subprocess.run([str(program), script, folder], check=True, timeout=600)
    return {name: _read(path.with_suffix(".xlsx.json")) for name, path in paths.items()}


def _read(path: Path) -> set[Finding]:
    errors = json.loads(path.read_text(encoding="utf-8"))
    return {(error["description"], re.sub(r"\[\d+]", "", error["path"]["xpath"])) for error in errors}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_sdk_finds_nothing(name, findings):
    assert findings[name] == set()


def test_nor_in_the_theme_what_it_does_not_find_in_an_empty_workbook(findings):
    assert findings["the theme"] - findings["empty"] == set()


@pytest.mark.parametrize("plant", PLANTED)
def test_the_sdk_finds_a_planted_fault(plant, findings):
    assert findings[plant.__name__]
