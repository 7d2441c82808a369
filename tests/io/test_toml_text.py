"""TOML has limits, in every place where it is read: a sentence comes soon, and what is within them is read."""

import time
from pathlib import Path

import pytest
from engines.package import MAIN, Package
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.errors import FileError
from rnncalc.io import toml_text
from rnncalc.io.toml_text import MAX_BYTES, MAX_DEPTH, MAX_DIGITS

HOSTILE = {
    "no text": "\0" * 100,
    "too large": "#" * (MAX_BYTES + 1),
    "a whole number of 5,000 digits": "a = " + "9" * 5000,
    "a whole number of 2,000 digits": "a = " + "9" * 2000,
    "a negative one in a list": "a = [1, [2, -" + "9" * 2000 + "]]",
    "a hexadecimal one": "a = 0x" + "f" * 5000,
    "keys in keys": "a." * 10_000 + "a = 1",
    "keys in keys in a table": "t = {" + "a." * 10_000 + "a = 1}",
    "a heading of keys in keys": "[" + "a." * 10_000 + "a]",
    "keys in keys with blanks": "a . " * 10_000 + "a = 1",
    "quoted keys in keys": '"a".' * 10_000 + "a = 1",
    "keys in keys, very many": "a." * 5_000_000 + "a = 1",
    "lists in lists": "a = " + "[" * 10_000 + "]" * 10_000,
    "tables in tables": "a = " + "{a = " * 10_000 + "1" + "}" * 10_000,
    "lists in lists, not so many": "a = " + "[" * 100 + "]" * 100,
}


OF_ASSIGNMENTS = ["assignment preview x.toml", "grade x.toml y -o z", "assignment gradescope x.toml"]
TRIED = [
    (name, command)
    for number, name in enumerate(HOSTILE)
    for command in ("forward -t x.toml", OF_ASSIGNMENTS[number % 3])
]
"""Each as a problem and as an assignment, which the commands read in turns."""


@pytest.mark.parametrize(("name", "command"), TRIED)
def test_a_hostile_file_is_a_sentence_and_soon(rnncalc, tmp_path, monkeypatch, name, command):
    monkeypatch.chdir(tmp_path)
    Path("x.toml").write_text(HOSTILE[name], encoding="utf-8")
    begun = time.process_time()
    done = rnncalc(*command.split())
    assert time.process_time() - begun < 10
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("Error: x.toml ")
    assert len(done.err) < 300
    assert [path.name for path in tmp_path.iterdir()] == ["x.toml"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="/dev/zero is POSIX's")
@pytest.mark.parametrize("command", [["forward", "-t"], ["assignment", "preview"]])
def test_a_file_without_end(rnncalc, command, tmp_path):
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    done = rnncalc(*command, str(tmp_path / "zero.toml"))
    assert done.code == 3
    assert "is larger than 50 MB" in done.err


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "too large"])
def test_a_hostile_problem_in_a_workbook(rnncalc, tmp_path, monkeypatch, name):
    """What a cell can hold of it."""
    monkeypatch.chdir(tmp_path)
    rnncalc("worksheet", "hello", "-o", "w.xlsx")
    book = Package(Path("w.xlsx").read_bytes())
    cell = book.cell("problem_text")
    cell.set("t", "inlineStr")
    cell[:] = []
    text = cell.makeelement(f"{MAIN}t", {})
    text.text = HOSTILE[name][:32_000].replace("\0", "\1".strip("\1") or "?")
    line = cell.makeelement(f"{MAIN}is", {})
    line.append(text)
    cell.append(line)
    Path("h.xlsx").write_bytes(book.to_bytes())
    done = rnncalc("verify", "h.xlsx")
    assert (done.code, done.out) == (3, "")
    assert len([one for one in done.err.splitlines() if one.startswith("Error: ")]) == 1


VALUES = st.recursive(
    st.integers(-(10 ** (MAX_DIGITS - 1)), 10 ** (MAX_DIGITS - 1)) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_within_the_limits_is_read_as_it_stands(value):
    assert toml_text.parse(f"[a.b]\nc = {toml_text.to_value(value)}", "x") == {"a": {"b": {"c": value}}}


@pytest.mark.parametrize(("depth", "is_read"), [(MAX_DEPTH - 1, True), (MAX_DEPTH, False)])
def test_the_deepest(depth, is_read):
    text = ".".join("a" * depth) + " = 1"
    if is_read:
        assert toml_text.parse(text, "x")
    else:
        with pytest.raises(FileError, match="nested too deeply"):
            toml_text.parse(text, "x")


def test_a_text_with_many_points_is_a_text():
    text = "a." * 5000
    assert toml_text.parse(f'text = "{text}"', "x") == {"text": text}


@pytest.mark.parametrize("command", ["forward", "backward", "update", "gradcheck", "export", "worksheet"])
def test_a_text_that_nobody_can_look_at_is_refused_soon(rnncalc, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    begun = time.process_time()
    done = rnncalc(command, "-", stdin=b"hello " * 1_600_000)
    assert time.process_time() - begun < 20
    assert (done.code, done.out) == (2, "")
    assert "text has 9,600,000 letters; the limit is 100,000; rnncalc train --text FILE can read more." in done.err
    assert not list(tmp_path.iterdir())


@given(st.text() | st.floats(allow_nan=False) | st.lists(st.text() | st.booleans()))
def test_what_is_written_is_read_back(value):
    lines = toml_text.to_lines({"key": value, "not there": None, "dW*": 1})
    assert toml_text.parse("\n".join(lines), "x") == {"key": value, "dW*": 1}
