"""Ways of working a number by hand: what a person may rightly write is accepted, and nothing far from it."""

import math
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.language.interval import Interval, at
from rnncalc.language.operations import dot
from rnncalc.language.trees import Entry, Number, Scalar, call
from rnncalc.marking import working
from rnncalc.marking.working import Way, evaluate, reach, ways

ROUNDINGS = [ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN]
"""How people round: they differ in what lies just between two numbers."""


class Table(NamedTuple):
    """A column of operands, and half a unit of the last decimal that each was written with; 0 for what is given."""

    value: Any
    half_units: Sequence[float]


def column(numbers: Sequence[Any], half_unit: float = 0.0) -> list[Scalar]:
    """The elements of a column."""
    table = Table(np.array([[float(n)] for n in numbers]), [half_unit] * len(numbers))
    return [Entry(table, row, 0) for row in range(len(numbers))]


def one(number: Any, half_unit: float = 0.0) -> Scalar:
    return column([number], half_unit)[0]


def number_and_half_unit(found: Entry) -> tuple[float, float]:
    assert isinstance(found.of, Table)
    return float(found.of.value[found.row, found.column]), found.of.half_units[found.row]


def worked(tree: Scalar, way: Way) -> Interval:
    return evaluate(tree, lambda e: way.operand(*number_and_half_unit(e)), way)


def accepted(number: Any, tree: Scalar, decimals: int | None, *, cuts: bool = True) -> bool:
    """Whether a number is right by any way of working."""
    return any(way.accepts(float(number), worked(tree, way)) for way in ways(decimals, cuts=cuts))


def shortened(number: Decimal, decimals: int, how: str) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), how)


# ── sums of products ──────────────────────────────────────────────────────────────────────────────────────────────────


class Sum(NamedTuple):
    """u₁·v₁ + u₂·v₂ + … + bias: the u and the bias are given, the v were written with ``decimals``; ``full`` are the v
    with all the digits that a calculator still holds."""

    u: list[Decimal]
    v: list[Decimal]
    full: list[Decimal]
    bias: Decimal
    decimals: int
    how: str

    @property
    def tree(self) -> Scalar:
        half = 0.5 * 10.0**-self.decimals
        return call("plus", dot(column(self.u), column(self.v, half)), one(self.bias))

    @property
    def exact(self) -> Decimal:
        return sum((u * v for u, v in zip(self.u, self.v, strict=True)), self.bias)

    def short(self, number: Decimal) -> Decimal:
        return shortened(number, self.decimals, self.how)


@st.composite
def sums(draw: st.DrawFn, how: Sequence[str] = tuple(ROUNDINGS)) -> Sum:
    decimals, rounding = draw(st.integers(1, 5)), draw(st.sampled_from(how))
    count = draw(st.integers(1, 7))
    weight = st.decimals(-2, 2, places=draw(st.integers(1, 4)))
    digits = st.decimals(-2, 2, places=decimals + 4)
    u, full = (draw(st.lists(kind, min_size=count, max_size=count)) for kind in (weight, digits))
    v = [shortened(number, decimals, rounding) for number in full]
    return Sum(u, v, full, draw(weight), decimals, rounding)


@given(s=sums())
def test_going_on_with_the_written_numbers_is_right(s):
    assert accepted(s.short(s.exact), s.tree, s.decimals)


@given(s=sums())
def test_going_on_with_all_the_digits_of_the_calculator_is_right(s):
    total = sum((u * v for u, v in zip(s.u, s.full, strict=True)), s.bias)
    assert accepted(s.short(total), s.tree, s.decimals)


@given(s=sums(), data=st.data())
def test_rounding_each_product_before_adding_is_right_and_ties_go_either_way_each_for_itself(s, data):
    rounding = st.sampled_from(ROUNDINGS)
    products = [shortened(u * v, s.decimals, data.draw(rounding)) for u, v in zip(s.u, s.v, strict=True)]
    bias = data.draw(st.sampled_from([s.bias, s.short(s.bias)]))
    assert accepted(s.short(sum(products, bias)), s.tree, s.decimals)


@given(s=sums())
def test_rounding_the_sum_of_products_before_the_bias_is_added_is_right(s):
    assert accepted(s.short(s.short(s.exact - s.bias) + s.bias), s.tree, s.decimals)


