"""Quantity and Trace: tables by name, selected by patterns and steps, each with its equation and what it came from."""

import numpy as np
import pytest
from drawn import given_numbers
from hypothesis import given

from rnncalc import Problem, Quantity, Trace, forward
from rnncalc.errors import ArithmeticOverflow, SelectionError
from rnncalc.language import TABLE
from rnncalc.network.families import Family
from rnncalc.network.names import Name
from rnncalc.network.quantity import Stage
from rnncalc.network.typed_names import parse

MULTIPLY = next(operation for operation in TABLE if operation.name == "multiply")


@pytest.fixture(scope="module")
def hello() -> Trace:
    return forward(Problem.template("hello"))


def selected(trace: Trace, *patterns: str, steps: list[tuple[int, int]] | None = None) -> list[str]:
    return [quantity.name for quantity in trace.select(patterns, steps or [])]


def test_a_quantity_knows_the_problem_of_its_trace(hello):
    assert all(q.problem is hello.problem for q in hello.values())
    assert quantity("u", [1.0]).problem is None


def test_a_trace_is_an_ordered_mapping(hello):
    assert list(hello)[:6] == ["Wxh", "Whh", "bh", "Why", "h_0", "x_1"]
    assert list(hello)[-1] == "loss"
    assert len(hello) == len(list(hello)) == len(hello.values())
    assert hello["h_2"].name == "h_2"
    assert "h_2" in hello
    assert "h_9" not in hello
    assert hello.get("h_9") is None
    assert "hello" in repr(hello)


def test_the_order_is_that_of_the_arithmetic(hello):
    assert selected(hello, steps=[(2, 2)]) == [
        "x_2", "target_2", "wx_2", "wh_2", "a_2", "h_2", "y_2", "exp_2", "p_2", "loss_2",
    ]  # fmt: skip


@given(given_numbers())
def test_every_quantity_stands_after_what_it_came_from(numbers):
    seen: set[Quantity] = set()
    for quantity in forward(numbers.problem()).values():
        assert set(quantity.sources) <= seen
        assert (quantity.rule is None) == (quantity.stage == "given")
        seen.add(quantity)


@pytest.mark.parametrize(
    ("name", "equation", "latex", "sources"),
    [
        ("wx_2", "wx₂ = Wxh · x₂", r"\mathit{wx}_{2} = W_{xh} \cdot x_{2}", ["Wxh", "x_2"]),
        ("wh_2", "wh₂ = Whh · h₁ + bh", r"\mathit{wh}_{2} = W_{hh} \cdot h_{1} + b_{h}", ["Whh", "h_1", "bh"]),
        ("a_2", "a₂ = wx₂ + wh₂", r"a_{2} = \mathit{wx}_{2} + \mathit{wh}_{2}", ["wx_2", "wh_2"]),
        ("h_2", "h₂ = tanh(a₂)", r"h_{2} = \tanh\left(a_{2}\right)", ["a_2"]),
        ("y_2", "y₂ = Why · h₂", r"y_{2} = W_{hy} \cdot h_{2}", ["Why", "h_2"]),
        ("exp_2", "exp₂ = exp(y₂)", r"\mathrm{exp}_{2} = \exp\left(y_{2}\right)", ["y_2"]),
        ("p_2", "p₂ = exp₂ / Σ exp₂", r"p_{2} = \frac{\mathrm{exp}_{2}}{\sum \mathrm{exp}_{2}}", ["exp_2"]),
        (
            "loss_2",
            "E₂ = −Σ target₂ ⊙ ln(p₂)",
            r"E_{2} = -\sum \mathrm{target}_{2} \odot \ln\left(p_{2}\right)",
            ["p_2", "target_2"],
        ),
        (
            "loss",
            "E = E₁ + E₂ + E₃ + E₄",
            "E = E_{1} + E_{2} + E_{3} + E_{4}",
            ["loss_1", "loss_2", "loss_3", "loss_4"],
        ),
        ("Wxh", "Wxh", "W_{xh}", []),
    ],
)
def test_a_quantity_says_how_it_came_about(hello, name, equation, latex, sources):
    quantity = hello[name]
    assert quantity.equation == equation
    assert latex is None or quantity.latex_equation == latex
    assert [source.name for source in quantity.sources] == sources
    assert equation in repr(quantity)


def test_the_shifted_softmax_says_what_is_taken_away(hello):
    trace = forward(hello.problem.replace(softmax="shifted"))
    assert trace["exp_2"].equation == "exp₂ = exp(y₂ − max(y₂))"
    assert trace["exp_2"].says == "The scores made positive with exp, after subtracting the largest score."
    assert trace["loss_2"].equation == hello["loss_2"].equation
    assert [source.name for source in trace["loss_2"].sources] == ["y_2", "exp_2", "p_2", "target_2"]


