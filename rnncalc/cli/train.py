"""``rnncalc train``: the network learns, watched in the terminal."""

from __future__ import annotations

import os
from typing import Any

import click

from rnncalc.cli.options import complete_file, force_option, problem_options, text_argument, update_options

_EPOCHS = (
    "How many times the text is read.  [a word: until every letter is right; else until a million letters "
    "have been read]"
)
_STREAMS = "Read N parts of the text side by side, as a batch.  [1]"


def _share(_context: click.Context, _parameter: click.Parameter, value: float | None) -> float | None:
    if value is not None and not 0 < value < 1:
        raise click.BadParameter(f"{value:g} is not a fraction of the text. Use a number between 0 and 1, such as 0.1.")
    return value


def _check_distinct(options: dict[str, Any]) -> None:
    """Raise UsageError where one file would be written twice."""
    written: dict[str, str] = {}
    for name in ("output", "checkpoint", "log", "plot"):
        if options[name] is not None:
            other = written.setdefault(os.path.realpath(options[name]), name)
            if other != name:
                raise click.UsageError(
                    f"--{other} and --{name} name the same file, {options[name]}. Use two different files."
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
@click.option("--window", metavar="N", type=click.IntRange(1), help="Letters per update.  [25]")
@click.option("--streams", metavar="N", type=click.IntRange(1), default=1, help=_STREAMS)
@click.option(
    "--optimizer",
    type=click.Choice(["sgd", "momentum", "adagrad", "rmsprop", "adam"]),
    help="The method that updates the weights.  [a word: adagrad; else adam]",
)
@update_options
@click.option("--dtype", type=click.Choice(["float64", "float32"]), default="float64", help="[float64]")
@click.option(
    "--validation",
    metavar="SHARE",
    type=float,
    callback=_share,
    help="Hold out this fraction at the end of the text for validation, such as 0.1.  [none]",
)
@click.option("--patience", metavar="N", type=click.IntRange(1), help="Stop after N epochs without improvement.")
@click.option("--checkpoint", metavar="FILE.npz", help="Save everything needed to continue, every half minute.")
@click.option("--resume", is_flag=True, help="Continue from the checkpoint.")
@click.option("-o", "--output", metavar="FILE.npz", help="Save the model; every command can read it with --weights.")
@click.option("--log", metavar="FILE", help="Write the losses to this .csv or .jsonl file.")
@click.option("--plot", metavar="FILE", help="Draw losses and gradients: .svg or .png. Needs matplotlib.")
@click.option(
    "--decimals", metavar="N", type=click.IntRange(0, 15), help="Decimals of the losses of a word, 0 to 15.  [6]"
)
@force_option
def command(text: str | None, file: str | None, encoding: str | None, **options: Any) -> None:
    """Train the network of TEXT, and watch it learn.

    For a word, you see the loss and the predictions update by update, until every letter is right. A text in a file is
    read in windows of 25 letters, with an update after each window; a bar shows the loss, the speed and the time left.
    Ctrl-C stops the training and saves the best weights.

    \b
    Examples:
      rnncalc train hello
      rnncalc train hello --cell lstm --optimizer adam --plot learning.svg
      rnncalc train --text book.txt --hidden 100 --clip 5 -o book.npz
      rnncalc train --text book.txt --checkpoint book-on.npz --resume
    """
    # a second thread of OpenBLAS makes small networks slower; before NumPy is loaded
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from rnncalc.cli.output import check_output, check_picture
    from rnncalc.cli.training import Session, chosen_start

    if options["resume"] and options["checkpoint"] is None:
        raise click.UsageError("--resume needs a checkpoint. Use --checkpoint FILE.npz to name it.")
    if text is not None and file is not None:
        raise click.UsageError("TEXT and --text cannot be used together. Use one of them.")
    if encoding is not None and file is None:
        raise click.UsageError("--encoding is for the file of --text. Use --text FILE with it.")
    force = options["force"]
    for name, ending in (("output", ".npz"), ("checkpoint", ".npz")):
        if options[name] is not None and not options[name].lower().endswith(ending):
            raise click.UsageError(f"--{name} {options[name]}: the name must end in {ending}.")
    _check_distinct(options)
    paths = {name: check_output(options[name], force=force) for name in ("output", "log")}
    paths["checkpoint"] = check_output(options["checkpoint"], force=force or options["resume"])
    paths["plot"] = check_picture(options["plot"], force=force)
    if options["log"] is not None and not options["log"].lower().endswith((".csv", ".jsonl")):
        raise click.UsageError(f"--log {options['log']}: the name must end in .csv or .jsonl.")
    code = Session(chosen_start(text, file, encoding, options), options, paths).run()
    if code:
        raise click.exceptions.Exit(code)
