"""Whose file is whose, in the folders and zips of every system: what is told by its place, and nothing guessed."""

import io
import stat
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.classroom.gradebooks.matching import match_ids
from rnncalc.classroom.intake.files import Handed, find
from rnncalc.classroom.intake.owners import Known, assign
from rnncalc.classroom.intake.platform_paths import Claim
from rnncalc.classroom.roster import Student, safe_names
from rnncalc.classroom.tables import read_table
from rnncalc.errors import FileError
from rnncalc.workbook.read.opening import MAX_FILE

ADA = Student("ada01", "Ada Lovelace", "ada@school.example")
BOB = Student("bob02", "Bob Stone", "bob@school.example")
EVE = Student("eve03", "Eve Moor", "eve@school.example")
CLASS = [ADA, BOB, EVE]
CANVAS = {"101": "ada01", "102": "bob02", "103": "eve03"}
MOODLE = {"11": "ada01", "12": "bob02", "13": "eve03"}


def lay_out(folder, files):
    """Files in a folder: each holds its own name, if nothing else."""
    for name, content in dict(files if isinstance(files, dict) else dict.fromkeys(files)).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((name if content is None else content).encode())
    return folder


def zipped(path, files):
    """The same as a zip, whose members may be called anything, and twice the same."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in files:
            content = files[name] if isinstance(files, dict) and files[name] is not None else name
            info = zipfile.ZipInfo(name)
            archive.writestr(info, content)
    return path


@pytest.fixture(params=["folder", "zip"])
def place(request, tmp_path):
    """The same files as a folder and as a zip."""
    if request.param == "folder":
        return lambda files: lay_out(tmp_path / "handed-in", files)
    return lambda files: zipped(tmp_path / "handed-in.zip", files)


def whose(place, ids=None, students=CLASS):
    """Whose each file is, and the files of which something is to be told."""
    mine, troubles = told(place, ids, students)
    return mine, [trouble.file for trouble in troubles]


def told(place, ids=None, students=CLASS):
    """Whose each file is, and what is told."""
    intake = find([place])
    done = assign([*intake.handed, *intake.others], students, ids or {})
    return {who: one.name for who, one in done.mine.items()}, [*intake.troubles, *done.troubles]


def only(place, ids=None):
    """The one file that is found, whose it is aside."""
    (one,) = assign(find([place]).handed, CLASS, ids or {}).mine.values()
    return one


# ── each system ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_plain_files_are_called_by_id(place):
    files = ["ada01.xlsx", "week 1/BOB02.XLSX", "eve03/my homework (1).xlsx"]
    assert whose(place(files)) == (dict(zip(("ada01", "bob02", "eve03"), files, strict=True)), [])


def test_a_file_that_was_handed_out_under_a_safe_name_comes_back_under_it(place):
    hostile = [Student("../x"), Student("=cmd"), Student("a/b"), Student("CON")]
    names = safe_names(hostile)
    files = [f"{names[one.id]}.xlsx" for one in hostile]
    found, troubles = whose(place(files), students=hostile)
    assert found == {one.id: file for one, file in zip(hostile, files, strict=True)}
    assert troubles == []


def test_canvas_is_told_by_its_own_ids(place):
    files = ["lovelaceada_101_9001_hw1.xlsx", "stonebob_LATE_102_9002_hw_1_final-2.xlsx", "moor_103_9003_ada01.xlsx"]
    assert whose(place(files), CANVAS) == (dict(zip(("ada01", "bob02", "eve03"), files, strict=True)), [])


def test_canvas_marks_what_is_late(place):
    late = {one.name: one.late for one in find([place(["a_LATE_101_1_x.xlsx", "b_102_2_LATE.xlsx"])]).handed}
    assert late == {"a_LATE_101_1_x.xlsx": True, "b_102_2_LATE.xlsx": False}


def test_canvas_without_names(place):
    files = ["anon_x7Kq2_9001_hw1-1.xlsx", "anon_LATE_102_9002_hw1.xlsx"]
    found, _ = whose(place(files), {"x7Kq2": "ada01", "102": "bob02"})
    assert found == {"ada01": files[0], "bob02": files[1]}


def test_a_name_that_a_student_chose_does_not_tell_whose_it_is_in_canvas(place):
    forged = "moor_103_9003_lovelaceada_101_9001_hw1.xlsx"
    assert whose(place([forged]), CANVAS) == ({"eve03": forged}, [])


def test_canvass_own_ids_are_enough_where_the_roster_is_its_gradebook_and_the_name_agrees(place):
    known = [Student("1001", "Lovelace, Ada"), Student("1002", "Müller-Stone, Bob B.")]
    files = ["lovelaceada_1001_77_hw.xlsx", "mullerstonebobb_LATE_1002_78_hw.xlsx"]
    assert whose(place(files), students=known) == (dict(zip(("1001", "1002"), files, strict=True)), [])


def test_an_id_of_canvas_that_is_that_of_another_name_here_is_nobodys(place):
    known = [Student("1001", "Lovelace, Ada"), Student("1002", "Stone, Bob")]
    assert whose(place(["stonebob_1001_77_hw.xlsx"]), students=known)[0] == {}


def test_canvas_without_ids_is_nobodys(place):
    assert whose(place(["lovelaceada_101_9001_hw1.xlsx"])) == ({}, ["lovelaceada_101_9001_hw1.xlsx"])


MOODLE_FILES = [
    "Ada Lovelace_11_assignsubmission_file_/hw1.xlsx",
    "Bob_Stone_12_assignsubmission_file_hw_1.xlsx",
    "export/Eve Moor_13_assignsubmission_file/sub/eve.xlsx",
]


def test_moodle_is_told_by_the_number_of_its_participants(place):
    assert whose(place(MOODLE_FILES), MOODLE) == (
        dict(zip(("ada01", "bob02", "eve03"), MOODLE_FILES, strict=True)),
        [],
    )


def test_moodles_worksheet_and_canvass_gradebook_tell_who_has_which_id(place):
    worksheet = (
        "Identifier,Full name,Email address,Grade\nParticipant 11,Ada Lovelace,ada@school.example,\n"
        "Participant 12,Bob Stone,bob@school.example,\nParticipant 13,Eve Moor,eve@school.example,\n"
    )
    gradebook = 'Student,ID,SIS User ID,SIS Login ID,Section\n"Lovelace, Ada",101,ada01,,A\n"Stone, Bob",102,bob02,,A\n'
    ids = {}
    for text in (worksheet, gradebook):
        ids |= match_ids(CLASS, read_table(text.encode(), "ids.csv"))[0]
    files = [*MOODLE_FILES[2:], "lovelaceada_101_9001_hw1.xlsx", "stonebob_102_9002_hw1.xlsx"]
    found, troubles = whose(place(files), ids)
    assert (set(found), troubles) == ({"ada01", "bob02", "eve03"}, [])


def test_moodles_list_of_participants_is_enough(place):
    participants = "First name,Last name,Email address\nAda,Lovelace,ada@school.example\nBob,Stone,bob@school.example\n"
    ids = match_ids(CLASS, read_table(participants.encode(), "participants.csv"))[0]
    files = ["Ada Lovelace_11_assignsubmission_file_/hw1.xlsx", "Bob Stone_12_assignsubmission_file_hw1.xlsx"]
    assert whose(place(files), ids) == ({"ada01": files[0], "bob02": files[1]}, [])


@pytest.mark.parametrize(
    "chosen",
    [
        "Ada Lovelace_11_assignsubmission_file_hw1.xlsx",
        "Ada Lovelace_11_assignsubmission_file_/hw1.xlsx",
        "lovelaceada_101_9001_hw1.xlsx",
        "ada01.xlsx",
        "ada01/hw1/hw1.xlsx",
    ],
)
def test_what_a_student_chose_within_their_moodle_folder_does_not_tell_whose_it_is(place, chosen):
    file = f"Eve Moor_13_assignsubmission_file_/{chosen}"
    mine, troubles = told(place([file]), MOODLE | CANVAS)
    assert mine == {"eve03": file}
    assert {(one.student, one.private) for one in troubles} == {("eve03", True), ("ada01", True)}


METADATA = """\
---
submission_7001:
  :submitters:
  - :name: Ada Lovelace
    :sid: 'ada01'
    :email: ada@school.example
  :created_at: 2026-12-01 21:12:31.180439000 Z
  :score: 0.0
  :status: processed
  :results:
  :history: []
