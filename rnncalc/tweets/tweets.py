"""Tweets from a CSV file, one at a time: the layout of Sentiment140, or any that names its columns."""

from __future__ import annotations

import re
import stat
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from pathlib import Path
from typing import NamedTuple

from rnncalc.errors import FileError
from rnncalc.io.csv_text import SEPARATORS, cells_of
from rnncalc.io.read import Line, numbered, open_text, opened
from rnncalc.io.suggest import did_you_mean
from rnncalc.io.visible import brief
from rnncalc.network.values import count
from rnncalc.tweets.skipped import SkippedLines

POLARITIES = {"0": "negative", "2": "neutral", "4": "positive"}
"""What Sentiment140's numbers mean."""

TEXT_NAMES = ("text", "tweet", "content", "message")
LABEL_NAMES = ("label", "sentiment", "polarity", "class", "target")
"""What a header's columns are called where nobody says which they are."""

NO_LABELS = ("nan", "null", "<na>", "#n/a", "nat")
"""What programs write where a label is missing."""

_LOOKED_AT = 1_000_000
MAX_LINES = 30
"""A quoted text that goes on for more lines is a quote left open."""

Column = str | int | None

_UNDECODABLE = re.compile("[\udc80-\udcff]")


def folded(label: str) -> str:
    """A label without what people write differently by chance: capitals, and blanks."""
    return " ".join(label.casefold().split())


class Tweet(NamedTuple):
    """A tweet as it stands in the file: the line it begins on, its label, its text."""

    line: int
    label: str
    text: str


class Layout(NamedTuple):
    """Where things stand in a file: the columns of text and label counted from 0, how many columns there are."""

    text: int
    label: int
    columns: int
    header: bool
    delimiter: str
    encoding: str
    sentiment140: bool


class TweetFile:
    """A CSV file of tweets.

    ``text_column`` and ``label_column`` are names in the header or numbers from 1; without them the layout is
    Sentiment140's where the file looks like it (six columns without header: polarity first, text last; Latin-1), else
    the header's names are looked at. A column asked for by number alone means that there is no ``header``, unless that
    is said. ``encoding`` is UTF-8 but for Sentiment140. ``classes`` are the labels that there may be; any by default.

    Raises FileError for a file that cannot be read, can be read only once (a pipe) or has no such columns,
    RnncalcError for an unknown encoding.
    Iterating gives the tweets that can be used and counts the others in ``troubles``; a ``strict`` reading raises
    FileError at the first of them.
    """

    def __init__(
        self,
        file: str | Path,
        *,
        text_column: Column = None,
        label_column: Column = None,
        encoding: str | None = None,
        header: bool | None = None,
        classes: Sequence[str] = (),
        strict: bool = False,
    ) -> None:
        self.file = str(file)
        self.classes = tuple(classes)
        _check_regular(self.file)
        self.layout = _layout(self.file, text_column, label_column, encoding, header)
        self.troubles = SkippedLines(self.file, strict=strict)

    def __iter__(self) -> Iterator[Tweet]:
        """The tweets in order, read anew each time; the troubles are those of the last reading."""
        self.troubles = troubles = SkippedLines(self.file, strict=self.troubles.strict)
        text_at, label_at, columns, header, delimiter, encoding, sentiment140 = self.layout
        classes = self.classes
        allowed = set(classes or (POLARITIES if sentiment140 else ()))
        known = {folded(name): name for name in classes}
        one_of = ", ".join(classes or POLARITIES)
        with open_text(self.file, encoding) as lines:
            for number, record in islice(_records(numbered(lines, self.file), delimiter, columns), int(header), None):
                fields = cells_of(record, delimiter)
                if fields is None:
                    troubles.add(number, "quotes", "has a quote left open or in the wrong place", record)
                    continue
                if len(fields) != columns:
                    troubles.add(number, "width", f"has {count(len(fields), 'column')}; it needs {columns}", record)
                    continue
                if not record.isascii() and _UNDECODABLE.search(record):
                    troubles.add(number, "bytes", f"has bytes that are not {encoding.removesuffix('-sig')}", record)
                    continue
                label, text = fields[label_at].strip(), fields[text_at]
                if classes and label not in allowed:
                    label = POLARITIES.get(label, label)
                    label = known.get(folded(label), label)
                if not label or (label not in allowed and folded(label) in NO_LABELS):
                    troubles.add(number, "label", "has no label", record)
                elif allowed and label not in allowed:
                    troubles.add(number, "label", f"has the label {label!r}; it needs one of {one_of}", record)
                elif not text.strip():
                    troubles.add(number, "empty", "has no text", record)
                else:
                    yield Tweet(number, label, text)


def _records(lines: Iterator[Line], delimiter: str, columns: int) -> Iterator[Line]:
    """What makes up a row each: a line, or the lines that a quoted text goes over, with the number of the first.

    Where no row of so many columns comes of it, a line with a quote left open stands alone, and the next line begins
    a row of its own: one open quote does not swallow the rest of the file.
    """
    ahead: deque[Line] = deque()
    while True:
        if ahead:
            number, line = ahead.popleft()
        elif (following := next(lines, None)) is not None:
            number, line = following
        else:
            return
        if line.count('"') % 2 and not _fits(line, delimiter, columns):
            while len(ahead) < MAX_LINES - 1 and (following := next(lines, None)) is not None:
                ahead.append(following)
            closing = next((i for i, (_, text) in enumerate(ahead, 1) if text.count('"') % 2), 0)
            whole = line + "".join(text for _, text in islice(ahead, closing))
            if closing and _fits(whole, delimiter, columns):
                line = whole
                for _ in range(closing):
                    ahead.popleft()
        if not line.isspace():
            yield number, line


