"""Marks: the class worked by hand, what each number earns, lateness, overrides, and that no file touches another."""

import gc
import tracemalloc
import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from classroom.a_class import (
    POINTS,
    assignment,
    classroom,
    contents,
    given_numbers,
    hostile_files,
    pupils,
    read_rows,
    to_digits,
    work,
)
from engines.package import Package, set_text
from workbook.filled import fill_in

from rnncalc.classroom import grading
from rnncalc.classroom.grade_records import Graded, Override, Records, to_step
from rnncalc.classroom.grades import grades
from rnncalc.classroom.grading import Task, grade, grade_file
from rnncalc.classroom.intake.files import Handed, Trouble
from rnncalc.classroom.points_in_words import points_text
from rnncalc.classroom.roster import Student
from rnncalc.classroom.worksheets import Enrolled, Order, make_worksheet

SMALL = 24
"""Every habit of the class once."""
WHOLE = 80
"""Every habit at every step."""


def handed(folder, files):
    """Files in a folder, as they are found there."""
    folder.mkdir(exist_ok=True)
    found = {}
    for who, content in files.items():
        path = folder / f"{who}.xlsx"
        path.write_bytes(content)
        found[who] = Handed(path.name, path, "", ())
    return found


def copied(who, whose):
    """The worksheet of one pupil with the right numbers of another."""
    sheets = classroom(SMALL).sheets
    return fill_in(sheets[who], work(given_numbers(Package(sheets[whose]))).numbers, 4)


def points(graded):
    return {question.name: question.points for question in graded.questions}


def marked(content, who="s000", hw1=None, draw=None):
    """One file of the class, marked as that of a pupil."""
    room = classroom(SMALL)
    return grade_file(Task(hw1 or room.assignment, who, room.draws[who] if draw is None else draw, "f", content, "d"))


def same_points(found, expected):
    return all(abs(found[question] - expected[question]) <= 0.5001e-4 for question in POINTS)


# ── the class ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_mark_of_a_class_is_the_one_worked_by_hand_with_50_hostile_files_among_them(rnncalc, tmp_path):
    room = classroom(WHOLE)
    strangers = {f"x{i:02}": content for i, content in enumerate(hostile_files())}
    enrolled = [*room.enrolled, *(Enrolled(Student(who), "", False, 0) for who in strangers)]
    hw1, folder = room._replace(enrolled=enrolled, handed_in=room.handed_in | strangers).lay_out(tmp_path)
    done = rnncalc("grade", str(hw1), str(folder), "-o", str(tmp_path / "grades"))
    assert done.code == 1, done.err
    found = read_rows(tmp_path / "grades" / "grades.csv")
    assert list(found) == [one.student.id for one in enrolled]
    unlike = {}
    for pupil in room.pupils:
        row, by_hand = found[pupil.student.id], pupil.points(room.sheets[pupil.student.id])
        expected = {**by_hand, "total": sum(by_hand.values()), "out of": sum(POINTS.values())}
        shown = {column: float(row[column]) for column in expected}
        if any(abs(shown[column] - expected[column]) > 2.5e-4 for column in expected):
            unlike[pupil.student.id, pupil.manner, *pupil.slips.items()] = (shown, expected)
    assert not unlike
    assert {(found[who]["verdict"], found[who]["total"]) for who in strangers} == {("not marked", "0")}
    assert set(read_rows(tmp_path / "grades" / "problems.csv", "student")) == set(strangers)


def test_the_slips_of_the_class_show():
    """So that the test above is of slips that are there."""
    counted = Counter()
    given = given_numbers(Package(classroom(SMALL).sheets["s000"]))
    for pupil in pupils(92):
        slipped = work(given, pupil.slips, rounds=pupil.rounds).slipped
        counted.update(kind for name, kind in pupil.slips.items() if slipped[name].any())
    assert min(counted.values()) >= 3
    assert len(counted) == 8


def test_hostile_files_change_no_byte_of_the_others(tmp_path):
    room = classroom(SMALL)
    alone = grade(room.assignment, handed(tmp_path / "a", room.handed_in), draws=room.draws)
    files = {}
    for i, (who, content) in enumerate(room.handed_in.items()):
        files |= {f"x{i}": hostile_files()[i], who: content}
    among = grade(room.assignment, handed(tmp_path / "b", files), draws=room.draws)
    assert among.graded == alone.graded
    assert [one.student for one in among.troubles] == [f"x{i}" for i in range(SMALL)]
    assert all(one.says.endswith(".") and "\n" not in one.says for one in among.troubles)


