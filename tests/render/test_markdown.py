"""Markdown: every picture one table, and nothing that a text holds is taken for markup."""

import re

import pytest
from drawn import given_numbers
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem, Trace, forward
from rnncalc.io.visible import visible
from rnncalc.render.document import document
from rnncalc.render.markdown import cell, to_markdown
from rnncalc.render.summary import forward_summary


def written(trace: Trace, *names: str, decimals: int = 6) -> str:
    """The document of these quantities; of all, with title and summary, where none is named."""
    chosen = trace.select(names)
    return to_markdown(
        document(trace, chosen, decimals=decimals, headed=not names, summary=None if names else forward_summary)
    )


@pytest.fixture(scope="module")
def hello() -> Trace:
    return forward(Problem.template("hello"))


def test_a_picture_is_one_table_as_a_spreadsheet_shows_it(hello):
    assert (
        written(hello, "wx_2", decimals=2)
        == """\
## Step 2 of 4: reads e, target l

**wx\\_2**: wx₂ = Wxh · x₂  \nContribution of the current letter.

| Wxh: h | e | l | o |  |  | x₂ |  | wx₂ |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|
| 0.29 | 0.85 | 0.57 | 0.49 |  | h | 0 |  | 0.85 |
| 0.90 | 0.87 | 0.69 | 0.19 | · | e | 1 | = | 0.87 |
| 0.54 | 0.09 | 0.56 | 0.49 |  | l | 0 |  | 0.09 |
|  |  |  |  |  | o | 0 |  |  |
"""
    )


def cells(row: str) -> list[str]:
    """The cells of a row of a pipe table, cut at bars that are no text."""
    return [text.strip() for text in re.split(r"(?<!\\)(?:\\\\)*\|", row)[1:-1]]


def tables(page: str) -> list[list[list[str]]]:
    found = re.findall(r"(?:^\|.*\|\n?)+", page, re.MULTILINE)
    return [[cells(row) for row in table.splitlines()] for table in found]


@given(given_numbers())
def test_every_table_has_as_many_cells_in_each_row(numbers):
    page = written(forward(numbers.problem()))
    found = tables(page)
    assert len(found) == page.count("\n|--") + page.count("\n|:-")
    for table in found:
        assert len({len(row) for row in table}) == 1
        assert all(re.fullmatch(":?-+:?", mark) for mark in table[1])


def test_the_summary_of_hello(hello):
    heading, marks, *rows = tables(written(hello))[-1]
    assert heading == ["step", "reads", "predicts", "with p", "target", "with p", "loss"]
    assert marks == ["---:", ":-:", ":-:", "---:", ":-:", "---:", "---:"]
    assert rows[1] == ["2", "e", "h", "0.419747", "l", "0.162429", "1.817514"]
    assert "Total loss E = 6.811275" in written(hello)


def test_the_letters_stand_beside_the_rows(hello):
    table = tables(written(hello, "p_2", decimals=2))[0]
    assert [row[-2:] for row in table[2:]] == [["h", "0.42"], ["e", "0.19"], ["l", "0.16"], ["o", "0.22"]]


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", r"a\|b"),
        ("*a* _b_", r"\*a\* \_b\_"),
        ("<b>&amp;", r"\<b\>\&amp;"),
        ("`$x$`", r"\`\$x\$\`"),
        ("\\", "\\\\"),
    ],
)
def test_signs_with_a_meaning_are_escaped(text, escaped):
    assert cell(text) == escaped


@given(st.text())
def test_what_is_escaped_can_be_read_back(text):
    assert re.sub(r"\\(.)", r"\1", cell(text), flags=re.DOTALL) == visible(text)


def test_a_text_of_markup_is_text():
    page = written(forward(Problem.draw("|*_`<>|$&#[]")))
    assert not re.search(r"(?<!\\)[<>`$&\[\]]", page.replace("in \\[-1, 1\\]", ""))
    assert "reads       \\| \\* \\_ \\` \\< \\>" in page
