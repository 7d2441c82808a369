"""The simple network as a table of rules in plain NumPy, so that a test can work on from any number, right or wrong.

It reads nothing but the numbers of a problem, and shares nothing with rnncalc.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from rnncalc import Problem

Array = Any
Numbers = Mapping[str, Array]


class Rule(NamedTuple):
    """What a quantity is worked from, and how."""

    sources: tuple[str, ...]
    work: Callable[..., Array]


ACTIVATIONS = {
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "relu": (lambda a: np.maximum(a, 0), lambda a: np.where(a > 0, 1.0, 0.0)),
    "sigmoid": (lambda a: 1 / (1 + np.exp(-a)), lambda h: h * (1 - h)),
    "linear": (lambda a: a, np.ones_like),
}
"""Each with its slope: of relu and softsign by a, of the others by h."""


def given(problem: Problem) -> dict[str, Array]:
    """The numbers that a problem gives, by name."""

    def column(letter: str) -> Array:
        return np.array([[float(letter == known)] for known in problem.vocabulary])

    numbers = {**problem.weights, "h_0": problem.h_0, "eta": np.array([[problem.eta]])}
    for t, (read, wanted) in enumerate(zip(problem.inputs, problem.targets, strict=True), 1):
        numbers[f"x_{t}"] = column(read)
        if wanted is not None:
            numbers[f"target_{t}"] = column(wanted)
    return numbers


def rules(problem: Problem, truncate: int | None = None) -> dict[str, Rule]:
    """Every computed quantity in an order in which it can be worked, without clipping."""
    found: dict[str, Rule] = {}
    activation, slope = ACTIVATIONS[problem.activation]
    shared = problem.weights["Whh"].size == 1
    steps = range(1, problem.steps + 1)
    wanted = [t for t in steps if problem.targets[t - 1] is not None]
    part = 1 / len(wanted) if problem.loss_reduction == "mean" and wanted else 1

    def put(name: str, sources: str, work: Callable[..., Array]) -> None:
        found[name] = Rule(tuple(sources.split()), work)

    def back(Whh: Array, da: Array) -> Array:
        return Whh * da if shared else Whh.T @ da

    for t in steps:
        put(f"wx_{t}", f"Wxh x_{t}", lambda Wxh, x: Wxh @ x)
        put(f"wh_{t}", f"Whh h_{t - 1} bh", lambda Whh, h, bh: (Whh * h if shared else Whh @ h) + bh)
        put(f"a_{t}", f"wx_{t} wh_{t}", lambda wx, wh: wx + wh)
        put(f"h_{t}", f"a_{t}", activation)
        by = "by" if "by" in problem.weights else ""
        put(f"y_{t}", f"Why h_{t} {by}", lambda Why, h, by=0: Why @ h + by)
        shifted = problem.softmax == "shifted"
        put(f"exp_{t}", f"y_{t}", lambda y, shifted=shifted: np.exp(y - y.max() if shifted else y))
        put(f"p_{t}", f"exp_{t}", lambda e: e / e.sum())
        if t in wanted:
            put(f"loss_{t}", f"p_{t} target_{t}", lambda p, target: -np.log((p * target).sum(keepdims=True)))
    if not wanted:
        return found
    put("loss", " ".join(f"loss_{t}" for t in wanted), lambda *losses: part * sum(losses))
    shares: dict[str, list[str]] = {name: [] for name in problem.weights}

    def share(weight: str, t: int, sources: str, work: Callable[..., Array]) -> None:
        put(f"d{weight}_{t}", sources, work)
        shares[weight].append(f"d{weight}_{t}")

    for t in reversed(steps):
        if t in wanted:
            put(f"dy_{t}", f"p_{t} target_{t}", lambda p, target: part * (p - target))
            put(f"dh_out_{t}", f"Why dy_{t}", lambda Why, dy: Why.T @ dy)
        else:
            put(f"dh_out_{t}", f"h_{t}", np.zeros_like)
        if t == problem.steps or (truncate is not None and t % truncate == 0):
            put(f"dh_next_{t}", f"h_{t}", np.zeros_like)
        else:
            put(f"dh_next_{t}", f"Whh da_{t + 1}", back)
        put(f"dh_{t}", f"dh_out_{t} dh_next_{t}", lambda out, following: out + following)
        bent_at = "a" if problem.activation in ("relu", "softsign") else "h"
        put(f"da_{t}", f"{bent_at}_{t} dh_{t}", lambda at, dh: slope(at) * dh)
        share("Wxh", t, f"da_{t} x_{t}", lambda da, x: da @ x.T)
        share("Whh", t, f"da_{t} h_{t - 1}", lambda da, h: da.T @ h if shared else da @ h.T)
        single = problem.weights["bh"].size == 1
        share("bh", t, f"da_{t}", lambda da, single=single: da.sum(keepdims=True) if single else da)
        if t in wanted:
            share("Why", t, f"dy_{t} h_{t}", lambda dy, h: dy @ h.T)
            if by:
                share("by", t, f"dy_{t}", lambda dy: dy)
    for weight, parts in shares.items():
        put(f"d{weight}", " ".join(parts), lambda *parts: sum(parts))
    put("dh_0", "Whh da_1", back)
    gradients = " ".join(f"d{weight}" for weight in shares)
    put("grad_norm", gradients, lambda *all_of: np.array([[np.sqrt(sum((g * g).sum() for g in all_of))]]))
    for weight in shares:
        put(f"{weight}_new", f"{weight} eta d{weight}", lambda W, eta, dW: W - eta * dW)
    return found


def work(
    problem: Problem,
    *,
    decimals: int | None = None,
    instead: Mapping[str, Callable[[Numbers], Array]] | None = None,
    truncate: int | None = None,
) -> dict[str, Array]:
    """Every computed number; ``decimals``: each is rounded before the next is worked from it.

    ``instead``: other rules for some quantities, worked from all that is there by then: slips.
    """
    numbers = given(problem)
    done: dict[str, Array] = {}
    for name, rule in rules(problem, truncate).items():
        slip = (instead or {}).get(name)
        value = slip(numbers) if slip is not None else rule.work(*(numbers[s] for s in rule.sources))
        numbers[name] = done[name] = value if decimals is None else np.round(value, decimals)
    return done
