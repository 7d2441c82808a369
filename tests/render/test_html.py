"""A document as a page that stands by itself."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from rnncalc import Problem, Trace
from rnncalc.network.typed_elements import Elements
from rnncalc.network.update_step import whole_trace
from rnncalc.render.document import Bars, Grid, Heading, Marks, Paragraph, Part, document
from rnncalc.render.explain import explain_parts
from rnncalc.render.html import to_html
from rnncalc.render.html_style import PAPER, STYLE, TINTS, role_class
from rnncalc.render.roles import COLOURS, GATES
from rnncalc.render.summary import backward_summary, forward_summary, update_summary

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
        ("th", "h_1"), ("td", "0.5"), ("td", "→"), ("th", "h_2"), ("td", "0.25"), ("td", "="), ("p", "plain"),
    ]  # fmt: skip


def test_columns_stand_as_they_are_aligned():
    html = to_html(PARTS, "x")
    assert '<tr><th scope="row">h_1</th><td class="r">0.5</td><td class="c">→</td></tr>' in html
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


# ── pages of arithmetic ───────────────────────────────────────────────────────────────────────────────────────────

EVIL_LETTERS = Problem.draw("<b>&\"'</b>", hidden=2)
EVIL_WORDS = Problem.draw("<script>alert(1)</script> <img/src=x> </style>", tokens="words", embedding=2, hidden=2)
PROBLEMS = {
    "hello": Problem.template("hello"),
    "lstm": Problem.template("lstm"),
    "evil letters": EVIL_LETTERS,
    "evil words": EVIL_WORDS,
}


def everything(trace: Trace) -> list[Part]:
    parts = document(trace, list(trace.values()), summary=forward_summary)
    parts += [*backward_summary(trace, 6), *update_summary(trace, [1.0, 0.5, 0.25], 6, weights=True)]
    return [*parts, Bars([("1", 0.5), ("2", None)], ["0.5", "–"]), Marks("rl", [("1", [0.5, 1.0]), ("2", [None, 1.5])])]


@pytest.fixture(scope="module", params=PROBLEMS)
def source(request) -> str:
    return to_html(everything(whole_trace(PROBLEMS[request.param])), "a <title> & more")


def test_a_page_of_arithmetic_is_well_formed(source):
    assert Page(source).open == []
    assert source.count("<h1>") == 1
    assert source.count("<main>") == source.count("</main>") == 1


def test_only_the_elements_that_pages_are_made_of_come_to_be(source):
    tags = set(re.findall(r"</?([a-zA-Z!][^\s>/]*)", source.replace(STYLE, "")))
    assert tags <= {
        "!DOCTYPE", "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "code", "span",
        "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "pre", "ul", "li",
    }  # fmt: skip
    names = {name for name, _ in Page(source).attributes}
    assert names <= {
        "lang", "charset", "http-equiv", "content", "name", "class", "scope", "tabindex", "role", "aria-label"
    }  # fmt: skip


def test_the_policy_allows_the_pages_own_style_and_nothing_else(source):
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', source)
    (style,) = re.findall(r"<style>(.*?)</style>", source, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'", f"style-src 'sha256-{digest}'", "base-uri 'none'", "form-action 'none'"
    ]  # fmt: skip
    assert source.index("Content-Security-Policy") < source.index("<style>")


def test_every_header_says_what_it_heads(source):
    assert "<th" in source
    assert not re.search(r"<th(?! scope=\"(row|col)\")", source.replace("<thead", ""))


def test_every_number_of_a_trace_stands_on_its_page(source):
    hello = whole_trace(PROBLEMS["hello"])
    page = to_html(document(hello, list(hello.values()), summary=forward_summary), "x")
    texts = {text for tag, text in Page(page).texts if tag == "td"}
    for q in hello.values():
        decimals = 0 if q.rule is None and not (q.value % 1).any() else 6
        shown = {f"{v:.{decimals}f}" for v in q.value.flat}
        assert {t.replace("-0.000000", "0.000000") for t in shown} <= texts, q.name


def test_letters_label_rows_and_columns_and_units_are_said():
    hello = whole_trace(PROBLEMS["hello"])
    page = to_html(document(hello, [hello["y_2"], hello["h_2"]]), "x")
    labels = [text for tag, text in Page(page).texts if tag == "th"]
    assert labels[:4] == ["1", "2", "3", "h"]  # Why: units above, letters beside
    assert '<th scope="row">h</th><td>0.371680</td>' in page
    assert '<th scope="row" class="off"><span class="hidden">unit 2</span></th><td>0.949104</td>' in page


def test_a_page_of_a_selection_has_its_title_as_heading():
    hello = whole_trace(PROBLEMS["hello"])
    page = to_html(document(hello, [hello["h_2"]], headed=False), "hello & more")
    assert "<h1>hello &amp; more</h1>" in page


def test_an_explanation_has_its_equations_in_a_column():
    hello = whole_trace(PROBLEMS["hello"])
    page = to_html(explain_parts(hello, Elements(hello["h_2"], [(0, 0)])), "x")
    assert '<span class="left">h₂[1]</span><span>= tanh(a₂[1])</span>' in page
    assert '<span class="left"></span><span>= tanh(1.709074)</span>' in page
    assert '<span class="role-memory">= 0.936534</span>' in page
    assert "<li><code>a_2</code> a₂ = wx₂ + wh₂</li>" in page


# ── colours ───────────────────────────────────────────────────────────────────────────────────────────────────────


def luminance(colour: str) -> float:
    """As WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", COLOURS)
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_colour_can_be_read(name, scheme):
    assert contrast(COLOURS[name].ink[scheme], PAPER[scheme]) >= 4.5


def test_every_colour_of_the_style_with_the_paper_it_is_on():
    names = r"--paper: (#\w{6}); --title: (#\w{6}); --line: #\w{6}; --head: (#\w{6}); --on-head: (#\w{6})"
    light, dark = re.findall(names, STYLE)
    for paper, title, head, on_head in (light, dark):
        assert contrast(title, paper) >= 4.5
        assert contrast(head, on_head) >= 4.5


def test_every_role_has_a_colour_on_a_page():
    for role in (*GATES, *TINTS):
        assert f".{role_class(role)} {{ color: var(--{role}); }}" in STYLE
        assert STYLE.count(f"--{role}: ") == 2
    assert set(re.findall(r"var\(--([\w-]+)\)", STYLE)) <= set(re.findall(r"--([\w-]+): ", STYLE))


def test_no_rule_of_the_style_stands_twice():
    rules = re.findall(r"[^{}]+{[^{}]*}", STYLE.partition("@media (max-width")[0])
    assert len(rules) == len(set(rules))
