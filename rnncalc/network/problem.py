"""Problem: what is given. Immutable, and checked when made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, Self

import numpy as np

from rnncalc.errors import ProblemError
from rnncalc.language.trees import Array
from rnncalc.network.choices import (
    DEFAULT_LOSS,
    LOSSES,
    MAX_NUMBERS,
    OUTPUT_FUNCTIONS,
    OUTPUTS,
    REDUCTIONS,
    SOFTMAX,
    has_softmax,
)
from rnncalc.network.given import Given, Read
from rnncalc.network.tokens import TOKENS, joined
from rnncalc.network.validation import check_outputs, check_read
from rnncalc.network.values import array, check_rate, one_of, shape_of
from rnncalc.network.weight_shapes import structure_of

_KNOWN = {
    "tokens": TOKENS,
    "output_at": OUTPUTS,
    "output_function": OUTPUT_FUNCTIONS,
    "loss_reduction": REDUCTIONS,
}


@dataclass(frozen=True, eq=False, init=False)
class Problem(Given):
    """One network and what it reads: everything that is given.

    What is read, and the targets
        ``inputs``: at each step a token, or a column of numbers, or None: what the step before predicted (one-to-many);
        ``targets``: at each step a token or class, a column of numbers, or None where there is no loss; ``tokens``:
        letters or words; ``vocabulary``: the tokens in the order of the one-hot encoding; ``classes``: what the rows of
        the output stand for, where they are not the vocabulary.
    The network
        ``weights``: arrays by name (rnn: Wxh hidden × inputs, Whh 1×1 or hidden × hidden, bh 1×1 or hidden × 1; lstm
        and gru: see network/cells; a further layer's end in _L2; Wxe embedding × vocabulary; of the head's dense layers
        Wv_D1, bv_D1; Why outputs × hidden, by outputs × 1); ``states``: the initial states, hidden × 1, by name: h_0,
        of an lstm c_0 too, of further layers h_L2_0; zeros where they are not said; ``cell``, ``activation``
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

    # Where problems come from stands above this folder, in rnncalc/api.py, which puts these in their place
    # when rnncalc.Problem is first used. So the network's folder imports nothing from above.
    template: ClassVar[Callable[[str], Problem]]
    draw: ClassVar[Callable[..., Problem]]
    saved: ClassVar[Callable[..., Problem]]
    to_toml: ClassVar[Callable[..., str]]
    _repr_html_: ClassVar[Callable[[Problem], str]]

    def __init__(self, **fields: Any) -> None:
        """The fields by name; an initial state may stand among them: h_0=[0, 0] is states={"h_0": [0, 0]}."""
        named = {name: fields.pop(name) for name in list(fields) if name.endswith("_0")}
        super().__init__(**{**fields, "states": {**fields.get("states", {}), **named}})
        self._check()

    def _check(self) -> None:
        """Put every field in its form, and raise ProblemError for what does not fit."""
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
            put(name, tuple(_as_read(f"{name}[{t}]", entry) for t, entry in enumerate(getattr(self, name), 1)))
        if self.loss == "none":
            put("targets", (None,) * len(self.targets))
        check_read(self)
        for name in ("cell", "activation"):
            each = getattr(self, name)
            if not isinstance(each, str):
                put(name, each[0] if len(set(each)) == 1 else tuple(each))
        weights = {name: array(name, value, column=name.startswith("b")) for name, value in self.weights.items()}
        put("weights", MappingProxyType(weights))
        put("structure", structure_of(self))
        put("states", MappingProxyType(self._all_states()))
        check_outputs(self)
        put("origins", MappingProxyType(dict(self.origins)))
        put("labels", MappingProxyType(dict(self.labels)))
        put("text", self.text or joined([c for c in self.inputs if isinstance(c, str)], self.tokens) or "numbers")
        if self.numbers > MAX_NUMBERS:
            raise ProblemError(
                "text",
                f"{self.steps:,} steps of {self.hidden:,} hidden units and {self.structure.inputs:,} "
                f"{'inputs' if not self.vocabulary else self.tokens} make {self.numbers:,} numbers, but rnncalc "
                f"takes at most {MAX_NUMBERS:,}. Use a shorter text or a smaller hidden size.",
            )

    def _all_states(self) -> dict[str, Array]:
        """The initial state of every layer, zeros where none is said."""
        said = {name: value for name, value in self.states.items() if value is not None}
        states: dict[str, Array] = {}
        for layer in self.structure.layers:
            for state in layer.states:
                name = f"{state}_0"
                states[name] = array(name, said.pop(name, np.zeros((layer.hidden, 1))), column=True)
                if states[name].shape != (layer.hidden, 1):
                    raise ProblemError(
                        name,
                        f"{name} has shape {shape_of(states[name])}; it needs {layer.hidden}×1, one number for "
                        "each hidden unit.",
                    )
        for name in said:
            kind = self.structure.layers[0].cell
            if name == "c_0":
                raise ProblemError("c_0", f"There is no c_0: only the cell lstm has one, and this is {kind}.")
            raise ProblemError(name, f"There is no state {name!r}; the states are {', '.join(states)}.")
        return states

    def arrays(self) -> dict[str, Array]:
        """The given arrays that can be differentiated by: weights, then initial states."""
        return {**self.weights, **self.states}

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed, checked anew; an initial state may be named alone, h_0=[0, 0]."""
        if "softmax" not in changes:  # the form goes with the output
            output = [changes.get(name, getattr(self, name)) for name in ("output_function", "output_at")]
            changes["softmax"] = self.softmax if has_softmax(*output) else ""
        return replace(self, **changes)

    def with_arrays(self, arrays: Mapping[str, Array]) -> Self:
        """A copy with other numbers in some of its arrays, weights and initial states alike."""
        weights = {**self.arrays(), **arrays}
        return self.replace(states={name: weights.pop(name) for name in self.states}, weights=weights)


def _as_read(name: str, entry: Any) -> Read:
    """A token, a column of numbers, or None as they are."""
    return entry if entry is None or isinstance(entry, str) else array(name, entry, column=True)
