"""How fast the classifier learns, beside the same network in PyTorch: both in one process, in turns.

    python tests/benchmark/classifier.py              every line, on one thread and on as many as the libraries take
    python tests/benchmark/classifier.py lstm         those of these cells
    python tests/benchmark/classifier.py --rounds 9   more rounds than the usual 5

100,000 tweets of 15 words out of 16,000, embedding 50, 100 units, batches of 120, float32, Adam. Each line trains all
sides for a while, then measures them in turns, and prints the median time of an epoch of each and the ratio: how many
times as fast the classifier is as PyTorch with the faster of its Adams. On one thread, time is the process's own,
whatever else the machine does; on several it is the clock's. Without PyTorch there is no ratio. Ends in 0 where every
ratio is at least 1, else in 1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
ALONE = all(os.environ.get(name) == number for name, number in ONE_THREAD.items())

import numpy as np  # noqa: E402

from rnncalc.tweets.classifier import Classifier  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

TWEETS, LENGTH, WORDS, EMBEDDING, HIDDEN, BATCH = 100_000, 15, 16_000, 50, 100, 120
CLASSES = ("negative", "positive")
BATCHES = -(-TWEETS // BATCH)
SECONDS = 1.0
"""What a round of one side takes, about."""

Step = Callable[[Any, Any], object]


class Line(NamedTuple):
    """A measurement: the cell, its activation, and the units and activations of the dense layers behind it."""

    cell: str
    activation: str
    head: tuple[tuple[int, str], ...] = ()

    def __str__(self) -> str:
        head = "-".join(str(units) for units, _ in self.head)
        return f"{self.cell} {HIDDEN} {self.activation}" + (f", head {head}" if head else "")


LINES = (
    Line("rnn", "tanh"),
    Line("rnn", "relu", ((1000, "sigmoid"), (500, "relu"))),
    Line("lstm", "tanh"),
    Line("gru", "tanh"),
)


def tweets(seed: int = 1) -> tuple[Any, Any]:
    """Words that are the rarer the higher their place, as in any language, and a class by chance."""
    random = np.random.default_rng(seed)
    often = 1 / np.arange(1, WORDS + 1)
    tokens = random.choice(WORDS, (TWEETS, LENGTH), p=often / often.sum()).astype(np.int32)
    return tokens, random.integers(0, len(CLASSES), TWEETS)


def drawn(line: Line) -> Classifier:
    words = [f"word{k}" for k in range(WORDS)]
    return Classifier.draw(
        words, CLASSES, cell=line.cell, activation=line.activation, hidden=HIDDEN, embedding=EMBEDDING,
        head=line.head, dtype="float32",
    )  # fmt: skip


def pytorch(line: Line, *, fused: bool) -> Step:
    """The network as it is written in PyTorch, with its usual Adam, or the one that is a single kernel."""
    activations = {"sigmoid": torch.nn.Sigmoid, "relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}
    more = {"nonlinearity": line.activation} if line.cell == "rnn" else {}
    kind = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[line.cell]
    embedding, layer = torch.nn.Embedding(WORDS, EMBEDDING), kind(EMBEDDING, HIDDEN, batch_first=True, **more)
    dense: list[Any] = []
    width = HIDDEN
    for units, activation in line.head:
        dense += [torch.nn.Linear(width, units), activations[activation]()]
        width = units
    head = torch.nn.Sequential(*dense, torch.nn.Linear(width, len(CLASSES)))
    parameters = [parameter for part in (embedding, layer, head) for parameter in part.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=0.001, fused=fused)
    judge = torch.nn.CrossEntropyLoss()

    def step(tokens: Any, labels: Any) -> float:
        optimizer.zero_grad()
        states, _ = layer(embedding(torch.from_numpy(tokens)))
        loss = judge(head(states[:, -1]), torch.from_numpy(labels))
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def measure(sides: dict[str, Step], rounds: int) -> dict[str, float]:
    """The median time of an epoch of each side, in seconds."""
    clock = process_time if ALONE else perf_counter
    tokens, labels = tweets()
    order = np.random.default_rng(2).permutation(TWEETS)
    position = 0

    def train(step: Step, batches: int) -> float:
        nonlocal position
        start = clock()
        for _ in range(batches):
            batch = order[position : position + BATCH]
            step(tokens[batch], labels[batch])
            position = (position + BATCH) % (TWEETS - BATCH)
        return (clock() - start) / batches

    batches = {}
    for name, step in sides.items():
        train(step, 20)
        batches[name] = max(5, round(SECONDS / train(step, 10)))
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, step in sides.items():
            times[name].append(train(step, batches[name]))
    return {name: median(found) * BATCHES for name, found in times.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", metavar="CELL", help="of rnn, lstm, gru (default: all)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="rounds (default: 5)")
    parser.add_argument("--here", action="store_true", help="in this process, with the threads it was given")
    asked = parser.parse_args()
    if not asked.here:
        # The libraries read how many threads they may take when they are loaded, so it has to be said to a new Python.
        command = [sys.executable, *sys.argv, "--here"]
        return max(subprocess.run(command, env={**os.environ, **more}).returncode for more in (ONE_THREAD, {}))
    if torch is not None and ALONE:
        torch.set_num_threads(1)
    print("on one thread" if ALONE else f"on the threads that the libraries take ({os.cpu_count()} processors)")
    behind = False
    for line in LINES:
        if asked.cells and line.cell not in asked.cells:
            continue
        sides: dict[str, Step] = {"rnncalc": drawn(line).step}
        if torch is not None:
            sides |= {"PyTorch": pytorch(line, fused=False), "PyTorch, fused Adam": pytorch(line, fused=True)}
        times = measure(sides, asked.rounds)
        told = ", ".join(f"{name} {seconds:5.2f} s" for name, seconds in times.items())
        if torch is not None:
            ratio = min(seconds for name, seconds in times.items() if name != "rnncalc") / times["rnncalc"]
            behind |= ratio < 1
            told += f", ratio {ratio:.2f}"
        print(f"  {line!s:32} {told}", flush=True)
    return int(behind)


if __name__ == "__main__":
    sys.exit(main())
