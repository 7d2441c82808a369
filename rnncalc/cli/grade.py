"""``rnncalc grade``: a class's worksheets, marked, with gradebook files and feedback."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from rnncalc.cli.assignment import jobs_option

if TYPE_CHECKING:
    from rnncalc.classroom.assignment import Assignment
    from rnncalc.classroom.grade_records import Grade, Override, Records
    from rnncalc.classroom.intake.files import Handed
    from rnncalc.classroom.intake.files import Trouble as Line
    from rnncalc.classroom.intake.owners import Known
    from rnncalc.classroom.roster import Student
    from rnncalc.classroom.tables import Table
    from rnncalc.classroom.worksheets import Enrolled

MARKS, FEEDBACK, OVERRIDES = "marks", "feedback", "overrides.csv"


@click.command("grade")
@click.argument("file", metavar="HW.toml")
@click.argument("submissions", metavar="SUBMISSIONS...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="FOLDER", required=True, help="The folder for grades and feedback.")
@click.option(
    "--ids",
    metavar="FILE.csv",
    multiple=True,
    help="The ids in Canvas or Moodle: a gradebook, grading worksheet or participants export. Repeatable. With it, "
    "canvas.csv and moodle.csv are written.",
)
@click.option(
    "--overrides",
    metavar="FILE.csv",
    help="Your own marks (student, question, points, reason), which take priority, and the student that a file "
    "belongs to (file, student).  [overrides.csv in the folder, if it exists]",
)
@click.option(
    "--several",
    type=click.Choice(["newest", "none"]),
    default="newest",
    help="Which worksheet counts if a student has several.  [newest]",
)
@click.option("--anonymous", is_flag=True, help="Keep names out of all results, including file names.")
@jobs_option
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Use a Dask cluster, such as tcp://host:8786. Needs Dask: pip install 'rnncalc[cluster]'.",
)
@click.option("--open", "opens", is_flag=True, help="Show the page of the class in the browser.")
@click.option("--force", is_flag=True, help="Write into a folder that contains other files.")
def command(
    file: str,
    submissions: tuple[str, ...],
    output: str,
    ids: tuple[str, ...],
    overrides: str | None,
    several: str,
    anonymous: bool,
    jobs: int,
    scheduler: str | None,
    opens: bool,
    force: bool,
) -> int:
    """Mark a class's worksheets and write grades.csv, gradebook files, feedback for each student and class.html.

    SUBMISSIONS are folders, single files, or the zip that you download from Canvas, Moodle or Gradescope. Files that
    were already marked and have not changed are not marked again, so an interrupted run continues where it stopped.
    Files that cannot be matched or read are listed in problems.csv, and then the exit code is 1; students with your own
    marks for every question (--overrides) are not listed.

    \b
    Examples:
      rnncalc grade hw1.toml submissions.zip -o grades/ --ids canvas-gradebook.csv
      rnncalc grade hw1.toml handed-in/ -o grades/ --jobs 4
    """
    from rnncalc.classroom.grade_records import Records
    from rnncalc.classroom.grades import grades, unsettled
    from rnncalc.classroom.grading import grade
    from rnncalc.classroom.intake.owners_by_numbers import disagreements, looker
    from rnncalc.classroom.roster import safe_names
    from rnncalc.cli.assignment import make_folder, read_class
    from rnncalc.cli.output import say
    from rnncalc.cli.progress import progress
    from rnncalc.io.lock import alone_in
    from rnncalc.io.write import write_file
    from rnncalc.network.values import count

    path, folder = Path(file), Path(output)
    assignment, enrolled = read_class(path)
    students = [entry.student for entry in enrolled]
    _check_folder(folder, force=force)
    tables = [_table(table_file) for table_file in ids]
    systems = _systems(tables, students, sum(assignment.points.values()))
    own, files = _overrides(overrides, folder, assignment, students)
    draws = {entry.student.id: entry.draw for entry in enrolled}
    came = _matched(
        submissions, students, systems, look=looker(assignment, draws), several=several, files=files,
        table=overrides or OVERRIDES, tells=not anonymous,
    )  # fmt: skip
    names = safe_names(students)
    if anonymous:
        names = {s.id: assignment.pseudonym(s.id) for s in students}
        came = came.without_names(names)
    make_folder(folder)
    with alone_in(folder):
        _make_folders(folder)
        records = Records(folder / MARKS, names)
        with _executor(jobs, scheduler) as (executor, workers), progress("files") as tell:
            outcome = grade(
                assignment,
                came.mine,
                draws=draws,
                known=records.known,
                keep=lambda graded: write_file(
                    records.path(graded.student), graded.to_json().encode("utf-8"), force=True
                ),
                anonymous=anonymous,
                executor=executor,
                workers=workers,
                progress=tell,
            )
        found = [*came.troubles, *came.unmatched, *outcome.troubles]
        said = [*came.unmatched, *came.decided, *outcome.troubles]
        every = grades(assignment, students, came.mine, outcome.graded, own, said)
        troubles = unsettled([*found, *disagreements(assignment, draws, outcome.graded)], assignment, every)
        done = _Results(assignment, enrolled, every, troubles, tables, systems, anonymous)
        _write(folder, done, records)
    marked = sum(student_grade.graded is not None for student_grade in every)
    whose = "student's file" if len(students) == 1 else "students' files"
    say(
        f"Marked {marked} of {len(students)} {whose} ({outcome.anew} of them in this run) in {folder}; "
        f"{count(len(troubles), 'problem')}."
    )
    first = f"{folder / 'problems.csv'} says what to fix" if troubles else "There is nothing to fix"
    say(f"{first}; {folder / 'class.html'} shows the class, {folder / FEEDBACK} has a page for each student.")
    if opens:
        from rnncalc.cli.browser import show

        show(folder / "class.html")
    return 1 if troubles else 0


def _systems(tables: Sequence[Table], students: Sequence[Student], points: float) -> dict[str, str]:
    """Whose each id of a learning platform is; what is odd about the tables is said."""
    from rnncalc.classroom.gradebooks.matching import match_ids
    from rnncalc.classroom.gradebooks.moodle import is_worksheet, moodle_remarks
    from rnncalc.cli.output import say

    systems: dict[str, str] = {}
    for table in tables:
        matched, problems = match_ids(students, table)
        systems |= matched
        remarks = moodle_remarks(table, points) if is_worksheet(table) else []
        for problem in [*problems, *remarks][:_SAID]:
            say(f"Note: {table.file}: {problem}")
    return systems


class _Matched(NamedTuple):
    """What was handed in: the file of each student, files of nobody, and what was decided or went wrong."""

    mine: Mapping[str, Handed]
    unmatched: Sequence[Line]
    decided: Sequence[Line]
    troubles: Sequence[Line]
    files: Collection[str]

    def without_names(self, names: Mapping[str, str]) -> _Matched:
        """The same without the names of files, as these often hold a person's."""
        from rnncalc.classroom.intake.files import Trouble

        return self._replace(
            mine={student: file._replace(name=f"{names[student]}.xlsx") for student, file in self.mine.items()},
            unmatched=[_without_names(line, self.files) for line in self.unmatched],
            decided=[_without_names(line, self.files) for line in self.decided],
            troubles=[Trouble("", "", _NAMELESS) for _ in self.troubles],
        )


