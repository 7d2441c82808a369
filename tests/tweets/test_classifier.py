"""The classifier against the traces, a plain loop with complex steps, and PyTorch's figures."""

import json
from pathlib import Path

import numpy as np
import pytest

from rnncalc import backward, forward
from rnncalc.engine.head import Dense
from rnncalc.engine.recurrent import Reader
from rnncalc.engine.traced_reader import TracedReader
from rnncalc.errors import ProblemError
from rnncalc.tweets.classifier import Classifier

WORDS = ("what", "a", "day", "it", "was", "not", "good", "but", "never", "bad", "at", "all")
CLASSES = ("negative", "neutral", "positive")
PYTORCH = json.loads((Path(__file__).parents[1] / "data" / "pytorch_sentiment.json").read_text(encoding="utf-8"))
CASES = {case["name"]: case for case in PYTORCH["cases"]}
KINDS = {"rnn": ("rnn", True), "lstm": ("lstm", True), "gru": ("gru", False), "gru, reset after": ("gru", True)}
HEADS = ((), ((5, "tanh"),), ((6, "sigmoid"), (4, "relu"), (3, "linear")))

TOKENS = np.array([
    [0, 1, 2, 3, 4, 5, 6],
    [9, 8, 9, -1, -1, -1, -1],
    [-1, -1, -1, -1, 5, 6, 5],
    [-1, -1, -1, -1, -1, -1, 11],
    [7, -1, -1, -1, -1, -1, -1],
])  # fmt: skip
LABELS = np.array([2, 0, 1, 1, 0])
COUNTS = np.array([1.0, 0.5, 2.0, 2.0, 0.5])


def drawn(kind="rnn", activation="tanh", head=HEADS[2], **settings):
    """A small classifier with weights of ordinary size, no bias of which is zero."""
    cell, reset_after = KINDS[kind]
    classifier = Classifier.draw(
        WORDS, CLASSES, seed=kind, cell=cell, reset_after=reset_after, hidden=4, embedding=3, activation=activation,
        head=head,
    )  # fmt: skip
    random = np.random.default_rng(7)
    weights = {name: random.uniform(-1, 1, value.shape) for name, value in classifier.weights.items()}
    return Classifier(
        weights, vocabulary=WORDS, classes=CLASSES, cell=cell, activation=activation, head=classifier.head, **settings
    )  # fmt: skip


def masks_for(classifier, seed=3):
    """Half of all left out, the other half doubled."""
    random = np.random.default_rng(seed)
    widths = [classifier.weights[f"Wv_D{k}"].shape[0] for k in range(1, len(classifier.head) + 1)]
    masks = {"e": random.choice([0.0, 2.0], (*TOKENS.shape, 3)), "h": random.choice([0.0, 2.0], (len(TOKENS), 4))}
    return masks | {f"v_D{k}": random.choice([0.0, 2.0], (len(TOKENS), width)) for k, width in enumerate(widths, 1)}


def words_of(row):
    return [WORDS[place] for place in row if place >= 0]


def by_traces(classifier, masks=None):
    """Loss and gradients as the weighted mean of the tweets' traces.

    A mask is folded into the weights that stand behind it: W · (m ⊙ v) is (W · diag m) · v. That of the words makes
    of each place a word of its own.
    """
    loss, found = 0.0, {name: np.zeros(value.shape) for name, value in classifier.weights.items()}
    for n, (row, label, share) in enumerate(zip(TOKENS, LABELS, COUNTS / COUNTS.sum(), strict=True)):
        words = words_of(row)
        problem = classifier.problem(words, CLASSES[label])
        columns, of_column = [WORDS.index(word) for word in problem.vocabulary], np.ones((3, len(problem.vocabulary)))
        kept = {name: np.ones((1, value.shape[1])) for name, value in problem.weights.items()}
        if masks:
            columns = [WORDS.index(word) for word in words]
            of_column = masks["e"][n, : len(words)].T
            reads = {"Why" if not k else f"Wv_D{k}": k for k in (*range(1, len(classifier.head) + 1), 0)}
            for name, k in reads.items():
                before = (k or len(classifier.head) + 1) - 1
                kept[name] = masks[f"v_D{before}" if before else "h"][n : n + 1]
            places = tuple(f"place{place}" for place in range(len(words)))
            weights = {name: value * kept[name] for name, value in problem.weights.items()}
            weights["Wxe"] = classifier.weights["Wxe"][:, columns] * of_column
            problem = problem.replace(inputs=places, vocabulary=places, weights=weights)
        trace = backward(problem)
        loss += share * trace["loss"].value.item()
        for name, total in found.items():
            gradient = share * trace[f"d{name}"].value
            if name == "Wxe":
                np.add.at(total.T, columns, (gradient * of_column).T)
            else:
                total += gradient * kept[name]
    return loss, found


