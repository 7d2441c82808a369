"""``rnncalc page``: the network as a live page for a browser."""

from __future__ import annotations

from typing import Any

import click

from rnncalc.cli.options import (
    force_option,
    problem_options,
    text_argument,
    through_option,
    truncate_option,
    update_options,
)


@click.command("page")
@text_argument
@problem_options
@update_options
@truncate_option
@through_option("on the page")
@click.option(
    "--decimals",
    metavar="N",
    type=click.IntRange(2, 12),
    help="Decimals shown at first, 2 to 12; the page can change them.  [4; with --practice more than answers have]",
)
@click.option(
    "--practice",
    is_flag=True,
    help="A page to practise on: blanks stand where the numbers stood, and it checks them and helps as you type. The "
    "file then contains the answers.",
)
@click.option(
    "--ask",
    "asked",
    metavar="WHAT",
    multiple=True,
    help="With --practice, what to leave blank: forward, loss, backward, update, or quantities such as h_2,p_2,dWhh. "
    "Repeatable.  [everything]",
)
@click.option(
    "--answer-decimals",
    metavar="N",
    type=click.IntRange(0, 12),
    help="With --practice, the number of decimals for every answer, 0 to 12.  [4]",
)
@click.option("-o", "--output", metavar="FILE.html", help="The page; - is standard output.  [TEXT.html]")
@click.option("--open", "opens", is_flag=True, help="Show the page in the browser.")
@force_option
def command(
    text: str | None,
    through: str | None,
    decimals: int | None,
    practice: bool,
    asked: tuple[str, ...],
    answer_decimals: int | None,
    output: str | None,
    opens: bool,
    force: bool,
    **options: Any,
) -> None:
    """Write the network of TEXT as a live page: one HTML file that computes every number in the browser.

    Step through the network, click a number to see its arithmetic, change a letter or a weight, train. The file needs
    no network and nothing else: open it from the disk, mail it, or put it into a learning platform.

    With --practice it is a page to practise on. It saves a file of answers, which `rnncalc verify` marks.

    \b
    Examples:
      rnncalc page hello --open
      rnncalc page banana --hidden 2 -o banana.html
      rnncalc page -t lstm --through forward -o lstm.html
      rnncalc page hello --practice --ask forward,loss
    """
    from pathlib import Path

    from rnncalc.cli.browser import show
    from rnncalc.cli.files import file_name
    from rnncalc.cli.options import asked_for, check_through, chosen_problem, limits_of
    from rnncalc.cli.output import check_output, emit, say
    from rnncalc.cli.progress import progress

    if practice and through:
        raise click.UsageError("--through does not go with --practice. Say with --ask what the page asks for.")
    for option, value in (("--ask", asked or None), ("--answer-decimals", answer_decimals)):
        if value is not None and not practice:
            raise click.UsageError(f"{option} is for a page to practise on. Add --practice.")
    limits = limits_of(options)
    check_through("A page", through, limits)
    if output not in (None, "-") and Path(output).suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"-o {output}: the name of a page must end in .html.")
    if opens and output == "-":
        raise click.UsageError("--open shows a file, and -o - writes none. Leave one of them out.")
    problem = chosen_problem(text, options)
    name = file_name(problem.text, ".html")
    path = check_output(output or (f"{Path(name).stem}-practice.html" if practice else name), force=force)
    with progress("quantities") as tell:
        if practice:
            from rnncalc.page.answer_pages import make_practice_page
            from rnncalc.workbook.write.worksheet import DECIMALS

            answered = DECIMALS if answer_decimals is None else answer_decimals
            page, blanks = make_practice_page(problem, asked_for(asked), answered, decimals, progress=tell, **limits)
            if blanks.added:
                say(f"Note: Also left blank, because it would show an answer: {', '.join(blanks.added)}.")
            say("Note: This page contains the answers.")
        else:
            from rnncalc.page.content import DECIMALS as SHOWN
            from rnncalc.page.page import live_page

            shown = SHOWN if decimals is None else decimals
            page = live_page(problem, through, shown, progress=tell, **limits)
    emit(page, path, force=force)
    if path is not None:
        if opens:
            show(path)
        else:
            say("Open it in any browser.")
