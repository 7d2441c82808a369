"""``rnncalc templates``: list, show and copy the ready problems."""

from __future__ import annotations

import click

from rnncalc.cli.options import complete_template, force_option


@click.group("templates", invoke_without_command=True, subcommand_metavar="[COMMAND] [ARGS]...")
@click.pass_context
def command(ctx: click.Context) -> None:
    """The ready problems, a line each.

    \b
    Examples:
      rnncalc templates
      rnncalc templates show hello
      rnncalc templates copy pencil -o mine.toml
    """
    if ctx.invoked_subcommand is not None:
        return
    from rnncalc import templates
    from rnncalc.cli.output import emit

    found = {name: templates.load(name).title for name in templates.names()}
    width = max(map(len, found))
    found["theme"] = "The look of exported workbooks: copy it, restyle it in Excel, use it with export --theme"
    emit("".join(f"{name:<{width}}  {title}\n" for name, title in found.items()), None, data=False)


name_argument = click.argument("name", shell_complete=complete_template)


@command.command("show")
@name_argument
def show(name: str) -> None:
    """Print one template.

    \b
    Example:
      rnncalc templates show hello
    """
    from rnncalc import templates
    from rnncalc.cli.output import emit

    if name == "theme":
        raise click.UsageError("The theme is a workbook; rnncalc templates copy theme writes it.")
    emit(templates.text_of(name), None)


@command.command("copy")
@name_argument
@click.option("-o", "--output", metavar="FILE", help="The file to write; - is standard output.  [NAME.toml]")
@force_option
def copy(name: str, output: str | None, force: bool) -> None:
    """Copy a template to a file of your own, to edit it and use it with -t; or the theme, for export --theme.

    \b
    Examples:
      rnncalc templates copy hello
      rnncalc templates copy pencil -o mine.toml && rnncalc forward -t mine.toml
      rnncalc templates copy theme
    """
    from rnncalc import templates
    from rnncalc.cli.output import check_output, emit

    if name == "theme":
        from rnncalc.cli.output import emit_bytes
        from rnncalc.workbook.theme import default_theme

        path = check_output(output or "theme.xlsx", force=force)
        emit_bytes(default_theme(), path, force=force)
        return
    text = templates.text_of(name)
    path = check_output(output or f"{name}.toml", force=force)
    emit(text, path, force=force)
