"""``rnncalc flow``: how the gradient travels back through time."""

from __future__ import annotations

from typing import Any

import click

from rnncalc.cli.options import force_option, output_option, problem_options, text_argument


@click.command("flow")
@text_argument
@problem_options
@click.option(
    "--of",
    type=click.Choice(["last", "total"]),
    default="last",
    help="The loss whose gradient travels: the last step's, or the total.  [last]",
)
@click.option("--format", "form", type=click.Choice(["table", "markdown", "json", "csv"]), help="[table]")
@output_option
@click.option(
    "--plot",
    metavar="FILE",
    help="Draw it too: .svg or .png. Needs matplotlib: pip install 'rnncalc[plot]'.",
)
@force_option
def command(
    text: str | None, of: str, form: str | None, output: str | None, plot: str | None, force: bool, **options: Any
) -> None:
    """How the gradient of the last loss travels back through TEXT: does it vanish, or explode?

    For each step from the last to the first: the norm of the gradient with respect to h_t, the factor between
    neighbouring steps (the spectral norm of dh_t/dh_t-1), and the product of these factors; and a bar for each norm
    on a logarithmic scale.

    \b
    Examples:
      rnncalc flow hello
      rnncalc flow -t vanishing
      rnncalc flow -t exploding --plot flow.svg
      rnncalc flow hello --of total --format csv
    """
    from rnncalc.cli.options import chosen_problem
    from rnncalc.cli.output import check_output, emit, say, write_file
    from rnncalc.cli.view import form_of, write
    from rnncalc.flow import flow
    from rnncalc.render import data
    from rnncalc.render.checks import flow_parts

    path = check_output(output, force=force)
    plot_path = check_output(plot, force=force)
    if plot is not None:
        from rnncalc.render.plots import check_plot

        check_plot(plot)
    result = flow(chosen_problem(text, options), of)
    form = form_of(form, path)
    if form == "json":
        emit(data.flow_json(result), path, force=force)
    elif form == "csv":
        emit(data.flow_csv(result), path, force=force)
    else:
        write(flow_parts(result), form, path, force=force)
    if plot_path is not None:
        from rnncalc.render.plots import flow_plot

        write_file(plot_path, flow_plot(result, plot_path.suffix.lower()[1:]), force=force)
        say(f"Wrote {plot_path}")
