"""Writes docs/cli.md from every command's own --help.

python docs/make_cli.py            rewrite it
python docs/make_cli.py --check    exit 1, with a sentence, where it is not what the commands say today
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from rnncalc.cli.main import cli

PAGE = Path(__file__).with_name("cli.md")
HEAD = """# The command line

Every command's own `--help`, as a terminal of 80 columns shows it. `python docs/make_cli.py` writes this page.
"""


def contexts(context: click.Context) -> Iterator[click.Context]:
    """A command's context, then those of its subcommands, in the order of its help."""
    yield context
    group = context.command
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield from contexts(click.Context(command, parent=context, info_name=name))


def page() -> str:
    # click leaves two of a terminal's columns free
    top = click.Context(cli, info_name="rnncalc", terminal_width=78, **cli.context_settings)
    sections = [f"## {c.command_path}\n\n```text\n{c.get_help()}\n```\n" for c in contexts(top)]
    return "\n".join([HEAD, *sections])


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print(f"{' '.join(arguments)!r} is no option; --check is the only one.", file=sys.stderr)
        return 2
    wanted = page()
    if not arguments:
        PAGE.write_text(wanted, encoding="utf-8", newline="\n")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted:
        print("docs/cli.md is not what the commands say today; python docs/make_cli.py rewrites it.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
