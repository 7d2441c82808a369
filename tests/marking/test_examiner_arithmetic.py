"""The students' own arithmetic is right: it gives the numbers of 200 random traces."""

from random import Random

import numpy as np
import pytest
from marking.examiner.drawing import Drawn, draw, template
from marking.examiner.networks import Net, UnknownName
from marking.examiner.nodes import EXACT, Array


def worked(net: Net) -> dict[str, Array]:
    numbers = dict(net.given)
    for name in net.asked:
        numbers[name] = np.broadcast_to(net.rule(name).work(numbers, EXACT), net.shapes[name])
    return numbers


def hold(drawn: Drawn) -> None:
    numbers = worked(drawn.net)
    for name, quantity in drawn.trace.items():
        scale = max(1.0, float(np.abs(quantity.value).max()))
        assert np.abs(numbers[name] - quantity.value).max() <= 1e-12 * scale, (name, drawn.problem)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_the_students_work_every_number_of_random_problems(kind: str) -> None:
    rng = Random(f"arithmetic {kind}")
    for _ in range(67):
        hold(draw(rng, kind))


@pytest.mark.parametrize("name", ["hello", "pencil", "lstm", "gru"])
def test_the_students_work_the_templates(name: str) -> None:
    hold(template(name))


def test_a_wrong_rule_gives_other_numbers() -> None:
    drawn = template("hello")
    drawn.net._rules["a_2"] = drawn.net.rule("wx_2")
    with pytest.raises(AssertionError):
        hold(drawn)


def test_a_name_that_nobody_taught_them_is_an_error_that_says_so() -> None:
    with pytest.raises(UnknownName, match="do not know how to work zzz_2 of a rnn"):
        template("hello").net.rule("zzz_2")
