"""The classifier: the words of a tweet through an embedding, one recurrent layer and a dense head, to a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, NamedTuple

import numpy as np
from numpy import exp, log, multiply, subtract

from rnncalc.engine.adam import Adam
from rnncalc.engine.drawn import MOST_DROPPED, dropout_mask, uniform
from rnncalc.engine.head import Head, layers_of
from rnncalc.engine.kernels import ACTIVATIONS as KERNELS
from rnncalc.engine.kernels import KINDS
from rnncalc.engine.layers import kind_of, places_of
from rnncalc.engine.memory import zeros
from rnncalc.engine.parameters import DTYPES, Parameters, Place
from rnncalc.engine.recurrent import READERS, Columns, Reader
from rnncalc.engine.traced_reader import TracedReader
from rnncalc.errors import ProblemError
from rnncalc.language import ACTIVATIONS
from rnncalc.language.trees import Array
from rnncalc.network.cells import CELLS
from rnncalc.network.problem import Problem
from rnncalc.network.structure import Dense, Layer, Structure
from rnncalc.network.tokens import vocabulary_of
from rnncalc.network.values import one_of
from rnncalc.tweets.vocabulary import EMBEDDING_BOUND, PADDING

DEFAULT_ETA = 0.001
TWEETS_AT_ONCE = 500
"""In predictions."""
KEPT_NETWORKS = 32
"""Buffers for so many sizes of batches are kept."""


class Judged(NamedTuple):
    """What a batch came to: its loss, the mean of the tweets', and how many tweets were given their own class."""

    loss: float
    correct: int


