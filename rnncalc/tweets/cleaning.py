"""A tweet as words: links, mentions, punctuation and the like taken away, as one chooses."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from rnncalc.errors import RnncalcError
from rnncalc.io.suggest import did_you_mean

HASHTAGS = ("word", "drop")

_NEGATIONS = """
no not nor never none nobody nothing neither nowhere cannot without hardly barely scarcely rarely ain't aren't can't
couldn't didn't doesn't don't hadn't hasn't haven't isn't mightn't mustn't needn't shan't shouldn't wasn't weren't
won't wouldn't aint arent cant couldnt didnt doesnt dont hadnt hasnt havent isnt shouldnt wasnt werent wont wouldnt
"""
NEGATIONS = frozenset(_NEGATIONS.split())
"""Words that turn a meaning round; they are never stop words."""

_STOP_WORDS = """
a about after again all also am an and any are as at be because been before being between both by could did do does
doing down during each few for from further had has have having he he's her here here's hers herself him himself his
how i i'd i'll i'm i've if in into is it it's its itself just let's me more most my myself of off on once only or
other our ours ourselves out over own same she she's should so some such than that that's the their theirs them
themselves then there there's these they they'd they'll they're they've this those through to too under until up
very was we we'd we'll we're we've were what what's when where which while who who's whom why will with would you
you'd you'll you're you've your yours yourself yourselves
"""
STOP_WORDS = frozenset(_STOP_WORDS.split()) - NEGATIONS
"""Words that say little about sentiment."""


class Cleaning(NamedTuple):
    """What is done with a tweet. The defaults follow Go, Bhayani and Huang (2009), who gathered Sentiment140, but that
    links and mentions are dropped and not replaced by a word.

    ``hashtags``: "word" keeps the word behind the sign, "drop" drops it too. ``shorten_repeats``: a letter three times
    or more in a row is written twice (cooool → cool). Emoji are words of their own.
    """

    lower_case: bool = True
    drop_links: bool = True
    drop_mentions: bool = True
    hashtags: str = "word"
    drop_punctuation: bool = True
    drop_numbers: bool = False
    shorten_repeats: bool = True
    drop_stop_words: bool = False

    def settings(self) -> dict[str, bool | str]:
        """The choices as plain names and values, for a file."""
        return self._asdict()

    @classmethod
    def from_settings(cls, settings: Mapping[str, object]) -> Cleaning:
        """The choices that ``settings`` gave; what is missing is as by default. Raises RnncalcError for others."""
        for name, value in settings.items():
            if name not in cls._fields:
                raise RnncalcError(f"There is no cleaning option {name!r}{did_you_mean(name, cls._fields)}.")
            if name == "hashtags":
                if value not in HASHTAGS:
                    raise RnncalcError(f"hashtags is {value!r}; it needs to be 'word' or 'drop'.")
            elif not isinstance(value, bool):
                raise RnncalcError(f"{name} is {value!r}; it needs to be true or false.")
        return cls(**settings)  # type: ignore[arg-type]  # looked at one by one above


DEFAULT = Cleaning()

Clean = Callable[[str], list[str]]

# Unicode's punctuation, blanks and controls where people write them. A list of what parts words rather than of what
# makes them: \w would cut the words of Hindi or Thai at their vowel signs.
_PUNCTUATION = (
    r"!-/:-@\[-`{-~\xa1-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb-\xbf\xd7\xf7"
    r"\u2010-\u2027\u2030-\u205e\u2e00-\u2e7f\u3001-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_INVISIBLE = r"\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202f\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\uffff"
_EMOJI = r"\u2190-\u2bff\U0001f000-\U0001faff"
_PARTS = _PUNCTUATION + _INVISIBLE + _EMOJI

_WORD = rf"[^{_PARTS}]+(?:'[^{_PARTS}]+)*"
_LINK = r"(?:https?://|www\.)\S+"
_MENTION = r"(?<![\w@])@\w+"
_HASHTAG = r"(?<!\w)#\w+"
_REPEATED = re.compile(r"([^\W\d_])\1\1+")
_APOSTROPHES = str.maketrans("’‘ʼ＇\x92", "'''''")  # \x92: Windows' apostrophe, read as Latin-1


@lru_cache
def cleaner(cleaning: Cleaning) -> Clean:
    """The function from a tweet to its words; it takes any text and raises nothing."""
    lower, shorten, drop_numbers = cleaning.lower_case, cleaning.shorten_repeats, cleaning.drop_numbers
    drop_links, drop_mentions, drop_hashtags = cleaning.drop_links, cleaning.drop_mentions, cleaning.hashtags == "drop"
    link, mention, hashtag = (re.compile(p, re.IGNORECASE) for p in (_LINK, _MENTION, _HASHTAG))
    kinds = [
        *([] if drop_links else [_LINK]),
        *([] if drop_mentions else [_MENTION]),
        _WORD,
        f"[{_EMOJI}]",
        *([] if cleaning.drop_punctuation else [f"[{_PUNCTUATION}]+"]),
    ]
    words_of = re.compile("|".join(kinds), re.IGNORECASE).findall
    stop_words = STOP_WORDS if cleaning.drop_stop_words else frozenset[str]()

    def clean(text: str) -> list[str]:
        if "&" in text:
            text = html.unescape(text)
        if lower:
            text = text.lower()
        if not text.isascii():
            text = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
        if drop_links and ("://" in text or "www." in text.lower()):
            text = link.sub(" ", text)
        if drop_mentions and "@" in text:
            text = mention.sub(" ", text)
        if drop_hashtags and "#" in text:
            text = hashtag.sub(" ", text)
        if shorten:
            text = _REPEATED.sub(r"\1\1", text)
        words: list[str] = words_of(text)
        if drop_numbers:
            words = [w for w in words if not w.isnumeric()]
        if stop_words:
            words = [w for w in words if w.lower() not in stop_words]
        return words

    return clean


def clean(text: str, cleaning: Cleaning = DEFAULT) -> list[str]:
    """The words of a tweet.

    >>> clean("@anna I don't think it's &quot;cooool&quot; http://example.com #tired")
    ['i', "don't", 'think', "it's", 'cool', 'tired']
    """
    return cleaner(cleaning)(text)
