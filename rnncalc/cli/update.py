"""``rnncalc update``: one step of gradient descent, or several."""

from __future__ import annotations

from typing import Any

import click

from rnncalc.cli.options import problem_options, text_argument, truncate_option, update_options, view_options


@click.command("update")
@text_argument
@problem_options
@update_options
@truncate_option
@click.option("--repeat", metavar="N", type=click.IntRange(1, 100_000), default=1, help="Update N times.  [1]")
@view_options
def command(text: str | None, repeat: int, **options: Any) -> None:
    """Update the weights of TEXT's network by gradient descent: W_new = W - eta * dW.

    For each parameter, prints the old weight, its gradient (and the clipped gradient, if there is clipping) and the new
    weight; and the loss before and after. With --repeat, it continues from the new weights and shows the loss of every
    update and the details of the last one.

    \b
    Examples:
      rnncalc update hello --eta 0.5
      rnncalc update hello --clip-norm 1 --summary
      rnncalc update hello --repeat 74 --summary
      rnncalc update -t exploding --clip-norm 1 --summary
    """
    from rnncalc.cli.options import chosen_problem, limits_of
    from rnncalc.cli.progress import progress
    from rnncalc.cli.view import show
    from rnncalc.network.quantity import Quantity, Stage
    from rnncalc.network.trace import Trace
    from rnncalc.network.update_step import Diverged, descend
    from rnncalc.render.summary import update_summary

    losses: list[float] = []
    diverged: list[Diverged] = []

    def compute() -> Trace:
        problem = chosen_problem(text, options)
        try:
            with progress("updates") as tell:
                losses_before, trace = descend(problem, repeat, progress=tell, **limits_of(options))
        except Diverged as error:
            losses_before, trace = error.losses, error.trace
            diverged.append(error)
        losses.extend(losses_before)
        return trace

    def default(trace: Trace) -> list[Quantity]:
        return [q for q in trace.values() if q.stage == Stage.UPDATE or q.name in ("eta", "clip", "clip_norm")]

    show(
        compute,
        options,
        summary=lambda trace, decimals: update_summary(trace, losses, decimals, weights=options["summary"]),
        default=default,
        more=lambda: {"losses": losses},
        then=("Next, many updates", "train"),
        text=text,
    )
    if diverged:
        raise diverged[0]
