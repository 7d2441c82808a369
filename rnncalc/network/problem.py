"""Problem: what is given. Immutable, and checked when made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Self

import numpy as np

from rnncalc.errors import ProblemError
from rnncalc.language.scalars import Array
from rnncalc.network.cells import cell
from rnncalc.network.structure import Layer, Structure
from rnncalc.network.tokens import TOKENS, joined
from rnncalc.network.validation import (
    DEFAULT_LOSS,
    LOSSES,
    OUTPUT_FUNCTIONS,
    OUTPUTS,
    REDUCTIONS,
    SOFTMAX,
    array,
    check_outputs,
    check_rate,
    check_read,
    has_softmax,
    one_of,
    shape_of,
    structure_of,
)

DEFAULT_ETA = 0.1
MAX_NUMBERS = 100_000_000
"""The numbers that one trace may hold: 800 MB."""

_KNOWN = {
    "tokens": TOKENS,
    "output_at": OUTPUTS,
    "output_function": OUTPUT_FUNCTIONS,
    "loss_reduction": REDUCTIONS,
}
Read = str | Array | None
"""What a step reads or wants: a token, a column of numbers, or None: its own prediction, or nothing."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """One network and what it reads: everything that is given.

    What is read and wanted
        ``inputs``: at each step a token, or a column of numbers, or None: what the step before predicted (one-to-many);
        ``targets``: at each step a token or class, a column of numbers, or None where there is no loss; ``tokens``:
        letters or words; ``vocabulary``: the tokens in the order of the one-hot encoding; ``classes``: what the rows of
        the output stand for, where they are not the vocabulary.
    The network
        ``weights``: arrays by name (rnn: Wxh hidden × inputs, Whh 1×1 or hidden × hidden, bh 1×1 or hidden × 1; lstm
        and gru: see network/cells; a further layer's end in _L2; Wxe embedding × vocabulary; of the head's dense layers
        Wv_D1, bv_D1; Why outputs × hidden, by outputs × 1); ``h_0``: the initial state, hidden × 1, and for an lstm
        ``c_0``, zeros where they are not said; ``states``: those of further layers, h_L2_0; ``cell``, ``activation``
        (tanh, relu, sigmoid or linear): one for all recurrent layers, or one for each; ``head``: the activations of
        the dense layers.
    Output and loss
        ``output_at``: every step, the last (many-to-one), or none; ``output_function``: softmax, sigmoid or linear;
        ``softmax``: plain (exp of the scores) or shifted (the largest score taken away first), for a softmax output;
        ``loss``: cross-entropy, binary-cross-entropy, squared-error or none; ``loss_reduction``: sum or mean over the
        steps that have a loss; ``eta``: the learning rate.
    For pages
        ``text``: the text as given, for headings; ``source``: where the problem came from, in words; ``origins``: the
        same for each array; ``labels``: what a framework's file calls the layer that a weight belongs to.

    Raises ProblemError naming the field, what it has and what it needs.
    """

    inputs: tuple[Read, ...]
    targets: tuple[Read, ...]
    vocabulary: tuple[str, ...] = ()
    weights: Mapping[str, Array]
    h_0: Array | None = None
    c_0: Array | None = None
    states: Mapping[str, Array] = field(default_factory=dict)
    cell: str | tuple[str, ...] = "rnn"
    activation: str | tuple[str, ...] = "tanh"
    head: tuple[str, ...] = ()
    tokens: str = "letters"
    classes: tuple[str, ...] = ()
    output_at: str = "every"
    output_function: str = "softmax"
    softmax: str = ""
    loss: str = ""
    loss_reduction: str = "sum"
    eta: float = DEFAULT_ETA
    text: str = ""
    source: str = ""
    origins: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    structure: Structure = field(init=False)

    def __post_init__(self) -> None:
        put = partial(object.__setattr__, self)
        for name, known in _KNOWN.items():
            one_of(name, getattr(self, name), known)
        if has_softmax(self.output_function, self.output_at):
            put("softmax", self.softmax or SOFTMAX[0])
            one_of("softmax", self.softmax, SOFTMAX)
        put("loss", self.loss or DEFAULT_LOSS[self.output_function])
        one_of("loss", self.loss, LOSSES)
        check_rate("eta", self.eta)
        put("eta", float(self.eta))
        for name in ("vocabulary", "classes", "head"):
            put(name, tuple(getattr(self, name)))
        for name in ("inputs", "targets"):
            put(name, tuple(_as_read(f"{name}[{t}]", one) for t, one in enumerate(getattr(self, name), 1)))
        if self.loss == "none":
            put("targets", (None,) * len(self.targets))
        check_read(self)
        for name in ("cell", "activation"):
            one = getattr(self, name)
            if not isinstance(one, str):
                put(name, one[0] if len(set(one)) == 1 else tuple(one))
        weights = {name: array(name, value, column=name.startswith("b")) for name, value in self.weights.items()}
        put("weights", MappingProxyType(weights))
        put("structure", structure_of(self))
        put("states", MappingProxyType(self._states()))
        put("h_0", self.states["h_0"])
        put("c_0", self.states.get("c_0"))
        check_outputs(self)
        put("origins", MappingProxyType(dict(self.origins)))
        put("labels", MappingProxyType(dict(self.labels)))
        put("text", self.text or joined([c for c in self.inputs if isinstance(c, str)], self.tokens) or "numbers")
        if self.numbers > MAX_NUMBERS:
            raise ProblemError(
                "text",
                f"{self.steps:,} steps of {self.hidden:,} hidden units and {self.structure.inputs:,} "
                f"{'inputs' if not self.vocabulary else self.tokens} make "
                f"{self.numbers:,} numbers; rnncalc takes up to {MAX_NUMBERS:,}. A shorter text or a smaller hidden "
                "size would be right.",
            )

    def _states(self) -> dict[str, Array]:
        """The initial state of every layer, zeros where none is said."""
        said = {**self.states, "h_0": self.h_0, "c_0": self.c_0}
        states: dict[str, Array] = {}
        for layer in self.structure.layers:
            for state in layer.states:
                name = f"{state}_0"
                value = said.pop(name, None)
                states[name] = array(name, np.zeros((layer.hidden, 1)) if value is None else value, column=True)
                if states[name].shape != (layer.hidden, 1):
                    raise ProblemError(
                        name,
                        f"{name} has shape {shape_of(states[name])}; it needs {layer.hidden}×1, "
                        "a number for each hidden unit.",
                    )
        for name in (name for name, value in said.items() if value is not None):
            kind = self.structure.layers[0].cell
            if name == "c_0":
                raise ProblemError("c_0", f"There is no c_0: of the cells only an lstm has one, and this is {kind}.")
            raise ProblemError(name, f"There is no state {name!r}; the states are {', '.join(states)}.")
        return states

    # ── what can be read off ──────────────────────────────────────────────────────────────────────────────────────

    @property
    def steps(self) -> int:
        """T, the number of time steps."""
        return len(self.inputs)

    @property
    def generated(self) -> int:
        """How many steps at the end read what the step before predicted."""
        return sum(one is None for one in self.inputs)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The recurrent layers, the first that reads the input first."""
        return self.structure.layers

    @property
    def hidden(self) -> int:
        """The number of hidden units of the first layer."""
        return self.structure.layers[0].hidden

    @property
    def kind(self) -> str:
        """The kinds of cell in words: lstm, or lstm + gru."""
        return self.cell if isinstance(self.cell, str) else " + ".join(self.cell)

    @property
    def recurrent(self) -> str:
        """ "scalar" where Whh is one number that all units share, else "matrix"."""
        first = self.layers[0]
        shared = first.cell == "rnn" and self.weights["Whh"].shape == (1, 1) and self.hidden > 1
        return "scalar" if shared else "matrix"

    @property
    def output_bias(self) -> bool:
        """Whether the output has a bias."""
        return "by" in self.weights

    @property
    def token(self) -> str:
        """What a step reads, in a word: letter, word or input."""
        return self.tokens.removesuffix("s") if self.vocabulary else "input"

    @property
    def predicts_tokens(self) -> bool:
        """Whether the rows of the output are the vocabulary's."""
        return not self.classes and bool(self.vocabulary) and self.structure.outputs == len(self.vocabulary)

    @property
    def output_names(self) -> tuple[str, ...]:
        """What the rows of the output stand for; nothing where they are but numbered."""
        return self.vocabulary if self.predicts_tokens else self.classes

    @property
    def has_loss(self) -> bool:
        """Whether any step has a target."""
        return any(target is not None for target in self.targets)

    def has_output(self, t: int) -> bool:
        """Whether step t has an output, counted from 1."""
        return self.output_at == "every" or (self.output_at == "last" and t == self.steps)

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
        weights = sum(w.size for w in self.weights.values())
        per_step = 2 * self.structure.inputs + 3 * self.structure.outputs
        per_step += sum((len(cell(layer.cell).shapes(1, 1, "matrix")) * 2 + 2) * layer.hidden for layer in self.layers)
        per_step += 2 * sum(dense.units for dense in self.structure.head)
        return weights + self.steps * per_step

    def arrays(self) -> dict[str, Array]:
        """The given arrays that can be differentiated by: weights, then initial states."""
        return {**self.weights, **self.initial_states()}

    def initial_states(self) -> dict[str, Array]:
        """The states before the first step, by name."""
        return dict(self.states)

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed, checked anew."""
        if "states" not in changes:  # those of the first layer stand there too
            further = {name: state for name, state in self.states.items() if name not in ("h_0", "c_0")}
            changes["states"] = further
        if "softmax" not in changes:  # the form goes with the output
            output = [changes.get(name, getattr(self, name)) for name in ("output_function", "output_at")]
            changes["softmax"] = self.softmax if has_softmax(*output) else ""
        return replace(self, **changes)

    def with_arrays(self, arrays: Mapping[str, Array]) -> Self:
        """A copy with other numbers in some of its arrays, weights and initial states alike."""
        changed = {**self.arrays(), **arrays}
        states = {name: changed.pop(name) for name in self.states}
        first = {name: states.pop(name) for name in ("h_0", "c_0") if name in states}
        return self.replace(weights=changed, states=states, **first)

    # ── where problems come from ──────────────────────────────────────────────────────────────────────────────────

    @classmethod
    def template(cls, name: str) -> Problem:
        """A template of rnncalc's own by name ("hello"), or a TOML file by path; see docs/templates.md."""
        from rnncalc.problems.templates import load

        return load(name).problem

    @classmethod
    def draw(cls, text: str = "", **options: Any) -> Problem:
        """A problem with weights drawn from a seed, for a text or for ``inputs``; see rnncalc.problems.draw."""
        from rnncalc.problems.draw import draw

        return draw(text, **options)

    @classmethod
    def saved(cls, file: str, **typed: Any) -> Problem:
        """The network of saved weights (.keras, .h5, .safetensors, .pt, .npz); ``typed`` says what a file leaves open,
        by the names of rnncalc.problems.choose.Choice: text or inputs, vocabulary, classes, activation and the like."""
        from rnncalc.problems.choose import Choice, choose

        return choose(Choice(weights=file, **typed))[0]

    def to_toml(self, title: str = "") -> str:
        """The problem as a template."""
        from rnncalc.problems.templates import to_toml

        return to_toml(self, title)


def _as_read(name: str, one: Any) -> Read:
    """A token, a column of numbers, or None as they are."""
    return one if one is None or isinstance(one, str) else array(name, one, column=True)
