"""Text from a network: each token drawn from what the network predicts, and read as the next one."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from rnncalc.engine.layers import has_kernels, network_of, parameters_of
from rnncalc.engine.traced import steady
from rnncalc.errors import ProblemError
from rnncalc.language.trees import Array
from rnncalc.network.forward_pass import forward
from rnncalc.network.problem import Problem
from rnncalc.network.tokens import joined
from rnncalc.problems.draw import uniform
from rnncalc.text.text import encode

_DIGITS = 15


def sample(
    problem: Problem, length: int = 200, *, prime: str = "", temperature: float = 1.0, seed: int | str = 0
) -> str:
    """So many tokens drawn one by one from p = softmax(y / temperature), after reading ``prime``.

    Without a prime the first token of the vocabulary is read. A temperature of 0 takes the most likely token each time.
    The numbers drawn come from the seed as those of drawn weights do: the same on every machine. Raises ProblemError
    for a prime with tokens that the vocabulary lacks, and for settings out of range.
    """
    if not 0 <= temperature < math.inf:
        raise ProblemError(
            "temperature", f"temperature is {temperature!r}; it needs a number of at least 0, such as 0.8."
        )
    if length < 0:
        raise ProblemError("length", f"length is {length}; it needs a whole number, at least 0.")
    read = encode(prime, problem.vocabulary, problem.tokens, what="prime").tolist() or [0]
    if not problem.predicts_tokens or problem.output_function != "softmax" or problem.output_at != "every":
        raise ProblemError("output_at", "A sample needs a network that predicts the next token at every step.")
    scores = _fast(problem) if has_kernels(problem) else _traced(problem)
    drawn: list[str] = []
    with np.errstate(all="ignore"):  # a gate that is closed for good
        for token in read:
            y = scores(token)
        for position in range(length):
            share = (uniform(seed, "sample", position, _DIGITS) + 1) / 2
            token = _draw(y, temperature, share)
            drawn.append(problem.vocabulary[token])
            y = scores(token)
    return joined(drawn, problem.tokens)


def _fast(problem: Problem) -> Callable[[int], Array]:
    """What a network with kernels makes of one more token: its scores."""
    parameters = parameters_of(problem)
    network = network_of(problem, parameters, 1, 1)
    for name, state in problem.states.items():
        network.state(name.removesuffix("_0"))[0] = state.T
    why, by = parameters.block["Why"], parameters.block.get("by", 0)

    def scores(token: int) -> Array:
        network.forward(np.array([[token]]))
        for state in map(network.state, network.states):
            state[0] = state[1]
        scores_now: Array = (network.h[-1] @ why + by)[0]
        return scores_now

    return scores


def _traced(problem: Problem) -> Callable[[int], Array]:
    """What any other network makes of one more token, by the trace of one step."""
    single_step = steady(problem).replace(inputs=problem.vocabulary[:1], targets=(None,))
    states = dict(problem.states)

    def scores(token: int) -> Array:
        trace = forward(single_step.replace(inputs=(problem.vocabulary[token],)).with_arrays(states))
        for name in states:
            states[name] = trace[f"{name.removesuffix('_0')}_1"].value
        return trace["y_1"].value[:, 0]

    return scores


def _draw(y: Array, temperature: float, share: float) -> int:
    """The token at which the probabilities, added up, pass the share."""
    if temperature == 0:
        return int(y.argmax())
    sums = np.exp((y - y.max()) / temperature).cumsum()
    return min(int(np.searchsorted(sums, share * sums[-1], side="right")), len(y) - 1)
