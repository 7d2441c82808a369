"""What is said of a weight file on the command line: all that the file may leave open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rnncalc.errors import ProblemError
from rnncalc.io.suggest import did_you_mean
from rnncalc.language.functions import activation_names
from rnncalc.weights.network import head_activations

LAYOUTS = ("columns", "rows")
"""Whether a matrix has a column for each number read (W·x), or a row (x·W)."""


class ReadingOptions(NamedTuple):
    """``activation`` is that of the recurrent layers, ``head_activations`` those of the dense layers, ``order`` the
    layers in which the numbers pass through them, ``layout`` how its matrices lie."""

    activation: str | None = None
    head_activations: Sequence[str] = ()
    order: Sequence[str] = ()
    layout: str | None = None

    def check(self) -> None:
        """Raise ProblemError for a name that does not exist."""
        _check_names("activation", [self.activation] if self.activation else [], activation_names())
        _check_names("head_activations", self.head_activations, head_activations())
        if self.layout not in (None, *LAYOUTS):
            raise ProblemError("layout", f"There is no layout {self.layout!r}. Use one of {', '.join(LAYOUTS)}.")

    def refuse(self, file: str, **why: str) -> None:
        """Raise ProblemError for an option though the file leaves no choice: ``why``, by the field's name."""
        for field, reason in why.items():
            if getattr(self, field):
                raise ProblemError(field, f"{file} {reason}")


def _check_names(field: str, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise ProblemError(
                field, f"There is no activation {name!r}{did_you_mean(name, known)}. Use one of {', '.join(known)}."
            )