@pytest.mark.parametrize("error", [KeyError, AttributeError, OSError, zlib.error, MemoryError, RecursionError])
def test_whatever_goes_wrong_with_one_file_the_rest_go_on(tmp_path, monkeypatch, error):
    def fails_once(content, name, *of_whom):
        if name == "s001.xlsx":
            raise error("of an unexpected kind")
        return read(content, name, *of_whom)

    read = grading.read_as
    monkeypatch.setattr(grading, "read_as", fails_once)
    room = classroom(SMALL)
    files = {who: room.handed_in[who] for who in ("s000", "s001", "s010")}
    outcome = grade(room.assignment, handed(tmp_path, files), draws=room.draws)
    assert list(outcome.graded) == ["s000", "s010"]
    assert [(one.file, one.student) for one in outcome.troubles] == [("s001.xlsx", "s001")]


def test_a_file_that_is_gone_is_told_and_the_rest_go_on(tmp_path):
    room = classroom(SMALL)
    found = handed(tmp_path, {who: room.handed_in[who] for who in ("s000", "s001")})
    found["s000"].source.unlink()
    outcome = grade(room.assignment, found, draws=room.draws)
    assert list(outcome.graded) == ["s001"]
    assert [one.student for one in outcome.troubles] == ["s000"]


# ── what a number earns ───────────────────────────────────────────────────────────────────────────────────────────

ONE_SLIP = """\
secret = "a secret that nobody guesses"
[problem]
text = "hello"
weight_decimals = 2
[worksheet]
ask = ["forward"]
[points]
wh_2 = 6
y_2 = 4
[credit]
rounded = 0.75
carried = {carried}
[penalties]
{penalties}
"""


def one_slip(slips, *, carried=0.25, penalties="", rounds=False, who="s1"):
    """The points where a pupil made these slips, what was written, and what is right."""
    hw1 = assignment(ONE_SLIP.format(carried=carried, penalties=penalties))
    sheet, _, draws = make_worksheet(Order(hw1, Student(who), False, False, False))
    given = given_numbers(Package(sheet))
    written = {name: to_digits(a) for name, a in work(given, slips, rounds=rounds).numbers.items()}
    found = grade_file(Task(hw1, who, draws - 1, "f", fill_in(sheet, forward(written)), "d"))
    return points(found), written, work(given).numbers


def forward(numbers):
    return {name: array for name, array in numbers.items() if not name.startswith("loss")}


def test_a_slip_is_paid_for_once_where_carried_numbers_earn_all():
    assert one_slip({"wh_2": "bias-left-out"}, carried=1.0)[0] == {"wh_2": 0.0, "y_2": 4.0}


def test_carried_numbers_earn_their_share():
    assert one_slip({"wh_2": "bias-left-out"})[0] == {"wh_2": 0.0, "y_2": 1.0}


def test_numbers_rounded_early_earn_their_share_and_not_that_of_carried_ones():
    early = 0
    for who in ("s1", "s2", "s3", "s4"):
        found, written, right = one_slip({}, rounds=True, who=who)
        off = np.abs(written["y_2"] - right["y_2"]) > 0.5e-4
        early += off.sum()
        assert found["y_2"] == 4.0 * np.where(off, 0.75, 1.0).mean()
    assert early > 0


@pytest.mark.parametrize(("penalty", "earns"), [("0.5", 3.0), ("0.25", 4.5), ("0", 6.0), ("1", 0.0)])
def test_a_known_mistake_loses_what_the_assignment_says(penalty, earns):
    assert one_slip({"wh_2": "bias-left-out"}, penalties=f"bias-left-out = {penalty}")[0]["wh_2"] == earns


def test_the_penalty_of_another_mistake_is_none():
    assert one_slip({"wh_2": "bias-left-out"}, penalties="bias-twice = 0.1")[0]["wh_2"] == 0.0


def test_two_slips_are_paid_for_twice():
    found, _, _ = one_slip({"wh_2": "bias-left-out", "y_2": "invented"}, carried=1.0)
    assert found == {"wh_2": 0.0, "y_2": 3.0}


