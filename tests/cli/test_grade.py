"""``rnncalc grade``: what it writes, the same whatever happened on the way, and what it refuses."""

import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import zipfile

import pytest
from classroom.a_class import POINTS, SECRET, TOML, classroom, contents, hostile_files, read_rows
from classroom.test_grading import copied
from conftest import Screen
from workbook.filled import by_openpyxl, saved

from rnncalc.classroom.roster import Student
from rnncalc.classroom.worksheets import students_csv
from rnncalc.cli import progress
from rnncalc.cli.main import run

SMALL = 12
TABLES = {"grades.csv", "problems.csv", "provenance.csv", "nbgrader.csv", "class.html"}


@pytest.fixture
def room(tmp_path, monkeypatch):
    """The class laid out in an empty folder to work in: hw1.toml, hw1.students.csv and handed-in."""
    monkeypatch.chdir(tmp_path)
    classroom(SMALL).lay_out(tmp_path)
    return tmp_path


@pytest.fixture
def few(tmp_path, monkeypatch):
    """The same with four files."""
    monkeypatch.chdir(tmp_path)
    whole = classroom(SMALL)
    files = {who: whole.handed_in[who] for who in ("s000", "s001", "s009", "s010")}
    whole._replace(handed_in=files, enrolled=[one for one in whole.enrolled if one.student.id in files]).lay_out(
        tmp_path
    )
    return tmp_path


def grade(rnncalc, *options, folder="grades", submissions="handed-in"):
    return rnncalc("grade", "hw1.toml", submissions, "-o", folder, *options)


def changed(before, after):
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


# ── what it writes ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_class_gets_its_grades_and_each_pupil_a_page(room, rnncalc):
    done = grade(rnncalc)
    assert (done.code, done.out) == (0, "")
    marked, then = done.err.splitlines()
    assert marked == f"Marked {SMALL} of {SMALL} students' files ({SMALL} of them in this run) in grades; 0 problems."
    assert then.startswith("There is nothing to fix")
    pages = {f"feedback/s{i:03}.{form}" for i in range(SMALL) for form in ("md", "html")}
    assert set(contents(room / "grades")) == TABLES | pages | {f"marks/s{i:03}.json" for i in range(SMALL)}
    assert (room / "grades" / "problems.csv").read_bytes() == b"file,student,problem\n"


def test_grades_are_those_of_the_records_and_the_pages(few, rnncalc):
    grade(rnncalc)
    for who, row in read_rows(few / "grades" / "grades.csv").items():
        record = json.loads((few / "grades" / "marks" / f"{who}.json").read_text(encoding="utf-8"))
        assert {q["name"]: q["points"] for q in record["questions"]} == {q: float(row[q]) for q in POINTS}
        page = (few / "grades" / "feedback" / f"{who}.md").read_text(encoding="utf-8")
        for question in POINTS:
            assert row[question] in page
        assert f"| total | {row['total']} |" in page


def test_an_answer_book_that_goes_on_after_what_is_asked_for_is_marked(few, rnncalc):
    """It has the gradients too, and the worksheet asks for the forward pass and the loss."""
    rnncalc("assignment", "key", "hw1.toml", "s000", "-o", "handed-in/s000.xlsx", "--force")
    done = grade(rnncalc)
    assert (done.code, done.out) == (0, "")
    row = read_rows(few / "grades" / "grades.csv")["s000"]
    assert float(row["total"]) == sum(POINTS.values())


def test_whoever_handed_in_nothing_has_a_line_and_no_mark(few, rnncalc):
    (few / "handed-in" / "s001.xlsx").unlink()
    assert grade(rnncalc).code == 0
    row = read_rows(few / "grades" / "grades.csv")["s001"]
    assert (row["verdict"], row["total"]) == ("not marked", "0")
    assert "None of your files was marked." in (few / "grades" / "feedback" / "s001.md").read_text(encoding="utf-8")


