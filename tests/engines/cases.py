"""The problems whose workbooks the engines calculate, and what NumPy says of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from engines.package import Package

from rnncalc import Problem, Trace, backward, forward, update
from rnncalc.workbook.export import export

STYLES = ("cells", "matrix")
draw, hello = Problem.draw, Problem.template("hello")
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
        return export(self.problem, formulas=style, **options)

    def trace(self) -> Trace:
        """NumPy's figures, by the functions that the library offers."""
        problem = self.problem
        if self.through == "forward":
            return Trace(problem, [q for q in forward(problem).values() if q.stage != "loss"])
        if self.through == "loss":
            return forward(problem)
        trace = backward(problem, self.truncate)
        return trace if self.through == "backward" else update(trace, **self.clipping)


CASES = {
    "hello": Case(hello, small=True),
    "hello, targets last": Case(hello.replace(targets=(None, None, None, "o")), small=True),
    "pencil": Case(Problem.template("pencil")),
    "matrix Whh": Case(draw("hello")),
    "scalar Whh": Case(draw("banana", hidden=2, recurrent="scalar")),
    "relu": Case(draw("aba", hidden=2, activation="relu"), small=True),
    "sigmoid": Case(draw("aba", hidden=2, activation="sigmoid"), small=True),
    "linear": Case(draw("abca", activation="linear")),
    "one unit": Case(draw("abca", hidden=1)),
    "one step": Case(draw("ab")),
    "one unit, one step": Case(draw("Hh", hidden=1), small=True),
    "one letter": Case(draw("aaa", hidden=2)),
    "60 steps": Case(draw("ab" * 30 + "a", hidden=2)),
    "a vocabulary of 40": Case(draw("aNb", hidden=2, vocabulary=FORTY)),
    "16 units": Case(draw("abca", hidden=16)),
    "9 units, 10 letters": Case(draw("abc", hidden=9, vocabulary="abcdefghij", output_bias=True)),
    "Hh": Case(draw("HhHH", hidden=2)),
    "=+-@": Case(draw("=+-@", hidden=1), small=True),
    "a b": Case(draw("a b  a", hidden=2)),
    "digits": Case(draw("2024", hidden=2)),
    "emoji": Case(draw("😀é😀日👍", hidden=2)),
    "'1TRUE": Case(draw("'1TRUE", hidden=2)),
    "wildcards": Case(draw("*?~a*", hidden=2)),
    "markup": Case(draw("<&\">'", hidden=2)),
    "newlines, tabs and control characters": Case(draw("a\nb\tc\0", hidden=2)),
    "pictures beside what they show": Case(draw("a ␣\n↵ ", hidden=2)),
    "h_0 random, output bias": Case(draw("aba", hidden=2, h_0="random", output_bias=True), small=True),
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
        draw("aba", hidden=2, cell_kind="lstm", h_0="random", output_bias=True, targets="last"), small=True
    ),
    "lstm, mean, clip": Case(draw("abcab", cell_kind="lstm", loss_reduction="mean"), clipping={"clip": 0.02}),
    "lstm, relu, truncate": Case(draw("banana", hidden=2, cell_kind="lstm", activation="relu"), truncate=2),
    "gru": Case(Problem.template("gru")),
    "gru, targets last": Case(draw("aba", hidden=2, cell_kind="gru", targets="last"), small=True),
    "gru, mean, clip_norm": Case(draw("abcab", cell_kind="gru", loss_reduction="mean"), clipping={"clip_norm": 0.1}),
    "gru, reset after": Case(draw("hello", cell_kind="gru", reset_after=True)),
    "gru, reset after, one unit": Case(draw("ab", hidden=1, cell_kind="gru", reset_after=True), small=True),
    "gru, reset after, 9 units": Case(draw("abc", hidden=9, cell_kind="gru", reset_after=True, output_bias=True)),
    "no targets": Case(draw("aab", targets="none"), through="forward", small=True),
    "through forward": Case(hello, through="forward"),
    "through loss": Case(hello, through="loss"),
    "through backward": Case(hello, through="backward"),
}


@cache
def file(name: str, style: str) -> bytes:
    """The workbook of a case."""
    return CASES[name].file(style)


@cache
def package(name: str, style: str) -> Package:
    """The same, opened; not to be changed."""
    return Package(file(name, style))
