"""The vocabulary, tweets as numbers, the split: what is counted, and that training rows alone are."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.engine.chance import fractions, splitmix
from rnncalc.errors import RnncalcError
from rnncalc.tweets.corpus import corpus_of
from rnncalc.tweets.vocabulary import UNKNOWN, Vocabulary, choose_vocabulary, class_weights, split

tweets = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6), min_size=1, max_size=20)


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


@given(tweets, st.data(), st.integers(1, 9))
def test_the_commonest_words_of_the_training_rows_ties_by_alphabet(tweets, data, most):
    training = data.draw(st.lists(st.integers(0, len(tweets) - 1), unique=True).map(sorted))
    counted = Counter(word for row in training for word in tweets[row])
    expected = sorted(counted, key=lambda word: (-counted[word], word))[:most]
    assert choose_vocabulary(corpus_of(tweets), rows(*training), most).words == (UNKNOWN, *expected)


@given(tweets, tweets)
def test_what_other_rows_hold_changes_nothing(tweets, others):
    training = rows(*range(len(tweets)))
    alone = choose_vocabulary(corpus_of(tweets), training, 3)
    assert choose_vocabulary(corpus_of([*tweets, *others]), training, 3) == alone
    after = training + len(others)
    assert choose_vocabulary(corpus_of([*others, *tweets]), after, 3) == alone


def test_a_word_of_the_test_part_alone_is_unknown():
    corpus = corpus_of([["good", "day"], ["leak", "leak", "leak", "day"]])
    vocabulary = choose_vocabulary(corpus, rows(0))
    assert vocabulary.words == (UNKNOWN, "day", "good")
    assert vocabulary.encode_corpus(corpus, 4).tokens.tolist() == [[-1, -1, 2, 1], [0, 0, 0, 1]]


known = Vocabulary((UNKNOWN, *"abcdef"))


@given(tweets, st.integers(1, 8), st.sampled_from(["left", "right"]))
def test_tweets_are_cut_and_padded_at_the_stated_side(tweets, length, side):
    encoded = known.encode(tweets, length, side)
    for words, tokens, count in zip(tweets, encoded.tokens.tolist(), encoded.lengths.tolist(), strict=True):
        kept = words[-length:] if side == "left" else words[:length]
        numbers = [known.words.index(word) if word in known.words else 0 for word in kept]
        padding = [-1] * (length - len(kept))
        assert tokens == (padding + numbers if side == "left" else numbers + padding)
        assert count == len(kept)


def test_numbers_are_small_and_say_the_words_again():
    encoded = known.encode([["a", "quux", "c"]], 5)
    assert encoded.tokens.dtype == encoded.lengths.dtype == np.int32
    assert known.decode(encoded.tokens[0]) == ["a", UNKNOWN, "c"]


def test_some_rows_of_a_corpus_in_their_order():
    corpus = corpus_of([["a"], ["b", "c"], [], ["d"]])
    assert known.encode_corpus(corpus, 2, rows=rows(3, 1)).tokens.tolist() == [[-1, 4], [2, 3]]


def test_sides_lengths_and_sizes_that_are_none():
    with pytest.raises(RnncalcError, match="side is 'top'; it needs to be 'left' or 'right'"):
        known.encode([["a"]], 3, "top")
    with pytest.raises(RnncalcError, match="length is 0; it needs to be 1 or more"):
        known.encode([["a"]], 0)
    with pytest.raises(RnncalcError, match="needs at least 1 word, not 0"):
        choose_vocabulary(corpus_of([["a"]]), rows(0), 0)


# ── the split ─────────────────────────────────────────────────────────────────────────────────────────────────────

labels = st.lists(st.integers(0, 3), max_size=60).map(lambda some: np.array(some, dtype=np.int32))
shares = st.floats(0, 0.49)


@given(labels, st.integers(), shares, shares)
def test_every_row_is_in_one_part_and_every_class_in_its_shares(labels, seed, validation, test):
    parts = split(labels, seed=seed, validation=validation, test=test)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(labels)))
    assert all(part.tolist() == sorted(part.tolist()) for part in parts)
    for k in set(labels.tolist()):
        of_class = [int((labels[part] == k).sum()) for part in parts]
        count = sum(of_class)
        assert of_class[1:] == [int(count * validation), int(count * test)]
        assert of_class[0] > 0


def test_a_split_is_the_same_for_ever():
    parts = split(np.array([0, 1] * 10, dtype=np.int32), seed=7, validation=0.2, test=0.2)
    assert [part.tolist() for part in parts[1:]] == [[8, 9, 11, 16], [3, 4, 12, 13]]


def test_another_seed_splits_otherwise():
    labels = np.zeros(200, dtype=np.int32)
    assert split(labels, seed=1).test.tolist() != split(labels, seed=2).test.tolist()


@pytest.mark.parametrize(("validation", "test"), [(0.5, 0.5), (-0.1, 0.1), (0.1, float("nan"))])
def test_shares_that_leave_nothing_are_refused(validation, test):
    with pytest.raises(RnncalcError, match="must be 0 or more and must add up to less than 1"):
        split(np.zeros(9, dtype=np.int32), validation=validation, test=test)


@given(labels.filter(len))
def test_class_weights_give_every_class_the_same_say(labels):
    present, numbered = np.unique(labels, return_inverse=True)
    weights = class_weights(numbered, len(present))
    for k in range(len(present)):
        assert weights[k] * (numbered == k).sum() == pytest.approx(len(labels) / len(present), rel=1e-14)


def test_a_class_without_a_row_has_no_weight():
    with pytest.raises(RnncalcError, match="cannot have a class weight"):
        class_weights(np.array([0, 0, 2], dtype=np.int32), 3)


# ── chance ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_splitmix_gives_its_published_numbers():
    """The first five from the state 1234567, as Vigna's splitmix64.c gives them."""
    assert splitmix(1234567, 5).tolist() == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


def test_fractions_are_uniform_and_hang_on_seed_and_name():
    drawn = fractions(0, "split", 100_000)
    assert (drawn >= 0).all()
    assert (drawn < 1).all()
    tenths = np.bincount((drawn * 10).astype(int), minlength=10)
    assert abs(tenths - 10_000).max() < 5 * np.sqrt(100_000 * 0.1 * 0.9)  # five standard deviations
    assert drawn[:10].tolist() == fractions(0, "split", 10).tolist()
    assert len({fractions(seed, name, 1)[0] for seed in (0, 1) for name in ("split", "embedding")}) == 4


def test_the_numbers_of_the_words_are_made_once():
    vocabulary = Vocabulary(("<unknown>", "good", "bad"))
    assert vocabulary.numbers == {"<unknown>": 0, "good": 1, "bad": 2}
    assert vocabulary.numbers is vocabulary.numbers
