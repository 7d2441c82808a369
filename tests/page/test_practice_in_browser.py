"""Practice in a browser: answers are marked as verify marks them, help comes in stages, and answers go into files."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from page.browser import TELEPHONE, Opened, chromium, missing
from page.practised import by_the_program, of_the_examiner

from rnncalc import Problem
from rnncalc.marking.blanks import blanks_of
from rnncalc.marking.marking import mark
from rnncalc.marking.status import RIGHT, Status, Verdict
from rnncalc.network.update_step import whole_trace
from rnncalc.page.answer_pages import collecting_page, practice_page
from rnncalc.page.handed_in import read_handed_in
from rnncalc.problems.redraw import redrawn

HELLO = Problem.template("hello")
SHEETS = [sheet for n, sheet in enumerate(of_the_examiner([3])) if n % 5 == 0]
AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
SHOWN = {
    **dict.fromkeys(RIGHT, "right"),
    Status.CARRIED: "carried",
    Status.UNCREDITED: "carried",
    Status.WRONG: "wrong",
    Status.NOT_A_NUMBER: "wrong",
    Status.AMBIGUOUS: "wrong",
    Status.BLANK: "",
}


@pytest.fixture(scope="module")
def browser():
    with chromium() as program:
        yield program


@pytest.fixture
def visit(browser, tmp_path):
    """Opens pages, and closes them at the end; nothing may have gone wrong in them."""
    opened = []

    def go(html: str, **how) -> Opened:
        file = tmp_path / f"page{len(opened)}.html"
        file.write_text(html, encoding="utf-8")
        opened.append(Opened(browser, file, **how))
        return opened[-1]

    yield go
    for one in opened:
        one.close()


def axe(opened: Opened) -> list[tuple[str, list[str]]]:
    """What axe finds on a page."""
    if not AXE.exists():
        missing("Install what tests/package.json names: npm install --prefix tests --no-package-lock")
    opened.page.evaluate(AXE.read_text(encoding="utf-8"))
    return [(v["id"], [n["html"] for n in v["nodes"]][:2]) for v in opened.page.evaluate("axe.run()")["violations"]]


def practice(ask=("forward", "loss"), problem: Problem = HELLO, decimals: int = 4) -> str:
    trace = whole_trace(problem)
    return practice_page(blanks_of(trace, ask), trace, decimals)


def collect(ask=("h_1", "h_2")) -> str:
    return collecting_page(blanks_of(whole_trace(HELLO), ask), 4)


def field(opened: Opened, name: str, row: int = 0):
    """The field of a number in the panel, which shows its table."""
    opened.page.evaluate(f"location.hash = '#{name}'")
    return opened.page.locator("#table input.answer").nth(row)


def fill(opened: Opened, name: str, *texts: str) -> None:
    """Type the answers of a column into the panel, as a person does."""
    opened.page.evaluate(f"location.hash = '#{name}'")
    opened.page.wait_for_function(f"document.querySelector('#table .own-name')?.textContent === '{name}'")
    result = opened.page.locator("#table .picture table").last.locator("input.answer")
    for row, text in enumerate(texts):
        result.nth(row).fill(text)
    settle(opened)


def settle(opened: Opened) -> None:
    """Wait until what was typed last is marked."""
    opened.page.wait_for_timeout(400)


def right(name: str, problem: Problem = HELLO) -> list[str]:
    return [f"{v:.4f}" for v in whole_trace(problem)[name].value.reshape(-1).tolist()]


def statuses(opened: Opened) -> dict[str, str]:
    """What each field of the picture shows, by the number's name."""
    return opened.page.evaluate(
        """Object.fromEntries([...document.querySelectorAll(".board input.answer")].map((field) =>
          [field.getAttribute("aria-label").split(", ")[0], field.dataset.status]))"""
    )


def saved(opened: Opened, button: str = "Hand in") -> tuple[str, bytes]:
    """The file that a button saves: its name and its content."""
    with opened.page.expect_download() as waiting:
        opened.page.get_by_role("button", name=button, exact=True).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def marked(file: bytes):
    submission = read_handed_in(file, "answers.json")
    return mark(
        submission.trace,
        submission.answers,
        given=submission.given,
        given_decimals=submission.given_decimals,
        decimals=submission.decimals,
    )


