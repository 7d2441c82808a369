"""Sentiment in words and tables: what was read, how well a classifier does, how one tweet came to its verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rnncalc.engine.chance import Numbers
from rnncalc.render.document import Grid, Heading, Paragraph, Part
from rnncalc.tweets.metrics import Scores
from rnncalc.tweets.skipped import SkippedLines
from rnncalc.tweets.vocabulary import UNKNOWN

_BAR = 20
"""The signs of a bar of probability 1."""
_KINDS = {
    "quotes": "with a quote left open or in the wrong place",
    "width": "with a wrong number of columns",
    "bytes": "in another encoding",
    "label": "with a missing or unknown label",
    "empty": "without words",
    "header": "of headings",
    "number": "with text instead of a number",
}


def reading_trouble(troubles: SkippedLines) -> list[Part]:
    """How many lines of a file were skipped, by kind, and the first few of them; nothing where none was."""
    if not troubles.count:
        return []
    total = troubles.count.total()
    kinds = ", ".join(f"{count:,} {_KINDS[kind]}" for kind, count in troubles.count.most_common())
    first = "the first of them" if total > len(troubles.first) else "they"
    return [
        Paragraph(f"{troubles.file}: {_of(total, 'line')} skipped: {kinds}; {first}:", "loss"),
        Grid(["line", "what", "begins"], "rll", [[f"{t.line:,}", t.says, t.text] for t in troubles.first]),
    ]


def report(name: str, classes: Sequence[str], model: Scores, baselines: Mapping[str, Scores]) -> list[Part]:
    """The page of a test: the model beside its baselines (each by name), each class, the confusion matrix."""
    rows = int(model.confusion.sum())
    everyone = {"this model": model, **baselines}
    best = max((scores.accuracy for scores in baselines.values()), default=None)
    verdict = [] if best is None else [Paragraph(_beside(model.accuracy, best), "loss")]
    return [
        Paragraph(f"{name}: {_of(rows, 'tweet')} of {len(classes)} classes", "heading"),
        Heading("The model and its baselines"),
        Grid(
            ["", "accuracy", "macro F1", "ROC AUC"],
            "lrrr",
            [[who, _share(s.accuracy), _share(s.macro_f1), _share(s.macro_auc)] for who, s in everyone.items()],
        ),
        *verdict,
        Heading("By class"),
        Grid(
            ["class", "tweets", "precision", "recall", "F1", "ROC AUC"],
            "lrrrrr",
            [
                [kind, f"{count:,}", *(_share(of[k]) for of in (model.precision, model.recall, model.f1, model.auc))]
                for k, (kind, count) in enumerate(zip(classes, model.confusion.sum(axis=1).tolist(), strict=True))
            ],
        ),
        Heading("Confusion matrix: a row for each true class, a column for each predicted class"),
        Grid(
            ["", *classes, "all"],
            "l" + "r" * (len(classes) + 1),
            [
                [kind, *(f"{count:,}" for count in row), f"{sum(row):,}"]
                for kind, row in zip(classes, model.confusion.tolist(), strict=True)
            ],
        ),
    ]


def verdict(tweet: str, words: Sequence[str], read: Sequence[str], classes: Sequence[str], p: Numbers) -> list[Part]:
    """The page of one tweet: the verdict, and how its probability moved word by word.

    ``words`` are the T words after cleaning and cutting, ``read`` what the classifier knew them as, ``p`` (T×K) the
    probabilities after each.
    """
    last = p[-1]
    said = int(last.argmax())
    kind = classes[said]
    moved = [math.nan, *(p[1:, said] - p[:-1, said]).tolist()]
    unknown = [word for word, known in zip(words, read, strict=True) if known == UNKNOWN]
    parts: list[Part] = [
        Paragraph(tweet, "heading"),
        Paragraph(f"{kind}, with probability {_share(last[said])}", "output"),
        Heading("Word by word"),
        Grid(
            ["t", "word", *(f"p({name})" for name in classes), f"{kind} moved by", kind],
            "rl" + "r" * (len(classes) + 1) + "l",
            [
                [
                    str(t),
                    word,
                    *map(_share, row),
                    "" if math.isnan(step) else f"{round(step, 4) + 0.0:+.4f}",
                    "█" * round(_BAR * row[said]),
                ]
                for t, (word, row, step) in enumerate(zip(words, p.tolist(), moved, strict=True), 1)
            ],
        ),
    ]
    if len(unknown) == len(words):
        parts.append(Paragraph("None of its words is in the vocabulary, so this prediction means nothing.", "loss"))
    elif unknown:
        parts.append(Paragraph(f"Not in the vocabulary, read as {UNKNOWN}: {', '.join(unknown)}.", "words"))
    return parts


def _beside(accuracy: float, best: float) -> str:
    points = 100 * (accuracy - best)
    if points > 0:
        return f"{points:.1f} points of accuracy above the best baseline."
    if points < 0:
        return f"{-points:.1f} points of accuracy below the best baseline: the baseline is better than the model."
    return "As accurate as the best baseline, but not better."


def _share(share: float) -> str:
    return "–" if math.isnan(share) else f"{share:.4f}"


def _of(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
