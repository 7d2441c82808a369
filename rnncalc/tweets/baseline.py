"""What a classifier needs to beat: a logistic regression on the bag of a tweet's words."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np

from rnncalc.engine.chance import Numbers
from rnncalc.tweets.corpus import Ints
from rnncalc.tweets.vocabulary import PADDING, Rows

AT_ONCE = 50_000
MEMORY = 10


class _Bags(NamedTuple):
    """The words of many tweets one after the other, where each tweet begins, and how many words it has."""

    words: Rows
    starts: Rows
    counts: Rows


def _bags(tokens: Ints, padding: int) -> list[_Bags]:
    """The tweets in portions that fit into memory, without their padding; a tweet of no word has one of padding."""
    portions = []
    for some in _portions(tokens):
        kept = some != PADDING
        kept[~kept.any(axis=1), 0] = True
        words = some[kept].astype(np.int64)
        words[words == PADDING] = padding
        counts = kept.sum(axis=1)
        portions.append(_Bags(words, np.cumsum(counts) - counts, counts))
    return portions


class BagOfWords(NamedTuple):
    """p = softmax(b + Σ_i W[w_i]), over the words w_i of a tweet in any order.

    ``weights`` (V+1)×K: a row for each word, the last for padding, always 0; ``bias`` K.
    """

    weights: Numbers
    bias: Numbers

    def probabilities(self, tokens: Ints) -> Numbers:
        """N×K for tokens N×length, padded with −1."""
        words = len(self.weights) - 1
        return np.concatenate([np.empty((0, len(self.bias))), *(self._of(bags) for bags in _bags(tokens, words))])

    def _of(self, bags: _Bags) -> Numbers:
        y = self.bias + np.column_stack([np.add.reduceat(w[bags.words], bags.starts) for w in self.weights.T.copy()])
        exp = np.exp(y - y.max(axis=1, keepdims=True))
        p: Numbers = exp / exp.sum(axis=1, keepdims=True)
        return p


def fit_bag_of_words(
    tokens: Ints,
    labels: Ints,
    words: int,
    classes: int,
    *,
    penalty: float = 1.0,
    most_steps: int = 100,
    flat: float = 1e-6,
) -> BagOfWords:
    """The bag of words of the least E = Σ_n −ln p_n[label_n] + ½ · penalty · Σ W², by L-BFGS (Liu and Nocedal 1989).

    ``tokens`` N×length below ``words``, padded with −1; ``labels`` N. E is convex, so that there is one least value to
    find; the walk ends where no slope of E/N is above ``flat``, or after ``most_steps``.
    """
    rows = len(labels)
    bags_of_tweets = _bags(tokens, words)
    shape = (words + 1, classes)
    size = shape[0] * classes

    def bag(parameters: Numbers) -> BagOfWords:
        return BagOfWords(parameters[:size].reshape(shape), parameters[size:])

    def error(parameters: Numbers) -> tuple[float, Numbers]:
        """E/N and its gradient."""
        model = bag(parameters)
        slope, bias_slope = penalty * model.weights, np.zeros(classes)
        total = penalty / 2 * float((model.weights**2).sum())
        for bags, wanted in zip(bags_of_tweets, _portions(labels), strict=True):
            p = model._of(bags)
            right = np.arange(len(wanted)), wanted
            total -= float(np.log(np.maximum(p[right], np.finfo(float).tiny)).sum())
            p[right] -= 1
            bias_slope += p.sum(axis=0)
            for k in range(classes):
                slope[:, k] += np.bincount(bags.words, np.repeat(p[:, k], bags.counts), minlength=words + 1)
        slope[-1] = 0
        return total / rows, np.concatenate([slope.ravel(), bias_slope]) / rows

    at = np.zeros(size + classes)
    value, slope = error(at)
    steps: deque[tuple[Numbers, Numbers, float]] = deque(maxlen=MEMORY)
    for _ in range(most_steps):
        if np.abs(slope).max() <= flat:
            break
        direction = _direction(slope, steps)
        fall = _dot(direction, slope)
        length = 1.0 if steps else 1 / float(np.abs(slope).max())
        while True:
            there = at + length * direction
            new_value, new_slope = error(there)
            if new_value <= value + 1e-4 * length * fall or length < 1e-12:
                break
            length /= 2
        if new_value >= value:
            break
        step, change = there - at, new_slope - slope
        if (curve := _dot(step, change)) > 0:
            steps.append((step, change, 1 / curve))
        at, value, slope = there, new_value, new_slope
    return bag(at)


def _direction(slope: Numbers, steps: deque[tuple[Numbers, Numbers, float]]) -> Numbers:
    """Where the last steps say that E falls: the two loops of L-BFGS."""
    q = slope.copy()
    shares = []
    for step, change, over in reversed(steps):
        shares.append(over * _dot(step, q))
        q -= shares[-1] * change
    if steps:
        _, change, over = steps[-1]
        q /= over * _dot(change, change)
    for (step, change, over), share in zip(steps, reversed(shares), strict=True):
        q += (share - over * _dot(change, q)) * step
    return -q


def _dot(a: Numbers, b: Numbers) -> float:
    """Not by @, whose threads add up in another order on another machine."""
    return float(np.einsum("i,i", a, b))


def _portions(rows: Ints) -> list[Ints]:
    """The rows in portions that fit into memory."""
    return [rows[i : i + AT_ONCE] for i in range(0, len(rows), AT_ONCE)]
