"""Problem: what is given. Immutable, and checked when made."""

from __future__ import annotations

import numbers
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Self

import numpy as np

from rnncalc.cells import CELLS, cell
from rnncalc.errors import ProblemError
from rnncalc.operations import ACTIVATIONS
from rnncalc.scalars import Array
from rnncalc.suggest import did_you_mean

TARGETS = ("next", "last", "none")
REDUCTIONS = ("sum", "mean")
DEFAULT_ETA = 0.1
MAX_HIDDEN = 1024
MAX_NUMBERS = 100_000_000
"""The numbers that one trace may hold: 800 MB."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """One network and the text it reads: everything that is given.

    ``inputs``: the letter read at each step; ``targets``: the letter wanted at each step, None where there is no
    loss; ``vocabulary``: the letters in the order of the one-hot encoding; ``weights``: arrays by name (rnn: Wxh
    hidden × letters, Whh 1×1 or hidden × hidden, bh 1×1 or hidden × 1, Why letters × hidden, by letters × 1 where
    there is an output bias; lstm and gru: see rnncalc.cells); ``h_0``: the initial state, hidden × 1, and for an lstm
    ``c_0``, zeros where it is not said; ``activation``: tanh, relu, sigmoid or linear;
    ``loss_reduction``: sum or mean over the steps that have a loss; ``eta``: the learning rate; ``text``: the text as
    given, for headings; ``source``: where the problem came from, in words; ``origins``: the same for each array.

    Raises ProblemError naming the field, what it has and what it needs.
    """

    inputs: tuple[str, ...]
    targets: tuple[str | None, ...]
    vocabulary: tuple[str, ...]
    weights: Mapping[str, Array]
    h_0: Array
    c_0: Array | None = None
    cell: str = "rnn"
    activation: str = "tanh"
    loss_reduction: str = "sum"
    eta: float = DEFAULT_ETA
    text: str = ""
    source: str = ""
    origins: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        put = object.__setattr__
        for name in ("inputs", "targets", "vocabulary"):
            put(self, name, tuple(getattr(self, name)))
        _check_letters(self)
        _one_of("cell", self.cell, CELLS)
        _one_of("activation", self.activation, ACTIVATIONS)
        _one_of("loss_reduction", self.loss_reduction, REDUCTIONS)
        check_rate("eta", self.eta)
        put(self, "eta", float(self.eta))
        weights = {name: _array(name, value, column=name.startswith("b")) for name, value in self.weights.items()}
        put(self, "h_0", _array("h_0", self.h_0, column=True))
        if "c" in cell(self.cell).states:
            put(self, "c_0", _array("c_0", np.zeros_like(self.h_0) if self.c_0 is None else self.c_0, column=True))
        elif self.c_0 is not None:
            raise ProblemError("c_0", f"There is no c_0: of the cells only an lstm has one, and this is {self.cell}.")
        _check_shapes(weights, self.initial_states(), self.cell, len(self.vocabulary))
        put(self, "weights", MappingProxyType(weights))
        put(self, "origins", MappingProxyType(dict(self.origins)))
        put(self, "text", self.text or "".join(self.inputs))
        if self.numbers > MAX_NUMBERS:
            raise ProblemError(
                "text",
                f"{self.steps:,} steps of {self.hidden:,} hidden units and {len(self.vocabulary):,} letters make "
                f"{self.numbers:,} numbers; rnncalc takes up to {MAX_NUMBERS:,}. A shorter text or a smaller hidden "
                "size would be right.",
            )

    # ── what can be read off ──────────────────────────────────────────────────────────────────────────────────────

    @property
    def steps(self) -> int:
        """T, the number of letters read."""
        return len(self.inputs)

    @property
    def hidden(self) -> int:
        """The number of hidden units."""
        return int(self.h_0.shape[0])

    @property
    def recurrent(self) -> str:
        """ "scalar" where Whh is one number that all units share, else "matrix"."""
        shared = self.cell == "rnn" and self.weights["Whh"].shape == (1, 1) and self.hidden > 1
        return "scalar" if shared else "matrix"

    @property
    def output_bias(self) -> bool:
        """Whether the output has a bias."""
        return "by" in self.weights

    @property
    def has_loss(self) -> bool:
        """Whether any step has a target."""
        return any(self.targets)

    @property
    def target_mode(self) -> str:
        """next (a loss at every step), last (at the last step only), none, or some (any other pattern)."""
        wanted = [t is not None for t in self.targets]
        if all(wanted):
            return "next"
        if not any(wanted):
            return "none"
        return "last" if wanted == [False] * (self.steps - 1) + [True] else "some"

    @property
    def numbers(self) -> int:
        """How many numbers the forward trace holds, about."""
        letters = len(self.vocabulary)
        weights = sum(w.size for w in self.weights.values())
        per_unit = len(self.weights) * 2 + 2
        return weights + self.steps * (per_unit * self.hidden + 5 * letters)

    def arrays(self) -> dict[str, Array]:
        """The given arrays that can be differentiated by: weights, then initial states."""
        return {**self.weights, **self.initial_states()}

    def initial_states(self) -> dict[str, Array]:
        """The states before the first step, by name."""
        return {"h_0": self.h_0} | ({"c_0": self.c_0} if self.c_0 is not None else {})

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed, checked anew."""
        return replace(self, **changes)

    # ── where problems come from ──────────────────────────────────────────────────────────────────────────────────

    @classmethod
    def template(cls, name: str) -> Problem:
        """A template of rnncalc's own by name ("hello"), or a TOML file by path; see docs/templates.md."""
        from rnncalc.templates import load

        return load(name).problem

    @classmethod
    def draw(cls, text: str, **options: Any) -> Problem:
        """A problem with weights drawn from a seed; the options are those of :func:`rnncalc.draw.draw`."""
        from rnncalc.draw import draw

        return draw(text, **options)

    def to_toml(self, title: str = "") -> str:
        """The problem as a template."""
        from rnncalc.templates import to_toml

        return to_toml(self, title)