def test_what_cannot_be_marked_is_in_problems_and_the_exit_code_is_1(few, rnncalc):
    (few / "handed-in" / "s001.xlsx").write_bytes(b"no workbook")
    (few / "handed-in" / "stranger.xlsx").write_bytes((few / "handed-in" / "s000.xlsx").read_bytes())
    (few / "handed-in" / "notes.pdf").write_bytes(b"%PDF")
    (few / "handed-in" / "=cmd.xlsx").write_bytes(b"")
    done = grade(rnncalc)
    assert done.code == 1
    assert done.err.splitlines()[0].endswith("4 problems.")
    assert "problems.csv says what to fix" in done.err.splitlines()[1]
    problems = read_rows(few / "grades" / "problems.csv", "file")
    assert set(problems) == {"s001.xlsx", "stranger.xlsx", "notes.pdf", "'=cmd.xlsx"}
    assert problems["s001.xlsx"]["student"] == "s001"
    assert {row["student"] for name, row in problems.items() if name != "s001.xlsx"} == {""}
    assert read_rows(few / "grades" / "grades.csv")["s000"]["total"] == "18.5"


def test_neither_the_secret_nor_a_seed_is_in_anything_that_is_written(few, rnncalc):
    grade(rnncalc)
    for name, content in contents(few / "grades").items():
        assert SECRET.encode() not in content, name
        assert b"seed" not in content, name


def test_no_page_loads_anything_from_the_network(few, rnncalc):
    grade(rnncalc)
    for name, content in contents(few / "grades").items():
        if name.endswith(".html"):
            assert b"://" not in content.replace(b"http://www.w3.org/2000/svg", b""), name


# ── always the same ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_run_gives_the_same_bytes_and_marks_nothing_anew(few, rnncalc):
    grade(rnncalc)
    before = contents(few / "grades")
    done = grade(rnncalc)
    assert "(0 of them in this run)" in done.err
    assert contents(few / "grades") == before


def test_a_changed_file_alone_is_marked_again(few, rnncalc):
    grade(rnncalc)
    before = contents(few / "grades")
    (few / "handed-in" / "s000.xlsx").write_bytes(classroom(SMALL).sheets["s000"])
    done = grade(rnncalc)
    assert "(1 of them in this run)" in done.err
    own = {"feedback/s000.html", "feedback/s000.md", "marks/s000.json"}
    assert set(changed(before, contents(few / "grades"))) - TABLES == own


def test_a_file_that_was_withdrawn_or_spoilt_has_no_mark_any_more(few, rnncalc):
    grade(rnncalc)
    (few / "handed-in" / "s000.xlsx").write_bytes(b"")
    (few / "handed-in" / "s009.xlsx").unlink()
    assert grade(rnncalc).code == 1
    rows = read_rows(few / "grades" / "grades.csv")
    assert [rows[who]["verdict"] for who in ("s000", "s009")] == ["not marked"] * 2


def test_two_processes_give_the_same_bytes_as_one(room, rnncalc):
    grade(rnncalc)
    assert grade(rnncalc, "--jobs", "2", folder="by-two").code == 0
    assert contents(room / "by-two") == contents(room / "grades")


def test_a_zip_gives_the_same_bytes_as_its_folder(few, rnncalc):
    grade(rnncalc)
    with zipfile.ZipFile(few / "in.zip", "w", zipfile.ZIP_DEFLATED) as opened:
        for path in sorted((few / "handed-in").iterdir(), reverse=True):
            opened.write(path, path.name)
    grade(rnncalc, folder="from-zip", submissions="in.zip")
    assert contents(few / "from-zip") == contents(few / "grades")


def _without_the_class(found):
    """Without the digest of the class in which copies were looked for, which is another one here."""
    return {
        name: re.sub(rb'"looked_through": "[^"]*"', b"", content) if name.startswith("marks/") else content
        for name, content in found.items()
    }


def test_hostile_files_change_no_byte_of_anothers_mark_or_page(room, rnncalc):
    grade(rnncalc)
    before = _without_the_class(contents(room / "grades"))
    strangers = hostile_files()
    extra = [Student(f"x{i:02}") for i in range(len(strangers))]
    more = [*classroom(SMALL).enrolled, *(classroom(SMALL).enrolled[0]._replace(student=one) for one in extra)]
    (room / "hw1.students.csv").write_text(students_csv(more), encoding="utf-8")
    for one, content in zip(extra, strangers, strict=True):
        (room / "handed-in" / f"{one.id}.xlsx").write_bytes(content)
    assert grade(rnncalc, folder="among").code == 1
    after = _without_the_class(contents(room / "among"))
    assert {name for name in changed(before, after) if "x" not in name.rpartition("/")[2].partition(".")[0]} <= TABLES
    old, new = (read_rows(room / folder / "grades.csv") for folder in ("grades", "among"))
    assert {who: new[who] for who in old} == old
    assert set(read_rows(room / "among" / "problems.csv", "student")) == {one.id for one in extra}


