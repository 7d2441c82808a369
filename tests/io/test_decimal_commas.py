"""Files of numbers as spreadsheets of other languages save them: the same numbers as with points."""

from random import Random

import pytest

from rnncalc.errors import FileError
from rnncalc.problems.number_file import read_numbers

RANDOM = Random(9)
ROWS = [[round(RANDOM.uniform(-3, 3), RANDOM.randint(0, 5)) for _ in range(3)] for _ in range(12)]


@pytest.mark.parametrize("dash", ["-", "−", "–"])
@pytest.mark.parametrize("between", [";", "\t", "; "])
@pytest.mark.parametrize("heading", ["", "first{0}second{0}third\n"])
def test_decimal_commas_are_read(tmp_path, between, dash, heading):
    lines = [between.join(f"{n}".replace(".", ",").replace("-", dash) for n in row) for row in ROWS]
    path = tmp_path / "numbers.csv"
    path.write_text(heading.format(between) + "\n".join(lines) + "\n", encoding="utf-8")
    rows, notes = read_numbers(str(path))
    assert rows == ROWS
    assert len(notes) == bool(heading)


def test_quoted_decimal_commas_are_read(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text('"0,5","1,25"\n"1,125","-2"\n', encoding="utf-8")
    assert read_numbers(str(path))[0] == [[0.5, 1.25], [1.125, -2.0]]


def test_a_comma_that_could_be_either_is_told(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("1;2\n1,234;2,345\n", encoding="utf-8")
    with pytest.raises(FileError, match=r"line 2: '1,234' is not a finite number; write it with a point, 1\.234\.$"):
        read_numbers(str(path))


def test_points_with_commas_between_stay_as_they_were(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in ROWS), encoding="utf-8")
    assert read_numbers(str(path))[0] == ROWS
