"""The update: one step of gradient descent, with clipping where it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypedDict, Unpack

import numpy as np

from rnncalc.errors import ArithmeticOverflow, ProblemError
from rnncalc.language import Constant, add, add_squares, clamp, norm, over_root, scale, shorten, subtract
from rnncalc.language.descent import MOMENTUM
from rnncalc.language.trees import Array, Term
from rnncalc.network.backward_pass import backward
from rnncalc.network.families import CLIP, CLIP_NORM, ETA, GRAD_NORM, Family
from rnncalc.network.forward_pass import forward
from rnncalc.network.names import Name
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.trace import Trace
from rnncalc.network.values import check_rate, count, one_of

OPTIMIZERS = ("sgd", "momentum", "adagrad")
KEPT = {"momentum": "velocity", "adagrad": "sum"}
"""What an optimizer keeps of each weight from one update to the next, by the end of its name."""


class Clipping(TypedDict, total=False):
    """The thresholds of :func:`update`."""

    clip: float | None
    clip_norm: float | None


class Limits(Clipping, total=False):
    """How gradients are held back: these, and the windows of :func:`rnncalc.backward`."""

    truncate: int | None


class Diverged(ArithmeticOverflow):
    """Of several updates one broke, after others that did not: the losses before each, and the last good trace."""

    exit_code = 1

    def __init__(self, number: int, losses: list[float], trace: Trace, why: ArithmeticOverflow) -> None:
        eta, broken = float(trace["eta"].value[0, 0]), str(why).partition(":")[0]
        super().__init__(
            f"After update {number - 1:,}, {broken}, so update {number:,} cannot be made: the learning rate "
            f"{eta:g} is too large. Use a smaller --eta, or --clip-norm 1."
        )
        self.number, self.losses, self.trace = number, losses, trace


def update(
    trace: Trace,
    eta: float | None = None,
    *,
    clip: float | None = None,
    clip_norm: float | None = None,
    optimizer: str = "sgd",
    kept: Mapping[str, Array] | None = None,
) -> Trace:
    """A new trace with the update appended: every weight moved against its gradient.

    ::

        grad_norm = ‖all weights' gradients‖                           (h_0's is not among them)
        dW_clipped = max(−clip, min(clip, dW))                         with clip, entry by entry
        dW_clipped = dW · clip_norm / max(grad_norm, clip_norm)        with clip_norm, all together
        W_new = W − eta · dW                                           (or dW_clipped)
        W_velocity_new = 0.9 · W_velocity + dW,  W_new = W − eta · W_velocity_new         with momentum
        W_sum_new = W_sum + dW²,  W_new = W − eta · dW / (√W_sum_new + 10⁻¹⁰)     with adagrad

    ``trace`` is one of :func:`rnncalc.backward`; ``eta`` is the problem's unless given; ``kept`` are momentum's
    W_velocity or adagrad's W_sum by the name of the weight, zeros before the first update. Raises ProblemError for a
    rate or threshold that is no finite number above 0. Sources: of the clipping by norm Pascanu, Mikolov and Bengio
    (2013), "On the difficulty of training recurrent neural networks"; of momentum Polyak (1964), "Some methods of
    speeding up the convergence of iteration methods", as PyTorch defines it; of adagrad Duchi, Hazan and Singer
    (2011), "Adaptive subgradient methods for online learning and stochastic optimization", with PyTorch's 10⁻¹⁰.
    """
    problem = trace.problem
    eta = problem.eta if eta is None else eta
    check_rate("eta", eta)
    one_of("optimizer", optimizer, OPTIMIZERS)
    if clip is not None and clip_norm is not None:
        raise ProblemError(
            "clip", "clip and clip_norm (--clip, --clip-norm) are two ways of clipping. Use only one of them."
        )
    result = Trace(problem, trace.values(), truncate=trace.truncate)
    rate = _given(result, ETA, eta)
    threshold = None
    for family, value in ((CLIP, clip), (CLIP_NORM, clip_norm)):
        if value is not None:
            check_rate(family.name, value)
            threshold = _given(result, family, value)
    gradients = [trace[f"d{name}"] for name in problem.weights]
    with np.errstate(all="ignore"):  # what overflows is reported in words, by the trace
        length = result.add(Name(GRAD_NORM), norm(*gradients), stage=Stage.UPDATE)
        for name, gradient in zip(problem.weights, gradients, strict=True):
            weight, used = result[name], gradient
            if threshold is not None:
                rule = clamp(gradient, threshold) if clip is not None else shorten(gradient, threshold, length)
                used = result.add(weight.parts.gradient("clipped"), rule, stage=Stage.UPDATE, axes=weight.axes)
            step = _step(result, weight, used, optimizer, (kept or {}).get(name))
            rule = subtract(weight, scale(rate, step))
            result.add(weight.parts._replace(which="new"), rule, stage=Stage.UPDATE, axes=weight.axes)
    return result


def _step(result: Trace, weight: Quantity, gradient: Quantity, optimizer: str, before: Array | None) -> Term:
    """What eta times of which is subtracted from a weight: plain descent's, momentum's or adagrad's step."""
    if optimizer not in KEPT:
        return gradient
    value = np.zeros(gradient.shape) if before is None else before
    name, new = (weight.parts._replace(which=KEPT[optimizer] + end) for end in ("", "_new"))
    start = result.give(Quantity(name, value, stage=Stage.GIVEN, axes=weight.axes))
    if optimizer == "momentum":
        rule = add(scale(Constant(MOMENTUM), start), gradient)
        return result.add(new, rule, stage=Stage.UPDATE, axes=weight.axes)
    return over_root(gradient, result.add(new, add_squares(start, gradient), stage=Stage.UPDATE, axes=weight.axes))