submission_7002:
  :submitters:
  - :name: Bob Stone
    :sid:
    :email: BOB@school.example
  :created_at: 2026-12-02 23:30:00.000000000 -08:00
  :score: 0.0
submission_7003:
  :submitters:
  - :name: Eve Moor
    :sid: eve03
    :email: eve@school.example
  - :name: Bob Stone
    :sid:
    :email: bob@school.example
  :created_at: 2026-12-01 21:12:31 UTC
"""
EXPORT = "assignment_55_export"


def gradescope(**more):
    files = {f"{EXPORT}/submission_metadata.yml": METADATA}
    files |= {f"{EXPORT}/submission_{n}/work.xlsx": None for n in (7001, 7002, 7003)}
    return files | {f"{EXPORT}/{name}": content for name, content in more.items()}


def test_gradescope_is_told_by_its_metadata_with_the_moment_of_each(place):
    intake = find([place(gradescope())])
    mine, troubles, _ = assign(intake.handed, CLASS, {})
    moments = {who: one.submitted for who, one in mine.items()}
    assert moments == {"ada01": "2026-12-01T21:12:31.180439+00:00", "bob02": "2026-12-02T23:30:00-08:00"}
    (together,) = troubles
    assert "several students" in together.says


@pytest.mark.parametrize(
    "forged",
    [
        {"submission_7002/ada01/work.xlsx": None},
        {"submission_7002/Ada Lovelace_11_assignsubmission_file_/work.xlsx": None},
        {"submission_7002/lovelaceada_101_9001_hw1.xlsx": None},
        {
            "submission_7002/submission_metadata.yml": "sub:\n  :submitters:\n  - :sid: ada01\n",
            "submission_7002/sub/work.xlsx": None,
        },
        {
            "submission_7002/ada01/hw1/timestamp.txt": "2026-01-01 00:00:00 UTC",
            "submission_7002/ada01/hw1/w.xlsx": None,
        },
    ],
)
def test_what_a_student_put_into_their_gradescope_folder_does_not_tell_whose_it_is(place, forged):
    files = gradescope(**forged)
    del files[f"{EXPORT}/submission_7002/work.xlsx"]
    (workbook,) = (f"{EXPORT}/{name}" for name in forged if name.endswith(".xlsx"))
    found, _ = whose(place(files), MOODLE | CANVAS)
    assert found == {"ada01": f"{EXPORT}/submission_7001/work.xlsx", "bob02": workbook}


def test_what_a_student_put_into_their_gradescope_folder_does_not_make_it_earlier(place):
    files = gradescope(**{"submission_7002/timestamp.txt": "2026-01-01 00:00:00 UTC"})
    mine = assign(find([place(files)]).handed, CLASS, {}).mine
    assert mine["bob02"].submitted == "2026-12-02T23:30:00-08:00"


def test_a_timestamp_in_a_moodle_folder_is_a_students_own_and_tells_nothing(place):
    files = {MOODLE_FILES[0]: None, "Ada Lovelace_11_assignsubmission_file_/timestamp.txt": "2026-01-01 00:00:00 UTC"}
    assert only(place(files), MOODLE).submitted == ""


def test_a_gradescope_folder_that_the_metadata_does_not_know_is_nobodys(place):
    found, troubles = whose(place([f"{EXPORT}/submission_9/ada01.xlsx"]))
    assert (found, troubles) == ({}, [f"{EXPORT}/submission_9/ada01.xlsx"])


NBGRADER = {
    "submitted/ada01/hw1/hw1.xlsx": None,
    "submitted/ada01/hw1/timestamp.txt": "2026-12-01 22:00:00 UTC\n",
    "submitted/bob02/hw1/eve03.xlsx": None,
}


def test_nbgrader_is_told_by_the_folder_of_the_student_and_its_timestamp(place):
    mine, troubles, _ = assign(find([place(NBGRADER)]).handed, CLASS, {})
    assert {who: (one.name, one.submitted) for who, one in mine.items()} == {
        "ada01": ("submitted/ada01/hw1/hw1.xlsx", "2026-12-01T22:00:00+00:00"),
        "bob02": ("submitted/bob02/hw1/eve03.xlsx", ""),
    }
    assert [(one.file, one.student) for one in troubles] == [
        ("submitted/bob02/hw1/eve03.xlsx", "bob02"),
        ("submitted/bob02/hw1/eve03.xlsx", "eve03"),
    ]


def test_nbgraders_folder_itself_may_be_given(tmp_path):
    lay_out(tmp_path, NBGRADER | {"submitted/bob02/hw1/timestamp.txt": "2026-12-01 22:00:00 UTC"})
    found, _ = whose(tmp_path / "submitted")
    assert found == {"ada01": "ada01/hw1/hw1.xlsx", "bob02": "bob02/hw1/eve03.xlsx"}


def test_files_and_folders_and_zips_may_be_given_together(tmp_path):
    one = lay_out(tmp_path / "one", ["ada01.xlsx"]) / "ada01.xlsx"
    two = lay_out(tmp_path / "two", ["bob02.xlsx"])
    three = zipped(tmp_path / "three.ZIP", ["eve03.xlsx"])
    intake = find([one, two, three])
    mine = assign(intake.handed, CLASS, {}).mine
    assert {who: handed.read().decode() for who, handed in mine.items()} == {
        "ada01": "ada01.xlsx",
        "bob02": "bob02.xlsx",
        "eve03": "eve03.xlsx",
    }


# ── nobody is guessed ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "file",
    ["stranger.xlsx", "ada.xlsx", "ada01-copy.xlsx", "ada01_Stone.xlsx", "xada01.xlsx", "ada0.xlsx", "Lovelace.xlsx"],
)
def test_a_file_that_nobody_is_called_is_told(place, file):
    assert whose(place([file])) == ({}, [file])


def test_a_place_that_names_two_is_that_of_the_outermost_and_a_line_for_both(place):
    mine, troubles = told(place(["ada01/bob02.xlsx", "bob02.xlsx"]))
    assert mine == {"ada01": "ada01/bob02.xlsx", "bob02": "bob02.xlsx"}
    assert [(one.file, one.student) for one in troubles] == [
        ("ada01/bob02.xlsx", "ada01"),
        ("ada01/bob02.xlsx", "bob02"),
    ]


def test_ids_that_differ_in_case_only_are_told_apart_or_nobodys(place):
    both = [Student("ab"), Student("AB")]
    found, _ = whose(place(["ab.xlsx"]), students=both)
    assert found in ({}, {"ab": "ab.xlsx"})
    found, _ = whose(place(["AB/x.xlsx"]), students=list(reversed(both)))
    assert found.get("AB", "AB/x.xlsx") == "AB/x.xlsx"
    assert found.get("ab", "ab.xlsx") == "ab.xlsx"


def test_an_address_that_two_have_tells_nobody(place):
    twins = [ADA, BOB._replace(email=ADA.email), EVE]
    files = gradescope()
    files[f"{EXPORT}/submission_metadata.yml"] = METADATA.replace(":sid: 'ada01'", ":sid:")
    found, _ = whose(place({k: v for k, v in files.items() if "7001" in k or "meta" in k}), students=twins)
    assert found == {}


def test_an_id_that_the_roster_does_not_have_is_nobodys(place):
    assert whose(place(MOODLE_FILES[:1]), {"11": "zed99"}) == ({}, MOODLE_FILES[:1])


@given(st.lists(st.text("ab_01./-X", min_size=1, max_size=12), max_size=4))
def test_whatever_files_are_called_a_student_gets_only_what_bears_their_id(names):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for name in dict.fromkeys(names):
            opened.writestr(zipfile.ZipInfo(f"{name}.xlsx"), "")
    students = [Student("a"), Student("b_1"), Student("X")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "exists", lambda path: True)
        patch.setattr(Path, "is_dir", lambda path: False)
        patch.setattr(zipfile, "ZipFile", lambda _, real=zipfile.ZipFile: real(io.BytesIO(archive.getvalue())))
        found, _ = whose(Path("names.zip"), students=students)
    for who, file in found.items():
        assert who.casefold() in file.removesuffix(".xlsx").casefold().split("/")


# ── a student hands in as themselves ──────────────────────────────────────────────────────────────────────────────

NAMED = {"ada01": "11", "bob02": "12", "eve03": "13"}


def moodle(student, n):
    return f"{student.name}_{NAMED[student.id]}_assignsubmission_file_"


def brightspace(student, n):
    return f"{12345 + n}-67890 - {student.name} - Nov {n + 1}, 2026 1010 AM"


def sakai(student, n):
    family = " ".join(reversed(student.name.split(" ", 1))).replace(" ", ", ", 1)
    return f"HW1/{family}({student.id})/Submission attachment(s)"


def teams(student, n):
    return f"{student.name}/Version {n + 1}"


def plain(student, n):
    return student.id


def family_first(student, n):
    first, last = student.name.split()
    return f"{last}, {first}"


def by_nbgrader(student, n):
    return f"submitted/{student.id}/hw1"


def by_gradescope(student, n):
    return f"export/submission_{n}"


LAYOUTS = [moodle, brightspace, sakai, teams, plain, family_first, by_nbgrader, by_gradescope]
FORGED = {
    "a folder of the id": {"{id}/w.xlsx": None},
    "a folder of the name": {"{name}/w.xlsx": None},
    "a file of the id": {"{id}.xlsx": None},
    "a file of the id further in": {"week/{id}.xlsx": None},
    "a folder of Moodle's": {"{name}_{moodle}_assignsubmission_file_/w.xlsx": None},
    "a file of Canvas's": {"x_{canvas}_9001_w.xlsx": None},
    "a folder of Brightspace's": {"1-2 - {name} - Nov 1, 2026 1010 AM/w.xlsx": None},
    "a file of Blackboard's": {"HW_{id}_attempt_2026-11-01-10-10-10_w.xlsx": None},
    "a folder of Sakai's": {"{name}({id})/Submission attachment(s)/w.xlsx": None},
    "nbgrader's folders": {
        "submitted/{id}/hw1/w.xlsx": None,
        "submitted/{id}/hw1/timestamp.txt": "2020-01-01 00:00:00 UTC",
    },
    "nbgrader's moment": {"{id}/hw1/w.xlsx": None, "{id}/hw1/timestamp.txt": "2020-01-01 00:00:00 UTC"},
    "Gradescope's list": {
        "submission_metadata.yml": "submission_5:\n  :submitters:\n  - :email: {email}\n"
        "  :created_at: 2020-01-01 00:00:00 UTC\n",
        "submission_5/w.xlsx": None,
    },
}


def class_of(platform, handing_in):
    files = {}
    if platform is by_gradescope:
        files["export/submission_metadata.yml"] = "".join(
            f"submission_{n}:\n  :submitters:\n  - :email: {one.email}\n  :created_at: 2026-11-0{n + 1} 10:10:10 UTC\n"
            for n, one in enumerate(CLASS)
        )
    for n, one in enumerate(CLASS):
        if one in handing_in:
            files[f"{platform(one, n)}/work.xlsx"] = None
            if platform is by_nbgrader:
                files[f"{platform(one, n)}/timestamp.txt"] = f"2026-11-0{n + 1} 10:10:10 UTC"
    return files


@pytest.mark.parametrize("honest", [[ADA], []], ids=["who has handed in too", "who has not"])
@pytest.mark.parametrize("alone", [False, True], ids=["of a class", "of one student"])
@pytest.mark.parametrize("forgery", FORGED)
@pytest.mark.parametrize("platform", LAYOUTS)
def test_nobody_hands_in_as_another(place, platform, forgery, alone, honest):
    """Eve's part speaks of Ada; the part is Eve's, and Ada's own work counts as ever, with a line for both."""
    others = [*honest, *([] if alone else [BOB])]
    files = class_of(platform, others)
    kept = dict(files)
    told_of = {"id": ADA.id, "name": ADA.name, "email": ADA.email, "moodle": "11", "canvas": "101"}
    eves = {name.format(**told_of): text and text.format(**told_of) for name, text in FORGED[forgery].items()}
    part = platform(EVE, 2)
    files |= {f"{part}/{name}": text for name, text in eves.items()}
    if platform is by_gradescope:
        files |= {k: v for k, v in class_of(platform, []).items() if k.endswith(".yml")}
    here = place(files)
    intake = find([here])
    done = assign([*intake.handed, *intake.others], CLASS, MOODLE | CANVAS)
    (workbook,) = (f"{part}/{name}" for name in eves if name.endswith(".xlsx"))
    expected = {one.id: f"{platform(one, CLASS.index(one))}/work.xlsx" for one in others}
    assert {who: one.name for who, one in done.mine.items()} == expected | {"eve03": workbook}
    assert not done.mine["eve03"].submitted.startswith("2020")
    assert {"ada01", "eve03"} <= {one.student for one in done.troubles}
    assert {one.file for one in done.troubles}.isdisjoint(kept)