class Classifier:
    """A network that reads the words of a tweet and answers with a class.

    With u the words' columns, h the state of the recurrent layer after the last word (zeros before the first)::

        e_t = Wxe · x_t     v_D1 = f(Wv_D1 · h + bv_D1)  …     y = Why · v + by     p = softmax(y)
        loss = Σ_n w_n (−ln p_n[label_n]) / Σ_n w_n

    ``weights`` have the names and shapes of :class:`rnncalc.Problem`: Wxe (embedding × vocabulary), those of one cell,
    Wv_D1, bv_D1, … , Why (classes × inputs), by; biases of the head may be absent. ``vocabulary`` are the words of the
    columns of Wxe, ``classes`` what the rows of Why stand for, ``head`` the activations of the dense layers.
    ``embedding_trained`` = False keeps Wxe as it is. ``dropout`` is the part of the inputs of each layer of the head
    that is left out while training, ``embedding_dropout`` that of the words' columns; what is kept is multiplied by
    1 / (1 − part). ``dtype``: float64 or float32.

    Tweets are ``tokens``: whole numbers, tweets × length, the place of each word in the vocabulary, and −1 for padding,
    before the words or behind them: it changes no number.

    Raises ProblemError naming the field, what it has and what it needs.
    """

    def __init__(
        self,
        weights: Mapping[str, Array],
        *,
        vocabulary: Sequence[str],
        classes: Sequence[str],
        cell: str = "rnn",
        activation: str = "tanh",
        head: Sequence[str] = (),
        dtype: str = "float64",
        dropout: float = 0.0,
        embedding_dropout: float = 0.0,
        embedding_trained: bool = True,
    ) -> None:
        one_of("dtype", dtype, DTYPES)
        one_of("activation", activation, ACTIVATIONS)
        for name in head:
            one_of("head", name, ACTIVATIONS)
        for name, part in (("dropout", dropout), ("embedding_dropout", embedding_dropout)):
            if not 0 <= part < 1:
                raise ProblemError(name, f"{name} is {part:g}; it needs a number from 0 up to, but not including, 1.")
            if part > MOST_DROPPED:
                raise ProblemError(
                    name, f"{name} is {part!r}, which drops everything; it needs at most {MOST_DROPPED}."
                )
        self.vocabulary, self.classes = tuple(vocabulary), tuple(classes)
        self.cell, self.activation, self.head, self.dtype = cell, activation, tuple(head), dtype
        self.dropout, self.embedding_dropout = dropout, embedding_dropout
        self.embedding_trained = embedding_trained
        if len(self.classes) < 2:
            raise ProblemError("classes", f"classes has {len(self.classes)} entries; it needs at least two.")
        if not self.vocabulary:
            raise ProblemError("vocabulary", "vocabulary has no words; it needs those of the columns of Wxe.")
        if "Wxe" not in weights:
            raise ProblemError("weights", "weights has no Wxe; it needs an embedding, a column for each word.")
        checked = self._problem(self.vocabulary[:1], self.vocabulary, weights)
        if len(checked.layers) != 1:
            raise ProblemError(
                "layers", f"The weights have {len(checked.layers)} recurrent layers; the classifier needs one."
            )
        self.names = tuple(checked.structure.in_order(weights))
        self.layer = checked.layers[0]
        self.kind = kind_of(self.layer, weights)
        self.traced = self.kind not in READERS or activation not in KERNELS
        """Whether the recurrent layer has no kernel, so that its cell's own operations are what it is computed with."""
        numbers = DTYPES[dtype]
        self.parameters = _parameters(checked.weights, None if self.traced else self.kind, self.head, numbers)
        self.table = zeros((len(self.vocabulary), len(checked.weights["Wxe"])), np.dtype(numbers))
        """Wxe transposed: a row for each word."""
        self.table[...] = checked.weights["Wxe"].T
        self.optimizers = {"adam": Adam(self.parameters.values, self.parameters.slopes, DEFAULT_ETA)}
        if embedding_trained:  # of the table only some rows have gradients
            self.optimizers["adam_of_table"] = Adam(self.table, self.table[:0], DEFAULT_ETA)
        self._networks: dict[tuple[int, int], _Network] = {}
        self._heads: dict[int, Head] = {}

    @classmethod
    def draw(
        cls,
        vocabulary: Sequence[str],
        classes: Sequence[str],
        *,
        seed: int | str = 0,
        cell: str = "rnn",
        hidden: int = 100,
        embedding: int = 50,
        table: Array | None = None,
        head: Sequence[tuple[int, str]] = (),
        reset_after: bool = True,
        **settings: Any,
    ) -> Classifier:
        """A classifier with weights drawn from a seed, uniform in ±1/√(inputs of the row).

        The embedding is drawn in ±0.05, or given as ``table`` (embedding × vocabulary). Biases are zeros, but that of a
        forget gate is 1: at first all is kept. Source: Jozefowicz, Zaremba and Sutskever (2015). ``head``: units and
        activation of each dense layer; ``reset_after``: the gru with its reset gate after the product. ``settings`` are
        those of the class.
        """
        one_of("cell", cell, CELLS)
        for name, size in (("hidden", hidden), ("embedding", embedding), *(("head", units) for units, _ in head)):
            if size < 1:
                raise ProblemError(name, f"{name} is {size}; it needs a whole number, at least 1.")
        structure = Structure(
            len(vocabulary),
            embedding if table is None else len(table),
            (Layer("", cell, "", hidden),),
            tuple(Dense(f"D{k}", units, f) for k, (units, f) in enumerate(head, 1)),
            len(classes),
        )
        shapes = structure.shapes() | structure.extras()
        if not reset_after:
            shapes.pop("bhn", None)
        weights: dict[str, Array] = {}
        for name in structure.in_order(shapes):
            if name.startswith("b"):
                weights[name] = np.full(shapes[name], float(name == "bf"))
            else:
                bound = EMBEDDING_BOUND if name == "Wxe" else shapes[name][1] ** -0.5
                weights[name] = uniform(shapes[name], bound, seed, name)
        if table is not None:
            weights["Wxe"] = table
        return cls(
            weights, vocabulary=vocabulary, classes=classes, cell=cell, head=[f for _, f in head], **settings
        )  # fmt: skip

    # ── training ──────────────────────────────────────────────────────────────────────────────────────────────────

    def gradients(
        self,
        tokens: Array,
        labels: Array,
        sample_weights: Array | None = None,
        masks: Mapping[str, Array] | None = None,
    ) -> tuple[float, dict[str, Array]]:
        """The loss and its gradients by the names of the weights, in float64; nothing is learnt.

        ``labels``: the place of each tweet's class; ``sample_weights``: how much each tweet counts, such as the weight
        of its class; ``masks``: see :meth:`masks`, none unless given. A frozen Wxe has no gradient.
        """
        loss = self.find_slopes(tokens, labels, sample_weights, masks).loss
        gradients = self.parameters.gradients()
        if self.embedding_trained:
            gradients["Wxe"] = np.zeros(self.table.shape[::-1])
            gradients["Wxe"].T[self._rows] = self._row_slopes
        return loss, {name: gradients[name] for name in self.names if name in gradients}

    def step(
        self,
        tokens: Array,
        labels: Array,
        sample_weights: Array | None = None,
        masks: Mapping[str, Array] | None = None,
        eta: float = DEFAULT_ETA,
    ) -> Judged:
        """One update by Adam; what the batch came to before it."""
        judged = self.find_slopes(tokens, labels, sample_weights, masks)
        if np.isfinite(judged.loss):  # else there is nothing to learn from
            self.update(eta)
        return judged

    def update(self, eta: float = DEFAULT_ETA) -> None:
        """One update by Adam, with the gradients that :meth:`find_slopes` found last."""
        for optimizer in self.optimizers.values():
            optimizer.eta = eta
        self.optimizers["adam"].update()
        if self.embedding_trained:
            self.optimizers["adam_of_table"].update_rows(self._rows, self._row_slopes)

    def masks(self, tokens: Array, *key: int | str) -> dict[str, Array]:
        """Dropout masks for a batch, drawn from a key: 0 for what is left out, 1 / (1 − part) for the rest.

        By what they multiply: ``e``, tweets × words × embedding, where words count from a tweet's first; ``h``,
        ``v_D1`` and so on, tweets × units.
        """
        made, dtype = {}, self.table.dtype
        if self.embedding_dropout:
            made["e"] = dropout_mask((*tokens.shape, self.table.shape[1]), self.embedding_dropout, dtype, "e", *key)
        if self.dropout:
            for reads, weight, _, _ in layers_of(self.head):
                units = self.parameters.shapes[weight][1]
                made[reads] = dropout_mask((len(tokens), units), self.dropout, dtype, reads, *key)
        return made

    def find_slopes(
        self,
        tokens: Array,
        labels: Array,
        sample_weights: Array | None = None,
        masks: Mapping[str, Array] | None = None,
    ) -> Judged:
        """What a batch comes to; its gradients are kept for the update."""
        masks = masks or {}
        words, lengths = self.check(tokens)
        if labels.shape != (len(words),) or labels.dtype.kind not in "iu":
            raise ProblemError("labels", "labels needs a whole number for each tweet: the position of its class.")
        if not 0 <= labels.min() <= labels.max() < len(self.classes):
            raise ProblemError("labels", f"labels has positions beyond the {len(self.classes)} classes.")
        y = self._scores(words, lengths, masks)
        dtype = y.dtype
        share = np.full(len(y), 1 / len(y)) if sample_weights is None else sample_weights / sample_weights.sum()
        rows = np.arange(len(y))
        correct = np.count_nonzero(y.argmax(axis=1) == labels)
        subtract(y, y.max(axis=1, keepdims=True), y)
        wanted = y[rows, labels]
        exp(y, y)
        total = y.sum(axis=1)
        loss = float(share.dot(log(total) - wanted))
        share = share.astype(dtype)
        dy = multiply(y, (share / total)[:, None], y)  # (p − target) · share
        dy[rows, labels] -= share
        network = self._network(int(lengths.max()), len(words))
        network.reader.backward(self._head(len(words)).backward(dy))
        if self.embedding_trained:
            self._gather(network, masks.get("e"))
        return Judged(loss, int(correct))

    def _gather(self, network: _Network, mask: Array | None) -> None:
        """The rows of the table that were read, and the gradient of each: the sum over the places where it was."""
        dx = network.reader.dx
        if mask is not None:
            multiply(dx, network.turned(mask), dx)
        order = np.argsort(network.words.astype(np.min_scalar_type(len(self.vocabulary))), kind="stable")
        words = network.words[order]
        begins = np.ones(len(words), bool)
        np.not_equal(words[1:], words[:-1], begins[1:])
        first = np.flatnonzero(begins)
        counts = np.diff(first, append=len(words))
        self._rows, self._row_slopes = words[first], dx.take(order[first], axis=0)
        several = np.flatnonzero(counts > 1)  # most words are read once, and need no adding up
        if several.size:
            again = counts[several]
            slopes = dx.take(order[np.repeat(counts > 1, counts)], axis=0)
            self._row_slopes[several] = np.add.reduceat(slopes, np.cumsum(again) - again, axis=0)

    # ── forward ───────────────────────────────────────────────────────────────────────────────────────────────────

    def predict(self, tokens: Array) -> Array:
        """The probability of each class, tweets × classes, in float64."""
        p = np.empty((len(tokens), len(self.classes)))
        for start in range(0, len(tokens), TWEETS_AT_ONCE):
            words, lengths = self.check(tokens[start : start + TWEETS_AT_ONCE])
            p[start : start + TWEETS_AT_ONCE] = _softmax(self._scores(words, lengths, {}))
        return p

    def states(self, tokens: Array) -> Array:
        """h after the last word of each tweet, tweets × units; zeros where there is no word."""
        words, lengths = self.check(tokens)
        network = self._network(int(lengths.max()), len(words))
        with np.errstate(all="ignore"):
            network.read(self.table, words, lengths, None)
        return network.reader.last_states()

    def by_word(self, tokens: Array) -> Array:
        """The probabilities after each word of one tweet, as if it ended there; words × classes."""
        words, lengths = self.check(tokens.reshape(1, -1))
        count = int(lengths[0])
        if not count:
            return np.empty((0, len(self.classes)))
        network = self._network(count, 1)
        with np.errstate(all="ignore"):
            network.read(self.table, words, lengths, None)
            return _softmax(self._head(count).forward(network.reader.h[1:, 0], {}))

    def judge(self, tokens: Array, labels: Array, sample_weights: Array | None = None) -> Judged:
        """What tweets come to, without dropout; nothing is learnt. An impossible class counts as one of 1e-300."""
        p = self.predict(tokens)
        losses = -log(np.maximum(p[np.arange(len(p)), labels], 1e-300))
        correct = np.count_nonzero(p.argmax(axis=1) == labels)
        return Judged(float(np.average(losses, weights=sample_weights)), int(correct))

    def check(self, tokens: Array) -> tuple[Array, Array]:
        """The words of each tweet first and the padding behind, and how many words each has.

        Raises ProblemError for anything but whole numbers, tweets × length, from −1 to below the vocabulary's size.
        """
        if tokens.ndim != 2 or tokens.dtype.kind not in "iu" or not tokens.size:
            raise ProblemError(
                "tokens", "tokens needs a table of whole numbers, tweets × length, with at least one number."
            )
        lowest, highest = tokens.min(), tokens.max()
        if lowest < PADDING or highest >= len(self.vocabulary):
            raise ProblemError(
                "tokens",
                f"tokens has numbers from {lowest} to {highest}; it needs positions in the vocabulary of "
                f"{len(self.vocabulary):,} words, and −1 for padding.",
            )
        if lowest > PADDING:
            return tokens, np.full(len(tokens), tokens.shape[1])
        is_word = tokens != PADDING
        return np.take_along_axis(tokens, np.argsort(~is_word, axis=1, kind="stable"), axis=1), is_word.sum(axis=1)

    def _scores(self, words: Array, lengths: Array, masks: Mapping[str, Array]) -> Array:
        network = self._network(int(lengths.max()), len(words))
        with np.errstate(all="ignore"):  # what overflows is reported in words
            network.read(self.table, words, lengths, masks.get("e"))
            return self._head(len(words)).forward(network.reader.last_states(), masks)

    def _network(self, steps: int, tweets: int) -> _Network:
        size = max(steps, 1), tweets
        if size not in self._networks:
            if len(self._networks) >= KEPT_NETWORKS:
                self._networks.clear()
            self._networks[size] = _Network(self, *size)
        return self._networks[size]

    def _head(self, rows: int) -> Head:
        if rows not in self._heads:
            if len(self._heads) >= KEPT_NETWORKS:
                self._heads.clear()
            self._heads[rows] = Head(self.parameters, self.head, rows)
        return self._heads[rows]

    # ── what can be read off ──────────────────────────────────────────────────────────────────────────────────────

    @property
    def weights(self) -> dict[str, Array]:
        """The weights now, in float64, by the names of the problem."""
        weights = self.parameters.weights() | {"Wxe": self.table.T.astype(np.float64)}
        return {name: weights[name] for name in self.names}

    def problem(self, words: Sequence[str], label: str | None = None) -> Problem:
        """The problem of one tweet: its words alone as the vocabulary, its class as the target where it is said.

        The forward pass gives the same probabilities, the backward pass the same gradients. Raises ProblemError for no
        words, and words that are not in the vocabulary.
        """
        known = vocabulary_of(words)
        places = {word: place for place, word in enumerate(self.vocabulary)}
        unknown = [word for word in known if word not in places]
        if unknown:
            raise ProblemError("text", f"The word {unknown[0]!r} is not in the vocabulary of the classifier.")
        columns = self.table[[places[word] for word in known]].T.astype(np.float64)
        return self._problem(words, known, self.parameters.weights() | {"Wxe": columns}, label)

    def _problem(
        self, words: Sequence[str], vocabulary: Sequence[str], weights: Mapping[str, Array], label: str | None = None
    ) -> Problem:
        return Problem(
            softmax="shifted",
            inputs=tuple(words),
            targets=(*[None] * (len(words) - 1), label),
            vocabulary=tuple(vocabulary),
            weights=weights,
            cell=self.cell,
            activation=self.activation,
            head=self.head,
            tokens="words",
            classes=self.classes,
            output_at="last",
        )

    @property
    def learnt(self) -> list[Array]:
        """All that is learnt."""
        return [self.parameters.values, *([self.table] if self.embedding_trained else [])]

    def arrays(self) -> dict[str, Array]:
        """All arrays that another classifier of the same settings needs to go on learning to the same bytes."""
        arrays = {"values": self.parameters.values, "table": self.table}
        for place, optimizer in self.optimizers.items():
            arrays |= {f"{place}.{name}": memory for name, memory in optimizer.memory.items()}
        return arrays


