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
    help="What to leave blank: forward, loss, backward, update, or quantities such as h_2,p_2,dWhh. Everything "
    "before is given as numbers, everything after is left out. Repeatable.  [everything]",
)
@click.option(
    "--answer-decimals",
    metavar="N",
    type=click.IntRange(0, 12),
    default=4,
    help="The number of decimals for every answer, 0 to 12.  [4]",
)
@click.option(
    "--layout",
    type=click.Choice(["both", "board", "steps"]),
    default="both",
    help="Where to fill in: the Board (the whole network on one screen), the long sheets, or either.  [both]",
)
@click.option(
    "--practice",
    is_flag=True,
    help="Cells turn green, amber or red as you type. The file then contains the answers.",
)
@click.option("--print", "paper", is_flag=True, help="For printing: one step per page, with room to write.")
@click.option("--protect", is_flag=True, help="Lock all cells except the answers (without a password).")
@click.option("--theme", metavar="FILE.xlsx", help="Use the styles and cover sheets of this workbook.")
@click.option(
    "-o", "--output", metavar="FILE.xlsx", help="The workbook to write; - is standard output.  [TEXT-worksheet.xlsx]"
)
@force_option
def command(
    text: str | None,
    asked: tuple[str, ...],
    answer_decimals: int,
    layout: str,
    practice: bool,
    paper: bool,
    protect: bool,
    theme: str | None,
    output: str | None,
    force: bool,
    **options: Any,
) -> None:
    """Write an Excel worksheet of the network of TEXT, with empty cells to fill in by hand.

    The file contains no answers (except with --practice). Use `rnncalc verify` to mark the filled-in worksheet.

    \b
    Examples:
      rnncalc worksheet hello
      rnncalc worksheet -t pencil --ask forward --answer-decimals 2
      rnncalc worksheet hello --ask h_2,p_2,dWhh -o quiz.xlsx
      rnncalc worksheet -t pencil --print -o handout.xlsx
      rnncalc worksheet banana --hidden 2 --practice
    """
    from rnncalc.cli.files import check_workbook_output, file_name, read_theme_file
    from rnncalc.cli.options import asked_for, chosen_problem, limits_of
    from rnncalc.cli.output import check_output, emit_bytes, next_step, say
    from rnncalc.cli.progress import progress
    from rnncalc.workbook.write.worksheet import worksheet

    if practice and paper:
        raise click.UsageError("--practice and --print cannot be used together: paper cannot change its colours.")
    check_workbook_output(output)
    problem = chosen_problem(text, options)
    path = check_output(output or f"{Path(file_name(problem.text)).stem}-worksheet.xlsx", force=force)
    wanted = asked_for(asked)
    look = read_theme_file(theme)
    with progress("quantities") as tell:
        file, found = worksheet(
            problem,
            ask_for=wanted,
            decimals=answer_decimals,
            layout=layout,
            practice=practice,
            paper=paper,
            protect=protect,
            theme=look,
            progress=tell,
            **limits_of(options),
        )
    if found.added:
        say(f"Note: Also left blank, because it would show an answer: {', '.join(found.added)}.")
    if practice:
        say("Note: This file contains the answers, on its sheet Practice.")
    emit_bytes(file, path, force=force)
    if path is not None and not paper:
        next_step("Fill it in, save it, then run", "verify", path)
