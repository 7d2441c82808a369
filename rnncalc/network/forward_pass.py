"""The forward pass: the cells unrolled over time, the output, and the loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rnncalc.language import (
    ACTIVATIONS,
    Constant,
    Expression,
    add,
    binary_cross_entropy,
    cross_entropy,
    cross_entropy_of_scores,
    exp,
    identity,
    largest,
    matmul,
    most_likely,
    one_hot,
    over_number,
    sigmoid,
    squared_error,
    subtract,
    total,
)
from rnncalc.language.trees import Array, Term
from rnncalc.network.cells import cell
from rnncalc.network.families import AV, EXP, LOSS, TARGET, WXE, E, Family, P, V, X, Y
from rnncalc.network.given import Read
from rnncalc.network.names import Name
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.structure import Dense, Layer
from rnncalc.network.trace import Trace
from rnncalc.network.words import axes_of, settings_of


def forward(problem: Problem) -> Trace:
    """Compute every number of the forward pass, and of the loss where there are targets.

    For t = 1 … T, with f the activation::

        wx_t = Wxh · x_t          wh_t = Whh · h_{t−1} + bh      (hidden × 1)
        a_t = wx_t + wh_t         h_t = f(a_t)                   (hidden × 1)
        y_t = Why · h_t (+ by)                                   (outputs × 1)
        exp_t = exp(y_t),  p_t = exp_t / Σ exp_t                 (softmax; shifted: exp_t = exp(y_t − max y_t))
        loss_t = −Σ target_t ⊙ ln p_t                            (nats; 1 × 1)
        loss = Σ_t loss_t, or their mean

    With an embedding the first layer reads e_t = Wxe · x_t; a further recurrent layer reads the h_t below it; of a
    head, v_D1_t = f(Wv_D1 · h_t + bv_D1) and so on, and y_t is worked from the last. After sigmoid, p_t = σ(y_t) and
    loss_t = −Σ (target ⊙ ln p + (1 − target) ⊙ ln(1 − p)); the squared error is ½ Σ (output − target)². A step that
    generates reads what the step before predicted.

    Raises ArithmeticOverflow where a number leaves float64, naming the step. Source: Elman (1990), "Finding
    structure in time"; the loss is the negative log-likelihood, natural logarithm.
    """
    with np.errstate(all="ignore"):  # what overflows is reported in words, by the trace
        return unroll(problem, problem.arrays())


def given_trace(problem: Problem) -> Trace:
    """What is given alone, before the first step is computed."""
    return _Unrolled(problem, problem.arrays()).trace


def unroll(problem: Problem, arrays: Mapping[str, Array]) -> Trace:
    """The forward pass with these arrays in place of the problem's weights and initial states.

    They may be complex and may be stacked along leading axes, as complex-step differentiation needs.
    """
    return _Unrolled(problem, arrays).run()


class _Unrolled:
    """One forward pass in the making."""

    def __init__(self, problem: Problem, arrays: Mapping[str, Array]) -> None:
        self.problem = problem
        self.trace = Trace(problem)
        self.axes: dict[tuple[Family, str], tuple[str, str]] = {}
        marks = [*(layer.mark for layer in problem.layers), *(dense.mark for dense in problem.structure.head)]
        self.settings = {mark: settings_of(problem, mark) for mark in marks}
        known = problem.structure.arrays()
        self.given: dict[str, Term] = {}
        for name, value in arrays.items():
            parts, shape = known[name], (value.shape[-2], value.shape[-1])
            origin = {"origin": problem.origins.get(name, "")}
            axes = axes_of(parts, problem, shape)
            self.given[name] = self.trace.give(Quantity(parts, value, stage=Stage.GIVEN, axes=axes, settings=origin))
        self.read = self._columns(X, problem.inputs, problem.vocabulary)
        self.wanted = self._columns(TARGET, problem.targets, problem.output_names)
        self.states = {state: self.given[f"{state}_0"] for layer in problem.layers for state in layer.states}
        self.weights = {
            layer.mark: {
                family.name: self.given[layer.name(family.name)]
                for family in cell(layer.cell).weights
                if layer.name(family.name) in self.given
            }
            for layer in problem.layers
        }
        self.families = {
            layer.cell: {family.name: family for family in cell(layer.cell).families} for layer in problem.layers
        }
        self.losses: list[Quantity] = []

    def run(self) -> Trace:
        predicted: Quantity | None = None
        for t in range(1, self.problem.steps + 1):
            x: Term = self.read[t] if t in self.read else self._fed_back(t, predicted)
            if WXE.name in self.given:
                x = self._put(E, t, matmul(self.given[WXE.name], x))
            for layer in self.problem.layers:
                x = self._layer(layer, t, x)
            if self.problem.has_output(t):
                for dense in self.problem.structure.head:
                    x = self._dense(dense, t, x)
                predicted = self._output(t, x)
        if self.losses:
            self._total()
        return self.trace

    def _columns(self, family: Family, reads: Sequence[Read], known: Sequence[str]) -> dict[int, Quantity]:
        """What is given of each step: one-hot where it is a token or a class, else its numbers."""
        columns: dict[int, Quantity] = {}
        for t, read in enumerate(reads, 1):
            if read is not None:
                named = isinstance(read, str)
                value = one_hot.numpy(read, np.array(known)[:, None]) if isinstance(read, str) else read
                name, settings = Name(family, t), {**self.settings[""], "value": "token" if named else "numbers"}
                q = Quantity(name, value, stage=Stage.GIVEN, axes=axes_of(name, self.problem), settings=settings)
                columns[t] = self.trace.give(q)
        return columns

    def _put(
        self,
        family: Family,
        t: int,
        rule: Expression,
        *,
        layer: str = "",
        stage: Stage = Stage.FORWARD,
        value: str = "",
    ) -> Quantity:
        name = Name(family, t, layer)
        if (family, layer) not in self.axes:
            self.axes[family, layer] = axes_of(name, self.problem)
        settings = {**self.settings[layer], "value": value} if value else self.settings[layer]
        return self.trace.add(name, rule, stage=stage, axes=self.axes[family, layer], settings=settings)

    def _fed_back(self, t: int, predicted: Quantity | None) -> Quantity:
        assert predicted is not None
        if self.problem.vocabulary:
            return self._put(X, t, most_likely(predicted), value="most likely")
        return self._put(X, t, identity(predicted), value="output")

    def _layer(self, layer: Layer, t: int, x: Term) -> Quantity:
        """One step of a recurrent layer; gives what the layer above reads."""
        the_cell = cell(layer.cell)
        families = self.families[layer.cell]

        def put(family: str, rule: Expression) -> Quantity:
            return self._put(families[family], t, rule, layer=layer.mark)

        before = {state: self.states[layer.name(state)] for state in the_cell.states}
        after = the_cell.step(put, self.weights[layer.mark], x, before, layer.activation)
        self.states.update({layer.name(state): quantity for state, quantity in after.items()})
        return after[the_cell.states[0]]

    def _dense(self, dense: Dense, t: int, x: Term) -> Quantity:
        product, bias = matmul(self.given[dense.name("Wv")], x), self.given.get(dense.name("bv"))
        a = self._put(AV, t, product if bias is None else add(product, bias), layer=dense.mark)
        return self._put(V, t, ACTIVATIONS[dense.activation](a), layer=dense.mark)

    def _output(self, t: int, x: Term) -> Quantity:
        """The output of a step and its loss; gives what it predicts."""
        problem, target = self.problem, self.wanted.get(t)
        product, bias = matmul(self.given["Why"], x), self.given.get("by")
        y = self._put(Y, t, product if bias is None else add(product, bias))
        match problem.output_function:
            case "softmax":
                shifted = problem.softmax == "shifted"
                e = self._put(EXP, t, exp(subtract(y, largest(y)) if shifted else y))
                p = self._put(P, t, over_number(e, total(e)))
            case "sigmoid":
                p = self._put(P, t, sigmoid(y))
            case _:
                p = y
        if target is not None:
            if problem.loss == "cross-entropy":
                rule = cross_entropy_of_scores(y, e, p, target) if shifted else cross_entropy(y, p, target)
            elif problem.loss == "binary-cross-entropy":
                rule = binary_cross_entropy(y, p, target)
            else:
                rule = squared_error(p, target)
            self.losses.append(self._put(LOSS, t, rule, stage=Stage.LOSS))
        return p

    def _total(self) -> None:
        summed = add(*self.losses)
        mean = self.problem.loss_reduction == "mean" and len(self.losses) > 1
        rule = over_number(summed, Constant(len(self.losses))) if mean else summed
        self.trace.add(Name(LOSS), rule, stage=Stage.LOSS, settings={"loss": "mean" if mean else "sum"})
