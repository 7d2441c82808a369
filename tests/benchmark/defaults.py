"""How well the defaults of ``rnncalc train --text`` learn, beside the settings of the minimal character-level RNN.

    python tests/benchmark/defaults.py              every line
    python tests/benchmark/defaults.py rnn gru      those of these cells
    python tests/benchmark/defaults.py --windows N  so many windows instead of 4,000

The other side has the settings that everyone reads: weights 0.01 times normal numbers, biases of 0, Adagrad with 0.1,
gradients clipped to ±5. Both read the same windows of 25 letters of three texts: these docs, this package's code, and
made-up words. What is shown is the loss per letter in nats, the mean of the second half of the windows. Ends in 0 where
the mean of the losses is lower with the defaults for every cell, else in 1; where a line is behind, it says so.
"""

from __future__ import annotations

import argparse
import sys
from itertools import product
from pathlib import Path
from random import Random
from string import ascii_lowercase

import numpy as np

from rnncalc import Problem
from rnncalc.problems.choose import Choice
from rnncalc.text import Trainer
from rnncalc.text.start import start, usual_optimizer

PLACE = Path(__file__).parents[2]
CELLS, SIZES, WINDOW = ("rnn", "lstm", "gru"), (32, 100, 256), 25


def files(pattern: str, most: int = 300_000) -> str:
    """The text of some files of this repository, one after the other."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(PLACE.glob(pattern)))[:most]


def made_up(length: int = 300_000) -> str:
    """Words of a language that there is not, a few of them often and many seldom."""
    random = Random(1)
    words = ["".join(random.choices(ascii_lowercase, k=random.randint(1, 9))) for _ in range(2000)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    return " ".join(random.choices(words, weights=weights, k=length // 5))[:length]


def minimal(problem: Problem) -> Problem:
    """The same network with the weights that the minimal trainer begins with."""
    random = np.random.default_rng(0)
    weights = {
        name: random.standard_normal(value.shape) * 0.01 if name.startswith("W") else np.zeros(value.shape)
        for name, value in problem.weights.items()
    }
    weights["by"] = np.zeros((len(problem.vocabulary), 1))
    return problem.replace(weights=weights)


def loss(trainer: Trainer, windows: int) -> float:
    """The mean loss of a letter over the second half of so many windows."""
    losses = [trainer.step() for _ in range(windows)]
    return float(np.mean(losses[windows // 2 :])) / WINDOW


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", metavar="CELL", help=f"of {', '.join(CELLS)} (default: all)")
    parser.add_argument("--windows", type=int, default=4000, help="how many (default: 4000)")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="hidden units (default: 32 100 256)")
    asked = parser.parse_args()
    texts = {"docs": files("docs/*.md"), "code": files("rnncalc/**/*.py"), "made-up": made_up()}
    print("cell  units  text     defaults            minimal")
    sums = {cell: [0.0, 0.0] for cell in CELLS}
    for cell, hidden, (name, text) in product(asked.cells or CELLS, asked.sizes, texts.items()):
        problem, tokens, _ = start(Choice(text=text, cell=cell, hidden=hidden))
        optimizer, eta = usual_optimizer(problem, tokens)
        ours = loss(Trainer(problem, tokens, optimizer=optimizer, eta=eta), asked.windows)
        other = Trainer(minimal(problem), tokens, optimizer="adagrad", eta=0.1, clip=5.0)
        theirs = loss(other, asked.windows)
        sums[cell][0] += ours
        sums[cell][1] += theirs
        behind = "  behind" if ours > theirs else ""
        print(f"{cell:<6}{hidden:>5}  {name:<8}{ours:>7.3f} ({optimizer} {eta:g}){theirs:>12.3f}{behind}", flush=True)
    return int(any(ours > theirs for ours, theirs in sums.values()))


if __name__ == "__main__":
    sys.exit(main())
