"""Files that commands read, and where workbooks may go."""

import io
import os
import sys

import click
import pytest

from rnncalc.cli.files import MAX_BYTES, check_workbook_output, file_name, read_bytes, read_theme_file
from rnncalc.errors import FileError


@pytest.mark.parametrize(
    ("text", "name"),
    [("hello", "hello.xlsx"), ("a b", "a_b.xlsx"), ("", "text.xlsx"), ("NUL", "NUL_.xlsx"), ("COM10", "COM10.xlsx"),
     ("com1", "com1_.xlsx"), (".hidden", "hidden.xlsx"), ("-rf", "-rf.xlsx")],
)  # fmt: skip
def test_a_text_gives_a_name_that_every_system_takes(text, name):
    assert file_name(text) == name


def test_a_file_is_read_whole(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"\0\r\n\xff")
    assert read_bytes(str(path)) == b"\0\r\n\xff"


def test_a_dash_is_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"PK\3\4")))
    assert read_bytes("-") == b"PK\3\4"


def test_of_a_huge_file_so_much_is_read_as_shows_that_it_is_too_large(tmp_path):
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(10 * MAX_BYTES)
    assert len(read_bytes(str(path))) == MAX_BYTES + 1


@pytest.mark.parametrize(("name", "says"), [("none", "There is no file"), (".", "is a folder; it needs to be a file.")])
def test_what_cannot_be_read_is_said(tmp_path, name, says):
    with pytest.raises(FileError, match=says):
        read_bytes(str(tmp_path / name))


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="all may be read here")
def test_a_file_without_permission_is_said(tmp_path):
    path = tmp_path / "locked"
    path.write_bytes(b"x")
    path.chmod(0)
    with pytest.raises(FileError, match="cannot be read: Permission denied"):
        read_bytes(str(path))


@pytest.mark.parametrize("output", ["x.csv", "x", "x.xls", "xlsx", "x.xlsx.zip"])
def test_a_workbook_goes_only_where_its_name_says_so(output):
    with pytest.raises(click.UsageError) as refused:
        check_workbook_output(output, "--annotate")
    assert refused.value.message == f"--annotate {output}: a workbook's name ends in .xlsx."


@pytest.mark.parametrize("output", [None, "x.xlsx", "X.XLSX"])
def test_elsewhere_it_may_go(output):
    check_workbook_output(output)


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_gets_no_workbook(monkeypatch, terminal):
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(out, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(sys, "stdout", out)
    if terminal:
        with pytest.raises(click.UsageError, match="A workbook is no text for a terminal; -o FILE"):
            check_workbook_output("-")
    else:
        check_workbook_output("-")


def test_no_theme_is_no_theme():
    assert read_theme_file(None) is None


def test_a_theme_that_is_none_is_refused(tmp_path):
    path = tmp_path / "theme.xlsx"
    path.write_bytes(b"no workbook")
    with pytest.raises(FileError):
        read_theme_file(str(path))
