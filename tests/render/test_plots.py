"""The drawing of a gradient's flow: what is in it, and that the same problem gives the same bytes."""

import importlib.util
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pytest

from rnncalc import Problem
from rnncalc.errors import RnncalcError
from rnncalc.network.flow import flow
from rnncalc.render.plots import cells_plot, check_plot, flow_plot

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def matplotlib(missing) -> None:
    if importlib.util.find_spec("matplotlib") is None:
        missing("matplotlib is not installed")


def texts(drawing: bytes) -> list[str]:
    """What is written in an SVG."""
    return ["".join(element.itertext()).strip() for element in ElementTree.fromstring(drawing).iter(f"{SVG}text")]


def test_a_png_is_a_png():
    drawing = flow_plot(flow(Problem.template("hello")), "png")
    assert drawing.startswith(b"\x89PNG\r\n\x1a\n")
    assert drawing.endswith(b"IEND\xaeB`\x82")


def test_an_svg_is_xml_with_its_title_axes_and_legend():
    drawing = flow_plot(flow(Problem.template("hello")), "svg")
    assert ElementTree.fromstring(drawing).tag == f"{SVG}svg"
    written = texts(drawing)
    for words in (
        "hello: how the gradient travels back",
        "time step t (0: the initial state)",
        "norm of the gradient",
        "‖∂E/∂h_t‖",
        "‖∂E/∂h_T‖ · product of the factors",
    ):
        assert words in written


@pytest.mark.parametrize("form", ["svg", "png"])
@pytest.mark.parametrize("name", ["hello", "vanishing"])
def test_the_same_problem_gives_the_same_bytes(form, name):
    first, second = (flow_plot(flow(Problem.template(name)), form) for _ in range(2))
    assert first == second
    assert first != flow_plot(flow(Problem.template("pencil")), form)


def test_several_cells_have_a_line_each_and_the_same_bytes_twice():
    flows = [flow(Problem.draw("banana", cell_kind=kind)) for kind in ("rnn", "lstm", "gru")]
    drawing = cells_plot(flows, "svg")
    assert drawing == cells_plot(flows, "svg")
    assert {"banana: how the gradient travels back", "rnn", "lstm", "gru"} <= set(texts(drawing))
    assert len(marks(drawing)) == 3
    for found, places in zip(flows, marks(drawing), strict=True):
        heights = [y for _, y in places]
        norms = [s.norm for s in found.steps]
        assert sorted(range(6), key=heights.__getitem__, reverse=True) == sorted(range(6), key=norms.__getitem__)


def marks(drawing: bytes) -> list[list[tuple[float, float]]]:
    """The places of the marks of each line that has six."""
    groups = [g for g in ElementTree.fromstring(drawing).iter(f"{SVG}g") if "line2d" in g.get("id", "")]
    lines = [[(float(mark.get("x")), float(mark.get("y"))) for mark in g.iter(f"{SVG}use")] for g in groups]
    return [places for places in lines if len(places) == 6]


def test_a_mark_for_each_step_at_the_height_of_its_logarithm():
    """Where each step back divides the gradient by 10, the marks stand on a straight line that rises to the right."""
    problem = Problem(
        inputs="aaaaa", targets="aaaab", vocabulary="ab", h_0=[0], activation="linear",
        weights={"Wxh": [[0, 0]], "Whh": 0.1, "bh": 0, "Why": [[1], [-1]]},
    )  # fmt: skip
    norms, products = marks(flow_plot(flow(problem), "svg"))
    assert norms == products
    strides = [(right[0] - left[0], right[1] - left[1]) for left, right in pairwise(norms)]
    assert strides == [pytest.approx(strides[0], abs=1e-4)] * 5
    across, up = strides[0]
    assert across > 0 > up  # the y of an SVG grows downwards


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a$b$ab", "a$b$ab"),
        ("a\\b_a^b", "a\\b_a^b"),
        ("ab\n\tab", "ab↵⇥ab"),
        ("<&>\"'<", "<&>\"'<"),
        ("é b", "é b"),
        ("日é😀日", "日é😀日"),
    ],
)
def test_any_letters_can_stand_in_the_title(text, shown):
    assert f"{shown}: how the gradient travels back" in texts(flow_plot(flow(Problem.draw(text)), "svg"))


def test_a_long_text_is_cut_in_the_title():
    title = f"{'ab' * 23}a…: how the gradient travels back"
    assert title in texts(flow_plot(flow(Problem.draw("ab" * 40)), "svg"))


def test_a_gradient_of_zeros_can_be_drawn():
    problem = Problem.template("hello")
    silent = problem.replace(weights={**problem.weights, "Whh": 0})
    assert ElementTree.fromstring(flow_plot(flow(silent), "svg")).tag == f"{SVG}svg"


@pytest.mark.parametrize("file", ["flow.pdf", "flow", "flow.svg.gz", "svg", ".svg"])
def test_a_file_needs_to_end_in_svg_or_png(file):
    with pytest.raises(RnncalcError, match=r"needs to end in \.svg or \.png\.$"):
        check_plot(file)


@pytest.mark.parametrize("file", ["flow.svg", "flow.png", "a folder/flow.SVG"])
def test_svg_and_png_in_any_case(file):
    check_plot(file)


def test_without_matplotlib_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RnncalcError, match=r"pip install 'rnncalc\[plot\]'"):
        check_plot("flow.svg")
