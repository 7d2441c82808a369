"""What is typed into a practice page is read as the program reads it, and numbers are written to the same digit."""

import random
from functools import cache

import pytest
from page.scripts import run

from rnncalc.io.written import comma_of
from rnncalc.page.answers_file import answer_of

TEXTS = [
    "", "  ", "0.94", "0,94", "–0.5", "−0.5", "- 0.5", "94.9 %", "1.9·10⁻³", "1.9*10^-3", "10⁻³", "-10^2",
    "٠٫٩", "０．９", "1,234", "1,234.5", "1.234,5", "1 234,5", "1'234", "1’234.25", "12e3", "1e-3", "1e999", ".5",
    "5.", "+.5", "0.9.4", "abc", "\u00ad0.5", "\u200b0.5", "0.5\u00a0", "1/3", "=1/3", "= 0.29+0.85",
    "tanh(1.7)", "exp(-2)", "σ(0)", "sigmoid(0)", "relu(-1)", "√2", "sqrt(2)", "sqrt(-1)", "ln(0)", "1/0",
    "2^3", "2**-1", "-2^2", "2(3)", "0x10", "1_000", "007", "01.5", "00", "1if", "e", "pi*2", "π", "2×3", "6÷4",
    "{1+2}*3", "1+", "(1", "1,5+2,5", "0.1+0,2", "tanh()", "tanh(1,2)", "log(2)", "abs(-3)", "--2",
    "0.1234567890123456789", "9" * 101, "(" * 150 + "1" + ")" * 150, "1" + "+1" * 160, "e^2", "e^", "10^400",
    "(-8)^(1/3)", "0^-1", "1e5+1", "1.5e-3*2", "5 5", "0.5;", "½", "1 e5", "nan", "inf", "Infinity", "0.94\n",
    "0.94 ", "𝟎.𝟗", "।", "1٬234",
]  # fmt: skip
SIGNS = "0123456789" * 3 + "..,,+-−*/^()e %='·×x" + "⁻²"


@cache
def read():
    chance = random.Random("typed")
    texts = TEXTS + ["".join(chance.choices(SIGNS, k=chance.randint(1, 9))) for _ in range(3000)]
    numbers = [[chance.choice([1, -1]) * chance.random() * 10 ** chance.randint(-8, 9), n % 12] for n in range(2000)]
    halves = [[number / 2**power, n] for power in range(1, 8) for number in range(-21, 22) for n in range(4)]
    odd = [[number, n] for number in (0.0, -0.0, 1e22, -3e25, 1e-300, 5e-324, 0.1, 1.005) for n in range(4)]
    given = numbers + halves + odd
    return texts, given, run("read.mjs", {"texts": texts, "numbers": given})


def test_every_text_is_read_as_the_program_reads_it():
    texts, _, said = read()
    for text, each in zip(texts, said["texts"], strict=True):
        for comma, theirs in zip(("", "decimal", "thousands"), each, strict=True):
            ours = answer_of(text, 4, comma)
            expected = [ours.text, ours.number, ours.decimals, ours.problem or "", list(ours.readings), ours.formula]
            if ours.formula:  # a function may have another last binary digit
                expected[1] = pytest.approx(ours.number, rel=1e-15)
            assert theirs == expected, text


def test_what_a_comma_means_is_learnt_as_the_program_learns_it():
    texts, _, said = read()
    assert said["commas"] == [comma_of([text]) for text in texts]


def test_the_texts_are_of_all_sorts():
    texts, _, _ = read()
    answers = [answer_of(text, 4) for text in texts]
    assert {a.problem for a in answers} == {None, "blank", "not-a-number", "ambiguous"}
    assert sum(a.formula != "" for a in answers) > 100


def test_numbers_are_written_and_rounded_to_the_digit_that_python_has():
    _, numbers, said = read()
    for (number, n), theirs in zip(numbers, said["numbers"], strict=True):
        assert theirs == [f"{number:.{n}f}", round(number, n), f"{number:.{n + 1}g}"], (number, n)
