"""Workbooks of words, numbers, classes, further layers and generated steps: what their pages say, and what is open."""

import re
from xml.etree import ElementTree

import pytest
from engines.cases import CASES, NUMBERS, draw, package
from engines.package import MAIN, Package, split

from rnncalc.workbook.write.export import export

AT_THE_END = "words, embedding, classes at the last step"
WITHOUT_LETTERS = [name for name, case in CASES.items() if case.problem.token != "letter"]
CHART_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


def said(book: Package, title: str) -> list[str]:
    """What stands on a sheet that is no number."""
    shown = [book.value(title, address) for address in book.cells[title]]
    return [text for text in shown if isinstance(text, str)]


@pytest.mark.parametrize("name", WITHOUT_LETTERS)
def test_a_workbook_of_words_or_numbers_speaks_of_no_letters(name):
    book = package(name, "cells")
    texts = [text for title in book.sheets for text in said(book, title) if title != "Problem"]
    charts = [content for part, content in book.parts.items() if part.startswith("xl/charts/")]
    texts += [str(run.text) for content in charts for run in ElementTree.fromstring(content).iter(CHART_TEXT)]
    assert [text for text in texts if re.search(r"\bletters?\b", text)] == []


def test_equations_has_each_equation_once_at_step_2_or_where_there_is_one():
    texts = said(package(AT_THE_END, "cells"), "Equations")
    names = [name for name in texts if name in CASES[AT_THE_END].trace() and name != "loss"]  # a colour has that name
    computed = [name for name in names if name != "h_0"]
    assert len(computed) == len(set(computed))
    assert {"e_2", "h_2", "av_D1_4", "v_D2_4", "y_4", "p_4", "loss_4", "dh_2", "dWhh_2", "dWhh"} <= set(names)
    assert not {"h_1", "h_4", "dh_4", "dWhh_4"} & set(names)


def test_equations_has_those_of_both_layers():
    names = said(package("two layers of lstm, states random", "cells"), "Equations")
    assert {"h_2", "h_L2_2", "dWhi_2", "dWhi_L2_2", "dWhi_L2"} <= set(names)


def test_numbers_that_are_read_are_open_to_change_and_shown_as_they_are():
    book = package("numbers read, squared error", "cells")
    shown = [book.value(title, a) for title, area in [book.area("x_2")] for (a,) in area]
    assert shown == NUMBERS[1]


def test_a_network_without_output_has_nothing_to_chart():
    assert "Charts" not in package("no output", "cells").sheets
    assert "Charts" in package("generated numbers", "cells").sheets


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (draw("a good film", tokens="words", hidden=1), "What the network computes, word by word."),
        (draw(inputs=NUMBERS, hidden=1, classes=1), "What the network computes, step by step."),
    ],
)
def test_the_forward_sheet_says_how_the_network_reads(problem, line):
    assert line in said(Package(export(problem)), "Forward")


@pytest.mark.parametrize("title", ["Inputs", "Check", "Wv_D1"])
def test_every_column_of_numbers_is_as_wide_as_they_are(title):
    problem = draw(inputs=NUMBERS, hidden=50, head=[45, 30], classes=2, output_at="last", targets=[[1.0, 0.0]])
    book = Package(export(problem))
    widths = {
        column: float(str(found.get("width")))
        for found in book.sheets[title].iter(f"{MAIN}col")
        for column in range(int(str(found.get("min"))), int(str(found.get("max"))) + 1)
    }
    columns = {split(a)[0] for a in book.cells[title] if isinstance(book.value(title, a), float)}
    assert max(columns) > 26
    assert min(widths.get(column, 0) for column in columns) >= len("-0.123456")
