"""The file of a page: it stands alone, may load nothing, and no text of a user's can become markup."""

import base64
import hashlib
import json
import re

import pytest

from rnncalc import Problem
from rnncalc.errors import ProblemError
from rnncalc.network.stages import trace_to
from rnncalc.page.content import content
from rnncalc.page.modules import modules, needs, script
from rnncalc.page.page import to_page, written

HELLO = Problem.template("hello")


def page(problem: Problem = HELLO) -> str:
    return to_page(trace_to(problem, "update"))


def test_it_loads_nothing_from_anywhere():
    assert not re.search(r"https?:|//[a-z]|@import|url\(", page().replace("http://www.w3.org/2000/svg", ""))


def test_its_policy_allows_its_own_script_and_style_and_nothing_else():
    html = page()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1]
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digests = {f"sha256-{base64.b64encode(hashlib.sha256(t.encode()).digest()).decode()}" for t in scripts + styles}
    assert set(re.findall(r"'(sha256-[^']*)'", policy)) == digests
    assert len(digests) == 2
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("text", ["</script><b>", "<img onerror=alert(1)>", "<!--<script>", "a\u2028b", "&lt;&amp;"])
def test_a_text_stays_a_text(text):
    html = page(Problem.draw(text, hidden=1))
    held = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1]
    assert not set("<>&\u2028\u2029") & set(held)
    trace = trace_to(Problem.draw(text, hidden=1), "update")
    assert json.loads(held) == json.loads(json.dumps(content(trace)))
    assert html.count("<script") == 2
    assert "<img" not in html


@pytest.mark.parametrize(
    ("asks", "title"),
    [
        ({}, "hello: 3 hidden units, tanh; template hello"),
        ({"title": "Week 1", "whose": ""}, "Week 1 · hello: 3 hidden units, tanh; template hello"),
        ({"title": "<b>", "whose": "Ada"}, "&lt;b&gt; · Ada · hello: 3 hidden units, tanh; template hello"),
    ],
)
def test_its_title_is_there_before_the_script_runs(asks, title):
    html = written({**content(trace_to(HELLO, "update")), **({"handIn": asks} if asks else {})})
    assert f'<h1 id="title">{title}</h1>' in html


def test_a_network_that_is_too_large_is_refused_with_the_numbers():
    trace = trace_to(Problem.draw("ab" * 40, hidden=40), "forward")
    many = Problem.draw("ab" * 40, hidden=40)
    with pytest.raises(ProblemError, match=r"has [\d,]+ numbers, and a page can have 50,000 at most\. Use a shorter"):
        to_page(trace_to(many, "update"))
    assert to_page(trace)


def test_hello_is_small():
    assert len(page().encode()) <= 150_000


STARTS = ["main.js", "practice/main_practice.js", "practice/main_collect.js"]


@pytest.mark.parametrize("first", STARTS)
def test_the_script_holds_each_module_that_it_needs_once_and_no_other(first):
    whole, every = script(first), modules()
    assert not re.search(r"^(import|export) ", whole, re.MULTILINE)
    held = re.findall(r"^const (module_\w+) = \(\(\) => \{", whole, re.MULTILINE)
    reached, waiting = set(), [first]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += needs(path, every[path])
    assert sorted(held) == sorted("module_" + path.removesuffix(".js").replace("/", "_") for path in reached)


def test_every_module_is_needed_by_a_page():
    scripts = "".join(map(script, STARTS))
    assert [path for path in modules() if f"module_{path.removesuffix('.js').replace('/', '_')} " not in scripts] == []


def test_every_import_names_what_is_there():
    every = modules()
    for path, source in every.items():
        lines = re.findall(r"^import .*$", source, re.MULTILINE)
        assert len(lines) == len(needs(path, source)), path
        for names, other in zip(
            re.findall(r"^import \{ ?(.*?) ?\}", source, re.MULTILINE), needs(path, source), strict=True
        ):
            for name in names.split(","):
                assert re.search(rf"^export .*\b{name.strip().split(' as ')[0]}\b", every[other], re.MULTILINE), (
                    path,
                    name,
                )
