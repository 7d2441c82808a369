"""The live page in Chromium: what a person does with it, held to what Python says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from engines.cases import CASES
from page.browser import TELEPHONE, Opened, chromium, differences, missing, page_file

from rnncalc import Problem, forward
from rnncalc.errors import ArithmeticOverflow
from rnncalc.io.numbers import number
from rnncalc.network.names import element_name
from rnncalc.network.pictures import Sign, picture
from rnncalc.network.update_step import updated, whole_trace
from rnncalc.page import page as pages
from rnncalc.page.page import to_page
from rnncalc.problems.choice import Choice
from rnncalc.problems.draw import draw
from rnncalc.render.explain import worked

HELLO = Problem.template("hello")
TRACE = whole_trace(HELLO)
AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = "axe.run({ resultTypes: ['violations'] })"
HOSTILE = "</script><img src=x onerror=alert(1)>\u202e😀\"'&`${1}"
NETWORKS = ["hello", "shifted softmax", "a vocabulary of 40", "one unit, one step", "30 steps", "lstm, relu, truncate",
            "gru, reset after, 9 units", "two layers of lstm, states random", "gru on lstm on rnn, a head, mean",
            "numbers read, squared error", "binary cross-entropy", "one output, sigmoid, at the last step",
            "words, embedding, classes at the last step", "generated letters, backward", "generated numbers",
            "no output", "markup", "newlines, tabs and control characters", "clip", "clip_norm below the norm",
            "through forward", "losses at odd steps"]  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture
def visit(browser, tmp_path):
    """Open the page of a problem; at the end of the test nothing may have gone wrong in it."""
    visited = []

    def visit(problem=HELLO, place="", decimals=4, **how):
        visited.append(Opened(browser, page_file(tmp_path, problem, decimals=decimals), place, **how))
        return visited[-1]

    yield visit
    for one in visited:
        one.close()


def shown(q, at, decimals=4):
    """A computed number as a page shows it."""
    return number(float(q.value.reshape(-1)[at]), decimals).replace("-", "−")


# ── every network ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_has_pythons_numbers_as_it_comes_and_after_a_weight_was_typed(name, browser, tmp_path):
    trace = CASES[name].trace()
    file = tmp_path / "page.html"
    file.write_text(to_page(trace, decimals=6), encoding="utf-8")
    one = Opened(browser, file)
    assert differences(one.numbers, trace) == []
    cells = one.shown
    held = {
        q.symbol + (f"[{i + 1}]" if q.shape[0] > 1 else ""): shown(q, i, 6)
        for q in trace.values()
        if q.rule is not None and q.shape[1] == 1
        for i in range(q.shape[0])
    }
    both = [symbol for symbol in held if symbol in cells]
    assert both
    assert {symbol: cells[symbol] for symbol in both} == {symbol: held[symbol] for symbol in both}
    for _ in range(3):
        one.page.keyboard.press("n")
    problem = CASES[name].problem
    weight, array = next((name, array.copy()) for name, array in problem.weights.items())
    array[0, 0] += 0.125
    one.page.evaluate(f"location.hash = '#{element_name(weight, 1, 1, array.shape)}'")
    field = one.page.locator(".number input")
    field.fill(repr(float(array[0, 0])).replace(".", ","))
    field.press("Enter")
    assert differences(one.numbers, replace(CASES[name], problem=problem.with_arrays({weight: array})).trace()) == []
    one.close()


def test_a_wrong_rule_is_found_out(visit, monkeypatch):
    right = pages.script
    monkeypatch.setattr(pages, "script", lambda *first: right(*first).replace("Math.tanh", "Math.sin"))
    assert "h_1" in differences(visit().numbers, TRACE)


def test_a_difference_far_behind_the_point_is_found_out():
    numbers = {q.name: q.value.reshape(-1).tolist() for q in TRACE.values()}
    assert differences(numbers, TRACE) == []
    numbers["h_2"][0] += 1e-11
    assert differences(numbers, TRACE) == ["h_2"]


AFTER_FIRST_PAINT = """requestAnimationFrame(() => setTimeout(() => {
  globalThis.seen = [document.querySelector("#title").textContent, document.querySelectorAll(".board .cell").length];
}))"""


def test_the_title_is_painted_before_the_cells_are_built(visit):
    one = visit()
    one.page.add_init_script(AFTER_FIRST_PAINT)
    one.page.reload()
    one.begun()
    title, cells = one.page.evaluate("globalThis.seen")
    assert (title, cells) == ("hello: 3 hidden units, tanh; template hello", 0)
    assert len(one.shown) > 200


def test_a_page_that_somebody_else_has_changed_does_not_run(browser, tmp_path):
    file = page_file(tmp_path, HELLO)
    file.write_text(file.read_text(encoding="utf-8").replace("Math.tanh", "Math.sin"), encoding="utf-8")
    one = Opened(browser, file, begins=False)
    one.page.wait_for_timeout(500)
    assert one.page.evaluate("typeof rnncalc") == "undefined"
    assert one.page.get_attribute("#page", "aria-busy") == "true"
    assert any("Content Security Policy" in said for said in one.wrong)
    one.context.close()


# ── step by step ──────────────────────────────────────────────────────────────────────────────────────────────────────


PIECES = """[...document.querySelectorAll("#table .picture > *")].map((piece) =>
  (piece.querySelector("caption") ?? piece).textContent)"""


def test_the_steps_go_through_all_that_is_computed_and_back(visit):
    one = visit()
    assert one.heading == "Given"
    computed = [q for q in TRACE.values() if q.rule is not None]
    for q in computed:
        one.page.keyboard.press("ArrowRight")
        assert one.heading == q.symbol
        assert one.page.inner_text("#table .equation") == q.equation
        assert one.page.inner_text("#table .words >> nth=0") == q.says
        drawn = [piece.text.strip() if isinstance(piece, Sign) else piece.symbol for piece in picture(q, TRACE, 4)]
        assert [text.replace("-", "−") for text in drawn if text] == one.page.evaluate(PIECES)
        assert one.page.evaluate("decodeURIComponent(location.hash)") == f"#{q.name}"
    assert one.page.is_disabled("#steps .next")
    one.page.keyboard.press("p")
    assert one.heading == computed[-2].symbol
    one.page.click("text=◀ Back")
    assert one.heading == computed[-3].symbol


def test_the_table_is_the_textbooks(visit):
    one = visit(place="#wh_2")
    tables = one.page.evaluate(
        """[...document.querySelectorAll("#table .picture > *")].map((piece) => piece.classList.contains("sign")
          ? piece.textContent : [piece.querySelector("caption").textContent,
                                 [...piece.querySelectorAll("td .cell")].map((cell) => cell.textContent)])"""
    )
    h, wh = ([shown(TRACE[name], i) for i in range(3)] for name in ("h_1", "wh_2"))
    assert tables == [["Whh", ["0.4270"]], "·", ["h₁", h], "+", ["bh", ["0.5670"]], "=", ["wh₂", wh]]


def test_play_goes_on_by_itself_until_it_is_stopped(visit):
    one = visit()
    one.page.clock.install()
    one.page.click("#steps >> text=Play")
    assert one.heading == "wx₁"
    one.page.clock.run_for(4000)
    assert one.heading == "a₁"
    one.page.click("#steps >> text=Pause")
    one.page.clock.run_for(10_000)
    assert one.heading == "a₁"


# ── the arithmetic of a number ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "at"), [("a_2", 1), ("y_1", 2), ("p_3", 0), ("loss_2", 0), ("dWxh_2", 5), ("da_1", 2)]
)
def test_a_number_is_explained_as_explain_has_it(visit, name, at):
    q = TRACE[name]
    row, column = divmod(at, q.shape[1])
    place = "" if q.value.size == 1 else f"[{row + 1}]" if q.shape[1] == 1 else f"[{row + 1},{column + 1}]"
    one = visit(place=f"#{name}{place}")
    done = worked(q, row, column, 4)
    lines = [done.name.text, f"= {done.symbols.text}", "", f"= {done.numbers.text}", "", f"= {done.result.text}"]
    found = one.page.evaluate("[...document.querySelectorAll('.number .working > span')].map((s) => s.textContent)")
    assert found == [line.replace("-", "−") for line in lines]


def test_what_went_in_lights_up_and_where_it_goes_when_asked(visit):
    one = visit()
    one.page.get_by_label(re.compile(r"^h₂\[1\] = ")).first.click()
    assert one.lit("source") == {"a₂[1]"}
    assert one.lit("chosen") == {"h₂[1]"}
    assert one.lit("use") == set()
    one.page.click("text=Where is it used?")
    uses = {f"y₂[{i}]" for i in range(1, 5)} | {"wh₃[1]", "∂E/∂a₂[1]", "∂E/∂Whh"}
    assert one.lit("use") >= {f"y₂[{i}]" for i in range(1, 5)} | {"wh₃[1]", "∂E/∂a₂[1]"}
    assert one.lit("use") <= uses | {f"∂E/∂Why[{i},1]" for i in range(1, 5)}
    assert {"y₂", "wh₃"} <= set(one.page.inner_text(".uses ul").split("\n"))


# ── changes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("problem", "name", "at", "typed", "value"),
    [
        (HELLO, "Wxh", "[1,2]", "0,5", 0.5),
        (HELLO, "Whh", "", "−1.25", -1.25),
        (Problem.template("lstm"), "Why", "[2,3]", "2e-1", 0.2),
        (Problem.template("by-hand"), "Wxh", "[2,1]", "+3", 3.0),
        (Problem.template("sentiment"), "Wxe", "[1,4]", ".75", 0.75),
    ],
)
def test_a_number_that_is_typed_changes_all_that_follows(visit, problem, name, at, typed, value):
    one = visit(problem, decimals=9)
    one.put(f"{name}{at}", typed)
    array = problem.weights[name].copy()
    row, column = (int(i) - 1 for i in at[1:-1].split(",")) if at else (0, 0)
    array[row, column] = value
    changed = whole_trace(problem.with_arrays({name: array}))
    assert differences(one.numbers, changed) == []
    now, before = (number(float(whole["loss"].value[0, 0]), 9) for whole in (changed, whole_trace(problem)))
    assert one.status == f"Loss {now}, was {before}"
    assert f"{name}{at}" in one.lit("changed")
    assert one.shown["h₁[1]"] == shown(changed["h_1"], 0, 9)


@pytest.mark.parametrize(
    ("typed", "says"),
    [("abc", "“abc” is not a number"), ("1e999", "“1e999” is not a number"), ("", "Wxh[1,2] needs a number"),
     ("1,2,3", "“1,2,3” is not a number"), ("<b>", "“<b>” is not a number")],
)  # fmt: skip
def test_what_is_no_number_is_refused_in_a_sentence_and_changes_nothing(visit, typed, says):
    one = visit()
    before = one.numbers
    one.put("Wxh[1,2]", typed)
    assert one.status.startswith(says)
    assert one.status.endswith("It is still 0.84606.")
    assert one.numbers == before
    assert one.page.get_by_label("Wxh[1,2]", exact=True).first.input_value() == "0.84606"


def test_a_number_with_which_nothing_can_be_computed_is_refused(visit):
    one = visit()
    before = one.numbers
    one.put("Why[1,1]", "1e300")
    assert "too large to compute with" in one.status
    assert one.numbers == before


def test_eta_must_be_greater_than_0(visit):
    one = visit()
    one.put("eta", "0")
    assert one.status == "eta must be greater than 0. It is still 0.1."
    one.put("eta", "0.25")
    assert differences(one.numbers, whole_trace(HELLO.replace(eta=0.25))) == []


def test_another_letter_is_read_and_wanted(visit):
    one = visit()
    one.page.get_by_label("Read at step 2").select_option("o")
    one.page.get_by_label("Wanted at step 4").select_option("h")
    inputs, targets = list(HELLO.inputs), list(HELLO.targets)
    inputs[1], targets[3] = "o", "h"
    assert differences(one.numbers, whole_trace(HELLO.replace(inputs=inputs, targets=targets))) == []
    one.page.click("text=Undo")
    assert differences(one.numbers, whole_trace(HELLO.replace(inputs=inputs))) == []
    assert one.page.get_by_label("Wanted at step 4").input_value() == "o"


def test_the_focus_stays_where_it_is_when_longer_numbers_need_more_room(visit):
    one = visit()
    field = one.page.get_by_label("Wxh[2,3]", exact=True)
    field.click()
    field.fill("-123.4567")
    before = one.page.evaluate("document.querySelector('.board').scrollWidth")
    field.press("Enter")
    assert one.page.evaluate("document.querySelector('.board').scrollWidth") > before
    assert one.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Wxh[2,3]"
    assert "Wxh[2,3]" in one.lit("changed")


def test_undo_goes_back_change_by_change_and_start_again_to_the_start(visit):
    one = visit()
    start = one.numbers
    one.page.click("text=Start again")
    assert one.page.is_disabled("text=Undo")
    one.put("bh", "0.25")
    once = one.numbers
    one.put("bh", "0.5")
    one.page.click("text=Undo")
    assert one.numbers == once
    one.page.click("text=Start again")
    assert one.numbers == start
    one.page.click("text=Undo")
    assert one.numbers == once
    one.page.click("text=Undo")
    assert one.numbers == start
    assert one.page.is_disabled("text=Undo")


# ── training ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def after(problem, count):
    for _ in range(count):
        problem = updated(whole_trace(problem))
    return problem


def test_twenty_updates_are_pythons(visit):
    one = visit()
    for _ in range(20):
        one.page.click("#training >> text=Update")
    assert differences(one.numbers, whole_trace(after(HELLO, 20))) == []
    assert "20 updates" in one.page.inner_text("#training")
    label = one.page.get_attribute("#training .plot", "aria-label")
    assert label == f"The loss after each update: from 6.8113 to {number(one.numbers['loss'][0], 4)}."


def test_training_runs_until_it_is_stopped_and_can_be_undone(visit):
    one = visit()
    start = one.numbers
    one.page.click("#training >> text=Train")
    one.page.wait_for_function("() => rnncalc.updated >= 5")
    one.page.click("#training >> text=Stop")
    assert one.page.evaluate("rnncalc.past.length") == 1
    count = one.page.evaluate("rnncalc.updated")
    assert differences(one.numbers, whole_trace(after(HELLO, count))) == []
    assert one.status.endswith(f"after {count} updates")
    one.page.wait_for_timeout(100)
    assert one.page.evaluate("rnncalc.updated") == count
    one.page.click("text=Undo")
    assert one.numbers == start


def test_training_that_breaks_stops_in_a_sentence_with_the_last_good_weights(visit):
    problem = HELLO.replace(eta=1e6)
    one = visit(problem)
    one.page.click("#training >> text=Train")
    one.page.wait_for_function("() => document.querySelector('#status').textContent.includes('cannot be made')")
    assert "eta is too large; the weights stay as they are." in one.status
    assert one.page.is_visible("#training >> text=Train")
    count = one.page.evaluate("rnncalc.updated")
    assert differences(one.numbers, whole_trace(after(problem, count))) == []
    with pytest.raises(ArithmeticOverflow):
        whole_trace(after(problem, count + 1))


def test_the_predictions_follow(visit):
    one = visit()
    predicted = "[...document.querySelectorAll('.predicted')].map((token) => token.textContent).join('')"
    assert one.page.evaluate(predicted) == "hhhh"
    one.page.evaluate("() => { for (let k = 0; k < 40; k++) rnncalc.updateStep(); }")
    trace = forward(after(HELLO, 40))
    best = "".join(HELLO.vocabulary[int(trace[f"p_{t}"].value.argmax())] for t in range(1, 5))
    assert one.page.evaluate(predicted) == best != "hhhh"


# ── decimals, copies, links ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("decimals", [2, 9, 12])
def test_decimals_are_chosen_on_the_page(visit, decimals):
    one = visit(place="#h_2[1]")
    one.page.get_by_label("Decimals shown").select_option(str(decimals))
    assert one.shown["h₂[1]"] == shown(TRACE["h_2"], 0, decimals)
    assert one.shown["Wxh[1,2]"] == ("0.85" if decimals == 2 else "0.846060")
    assert one.page.inner_text("#table .matrix >> nth=1 >> .cell >> nth=0") == shown(TRACE["h_2"], 0, decimals)
    assert f"= {shown(TRACE['h_2'], 0, decimals)}" in one.page.inner_text(".number")


def test_a_table_is_copied_in_three_forms(visit):
    one = visit(place="#dWxh")
    copied = {}
    for form in ("TSV", "LaTeX", "Markdown"):
        one.page.click(f".copy >> text={form}")
        copied[form] = one.page.evaluate("navigator.clipboard.readText()")
    rows = [[float(cell) for cell in line.split("\t")] for line in copied["TSV"].split("\n")]
    assert differences({**one.numbers, "dWxh": [n for row in rows for n in row]}, TRACE) == []
    assert [len(row) for row in rows] == [4, 4, 4]
    assert copied["LaTeX"].startswith(TRACE["dWxh"].latex + r" = \begin{bmatrix} 0.0687 & -0.0146 & ")
    assert copied["Markdown"].split("\n")[:2] == ["| ∂E/∂Wxh | h | e | l | o |", "|---:|---:|---:|---:|---:|"]
    assert copied["Markdown"].count("\n") == 4


def test_where_copying_is_not_allowed_the_text_stands_selected(visit):
    one = visit(place="#h_1")
    one.page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error('no')))")
    one.page.click(".copy >> text=TSV")
    one.page.wait_for_selector("dialog[open]")
    assert one.page.evaluate("getSelection().toString() || document.activeElement.value").count("\n") == 2
    one.page.click("dialog >> text=Close")
    assert not one.page.is_visible("dialog")


@pytest.mark.parametrize("place", ["#dWxh[1,2]", "#dWxh:1,2", "#dWxh%5B1,2%5D"])
def test_a_link_opens_one_number(visit, place):
    one = visit(place=place)
    assert one.heading == "∂E/∂Wxh"
    assert "∂E/∂Wxh[1,2]" in one.page.inner_text(".number")


@pytest.mark.parametrize("place", ["#", "#nothing", "#h_2[99]", "#%", "#<img src=x onerror=alert(1)>", "#__proto__"])
def test_a_link_to_nothing_does_no_harm(visit, place):
    assert visit(place=place).heading in ("Given", "h₂")


def test_the_address_follows_what_is_looked_at(visit):
    one = visit()
    one.page.get_by_label(re.compile(r"^p₂\[3\] = ")).first.click()
    assert one.page.evaluate("location.hash") == "#p_2[3]"
    one.page.evaluate("location.hash = '#h_1[2]'")
    one.page.wait_for_function("() => document.querySelector('#table h2').textContent.startsWith('h₁')")


# ── for everybody ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_hostile_text_is_letters_like_any_other(visit):
    problem = draw(Choice(text=HOSTILE, hidden=1))
    one = visit(problem)
    assert one.page.query_selector("img") is None
    options = one.page.evaluate("[...document.querySelector('.letter').options].map((option) => option.textContent)")
    assert len(options) == len(problem.vocabulary)
    assert {"<", ">", "/", "&", "😀", "`", "$", "{"} <= set(options)
    one.page.get_by_label("Read at step 1", exact=True).select_option(index=0)
    one.page.keyboard.press("Escape")
    assert one.page.inner_text("#title").startswith("</script><img src=x onerror=alert(1)>")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("template", "places"),
    [("hello", ("", "#h_2[1]", "#Why[1,1]", "#dWxh")), ("lstm", ("#x_1",)), ("sentiment", ("#target_5",))],
)
def test_axe_finds_nothing(visit, template, places, scheme):
    if not AXE.exists():
        missing("Install what tests/package.json names: npm install --prefix tests --no-package-lock")
    one = visit(Problem.template(template), color_scheme=scheme, reduced_motion="reduce")
    one.page.evaluate(AXE.read_text(encoding="utf-8"))
    for place in places:
        one.page.evaluate(f"location.hash = '{place}'")
        one.page.wait_for_function(f"() => document.readyState && location.hash === '{place}'")
        found = one.page.evaluate(RUN_AXE)["violations"]
        assert [(v["id"], [n["html"] for n in v["nodes"]][:2]) for v in found] == []


def test_axe_finds_what_is_wrong(visit):
    if not AXE.exists():
        missing("Install what tests/package.json names: npm install --prefix tests --no-package-lock")
    one = visit()
    one.page.evaluate(AXE.read_text(encoding="utf-8"))
    one.page.evaluate("document.querySelector('.board .cell').removeAttribute('aria-label')")
    one.page.evaluate("document.querySelector('#steps .next').style.color = '#ccc'")
    assert {v["id"] for v in one.page.evaluate(RUN_AXE)["violations"]} >= {"color-contrast"}


def test_the_keyboard_alone_is_enough(visit):
    one = visit()
    keys = one.page.keyboard

    def focused():
        return one.page.evaluate(
            "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
        )

    for _ in range(12):
        keys.press("Tab")
        if one.page.evaluate("document.activeElement.classList.contains('cell')"):
            break
    assert one.page.evaluate("document.activeElement.matches(':focus-visible')")
    for _ in range(60):
        if focused().startswith("wx₁[1]"):
            break
        keys.press("ArrowRight" if one.page.evaluate("document.activeElement.closest('.weights') !== null") else
                   "ArrowDown")  # fmt: skip
    keys.press("ArrowRight")
    assert focused().startswith("wh₁[1]")
    assert one.heading == "wh₁"
    keys.press("ArrowDown")
    assert focused().startswith("wh₁[2]")
    assert "wh₁[2]" in one.page.inner_text(".number")
    keys.press("n")
    assert one.heading == "a₁"
    for _ in range(12):
        if focused() == "Wxh[2,1]":
            break
        keys.press("ArrowLeft")
    keys.type("0.5")
    keys.press("Enter")
    array = HELLO.weights["Wxh"].copy()
    array[1, 0] = 0.5
    assert differences(one.numbers, whole_trace(HELLO.with_arrays({"Wxh": array}))) == []


@pytest.mark.parametrize(("wide", "tall"), [(1440, 900), (1280, 720)])
def test_hello_fits_a_laptops_screen(visit, wide, tall):
    one = visit(viewport={"width": wide, "height": tall})
    fits = """(() => { const place = document.querySelector("#picture"), root = document.documentElement;
      return [place.scrollWidth <= place.clientWidth, place.scrollHeight <= place.clientHeight,
              root.scrollWidth <= innerWidth, root.scrollHeight <= innerHeight]; })()"""
    assert one.page.evaluate(fits) == [True] * 4
    assert one.page.evaluate("parseFloat(getComputedStyle(document.querySelector('.board')).fontSize)") >= 10.5


@pytest.mark.parametrize("template", ["hello", "lstm", "sentiment"])
def test_on_a_telephone_nothing_but_the_strip_moves_sideways(visit, template):
    one = visit(Problem.template(template), place="#h_2", **TELEPHONE)
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert one.page.evaluate("document.querySelector('#panel').scrollWidth") <= 360
    for _ in range(4):
        one.page.tap("#steps .next")
    one.page.wait_for_timeout(900)
    inside = """(() => { const area = (what) => document.querySelector(what).getBoundingClientRect();
      const { left, right, top, bottom } = area(".board .chosen"), place = area("#picture");
      return left >= place.left && right <= place.right && top >= place.top && bottom <= place.bottom; })()"""
    assert one.page.evaluate(inside)


def test_a_swipe_goes_on_and_back(visit):
    one = visit(place="#h_2", **TELEPHONE)
    swipe = """([from, to]) => { const place = document.querySelector("#table h2");
      const touch = (x) => [new Touch({ identifier: 1, target: place, clientX: x, clientY: 500 })];
      const send = (kind, x, touches) =>
        place.dispatchEvent(new TouchEvent(kind, { touches, changedTouches: touch(x), bubbles: true }));
      send("touchstart", from, touch(from)); send("touchend", to, []); }"""
    one.page.evaluate(swipe, [300, 100])
    assert one.heading == "y₂"
    one.page.evaluate(swipe, [100, 300])
    assert one.heading == "h₂"
    one.page.evaluate(swipe, [100, 130])
    assert one.heading == "h₂"


def test_it_is_printed_with_the_picture_and_the_table(visit):
    one = visit(place="#h_2")
    one.page.emulate_media(media="print")
    assert one.page.is_visible(".board")
    assert one.page.is_visible("#table .picture")
    assert not one.page.is_visible("#steps")
    assert one.page.evaluate("document.querySelector('.board').getBoundingClientRect().width") <= 690


def test_it_works_in_the_frame_of_a_learning_platform(browser, tmp_path):
    """Such a frame has no storage, no clipboard, no forms and no address of its own."""
    page_file(tmp_path, HELLO)
    outside = tmp_path / "course.html"
    frame = '<iframe sandbox="allow-scripts" src="page.html" width="1200" height="800"></iframe>'
    outside.write_text(f"<!DOCTYPE html><title>Course</title>{frame}", encoding="utf-8")
    one = Opened(browser, outside)
    inside = one.page.frame_locator("iframe")
    inside.locator("#steps .next").click()
    assert inside.locator("#table h2").inner_text().startswith("wx₁")
    inside.get_by_label("Wanted at step 1").select_option("o")
    assert re.fullmatch(r"Loss [\d.]+, was 6\.8113", inside.locator("#status").inner_text())
    inside.locator(".copy >> text=TSV").click()
    inside.locator("dialog >> text=Close").click()
    assert not inside.locator("dialog").is_visible()
    one.wrong = [said for said in one.wrong if "Clipboard API has been blocked" not in said]
    one.close()


def test_a_finger_chooses_in_the_picture_and_types_in_the_panel(visit):
    one = visit(place="#h_1", **TELEPHONE)
    one.page.get_by_label("h₀[2]", exact=True).tap()
    field = one.page.locator(".number input")
    field.fill("0.5")
    field.press("Enter")
    assert differences(one.numbers, whole_trace(HELLO.replace(h_0=[0, 0.5, 0]))) == []
    assert one.shown["h₀[2]"] == "0.5"


def test_nothing_is_loaded_and_nothing_may_be(visit):
    one = visit()
    assert one.page.evaluate("performance.getEntriesByType('resource').length") == 0
    said = one.page.evaluate("fetch('https://example.org/').then(() => 'loaded', () => 'refused')")
    assert said == "refused"
    assert json.dumps(one.wrong).count("Content Security Policy") >= 1
    one.wrong.clear()
