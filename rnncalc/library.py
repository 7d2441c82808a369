"""Problem as the library offers it, with the ways in which one is made and written.

These stand in folders above that of Problem itself, which imports nothing from above; so they are put in their place
here, when ``rnncalc.Problem`` is first used. Inside the package the functions are called where they stand.
"""

from __future__ import annotations

from typing import Any

from rnncalc.network.problem import Problem
from rnncalc.problems import templates
from rnncalc.problems.choice import Choice
from rnncalc.problems.draw import draw
from rnncalc.tweets.choose import choose

__all__ = ["Problem"]


def _template(name: str) -> Problem:
    """A template of rnncalc's own by name ("hello"), or a TOML file by path; see docs/templates.md."""
    return templates.load(name).problem


def _draw(text: str = "", **options: Any) -> Problem:
    """A problem with weights drawn from a seed, for a text or for ``inputs``; see rnncalc.problems.draw."""
    return draw(text, **options)


def _saved(file: str, **typed: Any) -> Problem:
    """The network of saved weights (.keras, .h5, .safetensors, .pt, .npz); ``typed`` says what a file leaves open,
    by the names of rnncalc.problems.choice.Choice: text or inputs, vocabulary, classes, activation and the like."""
    return choose(Choice(weights=file, **typed))[0]


Problem.template = staticmethod(_template)
Problem.draw = staticmethod(_draw)
Problem.saved = staticmethod(_saved)
Problem.to_toml = templates.to_toml
