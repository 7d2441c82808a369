"""Hints at where files may have come from, which are told and change no mark."""

import operator
from fractions import Fraction
from itertools import combinations

import pytest
from classroom.a_class import TOML, assignment, classroom, contents, given_numbers, read_rows, work
from classroom.finished import marked
from engines.package import Package
from hypothesis import given
from hypothesis import strategies as st
from workbook.filled import by_openpyxl, edit, fill_in, saved, stored

from rnncalc.classroom.grading import Task, grade_file
from rnncalc.classroom.intake.owners_by_numbers import problem_digest
from rnncalc.classroom.similarity.hints import hints, rows
from rnncalc.classroom.similarity.stored_values import constant_value

SMALL = 24
OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def graded(files):
    """Files of the class, each marked as the pupil's that it is filed under."""
    room = classroom(SMALL)
    classmates = tuple(room.draws.items())
    return {
        who: grade_file(Task(room.assignment, who, room.draws[who], f"{who}.xlsx", file, "d", classmates=classmates))
        for who, file in files.items()
    }


def told(found, *, same=False):
    """Whom the hints name, and what they say."""
    room = classroom(SMALL)
    return [(hint.students, hint.says) for hint in hints(room.assignment._replace(same=same), room.draws, found)]


# ── what stands beside a formula ──────────────────────────────────────────────────────────────────────────────────

FORMULAS = {
    "0": "although their formulas give other numbers, as if a program had written them",
    "0*1": "although their formulas give other numbers, as if a program had written them",
    "-(1+2)/4": "although their formulas give other numbers, as if a program had written them",
    "[1]Sheet1!B2": "that have links to another workbook",
    "'[1]My sheet'!B2": "that have links to another workbook",
    "'C:\\work\\[key.xlsx]hello'!$B$2+0": "that have links to another workbook",
}
HONEST = ["{}", "{}*1", "1*{}", "{}+0", "B2*C3", "SUM(B2:B4)", "Table1[Column]*Sheet2!A1", "TANH(0.5)"]


def beside(formula, places=2):
    """A right worksheet of s000's in which so many right numbers of h_1 stand beside a formula."""
    room = classroom(SMALL)
    sheet = room.sheets["s000"]
    right = fill_in(sheet, work(given_numbers(Package(sheet))).numbers, 4)
    hidden = work(given_numbers(Package(sheet))).numbers["h_1"]
    cells = {("h_1", i, 0): f"{round(float(hidden[i, 0]), 4)}" for i in range(places)}
    return edit(right, {place: stored(formula.format(number), number) for place, number in cells.items()})


@pytest.mark.parametrize("formula", FORMULAS)
def test_right_numbers_beside_formulas_that_do_not_lead_to_them_are_a_hint(formula):
    found = graded({"s000": beside(formula)})
    assert found["s000"].counts.get("wrong", 0) == 0
    ((who, says),) = told(found)
    assert who == ("s000",)
    assert says.startswith("Right numbers are stored in 2 places")
    assert FORMULAS[formula] in says


@pytest.mark.parametrize("formula", HONEST)
def test_formulas_that_lead_to_their_numbers_are_no_hint(formula):
    assert told(graded({"s000": beside(formula)})) == []


