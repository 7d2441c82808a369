"""What Excel would say of our files, as far as openxml-audit, a checker of the format's rules, can tell."""

import io
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import openpyxl
import pytest
from classroom.a_class import assignment, pupils
from engines.cases import draw, file, hello
from engines.engines import missing
from engines.package import MAIN, Package

from rnncalc import Problem
from rnncalc.classroom.worksheets import make
from rnncalc.network.trace import Trace
from rnncalc.network.update_step import whole_trace
from rnncalc.workbook.problem_text import Settings
from rnncalc.workbook.write.annotated import annotated
from rnncalc.workbook.write.export import export
from rnncalc.workbook.write.filling import Note
from rnncalc.workbook.write.theme import default_theme
from rnncalc.workbook.write.training import Training
from rnncalc.workbook.write.worksheet import worksheet

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


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


@pytest.fixture(scope="module")
def known(tmp_path_factory) -> set[tuple[str, str]]:
    """What it finds in an empty workbook of openpyxl's."""
    empty = io.BytesIO()
    openpyxl.Workbook().save(empty)
    return findings(empty.getvalue(), tmp_path_factory.mktemp("empty") / "empty.xlsx")


_STEPS = 2
"""So many are enough, one before another: a further step is only more of the same elements."""


def short(name: str) -> Problem:
    """The problem of a template, of a long text its beginning."""
    whole = Problem.template(name)
    if whole.steps <= _STEPS:
        return whole
    targets = whole.targets[:_STEPS] if whole.targets[0] is not None else whole.targets[-_STEPS:]
    return whole.replace(inputs=whole.inputs[:_STEPS], targets=targets, text="")


def of_template(name: str, **options) -> bytes:
    return export(short(name), **options)


def blank(problem: Problem = hello, **options) -> bytes:
    return worksheet(problem, **options)[0]


def marked(problem: Problem) -> bytes:
    """A copy with a comment in the first cell of everything that is calculated."""
    trace: Trace = whole_trace(problem)
    asked = [q.name for q in trace.values() if q.rule is not None]
    notes = {(name, 0, 0): Note("wrong", 0.5, "It is wrong.") for name in asked}
    return annotated(trace, asked, notes, settings=Settings(), verdict=["Not yet."], legend={"wrong": "wrong: 1"})


def handed_out(**options) -> bytes:
    """The first worksheet of a class."""
    students = [pupil.student for pupil in pupils(1)]
    return next(make(assignment(), students, **options))[1].worksheet


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "hello": lambda: file("hello", "cells"),
    "themed, protected, in matrices": lambda: export(
        draw("ab a"), formulas="matrix", protect=True, theme=default_theme()
    ),
    "gru, reset after": lambda: file("gru, reset after", "matrix"),
    "words, embedding, classes at the last step": lambda: file("words, embedding, classes at the last step", "cells"),
    "epochs, lstm": lambda: of_template("lstm", training=Training(3, "adagrad")),
    "epochs by sgd, hello": lambda: of_template("hello", training=Training(3, "sgd")),
    "charts": lambda: export(draw("ab", hidden=1), training=Training(1, "sgd")),
    "a worksheet of two questions, protected, themed": lambda: blank(
        ask_for=["h_2", "p_2"], title="Week 1", whose="Ada <1>", protect=True, theme=default_theme()
    ),
    "practice, gru": lambda: blank(short("gru"), practice=True),
    "paper, lstm": lambda: blank(short("lstm"), paper=True),
    "annotated": lambda: marked(short("by-hand")),
    "handed out to a class": handed_out,
}  # fmt: skip
"""One of each kind. Microsoft's SDK, which is quicker and sees more, looks at others in test_validator.py."""


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
    book.cell("h_1").set("t", "word")


def with_an_element_out_of_place(book: Package) -> None:
    sheet = book.sheets["Forward"]
    (data,) = sheet.iter(f"{MAIN}sheetData")
    sheet.remove(data)
    sheet.append(data)


def with_a_formula_behind_its_value(book: Package) -> None:
    cell = book.cell("h_1")
    cell[:] = list(cell)[::-1]


FAULTS = [with_a_kind_of_value_that_there_is_not, with_an_element_out_of_place, with_a_formula_behind_its_value]
"""It sees neither an attribute nor a style that there is not; test_workbook.py looks for the latter."""


@cache
def sound(name: str) -> set[tuple[str, str]]:
    """What it finds in one of our workbooks."""
    with TemporaryDirectory() as folder:
        return findings(WORKBOOKS[name](), Path(folder) / "sound.xlsx")


@pytest.mark.parametrize("plant", FAULTS)
def test_the_audit_finds_a_planted_fault(plant, tmp_path):
    book = Package(charted())
    plant(book)
    assert findings(book.to_bytes(), tmp_path / "faulty.xlsx") - sound("charts")


def charts(book: bytes) -> dict[str, ElementTree.Element]:
    parts = Package(book).parts
    return {name: ElementTree.fromstring(parts[name]) for name in parts if re.search("charts/chart[0-9]+.xml$", name)}


NEEDED = {
    "scatterChart": ("scatterStyle", "axId"),
    "barChart": ("barDir", "axId"),
    "valAx": ("axId", "scaling", "axPos", "crossAx"),
    "catAx": ("axId", "scaling", "axPos", "crossAx"),
    "ser": ("idx", "order"),
}
"""What the format asks of each element of a chart, by ECMA-376, part 1, section 21.2."""


@pytest.mark.parametrize("name", ["hello", "epochs by sgd, hello", "gru, reset after"])
def test_every_element_of_a_chart_has_what_the_format_asks_for(name):
    for part, chart in charts(WORKBOOKS[name]()).items():
        for kind, children in NEEDED.items():
            for element in chart.iter(CHART + kind):
                assert [child for child in children if element.find(CHART + child) is None] == [], (part, kind)


@cache
def charted() -> bytes:
    """A small workbook with charts of both kinds."""
    return WORKBOOKS["charts"]()


@pytest.mark.parametrize(("kind", "child"), [(kind, child) for kind in NEEDED for child in NEEDED[kind]])
def test_the_audit_notices_where_that_is_taken_away(kind, child, tmp_path):
    file, taken = charted(), 0
    book = Package(file)
    for part, chart in charts(file).items():
        for element in list(chart.iter(CHART + kind)):
            left = [other for other in element if other.tag != CHART + child]
            taken += len(element) - len(left)
            element[:] = left
        book.parts[part] = ElementTree.tostring(chart)
    assert taken
    assert findings(book.to_bytes(), tmp_path / "faulty.xlsx") - sound("charts")
