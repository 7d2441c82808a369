"""Problem as the library offers it, with the ways in which one is made and written.

These stand in folders above that of Problem itself, which imports nothing from above; so they are put in their place
here, when ``rnncalc.Problem`` is first used. Inside the package the functions are called where they stand.
"""

from __future__ import annotations

from typing import Any

from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity
from rnncalc.network.trace import Trace
from rnncalc.problems import templates
from rnncalc.problems.choice import Choice
from rnncalc.problems.draw import draw
from rnncalc.problems.template_writer import to_toml
from rnncalc.tweets.choose import choose

__all__ = ["Problem"]

_NAMES = {"cell_kind": "cell", "h_0": "h0"}
"""The settings that Problem.draw calls otherwise."""


def _template(name: str) -> Problem:
    """A template of rnncalc's own by name ("hello"), or a TOML file by path; see docs/templates.md."""
    return templates.load(name).problem


def _draw(text: str = "", **options: Any) -> Problem:
    """A problem with weights drawn from a seed, for a text or for ``inputs``; see rnncalc.problems.settings.

    ``cell_kind`` is the setting cell, and ``h_0`` the setting h0. Raises TypeError for a name that draws nothing.
    """
    names = {_NAMES.get(name, name): value for name, value in options.items()}
    for name in names.keys() & {"template", "weights", "order", "layout"}:
        raise TypeError(f"{name} is no setting of a problem that is drawn.")
    return draw(Choice(text=text, **names))


def _saved(file: str, **typed: Any) -> Problem:
    """The network of saved weights (.keras, .h5, .safetensors, .pt, .npz); ``typed`` says what a file leaves open,
    by the names of rnncalc.problems.settings: text or inputs, vocabulary, classes, activation and the like."""
    return choose(Choice(weights=file, **typed))[0]


Problem.template = staticmethod(_template)
Problem.draw = staticmethod(_draw)
Problem.saved = staticmethod(_saved)
Problem.to_toml = to_toml


def _problem_html(problem: Problem) -> str:
    from rnncalc.render.notebook import problem_html

    return problem_html(problem)


def _trace_html(trace: Trace) -> str:
    from rnncalc.render.notebook import trace_html

    return trace_html(trace)


def _quantity_html(quantity: Quantity) -> str:
    from rnncalc.render.notebook import quantity_html

    return quantity_html(quantity)


# Loaded late: pages are drawn for notebooks alone.
Problem._repr_html_ = _problem_html
Trace._repr_html_ = _trace_html
Quantity._repr_html_ = _quantity_html
