"""Letters in a workbook: stored as text, seen whatever they are, each told from the others."""

import pytest
from engines.cases import draw, package
from engines.package import Package

from rnncalc import Problem
from rnncalc.workbook.write.export import export


def letters_shown(problem: Problem) -> list[object]:
    book = Package(export(problem))
    title, area = book.area("vocabulary")
    return [book.value(title, row[0]) for row in area]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hh", ["H", "h"]),
        ("=+-@", ["=", "+", "-", "@"]),
        ("'1TRUE", ["'", "1", "T", "R", "U", "E"]),
        ("<&\"'", ["<", "&", '"', "'"]),
        ("😀é日", ["😀", "é", "日"]),
        ("a b", ["a", "␣", "b"]),
        ("a\nb\tc\r", ["a", "↵", "b", "⇥", "c", "␍"]),
        ("a ␣", ["a", "U+0020", "␣"]),
        ("␣ a", ["␣", "U+0020", "a"]),
        ("a\n↵", ["a", "U+000A", "↵"]),
        ("\xa0 a", ["⍽", "␣", "a"]),
    ],
)
def test_letters_are_shown_so_that_each_can_be_told_from_the_others(text, shown):
    assert letters_shown(draw(text)) == shown


def test_a_letter_is_stored_as_text_whatever_it_looks_like():
    book = Package(export(draw("=+-@'1 2")))
    for name, text in (("letters", "=+-@'1␣"), ("wanted", "+-@'1␣2"), ("vocabulary", "=+-@'1␣2")):
        title, area = book.area(name)
        assert [book.value(title, address) for row in area for address in row] == list(text)
        assert {book.cells[title][address].get("t") for row in area for address in row} <= {"s", "inlineStr"}


def test_start_says_what_a_picture_stands_for():
    book = Package(export(draw("a b\n")))
    lines = {a: book.value("Start", a) for a in book.cells["Start"]}
    said = {lines[a]: lines.get(f"B{a[1:]}") for a in lines if a.startswith("A")}
    assert said["␣"] == " stands for a blank (U+0020)"
    assert said["↵"] == " stands for a line break (U+000A)"
    assert "Letters shown as a symbol" in said


def test_start_has_no_word_on_pictures_where_there_are_none():
    book = package("hello", "cells")
    assert "Letters shown as a symbol" not in [book.value("Start", a) for a in book.cells["Start"]]
