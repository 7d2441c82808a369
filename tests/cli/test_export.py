"""``rnncalc export``: a workbook, written whole or not at all."""

import io
import os

import openpyxl
import pytest

from rnncalc import Problem
from rnncalc.cli.files import file_name
from rnncalc.workbook.write.export import export
from rnncalc.workbook.write.theme import default_theme

THEN = (
    "Open it in Excel or LibreOffice. Change a weight on the sheet Board or a letter on the sheet Inputs, and all "
    "numbers change with it.\n"
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [([], "hello.xlsx"), (["banana"], "banana.xlsx"), (["a b"], "a_b.xlsx"), (["-t", "pencil"], "hello.xlsx")],
)
def test_the_file_is_named_after_the_text(rnncalc, tmp_path, arguments, name):
    done = rnncalc("export", *arguments)
    assert (done.code, done.out, done.err.splitlines()[-2]) == (0, "", f"Wrote {name}")
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
        ("forward", ["Forward"]),
        ("loss", ["Forward", "Loss"]),
        ("backward", ["Forward", "Loss", "Backward"]),
        ("update", ["Forward", "Loss", "Backward", "Update"]),
    ],
)
@pytest.mark.parametrize("targets", ["next", "last"])
def test_a_workbook_goes_through_the_stage_asked_for(rnncalc, tmp_path, through, sheets, targets):
    assert rnncalc("export", "hello", "--through", through, "--targets", targets).code == 0
    titles = openpyxl.load_workbook(tmp_path / "hello.xlsx").sheetnames
    assert titles == ["Start", "Board", "Inputs", *sheets, "Charts", "Equations", "Check", "Problem"]


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
        (["-o", "."], 2, "must end in .xlsx"),
        (["-o", "x.json"], 2, "must end in .xlsx"),
        (["--targets", "none", "--through", "update"], 2, "needs targets = next or last"),
        (["--clip", "1", "--clip-norm", "1"], 2, "two ways of clipping"),
        (["--clip", "1", "--through", "loss"], 2, "cannot use --clip"),
        (["--theme", "none.xlsx"], 3, "There is no file none.xlsx"),
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
    assert (done.code, "not an .xlsx workbook" in done.err) == (3, True)
    assert [p.name for p in tmp_path.iterdir()] == ["theme.xlsx"]


def test_the_default_theme_can_be_copied_and_used(rnncalc, tmp_path):
    assert rnncalc("templates", "copy", "theme").code == 0
    assert rnncalc("export", "hello", "--theme", "theme.xlsx").code == 0
    assert openpyxl.load_workbook(tmp_path / "hello.xlsx").sheetnames[0] == "Start"


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(28, "No space left on device"), PermissionError()])
def test_what_fails_half_way_leaves_nothing_behind(rnncalc, tmp_path, monkeypatch, failure):
    def fail(_descriptor: int) -> None:
        raise failure

    monkeypatch.setattr("os.fsync", fail)
    done = rnncalc("export", "hello")
    assert done.code == (130 if isinstance(failure, KeyboardInterrupt) else 3)
    assert list(tmp_path.iterdir()) == []


def test_the_workbook_goes_to_standard_output_where_asked(monkeypatch, capfdbinary):
    from rnncalc.cli.main import run

    assert run(["export", "hello", "-o", "-"]) == 0
    written = capfdbinary.readouterr().out
    assert openpyxl.load_workbook(io.BytesIO(written)).sheetnames[0] == "Start"


def test_nor_does_what_is_interrupted_while_it_computes(rnncalc, tmp_path, monkeypatch):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rnncalc.workbook.write.export.Check", interrupt)
    assert rnncalc("export", "hello").code == 130
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_open_in_excel_stays_as_it_is(rnncalc, tmp_path, monkeypatch):
    """Windows lets nobody replace it."""
    (tmp_path / "hello.xlsx").write_bytes(b"theirs")

    def locked(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.replace", locked)
    done = rnncalc("export", "hello", "--force")
    assert done.code == 3
    assert done.err == "Error: hello.xlsx cannot be written. Close it where it is open, or choose another name.\n"
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"theirs"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere; Windows has no such bits")
def test_a_folder_that_may_not_be_written_to(rnncalc, tmp_path):
    tmp_path.chmod(0o500)
    done = rnncalc("export", "hello")
    tmp_path.chmod(0o700)
    assert (done.code, list(tmp_path.iterdir())) == (3, [])
    assert "no permission" in done.err


def test_nothing_is_computed_for_a_file_that_cannot_be_written(rnncalc, monkeypatch):
    monkeypatch.setattr("rnncalc.workbook.write.export.export", lambda *_, **__: pytest.fail("computed"))
    assert rnncalc("export", "hello", "-o", "no/where.xlsx").code == 3


def test_a_workbook_is_not_shown_on_a_terminal(rnncalc):
    done = rnncalc("export", "hello", "-o", "-", terminal=True)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith("Error: A workbook cannot be shown in a terminal")


HELLO = Problem.template("hello")


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        (["--formulas", "matrix"], {"formulas": "matrix"}),
        (["--decimals", "3"], {"decimals": 3}),
        (["--protect"], {"protect": True}),
        (["--clip", "0.5"], {"clip": 0.5}),
        (["--clip-norm", "0.5"], {"clip_norm": 0.5}),
        (["--truncate", "2"], {"truncate": 2}),
        (["--truncate", "2", "--through", "backward"], {"truncate": 2, "through": "backward"}),
        (["--theme", "theme.xlsx"], {"theme": default_theme()}),
    ],
)
def test_an_option_does_what_the_library_does(rnncalc, tmp_path, typed, options):
    (tmp_path / "theme.xlsx").write_bytes(default_theme())
    done = rnncalc("export", "hello", *typed)
    assert done == (0, "", f"Wrote hello.xlsx\n{THEN}")
    assert (tmp_path / "hello.xlsx").read_bytes() == export(HELLO, **options)


