"""Trees of scalar arithmetic: what they are worth, and that what is written is worth the same."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.language.functions import FUNCTIONS, evaluate
from rnncalc.language.trees import Call, Entry, Number, Scalar, call
from rnncalc.language.writers import TextWriter


class Table:
    """A term that is nothing but its numbers."""

    def __init__(self, *rows: list[float]) -> None:
        self.value = np.array(rows)


A = Table([1.5, -2.0], [0.25, 4.0])
LETTERS = {(0, 0): "a", (0, 1): "b", (1, 0): "c", (1, 1): "d"}
a, b, c, d = (Entry(A, row, column) for row, column in LETTERS)


def symbol(found: Entry) -> str:
    return LETTERS[found.row, found.column]


def number(found: Entry) -> str:
    return repr(float(found.of.value[found.row, found.column]))


WORTH = {
    "plus": (call("plus", a, b, c), 1.5 - 2 + 0.25),
    "minus": (call("minus", a, b), 3.5),
    "negative": (call("negative", b), 2),
    "times": (call("times", a, b, d), -12),
    "over": (call("over", a, d), 0.375),
    "square": (call("square", b), 4),
    "sum": (call("sum", a, b, c, d), 3.75),
    "dot": (call("dot", a, b, c, d), 1.5 * 0.25 - 2 * 4),
    "largest": (call("largest", a, b, c, d), 4),
    "smallest": (call("smallest", a, b, c, d), -2),
    "root": (call("root", d), 2),
    "exp": (call("exp", b), math.e**-2),
    "ln": (call("ln", d), math.log(4)),
    "log10": (call("log10", d), math.log(4) / math.log(10)),
    "log2": (call("log2", d), 2),
    "power of ten": (call("power of ten", b), 0.01),
    "tan": (call("tan", a), math.sin(1.5) / math.cos(1.5)),
    "sinh": (call("sinh", a), (math.e**1.5 - math.e**-1.5) / 2),
    "degrees": (call("degrees", b), -math.pi / 90),
    "tanh": (call("tanh", a), (math.e**3 - 1) / (math.e**3 + 1)),
    "sigmoid": (call("sigmoid", a), 1 / (1 + math.e**-1.5)),
    "relu": (call("plus", call("relu", a), call("relu", b)), 1.5),
    "is positive": (call("plus", call("is positive", a), call("is positive", b)), 1),
    "same": (call("plus", call("same", a, a), call("same", a, b)), 1),
    "linear": (call("linear", b), -2),
    "size": (call("plus", call("size", a), call("size", b)), 3.5),
    "is largest": (
        call("plus", call("is largest", Number(3), a, b, d, d), call("is largest", Number(4), a, b, d, d)),
        1,
    ),
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_each_function_is_worth(function):
    tree, worth = WORTH[function]
    assert evaluate(tree) == pytest.approx(worth, rel=1e-14)


def test_every_function_that_is_tested_exists():
    assert set(WORTH) == set(FUNCTIONS)


def test_an_entry_and_a_number():
    assert evaluate(a) == 1.5
    assert evaluate(Number(3)) == 3


def test_dot_needs_as_many_factors_on_both_sides():
    with pytest.raises(ValueError, match="argument"):
        evaluate(call("dot", a, b, c))


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (call("plus", a, b, c), "a + b + c"),
        (call("minus", a, call("minus", b, c)), "a − (b − c)"),
        (call("minus", call("minus", a, b), c), "a − b − c"),
        (call("times", call("plus", a, b), c), "(a + b) · c"),
        (call("over", a, call("times", b, c)), "a / (b · c)"),
        (call("over", call("times", a, b), c), "a · b / c"),
        (call("negative", call("plus", a, b)), "−(a + b)"),
        (call("square", call("plus", a, b)), "(a + b)²"),
        (call("minus", Number(1), call("square", a)), "1 − a²"),
        (call("dot", a, b, c, d), "a·c + b·d"),
        (call("dot", a, b), "a·b"),
        (call("times", call("dot", a, b, c, d), a), "(a·c + b·d) · a"),
        (call("dot", call("plus", a, b), c), "(a + b)·c"),
        (call("over", a, call("sum", b, c)), "a / (b + c)"),
        (call("largest", a, b), "max(a, b)"),
        (call("smallest", a, call("plus", b, c)), "min(a, b + c)"),
        (call("relu", a), "max(0, a)"),
        (call("is positive", a), "[a > 0]"),
        (call("same", a, b), "[a = b]"),
        (call("size", call("plus", a, b)), "|a + b|"),
        (call("is largest", Number(2), a, b, c), "[b = max(a, b, c)]"),
        (call("sigmoid", a), "σ(a)"),
        (call("tanh", call("plus", a, b)), "tanh(a + b)"),
        (call("ln", a), "ln(a)"),
        (call("root", call("sum", a, b)), "√(a + b)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_tree_as_a_person_writes_it(tree, text):
    assert TextWriter(symbol).write(tree).text == text


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (call("plus", a, b, c, d, a), "a + b + c + … + a"),
        (call("sum", a, b, c, d, a), "(a + b + c + … + a)"),
        (call("dot", *(a, b, c, d, a), *(a, b, c, d, b)), "a·a + b·b + c·c + … + a·b"),
        (call("largest", a, b, c, d, a), "max(a, b, c, …, a)"),
        (call("plus", a, b, c, d), "a + b + c + d"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_long_sum_shows_the_first_terms_and_the_last(tree, text):
    assert TextWriter(symbol, longest=4).write(tree).text == text


def test_a_gradient_symbol_holds_together_like_a_product():
    tree = call("square", a)
    assert TextWriter(lambda entry: "∂E/∂h₂").write(tree).text == "(∂E/∂h₂)²"


def python(text: str) -> str:
    """What was written as mathematics, as Python writes it."""
    for sign, code in {"−": "-", "·": "*", "²": "**2", "[": "float(", "]": ")"}.items():
        text = text.replace(sign, code)
    return text


IN_PYTHON = {"max": max, "min": min, "tanh": math.tanh, "σ": lambda x: 1 / (1 + math.exp(-x)), "float": float}
ARITIES = {
    "plus": (1, 4), "sum": (1, 4), "times": (1, 4), "largest": (2, 4), "smallest": (2, 4),
    "minus": (2, 2), "over": (2, 2), "negative": (1, 1), "square": (1, 1), "tanh": (1, 1),
    "sigmoid": (1, 1), "relu": (1, 1), "is positive": (1, 1),
}  # fmt: skip


def calls(inner: st.SearchStrategy[Scalar]) -> st.SearchStrategy[Call]:
    def of(function: str) -> st.SearchStrategy[Call]:
        low, high = ARITIES[function]
        return st.lists(inner, min_size=low, max_size=high).map(lambda arguments: call(function, *arguments))

    pairs = st.integers(1, 3).flatmap(lambda n: st.lists(inner, min_size=2 * n, max_size=2 * n))
    return st.one_of(st.sampled_from(sorted(ARITIES)).flatmap(of), pairs.map(lambda arguments: call("dot", *arguments)))


trees = st.recursive(
    st.one_of(st.sampled_from([a, b, c, d]), st.integers(0, 3).map(lambda n: Number(float(n)))), calls, max_leaves=12
)


@given(trees)
def test_what_is_written_is_worth_what_the_tree_is(tree):
    """The brackets say in which order to calculate: Python reads them and gets the same number."""
    try:
        worth = evaluate(tree)
    except (ZeroDivisionError, OverflowError):
        return
    written = TextWriter(number).write(tree).text
    again = eval(python(written), {"__builtins__": {}}, IN_PYTHON)
    assert again == pytest.approx(worth, rel=1e-9, abs=1e-9), written


def test_a_missing_bracket_would_be_noticed():
    assert eval(python("1.5 − (0.25 − 4.0)")) != eval(python("1.5 − 0.25 − 4.0"))