def _matched(
    submissions: Sequence[str],
    students: Sequence[Student],
    systems: Mapping[str, str],
    *,
    look: Callable[[Handed], Known],
    several: str,
    files: Mapping[str, str],
    table: str,
    tells: bool,
) -> _Matched:
    """Find the files and whose they are; what was passed over is said, and what was decided where it ``tells``."""
    from rnncalc.classroom.intake.files import find
    from rnncalc.classroom.intake.owners import assign
    from rnncalc.cli.output import say

    intake = find([Path(place) for place in submissions])
    handed = [*intake.handed, *intake.others]
    for passed in intake.passed[:_SAID]:
        say(f"Note: {passed}")
    if len(intake.passed) > _SAID:
        more = len(intake.passed) - _SAID
        say(f"Note: {more} more file{' was' if more == 1 else 's were'} skipped.")
    named = [file.name for file in handed]
    mine, unmatched, decided = assign(
        handed, students, systems, look=look, several=several, by_hand=_by_hand(files, named, table)
    )
    for note in decided[:_SAID] if tells else ():
        say(f"Note: {note.file}: {note.says}")
    return _Matched(mine, unmatched, decided, intake.troubles, set(named))


def _without_names(line: Line, files: Collection[str]) -> Line:
    """A line that names no file, as names of files often hold a person's."""
    says = line.says if line.student and not any(name in line.says for name in files) else _NAMELESS
    return line._replace(file="", says=says)


_NAMELESS = "A file could not be matched or was skipped. Without --anonymous, its name is shown."
_SAID = 5
"""So many notes of one kind are said; the rest are counted."""


class _Results(NamedTuple):
    """Everything that is to be written."""

    assignment: Assignment
    enrolled: Sequence[Enrolled]
    grades: Sequence[Grade]
    troubles: Sequence[Line]
    tables: Sequence[Table]
    systems: Mapping[str, str]
    anonymous: bool


