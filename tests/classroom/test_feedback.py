"""A student's page: points and why, lateness in words, the report; a name is text in Markdown and in HTML."""

from __future__ import annotations

import pytest
from classroom.finished import HOSTILE, grade, marked, names, remembered, student
from classroom.pages import Page, loads_nothing
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rnncalc.classroom.feedback import feedback_html, feedback_markdown, feedback_text
from rnncalc.classroom.grade_records import Override
from rnncalc.classroom.roster import Student
from rnncalc.io.visible import brief

ADA = student(1, "Ada Lovelace")
LATE = grade(ADA, marked(notes=["2 given numbers were changed."]), days_late=2, late_share=0.2)
OWN = grade(ADA, marked(), overrides={"forward": Override(9.0, "a misprint in the sheet")})


def tokens(markdown: str) -> list[Token]:
    """Markdown as GitHub and Gradescope read it."""
    found = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        found += [token, *(token.children or [])]
    return found


def headings(markdown: str) -> list[tuple[str, str]]:
    found = tokens(markdown)
    return [
        (found[i].tag, "".join(c.content for c in found[i + 1].children or []))
        for i, token in enumerate(found)
        if token.type == "heading_open"
    ]


def table(markdown: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for token in tokens(markdown):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("td_open", "th_open"):
            rows[-1].append("")
        elif token.type == "text" and rows and token.level == 0:
            rows[-1][-1] += token.content
        elif token.type == "table_close":
            break
    return rows


POINTS = [
    ["question", "points", "out of", "remark"],
    ["forward", "7.5", "10", "3 right; 1 wrong"],
    ["loss", "2.5", "2.5", "3 right"],
    ["late", "−2", "", ""],
    ["total", "8", "12.5", ""],
]


def test_markdown_tells_points_lateness_notes_and_the_report():
    text = feedback_markdown(LATE, title="Homework 1")
    assert table(text) == POINTS
    assert headings(text) == [
        ("h1", "Homework 1: Ada Lovelace"),
        ("h2", "Not yet right: 6 of 8 numbers are right."),
        ("h2", "Step 2 of 5"),
    ]
    assert "\nHanded in 2 days late: 20 % of 10 is taken off (2).\n\n2 given numbers were changed.\n" in text


def test_html_tells_the_same():
    page = Page(feedback_html(LATE, title="Homework 1"))
    assert page.tables == [POINTS]
    assert page.texts["h1"] == page.texts["title"] == ["Homework 1: Ada Lovelace"]
    assert page.texts["h2"] == ["Not yet right: 6 of 8 numbers are right.", "Step 2 of 5"]
    assert page.texts["p"] == [
        "Handed in 2 days late: 20 % of 10 is taken off (2).",
        "2 given numbers were changed.",
        "h_2 is wrong.",
    ]


def test_plain_text_tells_the_points():
    assert feedback_text(LATE).splitlines() == [
        "8 of 12.5 points.",
        "forward: 7.5 of 10 (3 right; 1 wrong)",
        "loss: 2.5 of 2.5 (3 right)",
        "Handed in 2 days late: 20 % of 10 is taken off (2).",
        "2 given numbers were changed.",
    ]


@pytest.mark.parametrize("page", [feedback_markdown, feedback_html, feedback_text])
def test_the_teachers_own_points_come_with_the_reason(page):
    assert "set by the teacher: a misprint in the sheet" in page(OWN)
    assert "11.5" in page(OWN)


@pytest.mark.parametrize(
    ("days", "share", "said"),
    [
        (0, 0.0, []),
        (1, 0.0, ["Handed in 1 day late; nothing is taken off."]),
        (1, 0.125, ["Handed in 1 day late: 12.5 % of 10 is taken off (1.25)."]),
        (9, 1.0, ["Handed in 9 days late: 100 % of 10 is taken off (10)."]),
    ],
)
def test_lateness_is_told_in_words(days, share, said):
    text = feedback_text(grade(ADA, marked(), days_late=days, late_share=share))
    assert text.splitlines()[3:] == said


def test_whoever_handed_in_nothing_gets_a_short_page():
    assert feedback_markdown(grade(ADA)) == "# Feedback: Ada Lovelace\n\nNone of your files was marked.\n"
    assert Page(feedback_html(grade(ADA))).tables == []


def test_points_without_a_file_are_told():
    paper = grade(ADA, overrides={"forward": Override(5.0, "on paper")})
    assert table(feedback_markdown(paper))[1:] == [
        ["forward", "5", "10", "set by the teacher: on paper"],
        ["loss", "0", "2.5", ""],
        ["total", "5", "12.5", ""],
    ]


@pytest.mark.parametrize("page", [feedback_markdown, feedback_html])
def test_an_anonymous_page_has_the_id_for_the_name(page):
    assert "Feedback: s001" in page(LATE, anonymous=True)
    assert "Ada" not in page(LATE, anonymous=True)
    assert "@" not in page(LATE, anonymous=True).replace("@media", "")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_in_a_heading_and_nothing_else(name):
    plain = brief(name)
    hostile = grade(Student("s1", name), marked())
    assert headings(feedback_markdown(hostile))[0] == ("h1", f"Feedback: {plain}")
    assert Page(feedback_html(hostile)).texts["h1"] == [f"Feedback: {plain}"]


@given(name=names, reason=names, note=names, title=names)
def test_whatever_is_written_in_it_a_page_has_no_markup_but_its_own(name, reason, note, title):
    one = grade(Student(name, name, name), marked(notes=[note]), overrides={"loss": Override(1.0, reason)}, days_late=1)
    types = {token.type for token in tokens(feedback_markdown(one, title=title))}
    table_parts = {f"{t}_{end}" for t in ("table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")}
    words = {f"{t}_{end}" for t in ("paragraph", "heading") for end in ("open", "close")}
    assert types <= {"inline", "text", "text_special", "softbreak", *words, *table_parts}
    assert len(table(feedback_markdown(one, title=title))) == 4
    assert loads_nothing(Page(feedback_html(one, title=title)))


@pytest.mark.parametrize("page", [feedback_markdown, feedback_html, feedback_text])
def test_marks_remembered_from_an_earlier_run_give_the_same_bytes(page):
    assert page(LATE) == page(remembered(LATE))
