"""Tokens: what a text is cut into, letters or words, and what is read and wanted of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

TOKENS = ("letters", "words")


def tokens_of(text: str, kind: str = "letters") -> tuple[str, ...]:
    """The letters of a text, its Unicode code points after NFC normalisation; or its words, cut at blanks."""
    known = unicodedata.normalize("NFC", text)
    return tuple(known.split()) if kind == "words" else tuple(known)


def joined(tokens: Sequence[str], kind: str = "letters") -> str:
    """The text that tokens make up."""
    return (" " if kind == "words" else "").join(tokens)


def vocabulary_of(tokens: Sequence[str]) -> tuple[str, ...]:
    """The tokens in order of first appearance."""
    return tuple(dict.fromkeys(tokens))


def show_tokens(tokens: Sequence[str]) -> str:
    """Tokens for a message: h, e, l, o; spaces and the like in quotes; of many the first ones."""
    shown = [c if c.isprintable() and not c.isspace() else repr(c) for c in tokens]
    most = 40
    return ", ".join(shown if len(shown) <= most else [*shown[: most - 1], f"… ({len(shown):,} in all)"])
