"""``rnncalc worksheet``: a workbook to be filled in by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rnncalc.cli.options import force_option, problem_options, text_argument, truncate_option, update_options


@click.command("worksheet")
@text_argument
@problem_options
@update_options
@truncate_option
@click.option(
    "--ask",
    "asked",
    metavar="WHAT",
    multiple=True,
    help="Leave this blank: forward, loss, backward, update, or quantities such as h_2,p_2,dWhh. What comes before is "
    "given as numbers, what comes after is absent. Repeatable.  [everything]",
)
@click.option(
    "--answer-decimals",
    metavar="N",
    type=click.IntRange(0, 12),
    default=4,
    help="The decimals asked for in every answer, 0 to 12.  [4]",
)
@click.option(
    "--practice",
    is_flag=True,
    help="Cells turn green, amber or red as one types. The answers are then in the file.",
)
@click.option("--print", "paper", is_flag=True, help="For paper: one step a page, with room to write in.")
@click.option("--protect", is_flag=True, help="Lock all cells but the answers (without a password).")
@click.option("--theme", metavar="FILE.xlsx", help="Take the look and cover sheets from this workbook.")
@click.option(
    "-o", "--output", metavar="FILE.xlsx", help="The workbook to write; - is standard output.  [TEXT-worksheet.xlsx]"
)
@force_option
def command(
    text: str | None,
    eta: float | None,
    clip: float | None,
    clip_norm: float | None,
    truncate: int | None,
    asked: tuple[str, ...],
    answer_decimals: int,
    practice: bool,
    paper: bool,
    protect: bool,
    theme: str | None,
    output: str | None,
    force: bool,
    **options: Any,
) -> None:
    """Write an Excel worksheet of TEXT's network: the computed cells are empty, to be filled in by hand.

    No answer is anywhere in the file (but with --practice). `rnncalc verify` marks what comes back.

    \b
    Examples:
      rnncalc worksheet hello
      rnncalc worksheet -t pencil --ask forward --answer-decimals 2
      rnncalc worksheet hello --ask h_2,p_2,dWhh -o quiz.xlsx
      rnncalc worksheet -t pencil --print -o handout.xlsx
      rnncalc worksheet banana --hidden 2 --practice
    """
    from rnncalc.cli.files import check_workbook_output, file_name, read_theme_file
    from rnncalc.cli.options import chosen_problem
    from rnncalc.cli.output import check_output, emit_bytes, next_step, say
    from rnncalc.cli.progress import progress
    from rnncalc.workbook.write.worksheet import worksheet

    if practice and paper:
        raise click.UsageError("Paper does not change its colours: --practice and --print do not go together.")
    check_workbook_output(output)
    problem = chosen_problem(text, {**options, "eta": eta})
    path = check_output(output or f"{Path(file_name(problem.text)).stem}-worksheet.xlsx", force=force)
    wanted = [name.strip() for one in asked for name in one.split(",")]
    if not all(wanted):
        raise click.UsageError("--ask holds an empty name; --ask h_2,p_2 would be right.")
    look = read_theme_file(theme)
    with progress("quantities") as tell:
        file, found = worksheet(
            problem,
            ask_for=wanted,
            decimals=answer_decimals,
            truncate=truncate,
            clip=clip,
            clip_norm=clip_norm,
            practice=practice,
            paper=paper,
            protect=protect,
            theme=look,
            progress=tell,
        )
    if found.added:
        say(f"Note: {', '.join(found.added)} would show an answer, and so is asked for too.")
    if practice:
        say("Note: The answers are in this file, on its sheet Practice.")
    emit_bytes(file, path, force=force)
    if path is not None and not paper:
        next_step("Fill it in, save it, then", "verify", path)
