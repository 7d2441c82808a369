"""``rnncalc sentiment``: a classifier of tweets, from a CSV file to a verdict."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnncalc.cli.options import complete_file, force_option, listed, rate, sizes
from rnncalc.cli.registered import Registered
from rnncalc.problems.settings import BY_NAME

if TYPE_CHECKING:
    from rnncalc.tweets.cleaning import Cleaning
    from rnncalc.tweets.corpus import Corpus
    from rnncalc.tweets.fitting import Epoch
    from rnncalc.tweets.model import Columns
    from rnncalc.tweets.skipped import SkippedLines
    from rnncalc.tweets.tweets import TweetFile

_MOST_LETTERS = 100_000


def _share(_context: click.Context, _parameter: click.Parameter, value: float) -> float:
    if not 0 <= value < 1:
        raise click.BadParameter(
            f"{value:g} is not a fraction that can be used. Use a number from 0 up to, but "
            "not including, 1, such as 0.1."
        )
    return value


def _file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--strict", is_flag=True, help="Stop with an error at the first line that cannot be used."),
        click.option(
            "--encoding", metavar="NAME", help="The encoding of the file.  [Sentiment140: latin-1, else utf-8]"
        ),
        click.option("--label-column", metavar="NAME|N", help="The column with the class, by name or number from 1."),
        click.option("--text-column", metavar="NAME|N", help="The column with the text.  [the sixth, or by its name]"),
    ):
        command = option(command)
    return command


@click.group("sentiment")
def command() -> None:
    """Classify tweets: train a network on a CSV file, test it, use it.

    The file has the layout of Sentiment140 (six columns without a header: polarity 0, 2 or 4 first, the text sixth), or
    any other layout with one column for the text and one for the class.

    \b
    Examples:
      rnncalc sentiment train tweets.csv -o model.npz
      rnncalc sentiment test model.npz tweets.csv
      rnncalc sentiment predict model.npz "what a day"
      rnncalc export --weights model.npz "what a day"
    """


@command.command("train")
@click.argument("file", metavar="TWEETS.csv", shell_complete=complete_file)
@_file_options
@click.option(
    "--words", metavar="N", type=click.IntRange(1), default=16_000, help="Use the N most frequent words.  [16000]"
)
@click.option(
    "--length", metavar="N", type=click.IntRange(1, 1000), default=15, help="Read at most N words of a tweet.  [15]"
)
@click.option(
    "--side",
    type=click.Choice(["left", "right"]),
    default="left",
    help="Where long tweets are cut off: left keeps their last words.  [left]",
)
@click.option(
    "--embedding",
    metavar="N|FILE.txt",
    default="50",
    help="The numbers in the embedding of a word, or a file with embeddings, from GloVe or word2vec.  [50]",
)
@click.option("--freeze", is_flag=True, help="Do not train the embedding.")
@click.option("--cell", type=Registered(BY_NAME["cell"].choices), default="rnn", help="The kind of cell.  [rnn]")
@click.option(
    "--hidden", metavar="N", type=click.IntRange(1, 1024), default=100, help="The number of hidden units.  [100]"
)
@click.option(
    "--activation",
    type=Registered(BY_NAME["activation"].choices),
    default="tanh",
    help="The activation of the hidden units.  [tanh]",
)
@click.option("--head", metavar="N,..", type=sizes, help="Dense layers with N units each, such as 1000,500.  [none]")
@click.option(
    "--head-activation",
    metavar="NAME,..",
    type=listed,
    help="The activations of the dense layers, such as sigmoid,relu.  [relu]",
)
@click.option(
    "--dropout",
    metavar="SHARE",
    type=float,
    default=0.0,
    callback=_share,
    help="Dropout of the inputs of the head.  [0]",
)
@click.option(
    "--embedding-dropout",
    metavar="SHARE",
    type=float,
    default=0.0,
    callback=_share,
    help="Dropout of the embedding.  [0]",
)
@click.option("--epochs", metavar="N", type=click.IntRange(1), default=10, help="[10]")
@click.option("--batch", metavar="N", type=click.IntRange(1), default=120, help="Tweets per update.  [120]")
@click.option("--eta", metavar="X", type=rate, default=0.001, help="Adam's learning rate.  [0.001]")
@click.option("--dtype", type=click.Choice(["float32", "float64"]), default="float32", help="[float32]")
@click.option(
    "--seed", metavar="N", type=int, default=0, help="The seed for first weights, split, order and dropout.  [0]"
)
@click.option("--validation", metavar="SHARE", type=float, default=0.1, callback=_share, help="[0.1]")
@click.option(
    "--test",
    metavar="SHARE",
    type=float,
    default=0.1,
    callback=_share,
    help="The fraction held out for testing.  [0.1]",
)
@click.option("--class-weights", is_flag=True, help="Give rare classes more weight, by their frequency.")
@click.option(
    "--patience", metavar="N", type=click.IntRange(1), default=3, help="Stop after N epochs without improvement.  [3]"
)
@click.option("--keep-case", is_flag=True, help="Treat upper and lower case as different.")
@click.option("--keep-links", is_flag=True, help="Keep links.")
@click.option("--keep-mentions", is_flag=True, help="Keep @names.")
@click.option("--drop-hashtags", is_flag=True, help="Remove #words completely, not only the #.")
@click.option("--keep-punctuation", is_flag=True, help="Keep punctuation.")
@click.option("--drop-numbers", is_flag=True, help="Drop numbers.")
@click.option("--keep-repeats", is_flag=True, help="Keep repeated letters, as in cooool.")
@click.option("--drop-stop-words", is_flag=True, help="Remove words with little meaning, but never negations.")
@click.option("-o", "--output", metavar="FILE.npz", required=True, help="The model to write.")
@force_option
def train_command(file: str, output: str, force: bool, **options: Any) -> None:
    """Train a classifier on a CSV file of tweets, and save it.

    The seed splits the tweets at random into training, validation and test tweets. The vocabulary and all statistics
    come from the training tweets. Training ends after --epochs epochs, or after --patience epochs without a lower
    validation loss, and the best weights are saved. Ctrl-C also ends the training and saves the best weights, or the
    weights so far if no epoch was finished.

    \b
    Examples:
      rnncalc sentiment train tweets.csv -o model.npz
      rnncalc sentiment train my.csv --cell lstm --embedding glove.txt -o m.npz
      rnncalc sentiment train tweets.csv --head 1000,500 -o model.npz
    """
    # OpenBLAS's threads cost more than they bring on products of this size; before NumPy is loaded
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from rnncalc.cli.output import LATE, check_output, emit, next_step, page_for, say, say_notes, trained
    from rnncalc.cli.progress import progress
    from rnncalc.errors import ProblemError
    from rnncalc.io.interrupts import first_interrupt
    from rnncalc.io.write import write_file
    from rnncalc.render.console import to_page
    from rnncalc.render.sentiment_training import training_parts
    from rnncalc.tweets import session
    from rnncalc.tweets.model import to_bytes

    if not output.lower().endswith(".npz"):
        raise click.UsageError(f"-o {output}: the name must end in .npz.")
    path = check_output(output, force=force)
    assert path is not None
    cleaning = _cleaning(options)
    tweets = _opened(file, options)
    corpus = _read(tweets, cleaning)
    epochs: list[Epoch] = []
    try:
        begun = session.begin(corpus, cleaning, {**options, "digest": _digest(file)})
    except ProblemError as error:
        raise click.UsageError(str(error)) from None
    say_notes(begun.notes)
    if begun.troubles is not None:
        _say_trouble(begun.troubles)

    def train() -> None:
        batches = options["epochs"] * begun.fitting.batches
        with progress("epoch 1", percent=False) as bar:

            def tell(done: int, says: str) -> None:
                bar(done, batches, says)

            for epoch in session.epochs(begun, options["epochs"], options["patience"], tell):
                epochs.append(epoch)

    with first_interrupt() as interrupt:
        ended, troubles = trained(interrupt, train)
        if ended == 130:
            say("Interrupted.")
        unjudged = (ended == 130 or bool(troubles)) and begun.fitting.keep_unjudged()
        if not begun.fitting.best_epoch and not unjudged:
            say(f"No epoch was finished, so {path} was not written.")
            raise troubles[0] if troubles else click.exceptions.Exit(ended)
        model = session.finished(begun)
        write_file(path, to_bytes(model), force=force)
        of = f"of epoch {begun.fitting.best_epoch}" if not unjudged else "so far; no epoch was finished and evaluated"
        say(f"Wrote {path}, with the weights {of}")
    if interrupt.came and ended != 130:
        say(LATE)
        ended = 130
    if troubles:
        raise troubles[0]
    emit(to_page(training_parts(model, begun, epochs), page_for(None)), None, data=False)
    next_step("Test it on tweets that it has not seen", "sentiment", "test", path, file)
    if ended:
        raise click.exceptions.Exit(ended)


@command.command("test")
@click.argument("model", metavar="MODEL.npz", shell_complete=complete_file)
@click.argument("file", metavar="TWEETS.csv", shell_complete=complete_file)
@_file_options
@click.option(
    "--plot", metavar="FILE", help="Draw the confusion matrix and the ROC curves: .svg or .png. Needs matplotlib."
)
@force_option
def test_command(model: str, file: str, plot: str | None, force: bool, **options: Any) -> None:
    """Test a model on tweets.

    The model is compared with the most frequent class and a bag of words. If the file is the one that the model
    was trained on, only the test tweets are used. Columns, encoding and cleaning are the same as in the training,
    unless you give others.

    \b
    Examples:
      rnncalc sentiment test model.npz tweets.csv
      rnncalc sentiment test model.npz other.csv --label-column mood
    """
    import numpy as np

    from rnncalc.cli.output import check_picture, emit, page_for, say
    from rnncalc.io.write import write_file
    from rnncalc.render.console import to_page
    from rnncalc.render.sentiment import report
    from rnncalc.tweets.metrics import scores
    from rnncalc.tweets.model import load
    from rnncalc.tweets.vocabulary import split

    path = check_picture(plot, force=force)
    trained = load(model)
    classifier = trained.classifier
    tweets = _opened_as_trained(file, {**options, "classes": classifier.classes}, trained.columns)
    corpus = _read(tweets, trained.cleaning)
    rows = np.arange(len(corpus.labels))
    held_out = trained.held_out
    if held_out.digest == _digest(file):
        rows = split(corpus.labels, seed=held_out.seed, validation=held_out.validation, test=held_out.test).test
        say(
            f"Note: The model was trained on this file, so only the {len(rows):,} tweets held out for testing are used."
        )
        if not len(rows):
            raise click.UsageError(f"No tweets of {file} were held out for testing (--test 0). Use another file.")
    tokens = trained.vocabulary.encode_corpus(corpus, trained.length, trained.side, rows).tokens
    labels = corpus.labels[rows]
    p = classifier.predict(tokens)
    shares = np.tile(np.array(trained.shares), (len(labels), 1))
    others = {"the most frequent class": shares, "a bag of words": trained.bag.probabilities(tokens)}
    parts = report(
        Path(file).name,
        classifier.classes,
        scores(labels, p),
        {name: scores(labels, of) for name, of in others.items()},
    )
    emit(to_page(parts, page_for(None)), None, data=False)
    if path is not None:
        from rnncalc.render.sentiment_plots import report_plot

        write_file(path, report_plot(classifier.classes, labels, p, path.suffix.lower()[1:]), force=force)
        say(f"Wrote {path}")


@command.command("predict")
@click.argument("model", metavar="MODEL.npz", shell_complete=complete_file)
@click.argument("text", required=False)
def predict_command(model: str, text: str | None) -> None:
    """Show the class of a tweet, word by word.

    Prints the class, its probability, and how the probability changes with each word.

    Without TEXT, or with -, tweets are read from standard input, one per line. Each gives one line: class, probability
    and tweet, separated by tabs. A line without a word gets the class ?.

    \b
    Examples:
      rnncalc sentiment predict model.npz "what a day"
      rnncalc sentiment predict model.npz < tweets.txt
    """
    from rnncalc.cli.output import emit, page_for, say
    from rnncalc.render.console import to_page
    from rnncalc.render.sentiment import verdict
    from rnncalc.tweets.model import load

    trained = load(model)
    classes = trained.classifier.classes
    if text is not None and text != "-":
        words, read = trained.both(text)
        if not read:
            raise click.UsageError(f"{text!r} has no words left after cleaning; it needs at least one.")
        p = trained.classifier.by_word(trained.encode([read])[0])
        emit(to_page(verdict(text, words, read, classes, p), page_for(None)), None, data=False)
        return
    if sys.stdin.isatty():
        say("Type one tweet per line. End with Ctrl-D (on Windows Ctrl-Z and Enter).")
    while line := sys.stdin.buffer.readline(_MOST_LETTERS):
        tweet = line.decode("utf-8", "replace").rstrip("\r\n")
        read = trained.words(tweet)
        verdicts = ("?", "")
        if read:
            p = trained.classifier.predict(trained.encode([read]))[0]
            verdicts = (classes[int(p.argmax())], f"{p.max():.4f}")
        emit("\t".join((*verdicts, tweet.replace("\t", " "))) + "\n", None)
        sys.stdout.flush()


# ── what the commands share ───────────────────────────────────────────────────────────────────────────────────────


def _cleaning(options: dict[str, Any]) -> Cleaning:
    from rnncalc.tweets.cleaning import Cleaning

    return Cleaning(
        lower_case=not options["keep_case"],
        drop_links=not options["keep_links"],
        drop_mentions=not options["keep_mentions"],
        hashtags="drop" if options["drop_hashtags"] else "word",
        drop_punctuation=not options["keep_punctuation"],
        drop_numbers=options["drop_numbers"],
        shorten_repeats=not options["keep_repeats"],
        drop_stop_words=options["drop_stop_words"],
    )


def _opened(file: str, options: dict[str, Any]) -> TweetFile:
    from rnncalc.tweets.tweets import TweetFile

    return TweetFile(
        file,
        text_column=options["text_column"],
        label_column=options["label_column"],
        encoding=options["encoding"],
        classes=options.get("classes", ()),
        strict=options["strict"],
    )


def _opened_as_trained(file: str, options: dict[str, Any], columns: Columns) -> TweetFile:
    """A file with the columns and the encoding of the training where none were typed, and where it has them."""
    from rnncalc.cli.output import say
    from rnncalc.errors import FileError

    told_then = columns._asdict()
    remembered = {name: value for name, value in told_then.items() if value is not None and options[name] is None}
    if not remembered:
        return _opened(file, options)
    try:
        tweets = _opened(file, {**options, **remembered})
    except FileError as error:
        try:
            return _opened(file, options)
        except FileError:
            raise error from None
    listed = ", ".join(f"--{name.replace('_', '-')} {value}" for name, value in remembered.items())
    say(f"Note: The file is read with the settings of the training file: {listed}.")
    return tweets


def _read(tweets: TweetFile, cleaning: Cleaning) -> Corpus:
    """The tweets; what was skipped is said."""
    from rnncalc.tweets.corpus import read_corpus

    corpus = read_corpus(tweets, cleaning)
    _say_trouble(tweets.troubles)
    return corpus


def _say_trouble(troubles: SkippedLines) -> None:
    from rnncalc.cli.output import say
    from rnncalc.render.console import Page, to_page
    from rnncalc.render.sentiment import reading_trouble

    parts = reading_trouble(troubles)
    if parts:
        for line in to_page(parts, Page(100)).splitlines():
            say(line)


def _digest(file: str) -> str:
    """What tells a file from others."""
    from rnncalc.io.read import opened

    digest = hashlib.sha256()
    with opened(file) as stream:
        while part := stream.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()
