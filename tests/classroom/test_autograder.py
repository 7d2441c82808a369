"""The zip for Gradescope, run in a folder laid out as its containers are; results.json held to its specification."""

import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from classroom.a_class import POINTS, SECRET, TOML, classroom, hostile_files
from classroom.test_grading import copied

from rnncalc import Problem
from rnncalc.classroom.autograder import autograde, main
from rnncalc.classroom.autograder_zip import autograder_zip
from rnncalc.classroom.worksheets import students_csv
from rnncalc.errors import FileError
from rnncalc.problems.template_writer import to_toml
from rnncalc.weights.own_file import arrays_to_bytes

SMALL = 24
NOT_WINDOWS = pytest.mark.skipif(os.name == "nt", reason="Gradescope's containers are Linux")
TOP = {
    "score": (int, float), "execution_time": (int, float), "output": str, "output_format": str,
    "test_output_format": str, "test_name_format": str, "visibility": str, "stdout_visibility": str,
    "extra_data": dict, "tests": list, "leaderboard": list,
}  # fmt: skip
TEST = {
    "score": (int, float), "max_score": (int, float), "status": str, "name": str, "name_format": str, "number": str,
    "output": str, "output_format": str, "tags": list, "visibility": str, "extra_data": dict,
}  # fmt: skip
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
CHOICES = {
    "status": {"passed", "failed"}, "visibility": VISIBILITIES, "stdout_visibility": VISIBILITIES,
    "output_format": FORMATS, "test_output_format": FORMATS, "test_name_format": FORMATS, "name_format": FORMATS,
}  # fmt: skip


