"""``rnncalc explain``: one number, worked as on paper."""

from __future__ import annotations

from typing import Any

import click

from rnncalc.cli.options import decimals_option, page_options, problem_options, truncate_option, update_options


@click.command("explain")
@click.argument("arguments", metavar="[TEXT] ELEMENT", nargs=-1, required=True)
@problem_options
@update_options
@truncate_option
@decimals_option
@page_options
def command(arguments: tuple[str, ...], **options: Any) -> None:
    """Explain one number: its equation, the equation with the numbers put in, and the result.

    ELEMENT is a quantity such as p_2, or one element of it: h_2[1] or h_2:1, Wxh[3,2] or Wxh:3,2, counted from 1, or by
    its letter, p_2[e]. The symbols on the pages are names too: h₂, ∂E/∂Whh or dE/dWhh, and E for the loss. For a given
    weight, it says what its shape means and where its numbers come from. Without TEXT, it explains hello.

    \b
    Examples:
      rnncalc explain hello "h_2[1]"
      rnncalc explain h_2:1
      rnncalc explain p_2 --decimals 4
      rnncalc explain dWhh
      rnncalc explain Wxh_new:1,2 --eta 0.5
      rnncalc explain Whh
      rnncalc explain hello dWhh -o dWhh.tex
    """
    from rnncalc.cli.options import chosen_problem, limits_of
    from rnncalc.cli.output import check_output, command_line, emit, next_step_here
    from rnncalc.cli.view import form_of, of_the_problem, sheet_of, typed_again, write
    from rnncalc.network.typed_elements import typed_elements
    from rnncalc.network.typed_names import looks_like_element, parse_element
    from rnncalc.network.update_step import trace_with
    from rnncalc.render.document import title_line
    from rnncalc.render.explain import explain_data, explain_parts, explained_quantities
    from rnncalc.render.formats import FORMATS, TABLE

    if len(arguments) > 2:
        raise click.UsageError(
            "Too many arguments. Use rnncalc explain [TEXT] ELEMENT, such as rnncalc explain hello h_2:1."
        )
    if len(arguments) == 1 and not looks_like_element(arguments[0]):
        raise click.UsageError(
            f"Which number of {arguments[0]!r}? Add its name after the text: "
            f"{command_line('rnncalc', 'explain', arguments[0], 'h_2:1')}."
        )
    force, decimals = options["force"], options["decimals"]
    path = check_output(options["output"], force=force)
    form = form_of(options["form"], path)
    text = arguments[0] if len(arguments) == 2 else None
    typed = parse_element(arguments[-1])
    problem = chosen_problem(text, options)
    trace = trace_with(typed.name if typed else "", problem, **limits_of(options))
    elements = typed_elements(trace, arguments[-1])
    data = FORMATS[form].data
    if data is not None:
        sheet_of(options["width"], form)
        quantities = explained_quantities(elements.quantity)
        emit(data(trace, quantities, explain_data(elements, decimals=decimals)), path, force=force)
    else:
        sheet = sheet_of(options["width"], form)._replace(title=f"{arguments[-1]}: {title_line(problem)}")
        write(explain_parts(trace, elements, decimals=decimals), form, path, sheet, force=force)
    again = typed_again(text, of_the_problem(options))
    if (
        path is None
        and form == TABLE
        and again is not None
        and elements.quantity.rule is not None
        and len(elements.places) == 1
    ):
        next_step_here("Check your own number", "check", *again, arguments[-1], "YOUR_NUMBER")
