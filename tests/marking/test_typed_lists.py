"""Lists of numbers in one text, as people type and paste them: the numbers that were written are the oracle."""

from random import Random

import pytest

from rnncalc import Problem
from rnncalc.errors import SelectionError
from rnncalc.marking.prompt import typed_answers, typed_together
from rnncalc.marking.typed_lists import numbers_of
from rnncalc.network.update_step import whole_trace

RANDOM = Random(3)
TRACE = whole_trace(Problem.template("hello"))
POINTS = [" ", ", ", "; ", ";", ",", "\n", "\t", "  ", " , ", ",\n", " | "]
COMMAS = [" ", ", ", "; ", ";", "\n", "\t", "  ", " ; ", ",\n"]
AROUND = ["{}", "[{}]", "({})", "{{{}}}", " [ {} ] ", "[[{}]]", "{},", "{};", "array([{}])",
          "np.array([{}], dtype=float32)", "tensor([{}])"]  # fmt: skip


def drawn(count: int) -> list[str]:
    return [f"{RANDOM.uniform(-2, 2):.{RANDOM.randint(1, 5)}f}" for _ in range(count)]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("between", POINTS)
@pytest.mark.parametrize("count", [2, 3, 12])
def test_numbers_with_points_are_told_apart(count, between, around):
    numbers = drawn(count)
    assert numbers_of(around.format(between.join(numbers)), count) == numbers


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("between", COMMAS)
@pytest.mark.parametrize("count", [2, 3, 12])
def test_numbers_with_decimal_commas_are_told_apart(count, between, around):
    numbers = [number.replace(".", ",") for number in drawn(count)]
    assert numbers_of(around.format(between.join(numbers)), count) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0.29 + 0.85", ["0.29 + 0.85"]),
        ("0.29+0.85", ["0.29+0.85"]),
        ("- 0.79", ["- 0.79"]),
        ("(0.29 + 0.85) * 2", ["(0.29 + 0.85) * 2"]),
        ("(0.94)", ["(0.94)"]),
        ("0,94", ["0,94"]),
        ("tanh (1.7)", ["tanh (1.7)"]),
        ("94.9 %", ["94.9 %"]),
        ("1.9 × 10^-3", ["1.9 × 10^-3"]),
        ("0.94 -0.95", ["0.94", "-0.95"]),
        ("0.94 −0.95", ["0.94", "−0.95"]),
        ("tanh(1.7), exp(-2)", ["tanh(1.7)", "exp(-2)"]),
        ("tanh(1.7) exp(-2), 1/3", ["tanh(1.7)", "exp(-2)", "1/3"]),
        ("0,1,0,0", ["0", "1", "0", "0"]),
        ("[1,2]", ["1", "2"]),
        ("1, 2", ["1", "2"]),
        ("0.94 & 0.95 \\\\ 0.76", ["0.94", "0.95", "0.76"]),
        ("'0.94' \"0.95\"", ["0.94", "0.95"]),
        ("0.5 + 0.5; 2 * 0.25", ["0.5 + 0.5", "2 * 0.25"]),
    ],
)
def test_a_calculation_is_one_number(text, numbers):
    assert numbers_of(text, len(numbers)) == numbers


def test_a_decimal_comma_alone_is_never_taken_for_two_numbers():
    assert numbers_of("0,94", 2) == ["0,94"]


def test_what_was_worked_out_is_shown_beside_what_was_typed():
    answers = typed_answers(TRACE, "h_2", ["tanh(1.7), 1/3", "0,76"])
    assert [a.text for a in answers.cells.values()] == ["tanh(1.7) = 0.935409", "1/3 = 0.333333", "0,76"]
    assert [a.decimals for a in answers.cells.values()] == [1, None, 2]


def test_what_commas_are_is_told_by_the_other_numbers():
    assert [a.number for a in typed_answers(TRACE, "h_2", ["1,105 0,5 2,25"]).cells.values()] == [1.105, 0.5, 2.25]
    assert typed_answers(TRACE, "h_2:1", ["1,105"]).cells[0, 0].problem == "ambiguous"


def test_elements_of_one_quantity_are_put_together():
    found = typed_together(TRACE, [("h_2:1", ["0.5"]), ("loss", ["6.78"]), ("h_2[3]", ["0.25"])])
    assert [(a.name, {p: c.number for p, c in a.cells.items()}) for a in found] == [
        ("h_2", {(0, 0): 0.5, (2, 0): 0.25}),
        ("loss", {(0, 0): 6.78}),
    ]


def test_a_number_that_is_given_twice_is_refused():
    with pytest.raises(SelectionError, match=r"^h_2:1 is given twice\.$"):
        typed_together(TRACE, [("h_2", ["1 2 3"]), ("h_2:1", ["1"])])


@pytest.mark.parametrize(
    ("name", "values", "says"),
    [
        ("h_2", ["1", "2"], "h_2 has 3 numbers, but 2 were given."),
        ("h_2", ["0,94"], "h_2 has 3 numbers, but 1 was given."),
        ("h_2", ["tanh(1.7", "0.5", "0.6"], "h_2: the brackets in 'tanh(1.7 0.5 0.6' do not match."),
        ("loss", ["1 2"], "loss has 1 number, but 2 were given."),
    ],
)
def test_too_many_or_too_few_are_refused(name, values, says):
    with pytest.raises(SelectionError) as refused:
        typed_answers(TRACE, name, values)
    assert str(refused.value) == says
