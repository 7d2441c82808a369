"""One number explained: the numbers put in give the result, for every element of every quantity."""

import math
import re

import pytest
from drawn import given_numbers
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem, Trace, forward
from rnncalc.errors import SelectionError
from rnncalc.network.typed_elements import Elements, typed_elements
from rnncalc.render.console import Page, to_page
from rnncalc.render.explain import explain_parts, worked


@pytest.fixture(scope="module")
def hello() -> Trace:
    return forward(Problem.template("hello"))


def explained(trace: Trace, typed: str, *, decimals: int = 6, width: int = 80) -> list[str]:
    return page_of(trace, typed_elements(trace, typed), Page(width), decimals=decimals).splitlines()


def page_of(trace: Trace, elements: Elements, page: Page, *, decimals: int = 6) -> str:
    return to_page(explain_parts(trace, elements, decimals=decimals), page)


PYTHON = {"−": "-", "·": "*", "²": "**2", "[": "float(", "]": ")"}
FUNCTIONS = {
    "tanh": math.tanh,
    "exp": math.exp,
    "ln": math.log,
    "max": max,
    "float": float,
    "σ": lambda a: 1 / (1 + math.exp(-a)),
}


def calculated(written: str) -> float:
    """What a person with a calculator gets for a line of arithmetic."""
    for sign, code in PYTHON.items():
        written = written.replace(sign, code)
    return float(eval(written, {"__builtins__": {}}, FUNCTIONS))


@given(given_numbers(), st.data())
def test_the_numbers_put_in_give_the_result(numbers, data):
    trace = forward(numbers.problem())
    computed = [name for name, quantity in trace.items() if quantity.rule is not None]
    quantity = trace[data.draw(st.sampled_from(computed))]
    row = data.draw(st.integers(1, quantity.shape[0]))
    page = page_of(trace, Elements(quantity, [(row - 1, 0)]), Page(10**6), decimals=15).splitlines()
    symbol = quantity.symbol if quantity.shape == (1, 1) else f"{quantity.symbol}[{row}]"
    start = next(i for i, line in enumerate(page) if line.startswith(f"  {symbol} = ") and i > 3)
    lines = [line.strip().removeprefix("= ") for line in page[start + 1 : page.index("", start)]]
    value = float(quantity.value[row - 1, 0])
    assert float(lines[-1]) == pytest.approx(value, rel=1e-11, abs=1e-14)
    if len(lines) > 1:
        # An exponential multiplies the rounding of a large score
        assert calculated(lines[0]) == pytest.approx(value, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        (
            "wx_2:1",
            [
                "  wx₂[1] = Wxh[1,1]·x₂[1] + Wxh[1,2]·x₂[2] + Wxh[1,3]·x₂[3] + Wxh[1,4]·x₂[4]",
                "         = 0.287027·0 + 0.84606·1 + 0.572392·0 + 0.486813·0",
                "         = 0.846060",
            ],
        ),
        (
            "wh_2[3]",
            ["  wh₂[3] = Whh · h₁[3] + bh", "         = 0.427043 · 0.802119 + 0.567001", "         = 0.909540"],
        ),
        ("h_2[1]", ["  h₂[1] = tanh(a₂[1])", "        = tanh(1.709074)", "        = 0.936534"]),
        (
            "exp_2[2]",
            [
                "  exp₂[2] = exp(y₂[2])",
                "          = exp(1.137792)",
                "          = 3.119871",
            ],
        ),
        (
            "p_2:1",
            [
                "  p₂[1] = exp₂[1] / (exp₂[1] + exp₂[2] + exp₂[3] + exp₂[4])",
                "        = 6.726634 / (6.726634 + 3.119871 + 2.602998 + 3.575940)",
                "        = 0.419747",
            ],
        ),
        (
            "loss",
            ["  E = E₁ + E₂ + E₃ + E₄", "    = 1.584146 + 1.817514 + 1.843099 + 1.566516", "    = 6.811275"],
        ),
    ],
)  # fmt: skip
def test_a_number_of_hello_worked_as_on_paper(hello, typed, lines):
    page = explained(hello, typed, width=200)
    start = page.index(lines[0], 4)
    assert page[start : start + len(lines)] == lines


def test_the_loss_is_worked_with_the_logarithm_of_the_probability(hello):
    page = explained(hello, "loss_2", width=200)
    assert "     = −(0·ln(0.419747) + 0·ln(0.194682) + 1·ln(0.162429) + 0·ln(0.223141))" in page
    assert "     = 1.817514" in page


def test_what_went_into_a_plain_loss_is_p_and_the_target(hello):
    page = explained(hello, "loss_2")
    assert page[page.index("Computed from") :] == ["Computed from", "  p_2   p₂ = exp₂ / Σ exp₂", "  target_2   given"]


def test_the_shifted_softmax_is_explained_with_what_is_taken_away(hello):
    trace = forward(hello.problem.replace(softmax="shifted"))
    page = explained(trace, "exp_2[2]", width=200)
    assert "  exp₂[2] = exp(y₂[2] − max(y₂[1], y₂[2], y₂[3], y₂[4]))" in page
    assert "          = exp(1.137792 − max(1.906075, 1.137792, 0.956664, 1.274228))" in page
    assert "          = 0.463809" in page


