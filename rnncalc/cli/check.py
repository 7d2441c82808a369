"""``rnncalc check``: numbers typed at the prompt, marked."""

from __future__ import annotations

import re
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
from rnncalc.marking.status import Verdict

_VALUE = re.compile(r"[\s+\-−–=(\[{]*[\d.,]")


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
    tolerance: float | None,
    show: str,
    form: str,
    decimals: int,
    **options: Any,
) -> int:
    """Check numbers that you type: are they right, rounded, or which mistake do they show?

    NAME is a quantity, followed by its numbers row by row, or one element of a quantity. You can give several. The
    symbols on the pages, such as h₂ or ∂E/∂Whh, are names too, and a letter can be an index: p_2[e]. Numbers can be in
    lists, with decimal commas, as fractions or as calculations such as tanh(1.7). Numbers are checked to the decimals
    that you type: 0.94 has two. The exit code is 0 if all are right, else 1.

    \b
    Examples:
      rnncalc check hello h_2 0.94 0.95 0.76
      rnncalc check dy_4 0.434 0.199 0.158 -0.791
      rnncalc check hello wh_2:1 0.2960
      rnncalc check hello "h_2 = 0.9365, 0.9491, 0.7623" "h_3:1 = tanh(1.5393)"
      rnncalc check banana --layers 2 'h_L2_1[2]=0.5'
      rnncalc check hello dWhh 0.24 --show answer
    """
    from rnncalc.cli.options import chosen_problem, limits_of
    from rnncalc.cli.output import emit, next_step_here
    from rnncalc.cli.view import typed_again, write
    from rnncalc.marking.marking import mark
    from rnncalc.marking.prompt import typed_together
    from rnncalc.network.names import element_name
    from rnncalc.network.typed_names import looks_like_element
    from rnncalc.network.update_step import whole_trace
    from rnncalc.render.report import report_parts
    from rnncalc.render.report_json import report_json

    strange = next((a for a in arguments if a.startswith("--")), None)
    if strange is not None:
        raise click.UsageError(f"There is no option {strange}.")
    begins = [_begins(argument) is not None for argument in arguments]
    has_text = not begins[0] or (looks_like_element(arguments[0]) and begins[1:2] == [True])
    text, rest = (arguments[0], arguments[1:]) if has_text else (None, arguments)
    typed = list(_names_and_values(rest))
    if not typed or not all(any(map(str.strip, values)) for _, values in typed):
        raise click.UsageError(
            "There is nothing to check. Use rnncalc check [TEXT] NAME VALUE..., such as check hello h_2:1 0.94."
        )
    trace = whole_trace(chosen_problem(text, options), **limits_of(options))
    report = mark(trace, typed_together(trace, typed), tolerance=tolerance, decimals=decimals)
    report = report._replace(remark="")  # nobody asked for more decimals than were typed
    if form == "json":
        emit(report_json(report, trace), None)
    else:
        write(report_parts(report, trace, show, decimals), form, None, force=False)
    first = report.first
    again = typed_again(text, options)
    if first is not None and again is not None and form == "table":
        shape = trace[first.quantity].shape
        element = element_name(first.quantity, first.row + 1, first.column + 1, shape)
        next_step_here("See how it is computed", "explain", *again, element)
    return 0 if report.verdict == Verdict.CORRECT else 1


def _names_and_values(arguments: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Each name with the values that follow it: h_2 0.94 0.95, h_2=0.94, or lines such as h_2 = 0.94, 0.95."""
    name, values = "", list[str]()
    for piece in (piece for argument in arguments for piece in re.split(r"(?<=;)|\n", argument)):
        begun = _begins(piece)
        if begun is None and not name:
            begun = (piece, "")  # it must be a name, and the trace says that it is none
        if begun is None:
            values.append(piece.strip().removeprefix("=") if not any(values) else piece)
            continue
        if name:
            yield name, values
        name, values = begun[0], [begun[1]]
    if name:
        yield name, values


def _begins(piece: str) -> tuple[str, str] | None:
    """The name that a piece begins with, and what follows it; None where it begins with none."""
    name, sign, value = piece.partition("=")
    if sign and _is_name(name):
        return name.strip(), value
    name, _, value = piece.strip().partition(" ")
    name = name.removesuffix(":")
    # "a good film" is a text, and h_2 0.94 0.95 a name with its values
    return (name, value) if _is_name(name) and (not value or _VALUE.match(value)) else None


def _is_name(text: str) -> bool:
    """Whether this is the name of a quantity or an element; a letter alone, such as the number e, is none."""
    from rnncalc.network.typed_names import looks_like_element

    return len(text.strip()) > 1 and looks_like_element(text)