def plain_loss(weights, classifier, masks):
    """The weighted mean loss, one word of one tweet after the other; complex weights stay complex."""
    total = 0.0
    for n, row in enumerate(TOKENS):
        h = c = np.zeros(4)
        for place, word in enumerate(place for place in row if place >= 0):
            e = weights["Wxe"][:, word] * masks["e"][n, place]

            def gate(letter, past, e=e):
                return weights[f"Wx{letter}"] @ e + weights[f"Wh{letter}"] @ past + weights[f"b{letter}"][:, 0]

            if classifier.cell == "rnn":
                h = squash(classifier.activation, gate("h", h))
            elif classifier.cell == "lstm":
                i, f, o = (squash("sigmoid", gate(letter, h)) for letter in "ifo")
                c = f * c + i * squash(classifier.activation, gate("g", h))
                h = o * squash(classifier.activation, c)
            else:
                r, z = (squash("sigmoid", gate(letter, h)) for letter in "rz")
                if "bhn" in weights:
                    inner = weights["Whn"] @ h + weights["bhn"][:, 0]
                    a = weights["Wxn"] @ e + weights["bn"][:, 0] + r * inner
                else:
                    a = gate("n", r * h)
                h = (1 - z) * squash(classifier.activation, a) + z * h
        v = h * masks["h"][n]
        for k, activation in enumerate(classifier.head, 1):
            v = squash(activation, weights[f"Wv_D{k}"] @ v + weights[f"bv_D{k}"][:, 0]) * masks[f"v_D{k}"][n]
        y = weights["Why"] @ v + weights["by"][:, 0]
        total += COUNTS[n] * (np.log(np.exp(y).sum()) - y[LABELS[n]])
    return total / COUNTS.sum()


def squash(activation, a):
    return {
        "tanh": np.tanh,
        "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
        "relu": lambda a: np.where(a.real > 0, a, 0),
        "linear": lambda a: a,
    }[activation](a)


def by_complex_steps(classifier, masks):
    """Every entry of every gradient: the imaginary part of the loss at W + i·1e-30, over 1e-30."""
    weights = {name: value.astype(complex) for name, value in classifier.weights.items()}
    found = {name: np.zeros(value.shape) for name, value in weights.items()}
    for name, value in weights.items():
        for place in np.ndindex(value.shape):
            value[place] += 1e-30j
            found[name][place] = plain_loss(weights, classifier, masks).imag / 1e-30
            value[place] -= 1e-30j
    return plain_loss(weights, classifier, masks).real, found


def difference(here, there):
    """The largest difference of a loss and of gradients, by the largest entry of each or 1."""
    (loss, found), (other_loss, other) = here, there
    assert found.keys() == other.keys()
    each = [np.abs(found[name] - other[name]).max() / max(1, np.abs(other[name]).max()) for name in found]
    return max(abs(loss - other_loss), *each)


# ── gradients ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("head", HEADS, ids=str)
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
@pytest.mark.parametrize("kind", KINDS)
def test_padded_tweets_of_several_weights_have_the_loss_and_gradients_of_their_traces(kind, activation, head):
    classifier = drawn(kind, activation, head)
    assert difference(classifier.gradients(TOKENS, LABELS, COUNTS), by_traces(classifier)) < 1e-12


