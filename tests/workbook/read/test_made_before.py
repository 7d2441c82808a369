"""What was made and handed out before softmax had two forms is read and marked as it was made.

The files in tests/data/before are of that time (see tests/data/make_before.py), filled in with its right numbers.
"""

import io
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from workbook.filled import fill_in, put_in

from rnncalc import Problem, forward
from rnncalc.classroom.assignment import Assignment
from rnncalc.classroom.assignment_reader import read_assignment
from rnncalc.classroom.grading import Task, grade_file
from rnncalc.classroom.intake.files import Trouble
from rnncalc.classroom.roster import Student
from rnncalc.classroom.worksheets import Order, make_worksheet
from rnncalc.cli.assignment import read_class
from rnncalc.errors import FileError
from rnncalc.marking.marking import mark
from rnncalc.problems.template_reader import parse
from rnncalc.text import Trainer, encode, load_checkpoint
from rnncalc.workbook.read.submission import read_submission

BEFORE = Path(__file__).parents[2] / "data" / "before"
HOMEWORK = ("hello", "lstm", "gru", "sigmoid")
BETWEEN = ("tc_1", "rh_1", "hn_1", "dtc_1", "drh_1", "dhn_1")


def submitted(name: str):
    path = BEFORE / name
    return read_submission(path.read_bytes(), path.name)


@pytest.mark.parametrize("name", ["hello-worksheet.xlsx", "lstm-worksheet.xlsx", "gru-after-worksheet.xlsx"])
def test_a_worksheet_is_marked_in_the_form_that_it_was_made_in(name):
    submission = submitted(name)
    assert submission.trace.problem.softmax == "shifted"
    report = mark(
        submission.trace, submission.answers, given=submission.given, given_decimals=submission.given_decimals
    )
    assert set(report.counts) == {"correct"}
    assert not {m.quantity for m in report.marks} & set(BETWEEN)


def test_an_exported_workbook_is_read_in_the_form_that_it_was_made_in():
    submission = submitted("lstm.xlsx")
    report = mark(submission.trace, submission.answers, given=submission.given)
    assert submission.trace["exp_1"].value.max() == 1
    assert set(report.counts) == {"correct"}


def test_a_wrong_number_carries_through_a_table_that_the_worksheet_has_not():
    """h_1 is worked from one's own c_1, through tanh(c_1), for which there are no cells."""
    file = (BEFORE / "lstm-worksheet.xlsx").read_bytes()
    right = submitted("lstm-worksheet.xlsx").trace
    c = np.round(right["c_1"].value, 4) + np.array([[0.1], [0.0]])
    h = right["o_1"].value * np.tanh(c)
    found = read_submission(fill_in(file, {"c_1": c, "h_1": h}, 4), "mine.xlsx")
    marks = {(m.quantity, m.row): m.status for m in mark(found.trace, found.answers).marks if m.column == 0}
    assert (marks["c_1", 0], marks["c_1", 1]) == ("wrong", "correct")
    assert (marks["h_1", 0], marks["h_1", 1]) == ("carried", "correct")


def test_a_template_without_the_key_is_shifted():
    old, new = Problem.template(str(BEFORE / "hello.toml")), Problem.template("hello")
    assert (old.softmax, new.softmax) == ("shifted", "plain")
    assert forward(old)["exp_2"].value.max() == 1
    assert parse(old.to_toml(), "again", "again").problem.softmax == "shifted"
    assert "softmax" not in (BEFORE / "hello.toml").read_text(encoding="utf-8")


def test_a_model_without_the_key_is_shifted():
    assert Problem.saved(str(BEFORE / "model.npz")).softmax == "shifted"
    assert Problem.saved(str(BEFORE / "model.npz"), softmax="plain").softmax == "plain"


def test_a_training_goes_on_from_a_checkpoint_to_the_same_numbers(tmp_path):
    hello = Problem.template("hello")
    resumed, whole = (Trainer(hello, encode("hello", hello.vocabulary)) for _ in range(2))
    load_checkpoint(BEFORE / "training.npz", resumed)
    assert resumed.epoch == 2
    for _ in range(2):
        whole.step()
    for trainer in (resumed, whole):
        trainer.step()
    for name, value in whole.weights().items():
        np.testing.assert_allclose(resumed.weights()[name], value, rtol=1e-12)


# ── homework ──────────────────────────────────────────────────────────────────────────────────────────────────────


def task(assignment: Assignment, file: bytes, draw: int = 0) -> Task:
    return Task(assignment, "s1", draw, "s1.xlsx", file, "")


@pytest.mark.parametrize("name", HOMEWORK)
def test_homework_is_marked_in_the_form_that_it_was_handed_out_in(name):
    assignment, (one,) = read_class(BEFORE / name / "hw.toml")
    graded = grade_file(task(assignment, (BEFORE / name / "in" / "s1.xlsx").read_bytes(), one.draw))
    assert not isinstance(graded, Trouble)
    assert graded.verdict == "correct"
    assert [(q.points, q.possible) for q in graded.questions] == [(q.possible, q.possible) for q in graded.questions]