def _fits(record: str, delimiter: str, columns: int) -> bool:
    fields = cells_of(record, delimiter)
    return fields is not None and len(fields) == columns


# ── which column is what ──────────────────────────────────────────────────────────────────────────────────────────


def _check_regular(file: str) -> None:
    """Refuse what gives its lines only once; what is not there, or is a folder, is left to the opening."""
    try:
        mode = Path(file).stat().st_mode
    except OSError:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise FileError(f"{file} is not a regular file. Tweets are read more than once, so save them to a file first.")


def _layout(file: str, text: Column, label: Column, encoding: str | None, header: bool | None) -> Layout:
    text, label = _numbered(text), _numbered(label)
    if encoding is not None and encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        encoding = "utf-8-sig"  # with a byte order mark or without
    advice = "save it as UTF-8, or use --encoding {}"
    with open_text(file, encoding or "utf-8-sig", advice=advice) as whole:
        first = list(islice((line for line in numbered(whole, file) if not line[1].isspace()), MAX_LINES))
    lines = [line for _, line in first]
    if not lines:
        raise FileError(f"{file} is empty; it needs one tweet per line.")
    at, delimiter, row = _first_row(lines)
    if not row:
        raise FileError(f"{file} has no columns; it needs texts and labels, separated by commas.")
    columns = len(row)
    if text is None and label is None and not header and columns == 6 and row[0].strip() in POLARITIES:
        return Layout(5, 0, columns, False, delimiter, encoding or _encoding_of(file), True)
    names = [name.strip() for name in row]
    if header is None:
        header = not (isinstance(text, int) and isinstance(label, int))
    if header and (at > 0 or not _is_header(names, text, label)):
        _check_no_title(file, first, text, label)
    text_at = _column(file, "text", text, names, TEXT_NAMES, header=header)
    label_at = _column(file, "label", label, names, LABEL_NAMES, header=header)
    if text_at == label_at:
        raise FileError(f"{file}: column {text_at + 1} cannot hold both the text and the label.")
    return Layout(text_at, label_at, columns, header, delimiter, encoding or "utf-8-sig", False)


def _encoding_of(file: str) -> str:
    """Sentiment140 is Latin-1; a copy of it that was saved as UTF-8 is told by its bytes."""
    with opened(file, packed=True) as stream:
        first = stream.read(_LOOKED_AT)
    try:
        first.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(first) - 4:  # a letter cut in two at the end says nothing
            return "latin-1"
    return "latin-1" if first.isascii() else "utf-8-sig"


def _is_header(names: Sequence[str], text: Column, label: Column) -> bool:
    """Whether a row names the columns of text and label; a column asked for by number needs no name."""
    folded = {name.casefold() for name in names}
    return len(names) > 1 and all(
        isinstance(asked, int) or (asked in names if asked is not None else not folded.isdisjoint(usual))
        for asked, usual in ((text, TEXT_NAMES), (label, LABEL_NAMES))
    )


def _check_no_title(file: str, lines: Sequence[Line], text: Column, label: Column) -> None:
    """Refuse a header below other lines: the first of them would be taken for it, and the header for a tweet."""
    for number, line in lines[1:]:
        if _is_header([name.strip() for name in _widest(line)[1]], text, label):
            above = "line 1" if number == 2 else f"lines 1 to {number - 1}"
            raise FileError(f"{file} has its header on line {number}, not on line 1. Remove {above}.")


def _first_row(lines: Sequence[str]) -> tuple[int, str, list[str]]:
    """The first row of several columns, of a line or more: the place of its line, what is between columns, they."""
    for first in range(len(lines)):
        for record in accumulate(lines[first:]):
            delimiter, row = _widest(record)
            if len(row) > 1:
                return first, delimiter, row
    return 0, ",", []


def _widest(record: str) -> tuple[str, list[str]]:
    """A row cut where it gives the most columns, and what stands between them."""
    return max(((d, cells_of(record, d) or []) for d in SEPARATORS), key=lambda found: len(found[1]))


def _numbered(column: Column) -> Column:
    """A column that was typed, as a number where it is one."""
    return int(column) if isinstance(column, str) and column.isascii() and column.isdigit() else column


def _column(file: str, what: str, asked: Column, names: list[str], usual: Sequence[str], *, header: bool) -> int:
    """Where a column stands, counted from 0."""
    if isinstance(asked, int):
        if not 1 <= asked <= len(names):
            raise FileError(
                f"{file} has no column {asked} for the {what}: its first line has {count(len(names), 'column')}."
            )
        return asked - 1
    if not header:
        raise FileError(f"{file} has no header. Give the column of the {what} by its number.")
    if asked is not None:
        if asked in names:
            return names.index(asked)
        near = did_you_mean(asked, names)
        raise FileError(
            f"{file} has no column {asked!r} for the {what}{near}. Its first line: {brief(', '.join(names))}."
        )
    folded = [name.casefold() for name in names]
    place = next((folded.index(name) for name in usual if name in folded), None)
    if place is None:
        raise FileError(
            f"{file} is not in Sentiment140's layout, and none of its columns ({brief(', '.join(names))}) is "
            f"called {' or '.join(usual)}. Use --{what}-column to say which column has the {what}."
        )
    return place
