"""The forward pass: the cells unrolled over time, the output, and the loss."""

from __future__ import annotations

from collections.abc import Mapping

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
from rnncalc.network import names
from rnncalc.network.cells import cell
from rnncalc.network.problem import Problem
from rnncalc.network.structure import Dense, Layer
from rnncalc.network.trace import Quantity, Trace

_OF_OUTPUTS = ("target", "y", "exp", "p", "by")


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
        self.given: dict[str, Term] = {}
        for name, value in arrays.items():
            shape = (value.shape[-2], value.shape[-1])
            self.given[name] = self.trace.give(
                Quantity(
                    name,
                    value,
                    stage="given",
                    step=0 if name.endswith("_0") else None,
                    says=problem.origins.get(name, ""),
                    axes=axes_of(problem, name, shape),
                )
            )
        steps = range(1, problem.steps + 1)
        self.read = {t: self._column("x", t, problem.inputs[t - 1]) for t in steps if problem.inputs[t - 1] is not None}
        self.wanted = {
            t: self._column("target", t, problem.targets[t - 1]) for t in steps if problem.targets[t - 1] is not None
        }
        self.states = {state: self.given[f"{state}_0"] for layer in problem.layers for state in layer.states}
        self.weights = {
            layer.mark: {
                names.split(name).family: term for name, term in self.given.items() if _is_of(name, layer.mark)
            }
            for layer in problem.layers
        }
        self.losses: list[Quantity] = []
        self.axes: dict[str, tuple[str, str]] = {}

    def run(self) -> Trace:
        predicted: Quantity | None = None
        for t in range(1, self.problem.steps + 1):
            x: Term = self.read[t] if t in self.read else self._fed_back(t, predicted)
            if "Wxe" in self.given:
                x = self._put("e", t, matmul(self.given["Wxe"], x), f"The {self.problem.token}'s column of the table.")
            for layer in self.problem.layers:
                x = self._layer(layer, t, x)
            if self.problem.has_output(t):
                for dense in self.problem.structure.head:
                    x = self._dense(dense, t, x)
                predicted = self._output(t, x)
        if self.losses:
            self._total()
        return self.trace

    def _column(self, family: str, t: int, read: str | Array | None) -> Quantity:
        problem = self.problem
        known = problem.vocabulary if family == "x" else problem.output_names
        one, did = (problem.token, "read") if family == "x" else (_target_word(problem), "wanted")
        if isinstance(read, str):
            value = one_hot.numpy(read, np.array(known)[:, None])
            says = f"The {one} {did}, one-hot encoded."
        else:
            assert read is not None
            value, says = read, {"x": "The numbers read.", "target": "The numbers wanted."}[family]
        name = f"{family}_{t}"
        return self.trace.give(
            Quantity(name, value, stage="given", step=t, says=says, axes=axes_of(problem, name, (len(value), 1)))
        )

    def _put(
        self, family: str, t: int, rule: Expression, says: str, *, layer: str = "", stage: str = "forward"
    ) -> Quantity:
        place = names.layered(family, layer)
        if place not in self.axes:
            self.axes[place] = axes_of(self.problem, place)
        return self.trace.add(f"{place}_{t}", rule, stage=stage, step=t, says=says, axes=self.axes[place])

    def _fed_back(self, t: int, predicted: Quantity | None) -> Quantity:
        assert predicted is not None
        if self.problem.vocabulary:
            says = f"The {self.problem.token} that the step before found most likely, one-hot encoded."
            return self._put("x", t, most_likely(predicted), says)
        return self._put("x", t, identity(predicted), "What the step before put out.")

    def _layer(self, layer: Layer, t: int, x: Term) -> Quantity:
        """One step of a recurrent layer; gives what the layer above reads."""

        def put(family: str, rule: Expression, says: str) -> Quantity:
            return self._put(family, t, rule, says, layer=layer.mark)

        the_cell = cell(layer.cell)
        before = {state: self.states[layer.name(state)] for state in the_cell.states}
        after = the_cell.step(put, self.weights[layer.mark], x, before, layer.activation)
        self.states.update({layer.name(state): quantity for state, quantity in after.items()})
        return after[the_cell.states[0]]

    def _dense(self, dense: Dense, t: int, x: Term) -> Quantity:
        product, bias = matmul(self.given[dense.name("Wv")], x), self.given.get(dense.name("bv"))
        says = "What the layer below adds up to for each unit of the dense layer."
        a = self._put("av", t, product if bias is None else add(product, bias), says, layer=dense.mark)
        says = f"The dense layer: the activation ({dense.activation}) of the sums."
        return self._put("v", t, ACTIVATIONS[dense.activation](a), says, layer=dense.mark)

    def _output(self, t: int, x: Term) -> Quantity:
        """The output of a step and its loss; gives what it predicts."""
        problem, target = self.problem, self.wanted.get(t)
        product, bias = matmul(self.given["Why"], x), self.given.get("by")
        says = f"The output: a score per {_target_word(problem)}."
        if problem.output_function == "linear":
            says = "The output."
        y = self._put("y", t, product if bias is None else add(product, bias), says)
        match problem.output_function:
            case "softmax":
                shifted = problem.softmax == "shifted"
                e = self._put("exp", t, exp(subtract(y, largest(y)) if shifted else y), _SHIFTED if shifted else _EXP)
                one = _target_word(problem)
                p = self._put("p", t, over_number(e, total(e)), f"Softmax: a probability per {one}; they add up to 1.")
            case "sigmoid":
                p = self._put("p", t, sigmoid(y), "The logistic function of each score: a probability of yes.")
            case _:
                p = y
        if target is not None:
            if problem.loss == "cross-entropy":
                rule = cross_entropy_of_scores(y, e, p, target) if shifted else cross_entropy(y, p, target)
                says = _cross_entropy_says(problem)
            elif problem.loss == "binary-cross-entropy":
                rule, says = binary_cross_entropy(y, p, target), _BINARY
            else:
                rule, says = squared_error(p, target), _SQUARED
            self.losses.append(self._put("loss", t, rule, says, stage="loss"))
        return p

    def _total(self) -> None:
        summed = add(*self.losses)
        mean = self.problem.loss_reduction == "mean" and len(self.losses) > 1
        self.trace.add(
            "loss",
            over_number(summed, Constant(len(self.losses))) if mean else summed,
            stage="loss",
            says=f"The total loss: the losses of the steps {'averaged' if mean else 'added up'}.",
        )


