"""Random problems, and the forward pass as a straight loop that shares nothing with rnncalc.

The tests hold every quantity of a trace to this loop.
"""

from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from rnncalc import Problem

ALPHABET = "abchelo éßЖ日😀\n\t019=+-@'\"\\_%&#$~^{}<>|,"
TOLERANCE = 1e-12
"""Equal means: within this, times 1 or the largest entry of a quantity and of what it is computed from."""


class Given(NamedTuple):
    """The numbers of a problem as plain lists: matrices as rows, vectors as lists, Whh and bh perhaps one number."""

    text: str
    vocabulary: str
    hidden: int
    activation: str
    targets: str
    reduction: str
    weights: dict[str, Any]
    h_0: list[float]
    softmax: str = "plain"

    @property
    def inputs(self) -> str:
        return self.text if self.targets == "none" else self.text[:-1]

    @property
    def wanted(self) -> list[str | None]:
        if self.targets == "none":
            return [None] * len(self.text)
        following: list[str | None] = list(self.text[1:])
        return following if self.targets == "next" else [*[None] * (len(following) - 1), following[-1]]

    def problem(self) -> Problem:
        columns = {k: np.reshape(v, (-1, 1)) for k, v in self.weights.items() if k.startswith("b")}
        return Problem(
            inputs=tuple(self.inputs),
            targets=tuple(self.wanted),
            vocabulary=tuple(self.vocabulary),
            weights={**self.weights, **columns},
            h_0=np.reshape(self.h_0, (-1, 1)),
            activation=self.activation,
            loss_reduction=self.reduction,
            softmax=self.softmax,
        )


def texts(shortest: int = 2, longest: int = 8) -> st.SearchStrategy[str]:
    return st.text(ALPHABET, min_size=shortest, max_size=longest)


@st.composite
def given_numbers(draw: st.DrawFn, *, whole: bool = False) -> Given:
    """A problem of every shape and setting, its weights in [−2, 2]; ``whole`` numbers make sums exact in float64.

    Where the activation has no bound, Whh is kept so small that the hidden units do not grow from step to step.
    """
    text = draw(texts())
    more = draw(st.sampled_from(["", "z", "zq"]))
    vocabulary = "".join(draw(st.permutations(sorted(set(text + more)))))
    hidden, letters = draw(st.integers(1, 6)), len(vocabulary)
    activation = draw(st.sampled_from(["relu", "linear"] if whole else ["tanh", "relu", "sigmoid", "linear"]))
    number = st.integers(-2, 2).map(float) if whole else st.floats(-2, 2)
    scale = 1 if whole or activation in ("tanh", "sigmoid") else 1 / (2 * hidden)

    def vector(size: int) -> list[float]:
        return draw(st.lists(number, min_size=size, max_size=size))

    def matrix(rows: int, columns: int) -> list[list[float]]:
        return [vector(columns) for _ in range(rows)]

    scalar = draw(st.booleans())
    weights = {
        "Wxh": matrix(hidden, letters),
        "Whh": scale * draw(number) if scalar else [[scale * n for n in row] for row in matrix(hidden, hidden)],
        "bh": draw(number) if scalar else vector(hidden),
        "Why": matrix(letters, hidden),
    }
    if draw(st.booleans()):
        weights["by"] = vector(letters)
    targets = draw(st.sampled_from(["next", "last", "none"]))
    reduction = draw(st.sampled_from(["sum", "mean"]))
    softmax = draw(st.sampled_from(["shifted"] if whole else ["plain", "shifted"]))  # whole numbers may be large
    return Given(text, vocabulary, hidden, activation, targets, reduction, weights, vector(hidden), softmax)


ACTIVATIONS = {
    "tanh": np.tanh,
    "relu": lambda a: np.array([max(n, 0.0) for n in a]),
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "linear": lambda a: a,
}


class Straight(NamedTuple):
    """A quantity of the straight loop, and the size that its tolerance is measured by."""

    value: Any
    size: float


def straight(given: Given) -> dict[str, Straight]:
    """Every quantity of the forward pass and the loss, by name; vectors have one dimension, a loss has none."""
    weights = {name: np.array(value) for name, value in given.weights.items()}
    one_number = weights["Whh"].ndim == 0
    done: dict[str, Straight] = {}

    def put(name: str, value: Any, *came_from: Any) -> Any:
        done[name] = Straight(value, max(1.0, *(float(np.abs(array).max()) for array in (value, *came_from))))
        return value

    h = np.array(given.h_0)
    losses = []
    for t, (letter, wanted) in enumerate(zip(given.inputs, given.wanted, strict=True), 1):
        x = np.zeros(len(given.vocabulary))
        x[given.vocabulary.index(letter)] = 1
        wx = put(f"wx_{t}", weights["Wxh"] @ x, weights["Wxh"], x)
        past = weights["Whh"] * h if one_number else weights["Whh"] @ h
        wh = put(f"wh_{t}", past + weights["bh"], weights["Whh"], h, weights["bh"])
        a = put(f"a_{t}", wx + wh, wx, wh)
        h = put(f"h_{t}", ACTIVATIONS[given.activation](a), a)
        bias = weights.get("by", np.zeros(len(given.vocabulary)))
        y = put(f"y_{t}", weights["Why"] @ h + bias, weights["Why"], h, bias)
        e = put(f"exp_{t}", np.exp(y - y.max() if given.softmax == "shifted" else y), y)
        p = put(f"p_{t}", e / e.sum(), e)
        if wanted is not None:
            at = given.vocabulary.index(wanted)
            # ln p where p can be told from 0, else the same from the scores
            loss = -np.log(p[at]) if p[at] > 1e-300 else y.max() - y[at] + np.log(np.exp(y - y.max()).sum())
            losses.append(put(f"loss_{t}", loss, y, p))
    if losses:
        put("loss", sum(losses) / (len(losses) if given.reduction == "mean" else 1), *losses)
    return done
