"""A stranger's text is seen in full, on one line, and never as a line that rnncalc could have written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.io.visible import brief, visible

TURNS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
signs = st.one_of(st.characters(), st.sampled_from(TURNS + BREAKS + "\x1b\x9b\t\x00\u200b\u200c\u200d\ufeff\u3164 a"))


@given(st.text(signs, max_size=30))
def test_whatever_the_text_no_control_character_break_or_turn_is_left(text):
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert all(sign in "\u200c\u200d" or unicodedata.category(sign)[0] not in "C" for sign in shown)
    assert visible(shown) == shown


@given(st.text(signs, max_size=300), st.integers(1, 60))
def test_a_brief_text_is_no_longer_than_asked_and_has_single_blanks(text, longest):
    shown = brief(text, longest)
    assert len(shown) <= longest
    assert "  " not in shown
    assert len(shown.splitlines()) <= 1


@given(st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="\u3164\u115f\u1160\uffa0\u2800")))
def test_a_text_of_letters_numbers_and_signs_is_shown_as_it_is(text):
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\nb", "a↵b"), ("a\r\nb", "a↵b"), ("a\tb", "a⇥b"), ("\x1b[2J", "␛[2J"), ("\x9b2J", "U+009B2J"),
        ("\u202egnp.exe", "U+202Egnp.exe"), ("\u3164", "U+3164"), ("\udcff", "ÿ"), ("\ud800", "�"), ("a\xa0b", "a b"),
        ("علی‌رضا", "علی‌رضا"), ("👩‍💻", "👩‍💻"), ("a\u200db", "aU+200Db"), ("é 😀 ∂E", "é 😀 ∂E"),
    ],
)  # fmt: skip
def test_what_is_seen_of_a_text(text, seen):
    assert visible(text) == seen


def test_a_cut_text_ends_in_an_ellipsis_and_a_whole_one_does_not():
    assert brief("x" * 40, 40) == "x" * 40
    assert brief("x" * 41, 40) == f"{'x' * 39}…"
    assert brief("x" + " " * 200 + "Everything is right", 40) == "x…"
