"""The teacher's own points: what a file of them says, and what is refused."""

import pytest
from classroom.a_class import assignment
from classroom.test_grades import ADA, DUE

from rnncalc.classroom.grade_records import Override
from rnncalc.classroom.overrides import read_overrides
from rnncalc.errors import FileError


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("student,points\ns1,1\n", "no column question"),
        ("question,points\nloss,1\n", "no column student"),
        ("student,question,points\ns2,loss,1\n", "line 2: there is no student 's2'"),
        (
            "student,question,points\ns1,loss,1\ns1,forward,1\n",
            "line 3: there is no question 'forward'; the questions are loss",
        ),
        ("student,question,points\ns1,loss,full\n", "line 2: 'full' is not a number of points"),
        ("student,question,points\ns1,loss,\n", "line 2: '' is not a number of points"),
        ("student,question,points\ns1,loss,-1\n", "line 2: -1 points are out of range"),
        ("student,question,points\ns1,loss,nan\n", "line 2: nan points are out of range"),
        ("student,question,points\ns1,loss,inf\n", "line 2: inf points are out of range"),
        ('student,question,points\ns1,loss,"9,5"\n', "line 2: '9,5' is not a number of points"),
        ("student,question,points,reason\ns1,loss,9,5,talked\n", "line 2: there are more cells than headings"),
        ("student,question,points,reason\ns1,loss,9,seen, on paper\n", "line 2: there are more cells than headings"),
        ("student;question;points\ns1;loss;1.234,5\n", "line 2: '1.234,5' is not a number of points"),
        ("", "is empty"),
    ],
)
def test_overrides_that_mean_nothing_are_refused_by_file_and_line(text, says):
    with pytest.raises(FileError, match=f"overrides.csv.*{says}") as raised:
        read_overrides(text.encode(), "overrides.csv", assignment(DUE.format(due="2026-12-01T00:00:00Z")), [ADA])
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_points_with_a_decimal_comma_are_read_where_no_comma_parts_the_columns(delimiter):
    text = "student;question;points;reason\ns1;loss;9,5;seen, on paper\n".replace(";", delimiter)
    hw1 = assignment(DUE.format(due="2026-12-01T00:00:00Z"))
    assert read_overrides(text.encode(), "own.csv", hw1, [ADA]) == {"s1": {"loss": Override(9.5, "seen, on paper")}}


def test_all_bad_lines_of_overrides_are_told_at_once():
    text = "student,question,points\ns2,loss,1\ns1,loss,2\ns1,lss,many\ns1,loss,-3\n"
    with pytest.raises(FileError) as raised:
        read_overrides(text.encode(), "own.csv", assignment(DUE.format(due="2026-12-01T00:00:00Z")), [ADA])
    assert str(raised.value).splitlines() == [
        "own.csv, line 2: there is no student 's2' in the roster.",
        "own.csv, line 4: there is no question 'lss'; the questions are loss.",
        "own.csv, line 4: 'many' is not a number of points.",
        "own.csv, line 5: -3 points are out of range.",
    ]
