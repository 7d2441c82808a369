"""The page of a classifier's training: what it was trained on, what it is, and how its losses fell."""

from __future__ import annotations

from collections.abc import Sequence

from rnncalc.render.document import Grid, Paragraph, Part
from rnncalc.tweets.fitting import Epoch
from rnncalc.tweets.model import Model
from rnncalc.tweets.session import Begun


def training_parts(model: Model, begun: Begun, epochs: Sequence[Epoch]) -> list[Part]:
    """What was read, the network, and a line for each epoch."""
    classifier, parts = model.classifier, begun.parts
    counts = [f"{len(rows):,} {name}" for name, rows in zip(("training", "validation", "test"), parts, strict=True)]
    shares = ", ".join(f"{name} {share:.1%}" for name, share in zip(classifier.classes, model.shares, strict=True))
    weights = classifier.weights
    head = [f"{len(weights[f'Wv_D{k}'])} ({name})" for k, name in enumerate(classifier.head, 1)]
    dense = f", dense {', '.join(head)}" if head else ""
    size = (
        f"embedding of size {len(weights['Wxe'])}, {classifier.cell} with {classifier.layer.hidden} units "
        f"({classifier.activation}){dense}"
    )
    kept = any(epoch.validation_loss is not None for epoch in epochs)
    heads = ["epoch", "loss", "right", *(["validation loss", "right"] if kept else []), "seconds", ""]
    best = begun.fitting.best_epoch
    ended = (
        [Paragraph(f"Epoch {best} had the lowest loss; the model has the weights of that epoch.", "output")]
        if epochs
        else []
    )
    return [
        Paragraph(f"{sum(map(len, parts)):,} tweets: {', '.join(counts)}", "heading"),
        Paragraph(f"classes     {shares}"),
        Paragraph(f"vocabulary  {len(classifier.vocabulary) - 1:,} words from the training tweets"),
        Paragraph(f"network     {size}"),
        Grid(heads, "r" * (len(heads) - 1) + "l", [_row(epoch, kept=kept) for epoch in epochs]),
        *ended,
    ]


def _row(epoch: Epoch, *, kept: bool) -> list[str]:
    validation = ["", ""]
    if epoch.validation_loss is not None and epoch.validation_accuracy is not None:
        validation = [f"{epoch.validation_loss:.4f}", f"{epoch.validation_accuracy:.1%}"]
    best = "best" if epoch.best else ""
    own = [str(epoch.epoch), f"{epoch.loss:.4f}", f"{epoch.accuracy:.1%}"]
    return [*own, *(validation if kept else []), f"{epoch.seconds:.1f}", best]