@pytest.mark.parametrize("stock", [0.0, 1.0, 0.5, -2.0])
def test_the_same_number_everywhere_earns_only_where_it_is_right(stock):
    room = classroom(SMALL)
    right = work(given_numbers(Package(room.sheets["s000"]))).numbers
    found = marked(fill_in(room.sheets["s000"], {name: np.full(a.shape, stock) for name, a in right.items()}))
    by_chance = sum(int((np.abs(a - stock) <= 0.5e-4).sum()) for a in right.values())
    assert (found.counts.get("correct", 0), found.counts.get("carried", 0)) == (by_chance, 0)


# ── whose problem it is ───────────────────────────────────────────────────────────────────────────────────────────


def right_by_chance(content, sheet):
    """The points that numbers earn which happen to be right on another worksheet."""
    right, package = work(given_numbers(Package(sheet))).numbers, Package(content)
    shares = {question: [] for question in POINTS}
    for name, numbers in right.items():
        title, area = package.area(name)
        for (i, j), number in np.ndenumerate(numbers):
            question = (
                name if name in POINTS else "wx_*" if name[:2] == "wx" else "loss" if "loss" in name else "forward"
            )
            shares[question].append(abs(float(package.value(title, area[i][j])) - number) <= 0.5e-4)
    return {question: POINTS[question] * sum(all_) / len(all_) for question, all_ in shares.items()}


def test_another_pupils_file_earns_what_is_right_by_chance_and_its_givens_are_told():
    room = classroom(SMALL)
    found = marked(room.handed_in["s000"], who="s001")
    assert found.counts["given-changed"] > 20
    assert any("given numbers do not belong" in note for note in found.notes)
    assert same_points(points(found), right_by_chance(room.handed_in["s000"], room.sheets["s001"]))


def test_weights_that_were_made_simple_earn_no_carried_credit():
    """All weights 0, and everything follows from them."""
    sheet = classroom(SMALL).sheets["s000"]
    given = given_numbers(Package(sheet))
    zeros = {name: 0 * numbers for name, numbers in given.items()}
    forged = fill_in(fill_in(sheet, zeros), work(zeros).numbers, 4)
    assert "carried" not in marked(forged).counts


def forged(content, name, lines):
    """A file with other lines in its text of the problem or the settings."""
    package = Package(content)
    title, area = package.area(name)
    for (address,), line in zip(area, [*lines, *[""] * len(area)], strict=False):
        set_text(package.cells[title][address], line)
    return package.to_bytes()


def told(content, name):
    package = Package(content)
    title, area = package.area(name)
    return [str(package.value(title, address)) for (address,) in area]


def test_the_problem_that_a_file_tells_changes_nothing():
    room = classroom(SMALL)
    own, other = room.handed_in["s000"], told(room.sheets["s001"], "problem_text")
    assert other != told(own, "problem_text")
    assert marked(forged(own, "problem_text", other)) == marked(own)


def test_a_problem_sheet_that_holds_nonsense_changes_nothing():
    own = classroom(SMALL).handed_in["s000"]
    assert marked(forged(own, "problem_text", ["nonsense ["])) == marked(own)
    assert marked(forged(own, "workbook_text", ["nonsense ["])) == marked(own)


def test_a_file_that_asks_for_less_is_missing_the_rest():
    sheet = classroom(SMALL).sheets["s000"]
    numbers = work(given_numbers(Package(sheet))).numbers
    content = fill_in(sheet, {"wx_1": numbers["wx_1"]}, 4)
    lines = ['kind = "worksheet"', 'asked = ["wx_1"]', "decimals = 4"]
    for one in (content, forged(content, "workbook_text", lines)):
        assert points(marked(one)) == {"forward": 0.0, "loss": 0.0, "h_2": 0.0, "wx_*": 1.5 / 4}


def test_a_file_without_the_name_of_an_answer_is_read_where_the_answer_stood():
    content = classroom(SMALL).handed_in["s000"]
    package = Package(content)
    package.parts["xl/workbook.xml"] = package.parts["xl/workbook.xml"].replace(b'name="h_2"', b'name="h_2_"')
    found, whole = marked(package.to_bytes()), marked(content)
    assert not isinstance(found, Trouble)
    assert not isinstance(whole, Trouble)
    assert found.questions == whole.questions


