"""What Excel would say of our files, as far as openxml-audit, a checker of the format's rules, can tell."""

import io
import re

import openpyxl
import pytest
from engines.cases import draw, file, hello
from engines.engines import missing
from engines.package import MAIN, Package

from rnncalc.workbook.export import export
from rnncalc.workbook.theme import default_theme


def findings(workbook: bytes, path) -> set[tuple[str, str]]:
    """What the audit finds for the newest Excel, warnings too: its words, and in which kind of element."""
    try:
        import openxml_audit
    except ImportError:
        missing("openxml-audit (pip install openxml-audit)")
    path.write_bytes(workbook)
    validator = openxml_audit.OpenXmlValidator(
        openxml_audit.FileFormat.MICROSOFT_365, max_errors=0, security_validation=True
    )
    return {(error.description, str(error.node)) for error in validator.validate(str(path)).errors}


@pytest.fixture
def known(tmp_path) -> set[tuple[str, str]]:
    """What it finds in an empty workbook of openpyxl's."""
    empty = io.BytesIO()
    openpyxl.Workbook().save(empty)
    return findings(empty.getvalue(), tmp_path / "empty.xlsx")


WORKBOOKS = {
    "hello": lambda: file("hello", "cells"),
    "hello in matrices": lambda: file("hello", "matrix"),
    "protected": lambda: export(hello, protect=True),
    "themed": lambda: export(hello, theme=default_theme()),
    "themed, protected, in matrices": lambda: export(
        draw("ab a"), formulas="matrix", protect=True, theme=default_theme()
    ),
    **{f"{name}, {style}": lambda name=name, style=style: file(name, style) for name, style in (
        ("no targets", "cells"), ("some targets, mean", "matrix"), ("one unit, one step", "cells"), ("clip", "matrix"),
        ("emoji", "cells"), ("markup", "cells"),
        ("newlines, tabs and control characters", "cells"), ("9 units, 10 letters", "cells"),
        ("a vocabulary of 40", "cells"), ("through loss", "cells"),
    )},
}  # fmt: skip


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_audit_finds_nothing_that_it_does_not_find_in_an_empty_workbook(name, known, tmp_path):
    assert findings(WORKBOOKS[name](), tmp_path / "ours.xlsx") - known == set()


def test_nor_in_the_theme_that_is_to_be_restyled(tmp_path):
    plain = openpyxl.Workbook()
    plain.worksheets[0]["A1"] = "a text, which openpyxl writes another way than Excel"
    saved = io.BytesIO()
    plain.save(saved)
    known, ours = (
        {(re.sub("[0-9]+", "", words), node) for words, node in findings(book, tmp_path / "book.xlsx")}
        for book in (saved.getvalue(), default_theme())
    )
    assert ours - known == set()


def with_a_kind_of_value_that_there_is_not(book: Package) -> None:
    book.cell("h_2").set("t", "word")


def with_an_element_out_of_place(book: Package) -> None:
    sheet = book.sheets["Forward"]
    (data,) = sheet.iter(f"{MAIN}sheetData")
    sheet.remove(data)
    sheet.append(data)


def with_a_formula_behind_its_value(book: Package) -> None:
    cell = book.cell("h_2")
    cell[:] = list(cell)[::-1]


FAULTS = [with_a_kind_of_value_that_there_is_not, with_an_element_out_of_place, with_a_formula_behind_its_value]
"""It sees neither an attribute nor a style that there is not; test_workbook.py looks for the latter."""


@pytest.mark.parametrize("plant", FAULTS)
def test_the_audit_finds_a_planted_fault(plant, tmp_path):
    book = Package(file("hello", "cells"))
    sound = findings(book.to_bytes(), tmp_path / "sound.xlsx")
    plant(book)
    assert findings(book.to_bytes(), tmp_path / "faulty.xlsx") - sound
