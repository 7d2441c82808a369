"""The gradient check: it passes right rules, and notices a wrong one of every operation that a backward pass uses."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from by_hand import problems
from hypothesis import given

from rnncalc import Problem, Quantity, Trace, backward
from rnncalc.errors import ProblemError
from rnncalc.language import (
    ACTIVATIONS,
    TABLE,
    Constant,
    Expression,
    Operation,
    add,
    everywhere,
    inner,
    matmul,
    multiply,
    over_number,
    relu_slope,
    scale,
    sigmoid_slope,
    subtract,
    tanh_slope,
    total,
    transpose,
)
from rnncalc.language.trees import Term
from rnncalc.network import gradcheck
from rnncalc.network.gradcheck import check_gradients

# A few problems that use every operation; with four letters and four units Wxh and Why fit transposed as well as not.
PROBLEMS = {
    "hello": Problem.template("hello"),
    "hello, shifted": Problem.template("hello").replace(softmax="shifted"),
    "sigmoid": Problem.draw(
        "abcdab",
        hidden=4,
        activation="sigmoid",
        output_bias=True,
        loss_reduction="mean",
        h_0="random",
        softmax="shifted",
    ),
    "relu": Problem.draw("abcdab", hidden=4, activation="relu", seed=2, h_0="random"),
    "linear": Problem.draw("abcdab", hidden=4, activation="linear", recurrent="scalar", h_0="random"),
    "lstm": Problem.draw("abcdab", hidden=4, cell_kind="lstm", h_0="random"),
    "gru": Problem.draw("abcdab", hidden=4, cell_kind="gru", h_0="random"),
    "squares": Problem.draw(
        inputs=[[0.5, -1], [2, 0.25], [-0.75, 1]],
        hidden=4,
        classes=3,
        loss="squared-error",
        targets=[[0.2, 0.5, 0.3], "", [1, 0, 0]],
        softmax="shifted",
    ),
    "shares": Problem.draw(
        inputs=[[0.5, -1], [2, 0.25], [-0.75, 1]],
        hidden=4,
        classes=3,
        loss="cross-entropy",
        targets=[[0.2, 0.5, 0.3], "", [1, 0, 0]],
    ),
    "binary": Problem.draw(
        "abca",
        hidden=4,
        embedding=2,
        head=[3],
        layers=2,
        classes=2,
        output_function="sigmoid",
        output_at="last",
        targets=[[1, 0.25]],
    ),
    "gru, reset after": Problem.draw("abcdab", hidden=4, cell_kind="gru", reset_after=True, h_0="random"),
}

Gradient = Callable[..., tuple[Term | None, ...]]


# ── right rules pass ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", PROBLEMS)
def test_right_rules_pass(name):
    check = check_gradients(PROBLEMS[name])
    assert check.passed
    assert check.kinks == []


@given(problems())
def test_the_gradients_of_every_problem_agree(problem):
    check = check_gradients(problem)
    assert [(row.name, row.shape) for row in check.rows] == [(n, a.shape) for n, a in problem.arrays().items()]
    assert all(row.agrees for row in check.rows)


def test_the_gradients_of_a_probability_that_is_nearly_0_agree():
    """So small that a complex step through exp(y) as it stands would lose its digits."""
    problem = Problem(
        inputs=("a",), targets=("b",), vocabulary=("a", "b"), activation="linear",
        weights={"Wxh": [[0, 0]], "Whh": 0, "bh": 1, "Why": [[345], [-345]]},
    )  # fmt: skip
    assert 0 < backward(problem)["p_1"].value[1, 0] < 1e-299
    assert check_gradients(problem).passed


# ── planted wrong rules do not ────────────────────────────────────────────────────────────────────────────────────


def plant(patch: pytest.MonkeyPatch, operation: Operation, gradient: Gradient) -> None:
    """Give an operation another gradient wherever a forward pass takes it from."""
    planted = operation._replace(gradient=gradient)
    cells = [module for name, module in sys.modules.items() if name.startswith("rnncalc.network.cells.")]
    for module in (*cells, sys.modules["rnncalc.network.forward_pass"]):
        for name in [name for name, value in vars(module).items() if value is operation]:
            patch.setattr(module, name, planted)
    for name in [name for name, value in ACTIVATIONS.items() if value is operation]:
        patch.setitem(ACTIVATIONS, name, planted)


def wrong_at(operation: Operation, place: int, wrong: Callable[..., Term | None]) -> Gradient:
    """The gradient of an operation, but for one operand's."""

    def gradient(*terms: Term) -> tuple[Term | None, ...]:
        right = operation.gradient(*terms)
        if place >= len(right):  # a sum of fewer terms
            return right
        return (*right[:place], wrong(*terms), *right[place + 1 :])

    return gradient


