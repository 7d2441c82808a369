"""``rnncalc assignment``: a class's homework, from one readable file to a worksheet for each student."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnncalc.cli.options import (
    asked_for,
    force_option,
    problem_options,
    text_argument,
    truncate_option,
    update_options,
)
from rnncalc.io.file_names import readable

if TYPE_CHECKING:
    from rnncalc.classroom.assignment import Assignment

jobs_option = click.option(
    "--jobs", metavar="N", type=click.IntRange(1, 256), default=1, help="Use N processes in parallel.  [1]"
)


@click.group("assignment")
def command() -> None:
    """Homework for a class: from one readable file, each student gets their own worksheet.

    \b
    Examples:
      rnncalc assignment new hw1.toml hello --weight-decimals 2 --ask forward,loss
      rnncalc assignment preview hw1.toml
      rnncalc assignment make hw1.toml roster.csv -o hw1/
      rnncalc grade hw1.toml submissions.zip -o grades/
    """


@command.command("new")
@click.argument("file", metavar="HW.toml")
@text_argument
@problem_options
@update_options
@truncate_option
@click.option("--title", metavar="TITLE", help="The title of the assignment.  [the file's name]")
@click.option(
    "--ask",
    "asked",
    metavar="WHAT",
    multiple=True,
    help="What students fill in: forward, loss, backward, update, or quantities such as h_2,p_2. Repeatable.  "
    "[forward,loss]",
)
@click.option("--answer-decimals", metavar="N", type=click.IntRange(0, 12), default=4, help="[4]")
@click.option(
    "--points",
    metavar="WHAT=N",
    multiple=True,
    help="The points for a question: forward=10, h_2=3. Repeatable.  [10 for each question]",
)
@click.option(
    "--round-points",
    metavar="STEP",
    type=float,
    help="Round points to multiples of STEP: 0.5 gives half points.  [0.01]",
)
@click.option("--same", is_flag=True, help="Give everybody the same weights.")
@click.option(
    "--page",
    type=click.Choice(["practice", "collect"]),
    help="Also give each student a web page to fill in: one that checks and helps, with the answers inside it, or one "
    "that only collects the answers.",
)
@force_option
def new(
    file: str,
    text: str | None,
    title: str | None,
    asked: tuple[str, ...],
    answer_decimals: int,
    points: tuple[str, ...],
    round_points: float | None,
    same: bool,
    page: str | None,
    force: bool,
    **options: Any,
) -> None:
    """Write an assignment file to read and change.

    It says what is given, what is asked, and the points.

    \b
    Examples:
      rnncalc assignment new hw1.toml hello --weight-decimals 2
      rnncalc assignment new hw2.toml banana --ask backward --points backward=20
      rnncalc assignment new hw3.toml --inputs rain.csv --layers 2 --cell lstm
      rnncalc assignment new hw4.toml --weights model.keras --same
    """
    import secrets

    from rnncalc.classroom.assignment import Page
    from rnncalc.classroom.assignment_reader import form_of, parse_assignment
    from rnncalc.classroom.assignment_writer import POINTS, ROUND, new_assignment
    from rnncalc.cli.output import check_output, emit_bytes, next_step, say_notes
    from rnncalc.io.write import clear_left
    from rnncalc.problems.number_file import read_numbers

    if not file.lower().endswith(".toml"):
        raise click.UsageError(f"{file}: the name of an assignment file must end in .toml.")
    path = check_output(file, force=force)
    assert path is not None
    if options.get("seed") is not None:
        raise click.UsageError(
            "--seed cannot be used here: the weights of each student come from the secret in the assignment."
        )
    ask_for = asked_for(asked) or ["forward", "loss"]
    if options.get("inputs") is not None:
        options["inputs"], notes = read_numbers(options["inputs"])
        say_notes(notes)
    if options.get("weights") is not None:
        options["weights"] = _seen_from(path.parent, options["weights"])
    typed = {"text": text, **options}
    typed |= {name: typed.pop(name) for name in ("eta", "truncate", "clip", "clip_norm")}  # they stand last
    problem = {key: value for key, value in typed.items() if value is not None}
    if not any(key in problem for key in ("text", "template", "inputs", "weights")):
        problem["text"] = "hello"
    try:
        softmax, in_between = form_of(problem, path.parent)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if softmax:
        problem["softmax"] = softmax
    content = new_assignment(
        title or readable(path.stem),
        secrets.token_hex(16),
        problem,
        ask_for=ask_for,
        decimals=answer_decimals,
        points=_points(points) or dict.fromkeys(ask_for, POINTS),
        same=same,
        in_between=in_between,
        step=ROUND if round_points is None else round_points,
        page=Page(page or ""),
    )
    # read once before it is written, so that what is wrong is told here
    try:
        parse_assignment(content, path)
    except ValueError as error:
        raise click.UsageError(str(error).removeprefix(f"{path}: ")) from None
    clear_left(path)
    emit_bytes(content.encode("utf-8"), path, force=force)
    next_step("Read it through, then look at one worksheet", "assignment", "preview", path)


def _seen_from(folder: Path, file: str) -> str:
    """A file's name as it counts from a folder."""
    import os

    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # on another drive
        return Path(file).resolve().as_posix()


