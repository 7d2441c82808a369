"""Files that people name: opened, unpacked, limited and decoded, with one sentence for each thing that fails."""

import gzip
import io
import os
import sys

import pytest

from rnncalc.errors import FileError, RnncalcError
from rnncalc.io.read import MAX_BYTES, MAX_LINE, decoded, first_bytes, numbered, open_text, opened, read_bytes


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
    assert len(first_bytes(str(path))) == MAX_BYTES + 1
    with pytest.raises(FileError, match=r"huge is larger than 25 MB\.$"):
        read_bytes(str(path))


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


def test_a_file_that_is_called_as_standard_input_is_read_by_its_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-").write_bytes(b"mine")
    assert read_bytes((tmp_path / "-").relative_to(tmp_path)) == b"mine"


def test_what_a_command_says_of_a_file_stands_in_the_sentence(tmp_path):
    with pytest.raises(FileError, match=r"^There is no file .*none; make one\.$"):
        read_bytes(tmp_path / "none", missing="; make one")
    with pytest.raises(FileError, match=r"is a folder; it needs to be a table\.$"):
        read_bytes(tmp_path, needs="a table")
    (tmp_path / "big").write_bytes(bytes(2_000_001))
    with pytest.raises(FileError, match=r"big is larger than 2 MB; a table is small\.$"):
        read_bytes(tmp_path / "big", 2_000_000, hint="; a table is small")
    with pytest.raises(FileError, match="cannot be read: embedded null byte"):
        read_bytes("a\0b")


def test_a_packed_file_is_read_as_what_is_in_it_and_a_damaged_one_is_said(tmp_path):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"text" * 99))
    assert read_bytes(path, packed=True) == b"text" * 99
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(FileError, match=r"x\.gz is damaged or incomplete: it cannot be unpacked\.$"):
        read_bytes(path, packed=True)


def test_what_fails_while_a_file_is_open_is_said_of_the_file(tmp_path):
    (tmp_path / "x").touch()
    with pytest.raises(FileError, match="x cannot be read: gone"), opened(tmp_path / "x"):
        raise OSError(5, "gone")


@pytest.mark.parametrize(
    ("content", "encoding", "says"),
    [
        (b"ab\xff", "utf-8", r"^x is not UTF-8 text \(byte 3\); save it as UTF-8\.$"),
        (b"ab\xff", "UTF8", r"^x is not UTF-8 text"),
        ("ab".encode("utf-16"), "utf-8", r"^x is UTF-16 text, not UTF-8; save it as UTF-8\.$"),
        ("ab".encode("utf-16-le"), "utf-8", r"^x is UTF-16-LE text, not UTF-8"),
        (b"ab\x81", "cp1252", r"^x is not cp1252 text \(byte 3\)"),
        (b"ab", "undefined", r"^x is not undefined text; save it"),
    ],
)
def test_what_is_no_text_is_said(content, encoding, says):
    with pytest.raises(FileError, match=says):
        decoded(content, "x", encoding)


@pytest.mark.parametrize("encoding", ["none", "a\0b", "rot13"])
def test_an_encoding_that_there_is_not(tmp_path, encoding):
    (tmp_path / "x").write_bytes(b"ab")
    with pytest.raises(RnncalcError, match="There is no encoding"):
        decoded(b"ab", "x", encoding)
    with pytest.raises(RnncalcError, match="There is no encoding"), open_text(tmp_path / "x", encoding):
        pytest.fail("opened")


def test_text_loses_its_mark_and_keeps_its_line_ends():
    assert decoded(b"\xef\xbb\xbfa\r\nb", "x") == "a\r\nb"


def test_lines_are_numbered_and_one_without_end_is_refused(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("a\nb\n" + "c" * MAX_LINE, encoding="utf-8")
    lines = []
    with pytest.raises(FileError, match=r"line 3 is longer than 100,000 letters"), open_text(path, "utf-8") as text:
        lines.extend(numbered(text, path))
    with open_text(path, "utf-8") as text:
        every = numbered(text, path)
        assert [next(every), next(every)] == [(1, "a\n"), (2, "b\n")]
