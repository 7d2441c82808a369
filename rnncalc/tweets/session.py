"""A classifier's training from the tweets of a file to a model: split, vocabulary, network, baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnncalc.engine.fit import Diverged
from rnncalc.errors import ProblemError
from rnncalc.language.trees import Array
from rnncalc.network.values import count
from rnncalc.tweets.baseline import fit_bag_of_words
from rnncalc.tweets.classifier import Classifier
from rnncalc.tweets.cleaning import Cleaning
from rnncalc.tweets.corpus import Corpus
from rnncalc.tweets.fitting import Epoch, Fitting, train
from rnncalc.tweets.glove import Glove, read_glove
from rnncalc.tweets.model import Columns, HeldOut, Model
from rnncalc.tweets.skipped import SkippedLines
from rnncalc.tweets.vocabulary import Split, Vocabulary, choose_vocabulary, class_weights, split

FEW = 3
"""A class of no more tweets than these is spoken of."""
__all__ = ["Begun", "Diverged", "begin", "epochs", "finished"]


class Begun(NamedTuple):
    """A training that is ready: its tweets by part, its network, and what should be said about them."""

    corpus: Corpus
    cleaning: Cleaning
    parts: Split
    vocabulary: Vocabulary
    tokens: Array
    fitting: Fitting
    options: Mapping[str, Any]
    notes: list[str]
    troubles: SkippedLines | None


def begin(corpus: Corpus, cleaning: Cleaning, options: Mapping[str, Any]) -> Begun:
    """Split the tweets, choose the words from the training part alone, draw the network.

    ``options`` are those of ``rnncalc sentiment train`` by their names, and the digest of the file. Raises ProblemError
    for options that do not fit the tweets or each other.
    """
    parts = split(corpus.labels, seed=options["seed"], validation=options["validation"], test=options["test"])
    labels = corpus.labels[parts.training]
    missing = [name for k, name in enumerate(corpus.classes) if not (labels == k).any()]
    if missing:
        raise ProblemError(
            "test",
            f"The class {missing[0]} has no tweets left for training. Use smaller fractions for validation and test.",
        )
    vocabulary = choose_vocabulary(corpus, parts.training, options["words"])
    notes = [*corpus.notes, *_rare(corpus)]
    glove = _glove(options, vocabulary)
    table = None
    if glove is not None:
        table = glove.table
        known = f"{glove.found:,} of the {len(vocabulary.words) - 1:,} words"
        notes.append(f"{known} have a vector of {len(table)} numbers in {options['embedding']}.")
    elif options["freeze"]:
        notes.append("The embedding is random and is not trained. Use --embedding FILE for one with meaning.")
    head = options["head"] or ()
    each = options["head_activation"] or ("relu",)
    if options["head_activation"] and not head:
        raise ProblemError(
            "head_activation",
            "There are no dense layers that could have an activation. Use --head 4 to add one with 4 units.",
        )
    if len(each) not in (1, len(head)) and head:
        raise ProblemError(
            "head_activation",
            f"There are {len(head)} dense layers; --head-activation needs one name for all or one for each.",
        )
    classifier = Classifier.draw(
        vocabulary.words,
        corpus.classes,
        seed=options["seed"],
        cell=options["cell"],
        hidden=options["hidden"],
        embedding=int(options["embedding"]) if table is None else len(table),
        table=table,
        head=list(zip(head, each * len(head) if len(each) == 1 else each, strict=True)),
        activation=options["activation"],
        dtype=options["dtype"],
        dropout=options["dropout"],
        embedding_dropout=options["embedding_dropout"],
        embedding_trained=not options["freeze"],
    )
    encoded = vocabulary.encode_corpus(corpus, options["length"], options["side"])
    tokens = encoded.tokens
    kept = (tokens[parts.validation], corpus.labels[parts.validation]) if len(parts.validation) else None
    weights = class_weights(labels, len(corpus.classes)) if options["class_weights"] else None
    fitting = Fitting(
        classifier,
        tokens[parts.training],
        labels,
        validation=kept,
        batch=options["batch"],
        seed=options["seed"],
        eta=options["eta"],
        class_weights=weights,
    )
    troubles = None if glove is None else glove.troubles
    return Begun(corpus, cleaning, parts, vocabulary, tokens, fitting, options, notes, troubles)


def _rare(corpus: Corpus) -> list[str]:
    """What looks like a heading or a slip: a class of very few tweets."""
    counts = np.bincount(corpus.labels, minlength=len(corpus.classes)).tolist()
    return [
        f"The class {name} has only {count(few, 'tweet')} of {len(corpus.labels):,}. Is it a heading?"
        for name, few in zip(corpus.classes, counts, strict=True)
        if few <= FEW and len(corpus.labels) > FEW * len(corpus.classes) * 10
    ]


def _glove(options: Mapping[str, Any], vocabulary: Vocabulary) -> Glove | None:
    """The embedding of a file, where one was named."""
    named = str(options["embedding"])
    if named.isdecimal():
        if not 1 <= int(named) <= 1000:
            raise ProblemError("embedding", f"embedding is {named}; it needs 1 to 1000 numbers, or a file.")
        return None
    return read_glove(Path(named), vocabulary, seed=options["seed"], strict=options["strict"])


def epochs(begun: Begun, count: int, patience: int | None, tell: Callable[[int, str], None]) -> Iterator[Epoch]:
    """Train, an epoch after the other; ``tell`` hears of every batch. Raises Diverged as the fitting does."""
    fitting = begun.fitting

    def report() -> None:
        epoch = fitting.epoch + (fitting.batches_done < fitting.batches)
        done = (epoch - 1) * fitting.batches + fitting.batches_done
        tell(done, f"epoch {epoch}  loss {fitting.epoch_loss:.4f}  right {fitting.epoch_accuracy:.1%}")

    yield from train(fitting, epochs=count, patience=patience, tell=report)


def finished(begun: Begun) -> Model:
    """The model with the best weights, and the baseline that it is to be compared with."""
    options, corpus, parts = begun.options, begun.corpus, begun.parts
    drawn = begun.fitting.classifier
    classifier = Classifier(
        begun.fitting.best_weights(),
        vocabulary=begun.vocabulary.words,
        classes=corpus.classes,
        cell=drawn.cell,
        activation=drawn.activation,
        head=drawn.head,
    )
    labels = corpus.labels[parts.training]
    bag = fit_bag_of_words(begun.tokens[parts.training], labels, len(begun.vocabulary.words), len(corpus.classes))
    shares = np.bincount(labels, minlength=len(corpus.classes)) / len(labels)
    held_out = HeldOut(options["digest"], options["seed"], options["validation"], options["test"])
    columns = Columns(*(options.get(name) for name in Columns._fields))
    return Model(
        classifier, begun.cleaning, options["length"], options["side"], bag, tuple(shares.tolist()), held_out, columns
    )