@given(s=sums(), remembers=st.booleans())
def test_a_digit_more_in_every_product_and_rounding_again_in_the_end_is_right(s, remembers):
    products = [shortened(u * v, s.decimals + 1, s.how) for u, v in zip(s.u, s.full if remembers else s.v, strict=True)]
    assert accepted(s.short(sum(products, s.bias)), s.tree, s.decimals)


@given(s=sums())
def test_rounding_to_a_digit_more_first_is_right(s):
    assert accepted(s.short(shortened(s.exact, s.decimals + 1, s.how)), s.tree, s.decimals)


@given(s=sums([ROUND_DOWN]), products=st.booleans(), remembers=st.booleans())
def test_cutting_digits_off_everywhere_is_right_for_those_who_may(s, products, remembers):
    parts = [u * v for u, v in zip(s.u, s.full if remembers and not products else s.v, strict=True)]
    total = sum([s.short(p) for p in parts] if products else parts, s.bias)
    assert accepted(s.short(total), s.tree, s.decimals, cuts=True)


@given(s=sums([*ROUNDINGS, ROUND_DOWN]), more=st.floats(1.001, 1000), below=st.booleans())
def test_a_number_further_off_than_all_the_roundings_together_is_refused(s, more, below):
    """At most a unit in every operand, in every product, in the bias and in the end; a unit in their sum."""
    unit = 10.0**-s.decimals
    roundings = sum(unit * abs(float(u)) + unit for u in s.u) + 3 * unit
    number = float(s.exact) + (-more if below else more) * roundings
    assert not accepted(number, s.tree, s.decimals)


@given(s=sums())
def test_who_does_not_cut_is_held_to_rounding(s):
    """Without operands that a calculator may know better, a number is off by a unit at most for each product, which may
    be cut off, and by half a unit for its own rounding."""
    tree = call("plus", dot(column(s.u), column(s.v)), one(s.bias))
    half = 0.5 * 10.0**-s.decimals
    furthest = half * (2 * len(s.u) + 2) + 1e-9
    for off in (furthest, -furthest):
        assert not accepted(float(s.exact) + 1.001 * off, tree, s.decimals, cuts=False)


def test_one_product_and_a_bias_tell_a_unit_from_none():
    tree = call("plus", dot(column(["0.42"]), column(["0.75"])), one("0.5"))  # 0.815
    taken = [n for n in ("0.79", "0.80", "0.81", "0.82", "0.83", "0.84") if accepted(n, tree, 2, cuts=False)]
    assert taken == ["0.81", "0.82"]  # 0.315 may be rounded either way


def test_the_sum_of_seven_rounded_products_is_right_and_two_hundredths_further_is_not():
    """−0.14 − 0.30 + 0.55 + 0.31 − 0.59 − 0.11 − 0.87 = −1.15."""
    u = [Decimal(n) for n in ("-0.45", "-0.31", "0.84", "0.53", "-0.69", "-0.36", "-0.89")]
    v = [Decimal(n) for n in ("0.3", "0.97", "0.66", "0.58", "0.85", "0.3", "0.98")]
    rounded = [shortened(a * b, 2, ROUND_HALF_UP) for a, b in zip(u, v, strict=True)]
    exact = sum(a * b for a, b in zip(u, v, strict=True))
    assert sum(rounded) == Decimal("-1.15")
    assert exact == Decimal("-1.1406")
    tree = dot(column(u), column(v))
    assert accepted("-1.15", tree, 2)
    assert accepted("-1.14", tree, 2)
    assert not accepted("-1.17", tree, 2)
    assert not accepted("-1.12", tree, 2)


def test_a_product_with_one_of_the_ones_of_a_letter_is_no_product_to_round():
    """One column of a matrix is read off: 0.567 is 0.57, and never 0.56."""
    tree = dot(column(["0.111", "0.567", "0.333"]), column([0, 1, 0]))
    assert accepted("0.57", tree, 2, cuts=False)
    assert not accepted("0.56", tree, 2, cuts=False)
    assert not accepted("0.58", tree, 2, cuts=False)


def test_zeros_of_a_letter_let_nothing_through_however_inexact_the_others_are():
    tree = dot(column([0, 1, 0]), column(["0.5", "0.25", math.inf], 0.5))
    assert worked(tree, Way(2)) == at(0.25)