_EXP = "The scores made positive."
_SHIFTED = "The scores made positive; the largest taken away first."
_BINARY = "The loss: minus the logarithm of the probability of each yes or no that is wanted."
_SQUARED = "The loss: half the squares of what is between output and target, added up."


def _cross_entropy_says(problem: Problem) -> str:
    return f"The loss: minus the natural logarithm of the probability of the {_target_word(problem)} wanted."


def _target_word(problem: Problem) -> str:
    """What a row of the output stands for, in a word."""
    return problem.token if problem.predicts_tokens else "class" if problem.classes else "output"


def _is_of(name: str, mark: str) -> bool:
    """Whether a given array is a weight of a recurrent layer."""
    family, step, layer = names.split(name)
    return step is None and layer == mark and family not in ("Wxe", "Why", "by")


def axes_of(problem: Problem, name: str, shape: tuple[int, int] | None = None) -> tuple[str, str]:
    """What rows and columns of a quantity stand for: letter (of the vocabulary), class (of the output), output (where
    that has no names), input (a number that is read), feature (of the embedding), unit, or nothing: a number that all
    units share, and a loss."""
    family, _, layer = names.split(name)
    read = "letter" if problem.vocabulary else "input"
    out = "letter" if problem.predicts_tokens else "class" if problem.classes else "output"
    if (shape == (1, 1) and family in ("Whh", "bh")) or family == "loss":
        return "", ""
    if family in _OF_OUTPUTS:
        return out, ""
    match family:
        case "Why":
            return out, "unit"
        case "Wxe":
            return "feature", read
        case "x":
            return read, ""
        case "e":
            return "feature", ""
        case _ if family[0] == "W":
            below = "unit" if layer else "feature" if "Wxe" in problem.weights else read
            return "unit", below if family[1] == "x" else "unit"
    return "unit", ""
