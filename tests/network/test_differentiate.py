"""Reverse-mode differentiation: the chain rule handed down a rule, and the Jacobian of a step."""

from typing import Any

import numpy as np
import pytest
from by_hand import SLOPES, given_arrays, problems, sums
from drawn import TOLERANCE
from hypothesis import given

from rnncalc import Problem, Quantity, forward
from rnncalc.language import Constant, Expression, add, clamp, matmul, multiply, over_number, tanh
from rnncalc.language.trees import Term
from rnncalc.network.cells import CELLS, rnn
from rnncalc.network.differentiate import jacobian, pull


def quantity(name: str, *rows: list[float]) -> Quantity:
    return Quantity(name, np.array(rows), stage="given")


U, V, W = quantity("u", [0.5], [-1.5]), quantity("v", [-3.0], [4.0]), quantity("w", [1.0, -2.0], [0.5, 3.0])
G = quantity("g", [1.0], [10.0])


def pulled(rule: Expression) -> list[tuple[str, Any]]:
    """What each quantity of a rule is handed, in turn, where the gradient of the result is g."""
    handed: list[tuple[str, Term]] = []
    pull(rule, G, rule, lambda to, term: handed.append((to.name, term)))
    return [(name, term.value.tolist()) for name, term in handed]


def test_an_addition_hands_its_gradient_on_to_every_operand():
    assert pulled(add(U, V, U)) == [("u", [[1], [10]]), ("v", [[1], [10]]), ("u", [[1], [10]])]


def test_a_product_hands_each_factor_the_other_one():
    assert pulled(multiply(U, V)) == [("u", [[-3], [40]]), ("v", [[0.5], [-15]])]


def test_a_constant_is_handed_nothing():
    assert pulled(over_number(U, Constant(4))) == [("u", [[0.25], [2.5]])]


def test_the_chain_rule_leads_through_nested_rules_to_the_quantities():
    """tanh(w · u + v): with s the slope, v is handed s ⊙ g, u is handed wᵀ · (s ⊙ g), and w (s ⊙ g) · uᵀ."""
    a = W.value @ U.value + V.value
    flow = G.value / np.cosh(a) ** 2
    found = dict(pulled(tanh(add(matmul(W, U), V))))
    assert list(found) == ["w", "u", "v"]
    np.testing.assert_allclose(found["w"], flow @ U.value.T, rtol=1e-13)
    np.testing.assert_allclose(found["u"], W.value.T @ flow, rtol=1e-13)
    np.testing.assert_allclose(found["v"], flow, rtol=1e-13)


def test_an_operation_without_a_gradient_says_so():
    with pytest.raises(TypeError, match=r"^The operation clamp has no gradient in the table of rules\.$"):
        pulled(add(U, clamp(V, Constant(1))))


def by_slopes(problem: Problem, t: int) -> Any:
    """∂h_t/∂h_{t−1} as textbooks write it: diag(f'(a_t)) · Whh, where a shared Whh stands for Whh · I."""
    Whh = given_arrays(problem)["Whh"]
    matrix = Whh * np.eye(problem.hidden) if Whh.ndim == 1 else Whh
    return np.diag(SLOPES[problem.activation](sums(problem)[t - 1])) @ matrix


@given(problems())
def test_the_jacobian_of_a_step_is_the_slopes_times_the_recurrent_weights(problem):
    trace = forward(problem)
    for t in range(1, problem.steps + 1):
        found, expected = jacobian(list(trace.select((), [(t, t)])), t), by_slopes(problem, t)
        assert found.shape == (problem.hidden, problem.hidden)
        assert np.abs(found - expected).max() <= TOLERANCE * max(1.0, np.abs(problem.weights["Whh"]).max())


def test_the_rows_of_the_jacobian_are_those_of_the_later_state():
    problem = Problem(
        inputs="a",
        targets="b",
        vocabulary="ab",
        weights={"Wxh": [[0, 0], [0, 0]], "Whh": [[0, 5], [0, 0]], "bh": [[0], [0]], "Why": [[1, 0], [0, 1]]},
        h_0=[0, 0],
        activation="linear",
    )
    assert jacobian(list(forward(problem).values()), 1).tolist() == [[0, 5], [0, 0]]


def test_a_state_that_leads_to_the_next_in_two_ways_adds_them_up_in_the_jacobian(monkeypatch):
    """h_t = h_{t−1} + tanh(Whh · h_{t−1}) has ∂h_t/∂h_{t−1} = I + diag(slopes) · Whh."""

    def step(put, weights, x, states, activation):
        new = put("a", tanh(matmul(weights["Whh"], states["h"])))
        return {"h": put("h", add(states["h"], new))}

    monkeypatch.setitem(CELLS, "rnn", rnn.CELL._replace(step=step))
    problem = Problem.draw("banana", h_0=[0.5, -0.25, 1])
    Whh = problem.weights["Whh"]
    expected = np.eye(3) + np.diag(1 / np.cosh(Whh @ problem.h_0[:, 0]) ** 2) @ Whh
    trace = forward(problem)
    np.testing.assert_allclose(jacobian(list(trace.select((), [(1, 1)])), 1), expected, rtol=0, atol=TOLERANCE)


def test_a_state_that_forgets_all_has_a_jacobian_of_zeros(monkeypatch):
    def step(put, weights, x, states, activation):
        return {"h": put("h", tanh(matmul(weights["Wxh"], x)))}

    monkeypatch.setitem(CELLS, "rnn", rnn.CELL._replace(step=step))
    trace = forward(Problem.draw("banana"))
    assert jacobian(list(trace.select((), [(2, 2)])), 2).tolist() == np.zeros((3, 3)).tolist()
