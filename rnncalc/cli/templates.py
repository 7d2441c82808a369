"""``rnncalc templates``: list, show and copy the ready problems."""

from __future__ import annotations

from typing import Any

import click

from rnncalc.cli.options import complete_template, force_option, problem_options, text_argument


@click.group("templates", invoke_without_command=True, subcommand_metavar="[COMMAND] [ARGS]...")
@click.pass_context
def command(ctx: click.Context) -> None:
    """List the ready-made problems, one per line.

    \b
    Examples:
      rnncalc templates
      rnncalc templates show hello
      rnncalc templates copy pencil -o mine.toml
    """
    if ctx.invoked_subcommand is not None:
        return
    from rnncalc.cli.output import emit, page_for
    from rnncalc.problems import templates

    titles = {name: templates.load(name).title for name in templates.names()}
    width = max(map(len, titles))
    titles["theme"] = "The style of exported workbooks: copy it, change it in Excel, use it with export --theme"
    page = page_for(None)
    for name, title in titles.items():
        page.beside(f"{name:<{width}}", title, "")
    emit(str(page), None, data=False)


name_argument = click.argument("name", shell_complete=complete_template)


@command.command("show")
@name_argument
def show(name: str) -> None:
    """Print one template.

    \b
    Example:
      rnncalc templates show hello
    """
    from rnncalc.cli.output import emit
    from rnncalc.problems import templates

    if name == "theme":
        raise click.UsageError("The theme is a workbook. Use rnncalc templates copy theme to write it.")
    emit(templates.text_of(name), None)


@command.command("copy")
@name_argument
@click.option("-o", "--output", metavar="FILE", help="The file to write; - is standard output.  [NAME.toml]")
@force_option
def copy(name: str, output: str | None, force: bool) -> None:
    """Copy a template to your own file, so that you can edit it and use it with -t; or the theme, for export --theme.

    \b
    Examples:
      rnncalc templates copy hello
      rnncalc templates copy pencil -o mine.toml && rnncalc forward -t mine.toml
      rnncalc templates copy theme
    """
    from rnncalc.cli.output import check_output, emit, next_step
    from rnncalc.problems import templates

    if name == "theme":
        from rnncalc.cli.output import emit_bytes
        from rnncalc.workbook.write.theme import default_theme

        path = check_output(output or "theme.xlsx", force=force)
        emit_bytes(default_theme(), path, force=force)
        if path is not None:
            next_step("Change its cell styles, then run", "export", "hello", "--theme", path)
        return
    text = templates.text_of(name)
    path = check_output(output or f"{name}.toml", force=force)
    emit(text, path, force=force)
    if path is not None:
        next_step("Change it as you like, then run", "forward", "-t", path)


@command.command("from-weights")
@click.argument("file", metavar="FILE")
@text_argument
@problem_options
@click.option("-o", "--output", metavar="FILE", help="The file to write; - is standard output.  [the file's name.toml]")
@click.option(
    "--beside/--within",
    default=None,
    help="Write the weights to a .npz file beside the template, or into the template.  [depends on how many there are]",
)
@force_option
def from_weights(
    file: str, text: str | None, output: str | None, beside: bool | None, force: bool, **options: Any
) -> None:
    """Make a template from a file of saved weights; the template reads TEXT or --inputs.

    FILE is a Keras model (.keras, .h5), PyTorch weights (.safetensors, .pt, .pth) or NumPy arrays (.npz). If there are
    more than 2,000 weights, they are written to a .npz file beside the template.

    \b
    Examples:
      rnncalc templates from-weights model.keras --inputs reading.csv
      rnncalc templates from-weights chars.npz hello --vocabulary helo -o c.toml
    """
    from pathlib import Path

    from rnncalc.cli.options import chosen_problem
    from rnncalc.cli.output import check_output, emit, emit_bytes, next_step
    from rnncalc.problems.template_writer import to_toml
    from rnncalc.weights.own_file import arrays_to_bytes

    if options.pop("weights") is not None:
        raise click.UsageError("FILE already gives the weights. Leave out --weights.")
    name = output or f"{Path(file).stem}.toml"
    path = check_output(name, force=force)
    problem = chosen_problem(text, {**options, "weights": file})
    numbers = sum(array.size for array in problem.arrays().values())
    apart = numbers > _MOST_WITHIN if beside is None else beside
    title = f"The network of {Path(file).name}"
    if not apart:
        emit(to_toml(problem, title), path, force=force)
        if path is not None:
            next_step("See what it computes", "forward", "-t", path)
        return
    if name == "-":
        raise click.UsageError(
            "The weights go into a file beside the template. Name the template with -o FILE, or use --within."
        )
    target = Path(name).with_suffix(".npz")
    if target.resolve() == Path(file).resolve():
        raise click.UsageError(f"The weights of the template would overwrite {file}. Use -o FILE with another name.")
    arrays = check_output(str(target), force=force)
    emit_bytes(arrays_to_bytes(problem.arrays()), arrays, force=force)
    emit(to_toml(problem, title, Path(name).with_suffix(".npz").name), path, force=force)
    next_step("See what it computes", "forward", "-t", name)


_MOST_WITHIN = 2000