def letters_of(text: str) -> tuple[str, ...]:
    """The letters of a text: its Unicode code points after NFC normalisation."""
    return tuple(unicodedata.normalize("NFC", text))


def cut(text: str, targets: str) -> tuple[tuple[str, ...], tuple[str | None, ...]]:
    """Inputs and targets of a text: "next" wants the next letter at every step, "last" at the last step only, and
    "none" reads every letter and wants nothing.

    Raises ProblemError for an empty text, and for a single letter where a next one is wanted.
    """
    _one_of("targets", targets, TARGETS)
    letters = letters_of(text)
    if not letters:
        raise ProblemError("text", "The text is empty; it needs at least two letters, such as hello.")
    if targets == "none":
        return letters, (None,) * len(letters)
    if len(letters) < 2:
        raise ProblemError(
            "text",
            f"The text {text!r} has one letter, and so no next letter to predict; it needs at least two, "
            "or targets = none (--targets none).",
        )
    inputs, following = letters[:-1], letters[1:]
    if targets == "last":
        return inputs, (*(None,) * (len(inputs) - 1), following[-1])
    return inputs, following


def check_rate(name: str, value: float) -> None:
    """Raise ProblemError unless a learning rate or threshold is a finite number above 0."""
    number = not isinstance(value, bool) and isinstance(value, numbers.Real)
    if not number or not 0 < value <= sys.float_info.max:
        raise ProblemError(name, f"{name} is {value!r}; it needs a finite number above 0, such as 0.1.")


def vocabulary_of(letters: Sequence[str]) -> tuple[str, ...]:
    """The letters in order of first appearance."""
    return tuple(dict.fromkeys(letters))


def show_letters(letters: Sequence[str]) -> str:
    """Letters for a message: h, e, l, o; spaces and the like in quotes."""
    return ", ".join(c if c.isprintable() and not c.isspace() else repr(c) for c in letters)


def _one_of(name: str, value: object, known: Sequence[str] | Mapping[str, object]) -> None:
    if value not in known:
        raise ProblemError(
            name, f"{name} is {value!r}{did_you_mean(str(value), known)}; it needs one of {', '.join(known)}."
        )