@pytest.mark.parametrize("letters", [4, 30])
def test_zeros_of_a_letter_are_no_products_that_anybody_rounds(letters):
    """However many letters there are, a column is read off to the last digit."""
    weights, letter = column(["0.2967"] * letters), column([1] + [0] * (letters - 1))
    for tree in (dot(weights, letter), dot(letter, weights)):
        assert accepted("0.30", tree, 2)
        assert accepted("0.29", tree, 2)  # cut off
        assert not accepted("0.28", tree, 2)
        assert not accepted("0.31", tree, 2)
        assert not accepted("0.29", tree, 2, cuts=False)
        assert worked(tree, Way(2, remembers=True)) == at(0.2967)


def test_losses_that_were_written_add_up_to_what_stands_there():
    losses = column(["1.56", "1.83", "1.83", "1.56"], 0.005)
    assert accepted("6.78", call("sum", *losses), 2)
    assert accepted("6.80", call("sum", *losses), 2)  # 1.5649 + 1.8349 + 1.8349 + 1.5649 = 6.7996
    assert not accepted("6.81", call("sum", *losses), 2, cuts=False)
    assert not accepted("6.83", call("sum", *losses), 2)  # 1.5699 + … were cut off: 6.8196
    assert not accepted("7.31", call("sum", *losses), 2)


# ── other workings within a number ────────────────────────────────────────────────────────────────────────────────────


@given(
    weight=st.decimals(-2, 2, places=4),
    gradient=st.decimals(-2, 2, places=4),
    rate=st.sampled_from(["0.1", "0.05", "0.01", "0.3"]),
    how=st.sampled_from([*ROUNDINGS, ROUND_DOWN]),
)
def test_rounding_eta_times_the_gradient_before_it_is_subtracted_is_right(weight, gradient, rate, how):
    tree = call("minus", one(weight), call("times", one(rate), one(gradient, 0.00005)))
    step = shortened(Decimal(rate) * gradient, 4, how)
    assert accepted(shortened(weight - step, 4, how), tree, 4)
    assert not accepted(weight - step + Decimal("0.0003"), tree, 4)


@given(h=st.decimals(-1, 1, places=3), dh=st.decimals(-2, 2, places=3), how=st.sampled_from([*ROUNDINGS, ROUND_DOWN]))
def test_rounding_the_square_of_h_before_the_slope_is_multiplied_in_is_right(h, dh, how):
    square = call("square", one(h, 0.0005))
    tree = call("times", call("minus", Number(1), square), one(dh, 0.0005))
    slope = 1 - shortened(h * h, 3, how)
    assert accepted(shortened(slope * dh, 3, how), tree, 3)
    assert accepted(shortened((1 - h * h) * dh, 3, how), tree, 3)
    exact = (1 - h * h) * dh
    furthest = Decimal("0.001") * (2 + abs(2 * h * dh) + abs(dh) + 1)
    assert not accepted(exact + furthest, tree, 3)


@given(numbers=st.lists(st.decimals(-2, 2, places=2), min_size=1, max_size=6), how=st.sampled_from(ROUNDINGS))
def test_a_length_from_squares_that_were_rounded_is_right(numbers, how):
    tree = call("root", call("sum", *(call("square", e) for e in column(numbers, 0.005))))
    squares = [shortened(n * n, 2, how) for n in numbers]
    assert accepted(shortened(sum(squares).sqrt(), 2, how), tree, 2)
    assert not accepted(sum(n * n for n in numbers).sqrt() + Decimal("0.02") * (len(numbers) + 1) + 1, tree, 2)


@given(a=st.floats(-3, 3), decimals=st.integers(2, 6))
def test_an_activation_of_the_written_sum_or_of_all_its_digits_is_right(a, decimals):
    written = round(a, decimals)
    for function, meaning in (("tanh", math.tanh), ("sigmoid", lambda x: 1 / (1 + math.exp(-x))), ("exp", math.exp)):
        tree = call(function, one(written, 0.5 * 10.0**-decimals))
        assert accepted(round(meaning(written), decimals), tree, decimals)
        assert accepted(round(meaning(a), decimals), tree, decimals)
        furthest = 10.0**-decimals * (meaning(abs(a) + 1) + 2)
        assert not accepted(meaning(a) + furthest, tree, decimals)


@given(scores=st.lists(st.floats(-2, 2), min_size=2, max_size=5), decimals=st.integers(2, 5))
def test_a_probability_of_exps_that_were_rounded_on_the_way_is_right(scores, decimals):
    tops = [call("exp", e) for e in column(scores)]
    tree = call("over", tops[0], call("sum", *tops))
    exps = [round(math.exp(y), decimals) for y in scores]
    assert accepted(round(exps[0] / sum(exps), decimals), tree, decimals)
    assert accepted(round(math.exp(scores[0]) / sum(map(math.exp, scores)), decimals), tree, decimals)


