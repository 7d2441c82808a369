"""The forward pass: the article's numbers, every quantity against a straight loop, and sums at the edge of float64."""

from typing import Any

import numpy as np
import pytest
from drawn import TOLERANCE, Given, given_numbers, straight
from hypothesis import given

from rnncalc import Problem, Trace, backward, forward
from rnncalc.errors import ArithmeticOverflow

# The article's tables, to the digits that it prints. It cuts digits off instead of rounding (h_1 ends in 0.8021185…)
# and works on with what is left: a unit of the sixth decimal for the cut, 0.43 more where Whh scales what was cut.
CUT = 1.43e-6
ARTICLE = {
    "wx_1": [0.287027, 0.902874, 0.537524],
    "wh_1": [0.567001, 0.567001, 0.567001],
    "h_1": [0.693168, 0.899554, 0.802118],
    "wh_2": [0.863013, 0.951149, 0.909539],
    "wx_2": [0.84606, 0.871522, 0.09224],
    "h_2": [0.936534, 0.949104, 0.762341],
    "p_2": [0.419747, 0.194682, 0.162429, 0.223141],
}
# y_2 as the formulas give it, and as the article prints it: its cells hold more digits of the weights than they show.
Y_2 = [1.906075, 1.137792, 0.956664, 1.274228]
Y_2_PRINTED = [1.906077, 1.137791, 0.956660, 1.274226]


@pytest.fixture(scope="module")
def hello() -> Trace:
    return forward(Problem.template("hello"))


def column(trace: Trace, name: str) -> list[float]:
    return trace[name].value[:, 0].tolist()


@pytest.mark.parametrize("name", ARTICLE)
def test_hello_has_the_tables_of_the_article(hello, name):
    assert column(hello, name) == pytest.approx(ARTICLE[name], rel=0, abs=CUT)


def test_the_scores_of_hello_agree_with_the_article_as_far_as_it_shows_its_digits(hello):
    assert column(hello, "y_2") == pytest.approx(Y_2, rel=0, abs=5e-7)
    assert column(hello, "y_2") == pytest.approx(Y_2_PRINTED, rel=0, abs=4.5e-6)


def test_the_untrained_network_says_that_h_follows_e(hello):
    assert hello.problem.inputs[1] == "e"
    assert hello.problem.vocabulary[int(np.argmax(column(hello, "p_2")))] == "h"


def test_the_loss_of_hello(hello):
    assert hello["loss"].value == pytest.approx(6.811274597, rel=0, abs=5e-10)


def test_hello_starts_from_the_numbers_of_the_article(hello):
    assert hello["Wxh"].value.tolist() == [
        [0.287027, 0.84606, 0.572392, 0.486813],
        [0.902874, 0.871522, 0.691079, 0.18998],
        [0.537524, 0.09224, 0.558159, 0.491528],
    ]
    assert hello["Whh"].value.tolist() == [[0.427043]]
    assert hello["bh"].value.tolist() == [[0.567001]]
    assert hello["Why"].value.tolist() == [
        [0.37168, 0.974829459, 0.830034886],
        [0.39141, 0.282585823, 0.659835709],
        [0.64985, 0.09821557, 0.334287084],
        [0.91266, 0.32581642, 0.144630018],
    ]
    assert column(hello, "h_0") == [0, 0, 0]
    assert "by" not in hello
    assert "".join(hello.problem.vocabulary) == "helo"
    assert [column(hello, f"x_{t}").index(1) for t in (1, 2, 3, 4)] == [0, 1, 2, 2]
    assert [column(hello, f"target_{t}").index(1) for t in (1, 2, 3, 4)] == [1, 2, 2, 3]


def differences(trace: Trace, numbers: Given) -> list[str]:
    """The quantities of a trace that are not equal to the straight loop's, as the design defines equal."""
    expected = straight(numbers)
    computed = {name for name, quantity in trace.items() if quantity.stage in ("forward", "loss")}
    assert computed == set(expected)
    wrong = []
    for name, (value, size) in expected.items():
        shaped = np.reshape(value, (-1, 1))
        assert trace[name].value.shape == shaped.shape
        if not np.abs(trace[name].value - shaped).max() <= TOLERANCE * size:
            wrong.append(name)
    return wrong


@given(given_numbers())
def test_every_quantity_equals_a_straight_loop(numbers):
    assert differences(forward(numbers.problem()), numbers) == []


