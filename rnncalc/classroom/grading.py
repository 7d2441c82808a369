"""Grading a class: each file marked for itself, in as many processes as wanted, and remembered until it changes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from functools import partial
from typing import NamedTuple

from rnncalc.classroom.assignment import Assignment
from rnncalc.classroom.grade_records import DIGITS, Graded, Question, to_step
from rnncalc.classroom.intake.files import Handed, Trouble
from rnncalc.classroom.intake.inspection import read_as, why_not
from rnncalc.classroom.similarity.copied_numbers import NONE, Classmates, Copies, class_digest, copies, may_hold_copies
from rnncalc.classroom.similarity.stored_values import odd_values
from rnncalc.errors import FileError, RnncalcError
from rnncalc.marking.marking import Mark, Report, mark
from rnncalc.marking.status import RIGHT, Status
from rnncalc.network.trace import Trace
from rnncalc.render.document import heading, place
from rnncalc.render.html import to_body
from rnncalc.render.markdown import to_markdown
from rnncalc.render.report import report_parts
from rnncalc.version import __version__
from rnncalc.workbook.read.submission import Submission

_FORM = 3
"""The form of the records; another makes the old ones count for nothing."""
_WINDOW = 4
"""So many files wait for each worker, so that memory does not grow with their number."""


class Task(NamedTuple):
    """One file to be marked, all that a worker needs."""

    assignment: Assignment
    student: str
    draw: int
    name: str
    content: bytes
    digest: str
    anonymous: bool = False
    classmates: Classmates = ()


Keep = Callable[[Graded], None]
Progress = Callable[[int, int], None]


def grade_file(task: Task) -> Graded | Trouble:
    """Mark one file: against the student's own problem, never the one that the file tells."""
    assignment = task.assignment
    problem = assignment.problem_of(task.student, task.draw)
    blanks = assignment.blanks_of(problem)
    try:
        submission = read_as(task.content, task.name, assignment, problem, blanks)
    except RnncalcError as error:
        return Trouble(task.name, task.student, why_not(task.content, task.name, assignment, str(error)))
    held = partial(
        mark,
        blanks.trace,
        submission.answers,
        given=[a for a in submission.given if a.name in blanks.trace],  # an answer book goes on after what is asked for
        given_decimals=submission.given_decimals,
        decimals=submission.decimals,
        from_changed=False,
    )
    report = held()
    copied, looked = NONE, bool(task.classmates) and may_hold_copies(report.marks)
    if looked:
        names = [name for name in blanks.trace if name in blanks.names]
        copied = copies(assignment, task.student, task.classmates, names, report.marks)
    if copied.of:
        report = held(copied=copied.elements)
    graded = _graded(task, blanks.trace, submission, report, assignment.questions(blanks), copied)
    return graded._replace(looked_through=class_digest(task.classmates)) if looked else graded


def _graded(
    task: Task,
    trace: Trace,
    submission: Submission,
    report: Report,
    questions: Mapping[str, Sequence[str]],
    copied: Copies,
) -> Graded:
    assignment = task.assignment
    answers = [m for m in report.marks if m.status != Status.GIVEN_CHANGED]
    changed = len(report.marks) - len(answers)
    of = {name: question for question, members in questions.items() for name in members}
    groups: dict[str, list[Mark]] = {question: [] for question in questions}
    for m in answers:
        if m.quantity in of:
            groups[of[m.quantity]].append(m)
    wrong = [m for m in answers if m.status == Status.WRONG]
    own = [m for m in wrong if (m.quantity, m.row, m.column) not in copied.elements]
    parts = report_parts(report, trace, assignment.show, assignment.decimals, whole=True, remarks=submission.remarks)
    first = report.first
    return Graded(
        student=task.student,
        file=task.name,
        digest=task.digest,
        verdict=report.verdict,
        counts=dict(sorted(report.counts.items())),
        questions=[_question(q, marks, assignment) for q, marks in groups.items()],
        first=None if first is None else first.quantity,
        steps=dict(Counter(heading(trace.problem, place(trace[m.quantity])) for m in wrong)),
        kinds=_kinds(own),
        typed=[f"{m.quantity}[{m.row + 1},{m.column + 1}]={m.given.text.strip()}" for m in own if not m.mistakes],
        creator=_nameless(submission.author) if task.anonymous else submission.author,
        givens=submission.givens_digest,
        notes=_notes(changed, len(copied.elements)),
        copied=copied.counts,
        looked_through="",
        markdown=to_markdown(parts),
        html=to_body(parts),
        stored=odd_values(answers),
    )


def _notes(changed: int, copied: int) -> list[str]:
    """What is to be said of the file as a whole; whose numbers were copied is for the teacher alone."""
    notes = []
    if changed:
        are = "given number does not belong" if changed == 1 else "given numbers do not belong"
        notes.append(f"{changed} {are} to this student.")
    if copied:
        where, earn = (
            ("number in 1 place is", "It earns") if copied == 1 else (f"numbers in {copied} places are", "They earn")
        )
        notes.append(f"The {where} right for another student's worksheet, but not for this one. {earn} no points.")
    return notes


