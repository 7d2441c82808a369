"""``rnncalc assignment``: one readable file, a worksheet for each student, keys, and the zip for Gradescope."""

import os
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from classroom.a_class import given_numbers, read_rows, work
from engines.package import Package
from workbook.filled import fill_in, verified

from rnncalc.classroom.assignment_reader import read_assignment

MODELS = Path(__file__).parents[1] / "data" / "weights"
ROSTER = "Student ID;Full name;E-mail\ns1;Ada Lovelace;ada@school.example\n../x;Bob;\n=cmd;Eve;\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in, with a roster."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return tmp_path


@pytest.fixture
def hw1(here, rnncalc):
    """The same with an assignment."""
    assert rnncalc("assignment", "new", "hw1.toml", "hello", "--weight-decimals", "2").code == 0
    return here


def everything(folder):
    """Every file and folder, with what it holds."""
    return {path.relative_to(folder): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def make(rnncalc, *options, roster="roster.csv", folder="hw1"):
    return rnncalc("assignment", "make", "hw1.toml", roster, "-o", folder, *options)


# ── new ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        (("good film", "--tokens", "words"), "vocabulary", ("good", "film")),
        (("hello", "--layers", "2", "--cell", "lstm"), "cell", "lstm"),
        (("hello", "--head", "4,3", "--head-activation", "relu,tanh"), "head", ("relu", "tanh")),
        (("hello", "--classes", "no,yes", "--targets", "yes", "--output-at", "last"), "classes", ("no", "yes")),
        (("hello", "--output-function", "sigmoid", "--loss", "squared-error"), "loss", "squared-error"),
        (("hello", "--generate", "2"), "generated", 2),
        (("--inputs", "rain.csv", "--classes", "2", "--output-function", "linear"), "steps", 3),
        (("--weights", "model.npz", "--same"), "source", "weights of model.npz"),
    ],
)
def test_a_network_of_any_form_is_written_and_read(here, rnncalc, typed, field, value):
    (here / "rain.csv").write_text("0.5,-1\n0.25,2\n1,0\n", encoding="utf-8")
    (here / "model.npz").write_bytes((MODELS / "rnn.npz").read_bytes())
    (here / "hw").mkdir()
    done = rnncalc("assignment", "new", "hw/hw.toml", *typed, "--ask", "forward")
    assert (done.code, done.err.splitlines()[0]) == (0, "Wrote hw/hw.toml".replace("/", os.sep))
    assert getattr(read_assignment(here / "hw" / "hw.toml").problem_of("s1"), field) == value


def test_a_file_of_weights_is_refused_for_weights_of_ones_own(here, rnncalc):
    (here / "model.npz").write_bytes((MODELS / "rnn.npz").read_bytes())
    done = rnncalc("assignment", "new", "hw.toml", "--weights", "model.npz")
    assert done.code == 2
    assert "needs same = true in [worksheet] (--same)." in " ".join(done.err.split())


def test_the_zip_for_gradescope_holds_the_files_that_the_assignment_names(here, rnncalc):
    (here / "model.npz").write_bytes((MODELS / "rnn.npz").read_bytes())
    assert rnncalc("assignment", "new", "hw1.toml", "--weights", "model.npz", "--ask", "forward", "--same").code == 0
    assert make(rnncalc).code == 0
    assert rnncalc("assignment", "gradescope", "hw1.toml").code == 0
    with zipfile.ZipFile(here / "autograder.zip") as archive:
        assert archive.read("model.npz") == (MODELS / "rnn.npz").read_bytes()
    (here / "below").mkdir()
    for name in ("hw1.toml", "hw1.students.csv"):
        text = (here / name).read_text(encoding="utf-8").replace('"model.npz"', '"../model.npz"')
        (here / "below" / name).write_text(text, encoding="utf-8")
    done = rnncalc("assignment", "gradescope", "below/hw1.toml", "-o", "other.zip")
    assert done.code == 3
    assert "is in another folder. Put it in the folder of the assignment" in " ".join(done.err.split())


