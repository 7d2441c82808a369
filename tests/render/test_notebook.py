"""What a notebook shows of a quantity, a problem and a trace."""

import html.parser
import re

import numpy as np
import pytest

from rnncalc import Problem, Quantity, Trace, backward
from rnncalc.language import TABLE

MULTIPLY = next(operation for operation in TABLE if operation.name == "multiply")


@pytest.fixture(scope="module")
def hello() -> Trace:
    return backward(Problem.template("hello"))


class Cells(html.parser.HTMLParser):
    """The tags of a piece of HTML, its text, and the cells of each of its tables row by row."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.captions: list[str] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" in self.open:
            return
        self.text += data
        if "tr" in self.open:
            self.tables[-1][-1][-1] += data
        if "caption" in self.open:
            self.captions.append(data)


def test_a_quantity_shows_the_picture_of_its_arithmetic_with_letters_as_labels(hello):
    shown = Cells(hello["y_2"]._repr_html_())
    assert shown.open == []
    weights, states, result = shown.tables
    assert weights[0] == ["", "1", "2", "3"]
    assert [row[0] for row in weights[1:]] == ["h", "e", "l", "o"]
    assert weights[1][1:] == ["0.371680", "0.974829", "0.830035"]
    assert states == [["unit 1", "0.936534"], ["unit 2", "0.949104"], ["unit 3", "0.762341"]]
    assert result == [["h", "1.906075"], ["e", "1.137792"], ["l", "0.956664"], ["o", "1.274228"]]
    assert shown.captions == ["Why", "h₂", "y₂"]
    assert "y_2" in shown.text
    assert "y₂ = Why · h₂" in shown.text


def test_a_given_quantity_shows_its_numbers(hello):
    (weights,) = Cells(hello["Wxh"]._repr_html_()).tables
    assert weights[0] == ["", "h", "e", "l", "o"]
    assert weights[1] == ["unit 1", "0.287027", "0.846060", "0.572392", "0.486813"]
    (letter,) = Cells(hello["x_1"]._repr_html_()).tables
    assert letter == [["h", "1"], ["e", "0"], ["l", "0"], ["o", "0"]]


def test_every_quantity_can_be_shown(hello):
    for q in hello.values():
        shown = Cells(q._repr_html_())
        assert shown.open == []
        assert q.name in shown.text
        assert f"{abs(q.value.flat[0]):.6f}" in shown.text or q.rule is None


def test_a_problem_shows_what_is_given(hello):
    shown = Cells(hello.problem._repr_html_())
    assert "3 hidden units, tanh; template hello" in shown.text
    assert all(name in shown.text for name in ("Wxh", "Whh", "bh", "Why", "h_0", "x_1 … x_4"))
    assert "wx_1" not in shown.text


def test_a_trace_shows_its_summary_and_each_step_to_be_opened(hello):
    source = hello._repr_html_()
    shown = Cells(source)
    assert shown.open == []
    assert shown.tables[0][1] == ["1", "h", "h", "0.432319", "e", "0.205123", "1.584146"]
    steps = re.findall("<summary>(.*?)</summary>", source)
    assert steps[:2] == ["Given", "Step 1 of 4: reads h, target e"]
    assert "Step 4 of 4, backward: reads l, target o" in steps


def test_what_is_very_large_is_not_drawn():
    long = Problem.draw("ab" * 1000, hidden=30)
    trace = backward(long, truncate=5)
    assert "<details>" not in trace._repr_html_()
    assert "x_1" not in long._repr_html_()
    wide = backward(Problem.draw("abc", hidden=60))
    assert "3,600 numbers: too many to show." in wide["Whh"]._repr_html_()
    assert Cells(wide["dWhh_1"]._repr_html_()).tables == []


def test_a_quantity_of_no_problem_shows_its_numbers():
    alone = Quantity("u", np.array([[1.0, 2.5]]), stage="given")
    assert Cells(alone._repr_html_()).tables == [[["1.000000", "2.500000"]]]


def test_markup_in_a_name_or_an_equation_is_escaped():
    evil = Quantity("<script>&x", np.ones((1, 1)), stage="given")
    bad = Quantity("<i>", np.ones((1, 1)), stage="forward", rule=MULTIPLY(evil, evil))
    for shown in (Cells(evil._repr_html_()), Cells(bad._repr_html_())):
        assert set(shown.tags) <= {"div", "style", "h3", "code", "span", "p", "table", "tbody", "tr", "td"}
        assert "<script>&x" in shown.text
    letters = Cells(backward(Problem.draw("<b>&", hidden=1))._repr_html_())
    assert "b" not in letters.tags


def test_the_style_touches_nothing_else_in_the_notebook(hello):
    (style,) = re.findall("<style>(.*?)</style>", hello["h_2"]._repr_html_(), re.DOTALL)
    selectors = [s.strip() for rule in re.findall(r"([^{}]+)\{", style) for s in rule.split(",")]
    assert selectors
    assert all(selector.startswith(".rnncalc ") for selector in selectors)