@pytest.mark.parametrize("forgery", FORGED)
def test_a_folder_of_nobodys_takes_nothing_from_whoever_it_speaks_of(place, forgery):
    told_of = {"id": ADA.id, "name": ADA.name, "email": ADA.email, "moodle": "11", "canvas": "101"}
    files = {f"Mallory/{name.format(**told_of)}": text for name, text in FORGED[forgery].items()}
    files = {name: text and text.format(**told_of) for name, text in files.items()}
    mine, _ = told(place(files | {"ada01/w.xlsx": None, "bob02/w.xlsx": None}), MOODLE | CANVAS)
    assert mine == {"ada01": "ada01/w.xlsx", "bob02": "bob02/w.xlsx"}


def test_each_folder_may_be_given_by_itself_and_is_whose_it_is_called(tmp_path):
    eve = "Eve Moor_13_assignsubmission_file_"
    lay_out(tmp_path, [f"{eve}/ada01.xlsx", "Ada Lovelace_11_assignsubmission_file_/hw.xlsx", "bob02/ada01.xlsx"])
    intake = find(sorted(tmp_path.iterdir()))
    mine = assign(intake.handed, CLASS, MOODLE).mine
    assert {who: one.source.parent.name for who, one in mine.items()} == {
        "ada01": "Ada Lovelace_11_assignsubmission_file_",
        "bob02": "bob02",
        "eve03": eve,
    }


