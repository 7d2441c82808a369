"""The baseline: the bag of words held to what its definition says is least."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.tweets import baseline
from rnncalc.tweets.baseline import BagOfWords, fit_bag_of_words

WORDS, CLASSES, LENGTH = 6, 3, 4
seeds = st.integers(0, 1000)


def drawn(seed: int, rows: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Tokens with padding anywhere, and labels."""
    random = np.random.default_rng(seed)
    tokens = random.integers(-1, WORDS, (rows, LENGTH)).astype(np.int32)
    return tokens, random.integers(0, CLASSES, rows).astype(np.int32)


def error(weights: np.ndarray, bias: np.ndarray, tokens: np.ndarray, labels: np.ndarray, penalty: float) -> float:
    """E as its definition says, tweet by tweet, with a count of each word."""
    total = penalty / 2 * (weights**2).sum()
    for tweet, label in zip(tokens, labels, strict=True):
        counts = np.array([(tweet == word).sum() for word in range(WORDS)])
        y = counts @ weights + bias
        total += np.log(np.exp(y).sum()) - y[label]
    return float(total)


@given(seeds)
def test_probabilities_do_not_hang_on_the_order_of_words(seed):
    tokens, labels = drawn(seed)
    model = fit_bag_of_words(tokens, labels, WORDS, CLASSES, most_steps=5)
    turned = model.probabilities(np.ascontiguousarray(tokens[:, ::-1]))
    assert np.abs(turned - model.probabilities(tokens)).max() < 1e-12


def test_probabilities_are_the_softmax_of_summed_weights():
    model = BagOfWords(np.array([[1.0, 2.0], [0.5, -1.0], [0.0, 0.0]]), np.array([0.25, 0.0]))
    y = np.array([0.25 + 1 + 1 + 0.5, 0 + 2 + 2 - 1])
    expected = np.exp(y) / np.exp(y).sum()
    tokens = np.array([[-1, 0, 1, 0]], dtype=np.int32)
    assert model.probabilities(tokens)[0].tolist() == pytest.approx(expected.tolist(), rel=1e-15)


@pytest.mark.parametrize("penalty", [0.1, 1.0, 10.0])
def test_what_is_fitted_is_the_least(penalty):
    """E is convex: where every slope is nothing, it is least. The slopes are complex-step derivatives of E."""
    tokens, labels = drawn(0)
    model = fit_bag_of_words(tokens, labels, WORDS, CLASSES, penalty=penalty, flat=1e-9)
    weights, bias = model.weights[:WORDS], model.bias
    for array in (weights, bias):
        for place in np.ndindex(array.shape):
            step = np.zeros(array.shape, dtype=complex)
            step[place] = 1e-30j
            moved = (weights + step, bias) if array is weights else (weights, bias + step)
            assert abs(complex_error(*moved, tokens, labels, penalty).imag / 1e-30) < 1e-7 * len(labels)


def complex_error(weights, bias, tokens, labels, penalty) -> complex:
    total = penalty / 2 * (weights**2).sum()
    for tweet, label in zip(tokens, labels, strict=True):
        y = sum((weights[word] for word in tweet if word >= 0), np.zeros(CLASSES)) + bias
        total += np.log(np.exp(y).sum()) - y[label]
    return complex(total)


def test_longer_walks_end_lower():
    tokens, labels = drawn(3)
    ends = [
        error(model.weights[:WORDS], model.bias, tokens, labels, 1.0)
        for model in (fit_bag_of_words(tokens, labels, WORDS, CLASSES, most_steps=steps) for steps in (0, 1, 3, 8))
    ]
    assert all(after < before for before, after in pairwise(ends))


def test_padding_weighs_nothing():
    tokens, labels = drawn(1)
    model = fit_bag_of_words(tokens, labels, WORDS, CLASSES)
    wider = np.concatenate([np.full((len(tokens), 3), -1, dtype=np.int32), tokens], axis=1)
    again = fit_bag_of_words(wider, labels, WORDS, CLASSES)
    assert not model.weights[-1].any()
    assert np.abs(again.weights - model.weights).max() < 1e-12


def test_portions_change_nothing(monkeypatch):
    tokens, labels = drawn(2)
    whole = fit_bag_of_words(tokens, labels, WORDS, CLASSES, flat=1e-9)
    monkeypatch.setattr(baseline, "AT_ONCE", 7)
    portions = fit_bag_of_words(tokens, labels, WORDS, CLASSES, flat=1e-9)
    assert np.abs(portions.probabilities(tokens) - whole.probabilities(tokens)).max() < 1e-6
    assert portions.probabilities(tokens[:0]).shape == (0, CLASSES)


def test_the_same_tweets_give_the_same_weights():
    first, second = (fit_bag_of_words(*drawn(5), WORDS, CLASSES) for _ in range(2))
    assert first.weights.tobytes() == second.weights.tobytes()


def test_a_tweet_without_words_is_judged_by_the_bias():
    model = fit_bag_of_words(*drawn(6), WORDS, CLASSES)
    tokens = np.array([[-1, 2, -1, -1], [-1] * 4, [-1] * 4], dtype=np.int32)
    bare = np.exp(model.bias) / np.exp(model.bias).sum()
    of_two = np.exp(model.bias + model.weights[2]) / np.exp(model.bias + model.weights[2]).sum()
    assert model.probabilities(tokens) == pytest.approx(np.array([of_two, bare, bare]), rel=1e-14)
