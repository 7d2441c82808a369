"""``rnncalc sample``: text from a trained model."""

from __future__ import annotations

import click

from rnncalc.cli.options import complete_file


@click.command("sample")
@click.argument("model", metavar="MODEL.npz", shell_complete=complete_file)
@click.option(
    "--length", metavar="N", type=click.IntRange(1, 1_000_000), default=200, help="The number of letters.  [200]"
)
@click.option(
    "--temperature",
    metavar="X",
    type=click.FloatRange(min=0),
    default=1.0,
    help="Below 1, likely letters are chosen more often; above 1, less often; 0 always takes the most likely letter.  "
    "[1]",
)
@click.option("--seed", metavar="N", type=int, default=0, help="The seed for choosing the letters.  [0]")
@click.option("--prime", metavar="TEXT", default="", help="Read this text first, then continue it.")
def command(model: str, length: int, temperature: float, seed: int, prime: str) -> None:
    """Generate text with a model that `rnncalc train -o` saved: each letter is chosen by the predicted probabilities.

    \b
    Examples:
      rnncalc sample book.npz
      rnncalc sample book.npz --length 500 --temperature 0.8 --prime "the "
    """
    from rnncalc.cli.output import emit, next_step_here
    from rnncalc.errors import FileError, ProblemError
    from rnncalc.problems.model_file import kind_of, load
    from rnncalc.text import sample

    if kind_of(model) == "sentiment":
        raise FileError(
            f"{model} is a model of tweets and cannot write text. Use rnncalc sentiment predict "
            f"{model} to classify tweets."
        )
    problem = load(model)
    if problem is None:
        raise FileError(
            f"{model} is not a model from rnncalc train. Use rnncalc train --text FILE -o model.npz to make one."
        )
    try:
        text = sample(problem, length, prime=prime, temperature=temperature, seed=seed)
    except ProblemError as error:
        raise click.UsageError(str(error)) from None
    between = " " if prime and problem.tokens == "words" else ""
    emit(f"{prime}{between}{text}\n", None)
    next_step_here("Another text from the same model", "sample", model, "--seed", seed + 1)
