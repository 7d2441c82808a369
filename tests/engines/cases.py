"""The problems whose workbooks the engines calculate, and what NumPy says of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from engines.package import Package

from rnncalc import Problem, Trace, backward, forward, update
from rnncalc.workbook.write.export import export

STYLES = ("cells", "matrix")
draw, hello = Problem.draw, Problem.template("hello")
NUMBERS = [[0.5, -1.0], [0.0, 2.0], [-0.25, 0.125]]
FORTY = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"


@dataclass(frozen=True)
class Case:
    """A problem and the options of its workbook; ``small`` ones are for the slow engine too."""

    problem: Problem
    through: str = "update"
    truncate: int | None = None
    clipping: dict[str, float] = field(default_factory=dict)
    small: bool = False

    def file(self, style: str) -> bytes:
        options: dict[str, Any] = {"through": self.through, "truncate": self.truncate, **self.clipping}
        layout, _, formulas = style.rpartition(" ")
        return export(self.problem, formulas=formulas, layout=layout or "both", **options)

    def trace(self) -> Trace:
        """NumPy's figures, by the functions that the library offers."""
        problem = self.problem
        if self.through == "forward":
            return Trace(problem, [q for q in forward(problem).values() if q.stage != "loss"])
        if self.through == "loss":
            return forward(problem)
        trace = backward(problem, self.truncate)
        return trace if self.through == "backward" else update(trace, **self.clipping)

    @property
    def typed(self) -> set[str]:
        """The quantities that stand as plain numbers, to be changed."""
        problem, numbers = self.problem, set[str]()
        for family, told in (("x", problem.inputs), ("target", problem.targets)):
            numbers |= {f"{family}_{t}" for t, one in enumerate(told, 1) if isinstance(one, np.ndarray)}
        return numbers | {q.name for q in self.trace().values() if q.rule is None and not q.step}

    @property
    def input_sheets(self) -> set[str]:
        """The sheets of what is given: weights are on the Board, but for wide ones; a large one has its own."""
        wide = {name for name, weight in self.problem.weights.items() if weight.size > 2000}
        return {"Inputs", "Board"} | {name for name in wide if self.problem.weights[name].shape[1] > 20}

    @property
    def token_rows(self) -> dict[str, str]:
        """What Check calls each row of tokens that may be changed, by the row's name."""
        problem = self.problem
        wanted = "classes" if problem.classes else problem.tokens
        rows = {"letters": f"{problem.tokens} read"} if problem.vocabulary else {}
        return rows | ({"wanted": f"target {wanted}"} if any(isinstance(t, str) for t in problem.targets) else {})