def test_a_class_in_a_folder_that_is_called_like_one_of_it_is_told_and_nobodys(tmp_path):
    folder = lay_out(tmp_path / "ada01", ["ada01.xlsx", "bob02.xlsx"])
    found, troubles = told(folder)
    assert found == {}
    says = (
        "Its folder or zip has the name of the student ada01, but has files of several students. Give it another name."
    )
    assert [(one.student, one.says) for one in troubles] == [("", says)] * 2


@pytest.mark.parametrize("folder", ["eve03", "Eve Moor", "Eve Moor_13_assignsubmission_file_"])
def test_each_file_may_be_given_by_itself_and_is_whose_its_folder_is_called(tmp_path, folder, monkeypatch):
    lay_out(tmp_path, [f"{folder}/ada01.xlsx", "bob02.xlsx"])
    monkeypatch.chdir(tmp_path)
    intake = find([Path(folder) / "ada01.xlsx", Path("bob02.xlsx")])
    mine = assign(intake.handed, CLASS, MOODLE).mine
    assert {who: one.name for who, one in mine.items()} == {"bob02": "bob02.xlsx", "eve03": "ada01.xlsx"}


def test_a_zip_of_one_student_is_that_students(tmp_path):
    assert whose(zipped(tmp_path / "eve03.zip", ["ada01/w.xlsx"]))[0] == {"eve03": "ada01/w.xlsx"}