def test_the_file_that_is_written_is_read_as_it_was_typed(here, rnncalc):
    done = rnncalc(
        *("assignment", "new", "hw.toml", "banana", "--hidden", "2", "--weight-decimals", "3", "--targets", "last"),
        *("--activation", "sigmoid", "--h0", "0.5,-0.25", "--loss-reduction", "mean", "--recurrent", "scalar"),
        *("--output-bias", "--vocabulary", "abn", "--eta", "0.5", "--clip-norm", "2", "--truncate", "3"),
        *("--title", 'Week "3"\\', "--ask", "forward,loss", "--ask", "dWhh", "--answer-decimals", "5"),
        *("--points", "forward=7.5,loss=2", "--points", "dWhh = 1", "--round-points", "0.25", "--same"),
    )
    assert (done.code, done.out) == (0, "")
    assert done.err == (
        "Wrote hw.toml\nRead it through, then look at one worksheet: rnncalc assignment preview hw.toml\n"
    )
    found = read_assignment(here / "hw.toml")
    problem = found.problem_of("s1")
    assert (problem.text, problem.hidden, problem.vocabulary, problem.activation) == (
        "banana",
        2,
        ("a", "b", "n"),
        "sigmoid",
    )
    assert (problem.target_mode, problem.loss_reduction, problem.eta) == ("last", "mean", 0.5)
    assert problem.h_0.ravel().tolist() == [0.5, -0.25]
    assert set(problem.weights) == {"Wxh", "Whh", "bh", "Why", "by"}
    assert found.settings == {"truncate": 3, "clip_norm": 2.0}
    assert (found.title, found.ask_for, found.decimals, found.same) == (
        'Week "3"\\',
        ("forward", "loss", "dWhh"),
        5,
        True,
    )
    assert (found.points, found.step) == ({"forward": 7.5, "loss": 2.0, "dWhh": 1.0}, 0.25)


def test_what_is_not_typed_has_its_usual_value(hw1):
    found = read_assignment(hw1 / "hw1.toml")
    assert (found.title, found.ask_for, found.decimals, found.show, found.same) == (
        "hw1",
        ("forward", "loss"),
        4,
        "hint",
        False,
    )
    assert (found.points, found.credit) == ({"forward": 10.0, "loss": 10.0}, {"rounded": 1.0, "carried": 1.0})
    assert (found.penalties, found.late.per_day, found.step) == ({}, 0.0, 0.01)


def test_each_file_has_a_secret_of_its_own(here, rnncalc):
    for name in ("a.toml", "b.toml"):
        assert rnncalc("assignment", "new", name).code == 0
    secrets = {read_assignment(here / name).secret for name in ("a.toml", "b.toml")}
    assert len(secrets) == 2
    assert min(map(len, secrets)) >= 32


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["hw.txt"], "the name of an assignment file must end in .toml"),
        (["hw.toml", "h"], "has only one letter"),
        (["hw.toml", "--seed", "5"], "--seed cannot be used here"),
        (["hw.toml", "--ask", "forwrd"], "did you mean 'forward'?"),
        (["hw.toml", "--points", "forward"], "Use a name and a number"),
        (["hw.toml", "--points", "=5"], "Use a name and a number"),
        (["hw.toml", "--points", "forward=many"], "Use a name and a number"),
        (["hw.toml", "--round-points", "0"], "round in [credit] is 0.0; it needs a step of points"),
        (["hw.toml", "--points", "backward=5"], "points has 'backward'"),
        (["hw.toml", "--points", "forward=-5"], "it needs a number from 0"),
        (["hw.toml", "--hidden", "0"], "hidden is 0"),
        (["hw.toml", "--clip", "1", "--clip-norm", "1"], "Use only one of them"),
        (["hw.toml", "--answer-decimals", "13"], "13"),
        (["hw.toml", "-t", "nope"], "no template 'nope'"),
        ([], "HW.toml"),
    ],
)
def test_a_wrong_assignment_is_a_sentence_and_writes_nothing(here, rnncalc, arguments, says):
    before = everything(here)
    done = rnncalc("assignment", "new", *arguments)
    assert done.code in (2, 3)
    assert says in done.err
    assert "Traceback" not in done.err
    assert ".toml:" not in done.err.replace("hw.toml:", "")
    assert everything(here) == before


