"""What every training does: count, add up losses, keep the best weights, stop, say when it diverges, and go on."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from time import perf_counter
from typing import ClassVar, NamedTuple

import numpy as np

from rnncalc.errors import ProblemError, RnncalcError
from rnncalc.io.interrupts import uninterrupted
from rnncalc.language.trees import Array

DIVERGED = 20
"""A loss per answer so many times the first one's, or a blind guess's, is no learning any more."""
KEPT_EVERY = 16
"""The weights are kept every so many updates, for the case that they diverge."""


class Diverged(RnncalcError):
    """The loss left what is sensible; what learns has the last weights back that were kept with a sound loss.

    ``update``: which update of the training it was, counted from 1.
    """

    exit_code = 1

    def __init__(self, update: int, loss: float, place: str, remedy: str) -> None:
        what = f"the loss is {loss:.6g}" if math.isfinite(loss) else "the loss is not a number"
        super().__init__(f"The training diverged: {what} at {place}. {remedy}")
        self.update, self.loss = update, loss


class Stretch(NamedTuple):
    """Updates one after the other: the loss of each, and the seconds that they took; at the end of an epoch
    (``done``), with its judgement: the ``validation`` loss, where there is one, and whether it is the ``best`` yet."""

    losses: list[float]
    seconds: float
    done: bool
    validation: float | None
    best: bool


class Fit(ABC):
    """A training: ``step`` is one update; :meth:`run` makes them until it is enough.

    ``parts`` are the arrays that are learnt, ``choices`` how many answers a blind guess has.
    """

    counts: ClassVar[tuple[str, ...]]
    """The names of the whole numbers that are needed to go on, and of the others."""
    sums: ClassVar[tuple[str, ...]]

    def __init__(self, parts: list[Array], choices: int, eta: float) -> None:
        self.parts, self.choices, self.eta = parts, choices, eta
        self.epoch = 0
        """How many epochs are done."""
        self.updates = 0
        """How many updates are, in all."""
        self.first_loss = math.nan
        """The loss per answer of the first update."""
        self.total, self.weight = 0.0, 0.0
        """Of this epoch: the losses of the answers, each times its weight, added up; and the weights."""
        self.best_loss, self.best_epoch = math.inf, 0
        self.best, self._good = self._copy(), self._copy()
        self._highest = math.inf

    @abstractmethod
    def step(self) -> float:
        """One update; the loss before it. The last of an epoch adds to ``epoch``. Raises Diverged."""

    @property
    @abstractmethod
    def updates_in_epoch(self) -> int:
        """How many updates of this epoch are done."""

    @abstractmethod
    def place(self, update: int) -> tuple[str, str]:
        """What to call the place of an update, counted from 1, and what to do where the training diverged there."""

    @abstractmethod
    def weights(self) -> dict[str, Array]:
        """The weights now, by their names."""

    @property
    def epoch_loss(self) -> float:
        """The mean loss of an answer, in nats, so far in this epoch; at its end, of all of it."""
        return self.total / self.weight if self.weight else math.nan

    def run(
        self,
        *,
        epochs: int,
        patience: int | None = None,
        every: int | None = None,
        validate: Callable[[], float] | None = None,
    ) -> Iterator[Stretch]:
        """Train until so many epochs are done in all; gives the updates since it last gave some, at the end of each
        epoch and after ``every`` updates in it.

        The best weights are those at the end of the epoch whose loss by ``validate`` is the lowest, or without it,
        whose own loss is. ``patience``: stop after so many epochs without a best. An interrupt waits for the end of an
        update; an epoch that is done is judged too. Raises Diverged, and ProblemError for settings out of range.
        """
        for name, count in (("epochs", epochs), ("patience", patience), ("every", every)):
            if count is not None and count < 1:
                raise ProblemError(name, f"{name} is {count}; it needs a whole number, at least 1.")
        while self.epoch < epochs:
            epoch, losses, start = self.epoch + 1, list[float](), perf_counter()
            while self.epoch < epoch:
                judged, best, done, is_due = None, False, False, False
                with uninterrupted() as held:
                    while not (done or is_due or held):
                        losses.append(self.step())
                        done = self.epoch == epoch
                        is_due = every is not None and self.updates_in_epoch % every == 0
                    if done:
                        judged = None if validate is None else validate()
                        best = self.keep_if_best(self.epoch_loss if judged is None else judged)
                if done or is_due:
                    yield Stretch(losses, max(perf_counter() - start, 1e-9), done, judged, best)
                    losses, start = [], perf_counter()
            if patience is not None and self.epoch - self.best_epoch >= patience:
                return

    # ── sound and best weights ────────────────────────────────────────────────────────────────────────────────────

    def check_sound(self, loss: float, per_answer: float) -> None:
        """Keep the weights now and then; raise Diverged for a loss that is none."""
        if self.updates == 0 and math.isfinite(per_answer):
            self.first_loss = per_answer
        if self._highest == math.inf:
            self._highest = DIVERGED * max(self.first_loss, math.log(self.choices))
        if not per_answer <= self._highest:  # not a number neither
            raise self.diverged(loss, self.updates + 1)
        if self.updates % KEPT_EVERY == 0:
            self._put(self.parts, self._good)

    def check_finite(self) -> None:
        """Raise Diverged for weights that are no numbers any more."""
        if not all(np.isfinite(part).all() for part in self.parts):
            raise self.diverged(math.nan, self.updates)

    def diverged(self, loss: float, update: int) -> Diverged:
        """Take back the weights that were kept, and give what is to be raised."""
        self._put(self._good, self.parts)
        return Diverged(update, loss, *self.place(update))

    def keep_if_best(self, loss: float) -> bool:
        """Keep the weights where this loss is the lowest yet."""
        if not loss < self.best_loss:
            return False
        self._put(self.parts, self.best)
        self.best_loss, self.best_epoch = loss, self.epoch
        return True

    def best_weights(self) -> dict[str, Array]:
        """The weights that were best, by :meth:`keep_if_best`; the first ones until then."""
        now = self._copy()
        self._put(self.best, self.parts)
        weights = self.weights()
        self._put(now, self.parts)
        return weights

    def _copy(self) -> list[Array]:
        return [part.copy() for part in self.parts]

    @staticmethod
    def _put(parts: list[Array], places: list[Array]) -> None:
        for part, place in zip(parts, places, strict=True):
            place[...] = part

    # ── to go on another time ─────────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def arrays(self) -> dict[str, Array]:
        """All arrays that are needed to go on, by the names that they have in a file."""

    @property
    def state(self) -> dict[str, Array]:
        """All that another training of the same settings needs to go on to the same bytes."""
        state = {name: array.copy() for name, array in self.arrays().items()}
        state["counts"] = np.array([getattr(self, name) for name in self.counts], np.int64)
        state["losses"] = np.array([getattr(self, name) for name in self.sums], np.float64)
        return state

    @state.setter
    def state(self, state: Mapping[str, Array]) -> None:
        self.take_over(state)

    def take_over(self, state: Mapping[str, Array]) -> None:
        """Go on from a state. Raises ProblemError, and changes nothing, where it is none of this training."""
        for name, mine in self.state.items():
            if name not in state or state[name].shape != mine.shape or state[name].dtype != mine.dtype:
                raise ProblemError("state", f"The state has no {name} with the shape and type of this training.")
        for name, array in self.arrays().items():
            array[...] = state[name]
        for name, number in zip(self.counts, state["counts"], strict=True):
            setattr(self, name, int(number))
        for name, number in zip(self.sums, state["losses"], strict=True):
            setattr(self, name, float(number))
        self._put(self.parts, self._good)
        self._highest = math.inf
