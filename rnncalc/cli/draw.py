"""``rnncalc draw``: the network unrolled, with its numbers, as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from rnncalc.cli.options import force_option, problem_options, text_argument

if TYPE_CHECKING:
    from rnncalc.render.drawing.shapes import Drawing

ENDINGS = (".svg", ".pdf", ".tex")


@click.command("draw")
@text_argument
@problem_options
@click.option(
    "--through",
    type=click.Choice(["forward", "loss", "backward"]),
    help="The last stage in the figure; backward adds the gradients.  [loss; forward if there are no targets]",
)
@click.option("--decimals", metavar="N", type=click.IntRange(0, 15), default=3, help="Decimals shown, 0 to 15.  [3]")
@click.option(
    "-o", "--output", metavar="FILE", help="The figure: .svg, .pdf or .tex; - is SVG on standard output.  [TEXT.svg]"
)
@force_option
def command(
    text: str | None, through: str | None, decimals: int, output: str | None, force: bool, **options: Any
) -> None:
    """Draw the unrolled network of TEXT with its numbers, for slides and papers.

    The weights stand at the left; each step has a column, with arrows for the states that it hands on to the next one.
    The layout is that of the sheet Board in the workbook. The ending of -o decides the format: .svg for slides and web
    pages, .tex for LaTeX (TikZ), .pdf for all else (needs matplotlib: pip install 'rnncalc[plot]').

    \b
    Examples:
      rnncalc draw hello
      rnncalc draw -t lstm -o lstm.pdf
      rnncalc draw banana --hidden 2 --through backward --decimals 2 -o banana.tex
      rnncalc draw hello -o - > hello.svg
    """
    from pathlib import PurePath

    from rnncalc.cli.files import file_name
    from rnncalc.cli.options import chosen_problem
    from rnncalc.cli.output import check_output, emit_bytes
    from rnncalc.network.stages import trace_to
    from rnncalc.render.drawing.compose import compose

    ending = ".svg" if output in (None, "-") else PurePath(str(output)).suffix.lower()
    if ending not in ENDINGS:
        raise click.UsageError(f"-o {output}: the name of a figure must end in .svg, .pdf or .tex.")
    if ending == ".pdf":
        from rnncalc.render.drawing.pdf import check_pdf

        check_pdf()
    problem = chosen_problem(text, options)
    path = check_output(output or file_name(problem.text, ".svg"), force=force)
    trace = trace_to(problem, through or ("loss" if problem.has_loss else "forward"))
    emit_bytes(_written(compose(trace, decimals), ending), path, force=force)


def _written(drawing: Drawing, ending: str) -> bytes:
    if ending == ".pdf":
        from rnncalc.render.drawing.pdf import to_pdf

        return to_pdf(drawing)
    if ending == ".tex":
        from rnncalc.render.drawing.tikz import to_tikz

        return to_tikz(drawing).encode("utf-8")
    from rnncalc.render.drawing.svg import to_svg

    return to_svg(drawing).encode("utf-8")
