"""How a gradient travels back through time: it vanishes, or explodes, or keeps its size."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from rnncalc.errors import ArithmeticOverflow, ProblemError
from rnncalc.network.backward_pass import reverse
from rnncalc.network.differentiate import jacobian
from rnncalc.network.forward_pass import forward
from rnncalc.network.length import length
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity
from rnncalc.network.validation import check_has_loss


class FlowStep(NamedTuple):
    """One step t and what it reads: ‖∂E/∂h_t‖; the factor ‖∂h_t/∂h_{t−1}‖; the product of those of later steps."""

    step: int
    letter: str | None
    norm: float
    factor: float | None
    product: float


class Flow(NamedTuple):
    """The travel of a gradient, from step 0 (the initial state) to the last step."""

    problem: Problem
    of: str
    steps: list[FlowStep]


def flow(problem: Problem, of: str = "last") -> Flow:
    """How the gradient of a loss travels back through the states h_t.

    The chain rule, with T the last step that has a loss and E its loss (``of="last"``) or the total (``of="total"``)::

        ∂E/∂h_k = ∂E/∂h_T · ∂h_T/∂h_{T−1} · … · ∂h_{k+1}/∂h_k

    A step's factor is the spectral norm of ∂h_t/∂h_{t−1}, its largest stretch; the product of the factors after k
    bounds what can be left of the gradient at k. For the total, the losses of the steps before T add to what flows
    back. Of an lstm, h stands for both of its states: h_t, and c_t as it is handed on to the next step; of several
    layers, for the states of all.

    Raises ProblemError without targets. Source: Bengio, Simard and Frasconi (1994), "Learning long-term dependencies
    with gradient descent is difficult"; Pascanu, Mikolov and Bengio (2013).
    """
    if of not in ("last", "total"):
        raise ProblemError("of", f"of is {of!r}; it needs last or total.")
    check_has_loss(problem, "There is no gradient to follow back, because there is no loss without targets.")
    trace = forward(problem)
    last = max(t for t in range(1, problem.steps + 1) if problem.targets[t - 1] is not None)
    gradients = reverse(trace, of="loss" if of == "total" else f"loss_{last}")
    by_step: dict[int | None, list[Quantity]] = defaultdict(list)
    for q in trace.values():
        by_step[q.step].append(q)
    # the memory that the output reads goes first, whole; the others are what they hand on to the next step
    top = problem.layers[-1].states
    states = (*top, *(state for layer in problem.layers[:-1] for state in layer.states))
    steps: list[FlowStep] = []
    product = 1.0
    for t in range(last, -1, -1):
        handed_on = (
            gradients[trace[f"{state}_{t}"].parts.gradient("next" if t else "").text].value for state in states[1:]
        )
        norm = length(gradients[f"d{states[0]}_{t}"].value, *handed_on)
        factor = float(np.linalg.norm(jacobian(by_step[t], t, states), 2)) if t else None
        read = problem.inputs[t - 1] if t else None
        letter = None if t == 0 else read if isinstance(read, str) else f"x_{t}"
        steps.append(FlowStep(t, letter, norm, factor, product))
        product *= factor if factor is not None else 1.0
        if not np.isfinite(product):
            raise ArithmeticOverflow(
                f"The product of the factors overflows float64 at step {t}, where the factor is {factor:.3g}. Use "
                "smaller weights."
            )
    return Flow(problem, of, steps[::-1])
