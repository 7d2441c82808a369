"""A classifier learns from tweets, epoch by epoch: shuffled, judged, the best weights kept, and gone on with later."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from rnncalc.engine.drawn import shuffled
from rnncalc.engine.fit import Fit
from rnncalc.errors import ProblemError
from rnncalc.language.trees import Array
from rnncalc.network.values import check_rate
from rnncalc.tweets.classifier import DEFAULT_ETA, Classifier

DEFAULT_BATCH = 120


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


class Fitting(Fit):
    """The training of a classifier by Adam.

    ``tokens`` (tweets × length, −1 for padding) and ``labels`` (the place of each class) are what is learnt from,
    ``validation`` a pair of the same, kept apart. ``batch`` tweets are read for each update, all tweets once in an
    epoch, in an order drawn from ``seed`` and the epoch; dropout masks are drawn from ``seed`` and the update: the same
    seed gives the same bytes. ``class_weights``: how much a tweet of each class counts.

    Raises ProblemError for tweets and settings that do not fit.
    """

    counts = ("epoch", "batches_done", "updates", "correct", "best_epoch")
    sums = ("total", "weight", "first_loss", "best_loss")

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
        super().__init__(classifier.learnt, classes, eta)
        self.classifier, self.labels = classifier, labels
        self.tokens = classifier.check(tokens)[0]  # words first, once and for all
        self.validation = validation
        self.batch, self.seed, self.class_weights = batch, seed, counts
        self.batches_done = 0
        """In this epoch."""
        self.correct = 0
        """Of this epoch's tweets so far, those that were given their own class."""
        self._order = shuffled(len(labels), seed, "order", self.epoch)

    @property
    def batches(self) -> int:
        """How many an epoch has; the last may be smaller."""
        return -(-len(self.labels) // self.batch)

    @property
    def updates_in_epoch(self) -> int:
        return self.batches_done

    @property
    def epoch_accuracy(self) -> float:
        """The part of this epoch's tweets so far that were given their own class."""
        read = min(self.batches_done * self.batch, len(self.labels))
        return self.correct / read if read else math.nan

    def step(self) -> float:
        """One batch and one update; the mean loss of the batch before it. After an epoch, the next begins.

        Raises Diverged where the loss is no number any more, or many times the first.
        """
        if self.batches_done == self.batches:
            self._begin(self.epoch)
        place = self.batches_done * self.batch
        rows = self._order[place : place + self.batch]
        tokens, labels = self.tokens[rows], self.labels[rows]
        weights = self.class_weights[labels]
        masks = self.classifier.masks(tokens, self.seed, "mask", self.updates)
        with np.errstate(all="ignore"):  # what overflows is reported in words
            judged = self.classifier.find_slopes(tokens, labels, weights, masks)
            self.check_sound(judged.loss, judged.loss)
            self.classifier.update(self.eta)
        weight = float(weights.sum())
        self.total += judged.loss * weight
        self.weight += weight
        self.correct += judged.correct
        self.updates += 1
        self.batches_done += 1
        if self.batches_done == self.batches:
            self.check_finite()
            self.epoch += 1
        return judged.loss

    def _begin(self, epoch: int) -> None:
        self._order = shuffled(len(self.labels), self.seed, "order", epoch)
        self.batches_done, self.total, self.weight, self.correct = 0, 0.0, 0.0, 0

    def place(self, update: int) -> tuple[str, str]:
        return (
            f"batch {update - self.epoch * self.batches:,} of epoch {self.epoch + 1:,}",
            f"Use a smaller learning rate than {self.eta:g}.",
        )

    def weights(self) -> dict[str, Array]:
        return self.classifier.weights

    def keep_unjudged(self) -> bool:
        """Take the weights as they are for the best where no epoch was judged yet; False where nothing was learnt."""
        if self.best_epoch or not self.updates:
            return False
        self._put(self.parts, self.best)
        return True

    # ── to go on another time ─────────────────────────────────────────────────────────────────────────────────────

    def arrays(self) -> dict[str, Array]:
        return self.classifier.arrays() | {f"best.{number}": part for number, part in enumerate(self.best)}

    def take_over(self, state: Mapping[str, Array]) -> None:
        super().take_over(state)
        for optimizer in self.classifier.optimizers.values():
            optimizer.updates = self.updates
        self._order = shuffled(len(self.labels), self.seed, "order", self.epoch - (self.batches_done == self.batches))

    @property
    def settings(self) -> dict[str, Any]:
        """What a state belongs to: another fitting goes on from it where these are the same."""
        classifier, digest = self.classifier, hashlib.sha256()
        for array in (self.tokens, self.labels):
            digest.update(np.ascontiguousarray(array, "<i8").tobytes())
        return {
            "vocabulary": hashlib.sha256("\n".join(classifier.vocabulary).encode()).hexdigest(),
            "classes": list(classifier.classes),
            "cell": classifier.kind,
            "activation": classifier.activation,
            "head": list(classifier.head),
            "embedding_trained": classifier.embedding_trained,
            "dropout": classifier.dropout,
            "embedding_dropout": classifier.embedding_dropout,
            "tweets": digest.hexdigest(),
            "batch": self.batch,
            "seed": self.seed,
            "class_weights": self.class_weights.tolist(),
            "dtype": classifier.dtype,
        }


def train(
    fitting: Fitting, *, epochs: int, patience: int | None = None, tell: Callable[[], object] | None = None
) -> Iterator[Epoch]:
    """Train until so many epochs are done in all; what each came to. ``tell`` is called after every batch.

    The best weights are those at the end of the epoch whose loss on the tweets kept for validation is the lowest, or
    without any, whose own loss is; ``fitting.best_weights()`` has them. ``patience``: stop after so many epochs without
    a best. Raises Diverged as the fitting does, ProblemError for settings out of range.
    """
    accuracy: float | None = None

    def validate() -> float:
        nonlocal accuracy
        assert fitting.validation is not None
        tokens, labels = fitting.validation
        judged = fitting.classifier.judge(tokens, labels, fitting.class_weights[labels])
        accuracy = judged.correct / len(labels)
        return judged.loss

    judge = None if fitting.validation is None else validate
    seconds = 0.0
    for stretch in fitting.run(epochs=epochs, patience=patience, every=None if tell is None else 1, validate=judge):
        seconds += stretch.seconds
        if tell is not None:
            tell()
        if stretch.done:
            loss, right = fitting.epoch_loss, fitting.epoch_accuracy
            yield Epoch(fitting.epoch, loss, right, stretch.validation, accuracy, stretch.best, seconds)
            seconds = 0.0
