"""``rnncalc page``: the network as a live page for a browser."""

from __future__ import annotations

from typing import Any

import click

from rnncalc.cli.options import (
    force_option,
    problem_options,
    text_argument,
    truncate_option,
    update_options,
)


@click.command("page")
@text_argument
@problem_options
@update_options
@truncate_option
@click.option(
    "--through",
    type=click.Choice(["forward", "loss", "backward", "update"]),
    help="The last stage on the page.  [update; forward if there are no targets]",
)
@click.option(
    "--decimals",
    metavar="N",
    type=click.IntRange(2, 12),
    default=4,
    help="Decimals shown at first, 2 to 12; the page can change them.  [4]",
)
@click.option("-o", "--output", metavar="FILE.html", help="The page; - is standard output.  [TEXT.html]")
@click.option("--open", "opens", is_flag=True, help="Show the page in the browser.")
@force_option
def command(
    text: str | None,
    eta: float | None,
    clip: float | None,
    clip_norm: float | None,
    truncate: int | None,
    through: str | None,
    decimals: int,
    output: str | None,
    opens: bool,
    force: bool,
    **options: Any,
) -> None:
    """Write the network of TEXT as a live page: one HTML file that computes every number in the browser.

    Step through the network, click a number to see its arithmetic, change a letter or a weight, train. The file needs
    no network and nothing else: open it from the disk, mail it, or put it into a learning platform.

    \b
    Examples:
      rnncalc page hello --open
      rnncalc page banana --hidden 2 -o banana.html
      rnncalc page -t lstm --through forward -o lstm.html
    """
    from rnncalc.cli.browser import show
    from rnncalc.cli.files import file_name
    from rnncalc.cli.options import chosen_problem
    from rnncalc.cli.output import check_output, emit, say
    from rnncalc.cli.progress import progress
    from rnncalc.network.stages import trace_to
    from rnncalc.page.content import check_size
    from rnncalc.page.page import to_page

    if through in ("forward", "loss", "backward") and (clip or clip_norm or (truncate and through != "backward")):
        unused = "--clip" if clip else "--clip-norm" if clip_norm else "--truncate"
        raise click.UsageError(f"A page with --through {through} cannot use {unused}.")
    if opens and output == "-":
        raise click.UsageError("--open shows a file, and -o - writes none. Leave one of them out.")
    problem = chosen_problem(text, {**options, "eta": eta})
    path = check_output(output or file_name(problem.text, ".html"), force=force)
    last = through or ("update" if problem.has_loss else "forward")
    trace = trace_to(problem, last, truncate=truncate, clip=clip, clip_norm=clip_norm)
    check_size(trace)
    with progress("quantities") as tell:
        page = to_page(trace, decimals=decimals, progress=tell)
    emit(page, path, force=force)
    if path is not None:
        if opens:
            show(path)
        else:
            say("Open it in any browser.")
