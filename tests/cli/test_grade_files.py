"""``rnncalc grade``: what came of each student, and that nobody's file costs another's marks."""

import io
import os
import shutil
import subprocess
import sys
import zipfile

import pytest
from classroom.a_class import classroom, contents, read_rows
from openpyxl import Workbook

from rnncalc.io.lock import alone_in

WHO = ("s000", "s001", "s009")


@pytest.fixture
def room(tmp_path, monkeypatch):
    """Three students' worksheets in handed-in, and the class."""
    monkeypatch.chdir(tmp_path)
    whole = classroom(24)
    files = {who: whole.handed_in[who] for who in WHO}
    whole._replace(handed_in=files, enrolled=[one for one in whole.enrolled if one.student.id in files]).lay_out(
        tmp_path
    )
    return tmp_path


def grade(rnncalc, *options, submissions="handed-in"):
    return rnncalc("grade", "hw1.toml", submissions, "-o", "grades", *options)


def totals(room):
    return {who: (row["total"], row["verdict"]) for who, row in read_rows(room / "grades" / "grades.csv").items()}


def problems(room):
    return read_rows(room / "grades" / "problems.csv", "file")


def feedback(room, who):
    return (room / "grades" / "feedback" / f"{who}.md").read_text(encoding="utf-8")


@pytest.fixture
def honest(room, rnncalc):
    """What they have when nothing is the matter."""
    assert grade(rnncalc).code == 0
    found = totals(room)
    shutil.rmtree(room / "grades")
    return found


# ── names in any encoding ─────────────────────────────────────────────────────────────────────────────────────────

NOT_UNICODE = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are Unicode there")
BYTES = [b"L\xf6sung", b"\x8al\xe9ve", b"\xff\xfe", b"\xc3", b"\x81\x8d", "\N{SNOWMAN}".encode(), b"a\nb"]
PLACES = [b"%s.txt", b"%s.xlsx", b"%s/s77.xlsx", b"s000/%s.pdf"]


@NOT_UNICODE
@pytest.mark.parametrize(("name", "where"), [(name, PLACES[i % len(PLACES)]) for i, name in enumerate(BYTES)])
def test_a_name_that_is_no_utf_8_costs_nobody_their_marks(room, rnncalc, honest, name, where):
    path = room / "handed-in" / os.fsdecode(where.replace(b"%s", name))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"text")
    assert grade(rnncalc).code == 1
    assert totals(room) == honest
    assert len(problems(room)) == 1
    for content in contents(room / "grades").values():
        content.decode("utf-8")


@NOT_UNICODE
def test_a_name_of_windows_is_shown_as_windows_shows_it(room, rnncalc):
    (room / "handed-in" / os.fsdecode(b"L\xf6sung.txt")).touch()
    grade(rnncalc)
    assert set(problems(room)) == {"Lösung.txt"}


@NOT_UNICODE
def test_a_students_own_folder_may_hold_such_a_name(room, rnncalc, honest):
    handed = room / "handed-in"
    (handed / "s000").mkdir()
    (handed / "s000.xlsx").rename(handed / "s000" / os.fsdecode(b"L\xf6sung.xlsx"))
    assert grade(rnncalc).code == 0
    assert totals(room) == honest
    assert read_rows(room / "grades" / "grades.csv")["s000"]["file"] == "s000/Lösung.xlsx"


@NOT_UNICODE
def test_a_folder_that_is_typed_may_be_called_so(room, rnncalc, honest):
    typed = os.fsdecode(b"L\xf6sungen")
    (room / "handed-in").rename(room / typed)
    assert grade(rnncalc, submissions=typed).code == 0
    assert totals(room) == honest


@NOT_UNICODE
def test_what_is_not_there_is_a_sentence_however_it_is_called(room, rnncalc):
    done = grade(rnncalc, submissions=os.fsdecode(b"L\xf6sungen"))
    assert (done.code, "There is no file or folder Lösungen." in done.err) == (3, True)


# ── what came, and why it was not marked ──────────────────────────────────────────────────────────────────────────


def empty_workbook():
    written = io.BytesIO()
    Workbook().save(written)
    return written.getvalue()


