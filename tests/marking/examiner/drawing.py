"""Problems for the students, drawn so that a seed gives the same one on every machine."""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

from rnncalc import Problem
from rnncalc.network.update_step import whole_trace

from .networks import Net

_LETTERS = "abehlnorst"


class Drawn(NamedTuple):
    """A problem with its true numbers."""

    problem: Problem
    trace: Any
    net: Net


def draw(rng: Random, kind: str, **wish: Any) -> Drawn:
    """A random problem of a cell kind; ``wish`` sets options that are not left to chance."""
    return make(options(rng, kind, **wish))


def options(rng: Random, kind: str, **wish: Any) -> dict[str, Any]:
    letters = rng.sample(_LETTERS, rng.randint(2, 4))
    longest = 6 if kind == "rnn" else 4
    text = "".join(rng.choice(letters) for _ in range(rng.randint(3, longest)))
    chosen: dict[str, Any] = {
        "text": text,
        "cell_kind": kind,
        "seed": rng.randrange(10**6),
        "hidden": rng.randint(1, 4) if kind == "rnn" else rng.randint(1, 3),
        "weight_decimals": rng.randint(2, 6),
        "output_bias": rng.random() < 0.5,
        "h_0": rng.choice(["zeros", "random"]),
        "activation": rng.choice(["tanh", "tanh", "tanh", "sigmoid", "relu", "linear"]),
        "targets": rng.choice(["next", "next", "next", "last"]),
        "loss_reduction": rng.choice(["sum", "sum", "mean"]),
        "eta": rng.choice([0.1, 0.5, 0.05, 1.0]),
        "vocabulary": "".join(rng.sample(sorted(set(text) | set(letters)), len(set(text) | set(letters)))),
        "clipping": rng.choice([None, None, "clip", "clip_norm"]),
        "limit": rng.choice([0.05, 0.1, 0.25, 0.5, 1.0]),
        **({"recurrent": rng.choice(["scalar", "matrix"])} if kind == "rnn" else {}),
        **({"reset_after": rng.random() < 0.5} if kind == "gru" else {}),
        **({"softmax": rng.choice(["plain", "plain", "shifted"])} if takes_softmax() else {}),
    }
    return {**chosen, **wish}


def make(chosen: dict[str, Any]) -> Drawn:
    rest = {key: value for key, value in chosen.items() if key not in {"text", "clipping", "limit"}}
    problem = Problem.draw(chosen["text"], **rest)
    limits = {chosen["clipping"]: chosen["limit"]} if chosen["clipping"] else {}
    trace = whole_trace(problem, **limits)
    return Drawn(problem, trace, Net(dict(trace.items()), problem))


def template(name: str) -> Drawn:
    problem = Problem.template(name)
    trace = whole_trace(problem)
    return Drawn(problem, trace, Net(dict(trace.items()), problem))


_takes: list[bool] = []


def takes_softmax() -> bool:
    """Whether the form of the softmax can be chosen yet."""
    if not _takes:
        try:
            Problem.draw("ab", softmax="shifted")
        except (TypeError, ValueError):
            _takes.append(False)
        else:
            _takes.append(True)
    return _takes[0]
