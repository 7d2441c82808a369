"""The head: dense layers from a state to the scores of the classes, forwards and backwards, many rows at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy import add, multiply

from rnncalc.engine.kernels import ACTIVATIONS, Function
from rnncalc.engine.memory import zeros
from rnncalc.engine.parameters import Parameters
from rnncalc.language.functions import FUNCTIONS
from rnncalc.language.operations import numpy_of
from rnncalc.language.trees import Array


class Dense:
    """v = f(W · u + b) for each row u; u is first multiplied by a dropout mask, where there is one."""

    def __init__(self, parameters: Parameters, weight: str, bias: str, activation: str, rows: int) -> None:
        self.weight, self.weight_slope = parameters.block[weight], parameters.slope[weight]
        self.bias, self.bias_slope = parameters.block.get(bias), parameters.slope.get(bias)
        self.activate, self.slope_of = ACTIVATIONS.get(activation) or from_table(activation)
        inputs, units = self.weight.shape
        dtype = parameters.dtype
        self.a, self.v = zeros((rows, units), dtype), zeros((rows, units), dtype)
        self.dropped, self.du = zeros((rows, inputs), dtype), zeros((rows, inputs), dtype)

    def forward(self, u: Array, mask: Array | None) -> Array:
        """v; tweets × units."""
        self.mask = mask
        self.u = u if mask is None else multiply(u, mask, self.dropped)
        self.u.dot(self.weight, self.a)
        if self.bias is not None:
            add(self.a, self.bias, self.a)
        self.activate(self.a, self.v)
        return self.v

    def find_slopes(self, dv: Array) -> Array:
        """The gradients of the weights into their slopes, and da, the gradient of the sums."""
        self.slope_of(self.v, self.a)
        da: Array = multiply(dv, self.a, self.a)
        self.u.T.dot(da, self.weight_slope)
        if self.bias_slope is not None:
            da.sum(axis=0, keepdims=True, out=self.bias_slope)
        return da

    def backward(self, dv: Array) -> Array:
        """The gradients of the weights into their slopes, and du."""
        da = self.find_slopes(dv)
        da.dot(self.weight.T, self.du)
        if self.mask is not None:
            multiply(self.du, self.mask, self.du)
        return self.du


class Head:
    """All dense layers, the output last. The masks go by what they are multiplied to: h, v_D1, v_D2, …"""

    def __init__(self, parameters: Parameters, activations: tuple[str, ...], rows: int) -> None:
        self.layers = {
            reads: Dense(parameters, weight, bias, activation, rows)
            for reads, weight, bias, activation in layers_of(activations)
        }

    def forward(self, h: Array, masks: Mapping[str, Array]) -> Array:
        """The scores y, tweets × classes."""
        v = h
        for reads, layer in self.layers.items():
            v = layer.forward(v, masks.get(reads))
        return v

    def backward(self, dy: Array) -> Array:
        """The gradients of the weights into their slopes, and dh."""
        dv = dy
        for layer in reversed(self.layers.values()):
            dv = layer.backward(dv)
        return dv


def from_table(activation: str) -> tuple[Function, Function]:
    """An activation that has no kernel, and its slope: v is turned from the sums a into ``out``; of the slope, ``out``
    holds the sums at first."""
    function = FUNCTIONS[activation]
    assert function.derivative is not None
    derivative = numpy_of(function.derivative)  # of the argument and the result
    return (
        lambda a, out: np.copyto(out, function.of_arrays(a)),
        lambda v, out: np.copyto(out, derivative(out, v)),
    )


def layers_of(activations: tuple[str, ...]) -> list[tuple[str, str, str, str]]:
    """Of each dense layer, the output last: what it reads, the names of its weight and bias, its activation."""
    count = len(activations)
    reads = ["h", *(f"v_D{k}" for k in range(1, count + 1))]
    weights = [*(f"Wv_D{k}" for k in range(1, count + 1)), "Why"]
    biases = [*(f"bv_D{k}" for k in range(1, count + 1)), "by"]
    return list(zip(reads, weights, biases, (*activations, "linear"), strict=True))
