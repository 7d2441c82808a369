"""Choice: what was typed about a problem, by the names of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from rnncalc.network.tokens import TOKENS, tokens_of
from rnncalc.problems.settings import BY_NAME, DEFAULTS, DRAWING


class Choice:
    """What was typed about a problem: ``Choice(text="abc", hidden=2).hidden``; None is what was not typed.

    The names are those of rnncalc.problems.settings. ``inputs`` is a file of the numbers read at each step, or these
    numbers; ``weights`` is a file of saved weights; ``vocabulary`` a text or its tokens; ``classes`` how many outputs
    there are, or their names. A choice does not change. Raises TypeError for a name that is no setting.
    """

    __slots__ = ("typed",)

    typed: Mapping[str, Any]

    def __init__(self, **typed: Any) -> None:
        for name in typed:
            if name not in BY_NAME:
                raise TypeError(f"There is no setting {name!r}.")
        self.typed = MappingProxyType({name: value for name, value in typed.items() if value is not None})

    def __getattr__(self, name: str) -> Any:
        if name not in BY_NAME:
            raise AttributeError(name)
        return self.typed.get(name)

    def __repr__(self) -> str:
        return f"Choice({', '.join(f'{name}={value!r}' for name, value in sorted(self.typed.items()))})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _choice, (dict(self.typed),)

    @property
    def drawing(self) -> list[str]:
        """The names of what was typed that draws new weights."""
        return [name for name in DRAWING if name in self.typed]

    def replace(self, **changes: Any) -> Choice:
        """The choice with some settings changed; None is no longer typed."""
        return Choice(**{**self.typed, **changes})

    def filled(self) -> Choice:
        """The choice with the defaults of what was not typed."""
        return Choice(**{**DEFAULTS, **self.typed})

    def tokens_in_vocabulary(self, tokens: str = "") -> tuple[str, ...]:
        """The vocabulary as tokens, letters or words as they say; nothing where none was typed."""
        said = self.vocabulary or ()
        return tokens_of(said, tokens or self.tokens or TOKENS[0]) if isinstance(said, str) else tuple(said)


def _choice(typed: dict[str, Any]) -> Choice:
    return Choice(**typed)