def epochs(
    problem: Problem,
    count: int,
    *,
    optimizer: str = "adagrad",
    truncate: int | None = None,
    **clipping: Unpack[Clipping],
) -> Iterator[Trace]:
    """The traces of so many updates, each from the weights that the one before left. See :func:`update`."""
    kept: dict[str, Array] = {}
    for _ in range(count):
        trace = update(backward(problem, truncate), optimizer=optimizer, kept=kept, **clipping)
        yield trace
        if optimizer in KEPT:
            kept = {name: trace[f"{name}_{KEPT[optimizer]}_new"].value for name in problem.weights}
        problem = updated(trace)


def descend(
    problem: Problem,
    times: int,
    *,
    truncate: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    **clipping: Unpack[Clipping],
) -> tuple[list[float], Trace]:
    """Update several times, each from the weights before: the losses from before the first to after the last, and the
    trace of the last update. Raises Diverged where the weights of an update are too large to go on with; options and
    other errors are those of :func:`update` and :func:`rnncalc.backward`.
    """
    losses, source, trace = [], problem.source, None
    for done in range(1, times + 1):
        try:
            found = update(backward(problem, truncate), **clipping)
        except ArithmeticOverflow as error:
            if trace is None:
                raise
            raise Diverged(done, losses, trace, error) from None
        trace = found
        losses.append(float(trace["loss"].value[0, 0]))
        problem = updated(trace).replace(source=f"{source} after {count(done, 'update')}")
        if progress is not None:
            progress(done, times)
    assert trace is not None
    try:
        losses.append(float(forward(problem)["loss"].value[0, 0]))
    except ArithmeticOverflow as error:
        raise Diverged(times + 1, losses, trace, error) from None
    return losses, trace


def whole_trace(problem: Problem, truncate: int | None = None, **clipping: Unpack[Clipping]) -> Trace:
    """Every quantity that a problem has: to the update where there is a loss, else the forward pass."""
    return update(backward(problem, truncate), **clipping) if problem.has_loss else forward(problem)


def trace_with(name: str, problem: Problem, truncate: int | None = None, **clipping: Unpack[Clipping]) -> Trace:
    """As much of the whole trace as holds a quantity: of a large network the rest takes long."""
    trace = forward(problem)
    if not problem.has_loss or trace.has(name):
        return trace
    trace = backward(problem, truncate)
    return trace if trace.has(name) else update(trace, **clipping)


def updated(trace: Trace) -> Problem:
    """The problem with the new weights of an update's trace."""
    problem = trace.problem
    weights = {name: trace[f"{name}_new"].value for name in problem.weights}
    return problem.replace(weights=weights)


def limits_of(trace: Trace) -> Limits:
    """How the gradients of a trace were held back."""
    clip, clip_norm = (float(trace[name].value[0, 0]) if name in trace else None for name in ("clip", "clip_norm"))
    return Limits(truncate=trace.truncate, clip=clip, clip_norm=clip_norm)


def _given(trace: Trace, family: Family, value: float) -> Quantity:
    return trace.give(Quantity(Name(family), np.array([[float(value)]]), stage=Stage.GIVEN))
