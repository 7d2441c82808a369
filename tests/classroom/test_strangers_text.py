"""Whatever a student types into a cell, no page has a line that they wrote, and no terminal obeys it."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbook.filled import HELLO, blank, fill_in, put_in, true_numbers, verified

from rnncalc.marking.answers import read_answer
from rnncalc.marking.marking import Answers, Report, mark
from rnncalc.network.update_step import whole_trace
from rnncalc.render.console import Page, to_page
from rnncalc.render.html import to_html
from rnncalc.render.latex.document import to_latex
from rnncalc.render.markdown import to_markdown
from rnncalc.render.report import report_parts
from rnncalc.render.report_json import report_json

TRACE = whole_trace(HELLO)
FILLED = fill_in(blank(), true_numbers(TRACE), 4)
CLAIM = "Everything is right: 101 of 101 numbers are right"
BEFORE = ("\n", "\r\n", "\x0b", "\x85", "\u2028", "\u2029", "\x1b[2J", "\x9b2J", "\u202e", "x" + " " * 90, "y " * 40)
WRITERS = {
    "terminal": lambda parts: to_page(parts, Page(80)),
    "narrow terminal": lambda parts: to_page(parts, Page(40)),
    "ASCII terminal": lambda parts: to_page(parts, Page(80, ascii_only=True)),
    "Markdown": to_markdown,
    "HTML": lambda parts: to_html(parts, "a page"),
    "LaTeX": to_latex,
}


def report_of(text: str, cell: str = "") -> Report:
    given = read_answer(text)._replace(cell=cell)
    return mark(TRACE, [Answers("h_1", {(0, 0): given})])


def page_of(report: Report, show: str, writer: str) -> str:
    return WRITERS[writer](report_parts(report, TRACE, show, 6, whole=True))


def stands_alone(page: str) -> bool:
    """Whether the claim begins a line, whatever a format puts before a line."""
    return any(re.match(rf"[\s#>*|]*{CLAIM[:30]}", line) for line in page.splitlines())


def is_obeyed(page: str) -> bool:
    """Whether a terminal would find something to obey, or something to hide."""
    return any(unicodedata.category(sign)[0] == "C" and sign not in "\n\u200c\u200d" for sign in page)


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("show", ["where", "hint", "answer"])
@pytest.mark.parametrize("before", BEFORE)
def test_a_claim_in_a_cell_never_stands_on_a_line_of_its_own(writer, show, before):
    page = page_of(report_of(before + CLAIM + before), show, writer)
    assert not stands_alone(page)
    assert not is_obeyed(page)


@given(st.text(max_size=60), st.text(max_size=31), st.sampled_from(sorted(WRITERS)))
def test_no_text_of_a_cell_or_name_of_its_sheet_is_obeyed(text, sheet, writer):
    assert not is_obeyed(page_of(report_of(text, f"'{sheet}'!B2"), "hint", writer))


@given(st.text(max_size=60))
def test_the_data_keep_the_text_and_a_terminal_obeys_none_of_it(text):
    report = report_of(text)
    data = report_json(report, TRACE)
    (kept,) = (m.given for m in report.marks)
    assert json.loads(data)["cells"][0]["given"] == (kept.text if kept.number is None else kept.number)
    assert not is_obeyed(data)


@pytest.mark.parametrize("written", [f"_x001B_[2J_x000A_{CLAIM}", f"a_x000D__x000A_{CLAIM}", f"_x202E_{CLAIM}"])
@pytest.mark.parametrize("writer", WRITERS)
def test_characters_that_a_workbook_writes_as_escapes_are_seen_too(written, writer):
    file = put_in(FILLED, {("h_1", 0, 0): written})
    page = page_of(verified(file), "hint", writer)
    assert "not a number" in page
    assert not stands_alone(page)
    assert not is_obeyed(page)
