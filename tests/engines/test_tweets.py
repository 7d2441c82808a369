"""The workbook of a tweet: a classifier that was trained, its verdict recalculated by engines."""

from __future__ import annotations

import numpy as np
import pytest
from engines.engines import Batches

from rnncalc import Problem, forward
from rnncalc.tweets.classifier import Classifier
from rnncalc.tweets.fitting import Fitting
from rnncalc.workbook.write.export import export

WORDS = ("<unknown>", "it", "is", "not", "good", "bad")
TWEETS = np.array([[-1, 1, 2, 4], [1, 2, 3, 4], [-1, 1, 2, 5], [1, 2, 3, 5]], dtype=np.int32)
LABELS = np.array([1, 0, 0, 1])


def trained(cell: str) -> Classifier:
    classifier = Classifier.draw(
        WORDS, ("negative", "positive"), cell=cell, hidden=4, embedding=3, head=[(3, "tanh")], seed=2
    )
    fitting = Fitting(classifier, TWEETS, LABELS, batch=4, eta=0.03)
    for _ in range(1000):
        fitting.step()
    return classifier


CLASSIFIERS = {cell: trained(cell) for cell in ("rnn", "lstm", "gru")}


def problem(cell: str) -> Problem:
    return CLASSIFIERS[cell].problem(("it", "is", "not", "good"), "negative")


books = Batches(lambda engine: {cell: export(problem(cell), formulas="cells") for cell in CLASSIFIERS})


@pytest.mark.parametrize("cell", CLASSIFIERS)
def test_the_classifier_learnt_what_not_does(cell):
    assert CLASSIFIERS[cell].predict(TWEETS).argmax(axis=1).tolist() == LABELS.tolist()


@pytest.mark.parametrize("engine", ["libreoffice", "gnumeric"])
@pytest.mark.parametrize("cell", CLASSIFIERS)
def test_the_verdict_in_the_workbook_is_the_classifiers(cell, engine):
    book = books(engine, cell)
    assert book.differing(forward(problem(cell))) == set()
    found = book.value("p_4")[:, 0]
    assert np.abs(found - CLASSIFIERS[cell].predict(TWEETS[1:2])[0]).max() <= 1e-12
    assert book.beside("prediction") == "negative"
