"""The table of rules: the faces of an operation held to each other, its gradient to complex-step differentiation."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from drawn import TOLERANCE
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnncalc.language import (
    TABLE,
    Constant,
    Operation,
    add,
    entry,
    matmul,
    over_number,
    scale,
    subtract,
    transpose,
    write,
)
from rnncalc.language.functions import evaluate
from rnncalc.language.operations import numpy_of
from rnncalc.language.trees import FIRST, SECOND, Number, call

# The shape of each operand, rows and columns; a letter is one size wherever it stands.
SHAPES = {
    "transpose": "mn",
    "matmul": "mk kn",
    "scale": "11 mn",
    "inner": "mn mn",
    "total": "mn",
    "add": "mn mn mn",
    "shift": "mn 11",
    "subtract": "mn mn",
    "multiply": "mn mn",
    "over_number": "mn 11",
    "tanh": "mn",
    "tanh_slope": "mn",
    "sigmoid": "mn",
    "sigmoid_slope": "mn",
    "relu": "mn",
    "relu_slope": "mn",
    "identity": "mn",
    "one_minus": "mn",
    "negative": "mn",
    "zeros": "mn",
    "one_hot": "11 m1",
    "everywhere": "11 mn",
    "largest": "m1",
    "most_likely": "m1",
    "exp": "mn",
    "cross_entropy": "m1 m1 m1",
    "cross_entropy_of_scores": "m1 m1 m1 m1",
    "binary_cross_entropy": "m1 m1 m1",
    "squared_error": "m1 m1",
    "norm": "mn m1 kn",
    "clamp": "mn 11",
    "shorten": "mn 11 11",
    "add_squares": "mn mn",
    "over_root": "mn mn",
}  # fmt: skip
POSITIVE = {("over_number", 1), ("clamp", 1), ("shorten", 1), ("shorten", 2), ("over_root", 1)}
KINKED = {"relu"}
NOT_DIFFERENTIATED = {
    ("cross_entropy", 1), ("cross_entropy", 2), ("cross_entropy_of_scores", 1), ("cross_entropy_of_scores", 2),
    ("cross_entropy_of_scores", 3), ("binary_cross_entropy", 1), ("binary_cross_entropy", 2), ("squared_error", 1),
    ("largest", 0), ("most_likely", 0),
}  # fmt: skip
"""Workings and data: exp, p and the target; what is taken away from all scores alike; a choice."""

DIFFERENTIABLE = [operation for operation in TABLE if operation.gradient]
BY_NAME = {operation.name: operation for operation in TABLE}
each_operation = pytest.mark.parametrize("operation", TABLE, ids=lambda operation: operation.name)
each_differentiable = pytest.mark.parametrize("operation", DIFFERENTIABLE, ids=lambda operation: operation.name)


class Table(NamedTuple):
    """A term that is nothing but its numbers."""

    value: Any


class Case(NamedTuple):
    """Operands that fit an operation, and a g = ∂E/∂(result)."""

    operands: list[Any]
    g: Any


def softmax_workings(y: Any) -> tuple[Any, Any]:
    """exp and p of one column of scores, complex or not."""
    raised = np.exp(y - y.max())
    return raised, raised / raised.sum()


def of_softmax(name: str, y: Any, target: Any) -> list[Any]:
    """The operands of a cross-entropy."""
    workings = softmax_workings(y)
    return [y, *(workings if name == "cross_entropy_of_scores" else workings[1:]), target]


@st.composite
def cases(draw: st.DrawFn, operation: Operation) -> Case:
    sizes = {"1": 1, **{letter: draw(st.integers(1, 4)) for letter in "mnk"}}

    def table(shape: tuple[int, int], low: float = -3) -> Any:
        return draw(arrays(np.float64, shape, elements=st.floats(low, 3)))

    operands = [
        table((sizes[shape[0]], sizes[shape[1]]), 0.25 if (operation.name, k) in POSITIVE else -3)
        for k, shape in enumerate(SHAPES[operation.name].split())
    ]
    if operation.name == "one_hot":
        operands[0] = operands[1][draw(st.integers(0, len(operands[1]) - 1))][:, None]
    if operation.name.startswith("cross_entropy"):
        y = operands[0]
        target = np.zeros(y.shape)
        target[draw(st.integers(0, len(y) - 1))] = 1
        if draw(st.booleans()):  # shares of 1
            target = np.abs(operands[-1]) + target
            target /= target.sum()
        operands = of_softmax(operation.name, y, target)
    if operation.name == "binary_cross_entropy":
        operands = [operands[0], 1 / (1 + np.exp(-operands[0])), np.abs(operands[2]) / 3]
    return Case(operands, table(operation.numpy(*operands).shape))


def off_by(found: Any, expected: Any, case: Case) -> float:
    """How far two tables are apart, measured by 1 or their largest entry and that of what they came from."""
    size = max(1.0, *(float(np.abs(array).max()) for array in (expected, case.g, *case.operands)))
    return float(np.abs(found - expected).max()) / size


def check_faces(operation: Operation, case: Case) -> None:
    """The rule on whole arrays is the rule of each element."""
    terms = [Table(operand) for operand in case.operands]
    result = operation.numpy(*case.operands)
    by_element = [
        [evaluate(operation.element(i, j, *terms)) for j in range(result.shape[1])] for i in range(len(result))
    ]
    assert off_by(result, np.array(by_element), case) <= TOLERANCE


def check_gradient(operation: Operation, case: Case) -> None:
    """The gradient of E = Σ g ⊙ result is what complex-step differentiation finds for every entry of every operand."""
    assert operation.gradient is not None
    terms = [Table(operand) for operand in case.operands]
    gradients = operation.gradient(Table(case.g), operation(*terms), *terms)
    assert len(gradients) == len(terms)
    for k, gradient in enumerate(gradients):
        if (operation.name, k) in NOT_DIFFERENTIATED:
            assert gradient is None
            continue
        assert gradient is not None
        found = np.zeros(case.operands[k].shape)
        for at in np.ndindex(found.shape):
            moved = [operand.astype(complex) for operand in case.operands]
            moved[k][at] += 1e-30j
            if operation.name.startswith("cross_entropy"):
                moved = of_softmax(operation.name, moved[0], moved[-1])
            found[at] = (case.g * operation.numpy(*moved)).sum().imag / 1e-30
        assert gradient.value.shape == found.shape
        assert off_by(gradient.value, found, case) <= TOLERANCE


def test_every_operation_is_tested():
    assert {operation.name for operation in TABLE} == set(SHAPES)
    assert len(BY_NAME) == len(TABLE)


@each_operation
@given(data=st.data())
def test_the_element_is_the_array(operation, data):
    check_faces(operation, data.draw(cases(operation)))


@each_differentiable
@given(data=st.data())
def test_the_gradient_is_the_derivative(operation, data):
    case = data.draw(cases(operation))
    if operation.name in KINKED:
        away = [np.where(np.abs(operand) < 1e-3, 1.0, operand) for operand in case.operands]
        case = case._replace(operands=away)
    check_gradient(operation, case)


@each_operation
@given(data=st.data())
def test_a_stack_of_arrays_is_worked_one_by_one(operation, data):
    first = data.draw(cases(operation)).operands
    second = [operand[::-1].copy() for operand in first]
    stacked = operation.numpy(*(np.stack(pair) for pair in zip(first, second, strict=True)))
    for i, operands in enumerate((first, second)):
        np.testing.assert_allclose(stacked[i], operation.numpy(*operands), rtol=1e-14, atol=1e-14)


@each_operation
def test_the_element_of_a_mistake_is_its_array(operation):
    case = plain_case(operation)
    terms = [Table(operand) for operand in case.operands]
    for kind, _, wrong, about in operation.mistakes(*terms):
        assert about is None or any(about is term for term in terms)
        if wrong is None:
            continue
        by_element = [
            [evaluate(entry(wrong, i, j)) for j in range(wrong.value.shape[1])] for i in range(len(wrong.value))
        ]
        assert off_by(wrong.value, np.array(by_element), case) <= TOLERANCE, kind


# ── the checks above notice a wrong rule ──────────────────────────────────────────────────────────────────────────


def plain_case(operation: Operation) -> Case:
    """Operands without zeros, ones or repetitions, so that any slip shows."""
    rng = np.random.default_rng(5)
    sizes = {"1": 1, "m": 3, "n": 2, "k": 4}
    operands = [rng.uniform(0.3, 0.9, (sizes[s[0]], sizes[s[1]])) for s in SHAPES[operation.name].split()]
    if operation.name.startswith("cross_entropy"):
        operands = of_softmax(operation.name, operands[0], np.array([[0.0], [1.0], [0.0]]))
    if operation.name == "binary_cross_entropy":
        operands[1] = 1 / (1 + np.exp(-operands[0]))
    return Case(operands, rng.uniform(0.3, 0.9, operation.numpy(*operands).shape))


@each_operation
def test_a_planted_wrong_element_is_caught(operation):
    case = plain_case(operation)
    check_faces(operation, case)
    wrong = operation._replace(element=lambda *a: call("plus", operation.element(*a), Number(1e-9)))
    with pytest.raises(AssertionError):
        check_faces(wrong, case)


def operands_with_gradient(operation: Operation) -> list[int]:
    count = len(SHAPES[operation.name].split())
    return [k for k in range(count) if (operation.name, k) not in NOT_DIFFERENTIATED]


PLANTED: dict[str, Callable[[Any], Any]] = {
    "a wrong factor": lambda term: scale(Constant(1 + 1e-9), term),
    "a wrong sign": lambda term: scale(Constant(-1), term),
    "an offset": lambda term: Table(term.value + 1e-9),
    "nothing": lambda term: None,
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
@each_differentiable
def test_a_planted_wrong_gradient_is_caught(operation, plant):
    case = plain_case(operation)
    check_gradient(operation, case)
    for k in operands_with_gradient(operation):

        def wrong(*arguments, k=k):
            right = operation.gradient(*arguments)
            return (*right[:k], plant(right[k]), *right[k + 1 :])

        with pytest.raises(AssertionError):
            check_gradient(operation._replace(gradient=wrong), case)


# ── at the edges ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_relu_and_its_slope_at_the_kink():
    at = np.array([[0.0, -0.0, 1e-300, -1e-300]])
    assert BY_NAME["relu"].numpy(at).tolist() == [[0, 0, 1e-300, 0]]
    assert BY_NAME["relu_slope"].numpy(at).tolist() == [[0, 0, 1, 0]]


@pytest.mark.parametrize("a", [-1e308, -1000, 1000, 1e308])
def test_sigmoid_far_out_neither_overflows_nor_warns(a):
    value = float(BY_NAME["sigmoid"].numpy(np.array([[a]]))[0, 0])
    assert value == pytest.approx(float(a > 0), rel=0, abs=1e-300)
    assert evaluate(BY_NAME["sigmoid"].element(0, 0, Table(np.array([[a]])))) == value


def test_cross_entropy_of_scores_is_finite_where_p_underflows():
    y = np.array([[0.0], [-5000.0]])
    operands = of_softmax("cross_entropy_of_scores", y, np.array([[0.0], [1.0]]))
    assert operands[2][1, 0] == 0
    operation = BY_NAME["cross_entropy_of_scores"]
    assert operation.numpy(*operands).tolist() == [[5000]]
    assert evaluate(operation.element(0, 0, *map(Table, operands))) == 5000


def test_cross_entropy_takes_nothing_of_what_is_not_wanted():
    """On paper a probability may be written as 0.00; 0 · ln 0 counts as 0."""
    y, p, target = (np.array([[a], [b]]) for a, b in ((1.0, -9.0), (0.8, 0.0), (1.0, 0.0)))
    operation = BY_NAME["cross_entropy"]
    assert operation.numpy(y, p, target).item() == pytest.approx(-np.log(0.8), rel=1e-15)
    assert evaluate(operation.element(0, 0, *map(Table, (y, p, target)))) == pytest.approx(-np.log(0.8), rel=1e-15)


@given(data=st.data())
def test_both_forms_of_cross_entropy_are_one_number(data):
    operands = data.draw(cases(BY_NAME["cross_entropy_of_scores"])).operands
    plain = BY_NAME["cross_entropy"].numpy(operands[0], *operands[2:])
    assert plain == pytest.approx(BY_NAME["cross_entropy_of_scores"].numpy(*operands), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", ["cross_entropy_of_scores", "binary_cross_entropy"])
@given(data=st.data())
def test_a_loss_on_paper_is_the_loss(name, data):
    """Minus ln p of what is wanted, as a person works it, is what is computed from the scores."""
    operation = BY_NAME[name]
    case = data.draw(cases(operation))
    on_paper = evaluate(operation.on_paper(0, 0, *map(Table, case.operands)))
    assert on_paper == pytest.approx(operation.numpy(*case.operands)[0, 0], rel=1e-12, abs=1e-12)


# ── equations ─────────────────────────────────────────────────────────────────────────────────────────────────────

A, B, C = (Table(np.full((2, 2), n)) for n in (1.0, 2.0, 3.0))
ONE = Table(np.array([[4.0]]))
SYMBOLS = {id(A): "A", id(B): "B", id(C): "C", id(ONE): "s"}


@pytest.mark.parametrize(
    ("term", "text", "latex"),
    [
        (matmul(A, B), "A · B", r"A \cdot B"),
        (matmul(transpose(A), B), "Aᵀ · B", r"A^{\top} \cdot B"),
        (matmul(add(A, B), C), "(A + B) · C", r"(A + B) \cdot C"),
        (transpose(add(A, B)), "(A + B)ᵀ", r"(A + B)^{\top}"),
        (add(matmul(A, B), C), "A · B + C", r"A \cdot B + C"),
        (subtract(A, subtract(B, C)), "A − (B − C)", "A - (B - C)"),
        (subtract(subtract(A, B), C), "A − B − C", "A - B - C"),
        (over_number(add(A, B), ONE), "(A + B) / s", r"\frac{A + B}{s}"),
        (scale(Constant(-1), A), "-1 · A", r"-1 \cdot A"),
        (BY_NAME["tanh"](add(A, B)), "tanh(A + B)", r"\tanh\left(A + B\right)"),
        (BY_NAME["tanh_slope"](A), "1 − A²", "1 - A^2"),
        (BY_NAME["multiply"](BY_NAME["tanh_slope"](A), B), "(1 − A²) ⊙ B", r"(1 - A^2) \odot B"),
        (BY_NAME["inner"](A, B), "Σ A ⊙ B", r"\sum A \odot B"),
        (BY_NAME["cross_entropy"](B, C, A), "−Σ A ⊙ ln(C)", r"-\sum A \odot \ln\left(C\right)"),
        (BY_NAME["cross_entropy_of_scores"](A, B, C, A), "−Σ A ⊙ ln(C)", r"-\sum A \odot \ln\left(C\right)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_equation_of_a_term(term, text, latex):
    assert write(term, "text", lambda t: SYMBOLS[id(t)]).text == text
    assert write(term, "latex", lambda t: SYMBOLS[id(t)]).text == latex


def test_an_element_of_a_nested_expression_is_its_own_arithmetic():
    assert evaluate(entry(subtract(matmul(A, B), C), 0, 1)) == 1 * 2 + 1 * 2 - 3


def test_a_function_within_a_rule_takes_its_own_operands_alone():
    rule = call("times", call("is positive", FIRST), SECOND)
    np.testing.assert_array_equal(numpy_of(rule)(np.array([-1.0, 2.0]), np.array([3.0, 4.0])), [0.0, 4.0])