def _check_letters(problem: Problem) -> None:
    vocabulary, inputs, targets = problem.vocabulary, problem.inputs, problem.targets
    if not inputs:
        raise ProblemError("text", "The text is empty; it needs at least one letter to read.")
    if len(targets) != len(inputs):
        raise ProblemError(
            "targets", f"targets has {len(targets)} letters; it needs one for each of the {len(inputs)} steps."
        )
    long = [c for c in vocabulary if not isinstance(c, str) or len(c) != 1]
    if long or not vocabulary:
        has = f"the entry {long[0]!r}" if long else "no letters"
        raise ProblemError("vocabulary", f"vocabulary has {has}; it needs single letters.")
    twice = [c for c in vocabulary if vocabulary.count(c) > 1]
    if twice:
        raise ProblemError("vocabulary", f"vocabulary has the letter {twice[0]!r} twice; it needs each letter once.")
    known = set(vocabulary)
    for name, letters in (("text", inputs), ("targets", tuple(t for t in targets if t is not None))):
        strange = vocabulary_of([c for c in letters if c not in known])
        if strange:
            raise ProblemError(
                name,
                f"{name} has {show_letters(strange)}, which the vocabulary lacks; "
                f"it needs letters out of {show_letters(vocabulary)}.",
            )


def _array(name: str, value: Any, *, column: bool = False) -> Array:
    """A read-only float64 matrix; a list of numbers is a column where ``column``, and one number is 1×1."""
    try:
        array = np.array(value, dtype=np.float64)
    except (ValueError, TypeError):
        raise ProblemError(name, f"{name} is not a table of numbers with rows of one length.") from None
    except OverflowError:
        raise ProblemError(name, f"{name} holds a number beyond float64; it needs finite numbers.") from None
    if array.ndim == 0:
        array = array.reshape(1, 1)
    elif array.ndim == 1 and column:
        array = array.reshape(-1, 1)
    if array.ndim != 2 or array.size == 0:
        raise ProblemError(name, f"{name} has shape {_shape(array)}; it needs rows and columns.")
    if not np.isfinite(array).all():
        row, col = (int(i) + 1 for i in np.argwhere(~np.isfinite(array))[0])
        found = array[row - 1, col - 1]
        raise ProblemError(name, f"{name}[{row},{col}] is {found}; it needs a finite number.")
    array = array + 0.0  # no negative zeros
    array.flags.writeable = False
    return array


def _check_shapes(weights: Mapping[str, Array], states: Mapping[str, Array], kind: str, letters: int) -> None:
    known = [*cell(kind).shapes(1, 1, "matrix"), *cell(kind).extras(1, 1), "Why", "by"]
    first = known[0]
    for name in weights:
        if name not in known:
            raise ProblemError(name, f"There is no weight {name!r}{did_you_mean(name, known)}.")
    if first not in weights:
        raise ProblemError(first, f"{first} is missing; it needs a row per hidden unit and a column per letter.")
    hidden = weights[first].shape[0]
    if hidden > MAX_HIDDEN:
        raise ProblemError(first, f"{first} has {hidden:,} rows; rnncalc takes up to {MAX_HIDDEN:,} hidden units.")
    forms = [cell(kind).shapes(hidden, letters, form) for form in ("scalar", "matrix")]
    needs: dict[str, list[tuple[int, int]]] = {
        name: list(dict.fromkeys(form[name] for form in forms)) for name in forms[0]
    }
    needs["Why"] = [(letters, hidden)]
    more = {name: [shape] for name, shape in cell(kind).extras(hidden, letters).items()}
    allowed = {**needs, **more, "by": [(letters, 1)]}
    for name, shapes in allowed.items():
        if name not in weights:
            if name in needs:
                raise ProblemError(name, f"{name} is missing; it needs shape {_or(shapes)}.")
            continue
        if weights[name].shape not in shapes:
            raise ProblemError(
                name, f"{name} has shape {_shape(weights[name])}; it needs {_or(shapes)}{_why(name, hidden, letters)}."
            )
    for name, state in states.items():
        if state.shape != (hidden, 1):
            raise ProblemError(
                name, f"{name} has shape {_shape(state)}; it needs {hidden}×1, a number for each hidden unit."
            )


def _shape(array: Array) -> str:
    return "×".join(str(n) for n in array.shape)


def _or(shapes: Sequence[tuple[int, int]]) -> str:
    return " or ".join(f"{rows}×{columns}" for rows, columns in shapes)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _why(name: str, hidden: int, letters: int) -> str:
    units, known = _count(hidden, "hidden unit"), _count(letters, "letter")
    match name:
        case "Why":
            return f", a row for each of {known} and a column for each of {units}"
        case _ if name.startswith("Wx"):
            return f", a row for each of {units} and a column for each of {known}"
        case _:
            return ""
