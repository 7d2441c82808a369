"""``rnncalc backward``: backpropagation through time, step by step."""

from __future__ import annotations

from typing import Any

import click

from rnncalc.cli.options import problem_options, text_argument, truncate_option, view_options


@click.command("backward")
@text_argument
@problem_options
@truncate_option
@view_options
def command(text: str | None, **options: Any) -> None:
    """Show the backward pass of TEXT: backpropagation through time (BPTT), from the last step to the first.

    Prints the loss, the gradients of every step as pictures of the arithmetic, and the totals over all steps. JSON and
    CSV contain everything, from the given numbers to the gradients.

    \b
    Examples:
      rnncalc backward hello
      rnncalc backward hello --summary
      rnncalc backward hello --only 'dWhh*'
      rnncalc backward hello --step 4 --decimals 4
      rnncalc backward hello --truncate 2
      rnncalc backward hello --format json -o gradients.json
    """
    from rnncalc.cli.options import chosen_problem
    from rnncalc.cli.view import show
    from rnncalc.network.backward_pass import backward
    from rnncalc.network.quantity import Quantity, Stage
    from rnncalc.network.trace import Trace
    from rnncalc.render.summary import backward_summary

    def default(trace: Trace) -> list[Quantity]:
        return [trace["loss"], *(q for q in trace.values() if q.stage == Stage.BACKWARD)]

    show(
        lambda: backward(chosen_problem(text, options), options["truncate"]),
        options,
        summary=backward_summary,
        default=default,
        then=("Next, the update", "update"),
        text=text,
    )