# ── how learning platforms call what was handed in ────────────────────────────────────────────────────────────────

PUPILS = [Student("90001", "Ann Ada", "ann@x.example"), Student("90002", "Bob Bee"), Student("90003", "Cy Cox")]
ANN, BEE = "Ann Ada", "Bob Bee"
LISTINGS = {
    "Blackboard": (
        [
            "HW 1_ann1_attempt_2026-11-01-10-10-10_hw.xlsx",
            "HW 1_ann1_attempt_2026-11-01-10-10-10.txt",
            "HW 1_90002_attempt_2026-11-01-10-11-10_hw.xlsx",
        ],
        {"ann1": "90001"},
        {"90001": 0, "90002": 2},
    ),
    "Classroom": (["Ann Ada - hw.xlsx", "90002.xlsx"], {}, {"90001": 0, "90002": 1}),
    "Brightspace": (
        [
            f"12345-67890 - {ANN} - Nov 1, 2026 1010 AM/hw.xlsx",
            f"12346-67890 - {BEE} - Nov 1, 2026 1010 AM/hw.xlsx",
            "index.html",
        ],
        {},
        {"90001": 0, "90002": 1},
    ),
    "macOS": (
        ["__MACOSX/._x", "sub/90001.xlsx", "sub/.DS_Store", "sub/~$90002.xlsx", "sub/90002 (1).xlsx", "sub/90003.XLSX"],
        {},
        {"90001": 1, "90002": 4, "90003": 5},
    ),
    "Sakai": (
        [
            "HW1/Ada, Ann(ann1)/Submission attachment(s)/hw.xlsx",
            "HW1/Bee, Bob(90002)/Submission attachment(s)/hw.xlsx",
            "HW1/grades.csv",
        ],
        {},
        {"90001": 0, "90002": 1},
    ),
    "Teams": (
        ["Ann Ada/Version 1/hw.xlsx", "Bob Bee/Version 1/hw.xlsx", "Bob Bee/Version 2/hw.xlsx"],
        {},
        {"90001": 0, "90002": 2},
    ),
}


