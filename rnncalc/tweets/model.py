"""A trained classifier as a file: its weights, its words, and how a tweet becomes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnncalc.errors import FileError, ProblemError, RnncalcError
from rnncalc.language.trees import Array
from rnncalc.network.problem import Problem
from rnncalc.problems.model_file import TWEETS
from rnncalc.tweets.baseline import BagOfWords
from rnncalc.tweets.classifier import Classifier
from rnncalc.tweets.cleaning import Cleaning, clean
from rnncalc.tweets.vocabulary import UNKNOWN, Vocabulary
from rnncalc.version import __version__
from rnncalc.weights.own_file import arrays_to_bytes, marked_arrays

_BASELINE = "baseline."
_LISTS = ("vocabulary", "classes", "head")


class HeldOut(NamedTuple):
    """Which tweets the training never saw: a file's SHA-256, the seed and the shares that it was split by."""

    digest: str
    seed: int
    validation: float
    test: float


class Columns(NamedTuple):
    """What was typed about the file of the training: its columns of text and class, and its encoding."""

    text_column: str | None = None
    label_column: str | None = None
    encoding: str | None = None


NONE_TYPED = Columns()


@dataclass(frozen=True)
class Model:
    """A classifier, what a tweet goes through before it is read, and what its test compares it with.

    ``length`` words are read of a tweet, cut at ``side``; ``shares`` are the classes' shares of the training tweets;
    ``columns`` are where other files of tweets have their texts and classes, unless that is said anew.
    """

    classifier: Classifier
    cleaning: Cleaning
    length: int
    side: str
    bag: BagOfWords
    shares: tuple[float, ...]
    held_out: HeldOut
    columns: Columns = NONE_TYPED

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that the classifier knows."""
        return Vocabulary(self.classifier.vocabulary)

    def both(self, text: str) -> tuple[list[str], list[str]]:
        """The words of a text that are read: cleaned, cut to the length; and the same as the classifier knows them."""
        words = clean(text, self.cleaning)
        words = words[-self.length :] if self.side == "left" else words[: self.length]
        known = self.vocabulary.numbers
        return words, [word if word in known else UNKNOWN for word in words]

    def words(self, text: str) -> list[str]:
        """The words of a text as the classifier knows them."""
        return self.both(text)[1]

    def encode(self, words: Sequence[Sequence[str]]) -> Array:
        """Tweets that are words already, as numbers."""
        return self.vocabulary.encode(words, self.length, self.side).tokens

    def problem(self, text: str, label: str | None = None) -> Problem:
        """The problem of one tweet, for the trace and the workbook. Raises ProblemError where no word of it is left."""
        words = self.words(text)
        if not words:
            raise ProblemError("text", f"{text!r} has no words left after cleaning; it needs at least one.")
        return self.classifier.problem(words, label)


def to_bytes(model: Model) -> bytes:
    """The .npz file of a model; the same model gives the same bytes."""
    classifier = model.classifier
    mark = {
        "kind": TWEETS,
        "version": __version__,
        "vocabulary": list(classifier.vocabulary),
        "classes": list(classifier.classes),
        "cell": classifier.cell,
        "activation": classifier.activation,
        "head": list(classifier.head),
        "cleaning": dict(model.cleaning.settings()),
        "length": model.length,
        "side": model.side,
        "shares": list(model.shares),
        "held_out": model.held_out._asdict(),
        "columns": model.columns._asdict(),
    }
    baseline = {f"{_BASELINE}weights": model.bag.weights, f"{_BASELINE}bias": model.bag.bias}
    return arrays_to_bytes({**classifier.weights, **baseline}, mark)


def load(file: str | Path) -> Model:
    """The model of a file. Raises FileError for a file that is damaged or no model of tweets."""
    mark, arrays = marked_arrays(Path(file))
    if mark is None or mark.get("kind") != TWEETS:
        raise FileError(
            f"{file} is not a model of tweets. Use rnncalc sentiment train tweets.csv -o model.npz to make one."
        )
    try:
        return _model(mark, arrays)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FileError(f"{file} is damaged: a part of the model of tweets is missing ({error}).") from None
    except RnncalcError as error:
        raise FileError(f"{file} is damaged. {error}") from None


def _model(mark: Mapping[str, Any], arrays: Mapping[str, Array]) -> Model:
    for name in _LISTS:
        if not all(isinstance(entry, str) for entry in mark[name]):
            raise TypeError(name)
    baseline = {name: arrays[f"{_BASELINE}{name}"] for name in ("weights", "bias")}
    weights = {name: array for name, array in arrays.items() if not name.startswith(_BASELINE)}
    classifier = Classifier(
        weights,
        vocabulary=mark["vocabulary"],
        classes=mark["classes"],
        cell=mark["cell"],
        activation=mark["activation"],
        head=mark["head"],
    )
    if baseline["weights"].shape != (len(classifier.vocabulary) + 1, len(classifier.classes)):
        raise ValueError("baseline")
    return Model(
        classifier,
        Cleaning.from_settings(mark["cleaning"]),
        int(mark["length"]),
        str(mark["side"]),
        BagOfWords(baseline["weights"], np.asarray(baseline["bias"]).reshape(-1)),
        tuple(float(share) for share in mark["shares"]),
        HeldOut(**mark["held_out"]),
        _columns(mark.get("columns", {})),  # models of before have none
    )


def _columns(stored: Mapping[str, Any]) -> Columns:
    columns = Columns(**stored)
    if not all(value is None or isinstance(value, str) for value in columns):
        raise TypeError("columns")
    return columns


def problem_of(file: str, text: str | None, label: str | None = None) -> Problem:
    """The problem of one tweet by a model's file: its words, cleaned as those that it was trained on."""
    model = load(file)
    if text is None:
        raise ProblemError("text", f"There is nothing to read; {file} needs a TEXT, such as 'what a day'.")
    problem = model.problem(text, label)
    return problem.replace(source=f"weights of {Path(file).name}")