@given(given_numbers(whole=True))
def test_whole_numbers_are_added_and_multiplied_exactly(numbers):
    trace, expected = forward(numbers.problem()), straight(numbers)
    for name, quantity in trace.items():
        if name.split("_")[0] in ("wx", "wh", "a", "h", "y") and quantity.rule is not None:
            assert quantity.value[:, 0].tolist() == expected[name].value.tolist()


def test_the_comparison_notices_an_error_of_a_millionth():
    numbers = Given(
        "abca", "abc", 2, "tanh", "next", "sum",
        {"Wxh": [[1, 2, -1], [0.5, 1, 1]], "Whh": 0.3, "bh": 0.1, "Why": [[1, -1], [0.2, 2], [1, 1]]}, [0.5, -0.5],
    )  # fmt: skip
    assert differences(forward(numbers.problem()), numbers) == []
    changed = numbers._replace(weights={**numbers.weights, "Whh": 0.3 + 1e-6})
    first_touched = differences(forward(changed.problem()), numbers)[0]
    assert first_touched == "wh_1"


@given(given_numbers())
def test_the_given_quantities_are_the_numbers_given(numbers):
    trace = forward(numbers.problem())
    for name, value in {**numbers.weights, "h_0": numbers.h_0}.items():
        assert trace[name].stage == "given"
        assert trace[name].value.ravel().tolist() == np.ravel(value).tolist()
    for t, (letter, wanted) in enumerate(zip(numbers.inputs, numbers.wanted, strict=True), 1):
        assert trace[f"x_{t}"].value[:, 0].tolist() == [float(letter == known) for known in numbers.vocabulary]
        assert (f"target_{t}" in trace) == (wanted is not None)
        if wanted is not None:
            one_hot = [float(wanted == known) for known in numbers.vocabulary]
            assert trace[f"target_{t}"].value[:, 0].tolist() == one_hot


@given(given_numbers())
def test_a_column_of_p_is_a_distribution(numbers):
    trace = forward(numbers.problem())
    for t in range(1, len(numbers.inputs) + 1):
        p = trace[f"p_{t}"].value
        assert (p >= 0).all()
        assert p.sum() == pytest.approx(1, rel=0, abs=1e-14)


def test_targets_last_computes_every_output_and_one_loss():
    problem = Problem.draw("banana", targets="last")
    trace = forward(problem)
    assert [name for name in trace if name.startswith("p_")] == ["p_1", "p_2", "p_3", "p_4", "p_5"]
    assert [name for name in trace if name.startswith("loss")] == ["loss_5", "loss"]


def test_targets_none_reads_every_letter_and_has_no_loss():
    trace = forward(Problem.draw("banana", targets="none"))
    assert trace["p_6"].step == 6
    assert not [name for name in trace if name.startswith(("loss", "target"))]


def one_unit(scale: float, softmax: str = "shifted", **settings: Any) -> Problem:
    """A network whose one unit is 1 after every letter and scores its two letters ±scale; it reads aa and wants ab."""
    return Problem(
        inputs=("a", "a"),
        vocabulary=("a", "b"),
        weights={"Wxh": [[0, 0]], "Whh": 0, "bh": 1, "Why": [[scale], [-scale]]},
        h_0=[0],
        activation="linear",
        softmax=softmax,
        **{"targets": ("a", "b"), **settings},
    )


def scored(first: float, second: float, **settings: Any) -> Problem:
    """The same with these scores at every step, and the plain softmax."""
    return one_unit(1, "plain", **settings).replace(
        weights={"Wxh": [[0, 0]], "Whh": 0, "bh": 1, "Why": [[first], [second]]}
    )


PLAIN_ENDS = (
    "Plain softmax cannot handle scores that are so large or so far apart. Use --softmax shifted (in a template "
)


@pytest.mark.parametrize(
    ("first", "second", "quantity", "scores"),
    [
        (710, 0, "exp_1", "0 to 710"),
        (0, -709, "exp_1", "-709 to 0"),
        (709.5, 709.5, "p_1", "709.5 to 709.5"),
        (400, -400, "p_1", "-400 to 400"),
    ],
)
@pytest.mark.parametrize("targets", [(None, None), ("a", "b")])
@pytest.mark.parametrize("loss", ["cross-entropy", "squared-error"])
def test_where_the_plain_softmax_leaves_float64_the_message_names_the_other_form(
    first, second, quantity, scores, targets, loss
):
    """An exp that is too large or loses its digits, a sum of exps that is too large, a probability that becomes 0."""
    problem = scored(first, second, targets=targets, loss=loss)
    with pytest.raises(ArithmeticOverflow) as error:
        forward(problem)
    step = f"{quantity} at step 1 leaves the range of float64: "
    assert str(error.value).startswith(step)
    assert f"with scores y_1 from {scores}. {PLAIN_ENDS}" in str(error.value)
    shifted = forward(problem.replace(softmax="shifted"))
    assert shifted["p_1"].value.sum() == 1


