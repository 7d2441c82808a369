"""``rnncalc verify``: a worksheet that comes back, marked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnncalc.cli.options import (
    force_option,
    output_option,
    problem_options,
    show_option,
    text_argument,
    tolerance_option,
    truncate_option,
    update_options,
)
from rnncalc.marking.status import Verdict

if TYPE_CHECKING:
    from rnncalc.network.problem import Problem
    from rnncalc.workbook.read.submission import Submission

FORMATS = ("table", "json", "markdown", "html")


@click.command("verify")
@click.argument("file", metavar="FILE")
@text_argument
@problem_options
@update_options
@truncate_option
@tolerance_option
@click.option(
    "--decimals",
    metavar="N",
    type=click.IntRange(0, 15),
    help="The decimals of the numbers in the cells.  [as the worksheet asked for]",
)
@show_option
@click.option(
    "--map",
    "maps",
    metavar="NAME=PLACE",
    multiple=True,
    help="Where a quantity is in a workbook that rnncalc did not make: h_2=Sheet1!B4:B6, or a text file with such "
    "lines. Repeatable.",
)
@click.option("--recalculate", is_flag=True, help="Let LibreOffice recalculate a copy of the file first.")
@click.option(
    "--annotate",
    "annotated",
    metavar="FILE.xlsx",
    help="Write a new copy of the worksheet with each answer coloured and commented.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), help="[by the ending of -o, else table]")
@output_option
@force_option
def command(
    file: str,
    text: str | None,
    tolerance: float | None,
    decimals: int | None,
    show: str,
    maps: tuple[str, ...],
    recalculate: bool,
    annotated: str | None,
    form: str | None,
    output: str | None,
    force: bool,
    **options: Any,
) -> int:
    """Mark a filled-in worksheet, or the answers that a page saved.

    It finds the first wrong number and says what went wrong.

    The problem is read from the file. You can set it yourself with TEXT, -t and the other problem options; then every
    given number that was changed is reported too. The exit code is 0 if everything is right, 1 if not, and 3 if the
    file cannot be read.

    \b
    Examples:
      rnncalc verify hello-worksheet.xlsx
      rnncalc verify hello-worksheet.xlsx --annotate marked.xlsx --show where
      rnncalc verify handed-in.xlsx -t pencil --format json
      rnncalc verify mine.xlsx -t hello --map h_1=Sheet1!B4:B6
      rnncalc verify hello-answers.json
    """
    from rnncalc.cli.files import check_workbook_output
    from rnncalc.cli.options import limits_of
    from rnncalc.cli.output import check_output, emit, emit_bytes, next_step_here
    from rnncalc.cli.view import write
    from rnncalc.errors import FileError
    from rnncalc.marking.marking import mark
    from rnncalc.render.formats import Sheet
    from rnncalc.render.report import report_parts
    from rnncalc.render.report_json import report_json, unreadable_json

    check_workbook_output(annotated, "--annotate")
    path, copy = check_output(output, force=force), check_output(annotated, force=force)
    form = form or _by_ending(path)
    if "-" in (output, annotated) and output == annotated:
        raise click.UsageError("-o and --annotate cannot both go to standard output. Use a file for one of them.")
    if path is not None and path == copy:
        raise click.UsageError("-o and --annotate name the same file. Use two different files.")
    for written in (path, copy):
        if written is not None and written.exists() and Path(file).exists() and written.samefile(file):
            raise click.UsageError(f"{written} is the file that is marked. Use another name.")
    limits = {name: options.pop(name) for name in limits_of(options)}
    try:
        submission = _read(file, text, options, limits, decimals, maps, recalculate)
    except FileError:
        if form == "json":
            emit(unreadable_json(), path, force=force)
        raise
    report = mark(
        submission.trace,
        submission.answers,
        tolerance=tolerance,
        given=submission.given,
        given_decimals=submission.given_decimals,
        decimals=submission.decimals,
    )
    shown = decimals if decimals is not None else submission.settings.decimals
    shown = 6 if shown is None else shown
    if annotated is not None:
        from rnncalc.classroom.annotate import annotate

        emit_bytes(annotate(submission, report, show, shown), copy, force=force)
    if form == "json":
        emit(report_json(report, submission.trace), path, force=force)
    elif annotated != "-":
        parts = report_parts(report, submission.trace, show, shown, whole=True, remarks=submission.remarks)
        write(parts, form, path, Sheet(title=f"{Path(file).name}, marked"), force=force)
        alone = annotated is None and not maps and text is None and not any(v is not None for v in options.values())
        if report.verdict != Verdict.CORRECT and alone and path is None and file != "-":
            next_step_here("See every number in colour", "verify", file, "--annotate", "marked.xlsx")
    return 0 if report.verdict == Verdict.CORRECT else 1


def _read(
    file: str,
    text: str | None,
    options: dict[str, Any],
    limits: dict[str, Any],
    decimals: int | None,
    maps: tuple[str, ...],
    recalculate: bool,
) -> Submission:
    from rnncalc.cli.options import chosen_problem
    from rnncalc.io.read import first_bytes, shown_name
    from rnncalc.page.handed_in import read_handed_in
    from rnncalc.workbook.problem_text import Settings
    from rnncalc.workbook.read.recalculate import recalculate as calculated
    from rnncalc.workbook.read.submission import Reading

    name = shown_name(file) if file == "-" else Path(file).name
    content = first_bytes(file)
    if recalculate:
        content = calculated(content, name)

    def which(from_file: Problem | None) -> Problem | None:
        typed = text is not None or any(value is not None for value in options.values())
        return chosen_problem(text, options, from_file) if typed else from_file

    how = Reading(which, Settings(**limits), decimals=decimals, maps=_maps(maps))
    return read_handed_in(content, name, how)


def _maps(maps: tuple[str, ...]) -> dict[str, str]:
    from rnncalc.io.read import decoded, read_bytes
    from rnncalc.workbook.read.submission import read_maps

    lines: list[str] = []
    for typed in maps:
        if "=" in typed:
            lines.append(typed)
            continue
        if not Path(typed).exists():
            raise click.UsageError(
                f"--map {typed} is not a map such as h_2=Sheet1!B4:B6, and there is no file {typed} with maps."
            )
        text = decoded(read_bytes(typed), typed, advice="it needs lines such as h_2=Sheet1!B4:B6")
        lines += text.splitlines()
    return read_maps(lines)


def _by_ending(path: Path | None) -> str:
    endings = {".json": "json", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}
    ending = "" if path is None else path.suffix.lower()
    if ending in (".xlsx", ".pdf", ".docx", ".csv", ".tex"):
        known = "use --annotate for a marked workbook" if ending == ".xlsx" else "use .json, .md, .html or .txt"
        raise click.UsageError(f"-o {path}: this command cannot write {ending} files; {known}.")
    return endings.get(ending, "table")