def test_the_decimals_that_a_file_tells_make_no_wrong_number_right():
    hw1 = assignment(
        ONE_SLIP.format(carried=1, penalties="").replace('["forward"]', '["p_4"]').replace("wh_2 = 6\ny_2", "p_4")
    )
    sheet, _, draws = make_worksheet(Order(hw1, Student("s1"), False, False, False))
    numbers = work(given_numbers(Package(sheet))).numbers["p_4"] + 0.0004
    content = fill_in(sheet, {"p_4": numbers}, 4)
    lines = ['kind = "worksheet"', 'asked = ["p_4"]', "decimals = 1"]
    for one in (content, forged(content, "workbook_text", lines)):
        found = grade_file(Task(hw1, "s1", draws - 1, "f", one, "d"))
        assert (dict(found.counts), points(found)) == ({"wrong": 4}, {"p_4": 0.0})


@pytest.mark.parametrize("setting", ["clip = 0.01", "clip_norm = 0.01", "truncate = 2"])
def test_an_assignment_with_settings_of_the_update_is_marked_by_them(setting):
    text = ONE_SLIP.format(carried=1, penalties="").replace("weight_decimals = 2", f"weight_decimals = 2\n{setting}")
    hw1 = assignment(text.replace('["forward"]', '["dWhh", "Whh_new"]').replace("wh_2 = 6\ny_2", "Whh_new"))
    sheet, _, draws = make_worksheet(Order(hw1, Student("s1"), False, False, False))
    found = grade_file(Task(hw1, "s1", draws - 1, "f", sheet, "d"))
    assert isinstance(found, Graded), found
    assert points(found) == {"Whh_new": 0.0}
    assert set(found.counts) == {"blank"}


# ── again, and in other places ────────────────────────────────────────────────────────────────────────────────────


def test_what_has_not_changed_is_not_marked_again_and_a_changed_file_alone_is(tmp_path):
    room = classroom(SMALL)
    files = {who: room.handed_in[who] for who in list(room.handed_in)[:6]}
    found = handed(tmp_path / "in", files)
    records = Records(tmp_path, {who: who for who in files})

    def keep(one):
        records.path(one.student).write_text(one.to_json(), encoding="utf-8")

    first = grade(room.assignment, found, draws=room.draws, keep=keep)
    kept = contents(tmp_path)
    again = grade(room.assignment, found, draws=room.draws, known=records.known, keep=keep)
    assert (first.anew, again.anew) == (6, 0)
    assert again.graded == first.graded
    assert contents(tmp_path) == kept
    found["s002"].source.write_bytes(room.sheets["s002"])
    changed = grade(room.assignment, found, draws=room.draws, known=records.known)
    assert changed.anew == 1
    assert [who for who in files if changed.graded[who] != first.graded[who]] == ["s002"]
    stricter = room.assignment._replace(credit={"rounded": 0.0, "carried": 0.0})
    assert grade(stricter, found, draws=room.draws, known=records.known).anew == 6