@pytest.mark.parametrize(
    ("settings", "name", "equation"),
    [
        ({"activation": "relu"}, "h_2", "h₂ = max(0, a₂)"),
        ({"activation": "sigmoid"}, "h_2", "h₂ = σ(a₂)"),
        ({"activation": "linear"}, "h_2", "h₂ = a₂"),
        ({"output_bias": True}, "y_2", "y₂ = Why · h₂ + by"),
        ({"loss_reduction": "mean"}, "loss", "E = (E₁ + E₂ + E₃ + E₄) / 4"),
        ({"targets": "last"}, "loss", "E = E₄"),
    ],
)
def test_the_settings_stand_in_the_equations(settings, name, equation):
    assert forward(Problem.draw("hello", **settings))[name].equation == equation


def test_stages_and_steps(hello):
    assert {q.stage for q in hello.values()} == {"given", "forward", "loss"}
    steps = {name: hello[name].step for name in ("Wxh", "h_0", "x_1", "target_4", "h_2", "loss_3", "loss")}
    assert steps == {"Wxh": None, "h_0": 0, "x_1": 1, "target_4": 4, "h_2": 2, "loss_3": 3, "loss": None}


# ── selecting ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_everything_by_default(hello):
    assert selected(hello) == list(hello)


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (["h_2"], ["h_2"]),
        (["h_*"], ["h_0", "h_1", "h_2", "h_3", "h_4"]),
        (["?_2"], ["x_2", "a_2", "h_2", "y_2", "p_2"]),
        (["stage:loss"], ["loss_1", "loss_2", "loss_3", "loss_4", "loss"]),
        (["loss", "h_2"], ["h_2", "loss"]),
        (["h_2", "h_*"], ["h_0", "h_1", "h_2", "h_3", "h_4"]),
        (["W*"], ["Wxh", "Whh", "Why"]),
    ],
)
def test_selecting_by_name_family_and_stage_keeps_the_order_of_the_trace(hello, patterns, names):
    assert selected(hello, *patterns) == names


def test_a_name_is_not_a_pattern_and_case_matters(hello):
    assert selected(hello, "loss") == ["loss"]
    with pytest.raises(SelectionError):
        hello.select(["wxh"])


def test_selecting_by_step(hello):
    assert selected(hello, "h_*", steps=[(2, 3)]) == ["h_2", "h_3"]
    assert selected(hello, "h_*", steps=[(1, 1), (3, 4)]) == ["h_1", "h_3", "h_4"]
    assert selected(hello, "loss", steps=[(1, 4)]) == []
    assert "Wxh" not in selected(hello, steps=[(1, 4)])


@pytest.mark.parametrize("steps", [[(9, 9)], [(0, 1)], [(4, 5)]])
def test_a_step_that_is_not_there(hello, steps):
    with pytest.raises(SelectionError, match=r"^There is no step [095]: 'hello' has steps 1 to 4\.$"):
        hello.select([], steps)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("h_9", "There is no h_9: h runs from h_0 to h_4."),
        ("loss_5", "There is no loss_5: loss runs from loss_1 to loss_4."),
        ("h", "There is no h alone. Use h_0 to h_4, with the step."),
        ("Wxx", "There is no quantity named 'Wxx' (did you mean 'Wxh'?)."),
        ("zzzzzz", "There is no quantity named 'zzzzzz'."),
    ],
)
def test_a_name_that_is_not_there_says_what_is(hello, name, message):
    with pytest.raises(SelectionError) as by_name:
        hello[name]
    with pytest.raises(SelectionError) as by_pattern:
        hello.select([name])
    assert str(by_name.value) == str(by_pattern.value) == message


@pytest.mark.parametrize("pattern", ["q_*", "stage:lost", "", "*_9"])
def test_a_pattern_that_matches_nothing(hello, pattern):
    with pytest.raises(SelectionError, match="There is no"):
        hello.select(["h_2", pattern])


def test_an_unknown_stage_lists_those_there_are(hello):
    with pytest.raises(SelectionError, match=r"^There is no stage 'lost' here; the stages are given, forward, loss\.$"):
        hello.select(["stage:lost"])


# ── making ────────────────────────────────────────────────────────────────────────────────────────────────────────


def quantity(name: str, *rows: list[float]) -> Quantity:
    return Quantity(name, np.array(rows), stage="given")


def test_a_number_that_leaves_float64_is_reported_with_the_largest_that_went_in():
    small, large = quantity("small", [2.0, 3.0]), quantity("large", [1e308, -1.5e308])
    trace = Trace(Problem.template("hello"))
    with np.errstate(over="ignore"), pytest.raises(ArithmeticOverflow) as caught:
        trace.add(parse("h_3"), MULTIPLY(small, large), stage=Stage.FORWARD)
    message = str(caught.value)
    assert message.startswith("h_3 at step 3 is not finite: small ⊙ large overflows float64; ")
    assert "the largest number used is 1.5e+308, in large." in message
    assert "h_3" not in trace


def test_what_is_added_is_computed_by_its_rule(hello):
    trace = Trace(hello.problem)
    product = trace.add(
        Name(Family("product")), MULTIPLY(quantity("u", [2.0, 3.0]), quantity("v", [5.0, 7.0])), stage=Stage.FORWARD
    )
    assert product.value.tolist() == [[10, 21]]
    assert product.shape == (1, 2)
    assert trace["product"] is product
    assert [source.name for source in product.sources] == ["u", "v"]
