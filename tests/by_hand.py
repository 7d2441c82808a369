"""The gradients of a network twice, neither by rnncalc: by a straight loop of backpropagation, and by complex steps.

Both read nothing but the numbers of a problem and work with vectors of one dimension. The complex steps go through a
forward loop that knows no derivative; the loop of backpropagation takes the slopes from a_t, not from h_t.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from drawn import Given, Straight, given_numbers
from hypothesis import assume
from hypothesis import strategies as st

from rnncalc import Problem

Numbers = Mapping[str, Any]
Step = Callable[[Numbers, Any, Any, str], Any]
"""The new state from the arrays, the letter's one-hot vector, the state before, and the name of the activation."""

ACTIVATIONS = {
    "tanh": np.tanh,
    "relu": lambda a: np.where(a.real > 0, a, 0),
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "linear": lambda a: a,
}
SLOPES = {
    "tanh": lambda a: 1 / np.cosh(a) ** 2,
    "relu": lambda a: np.where(a > 0, 1.0, 0.0),
    "sigmoid": lambda a: 1 / (2 * np.cosh(a / 2)) ** 2,
    "linear": np.ones_like,
}


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Problems with a loss, of every shape and setting; relu stays away from its kink.

    Those drawn without targets get some, at some of the steps and of any letters.
    """
    problem = draw(given_numbers().map(Given.problem))
    if not problem.has_loss:
        letters = st.sampled_from([None, *problem.vocabulary])
        wanted = draw(st.lists(letters, min_size=problem.steps, max_size=problem.steps).filter(any))
        problem = problem.replace(targets=wanted)
    if problem.activation == "relu":
        assume(all(np.abs(a).min() > 1e-6 for a in sums(problem)))
    return problem


# ── forward ───────────────────────────────────────────────────────────────────────────────────────────────────────


def given_arrays(problem: Problem) -> dict[str, Any]:
    """The weights and h_0; biases and h_0 as vectors of one dimension, and a Whh of one number too."""
    arrays = {**problem.weights, "h_0": problem.h_0}
    flat = [name for name, array in arrays.items() if array.shape[1] == 1 and name not in ("Wxh", "Why")]
    return {**arrays, **{name: arrays[name].ravel() for name in flat}}


def one_hot(problem: Problem, letter: str) -> Any:
    return np.array([float(letter == known) for known in problem.vocabulary])


def times(Whh: Any, h: Any) -> Any:
    """Whh · h, of one number and of a matrix."""
    return Whh * h if Whh.ndim == 1 else Whh @ h


def summed(arrays: Numbers, x: Any, h: Any) -> Any:
    """a_t."""
    return arrays["Wxh"] @ x + times(arrays["Whh"], h) + arrays["bh"]


def elman(arrays: Numbers, x: Any, h: Any, activation: str) -> Any:
    """h_t of the simple cell."""
    return ACTIVATIONS[activation](summed(arrays, x, h))


def states(problem: Problem, arrays: Numbers, step: Step = elman, held: Mapping[int, Any] | None = None) -> list[Any]:
    """h_0 … h_T with these arrays, which may be complex; what leaves the steps in ``held`` is the state given there."""
    done = [arrays["h_0"]]
    for t, letter in enumerate(problem.inputs):
        before = (held or {}).get(t, done[-1])
        done.append(step(arrays, one_hot(problem, letter), before, problem.activation))
    return done


def sums(problem: Problem) -> list[Any]:
    """a_1 … a_T."""
    arrays = given_arrays(problem)
    before = states(problem, arrays)[:-1]
    return [summed(arrays, one_hot(problem, c), h) for c, h in zip(problem.inputs, before, strict=True)]


def scores(arrays: Numbers, h: Any) -> Any:
    """y_t."""
    return arrays["Why"] @ h + arrays.get("by", 0)


def total_loss(problem: Problem, arrays: Numbers, step: Step = elman, held: Mapping[int, Any] | None = None) -> Any:
    losses = []
    for h, wanted in zip(states(problem, arrays, step, held)[1:], problem.targets, strict=True):
        if wanted is not None:
            y = scores(arrays, h)
            top = y.real.max()
            losses.append(np.log(np.exp(y - top).sum()) + top - y[problem.vocabulary.index(wanted)])
    return sum(losses) / (len(losses) if problem.loss_reduction == "mean" else 1)


# ── backward ──────────────────────────────────────────────────────────────────────────────────────────────────────


def by_complex_steps(problem: Problem, step: Step = elman, truncate: int | None = None) -> dict[str, Any]:
    """The gradient of every weight and of h_0.

    With ``truncate``, the state that enters a window from the one before is held as it is: nothing moves it.
    """
    arrays, gradients = given_arrays(problem), {}
    real = states(problem, arrays, step)
    held = {t: real[t] for t in range(truncate, problem.steps, truncate)} if truncate else {}
    for name, array in arrays.items():
        gradients[f"d{name}"] = np.empty(array.shape)
        for at in np.ndindex(array.shape):
            moved = array.astype(complex)
            moved[at] += 1e-30j
            gradients[f"d{name}"][at] = total_loss(problem, {**arrays, name: moved}, step, held).imag / 1e-30
    return gradients


def by_backpropagation(problem: Problem, truncate: int | None = None) -> dict[str, Straight]:
    """Every gradient by name, in the order of a backward pass, with the size that its tolerance is measured by."""
    arrays = given_arrays(problem)
    Whh, Why = arrays["Whh"], arrays["Why"]
    one_bias = problem.weights["bh"].size == 1
    part = 1 / sum(c is not None for c in problem.targets) if problem.loss_reduction == "mean" else 1
    done: dict[str, Straight] = {}
    shares: dict[str, list[Any]] = {name: [] for name in problem.weights}

    def put(name: str, value: Any, *came_from: Any) -> Any:
        done[name] = Straight(value, max(1.0, *(float(np.abs(array).max()) for array in (value, *came_from))))
        return value

    def put_share(name: str, t: int, value: Any, *came_from: Any) -> None:
        shares[name].insert(0, put(f"d{name}_{t}", value, *came_from))

    a, h = [None, *sums(problem)], states(problem, arrays)
    nothing = np.zeros(problem.hidden)
    da = nothing
    for t in range(problem.steps, 0, -1):
        dy, wanted = None, problem.targets[t - 1]
        if wanted is not None:
            y = scores(arrays, h[t])
            p = np.exp(y - y.max()) / np.exp(y - y.max()).sum()
            dy = put(f"dy_{t}", part * (p - one_hot(problem, wanted)), p)
        out = put(f"dh_out_{t}", nothing if dy is None else Why.T @ dy, Why)
        cut = t == problem.steps or (truncate is not None and t % truncate == 0)
        following = put(f"dh_next_{t}", nothing if cut else times(Whh.T, da), Whh, da)
        dh = put(f"dh_{t}", out + following, out, following)
        da = put(f"da_{t}", SLOPES[problem.activation](a[t]) * dh, dh)
        put_share("Wxh", t, np.outer(da, one_hot(problem, problem.inputs[t - 1])), da)
        put_share("Whh", t, np.outer(da, h[t - 1]) if Whh.ndim == 2 else da @ h[t - 1], da, h[t - 1])
        put_share("bh", t, da.sum() if one_bias else da, da)
        if dy is not None:
            put_share("Why", t, np.outer(dy, h[t]), dy, h[t])
            if "by" in problem.weights:
                put_share("by", t, dy, dy)
    for name in problem.weights:
        put(f"d{name}", sum(shares[name]), *shares[name])
    put("dh_0", times(Whh.T, da), Whh, da)
    return done