def _points(points: tuple[str, ...]) -> dict[str, float]:
    points_of: dict[str, float] = {}
    for question in (part for several in points for part in several.split(",")):
        name, sign, number = (part.strip() for part in question.partition("="))
        try:
            points_of[name] = float(number)
        except ValueError:
            sign = ""
        if not (name and sign):
            raise click.UsageError(f"--points {question} is not valid. Use a name and a number, such as forward=10.")
    return points_of


@command.command("make")
@click.argument("file", metavar="HW.toml")
@click.argument("roster", metavar="ROSTER")
@click.option("-o", "--output", metavar="FOLDER", required=True, help="The folder for the worksheets.")
@click.option(
    "--id-column",
    metavar="HEADING",
    help="The roster column with the ids.  [the first column with a heading for ids]",
)
@click.option(
    "--name-column",
    metavar="HEADING",
    help="The roster column with the names.  [the column with a heading for names]",
)
@click.option("--print", "paper", is_flag=True, help="For printing: one step per page, with room to write.")
@click.option("--protect", is_flag=True, help="Lock all cells except the answers (without a password).")
@click.option("--anonymous", is_flag=True, help="Put only ids on the worksheets, no names.")
@click.option("--same", is_flag=True, help="Give everybody the same weights.  [as the assignment says]")
@jobs_option
@force_option
def make(
    file: str,
    roster: str,
    output: str,
    id_column: str | None,
    name_column: str | None,
    paper: bool,
    protect: bool,
    anonymous: bool,
    same: bool,
    jobs: int,
    force: bool,
) -> None:
    """Write a worksheet for each student on a roster.

    Each worksheet has its own weights. The roster is a CSV or .xlsx file with the columns id, name and email, or the
    names that your system uses for them. Each set of weights is checked to be fair before it is written: no known
    mistake gives the right digits or the digits of another mistake, and nothing saturates or vanishes. HW.students.csv
    beside the assignment records who got which weights. If you make the worksheets again, the students keep their
    numbers.

    \b
    Examples:
      rnncalc assignment make hw1.toml roster.csv -o hw1/
      rnncalc assignment make hw1.toml roster.csv -o paper/ --print --jobs 4
    """
    from rnncalc.classroom.assignment_digest import changes, check_unchanged, digest_of_assignment
    from rnncalc.classroom.assignment_reader import read_assignment
    from rnncalc.classroom.roster import read_roster, students_file
    from rnncalc.classroom.worksheets import going_on, read_students, students_csv, with_latecomers
    from rnncalc.classroom.worksheets import make as hand_out
    from rnncalc.cli.output import next_step, say
    from rnncalc.cli.progress import progress
    from rnncalc.cli.workers import workers
    from rnncalc.errors import FileError
    from rnncalc.io.read import read_bytes
    from rnncalc.io.write import write_file
    from rnncalc.network.values import count

    path, folder = Path(file), Path(output)
    assignment = read_assignment(path)
    students = read_roster(read_bytes(roster), roster, id_column=id_column, name_column=name_column)
    listed = students_file(path)
    # who was given a worksheet keeps its numbers, whatever a later version thinks fair
    before = read_students(read_bytes(listed), listed.name) if listed.exists() else []
    assignment, digest = assignment._replace(same=same or assignment.same), digest_of_assignment(path)
    if not force:
        assignment = going_on(assignment, before, typed_same=same)
        check_unchanged(path, [entry.digest for entry in before])
    elif changes([one.digest for one in before], digest) or any(one.same != assignment.same for one in before):
        before = []  # what is handed out now is another homework
    if folder.exists() and not folder.is_dir():
        raise FileError(f"{folder} is a file, but -o needs a folder.")
    enrolled, written = [], []
    with workers(jobs) as executor, progress("worksheets") as tell:
        made = hand_out(
            assignment,
            students,
            paper=paper,
            protect=protect,
            named=not anonymous,
            before=before,
            digest=digest,
            executor=executor,
        )
        for done, (one, files) in enumerate(made, 1):
            where = folder / one.file
            pages = [] if files.page is None else [(where.with_suffix(".html"), files.page)]
            for place, content in [(where, files.worksheet), *pages]:
                if not (place.is_file() and place.read_bytes() == content):
                    written.append((place, content))
            enrolled.append(one)
            tell(done, len(students))
    there = [where for where, _ in written if where.exists()]
    if there and not force:
        raise FileError(
            f"{there[0]} already exists with other content. Choose another folder, or use --force to overwrite it."
        )
    make_folder(folder)
    for where, content in written:
        write_file(where, content, force=force)
    unchanged = len(enrolled) - len({where.stem for where, _ in written})
    everybody = with_latecomers(before, enrolled)
    write_file(listed, students_csv(everybody).encode("utf-8"), force=True)
    if len(everybody) > len(enrolled):
        more = len(everybody) - len(enrolled)
        are = "student on the class list is" if more == 1 else "students on the class list are"
        say(f"Note: {more} {are} not in {roster}. They stay on the list; to remove one, delete the line in {listed}.")
    redrawn = sum(one.draw for one in enrolled)
    also = " and as many pages" if assignment.page else ""
    words = f"{count(len(enrolled), 'worksheet')}{also} in {folder}"
    as_before = f", {unchanged} of them unchanged" if unchanged else ""
    say(f"Wrote {words}{as_before}; {count(redrawn, 'unfair set')} of weights replaced.")
    next_step("Hand them out, then mark the submissions with", "grade", file, "SUBMISSIONS.zip", "-o", "grades")