@pytest.mark.parametrize("head", HEADS, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_with_dropout_too(kind, head):
    classifier = drawn(kind, head=head)
    masks = masks_for(classifier)
    assert difference(classifier.gradients(TOKENS, LABELS, COUNTS, masks), by_traces(classifier, masks)) < 1e-12


@pytest.fixture
def _without_kernels(monkeypatch):
    monkeypatch.setattr("rnncalc.tweets.classifier.READERS", {})
    monkeypatch.setattr("rnncalc.engine.head.ACTIVATIONS", {})


@pytest.mark.usefixtures("_without_kernels")
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
@pytest.mark.parametrize("kind", KINDS)
def test_without_kernels_too(kind, activation):
    classifier = drawn(kind, activation)
    assert classifier.traced
    masks = masks_for(classifier)
    assert difference(classifier.gradients(TOKENS, LABELS, COUNTS, masks), by_traces(classifier, masks)) < 1e-12
    frozen = drawn(kind, activation, embedding_trained=False)
    assert "Wxe" not in frozen.gradients(TOKENS, LABELS, COUNTS, masks)[1]


@pytest.mark.parametrize("kind", KINDS)
def test_training_with_kernels_and_without_leads_to_the_same_weights(kind, request):
    def trained():
        classifier = drawn(kind)
        for _ in range(10):
            classifier.step(TOKENS, LABELS, COUNTS, eta=0.01)
        made = {"p": classifier.predict(TOKENS), "h": classifier.states(TOKENS), "words": classifier.by_word(TOKENS[0])}
        return classifier.traced, classifier.weights | made

    traced, fast = trained()
    assert not traced
    request.getfixturevalue("_without_kernels")
    traced, slow = trained()
    assert traced
    for name, value in fast.items():
        assert slow[name] == pytest.approx(value, abs=1e-10), name


@pytest.mark.usefixtures("_without_kernels")
def test_shared_weights_and_tweets_without_words_have_their_gradients_without_kernels_too():
    shapes = {"Whh": (1, 1), "bh": (1, 1)}
    random = np.random.default_rng(5)
    weights = {
        name: random.uniform(-1, 1, shapes.get(name, value.shape)) for name, value in drawn(head=()).weights.items()
    }
    classifier = Classifier(weights, vocabulary=WORDS, classes=CLASSES)
    assert difference(classifier.gradients(TOKENS, LABELS, COUNTS), by_traces(classifier)) < 1e-12
    empty = np.full_like(TOKENS, -1)
    assert not classifier.gradients(empty, LABELS)[1]["Wxh"].any()


@pytest.mark.parametrize("kind", KINDS)
def test_complex_steps_through_a_plain_loop_find_the_same_gradients(kind):
    classifier = drawn(kind)
    masks = masks_for(classifier)
    here = classifier.gradients(TOKENS, LABELS, COUNTS, masks)
    assert difference(here, by_complex_steps(classifier, masks)) < 1e-12


@pytest.mark.parametrize("name", CASES)
def test_pytorch_finds_the_same_gradients(name):
    classifier, expected = of_case(CASES[name]), CASES[name]["expected"]
    found = classifier.gradients(*batch_of(CASES[name], 0))
    there = {weight: np.array(gradient) for weight, gradient in expected["gradients"].items()}
    assert difference(found, (expected["loss"], there)) < 1e-11


@pytest.mark.parametrize("name", [name for name in CASES if not CASES[name]["batches"][0]["masks"]])
def test_pytorch_gives_the_same_probabilities(name):
    tokens = np.array(CASES[name]["batches"][0]["tokens"])
    assert of_case(CASES[name]).predict(tokens) == pytest.approx(np.array(CASES[name]["expected"]["p"]), abs=1e-11)


@pytest.mark.parametrize("name", CASES)
def test_ten_steps_of_adam_end_at_the_weights_of_pytorch(name):
    case = CASES[name]
    classifier = of_case(case)
    for number in range(PYTORCH["steps"]):
        classifier.step(*batch_of(case, number % 2), eta=PYTORCH["eta"])
    for weight, value in case["expected"]["after"].items():
        assert classifier.weights[weight] == pytest.approx(np.array(value), abs=1e-10), weight


def of_case(case):
    weights = {name: np.array(value) for name, value in case["weights"].items()}
    vocabulary = [f"word{place}" for place in range(weights["Wxe"].shape[1])]
    return Classifier(weights, vocabulary=vocabulary, classes=CLASSES, **case["settings"])


def batch_of(case, number):
    batch = case["batches"][number]
    labels = np.array(batch["labels"])
    masks = {name: np.array(mask) for name, mask in batch["masks"].items()}
    return np.array(batch["tokens"]), labels, np.array(case["class_weights"])[labels], masks


def at_the_last_step(self, dh):
    """The mistake of those who pad behind: the state after the padding is taken for that of the last word."""
    self.dh.fill(0)
    self.dh[-1] = dh


def no_mask_backwards(self, dv):
    """The mistake of a dropout that is forgotten on the way back."""
    self.mask = None
    return whole_backward(self, dv)


whole_backward = Dense.backward


@pytest.mark.parametrize(
    ("part", "method", "mistake"),
    [(Reader, "send_back", at_the_last_step), (Dense, "backward", no_mask_backwards)],
)
def test_a_wrong_gradient_is_caught(monkeypatch, part, method, mistake):
    classifier = drawn()
    masks = masks_for(classifier)
    monkeypatch.setattr(part, method, mistake)
    wrong = classifier.gradients(TOKENS, LABELS, COUNTS, masks)
    assert difference(wrong, by_traces(classifier, masks)) > 1e-3
    assert difference(wrong, by_complex_steps(classifier, masks)) > 1e-3


@pytest.mark.usefixtures("_without_kernels")
def test_a_wrong_gradient_is_caught_without_kernels_too(monkeypatch):
    classifier = drawn()
    masks = masks_for(classifier)
    right = TracedReader.backward

    def for_the_longest_alone(self, dh):
        """The mistake of taking the state of the last step for that of each tweet's last word."""
        self.lengths = np.full_like(self.lengths, self.steps)
        right(self, dh)

    monkeypatch.setattr(TracedReader, "backward", for_the_longest_alone)
    assert difference(classifier.gradients(TOKENS, LABELS, COUNTS, masks), by_traces(classifier, masks)) > 1e-3


def test_float32_finds_the_gradients_of_float64_but_for_its_digits():
    masks = masks_for(drawn())
    single = drawn(dtype="float32").gradients(TOKENS, LABELS, COUNTS, masks)
    assert 1e-12 < difference(single, drawn().gradients(TOKENS, LABELS, COUNTS, masks)) < 1e-6


def test_a_frozen_embedding_has_no_gradient_and_stays():
    classifier = drawn(embedding_trained=False)
    before = classifier.weights
    loss, found = classifier.gradients(TOKENS, LABELS)
    classifier.step(TOKENS, LABELS)
    trained_loss, trained = drawn().gradients(TOKENS, LABELS)
    assert loss == trained_loss
    assert "Wxe" not in found
    assert all((found[name] == trained[name]).all() for name in found)
    assert (classifier.weights["Wxe"] == before["Wxe"]).all()
    assert (classifier.weights["Why"] != before["Why"]).all()


# ── padding and predictions ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("kind", KINDS)
def test_padding_before_or_behind_or_none_gives_the_same_state(kind, activation):
    classifier = drawn(kind, activation)
    words, padding = [5, 6, 9], [-1] * 4
    other = list(range(7))  # a longer tweet beside it
    left = classifier.states(np.array([padding + words, other]))[0].copy()
    right = classifier.states(np.array([words + padding, other]))[0].copy()
    bare = classifier.states(np.array([words]))[0]
    assert (left == right).all()
    assert left == pytest.approx(bare, rel=1e-14)
    assert bare == pytest.approx(forward(classifier.problem(words_of(words)))["h_3"].value[:, 0], rel=1e-13)


@pytest.mark.parametrize("head", HEADS, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_the_problem_of_a_tweet_gives_its_probabilities(kind, head):
    classifier = drawn(kind, head=head)
    for row, p in zip(TOKENS, classifier.predict(TOKENS), strict=True):
        problem = classifier.problem(words_of(row))
        assert forward(problem)[f"p_{problem.steps}"].value[:, 0] == pytest.approx(p, abs=1e-12)


def test_after_each_word_the_tweet_is_judged_as_if_it_ended_there():
    classifier = drawn("lstm")
    each = classifier.by_word(TOKENS[2])
    parts = [np.array([[5, -1, -1]]), np.array([[5, 6, -1]]), np.array([[5, 6, 5]])]
    assert each == pytest.approx(np.concatenate([classifier.predict(part) for part in parts]), abs=1e-14)


def test_a_tweet_without_words_is_judged_by_the_state_before_the_first():
    classifier = drawn(head=())
    y = classifier.weights["by"][:, 0]
    assert classifier.predict(np.full((1, 3), -1))[0] == pytest.approx(np.exp(y) / np.exp(y).sum(), abs=1e-14)
    assert classifier.by_word(np.full(3, -1)).shape == (0, 3)


def test_many_tweets_are_judged_as_each_alone():
    classifier = drawn("gru")
    tokens = np.random.default_rng(1).integers(-1, len(WORDS), (1203, 6))
    alone = [classifier.predict(tokens[place : place + 1])[0] for place in (0, 499, 500, 1202)]
    assert classifier.predict(tokens)[[0, 499, 500, 1202]] == pytest.approx(np.array(alone), abs=1e-14)


# ── drawn, and refused ────────────────────────────────────────────────────────────────────────────────────────────────


def test_drawn_weights_are_the_same_for_ever():
    weights = Classifier.draw(WORDS, CLASSES, seed=1, cell="lstm", hidden=4, embedding=3).weights
    assert weights["Wxe"][0, :2].tolist() == [-0.010123852868093053, 0.016826588351629337]
    assert weights["Whf"][0, :2].tolist() == [-0.31690051799419994, -0.33854446428874096]
    assert weights["bf"].ravel().tolist() == [1, 1, 1, 1]
    assert weights["bi"].ravel().tolist() == [0, 0, 0, 0]


def test_drawn_weights_fill_the_interval_of_their_inputs():
    weights = Classifier.draw(WORDS, CLASSES, hidden=100, embedding=50).weights
    for name, bound in (("Wxh", 50**-0.5), ("Whh", 0.1), ("Wxe", 0.05)):
        assert 0.98 * bound < weights[name].max() <= bound
        assert -bound <= weights[name].min() < -0.98 * bound


def test_a_dropout_mask_leaves_out_its_part_and_keeps_the_mean():
    classifier = Classifier.draw(WORDS, CLASSES, hidden=500, dropout=0.25, embedding_dropout=0.5)
    masks = classifier.masks(np.zeros((40, 15), int), 1, "mask", 0)
    assert set(np.unique(masks["h"])) == {0, 4 / 3}
    assert set(np.unique(masks["e"])) == {0, 2}
    assert masks["h"].mean() == pytest.approx(1, abs=5 * (1 / 3 / masks["h"].size) ** 0.5)
    assert masks["e"].mean() == pytest.approx(1, abs=5 * (1 / masks["e"].size) ** 0.5)


@pytest.mark.parametrize(
    ("tokens", "labels", "sentence"),
    [
        (TOKENS + 1, LABELS, "positions in the vocabulary of 12 words"),
        (TOKENS - 1, LABELS, "from -2 to 10"),
        (TOKENS[0], LABELS, "tweets × length"),
        (TOKENS * 1.0, LABELS, "whole numbers"),
        (TOKENS, LABELS[:2], "a whole number for each tweet"),
        (TOKENS, LABELS + 1, "beyond the 3 classes"),
    ],
)
def test_tweets_that_do_not_fit_are_refused(tokens, labels, sentence):
    with pytest.raises(ProblemError, match=sentence):
        drawn().step(tokens, labels)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"classes": CLASSES[:1]}, "at least two"),
        ({"classes": CLASSES[:2]}, "Why has shape 3×4; it needs 2×4"),
        ({"vocabulary": WORDS[1:]}, "Wxe has shape 3×12; it needs 3×11"),
        ({"vocabulary": ()}, "no words"),
        ({"weights": {"Why": np.ones((3, 4))}}, "no Wxe"),
        ({"dropout": 1.0}, "dropout is 1"),
        ({"dtype": "float16"}, "float16"),
        ({"activation": "softplus"}, "softplus"),
        ({"cell": "lstm"}, "no weight 'Wxh'"),
    ],
)
def test_a_classifier_that_cannot_be_is_refused(changes, sentence):
    good = {"weights": drawn(head=()).weights, "vocabulary": WORDS, "classes": CLASSES}
    with pytest.raises(ProblemError, match=sentence):
        Classifier(**{**good, **changes})


def test_a_word_that_is_not_known_is_named():
    with pytest.raises(ProblemError, match="'splendid' is not in the vocabulary"):
        drawn().problem(["what", "a", "splendid", "day"])
