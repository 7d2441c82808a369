"""Numbers written in many ways, read back: the number that was written is the oracle."""

from collections.abc import Callable
from random import Random

import pytest

from rnncalc.io.written import comma_of, finite_number, plain, read_number

RANDOM = Random(7)
NUMBERS = [
    "0.9365", "-0.7912", "1.906", "-1.105", "12.5", "0.000123", "-0.05", "3", "-17", "1906.1", "0.0",
    *(f"{RANDOM.uniform(-3, 3):.{RANDOM.randint(1, 6)}f}" for _ in range(60)),
]  # fmt: skip
DASHES = ["-", "−", "–", "—", "‐", "‑", "‒", "―", "－", "﹣", "➖"]
UNSEEN = ["\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2060", "\ufeff", "\u202a", "\u2066", "\u2069", "\u061c"]
BLANKS = [" ", "\t", "\n", "\u00a0", "\u2007", "\u2009", "\u202f", "\u3000"]
DIGITS = {"Arabic-Indic": "٠", "Persian": "۰", "Devanagari": "०", "full-width": "０"}


def in_digits(zero: str) -> Callable[[str], str]:
    return lambda text: "".join(chr(ord(zero) + int(c)) if c.isdecimal() else c for c in text)


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "a plus sign": lambda text: text if text.startswith("-") else f"+{text}",
    "full-width signs": lambda text: text.replace(".", "．").replace("-", "－"),
    "Arabic point": lambda text: in_digits("٠")(text.replace(".", "٫")),
    "times ten to the zero": lambda text: f"{text}×10^0",
    "middle dot and superscript": lambda text: f"{text} · 10⁰",
    "an exponent": lambda text: f"{text}E+00",
    **{f"minus is U+{ord(d):04X}": lambda text, d=d: text.replace("-", d) for d in DASHES},
    **{f"a blank after the sign, {d}": lambda text, d=d: text.replace("-", f"{d} ") for d in "-–"},
    **{f"U+{ord(m):04X} before": lambda text, m=m: m + text for m in UNSEEN},
    **{f"U+{ord(m):04X} after": lambda text, m=m: text + m for m in UNSEEN},
    **{f"U+{ord(b):04X} around": lambda text, b=b: b + text + b for b in BLANKS},
    **{f"{name} digits": in_digits(zero) for name, zero in DIGITS.items()},
}


@pytest.mark.parametrize("way", WAYS)
def test_a_number_is_read_however_it_is_written(way):
    for text in NUMBERS:
        found = read_number(WAYS[way](text))
        decimals = len(text.partition(".")[2])
        assert (found.number, found.decimals, found.problem) == (float(text), decimals, ""), text


def test_a_decimal_comma_is_read_or_ambiguous_and_never_another_number():
    for text in NUMBERS:
        found = read_number(text.replace(".", ","))
        if found.problem == "ambiguous":
            assert len(text.partition(".")[2]) == 3
            assert found.readings == (float(text), float(text.replace(".", "")))
        else:
            assert found.number == float(text)
        assert read_number(text.replace(".", ","), "decimal").number == float(text)


@pytest.mark.parametrize(
    ("text", "number", "decimals"),
    [
        ("1 906,5", 1906.5, 1),
        ("1\u202f906", 1906.0, 0),
        ("1'906.25", 1906.25, 2),
        ("-1.234,5", -1234.5, 1),
        ("1,234,567.5", 1234567.5, 1),
        ("١٬٢٣٤٫٥", 1234.5, 1),
        ("1.9*10**-3", 0.0019, 4),
        ("-2,5 x 10^(-2)", -0.025, 3),
        ("10⁻³", 0.001, 3),
        ("-10^-2", -0.01, 2),
        ("93,65 %", 0.9365, 4),
        ("93.65％", 0.9365, 4),
    ],
)
def test_thousands_powers_of_ten_and_percent_are_read(text, number, decimals):
    found = read_number(text)
    assert found.number == pytest.approx(number, rel=1e-15)
    assert found.decimals == decimals


@pytest.mark.parametrize(
    "text",
    ["--1", "- -1", "1-", "0.9.4", "1,2,3", "0 906", "0.94 0.95", "1.9×10", "×10^2", "\u00ad0.5", "½", "nan", "∞",
     "1e999", "10^9999", "1_000", "0x10", "–", "%", ".", "²", "0.9²", "1 2", "12 34", "9" * 101],
)  # fmt: skip
def test_what_could_be_no_number_or_another_is_none(text):
    assert read_number(text).problem == "not-a-number"


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\ufeff\u00a0", "\n" * 200])
def test_what_cannot_be_seen_is_blank(text):
    assert read_number(text).problem == "blank"


@pytest.mark.parametrize(
    ("texts", "comma"),
    [
        (["0,287", "1,105"], "decimal"),
        (["12,5", "x", ""], "decimal"),
        (["1.234,5"], "decimal"),
        (["1,234.5", "1,105"], "thousands"),
        (["1,234,567"], "thousands"),
        (["1,105", "2,250"], ""),
        (["0.5", "7"], ""),
        (["0,5", "1,234.5"], ""),
        ([], ""),
    ],
)
def test_the_other_numbers_tell_what_a_comma_separates(texts, comma):
    assert comma_of(texts) == comma


def test_what_a_comma_separates_settles_what_is_ambiguous_alone():
    assert (read_number("1,105", "decimal").number, read_number("1,105", "thousands").number) == (1.105, 1105.0)
    assert read_number("0,105", "thousands").number == 0.105  # no thousand begins with 0


def test_a_plain_text_has_one_kind_of_each_sign():
    assert plain(" –\u200e٠٫٥\u00a0") == "-0.5"


@pytest.mark.parametrize(
    ("text", "number"), [("0.5", 0.5), (" -1e3 ", -1000.0), ("nan", None), ("inf", None), ("0,5", None), ("", None)]
)
def test_a_number_as_python_writes_it(text, number):
    assert finite_number(text) == number
