"""Tweets as numbers: every distinct word once, every tweet a stretch of one long array."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rnncalc.errors import FileError
from rnncalc.tweets.cleaning import DEFAULT, Cleaning, cleaner
from rnncalc.tweets.skipped import SkippedLines
from rnncalc.tweets.tweets import POLARITIES, TweetFile, folded

Ints = npt.NDArray[np.int32]

MAX_CLASSES = 100


class Corpus(NamedTuple):
    """``words[i]`` is the word that ``ids`` calls i, in order of first appearance; tweet n is
    ids[starts[n]:starts[n + 1]], and classes[labels[n]] is what it was labelled. ``notes`` are what should be said of
    the labels."""

    words: tuple[str, ...]
    ids: Ints
    starts: npt.NDArray[np.int64]
    labels: Ints
    classes: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def tweet(self, row: int) -> list[str]:
        """The words of one tweet, rows counted from 0."""
        return [self.words[i] for i in self.ids[self.starts[row] : self.starts[row + 1]].tolist()]


def corpus_of(tweets: Iterable[Sequence[str]]) -> Corpus:
    """Tweets that are words already, without labels."""
    building = _Building()
    for words in tweets:
        building.add(words, "")
    return building.corpus()._replace(classes=())


def read_corpus(tweets: TweetFile, cleaning: Cleaning = DEFAULT) -> Corpus:
    """Read, clean and number a whole file; a tweet without a word after cleaning is one of its troubles.

    The classes are those that the file was opened with, else its labels: negative, neutral, positive for 0, 2, 4,
    others by name in order of appearance. Labels that differ in capitals or blanks alone are one class. Raises
    FileError for a file without a usable tweet, and, where its labels make the classes, for only one of them or more
    than 100.
    """
    clean = cleaner(cleaning)
    building = _Building(tweets.classes)
    for line, label, text in tweets:
        words = clean(text)
        if not words:
            tweets.troubles.add(line, "empty", "has no word left after cleaning", text)
            continue
        building.add(words, label)
        if len(building.classes) > MAX_CLASSES and not tweets.classes:
            raise FileError(
                f"{tweets.file}: the label column has more than {MAX_CLASSES} different labels. Is it the right column?"
            )
    if not building.labels:
        raise FileError(f"{tweets.file} has no tweet that can be used{_skipped(tweets.troubles)}.")
    corpus = building.corpus()
    if tweets.classes:
        return corpus
    if set(corpus.classes) <= set(POLARITIES):
        corpus = _by_polarity(corpus)
    if len(corpus.classes) == 1:
        only = f"only one class, {corpus.classes[0]}{_skipped(tweets.troubles)}"
        raise FileError(f"{tweets.file} has {only}; it needs two or more classes.")
    return corpus


def _by_polarity(corpus: Corpus) -> Corpus:
    """The classes 0, 2, 4 in this order, by their meanings."""
    order = sorted(corpus.classes)
    places = np.array([order.index(name) for name in corpus.classes], dtype=np.int32)
    return corpus._replace(labels=places[corpus.labels], classes=tuple(POLARITIES[name] for name in order))


def _skipped(troubles: SkippedLines) -> str:
    if not troubles.count:
        return ""
    first = troubles.first[0]
    count = troubles.count.total()
    lines = "1 line was" if count == 1 else f"{count:,} lines were"
    return f" ({lines} skipped; line {first.line} {first.says})"


class _Building:
    """A corpus while it grows; a word or class that was not seen before gets the next number."""

    def __init__(self, classes: Sequence[str] = ()) -> None:
        self.words: defaultdict[str, int] = defaultdict()
        self.words.default_factory = self.words.__len__
        self.classes = list(classes)
        self.spellings: Counter[str] = Counter()
        self.places = {name: i for i, name in enumerate(classes)}
        self.folded = {folded(name): i for i, name in enumerate(classes)}
        self.ids, self.starts, self.labels = array("i"), array("q", [0]), array("i")

    def add(self, words: Sequence[str], label: str) -> None:
        self.ids.extend(map(self.words.__getitem__, words))
        self.starts.append(len(self.ids))
        place = self.places.get(label)
        if place is None:
            place = self.folded.setdefault(folded(label), len(self.classes))
            self.places[label] = place
            if place == len(self.classes):
                self.classes.append(label)
        self.labels.append(place)
        self.spellings[label] += 1

    def merged(self) -> tuple[str, ...]:
        """What should be said of classes that are written in several ways."""
        said = []
        for i, name in enumerate(self.classes):
            written = [(label, count) for label, count in self.spellings.items() if self.places[label] == i]
            if len(written) > 1:
                counts = ", ".join(f"{label} {count:,}" for label, count in written)
                said.append(f"Labels that differ only in capitals or spaces count as one class, {name}: {counts}.")
        return tuple(said)

    def corpus(self) -> Corpus:
        return Corpus(
            tuple(self.words),
            np.array(self.ids, dtype=np.int32),
            np.array(self.starts, dtype=np.int64),
            np.array(self.labels, dtype=np.int32),
            tuple(self.classes),
            self.merged(),
        )