def rules_in_use() -> list[tuple[Operation, int]]:
    """The operations, each with the place of an operand, whose gradients lead to what a problem is given."""
    used: dict[tuple[Operation, int], None] = {}

    def recording(operation: Operation, given: set[str]) -> Gradient:
        def gradient(g: Term, out: Term, *operands: Term) -> tuple[Term | None, ...]:
            found = operation.gradient(g, out, *operands)
            for place, (operand, contribution) in enumerate(zip(operands, found, strict=True)):
                # the largest score, taken away from all, hands nothing on
                worked = isinstance(operand, Expression) and operand.operation.name != "largest"
                computed = worked or (isinstance(operand, Quantity) and operand.rule)
                if contribution is not None and (computed or getattr(operand, "name", None) in given):
                    used[operation, place] = None
            return found

        return gradient

    for problem in PROBLEMS.values():
        with pytest.MonkeyPatch.context() as patch:
            for operation in TABLE:
                if operation.gradient:
                    plant(patch, operation, recording(operation, set(problem.arrays())))
            backward(problem)
    return list(used)


IN_USE = rules_in_use()


def negative(term: Term) -> Term:
    return scale(Constant(-1), term)


def without_first(term: Term) -> Term:
    """A column with its first entry dropped."""
    kept = np.ones_like(term.value)
    kept[0] = 0
    return multiply(term, Quantity("kept", kept, stage="given"))


class Mutation(NamedTuple):
    """A wrong gradient for the operand at ``place``, and the problem of ``PROBLEMS`` that shows it."""

    operation: str
    place: int
    words: str
    caught_by: str
    wrong: Callable[..., Term | None]