# ── marks ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.label)
def test_answers_are_marked_as_the_program_marks_them(visit, sheet, tmp_path):
    its = sheet.page
    opened = visit(practice_page(its.blanks, its.trace, its.decimals))
    data = json.loads(saved(opened, "Save")[1])
    for name, cells in sheet.typed.items():
        for (i, j), text in cells.items():
            data["answers"][name][i][j] = text
    (tmp_path / "typed.json").write_text(json.dumps(data), encoding="utf-8")
    opened.page.locator("input[type=file]").set_input_files(tmp_path / "typed.json")
    settle(opened)
    theirs = opened.page.evaluate(
        """Object.fromEntries([...document.querySelectorAll(".board input.answer")].map((field) =>
          [field.dataset.place, field.dataset.status]))"""
    )
    ours = {place: SHOWN[status] for place, status, *_ in by_the_program(sheet)["marks"]}
    assert {place: ours[place] for place in theirs} == theirs
    assert len(theirs) > 10


def test_a_slip_is_told_by_its_name(visit):
    opened = visit(practice())
    fill(opened, "wx_1", *right("wx_1"))
    fill(opened, "wh_1", *right("wh_1"))
    fill(opened, "a_1", *right("a_1"))
    fill(opened, "h_1", *right("a_1"))
    said = opened.page.inner_text("#training")
    assert "9 of 101 right, 3 wrong, 89 blank." in said
    assert "h_1[1]: 0.8540 is wrong. Your number comes from this mistake: tanh not applied" in said
    assert {statuses(opened)[f"h₁[{i}]"] for i in (1, 2, 3)} == {"wrong"}


def test_the_page_says_that_the_answers_are_inside_it(visit):
    assert "the right answers are inside it" in visit(practice(["h_1"])).page.inner_text("body")


def test_an_earlier_mistake_is_not_paid_for_twice(visit):
    opened = visit(practice(["h_1", "y_1"]))
    a = whole_trace(HELLO)["a_1"].value
    fill(opened, "h_1", *right("a_1"))
    fill(opened, "y_1", *[f"{v:.4f}" for v in (HELLO.weights["Why"] @ a.round(4)).reshape(-1).tolist()])
    assert {statuses(opened)[f"y₁[{i}]"] for i in (1, 2, 3, 4)} == {"carried"}
    assert "4 follow from an earlier mistake" in opened.page.inner_text("#training")


@pytest.mark.parametrize("typed", ["0,6932", "=tanh(0.854028)", "6932/10000", " 0.69320 ", "+0.6932"])
def test_numbers_are_typed_as_people_type_them(visit, typed):
    opened = visit(practice(["h_1"]))
    fill(opened, "h_1", typed)
    assert statuses(opened)["h₁[1]"] == "right"


def test_what_is_no_number_is_told(visit):
    opened = visit(practice(["h_1"]))
    fill(opened, "h_1", "tanh")
    assert "'tanh' is not a number" in opened.page.inner_text("#training")


def test_no_answer_is_shown_before_it_is_asked_for(visit):
    opened = visit(practice())
    answers = {text for name in ("wx_1", "a_2", "h_3", "y_1", "p_4", "loss") for text in right(name)}
    given = {f"{v:.4f}" for array in HELLO.arrays().values() for v in array.reshape(-1).tolist()}
    for _ in range(40):
        said = opened.page.inner_text("body")
        assert not {answer for answer in answers - given if re.search(rf"(?<![\d.]){answer}", said)}
        opened.page.keyboard.press("ArrowRight")


def test_help_comes_in_stages_and_ends_with_the_answer(visit):
    opened = visit(practice(["h_1"]))
    fill(opened, "h_1", *right("a_1"))
    opened.page.get_by_role("button", name="Go to h_1[1]").click()
    told = []
    while opened.page.locator("#more-help").is_enabled():
        opened.page.locator("#more-help").click()
        told = opened.page.locator(".hints li").all_inner_texts()
    assert len(told) == 5
    assert told[0] == "h_1[1]: 0.8540 is wrong."
    assert "tanh not applied" in told[1]
    assert told[2:] == ["The equation is h₁ = tanh(a₁).", "h_1[1] = tanh(0.8540)", "The right number is 0.6932."]


