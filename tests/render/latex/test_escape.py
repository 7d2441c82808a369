"""Text as LaTeX prints it."""

import pytest

from rnncalc.render.latex.escape import escape, prose


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a_b", r"a\_b"),
        ("50 % & #1", r"50 \% \& \#1"),
        ("$x^2$", r"\$x\textasciicircum{}2\$"),
        ("{~}", r"\{\textasciitilde{}\}"),
        ("\\", r"\textbackslash{}"),
    ],
)
def test_signs_with_a_meaning_are_escaped(text, escaped):
    assert escape(text) == escaped


@pytest.mark.parametrize("ligature", ["--", "---", "''", "``", "?`", "!`", ",,", "<<", ">>"])
def test_no_two_letters_become_another_sign(ligature):
    assert ligature not in escape(ligature)


def test_a_long_word_may_break_after_every_letter():
    assert prose("a wonderful_day") == r"a wonderful\_day"
    assert prose("hello_" * 3).count(r"\allowbreak{}") == 17
    assert prose("hello_" * 3).replace(r"\allowbreak{}", "") == r"hello\_" * 3
