"""A recurrent layer over a batch of tweets by its cell's operations: for cells and activations without a kernel."""

from __future__ import annotations

import numpy as np

from rnncalc.engine.parameters import Parameters
from rnncalc.language import Expression
from rnncalc.language.trees import Array, Term
from rnncalc.network.cells import cell
from rnncalc.network.differentiate import pull
from rnncalc.network.families import X
from rnncalc.network.names import Name
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.structure import Layer


class TracedReader:
    """What :class:`rnncalc.engine.recurrent.Reader` is, but slower and for every cell.

    The quantities are computed as those of a trace, in float64, each with a table for each tweet: tweets × rows ×
    columns.
    """

    def __init__(self, parameters: Parameters, steps: int, tweets: int, layer: Layer) -> None:
        self.parameters, self.layer, self.cell = parameters, layer, cell(layer.cell)
        self.families = {family.name: family for family in self.cell.families}
        self.steps = steps
        self.lengths: Array = np.full(tweets, steps)
        """The words of each tweet."""
        self.tweets = np.arange(tweets)
        self.h: Array = np.zeros((steps + 1, tweets, layer.hidden), parameters.dtype)
        self.wants_dx = True
        self.read: list[Quantity] = []
        self.computed: list[Quantity] = []

    def forward(self, x: Array) -> None:
        """The states after each word, from x of (steps · tweets) × numbers."""
        weights = {
            name: Quantity(Name(family), self.parameters.block[name].T.astype(np.float64), stage=Stage.GIVEN)
            for name, family in self.families.items()
            if name in self.parameters.block
        }
        columns = x.reshape(self.steps, len(self.tweets), -1, 1).astype(np.float64)
        self.read = [Quantity(Name(X, t), column, stage=Stage.GIVEN) for t, column in enumerate(columns, 1)]
        self.computed = []
        nothing = np.zeros((len(self.tweets), self.layer.hidden, 1))
        states: dict[str, Quantity] = {
            name: Quantity(Name(self.families[name], 0), nothing, stage=Stage.GIVEN) for name in self.cell.states
        }
        for t, column in enumerate(self.read, 1):

            def put(family: str, rule: Expression, t: int = t) -> Quantity:
                quantity = Quantity(Name(self.families[family], t), rule.value, rule=rule, stage=Stage.FORWARD)
                self.computed.append(quantity)
                return quantity

            states = self.cell.step(put, weights, column, states, self.layer.activation)
            self.h[t] = states[self.cell.states[0]].value[..., 0]

    def last_states(self) -> Array:
        """h after the last word of each tweet; the initial state where there is none."""
        states: Array = self.h[self.lengths, self.tweets]
        return states

    def backward(self, dh: Array) -> None:
        """The gradients into the parameters' slopes, from those of the states after the last words, tweets × units."""
        gradients: dict[str, Array] = {}
        for t in range(1, self.steps + 1):
            ends_here = (self.lengths == t)[:, None]
            gradients[f"{self.cell.states[0]}_{t}"] = np.where(ends_here, dh, 0.0)[..., None]

        def deliver(to: Quantity, contribution: Term) -> None:
            gradient = contribution.value
            if to.family.is_weight:
                gradient = gradient.sum(axis=0)  # all tweets share it
            gradients[to.name] = gradients[to.name] + gradient if to.name in gradients else gradient

        for quantity in reversed(self.computed):
            if quantity.name in gradients and quantity.rule is not None:
                gradient = Quantity("gradient", gradients[quantity.name], stage=Stage.BACKWARD)
                pull(quantity.rule, gradient, quantity, deliver)
        for name, slope in self.parameters.slope.items():
            if name in self.families:
                slope[...] = gradients[name].T if name in gradients else 0
        if self.wants_dx:
            dx = np.concatenate([gradients[column.name][..., 0] for column in self.read])
            self.dx: Array = dx.astype(self.parameters.dtype, copy=False)