class _Network:
    """The buffers for so many steps of so many tweets, and what is computed in them."""

    def __init__(self, classifier: Classifier, steps: int, tweets: int) -> None:
        parameters = classifier.parameters
        self.reader: Reader | TracedReader
        if classifier.traced:
            self.reader = TracedReader(parameters, steps, tweets, classifier.layer)
        else:
            # The layer knows its size by what reads it, which here may be a dense layer.
            seen = copy(parameters)
            seen.block = {**parameters.block, "Why": parameters.block[layers_of(classifier.head)[0][1]]}
            self.reader = READERS[classifier.kind](seen, steps, tweets, classifier.activation)
        self.reader.wants_dx = classifier.embedding_trained
        self.steps, self.tweets = steps, tweets
        self.x = zeros((steps * tweets, classifier.table.shape[1]), parameters.dtype)
        self.words: Array = np.zeros(steps * tweets, np.intp)

    def read(self, table: Array, words: Array, lengths: Array, mask: Array | None) -> None:
        """The states after each word; the words of each tweet stand first, its padding behind."""
        # What stands behind the last word is any word's: nobody reads what becomes of it.
        self.words = np.maximum(words[:, : self.steps].T, 0).reshape(-1)
        table.take(self.words, axis=0, out=self.x, mode="clip")
        if mask is not None:
            multiply(self.x, self.turned(mask), self.x)
        self.reader.lengths = lengths
        self.reader.forward(self.x)

    def turned(self, mask: Array) -> Array:
        """A mask, tweets × words × embedding, in the order of the steps."""
        return mask[:, : self.steps].transpose(1, 0, 2).reshape(self.x.shape)


def _parameters(
    weights: Mapping[str, Array], kind: str | None, head: tuple[str, ...], dtype: type[np.floating]
) -> Parameters:
    """All weights but those of the embedding; ``kind`` is the kernel of the recurrent layer, None where it has none."""
    learnt = {name: value for name, value in weights.items() if name != "Wxe"}
    if kind is None:
        return Parameters(learnt, {name: Place(name) for name in learnt}, (), dtype)
    stack = KINDS[kind].stack if issubclass(READERS[kind], Columns) else ()  # these readers take them as one
    return Parameters(learnt, places_of([("", kind)], head), stack, dtype)


def _softmax(y: Array) -> Array:
    """p of each row, in float64."""
    exponentials = exp((y - y.max(axis=1, keepdims=True)).astype(np.float64))
    p: Array = exponentials / exponentials.sum(axis=1, keepdims=True)
    return p
