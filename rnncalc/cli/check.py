"""``rnncalc check``: numbers typed at the prompt, marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click

from rnncalc.cli.options import (
    decimals_option,
    problem_options,
    show_option,
    tolerance_option,
    truncate_option,
    update_options,
)


@click.command("check", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", metavar="[TEXT] NAME VALUE...", nargs=-1, required=True, type=click.UNPROCESSED)
@problem_options
@update_options
@truncate_option
@tolerance_option
@show_option
@click.option("--format", "form", type=click.Choice(["table", "markdown", "json"]), default="table", help="[table]")
@decimals_option
def command(
    arguments: tuple[str, ...],
    eta: float | None,
    clip: float | None,
    clip_norm: float | None,
    truncate: int | None,
    tolerance: float | None,
    show: str,
    form: str,
    decimals: int,
    **options: Any,
) -> int:
    """Mark numbers typed here: are they right, rounded, or which mistake do they show?

    NAME is a quantity, whose numbers follow row by row, or one element of it; the pages' symbols, h₂ or ∂E/∂Whh,
    are names too, and a letter is an index: p_2[e]. Decimals count as written: 0.94 claims
    two. NAME=VALUE is one number. Exit code 0 where all are right, else 1.

    \b
    Examples:
      rnncalc check hello h_2 0.94 0.95 0.76
      rnncalc check dy_4 0.434 0.199 0.158 -0.791
      rnncalc check hello wh_2:1 0.2960
      rnncalc check banana --layers 2 'h_L2_1[2]=0.5'
      rnncalc check hello dWhh 0.24 --show answer
    """
    from rnncalc.cli.options import chosen_problem
    from rnncalc.cli.output import emit, next_step_here
    from rnncalc.cli.view import typed_again, write
    from rnncalc.homework.marking import mark
    from rnncalc.homework.prompt import typed_answers
    from rnncalc.homework.report import report_json, report_parts
    from rnncalc.names import element_name, looks_like_element
    from rnncalc.update_step import whole_trace

    arguments = tuple(_apart(arguments))
    strange = next((a for a in arguments if a.startswith("--")), None)
    if strange is not None:
        raise click.UsageError(f"There is no option {strange}.")
    named = looks_like_element(arguments[0]) and not (len(arguments) > 1 and looks_like_element(arguments[1]))
    text, rest = (None, arguments) if named else (arguments[0], arguments[1:])
    if len(rest) < 2:
        raise click.UsageError(
            "What should be checked? rnncalc check [TEXT] NAME VALUE..., such as check hello h_2:1 0.94."
        )
    trace = whole_trace(chosen_problem(text, {**options, "eta": eta}), truncate, clip=clip, clip_norm=clip_norm)
    report = mark(trace, [typed_answers(trace, rest[0], rest[1:])], tolerance=tolerance, asked=decimals)
    report = report._replace(remark="")  # nobody asked for more decimals than were typed
    if form == "json":
        emit(report_json(report, trace), None)
    else:
        write(report_parts(report, trace, show, decimals), form, None, force=False)
    first = report.first
    again = typed_again(text, options) if (eta, clip, clip_norm, truncate) == (None,) * 4 else None
    if first is not None and again is not None and form == "table":
        shape = trace[first.quantity].shape
        element = element_name(first.quantity, first.row + 1, first.column + 1, shape)
        next_step_here("How it is worked", "explain", *again, element)
    return 0 if report.verdict == "correct" else 1


def _apart(arguments: Iterable[str]) -> Iterator[str]:
    """NAME=VALUE as NAME and VALUE."""
    from rnncalc.names import looks_like_element

    for argument in arguments:
        ends = (i for i, sign in enumerate(argument) if sign == "=" and looks_like_element(argument[:i]))
        end = next(ends, None)  # the letter of an index may be an equals sign itself
        yield from (argument,) if end is None else (argument[:end], argument[end + 1 :])