# ── intervals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def near(low: float, high: float) -> Scalar:
    """An operand that may lie anywhere between two numbers."""
    return one((low + high) / 2, (high - low) / 2)


REMEMBERS = Way(None, remembers=True)


@pytest.mark.parametrize(
    ("function", "parts", "low", "high"),
    [
        ("times", [(-1, 2), (-3, 1)], -6, 3),
        ("times", [(-2, -1), (3, 4)], -8, -3),
        ("square", [(-3, 2)], 0, 9),
        ("square", [(-3, -2)], 4, 9),
        ("size", [(-3, 2)], 0, 3),
        ("size", [(-3, -2)], 2, 3),
        ("negative", [(1, 2)], -2, -1),
        ("minus", [(1, 2), (3, 5)], -4, -1),
        ("plus", [(1, 2), (3, 5)], 4, 7),
        ("over", [(1, 2), (-4, -2)], -1, -0.25),
        ("over", [(-1, 2), (2, 4)], -0.5, 1),
        ("largest", [(1, 4), (2, 3)], 2, 4),
        ("smallest", [(1, 4), (2, 3)], 1, 3),
        ("relu", [(-1, 2)], 0, 2),
        ("root", [(4, 9)], 2, 3),
        ("root", [(-4, 9)], 0, 3),
        ("is positive", [(-1, 2)], 0, 1),
        ("is positive", [(1, 2)], 1, 1),
    ],
)
def test_a_function_of_intervals_goes_from_its_lowest_to_its_highest(function, parts, low, high):
    found = worked(call(function, *(near(*part) for part in parts)), REMEMBERS)
    assert found == pytest.approx((low, high), rel=1e-12)


bounds = st.tuples(st.integers(-4000, 4000), st.integers(0, 2000)).map(lambda n: (n[0] / 1000, (n[0] + n[1]) / 1000))
PLAIN = {
    "times": (2, lambda a, b: a * b),
    "plus": (2, lambda a, b: a + b),
    "minus": (2, lambda a, b: a - b),
    "over": (2, lambda a, b: a / b),
    "largest": (2, max),
    "smallest": (2, min),
    "square": (1, lambda a: a * a),
    "size": (1, abs),
    "negative": (1, lambda a: -a),
    "tanh": (1, math.tanh),
    "sinh": (1, math.sinh),
    "exp": (1, math.exp),
    "ln": (1, math.log),
    "log2": (1, math.log2),
    "relu": (1, lambda a: max(a, 0)),
}
"""How many operands a function has, and what it means, in plain Python."""


@pytest.mark.parametrize("function", PLAIN)
@given(data=st.data())
def test_whatever_operands_within_their_bounds_give_is_within_the_result(function, data):
    count, meaning = PLAIN[function]
    parts = [data.draw(bounds) for _ in range(count)]
    found = worked(call(function, *(near(*part) for part in parts)), REMEMBERS)
    chosen = [low + data.draw(st.floats(0, 1)) * (high - low) for low, high in parts]
    try:
        number = meaning(*chosen)
    except (ArithmeticError, ValueError):
        return  # the arithmetic leads nowhere
    if math.isnan(found.low):
        assert function == "over" or parts[0][0] <= 0
        return
    slack = 1e-9 * max(1, abs(number))
    assert found.low - slack <= number <= found.high + slack


def test_a_division_by_what_may_be_zero_leads_nowhere_and_nothing_is_accepted():
    tree = call("over", one(1), one("0.00", 0.005))
    assert math.isnan(worked(tree, REMEMBERS).low)
    assert not any(accepted(n, tree, 2) for n in (0, 1, 200, -200))
    sure = call("over", one(1), one("0.01", 0.005))
    assert accepted("66.67", sure, 2)
    assert not accepted("-100", sure, 2)


def test_a_loss_of_a_probability_that_was_rounded_to_0_may_be_any_large_one():
    """p = 0.00 stands for less than 0.005, whose loss is more than 5.29."""
    tree = call("negative", call("ln", one("0.00", 0.005)))
    assert accepted("5.30", tree, 2, cuts=False)
    assert accepted("12.00", tree, 2, cuts=False)
    assert not accepted("5.20", tree, 2, cuts=False)
    assert not accepted("4.50", tree, 2)  # 0.00999 was cut off: 4.61
    assert not accepted("0", tree, 2)


