"""The file of a page: it stands alone, may load nothing, and no text of a user's can become markup."""

import base64
import hashlib
import json
import re
from collections import Counter

import pytest

from rnncalc import Problem
from rnncalc.errors import ProblemError
from rnncalc.network.stages import trace_to
from rnncalc.page.content import content
from rnncalc.page.modules import modules, script
from rnncalc.page.page import to_page

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


def test_a_network_that_is_too_large_is_refused_with_the_numbers():
    trace = trace_to(Problem.draw("ab" * 40, hidden=40), "forward")
    many = Problem.draw("ab" * 40, hidden=40)
    with pytest.raises(ProblemError, match=r"has [\d,]+ numbers, and a page can have 50,000 at most\. Use a shorter"):
        to_page(trace_to(many, "update"))
    assert to_page(trace)


def test_hello_is_small():
    assert len(page().encode()) <= 150_000


def test_every_module_is_in_the_script_once():
    whole = script()
    assert not re.search(r"^(import|export) ", whole, re.MULTILINE)
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", whole, re.MULTILINE)
    assert len(names) == len(set(names))
    assert {"trees.js", "functions.js", "model.js"} <= set(modules())


def test_no_name_stands_at_the_top_of_two_modules():
    of_module = {
        path: set(re.findall(r"^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+)", source, re.MULTILINE))
        for path, source in modules().items()
    }
    names = Counter(name for names in of_module.values() for name in names)
    assert len(names) > 100
    assert [name for name, times in names.items() if times > 1] == []
