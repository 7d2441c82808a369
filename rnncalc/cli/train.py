"""``rnncalc train``: the network learns, watched in the terminal."""

from __future__ import annotations

import os
from typing import Any

import click

from rnncalc.cli.options import complete_file, force_option, problem_options, text_argument, update_options

_EPOCHS = "How often the text is read.  [a word: until every letter is right; else until a million letters are read]"
_STREAMS = "Read so many parts of the text side by side, as a batch.  [1]"


def _share(_context: click.Context, _parameter: click.Parameter, value: float | None) -> float | None:
    if value is not None and not 0 < value < 1:
        raise click.BadParameter(f"{value:g} is no share of the text; it needs a number between 0 and 1, such as 0.1.")
    return value


def _check_distinct(options: dict[str, Any]) -> None:
    """Raise UsageError where one file would be written twice."""
    written: dict[str, str] = {}
    for name in ("output", "checkpoint", "log", "plot"):
        if options[name] is not None:
            other = written.setdefault(os.path.realpath(options[name]), name)
            if other != name:
                raise click.UsageError(
                    f"--{other} and --{name} are the same file, {options[name]}; each needs one of its own."
                )


@click.command("train")
@text_argument
@click.option(
    "--text",
    "file",
    metavar="FILE",
    shell_complete=complete_file,
    help="Train on the text of this file; - is standard input.",
)
@click.option("--encoding", metavar="NAME", help="The encoding of that file.  [utf-8]")
@problem_options
@click.option("--epochs", metavar="N", type=click.IntRange(1), help=_EPOCHS)
@click.option("--window", metavar="N", type=click.IntRange(1), help="Letters from one update to the next.  [25]")
@click.option("--streams", metavar="N", type=click.IntRange(1), default=1, help=_STREAMS)
@click.option(
    "--optimizer",
    type=click.Choice(["sgd", "momentum", "adagrad", "rmsprop", "adam"]),
    help="How the weights are moved against their gradients.  [a word: adagrad; else adam]",
)
@update_options
@click.option("--dtype", type=click.Choice(["float64", "float32"]), default="float64", help="[float64]")
@click.option(
    "--validation",
    metavar="SHARE",
    type=float,
    callback=_share,
    help="Keep this share at the end of the text to judge the network on, such as 0.1.  [none]",
)
@click.option("--patience", metavar="N", type=click.IntRange(1), help="Stop after N epochs without a better one.")
@click.option("--checkpoint", metavar="FILE.npz", help="Write all that is needed to go on, every half minute.")
@click.option("--resume", is_flag=True, help="Go on from the checkpoint.")
@click.option("-o", "--output", metavar="FILE.npz", help="Save the model; every command takes it through --weights.")
@click.option("--log", metavar="FILE", help="Write the losses to this .csv or .jsonl file.")
@click.option("--plot", metavar="FILE", help="Draw losses and gradients: .svg or .png. Needs matplotlib.")
@click.option("--decimals", metavar="N", type=click.IntRange(0, 15), help="Decimals of a word's losses, 0 to 15.  [6]")
@force_option
def command(text: str | None, file: str | None, encoding: str | None, **options: Any) -> None:
    """Train the network of TEXT, and watch it learn.

    A word is learnt in front of you: the loss and the predictions update by update, until every letter is right. A
    text in a file is read in windows of 25 letters with an update after each; a bar shows the loss, the speed and the
    time left. Ctrl-C ends with the best weights saved.

    \b
    Examples:
      rnncalc train hello
      rnncalc train hello --cell lstm --optimizer adam --plot learning.svg
      rnncalc train --text book.txt --hidden 100 --clip 5 -o book.npz
      rnncalc train --text book.txt --checkpoint book-on.npz --resume
    """
    # a second thread of OpenBLAS makes small networks slower; before NumPy is loaded
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from rnncalc.cli.output import check_output
    from rnncalc.cli.training import Session, chosen_start

    if options["resume"] and options["checkpoint"] is None:
        raise click.UsageError("--resume goes on from a checkpoint: --checkpoint FILE.npz names it.")
    if text is not None and file is not None:
        raise click.UsageError("TEXT and --text cannot both be given.")
    if encoding is not None and file is None:
        raise click.UsageError("--encoding is that of the file of --text.")
    force = options["force"]
    for name, ending in (("output", ".npz"), ("checkpoint", ".npz")):
        if options[name] is not None and not options[name].lower().endswith(ending):
            raise click.UsageError(f"--{name} {options[name]}: the name needs to end in {ending}.")
    _check_distinct(options)
    paths = {name: check_output(options[name], force=force) for name in ("output", "log", "plot")}
    paths["checkpoint"] = check_output(options["checkpoint"], force=force or options["resume"])
    if options["plot"] is not None:
        from rnncalc.render.plots import check_plot

        check_plot(options["plot"])
    if options["log"] is not None and not options["log"].lower().endswith((".csv", ".jsonl")):
        raise click.UsageError(f"--log {options['log']}: the name needs to end in .csv or .jsonl.")
    code = Session(chosen_start(text, file, encoding, options), options, paths).run()
    if code:
        raise click.exceptions.Exit(code)