@pytest.mark.parametrize("record", ["", "{}", "null", "[]", '{"questions": 1}', "\udcff", "another pupil's"])
def test_a_record_that_is_none_of_this_pupil_is_marked_again(tmp_path, record):
    room = classroom(SMALL)
    found = handed(tmp_path, {"s000": room.handed_in["s000"]})
    expected = grade(room.assignment, found, draws=room.draws).graded["s000"]
    text = expected._replace(student="s001").to_json() if record == "another pupil's" else record
    (tmp_path / "s000.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    again = grade(room.assignment, found, draws=room.draws, known=Records(tmp_path, {"s000": "s000"}).known)
    assert (again.anew, again.graded["s000"]) == (1, expected)


def test_a_record_is_read_back_as_it_was(tmp_path):
    for who, content in list(classroom(SMALL).handed_in.items())[:12]:
        found = marked(content, who)
        assert Graded.from_json(found.to_json()).to_json() == found.to_json()


@pytest.fixture(scope="module")
def with_a_copier():
    """The class with a copier and a stranger's file in it, and its marks, worked in this process."""
    room = classroom(SMALL)
    files = {**room.handed_in, "s001": copied("s001", "s000"), "x": b"no workbook"}
    with TemporaryDirectory() as folder:
        return files, grade(room.assignment, handed(Path(folder), files), draws=room.draws)


@pytest.mark.parametrize(
    "executor",
    [lambda: ThreadPoolExecutor(2), lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn"))],
    ids=["threads", "processes"],
)
def test_any_executor_gives_the_same(tmp_path, executor, with_a_copier):
    room = classroom(SMALL)
    files, here = with_a_copier
    found = handed(tmp_path, files)
    told = []
    with executor() as pool:
        there = grade(
            room.assignment, found, draws=room.draws, executor=pool, workers=2, progress=lambda *now: told.append(now)
        )
    assert there == here
    assert here.graded["s001"].copied.keys() == {"s000"}
    assert list(there.graded) == list(room.handed_in)
    assert told == [(i, SMALL + 1) for i in range(1, SMALL + 2)]


def test_memory_hardly_grows_with_the_number_of_files(tmp_path):
    """What is kept of a file is less than the file, and the peak is that of marking one."""
    hw1 = assignment(ONE_SLIP.format(carried=1, penalties="").replace('["forward"]', '["wh_2", "y_2"]'))
    sheet, *_ = make_worksheet(Order(hw1, Student("s1"), False, False, False))

    def memory(count):
        found = handed(tmp_path, {f"n{i}": sheet for i in range(count)})
        gc.collect()
        tracemalloc.start()
        outcome = grade(hw1, found)
        peak = tracemalloc.get_traced_memory()[1]
        gc.collect()
        kept = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert len(outcome.graded) == count
        return peak, kept

    memory(1)  # what is imported and cached the first time
    (few, _), (many, kept) = memory(3), memory(12)
    assert many < 1.25 * few
    assert kept < 12 * len(sheet)


# ── rounded points ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("points", "step", "rounded"),
    [
        (19.6875, 0.0, 19.6875), (19.68754, 0.0, 19.6875), (19.6875, 0.01, 19.69), (19.6875, 0.25, 19.75),
        (19.6875, 0.5, 19.5), (19.6875, 1.0, 20.0), (0.125, 0.25, 0.25), (0.1249, 0.25, 0.0), (0.15, 0.1, 0.2),
        (1.005, 0.01, 1.01), (2.675, 0.01, 2.68), (0.0, 0.5, 0.0),
    ],
)  # fmt: skip
def test_points_are_rounded_to_the_nearest_step_and_a_half_upwards(points, step, rounded):
    assert to_step(points, step) == rounded


@pytest.mark.parametrize("step", [0.0, 0.01, 0.25, 0.4, 5.0])
def test_all_right_has_all_points_and_no_question_has_more(step):
    room = classroom(SMALL)
    hw1 = room.assignment._replace(step=step)
    right = work(given_numbers(Package(room.sheets["s000"]))).numbers
    assert points(marked(fill_in(room.sheets["s000"], right, 4), hw1=hw1)) == POINTS
    one_wrong = {**right, "wx_1": right["wx_1"] + 1, "wh_2": right["wh_2"] + 1, "loss": right["loss"] + 1}
    found = points(marked(fill_in(room.sheets["s000"], one_wrong, 4), hw1=hw1))
    assert all(found[question] <= possible for question, possible in POINTS.items())


@pytest.fixture(scope="module")
def marked_exactly(tmp_path_factory):
    """The class marked without steps and without lateness."""
    room = classroom(SMALL)
    return grade(room.assignment, handed(tmp_path_factory.mktemp("exact"), room.handed_in), draws=room.draws).graded


@pytest.mark.parametrize("step", [0.01, 0.25])
def test_a_total_is_the_sum_of_what_is_shown(tmp_path, step, marked_exactly):
    room = classroom(SMALL)
    late = room.assignment.late._replace(due=datetime(2026, 12, 1, tzinfo=UTC), per_day=0.07, cap=1.0)
    hw1 = room.assignment._replace(step=step, late=late)
    found = handed(tmp_path, room.handed_in)
    found = {who: one._replace(submitted="2026-12-01T10:00:00+00:00") for who, one in found.items()}
    students = [one.student for one in room.enrolled]
    graded = grade(hw1, found, draws=room.draws).graded
    for one in grades(hw1, students, found, graded, {"s001": {"loss": Override(1.5, "")}}):
        for question in POINTS:
            assert one.points(question) / step == pytest.approx(round(one.points(question) / step))
            if one.student.id != "s001":
                assert abs(one.points(question) - points(marked_exactly[one.student.id])[question]) <= step / 2 + 1e-4
        told = [float(points_text(one.points(question))) for question in POINTS]
        assert sum(told) == pytest.approx(float(points_text(one.raw)), abs=1e-9)
        assert sum(told) - float(points_text(one.penalty)) == pytest.approx(float(points_text(one.total)), abs=1e-9)
        assert one.total / step == pytest.approx(round(one.total / step))
        assert abs(one.penalty - 0.07 * one.raw) <= step / 2 + 1e-9
