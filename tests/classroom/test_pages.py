"""Pages beside the worksheets of an assignment: what they hold, and that what they hand in is graded."""

import json
import re

import pytest
from classroom.a_class import TOML, assignment

from rnncalc.classroom.assignment import Page
from rnncalc.classroom.grading import Task, grade_file
from rnncalc.classroom.roster import Student
from rnncalc.classroom.worksheets import Order, make, make_worksheet
from rnncalc.errors import FileError
from rnncalc.page.answers_file import KIND

COLLECT, PRACTICE = f"{TOML}\n[page]\n", f"{TOML}\n[page]\npractice = true\n"


def page_of(text: str, who: str = "s1") -> str:
    made = make_worksheet(Order(assignment(text), Student(who), False, False, False))
    assert made.page is not None
    return made.page.decode("utf-8")


def data_of(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def handed_in(page: str, change=lambda name, value: f"{value:.4f}", who: str = "s1") -> bytes:
    """What the page of a student saves, filled in with right answers."""
    data, hw = data_of(page), assignment(TOML)
    problem = hw.problem_of(who)
    trace = hw.trace_of(problem)
    held = data.get("collect") or data["practice"]
    asked, given = ([data["quantities"][place]["name"] for place in held[key]] for key in ("asked", "given"))
    answers = {n: [[change(n, v) for v in row] for row in trace[n].value.tolist()] for n in asked}
    return json.dumps(
        {
            "rnncalc": KIND,
            "version": 1,
            "name": "",
            "problem": data["handIn"]["problem"],
            "settings": data["handIn"]["settings"],
            "seed": None,
            "given": {n: trace[n].value.tolist() for n in given},
            "answers": answers,
        }
    ).encode()


def graded(content: bytes, who: str = "s1"):
    return grade_file(Task(assignment(TOML), who, 0, f"{who}.json", content, ""))


def test_an_assignment_says_whether_there_are_pages():
    assert assignment(TOML).page == Page.NONE
    assert assignment(COLLECT).page == Page.COLLECT
    assert assignment(PRACTICE).page == Page.PRACTICE
    assert make_worksheet(Order(assignment(TOML), Student("s1"), False, False, False)).page is None


@pytest.mark.parametrize("line", ["practice = 1", 'practice = "yes"', "practise = true"])
def test_what_page_cannot_have_is_refused(line):
    with pytest.raises(FileError, match=r"practi[cs]e"):
        assignment(f"{TOML}\n[page]\n{line}\n")


def test_a_page_that_collects_holds_no_answer_and_no_way_to_one():
    page = page_of(COLLECT)
    data = data_of(page)
    assert not any(key in its for its in data["quantities"] for key in ("rule", "ways"))
    assert data["templates"] == []
    asked = {data["quantities"][place]["name"] for place in data["collect"]["asked"]}
    assert not any("values" in its for its in data["quantities"] if its["name"] in asked)
    trace = assignment(TOML).trace_of(assignment(TOML).problem_of("s1"))
    answers = {f"{v:.6f}"[:7] for n in asked for v in trace[n].value.reshape(-1).tolist() if v not in (0, 1)}
    held = json.dumps({k: v for k, v in data.items() if k != "handIn"})
    given = {f"{v:.6f}"[:7] for q in trace.values() if q.rule is None for v in q.value.reshape(-1).tolist()}
    assert [answer for answer in answers - given if re.search(rf"(?<![\d.]){re.escape(answer)}", held)] == []
    assert "marking" not in page


def test_a_page_that_helps_holds_the_rules_of_its_answers():
    data = data_of(page_of(PRACTICE))
    assert all("rule" in data["quantities"][place] for place in data["practice"]["asked"])


@pytest.mark.parametrize("text", [COLLECT, PRACTICE])
def test_what_a_page_hands_in_is_graded_as_a_worksheet_is(text):
    done = graded(handed_in(page_of(text)))
    assert done.verdict == "correct"
    assert all(q.points == q.possible for q in done.questions)


def test_wrong_answers_lose_points():
    done = graded(handed_in(page_of(COLLECT), lambda name, value: f"{value + 0.3 * (name == 'h_1'):.4f}"))
    assert done.verdict == "incorrect"
    assert sum(q.points for q in done.questions) < sum(q.possible for q in done.questions)


def test_the_answers_of_another_student_are_told_by_the_given_numbers():
    done = graded(handed_in(page_of(COLLECT, "s2"), who="s2"))
    assert any("do not belong to this student" in note for note in done.notes)


def test_numbers_that_the_page_drew_anew_earn_nothing_here():
    content = json.loads(handed_in(page_of(PRACTICE)))
    content["seed"] = 7
    content["given"]["Wxh"][0][0] += 0.25
    done = graded(json.dumps(content).encode())
    assert any("not belong" in note for note in done.notes)


def test_what_is_no_answers_file_is_told_in_a_sentence():
    for content in (b"{}", b'{"points": 3}', b'{"rnncalc": 1}', b'{"rnncalc": "answers of a page", "answers": 1}'):
        assert graded(content).says.startswith("s1.json is not as a page of rnncalc writes it.")


def test_pages_are_the_same_in_a_second_run():
    first, second = (list(make(assignment(COLLECT), [Student("s1"), Student("s2")])) for _ in range(2))
    assert [done.page for _, done in first] == [done.page for _, done in second]
    assert first[0][1].page != first[1][1].page