@pytest.mark.parametrize("platform", LISTINGS)
def test_what_a_platform_packs_is_told_apart(place, platform):
    files, ids, expected = LISTINGS[platform]
    mine, troubles = told(place(files), ids, PUPILS)
    assert mine == {who: files[i] for who, i in expected.items()}
    assert troubles == []


ACCENTED = [
    Student("s1", "Zoë Anna Müller"),
    Student("s2", "Jiří Dvořák"),
    Student("s3", "Ødegård, Åse"),
    Student("s4", "José María García López"),
    Student("s5", "陳 大文"),
]
SPELT = {
    "as in the roster": lambda s: s.name,
    "family name first": lambda s: {
        "s1": "Müller, Zoë Anna", "s2": "Dvořák, Jiří", "s3": "Ødegård, Åse",
        "s4": "García López, José María", "s5": "大文, 陳",
    }[s.id],
    "given name first": lambda s: "Åse Ødegård" if s.id == "s3" else s.name,
    "in other letters": lambda s: s.name.upper(),
    "with lines between": lambda s: s.name.replace(" ", "_"),
}  # fmt: skip


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("spelt", SPELT)
@pytest.mark.parametrize("where", ["{}/hw.xlsx", "{}.xlsx", "{} (1).xlsx", "class/{}/Version 3/hw.xlsx"])
def test_a_name_of_the_roster_is_known_however_it_is_written(place, spelt, where, form):
    files = {s.id: unicodedata.normalize(form, where.format(SPELT[spelt](s))) for s in ACCENTED}
    mine, troubles = told(place(list(files.values())), students=ACCENTED)
    assert {who: unicodedata.normalize("NFC", name) for who, name in mine.items()} == {
        who: unicodedata.normalize("NFC", name) for who, name in files.items()
    }
    assert troubles == []


def test_a_name_without_its_accents_is_known_where_one_alone_has_it(place):
    assert whose(place(["Zoe Anna Muller.xlsx"]), students=ACCENTED)[0] == {"s1": "Zoe Anna Muller.xlsx"}
    both = [*ACCENTED, Student("s9", "Zoe Anna Muller")]
    assert whose(place(["Zoe Anna Muller.xlsx"]), students=both)[0] == {"s9": "Zoe Anna Muller.xlsx"}


def test_a_name_that_two_have_is_nobodys(place):
    twins = [Student("1", "Ann Ada"), Student("2", "Ann Ada")]
    mine, (trouble,) = told(place(["Ann Ada.xlsx"]), students=twins)
    assert (mine, trouble.says) == ({}, "Its place names several students: 1, 2.")


@pytest.mark.parametrize(
    "name",
    ["1000000 (1)", "1000000(2)", "1000000 - Kopie", "1000000 - Copy (3)", "1000000_Lovelace", "Lovelace 1000000"],
)
def test_an_id_is_known_in_a_copy_and_with_its_own_name(place, name):
    known = [Student("1000000", "Ada Lovelace"), Student("1000001", "Bob Stone")]
    assert whose(place([f"{name}.xlsx"]), students=known) == ({"1000000": f"{name}.xlsx"}, [])


def test_an_id_with_anothers_name_is_nobodys(place):
    known = [Student("1000000", "Ada Lovelace"), Student("1000001", "Bob Stone")]
    assert whose(place(["1000000_Stone.xlsx"]), students=known)[0] == {}


def in_code_page(path, name, encoding):
    """A zip with a file of this name, in the code page of the machine that packed it; nothing says in which."""
    raw = name.encode(encoding)
    zipped(path, {"x" * len(raw): "work"})
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    return path


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Zoë Müller.xlsx", "cp850"),
        ("Zoë Müller.xlsx", "cp437"),
        ("Zoë Müller.xlsx", "utf-8"),
        ("山田太郎.xlsx", "cp932"),
        ("山田太郎/課題.xlsx", "cp932"),
        ("たなか ゆき.xlsx", "cp932"),
    ],
)
def test_a_name_in_the_code_page_of_a_zip_is_known_and_shown(tmp_path, name, encoding):
    known = [Student("s1", "Zoë Müller"), Student("s2", "山田太郎"), Student("s3", "たなか ゆき")]
    path = in_code_page(tmp_path / "in.zip", name, encoding)
    (one,) = find([path]).handed
    assert one.name == name
    assert len(assign([one], known, {}).mine) == 1
    assert one.read()


@pytest.mark.parametrize("beside", ["roster.csv", "notes/read me.txt"])
def test_what_lies_beside_an_export_does_not_hide_its_list(place, beside):
    files = gradescope()
    mine, _ = told(place(files | {beside: "text"}))
    assert set(mine) == {"ada01", "bob02"}