@command.command("preview")
@click.argument("file", metavar="HW.toml")
@click.option("-o", "--output", metavar="FILE.xlsx", help="[HW-preview.xlsx]")
@click.option("--print", "paper", is_flag=True, help="For printing: one step per page, with room to write.")
@force_option
def preview(file: str, output: str | None, paper: bool, force: bool) -> None:
    """Write one worksheet for you to check first.

    \b
    Example:
      rnncalc assignment preview hw1.toml
    """
    from rnncalc.classroom.assignment_reader import read_assignment
    from rnncalc.classroom.roster import Student
    from rnncalc.classroom.worksheets import Order, make_worksheet
    from rnncalc.cli.files import check_workbook_output
    from rnncalc.cli.output import check_output, emit_bytes, next_step

    check_workbook_output(output)
    assignment = read_assignment(Path(file))
    path = check_output(output or f"{Path(file).stem}-preview.xlsx", force=force)
    made = make_worksheet(Order(assignment, Student("preview"), paper, protect=False, named=False))
    page = None if path is None or made.page is None else path.with_suffix(".html")
    if page is not None:
        check_output(str(page), force=force)
    emit_bytes(made.worksheet, path, force=force)
    if page is not None and made.page is not None:
        emit_bytes(made.page, page, force=force)
    if path is not None:
        next_step("If it looks right, continue with", "assignment", "make", file, "ROSTER.csv", "-o", Path(file).stem)


