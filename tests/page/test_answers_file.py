"""What a page hands in is read and marked as a worksheet is, and nothing that it says of itself counts."""

import json
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from page.handed import handed_in

from rnncalc import Problem
from rnncalc.errors import FileError, RnncalcError
from rnncalc.marking.marking import mark
from rnncalc.marking.status import Status, Verdict
from rnncalc.network.forward_pass import forward
from rnncalc.page.answers_file import answer_of
from rnncalc.page.handed_in import read_handed_in
from rnncalc.problems.draw import draw_array
from rnncalc.problems.redraw import drawn_decimals, redrawn
from rnncalc.workbook.read.submission import Reading

HELLO = Problem.template("hello")
ASK = ["h_1", "h_2", "p_2"]
NAME = "hello.json"


def marked(file: bytes):
    submission = read_handed_in(file, NAME)
    return mark(
        submission.trace,
        submission.answers,
        given=submission.given,
        given_decimals=submission.given_decimals,
        decimals=submission.decimals,
    )


def test_right_answers_are_right():
    assert marked(handed_in(HELLO, ASK, {})).verdict == Verdict.CORRECT


def test_a_wrong_one_is_found_with_its_mistake():
    a = forward(HELLO)["a_1"].value
    report = marked(handed_in(HELLO, ASK, {"h_1": [[f"{v:.4f}"] for v in a[:, 0]]}))
    assert report.verdict == Verdict.INCORRECT
    assert report.first.quantity == "h_1"
    assert {n.kind for n in report.first.mistakes} == {"activation-left-out"}
    assert Status.CARRIED in {m.status for m in report.marks} or Status.CORRECT in {m.status for m in report.marks}


def test_what_is_missing_is_blank():
    report = marked(handed_in(HELLO, ASK, {"p_2": [["0.1"]]}))
    assert report.counts[Status.BLANK] == 3


def test_changed_given_numbers_are_told():
    file = json.loads(handed_in(HELLO, ASK, {}))
    file["given"]["Wxh"][0][0] += 0.5
    report = marked(json.dumps(file).encode())
    assert [m.element for m in report.marks if m.status == Status.GIVEN_CHANGED] == [("Wxh", 0, 0)]


def test_what_the_page_says_of_its_answers_counts_for_nothing():
    wrong = {"h_1": [["0.9"], ["0.9"], ["0.9"]]}
    file = handed_in(HELLO, ASK, wrong, verdict="correct", marks=[{"status": "correct"}])
    assert marked(file).verdict == Verdict.INCORRECT


@pytest.mark.parametrize("seed", [0, 7, 2**53 - 1])
def test_new_numbers_are_drawn_again_from_their_seed(seed):
    assert marked(handed_in(HELLO, ASK, {}, seed=seed)).verdict == Verdict.CORRECT
    trace = read_handed_in(handed_in(HELLO, ASK, {}, seed=seed), NAME).trace
    expected = draw_array(seed, "Wxh", (3, 4), drawn_decimals(HELLO))
    assert np.array_equal(trace["Wxh"].value, expected)


def test_new_numbers_keep_the_form():
    problem = Problem.draw("banana", hidden=2, cell="lstm", weight_decimals=2, h0="random")
    other = redrawn(problem, 3)
    assert other.inputs == problem.inputs
    assert {n: a.shape for n, a in other.arrays().items()} == {n: a.shape for n, a in problem.arrays().items()}
    assert not np.array_equal(other.states["h_0"], problem.states["h_0"])
    assert np.array_equal(redrawn(HELLO, 3).states["h_0"], HELLO.states["h_0"])  # zeros stay
    assert all(round(v, 2) == v for v in other.weights["Whi"].reshape(-1).tolist())


@pytest.mark.parametrize(
    ("typed", "number", "decimals"),
    [("0.8461", 0.8461, 4), ("0,8461", 0.8461, 4), (" .85 ", 0.85, 4), ("1/3", 1 / 3, 4), ("=0.5*0.25+1", 1.125, 4),
     ("=tanh(0.5)", np.tanh(0.5), 4), ("0.846064", 0.846064, 6), ("−0.5", -0.5, 4)],
)  # fmt: skip
def test_what_is_typed_is_read(typed, number, decimals):
    answer = answer_of(typed, 4)
    assert answer.number == pytest.approx(number, abs=1e-15)
    assert answer.decimals == decimals


@pytest.mark.parametrize(("typed", "status"), [("", "blank"), ("  ", "blank"), ("h", "not-a-number")])
def test_what_is_no_number_is_told(typed, status):
    assert answer_of(typed, 4).problem == status


BROKEN = [
    b"", b"{", b'{"rnncalc": 3}', b'{"rnncalc": "answers of a page"}',
    b'{"rnncalc": "answers of a page", "answers": []}',
    b'{"rnncalc": "answers of a page", "answers": {}, "given": {}, "seed": -1}',
    b'{"rnncalc": "answers of a page", "answers": {}, "given": {}, "seed": null}',
    b'{"rnncalc": "answers of a page", "answers": {}, "given": {}, "seed": null, "problem": "text", "settings": ""}',
    b'{"rnncalc": "answers of a page", "answers": {"h_1": [[]]}, "given": {}, "seed": null}',
    b'{"rnncalc": "answers of a page", "answers": {"h_1": {"a": 1}}, "given": {}, "seed": null}',
    b'{"rnncalc"' + b"[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("file", BROKEN)
def test_a_file_that_no_page_wrote_is_refused_in_a_sentence(file):
    with pytest.raises(RnncalcError) as refused:
        read_handed_in(file, NAME)
    assert str(refused.value).count("\n") == 0
    assert NAME in str(refused.value)


@given(data=st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
))  # fmt: skip
def test_any_table_is_read_or_refused(data):
    file = json.loads(handed_in(HELLO, ["h_1"], {}))
    for key in ("answers", "given"):
        broken = json.dumps({**file, key: {"h_1": data, "Wxh": data}}).encode()
        with suppress(FileError):
            marked(broken)


def test_another_problem_may_be_typed():
    other = Problem.draw("hello", hidden=3, recurrent="scalar", seed=5)
    submission = read_handed_in(handed_in(HELLO, ASK, {}), NAME, Reading(which=lambda _: other))
    assert submission.trace.problem is other