def test_a_file_that_is_there_stays_as_it_is(hw1, rnncalc):
    before = everything(hw1)
    done = rnncalc("assignment", "new", "hw1.toml")
    assert (done.code, everything(hw1)) == (3, before)
    assert rnncalc("assignment", "new", "hw1.toml", "--force").code == 0
    assert everything(hw1) != before


# ── make ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_student_gets_a_worksheet_and_the_list_says_which(hw1, rnncalc):
    done = make(rnncalc)
    assert (done.code, done.out) == (0, "")
    listed = read_rows(hw1 / "hw1.students.csv", "name")
    assert set(listed) == {"Ada Lovelace", "Bob", "Eve"}
    assert {row["file"] for row in listed.values()} == {path.name for path in (hw1 / "hw1").iterdir()}
    assert listed["Ada Lovelace"]["file"] == "s1.xlsx"
    redrawn = sum(int(row["draw"]) for row in listed.values())
    assert done.err == (
        f"Wrote 3 worksheets in hw1; {redrawn} unfair set{'s' if redrawn != 1 else ''} of weights replaced.\n"
        "Hand them out, then mark the submissions with: rnncalc grade hw1.toml SUBMISSIONS.zip -o grades\n"
    )
    assert sorted(path.name for path in hw1.iterdir()) == ["hw1", "hw1.students.csv", "hw1.toml", "roster.csv"]


def test_a_second_run_says_that_all_is_as_it_was(hw1, rnncalc):
    make(rnncalc)
    before = everything(hw1)
    done = make(rnncalc, "--jobs", "2")
    assert done.code == 0
    assert "3 worksheets in hw1, 3 of them unchanged" in done.err
    assert everything(hw1) == before


def test_a_worksheet_that_became_another_is_not_overwritten_and_nothing_else_is_written(hw1, rnncalc):
    make(rnncalc)
    (hw1 / "hw1" / "s1.xlsx").write_bytes(b"mine")
    (hw1 / "roster.csv").write_text(ROSTER.replace("\ns1", "\nnew;New;\ns1"), encoding="utf-8")
    before = everything(hw1)
    done = make(rnncalc)
    assert done.code == 3
    assert "already exists" in done.err
    assert everything(hw1) == before
    assert make(rnncalc, "--force").code == 0
    assert set(verified((hw1 / "hw1" / "s1.xlsx").read_bytes()).counts) == {"blank"}


@pytest.mark.parametrize("where", ["typed", "in the file"])
def test_everybody_can_get_the_same(hw1, rnncalc, where):
    if where == "in the file":
        text = (hw1 / "hw1.toml").read_text(encoding="utf-8")
        (hw1 / "hw1.toml").write_text(text.replace("same = false", "same = true"), encoding="utf-8")
    assert make(rnncalc, *["--same"] * (where == "typed")).code == 0
    assert len({path.read_bytes() for path in (hw1 / "hw1").iterdir()}) == 1
    (hw1 / "in").mkdir()
    sheet = (hw1 / "hw1" / "s1.xlsx").read_bytes()
    numbers = work(given_numbers(Package(sheet))).numbers
    plain = {name: np.exp(numbers[name.replace("exp", "y")]) for name in numbers if name.startswith("exp")}
    (hw1 / "in" / "s1.xlsx").write_bytes(fill_in(sheet, {**numbers, **plain}, 4))
    assert rnncalc("grade", "hw1.toml", "in", "-o", "grades").code == 0
    assert read_rows(hw1 / "grades" / "grades.csv")["s1"]["total"] == "20"


def test_names_can_be_left_off(hw1, rnncalc):
    make(rnncalc, "--anonymous")
    for path in (hw1 / "hw1").iterdir():
        with zipfile.ZipFile(path) as opened:
            assert not any(b"Lovelace" in opened.read(name) for name in opened.namelist())


@pytest.mark.parametrize(
    ("roster", "says"),
    [
        ("id,name\ns1,Ada\ns1,Bob\n", "roster.csv, line 3: the id s1 appears twice."),
        ("id,name\n,Ada\n", "roster.csv, line 2: Ada has no id."),
        ("name\nAda\n", "roster.csv has no column of ids"),
        ("", "roster.csv is empty"),
    ],
)
def test_a_wrong_roster_is_a_sentence_and_writes_nothing(hw1, rnncalc, roster, says):
    (hw1 / "roster.csv").write_text(roster, encoding="utf-8")
    before = everything(hw1)
    done = make(rnncalc)
    assert (done.code, done.out) == (3, "")
    assert says in done.err
    assert everything(hw1) == before


