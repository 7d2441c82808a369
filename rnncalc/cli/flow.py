"""``rnncalc flow``: how the gradient travels back through time."""

from __future__ import annotations

from typing import Any

import click

from rnncalc.cli.options import force_option, open_option, output_option, problem_options, text_argument


def _kinds(context: click.Context, parameter: click.Parameter, value: str | None) -> list[str] | None:
    from rnncalc.network.cells import CELLS

    if value is None:
        return None
    kinds = [kind.strip() for kind in value.split(",")]
    strange = [kind for kind in kinds if kind not in CELLS]
    if strange:
        raise click.BadParameter(f"there is no cell {strange[0]!r}; use one or more of {', '.join(CELLS)}.")
    if len(set(kinds)) < len(kinds):
        raise click.BadParameter("a cell is named twice; name each cell once.")
    return kinds


@click.command("flow")
@text_argument
@problem_options
@click.option(
    "--of",
    type=click.Choice(["last", "total"]),
    default="last",
    help="The loss to start from: the last step's, or the total.  [last]",
)
@click.option(
    "--cells",
    metavar="KIND,KIND",
    callback=_kinds,
    help="Compare kinds of cell, such as rnn,lstm,gru. Kinds that the problem does not use get random weights.",
)
@click.option("--format", "form", type=click.Choice(["table", "markdown", "html", "json", "csv"]), help="[table]")
@output_option
@open_option
@click.option(
    "--plot",
    metavar="FILE",
    help="Also draw a plot: .svg or .png. Needs matplotlib: pip install 'rnncalc[plot]'.",
)
@force_option
def command(
    text: str | None,
    of: str,
    cells: list[str] | None,
    form: str | None,
    output: str | None,
    opens: bool,
    plot: str | None,
    force: bool,
    **options: Any,
) -> None:
    """Show how the gradient of the last loss travels back through TEXT: does it vanish, or explode?

    For each step from the last to the first, prints the norm of the gradient with respect to h_t, the factor between
    neighbouring steps (the spectral norm of dh_t/dh_t-1), the product of these factors, and a bar for the norm on a
    logarithmic scale.

    \b
    Examples:
      rnncalc flow hello
      rnncalc flow -t vanishing
      rnncalc flow -t exploding --plot flow.svg
      rnncalc flow hello --of total --format csv
      rnncalc flow -t remembering --cells rnn,lstm,gru
    """
    from rnncalc.cli.browser import show
    from rnncalc.cli.options import chosen_cells, chosen_problem
    from rnncalc.cli.output import check_output, check_picture, emit, next_step_here, say
    from rnncalc.cli.view import check_open, form_of, page_name, typed_again, write
    from rnncalc.io.write import write_file
    from rnncalc.network.flow import flow
    from rnncalc.render import data
    from rnncalc.render.checks import cells_parts, flow_parts

    path = check_output(output, force=force)
    form = check_open(output, form, form_of(form, path)) if opens else form_of(form, path)
    plot_path = check_picture(plot, force=force)
    problems = chosen_cells(text, options, cells) if cells else [chosen_problem(text, options)]
    if opens and path is None:
        path = check_output(page_name(problems[0].text), force=force)
    flows = [flow(problem, of) for problem in problems]
    if form == "json":
        emit(data.cells_json(flows) if cells else data.flow_json(flows[0]), path, force=force)
    elif form == "csv":
        emit(data.cells_csv(flows) if cells else data.flow_csv(flows[0]), path, force=force)
    else:
        write(cells_parts(flows) if cells else flow_parts(flows[0]), form, path, force=force)
    if opens and path is not None:
        show(path)
    if plot_path is not None:
        from rnncalc.render.plots import cells_plot, flow_plot

        picture = plot_path.suffix.lower()[1:]
        drawn = cells_plot(flows, picture) if cells else flow_plot(flows[0], picture)
        write_file(plot_path, drawn, force=force)
        say(f"Wrote {plot_path}")
    again = typed_again(text, options)
    if again is not None and not cells and path is None and form == "table":
        next_step_here("See how an lstm and a gru keep the gradient", "flow", *again, "--cells", "rnn,lstm,gru")