# ── themes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def with_sheets(*titles: str) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for title in titles:
        book.create_sheet(title)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("theme", "message"),
    [
        (b"", "The theme is not an .xlsx workbook. Use rnncalc templates copy theme to get one to start from."),
        (
            default_theme()[:2000],
            "The theme is not an .xlsx workbook. Use rnncalc templates copy theme to get one to start from.",
        ),
        (with_sheets("Inputs"), "The theme has a sheet named Inputs, a name that the workbook itself uses; rename it."),
    ],
    ids=["empty", "cut short", "a sheet of ours"],
)
def test_what_is_no_theme_is_a_sentence_and_3(rnncalc, tmp_path, theme, message):
    (tmp_path / "theme.xlsx").write_bytes(theme)
    assert rnncalc("export", "hello", "--theme", "theme.xlsx") == (3, "", f"Error: {message}\n")
    assert [p.name for p in tmp_path.iterdir()] == ["theme.xlsx"]


def test_a_theme_that_changes_no_style_is_used_and_that_is_said(rnncalc, tmp_path):
    (tmp_path / "cover.xlsx").write_bytes(with_sheets("Cover"))
    done = rnncalc("export", "hello", "--theme", "cover.xlsx")
    assert done.code == 0
    assert done.err == (
        f"Note: The theme has no cell styles named rnncalc …, so the default look is used.\nWrote hello.xlsx\n{THEN}"
    )
    assert openpyxl.load_workbook(tmp_path / "hello.xlsx").sheetnames[:3] == ["Sheet", "Cover", "Start"]


def test_the_theme_is_copied_like_a_template(rnncalc, tmp_path):
    said = "Wrote theme.xlsx\nChange its cell styles, then run: rnncalc export hello --theme theme.xlsx\n"
    assert rnncalc("templates", "copy", "theme") == (0, "", said)
    assert (tmp_path / "theme.xlsx").read_bytes() == default_theme()
    assert rnncalc("templates", "copy", "theme").code == 3
    assert rnncalc("templates", "copy", "theme", "-o", "mine.xlsx").code == 0
    assert rnncalc("templates", "copy", "theme", "--force").code == 0
    done = rnncalc("templates", "show", "theme")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1] == "Error: The theme is a workbook. Use rnncalc templates copy theme to write it."


# ── training by formula ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_training_sheet_is_added_where_epochs_are_typed(rnncalc, tmp_path):
    file = tmp_path / "training.xlsx"
    assert rnncalc("export", "hello", "--epochs", "12", "-o", str(file)).code == 0
    sheet = openpyxl.load_workbook(file, data_only=True)["Training"]
    assert sheet["B27"].value == pytest.approx(6.811274597)
    assert [sheet.cell(37, column).value for column in range(3, 8)] == [4, "e", "l", "l", "o"]
    assert rnncalc("export", "hello", "-o", str(tmp_path / "plain.xlsx")).code == 0
    assert "Training" not in openpyxl.load_workbook(tmp_path / "plain.xlsx").sheetnames


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["hello", "--optimizer", "sgd"], 2, "Add one with --epochs 20."),
        (["hello", "--epochs", "101"], 2, "101 is not in the range"),
        (["hello", "--epochs", "3", "--targets", "none"], 2, "there is nothing to train"),
        (["hello", "--epochs", "3", "--through", "forward"], 2, "a Training sheet needs the last stage, update"),
        (["hello", "--epochs", "100", "--hidden", "60"], 2, "needs"),
    ],
)
def test_a_training_that_no_sheet_holds(arguments, code, sentence, rnncalc, tmp_path):
    found = rnncalc("export", *arguments, "-o", str(tmp_path / "x.xlsx"))
    assert sentence in " ".join(found.err.split())
    assert found.code == code
    assert list(tmp_path.iterdir()) == []
