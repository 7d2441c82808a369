"""What a training begins from: the network that was meant, and the text that it learns."""

from __future__ import annotations

import math
from typing import NamedTuple

from rnncalc.language.trees import Array
from rnncalc.network.problem import Problem
from rnncalc.network.tokens import joined, tokens_of, vocabulary_of
from rnncalc.problems.choice import Choice
from rnncalc.problems.choose import Chooser, choose
from rnncalc.text.text import WORD, encode

HIDDEN = 100
"""The hidden units that a network for a long text has unless another number is typed."""
_SHOWN = 26
RATE, GATED_RATE = 0.03, 0.05
"""What Adam learns a long text best with, times √hidden: a simple cell, and one with gates (docs/training.md)."""


class Start(NamedTuple):
    """The problem with its first weights, the tokens of the text, and what should be said about the choice."""

    problem: Problem
    tokens: Array
    notes: list[str]


def start(choice: Choice, choose: Chooser = choose) -> Start:
    """What was meant: the text that was typed, or that of the template or model, and a network for it.

    ``choose`` finds the network; that of rnncalc.tweets.choose knows models of tweets too.

    A network for a long text is drawn with as many units as typed, else 100, and its weights are made smaller, uniform
    in ±1/√hidden, so that no unit begins saturated. Raises ProblemError and FileError as :func:`choose` does, and
    ProblemError for tokens that a template's vocabulary lacks.
    """
    kind = choice.tokens or "letters"
    drawn = choice.template is None and choice.weights is None
    read = tokens_of(choice.text or "", kind)
    if choice.text is None or len(read) <= WORD:
        problem, notes = choose(choice)
        text = _text_of(problem)
    elif drawn:
        vocabulary = vocabulary_of(read) if choice.vocabulary is None else choice.tokens_in_vocabulary()
        hidden = choice.hidden or HIDDEN
        shown = joined(read[:_SHOWN], kind)
        problem, notes = choose(choice.replace(text=shown, vocabulary=vocabulary, hidden=hidden))
        problem = _scaled(problem)
        text = read
    else:
        problem, notes = choose(choice.replace(text=None))
        text = tokens_of(choice.text, problem.tokens)
    return Start(problem, encode(joined(text, problem.tokens), problem.vocabulary, problem.tokens), notes)


def usual_optimizer(
    problem: Problem, tokens: Array, optimizer: str | None = None, eta: float | None = None
) -> tuple[str, float]:
    """The optimizer and its rate, where they are not given: a word learns by adagrad with the problem's eta; a long
    text by adam with 0.03/√hidden, or 0.05/√hidden for a cell with gates, and so by rmsprop."""
    long = len(tokens) > WORD
    optimizer = optimizer or ("adam" if long else "adagrad")
    if eta is None and long and optimizer in ("adam", "rmsprop"):
        eta = float(f"{(RATE if problem.cell == 'rnn' else GATED_RATE) / math.sqrt(problem.hidden):.2g}")
    return optimizer, problem.eta if eta is None else eta


def _text_of(problem: Problem) -> tuple[str, ...]:
    """The whole text of a problem: what it reads, and the last token that it wants."""
    last = problem.targets[-1]
    read = [token for token in problem.inputs if isinstance(token, str)]
    return (*read, *([last] if isinstance(last, str) and problem.predicts_tokens else []))


def _scaled(problem: Problem) -> Problem:
    """Weights so small that sums of as many as there are units stay around 1."""
    share = 1 / math.sqrt(problem.hidden)
    smaller = problem.with_arrays({name: weight * share for name, weight in problem.weights.items()})
    return smaller.replace(source=f"{problem.source}, then divided by √{problem.hidden}")