def test_what_is_missing_is_a_sentence_and_writes_nothing(hw1, rnncalc):
    before = everything(hw1)
    for arguments in (("hw2.toml", "roster.csv"), ("hw1.toml", "other.csv")):
        done = rnncalc("assignment", "make", *arguments, "-o", "out")
        assert done.code == 3
        assert "There is no file" in done.err
    done = make(rnncalc, folder="roster.csv")
    assert done.code == 3
    assert "roster.csv is a file" in done.err
    assert everything(hw1) == before


def test_where_nobody_can_get_a_fair_one_nothing_is_written(here, rnncalc):
    rnncalc("assignment", "new", "hw1.toml", "hello", "--answer-decimals", "0")
    before = everything(here)
    done = make(rnncalc)
    assert done.code == 2
    assert "None of 60 sets of random weights is fair." in done.err
    assert everything(here) == before


# ── preview, key, gradescope ──────────────────────────────────────────────────────────────────────────────────────


def test_a_preview_is_a_worksheet_of_nobodys_numbers(hw1, rnncalc):
    make(rnncalc)
    assert rnncalc("assignment", "preview", "hw1.toml").code == 0
    preview = (hw1 / "hw1-preview.xlsx").read_bytes()
    assert set(verified(preview).counts) == {"blank"}
    for path in (hw1 / "hw1").iterdir():
        one, other = given_numbers(Package(preview)), given_numbers(Package(path.read_bytes()))
        assert (one["Wxh"] != other["Wxh"]).any()
    assert rnncalc("assignment", "preview", "hw1.toml").code == 3
    assert rnncalc("assignment", "preview", "hw1.toml", "-o", "p.txt").code == 2


@pytest.mark.parametrize("who", ["s1", "../x", "=cmd"])
def test_a_key_holds_the_answers_of_one_student(hw1, rnncalc, who):
    make(rnncalc)
    before = set(everything(hw1))
    done = rnncalc("assignment", "key", "hw1.toml", who)
    assert done.code == 0, done.err
    (made,) = set(everything(hw1)) - before
    key = Package((hw1 / made).read_bytes())
    listed = {row["id"].removeprefix("'"): row for row in read_rows(hw1 / "hw1.students.csv").values()}
    sheet = Package((hw1 / "hw1" / listed[who]["file"]).read_bytes())
    right = work(given_numbers(sheet)).numbers
    for name in ("h_2", "p_4", "loss"):
        title, area = key.area(name)
        stored = [key.value(title, cell) for row in area for cell in row]
        assert all(abs(a - b) < 1e-12 for a, b in zip(stored, right[name].ravel(), strict=True))


def test_a_key_of_nobody_is_a_sentence(hw1, rnncalc):
    assert rnncalc("assignment", "key", "hw1.toml", "s1").code == 3
    make(rnncalc)
    done = rnncalc("assignment", "key", "hw1.toml", "s2")
    assert done.code == 2
    assert "There is no student 's2' in the class" in done.err
    assert rnncalc("assignment", "key", "hw1.toml", "s1", "-o", "key.pdf").code == 2


def test_the_zip_for_gradescope_waits_for_the_class(hw1, rnncalc):
    before = everything(hw1)
    done = rnncalc("assignment", "gradescope", "hw1.toml")
    assert done.code == 3
    assert "Use rnncalc assignment make, which writes it" in done.err
    assert everything(hw1) == before
    make(rnncalc)
    assert rnncalc("assignment", "gradescope", "hw1.toml").code == 0
    assert {"setup.sh", "run_autograder"} <= set(zipfile.ZipFile(hw1 / "autograder.zip").namelist())
    assert rnncalc("assignment", "gradescope", "hw1.toml").code == 3


# ── help ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [["assignment"], *(["assignment", name] for name in ("new", "make", "preview", "key", "gradescope")), ["grade"]],
    ids=" ".join,
)
def test_help_fits_80_columns(rnncalc, words):
    done = rnncalc(*words, "--help")
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= 80


