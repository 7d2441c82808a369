"""A training from epoch to epoch, told as it goes: losses, speed, validation, the best weights, when to stop."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import NamedTuple

import numpy as np

from rnncalc.engine.trainer import Trainer
from rnncalc.errors import ProblemError
from rnncalc.io.interrupts import uninterrupted
from rnncalc.language.trees import Array


class Progress(NamedTuple):
    """Where a training is.

    ``epoch`` counts from 1, and ``window`` of ``windows`` is the last one that is done in it. ``window_loss`` is the
    mean loss of the windows since the event before, each as its trace gives it; ``loss`` is that of an answer in nats,
    over the epoch so far. At the end of an epoch (``done``) there is the ``validation`` loss of an answer, where a text
    is kept for it, and ``best`` says whether the epoch is the best yet. ``tokens_per_second`` counts what was read
    since the event before.
    """

    epoch: int
    window: int
    windows: int
    window_loss: float
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
    for name, count in (("epochs", epochs), ("patience", patience), ("every", every)):
        if count is not None and count < 1:
            raise ProblemError(name, f"{name} is {count}; it needs a whole number, at least 1.")
    if validation is not None and len(validation) < 2:
        raise ProblemError("validation", "The text for validation needs at least two tokens.")
    while trainer.epoch < epochs:
        losses: list[float] = []
        epoch, read, start = trainer.epoch + 1, trainer.position, perf_counter()
        while trainer.epoch < epoch:
            found, best, done, told = None, False, False, False
            with uninterrupted() as held:  # it waits for the end of a window; an epoch that is done is judged too
                while not (done or told or held):
                    losses.append(trainer.step())
                    done = trainer.epoch == epoch
                    told = every is not None and trainer.window_in_epoch % every == 0
                if done:
                    found = trainer.evaluate(validation) if validation is not None else None
                    best = trainer.keep_if_best(trainer.epoch_loss if found is None else found)
            if not done and not told:
                continue
            position = trainer.length if done else trainer.position
            speed = (position - read) * trainer.streams / max(perf_counter() - start, 1e-9)
            window = trainer.windows if done else trainer.window_in_epoch
            mean = float(np.mean(losses))
            yield Progress(epoch, window, trainer.windows, mean, trainer.epoch_loss, speed, done, found, best)
            losses, read, start = [], position, perf_counter()
        if patience is not None and trainer.epoch - trainer.best_epoch >= patience:
            return
