"""A file is written whole or not at all; where a command's result goes is in tests/cli/test_output.py."""

import errno
import os

import pytest

from rnncalc.errors import FileError
from rnncalc.io.write import check_place, write_file


def test_a_place_that_is_free_is_left_as_it_is(tmp_path):
    check_place(tmp_path / "new.txt", force=False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_appears_meanwhile_is_left_alone(tmp_path, monkeypatch):
    path = tmp_path / "hello.txt"
    sync = os.fsync

    def appear(handle: int) -> None:
        path.write_text("theirs", encoding="utf-8")
        sync(handle)

    monkeypatch.setattr(os, "fsync", appear)
    with pytest.raises(FileError, match="already exists"):
        write_file(path, b"mine", force=False)
    assert [p.read_text(encoding="utf-8") for p in tmp_path.iterdir()] == ["theirs"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_what_is_replaced_keeps_its_rights_and_its_link(tmp_path):
    file, link = tmp_path / "file.txt", tmp_path / "link.txt"
    file.write_text("before", encoding="utf-8")
    file.chmod(0o640)
    link.symlink_to(file)
    write_file(link, b"after", force=True)
    assert (link.readlink(), file.read_bytes(), file.stat().st_mode & 0o777) == (file, b"after", 0o640)


def test_a_disk_that_is_full_leaves_the_file_that_stood_there(tmp_path, monkeypatch):
    path = tmp_path / "c.npz"
    path.write_bytes(b"before")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="Nothing was written"):
        write_file(path, b"after", force=True)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("c.npz", b"before")]
