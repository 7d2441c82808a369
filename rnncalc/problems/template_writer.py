"""A problem written as the TOML of a template."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from rnncalc.errors import RnncalcError
from rnncalc.io.toml_text import to_lines, to_value
from rnncalc.language.trees import Array
from rnncalc.network.choices import DEFAULT_LOSS
from rnncalc.network.problem import Problem
from rnncalc.network.tokens import joined, tokens_of
from rnncalc.problems.targets import follows_its_text

_WRITTEN = ("cell", "activation", "head", "classes", "output_at", "output_function")
_ALWAYS = ("cell", "activation")
"""What is written even where it is what it would be without."""


def to_toml(problem: Problem, title: str = "", weights_file: str = "") -> str:
    """Write a problem as a template; reading it back gives the same problem, number for number.

    With ``weights_file`` its arrays are left to that file, see :func:`rnncalc.weights.own_file.arrays_to_bytes`.
    """
    plain = {f.name: f.default for f in fields(Problem)}
    settings = {key: getattr(problem, key) for key in _WRITTEN}
    has_own_loss = problem.loss != DEFAULT_LOSS[problem.output_function] and (
        problem.has_loss or problem.loss == "none"
    )
    lines = [
        *to_lines({"title": title or None}),
        *_read_lines(problem),
        *to_lines({key: value for key, value in settings.items() if key in _ALWAYS or value != plain[key]}),
        *to_lines(
            {
                "softmax": problem.softmax or None,
                "targets": _targets(problem),
                "loss": problem.loss if has_own_loss else None,
                "loss_reduction": problem.loss_reduction,
                "generate": problem.generated or None,
                "eta": problem.eta,
                "weights_file": weights_file or None,
            }
        ),
    ]
    if not weights_file:
        lines += ["", "[weights]", *(_table_lines(key, value) for key, value in problem.arrays().items())]
    if problem.labels:
        lines += ["", "[labels]", *to_lines(problem.labels)]
    return "\n".join(lines) + "\n"


def _read_lines(problem: Problem) -> list[str]:
    """What is read: the text and its vocabulary, or the numbers of every step."""
    if not problem.vocabulary:
        rows = [
            f"    {to_value(column[:, 0].tolist())}," for column in problem.inputs if isinstance(column, np.ndarray)
        ]
        return ["inputs = [", *rows, "]"]
    words = problem.tokens == "words"
    read = [token for token in problem.inputs if isinstance(token, str)]
    whole = [*read, str(problem.targets[-1])] if follows_its_text(problem) else read
    text, vocabulary = joined(whole, problem.tokens), joined(problem.vocabulary, problem.tokens)
    if tokens_of(text, problem.tokens) != tuple(whole):
        raise RnncalcError(
            f"The {problem.tokens} of this problem cannot be written as a text: {text!r} would be read differently."
        )
    plain = tokens_of(vocabulary, problem.tokens) == problem.vocabulary
    return [
        f"text = {to_value(text)}",
        *(['tokens = "words"'] if words else []),
        f"vocabulary = {to_value(vocabulary) if plain else to_value(problem.vocabulary)}",
    ]


def _targets(problem: Problem) -> str | list[Any]:
    """next, last or none where that says it all, else a list with an entry for each output, "" where there is none."""
    if not problem.has_loss:
        return "none"
    if follows_its_text(problem):
        return problem.target_mode
    targets = problem.targets[-1:] if problem.output_at == "last" else problem.targets
    return [
        "" if target is None else target if isinstance(target, str) else target[:, 0].tolist() for target in targets
    ]


def _table_lines(key: str, value: Array) -> str:
    rows = value.tolist()
    if value.shape == (1, 1):
        return f"{key} = {to_value(rows[0][0])}"
    if value.shape[1] == 1 and not key.startswith("W"):
        return f"{key} = {to_value([row[0] for row in rows])}"
    body = ",\n".join(f"    {to_value(row)}" for row in rows)
    return f"{key} = [\n{body},\n]"
