"""The backward pass: backpropagation through time (BPTT), every gradient a quantity with an equation of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial

import numpy as np

from rnncalc.errors import ProblemError
from rnncalc.language import Constant, Expression, add, identity, zeros
from rnncalc.language.trees import Term
from rnncalc.network.differentiate import pull
from rnncalc.network.forward_pass import forward
from rnncalc.network.names import Name
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.trace import Trace
from rnncalc.network.validation import check_has_loss


def backward(problem: Problem, truncate: int | None = None) -> Trace:
    """The forward pass, and then the gradient of the loss with respect to everything that leads to it.

    From the last step to the first, with E the loss and f the activation::

        dy_t = p_t − target_t                     where step t has a loss; over T when the loss is a mean
        dh_out_t = Whyᵀ · dy_t                    what this step's own output sends back
        dh_next_t = Whhᵀ · da_{t+1}               what flows back from the next step; zero at the last
        dh_t = dh_out_t + dh_next_t
        da_t = f'(a_t) ⊙ dh_t
        dWhy_t = dy_t · h_tᵀ   dWxh_t = da_t · x_tᵀ   dWhh_t = da_t · h_{t−1}ᵀ   dbh_t = da_t
        dWhy = Σ_t dWhy_t      and so for every weight

    and so through the gates of an lstm, whose states are h and c, and of a gru. A shared Whh (1×1) has
    dWhh_t = Σ_i da_t[i] h_{t−1}[i] and dh_next_t = Whh · da_{t+1}. Gradients are in nats per unit of the quantity, in
    its shape. ``truncate`` = K cuts the flow back between windows of K steps counted from step 1.

    Raises ProblemError without targets, ArithmeticOverflow where a number leaves float64. Source: Rumelhart, Hinton
    and Williams (1986), "Learning representations by back-propagating errors"; Werbos (1990), "Backpropagation through
    time: what it does and how to do it".
    """
    check_truncate(truncate)
    check_has_loss(problem, "There is no loss to differentiate, because the problem has no targets.")
    return reverse(forward(problem), truncate=truncate)


def check_truncate(truncate: int | None) -> None:
    """Raise ProblemError unless the window of truncated BPTT is at least one step."""
    if truncate is not None and (not isinstance(truncate, int) or truncate < 1):
        raise ProblemError("truncate", f"truncate is {truncate}; it needs a whole number of steps, at least 1.")


def reverse(trace: Trace, *, of: str = "loss", truncate: int | None = None) -> Trace:
    """The reverse walk over a forward trace: a new trace with the gradients of the quantity ``of`` appended."""
    walk = _Walk(trace, truncate)
    with np.errstate(all="ignore"):  # what overflows is reported in words, by the trace
        walk.run(of)
    return walk.trace


class _Walk:
    """One reverse walk: contributions waiting for the quantities that they belong to."""

    def __init__(self, trace: Trace, truncate: int | None) -> None:
        self.forward = trace
        self.trace = Trace(trace.problem, trace.values(), truncate=truncate)
        self.truncate = truncate
        self.states = {state for layer in trace.problem.layers for state in layer.states}
        self.weights = list(trace.problem.weights)
        self.waiting: dict[str, list[tuple[int | None, Term]]] = defaultdict(list)
        self.shares: dict[str, list[Quantity]] = defaultdict(list)

    def run(self, of: str) -> None:
        self.waiting[of].append((None, Constant(1)))
        step: int | None = None
        here: dict[str, list[Term]] = defaultdict(list)  # this step's contributions to each weight
        for q in reversed(list(self.forward.values())):
            if q.rule is None:
                continue
            if q.step != step:
                self._give_shares(here, step)
                step = q.step
            gradient = self._gradient(q)
            if gradient is not None:
                pull(q.rule, gradient, q, partial(self._deliver, q, here))
        self._give_shares(here, step)
        self._give_totals()

    def _deliver(self, consumer: Quantity, here: dict[str, list[Term]], to: Quantity, term: Term) -> None:
        if to.name in self.weights:
            here[to.name].append(term)
        elif to.rule is not None or to.step == 0:
            self.waiting[to.name].append((consumer.step, term))

    def _gradient(self, q: Quantity) -> Term | None:
        """The gradient of a quantity from what waits for it; a quantity of its own unless it is another's as it is."""
        terms = self.waiting.pop(q.name, [])
        if q.place in self.states:
            return self._state(q, terms)
        if not terms:
            return None
        rule = _together([term for _, term in terms])
        if not isinstance(rule, Expression) or q.stage == Stage.LOSS:
            return rule  # an addition passes its gradient on as it is
        return self._add(q.parts.gradient(), rule, q)

    def _state(self, q: Quantity, terms: list[tuple[int | None, Term]]) -> Quantity:
        """A state hears from its own step's output and from the next step."""
        assert q.step is not None
        out = [term for step, term in terms if step == q.step]
        following = [term for step, term in terms if step != q.step]
        last = q.step == self.trace.problem.steps
        cut = not last and self.truncate is not None and q.step % self.truncate == 0
        parts = []
        for which, contributions, flow in (
            ("out", out, "" if out else "none"),
            ("next", [] if cut else following, "last" if last else "cut" if cut else ""),
        ):
            rule = _as_rule(contributions) if contributions else zeros(q)
            parts.append(self._add(q.parts.gradient(which), rule, q, {"flow": flow}))
        return self._add(q.parts.gradient(), add(*parts), q)

    def _give_shares(self, here: dict[str, list[Term]], step: int | None) -> None:
        for name in self.weights:
            if here.get(name):
                weight = self.trace[name]
                share = self._add(weight.parts.gradient(step=step), _as_rule(here[name]), weight)
                self.shares[name].append(share)
        here.clear()

    def _give_totals(self) -> None:
        for name in self.weights:
            shares, weight = self.shares[name][::-1], self.trace[name]
            rule = zeros(weight) if not shares else add(*shares) if len(shares) > 1 else identity(*shares)
            self._add(weight.parts.gradient(), rule, weight)
        for state in self.trace.problem.states:
            start = self.trace[state]
            terms = [term for _, term in self.waiting[start.name]]
            self._add(start.parts.gradient(), _as_rule(terms) if terms else zeros(start), start)

    def _add(self, name: Name, rule: Expression, of: Quantity, settings: Mapping[str, str] | None = None) -> Quantity:
        return self.trace.add(name, rule, stage=Stage.BACKWARD, axes=of.axes, settings=settings or of.settings)


def _together(terms: list[Term]) -> Term:
    return terms[0] if len(terms) == 1 else add(*terms)


def _as_rule(terms: list[Term]) -> Expression:
    rule = _together(terms)
    return rule if isinstance(rule, Expression) else identity(rule)
