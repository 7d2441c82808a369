"""How fast the trainer is, beside the minimal NumPy char-RNN and PyTorch: all in one process, in turns, on one thread.

    python tests/benchmark/training.py              every line
    python tests/benchmark/training.py rnn lstm     those of these cells
    python tests/benchmark/training.py --rounds 9   more rounds than the usual 5

Each line trains both sides for a while, then measures them in turns, and prints the median time of a letter of each and
the ratio: how many times as fast the trainer is. Time is the process's own, whatever else the machine does. Lines with
PyTorch are skipped where it is not installed. Ends in 0 where every ratio reaches what it should, else in 1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from random import Random
from statistics import median
from string import ascii_letters
from time import process_time
from typing import Any, NamedTuple

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
if __name__ == "__main__" and any(os.environ.get(name) != number for name, number in ONE_THREAD.items()):
    # The libraries read it when they are loaded, so it has to be said to a new Python.
    sys.exit(subprocess.run([sys.executable, *sys.argv], env={**os.environ, **ONE_THREAD}).returncode)

import numpy as np  # noqa: E402

from rnncalc import Problem  # noqa: E402
from rnncalc.text import Trainer, encode  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

LETTERS = ascii_letters + " .,;:!?'-\n3&"
WINDOW, ETA, CLIP = 25, 0.01, 5.0
SECONDS = 0.25
"""What a round of one side takes, about."""

Step = Callable[[], float]


class Line(NamedTuple):
    """A measurement: our side's cell, size, streams and kind of numbers, the other side, and the ratio to reach."""

    cell: str
    hidden: int
    streams: int
    dtype: str
    other: str
    least: float


LINES = (
    *(Line("rnn", hidden, 1, "float64", "plain", least) for hidden, least in ((16, 6), (100, 4.5), (256, 3.5))),
    *(Line("rnn", hidden, 1, "float32", "plain", 7) for hidden in (16, 100, 256)),
    Line("rnn", 100, 32, "float64", "plain", 12),
    Line("rnn", 100, 32, "float32", "plain", 25),
    *(
        Line(cell, hidden, streams, "float64", "PyTorch", least)
        for cell in ("lstm", "gru")
        for streams, hidden, least in ((1, 16, 8), (1, 100, 4), (32, 16, 2), (32, 100, 1))
    ),
)


def text(length: int = 200_000, seed: int = 1) -> str:
    """Made-up words, a few of them often and many seldom, with every letter somewhere."""
    random = Random(seed)
    words = ["".join(random.choices(LETTERS, k=random.randint(1, 9))) for _ in range(2000)]
    drawn = random.choices(words, weights=[1 / rank for rank in range(1, len(words) + 1)], k=length // 4)
    return (LETTERS + " ".join(drawn))[:length]


def network(cell: str, hidden: int) -> Problem:
    """Small weights, as trainings begin with, and a bias everywhere; a gru as PyTorch computes it."""
    settings: dict[str, Any] = {"cell_kind": cell, "hidden": hidden, "output_bias": True, "eta": ETA}
    drawn = Problem.draw("ab", vocabulary=LETTERS, reset_after=cell == "gru", **settings)
    return drawn.replace(weights={name: value / 10 for name, value in drawn.weights.items()})


# ── the three sides: each gives a function that trains one window and gives its loss ──────────────────────────────────


def ours(problem: Problem, tokens: Any, line: Line) -> Step:
    return Trainer(problem, tokens, window=WINDOW, streams=line.streams, clip=CLIP, dtype=line.dtype).step


def plain(problem: Problem, tokens: Any) -> Step:
    """The minimal char-RNN in NumPy, as plainly as it is read everywhere: one column and one product at a time."""
    Wxh, Whh, bh, Why, by = (problem.weights[name].copy() for name in ("Wxh", "Whh", "bh", "Why", "by"))
    parameters = [Wxh, Whh, bh, Why, by]
    memories = [np.zeros_like(parameter) for parameter in parameters]
    size, letters = len(bh), len(by)

    def gradients(inputs: list[int], targets: list[int], h_before: Any) -> tuple[float, list[Any], Any]:
        xs: dict[int, Any] = {}
        hs: dict[int, Any] = {-1: np.copy(h_before)}
        ps: dict[int, Any] = {}
        loss = 0.0
        for t in range(len(inputs)):
            xs[t] = np.zeros((letters, 1))
            xs[t][inputs[t]] = 1
            hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t - 1]) + bh)
            y = np.dot(Why, hs[t]) + by
            ps[t] = np.exp(y) / np.sum(np.exp(y))
            loss += -np.log(ps[t][targets[t], 0])
        dWxh, dWhh, dbh, dWhy, dby = (np.zeros_like(parameter) for parameter in parameters)
        dh_next = np.zeros_like(hs[0])
        for t in reversed(range(len(inputs))):
            dy = np.copy(ps[t])
            dy[targets[t]] -= 1
            dWhy += np.dot(dy, hs[t].T)
            dby += dy
            dh = np.dot(Why.T, dy) + dh_next
            da = (1 - hs[t] * hs[t]) * dh
            dbh += da
            dWxh += np.dot(da, xs[t].T)
            dWhh += np.dot(da, hs[t - 1].T)
            dh_next = np.dot(Whh.T, da)
        found = [dWxh, dWhh, dbh, dWhy, dby]
        for gradient in found:
            np.clip(gradient, -CLIP, CLIP, out=gradient)
        return loss, found, hs[len(inputs) - 1]

    data = "".join(LETTERS[token] for token in tokens)
    places = {letter: place for place, letter in enumerate(LETTERS)}
    position, h = 0, np.zeros((size, 1))

    def step() -> float:
        nonlocal position, h
        if position + WINDOW + 1 >= len(data):
            position, h = 0, np.zeros((size, 1))
        inputs = [places[letter] for letter in data[position : position + WINDOW]]
        targets = [places[letter] for letter in data[position + 1 : position + WINDOW + 1]]
        loss, found, h = gradients(inputs, targets, h)
        for parameter, gradient, memory in zip(parameters, found, memories, strict=True):
            memory += gradient * gradient
            parameter += -ETA * gradient / np.sqrt(memory + 1e-8)
        position += WINDOW
        return float(loss)

    return step