def test_the_plain_softmax_works_up_to_its_ends():
    for first, second in ((709, 2), (-708, -708), (350, -350)):
        trace = forward(scored(first, second))
        shifted = forward(scored(first, second).replace(softmax="shifted"))
        for name in ("p_1", "loss_1", "loss_2"):
            assert trace[name].value == pytest.approx(shifted[name].value, rel=1e-12, abs=0)
    assert forward(scored(350, -350))["loss_2"].value == pytest.approx(700, rel=1e-14)


def test_a_gradient_of_the_plain_softmax_that_leaves_float64_names_the_other_form():
    """The squared error goes back through the division by Σ exp(y)."""
    problem = scored(-708, -708, loss="squared-error", targets=([1e3, -1e3], None))
    with pytest.raises(
        ArithmeticOverflow, match=r"^dexp_1 at step 1 leaves the range of float64: .* --softmax shifted"
    ):
        backward(problem)
    assert np.isfinite(backward(problem.replace(softmax="shifted"))["dWhy"].value).all()


def test_what_is_not_the_softmaxs_fault_does_not_blame_it():
    """Targets so large that their squares, or the sum of these over the steps, leave float64."""
    for target, name in ((1e200, "loss_1 at step 1"), (1.3e154, "loss")):
        problem = scored(1, 2, loss="squared-error", targets=([target, 0], None))
        with pytest.raises(ArithmeticOverflow, match=rf"^{name} is not finite: .* overflows float64") as error:
            forward(problem.replace(inputs=("a",) * 3, targets=([target, 0],) * 3))
        assert "softmax" not in str(error.value)


def test_both_forms_of_softmax_give_the_same_probabilities_and_losses():
    plain = forward(Problem.template("hello"))
    shifted = forward(plain.problem.replace(softmax="shifted"))
    assert plain.problem.softmax == "plain"
    for name in plain:
        if name.startswith("exp_"):
            assert plain[name].value == pytest.approx(np.exp(plain[f"y_{name[4:]}"].value), rel=1e-15)
            assert shifted[name].value.max() == 1
        else:
            assert plain[name].value == pytest.approx(shifted[name].value, rel=1e-14, abs=1e-15), name


def test_a_loss_is_finite_and_right_where_its_probability_underflows():
    trace = forward(one_unit(1e3))
    assert trace["p_2"].value[1, 0] == 0
    assert trace["loss_2"].value == 2000
    assert trace["loss"].value == 2000
    assert forward(one_unit(1e300))["loss"].value == 2e300


def test_large_scores_do_not_overflow_the_softmax():
    trace = forward(one_unit(1e300))
    assert trace["p_1"].value[:, 0].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("weights", "quantity"),
    [
        ({"Wxh": [[0, 1e308]], "Whh": 0, "bh": 1e308, "Why": [[0], [0]]}, "a_2"),
        ({"Wxh": [[0, 9]], "Whh": 1e300, "bh": 1e10, "Why": [[0], [0]]}, "wh_2"),
        ({"Wxh": [[0, 9]], "Whh": 0, "bh": 1, "Why": [[1e308], [0]]}, "y_2"),
        ({"Wxh": [[0, 0]], "Whh": 0, "bh": 1, "Why": [[1e308], [-1e308]]}, "loss_2"),
    ],
)
def test_overflow_is_reported_with_its_quantity_and_step(weights, quantity):
    problem = one_unit(1).replace(inputs=("a", "b"), targets=("a", "b"), weights=weights)
    assert problem.softmax == "shifted"
    with pytest.raises(ArithmeticOverflow, match=rf"^{quantity} at step 2 is not finite: .* overflows float64"):
        forward(problem)


@pytest.mark.parametrize("targets", ["next", "last", "none"])
def test_the_same_problem_gives_the_same_bytes(targets):
    first, second = (forward(Problem.draw("mississippi", targets=targets)) for _ in range(2))
    assert [q.value.tobytes() for q in first.values()] == [q.value.tobytes() for q in second.values()]


def test_float64_everywhere(hello):
    assert {quantity.value.dtype for quantity in hello.values()} == {np.dtype(np.float64)}
