"""Pages of feedback on a telephone: nothing scrolls sideways, and the verdict stands on the first screen."""

from __future__ import annotations

import json
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest
from classroom.finished import grade, marked, student
from page.browser import program
from workbook.filled import HELLO, blank, fill_in, put_in, true_numbers, verified

from rnncalc.classroom.class_page import class_page
from rnncalc.classroom.feedback import feedback_html
from rnncalc.network.typed_elements import Elements
from rnncalc.network.update_step import whole_trace
from rnncalc.problems.choice import Choice
from rnncalc.problems.draw import draw
from rnncalc.render.document import document
from rnncalc.render.explain import explain_parts
from rnncalc.render.html import to_body, to_html
from rnncalc.render.report import report_parts
from rnncalc.render.summary import forward_summary

WIDE, TALL = 390, 844
TRACE = whole_trace(HELLO)
WORDS = whole_trace(
    draw(Choice(text=f"good {'o' * 70} film", tokens="words", cell="lstm", hidden=12, embedding=3, seed=2))
)
WRONG = put_in(
    fill_in(blank(), true_numbers(TRACE), 4),
    {("wh_1", 0, 0): "x" * 90, ("h_1", 1, 0): "a word and a few more of them", ("p_2", 0, 0): 0.5},
)
FRAME = """<!DOCTYPE html><html><body><iframe src="{page}" width="{wide}" height="{tall}" style="border:0"></iframe>
<script>
onload = () => {{
  const inside = document.querySelector("iframe").contentDocument, root = inside.documentElement;
  const heads = [...inside.querySelectorAll("h1, h2")].map(e => [e.textContent, e.getBoundingClientRect().bottom]);
  document.body.textContent = "FOUND" + JSON.stringify([root.scrollWidth, root.clientWidth, heads]) + "END";
}};
</script></body></html>"""


def report(show: str):
    return report_parts(verified(WRONG), TRACE, show, 4, whole=True)


PAGES = {
    "a hint": lambda: to_html(report("hint"), "marked"),
    "the answers": lambda: to_html(report("answer"), "marked"),
    "a forward pass": lambda: to_html(document(TRACE, list(TRACE.values()), summary=forward_summary), "all right"),
    "long words": lambda: to_html(document(WORDS, list(WORDS.values()), summary=forward_summary), "all right"),
    "an explanation": lambda: to_html(
        explain_parts(TRACE, Elements(TRACE["p_2"], [(i, 0) for i in range(4)])), "all right"
    ),
    "feedback": lambda: feedback_html(
        grade(student(), marked()._replace(html=to_body(report("answer")))), title="Homework 1"
    ),
    "the class": lambda: class_page(
        [grade(student(1), marked(steps={"Step 1 of 4: reads h, target e": 3}, kinds={"bias-left-out": 3}))],
        "Homework 1",
    ),
}


def laid_out(page: str, folder: Path) -> tuple[int, int, list[tuple[str, float]]]:
    """How wide a page is and may be on a telephone, and its headings, with how far down each ends."""
    (folder / "page.html").write_text(page, encoding="utf-8")
    (folder / "frame.html").write_text(FRAME.format(page="page.html", wide=WIDE, tall=TALL), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--dump-dom"]
    command = [program(), *options, f"--user-data-dir={folder / 'profile'}", (folder / "frame.html").as_uri()]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    found = re.search(r"FOUND(.*)END", done.stdout.decode("utf-8"), re.DOTALL)
    assert found is not None
    return tuple(json.loads(unescape(found[1])))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_does_not_scroll_sideways_and_its_verdict_is_seen_at_once(page, tmp_path):
    needs, has, heads = laid_out(PAGES[page](), tmp_path)
    assert needs <= has
    text, bottom = next((head for head in heads if "right" in head[0]), heads[0])
    assert text
    assert bottom < TALL
