"""What reading tweets costs.

    python tests/benchmark/sentiment.py                  1.6 million made-up tweets
    python tests/benchmark/sentiment.py --tweets 100000  as many as one says

Ends in 0 where reading and encoding stay under 90 seconds and 2 GB for 1.6 million lines, else in 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from rnncalc.tweets.corpus import read_corpus
from rnncalc.tweets.synthetic import write_tweets
from rnncalc.tweets.tweets import TweetFile
from rnncalc.tweets.vocabulary import choose_vocabulary, split

TWEETS, SECONDS, MEGABYTES = 1_600_000, 90, 2_000


def reading(file: Path) -> dict[str, float]:
    """Read, clean, split, count and encode a file of tweets: the seconds that each took."""
    times = [perf_counter()]
    corpus = read_corpus(TweetFile(file))
    times.append(perf_counter())
    parts = split(corpus.labels)
    vocabulary = choose_vocabulary(corpus, parts.training)
    times.append(perf_counter())
    encoded = [vocabulary.encode_corpus(corpus, 15, rows=rows) for rows in parts]
    times.append(perf_counter())
    print(f"{sum(len(part.tokens) for part in encoded):,} tweets, {len(corpus.words):,} distinct words")
    print(f"{len(vocabulary.words):,} in the vocabulary")
    names = ("read and clean", "split and count", "encode")
    return {name: after - before for name, before, after in zip(names, times, times[1:], strict=False)}


def peak_megabytes() -> float | None:
    """The most memory that this process has had; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 1e-6 if sys.platform == "darwin" else 1024e-6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the reading and encoding of made-up tweets.")
    parser.add_argument("--tweets", type=int, default=TWEETS, help="how many")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tweets.csv"
        write_tweets(file, arguments.tweets, names=200_000)
        print(f"a file of {file.stat().st_size / 1e6:,.0f} MB")
        took = reading(file)
    for name, seconds in took.items():
        print(f"{name:<16}{seconds:>8.1f} s")
    total, peak = sum(took.values()), peak_megabytes()
    print(f"{'all':<16}{total:>8.1f} s, at the most {'?' if peak is None else f'{peak:,.0f}'} MB")
    return 0 if total < SECONDS and (peak or 0) < MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
