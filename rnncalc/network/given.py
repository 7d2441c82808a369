"""Given: everything that a problem says, and what can be read off it. Problem is the same, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rnncalc.language.functions import activation_names
from rnncalc.language.trees import Array
from rnncalc.network.cells import CELLS, cell
from rnncalc.network.choices import DEFAULT_ETA, OUTPUT_FUNCTIONS, OUTPUTS, REDUCTIONS
from rnncalc.network.structure import Layer, Structure
from rnncalc.network.tokens import TOKENS

Read = str | Array | None
"""What a step reads, or its target: a token, a column of numbers, or None: its own prediction, or nothing."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Given:
    """The fields of a problem, which :class:`rnncalc.network.problem.Problem` describes and checks."""

    inputs: tuple[Read, ...]
    targets: tuple[Read, ...]
    vocabulary: tuple[str, ...] = ()
    weights: Mapping[str, Array]
    states: Mapping[str, Array] = field(default_factory=dict)
    cell: str | tuple[str, ...] = next(iter(CELLS))
    activation: str | tuple[str, ...] = activation_names()[0]
    head: tuple[str, ...] = ()
    tokens: str = TOKENS[0]
    classes: tuple[str, ...] = ()
    output_at: str = OUTPUTS[0]
    output_function: str = OUTPUT_FUNCTIONS[0]
    softmax: str = ""
    loss: str = ""
    loss_reduction: str = REDUCTIONS[0]
    eta: float = DEFAULT_ETA
    text: str = ""
    source: str = ""
    origins: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    structure: Structure = field(init=False)

    @property
    def h_0(self) -> Array:
        """The initial state of the first layer, hidden × 1."""
        return self.states["h_0"]

    @property
    def c_0(self) -> Array | None:
        """The initial state of the first layer's cell, for an lstm."""
        return self.states.get("c_0")

    @property
    def steps(self) -> int:
        """T, the number of time steps."""
        return len(self.inputs)

    @property
    def generated(self) -> int:
        """How many steps at the end read what the step before predicted."""
        return sum(read is None for read in self.inputs)

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
        has_target = [t is not None for t in self.targets]
        if all(has_target):
            return "next"
        if not any(has_target):
            return "none"
        return "last" if has_target == [False] * (self.steps - 1) + [True] else "some"

    @property
    def numbers(self) -> int:
        """How many numbers the forward trace holds, about."""
        weights = sum(w.size for w in self.weights.values())
        per_step = 2 * self.structure.inputs + 3 * self.structure.outputs
        per_step += sum((len(cell(layer.cell).shapes(1, 1, "matrix")) * 2 + 2) * layer.hidden for layer in self.layers)
        per_step += 2 * sum(dense.units for dense in self.structure.head)
        return weights + self.steps * per_step
