"""Word vectors from a file in GloVe's text format: a word, then its numbers, a line each."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnncalc.engine.chance import Numbers, fractions
from rnncalc.errors import FileError
from rnncalc.io.read import MAX_LINE, Line, numbered, open_text, opened
from rnncalc.io.written import finite_number
from rnncalc.tweets.skipped import SkippedLines
from rnncalc.tweets.vocabulary import EMBEDDING_BOUND, Vocabulary

_HEADER = re.compile("([0-9]{1,9}) ([0-9]{1,4})")  # "400000 50": how many words, how many numbers for each
_LOOKED_AT = 100
"""The first lines, which tell how many numbers there are."""
_BEGINNING = 4096


class Glove(NamedTuple):
    """``table`` d×V, a column for each word of the vocabulary; ``found`` of them stood in the file; the lines that
    were skipped."""

    table: Numbers
    found: int
    troubles: SkippedLines


def read_glove(file: str | Path, vocabulary: Vocabulary, *, seed: int | str = 0, strict: bool = False) -> Glove:
    """Read the vectors of the vocabulary's words, the others drawn from the seed; of a word twice, the first counts.

    How many numbers a line has is what its first line says, of a word2vec header, else what most of the first lines
    have behind their word; blanks or tabs stand between. Numbers are read of the vocabulary's words alone. Lines of
    another width, with what is no finite number, and a header, which GloVe has not, are counted; a ``strict`` reading
    raises FileError at the first. word2vec's binary files are read too. Raises FileError for a file that cannot be
    read, or has none of the words.
    """
    shown = str(file)
    troubles = SkippedLines(shown, strict=strict)
    wanted = {word: i for i, word in enumerate(vocabulary.words)}
    header = _binary_header(shown)
    if header is not None:
        vectors = _binary_vectors(shown, header, wanted, troubles)
    else:
        with open_text(shown, "utf-8-sig", newline="\n") as text:
            vectors = _vectors(numbered(text, shown), wanted, troubles)
    if not vectors:
        raise FileError(f"{shown} has no vector for any word of the vocabulary.")
    places = list(vectors)
    words, width = len(vocabulary.words), len(vectors[places[0]])
    table = EMBEDDING_BOUND * (2 * fractions(seed, "embedding", words * width) - 1).reshape(words, width).T
    table[:, places] = np.array([vectors[place] for place in places]).T
    return Glove(table, len(places), troubles)


def _vectors(lines: Iterator[Line], wanted: Mapping[str, int], troubles: SkippedLines) -> dict[int, list[float]]:
    """The vectors of the words wanted, by their places."""
    vectors: dict[int, list[float]] = {}
    first = list(islice(lines, _LOOKED_AT))
    count = width = 0
    number = 0
    if first and (header := _HEADER.fullmatch(_parted(first[0][1]))):
        number, line = first.pop(0)
        count, width = int(header[1]), int(header[2])
        troubles.add(number, "header", "is a word2vec header, not the vector of a word", line)
    width = width or _usual_width([line for _, line in first])
    for number, whole in chain(first, lines):
        line = _parted(whole)
        word, *fields = line.rsplit(" ", width)
        # A blank may be a part of the word, as in GloVe's ". . ."; a number before its numbers is one too many.
        if not fields or len(fields) != width or (" " in word and finite_number(word.rsplit(" ", 1)[1]) is not None):
            needed = width or "at least 1"
            troubles.add(number, "width", f"has {line.count(' ')} numbers after its word; it needs {needed}", line)
            continue
        place = _place(word, wanted)
        if place is None or place in vectors:
            continue
        read = [finite_number(field) for field in fields]
        if None in read:
            wrong = fields[read.index(None)]
            troubles.add(number, "number", f"has {wrong!r}, which is not a finite number", line)
            continue
        vectors[place] = [n for n in read if n is not None]
    if count > number - 1:
        troubles.add(number, "end", _ends_early(number - 1, count), "")
    return vectors


def _parted(line: str) -> str:
    """A line with one blank between its parts."""
    return line.replace("\t", " ").rstrip()


def _usual_width(lines: Sequence[str]) -> int:
    """How many numbers most lines have behind their word."""
    counts = Counter(_numbers_at_the_end(_parted(line).split(" ")[1:]) for line in lines)
    del counts[0]  # no line of a vector
    return max(counts, key=lambda width: counts[width], default=0)


def _numbers_at_the_end(fields: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda field: finite_number(field) is not None, reversed(fields)))


def _place(word: str, wanted: Mapping[str, int]) -> int | None:
    return wanted.get(word if word.isascii() else unicodedata.normalize("NFC", word))


def _ends_early(read: int, count: int) -> str:
    return f"is the last line, after {read:,} of the {count:,} words that the first line gives"


# ── word2vec's binary files ───────────────────────────────────────────────────────────────────────────────────────


def _binary_header(file: str) -> tuple[int, int] | None:
    """How many words a binary file has and how many numbers each, None for a file of text."""
    with suppress(FileError), opened(file, packed=True) as stream:
        first, _, rest = stream.read(_BEGINNING).partition(b"\n")
        header = _HEADER.fullmatch(first.decode("latin-1").rstrip())
        # text has no byte below 9 among its letters, and small floats have one in most of their numbers
        if header and re.search(rb"[\x00-\x08\x0e-\x1a]", rest):
            return int(header[1]), int(header[2])
    return None


def _binary_vectors(
    file: str, header: tuple[int, int], wanted: Mapping[str, int], troubles: SkippedLines
) -> dict[int, list[float]]:
    """The vectors of the words wanted: each word, a blank, its numbers as float32, little end first."""
    count, width = header
    vectors: dict[int, list[float]] = {}
    with opened(file, packed=True) as stream:
        stream.readline()
        for number in range(1, count + 1):
            letters = bytearray()
            while (letter := stream.read(1)) not in (b" ", b"") and len(letters) < MAX_LINE:
                letters += letter
            numbers = stream.read(4 * width)
            if len(numbers) < 4 * width:
                troubles.add(number, "end", _ends_early(number - 1, count), "")
                break
            word = letters.decode("utf-8", "replace").lstrip("\n")
            place = _place(word, wanted)
            if place is None or place in vectors:
                continue
            read = np.frombuffer(numbers, "<f4").astype(np.float64)
            if not np.isfinite(read).all():
                troubles.add(number, "number", "has a number that is not finite", word)
                continue
            vectors[place] = read.tolist()
    return vectors
