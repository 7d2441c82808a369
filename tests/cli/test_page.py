"""``rnncalc page``: what it writes, and what it refuses."""

import json
import re
from pathlib import Path

import pytest


def data(file: str) -> dict:
    html = Path(file).read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1])


def table(its: dict) -> list[list[float]]:
    """The given numbers of a quantity, row by row."""
    values, columns = its["values"], its["size"][1]
    return [values[i : i + columns] for i in range(0, len(values), columns)]


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "arguments", [["hello"], ["-t", "lstm"], ["banana", "--hidden", "2", "--cell", "gru"], ["-t", "sentiment"]]
)
def test_a_page_holds_the_whole_network(rnncalc, arguments):
    done = rnncalc("page", *arguments, "-o", "page.html")
    assert (done.code, done.out) == (0, "")
    assert "Open it in any browser." in done.err
    held = data("page.html")
    assert held["mode"] == "live"
    assert held["updates"]


def test_a_page_goes_through_a_stage(rnncalc):
    for through, last in (("forward", "forward"), ("loss", "loss"), ("backward", "backward"), ("update", "update")):
        assert rnncalc("page", "hello", "--through", through, "-o", "page.html", "--force").code == 0
        assert data("page.html")["quantities"][-1]["stage"] == last
    assert rnncalc("page", "hello", "--targets", "none", "-o", "page.html", "--force").code == 0
    assert data("page.html")["quantities"][-1]["stage"] == "forward"


def test_a_page_to_practise_on_asks(rnncalc):
    done = rnncalc("page", "hello", "--practice", "--ask", "h_1,p_2", "--answer-decimals", "2")
    assert done.code == 0
    assert "Note: This page contains the answers." in done.err
    held = data("hello-practice.html")
    assert {"h_1", "p_2"} <= {held["quantities"][place]["name"] for place in held["practice"]["asked"]}
    assert held["practice"]["decimals"] == 2


def test_standard_output_has_the_page_and_no_word_beside_it(rnncalc):
    done = rnncalc("page", "hello", "-o", "-")
    assert done.out.startswith("<!DOCTYPE html>")
    assert done.out.endswith("</html>\n")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["-o", "page.pdf"], 2, "must end in .html"),
        (["--ask", "h_1"], 2, "--ask is for a page to practise on"),
        (["--answer-decimals", "3"], 2, "--answer-decimals is for a page to practise on"),
        (["--practice", "--through", "loss"], 2, "--through does not go with --practice"),
        (["--practice", "--ask", "h_1,,h_2"], 2, "--ask contains an empty name"),
        (["--practice", "--ask", "h_9"], 2, "h_9"),
        (["--practice", "--ask", "Wxh"], 2, "Wxh is given"),
        (["--decimals", "1"], 2, "2<=x<=12"),
        (["--through", "loss", "--clip", "1"], 2, "cannot use --clip"),
        (["--through", "update", "--targets", "none"], 2, "no loss"),
        (["--hidden", "400"], 2, "a page can have 50,000 at most"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(rnncalc, arguments, code, says):
    done = rnncalc("page", "hello", *arguments)
    assert done.code == code, done
    assert says in done.err
    assert list(Path().iterdir()) == []


def test_what_a_page_saved_is_verified(rnncalc):
    assert rnncalc("page", "hello", "--practice", "--ask", "h_1").code == 0
    held = data("hello-practice.html")
    given = {its["name"]: its for its in held["quantities"]}
    answers = {
        "rnncalc": "answers of a page",
        "version": 1,
        "name": "",
        "seed": None,
        "problem": held["handIn"]["problem"],
        "settings": held["handIn"]["settings"],
        "given": {n: table(given[n]) for n in ("Wxh", "Whh", "bh")},
        "answers": {"h_1": [["0.6932"], ["0.8996"], ["0.1"]]},
    }
    Path("mine.json").write_text(json.dumps(answers), encoding="utf-8")
    done = rnncalc("verify", "mine.json")
    assert done.code == 1
    assert "h_1[3]" in done.out
    assert rnncalc("verify", "mine.json", "--annotate", "marked.xlsx").code == 1
    assert Path("marked.xlsx").exists()
    assert rnncalc("verify", "mine.json", "--map", "h_1=Sheet1!A1:A3").code == 2