CASES = {
    "hello": Case(hello),
    "hello, targets last": Case(hello.replace(targets=(None, None, None, "o"))),
    "shifted softmax": Case(hello.replace(softmax="shifted")),
    "shifted softmax, a vocabulary of 40, mean": Case(
        draw("aNb", hidden=2, vocabulary=FORTY, softmax="shifted", loss_reduction="mean")
    ),
    "shifted softmax of large scores": Case(
        draw("abca", hidden=2, activation="linear", h_0=[900.0, -700.0], softmax="shifted")
    ),
    "shifted softmax, shares of 1": Case(
        draw(
            inputs=NUMBERS, hidden=2, classes=3, softmax="shifted",
            targets=[[0.2, 0.5, 0.3], "", [0.0, 0.75, 0.25]],
        ),
    ),
    "shifted softmax with squared error": Case(
        draw(
            inputs=NUMBERS[:2], hidden=1, classes=("low", "high"), loss="squared-error", softmax="shifted",
            targets=["low", "high"],
        ),
    ),
    "shares of 1": Case(
        draw(
            inputs=NUMBERS, hidden=2, classes=3, loss_reduction="mean",
            targets=[[0.2, 0.5, 0.3], "", [0.0, 0.75, 0.25]],
        ),
    ),
    "600 classes": Case(
        draw("ab", hidden=1, classes=600, output_at="last", targets=[[0.25, 0.75] + [0.0] * 598]), through="backward"
    ),
    "pencil": Case(Problem.template("pencil")),
    "matrix Whh": Case(draw("hello")),
    "scalar Whh": Case(draw("banana", hidden=2, recurrent="scalar")),
    "relu": Case(draw("aba", hidden=2, activation="relu")),
    "sigmoid": Case(draw("aba", hidden=2, activation="sigmoid")),
    "linear": Case(draw("abca", activation="linear")),
    "one unit": Case(draw("abca", hidden=1)),
    "one step": Case(draw("ab")),
    "one unit, one step": Case(draw("Hh", hidden=1), small=True),
    "one letter": Case(draw("aaa", hidden=2)),
    "30 steps": Case(draw("ab" * 15 + "a", hidden=2)),
    "a vocabulary of 40": Case(draw("aNb", hidden=2, vocabulary=FORTY)),
    "16 units": Case(draw("abca", hidden=16)),
    "9 units, 10 letters": Case(draw("abc", hidden=9, vocabulary="abcdefghij", output_bias=True)),
    "Hh": Case(draw("HhHH", hidden=2)),
    "=+-@": Case(draw("=+-@", hidden=1)),
    "a b": Case(draw("a b  a", hidden=2)),
    "digits": Case(draw("2024", hidden=2)),
    "emoji": Case(draw("😀é😀日👍", hidden=2)),
    "'1TRUE": Case(draw("'1TRUE", hidden=2)),
    "wildcards": Case(draw("*?~a*", hidden=2)),
    "markup": Case(draw("<&\">'", hidden=2)),
    "newlines, tabs and control characters": Case(draw("a\nb\tc\0", hidden=2)),
    "pictures beside what they show": Case(draw("a ␣\n↵ ", hidden=2)),
    "h_0 random, output bias": Case(draw("aba", hidden=2, h_0="random", output_bias=True)),
    "mean": Case(hello.replace(loss_reduction="mean")),
    "some targets, mean": Case(hello.replace(targets=("e", None, "l", None), loss_reduction="mean")),
    "clip": Case(hello, clipping={"clip": 0.1}),
    "clip_norm above the norm": Case(draw("abca", output_bias=True), clipping={"clip_norm": 1000.0}),
    "clip_norm below the norm": Case(hello, clipping={"clip_norm": 0.25}),
    "truncate": Case(draw("banana", hidden=2), truncate=2),
    "truncate to one step": Case(hello, truncate=1),
    "lstm": Case(Problem.template("lstm")),
    "lstm, one unit": Case(draw("Hh", hidden=1, cell_kind="lstm"), small=True),
    "lstm, states random, output bias, targets last": Case(
        draw("aba", hidden=2, cell_kind="lstm", h_0="random", output_bias=True, targets="last")
    ),
    "lstm, mean, clip": Case(draw("abcab", cell_kind="lstm", loss_reduction="mean"), clipping={"clip": 0.02}),
    "lstm, relu, truncate": Case(draw("banana", hidden=2, cell_kind="lstm", activation="relu"), truncate=2),
    "gru": Case(Problem.template("gru")),
    "gru, targets last": Case(draw("aba", hidden=2, cell_kind="gru", targets="last")),
    "gru, mean, clip_norm": Case(draw("abcab", cell_kind="gru", loss_reduction="mean"), clipping={"clip_norm": 0.1}),
    "gru, reset after": Case(draw("hello", cell_kind="gru", reset_after=True)),
    "gru, reset after, one unit": Case(draw("ab", hidden=1, cell_kind="gru", reset_after=True), small=True),
    "gru, reset after, 9 units": Case(draw("abc", hidden=9, cell_kind="gru", reset_after=True, output_bias=True)),
    "numbers read, squared error": Case(
        draw(
            inputs=NUMBERS, hidden=2, classes=2, output_function="linear", output_bias=True,
            targets=[[0.5, -1.0], "", [0.25, 2.0]],
        ),
    ),
    "numbers read, softmax with squared error, mean": Case(
        draw(
            inputs=NUMBERS, hidden=2, classes=("low", "high"), loss="squared-error", loss_reduction="mean",
            targets=["low", "high", "low"],
        ),
        clipping={"clip_norm": 0.05},
    ),
    "binary cross-entropy": Case(
        draw(inputs=NUMBERS, hidden=2, classes=2, output_function="sigmoid", targets=[[1.0, 0.0], [0.25, 1.0], ""]),
    ),
    "one output, sigmoid, at the last step": Case(
        draw(inputs=NUMBERS, hidden=2, classes=1, output_function="sigmoid", output_at="last", targets=[[1.0]]),
        small=True,
    ),
    "sigmoid with squared error": Case(
        draw(
            inputs=NUMBERS[:2], hidden=1, classes=1, output_function="sigmoid", loss="squared-error",
            targets=[[1.0], [0.0]],
        ),
    ),
    "words, embedding, classes at the last step": Case(
        draw(
            "a good good film", tokens="words", hidden=2, embedding=2, classes=("negative", "positive"),
            output_at="last", targets=["positive"], head=[3, 2], head_activation=["relu", "sigmoid"],
        ),
    ),
    "words, classes named like words": Case(
        draw("yes no yes", tokens="words", hidden=1, embedding=1, classes=("no", "No"), targets=["no", "", "No"]),
    ),
    "two layers of lstm, states random": Case(
        draw("abca", hidden=2, layers=2, cell_kind="lstm", h_0="random", output_bias=True), truncate=2
    ),
    "gru on lstm on rnn, a head, mean": Case(
        draw(
            "abab", hidden=2, layers=3, cell_kind=("rnn", "lstm", "gru"), activation=("relu", "tanh", "sigmoid"),
            reset_after=True, head=[2], head_activation="linear", loss_reduction="mean",
        ),
        clipping={"clip": 0.05},
    ),
    "9 units, a head of 10": Case(draw("abc", hidden=9, layers=2, embedding=9, head=[10], output_bias=True)),
    "losses at odd steps": Case(
        draw(
            inputs=[*NUMBERS, *NUMBERS], hidden=2, classes=3,
            targets=[[0.0, 1.0, 0.0], "", [0.5, 0.0, 0.5], "", [0.0, 0.0, 1.0], ""],
        ),
    ),
    "no output": Case(draw("aba", hidden=2, cell_kind="gru", output_at="none"), through="forward", small=True),
    "generated letters": Case(draw("ab", hidden=2, generate=3), through="forward", small=True),
    "generated letters, backward": Case(draw("abc", hidden=2, generate=2, targets=["b", "c", "a", "", "b"])),
    "generated words": Case(
        draw("a good film", tokens="words", hidden=2, layers=2, embedding=2, generate=3), through="forward"
    ),
    "generated numbers": Case(
        draw(
            inputs=NUMBERS, hidden=2, classes=2, output_function="linear", generate=3,
            targets=[[0.0, 0.0], "", [1.0, 0.0], "", "", [1.0, -1.0]],
        ),
    ),
    "one letter, generated": Case(draw("aa", hidden=1, generate=2, targets="none"), through="forward", small=True),
    "a weight on a sheet of its own": Case(
        draw(inputs=NUMBERS[:2], hidden=46, classes=2, output_at="last"), through="forward"
    ),
    "no targets": Case(draw("aab", targets="none"), through="forward", small=True),
    "through forward": Case(hello, through="forward"),
    "through loss": Case(hello, through="loss"),
    "through backward": Case(hello, through="backward"),
}  # fmt: skip


@cache
def file(name: str, style: str) -> bytes:
    """The workbook of a case."""
    return CASES[name].file(style)


@cache
def package(name: str, style: str) -> Package:
    """The same, opened; not to be changed."""
    return Package(file(name, style))
