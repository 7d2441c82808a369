"""Word vectors from a file in GloVe's text format: a word, then its numbers, a line each."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnncalc.errors import FileError
from rnncalc.sentiment.chance import Numbers, fractions
from rnncalc.sentiment.lines import Line, Troubles, numbered, open_text
from rnncalc.sentiment.vocabulary import Vocabulary

SMALL = 0.05
"""Words without a vector get numbers between −0.05 and 0.05, as Keras draws embeddings."""

_HEADER = re.compile("[0-9]{1,9} ([0-9]{1,4})")  # "400000 50": how many words, how many numbers for each


class Glove(NamedTuple):
    """``table`` d×V, a column for each word of the vocabulary; ``found`` of them stood in the file; the lines that
    were skipped."""

    table: Numbers
    found: int
    troubles: Troubles

    @property
    def coverage(self) -> float:
        """The share of the vocabulary that stood in the file."""
        return float(self.found / self.table.shape[1])


def read_glove(file: str | Path, vocabulary: Vocabulary, *, seed: int | str = 0, strict: bool = False) -> Glove:
    """Read the vectors of the vocabulary's words, the others drawn from the seed; of a word twice, the first counts.

    How many numbers a line has is what its first line says, of a word2vec header or of the first word. Numbers are
    read of the vocabulary's words alone. Lines of another width, with what is no finite number, and a header, which
    GloVe has not, are counted; a ``strict`` reading raises FileError at the first. Raises FileError for a file that
    cannot be read, or has none of the words.
    """
    shown = str(file)
    troubles = Troubles(shown, strict=strict)
    with open_text(shown, "utf-8", newline="\n") as opened:
        vectors = _vectors(numbered(opened, shown), {word: i for i, word in enumerate(vocabulary.words)}, troubles)
    if not vectors:
        raise FileError(f"{shown} has a vector for none of the words that are known.")
    places = list(vectors)
    words, width = len(vocabulary.words), len(vectors[places[0]])
    table = SMALL * (2 * fractions(seed, "embedding", words * width) - 1).reshape(words, width).T
    table[:, places] = np.array([vectors[place] for place in places]).T
    return Glove(table, len(places), troubles)


def _vectors(lines: Iterator[Line], wanted: Mapping[str, int], troubles: Troubles) -> dict[int, list[float]]:
    """The vectors of the words wanted, by their places."""
    vectors: dict[int, list[float]] = {}
    width = 0
    for number, whole in lines:
        line = whole.rstrip()
        if number == 1 and (header := _HEADER.fullmatch(line)):
            width = int(header[1])
            troubles.add(number, "header", "is a header as word2vec writes it, and no word's vector", line)
            continue
        width = width or line.count(" ")
        word, *fields = line.rsplit(" ", width)
        # A blank may be a part of the word, as in GloVe's ". . ."; a number before its numbers is one too many.
        if not fields or len(fields) != width or (" " in word and _number(word.rsplit(" ", 1)[1]) is not None):
            needed = width or "at least 1"
            troubles.add(number, "width", f"has {line.count(' ')} numbers behind its word; it needs {needed}", line)
            continue
        place = wanted.get(word if word.isascii() else unicodedata.normalize("NFC", word))
        if place is None or place in vectors:
            continue
        read = [_number(field) for field in fields]
        if None in read:
            wrong = fields[read.index(None)]
            troubles.add(number, "number", f"has {wrong!r}, which is no finite number", line)
            continue
        vectors[place] = [n for n in read if n is not None]
    return vectors


def _number(field: str) -> float | None:
    try:
        number = float(field)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