def results(text):
    """results.json as Gradescope takes it: no NaN, no key that it does not know, every value of its kind."""

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    found = json.loads(text, parse_constant=refuse)
    for table, keys in ((found, TOP), *((test, TEST) for test in found["tests"])):
        for key, value in table.items():
            assert isinstance(value, keys[key]), key
            assert not isinstance(value, bool)
            assert value in CHOICES.get(key, [value])
    assert "score" in found or all("score" in test for test in found["tests"])
    return found


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The zip for the class, unpacked where Gradescope unpacks it."""
    folder = tmp_path_factory.mktemp("class")
    hw1, _ = classroom(SMALL).lay_out(folder)
    source = folder / "autograder" / "source"
    (folder / "autograder.zip").write_bytes(autograder_zip(hw1))
    with zipfile.ZipFile(folder / "autograder.zip") as opened:
        opened.extractall(source)
    return source


def lay_out(root, files, email="pupil0@school.example", **more):
    """What Gradescope lays out for a submission."""
    (root / "submission").mkdir(parents=True)
    (root / "results").mkdir()
    for name, content in files.items():
        path = root / "submission" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    metadata = {
        "id": 123456,
        "created_at": "2026-12-01T14:22:32.365935-07:00",
        "assignment": {
            "due_date": "2026-12-02T07:00:00.000000-08:00",
            "id": 25828,
            "title": "Hello",
            "total_points": "18.5",
        },
        "submission_method": "upload",
        "users": [{"email": email, "id": 1234, "name": "Pupil 0"}],
        "previous_submissions": [],
        **more,
    }
    (root / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    return root


def same_points(found, by_hand):
    assert {test["name"]: test["max_score"] for test in found["tests"]} == POINTS
    for test in found["tests"]:
        assert abs(test["score"] - by_hand[test["name"]]) <= 0.5001e-4
        assert test["status"] == ("passed" if test["score"] >= test["max_score"] else "failed")
    assert abs(found["score"] - sum(by_hand.values())) <= 2.5e-4


# ── the zip ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_zip_has_its_two_scripts_at_its_root_and_they_may_be_run(tmp_path):
    hw1, _ = classroom(SMALL).lay_out(tmp_path)
    (tmp_path / "a.zip").write_bytes(autograder_zip(hw1))
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        infos = {info.filename: info for info in opened.infolist()}
        assert opened.testzip() is None
        for script in ("setup.sh", "run_autograder"):
            assert (infos[script].external_attr >> 16) & stat.S_IXUSR
            text = opened.read(script)
            assert text.startswith(b"#!/usr/bin/env bash\n")
            assert b"\r" not in text
    assert not [name for name in infos if "__pycache__" in name or name.startswith(("/", "..")) or "\\" in name]
    assert autograder_zip(hw1) == (tmp_path / "a.zip").read_bytes()


@NOT_WINDOWS
def test_the_zip_has_the_weights_of_a_template_too(tmp_path):
    problem = Problem.template("hello")
    (tmp_path / "mine.toml").write_text(to_toml(problem, weights_file="mine.npz"), encoding="utf-8")
    (tmp_path / "mine.npz").write_bytes(arrays_to_bytes(problem.arrays()))
    hw1, _ = classroom(SMALL).lay_out(tmp_path)
    text = hw1.read_text(encoding="utf-8")
    hw1.write_text(text.replace("[problem]\n", '[problem]\ntemplate = "mine.toml"\n'), encoding="utf-8")
    with zipfile.ZipFile(io.BytesIO(autograder_zip(hw1))) as opened:
        assert opened.read("mine.npz") == (tmp_path / "mine.npz").read_bytes()
    (tmp_path / "mine.npz").unlink()
    with pytest.raises(FileError, match=r"There is no file .*mine\.npz"):
        autograder_zip(hw1)


@pytest.mark.parametrize("named", ["m-00001-of-00002.safetensors", "m.safetensors.index.json"])
def test_the_zip_has_all_parts_of_a_model_in_several_files(tmp_path, named):
    hw1, _ = classroom(SMALL).lay_out(tmp_path)
    text = hw1.read_text(encoding="utf-8")
    hw1.write_text(text.replace("[problem]\n", f'[problem]\nweights = "{named}"\n'), encoding="utf-8")
    parts = [f"m-0000{number}-of-00002.safetensors" for number in (1, 2)]
    for part in parts:
        (tmp_path / part).write_bytes(part.encode())
    listed = f'{{"weight_map": {{"a": "{parts[0]}", "b": "{parts[1]}"}}}}'
    (tmp_path / "m.safetensors.index.json").write_text(listed, encoding="utf-8")
    with zipfile.ZipFile(io.BytesIO(autograder_zip(hw1))) as opened:
        assert [opened.read(part) for part in parts] == [part.encode() for part in parts]
        assert named in opened.namelist()
        assert "'safetensors>=" in opened.read("setup.sh").decode()


@pytest.mark.parametrize(
    ("file", "needs"), [("m.keras", "h5py"), ("m.safetensors", "safetensors"), ("m.npz", ""), ("M.H5", "h5py")]
)
def test_setup_installs_what_reads_a_file_of_weights(tmp_path, file, needs):
    hw1, _ = classroom(SMALL).lay_out(tmp_path)
    text = hw1.read_text(encoding="utf-8")
    hw1.write_text(text.replace("[problem]\n", f'[problem]\nweights = "{file}"\n'), encoding="utf-8")
    (tmp_path / file).write_bytes(b"weights")
    with zipfile.ZipFile(io.BytesIO(autograder_zip(hw1))) as opened:
        setup = opened.read("setup.sh").decode()
    assert [one for one in ("h5py", "safetensors") if f"'{one}>=" in setup] == ([needs] if needs else [])


def test_setup_makes_an_environment_and_installs_what_the_package_needs(unpacked, tmp_path):
    """With stand-ins for python and pip, which write down what is asked of them."""
    stand_in = tmp_path / "bin" / "python3.14"
    stand_in.parent.mkdir()
    stand_in.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = -c ]; then exit 0; fi\n'
        'echo "$@" > "$AUTOGRADER_ROOT/asked"\n'
        'mkdir -p "$3/bin"\n'
        'printf \'#!/bin/sh\\nprintf "%%s\\\\n" "$@" > "$AUTOGRADER_ROOT/installed"\\n\' > "$3/bin/pip"\n'
        'chmod +x "$3/bin/pip"\n',
        encoding="utf-8",
    )
    stand_in.chmod(0o755)
    environment = {**os.environ, "AUTOGRADER_ROOT": str(tmp_path), "PATH": f"{stand_in.parent}:{os.environ['PATH']}"}
    subprocess.run(["bash", str(unpacked / "setup.sh")], env=environment, check=True, timeout=60)
    assert (tmp_path / "asked").read_text(encoding="utf-8").split() == ["-m", "venv", f"{tmp_path}/venv"]
    installed = (tmp_path / "installed").read_text(encoding="utf-8").split()
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [name for name in installed if name != "install" and not name.startswith("-")] == project["dependencies"]


@NOT_WINDOWS
@pytest.mark.parametrize("script", ["setup.sh", "run_autograder"])
def test_the_scripts_are_bash(unpacked, script):
    subprocess.run(["bash", "-n", str(unpacked / script)], check=True)


# ── in its place ──────────────────────────────────────────────────────────────────────────────────────────────────


def run(root, source, started_in=None):
    """run_autograder as a container runs it, with this Python as that of its environment and no other rnncalc."""
    shutil.copytree(source, root / "source")
    python = root / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    environment = {**os.environ, "AUTOGRADER_ROOT": str(root)}
    script = str(root / "source" / "run_autograder")
    return subprocess.run(
        ["bash", script], env=environment, cwd=started_in or root, capture_output=True, encoding="utf-8", timeout=60
    )


@NOT_WINDOWS
@pytest.mark.parametrize("number", [0, 12])
def test_a_submission_is_marked_as_by_hand(unpacked, tmp_path, number):
    room = classroom(SMALL)
    pupil = room.pupils[number]
    root = lay_out(tmp_path / "a b", {"my work.xlsx": room.handed_in[pupil.student.id]}, pupil.student.email.upper())
    done = run(root, unpacked)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    found = results((root / "results" / "results.json").read_text(encoding="utf-8"))
    same_points(found, pupil.points(room.sheets[pupil.student.id]))


@NOT_WINDOWS
def test_it_is_the_package_in_the_zip_that_marks(unpacked, tmp_path):
    root = lay_out(tmp_path, {})
    shutil.copytree(unpacked, root / "elsewhere")
    (root / "elsewhere" / "rnncalc" / "classroom" / "autograder.py").write_text(
        "raise SystemExit('mine')", encoding="utf-8"
    )
    done = run(root, root / "elsewhere")
    assert (done.returncode, done.stderr.strip()) == (1, "mine")


@NOT_WINDOWS
@pytest.mark.parametrize("module", ["numpy", "json", "openpyxl", "rnncalc", "sitecustomize"])
def test_nothing_that_was_handed_in_is_ever_imported(unpacked, tmp_path, module):
    room = classroom(SMALL)
    root = lay_out(tmp_path, {"a.xlsx": own(), f"{module}.py": b"raise SystemExit('mine')"})
    done = run(root, unpacked, started_in=root / "submission")
    assert (done.returncode, done.stderr) == (0, "")
    found = results((root / "results" / "results.json").read_text(encoding="utf-8"))
    same_points(found, room.pupils[0].points(room.sheets["s000"]))


@NOT_WINDOWS
def test_a_wrong_submission_has_its_results_too(unpacked, tmp_path):
    root = lay_out(tmp_path, {"work.xlsx": b"no workbook"})
    done = run(root, unpacked)
    assert done.returncode == 0, done.stderr
    found = results((root / "results" / "results.json").read_text(encoding="utf-8"))
    assert (found["score"], found["tests"]) == (0, [])
    assert found["output"].startswith("work.xlsx is a text file (perhaps .csv), not a workbook;")


# ── what may come ─────────────────────────────────────────────────────────────────────────────────────────────────


def own(number=0):
    return classroom(SMALL).handed_in[f"s{number:03}"]


WRONG = {
    "nothing": ({}, "There are 0 workbooks"),
    "two workbooks": ({"a.xlsx": b"", "b.xlsx": b""}, "There are 2 workbooks"),
    "another program's file": ({"a.odt": b""}, "There are 0 workbooks"),
    "an empty file": ({"a.xlsx": b""}, "a.xlsx is empty."),
    "noise": ({"a.xlsx": b"PK\3\4" + bytes(50)}, "a.xlsx is damaged"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_marked_is_told_and_earns_nothing(unpacked, tmp_path, what):
    files, says = WRONG[what]
    found = results(autograde(lay_out(tmp_path, files), unpacked))
    assert found["score"] == 0
    assert found["output"].startswith(says)
    assert str(tmp_path) not in found["output"]


def test_of_several_workbooks_the_one_that_is_a_worksheet_is_marked(unpacked, tmp_path):
    root = lay_out(tmp_path, {"a.xlsx": b"", "notes.xlsx": hostile_files()[0], "work.xlsx": own()})
    same_points(results(autograde(root, unpacked)), classroom(SMALL).pupils[0].points(classroom(SMALL).sheets["s000"]))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are Unicode there")
@pytest.mark.parametrize("name", [b"L\xf6sung.xlsx", b"\xff\xfe.xlsx", b"\x81\xc3.xlsx", b"L\xf6sung.txt"])
@pytest.mark.parametrize("content", [None, b"no workbook"])
def test_a_name_that_is_no_utf_8_has_its_results_too(unpacked, tmp_path, name, content):
    root = lay_out(tmp_path, {})
    (root / "submission" / os.fsdecode(name)).write_bytes(own() if content is None else content)
    main(root, unpacked)
    found = results((root / "results" / "results.json").read_text(encoding="utf-8"))
    assert bool(found["score"]) == (content is None and name.endswith(b".xlsx"))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"users": ' * 50_000, '{"users": [{"email": "\\ud800"}]}'])
def test_metadata_that_no_platform_writes_has_its_results_too(unpacked, tmp_path, text):
    root = lay_out(tmp_path, {"a.xlsx": own()})
    (root / "submission_metadata.json").write_text(text, encoding="utf-8")
    main(root, unpacked)
    assert results((root / "results" / "results.json").read_text(encoding="utf-8"))["score"] == 0


@pytest.mark.parametrize("error", [KeyError, RecursionError, MemoryError, ZeroDivisionError])
def test_whatever_goes_wrong_there_are_results(unpacked, tmp_path, monkeypatch, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("rnncalc.classroom.autograder.grade", fail)
    main(lay_out(tmp_path, {"a.xlsx": own()}), unpacked)
    found = results((tmp_path / "results" / "results.json").read_text(encoding="utf-8"))
    assert found["output"] == f"It could not be marked ({error.__name__}); please tell your teacher."


def test_hostile_files_have_their_results_too(unpacked, tmp_path):
    for i, content in enumerate(hostile_files()[:12]):
        found = results(autograde(lay_out(tmp_path / str(i), {"a.xlsx": content}), unpacked))
        assert (found["score"], found["tests"]) == (0, [])
        assert found["output"]


def test_locks_and_hidden_files_beside_a_workbook_do_not_count(unpacked, tmp_path):
    root = lay_out(tmp_path, {"work/a.XLSX": own(), "work/~$a.xlsx": b"", "._a.xlsx": b"", "__MACOSX/._a.xlsx": b""})
    same_points(results(autograde(root, unpacked)), classroom(SMALL).pupils[0].points(classroom(SMALL).sheets["s000"]))


def test_a_link_in_a_submission_is_not_followed(unpacked, tmp_path):
    root = lay_out(tmp_path, {})
    (tmp_path / "other.xlsx").write_bytes(own())
    try:
        (root / "submission" / "a.xlsx").symlink_to(tmp_path / "other.xlsx")
    except OSError:
        pytest.skip("this system makes no links")
    says = results(autograde(root, unpacked))["output"]
    assert says.startswith("There are 0 workbooks")
    assert says.endswith("a.xlsx is a link, which is never followed.")


METADATA = [
    ({"users": []}, "Nobody in the class"),
    ({"users": None}, "Nobody in the class"),
    ({"users": "all"}, "Nobody in the class"),
    ({"users": [{"email": "stranger@school.example"}]}, "Nobody in the class"),
    ({"users": [{"email": None}]}, "Nobody in the class"),
    ({"users": [{}]}, "Nobody in the class"),
    ({"users": [{"email": ""}]}, "Nobody in the class"),
    (
        {"users": [{"email": "pupil0@school.example"}, {"email": "pupil1@school.example"}]},
        "Several students handed this in together",
    ),
]


@pytest.mark.parametrize(("more", "says"), METADATA)
def test_who_is_not_known_is_told_and_never_guessed(unpacked, tmp_path, more, says):
    found = results(autograde(lay_out(tmp_path, {"a.xlsx": own()}, **more), unpacked))
    assert found["score"] == 0
    assert found["output"].startswith(says)


@pytest.mark.parametrize("text", ["", "null", "[]", "{", '"x"', "\udcff"])
def test_metadata_that_is_none_is_told(unpacked, tmp_path, text):
    root = lay_out(tmp_path, {"a.xlsx": own()})
    (root / "submission_metadata.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    assert "submission_metadata.json" in results(autograde(root, unpacked))["output"]


@pytest.fixture
def with_due(unpacked, tmp_path):
    """The class with a due moment and a penalty in its assignment."""
    source = tmp_path / "late-source"
    source.mkdir()
    late = "[late]\ndue = 2026-11-30T00:00:00Z\nper_day = 0.5\ncap = 1\n"
    (source / "assignment.toml").write_text(TOML + late, encoding="utf-8")
    (source / "assignment.students.csv").write_text(students_csv(classroom(SMALL).enrolled), encoding="utf-8")
    return source


def test_what_is_late_is_left_to_gradescope(with_due, tmp_path):
    found = results(autograde(lay_out(tmp_path / "root", {"a.xlsx": own()}), with_due))
    same_points(found, classroom(SMALL).pupils[0].points(classroom(SMALL).sheets["s000"]))


@pytest.mark.parametrize("moment", ["", "yesterday", None, 5, "2026-12-01T14:22:32Z", "2026-12-01"])
def test_any_moment_of_a_submission_has_its_results(with_due, tmp_path, moment):
    root = lay_out(tmp_path / "root", {"a.xlsx": own()}, created_at=moment)
    assert results(autograde(root, with_due))["score"] > 0


def test_another_students_right_numbers_earn_nothing_and_their_name_is_not_told(unpacked, tmp_path):
    found = results(autograde(lay_out(tmp_path, {"a.xlsx": copied("s000", "s007")}), unpacked))
    assert found["score"] < 0.5
    assert found["output"].startswith("The numbers in ")
    assert "right for another student's worksheet, but not for this one. They earn no points." in found["output"]
    assert "s007" not in json.dumps(found)


def test_neither_secret_nor_another_student_stands_in_the_results(unpacked, tmp_path):
    text = autograde(lay_out(tmp_path, {"a.xlsx": own(1)}), unpacked)
    assert SECRET not in text
    assert "s001" not in text
    assert "pupil1" not in text.casefold()