# fmt: off
MUTATIONS = (
    Mutation("matmul", 0, "the product turned round", "sigmoid", lambda g, out, a, b: matmul(b, transpose(g))),
    Mutation("matmul", 1, "the transpose missing", "relu", lambda g, out, a, b: matmul(a, g)),
    Mutation("matmul", 1, "the matrix missing", "relu", lambda g, out, a, b: g),
    Mutation("scale", 0, "the operand missing", "hello", lambda g, out, s, a: total(g)),
    Mutation("scale", 0, "a term of the sum dropped", "hello", lambda g, out, s, a: inner(without_first(g), a)),
    Mutation("scale", 1, "the factor missing", "linear", lambda g, out, s, a: g),
    Mutation("shift", 0, "an entry dropped", "hello", lambda g, out, a, s: without_first(g)),
    Mutation("shift", 1, "a term of the sum dropped", "hello", lambda g, out, a, s: total(without_first(g))),
    Mutation("shift", 1, "the mean for the sum", "linear", lambda g, out, a, s: over_number(total(g), Constant(4))),
    Mutation("add", 0, "an entry dropped", "relu", lambda g, out, *terms: without_first(g)),
    Mutation("add", 1, "counted twice", "hello", lambda g, out, *terms: add(g, g)),
    Mutation("over_number", 0, "not divided", "sigmoid", lambda g, out, a, s: g),
    Mutation("over_number", 0, "divided twice", "sigmoid", lambda g, out, a, s: over_number(over_number(g, s), s)),
    Mutation("multiply", 0, "the other factor missing", "lstm", lambda g, out, a, b: g),
    Mutation("multiply", 1, "the operands exchanged", "gru", lambda g, out, a, b: multiply(g, b)),
    Mutation("one_minus", 0, "the sign missing", "gru", lambda g, out, a: g),
    Mutation("tanh", 0, "the slope missing", "hello", lambda g, out, a: g),
    Mutation("tanh", 0, "the square missing", "hello", lambda g, out, a: multiply(subtract(Constant(1), out), g)),
    Mutation("tanh", 0, "the slope from the sum", "hello", lambda g, out, a: multiply(tanh_slope(a), g)),
    Mutation("sigmoid", 0, "a factor missing", "sigmoid", lambda g, out, a: multiply(out, g)),
    Mutation("sigmoid", 0, "the slope of tanh", "sigmoid", lambda g, out, a: multiply(tanh_slope(out), g)),
    Mutation("sigmoid", 0, "the slope from the sum", "sigmoid", lambda g, out, a: multiply(sigmoid_slope(a), g)),
    Mutation("relu", 0, "the slope missing", "relu", lambda g, out, a: g),
    Mutation("relu", 0, "the other side's slope", "relu", lambda g, out, a: multiply(relu_slope(negative(a)), g)),
    Mutation("identity", 0, "counted twice", "linear", lambda g, out, a: add(g, g)),
    Mutation("exp", 0, "the power itself missing", "squares", lambda g, out, a: g),
    Mutation("total", 0, "the first entry alone", "squares", lambda g, out, a: without_first(everywhere(g, a))),
    Mutation("over_number", 1, "the square missing", "squares", lambda g, out, a, s: over_number(negative(g), s)),
    Mutation("subtract", 0, "the sign reversed", "squares", lambda g, out, a, b: negative(g)),
    Mutation("squared_error", 0, "not halved", "squares", lambda g, out, p, t: scale(Constant(2), subtract(p, t))),
    Mutation("squared_error", 0, "the target missing", "squares", lambda g, out, p, t: p),
    Mutation("binary_cross_entropy", 0, "the target missing", "binary", lambda g, out, y, p, target: p),
    Mutation("binary_cross_entropy", 0, "the slope twice", "binary",
             lambda g, out, y, p, target: multiply(sigmoid_slope(p), subtract(p, target))),
    Mutation("cross_entropy", 0, "the target missing", "hello", lambda g, out, y, p, target: p),
    Mutation("cross_entropy", 0, "the probability missing", "hello", lambda g, out, y, p, target: negative(target)),
    Mutation("cross_entropy", 0, "the largest target alone", "shares",
             lambda g, out, y, p, target: subtract(p, BY_NAME["most_likely"](target))),
    Mutation("cross_entropy_of_scores", 0, "the target missing", "hello, shifted", lambda g, out, y, e, p, target: p),
    Mutation("cross_entropy_of_scores", 0, "not normalised", "hello, shifted",
             lambda g, out, y, e, p, target: subtract(e, target)),
    Mutation("cross_entropy_of_scores", 0, "not averaged", "sigmoid",
             lambda g, out, y, e, p, target: subtract(p, target)),
)
# fmt: on
BY_NAME = {operation.name: operation for operation in TABLE}
ANYWHERE: dict[str, Callable[[Term], Term | None]] = {
    "dropped": lambda term: None,
    "a wrong sign": negative,
    "off by a billionth": lambda term: scale(Constant(1 + 1e-9), term),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The problems as templates, for the command line."""
    folder = tmp_path_factory.mktemp("templates")
    for name, problem in PROBLEMS.items():
        (folder / f"{name}.toml").write_text(problem.to_toml(), encoding="utf-8")
    return {name: folder / f"{name}.toml" for name in PROBLEMS}


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_command_ends_in_0_where_the_rules_are_right(name, files, rnncalc):
    assert rnncalc("gradcheck", "-t", str(files[name])).code == 0


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: f"{mutation.operation}: {mutation.words}")
def test_a_planted_wrong_rule_is_caught(mutation, files, rnncalc, monkeypatch):
    operation = BY_NAME[mutation.operation]
    plant(monkeypatch, operation, wrong_at(operation, mutation.place, mutation.wrong))
    assert not check_gradients(PROBLEMS[mutation.caught_by]).passed
    assert rnncalc("gradcheck", "-t", str(files[mutation.caught_by])).code == 1


@pytest.mark.parametrize("wrong", ANYWHERE)
@pytest.mark.parametrize(("operation", "place"), IN_USE, ids=lambda value: getattr(value, "name", None))
def test_what_goes_wrong_with_any_operand_of_any_rule_is_caught(operation, place, wrong, files, rnncalc, monkeypatch):
    spoilt = ANYWHERE[wrong]
    plant(monkeypatch, operation, wrong_at(operation, place, lambda *terms: spoilt(operation.gradient(*terms)[place])))
    caught_by = [name for name, problem in PROBLEMS.items() if not check_gradients(problem).passed]
    assert caught_by
    for name in [caught_by[0], *[name for name in PROBLEMS if name not in caught_by][:1]]:
        assert rnncalc("gradcheck", "-t", str(files[name])).code == int(name in caught_by)


def test_every_rule_in_use_has_wrong_rules_of_its_own():
    assert {mutation.operation for mutation in MUTATIONS} == {operation.name for operation, _ in IN_USE}


def test_the_rules_in_use_are_all_but_those_that_no_cell_needs():
    in_use = {operation.name for operation, _ in IN_USE}
    assert {op.name for op in TABLE if op.gradient} - in_use == {"transpose", "inner", "largest", "most_likely"}


# ── what is reported ──────────────────────────────────────────────────────────────────────────────────────────────


def moved(name: str, at: tuple[int, int], by: float) -> Callable[[Problem], Trace]:
    """A backward pass with one number of one gradient moved."""

    def wrong(problem: Problem) -> Trace:
        trace = backward(problem)
        value = trace[name].value.copy()
        value[at] += by
        trace.give(Quantity(name, value, stage="backward"))
        return trace

    return wrong


def test_the_largest_difference_is_reported_with_its_element(monkeypatch):
    monkeypatch.setattr(gradcheck, "backward", moved("dWhy", (1, 2), -1e-6))
    check = check_gradients(PROBLEMS["hello"])
    row = {row.name: row for row in check.rows}["Why"]
    largest = np.abs(backward(PROBLEMS["hello"])["dWhy"].value).max()
    assert row.difference == pytest.approx(1e-6, rel=1e-6)
    assert row.relative == pytest.approx(1e-6 / largest, rel=1e-6)
    assert row.element == "dWhy[2,3]"
    assert [row.name for row in check.rows if not row.agrees] == ["Why"]
    assert not check.passed


@pytest.mark.parametrize(("share", "agrees"), [(0.5e-10, True), (2e-10, False)])
def test_gradients_agree_within_1e_10_of_the_largest_of_a_parameter(monkeypatch, share, agrees):
    largest = np.abs(backward(PROBLEMS["linear"])["dWxh"].value).max()
    assert largest > 1
    monkeypatch.setattr(gradcheck, "backward", moved("dWxh", (0, 0), share * largest))
    assert check_gradients(PROBLEMS["linear"]).rows[0].agrees == agrees


@pytest.mark.parametrize(("difference", "agrees"), [(0.5e-13, True), (2e-13, False)])
def test_a_gradient_of_zeros_agrees_within_1e_13(monkeypatch, difference, agrees):
    problem = PROBLEMS["hello"].replace(weights={**PROBLEMS["hello"].weights, "Why": np.zeros((4, 3))})
    monkeypatch.setattr(gradcheck, "backward", moved("dWxh", (2, 1), difference))
    row = check_gradients(problem).rows[0]
    assert (row.agrees, row.relative, row.element) == (agrees, 0, "dWxh[3,2]")


def test_progress_tells_how_many_elements_are_done_and_pieces_change_nothing(monkeypatch):
    whole = check_gradients(PROBLEMS["relu"])
    monkeypatch.setattr(gradcheck, "_NUMBERS_AT_ONCE", 1)
    told: list[tuple[int, int]] = []
    pieces = check_gradients(PROBLEMS["relu"], lambda done, all_of_it: told.append((done, all_of_it)))
    count = sum(array.size for array in PROBLEMS["relu"].arrays().values())
    assert told == [(done, count) for done in range(1, count + 1)]
    assert [(row.name, row.agrees) for row in pieces.rows] == [(row.name, row.agrees) for row in whole.rows]
    assert max(row.difference for row in pieces.rows) < 1e-14


def test_without_targets_the_error_says_what_to_add():
    with pytest.raises(ProblemError, match=r"targets = next or last"):
        check_gradients(Problem.draw("banana", targets="none"))


# ── the kink of relu ──────────────────────────────────────────────────────────────────────────────────────────────


def at_a_kink() -> Problem:
    """The first unit's sum is 0 at every step, whatever is read; the second's never is."""
    problem = PROBLEMS["relu"]
    arrays = {name: np.array(value) for name, value in problem.weights.items()}
    for name in ("Wxh", "Whh", "bh"):
        arrays[name][0] = 0
    return problem.replace(weights=arrays)


def test_a_kink_is_reported_and_not_judged():
    check = check_gradients(at_a_kink())
    assert check.kinks == ["a_1[1]", "a_2[1]", "a_3[1]", "a_4[1]", "a_5[1]"]
    assert check.passed


def test_what_stands_at_a_kink_is_no_reason_to_fail(monkeypatch):
    """A slope of 1 at 0 is as good as one of 0."""

    def slope_1(g: Term, out: Term, a: Term) -> tuple[Term]:
        slopes = Quantity("slopes", np.where(a.value >= 0, 1.0, 0.0), stage="given")
        return (multiply(slopes, g),)

    plant(monkeypatch, BY_NAME["relu"], slope_1)
    check = check_gradients(at_a_kink())
    assert check.passed
    assert not all(row.agrees for row in check.rows)
    assert check_gradients(PROBLEMS["relu"]).passed


def test_a_kink_excuses_nothing_that_it_does_not_touch(monkeypatch):
    """Why lies behind the kink: its wrong gradient is a reason to fail all the same."""

    def reversed_sign(g: Term, out: Term, y: Term, p: Term, target: Term) -> tuple[Term | None, ...]:
        return subtract(target, p), None, None

    plant(monkeypatch, BY_NAME["cross_entropy"], reversed_sign)
    check = check_gradients(at_a_kink())
    assert check.kinks
    assert not check.passed
    assert {row.name for row in check.rows if not row.agrees and not row.touched} == {"Why"}


def test_only_relu_has_a_kink():
    assert check_gradients(at_a_kink().replace(activation="tanh")).kinks == []