@pytest.mark.parametrize("name", HOMEWORK)
def test_made_again_it_asks_for_the_tables_in_between_which_are_worth_nothing(name):
    """Left blank or deleted, nothing is lost."""
    assignment = read_assignment(BEFORE / name / "hw.toml")
    file, _, draws = make_worksheet(Order(assignment, Student("s1"), paper=False, protect=False, named=False))
    blanks = assignment.blanks_of(assignment.problem_of("s1", draws - 1))
    between = set(BETWEEN) & blanks.names
    assert between == {
        "hello": set(), "lstm": {"tc_1", "dtc_1"}, "gru": {"rh_1", "drh_1"}, "sigmoid": {"tc_1"},
    }[name]  # fmt: skip
    assert not between & {member for members in assignment.questions(blanks).values() for member in members}
    numbers = {n: blanks.trace[n].value for n in blanks.names - between}
    for filled in (fill_in(file, numbers, 4), without(fill_in(file, numbers, 4), between)):
        graded = grade_file(task(assignment, filled, draws - 1))
        assert not isinstance(graded, Trouble)
        assert [q.points for q in graded.questions] == [q.possible for q in graded.questions]


def without(file: bytes, names: set[str]) -> bytes:
    """The workbook with some of its names deleted."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    for name in names:
        del book.defined_names[name]
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.fixture
def new(tmp_path, rnncalc) -> Path:
    """An assignment about an lstm, written today."""
    path = tmp_path / "new.toml"
    assert (
        rnncalc("assignment", "new", str(path), "ab", "--cell", "lstm", "--hidden", "1", "--ask", "forward").code == 0
    )
    return path


def test_a_new_assignment_says_its_form_and_asks_for_the_tables_in_between(new):
    text = new.read_text(encoding="utf-8")
    assert '\nsoftmax = "plain"\n' in text
    assert "\nin_between = true\n" in text
    assignment = read_assignment(new)
    problem = assignment.problem_of("s1")
    blanks = assignment.blanks_of(problem)
    assert problem.softmax == "plain"
    assert "tc_1" in assignment.questions(blanks)["forward"]


@pytest.mark.parametrize(
    ("options", "softmax"),
    [
        (("hello",), "plain"),
        (("-t", "hello", "--softmax", "shifted"), "shifted"),
        (("-t", "exploding"), "shifted"),
        (("--weights", str(BEFORE / "model.npz"), "--same"), "shifted"),
        (("--inputs", "numbers.csv"), None),
        (("ab", "--output-function", "sigmoid", "--targets", "1,0;0,1"), None),
    ],
)
def test_a_new_assignment_says_the_form_of_its_network(options, softmax, tmp_path, rnncalc, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("numbers.csv").write_text("1,0.5\n0.25,-1\n", encoding="utf-8")
    assert rnncalc("assignment", "new", "hw.toml", *options, "--ask", "forward").code == 0
    text = Path("hw.toml").read_text(encoding="utf-8")
    assert (f'\nsoftmax = "{softmax}"\n' in text) == (softmax is not None)
    assert ("softmax" in text) == (softmax is not None)
    assert "in_between" not in text
    assert read_assignment(Path("hw.toml")).problem_of("s1").softmax == (softmax or "")


def test_no_question_is_lost_by_deleting_the_names_of_its_tables(new):
    assignment = read_assignment(new)
    problem = assignment.problem_of("s1")
    blanks = assignment.blanks_of(problem)
    file, *_ = make_worksheet(Order(assignment, Student("s1"), paper=False, protect=False, named=False))
    numbers = {name: blanks.trace[name].value for name in blanks.names}
    full = grade_file(task(assignment, fill_in(file, numbers, 4)))
    assert not isinstance(full, Trouble)
    assert full.questions[0].points == full.questions[0].possible
    blank = grade_file(task(assignment, put_in(fill_in(file, numbers, 4), {("tc_1", 0, 0): None})))
    assert not isinstance(blank, Trouble)
    assert blank.questions[0].points < full.questions[0].points
    dropped = grade_file(task(assignment, without(fill_in(file, numbers, 4), {"tc_1"})))
    assert not isinstance(dropped, Trouble)
    assert dropped.questions == full.questions
    empty = put_in(fill_in(file, numbers, 4), {("tc_1", 0, 0): None})
    neither = grade_file(task(assignment, without(empty, {"tc_1"})))
    assert not isinstance(neither, Trouble)
    assert neither.questions == blank.questions


def test_points_for_a_table_in_between_need_the_line_that_asks_for_it(tmp_path):
    shutil.copytree(BEFORE / "lstm", tmp_path / "hw")
    path = tmp_path / "hw" / "hw.toml"
    path.write_text(path.read_text(encoding="utf-8") + "tc_1 = 2\n", encoding="utf-8")
    with pytest.raises(FileError, match=r"points has 'tc_1', which needs in_between = true in \[worksheet\]"):
        read_assignment(path)
