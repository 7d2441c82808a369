"""The right rule of every quantity, as a student learns it: forward, loss, backward through time, clipping, update."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from .nodes import (
    Added,
    Apply,
    Array,
    Clamp,
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
    Times,
    Total,
    minus,
    negative,
    plus,
    rest,
    square,
    times,
)

GATES = {"rnn": "", "lstm": "ifgo", "gru": "rzn"}


class UnknownName(LookupError):
    """A quantity that these students never learnt to work."""


def split(name: str) -> tuple[str, int | None]:
    """The family of a name and its step: dh_out_2 is (dh_out, 2), dWhh is (dWhh, None)."""
    match = re.fullmatch(r"(.+?)_(\d+)", name)
    return (match[1], int(match[2])) if match else (name, None)


class Net:
    """What a student reads off the sheet: the given numbers, what is asked, and the form of the network."""

    def __init__(self, trace: Mapping[str, Any], problem: Any) -> None:
        self.given: dict[str, Array] = {n: q.value for n, q in trace.items() if q.stage == "given"}
        self.asked: list[str] = [n for n, q in trace.items() if q.stage != "given"]
        self.shapes: dict[str, tuple[int, int]] = {n: tuple(q.value.shape) for n, q in trace.items()}
        self.stages: dict[str, str] = {n: q.stage for n, q in trace.items()}
        self.kind: str = problem.cell
        self.activation: str = problem.activation
        self.vocabulary: tuple[str, ...] = tuple(problem.vocabulary)
        self.read = [self.vocabulary.index(letter) for letter in problem.inputs]
        self.wanted = [None if letter is None else self.vocabulary.index(letter) for letter in problem.targets]
        self.steps = len(self.read)
        self.hidden: int = problem.hidden
        self.mean: bool = problem.loss_reduction == "mean"
        self.weights = [n for n in self.given if re.fullmatch(r"[Wb].*", n)]
        self.gates = GATES[self.kind]
        self.shifted = all(trace[n].value.max() == 1.0 for n in self.asked if n.startswith("exp_"))
        self._rules: dict[str, Node] = {}

    def has(self, name: str) -> bool:
        return name in self.shapes

    @cached_property
    def losses(self) -> list[int]:
        return [t for t in range(1, self.steps + 1) if self.has(f"loss_{t}")]

    @cached_property
    def scalar(self) -> bool:
        return self.kind == "rnn" and self.shapes["Whh"] == (1, 1) and self.shapes["bh"] == (1, 1)

    def rule(self, name: str) -> Node:
        """How the quantity is worked. A name that is not known is an error that says so."""
        if name not in self._rules:
            self._rules[name] = self._learn(name)
        return self._rules[name]

    def _learn(self, name: str) -> Node:
        family, time = split(name)
        if time is None:
            return self._whole(name)
        for table in (_FORWARD, _BACKWARD, _CELLS[self.kind]):
            if family in table:
                return table[family](self, time)
        if family.startswith(("dW", "db")):
            return self._share(family[1:], time)
        raise UnknownName(f"the students do not know how to work {name} of a {self.kind}: teach them in networks.py")

    def _whole(self, name: str) -> Node:
        if name == "loss":
            total = plus(*(Ref(f"loss_{t}") for t in self.losses))
            return Divide(total, Number(float(len(self.losses)))) if self.mean else total
        if name == "grad_norm":
            return Length(tuple(Ref(f"d{weight}") for weight in self.weights))
        if name.endswith("_clipped"):
            gradient = Ref(name.removesuffix("_clipped"))
            if self.has("clip"):
                return Clamp(gradient, Ref("clip"))
            return times(gradient, Divide(Ref("clip_norm"), Larger(Ref("grad_norm"), Ref("clip_norm"))))
        if name.endswith("_new"):
            weight = name.removesuffix("_new")
            taken = f"d{weight}_clipped" if self.has(f"d{weight}_clipped") else f"d{weight}"
            return minus(Ref(weight), times(Ref("eta"), Ref(taken)))
        if name[1:] in self.weights:
            return plus(*(Ref(f"{name}_{t}") for t in range(1, self.steps + 1) if self.has(f"{name}_{t}")))
        raise UnknownName(f"the students do not know how to work {name} of a {self.kind}: teach them in networks.py")

    def _share(self, weight: str, time: int) -> Node:
        """A step's share of a weight's gradient."""
        x, before = Ref(f"x_{time}"), Ref(f"h_{time - 1}")
        if weight == "Why":
            return Outer(Ref(f"dy_{time}"), Ref(f"h_{time}"))
        if weight == "by":
            return Ref(f"dy_{time}")
        if self.kind == "rnn":
            da: Node = Ref(f"da_{time}")
            if weight == "Wxh":
                return Outer(da, x)
            if weight == "Whh":
                return Added(times(da, before)) if self.shapes["Whh"] == (1, 1) else Outer(da, before)
            return Added(da) if self.shapes["bh"] == (1, 1) and self.hidden > 1 else da
        gate = weight[-1]
        da = Ref(f"da{gate}_{time}")
        if weight == "bhn":
            return _dhn(self, time)
        if weight.startswith("b"):
            return da
        if weight.startswith("Wx"):
            return Outer(da, x)
        if weight == "Whn":
            return Outer(_dhn(self, time), before) if self.has("bhn") else Outer(da, _rh(self, time))
        return Outer(da, before)

    def slope(self, function: str, out: Node, inside: Node) -> Node | None:
        """The slope of an activation, from what it gave; None where it is 1."""
        if function == "tanh":
            return rest(square(out))
        if function == "sigmoid":
            return times(out, rest(out))
        return Of("step", inside) if function == "relu" else None

    def back_through(self, function: str, out: Node, inside: Node, gradient: Node) -> Node:
        slope = self.slope(function, out, inside)
        if slope is None:
            return gradient
        if isinstance(slope, Times):
            return times(*slope.factors, gradient)
        return times(slope, gradient)


def _y(net: Net, t: int) -> Node:
    scores = Apply(Ref("Why"), Ref(f"h_{t}"))
    return plus(scores, Ref("by")) if net.has("by") else scores


def exp_of(net: Net, t: int, shifted: bool) -> Node:
    y = Ref(f"y_{t}")
    return Of("exp", minus(y, Most(y)) if shifted else y)


def loss_from_scores(net: Net, t: int, shifted: bool) -> Node:
    """The loss without a probability: ln Σ exp(y) - y of the letter wanted."""
    y = Ref(f"y_{t}")
    if not shifted:
        return minus(Of("ln", Added(Of("exp", y))), Pick(y, _wanted(net, t)))
    logarithm = Of("ln", Added(Of("exp", minus(y, Most(y)))))
    return Total(((1, Most(y)), (1, logarithm), (-1, Pick(y, _wanted(net, t)))))


def _wanted(net: Net, t: int) -> int:
    wanted = net.wanted[t - 1]
    assert wanted is not None
    return wanted


def _dy(net: Net, t: int) -> Node:
    difference = minus(Ref(f"p_{t}"), Ref(f"target_{t}"))
    return Divide(difference, Number(float(len(net.losses)))) if net.mean and len(net.losses) > 1 else difference


def _dh_out(net: Net, t: int) -> Node:
    return Apply(Ref("Why"), Ref(f"dy_{t}"), turned=True) if net.has(f"dy_{t}") else Number(0.0, net.hidden)


def _dh_next(net: Net, t: int) -> Node:
    return _dh_flow(net, t) if t < net.steps else Number(0.0, net.hidden)


def _dh_flow(net: Net, t: int) -> Node:
    """What the step after t sends back to h_t."""
    n = t + 1
    if net.kind == "rnn":
        if net.shapes["Whh"] == (1, 1):
            return times(Ref("Whh"), Ref(f"da_{n}"))
        return Apply(Ref("Whh"), Ref(f"da_{n}"), turned=True)
    if net.kind == "lstm":
        return plus(*(Apply(Ref(f"Wh{gate}"), Ref(f"da{gate}_{n}"), turned=True) for gate in "ogfi"))
    if net.has("bhn"):
        candidate: Node = Apply(Ref("Whn"), _dhn(net, n), turned=True)
    else:
        candidate = times(Ref(f"r_{n}"), _drh(net, n))
    return plus(
        times(Ref(f"z_{n}"), Ref(f"dh_{n}")),
        candidate,
        Apply(Ref("Whz"), Ref(f"daz_{n}"), turned=True),
        Apply(Ref("Whr"), Ref(f"dar_{n}"), turned=True),
    )


def _dh(net: Net, t: int) -> Node:
    return plus(Ref(f"dh_out_{t}"), Ref(f"dh_next_{t}")) if t else _dh_flow(net, 0)


def _gate_sum(gate: str) -> Callable[[Net, int], Node]:
    def rule(net: Net, t: int) -> Node:
        before: Node = Ref(f"h_{t - 1}")
        letter = Apply(Ref(f"Wx{gate}"), Ref(f"x_{t}"))
        if gate == "n" and net.has("bhn"):
            return plus(letter, Ref("bn"), times(Ref(f"r_{t}"), _hn(net, t)))
        if gate == "n":
            before = _rh(net, t)
        return plus(letter, Apply(Ref(f"Wh{gate}"), before), Ref(f"b{gate}"))

    return rule


def gate_function(net: Net, gate: str) -> str:
    return net.activation if gate in "gn" else "sigmoid"


def _gate(gate: str) -> Callable[[Net, int], Node]:
    return lambda net, t: Of(gate_function(net, gate), Ref(f"a{gate}_{t}"))


def _gate_back(gate: str) -> Callable[[Net, int], Node]:
    def rule(net: Net, t: int) -> Node:
        out, inside, gradient = Ref(f"{gate}_{t}"), Ref(f"a{gate}_{t}"), Ref(f"d{gate}_{t}")
        return net.back_through(gate_function(net, gate), out, inside, gradient)

    return rule


def squashed(net: Net, t: int) -> Node:
    """tanh(c), or the table of it where there is one."""
    return Ref(f"tc_{t}") if net.has(f"tc_{t}") else Of(net.activation, Ref(f"c_{t}"))


def _dc_out(net: Net, t: int) -> Node:
    if net.has(f"dtc_{t}"):
        return net.back_through(net.activation, squashed(net, t), Ref(f"c_{t}"), Ref(f"dtc_{t}"))
    sent = times(Ref(f"o_{t}"), Ref(f"dh_{t}"))
    slope = net.slope(net.activation, squashed(net, t), Ref(f"c_{t}"))
    if slope is None:
        return sent
    return times(*(slope.factors if isinstance(slope, Times) else (slope,)), *sent.factors)


def _dc_next(net: Net, t: int) -> Node:
    return times(Ref(f"f_{t + 1}"), Ref(f"dc_{t + 1}")) if t < net.steps else Number(0.0, net.hidden)


def _dc(net: Net, t: int) -> Node:
    return plus(Ref(f"dc_out_{t}"), Ref(f"dc_next_{t}")) if t else times(Ref("f_1"), Ref("dc_1"))


# What a gru's candidate sees of the memory, and its gradients: by name where there is a table of it.


def _rh(net: Net, t: int) -> Node:
    return Ref(f"rh_{t}") if net.has(f"rh_{t}") else times(Ref(f"r_{t}"), Ref(f"h_{t - 1}"))


def _hn(net: Net, t: int) -> Node:
    return Ref(f"hn_{t}") if net.has(f"hn_{t}") else plus(Apply(Ref("Whn"), Ref(f"h_{t - 1}")), Ref("bhn"))


def _drh(net: Net, t: int) -> Node:
    return Ref(f"drh_{t}") if net.has(f"drh_{t}") else Apply(Ref("Whn"), Ref(f"dan_{t}"), turned=True)


def _dhn(net: Net, t: int) -> Node:
    return Ref(f"dhn_{t}") if net.has(f"dhn_{t}") else times(Ref(f"r_{t}"), Ref(f"dan_{t}"))


def _dr(net: Net, t: int) -> Node:
    if net.has("bhn"):
        return times(Ref(f"dan_{t}"), _hn(net, t))
    return times(_drh(net, t), Ref(f"h_{t - 1}"))


def _wh(net: Net, t: int) -> Node:
    before = Ref(f"h_{t - 1}")
    memory = times(Ref("Whh"), before) if net.shapes["Whh"] == (1, 1) else Apply(Ref("Whh"), before)
    return plus(memory, Ref("bh"))


_Table = dict[str, Callable[["Net", int], Node]]

_FORWARD: _Table = {
    "y": _y,
    "exp": lambda net, t: exp_of(net, t, net.shifted),
    "p": lambda net, t: Share(Ref(f"exp_{t}")),
    "loss": lambda net, t: negative(Of("ln", Pick(Ref(f"p_{t}"), _wanted(net, t)))),
}
_BACKWARD: _Table = {"dy": _dy, "dh_out": _dh_out, "dh_next": _dh_next, "dh": _dh}
_CELLS: dict[str, _Table] = {
    "rnn": {
        "wx": lambda net, t: Apply(Ref("Wxh"), Ref(f"x_{t}")),
        "wh": _wh,
        "a": lambda net, t: plus(Ref(f"wx_{t}"), Ref(f"wh_{t}")),
        "h": lambda net, t: Of(net.activation, Ref(f"a_{t}")),
        "da": lambda net, t: net.back_through(net.activation, Ref(f"h_{t}"), Ref(f"a_{t}"), Ref(f"dh_{t}")),
    },
    "lstm": {
        **{f"a{gate}": _gate_sum(gate) for gate in "ifgo"},
        **{gate: _gate(gate) for gate in "ifgo"},
        **{f"da{gate}": _gate_back(gate) for gate in "ifgo"},
        "c": lambda net, t: plus(
            times(Ref(f"f_{t}"), Ref(f"c_{t - 1}")),
            times(Ref(f"i_{t}"), Ref(f"g_{t}")),
        ),
        "tc": lambda net, t: Of(net.activation, Ref(f"c_{t}")),
        "h": lambda net, t: times(Ref(f"o_{t}"), squashed(net, t)),
        "dtc": lambda net, t: times(Ref(f"o_{t}"), Ref(f"dh_{t}")),
        "dc_out": _dc_out,
        "dc_next": _dc_next,
        "dc": _dc,
        "do": lambda net, t: times(Ref(f"dh_{t}"), squashed(net, t)),
        "dg": lambda net, t: times(Ref(f"i_{t}"), Ref(f"dc_{t}")),
        "df": lambda net, t: times(Ref(f"dc_{t}"), Ref(f"c_{t - 1}")),
        "di": lambda net, t: times(Ref(f"dc_{t}"), Ref(f"g_{t}")),
    },
    "gru": {
        **{f"a{gate}": _gate_sum(gate) for gate in "rzn"},
        **{gate: _gate(gate) for gate in "rzn"},
        **{f"da{gate}": _gate_back(gate) for gate in "rzn"},
        "h": lambda net, t: plus(
            times(rest(Ref(f"z_{t}")), Ref(f"n_{t}")),
            times(Ref(f"z_{t}"), Ref(f"h_{t - 1}")),
        ),
        "dn": lambda net, t: times(rest(Ref(f"z_{t}")), Ref(f"dh_{t}")),
        "dz": lambda net, t: Total(
            (
                (-1, times(Ref(f"dh_{t}"), Ref(f"n_{t}"))),
                (1, times(Ref(f"dh_{t}"), Ref(f"h_{t - 1}"))),
            )
        ),
        "rh": lambda net, t: times(Ref(f"r_{t}"), Ref(f"h_{t - 1}")),
        "hn": lambda net, t: plus(Apply(Ref("Whn"), Ref(f"h_{t - 1}")), Ref("bhn")),
        "drh": lambda net, t: Apply(Ref("Whn"), Ref(f"dan_{t}"), turned=True),
        "dhn": lambda net, t: times(Ref(f"r_{t}"), Ref(f"dan_{t}")),
        "dr": _dr,
    },
}
