"""Grades: what lateness costs, and that the teacher's own points win."""

import pytest
from classroom.a_class import POINTS, assignment, classroom
from classroom.test_grading import SMALL, handed

from rnncalc.classroom.grade_records import Override
from rnncalc.classroom.grades import days_late, grades
from rnncalc.classroom.grading import grade
from rnncalc.classroom.intake.files import Handed
from rnncalc.classroom.overrides import read_overrides
from rnncalc.classroom.roster import Student

DUE = """\
secret = "a secret that nobody guesses"
[worksheet]
ask = ["loss"]
[points]
loss = 20
[late]
due = {due}
per_day = 0.1
cap = 0.25
"""
ADA = Student("s1", "Ada Lovelace", "ada@school.example")


def late(submitted, *, due="2026-12-01T23:59:00Z", flagged=False):
    hw1 = assignment(DUE.format(due=due))
    one = Handed("s1.xlsx", None, "", (), late=flagged, submitted=submitted)
    (found,) = grades(hw1, [ADA], {"s1": one}, {}, {"s1": {"loss": Override(20.0, "")}})
    return found.days_late, found.penalty, found.total


@pytest.mark.parametrize(
    ("submitted", "days", "penalty"),
    [
        ("2026-11-20T08:00:00+00:00", 0, 0.0),
        ("2026-12-01T23:59:00+00:00", 0, 0.0),
        ("2026-12-01T23:59:00.000001+00:00", 1, 2.0),
        ("2026-12-02T23:59:00+00:00", 1, 2.0),
        ("2026-12-02T23:59:01+00:00", 2, 4.0),
        ("2026-12-03T23:59:01+00:00", 3, 5.0),
        ("2027-12-03T23:59:01+00:00", 368, 5.0),
        ("2026-12-02T00:59:00+01:00", 0, 0.0),
        ("2026-12-01T23:59:00-01:00", 1, 2.0),
        ("2026-12-01T23:59:00", 0, 0.0),
        ("2026-12-01T23:59:01", 1, 2.0),
    ],
)
def test_lateness_costs_its_share_for_each_day_begun_and_at_most_the_cap(submitted, days, penalty):
    assert late(submitted) == (days, penalty, 20.0 - penalty)


def test_a_moment_without_a_zone_is_one_of_the_due_moments_zone():
    assert late("2026-12-01T23:59:00", due="2026-12-01T23:59:00-08:00")[0] == 0
    assert late("2026-12-02T08:00:00+00:00", due="2026-12-01T23:59:00-08:00")[0] == 1


def test_a_file_marked_late_without_a_moment_is_one_day_late():
    assert late("", flagged=True) == (1, 2.0, 18.0)
    assert late("2026-12-01T20:00:00Z", flagged=True) == (0, 0.0, 20.0)


def test_nothing_is_late_that_was_not_handed_in():
    hw1 = assignment(DUE.format(due="2020-01-01T00:00:00Z"))
    (found,) = grades(hw1, [ADA], {}, {}, {})
    assert (found.days_late, found.penalty, found.total) == (0, 0.0, 0.0)


def test_days_are_counted_across_a_change_of_clocks():
    """By elapsed time: an autumn day of 25 hours is no reason for a second day."""
    hw1 = assignment(DUE.format(due="2026-10-24T23:59:00+02:00"))
    assert days_late(hw1, Handed("f", None, "", (), submitted="2026-10-25T22:59:00+01:00")) == 1


def test_the_teachers_own_points_win(tmp_path):
    room = classroom(SMALL)
    graded = grade(room.assignment, handed(tmp_path, room.handed_in), draws=room.draws).graded
    text = "Student, Question ,POINTS,reason\ns001,loss,1.5,seen on paper\ns003,wx_*,9,bonus\n"
    own = read_overrides(text.encode(), "overrides.csv", room.assignment, [one.student for one in room.enrolled])
    students = [one.student for one in room.enrolled]
    before, after = (grades(room.assignment, students, {}, graded, o) for o in ({}, own))
    for old, new in zip(before, after, strict=True):
        expected = {question: old.points(question) for question in POINTS}
        expected |= {"s001": {"loss": 1.5}, "s003": {"wx_*": 9.0}}.get(new.student.id, {})
        assert {question: new.points(question) for question in POINTS} == expected
        assert new.raw == pytest.approx(sum(expected.values()), abs=1e-4)
    assert own["s001"]["loss"].reason == "seen on paper"