def test_an_unknown_subcommand_is_a_sentence(rnncalc):
    done = rnncalc("assignment", "mak")
    assert (done.code, done.out) == (2, "")
    assert "mak" in done.err
    assert "Traceback" not in done.err


def test_whoever_was_given_a_worksheet_keeps_its_numbers_when_it_is_made_again(hw1, rnncalc):
    """What counts as a fair draw may change from version to version."""
    assert make(rnncalc).code == 0
    listed = hw1 / "hw1.students.csv"
    first = read_assignment(hw1 / "hw1.toml")
    lines = listed.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].rpartition(",")[0] + ",17"
    listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert make(rnncalc, folder="again").code == 0
    assert next(row["draw"] for row in read_rows(listed).values()) == "17"
    numbers = given_numbers(Package((hw1 / "again" / "s1.xlsx").read_bytes()))
    assert np.array_equal(numbers["Wxh"], first.problem_of("s1", 17).weights["Wxh"])


# ── what was handed out stays what it is ──────────────────────────────────────────────────────────────────────────

LATE = "id,name\ns7,Zoe\n"


def numbers_of(sheet):
    return {name: array.tolist() for name, array in given_numbers(Package(sheet.read_bytes())).items()}


def edited(hw1, old, new):
    text = (hw1 / "hw1.toml").read_text(encoding="utf-8")
    assert old in text
    (hw1 / "hw1.toml").write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("options", [(), ("--force",)])
def test_latecomers_are_added_to_the_class(hw1, rnncalc, options):
    make(rnncalc)
    before = read_rows(hw1 / "hw1.students.csv")
    (hw1 / "late.csv").write_text(LATE, encoding="utf-8")
    done = make(rnncalc, *options, roster="late.csv")
    assert done.code == 0
    assert "Note: 3 students on the class list are not in late.csv. They stay on the list" in done.err
    after = read_rows(hw1 / "hw1.students.csv")
    assert list(after) == [*before, "s7"]
    assert {who: after[who] for who in before} == before
    assert rnncalc("grade", "hw1.toml", "hw1", "-o", "grades").code == 0
    assert set(read_rows(hw1 / "grades" / "grades.csv")) == {*before, "s7"}


def test_a_latecomers_file_takes_no_other_name_in_any_system(hw1, rnncalc):
    make(rnncalc)
    (hw1 / "late.csv").write_text("id\nS1\n", encoding="utf-8")
    assert make(rnncalc, roster="late.csv").code == 0
    files = [row["file"].casefold() for row in read_rows(hw1 / "hw1.students.csv").values()]
    assert len(set(files)) == len(files) == 4


def test_the_class_is_not_turned_to_the_same_numbers_later(hw1, rnncalc):
    make(rnncalc)
    before = everything(hw1)
    (hw1 / "late.csv").write_text(LATE, encoding="utf-8")
    done = make(rnncalc, "--same", roster="late.csv")
    assert done.code == 3
    assert "Each student already has their own weights, but --same would give everybody the same" in " ".join(
        done.err.split()
    )
    (hw1 / "late.csv").unlink()
    assert everything(hw1) == before


def test_latecomers_of_a_class_with_the_same_numbers_get_them_too(hw1, rnncalc):
    make(rnncalc, "--same")
    (hw1 / "late.csv").write_text(LATE, encoding="utf-8")
    assert make(rnncalc, roster="late.csv").code == 0
    assert numbers_of(hw1 / "hw1" / "s7.xlsx") == numbers_of(hw1 / "hw1" / "s1.xlsx")
    assert {row["weights"] for row in read_rows(hw1 / "hw1.students.csv").values()} == {"same"}


EDITS = [
    ('text = "hello"', 'text = "hallo"', "[problem] is different now"),
    ("weight_decimals = 2", "weight_decimals = 3", "[problem] is different now"),
    ("decimals = 4", "decimals = 3", "ask or decimals in [worksheet] is different now"),
    ('secret = "', 'secret = "0', "secret is different now"),
]


