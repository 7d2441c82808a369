"""The activations, and their slopes as gradients need them."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnncalc.language.algebra import add, identity, multiply, one_minus, subtract
from rnncalc.language.base import Constant, Operation, Wrong, entry
from rnncalc.language.scalars import ATOM, PRODUCT, SUM, Number, call
from rnncalc.language.wrong import degrees, negative_part, reciprocal, sinh, size, square, tan

_ONE = Constant(1)


def _sigmoid(a: Any) -> Any:
    return 1 / (1 + np.exp(np.where(a.real < -700, 700, -a)))


tanh: Operation = Operation(
    "tanh",
    "the hyperbolic tangent of every entry",
    numpy=np.tanh,
    element=lambda i, j, a: call("tanh", entry(a, i, j)),
    text="tanh({0})",
    latex=r"\tanh\left({0}\right)",
    array="TANH({0})",
    binds=ATOM,
    needs=(SUM,),
    gradient=lambda g, out, a: (multiply(tanh_slope(out), g),),
    mistakes=lambda a: (
        Wrong("activation-left-out", "tanh not applied", a),
        Wrong("sigmoid-for-tanh", "the logistic function was applied instead of tanh", sigmoid(a)),
        Wrong("tan-for-tanh", "tan was applied instead of tanh", tan(a)),
        Wrong("sinh-for-tanh", "sinh was applied instead of tanh", sinh(a)),
        Wrong("degrees", "tan was applied instead of tanh, of an angle in degrees", tan(degrees(a))),
        Wrong("degrees", "tanh was applied to the number as to an angle in degrees", tanh(degrees(a))),
        Wrong("one-minus-sigmoid", "1 − σ was applied instead of tanh", one_minus(sigmoid(a))),
        Wrong("another-activation", "relu was applied instead of tanh", relu(a)),
    ),
)

tanh_slope: Operation = Operation(
    "tanh_slope",
    "the derivative of tanh, from its result h: one minus its square",
    numpy=lambda h: 1 - h * h,
    element=lambda i, j, h: call("minus", Number(1), call("square", entry(h, i, j))),
    text="1 − {0}²",
    latex="1 - {0}^2",
    array="1-{0}*{0}",
    binds=SUM,
    needs=(ATOM,),
    mistakes=lambda h: (
        Wrong("one-plus-square", "1 + h² instead of 1 − h²", add(_ONE, square(h))),
        Wrong("square-alone", "h² instead of 1 − h²", square(h)),
        Wrong("no-square", "1 − h instead of 1 − h²", subtract(_ONE, h)),
        Wrong("tanh-twice", "tanh was applied to h once more", tanh_slope(tanh(h))),
        Wrong("inverse-slope", "1 / (1 − h²) instead of 1 − h²", reciprocal(tanh_slope(h))),
        Wrong(
            "sigmoid-for-tanh", "h · (1 − h), the slope of the logistic function, for that of tanh", sigmoid_slope(h)
        ),
        Wrong("another-activation", "the slope of relu, 0 or 1, for that of tanh", relu_slope(h)),
    ),
)

sigmoid: Operation = Operation(
    "sigmoid",
    "the logistic function of every entry: 1 / (1 + exp(−a))",
    numpy=_sigmoid,
    element=lambda i, j, a: call("sigmoid", entry(a, i, j)),
    text="σ({0})",
    latex=r"\sigma\left({0}\right)",
    array="IF({0}<0-700,0,1/(1+EXP(0-{0})))",
    binds=ATOM,
    needs=(SUM,),
    gradient=lambda g, out, a: (multiply(sigmoid_slope(out), g),),
    mistakes=lambda a: (
        Wrong("activation-left-out", "the logistic function not applied", a),
        Wrong("tanh-for-sigmoid", "tanh was applied instead of the logistic function", tanh(a)),
        Wrong("one-minus-sigmoid", "1 − σ(a), which is σ(−a), instead of σ(a)", one_minus(sigmoid(a))),
        Wrong("another-activation", "relu was applied instead of the logistic function", relu(a)),
    ),
)

sigmoid_slope: Operation = Operation(
    "sigmoid_slope",
    "the derivative of the logistic function, from its result h: h times one minus h",
    numpy=lambda h: h * (1 - h),
    element=lambda i, j, h: call("times", entry(h, i, j), call("minus", Number(1), entry(h, i, j))),
    text="{0} ⊙ (1 − {0})",
    latex=r"{0} \odot (1 - {0})",
    array="{0}*(1-{0})",
    binds=PRODUCT,
    needs=(PRODUCT,),
    mistakes=lambda h: (
        Wrong("one-minus-left-out", "(1 − h) left out", h),
        Wrong("h-left-out", "h left out of h · (1 − h)", subtract(_ONE, h)),
        Wrong("inverse-slope", "1 / (h · (1 − h)) instead of h · (1 − h)", reciprocal(sigmoid_slope(h))),
        Wrong("tanh-for-sigmoid", "1 − h², the slope of tanh, for that of the logistic function", tanh_slope(h)),
    ),
)

relu: Operation = Operation(
    "relu",
    "negative entries become 0",
    numpy=lambda a: np.where(a.real > 0, a, 0),
    element=lambda i, j, a: call("positive part", entry(a, i, j)),
    text="max(0, {0})",
    latex=r"\max\left(0, {0}\right)",
    array="IF({0}>0,{0},0)",
    binds=ATOM,
    needs=(SUM,),
    gradient=lambda g, out, a: (multiply(relu_slope(a), g),),
    mistakes=lambda a: (
        Wrong("activation-left-out", "relu not applied", a),
        Wrong("absolute-value", "the minus sign dropped, |a|, instead of max(0, a)", size(a)),
        Wrong("min-for-max", "min(0, a) instead of max(0, a)", negative_part(a)),
        Wrong("another-activation", "tanh was applied instead of relu", tanh(a)),
        Wrong("another-activation", "the logistic function was applied instead of relu", sigmoid(a)),
    ),
)

relu_slope: Operation = Operation(
    "relu_slope",
    "the derivative of relu: 1 where a is positive, else 0",
    numpy=lambda a: np.where(a.real > 0, 1.0, 0.0),
    element=lambda i, j, a: call("is positive", entry(a, i, j)),
    text="[{0} > 0]",
    latex=r"\left[{0} > 0\right]",
    array="IF({0}>0,1,0)",
    binds=ATOM,
    needs=(SUM,),
    mistakes=lambda a: (
        Wrong("another-activation", "1 − h², the slope of tanh, for that of relu", tanh_slope(relu(a))),
        Wrong("another-activation", "h · (1 − h), the slope of σ, for that of relu", sigmoid_slope(relu(a))),
    ),
)

ACTIVATIONS = {"tanh": tanh, "relu": relu, "sigmoid": sigmoid, "linear": identity}
"""The activations by the name that templates and the command line use."""