@command.command("key")
@click.argument("file", metavar="HW.toml")
@click.argument("student", metavar="ID")
@click.option("-o", "--output", metavar="FILE.xlsx", help="[HW-key-ID.xlsx]")
@force_option
def key(file: str, student: str, output: str | None, force: bool) -> None:
    """Write the answers of one student, for the teacher.

    It is a live workbook of the student's network.

    \b
    Example:
      rnncalc assignment key hw1.toml s1234
    """
    from rnncalc.classroom.roster import safe_names
    from rnncalc.cli.files import check_workbook_output
    from rnncalc.cli.output import check_output, emit_bytes, next_step
    from rnncalc.workbook.write.export import export

    check_workbook_output(output)
    assignment, enrolled = read_class(Path(file))
    entry = next((e for e in enrolled if e.student.id == student), None)
    if entry is None:
        from rnncalc.io.suggest import did_you_mean

        near = did_you_mean(student, [e.student.id for e in enrolled])
        raise click.UsageError(f"There is no student {student!r} in the class{near}.")
    name = safe_names([entry.student])[entry.student.id]
    path = check_output(output or f"{Path(file).stem}-key-{name}.xlsx", force=force)
    problem = assignment.problem_of(student, entry.draw)
    emit_bytes(export(problem, decimals=min(assignment.decimals + 2, 15), **assignment.settings), path, force=force)
    next_step("It is for you only. Mark the submissions of the class with", "grade", file, "SUBMISSIONS.zip")


def read_class(path: Path) -> tuple[Assignment, list[Any]]:
    """An assignment and the students that it was made for. Raises FileError where it was not made yet."""
    from rnncalc.classroom.assignment_digest import check_unchanged
    from rnncalc.classroom.assignment_reader import read_assignment
    from rnncalc.classroom.roster import students_file
    from rnncalc.classroom.worksheets import as_made, read_students
    from rnncalc.errors import FileError
    from rnncalc.io.read import read_bytes

    assignment = read_assignment(path)
    listed = students_file(path)
    if not listed.is_file():
        raise FileError(f"There is no {listed}. Use rnncalc assignment make, which writes it with the worksheets.")
    enrolled = read_students(read_bytes(listed), str(listed))
    check_unchanged(path, [entry.digest for entry in enrolled])
    return as_made(assignment, enrolled), enrolled


def make_folder(folder: Path) -> None:
    """Make a folder that results go to, if it is not there."""
    from rnncalc.errors import FileError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder} cannot be created: {error.strerror or error}.") from None


@command.command("gradescope")
@click.argument("file", metavar="HW.toml")
@click.option("-o", "--output", metavar="FILE.zip", default="autograder.zip", help="[autograder.zip]")
@force_option
def gradescope(file: str, output: str, force: bool) -> None:
    """Write the autograder zip for Gradescope.

    Gradescope grades with it in its own containers. It contains rnncalc, the assignment with its secret, and the list
    of students. Upload it under Configure Autograder. Students are recognised by their email address. Gradescope
    handles the points for late work.

    \b
    Example:
      rnncalc assignment gradescope hw1.toml -o autograder.zip
    """
    from rnncalc.classroom.autograder_zip import autograder_zip
    from rnncalc.cli.output import check_output, emit_bytes, say
    from rnncalc.io.write import clear_left

    read_class(Path(file))
    path = check_output(output, force=force)
    clear_left(path)
    emit_bytes(autograder_zip(Path(file)), path, force=force)
    say("Upload it in Gradescope under Configure Autograder. It contains the secret, so do not give it to the class.")
