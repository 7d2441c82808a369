"""The figure's plan: every number where its step stands, texts inside the figure, arrows from step to step."""

from itertools import pairwise

import pytest

from rnncalc import Problem, RnncalcError, forward
from rnncalc.network.stages import trace_to
from rnncalc.render.drawing.compose import LARGEST, compose
from rnncalc.render.drawing.shapes import Drawing, Line, Rectangle, Text, text_width

TEMPLATES = ("hello", "lstm", "gru", "by-hand", "sentiment", "sentiment-lstm", "remembering")


def drawn(problem: Problem, through: str = "backward", decimals: int = 3) -> Drawing:
    return compose(trace_to(problem, through), decimals)


def headings(drawing: Drawing) -> list[Rectangle]:
    """The bars above the steps."""
    shapes = [shape for group in drawing.groups for shape in group.shapes]
    return [shape for shape in shapes if isinstance(shape, Rectangle) and shape.fill == "1F3864"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_step_stands_below_its_heading(name):
    problem = Problem.template(name)
    drawing, trace = drawn(problem), trace_to(problem, "backward")
    bars = headings(drawing)
    assert len(bars) == problem.steps
    places: dict[str, list[float]] = {}
    for group in drawing.groups:
        if group.name:
            places.setdefault(group.name, []).extend(s.x for s in group.shapes if isinstance(s, Text))
    for q in trace.values():
        if q.step and q.name in places:
            bar = bars[q.step - 1]
            assert any(bar.left < x < bar.left + bar.width for x in places[q.name]), q.name
    for t in range(1, problem.steps):  # and what is handed on stands at the next step too
        assert any(bars[t].left < x < bars[t].left + bars[t].width for x in places[f"h_{t}"])


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_text_leaves_the_figure_and_no_number_its_area(name):
    drawing = drawn(Problem.template(name))
    for group in drawing.groups:
        for shape in group.shapes:
            if isinstance(shape, Text):
                wide = text_width(shape.text, shape.size)
                left = shape.x - {"start": 0, "middle": wide / 2, "end": wide}[shape.anchor]
                assert left >= 0, shape.text
                assert left + wide <= drawing.width, shape.text
                assert 0 < shape.baseline < drawing.height
        for area, written in pairwise(group.shapes):
            if isinstance(area, Rectangle) and isinstance(written, Text):
                assert text_width(written.text, written.size) <= area.width
                assert area.top < written.baseline < area.top + area.height


@pytest.mark.parametrize(("name", "states"), [("hello", 1), ("gru", 1), ("lstm", 2)])
def test_each_state_is_handed_on_by_an_arrow(name, states):
    problem = Problem.template(name)
    lines = [s for group in drawn(problem, "loss").groups for s in group.shapes if isinstance(s, Line)]
    assert len(lines) == states * (problem.steps - 1)
    bars = headings(drawn(problem, "loss"))
    ends = [(line.points[0][0], line.points[-1][0]) for line in lines]
    for before, after in pairwise(bars):
        between = [e for e in ends if before.left <= e[0] <= before.left + before.width]
        assert len(between) == states
        assert all(after.left <= end <= after.left + after.width for _, end in between)


def test_the_stages_add_rows():
    problem = Problem.template("hello")
    names = [{group.name for group in drawn(problem, stage).groups} for stage in ("forward", "loss", "backward")]
    assert "p_1" in names[0]
    assert names[1] - names[0] == {"loss_1", "loss_2", "loss_3", "loss_4", "loss"}
    assert {"dy_1", "dh_next_3", "da_4"} <= names[2] - names[1]
    heights = [drawn(problem, stage).height for stage in ("forward", "loss", "backward")]
    assert heights == sorted(set(heights))


def test_what_is_too_large_for_the_figure_is_named():
    says = drawn(Problem.draw("the quick brown fox jumps", hidden=2)).says
    assert "Too large for a figure, so not drawn: Wxh" in says
    assert "Too large" not in drawn(Problem.template("lstm")).says


def test_a_figure_larger_than_a_page_is_refused_with_the_number_of_steps_that_fit():
    with pytest.raises(RnncalcError) as error:
        compose(forward(Problem.draw("ab" * 300, hidden=1)), 3)
    assert f"{LARGEST:,} at most" in str(error.value)
    fits = int(str(error.value).split("at most ")[-1].split()[0])
    drawing = compose(forward(Problem.draw(("ab" * 300)[: fits + 1], hidden=1)), 3)
    assert drawing.width <= LARGEST
    with pytest.raises(RnncalcError):
        compose(forward(Problem.draw(("ab" * 300)[: 2 * fits], hidden=1)), 3)
    with pytest.raises(RnncalcError, match="tall"):
        compose(forward(Problem.draw("ab", hidden=400)), 3)
