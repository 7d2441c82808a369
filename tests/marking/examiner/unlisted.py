"""Mistakes that marking has no name for, as people might make them."""

from __future__ import annotations

from collections.abc import Iterator

from .listed import Slip
from .networks import Net, gate_function, split
from .nodes import (
    Added,
    Apply,
    Divide,
    Larger,
    Length,
    Most,
    Node,
    Number,
    Of,
    Outer,
    Pick,
    Ref,
    Share,
    Total,
    minus,
    negative,
    plus,
    rest,
    square,
    times,
)


def mistakes(net: Net, name: str) -> list[Slip]:
    """Every mistake of this module that can be made in a quantity, with what it could be called."""
    return [
        Slip(frozenset(_NAMES.get(note, "").split()), node, note)
        for note, node in _every(net, name)
        if node != net.rule(name)
    ]


_NAMES = {
    "divided by the largest": "divided-by-largest",
    "size for relu": "absolute-value",
    "eta squared": "factor-twice",
    "the difference": "minus-for-plus",
    "squared": "factor-twice",
    "without sign": "absolute-value",
}
"""A name that would be right for a mistake, if marking gave it; none is asked for."""


def _every(net: Net, name: str) -> Iterator[tuple[str, Node]]:
    family, t = split(name)
    right = net.rule(name)
    yield "one too many", plus(right, Number(1.0))
    yield "a third of it", Divide(right, Number(3.0))
    if t is None:
        yield from _whole(net, name, right)
    elif net.stages[name] == "backward":
        yield from _backward(net, family, t, right)
    else:
        yield from _forward(net, family, t, right)


def _forward(net: Net, family: str, t: int, right: Node) -> Iterator[tuple[str, Node]]:
    size = Number(float(len(net.vocabulary)))
    y, p, exp = Ref(f"y_{t}"), Ref(f"p_{t}"), Ref(f"exp_{t}")
    if isinstance(right, Total) and len(right.terms) > 1:
        parts = [node for _, node in right.terms]
        yield "mean of the terms", Divide(right, Number(float(len(parts))))
        if family == "a":
            yield "multiplied for added", times(*parts)
            yield "the larger for the sum", Larger(parts[0], parts[1])
    if isinstance(right, Of) and right.function in {"tanh", "sigmoid", "relu", "linear"}:
        yield "half as large inside", Of(right.function, Divide(right.inside, Number(2.0)))
        yield "twice as large inside", Of(right.function, plus(right.inside, right.inside))
        yield "softsign", Of("half size", right.inside)
        yield "square of the activation", square(right)
        if right.function == "relu":
            yield "size for relu", Of("size", right.inside)
    if family == "exp":
        yield "two to the power", Of("two to", y)
        yield "square for exp", square(y)
        yield "half the score", Of("exp", Divide(y, Number(2.0)))
        yield "one plus the score", plus(Number(1.0), y)
    if family == "p":
        yield "squares for exp", Share(square(y))
        yield "divided by the largest", Divide(exp, Most(exp))
        yield "divided by one more", Divide(exp, plus(Added(exp), Number(1.0)))
        yield "share of the roots", Share(Of("root", exp))
        yield "divided by the others", Divide(exp, minus(Added(exp), exp))
    if family == "loss":
        wanted = net.wanted[t - 1]
        assert wanted is not None
        mine = Pick(p, wanted)
        yield "p times ln p of the letter", negative(times(mine, Of("ln", mine)))
        yield "one over p", Divide(Number(1.0), mine)
        yield "odds", negative(Of("ln", Divide(mine, rest(mine))))
        yield "all scores added", Added(y)
        yield "the logarithm of 1 - p", negative(Of("ln", rest(mine)))
        yield "mean of all logs", Divide(negative(Added(Of("ln", p))), size)
    if family == "c":
        yield "the larger of the two", Larger(*[node for _, node in right.terms][:2]) if isinstance(right, Total) else y
        yield "all three added", plus(Ref(f"c_{t - 1}"), Ref(f"i_{t}"), Ref(f"g_{t}"))
    if family == "h" and net.kind == "gru":
        yield "the mean of old and new", Divide(plus(Ref(f"n_{t}"), Ref(f"h_{t - 1}")), Number(2.0))
    if family == "h" and net.kind == "lstm":
        yield "added to the gate", plus(Ref(f"o_{t}"), Of(gate_function(net, "g"), Ref(f"c_{t}")))


