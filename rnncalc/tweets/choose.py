"""Which problem a command line means, where the file of weights may be a model of tweets too."""

from __future__ import annotations

from collections.abc import Sequence

from rnncalc.errors import ProblemError
from rnncalc.network.problem import Problem
from rnncalc.problems import choose as problems
from rnncalc.problems.choice import Choice
from rnncalc.problems.model_file import TWEETS


def choose(choice: Choice, from_file: Problem | None = None) -> tuple[Problem, list[str]]:
    """As :func:`rnncalc.problems.choose.choose`; of a model of tweets the problem of one tweet."""
    return problems.choose(choice, from_file, {TWEETS: tweet})


def choose_cells(choice: Choice, kinds: Sequence[str]) -> tuple[list[Problem], list[str]]:
    """As :func:`rnncalc.problems.choose.choose_cells`; of a model of tweets the problem of one tweet."""
    return problems.choose_cells(choice, kinds, {TWEETS: tweet})


def tweet(choice: Choice) -> Problem:
    """The problem of one tweet by a model of tweets, which cleans its text and knows its words.

    Raises ProblemError for an option that does not go with a tweet, FileError for a file that is damaged.
    """
    from rnncalc.tweets.model import problem_of  # late, because most commands read no model of tweets

    other = [name for name in choice.drawing if name != "tokens"]
    if other or choice.tokens == "letters" or choice.inputs is not None:
        option = (other or ["tokens" if choice.tokens else "inputs"])[0].replace("_", "-")
        raise ProblemError("weights", f"{choice.weights} reads the words of a tweet. Leave out --{option}.")
    label = choice.targets if choice.targets not in (None, "none") else None
    base = problem_of(choice.weights or "", choice.text, label)
    return problems.adapted(choice.replace(text=None, targets=None, tokens=None), base)
