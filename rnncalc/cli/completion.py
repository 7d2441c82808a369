"""``rnncalc completion``: the script that completes commands, options and templates in a shell."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    Examples:
      eval "$(rnncalc completion bash)"      in ~/.bashrc
      eval "$(rnncalc completion zsh)"       in ~/.zshrc
      rnncalc completion fish | source       in ~/.config/fish/config.fish
    """
    from click.shell_completion import get_completion_class

    from rnncalc.cli.main import cli
    from rnncalc.cli.output import emit

    completion = get_completion_class(shell)
    assert completion is not None
    emit(completion(cli, {}, "rnncalc", "_RNNCALC_COMPLETE").source() + "\n", None)
