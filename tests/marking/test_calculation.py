"""Calculations typed in place of a number: worked as Python works them, and nothing but arithmetic."""

import math
from random import Random

import pytest

from rnncalc.marking.calculation import calculate

RANDOM = Random(5)


def operand() -> str:
    return f"{RANDOM.uniform(0.1, 3):.{RANDOM.randint(1, 5)}f}"


SHAPES = [
    ("{} + {}", lambda a, b: a + b),
    ("{} - {}", lambda a, b: a - b),
    ("{}*{}", lambda a, b: a * b),
    ("{} × {}", lambda a, b: a * b),
    ("{} · {}", lambda a, b: a * b),
    ("{}/{}", lambda a, b: a / b),
    ("{} ÷ {}", lambda a, b: a / b),
    ("{}^{}", lambda a, b: a**b),
    ("-({} + {})", lambda a, b: -(a + b)),
    ("tanh({}) − {}", lambda a, b: math.tanh(a) - b),
    ("exp(-{})/(exp({})+1)", lambda a, b: math.exp(-a) / (math.exp(b) + 1)),
    ("1 - tanh({} + {})²", lambda a, b: 1 - math.tanh(a + b) ** 2),
    ("sqrt({}) * ln({})", lambda a, b: math.sqrt(a) * math.log(b)),
    ("sigmoid({}) + relu(-{})", lambda a, b: 1 / (1 + math.exp(-a)) + max(-b, 0)),
    ("e^{} + π*{}", lambda a, b: math.e**a + math.pi * b),
    ("= abs({} - {})", lambda a, b: abs(a - b)),
    ("TANH({})+{}", lambda a, b: math.tanh(a) + b),
]


@pytest.mark.parametrize("comma", [False, True], ids=["points", "commas"])
@pytest.mark.parametrize(("shape", "oracle"), SHAPES, ids=[shape for shape, _ in SHAPES])
def test_a_calculation_is_worked_and_has_the_decimals_of_its_shortest_number(shape, oracle, comma):
    for _ in range(20):
        a, b = operand(), operand()
        typed = shape.format(a, b)
        found = calculate(typed.replace(".", ",") if comma else typed)
        assert found.number == pytest.approx(oracle(float(a), float(b)), rel=1e-12), typed
        assert found.decimals == min(len(x.partition(".")[2]) for x in (a, b))


@pytest.mark.parametrize(
    ("text", "number"), [("1/3", 1 / 3), ("exp(-2)", math.exp(-2)), ("-2/7", -2 / 7), ("2^-3", 0.125)]
)
def test_whole_numbers_set_no_limit_to_the_decimals(text, number):
    found = calculate(text)
    assert (found.number, found.decimals) == (pytest.approx(number, rel=1e-15), None)


@pytest.mark.parametrize(
    "text",
    ["", "x", "tanh", "tanh()", "tanh(1, 2)", "tanh(1", "1/0", "ln(0)", "ln(-1)", "sqrt(-1)", "(-1)^0.5", "9**9**9",
     "exp(999)", "2 3", "__import__('os')", "().__class__", "lambda: 1", "1 if 1 else 2", "1if 1else 2", "1 < 2", "[1]",
     "True", "1_000", "0x10", "1j", "1;2", "a.b", "log(2)", "f(1)", "e(1)", "(" * 150 + "1" + ")" * 150, "1" * 301,
     "*1", "1\n+1+"],
)  # fmt: skip
def test_what_is_no_arithmetic_is_none(text):
    assert calculate(text).problem == "not-a-number"


def test_any_text_is_none_or_a_number():
    signs = "0123456789.,+-*/^()eE tanhxplqrsid²⁻×=!'\"\\"
    for _ in range(3000):
        text = "".join(RANDOM.choice(signs) for _ in range(RANDOM.randint(1, 12)))
        found = calculate(text)
        assert (found.number is None) == (found.problem == "not-a-number"), text