def test_each_student_is_told_what_came(room, rnncalc):
    for who in WHO:
        (room / "handed-in" / f"{who}.xlsx").unlink()
    (room / "handed-in" / "s000.pdf").write_bytes(b"%PDF-1.7")
    (room / "handed-in" / "s001.xlsx").write_bytes(empty_workbook())
    rnncalc("worksheet", "banana", "-o", "handed-in/s009.xlsx")
    assert grade(rnncalc).code == 1
    found = {row["student"]: row["problem"] for row in problems(room).values()}
    assert found["s000"] == "It is a PDF, not an .xlsx workbook."
    assert found["s001"] == "s001.xlsx is an empty workbook."
    assert found["s009"].startswith("s009.xlsx is the worksheet of another assignment")
    assert "s000.pdf: It is a PDF" in feedback(room, "s000")
    for who in ("s001", "s009"):
        assert found[who].split(":")[0] in feedback(room, who).replace("\\", "")


def test_a_pdf_that_is_called_a_workbook_is_told(room, rnncalc):
    (room / "handed-in" / "s000.xlsx").write_bytes(b"%PDF-1.7")
    grade(rnncalc)
    assert problems(room)["s000.xlsx"]["problem"] == "s000.xlsx is a PDF, despite its name, and not an .xlsx workbook."


def test_a_worksheet_under_any_name_is_whose_numbers_it_holds(room, rnncalc, honest):
    (room / "handed-in" / "s000.xlsx").rename(room / "handed-in" / "homework final (2).xlsx")
    assert grade(rnncalc).code == 0
    assert totals(room) == honest
    assert "its name does not show whose it is" in read_rows(room / "grades" / "grades.csv")["s000"]["notes"].casefold()


def test_where_place_and_numbers_disagree_both_have_a_line_and_neither_loses_anything(room, rnncalc, honest):
    (room / "handed-in" / "s001").mkdir()
    (room / "handed-in" / "s001.xlsx").unlink()
    shutil.copy(room / "handed-in" / "s000.xlsx", room / "handed-in" / "s001" / "work.xlsx")
    assert grade(rnncalc).code == 1
    with (room / "grades" / "problems.csv").open(encoding="utf-8") as file:
        lines = [line for line in file if "has the numbers of s000" in line]
    assert len(lines) == 2
    assert totals(room)["s000"] == honest["s000"]
    assert "s000" not in feedback(room, "s001")


def test_of_several_worksheets_the_newest_counts_and_its_student_is_told(room, rnncalc, honest):
    old, new = room / "handed-in" / "s000 (1).xlsx", room / "handed-in" / "s000.xlsx"
    old.write_bytes(classroom(24).sheets["s000"])
    os.utime(old, (1_000_000_000, 1_000_000_000))
    assert grade(rnncalc).code == 0
    assert totals(room) == honest
    assert "s000 (1).xlsx: It is skipped: s000.xlsx counts, the newest." in feedback(room, "s000")
    os.utime(old, (3_000_000_000, 3_000_000_000))
    assert grade(rnncalc).code == 0
    assert totals(room)["s000"] != honest["s000"]
    assert grade(rnncalc, "--several", "none").code == 1
    assert totals(room)["s000"] == ("0", "not marked")
    assert new.exists()


@pytest.mark.parametrize("written", ["stranger.xlsx", "deep/stranger.xlsx"])
def test_a_file_is_assigned_by_hand(room, rnncalc, honest, written):
    target = room / "handed-in" / written
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(b"no workbook")
    (room / "handed-in" / "s000.xlsx").rename(room / "handed-in" / "s001 (1).xlsx")
    (room / "own.csv").write_text("student,file\ns000,s001 (1).xlsx\ns009,s009.xlsx\n", encoding="utf-8")
    grade(rnncalc, "--overrides", "own.csv")
    assert totals(room) == honest


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("student,file\ns000,nowhere.xlsx\n", "no file 'nowhere.xlsx' was handed in"),
        ("student,file\ns77,s000.xlsx\n", "line 2: there is no student 's77' in the roster"),
        ("student,file\ns000,s009.xlsx\ns001,s009.xlsx\n", "s009.xlsx is already given to s000"),
        ("file\ns000.xlsx\n", "has no column student"),
    ],
)
def test_an_assignment_by_hand_that_means_nothing_is_a_sentence(room, rnncalc, text, says):
    (room / "own.csv").write_text(text, encoding="utf-8")
    done = grade(rnncalc, "--overrides", "own.csv")
    assert (done.code, says in done.err) == (3, True)
    assert not (room / "grades").exists()


