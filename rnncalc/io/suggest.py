"""The near miss behind a name that does not exist."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The ending of a sentence, " (did you mean 'hello'?)", or nothing where nothing is near."""
    import difflib  # here, because a run without a mistake never needs it

    candidates = {k.casefold(): k for k in known}
    near = difflib.get_close_matches(name.casefold(), candidates, n=1, cutoff=0.6)
    return f" (did you mean {str(candidates[near[0]])!r}?)" if near else ""  # a word of an enumeration as a word
