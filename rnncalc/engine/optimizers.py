"""The optimizers by their names, as PyTorch defines them."""

from __future__ import annotations

from collections.abc import Mapping

from numpy import add, divide, multiply, sqrt

from rnncalc.engine.adam import Adam
from rnncalc.engine.optimizer import Optimizer
from rnncalc.language.descent import EPSILON, MOMENTUM
from rnncalc.language.trees import Array


class Sgd(Optimizer):
    """W ← W − eta · dW."""

    def move(self, slope: Array, squares: Array, **memory: Array) -> None:
        self.descend(slope, squares)


class Momentum(Optimizer):
    """v ← 0.9 v + dW; W ← W − eta · v."""

    slots = ("v",)

    def move(self, slope: Array, squares: Array, **memory: Array) -> None:
        v = memory["v"]
        multiply(v, MOMENTUM, v)
        add(v, slope, v)
        self.descend(v, squares)


class Adagrad(Optimizer):
    """s ← s + dW²; W ← W − eta · dW / (√s + 1e-10). Source: Duchi, Hazan and Singer (2011)."""

    slots = ("s",)
    needs_squares = True

    def move(self, slope: Array, squares: Array, **memory: Array) -> None:
        s, room = memory["s"], squares
        add(s, squares, s)
        sqrt(s, room)
        add(room, EPSILON, room)
        divide(slope, room, room)
        self.descend(room, room)


class Rmsprop(Optimizer):
    """s ← 0.99 s + 0.01 dW²; W ← W − eta · dW / (√s + 1e-8). Source: Tieleman and Hinton (2012)."""

    slots = ("s",)
    needs_squares = True

    def move(self, slope: Array, squares: Array, **memory: Array) -> None:
        s, room = memory["s"], squares
        multiply(squares, 1 - 0.99, room)
        multiply(s, 0.99, s)
        add(s, room, s)
        sqrt(s, room)
        add(room, 1e-8, room)
        divide(slope, room, room)
        self.descend(room, room)


OPTIMIZERS: Mapping[str, type[Optimizer]] = {
    "sgd": Sgd,
    "momentum": Momentum,
    "adagrad": Adagrad,
    "rmsprop": Rmsprop,
    "adam": Adam,
}
