"""Worksheets saved as .ods or .xls: marked as the .xlsx file is, where LibreOffice is installed; else a sentence."""

from __future__ import annotations

import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest
from classroom.a_class import classroom
from engines.engines import missing
from workbook.bare import zipped
from workbook.filled import (
    HELLO,
    Place,
    blank,
    edit,
    fill_in,
    put_in,
    read,
    standing_out,
    stored,
    true_numbers,
    verified,
)

from rnncalc import Problem
from rnncalc.classroom.grading import Task, grade_file
from rnncalc.classroom.intake.files import Trouble
from rnncalc.errors import FileError
from rnncalc.network.update_step import whole_trace
from rnncalc.workbook.read import recalculate as module
from rnncalc.workbook.read.other_formats import as_xlsx, ending_of

TRACE = whole_trace(HELLO)
FILLED = fill_in(blank(), true_numbers(TRACE), 4)
H_3 = round(float(TRACE["h_3"].value[0, 0]), 4)
CALC = "application/vnd.oasis.opendocument.spreadsheet"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CHANGES: dict[Place, float | str | None] = {
    ("h_2", 0, 0): "0,9365",
    ("h_2", 1, 0): None,
    ("p_2", 0, 0): "x",
    ("p_2", 1, 0): 0.75,
    ("Wxh", 0, 0): 0.5,
}
OTHER_FORMS = {
    "an lstm": Problem.template("lstm"),
    "a gru": Problem.template("gru"),
    "two layers": Problem.draw("abcab", hidden=2, layers=2, seed=3),
}
SHEETS = {
    "right": FILLED,
    "not all right": put_in(FILLED, CHANGES),
    "a formula": edit(FILLED, {("h_3", 0, 0): stored(f"{H_3}*1", str(H_3))}),
    "a stored value": edit(FILLED, {("h_3", 0, 0): stored("TANH(1)", str(H_3))}),
    "one of the class's": classroom(1).handed_in["s000"],
    "for paper, protected": fill_in(blank(paper=True, protect=True), true_numbers(TRACE), 4),
    "practice": fill_in(blank(practice=True), true_numbers(TRACE), 4),
    **{
        name: fill_in(blank(problem=problem), true_numbers(whole_trace(problem)), 4)
        for name, problem in OTHER_FORMS.items()
    },
}
KINDS = ["right", "not all right", "a formula", "for paper, protected", "practice", *OTHER_FORMS]
each_ending = pytest.mark.parametrize("ending", [".ods", ".xls"])


@pytest.fixture
def libreoffice() -> None:
    if not module.is_installed():
        missing("LibreOffice (on Debian: apt install libreoffice-calc-nogui)")


@pytest.fixture
def no_libreoffice(monkeypatch) -> None:
    monkeypatch.setattr(module, "_program", lambda: None)


@cache
def saved_as(ending: str) -> dict[str, bytes]:
    """The sheets as LibreOffice saves them in another format."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        for i, content in enumerate(SHEETS.values()):
            (top / f"{i}.xlsx").write_bytes(content)
        program = module._program()
        assert program is not None
        profile = f"-env:UserInstallation={(top / 'profile').as_uri()}"
        files = [str(top / f"{i}.xlsx") for i in range(len(SHEETS))]
        command = [program, profile, "--headless", "--convert-to", ending[1:], "--outdir", str(top / "out"), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return {name: (top / "out" / f"{i}{ending}").read_bytes() for i, name in enumerate(SHEETS)}


@cache
def of_xlsx(name: str) -> dict[Place, str]:
    """What stands out where the sheet is handed in as it is."""
    return standing_out(verified(SHEETS[name]))


IN_TURNS = [(name, (".ods", ".xls")[i % 2]) for i, name in enumerate(KINDS)]
"""Each kind in one of the two formats; what is most usual in both."""


@pytest.mark.parametrize(("name", "ending"), [*IN_TURNS, ("not all right", ".ods")])
def test_it_is_marked_as_the_xlsx_file_is(libreoffice, ending, name):
    content = saved_as(ending)[name]
    assert ending_of(content) == ending
    assert standing_out(verified(content)) == of_xlsx(name)


def test_a_formula_counts_by_the_value_that_is_stored(libreoffice):
    """Of .xls LibreOffice calculates the values anew."""
    found = next(a for a in read(saved_as(".ods")["a stored value"]).answers if a.name == "h_3").cells[0, 0]
    assert (found.number, found.formula) == (H_3, "=TANH(1)")


@each_ending
def test_a_class_has_it_marked(libreoffice, ending):
    of_xlsx, of_other = (
        grade_file(task(c)) for c in (SHEETS["one of the class's"], saved_as(ending)["one of the class's"])
    )
    assert not isinstance(of_xlsx, Trouble)
    assert not isinstance(of_other, Trouble)
    assert of_other.questions == of_xlsx.questions


def task(content: bytes) -> Task:
    room = classroom(1)
    return Task(room.assignment, "s000", room.enrolled[0].draw, "s000.ods", content, "")


OTHERS = {
    ".ods": zipped({"mimetype": CALC, "content.xml": ""}),
    ".xls": OLD + bytes(1000),
}


@each_ending
def test_without_libreoffice_a_sentence_says_the_way_out_under_the_students_name(no_libreoffice, ending):
    trouble = grade_file(task(OTHERS[ending]))
    assert isinstance(trouble, Trouble)
    assert (trouble.student, trouble.file) == ("s000", "s000.ods")
    assert trouble.says.startswith("s000.ods is a")
    assert trouble.says.endswith(
        f"({ending}), which needs LibreOffice to be read, but LibreOffice was not found; save it as .xlsx."
    )


@each_ending
def test_what_libreoffice_cannot_open_is_a_sentence(libreoffice, ending):
    with pytest.raises(
        FileError, match=rf"^x is an? .* \({ending}\) that LibreOffice cannot open; save it as \.xlsx\.$"
    ):
        as_xlsx(OTHERS[ending], "x")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (OLD + bytes(500) + "EncryptedPackage".encode("utf-16-le"), "has a password; save it as .xlsx without"),
        (
            zipped({"Index/Document.iwa": ""}),
            "is a Numbers or Pages document; use File > Export To > Excel",
        ),
        (b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}', "is a link to a Google Sheet; use File > "),
        (zipped({"mimetype": CALC.replace("spreadsheet", "text")}), "is an OpenDocument file (not a spreadsheet)"),
    ],
)
def test_what_no_program_here_can_read_is_told_with_the_way_out(no_libreoffice, content, says):
    with pytest.raises(FileError) as refused:
        read(content, "homework.xlsx")
    assert says in str(refused.value)


def test_a_workbook_of_xlsx_is_left_as_it_is(no_libreoffice):
    assert as_xlsx(FILLED, "x.xlsx") is FILLED