def test_the_total_lays_out_its_terms(hello):
    page = explained(hello, "loss")
    assert all(f"  E{t} = −Σ target{t} ⊙ ln(p{t})" in page for t in "₁₂₃₄")


def test_negative_numbers_stand_in_brackets():
    trace = forward(Problem.draw("banana"))
    page = explained(trace, "wx_1:1", width=200)
    assert "         = 0.344219·1 + (-0.663118)·0 + (-0.684497)·0" in page


def test_a_quantity_is_explained_element_by_element(hello):
    page = explained(hello, "h_2")
    assert [line for line in page if line.startswith("  h₂[")] == [f"  h₂[{i}] = tanh(a₂[{i}])" for i in (1, 2, 3)]


def test_what_went_in_is_named(hello):
    page = explained(hello, "wh_2:1")
    assert page[page.index("Computed from") + 1 :] == ["  Whh   given", "  h_1   h₁ = tanh(a₁)", "  bh   given"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Wxh", ["3×4", "Hidden × letters", "3 hidden units read 4 letters", "the textbook's worked example"]),
        (
            "Whh",
            ["1×1", "One number, shared", "previous value of each of the 3 hidden units", "a full Whh would be 3×3"],
        ),
        ("bh", ["1×1", "One number, shared", "frameworks use one per unit"]),
        ("Why", ["4×3", "Letters × hidden", "4 letters are scored from 3 hidden units"]),
        ("h_0", ["3×1", "before the first letter"]),
        ("x_2", ["4×1", "One-hot", ": e."]),
        ("target_2", ["4×1", "One-hot", ": l."]),
    ],
)
def test_of_a_given_number_the_page_says_what_its_shape_means(hello, typed, words):
    page = " ".join(line.strip() for line in explained(hello, typed))
    for said in words:
        assert said in page


def test_one_given_number_says_what_it_joins(hello):
    assert "  Wxh[2,3] = 0.691079, from letter l to unit 2" in explained(hello, "Wxh[2,3]")
    assert "  Why[4,1] = 0.91266, from unit 1 to letter o" in explained(hello, "Why:4,1")
    assert "  Whh = 0.427043" in explained(hello, "Whh")


def test_a_drawn_number_says_its_seed():
    trace = forward(Problem.draw("banana", seed=7))
    assert "  It was drawn from seed 7, uniform in [-1, 1], rounded to 6 decimals." in explained(trace, "Whh[1,2]")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("h_2[4]", "h_2 is 3×1 and has no element 4; rows count from 1 to 3."),
        ("h_2[0]", "h_2 is 3×1 and has no element 0; rows count from 1 to 3."),
        ("h_2[1,2]", "h_2 is 3×1 and has no element 1,2; rows count from 1 to 3."),
        (
            "Wxh[4,1]",
            "Wxh is 3×4 and has no element 4,1; rows count from 1 to 3, columns to 4, a letter is one of h, e, l, o.",
        ),
        ("Wxh[3]", "Wxh is 3×4. Give row and column, such as Wxh[1,2]."),
        ("loss[2]", "loss is 1×1 and has no element 2; it is one number."),
        ("h_9", "There is no h_9: h runs from h_0 to h_4."),
        ("hello", "There is no quantity named 'hello'."),
    ],
)
def test_an_element_that_is_not_there(hello, typed, message):
    with pytest.raises(SelectionError) as caught:
        explained(hello, typed)
    assert str(caught.value) == message


def test_a_single_number_may_be_indexed(hello):
    assert explained(hello, "loss[1]") == explained(hello, "loss:1,1")


def test_the_decimals_are_those_asked_for(hello):
    page = explained(hello, "h_2[1]", decimals=3)
    assert re.search(r"= tanh\(1\.709\)\n +.*= 0\.937\n", "\n".join(page))
    assert "Numbers show 3 decimals and are computed with all digits." in page


def in_python(latex: str) -> str:
    """LaTeX's mathematics as Python's; fractions from the innermost outwards."""
    latex = re.sub(r"\{(-?[\d.]+) \\cdot 10\^\{(-?\d+)\}\}", r"(\1*10.0**\2)", latex)
    while r"\frac" in latex:
        latex = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", latex)
    for sign, code in {r"\left": "", r"\right": "", r"\cdot": "*", "^2": "**2", r"\sigma": "σ", "[": "float("}.items():
        latex = latex.replace(sign, code)
    return latex.replace("]", ")").replace("\\", "")


@given(given_numbers(), st.data())
def test_the_numbers_in_latex_give_the_result_too(numbers, data):
    trace = forward(numbers.problem())
    quantity = trace[data.draw(st.sampled_from([name for name, q in trace.items() if q.rule is not None]))]
    row = data.draw(st.integers(0, quantity.shape[0] - 1))
    done = worked(quantity, row, 0, 15)
    value = float(quantity.value[row, 0])
    for written in (done.result, *([done.numbers] if done.numbers else [])):
        assert calculated(in_python(written.latex)) == pytest.approx(value, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    "latex", [r"\frac{0.5}{\left(0.25 + 1\right)}", r"\tanh\left(-0.5\right) \cdot (-2)", r"{3.5 \cdot 10^{-2}}"]
)
def test_the_calculator_of_latex(latex):
    expected = {r"\f": 0.4, r"\t": math.tanh(-0.5) * -2, "{3": 0.035}[latex[:2]]
    assert calculated(in_python(latex)) == pytest.approx(expected)
