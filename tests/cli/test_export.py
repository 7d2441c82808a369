"""``rnncalc export``: a workbook, written whole or not at all."""

import io

import openpyxl
import pytest

from rnncalc.cli import output
from rnncalc.cli.export import file_name


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [([], "hello.xlsx"), (["banana"], "banana.xlsx"), (["a b"], "a_b.xlsx"), (["-t", "pencil"], "hello.xlsx")],
)
def test_the_file_is_named_after_the_text(rnncalc, tmp_path, arguments, name):
    done = rnncalc("export", *arguments)
    assert (done.code, done.out, done.err.splitlines()[-1]) == (0, "", f"Wrote {name}")
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert openpyxl.load_workbook(tmp_path / name).sheetnames[0] == "Start"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../x", "x.xlsx"),
        ("CON", "CON_.xlsx"),
        ("a/b", "a_b.xlsx"),
        ("😀", "text.xlsx"),
        ("x" * 300, "x" * 40 + ".xlsx"),
    ],
)
def test_no_text_makes_a_name_that_a_system_refuses(text, name):
    assert file_name(text) == name


@pytest.mark.parametrize(
    ("through", "sheets"),
    [
        ("forward", ["Start", "Inputs", "Forward", "Unrolled", "Charts", "Check"]),
        ("loss", ["Start", "Inputs", "Forward", "Loss", "Unrolled", "Charts", "Check"]),
        ("backward", ["Start", "Inputs", "Forward", "Loss", "Backward", "Unrolled", "Charts", "Check"]),
        ("update", ["Start", "Inputs", "Forward", "Loss", "Backward", "Update", "Unrolled", "Charts", "Check"]),
    ],
)
@pytest.mark.parametrize("targets", ["next", "last"])
def test_a_workbook_goes_through_the_stage_asked_for(rnncalc, tmp_path, through, sheets, targets):
    assert rnncalc("export", "hello", "--through", through, "--targets", targets).code == 0
    assert openpyxl.load_workbook(tmp_path / "hello.xlsx").sheetnames == sheets


def test_without_targets_it_goes_through_forward(rnncalc, tmp_path):
    assert rnncalc("export", "hello", "--targets", "none").code == 0
    assert "Loss" not in openpyxl.load_workbook(tmp_path / "hello.xlsx").sheetnames


def test_a_second_export_is_refused_and_says_force(rnncalc, tmp_path):
    rnncalc("export", "hello")
    before = (tmp_path / "hello.xlsx").read_bytes()
    done = rnncalc("export", "hello", "--decimals", "2")
    assert (done.code, "--force" in done.err) == (3, True)
    assert (tmp_path / "hello.xlsx").read_bytes() == before
    assert rnncalc("export", "hello", "--decimals", "2", "--force").code == 0
    assert (tmp_path / "hello.xlsx").read_bytes() != before


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["-o", "no/where.xlsx"], 3, "There is no folder no"),
        (["-o", "."], 2, "ends in .xlsx"),
        (["-o", "x.json"], 2, "ends in .xlsx"),
        (["--targets", "none", "--through", "update"], 2, "needs targets"),
        (["--clip", "1", "--clip-norm", "1"], 2, "two ways of clipping"),
        (["--clip", "1", "--through", "loss"], 2, "no place for --clip"),
        (["--theme", "none.xlsx"], 3, "none.xlsx cannot be read"),
        (["--eta", "nan"], 2, "not a finite number above 0"),
    ],
)
def test_a_refusal_is_a_sentence_and_writes_nothing(rnncalc, tmp_path, arguments, code, message):
    done = rnncalc("export", "hello", *arguments)
    assert done.code == code
    assert message in done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_text_file_is_no_theme(rnncalc, tmp_path):
    (tmp_path / "theme.xlsx").write_text("not a workbook", encoding="utf-8")
    done = rnncalc("export", "hello", "--theme", "theme.xlsx")
    assert (done.code, "no .xlsx workbook" in done.err) == (3, True)
    assert [p.name for p in tmp_path.iterdir()] == ["theme.xlsx"]


def test_the_default_theme_can_be_copied_and_used(rnncalc, tmp_path):
    assert rnncalc("templates", "copy", "theme").code == 0
    assert rnncalc("export", "hello", "--theme", "theme.xlsx").code == 0
    assert openpyxl.load_workbook(tmp_path / "hello.xlsx").sheetnames[0] == "Start"


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(28, "No space left on device"), PermissionError()])
def test_what_fails_half_way_leaves_nothing_behind(rnncalc, tmp_path, monkeypatch, failure):
    def fail(_descriptor: int) -> None:
        raise failure

    monkeypatch.setattr(output.os, "fsync", fail)
    done = rnncalc("export", "hello")
    assert done.code == (130 if isinstance(failure, KeyboardInterrupt) else 3)
    assert list(tmp_path.iterdir()) == []


def test_the_workbook_goes_to_standard_output_where_asked(monkeypatch, capfdbinary):
    from rnncalc.cli.main import run

    assert run(["export", "hello", "-o", "-"]) == 0
    written = capfdbinary.readouterr().out
    assert openpyxl.load_workbook(io.BytesIO(written)).sheetnames[0] == "Start"