def test_a_loss_near_a_small_probability_is_held_to_the_digits_of_it():
    """p = 0.02 stands for 0.015 to 0.025, and the loss for 3.69 to 4.20."""
    tree = call("negative", call("ln", one("0.02", 0.005)))
    for taken in ("3.69", "3.91", "4.20"):
        assert accepted(taken, tree, 2), taken
    for refused in ("3.68", "3.20", "5.05"):
        assert not accepted(refused, tree, 2, cuts=False), refused


def test_nothing_follows_from_the_logarithm_of_a_negative_number():
    tree = call("ln", one("-0.30", 0.005))
    assert math.isnan(worked(tree, REMEMBERS).high)
    assert not any(accepted(n, tree, 2) for n in (-1.2, 0, 1.2, 99))


def test_a_logarithm_of_zero_itself_is_minus_infinity_and_no_number():
    tree = call("ln", one(0))
    assert worked(tree, Way(2)) == (-math.inf, -math.inf)
    assert not accepted("-99", tree, 2)


@pytest.mark.parametrize("function", ["exp", "sinh", "power of ten"])
def test_what_leaves_the_range_of_numbers_is_no_error_and_accepts_nothing(function):
    assert not accepted("1.00", call(function, one(5000)), 2)


# ── one rounding ──────────────────────────────────────────────────────────────────────────────────────────────────────


@given(
    number=st.decimals(-50, 50, places=7),
    decimals=st.integers(0, 6),
    how=st.sampled_from([*ROUNDINGS, ROUND_DOWN]),
)
def test_an_exact_number_may_be_rounded_or_cut_off_and_no_more(number, decimals, how):
    assert accepted(shortened(number, decimals, how), one(number), decimals)


@given(number=st.decimals(-50, 50, places=7), decimals=st.integers(0, 6))
def test_what_is_neither_rounded_nor_cut_off_is_refused(number, decimals):
    """A unit further from zero than the rounded one, perhaps rounded twice; or a unit nearer than the one cut off."""
    unit = Decimal(1).scaleb(-decimals)
    sign = -1 if number < 0 else 1
    out = shortened(abs(number) + unit / 20, decimals, ROUND_HALF_UP) + unit
    within = shortened(abs(number), decimals, ROUND_DOWN) - unit
    assert not accepted(sign * out, one(number), decimals)
    assert not accepted(sign * within, one(number), decimals)


@given(number=st.decimals(-5, 5, places=7), decimals=st.integers(0, 6))
def test_whoever_may_not_cut_is_wrong_who_rounds_to_the_further_side(number, decimals):
    sides = [shortened(number, decimals, how) for how in (ROUND_FLOOR, ROUND_CEILING)]
    further = max(sides, key=lambda side: abs(side - number))
    if abs(further - number) > Decimal("0.551").scaleb(-decimals):  # a spare digit may have brought it there
        assert not accepted(further, one(number), decimals, cuts=False)


@pytest.mark.parametrize("decimals", range(1, 8))
@pytest.mark.parametrize("sign", [1, -1])
def test_a_number_that_has_no_further_digits_is_not_one_less_by_cutting_them_off(sign, decimals):
    number = sign * Decimal("0.3")
    toward_zero = number - sign * Decimal(1).scaleb(-decimals)
    assert accepted(number, one(number), decimals)
    assert not accepted(toward_zero, one(number), decimals)


def test_who_keeps_a_spare_digit_may_round_twice():
    """0.902645, 0.90265, 0.9027."""
    assert accepted("0.9027", one("0.902645"), 4, cuts=False)
    assert not accepted("0.9027", one("0.902640"), 4, cuts=False)
    assert accepted("0.9026", one("0.902640"), 4, cuts=False)


@given(numbers=st.lists(st.decimals(-9, 9, places=5), min_size=3, max_size=3).map(sorted), decimals=st.integers(0, 4))
def test_what_is_written_of_a_number_within_bounds_is_within_the_shortened_ones(numbers, decimals):
    low, inside, high = numbers
    for way, hows in ((Way(decimals), ROUNDINGS), (Way(decimals, cuts=True), [ROUND_DOWN])):
        found = way.shorten(Interval(float(low), float(high)))
        for how in hows:
            assert found.low - 1e-9 <= float(shortened(inside, decimals, how)) <= found.high + 1e-9
        ends = [float(shortened(end, decimals, how)) for end in (low, high) for how in hows]
        assert found == pytest.approx((min(ends), max(ends)), abs=1e-9)