def test_folders_of_a_zip_of_windows_may_be_apart_by_backslashes(tmp_path):
    found, troubles = whose(zipped(tmp_path / "in.zip", ["ada01\\w.xlsx", "class\\bob02\\x.xlsx"]))
    assert (found, troubles) == ({"ada01": "ada01/w.xlsx", "bob02": "class/bob02/x.xlsx"}, [])


def test_a_backslash_in_what_a_student_called_their_file_tells_nothing(tmp_path):
    name = "moor_103_9003_x\\ada01.xlsx"
    assert whose(zipped(tmp_path / "in.zip", [name]), CANVAS)[0] == {"eve03": name}


# ── several files of one student ──────────────────────────────────────────────────────────────────────────────────


def at(seconds, name):
    return Handed(name, Path(name), "", (Claim((("part", "ada01"),), 1),), time=seconds)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_several_files_the_newest_counts_and_the_others_are_told(order):
    files = [at(1000.0 + 60 * i, f"{i}.xlsx") for i in order]
    done = assign(files, CLASS, {})
    assert done.mine["ada01"].name == "2.xlsx"
    assert {(note.file, note.student) for note in done.notes} == {("0.xlsx", "ada01"), ("1.xlsx", "ada01")}
    assert done.troubles == []


@pytest.mark.parametrize("moments", [(0.0, 5.0), (5.0, 5.0), (5.0, 6.5)])
def test_where_nothing_says_which_is_the_newest_none_is_chosen(moments):
    done = assign([at(moment, f"{i}.xlsx") for i, moment in enumerate(moments)], CLASS, {})
    assert done.mine == {}
    assert [one.file for one in done.troubles] == ["0.xlsx", "1.xlsx"]


def test_none_is_chosen_where_the_teacher_says_so():
    done = assign([at(1.0, "a.xlsx"), at(100.0, "b.xlsx")], CLASS, {}, several="none")
    assert (done.mine, len(done.troubles)) == ({}, 2)


def test_a_worksheet_goes_before_what_is_none_and_own_numbers_before_anothers():
    looks = {
        "notes.xlsx": Known(False),
        "own.xlsx": Known(True, "ada01"),
        "foreign.xlsx": Known(True, "bob02"),
    }
    files = [at(100.0 * i, name) for i, name in enumerate(looks, 1)]
    done = assign(reversed(files), CLASS, {}, look=lambda one: looks[one.name])
    assert done.mine["ada01"].name == "own.xlsx"


def test_the_numbers_say_whose_a_file_is_that_nobody_is_called(place):
    intake = find([place(["final version.xlsx", "final.xlsx", "eve03.xlsx"])])
    owner = {"final version.xlsx": "bob02", "final.xlsx": "eve03", "eve03.xlsx": "eve03"}
    done = assign(intake.handed, CLASS, {}, look=lambda one: Known(True, owner[one.name]))
    assert {who: one.name for who, one in done.mine.items()} == {
        "bob02": "final version.xlsx",
        "eve03": "eve03.xlsx",
    }
    assert [(one.file, one.student) for one in done.notes] == [("final version.xlsx", "bob02")]
    (trouble,) = done.troubles
    assert (trouble.file, trouble.student) == ("final.xlsx", "")
    assert "eve03" in trouble.says


def test_numbers_never_win_against_a_platform_that_says_it_is_somebody_else(place):
    intake = find([place(["Zed Z_99_assignsubmission_file_/w.xlsx"])])
    done = assign(intake.handed, CLASS, MOODLE, look=lambda one: Known(True, "ada01"))
    assert done.mine == {}


def test_of_several_files_that_only_their_numbers_tell_of_the_newest_counts():
    files = [
        Handed(name, Path(name), "", (Claim((("part", name),), 1),), time=seconds)
        for name, seconds in (("final", 100.0), ("really final", 900.0), ("draft", 50.0))
    ]
    done = assign(files, CLASS, {}, look=lambda _: Known(True, "eve03"))
    assert done.mine["eve03"].name == "really final"
    assert done.troubles == []


@pytest.mark.parametrize(
    ("file", "owner", "ids", "mine"),
    [
        ("HW 1_zed9_attempt_2026-11-01-10-10-10_w.xlsx", "ada01", {}, "ada01"),
        ("HW 1_zed9_attempt_2026-11-01-10-10-10_w.xlsx", "ada01", {"bob9": "bob02"}, None),
        ("HW 1_bob02_attempt_2026-11-01-10-10-10_w.xlsx", "ada01", {}, "bob02"),
        ("lovelaceada_101_9001_w.xlsx", "ada01", {}, "ada01"),
        ("stonebob_102_9001_w.xlsx", "ada01", {}, None),
        ("Ada Lovelace_11_assignsubmission_file_/w.xlsx", "bob02", {}, "ada01"),
        ("Zed Z_11_assignsubmission_file_/w.xlsx", "bob02", {}, None),
        ("submission_1/w.xlsx", "bob02", {}, None),
    ],
)
def test_numbers_say_whose_it_is_where_nobody_said_who_has_a_platforms_id(place, file, owner, ids, mine):
    done = assign(find([place([file])]).handed, CLASS, ids, look=lambda _: Known(True, owner))
    assert done.mine.keys() == ({mine} if mine else set())


