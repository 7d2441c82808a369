"""The words that a classifier knows, tweets as their numbers, and the parts that tweets are split into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rnncalc.engine.chance import fractions
from rnncalc.errors import RnncalcError
from rnncalc.tweets.corpus import Corpus, Ints, corpus_of

UNKNOWN = "<unknown>"
PADDING = -1
EMBEDDING_BOUND = 0.05
"""An embedding is drawn between minus and plus this, as Keras draws it; so are words without a vector of their own."""
SIDES = ("left", "right")

Rows = npt.NDArray[np.int64]


class Encoded(NamedTuple):
    """Tweets as numbers: ``tokens`` N×length, padded with −1, and how many words each has of it (``lengths``, N)."""

    tokens: Ints
    lengths: Ints


@dataclass(frozen=True)
class Vocabulary:
    """The words known; number 0 is <unknown>, which stands for all others."""

    words: tuple[str, ...]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each word."""
        return {word: i for i, word in enumerate(self.words)}

    def encode(self, tweets: Sequence[Sequence[str]], length: int, side: str = "left") -> Encoded:
        """Tweets that are words already, each ``length`` numbers long; as encode_corpus."""
        return self.encode_corpus(corpus_of(tweets), length, side)

    def encode_corpus(self, corpus: Corpus, length: int, side: str = "left", rows: Rows | None = None) -> Encoded:
        """The tweets of a corpus (those of ``rows``), each ``length`` numbers long.

        A long tweet is cut at the stated side, "left" or "right", and a short one padded there: "left" keeps the last
        words, and what is read last is a word. Raises RnncalcError for another side or a length below 1.
        """
        if side not in SIDES:
            raise RnncalcError(f"side is {side!r}; it needs to be 'left' or 'right'.")
        if length < 1:
            raise RnncalcError(f"length is {length}; it needs to be 1 or more.")
        number = self.numbers
        known = np.fromiter((number.get(w, 0) for w in corpus.words), dtype=np.int32, count=len(corpus.words))
        starts, ends = corpus.starts[:-1], corpus.starts[1:]
        if rows is not None:
            starts, ends = starts[rows], ends[rows]
        lengths = np.minimum(ends - starts, length)
        first = ends - lengths if side == "left" else starts
        tokens = np.full((len(lengths), length), PADDING, dtype=np.int32)
        for place in range(length):
            # the place-th word kept stands in the place-th column, counted from where the padding ends
            at = place + (length - lengths if side == "left" else np.zeros_like(lengths))
            has = np.flatnonzero(place < lengths)
            tokens[has, at[has]] = known[corpus.ids[first[has] + place]]
        return Encoded(tokens, lengths.astype(np.int32))

    def decode(self, tokens: Sequence[int]) -> list[str]:
        """The words of one tweet's numbers, without its padding."""
        return [self.words[i] for i in tokens if i != PADDING]


def choose_vocabulary(corpus: Corpus, training: Rows, most: int = 16000) -> Vocabulary:
    """<unknown> and the ``most`` commonest words of the training rows, the commonest first, ties by alphabet.

    Nothing else of the corpus is looked at: a word that no training row has is never known. Raises RnncalcError for
    ``most`` below 1.
    """
    if most < 1:
        raise RnncalcError(f"The vocabulary needs at least 1 word, not {most}.")
    trains = np.zeros(len(corpus.labels), dtype=bool)
    trains[training] = True
    of_training = np.repeat(trains, np.diff(corpus.starts))
    count = np.bincount(corpus.ids[of_training], minlength=len(corpus.words))
    seen = np.flatnonzero(count)
    if len(seen) > most:
        least = np.partition(count[seen], len(seen) - most)[len(seen) - most]
        seen = seen[count[seen] >= least]
    by_count = sorted(seen.tolist(), key=lambda i: (-count[i], corpus.words[i]))
    return Vocabulary((UNKNOWN, *(corpus.words[i] for i in by_count[:most])))


class Split(NamedTuple):
    """The rows of each part, counted from 0 and in order."""

    training: Rows
    validation: Rows
    test: Rows


def split(labels: Ints, *, seed: int | str = 0, validation: float = 0.1, test: float = 0.1) -> Split:
    """Training, validation and test rows, each class in the same shares (rounded down for validation and test).

    The rows of a class stand in the order of a number drawn from the seed and the row; the first are test, the next
    validation, the others training. Raises RnncalcError for shares that are negative or leave nothing to train with.
    """
    if not (validation >= 0 and test >= 0 and validation + test < 1):
        raise RnncalcError(
            f"The fractions for validation ({validation:g}) and test ({test:g}) must be 0 or more and must add up "
            "to less than 1."
        )
    drawn = fractions(seed, "split", len(labels))
    parts: tuple[list[Rows], list[Rows], list[Rows]] = ([], [], [])
    for k in range(int(labels.max(initial=-1)) + 1):
        rows = np.flatnonzero(labels == k)
        rows = rows[np.argsort(drawn[rows], kind="stable")]
        tested = int(len(rows) * test)
        validated = tested + int(len(rows) * validation)
        for part, some in zip(parts, (rows[validated:], rows[tested:validated], rows[:tested]), strict=True):
            part.append(some)
    none = np.empty(0, dtype=np.int64)
    return Split(*(np.sort(np.concatenate([none, *part])) for part in parts))


def class_weights(labels: Ints, classes: int) -> npt.NDArray[np.float64]:
    """Weights by inverse frequency, w_k = N / (K · n_k): over the given rows they average to 1.

    Raises RnncalcError for a class without a row.
    """
    count = np.bincount(labels, minlength=classes)
    if not count.all():
        raise RnncalcError("A class without tweets for training cannot have a class weight.")
    weights: npt.NDArray[np.float64] = len(labels) / (classes * count)
    return weights