def test_points_and_files_may_stand_in_one_table(room, rnncalc, honest):
    (room / "handed-in" / "s000.xlsx").rename(room / "handed-in" / "x.xlsx")
    text = "student,question,points,reason,file\ns000,,,,x.xlsx\ns001,loss,1.5,seen,\n"
    (room / "own.csv").write_text(text, encoding="utf-8")
    assert grade(rnncalc, "--overrides", "own.csv").code == 0
    found = read_rows(room / "grades" / "grades.csv")
    assert (found["s000"]["total"], found["s001"]["loss"]) == (honest["s000"][0], "1.5")


def test_without_names_nothing_of_what_came_is_called(room, rnncalc):
    (room / "handed-in" / "s000 Ada Lovelace.pdf").write_bytes(b"%PDF")
    (room / "handed-in" / "s001 (1).xlsx").write_bytes(classroom(24).sheets["s001"])
    grade(rnncalc, "--anonymous")
    for content in contents(room / "grades").values():
        assert b"Lovelace" not in content
        assert b"s001 (1)" not in content


def test_without_names_it_is_said_still_what_came(room, rnncalc):
    (room / "handed-in" / "s000.xlsx").unlink()
    (room / "handed-in" / "s000.pdf").write_bytes(b"%PDF")
    grade(rnncalc, "--anonymous")
    (line,) = problems(room).values()
    assert (line["file"], line["student"], line["problem"]) == ("", "s000", "It is a PDF, not an .xlsx workbook.")


@pytest.mark.skipif(sys.platform == "win32", reason="no file can be called so there")
@pytest.mark.parametrize(
    "name", ["<script>alert(1)<!--.pdf", "[x](http:) **b** `c`.pdf", "=cmd|'x'!A1.pdf", "a\n# b.pdf"]
)
def test_what_a_student_calls_a_file_stays_text_in_every_page(room, rnncalc, name):
    (room / "handed-in" / "s000").mkdir()
    (room / "handed-in" / "s000" / name).write_bytes(b"%PDF")
    assert grade(rnncalc).code == 1
    page = (room / "grades" / "feedback" / "s000.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "<!--" not in page
    assert "\n# b" not in feedback(room, "s000")
    assert "[x](" not in feedback(room, "s000")
    for cell in next(iter(read_rows(room / "grades" / "problems.csv", "file").values())).values():
        assert cell[:1] not in ("=", "+", "@")


def test_a_zip_of_a_mac_is_read_by_its_names(room, rnncalc, honest):
    """macOS writes UTF-8, decomposed, and says so nowhere."""
    with zipfile.ZipFile("in.zip", "w") as archive:
        for who in WHO:
            archive.write(room / "handed-in" / f"{who}.xlsx", f"sub/{who}.xlsx")
            archive.writestr(f"__MACOSX/sub/._{who}.xlsx", b"\0")
    assert grade(rnncalc, submissions="in.zip").code == 0
    assert totals(room) == honest


# ── what else may be the matter ───────────────────────────────────────────────────────────────────────────────────


def test_a_link_that_was_handed_in_is_told(room, rnncalc, honest):
    (room / "elsewhere.xlsx").write_bytes((room / "handed-in" / "s000.xlsx").read_bytes())
    (room / "handed-in" / "s000.xlsx").unlink()
    try:
        (room / "handed-in" / "s000.xlsx").symlink_to(room / "elsewhere.xlsx")
    except OSError:
        pytest.skip("this system makes no links")
    assert grade(rnncalc).code == 1
    assert problems(room)["s000.xlsx"] == {
        "file": "s000.xlsx", "student": "s000", "problem": "It is a link, which is never followed."
    }  # fmt: skip
    assert "It is a link" in feedback(room, "s000")
    assert totals(room) == honest | {"s000": ("0", "not marked")}


def test_two_gradings_do_not_write_into_one_folder_at_once(room, rnncalc, honest):
    assert grade(rnncalc).code == 0
    before = contents(room / "grades")
    with alone_in(room / "grades"):
        done = grade(rnncalc)
        assert done.code == 3
        assert "Another run is writing into grades now" in " ".join(done.err.split())
    assert grade(rnncalc).code == 0
    assert contents(room / "grades") == before


def test_a_folder_is_free_again_after_a_run_was_killed(room, rnncalc, honest):
    (room / "grades").mkdir()
    code = (
        "import os, pathlib\nfrom rnncalc.io.lock import alone_in\n"
        "with alone_in(pathlib.Path('grades')):\n    os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 9
    assert grade(rnncalc).code == 0
    assert totals(room) == honest
