"""A classifier learns from tweets, epoch by epoch: shuffled, judged, the best weights kept, and gone on with later."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from rnncalc.engine.drawn import shuffled
from rnncalc.errors import ProblemError, RnncalcError
from rnncalc.io.interrupts import uninterrupted
from rnncalc.language.trees import Array
from rnncalc.network.values import check_rate
from rnncalc.tweets.classifier import DEFAULT_ETA, Classifier, Judged

DEFAULT_BATCH = 120
DIVERGED = 20
"""A loss so many times the first one's, or a blind guess's, is no learning any more."""
KEPT_EVERY = 64
"""The weights are kept every so many batches, for the case that they diverge."""


class Diverged(RnncalcError):
    """The loss left what is sensible; the classifier has the last weights back that were kept with a sound loss."""

    exit_code = 1

    def __init__(self, batch: int, epoch: int, loss: float, eta: float) -> None:
        what = f"the loss is {loss:.6g}" if math.isfinite(loss) else "the loss is no number any more"
        super().__init__(
            f"The training diverged: {what} at batch {batch:,} of epoch {epoch:,}. A smaller learning rate than "
            f"{eta:g} would be right."
        )
        self.batch, self.epoch, self.loss = batch, epoch, loss


class Epoch(NamedTuple):
    """What an epoch came to.

    ``loss`` is the mean of a tweet's in nats, weighted as the classes are, and ``accuracy`` the part of the tweets that
    were given their own class, both as each batch was before its update, with dropout. ``validation``: the same of the
    tweets kept for it, without dropout. ``best`` says whether the epoch is the best yet.
    """

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    best: bool
    seconds: float


class Fitting:
    """The training of a classifier by Adam.

    ``tokens`` (tweets × length, −1 for padding) and ``labels`` (the place of each class) are what is learnt from,
    ``validation`` a pair of the same, kept apart. ``batch`` tweets are read for each update, all tweets once in an
    epoch, in an order drawn from ``seed`` and the epoch; dropout masks are drawn from ``seed`` and the update: the same
    seed gives the same bytes. ``class_weights``: how much a tweet of each class counts.

    Raises ProblemError for tweets and settings that do not fit.
    """

    def __init__(
        self,
        classifier: Classifier,
        tokens: Array,
        labels: Array,
        *,
        validation: tuple[Array, Array] | None = None,
        batch: int = DEFAULT_BATCH,
        seed: int | str = 0,
        eta: float = DEFAULT_ETA,
        class_weights: Array | None = None,
    ) -> None:
        check_rate("eta", eta)
        if batch < 1:
            raise ProblemError("batch", f"batch is {batch}; it needs a whole number, at least 1.")
        classes = len(classifier.classes)
        counts = np.ones(classes) if class_weights is None else np.asarray(class_weights, np.float64)
        if counts.shape != (classes,) or not (np.isfinite(counts) & (counts > 0)).all():
            raise ProblemError("class_weights", f"class_weights needs {classes} positive numbers, one for each class.")
        for name, (read, wanted) in {"tokens": (tokens, labels), "validation": validation or (tokens, labels)}.items():
            classifier.check(read)
            if len(read) != len(wanted):
                raise ProblemError(name, f"{name}: there are {len(read):,} tweets and {len(wanted):,} labels.")
        self.classifier, self.labels = classifier, labels
        self.tokens = classifier.check(tokens)[0]  # words first, once and for all
        self.validation = validation
        self.batch, self.seed, self.eta, self.class_weights = batch, seed, eta, counts
        self.epoch = 0
        """How many epochs are done."""
        self.judged = 0
        """The last of them that was judged, or was left behind without."""
        self.batches_done = 0
        """In this epoch."""
        self.updates = 0
        self.weighed, self.weight, self.correct = 0.0, 0.0, 0
        """Of this epoch so far: the losses, each times its weight, the weights, and the tweets with their own class."""
        self.first_loss = math.nan
        self.best_loss, self.best_epoch = math.inf, 0
        self._best = self._copy()
        self._good = self._copy()
        self._order = shuffled(len(labels), seed, "order", self.epoch)

    @property
    def batches(self) -> int:
        """How many an epoch has; the last may be smaller."""
        return -(-len(self.labels) // self.batch)

    @property
    def epoch_loss(self) -> float:
        """The mean loss of this epoch's tweets so far."""
        return self.weighed / self.weight if self.weight else math.nan

    @property
    def epoch_accuracy(self) -> float:
        """The part of this epoch's tweets so far that were given their own class."""
        read = min(self.batches_done * self.batch, len(self.labels))
        return self.correct / read if read else math.nan

    def step(self) -> Judged:
        """One batch and one update; what the batch came to before it. At the end of an epoch, the next begins.

        An interrupt waits until the batch is done. Raises Diverged where the loss is no number any more, or many times
        the first.
        """
        with uninterrupted():
            if self.batches_done == self.batches:
                self._begin(self.epoch)
                self.judged = self.epoch  # it is too late to judge the one before
            place = self.batches_done * self.batch
            rows = self._order[place : place + self.batch]
            tokens, labels = self.tokens[rows], self.labels[rows]
            weights = self.class_weights[labels]
            if self.updates % KEPT_EVERY == 0:
                self._good = self._copy()
            masks = self.classifier.masks(tokens, self.seed, "mask", self.updates)
            with np.errstate(all="ignore"):
                judged = self.classifier.step(tokens, labels, weights, masks, self.eta)
            self._check_sound(judged.loss)
            self.weighed += judged.loss * float(weights.sum())
            self.weight += float(weights.sum())
            self.correct += judged.correct
            self.updates += 1
            self.batches_done += 1
            if self.batches_done == self.batches:
                self._check_sound(0.0 if all(np.isfinite(part).all() for part in self._parts()) else math.nan)
                self.epoch += 1
        return judged

    def _begin(self, epoch: int) -> None:
        self._order = shuffled(len(self.labels), self.seed, "order", epoch)
        self.batches_done, self.weighed, self.weight, self.correct = 0, 0.0, 0.0, 0

    def _check_sound(self, loss: float) -> None:
        if self.updates == 0:
            self.first_loss = loss
        if loss <= DIVERGED * max(self.first_loss, math.log(len(self.classifier.classes))):
            return
        self._restore(self._good)
        raise Diverged(self.batches_done + 1, self.epoch + 1, loss, self.eta)

    def judge_epoch(self, start: float) -> Epoch:
        """What the epoch that is done came to since ``start``, by the clock; its weights are kept if they are best."""
        loss, validation_loss, validation_accuracy = self.epoch_loss, None, None
        with uninterrupted():  # an epoch that is done is judged too
            if self.validation is not None:
                tokens, labels = self.validation
                found = self.classifier.judge(tokens, labels, self.class_weights[labels])
                loss = validation_loss = found.loss
                validation_accuracy = found.correct / len(labels)
            best = loss < self.best_loss
            if best:
                self._best, self.best_loss, self.best_epoch = self._copy(), loss, self.epoch
            self.judged = self.epoch
        seconds = perf_counter() - start
        return Epoch(
            self.epoch, self.epoch_loss, self.epoch_accuracy, validation_loss, validation_accuracy, best, seconds
        )

    def best_weights(self) -> dict[str, Array]:
        """The weights that were best, by :meth:`judge_epoch`; the first ones until then."""
        now = self._copy()
        self._restore(self._best)
        weights = self.classifier.weights
        self._restore(now)
        return weights

    def keep_unjudged(self) -> bool:
        """Take the weights as they are for the best where no epoch was judged yet; False where nothing was learnt."""
        if self.best_epoch or not self.updates:
            return False
        self._best = self._copy()
        return True

    def _parts(self) -> list[Array]:
        """All that is learnt."""
        trained = self.classifier.embedding_trained
        return [self.classifier.parameters.values, *([self.classifier.table] if trained else [])]

    def _copy(self) -> list[Array]:
        return [part.copy() for part in self._parts()]

    def _restore(self, parts: list[Array]) -> None:
        for mine, part in zip(self._parts(), parts, strict=True):
            mine[...] = part

    # ── to go on another time ─────────────────────────────────────────────────────────────────────────────────────

    @property
    def state(self) -> dict[str, Array]:
        """All that another fitting of the same classifier, tweets and settings needs to go on to the same bytes."""
        state = {f"classifier.{name}": value for name, value in self.classifier.state.items()}
        state |= {f"best.{number}": part.copy() for number, part in enumerate(self._best)}
        state["counts"] = np.array(
            [self.epoch, self.batches_done, self.updates, self.correct, self.best_epoch, self.judged]
        )
        state["losses"] = np.array([self.weighed, self.weight, self.first_loss, self.best_loss])
        return state

    @state.setter
    def state(self, state: dict[str, Array]) -> None:
        for name, mine in self.state.items():
            if name not in state or state[name].shape != mine.shape or state[name].dtype != mine.dtype:
                raise ProblemError("state", f"The state has no {name} of this training's shape and kind.")
        prefix = "classifier."
        self.classifier.state = {
            name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)
        }
        self._best = [state[f"best.{number}"].copy() for number in range(len(self._best))]
        self._good = self._copy()
        counts = [int(count) for count in state["counts"]]
        losses = [float(loss) for loss in state["losses"]]
        self.epoch, batches_done, self.updates, correct, self.best_epoch, self.judged = counts
        self._begin(self.epoch - (batches_done == self.batches))
        self.batches_done, self.correct = batches_done, correct
        self.weighed, self.weight, self.first_loss, self.best_loss = losses

    @property
    def settings(self) -> dict[str, Any]:
        """What a state belongs to: another fitting goes on from it where these are the same."""
        classifier, told = self.classifier, hashlib.sha256()
        for array in (self.tokens, self.labels):
            told.update(np.ascontiguousarray(array, "<i8").tobytes())
        return {
            "vocabulary": hashlib.sha256("\n".join(classifier.vocabulary).encode()).hexdigest(),
            "classes": list(classifier.classes),
            "cell": classifier.kind,
            "activation": classifier.activation,
            "head": list(classifier.head),
            "embedding_trained": classifier.embedding_trained,
            "dropout": classifier.dropout,
            "embedding_dropout": classifier.embedding_dropout,
            "tweets": told.hexdigest(),
            "batch": self.batch,
            "seed": self.seed,
            "class_weights": self.class_weights.tolist(),
            "dtype": classifier.dtype,
        }


def train(fitting: Fitting, *, epochs: int, patience: int | None = None) -> Iterator[Epoch]:
    """Train until so many epochs are done in all; what each came to.

    The best weights are those at the end of the epoch whose loss on the tweets kept for validation is the lowest, or
    without any, whose own loss is; ``fitting.best_weights()`` has them. ``patience``: stop after so many epochs without
    a best. Raises Diverged as the fitting does, ProblemError for settings out of range.
    """
    for name, count in (("epochs", epochs), ("patience", patience)):
        if count is not None and count < 1:
            raise ProblemError(name, f"{name} is {count}; it needs a whole number, at least 1.")
    while fitting.judged < epochs:
        start = perf_counter()
        while fitting.epoch == fitting.judged:
            fitting.step()
        yield fitting.judge_epoch(start)
        if patience is not None and fitting.epoch - fitting.best_epoch >= patience:
            return