def _nameless(author: str) -> str:
    """What is the same for the same author, and tells no name."""
    return hashlib.sha256(author.encode()).hexdigest()[:8] if author else ""


def _kinds(marks: Sequence[Mark]) -> dict[str, int]:
    """How many numbers show each mistake for certain."""
    return dict(sorted(Counter(m.mistakes[0].kind for m in marks if m.mistakes and m.mistakes[0].certain).items()))


def _question(name: str, marks: Sequence[Mark], assignment: Assignment) -> Question:
    """A question's points: the mean credit of its numbers; whoever has earned all has them all, however they round."""
    possible = assignment.points[name]
    earned = sum(credit(m, assignment) for m in marks) / len(marks) if marks else 0.0
    wrong = [m for m in marks if m.status == Status.WRONG]
    counts: dict[str, int] = dict(sorted(Counter(m.status for m in marks).items()))
    points = round(possible, DIGITS) if earned == 1.0 else min(to_step(possible * earned, assignment.step), possible)
    return Question(name, points, possible, counts, _kinds(wrong))


def credit(marked: Mark, assignment: Assignment) -> float:
    """The share of its points that a number earns: carried numbers theirs, so that no slip is paid for twice."""
    if marked.status == Status.CORRECT:
        return 1.0
    if marked.status in RIGHT or marked.status == Status.CARRIED:
        return assignment.credit[marked.status]
    # uncredited numbers follow from the student's own, and earn nothing
    named = marked.mistakes[0] if marked.status == Status.WRONG and marked.mistakes else None
    if named is not None and named.certain and named.kind in assignment.penalties:
        return 1.0 - assignment.penalties[named.kind]
    return 0.0


class Outcome(NamedTuple):
    """What a run of grading gave: the marks by student, without the pages, what could not be marked, how many were
    marked anew."""

    graded: dict[str, Graded]
    troubles: list[Trouble]
    anew: int


def grade(
    assignment: Assignment,
    handed: Mapping[str, Handed],
    *,
    draws: Mapping[str, int] | None = None,
    known: Callable[[str], Graded | None] = lambda _: None,
    keep: Keep = lambda _: None,
    anonymous: bool = False,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Progress = lambda done, all_of_it: None,
) -> Outcome:
    """Mark each student's file.

    ``draws``: which draw each student of the class was given; with it, copies of another student's right numbers are
    found; ``known`` gives an earlier record of a student, which counts while file and assignment are the same, and the
    class too, if it was looked through for copies; ``keep`` is told every new record as it comes; ``anonymous`` records
    hold no author's name; ``executor`` is any concurrent.futures.Executor with so many ``workers``, such as a pool of
    processes, Dask's client.get_executor() or mpi4py's MPIPoolExecutor; without one the work is done here. A file that
    cannot be read is a line of trouble, and the rest go on.
    """
    graded: dict[str, Graded] = {}
    troubles: list[Trouble] = []
    anew = done = 0
    classmates = () if assignment.same else tuple(sorted((draws or {}).items()))
    of_class = ("", class_digest(classmates))

    def take(result: Graded | Trouble) -> None:
        nonlocal anew
        if isinstance(result, Trouble):
            troubles.append(result)
            return
        keep(result)
        graded[result.student] = result.without_pages()
        anew += 1

    def tasks() -> Iterator[Task]:
        nonlocal done
        for student, file in handed.items():
            try:
                content = file.read()
            except FileError as error:
                troubles.append(Trouble(file.name, student, str(error)))
                continue
            draw = (draws or {}).get(student, 0)
            digest = _digest(assignment, draw, content, file.name)
            before = known(student)
            if before is not None and before.digest == digest and before.looked_through in of_class:
                graded[student] = before.without_pages()
                done += 1
                progress(done, len(handed))
                continue
            yield Task(assignment, student, draw, file.name, content, digest, anonymous, classmates)

    for result in _run(tasks(), executor, workers):
        take(result)
        done += 1
        progress(done, len(handed))
    order = {student: i for i, student in enumerate(handed)}
    troubles.sort(key=lambda t: order.get(t.student, -1))
    return Outcome({s: graded[s] for s in handed if s in graded}, troubles, anew)


def _run(tasks: Iterator[Task], executor: Executor | None, workers: int) -> Iterator[Graded | Trouble]:
    if executor is None:
        for task in tasks:
            yield _safely(task)
        return
    waiting: set[Future[Graded | Trouble]] = set()
    for task in tasks:
        waiting.add(executor.submit(_safely, task))
        if len(waiting) >= _WINDOW * workers:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in finished)
    yield from (future.result() for future in waiting)


def _safely(task: Task) -> Graded | Trouble:
    """One bad file never ends the batch, whatever is wrong with it."""
    try:
        return grade_file(task)
    except Exception as error:
        return Trouble(task.name, task.student, f"It could not be marked ({type(error).__name__}); please report this.")


def _digest(assignment: Assignment, draw: int, content: bytes, name: str) -> str:
    head = f"{_FORM}\n{__version__}\n{assignment.digest()}\n{draw}\n{name}\n"
    return hashlib.sha256(head.encode() + content).hexdigest()


# ── grades ────────────────────────────────────────────────────────────────────────────────────────────────────────
