"""The figure as SVG, read back as XML: every number of the trace with its decimals, and any letters."""

import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import numpy as np
import pytest
from drawn import given_numbers
from hypothesis import given, settings

from rnncalc import Problem, Trace
from rnncalc.network.quantity import Stage
from rnncalc.network.stages import trace_to
from rnncalc.render.drawing.compose import compose
from rnncalc.render.drawing.svg import to_svg

SVG = "{http://www.w3.org/2000/svg}"


def texts(source: str) -> list[str]:
    """What is written in the figure."""
    return [element.text or "" for element in ElementTree.fromstring(source).iter(f"{SVG}text")]


def numbers(source: str) -> dict[str, list[list[str]]]:
    """The numbers of each quantity, for each place where it stands."""
    shown: dict[str, list[list[str]]] = {}
    for group in ElementTree.fromstring(source).iter(f"{SVG}g"):
        shown.setdefault(group.attrib["data-quantity"], []).append([t.text or "" for t in group.iter(f"{SVG}text")])
    return shown


def read(text: str) -> float:
    return float(text.replace("−", "-"))


def check(trace: Trace, decimals: int) -> set[str]:
    """Hold each number of the figure to the trace; gives the names of the quantities."""
    shown = numbers(to_svg(compose(trace, decimals)))
    for name, places in shown.items():
        values = trace[name].value.ravel().tolist()
        for place in places:
            assert len(place) % len(values) == 0  # a copy may stand beside its original
            for value, text in zip(values * (len(place) // len(values)), place, strict=True):
                if "e" in text:
                    assert read(text) == pytest.approx(value, rel=0.5 if decimals <= 3 else 0.05)
                    assert abs(value) <= 0.5 * 10**-decimals or abs(value) >= 1e9
                elif "." in text or decimals == 0:
                    assert text == f"{value:.{decimals}f}".replace("-", "−") or (read(text) == 0 and value == 0)
                else:
                    assert read(text) == value  # a table of whole numbers
                    assert trace[name].stage == Stage.GIVEN
    return set(shown)


@pytest.mark.parametrize("decimals", [0, 3, 7])
@pytest.mark.parametrize("name", ["hello", "lstm", "gru", "by-hand", "sentiment-lstm"])
def test_every_number_of_the_network_stands_in_the_figure(name, decimals):
    problem = Problem.template(name)
    trace = trace_to(problem, "loss")
    expected = {q.name for q in trace.values() if q.family.name not in ("target", "eta")}
    assert check(trace, decimals) == expected


@pytest.mark.parametrize(
    "problem",
    [
        Problem.draw("banana", hidden=2, layers=2, cell_kind="lstm", head=(3,)),
        Problem.draw("abcab", hidden=3, cell_kind="gru", reset_after=True, output_bias=True),
    ],
    ids=["two lstm layers and a head", "gru"],
)
def test_the_gradients_are_those_of_the_trace(problem):
    names = check(trace_to(problem, "backward"), 4)
    assert {"dy_1", "dh_next_1", f"dh_{problem.steps}"} <= names


@given(given_numbers())
@settings(max_examples=15)
def test_any_letters_and_any_numbers(numbers_given):
    problem = numbers_given.problem()
    try:
        trace = trace_to(problem, "backward" if problem.has_loss else "forward")
    except ArithmeticError:
        return
    check(trace, 3)


def test_the_numbers_of_the_textbook_at_step_2():
    shown = numbers(to_svg(compose(trace_to(Problem.template("hello"), "loss"), 6)))
    assert shown["h_2"][0] == ["0.936534", "0.949104", "0.762341"]
    assert shown["loss"] == [["6.811275"]]
    assert shown["Wxh"][0][:4] == ["0.287027", "0.846060", "0.572392", "0.486813"]


def test_a_wrong_number_is_noticed():
    trace = trace_to(Problem.template("hello"), "loss")
    other = trace_to(Problem.template("hello"), "loss")
    value = np.array(other["h_2"].value)
    value[1, 0] += 0.001
    other["h_2"].value = value
    shown = numbers(to_svg(compose(other, 3)))
    assert shown["h_2"][0] != [f"{v:.3f}" for v in trace["h_2"].value.ravel()]


def test_the_letters_of_the_user_are_text():
    text = "a<b>&\"']]>\x1b\u202e\n é日😀"
    source = to_svg(compose(trace_to(Problem.draw(text, hidden=2), "loss"), 3))
    written = texts(source)
    for t, letter in enumerate("a<b>&\"']]>", 1):
        assert f"{t}   {letter}" in written
    assert {"11   ␛", "12   U+202E", "13   ↵", "14   ␣", "15   é", "16   日"} <= set(written)
    assert "\x1b" not in source
    assert "\u202e" not in source
    root = ElementTree.fromstring(source)
    assert "a<b>&" in (root.findtext(f"{SVG}title") or "")
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg", "title", "desc", "rect", "g", "text", "polyline", "polygon",
    }  # fmt: skip


def test_screen_readers_are_told_what_it_is():
    root = ElementTree.fromstring(to_svg(compose(trace_to(Problem.template("hello"), "loss"), 3)))
    assert root.attrib["role"] == "img"
    labels = root.attrib["aria-labelledby"].split()
    named = {element.attrib["id"]: element.text or "" for element in root if "id" in element.attrib}
    assert "hello" in named[labels[0]]
    assert "4 steps" in named[labels[1]]
    assert "Total loss 6.811." in named[labels[1]]


def test_it_needs_no_other_file():
    source = to_svg(compose(trace_to(Problem.template("lstm"), "backward"), 3))
    assert "href" not in source
    assert "url(" not in source
    assert source.count("http") == 1  # the name of SVG itself


def test_letters_stand_out_on_their_areas_in_grey():
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    root = ElementTree.fromstring(to_svg(compose(trace_to(Problem.template("lstm"), "backward"), 3)))
    pairs = set()
    for parent in root.iter():
        for area, written in pairwise(parent):
            if area.tag == f"{SVG}rect" and written.tag == f"{SVG}text":
                pairs.add((area.attrib["fill"][1:], written.attrib["fill"][1:]))
    assert len(pairs) > 8
    for area, written in pairs:
        high, low = sorted([light(area), light(written)], reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, (area, written)
