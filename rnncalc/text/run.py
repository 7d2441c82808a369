"""A training from epoch to epoch, told as it goes: losses, speed, validation, the best weights, when to stop."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from rnncalc.errors import ProblemError
from rnncalc.language.trees import Array
from rnncalc.text.trainer import Trainer


class Progress(NamedTuple):
    """Where a training is.

    ``epoch`` counts from 1, and ``window`` of ``windows`` is the last one that is done in it. ``loss`` is that of an
    answer in nats, over the epoch so far. At the end of an epoch (``done``) there is the ``validation`` loss of an
    answer, where a text is kept for it, and ``best`` says whether the epoch is the best yet. ``tokens_per_second``
    counts what was read since the event before.
    """

    epoch: int
    window: int
    windows: int
    loss: float
    tokens_per_second: float
    done: bool = False
    validation: float | None = None
    best: bool = False


def train(
    trainer: Trainer,
    *,
    epochs: int,
    validation: Array | None = None,
    patience: int | None = None,
    every: int | None = None,
) -> Iterator[Progress]:
    """Train until so many epochs are done in all, with an event after each and after ``every`` windows.

    The best weights are those at the end of the epoch whose loss on the text kept for ``validation`` is the lowest, or
    without one, whose own loss is; the trainer has them as ``best_weights()``. ``patience``: stop after so many epochs
    without a best. Raises Diverged as the trainer does, ProblemError for settings out of range.
    """
    if validation is not None and len(validation) < 2:
        raise ProblemError("validation", "The text for validation needs at least two tokens.")
    read, windows = trainer.position, trainer.windows
    judge = None if validation is None else partial(trainer.evaluate, validation)
    for _, seconds, done, validation_loss, best in trainer.run(
        epochs=epochs, patience=patience, every=every, validate=judge
    ):
        position = trainer.length if done else trainer.position
        speed = (position - read) * trainer.streams / seconds
        epoch, window = (trainer.epoch, windows) if done else (trainer.epoch + 1, trainer.updates_in_epoch)
        yield Progress(epoch, window, windows, trainer.epoch_loss, speed, done, validation_loss, best)
        read = trainer.position