def _write(folder: Path, done: _Results, records: Records) -> None:
    from rnncalc.classroom.class_page import class_page
    from rnncalc.classroom.feedback import feedback_html, feedback_markdown
    from rnncalc.classroom.gradebooks.nbgrader import nbgrader_csv
    from rnncalc.classroom.gradebooks.systems import system_files
    from rnncalc.classroom.gradebooks.table import grades_csv
    from rnncalc.classroom.similarity.hints import hints, rows
    from rnncalc.io.csv_text import write_csv
    from rnncalc.io.visible import visible
    from rnncalc.io.write import write_file

    assignment, every, anonymous = done.assignment, done.grades, done.anonymous
    problems = (map(visible, line[:3]) for line in done.troubles)
    files: dict[str, str] = {
        "grades.csv": grades_csv(every, anonymous=anonymous),
        "problems.csv": write_csv([("file", "student", "problem"), *problems]),
        "nbgrader.csv": nbgrader_csv(every, assignment.title, _due(assignment), anonymous=anonymous),
        "class.html": class_page(every, assignment.title, anonymous=anonymous),
    }
    draws = {entry.student.id: entry.draw for entry in done.enrolled}
    graded = {grade.student.id: grade.graded for grade in every if grade.graded is not None}
    hint_rows = [map(visible, row) for row in rows(hints(assignment, draws, graded))]
    files["provenance.csv"] = write_csv([("students", "hint"), *hint_rows])
    files |= system_files(every, assignment.title, done.tables, done.systems, anonymous=anonymous)
    for grade in every:
        name = records.path(grade.student.id).stem
        # with its pages, one student's at a time
        whole = grade if grade.graded is None else grade._replace(graded=records.known(grade.student.id))
        for ending, page in (("md", feedback_markdown), ("html", feedback_html)):
            text = page(whole, title=assignment.title, anonymous=anonymous)
            write_file(folder / FEEDBACK / f"{name}.{ending}", text.encode("utf-8"), force=True)
    for name, text in files.items():
        write_file(folder / name, text.encode("utf-8"), force=True)


def _due(assignment: Assignment) -> str:
    due = assignment.late.due
    return "" if due is None else due.isoformat(sep=" ")


def _check_folder(folder: Path, *, force: bool) -> None:
    """Refuse a folder that holds other things than grades."""
    from rnncalc.errors import FileError
    from rnncalc.io.lock import NAME as LOCK

    if folder.exists() and not folder.is_dir():
        raise FileError(f"{folder} is a file, but -o needs a folder.")
    if folder.is_dir() and not force and not (folder / MARKS).is_dir():
        others = sorted(path.name for path in folder.iterdir() if path.name not in (OVERRIDES, LOCK))
        if others:
            raise FileError(
                f"{folder} contains files that are not grades, such as {others[0]}. Choose another "
                "folder, or use --force."
            )


def _make_folders(folder: Path) -> None:
    from rnncalc.errors import FileError

    try:
        for subfolder in (folder, folder / MARKS, folder / FEEDBACK):
            subfolder.mkdir(parents=True, exist_ok=True)
            for left in subfolder.glob(".*.part"):  # of a run that was killed
                left.unlink()
    except OSError as error:
        raise FileError(f"{folder} cannot be created: {error.strerror or error}.") from None


def _table(file: str) -> Table:
    from rnncalc.classroom.tables import read_table
    from rnncalc.io.read import read_bytes

    return read_table(read_bytes(file), file)


def _overrides(
    file: str | None, folder: Path, assignment: Assignment, students: Sequence[Student]
) -> tuple[Mapping[str, Mapping[str, Override]], Mapping[str, str]]:
    """The teacher's own marks, and whose files are by hand."""
    from rnncalc.classroom.overrides import read_assigned, read_overrides
    from rnncalc.io.read import read_bytes

    beside = folder / OVERRIDES
    name = file or (str(beside) if beside.is_file() else None)
    if name is None:
        return {}, {}
    content = read_bytes(name)
    return read_overrides(content, name, assignment, students), read_assigned(content, name, students)


def _by_hand(files: Mapping[str, str], handed: Sequence[str], table: str) -> dict[str, str]:
    """Whose files are by hand, by their names as they were found; a name without its folder is enough if one has it."""
    from unicodedata import normalize

    from rnncalc.errors import FileError
    from rnncalc.io.suggest import did_you_mean

    students: dict[str, str] = {}
    for name, student in files.items():
        plain = normalize("NFC", name).removeprefix("'")
        whole = [file for file in handed if normalize("NFC", file) == plain]
        ends = whole or [file for file in handed if normalize("NFC", file).endswith(f"/{plain}")]
        if len(ends) != 1:
            near = (
                f"several files are called {name!r}; add the folder to the name"
                if ends
                else f"no file {name!r} was handed in{did_you_mean(name, handed)}"
            )
            raise FileError(f"{table} assigns a file to {student}, but {near}.")
        students[ends[0]] = student
    return students


@contextlib.contextmanager
def _executor(jobs: int, scheduler: str | None) -> Iterator[tuple[Executor | None, int]]:
    from rnncalc.cli.workers import workers

    if scheduler is None:
        with workers(jobs) as pool:
            yield pool, jobs
        return
    if jobs != 1:
        raise click.UsageError("--jobs is for this computer and --scheduler is for a cluster. Use only one of them.")
    try:
        from distributed import Client
    except ImportError:
        raise click.UsageError("--scheduler needs Dask: pip install 'rnncalc[cluster]'.") from None
    from rnncalc.errors import FileError

    try:
        client = Client(scheduler, timeout="15s")
    except (OSError, ValueError) as error:
        raise FileError(f"There is no Dask scheduler at {scheduler}: {type(error).__name__}.") from None
    with client:
        executor: Executor = client.get_executor(pure=False)
        yield executor, max(len(client.scheduler_info()["workers"]), 1)