def test_a_tie_goes_either_way_and_what_is_next_to_it_does_not():
    assert Way(2).shorten(at(0.125)) == pytest.approx((0.12, 0.13))
    assert Way(2).shorten(at(0.12501)) == pytest.approx((0.13, 0.13))
    assert Way(2).shorten(at(-0.125)) == pytest.approx((-0.13, -0.12))
    assert Way(2).shorten(at(0.285)) == pytest.approx((0.28, 0.29))  # 0.284999… in the computer


def test_digits_are_cut_off_towards_zero_and_none_of_a_number_that_has_no_more():
    cut = Way(2, cuts=True)
    assert cut.shorten(at(0.129)) == pytest.approx((0.12, 0.12))
    assert cut.shorten(at(-0.129)) == pytest.approx((-0.12, -0.12))
    assert cut.shorten(at(0.29)) == pytest.approx((0.29, 0.29))  # 28.999… hundredths in the computer


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1e300])
def test_what_cannot_be_rounded_stays_as_it_is(value):
    found = Way(3).shorten(at(value))
    assert found == at(value) or math.isnan(found.low)


def test_an_operand_without_a_last_decimal_is_exact_in_every_way():
    for way in ways(3):
        assert way.operand(0.25, 0.0) == at(0.25)


def test_an_operand_that_was_cut_off_was_further_from_zero_and_a_rounded_one_on_either_side():
    cut, rounded = Way(2, cuts=True, remembers=True), Way(2, remembers=True)
    assert cut.operand(0.42, 0.005) == pytest.approx((0.42, 0.43))
    assert cut.operand(-0.42, 0.005) == pytest.approx((-0.43, -0.42))
    assert cut.operand(0.0, 0.005) == pytest.approx((-0.01, 0.01))
    assert rounded.operand(0.42, 0.005) == pytest.approx((0.415, 0.425))
    assert Way(2).operand(0.42, 0.005) == at(0.42)


def test_a_slip_of_the_pen_was_gone_on_with_as_worked_or_as_it_would_have_been_written():
    assert Way(2).unwritten(at(0.4267), 0.005) == pytest.approx((0.4267, 0.43))
    assert Way(2, cuts=True).unwritten(at(0.4267), 0.005) == pytest.approx((0.42, 0.4267))
    assert Way(2, remembers=True).unwritten(at(0.4267), 0.005) == pytest.approx((0.4217, 0.4317))


# ── the ways ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_formula_has_all_its_digits_and_one_way_of_working():
    assert ways(None) == [Way(None, remembers=True)]
    third = call("over", one(1), one(3))
    assert accepted(1 / 3, third, None)
    assert not accepted(0.33333, third, None)


def test_nobody_who_rounds_is_taken_for_one_who_cuts():
    assert not any(way.cuts for way in ways(3, cuts=False))
    assert [way for way in ways(3) if not way.cuts] == ways(3, cuts=False)


@given(s=sums([*ROUNDINGS, ROUND_DOWN]))
def test_the_reach_of_a_number_covers_every_way_of_working(s):
    far = reach(s.tree, s.decimals, number_and_half_unit)
    unit = 10.0**-s.decimals
    assert 0.5 * unit <= far <= sum(unit * abs(float(u)) + unit for u in s.u) + 3 * unit
    rounded = sum((s.short(u * v) for u, v in zip(s.u, s.v, strict=True)), s.bias)
    assert abs(float(s.short(rounded) - s.exact)) <= far + 1e-9


def test_these_tests_can_fail(monkeypatch):
    """If products were not rounded, or operands not remembered, right work would be refused."""
    tree = dot(column(["0.25", "0.25", "0.25"]), column(["0.1", "0.1", "0.1"]))  # 0.075: 0.03 + 0.03 + 0.03 rounded
    assert accepted("0.09", tree, 2)
    monkeypatch.setattr(Way, "product", lambda way, found: found)
    assert not accepted("0.09", tree, 2)
    monkeypatch.undo()
    double = call("times", one(9), one("0.42", 0.005))
    assert accepted("3.82", double, 2)
    monkeypatch.setattr(Way, "operand", lambda way, value, half_unit: at(value))
    assert not accepted("3.82", double, 2)
    monkeypatch.undo()
    assert accepted("0.13", one("0.125"), 2, cuts=False)
    monkeypatch.setattr(working, "_TIE", -0.01)
    assert Way(2).shorten(at(0.125)).low > 0.12
