"""The activations and their slopes, made from their rows in the table of functions, and the mistakes with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rnncalc.language.algebra import add, identity, multiply, one_minus, subtract
from rnncalc.language.functions import FUNCTIONS, activation_names
from rnncalc.language.kinds import Kind
from rnncalc.language.operations import Constant, Operation, Wrong, by_entry
from rnncalc.language.trees import FIRST, Entry, Operand, Term, call, places, put_in
from rnncalc.language.wrong import degrees, negative_part, reciprocal, sinh, size, square, tan

_ONE = Constant(1)


def from_row(
    name: str,
    mistakes: Callable[[Term], Sequence[Wrong]] | None = None,
    mistakes_with_slope: Callable[..., Sequence[Wrong]] = lambda *terms: (),
) -> tuple[Operation, Operation]:
    """The operation of a function that has a derivative, and its slope: of what it was applied to, of what it gave, or
    of both, as the derivative is written. The gradient is slope ⊙ g.

    Raises KeyError for a function that is not in the table, TypeError for one without a derivative.
    """
    function = FUNCTIONS[name]
    derivative = function.derivative
    if derivative is None:
        raise TypeError(f"The function {name} has no derivative in the table.")
    used = places(derivative)
    slope = by_entry(
        f"{name}_slope",
        f"the derivative of {name}",
        put_in(derivative, lambda place: Entry(Operand(used.index(place)), 0, 0)),
        mistakes=mistakes_with_slope,
    )
    operation = by_entry(
        name,
        f"{name} of every entry",
        call(name, FIRST),
        gradient=lambda g, out, a: (multiply(slope(*[(a, out)[place] for place in used]), g),),
        mistakes=mistakes or (lambda a: _taken_for_others(name, a)),
    )
    return operation, slope


def _taken_for_others(name: str, a: Term) -> list[Wrong]:
    """The mistakes with an activation of which nothing more is known."""
    others = {f"{other.name} was applied": other for other in (tanh, sigmoid, relu)}
    return [
        Wrong(Kind.ACTIVATION_LEFT_OUT, f"{name} not applied", a),
        *(Wrong(Kind.ANOTHER_ACTIVATION, f"{says} instead of {name}", other(a)) for says, other in others.items()),
    ]


tanh: Operation
sigmoid: Operation
relu: Operation
tanh_slope: Operation
sigmoid_slope: Operation
relu_slope: Operation

tanh, tanh_slope = from_row(
    "tanh",
    lambda a: (
        Wrong(Kind.ACTIVATION_LEFT_OUT, "tanh not applied", a),
        Wrong(Kind.SIGMOID_FOR_TANH, "sigmoid was applied instead of tanh", sigmoid(a)),
        Wrong(Kind.TAN_FOR_TANH, "tan was applied instead of tanh", tan(a)),
        Wrong(Kind.SINH_FOR_TANH, "sinh was applied instead of tanh", sinh(a)),
        Wrong(Kind.DEGREES, "tan of an angle in degrees was applied instead of tanh", tan(degrees(a))),
        Wrong(Kind.DEGREES, "tanh was applied to the number as if it were an angle in degrees", tanh(degrees(a))),
        Wrong(Kind.ONE_MINUS_SIGMOID, "1 − σ was applied instead of tanh", one_minus(sigmoid(a))),
        Wrong(Kind.ANOTHER_ACTIVATION, "relu was applied instead of tanh", relu(a)),
    ),
    lambda h: (
        Wrong(Kind.ONE_PLUS_SQUARE, "1 + h² instead of 1 − h²", add(_ONE, square(h))),
        Wrong(Kind.SQUARE_ALONE, "h² instead of 1 − h²", square(h)),
        Wrong(Kind.NO_SQUARE, "1 − h instead of 1 − h²", subtract(_ONE, h)),
        Wrong(Kind.TANH_TWICE, "tanh was applied to h a second time", tanh_slope(tanh(h))),
        Wrong(Kind.INVERSE_SLOPE, "1 / (1 − h²) instead of 1 − h²", reciprocal(tanh_slope(h))),
        Wrong(
            Kind.SIGMOID_FOR_TANH, "h · (1 − h), the slope of sigmoid, instead of the slope of tanh", sigmoid_slope(h)
        ),
        Wrong(Kind.ANOTHER_ACTIVATION, "the slope of relu, 0 or 1, instead of the slope of tanh", relu_slope(h)),
    ),
)

sigmoid, sigmoid_slope = from_row(
    "sigmoid",
    lambda a: (
        Wrong(Kind.ACTIVATION_LEFT_OUT, "sigmoid not applied", a),
        Wrong(Kind.TANH_FOR_SIGMOID, "tanh was applied instead of sigmoid", tanh(a)),
        Wrong(Kind.ONE_MINUS_SIGMOID, "1 − σ(a), which is σ(−a), instead of σ(a)", one_minus(sigmoid(a))),
        Wrong(Kind.ANOTHER_ACTIVATION, "relu was applied instead of sigmoid", relu(a)),
    ),
    lambda h: (
        Wrong(Kind.ONE_MINUS_LEFT_OUT, "(1 − h) left out", h),
        Wrong(Kind.H_LEFT_OUT, "h left out of h · (1 − h)", subtract(_ONE, h)),
        Wrong(Kind.INVERSE_SLOPE, "1 / (h · (1 − h)) instead of h · (1 − h)", reciprocal(sigmoid_slope(h))),
        Wrong(Kind.TANH_FOR_SIGMOID, "1 − h², the slope of tanh, instead of the slope of sigmoid", tanh_slope(h)),
    ),
)

relu, relu_slope = from_row(
    "relu",
    lambda a: (
        Wrong(Kind.ACTIVATION_LEFT_OUT, "relu not applied", a),
        Wrong(Kind.ABSOLUTE_VALUE, "the minus sign left out, |a|, instead of max(0, a)", size(a)),
        Wrong(Kind.MIN_FOR_MAX, "min(0, a) instead of max(0, a)", negative_part(a)),
        Wrong(Kind.ANOTHER_ACTIVATION, "tanh was applied instead of relu", tanh(a)),
        Wrong(Kind.ANOTHER_ACTIVATION, "sigmoid was applied instead of relu", sigmoid(a)),
    ),
    lambda a: (
        Wrong(Kind.ANOTHER_ACTIVATION, "1 − h², the slope of tanh, instead of relu's slope", tanh_slope(relu(a))),
        Wrong(
            Kind.ANOTHER_ACTIVATION,
            "h · (1 − h), the slope of sigmoid, instead of relu's slope",
            sigmoid_slope(relu(a)),
        ),
    ),
)


# linear takes over what is there, without a function around it on any page
_HERE = {"tanh": tanh, "relu": relu, "sigmoid": sigmoid, "linear": identity}
ACTIVATIONS = {name: _HERE.get(name) or from_row(name)[0] for name in activation_names()}
"""The activations by the name that templates and the command line use."""
