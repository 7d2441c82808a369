"""A worksheet for each student: fair, their own, and the same whenever it is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

from rnncalc.classroom.assignment import Assignment, Page
from rnncalc.classroom.fairness import Variant, fair_variant
from rnncalc.classroom.roster import Student, safe_names
from rnncalc.classroom.tables import read_table
from rnncalc.errors import FileError
from rnncalc.io.csv_text import as_it_was, write_csv
from rnncalc.page.answer_pages import collecting_page, practice_page
from rnncalc.workbook.write.worksheet import worksheet

_COLUMNS = ("id", "name", "email", "file", "weights", "draw")
_DIGEST = "made from"
_OWN, _SAME = "own", "same"


class Enrolled(NamedTuple):
    """A student with the file that they were given, whether everybody has the same, which draw it holds, from 0, and
    the digest of what it was made from, if one was kept."""

    student: Student
    file: str
    same: bool
    draw: int
    digest: str = ""


class Order(NamedTuple):
    """One worksheet to be made, all that a worker needs."""

    assignment: Assignment
    student: Student
    paper: bool
    protect: bool
    named: bool
    draw: int | None = None


class Made(NamedTuple):
    """What a student is given: the worksheet, the web page if there is one, and the number of draws that it took."""

    worksheet: bytes
    page: bytes | None
    draws: int


def make_worksheet(order: Order) -> Made:
    """A student's worksheet, and page. Raises RnncalcError where no draw is fair."""
    assignment, student = order.assignment, order.student
    variant = fair_variant(assignment, student.id) if order.draw is None else _as_given(assignment, student, order.draw)
    whose = f"{student.name} ({student.id})" if order.named and student.name else student.id
    whose = "" if assignment.same else whose
    file, _ = worksheet(
        variant.problem,
        ask_for=assignment.ask_for,
        decimals=assignment.decimals,
        paper=order.paper,
        protect=order.protect,
        title=assignment.title,
        whose=whose,
        layout=assignment.layout,
        **assignment.settings,
    )
    return Made(file, _page(assignment, variant, whose), variant.draws)


def _page(assignment: Assignment, variant: Variant, whose: str) -> bytes | None:
    """A student's web page, if the assignment wants one."""
    blanks, decimals, title = variant.blanks, assignment.decimals, assignment.title
    match assignment.page:
        case Page.NONE:
            return None
        case Page.COLLECT:
            page = collecting_page(blanks, decimals, title=title, whose=whose)
        case Page.PRACTICE:
            page = practice_page(blanks, assignment.trace_of(variant.problem), decimals, title=title, whose=whose)
    return page.encode("utf-8")


def _as_given(assignment: Assignment, student: Student, draw: int) -> Variant:
    """What a student was given before."""
    problem = assignment.problem_of(student.id, draw)
    return Variant(problem, assignment.blanks_of(problem), draw + 1)


def make(
    assignment: Assignment,
    students: Sequence[Student],
    *,
    paper: bool = False,
    protect: bool = False,
    named: bool = True,
    before: Sequence[Enrolled] = (),
    digest: str = "",
    executor: Executor | None = None,
) -> Iterator[tuple[Enrolled, Made]]:
    """The worksheets and pages of a class, one after the other, in the order of the roster.

    ``before``: who was given one before, and keeps its numbers and the name of its file; ``digest``: of what they are
    made from."""
    files = {student_id: f"{name}.xlsx" for student_id, name in _names(students, before).items()}
    files |= {earlier.student.id: earlier.file for earlier in before if earlier.file}
    given = {earlier.student.id: earlier.draw for earlier in before}
    if assignment.same and before:
        given = {student.id: before[0].draw for student in students}
    orders = [Order(assignment, student, paper, protect, named, given.get(student.id)) for student in students]
    made = map(make_worksheet, orders) if executor is None else executor.map(make_worksheet, orders)
    for student, done in zip(students, made, strict=True):
        yield Enrolled(student, files[student.id], assignment.same, done.draws - 1, digest), done


def _names(students: Sequence[Student], before: Sequence[Enrolled]) -> dict[str, str]:
    """Names for files that differ from those given before too."""
    return safe_names({student.id: student for student in [*(e.student for e in before), *students]}.values())


def going_on(assignment: Assignment, before: Sequence[Enrolled], *, typed_same: bool) -> Assignment:
    """The assignment for latecomers, who get weights as the class did. Raises FileError where it says otherwise."""
    if not before or as_made(assignment, before).same == assignment.same:
        return assignment
    if assignment.same:
        says = "--same" if typed_same else "same = true"
        raise FileError(
            f"Each student already has their own weights, but {says} would give everybody the same. Leave it out, "
            "or use --force to hand out new worksheets to everybody."
        )
    return as_made(assignment, before)


def with_latecomers(before: Sequence[Enrolled], now: Sequence[Enrolled]) -> list[Enrolled]:
    """The whole class, in the order in which they came; whoever is in both is as they are now."""
    return list({entry.student.id: entry for entry in [*before, *now]}.values())


def students_csv(enrolled: Sequence[Enrolled]) -> str:
    """The list that grading reads: who was given which draw."""
    rows = [(*e.student, e.file, _SAME if e.same else _OWN, e.digest, e.draw) for e in enrolled]
    return write_csv([(*_COLUMNS[:-1], _DIGEST, _COLUMNS[-1]), *rows])


def read_students(content: bytes, file: str) -> list[Enrolled]:
    """The list as it was written. Raises FileError where it is another file."""
    table = read_table(content, file)
    if not set(_COLUMNS) <= set(table.columns):
        raise FileError(f"{file} is not the list that rnncalc assignment make writes: it has different columns.")
    enrolled = []
    for number, row in table.rows:
        draw = row.get("draw", "")
        if not draw.isdecimal() or not row.get("id") or row.get("weights") not in (_OWN, _SAME):
            raise FileError(f"{file}, line {number} is not as rnncalc assignment make wrote it.")
        plain = [as_it_was(row.get(column, ""), first=column == "id") for column in ("id", "name", "email")]
        digest = as_it_was(row.get(_DIGEST, ""))
        enrolled.append(Enrolled(Student(*plain), row.get("file", ""), row["weights"] == _SAME, int(draw), digest))
    return enrolled


def as_made(assignment: Assignment, enrolled: Sequence[Enrolled]) -> Assignment:
    """The assignment with the one choice that is made when it is handed out: weights of one's own, or the same."""
    return assignment._replace(same=any(entry.same for entry in enrolled))