def pytorch(problem: Problem, tokens: Any, line: Line) -> Step:
    """PyTorch's own layer with a linear output and its Adagrad."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
    kind = getattr(torch, line.dtype)
    layer = (torch.nn.LSTM if line.cell == "lstm" else torch.nn.GRU)(len(LETTERS), line.hidden, dtype=kind)
    output = torch.nn.Linear(line.hidden, len(LETTERS), dtype=kind)
    parameters = [*layer.parameters(), *output.parameters()]
    optimizer = torch.optim.Adagrad(parameters, lr=ETA)
    length = (len(tokens) - 1) // line.streams
    rows = torch.from_numpy(tokens[: length * line.streams].reshape(line.streams, length).T.copy())
    one_hot = torch.eye(len(LETTERS), dtype=kind)
    states: Any = None
    position = 0

    def step() -> float:
        nonlocal position, states
        if position + WINDOW + 1 > length:
            position, states = 0, None
        targets = rows[position + 1 : position + WINDOW + 1].reshape(-1)
        optimizer.zero_grad()
        h, states = layer(one_hot[rows[position : position + WINDOW]], states)
        states = tuple(one.detach() for one in states) if line.cell == "lstm" else states.detach()
        scores = output(h.reshape(-1, line.hidden))
        loss = torch.nn.functional.cross_entropy(scores, targets, reduction="sum") / line.streams
        loss.backward()
        torch.nn.utils.clip_grad_value_(parameters, CLIP)
        optimizer.step()
        position += WINDOW
        return loss.item()

    return step


# ── the measuring ─────────────────────────────────────────────────────────────────────────────────────────────────────


def steps_of_a_round(step: Step) -> int:
    """Warm up, and find how many windows a round takes."""
    start = process_time()
    done = next(n for n in count(1) if step() and n >= 3 and process_time() - start > SECONDS)
    return max(3, done)


def seconds(step: Step, steps: int) -> float:
    start = process_time()
    for _ in range(steps):
        step()
    return (process_time() - start) / steps


def measure(line: Line, tokens: Any, rounds: int) -> tuple[float, float]:
    """The seconds per letter of both, medians of rounds in which they take turns."""
    problem = network(line.cell, line.hidden)
    mine = ours(problem, tokens, line)
    other = plain(problem, tokens) if line.other == "plain" else pytorch(problem, tokens, line)
    if line == LINES[0]:
        assert np.isclose(mine(), other(), rtol=1e-12, atol=0), "The two compute other numbers."
    steps = steps_of_a_round(mine), steps_of_a_round(other)
    pairs = [(seconds(mine, steps[0]), seconds(other, steps[1])) for _ in range(rounds)]
    letters = WINDOW * line.streams
    others = WINDOW if line.other == "plain" else letters
    return median(pair[0] for pair in pairs) / letters, median(pair[1] for pair in pairs) / others


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the trainer beside a plain char-RNN and PyTorch.")
    parser.add_argument("cells", nargs="*", help="measure these only: rnn, lstm, gru")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    tokens = encode(text(), LETTERS)
    print("cell  units  streams  numbers  other       trainer       other   ratio   least")
    within = True
    for line in LINES:
        if arguments.cells and line.cell not in arguments.cells:
            continue
        start = f"{line.cell:<6}{line.hidden:>5}{line.streams:>9}  {line.dtype:<9}{line.other:<8}"
        if line.other == "PyTorch" and torch is None:
            print(f"{start}  skipped: PyTorch is not installed")
            continue
        mine, other = measure(line, tokens, arguments.rounds)
        ratio = other / mine
        within &= ratio >= line.least
        verdict = "ok" if ratio >= line.least else "UNDER"
        print(f"{start}{mine * 1e6:>8.2f} µs{other * 1e6:>9.2f} µs{ratio:>8.2f}{line.least:>8g}  {verdict}", flush=True)
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
