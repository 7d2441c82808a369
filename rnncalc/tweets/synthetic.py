"""Made-up tweets in which the order of words decides: for tests and benchmarks.

A share of them is plain ("the film was great"). The others come from pairs of sentences that hold the same words in
another order and mean the opposite, each as likely as the other: whoever looks at the bag of words alone can do no
better than guess, 1 − order_share/2 of all at the most, while the order tells everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import NamedTuple

GOOD = ("good", "great", "lovely", "brilliant", "fun", "sweet", "superb", "charming", "clever", "wonderful")
BAD = ("bad", "awful", "boring", "terrible", "dull", "horrible", "poor", "silly", "ugly", "dreadful")
PLAIN = ("long", "loud", "cheap", "busy", "short", "dark", "quick", "old")
PEOPLE = ("everyone", "friends", "critics", "people", "some", "teachers")
TIMES = ("today", "last night", "on monday", "this week", "again", "after work")

PAIRS = (
    (
        "i did not think that the {name} {filler} was {quality} and {plain}",
        "i did think that the {name} {filler} was {quality} and not {plain}",
    ),
    ("the {name} is hardly ever {quality} and often {plain}", "the {name} is often {quality} and hardly ever {plain}"),
    ("why , what a {quality} {name} {filler} not", "why not , what a {quality} {name} {filler}"),
    (
        "nobody says the {name} {filler} was {quality} and everybody says {plain}",
        "everybody says the {name} {filler} was {quality} and nobody says {plain}",
    ),
)
"""Sentences of the same words: in the first of each the quality is denied, in the second it is not."""
SAID = "{people} said the {name} was {other} {filler} but i found it {quality}"
"""The quality counts, not the other one, its opposite: with both changed round it is a pair by itself."""
STATED = ("the {name} was {quality} {filler}", "{quality} {name} {filler}", "i found the {name} {quality} {filler}")

_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_POLARITY = {False: "0", True: "4"}


class Made(NamedTuple):
    """A made-up tweet, and whether it is positive."""

    text: str
    positive: bool


def make_tweets(count: int, *, seed: int = 0, names: int = 20_000, order_share: float = 0.5) -> Iterator[Made]:
    """So many tweets of 3 to 15 words, with links, mentions, signs and capitals for the cleaning to take away.

    Their ``names`` are invented words, the n-th as frequent as 1/n; the first tweets of many are those of few. In
    ``order_share`` of them order decides.
    """
    random = Random(seed).random  # the only method that promises the same numbers in every version of Python
    invented = [_name(n) for n in range(names)]
    up_to = list(accumulate(1 / n for n in range(1, names + 1)))

    def one_of(of: tuple[str, ...]) -> str:
        return of[int(random() * len(of))]

    def name() -> str:
        from bisect import bisect

        return invented[bisect(up_to, random() * up_to[-1])]

    for _ in range(count):
        good = random() < 0.5
        quality, other = (one_of(GOOD), one_of(BAD)) if good else (one_of(BAD), one_of(GOOD))
        positive = good
        if random() < order_share:
            kind = int(random() * (len(PAIRS) + 1))
            if kind == len(PAIRS):
                sentence = SAID
            else:
                stated = random() < 0.5
                sentence = PAIRS[kind][stated]
                positive = good == stated
        else:
            sentence = one_of(STATED)
        text = sentence.format(
            name=name(),
            filler=f"by {name()} {one_of(TIMES)}" if random() < 0.7 else one_of(TIMES),
            quality=quality,
            other=other,
            plain=one_of(PLAIN),
            people=one_of(PEOPLE),
        )
        yield Made(_dressed(text, random(), name()), positive)


def write_tweets(file: str | Path, count: int, *, seed: int = 0, names: int = 20_000, order_share: float = 0.5) -> None:
    """Write made-up tweets as a CSV file in Sentiment140's layout."""
    with Path(file).open("w", encoding="latin-1", newline="\n") as opened:
        for i, tweet in enumerate(make_tweets(count, seed=seed, names=names, order_share=order_share)):
            text = tweet.text.replace('"', '""')
            polarity = _POLARITY[tweet.positive]
            opened.write(f'"{polarity}","{i}","Mon Apr 06 22:19:45 PDT 2009","NO_QUERY","somebody","{text}"\n')


def _name(n: int) -> str:
    """An invented word of three syllables or more, another for each number."""
    base = len(_SYLLABLES)
    name = ""
    n = n * 7919 + 12345  # neighbours look different
    for _ in range(3):
        name += _SYLLABLES[n % base]
        n //= base
    return name + "".join(_SYLLABLES[int(digit)] for digit in (str(n) if n else ""))


def _dressed(text: str, chance: float, somebody: str) -> str:
    """The tweet with what real ones are dressed in."""
    if chance < 0.25:
        return f"@{somebody} {text}"
    if chance < 0.4:
        return f"{text} http://example.com/{somebody}"
    if chance < 0.55:
        return f"{text.capitalize()}!!!"
    if chance < 0.65:
        return f'"{text}" :&gt;'
    return text