@pytest.mark.parametrize(("old", "new", "says"), EDITS)
def test_an_assignment_that_was_edited_after_handing_out_is_refused(hw1, rnncalc, old, new, says):
    make(rnncalc)
    edited(hw1, old, new)
    (hw1 / "late.csv").write_text(LATE, encoding="utf-8")
    for arguments in (
        ("grade", "hw1.toml", "hw1", "-o", "grades"),
        ("assignment", "key", "hw1.toml", "s1"),
        ("assignment", "gradescope", "hw1.toml"),
        ("assignment", "make", "hw1.toml", "late.csv", "-o", "hw1"),
    ):
        before = everything(hw1)
        done = rnncalc(*arguments)
        assert done.code == 3
        assert "hw1.toml was changed after the worksheets were handed out" in done.err
        assert says in " ".join(done.err.split())
        assert everything(hw1) == before
    edited(hw1, new, old)
    assert rnncalc("grade", "hw1.toml", "hw1", "-o", "grades").code == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("forward = 10", "forward = 12"),
        ('show = "hint"', 'show = "answer"'),
        ("carried = 1.0", "carried = 0.5"),
        ("per_day = 0.0", "per_day = 0.1"),
        ('title = "hw1"', 'title = "Homework"'),
        ("# One question", "# A question"),
    ],
)
def test_what_numbers_are_worth_may_be_changed_at_any_time(hw1, rnncalc, old, new):
    make(rnncalc)
    edited(hw1, old, new)
    assert rnncalc("grade", "hw1.toml", "hw1", "-o", "grades").code == 0


def test_with_force_an_edited_assignment_is_handed_out_anew_to_the_roster_alone(hw1, rnncalc):
    make(rnncalc)
    edited(hw1, 'text = "hello"', 'text = "hallo"')
    (hw1 / "late.csv").write_text(LATE, encoding="utf-8")
    assert make(rnncalc, "--force", roster="late.csv", folder="anew").code == 0
    assert list(read_rows(hw1 / "hw1.students.csv")) == ["s7"]
    assert rnncalc("grade", "hw1.toml", "anew", "-o", "grades").code == 0


def test_a_file_of_weights_that_became_another_is_seen(here, rnncalc):
    (here / "model.npz").write_bytes((MODELS / "rnn.npz").read_bytes())
    rnncalc("assignment", "new", "hw1.toml", "--weights", "model.npz", "--ask", "forward", "--same")
    assert make(rnncalc).code == 0
    assert rnncalc("assignment", "key", "hw1.toml", "s1").code == 0
    with np.load(here / "model.npz") as arrays:
        np.savez(here / "model.npz", **{name: array * 0.5 for name, array in arrays.items()})
    assert rnncalc("grade", "hw1.toml", "hw1", "-o", "grades").code == 3


def test_a_list_of_before_there_was_a_digest_goes_on(hw1, rnncalc):
    make(rnncalc)
    listed = hw1 / "hw1.students.csv"
    lines = [line.split(",") for line in listed.read_text(encoding="utf-8").splitlines()]
    listed.write_text("\n".join(",".join([*line[:-2], line[-1]]) for line in lines) + "\n", encoding="utf-8")
    assert rnncalc("grade", "hw1.toml", "hw1", "-o", "grades").code == 0
    assert make(rnncalc).code == 0


# ── what is secret ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_that_is_killed_leaves_no_secret_that_the_next_does_not_clear(here, rnncalc):
    left = here / ".hw1.toml-x.part"
    left.write_text("secret", encoding="utf-8")
    os.utime(left, (1, 1))
    busy = here / ".hw1.toml-y.part"
    busy.touch()
    assert rnncalc("assignment", "new", "hw1.toml").code == 0
    assert not left.exists()
    assert busy.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_while_it_is_written_the_secret_is_its_owners_alone_and_a_full_disk_leaves_nothing(
    here, rnncalc, monkeypatch, fails
):
    seen = []

    def look(*_):
        seen.extend((path.name, path.stat().st_mode & 0o077) for path in here.iterdir() if "roster" not in path.name)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", look) if fails == "fsync" else monkeypatch.setattr(Path, "replace", look)
    old = os.umask(0o022)
    try:
        done = rnncalc("assignment", "new", "hw1.toml")
    finally:
        os.umask(old)
    assert done.code == 3
    (one,) = seen
    assert one[0].endswith(".part")
    assert one[1] == 0
    assert not [path for path in here.iterdir() if "hw1" in path.name]
