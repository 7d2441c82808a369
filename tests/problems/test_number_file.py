"""Numbers from a file: what is a heading and what is a step, packed files, and encodings."""

import gzip
import zipfile
from pathlib import Path

import pytest

from rnncalc.errors import FileError
from rnncalc.problems.number_file import read_numbers

BROUGHT = Path(__file__).parents[1] / "data" / "brought"
STEPS = [[0.5, -1.0, 2.25], [1.0, 2.0, 3.5], [0.0, 1.0, 2.0]]


@pytest.fixture
def file(tmp_path):
    """Write a file and give its name."""

    def write(content: str | bytes, name: str = "reading.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return str(path)

    return write


def rows_of(steps: list[list[float]], between: str = ",") -> str:
    return "".join(between.join(f"{number:.2f}" for number in step) + "\n" for step in steps)


def test_the_file_that_pandas_writes_without_names():
    rows, notes = read_numbers(str(BROUGHT / "in9.csv"))
    assert rows == [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]
    assert notes == [f"Line 1 of {BROUGHT / 'in9.csv'} only counts the columns, so it is read as headings: 0, 1, 2."]


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize(("first", "width"), [(0, 2), (0, 3), (1, 3)])
def test_a_line_that_counts_the_columns_is_no_step(file, between, first, width):
    steps = [step[:width] for step in STEPS]
    head = between.join(str(first + i) for i in range(width))
    rows, notes = read_numbers(file(f"{head}\n{rows_of(steps, between)}"))
    assert rows == steps
    assert "only counts the columns, so it is read as headings" in notes[0]


@pytest.mark.parametrize("width", [2, 3])
def test_the_index_that_pandas_writes_is_no_column(file, width):
    lines = "".join(f"{i},{line}\n" for i, line in enumerate(rows_of([s[:width] for s in STEPS]).splitlines()))
    names = "".join(f",{i}" for i in range(width))
    rows, notes = read_numbers(file(f"{names}\n{lines}"))
    assert rows == [step[:width] for step in STEPS]
    assert "has no heading and only counts the rows, so it is left out" in notes[0]


@pytest.mark.parametrize("text", ["0,1\n1,0\n1,1\n", "0,1,2\n3,4,5\n", "1,2\n0.5,1.5\n", "0,1\n0.5,1\n"])
def test_what_may_be_a_step_by_chance_is_one_and_that_is_said(file, text):
    rows, notes = read_numbers(file(text))
    assert rows[0] == [float(field) for field in text.splitlines()[0].split(",")]
    assert "is read as step 1. If it is a heading, remove it." in notes[0]


@pytest.mark.parametrize("text", ["0.0,1.0\n0.5,0.5\n", "0\n0.8\n0.9\n", "2,1\n0.5,0.5\n", "0,1\n"])
def test_what_does_not_count_the_columns_is_step_1_without_a_word(file, text):
    rows, notes = read_numbers(file(text))
    assert (rows, notes) == ([[float(field) for field in line.split(",")] for line in text.splitlines()], [])


def test_packed_files_are_read_whatever_their_names(file, tmp_path):
    packed = file(gzip.compress(rows_of(STEPS).encode()), "reading.csv.gz")
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("__MACOSX/._reading.csv", "junk")
        archive.writestr("folder/reading.csv", rows_of(STEPS))
    for name in (packed, file(gzip.compress(rows_of(STEPS).encode()), "x.csv"), str(tmp_path / "one.zip")):
        assert read_numbers(name)[0] == STEPS


def test_a_zip_of_several_files_names_them(tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "1")
        archive.writestr("b.csv", "2")
    with pytest.raises(FileError, match=r"contains 2 files \(a\.csv, b\.csv\); it needs one"):
        read_numbers(str(tmp_path / "two.zip"))


@pytest.mark.parametrize("cut", [3, 12, 30])
def test_a_packed_file_that_ends_early_is_refused(file, cut):
    content = gzip.compress(rows_of(STEPS * 9).encode())[:-cut]
    with pytest.raises(FileError, match="it cannot be unpacked"):
        read_numbers(file(content))


@pytest.mark.parametrize(("encoding", "says"), [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16-LE"), ("utf-32", "UTF-32")])
def test_utf_16_is_named_for_what_it_is(file, encoding, says):
    with pytest.raises(FileError, match=f"is {says} text, not UTF-8; save it as CSV in UTF-8"):
        read_numbers(file(rows_of(STEPS).encode(encoding)))