def _backward(net: Net, family: str, t: int, right: Node) -> Iterator[tuple[str, Node]]:
    if family == "dy":
        p, target = Ref(f"p_{t}"), Ref(f"target_{t}")
        yield "divided by p", Divide(minus(p, target), p)
        yield "squared", square(minus(p, target))
        yield "the scores for p", minus(Ref(f"y_{t}"), target)
        yield "half of it", Divide(minus(p, target), Number(2.0))
        yield "without sign", Of("size", minus(p, target))
        yield "target times p", times(p, target)
    if family == "da" and net.kind == "rnn":
        h, dh = Ref(f"h_{t}"), Ref(f"dh_{t}")
        yield "added for multiplied", plus(rest(square(h)), dh)
        yield "h times dh", times(h, dh, dh)
        yield "the slope of dh", times(rest(square(dh)), dh)
    if family == "dh_out":
        yield "mean over the letters", Divide(right, Number(float(len(net.vocabulary))))
    if family == "dh" and t:
        yield "multiplied for added", times(Ref(f"dh_out_{t}"), Ref(f"dh_next_{t}"))
        yield "the mean of both", Divide(right, Number(2.0))
        yield "the difference", minus(Ref(f"dh_out_{t}"), Ref(f"dh_next_{t}"))
    if family == "dh_next" and t < net.steps:
        yield "half of it", Divide(right, Number(2.0))
        yield "its square", square(right)
    if family == "dWhy":
        yield "exp for dy", Outer(Ref(f"exp_{t}"), Ref(f"h_{t}"))
    if isinstance(right, Outer):
        yield "squared column", Outer(square(right.column), right.row)
    if isinstance(right, Apply):
        yield "squared matrix", Apply(square(right.matrix), right.vector, right.turned)


def _whole(net: Net, name: str, right: Node) -> Iterator[tuple[str, Node]]:
    if name == "grad_norm" and isinstance(right, Length):
        yield "the largest for the length", Of("root", Of("root", Added(Of("size", right.inside[0]))))
        yield "twice the length", plus(right, right)
    if name.endswith("_new") and isinstance(right, Total):
        weight, taken = right.terms[0][1], right.terms[1][1]
        gradient = Ref(f"d{name.removesuffix('_new')}")
        yield "eta squared", minus(weight, times(Ref("eta"), Ref("eta"), gradient))
        yield "ten times eta", minus(weight, times(Number(10.0), taken))
        yield "the weight shrunk too", minus(times(weight, Number(0.9)), taken)
        yield "eta taken from the weight", minus(minus(weight, Ref("eta")), gradient)
    if name.endswith("_clipped"):
        yield "clipped to half of it", Divide(right, Number(2.0))
        yield "clipped to one", Of("tanh", Ref(name.removesuffix("_clipped")))
    if name == "loss" or (name[1:] in net.weights and isinstance(right, Total)):
        body = right.top if isinstance(right, Divide) else right
        if isinstance(body, Total) and len(body.terms) > 1:
            weighted = [times(Number(float(place)), node) for place, (_, node) in enumerate(body.terms, 1)]
            yield "each by its step", plus(*weighted)
            yield "the last one twice", plus(body, body.terms[-1][1])
            yield (
                "every other sign",
                Total(tuple((1 if place % 2 else -1, node) for place, (_, node) in enumerate(body.terms, 1))),
            )
