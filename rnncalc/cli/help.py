"""``rnncalc help``: the same as --help, for those who look for it here."""

from __future__ import annotations

import click


@click.command("help")
@click.argument("names", metavar="[COMMAND]...", nargs=-1)
@click.pass_context
def command(context: click.Context, names: tuple[str, ...]) -> None:
    """Show what rnncalc does, or how to use a command: the same as --help after the command.

    \b
    Examples:
      rnncalc help
      rnncalc help forward
      rnncalc help assignment make
    """
    from rnncalc.cli.output import emit
    from rnncalc.io.suggest import did_you_mean

    above = context.find_root()
    for name in names:
        group = above.command
        subcommand = group.get_command(above, name) if isinstance(group, click.Group) else None
        if subcommand is None:
            known = group.list_commands(above) if isinstance(group, click.Group) else []
            near = did_you_mean(name, known) or (f"; the commands are {', '.join(known)}" if known else "")
            raise click.UsageError(f"There is no command {name!r} in {above.command_path}{near}.")
        above = click.Context(subcommand, info_name=name, parent=above)
    emit(f"{above.get_help()}\n", None, data=False)