def test_a_file_counts_for_whom_the_teacher_says(place):
    intake = find([place(["stranger.xlsx", "ada01.xlsx", "bob02.xlsx"])])
    done = assign(intake.handed, CLASS, {}, by_hand={"stranger.xlsx": "ada01", "bob02.xlsx": "eve03"})
    assert {who: one.name for who, one in done.mine.items()} == {"ada01": "stranger.xlsx", "eve03": "bob02.xlsx"}


# ── what is passed over, and what is no zip ───────────────────────────────────────────────────────────────────────


def test_hidden_files_are_passed_over_and_said(place):
    hidden = ["__MACOSX/._ada01.xlsx", "~$ada01.xlsx", ".ada01.xlsx", ".git/ada01.xlsx", ".DS_Store", "x/~$bob02.xlsx"]
    intake = find([place(["ada01.xlsx", *hidden])])
    assert [one.name for one in intake.handed] == ["ada01.xlsx"]
    assert sorted(intake.passed) == sorted(f"{name} is a hidden file." for name in hidden)
    assert intake.troubles == []


def test_what_is_no_workbook_is_told(place):
    found, troubles = whose(place(["ada01.pdf", "bob02.numbers", "eve03", "inner.zip", "ada01.xlsx.exe"]))
    assert found == {}
    assert sorted(troubles) == ["ada01.pdf", "ada01.xlsx.exe", "bob02.numbers", "eve03", "inner.zip"]


def test_a_link_in_a_zip_is_told_and_never_followed(tmp_path):
    archive = zipped(tmp_path / "in.zip", ["bob02.xlsx"])
    with zipfile.ZipFile(archive, "a") as opened:
        link = zipfile.ZipInfo("ada01.xlsx")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        opened.writestr(link, "../secret.xlsx")
    mine, troubles = told(archive)
    assert mine == {"bob02": "bob02.xlsx"}
    assert troubles == [("ada01.xlsx", "ada01", "It is a link, which is never followed.", False)]


def test_links_in_a_folder_are_told_and_never_followed(tmp_path):
    lay_out(tmp_path / "outside", ["bob02.xlsx", "eve03/x.xlsx"])
    folder = lay_out(tmp_path / "in", ["ada01.xlsx"])
    try:
        (folder / "bob02.xlsx").symlink_to(tmp_path / "outside" / "bob02.xlsx")
        (folder / "eve03").symlink_to(tmp_path / "outside" / "eve03", target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")
    mine, troubles = told(folder)
    assert mine == {"ada01": "ada01.xlsx"}
    says = "It is a link, which is never followed."
    assert troubles == [("bob02.xlsx", "bob02", says, False), ("eve03", "eve03", says, False)]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_of_one_name_the_second_is_told(tmp_path):
    found, troubles = whose(zipped(tmp_path / "in.zip", ["ada01.xlsx", "ada01.xlsx"]))
    assert (found, troubles) == ({"ada01": "ada01.xlsx"}, ["ada01.xlsx"])


OUTSIDE = ["/ada01.xlsx", "../ada01.xlsx", "../../../../tmp/ada01.xlsx", "a/../../ada01.xlsx", "C:\\ada01.xlsx"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_member_that_points_outside_is_never_written_anywhere(tmp_path, name):
    (tmp_path / "deep").mkdir()
    archive = zipped(tmp_path / "deep" / "in.zip", [name])
    before = sorted(tmp_path.rglob("*"))
    intake = find([archive])
    for one in intake.handed:
        assert one.read() == name.encode()
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\3\4 and no more", b"PK\5\6" + bytes(10)])
def test_a_damaged_zip_is_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "in.zip"
    path.write_bytes(content)
    with pytest.raises(FileError, match="cannot be read as a zip file"):
        find([path])


def test_a_place_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileError, match="There is no file or folder"):
        find([tmp_path / "nowhere"])


@pytest.mark.parametrize("field", ["password", "method", "damaged"])
def test_a_member_that_cannot_be_unpacked_is_a_sentence_when_it_is_read(tmp_path, field):
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("ada01.xlsx", bytes(range(256)) * 20)
    content = bytearray(path.read_bytes())
    start = content.index(b"PK\1\2")
    if field == "password":
        content[start + 8] |= 1
    elif field == "method":
        content[start + 10] = 99
    else:
        content[60:100] = bytes(40)
    path.write_bytes(content)
    (one,) = find([path]).handed
    with pytest.raises(FileError, match=r"^ada01\.xlsx cannot be (read|unpacked): \w+\.$"):
        one.read()


def test_no_more_is_read_of_a_file_than_a_workbook_may_have(tmp_path):
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("ada01.xlsx", bytes(MAX_FILE + 5_000_000))
    (one,) = find([path]).handed
    assert len(one.read()) == MAX_FILE + 1


def test_the_order_is_that_of_the_names_however_a_zip_is_packed(tmp_path):
    names = ["bob02.xlsx", "ada01.xlsx", "eve03.xlsx"]
    one, two = zipped(tmp_path / "1.zip", names), zipped(tmp_path / "2.zip", reversed(names))
    found = [[handed.name for handed in find([place]).handed] for place in (one, two)]
    assert found == [sorted(names)] * 2
