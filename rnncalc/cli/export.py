"""``rnncalc export``: a live workbook, every step as formulas."""

from __future__ import annotations

from typing import Any

import click

from rnncalc.cli.options import (
    decimals_option,
    force_option,
    problem_options,
    text_argument,
    through_option,
    truncate_option,
    update_options,
)


@click.command("export")
@text_argument
@problem_options
@update_options
@truncate_option
@through_option("in the workbook")
@click.option(
    "--formulas",
    type=click.Choice(["cells", "matrix"]),
    default="cells",
    help="One written-out formula per cell, or array formulas with names: =MMULT(Wxh,x_2).  [cells]",
)
@click.option(
    "--layout",
    type=click.Choice(["both", "board", "steps"]),
    default="both",
    help="The Board (the whole network on one screen), the long sheets with every step, or both.  [both]",
)
@click.option(
    "--epochs",
    metavar="N",
    type=click.IntRange(1, 100),
    help="Add a Training sheet that trains the network with formulas: N updates, one per row, 1 to 100.",
)
@click.option(
    "--optimizer",
    type=click.Choice(["sgd", "momentum", "adagrad"]),
    help="How the Training sheet updates the weights.  [adagrad]",
)
@click.option("--protect", is_flag=True, help="Lock all cells except the inputs (without a password).")
@click.option(
    "--theme",
    metavar="FILE.xlsx",
    help="Use the styles and cover sheets of this workbook; `rnncalc templates copy theme` writes one to start from.",
)
@decimals_option
@click.option("-o", "--output", metavar="FILE.xlsx", help="The workbook to write; - is standard output.  [TEXT.xlsx]")
@force_option
def command(
    text: str | None,
    through: str | None,
    formulas: str,
    layout: str,
    epochs: int | None,
    optimizer: str | None,
    protect: bool,
    theme: str | None,
    decimals: int,
    output: str | None,
    force: bool,
    **options: Any,
) -> None:
    """Write a live Excel workbook of the network of TEXT: every number that is not given is a formula.

    If you change a letter, a weight or the learning rate, the states, predictions, loss, gradients and new weights
    change with it. The sheet Check compares every number with NumPy's result.

    \b
    Examples:
      rnncalc export hello
      rnncalc export hello --formulas matrix -o hello-matrix.xlsx
      rnncalc export hello --epochs 20 -o training.xlsx
      rnncalc export banana --hidden 2 --through forward
      rnncalc export -t pencil --decimals 2 --protect -o handout.xlsx
    """
    from rnncalc.cli.files import check_workbook_output, file_name, read_theme_file
    from rnncalc.cli.options import check_through, chosen_problem, limits_of
    from rnncalc.cli.output import check_output, emit_bytes, say
    from rnncalc.cli.progress import progress
    from rnncalc.workbook.write.export import export
    from rnncalc.workbook.write.training import Training

    limits = limits_of(options)
    check_through("A workbook", through, limits)
    if optimizer is not None and epochs is None:
        raise click.UsageError("--optimizer is for the Training sheet. Add one with --epochs 20.")
    if layout == "board" and (through == "update" or epochs is not None or limits["clip"] or limits["clip_norm"]):
        clipping = "--clip" if limits["clip"] else "--clip-norm"
        unused = "--through update" if through else "--epochs" if epochs else clipping
        raise click.UsageError(f"The Board ends with the gradients, so --layout board cannot use {unused}.")
    check_workbook_output(output)
    problem = chosen_problem(text, options)
    path = check_output(output or file_name(problem.text), force=force)
    look = read_theme_file(theme)
    with progress("quantities") as tell:
        file = export(
            problem,
            through=through,
            formulas=formulas,
            layout=layout,
            decimals=decimals,
            protect=protect,
            theme=look,
            training=None if epochs is None else Training(epochs, optimizer or "adagrad"),
            progress=tell,
            **limits,
        )
    emit_bytes(file, path, force=force)
    if path is not None:
        what = (
            "Change a letter or a weight on the sheet Inputs"
            if layout == "steps"
            else ("Change a weight on the sheet Board or a letter on the sheet Inputs")
        )
        say(f"Open it in Excel or LibreOffice. {what}, and all numbers change with it.")
