"""Made-up tweets: order tells everything, a bag of words half; the same for a seed; a file like any other."""

from collections import Counter
from itertools import islice

import numpy as np
import pytest

from rnncalc.tweets.baseline import fit_bag_of_words
from rnncalc.tweets.cleaning import clean
from rnncalc.tweets.corpus import read_corpus
from rnncalc.tweets.metrics import scores
from rnncalc.tweets.synthetic import BAD, GOOD, PAIRS, SAID, make_tweets, write_tweets
from rnncalc.tweets.tweets import TweetFile
from rnncalc.tweets.vocabulary import choose_vocabulary, split

ROWS = 12_000


def test_pairs_hold_the_same_words_in_another_order():
    for denied, stated in PAIRS:
        assert Counter(clean(denied)) == Counter(clean(stated))
        assert clean(denied) != clean(stated)
    filled = [SAID.format(people="people", name="film", filler="today", other=o, quality=q) for o, q in ("ab", "ba")]
    assert Counter(clean(filled[0])) == Counter(clean(filled[1]))


def test_the_order_of_words_tells_everything():
    """All but the words of the sentences is looked away from: none is left that means both."""
    common = {word for pair in PAIRS for sentence in (*pair, SAID) for word in clean(sentence)} | {*GOOD, *BAD}
    meanings: dict[tuple[str, ...], set[bool]] = {}
    for tweet in make_tweets(3000, names=50):
        shape = tuple(word if word in common else "…" for word in clean(tweet.text))
        meanings.setdefault(shape, set()).add(tweet.positive)
    assert {len(both) for both in meanings.values()} == {1}


def test_as_many_are_positive_as_not_and_they_fit_into_fifteen_words():
    made = list(make_tweets(ROWS))
    assert abs(sum(tweet.positive for tweet in made) - ROWS / 2) < 4 * np.sqrt(ROWS) / 2  # four standard deviations
    lengths = {len(clean(tweet.text)) for tweet in made}
    assert (min(lengths), max(lengths)) == (3, 15)


def test_the_first_of_many_are_those_of_few_and_hang_on_the_seed():
    assert list(make_tweets(5)) == list(islice(make_tweets(1000), 5))
    assert list(make_tweets(5, seed=1)) != list(make_tweets(5, seed=2))
    assert list(make_tweets(2)) == [
        ("why not , what a silly belavubudi by vobizabe this week http://example.com/duboseboda", False),
        ("@bonugebe i found the mokupobededa boring by rorofubidi after work", False),
    ]


@pytest.mark.parametrize("order_share", [0.0, 0.5, 1.0])
def test_a_bag_of_words_is_right_for_what_order_does_not_decide(tmp_path, order_share):
    """1 − order_share/2 of all; of 2,400 test tweets five standard deviations are 0.05."""
    file = tmp_path / "made.csv"
    write_tweets(file, ROWS, names=300, order_share=order_share)
    tweets = TweetFile(file)
    corpus = read_corpus(tweets)
    assert tweets.troubles.count == {}
    assert corpus.classes == ("negative", "positive")
    parts = split(corpus.labels, validation=0, test=0.2)
    vocabulary = choose_vocabulary(corpus, parts.training)
    training, test = (vocabulary.encode_corpus(corpus, 15, rows=part).tokens for part in (parts.training, parts.test))
    model = fit_bag_of_words(training, corpus.labels[parts.training], len(vocabulary.words), 2, most_steps=30)
    right = scores(corpus.labels[parts.test], model.probabilities(test)).accuracy
    assert abs(right - (1 - order_share / 2)) < 0.05


def test_a_file_holds_the_tweets_that_are_made(tmp_path):
    file = tmp_path / "made.csv"
    write_tweets(file, 300, seed=4)
    read = [(tweet.text, tweet.label == "4") for tweet in TweetFile(file, strict=True)]
    assert read == [tuple(tweet) for tweet in make_tweets(300, seed=4)]
