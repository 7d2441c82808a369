"""Pages and drawings about sentiment: what they say of numbers that are known."""

import importlib.util
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from rnncalc.render.console import Page, to_page
from rnncalc.render.document import Grid, Paragraph
from rnncalc.render.html import to_html
from rnncalc.render.markdown import to_markdown
from rnncalc.render.sentiment import reading_trouble, report, verdict
from rnncalc.render.sentiment_plots import report_plot
from rnncalc.tweets.metrics import scores
from rnncalc.tweets.skipped import SkippedLines

CLASSES = ("negative", "positive")
WANTED = np.array([0, 0, 0, 1, 1])
POSITIVE = np.array([0.6, 0.2, 0.1, 0.9, 0.3])
P = np.column_stack([1 - POSITIVE, POSITIVE])
GUESSED = np.tile([0.6, 0.4], (5, 1))


def grids(parts) -> list[Grid]:
    return [part for part in parts if isinstance(part, Grid)]


def said(parts) -> list[str]:
    return [part.text for part in parts if isinstance(part, Paragraph)]


def test_a_report_says_every_measure_in_its_place():
    parts = report("tweets.csv", CLASSES, scores(WANTED, P), {"the most frequent class": scores(WANTED, GUESSED)})
    beside, by_class, confusion = grids(parts)
    assert beside.rows == [
        ["this model", "0.6000", "0.5833", "0.8333"],
        ["the most frequent class", "0.6000", "0.3750", "0.5000"],
    ]
    assert by_class.rows == [
        ["negative", "3", "0.6667", "0.6667", "0.6667", "0.8333"],
        ["positive", "2", "0.5000", "0.5000", "0.5000", "0.8333"],
    ]
    assert confusion.rows == [["negative", "2", "1", "3"], ["positive", "1", "1", "2"]]
    assert said(parts)[0] == "tweets.csv: 5 tweets of 2 classes"


@pytest.mark.parametrize(
    ("model", "baseline", "sentence"),
    [
        (np.eye(2)[WANTED], GUESSED, "40.0 points of accuracy above the best baseline."),
        (GUESSED, np.eye(2)[WANTED], "40.0 points of accuracy below the best baseline: "),
        (P, GUESSED, "As accurate as the best baseline, but not better."),
    ],
)
def test_a_report_says_whether_the_model_is_worth_it(model, baseline, sentence):
    parts = report("t.csv", CLASSES, scores(WANTED, model), {"b": scores(WANTED, baseline)})
    assert said(parts)[1].startswith(sentence)


def test_a_report_is_a_page_of_every_format():
    parts = report("tweets.csv", CLASSES, scores(WANTED, P), {})
    for page in (to_page(parts, Page(80)), to_markdown(parts), to_html(parts, "t")):
        assert "0.8333" in page


def test_a_verdict_moves_word_by_word():
    p = np.array([[0.5, 0.5], [0.7, 0.3], [0.1, 0.9]])
    parts = verdict("What a quux!", ["what", "a", "quux"], ["what", "a", "<unknown>"], CLASSES, p)
    assert said(parts) == [
        "What a quux!",
        "positive, with probability 0.9000",
        "Not in the vocabulary, read as <unknown>: quux.",
    ]
    assert grids(parts)[0].rows == [
        ["1", "what", "0.5000", "0.5000", "", "█" * 10],
        ["2", "a", "0.7000", "0.3000", "-0.2000", "█" * 6],
        ["3", "quux", "0.1000", "0.9000", "+0.6000", "█" * 18],
    ]
    assert "0.9000" in to_page(parts, Page(60))


def test_a_file_without_trouble_has_nothing_said():
    assert reading_trouble(SkippedLines("t.csv")) == []


def test_trouble_is_counted_and_the_first_shown():
    troubles = SkippedLines("t.csv")
    for line in range(3, 1203):
        troubles.add(line, "width", "has 3 columns; it needs 6", "a,b,c\n")
    troubles.add(2000, "empty", "has no text", "4,,")
    parts = reading_trouble(troubles)
    assert said(parts) == [
        "t.csv: 1,201 lines skipped: 1,200 with a wrong number of columns, 1 without words; the first of them:",
    ]
    assert grids(parts)[0].rows[0] == ["3", "has 3 columns; it needs 6", "a,b,c"]


# ── drawings ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def drawing(missing):
    if importlib.util.find_spec("matplotlib") is None:
        missing("matplotlib is not installed")
    return report_plot


def test_a_drawing_shows_counts_and_areas(drawing):
    svg = "{http://www.w3.org/2000/svg}"
    drawn = ElementTree.fromstring(drawing(CLASSES, WANTED, P, "svg"))
    written = ["".join(element.itertext()).strip() for element in drawn.iter(f"{svg}text")]
    assert {"negative", "positive, area 0.833", "predicted class", "true class"} <= set(written)
    assert [text for text in written if text in ("1", "2")].count("1") == 3


def test_a_drawing_of_three_classes_has_a_curve_for_each(drawing):
    wanted = np.array([0, 1, 2, 0])
    drawn = drawing(["a", "b$", "c"], wanted, np.eye(3)[wanted], "svg").decode()
    assert all(f"{name}, area 1.000" in drawn for name in ("a", "b$", "c"))


@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_same_numbers_give_the_same_bytes(drawing, form):
    assert drawing(CLASSES, WANTED, P, form) == drawing(CLASSES, WANTED, P, form)


def test_a_drawing_of_many_tweets_stays_small(drawing):
    score = np.linspace(0, 1, 50_000)
    wanted = (np.arange(50_000) % 3 == 0).astype(int)
    assert len(drawing(CLASSES, wanted, np.column_stack([1 - score, score]), "svg")) < 200_000
