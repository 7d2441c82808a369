"""A document as a page that stands by itself."""

from html.parser import HTMLParser

import pytest

from rnncalc.render.document import Bars, Grid, Heading, Letters, Paragraph
from rnncalc.render.html import to_html

VOID = {"meta", "br"}


class Page(HTMLParser):
    """The texts by element, and whether every element that begins also ends."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open:
            self.texts.append((self.open[-1], data.strip()))


PARTS = [
    Paragraph("Everything is right.", "heading"),
    Paragraph("words", "words"),
    Heading("Step 1"),
    Grid(["number", "yours", "sign"], "lrc", [["h_1", "0.5", "→"], ["h_2", "0.25", "="]]),
    Paragraph("plain"),
]


def test_each_part_has_its_element():
    page = Page(to_html(PARTS, "hello.xlsx, marked"))
    assert page.open == []
    assert [(tag, text) for tag, text in page.texts if tag != "style"] == [
        ("title", "hello.xlsx, marked"), ("h1", "Everything is right."), ("p", "words"), ("h2", "Step 1"),
        ("th", "number"), ("th", "yours"), ("th", "sign"),
        ("td", "h_1"), ("td", "0.5"), ("td", "→"), ("td", "h_2"), ("td", "0.25"), ("td", "="), ("p", "plain"),
    ]  # fmt: skip


def test_columns_stand_as_they_are_aligned():
    html = to_html(PARTS, "x")
    assert '<tr><td>h_1</td><td class="r">0.5</td><td class="c">→</td></tr>' in html
    assert '<p class="words">words</p>' in html


EVIL = "<script>alert('x')</script> & \"quotes\" </title></style>"


def test_what_a_student_wrote_is_words_and_no_markup():
    parts = [Paragraph(EVIL, "heading"), Paragraph(EVIL, "words"), Heading(EVIL), Grid([EVIL], "l", [[EVIL]])]
    page = Page(to_html(parts, EVIL))
    assert page.open == []
    assert [text for tag, text in page.texts if tag != "style"] == [EVIL] * 6
    assert "<script" not in to_html(parts, EVIL)


def test_nothing_is_loaded_from_anywhere():
    html = to_html(PARTS, "x")
    assert not {name for name, _ in Page(html).attributes} & {"src", "href", "background", "srcset", "action"}
    assert "url(" not in html
    assert "@import" not in html


def test_it_says_its_language_and_encoding():
    html = to_html(PARTS, "x")
    assert html.startswith('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">')
    assert html.endswith("</body></html>\n")


@pytest.mark.parametrize("part", [Letters([], [], []), Bars([], [])])
def test_pictures_have_no_form_here(part):
    with pytest.raises(TypeError, match="Pictures have no HTML form here"):
        to_html([part], "x")
