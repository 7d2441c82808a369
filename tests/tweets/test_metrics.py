"""Measures of classifiers against their definitions, counted row by row and pair by pair in whole numbers."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.tweets.metrics import accuracy, confusion, f1, precision, recall, roc_auc, roc_curve, scores

CLASSES = 3
pairs = st.lists(st.tuples(st.integers(0, CLASSES - 1), st.integers(0, CLASSES - 1)), min_size=1, max_size=30)
scored = st.lists(st.tuples(st.booleans(), st.integers(-3, 3).map(float)), min_size=1, max_size=25)


def share(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(0)


def equal(numbers: np.ndarray, exact: list[Fraction]) -> bool:
    return numbers.tolist() == [float(one) for one in exact]


@given(pairs)
def test_counts_and_shares_are_those_of_the_definitions(pairs):
    wanted, said = (np.array(column) for column in zip(*pairs, strict=True))
    table = confusion(wanted, said, CLASSES)
    assert table.tolist() == [[pairs.count((j, k)) for k in range(CLASSES)] for j in range(CLASSES)]
    right = [pairs.count((k, k)) for k in range(CLASSES)]
    are = [sum(w == k for w, _ in pairs) for k in range(CLASSES)]
    were_said = [sum(s == k for _, s in pairs) for k in range(CLASSES)]
    assert accuracy(table) == sum(right) / len(pairs)
    precisions, recalls = ([share(*two) for two in zip(right, of, strict=True)] for of in (were_said, are))
    assert equal(precision(table), precisions)
    assert equal(recall(table), recalls)
    means = [2 * p * r / (p + r) if p + r else Fraction(0) for p, r in zip(precisions, recalls, strict=True)]
    assert equal(f1(table), means)


@given(scored)
def test_the_roc_auc_is_the_share_of_pairs_in_the_right_order(scored):
    there = [score for positive, score in scored if positive]
    others = [score for positive, score in scored if not positive]
    area = roc_auc(*columns(scored))
    if there and others:
        won = sum(Fraction(a > b) + Fraction(a == b, 2) for a in there for b in others)
        assert area == float(won / (len(there) * len(others)))
    else:
        assert np.isnan(area)


@given(scored.filter(lambda scored: len({positive for positive, _ in scored}) == 2))
def test_the_curve_is_counted_at_each_threshold_and_holds_the_area(scored):
    others, found = roc_curve(*columns(scored))
    thresholds = [float("inf"), *sorted({score for _, score in scored}, reverse=True)]
    for curve, kind in ((others, False), (found, True)):
        of_kind = [score for positive, score in scored if positive == kind]
        assert curve.tolist() == [sum(score >= t for score in of_kind) / len(of_kind) for t in thresholds]
    area = float(np.sum(np.diff(others) * (found[1:] + found[:-1]) / 2))
    assert area == pytest.approx(roc_auc(*columns(scored)), rel=1e-12)


def columns(scored: list[tuple[bool, float]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([positive for positive, _ in scored]), np.array([score for _, score in scored])


def test_a_small_example_by_hand():
    """Of three negative tweets two are found, of two positive one; the pairs: 0.9 and 0.3 against 0.6, 0.2, 0.1."""
    wanted = np.array([0, 0, 0, 1, 1])
    positive = np.array([0.6, 0.2, 0.1, 0.9, 0.3])
    s = scores(wanted, np.column_stack([1 - positive, positive]))
    assert s.confusion.tolist() == [[2, 1], [1, 1]]
    assert s.accuracy == 3 / 5
    assert s.precision.tolist() == [2 / 3, 1 / 2]
    assert s.recall.tolist() == [2 / 3, 1 / 2]
    assert s.f1.tolist() == [2 / 3, 1 / 2]
    assert s.macro_f1 == pytest.approx(7 / 12, rel=1e-15)
    assert s.auc.tolist() == [5 / 6, 5 / 6]
    assert s.macro_auc == 5 / 6


def test_a_class_that_is_not_there_has_no_area():
    s = scores(np.array([0, 1, 1]), np.array([[0.5, 0.2, 0.3], [0.1, 0.6, 0.3], [0.6, 0.1, 0.3]]))
    assert s.auc[:2].tolist() == [0.5, 0.5]
    assert np.isnan(s.auc[2])
    assert s.macro_auc == 0.5


def test_nothing_has_no_scores():
    with pytest.raises(ValueError, match="Nothing was classified"):
        scores(np.array([], dtype=int), np.empty((0, 2)))