@given(st.recursive(
    st.integers(0, 99).map(lambda n: (str(n), Fraction(n))),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(
        lambda parts: (
            f"({parts[0][0]}{parts[1]}{parts[2][0]})",
            None if None in (parts[0][1], parts[2][1]) or (parts[1] == "/" and not parts[2][1])
            else OPERATIONS[parts[1]](parts[0][1], parts[2][1]),
        )
    ),
    max_leaves=8,
))  # fmt: skip
def test_a_formula_of_plain_numbers_gives_what_arithmetic_does(made):
    text, value = made
    found = constant_value(f"={text}")
    assert found is None if value is None else found == pytest.approx(float(value), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("formula", ["=B2", "=PI()", "=2^2", "=1,5", '="1"', "=", "=()", "=1+", "=9**9", "=e"])
def test_any_other_formula_gives_nothing(formula):
    assert constant_value(formula) is None


# ── from files ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_class_in_which_each_worked_alone_gives_no_hint():
    """Whoever wrote the same number everywhere aside: they do have equal wrong numbers."""
    files = classroom(SMALL).handed_in
    stock = {pupil.student.id for pupil in classroom(SMALL).pupils if pupil.manner in ("zeros", "ones")}
    assert told(graded({who: file for who, file in files.items() if who not in stock})) == []


def test_another_pupils_file_is_told_with_whose_numbers_it_holds():
    files = classroom(SMALL).handed_in
    found = graded({"s000": files["s000"], "s001": files["s000"], "s009": files["s009"]})
    assert told(found) == [(("s001", "s000"), "The file of s001 has the given numbers of s000.")]


def test_a_file_of_somebody_who_handed_in_nothing_is_told_as_theirs():
    assert told(graded({"s001": classroom(SMALL).handed_in["s009"]}))[0][0] == ("s001", "s009")


def test_another_pupils_numbers_on_ones_own_sheet_are_told():
    room = classroom(SMALL)
    answers = work(given_numbers(Package(room.sheets["s000"]))).numbers
    copied = {who: fill_in(room.sheets[who], answers, 4) for who in ("s001", "s002")}
    found = graded(copied)
    assert told(found) == [
        (
            (who, "s000"),
            f"The numbers in {found[who].copied['s000']} places are the right answers for s000's worksheet.",
        )
        for who in ("s001", "s002")
    ]


def test_numbers_of_no_variant_in_two_files_are_told():
    """Where the class is not known, from which they are, they are equal all the same."""
    room = classroom(SMALL)
    hw2 = assignment(TOML.replace("guesses", "guesses either"))
    trace = hw2.trace_of(hw2.problem_of("s000"))
    answers = {name: trace[name].value for name in work(given_numbers(Package(room.sheets["s000"]))).numbers}
    (hint,) = told(graded({who: fill_in(room.sheets[who], answers, 4) for who in ("s001", "s002")}))
    assert hint[0] == ("s001", "s002")
    assert "equal wrong numbers are in the same places" in hint[1]


def test_one_variant_that_is_nobodys_in_two_files_is_told():
    room = classroom(SMALL)
    hw2 = assignment(TOML.replace("guesses", "guesses either"))
    foreign = {name: hw2.problem_of("s000").arrays()[name] for name in ("Wxh", "Whh", "bh", "Why")}
    found = graded({who: fill_in(room.sheets[who], foreign) for who in ("s000", "s001")})
    assert told(found) == [(("s000", "s001"), "Their files have the same given numbers, which belong to no student.")]


def test_a_file_in_which_one_given_number_was_changed_is_not_taken_for_anothers():
    sheet = classroom(SMALL).handed_in["s000"]
    wrong = given_numbers(Package(sheet))["Wxh"]
    wrong[0, 0] += 1
    found = graded({"s000": fill_in(sheet, {"Wxh": wrong})})
    assert found["s000"].counts["given-changed"] == 1
    assert told(found) == []


def test_one_author_of_two_files_is_told():
    def by(author, sheet):
        workbook = by_openpyxl(sheet)
        workbook.properties.creator = author
        return saved(workbook)

    sheets = classroom(SMALL).sheets
    found = graded({
        "s000": by("Ada", sheets["s000"]), "s001": by("Bob", sheets["s001"]), "s002": by("Ada", sheets["s002"]),
        "s003": by("openpyxl", sheets["s003"]), "s004": by("openpyxl", sheets["s004"]), "s005": by("", sheets["s005"]),
    })  # fmt: skip
    assert told(found) == [(("s000", "s002"), "Their files name the same author, Ada.")]


def test_a_digest_is_of_the_numbers_and_of_nothing_else():
    room = classroom(SMALL)
    digests = {who: problem_digest(room.assignment.problem_of(who, room.draws[who])) for who in ("s000", "s001")}
    found = graded({who: room.sheets[who] for who in digests})
    assert {who: one.givens for who, one in found.items()} == digests
    assert len(set(digests.values())) == 2


def test_a_number_copied_in_one_place_is_told_in_words_of_one():
    found = {"s001": marked()._replace(student="s001", copied={"s000": 1})}
    assert told(found) == [(("s001", "s000"), "The numbers in 1 place are the right answers for s000's worksheet.")]


# ── from records ──────────────────────────────────────────────────────────────────────────────────────────────────


def typed(**numbers):
    return {who: marked()._replace(student=who, typed=list(wrong)) for who, wrong in numbers.items()}


@pytest.mark.parametrize(("shared", "hinted"), [(2, False), (3, True), (40, True)])
def test_so_many_equal_wrong_numbers_in_the_same_places_are_worth_a_look(shared, hinted):
    wrong = [f"h_{i}[1,1]=0.{i:04}" for i in range(1, shared + 1)]
    found = told(typed(a=[*wrong, "p_1[1,1]=1"], b=["p_1[1,1]=2", *wrong], c=["p_1[1,1]=3"]))
    assert [students for students, _ in found] == [("a", "b")] * hinted


def test_equal_numbers_in_other_places_are_no_hint():
    places = [f"h_{i}" for i in range(5)]
    assert told(typed(a=[f"{p}[1,1]=0.5" for p in places], b=[f"{p}[2,1]=0.5" for p in places])) == []


def test_what_half_the_class_typed_is_a_common_slip_and_no_hint():
    wrong = [f"h_{i}[1,1]=0.{i:04}" for i in range(1, 5)]
    assert told(typed(**{f"n{i}": wrong for i in range(25)})) == []
    several = told(typed(a=wrong, b=wrong, c=wrong))
    assert [students for students, _ in several] == list(combinations("abc", 2))


def test_where_all_have_the_same_weights_no_hint_is_made_of_them():
    changed = marked()._replace(counts={"given-changed": 5}, givens="0123")
    found = {"s000": changed, "s001": changed}
    assert len(told(found)) == 1
    assert told(found, same=True) == []


def test_lines_of_a_table():
    assert rows(hints(classroom(SMALL).assignment, {}, {})) == []
    found = graded({"s001": classroom(SMALL).handed_in["s000"]})
    assert rows(hints(classroom(SMALL).assignment, classroom(SMALL).draws, found)) == [
        ("s001, s000", "The file of s001 has the given numbers of s000.")
    ]


def test_a_hint_changes_no_mark(rnncalc, tmp_path):
    """Two files of one author, one of them with equal numbers: the marks are as without the other."""
    room = classroom(SMALL)
    grades = {}
    for pupils in (("s000", "s009"), ("s000", "s001", "s009")):
        folder = tmp_path / str(len(pupils))
        files = {who: room.handed_in[who] for who in pupils} | (
            {"s001": room.handed_in["s000"]} if "s001" in pupils else {}
        )
        hw1, handed_in = room._replace(handed_in=files).lay_out(folder)
        rnncalc("grade", str(hw1), str(handed_in), "-o", str(folder / "grades"))
        grades[pupils] = read_rows(folder / "grades" / "grades.csv")
        hinted = b"s001, s000" in contents(folder / "grades")["provenance.csv"]
        assert hinted == ("s001" in pupils)
    few, more = grades.values()
    assert {who: row for who, row in few.items() if who != "s001"} == {
        who: row for who, row in more.items() if who != "s001"
    }