def start(*options):
    """A grading in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "rnncalc", "grade", "hw1.toml", "handed-in", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def records(folder):
    return list(folder.glob("marks/s*.json"))


def stop_after(count, folder, process, stop):
    """Stop a grading once it has so many records."""
    while process.poll() is None and len(records(folder)) < count:
        time.sleep(0.001)
    if process.poll() is None:
        stop(process)
    process.wait(60)


def test_killed_at_any_moment_and_started_again_it_gives_the_same_bytes(room, rnncalc):
    grade(rnncalc, folder="undisturbed")
    expected, chance = contents(room / "undisturbed"), random.Random(6)
    midway = 0

    def kill(process):
        time.sleep(chance.uniform(0, 0.02))
        process.kill()

    for moment in (0, 1, *sorted(chance.sample(range(2, SMALL), 2)), SMALL):
        stop_after(moment, room / "grades", start("-o", "grades"), kill)
        so_far = contents(room / "grades") if (room / "grades").exists() else {}
        midway += 0 < len(records(room / "grades")) < SMALL
        for name, content in so_far.items():
            assert content == expected[name], name
    assert midway >= 2
    assert grade(rnncalc).code == 0
    assert contents(room / "grades") == expected


@pytest.mark.skipif(os.name == "nt", reason="Windows interrupts a whole group of processes")
def test_interrupted_it_says_so_and_goes_on_where_it_was(room, rnncalc):
    process = start("-o", "grades")
    stop_after(5, room / "grades", process, lambda process: process.send_signal(signal.SIGINT))
    assert process.returncode == 130
    done = len(records(room / "grades"))
    assert 5 <= done < SMALL
    assert f"({SMALL - done} of them in this run)" in grade(rnncalc).err
    grade(rnncalc, folder="undisturbed")
    assert contents(room / "grades") == contents(room / "undisturbed")


@pytest.mark.skipif(os.name == "nt", reason="a group of processes is ended as POSIX does")
def test_killed_with_several_processes_none_of_them_stays_behind(room):
    """What they say goes into a pipe, which ends when the last of them has ended."""
    command = [sys.executable, "-m", "rnncalc", "grade", "hw1.toml", "handed-in", "-o", "grades", "--jobs", "2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    try:
        stop_after(2, room / "grades", process, lambda process: process.kill())
        process.communicate(timeout=10)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.stderr.close()


def test_a_record_that_was_cut_short_is_made_again(few, rnncalc):
    grade(rnncalc)
    before = contents(few / "grades")
    record = few / "grades" / "marks" / "s001.json"
    record.write_bytes(record.read_bytes()[:100])
    assert "(1 of them in this run)" in grade(rnncalc).err
    assert contents(few / "grades") == before


# ── overrides, lateness, ids ──────────────────────────────────────────────────────────────────────────────────────


def test_the_teachers_own_points_win_and_survive(few, rnncalc):
    grade(rnncalc, folder="without")
    plain = read_rows(few / "without" / "grades.csv")
    (few / "grades").mkdir()
    own = few / "grades" / "overrides.csv"
    own.write_text("student,question,points,reason\ns000,loss,1.5,=seen\ns001,wx_*,1,\n", encoding="utf-8")
    for _ in range(2):
        assert grade(rnncalc).code == 0
        rows = read_rows(few / "grades" / "grades.csv")
        assert (rows["s000"]["loss"], rows["s000"]["total"]) == ("1.5", "16")
        assert rows["s001"]["wx_*"] == "1"
        assert rows["s009"] == plain["s009"]
        assert "set by the teacher: '=seen" in rows["s000"]["notes"]
    assert own.read_text(encoding="utf-8").count("\n") == 3
    assert "| 1.5 | 4 |" in (few / "grades" / "feedback" / "s000.md").read_text(encoding="utf-8")
    (few / "mine.csv").write_text("student,question,points,reason\ns009,h_2,0,\n", encoding="utf-8")
    grade(rnncalc, "--overrides", "mine.csv")
    rows = read_rows(few / "grades" / "grades.csv")
    assert (rows["s009"]["h_2"], rows["s000"]["loss"]) == ("0", plain["s000"]["loss"])


def test_points_can_be_given_for_a_file_that_cannot_be_read(few, rnncalc):
    (few / "handed-in" / "s000.xlsx").write_bytes(b"on paper")
    (few / "own.csv").write_text("student,question,points\ns000,forward,8\n", encoding="utf-8")
    grade(rnncalc, "--overrides", "own.csv")
    row = read_rows(few / "grades" / "grades.csv")["s000"]
    assert (row["forward"], row["total"]) == ("8", "8")


def test_what_the_teachers_own_points_settle_is_no_problem_any_more(few, rnncalc):
    """Two files that cannot be read; one pupil has points for every question, then both."""
    for who in ("s000", "s001"):
        (few / "handed-in" / f"{who}.xlsx").write_bytes(b"on paper")
    lines = [f"{who};{question};1,5" for who in ("s000", "s001") for question in POINTS]
    own = few / "own.csv"
    own.write_text("student;question;points\n" + "\n".join(lines[:-1]), encoding="utf-8")
    assert grade(rnncalc, "--overrides", "own.csv").code == 1
    assert list(read_rows(few / "grades" / "problems.csv", "student")) == ["s001"]
    own.write_text("student;question;points\n" + "\n".join(lines), encoding="utf-8")
    done = grade(rnncalc, "--overrides", "own.csv")
    assert done.code == 0
    assert done.err.splitlines()[0] == "Marked 2 of 4 students' files (0 of them in this run) in grades; 0 problems."
    assert (few / "grades" / "problems.csv").read_bytes() == b"file,student,problem\n"
    assert {read_rows(few / "grades" / "grades.csv")[who]["total"] for who in ("s000", "s001")} == {"6"}


def test_every_bad_line_of_overrides_is_told(few, rnncalc):
    (few / "own.csv").write_text("student,question,points\nx,loss,1\ns000,loss,y\n", encoding="utf-8")
    done = grade(rnncalc, "--overrides", "own.csv")
    assert (done.code, done.out) == (3, "")
    assert done.err.splitlines() == [
        "Error: own.csv, line 2: there is no student 'x' in the roster.",
        "own.csv, line 3: 'y' is not a number of points.",
    ]


def test_a_classmates_answers_earn_nothing_and_the_teacher_is_told_whose_they_are(few, rnncalc):
    (few / "handed-in" / "s001.xlsx").write_bytes(copied("s001", "s000"))
    assert grade(rnncalc).code == 0
    row = read_rows(few / "grades" / "grades.csv")["s001"]
    assert float(row["total"]) < 0.5
    assert "They earn no points." in row["notes"]
    (hint,) = read_rows(few / "grades" / "provenance.csv", "students").values()
    assert hint["students"] == "s001, s000"
    assert hint["hint"].endswith(" places are the right answers for s000's worksheet.")
    for form in ("md", "html"):
        page = (few / "grades" / "feedback" / f"s001.{form}").read_text(encoding="utf-8")
        assert "s000" not in page
        assert "are right for another student" in page
        assert "They earn no points." in page


def late_zip(folder, name="canvas.zip"):
    files = {"zero_LATE_500_1_hw1.xlsx": "s000", "one_501_2_hw1-1.xlsx": "s001", "x_999_3_s009.xlsx": "s009"}
    with zipfile.ZipFile(folder / name, "w") as opened:
        for member, who in files.items():
            opened.writestr(member, (folder / "handed-in" / f"{who}.xlsx").read_bytes())
    (folder / "gradebook.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Hello by hand (77)\n    Points Possible,,,,,18.5\n"
        '"Pupil, Zero",500,s000,,A,\n"Pupil, One",501,s001,,A,\n',
        encoding="utf-8",
    )


def test_a_zip_of_canvas_with_its_gradebook_is_the_whole_evening(few, rnncalc):
    late_zip(few)
    with (few / "hw1.toml").open("a", encoding="utf-8") as file:
        file.write("[late]\nper_day = 0.1\n")
    done = grade(rnncalc, "--ids", "gradebook.csv", submissions="canvas.zip")
    assert done.code == 1
    rows = read_rows(few / "grades" / "grades.csv")
    assert [rows["s000"][column] for column in ("raw", "days late", "penalty", "total")] == [
        "18.5",
        "1",
        "1.85",
        "16.65",
    ]
    assert rows["s001"]["days late"] == "0"
    assert list(read_rows(few / "grades" / "problems.csv", "file")) == ["x_999_3_s009.xlsx"]
    canvas = read_rows(few / "grades" / "canvas.csv", "Student")
    assert canvas["Pupil, Zero"]["Hello by hand (77)"] == "16.65"


def test_without_ids_a_zip_of_canvas_is_nobodys(few, rnncalc):
    late_zip(few)
    assert grade(rnncalc, submissions="canvas.zip").code == 1
    assert {row["verdict"] for row in read_rows(few / "grades" / "grades.csv").values()} == {"not marked"}
    problems = read_rows(few / "grades" / "problems.csv", "file")
    assert "It needs a file that says who has which id (--ids)." in problems["one_501_2_hw1-1.xlsx"]["problem"]


def test_members_that_point_outside_are_never_written(few, rnncalc):
    with zipfile.ZipFile(few / "in.zip", "w") as opened:
        for name in ("../s000.xlsx", "/s001.xlsx", "../../../s009.xlsx", "a/../../s010.xlsx"):
            opened.writestr(name, (few / "handed-in" / "s000.xlsx").read_bytes())
    outside = {path for path in few.parent.rglob("*") if few not in path.parents}
    before = set(few.rglob("*"))
    grade(rnncalc, submissions="in.zip")
    assert {path for path in few.parent.rglob("*") if few not in path.parents} == outside
    written = set(few.rglob("*")) - before
    assert all(path == few / "grades" or few / "grades" in path.parents for path in written)


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = ["../x", "CON", "a/b", "x" * 300, "=cmd", "😀", "ab", "AB", "<b>", "..", "s'\""]


def test_hostile_ids_and_names_write_nothing_elsewhere_and_are_text_everywhere(tmp_path, monkeypatch, rnncalc):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hw1.toml").write_text(TOML.replace('["forward", "loss"]', '["wx_1"]').replace(
        "forward = 10\nloss = 4\nh_2 = 3\n", ""), encoding="utf-8")  # fmt: skip
    rows = [f'"{one.replace(chr(34), chr(34) * 2)}","=1+1<script>alert(1)</script>",@x' for one in HOSTILE]
    (tmp_path / "roster.csv").write_text("id,name,email\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert rnncalc("assignment", "make", "hw1.toml", "roster.csv", "-o", "out").code == 0
    assert grade(rnncalc, submissions="out").code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"hw1.toml", "hw1.students.csv", "roster.csv", "out", "grades"}
    written = contents(tmp_path / "grades")
    pages = [name for name in written if name.startswith("feedback/")]
    assert len({name.casefold() for name in pages}) == 2 * len(HOSTILE)
    for name, content in written.items():
        text = content.decode("utf-8")
        if name.endswith(".html"):
            assert "<script>alert" not in text
        if name.endswith(".csv"):
            assert not [cell for cell in text.replace('"', "").replace("\n", ",").split(",") if cell[:1] in ("=", "@")]
    graded = read_rows(tmp_path / "grades" / "grades.csv")
    assert {one.removeprefix("'") for one in graded} == set(HOSTILE)
    assert {row["verdict"] for row in graded.values()} == {"incomplete"}


def test_anonymous_keeps_names_out_of_everything(few, rnncalc):
    """Of the roster, of files, of the authors that files name, and of what is said about them."""
    files = few / "handed-in"
    for who, name in (("s000", "Pupil 0"), ("s001", "Pupil 0")):
        workbook = by_openpyxl((files / f"{who}.xlsx").read_bytes())
        workbook.properties.creator = name
        (files / who).mkdir()
        (files / f"{who}.xlsx").unlink()
        (files / who / f"{name}s homework.xlsx").write_bytes(saved(workbook))
    (files / "Pupil Nine").mkdir()
    (files / "Pupil Nine" / "homework.xlsx").write_bytes(b"")
    (files / "s009").mkdir()
    (files / "s009" / "Pupil Nine.xlsx").write_bytes(b"no workbook")
    (files / "s010.xlsx").write_bytes(b"no workbook")
    assert grade(rnncalc, "--anonymous").code == 1
    found = contents(few / "grades")
    for name, content in found.items():
        assert b"Pupil" not in content, name
        assert b"pupil" not in content, name
        assert "upil" not in name
        assert not name.startswith(("feedback/s0", "marks/s0"))
    assert set(read_rows(few / "grades" / "grades.csv")) == {"s000", "s001", "s009", "s010"}


# ── what it refuses ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_that_holds_other_things_is_refused_unless_forced(few, rnncalc):
    (few / "other").mkdir()
    (few / "other" / "letter.txt").write_text("dear", encoding="utf-8")
    before = contents(few)
    done = grade(rnncalc, folder="other")
    assert (done.code, done.out) == (3, "")
    assert "contains files that are not grades" in done.err
    assert contents(few) == before
    assert grade(rnncalc, "--force", folder="other").code == 0
    assert (few / "other" / "letter.txt").read_text(encoding="utf-8") == "dear"


REFUSED = {
    "a submission that is not there": (["hw1.toml", "nowhere", "-o", "out"], 3, "no file or folder"),
    "an assignment that is not there": (["hw2.toml", "handed-in", "-o", "out"], 3, "There is no file"),
    "ids that are not there": (["hw1.toml", "handed-in", "-o", "out", "--ids", "x.csv"], 3, "There is no file x.csv"),
    "ids that are none": (["hw1.toml", "handed-in", "-o", "out", "--ids", "none.csv"], 3, "has no ids"),
    "overrides that are not there": (["hw1.toml", "handed-in", "-o", "out", "--overrides", "x.csv"], 3, "There is no"),
    "overrides that are none": (["hw1.toml", "handed-in", "-o", "out", "--overrides", "none.csv"], 3, "has no column"),
    "a zip that is none": (["hw1.toml", "none.zip", "-o", "out"], 3, "cannot be read as a zip file"),
    "no folder": (["hw1.toml", "handed-in"], 2, "-o"),
    "no submissions": (["hw1.toml", "-o", "out"], 2, "SUBMISSIONS"),
    "no processes": (["hw1.toml", "handed-in", "-o", "out", "--jobs", "0"], 2, "--jobs"),
    "a file for a folder": (["hw1.toml", "handed-in", "-o", "hw1.toml"], 3, "hw1.toml"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_is_a_sentence_and_writes_nothing(few, rnncalc, what):
    (few / "none.csv").write_text("colour,size,weight\nred,1,2\n", encoding="utf-8")
    (few / "none.zip").write_bytes(b"none")
    arguments, code, says = REFUSED[what]
    before = sorted(few.rglob("*"))
    done = rnncalc("grade", *arguments)
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert "Traceback" not in done.err
    assert sorted(few.rglob("*")) == before


def test_a_class_that_was_not_handed_out_is_refused(few, rnncalc):
    (few / "hw1.students.csv").unlink()
    done = grade(rnncalc)
    assert done.code == 3
    assert "Use rnncalc assignment make, which writes it" in done.err
    assert not (few / "grades").exists()


def test_hidden_files_and_links_are_said(few, rnncalc):
    for i in range(8):
        (few / "handed-in" / f".hidden{i}.xlsx").write_bytes(b"")
    done = grade(rnncalc)
    assert done.code == 0
    assert done.err.count("is a hidden file.") == 5
    assert "3 more files were skipped." in done.err


# ── progress ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_on_a_terminal_alone(few, monkeypatch, terminal):
    monkeypatch.setattr(progress, "AFTER_SECONDS", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen("utf-8", terminal=terminal)
    with contextlib.redirect_stderr(screen):
        assert run(["grade", "hw1.toml", "handed-in", "-o", "grades"]) == 0
    said = screen.written()
    assert ("files" in said.replace("students' files", "")) == terminal
    assert ("\x1b[" in said) == terminal
