"""The roundings of the simulated students are those that their names say."""

from decimal import Decimal
from random import Random

import numpy as np
from marking.examiner.drawing import template
from marking.examiner.ways import WAYS, GuardDigit, MoreDigits, RoundsProducts, TwoDecimals, by_hand, cut, nearest
from marking.examiner.working import answers, work


def test_rounding_is_that_of_decimal_numbers() -> None:
    rng = Random("rounding")
    for _ in range(2000):
        decimals, text = rng.randint(2, 6), f"{rng.uniform(-3, 3):.8f}"
        assert abs(nearest(np.array(float(text)), decimals) - float(by_hand(Decimal(text), decimals))) < 1e-12, text


def test_cutting_never_cuts_a_digit_that_was_written() -> None:
    for whole in range(-1000, 1000):
        assert abs(cut(np.array(whole / 100), 2) - whole / 100) < 1e-12


def test_a_guard_digit_rounds_twice() -> None:
    assert GuardDigit(4, Random(0)).written(np.array([[0.902645]]))[0, 0] == 0.9027


def test_products_are_rounded_before_they_are_added() -> None:
    done = work(template("hello").net, RoundsProducts(2, Random(0)))
    products = np.round(0.427043 * done.written["h_1"], 2)
    assert np.allclose(done.written["wh_2"], np.round(products + 0.567001, 2), rtol=0, atol=1e-12)


def test_every_way_writes_every_number_close_to_the_true_one() -> None:
    drawn = template("hello")
    for way in WAYS:
        done = work(drawn.net, way(5, Random(0)))
        room = 0.15 if way is TwoDecimals else 4e-4
        for name, written in done.written.items():
            if name.startswith("exp_") and way.name == "the other softmax":
                continue
            assert np.nanmax(np.abs(written - drawn.trace[name].value), initial=0.0) < room, (way.name, name)


def test_more_digits_are_typed_as_text() -> None:
    sheet = answers(work(template("hello").net, MoreDigits(4, Random(1))))
    assert sheet["h_1"][0, 0].decimals == 8
