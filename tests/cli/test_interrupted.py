"""An interrupt at any line of a training loses nothing that was learnt, and leaves nothing half written behind."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from rnncalc.io.interrupts import SIGNALS
from rnncalc.problems.model_file import load
from rnncalc.text import Trainer
from rnncalc.tweets import model as sentiment_model
from rnncalc.tweets.fitting import Fitting
from rnncalc.tweets.synthetic import write_tweets

PLACES = (
    "cli/training.py", "cli/output.py", "cli/sentiment.py", "engine/run.py", "text/word.py",
    "engine/checkpoint.py", "model_file.py", "interrupts.py", "tweets/session.py", "tweets/fitting.py",
    "cli/main.py",
)  # fmt: skip
SOME = 10
"""So many lines are tried, drawn at random, and as many of the last ones."""


class AtLine:
    """Raises a signal at the n-th line that runs once something was learnt; the same again ``again`` lines later."""

    def __init__(self, one: signal.Signals, numbers: tuple[int, ...] = ()) -> None:
        self.one, self.numbers, self.seen, self.begun = one, numbers, 0, False

    def __call__(self, frame, event, _):
        if not frame.f_code.co_filename.replace("\\", "/").endswith(PLACES):
            return None
        if event == "line" and self.begun:
            self.seen += 1
            if self.seen in self.numbers:
                signal.raise_signal(self.one)
        return self

    def run(self, monkeypatch: pytest.MonkeyPatch, kind: type, command: Callable[[], object]) -> object:
        """The command, with every line counted from the end of the first step of learning on."""
        step = kind.step

        def begin(learner):
            try:
                return step(learner)
            finally:
                self.begun = True

        monkeypatch.setattr(kind, "step", begin)
        before = sys.gettrace()
        sys.settrace(self)
        try:
            return command()
        finally:
            sys.settrace(before)
            monkeypatch.undo()


def moments(count: int, seed: int) -> list[tuple[int, ...]]:
    """Lines at which an interrupt comes: some of all, the last ones, and some followed by another."""
    random = Random(seed)
    drawn = random.sample(range(1, count + 1), SOME)
    last = range(count - SOME, count + 1)
    twice = [(n, n + random.randrange(1, 12)) for n in random.sample(range(1, count - 12), SOME // 2)]
    return [(n,) for n in (*drawn, *last)] + twice


LONG = ("--text", "book.txt", "--epochs", "2", "--hidden", "3", "--window", "20", "--log", "l.csv")


@pytest.mark.parametrize("one", SIGNALS)
@pytest.mark.parametrize("arguments", [("hello", "--epochs", "3"), LONG], ids=["a word", "a text"])
def test_a_training_keeps_its_model_and_its_checkpoint(rnncalc, tmp_path, monkeypatch, arguments, one):
    monkeypatch.chdir(tmp_path)
    Path("book.txt").write_text("she sells sea shells by the sea shore, " * 3, encoding="utf-8")
    command = ("train", *arguments, "-o", "m.npz", "--checkpoint", "c.npz")

    def run(numbers: tuple[int, ...] = ()):
        line = AtLine(one, numbers)
        with monkeypatch.context() as patch:
            done = line.run(patch, Trainer, lambda: rnncalc(*command))
        return done, line.seen

    done, count = run()
    assert done.code == 0
    codes = []
    for numbers in moments(count, seed=int(one)):
        for old in ("m.npz", "c.npz", "l.csv"):
            Path(old).unlink(missing_ok=True)
        done, _ = run(numbers)
        assert load("m.npz") is not None, numbers
        assert done.code in (0, 130), (numbers, done)
        codes.append(done.code)
        assert rnncalc(*command, "--resume", "--force").code == 0, numbers
        assert {path.name for path in tmp_path.iterdir()} <= {"book.txt", "m.npz", "c.npz", "l.csv"}, numbers
    assert codes.count(130) > len(codes) / 2


@pytest.mark.parametrize("one", SIGNALS)
def test_a_classifier_keeps_its_model(rnncalc, tmp_path, monkeypatch, one):
    monkeypatch.chdir(tmp_path)
    write_tweets("t.csv", 60, seed=1)
    command = ("sentiment", "train", "t.csv", "-o", "m.npz", "--epochs", "2", "--hidden", "3", "--embedding", "2")

    def run(numbers: tuple[int, ...] = ()):
        line = AtLine(one, numbers)
        with monkeypatch.context() as patch:
            done = line.run(patch, Fitting, lambda: rnncalc(*command))
        return done, line.seen

    done, count = run()
    assert done.code == 0
    codes = []
    for numbers in moments(count, seed=int(one)):
        Path("m.npz").unlink()
        done, _ = run(numbers)
        assert sentiment_model.load("m.npz").classifier is not None, numbers
        assert done.code in (0, 130), (numbers, done)
        codes.append(done.code)
        assert {path.name for path in tmp_path.iterdir()} == {"t.csv", "m.npz"}, numbers
    assert codes.count(130) > len(codes) / 2