def test_all_right_is_said(visit):
    opened = visit(practice(["h_1"]))
    fill(opened, "h_1", *right("h_1"))
    assert "3 of 3 right. All is right." in " ".join(opened.page.inner_text("#training").split())


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_handed_in_is_what_was_typed(visit):
    opened = visit(practice(["h_1", "h_2"]))
    opened.page.get_by_label("Your name").fill("A. Student")
    fill(opened, "h_1", *right("h_1"))
    fill(opened, "h_2", "0.5", *right("h_2")[1:])
    name, file = saved(opened)
    assert name == "hello-answers.json"
    assert json.loads(file)["name"] == "A. Student"
    report = marked(file)
    assert report.verdict == Verdict.INCORRECT
    assert [m.element for m in report.marks if m.status == Status.WRONG] == [("h_2", 0, 0)]
    assert "Hand in that file." in opened.status


def test_answers_come_back_when_the_page_is_opened_again(visit):
    opened = visit(practice(["h_1"]))
    fill(opened, "h_1", "0.1", "0.2")
    opened.page.reload()
    opened.begun()
    settle(opened)
    assert statuses(opened) == {"h₁[1]": "wrong", "h₁[2]": "wrong", "h₁[3]": ""}


def test_a_saved_file_brings_all_back(visit, tmp_path):
    opened = visit(practice(["h_1"]))
    opened.page.get_by_role("button", name="New numbers").click()
    fill(opened, "h_1", "0.1", "0,2")
    _, file = saved(opened, "Save")
    (tmp_path / "kept.json").write_bytes(file)
    other = visit(practice(["h_1"]))
    other.page.locator("input[type=file]").set_input_files(tmp_path / "kept.json")
    settle(other)
    assert json.loads(saved(other, "Save")[1]) == json.loads(file)


@pytest.mark.parametrize("content", ["", "{}", '{"rnncalc": "answers of a page", "answers": {}}', "[1]", "<html>"])
def test_a_file_of_something_else_is_refused_in_a_sentence(visit, tmp_path, content):
    opened = visit(practice(["h_1"]))
    fill(opened, "h_1", "0.1")
    (tmp_path / "other.json").write_text(content, encoding="utf-8")
    opened.page.locator("input[type=file]").set_input_files(tmp_path / "other.json")
    settle(opened)
    assert opened.status.startswith("This ")
    assert statuses(opened)["h₁[1]"] == "wrong"


def test_new_numbers_are_those_that_python_draws(visit):
    opened = visit(practice(["h_1"]))
    opened.page.get_by_role("button", name="New numbers").click()
    settle(opened)
    data = json.loads(saved(opened)[1])
    fresh = redrawn(HELLO, data["seed"])
    for name, array in fresh.arrays().items():
        assert np.array_equal(np.array(data["given"][name]), array), name
    fill(opened, "h_1", *right("h_1", fresh))
    assert marked(saved(opened)[1]).verdict == Verdict.CORRECT


def test_a_page_that_collects_says_nothing_of_right_and_wrong(visit):
    opened = visit(collect())
    fill(opened, "h_1", "0.1", *right("h_1")[1:])
    assert set(statuses(opened).values()) == {""}
    assert "does not check them" in opened.page.inner_text("#training")
    assert opened.page.get_by_role("button", name="Help").count() == 0
    report = marked(saved(opened)[1])
    assert report.counts[Status.WRONG] == 1
    assert report.counts[Status.CORRECT] == 2


# ── whoever uses it ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_enter_goes_on_from_blank_to_blank(visit):
    opened = visit(practice(["h_1"]))
    field(opened, "h_1").click()
    for text in right("h_1"):
        opened.page.keyboard.type(text)
        opened.page.keyboard.press("Enter")
    settle(opened)
    assert set(statuses(opened).values()) == {"right"}


def test_on_a_telephone_a_slip_is_told_too(visit):
    opened = visit(practice(["a_1", "h_1"]), **TELEPHONE)
    fill(opened, "a_1", *right("a_1"))
    fill(opened, "h_1", *right("a_1"))
    assert "tanh not applied" in opened.page.inner_text("#training")
    assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit, scheme):
    opened = visit(practice(["h_1", "y_1"]), color_scheme=scheme)
    fill(opened, "h_1", right("h_1")[0], "0.1", "x")
    fill(opened, "y_1", "2")
    opened.page.locator("#more-help").click()
    assert axe(opened) == []
