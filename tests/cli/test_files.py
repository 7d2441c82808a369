"""What workbooks are called, where they may go, and the themes that they take."""

import io
import sys

import click
import pytest

from rnncalc.cli.files import check_workbook_output, file_name, read_theme_file
from rnncalc.errors import FileError


@pytest.mark.parametrize(
    ("text", "name"),
    [("hello", "hello.xlsx"), ("a b", "a_b.xlsx"), ("", "text.xlsx"), ("NUL", "NUL_.xlsx"), ("COM10", "COM10.xlsx"),
     ("com1", "com1_.xlsx"), (".hidden", "hidden.xlsx"), ("-rf", "-rf.xlsx")],
)  # fmt: skip
def test_a_text_gives_a_name_that_every_system_takes(text, name):
    assert file_name(text) == name


@pytest.mark.parametrize("output", ["x.csv", "x", "x.xls", "xlsx", "x.xlsx.zip"])
def test_a_workbook_goes_only_where_its_name_says_so(output):
    with pytest.raises(click.UsageError) as refused:
        check_workbook_output(output, "--annotate")
    assert refused.value.message == f"--annotate {output}: the name of a workbook must end in .xlsx."


@pytest.mark.parametrize("output", [None, "x.xlsx", "X.XLSX"])
def test_elsewhere_it_may_go(output):
    check_workbook_output(output)


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_gets_no_workbook(monkeypatch, terminal):
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(out, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(sys, "stdout", out)
    if terminal:
        with pytest.raises(click.UsageError, match=r"A workbook cannot be shown in a terminal\. Use -o FILE\.xlsx"):
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
