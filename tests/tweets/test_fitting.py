"""The training of a classifier: it learns, keeps the best, stops, goes on to the same bytes, and says when it fails."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rnncalc.engine.fit import Diverged
from rnncalc.errors import ProblemError
from rnncalc.tweets.classifier import Classifier
from rnncalc.tweets.fitting import Fitting, train

GOOD, BAD = ("good", "lovely", "bright", "kind"), ("bad", "awful", "grey", "rude")
PLAIN = ("day", "it", "was", "a", "the", "tea")
VOCABULARY = (*GOOD, *BAD, *PLAIN, "not")
CLASSES = ("negative", "positive")


def sentences(count=40, seed=0):
    """Plain words around one that says it all, or that says the contrary behind a "not"; shorter ones are padded."""
    random = np.random.default_rng(seed)
    tokens, labels = np.full((count, 7), -1, np.int32), np.zeros(count, int)
    for n, row in enumerate(tokens):
        positive, turned = n % 2, n // 2 % 2
        said = random.choice(GOOD if positive != turned else BAD)
        before, behind = (list(random.choice(PLAIN, random.integers(0, 3))) for _ in range(2))
        words = [*before, *["not"] * turned, said, *behind]
        row[: len(words)], labels[n] = [VOCABULARY.index(word) for word in words], positive
    return tokens, labels


def fitting(seed=0, *, validation=None, dropout=0.0, batch=8, eta=0.01, class_weights=None, **settings):
    classifier = Classifier.draw(
        VOCABULARY, CLASSES, seed=seed, **{"hidden": 12, "embedding": 6, "dropout": dropout, **settings}
    )
    return Fitting(
        classifier, *sentences(), validation=validation, batch=batch, seed=seed, eta=eta, class_weights=class_weights
    )


def same_bytes(state, other):
    return state.keys() == other.keys() and all(state[name].tobytes() == other[name].tobytes() for name in state)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_forty_sentences_with_negation_are_learnt_by_heart(cell, dtype):
    learning = fitting(cell=cell, dtype=dtype, head=[(8, "tanh")])
    epochs = list(train(learning, epochs=80))
    tokens, labels = sentences()
    assert (learning.classifier.predict(tokens).argmax(axis=1) == labels).all()
    assert epochs[-1].accuracy == 1
    assert epochs[-1].loss < epochs[0].loss / 10


def test_an_epoch_reads_every_tweet_once_and_tells_the_mean_loss_and_accuracy():
    learning = fitting(eta=1e-300, batch=7, class_weights=[1, 3])
    tokens, labels = sentences()
    p = learning.classifier.predict(tokens)
    epoch = next(train(learning, epochs=1))
    weights = np.where(labels, 3, 1)
    assert epoch.loss == pytest.approx((weights * -np.log(p[np.arange(40), labels])).sum() / weights.sum(), rel=1e-12)
    assert epoch.accuracy == (p.argmax(axis=1) == labels).mean()


def test_the_order_is_another_in_every_epoch_and_with_every_seed():
    orders = {}
    for seed in (0, 1):
        learning = fitting(seed)
        for epoch in (0, 1):
            orders[seed, epoch] = tuple(learning._order)
            learning.step()
            while learning.epoch == epoch:
                learning.step()
            learning.step()
    assert all(sorted(order) == list(range(40)) for order in orders.values())
    assert len(set(orders.values())) == 4


def test_the_best_epoch_is_that_of_the_lowest_validation_loss_and_its_weights_are_kept():
    kept = sentences(30, seed=9)
    learning = fitting(validation=kept, eta=0.05)
    found, weights = [], []
    for epoch in train(learning, epochs=30):
        found.append(epoch)
        weights.append(learning.classifier.weights)
        p = learning.classifier.predict(kept[0])
        assert epoch.validation_loss == pytest.approx(-np.log(p[np.arange(30), kept[1]]).mean(), rel=1e-12)
        assert epoch.validation_accuracy == (p.argmax(axis=1) == kept[1]).mean()
    lowest = int(np.argmin([epoch.validation_loss for epoch in found]))
    assert lowest < 29  # else the test would say nothing
    assert learning.best_epoch == lowest + 1
    assert all((weights[lowest][name] == value).all() for name, value in learning.best_weights().items())
    assert all((weights[-1][name] == value).all() for name, value in learning.classifier.weights.items())
    assert [epoch.epoch for epoch in found if epoch.best][-1] == lowest + 1


def test_patience_ends_a_training_that_gets_no_better():
    learning = fitting(validation=sentences(30, seed=9), eta=0.05)
    epochs = list(train(learning, epochs=500, patience=3))
    assert len(epochs) < 500
    assert [epoch.best for epoch in epochs[-4:]] == [True, False, False, False]


@pytest.mark.parametrize("stop", [1, 5, 7, 12])
def test_a_training_that_is_gone_on_with_ends_in_the_same_bytes(stop):
    settings = {"validation": sentences(10, seed=9), "dropout": 0.5, "embedding_dropout": 0.25, "dtype": "float32"}
    through, first, second = (fitting(**settings) for _ in range(3))
    list(train(through, epochs=4))
    for _ in range(stop):  # an epoch has five batches
        first.step()
    second.state = first.state
    assert second.settings == first.settings
    list(train(second, epochs=4))
    assert same_bytes(through.classifier.arrays(), second.classifier.arrays())


def test_a_training_stopped_between_epochs_keeps_the_same_best_too():
    through, first, second = (fitting(validation=sentences(10, seed=9), dropout=0.5) for _ in range(3))
    list(train(through, epochs=4))
    list(train(first, epochs=2))
    second.state = first.state
    list(train(second, epochs=4))
    assert same_bytes(through.state, second.state)


def test_the_state_of_another_classifier_is_refused():
    with pytest.raises(ProblemError, match=r"no values with the shape and type of this training"):
        fitting().state = fitting(hidden=5).state


@pytest.mark.parametrize(("name", "value"), [("batch", 9), ("seed", 1), ("dropout", 0.5), ("class_weights", [1, 2])])
def test_the_settings_tell_one_training_from_another(name, value):
    assert fitting(**{name: value}).settings != fitting().settings


def test_an_interrupt_waits_until_the_batch_is_done(monkeypatch):
    learning, undisturbed = fitting(), fitting()
    undisturbed.step()
    update = Classifier.update

    def interrupted(self, *arguments):
        signal.raise_signal(signal.SIGINT)
        update(self, *arguments)

    monkeypatch.setattr(Classifier, "update", interrupted)
    with pytest.raises(KeyboardInterrupt):
        next(train(learning, epochs=1))
    assert same_bytes(learning.state, undisturbed.state)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_rate_far_too_large_ends_in_a_sentence_and_the_last_good_weights():
    learning = fitting(eta=1e4, activation="relu", head=[(8, "relu")])
    with pytest.raises(
        Diverged, match=r"The training diverged: the loss is .* at batch \d+ of epoch \d+\. Use a smaller"
    ):
        list(train(learning, epochs=50))
    first = fitting(eta=1e4, activation="relu", head=[(8, "relu")]).classifier.weights
    assert all((first[name] == value).all() for name, value in learning.classifier.weights.items())


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"batch": 0}, "batch is 0"),
        ({"eta": -1.0}, "eta"),
        ({"class_weights": [1, 0]}, "2 positive numbers"),
        ({"class_weights": [1, 2, 3]}, "2 positive numbers"),
        ({"validation": (sentences()[0], sentences()[1][:-1])}, "40 tweets and 39 labels"),
    ],
)
def test_settings_that_do_not_fit_are_refused(settings, sentence):
    with pytest.raises(ProblemError, match=sentence):
        fitting(**settings)


@pytest.mark.parametrize("settings", [{"epochs": 0}, {"epochs": 1, "patience": 0}])
def test_counts_below_one_are_refused(settings):
    with pytest.raises(ProblemError, match="at least 1"):
        next(train(fitting(), **settings))


def test_the_same_seed_gives_the_same_bytes_in_another_process():
    code = (
        "import sys; sys.path[:0] = sys.argv[1:];"
        "from test_fitting import fitting, train;"
        "f = fitting(dropout=0.5); list(train(f, epochs=2)); print(f.classifier.table.tobytes().hex())"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent)]
    there = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.strip()
    here = fitting(dropout=0.5)
    list(train(here, epochs=2))
    assert here.classifier.table.tobytes().hex() == there
