"""Whether an lstm learns what the order of words says, which a bag of words cannot know.

    python tests/benchmark/order.py                five seeds
    python tests/benchmark/order.py --seeds 2      as many as one says

Made-up tweets: in half of them the order of the words decides, so that no bag of words is right in more than three
quarters. Both are trained on the same tweets and judged on the same others. Ends in 0 where the lstm is ahead by at
least ten points of accuracy, on the average over the seeds, else in 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import mean

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from rnncalc.tweets.baseline import fit_bag_of_words
from rnncalc.tweets.classifier import Classifier
from rnncalc.tweets.corpus import read_corpus
from rnncalc.tweets.fitting import Fitting, train
from rnncalc.tweets.metrics import scores
from rnncalc.tweets.synthetic import write_tweets
from rnncalc.tweets.tweets import TweetFile
from rnncalc.tweets.vocabulary import choose_vocabulary, split

TWEETS, POINTS = 10_000, 10


def accuracies(seed: int, folder: Path) -> tuple[float, float]:
    """The shares of the test's tweets that the lstm and the bag of words get right."""
    file = folder / f"tweets{seed}.csv"
    write_tweets(file, TWEETS, seed=seed, names=2000)
    corpus = read_corpus(TweetFile(file))
    parts = split(corpus.labels, seed=seed)
    vocabulary = choose_vocabulary(corpus, parts.training)
    tokens, labels = vocabulary.encode_corpus(corpus, 15).tokens, corpus.labels
    lstm = Classifier.draw(
        vocabulary.words, corpus.classes, seed=seed, cell="lstm", hidden=32, embedding=16, dtype="float32"
    )
    kept = tokens[parts.validation], labels[parts.validation]
    fitting = Fitting(lstm, tokens[parts.training], labels[parts.training], validation=kept, seed=seed, eta=0.005)
    for _ in train(fitting, epochs=8):
        pass
    best = Classifier(fitting.best_weights(), vocabulary=vocabulary.words, classes=corpus.classes, cell="lstm")
    bag = fit_bag_of_words(tokens[parts.training], labels[parts.training], len(vocabulary.words), len(corpus.classes))
    tested = tokens[parts.test]
    return tuple(scores(labels[parts.test], p).accuracy for p in (best.predict(tested), bag.probabilities(tested)))


def main() -> int:
    parser = argparse.ArgumentParser(description="An lstm beside a bag of words where the order of words decides.")
    parser.add_argument("--seeds", type=int, default=5, help="how many")
    arguments = parser.parse_args()
    found = []
    print("seed    lstm   bag of words   points ahead")
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(arguments.seeds):
            lstm, bag = accuracies(seed, Path(folder))
            found.append(100 * (lstm - bag))
            print(f"{seed:>4}  {lstm:6.3f}         {bag:6.3f}   {found[-1]:12.1f}")
    print(f"on the average {mean(found):.1f} points ahead; at least {POINTS} are asked for")
    return 0 if mean(found) >= POINTS else 1


if __name__ == "__main__":
    sys.exit(main())
