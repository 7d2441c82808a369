"""``rnncalc forward``: the forward pass, step by step."""

from __future__ import annotations

from typing import Any

import click

from rnncalc.cli.options import problem_options, text_argument, view_options

_NEXT = ("Next, the backward pass", "backward")


@click.command("forward")
@text_argument
@problem_options
@view_options
def command(text: str | None, **options: Any) -> None:
    """Show the forward pass of TEXT, step by step, with tables as in the textbook.

    Without TEXT, or with hello, this is the textbook example. Any other text gets random weights from a seed. With
    TEXT -, the text is read from standard input, without its final newline. Letters are case-sensitive. Spaces, digits
    and signs are letters too.

    \b
    Examples:
      rnncalc forward hello
      rnncalc forward hello --step 2 --only 'h_*' --decimals 4
      rnncalc forward -t pencil --summary
      rnncalc forward banana --hidden 2 --seed 7
      rnncalc forward hello -o hello.tex
    """
    from rnncalc.cli.options import chosen_problem
    from rnncalc.cli.view import show
    from rnncalc.network.forward_pass import forward
    from rnncalc.render.summary import forward_summary

    show(lambda: forward(chosen_problem(text, options)), options, summary=forward_summary, then=_NEXT, text=text)
