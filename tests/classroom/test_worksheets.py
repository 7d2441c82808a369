"""A worksheet for each student: the same whenever it is made, and nothing in it that is not for them."""

import hashlib
import hmac
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from classroom.a_class import SECRET, TOML, assignment, given_numbers, work
from engines.package import Package
from workbook.filled import verified

from rnncalc.classroom.roster import Student
from rnncalc.classroom.worksheets import Order, make, make_worksheet

STUDENTS = [Student("s1", "Ada Lovelace", "ada@school.example"), Student("s2", "Bob Stone"), Student("s3")]
MORE = {
    "plain": "",
    "random h0": 'h0 = "random"',
    "a template": 'template = "pencil"',
    "an output bias": "output_bias = true",
}


def made(text=TOML, students=STUDENTS, **options):
    """Each student's worksheet, by id."""
    return {one.student.id: done.worksheet for one, done in make(assignment(text), students, **options)}


@pytest.fixture(scope="module")
def sheets():
    return made()


def unpacked(file):
    """Everything in a file, its own comments and names of parts included."""
    with zipfile.ZipFile(io.BytesIO(file)) as opened:
        parts = [name.encode() + opened.read(name) for name in opened.namelist()]
        return b"\n".join([file, opened.comment, *parts])


# ── always the same ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_run_makes_the_same_bytes(sheets):
    assert made() == sheets


def test_the_order_of_the_roster_and_who_else_is_in_it_change_nothing(sheets):
    others = [Student("new"), *reversed(STUDENTS), Student("S1")]
    found = made(students=others)
    assert {who: found[who] for who in sheets} == sheets


def test_an_executor_makes_the_same_bytes_in_the_order_of_the_roster(sheets):
    with ThreadPoolExecutor(2) as pool:
        found = made(executor=pool)
    assert list(found.items()) == list(sheets.items())


def test_each_has_numbers_of_their_own(sheets):
    seen = [given_numbers(Package(file)) for file in sheets.values()]
    for i, one in enumerate(seen):
        for other in seen[i + 1 :]:
            assert (one["Wxh"] != other["Wxh"]).mean() > 0.5


def test_the_same_for_all_is_one_and_the_same_file():
    found = set(made(TOML.replace("decimals = 4\n[", "decimals = 4\nsame = true\n[")).values())
    assert len(found) == 1


# ── what is in it ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("what", MORE)
@pytest.mark.parametrize("paper", [False, True])
def test_the_secret_and_what_is_made_of_it_never_stand_in_a_worksheet(what, paper):
    text = TOML.replace('text = "hello"', f'text = "hello"\n{MORE[what]}')
    hw1 = assignment(text)
    for who, file in made(text, paper=paper).items():
        everything = unpacked(file).lower()
        for draw in range(5):
            seed = hmac.new(SECRET.encode(), f"{who}\n{draw}".encode(), hashlib.sha256)
            for told in (seed.hexdigest()[:16].encode(), seed.digest()[:8], str(int(seed.hexdigest(), 16)).encode()):
                assert told not in everything
        assert SECRET.encode() not in everything
        assert SECRET.encode("utf-16-le") not in everything
        assert hw1.pseudonym(who).encode() not in everything
        assert b"seed" not in everything


def test_no_answer_stands_in_a_worksheet(sheets):
    for file in sheets.values():
        report = verified(file)
        assert set(report.counts) == {"blank"}
        package = Package(file)
        stored = {value for title, cells in package.cells.items() for cell in cells
                  if isinstance(value := package.value(title, cell), float)}  # fmt: skip
        answers = work(given_numbers(package)).numbers
        rare = {name: numbers for name, numbers in answers.items() if name[:2] in ("h_", "p_", "lo")}
        shown = [
            number
            for numbers in rare.values()
            for number in numbers.ravel()
            if any(abs(number - v) < 1e-9 for v in stored)
        ]
        assert shown == []


def test_no_other_student_stands_in_a_worksheet(sheets):
    for who, file in sheets.items():
        everything = unpacked(file)
        for other in STUDENTS:
            for told in (other.name, other.email):
                if told and other.id != who:
                    assert told.encode() not in everything


def test_the_first_page_says_whose_it_is_unless_names_are_left_off(sheets):
    assert b"Ada Lovelace (s1)" in unpacked(sheets["s1"])
    nameless = unpacked(made(named=False)["s1"])
    assert b"Ada" not in nameless
    assert b">s1<" in nameless


@pytest.mark.parametrize(
    "name", ["=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "<script>", "a\x00b\x1bc", "\u202eabc", "x" * 300, "😀"]
)
def test_a_name_is_text_in_a_worksheet_and_never_a_formula(name):
    (file,) = made(students=[Student("=1+1", name)]).values()
    formulas = " ".join(formula for _, _, formula in Package(file).formulas())
    assert "cmd" not in formulas
    assert "1+1" not in formulas.replace(" ", "")
    assert set(verified(file).counts) == {"blank"}


def test_paper_has_the_same_numbers(sheets):
    order = Order(assignment(TOML), STUDENTS[0], True, False, True)
    paper, *_ = make_worksheet(order)
    one, other = given_numbers(Package(paper)), given_numbers(Package(sheets["s1"]))
    assert all((one[name] == other[name]).all() for name in other)
    assert paper != sheets["s1"]


def test_every_students_file_has_a_name_of_its_own():
    ids = ["../x", "CON", "con", "a/b", "x" * 300, "😀", "=cmd", "s1"]
    files = [one.file for one, _ in make(assignment(TOML)._replace(same=True), [Student(one) for one in ids])]
    assert len({file.casefold() for file in files}) == len(ids)
    assert all(file.endswith(".xlsx") and "/" not in file and "\\" not in file and len(file) < 100 for file in files)
