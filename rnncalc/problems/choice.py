"""Choice: what was typed about a problem."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_DRAWING = (
    "hidden", "seed", "weight_decimals", "vocabulary", "recurrent", "output_bias", "cell", "reset_after", "tokens",
    "layers", "embedding", "head", "classes",
)  # fmt: skip


class Choice(NamedTuple):
    """What was typed about a problem; None is what was not typed.

    Those that ``draws`` names draw new weights when typed; the others keep a template's. ``inputs`` is a file of the
    numbers read at each step, or these numbers; ``weights`` is a file of saved weights.
    """

    text: str | None = None
    template: str | None = None
    weights: str | None = None
    inputs: str | Sequence[Sequence[float]] | None = None
    hidden: int | None = None
    seed: int | str | None = None
    weight_decimals: int | None = None
    vocabulary: str | Sequence[str] | None = None
    recurrent: str | None = None
    output_bias: bool | None = None
    activation: str | None = None
    targets: str | None = None
    loss_reduction: str | None = None
    eta: float | None = None
    h0: str | Sequence[float] | None = None
    cell: str | None = None
    reset_after: bool | None = None
    tokens: str | None = None
    layers: int | None = None
    embedding: int | None = None
    head: Sequence[int] | None = None
    head_activation: Sequence[str] | None = None
    classes: int | Sequence[str] | None = None
    output_at: str | None = None
    output_function: str | None = None
    softmax: str | None = None
    loss: str | None = None
    generate: int | None = None
    order: Sequence[str] | None = None
    layout: str | None = None

    @property
    def draws(self) -> bool:
        """Whether anything typed asks for new weights."""
        return bool(self.drawing)

    @property
    def drawing(self) -> list[str]:
        """The names of what was typed that asks for new weights."""
        return [name for name in _DRAWING if getattr(self, name) is not None]
