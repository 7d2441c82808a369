"""A text as numbers: the places of its tokens in the vocabulary, a part kept for validation, streams side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnncalc.errors import ProblemError
from rnncalc.language.trees import Array
from rnncalc.network.tokens import show_tokens, tokens_of, vocabulary_of

WORD = 100
"""A text of up to so many tokens is trained as the word that every command shows; a longer one as a stream."""


def encode(text: str, vocabulary: Sequence[str], tokens: str = "letters", *, what: str = "text") -> Array:
    """The place of each token of a text in the vocabulary, counted from 0.

    Raises ProblemError for tokens that the vocabulary lacks; ``what`` is what the message calls the text.
    """
    known = {token: place for place, token in enumerate(vocabulary)}
    typed = tokens_of(text, tokens)
    places = np.fromiter((known.get(token, -1) for token in typed), np.intp, len(typed))
    if len(places) and places.min() < 0:
        strange = vocabulary_of([token for token in typed if token not in known])
        raise ProblemError(
            what,
            f"{what} has {show_tokens(strange)}, which the vocabulary does not have; it needs {tokens} from "
            f"{show_tokens(vocabulary)}.",
        )
    return places


def split(tokens: Array, share: float) -> tuple[Array, Array]:
    """What is trained on, and the last share of the text, which is kept for validation."""
    if not 0 < share < 1:
        raise ProblemError(
            "validation", f"validation is {share!r}; it needs a fraction above 0 and below 1, such as 0.1."
        )
    kept = round(len(tokens) * share)
    if kept < 2 or len(tokens) - kept < 2:
        raise ProblemError(
            "validation",
            f"{share:g} of {len(tokens)} tokens is {kept}; both parts need at least two tokens, one to read and "
            "one to predict.",
        )
    return tokens[:-kept], tokens[-kept:]


def in_streams(tokens: Array, streams: int) -> Array:
    """Parts of equal length that follow on each other, a column each; the last row is only predicted.

    What is left at the end, fewer tokens than streams, is not read.
    """
    length = (len(tokens) - 1) // streams
    return np.ascontiguousarray(tokens[np.arange(length + 1)[:, None] + length * np.arange(streams)], np.intp)
