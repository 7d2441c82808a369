"""``rnncalc gradcheck``: every gradient against complex-step differentiation."""

from __future__ import annotations

from typing import Any

import click

from rnncalc.cli.options import problem_options, text_argument


@click.command("gradcheck")
@text_argument
@problem_options
@click.option("--all", "whole", is_flag=True, help="Compare every entry, even if it takes long.")
def command(text: str | None, whole: bool, **options: Any) -> int:
    """Check every gradient of TEXT's network against complex-step differentiation.

    Prints one line for each parameter: the largest difference, absolute and relative to the parameter's largest
    gradient, and where it is. The exit code is 0 if all agree within 1e-10 (with an absolute floor of 1e-13), else 1.
    Where relu is exactly at its kink, there is no derivative: this is reported, but it does not count. In a large
    network, only a sample of the entries of each parameter is compared, and the page says so; --all compares all.

    \b
    Examples:
      rnncalc gradcheck hello
      rnncalc gradcheck banana --hidden 5 --activation relu
    """
    from rnncalc.cli.options import chosen_problem
    from rnncalc.cli.output import emit, next_step_here, page_for
    from rnncalc.cli.progress import progress
    from rnncalc.cli.view import typed_again
    from rnncalc.network.gradcheck import affordable, check_gradients
    from rnncalc.render.checks import gradcheck_parts
    from rnncalc.render.console import to_page

    problem = chosen_problem(text, options)
    with progress("elements") as tell:
        result = check_gradients(problem, tell, most=None if whole else affordable(problem))
    emit(to_page(gradcheck_parts(problem, result), page_for(None)), None, data=False)
    again = typed_again(text, options)
    if again is not None:
        next_step_here("See these gradients step by step", "backward", *again)
    return 0 if result.passed else 1
