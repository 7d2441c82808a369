"""The mistakes on marking's list, as wrong arithmetic: what each gives in each quantity, from anybody's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .networks import Net, gate_function, split, squashed
from .nodes import (
    ONE,
    Added,
    Apply,
    Diagonal,
    Divide,
    Gathered,
    Length,
    Most,
    Node,
    Number,
    Of,
    Outer,
    Pick,
    Ref,
    Rows,
    Share,
    Spread,
    Times,
    Total,
    Turn,
    minus,
    negative,
    plus,
    rest,
    square,
    times,
)

_ACTIVATIONS = {"tanh", "sigmoid", "relu", "linear"}


class Slip(NamedTuple):
    """A wrong rule. ``kinds`` are its right names, ``note`` tells it from other slips, the same at every step.

    ``row``: the wrong rule is that of one row alone, of this one; None: of all rows.
    """

    kinds: frozenset[str]
    node: Node
    note: str
    row: int | None = None
    rare: bool = False
    """Possible, but nobody is made to do it: a table that has nothing to do with the rule, a step far away."""


def slips(net: Net, name: str) -> list[Slip]:
    """Every listed mistake in a quantity. Slips that are the same arithmetic are one, with the names of all."""
    found: dict[tuple[Node, int | None], Slip] = {}
    right = net.rule(name)
    for slip in _every(net, name, right):
        if slip.node == right:
            continue
        known = found.get((slip.node, slip.row))
        found[slip.node, slip.row] = (
            slip if known is None else known._replace(kinds=known.kinds | slip.kinds, rare=known.rare and slip.rare)
        )
    return list(found.values())


def _slip(kinds: str, node: Node, note: str = "", row: int | None = None) -> Slip:
    names = frozenset(kinds.split())
    return Slip(names, node, f"{kinds.split()[0]} {note}".strip(), row)


def _every(net: Net, name: str, right: Node) -> Iterator[Slip]:
    yield from _terms(net, name, right)
    yield from _factors(net, name, right)
    yield from _weights(net, right)
    yield from _operands(net, name, right)
    yield from _matrices(net, name, right)
    yield from _functions(right)
    yield from _slopes(net, name)
    yield from _special(net, name, right)
    yield from _tables(net, name)
    yield from _rows(net, name, right)
    yield from _in_order(net, name, right)
    yield from _hidden(net, name, right)
    yield _slip("sign-reversed", negative(right), "all")._replace(rare=True)


def _hidden(net: Net, name: str, right: Node) -> Iterator[Slip]:
    """A mistake in a table that this one is made of, seen here alone: h left out of wh, in what became of a."""
    for ref in right.refs():
        if split(ref)[0] in {"wh", "wx", "hn", "rh", "tc"} and net.has(ref):
            rule = net.rule(ref)
            for slip in (*_terms(net, ref, rule), *_factors(net, ref, rule), *_functions(rule)):
                yield slip._replace(node=right.put(ref, slip.node), note=f"within {ref}: {slip.note}", rare=True)


def walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts():
        yield from walk(part)


def swap(tree: Node, old: Node, new: Node) -> Node:
    """The tree with this one piece of it replaced."""
    return tree.change(lambda node: new if node is old else None)


def _is_rest(node: Node) -> bool:
    return isinstance(node, Total) and node.terms[0] == (1, ONE)


def _is_bias(net: Net, node: Node) -> bool:
    return isinstance(node, Ref) and node.name in net.weights and node.name.startswith("b")


def _terms(net: Net, name: str, right: Node) -> Iterator[Slip]:
    """A term left out, added twice, or with the wrong sign."""
    family, time = split(name)
    for total in walk(right):
        if not isinstance(total, Total):
            continue
        if _is_rest(total):
            if _slope_of(net, name) is None:
                yield _slip("one-minus-left-out", swap(right, total, total.terms[1][1]))
            continue
        for place, (sign, term) in enumerate(total.terms):
            others = total.terms[:place] + total.terms[place + 1 :]
            text = f"{place} of {len(total.terms)}"
            if others and not (family == "exp" or isinstance(term, Pick)):
                left = others[0][1] if len(others) == 1 and others[0][0] > 0 else Total(others)
                yield _slip(_left_out(net, name, term), swap(right, total, left), f"left out {text}")
            if place and sign > 0 and not _is_bias(net, term):
                lessened = Total((*total.terms[:place], (-1, term), *total.terms[place + 1 :]))
                yield _slip("minus-for-plus", swap(right, total, lessened), text)._replace(rare=True)
            if sign < 0 and (time is None or family != "exp"):
                flipped = Total((*total.terms[:place], (1, term), *total.terms[place + 1 :]))
                kind = "plus-for-minus" if place else "sign-reversed plus-for-minus"
                yield _slip(kind, swap(right, total, flipped), f"plus {text}")
            if _is_bias(net, term) and not name.endswith("_new"):
                twice = Total((*total.terms, (1, term)))
                yield _slip("bias-twice", swap(right, total, twice), text)
                less = Total((*total.terms[:place], (-1, term), *total.terms[place + 1 :]))
                yield _slip("bias-subtracted", swap(right, total, less), text)
    if family == "a" and net.kind == "rnn":
        yield _slip("bias-twice", plus(Ref(f"wx_{time}"), Ref(f"wh_{time}"), Ref("bh")), "in the sum")
        yield _slip("bias-subtracted bias-left-out", minus(right, Ref("bh")), "in the sum")
    if family[0] == "d" and net.stages[name] == "backward":
        yield _slip("sign-reversed", negative(right))
    if family == "dy" and time is not None:
        yield _slip("sign-reversed", right.change(_reversed), "of the difference")


def _reversed(node: Node) -> Node | None:
    if isinstance(node, Total) and [sign for sign, _ in node.terms] == [1, -1]:
        return minus(node.terms[1][1], node.terms[0][1])
    return None


def _left_out(net: Net, name: str, term: Node) -> str:
    """What it is called when this term is left out."""
    family, time = split(name)
    if _is_bias(net, term) and not name.endswith("_new"):
        return "bias-left-out term-left-out"
    if isinstance(term, Ref) and term.name.startswith(("dh_next", "dc_next")):
        return "no-flow-back term-left-out"
    if isinstance(term, Ref) and term.name.startswith(("dh_out", "dc_out")):
        return "only-flow-back term-left-out"
    if time is None and (family == "loss" or family[1:] in net.weights):
        return "not-added-up term-left-out"
    if family == "dy" and isinstance(term, Ref) and term.name.startswith("target"):
        return "target-left-out term-left-out"
    if family == "c" and any(ref.startswith("c_") for ref in term.refs()):
        return "cell-state-left-out term-left-out"
    return "term-left-out"


def _factors(net: Net, name: str, right: Node) -> Iterator[Slip]:
    """A factor left out of a product."""
    family = split(name)[0]
    if family.startswith("da") or family == "dc_out":
        return  # a slope and its gradient: see _slopes
    for node in walk(right):
        if isinstance(node, Times):
            for place, factor in enumerate(node.factors):
                others = node.factors[:place] + node.factors[place + 1 :]
                left = others[0] if len(others) == 1 else Times(others)
                kind = "factor-left-out"
                if isinstance(factor, Ref) and split(factor.name)[0] == "r":
                    kind = "reset-gate-left-out factor-left-out"
                if net.kind == "lstm" and any(split(ref)[0] in {"c", "tc"} for ref in factor.refs()):
                    kind = "cell-state-left-out factor-left-out"
                if family.endswith("_clipped"):
                    if place == 0:
                        continue
                    kind = "not-clipped factor-left-out"
                yield _slip(kind, swap(right, node, left), f"{place} of {len(node.factors)} {_kind_of(node)}")
                twice = Times((*node.factors, factor))
                yield _slip("factor-twice", swap(right, node, twice), f"{place}")._replace(rare=True)
        if isinstance(node, Apply) and isinstance(node.matrix, Ref):
            rows, columns = net.shapes[node.matrix.name]
            if rows == columns:
                yield _slip("factor-left-out", swap(right, node, node.vector), f"matrix {node.matrix.name}")
    for node in walk(right):
        if isinstance(node, Divide) and isinstance(node.bottom, Number):
            kind = "sum-for-mean" if family in {"loss", "dy"} else "factor-left-out"
            yield _slip(kind, swap(right, node, node.top), "not divided")
            yield _slip("divided-twice", swap(right, node, Divide(node, node.bottom)))


def _kind_of(node: Times) -> str:
    return " ".join(sorted(split(ref)[0] for ref in node.refs()))


def _weights(net: Net, right: Node) -> Iterator[Slip]:
    """Another weight or bias that fits there."""
    for ref in right.refs():
        if ref not in net.weights:
            continue
        for other in net.weights:
            if other == ref or not _fits(net, right, ref, other):
                continue
            kind = "wrong-bias" if ref.startswith("b") and other.startswith("b") else "wrong-weight"
            if ref.startswith("b") != other.startswith("b"):
                kind = "wrong-weight wrong-bias"
            if net.gates and ref[:2] == other[:2] and ref != "Why" != other and "by" not in {ref, other}:
                kind += " gates-swapped"
            yield _slip(kind, right.put(ref, Ref(other)), f"{other} for {ref}")


def _fits(net: Net, right: Node, ref: str, other: str) -> bool:
    if net.shapes[ref] == net.shapes[other]:
        return True
    return ref.startswith("b") and other.startswith("b") and net.shapes[other] == (1, 1)


def _operands(net: Net, name: str, right: Node) -> Iterator[Slip]:
    """A table of another step, or another table of the same step, where one belongs."""
    whole, mine = split(name)
    if mine is None and whole != "grad_norm":
        return
    for ref in right.refs():
        family, time = split(ref)
        if time is None or ref in {"clip_norm"}:
            continue
        for other in net.shapes:
            kin, when = split(other)
            if other in {ref, name} or when is None or net.shapes[other] != net.shapes[ref]:
                continue
            if kin == family:
                kind = {"x": "wrong-token wrong-step", "target": "wrong-target wrong-step"}.get(family, "wrong-step")
                if family == "exp" and whole == "p":
                    continue
                made = _slip(kind, right.put(ref, Ref(other)), f"{family} of {when - (mine or 0):+d}")
                yield made._replace(rare=abs(when - time) > 1)
            elif when == time and net.stages[other] != "given" and net.stages[ref] != "given":
                if (net.stages[other] == "backward") != (net.stages[ref] == "backward"):
                    continue
                kind = f"{_instead(net, family, kin)} wrong-table".strip()
                made = _slip(kind, right.put(ref, Ref(other)), f"{kin} for {family} of {when - (mine or 0):+d}")
                # two slips in one are rare, like a table that has nothing to do with the rule
                yield made._replace(rare=kind == "wrong-table" or "slope-left-out no-flow-back" in kind)
        if ref in {"h_0", "c_0"} and mine == 1:
            for value, word in ((0.0, "zeros"), (1.0, "ones")):
                if not (net.given[ref] == value).all():
                    yield _slip("initial-state", right.put(ref, Number(value, net.hidden)), f"{ref} {word}")
    if mine is not None:
        yield from _two_gates(net, right)


def _two_gates(net: Net, right: Node) -> Iterator[Slip]:
    """Two gates exchanged."""
    if not net.gates:
        return
    gates = [ref for ref in right.refs() if split(ref)[0] in set(net.gates)]
    for one in gates:
        for other in gates:
            if one < other:
                table = {one: Ref(other), other: Ref(one)}
                both = right.change(lambda node, t=table: t.get(node.name) if isinstance(node, Ref) else None)  # type: ignore[misc]
                if both != right:
                    yield _slip("gates-swapped", both, f"{split(one)[0]} {split(other)[0]} exchanged")


def _instead(net: Net, family: str, other: str) -> str:
    """The names for taking one table where another one of the same step belongs, beside wrong-table."""
    outs = {"rnn": ["h"], "lstm": list("ifgo"), "gru": list("rzn")}[net.kind]
    sums = {out: "a" if net.kind == "rnn" else f"a{out}" for out in outs}
    if sums.get(family) == other or (family == "tc" and other == "c"):
        return "activation-left-out"
    if family in {f"d{total}" for total in sums.values()}:
        out = next(o for o, total in sums.items() if f"d{total}" == family)
        if other == f"d{out}":
            return "slope-left-out"
    if net.kind == "rnn" and family == "da" and other in {"dh_out", "dh_next"}:
        return "slope-left-out no-flow-back only-flow-back"
    if family in {"dh", "dc"}:
        return {f"{family}_out": "no-flow-back", f"{family}_next": "only-flow-back"}.get(other, "")
    if family == "exp" and other == "y":
        return "softmax-without-exp"
    if family == "p" and other == "exp":
        return "softmax-not-divided"
    gates = [set(outs), set(sums.values()), {f"d{out}" for out in outs}, {f"d{total}" for total in sums.values()}]
    if net.gates and any(family in group and other in group for group in gates):
        return "gates-swapped"
    return ""


def _matrices(net: Net, name: str, right: Node) -> Iterator[Slip]:
    """Rows for columns, entry times entry for the matrix product, and the reverse."""
    shape = net.shapes[name]
    for node in walk(right):
        if isinstance(node, Apply) and isinstance(node.matrix, Ref):
            rows, columns = net.shapes[node.matrix.name]
            if rows == columns and rows > 1:
                kind = "not-transposed" if node.turned else "transposed"
                flipped = Apply(node.matrix, node.vector, not node.turned)
                yield _slip(kind, swap(right, node, flipped), node.matrix.name)
                entries = times(Diagonal(node.matrix), node.vector)
                yield _slip("element-by-element", swap(right, node, entries), node.matrix.name)
    if shape[0] == shape[1] > 1:
        yield _slip("transposed", Turn(right))
    if isinstance(right, Times) and shape[1] == 1 < shape[0] and net.stages[name] != "update":
        columns_only = [f for f in right.factors if not (isinstance(f, Ref) and net.shapes[f.name] == (1, 1))]
        if len(columns_only) == len(right.factors):
            yield _slip("matrix-product", Spread(Added(right), shape[0]))


def _functions(right: Node) -> Iterator[Slip]:
    """Another function than the one that belongs there."""
    for node in walk(right):
        if not isinstance(node, Of) or node.function not in {*_ACTIVATIONS, "ln"}:
            continue
        for kind, other in _other_functions(node):
            yield _slip(kind, swap(right, node, other), f"{node.function} {_word(other)}")


def _word(node: Node) -> str:
    return node.function if isinstance(node, Of) else type(node).__name__


def _other_functions(node: Of) -> Iterator[tuple[str, Node]]:
    inside = node.inside
    if node.function in _ACTIVATIONS - {"linear"}:
        yield "activation-left-out", inside
    if node.function == "tanh":
        yield "sigmoid-for-tanh", Of("sigmoid", inside)
        yield "tan-for-tanh", Of("tan", inside)
        yield "sinh-for-tanh", Of("sinh", inside)
        yield "another-activation", Of("relu", inside)
        yield "degrees", Of("tanh", Of("degrees", inside))
        yield "degrees tan-for-tanh", Of("tan", Of("degrees", inside))
    if node.function == "sigmoid":
        yield "tanh-for-sigmoid", Of("tanh", inside)
        yield "one-minus-sigmoid sign-reversed", rest(node)
    if node.function == "ln":
        yield "log-base-10", Of("log10", inside)
        yield "log-base-2", Of("log2", inside)


def wrong_slopes(function: str, out: Node, inside: Node) -> Iterator[tuple[str, tuple[Node, ...]]]:
    """What people take for the slope of an activation: the factors of it."""
    if function in {"tanh", "sigmoid", "relu"}:
        yield "slope-left-out", ()
    if function == "tanh":
        slope = rest(square(out))
        yield "slope-twice", (slope, slope)
        yield "slope-of-a", (rest(square(inside)),)
        yield "inverse-slope", (Divide(ONE, slope),)
        yield "one-plus-square", (plus(ONE, square(out)),)
        yield "square-alone", (square(out),)
        yield "no-square", (rest(out),)
        yield "tanh-twice", (rest(square(Of("tanh", out))),)
        yield "sigmoid-for-tanh", (out, rest(out))
    if function == "sigmoid":
        yield "slope-twice", (out, rest(out), out, rest(out))
        yield "slope-of-a", (inside, rest(inside))
        yield "inverse-slope", (Divide(ONE, times(out, rest(out))),)
        yield "one-minus-left-out", (out,)
        yield "h-left-out", (rest(out),)
        yield "tanh-for-sigmoid", (rest(square(out)),)


def _slope_of(net: Net, name: str) -> tuple[str, Node, Node, tuple[Node, ...]] | None:
    """Of a gradient that goes back through an activation: the function, its result, of what, and what is sent back."""
    family, t = split(name)
    if t is None:
        return None
    if family == "da" and net.kind == "rnn":
        return net.activation, Ref(f"h_{t}"), Ref(f"a_{t}"), (Ref(f"dh_{t}"),)
    if family[:2] == "da" and family[2:] in set(net.gates) and net.gates:
        gate = family[2:]
        return gate_function(net, gate), Ref(f"{gate}_{t}"), Ref(f"a{gate}_{t}"), (Ref(f"d{gate}_{t}"),)
    if family == "dc_out":
        sent: tuple[Node, ...] = (Ref(f"o_{t}"), Ref(f"dh_{t}"))
        if net.has(f"dtc_{t}"):
            sent = (Ref(f"dtc_{t}"),)
        return net.activation, squashed(net, t), Ref(f"c_{t}"), sent
    return None


def _slopes(net: Net, name: str) -> Iterator[Slip]:
    found = _slope_of(net, name)
    if found is None:
        return
    function, out, inside, sent = found
    for kind, factors in wrong_slopes(function, out, inside):
        product = (*factors, *sent)
        yield _slip(kind, product[0] if len(product) == 1 else Times(product))
    slope = net.slope(function, out, inside)
    slope_factors = () if slope is None else slope.factors if isinstance(slope, Times) else (slope,)
    if slope is not None:
        yield _slip("factor-left-out", slope)
    for place in range(len(sent)):
        if len(sent) > 1:
            left = (*slope_factors, *sent[:place], *sent[place + 1 :])
            yield _slip("factor-left-out", left[0] if len(left) == 1 else Times(left), f"{place}")
    if split(name)[0] == "dc_out" and function == "tanh" and slope is not None:
        # the slope of c itself, without tanh
        yield _slip("activation-left-out slope-of-a cell-state-left-out", Times((rest(square(inside)), *sent)), "of c")


def _special(net: Net, name: str, right: Node) -> Iterator[Slip]:
    """What is particular to a quantity: letters, softmax, losses, gates, totals, clipping, the update."""
    family, t = split(name)
    if t is None:
        yield from _wholes(net, name, right)
        return
    if family == "wx" or (family[0] == "a" and family[1:] in set(net.gates) and net.gates):
        yield from _letters(net, right, t)
    if family[:3] == "dWx":
        yield from _letters(net, right, t)
    if family == "exp":
        y = Ref(f"y_{t}")
        yield _slip("softmax-without-exp activation-left-out", y)
        yield _slip("sign-reversed", Of("exp", negative(y)))
        yield _slip("power-of-ten", Of("ten to", y))
        yield _slip("power-of-ten", Of("ten to", minus(y, Most(y))), "shifted")
        yield _slip("plus-for-minus sign-reversed", Of("exp", minus(Most(y), y)))
    if family == "p":
        yield from _softmax(net, t)
    if family == "loss":
        yield from _losses(net, t)
    if family == "dy":
        yield from _score_gradients(net, t, right)
    if net.kind == "gru":
        yield from _gru(net, name, family, t, right)
    if family in {"dWhh", "dbh"} and isinstance(right, Added):
        yield _slip("mean-for-sum", Divide(right, Number(float(net.hidden))))


def _letters(net: Net, right: Node, t: int) -> Iterator[Slip]:
    """Another letter's column, or the letter by alphabetical order."""
    size = len(net.vocabulary)
    in_order = sorted(net.vocabulary)
    for place in range(size):
        if place != net.read[t - 1]:
            kind = "wrong-token"
            if in_order[place] == net.vocabulary[net.read[t - 1]]:
                kind = "alphabetical wrong-token"
            yield _slip(kind, right.put(f"x_{t}", _one_hot(place, size)), f"letter {place - net.read[t - 1]}")


def _one_hot(place: int, size: int) -> Node:
    return Rows(Number(1.0, size), tuple(0 if row == place else -1 for row in range(size)))


def _softmax(net: Net, t: int) -> Iterator[Slip]:
    y, exp, size = Ref(f"y_{t}"), Ref(f"exp_{t}"), len(net.vocabulary)
    yield _slip("softmax-without-exp", Share(y))
    yield _slip("softmax-not-divided", exp)
    yield _slip("divided-by-count", Divide(exp, Number(float(size))))
    yield _slip("sigmoid-for-softmax", Of("sigmoid", y))
    yield _slip("power-of-ten", Share(Of("ten to", y)))
    yield _slip("sign-reversed", Share(Of("exp", negative(y))))
    yield _slip("softmax-over-time", Divide(exp, plus(*(Ref(f"exp_{s}") for s in range(1, net.steps + 1)))))


def _losses(net: Net, t: int) -> Iterator[Slip]:
    p, target = Ref(f"p_{t}"), Ref(f"target_{t}")
    wanted = net.wanted[t - 1]
    assert wanted is not None
    mine = Pick(p, wanted)
    in_order = sorted(net.vocabulary)
    for row in range(len(net.vocabulary)):
        if row != wanted:
            kind = "wrong-target"
            if in_order[row] == net.vocabulary[wanted]:
                kind = "alphabetical wrong-target"
            if row == net.read[t - 1]:
                kind += " wrong-token"
            for time, other in enumerate(net.wanted, 1):
                if other == row and time != t:
                    kind += " wrong-step"
            yield _slip(kind, negative(Of("ln", Pick(p, row))), f"letter {row - wanted}")
    yield _slip("one-minus-p activation-left-out log-left-out", rest(mine))
    yield _slip("one-minus-p", negative(Of("ln", rest(mine))), "in ln")._replace(rare=True)
    yield _slip("activation-left-out log-left-out", negative(mine))
    yield _slip("activation-left-out log-left-out", mine, "without sign")
    yield _slip("entropy", negative(Added(times(p, Of("ln", p)))))
    yield _slip("all-logs", negative(Added(Of("ln", p))))
    yield _slip("wrong-target", negative(Added(times(rest(target), Of("ln", p)))), "1 - target")
    difference = Added(square(minus(p, target)))
    yield _slip("squared-error-for-log", difference)
    yield _slip("squared-error-for-log", Divide(difference, Number(2.0)), "half")
    yield _slip("squared-error-for-log", square(rest(mine)), "of one")
    yield _slip("squared-error-for-log", Divide(square(rest(mine)), Number(2.0)), "half of one")
    yield _slip("squared-error-for-log", Divide(difference, Number(float(len(net.vocabulary)))), "mean")
    yield _slip("softmax-not-divided", negative(Of("ln", Pick(Ref(f"exp_{t}"), wanted))))
    if len(net.losses) > 1:
        yield _slip("mean-for-sum", Divide(negative(Of("ln", mine)), Number(float(len(net.losses)))))


def _score_gradients(net: Net, t: int, right: Node) -> Iterator[Slip]:
    p, target, size = Ref(f"p_{t}"), Ref(f"target_{t}"), len(net.vocabulary)
    wanted = net.wanted[t - 1]
    assert wanted is not None
    count = Number(float(len(net.losses)))

    def whole(node: Node) -> Node:
        return Divide(node, count) if isinstance(right, Divide) else node

    for row in range(size):
        if row != wanted:
            kind = "wrong-target"
            if sorted(net.vocabulary)[row] == net.vocabulary[wanted]:
                kind = "alphabetical wrong-target"
            if row == net.read[t - 1]:
                kind += " wrong-token"
            for time, other in enumerate(net.wanted, 1):
                if other == row and time != t:
                    kind += " wrong-step"
            yield _slip(kind, whole(minus(p, _one_hot(row, size))), f"letter {row - wanted}")
    yield _slip("wrong-target", whole(minus(p, rest(target))), "1 - target")
    yield _slip("one-subtracted", whole(minus(p, ONE)))
    yield _slip("target-over-p", whole(negative(Divide(target, p))))
    slope = times(p, rest(p))
    yield _slip("softmax-diagonal", whole(slope))
    yield _slip("slope-added", whole(times(p, rest(p), minus(p, target))))
    if not isinstance(right, Divide) and len(net.losses) > 1:
        yield _slip("mean-for-sum", Divide(right, count))
    yield _slip("mean-for-sum", Divide(right, Number(float(size))), "over the letters")


def _gru(net: Net, name: str, family: str, t: int, right: Node) -> Iterator[Slip]:
    z, before, r = Ref(f"z_{t}"), Ref(f"h_{t - 1}"), Ref(f"r_{t}")
    if family == "h":
        yield _slip("z-reversed", plus(times(z, Ref(f"n_{t}")), times(rest(z), before)))
    if family == "dn":
        yield _slip("z-reversed", times(z, Ref(f"dh_{t}")))
    if family == "dz":
        yield _slip("z-reversed sign-reversed", negative(right))
    if family in {"dh_next", "dh"} and isinstance(right, Total) and len(right.terms) == 4:
        later = Ref(f"z_{t + 1}")
        yield _slip("z-reversed", right.put(later.name, rest(later)))
        flow, dan, gate = right.terms[1][1], Ref(f"dan_{t + 1}"), Ref(f"r_{t + 1}")
        if net.has("bhn"):
            other: Node = times(gate, Apply(Ref("Whn"), dan, turned=True))
        else:
            other = Apply(Ref("Whn"), times(gate, dan), turned=True)
        yield _slip("reset-gate-order", swap(right, flow, other))
    if family == "an":
        letter = Apply(Ref("Wxn"), Ref(f"x_{t}"))
        inner, outer = Apply(Ref("Whn"), times(r, before)), times(r, Apply(Ref("Whn"), before))
        if net.has("bhn"):
            yield _slip("reset-gate-order", plus(letter, Ref("bn"), inner, Ref("bhn")))
            yield _slip("reset-gate-order", plus(letter, Ref("bn"), inner), "without its bias")
            yield _slip("reset-gate-order", plus(letter, Ref("bn"), outer, Ref("bhn")), "bias outside")
        else:
            yield _slip("reset-gate-left-out", plus(letter, Apply(Ref("Whn"), before), Ref("bn")))
            yield _slip("reset-gate-order", plus(letter, outer, Ref("bn")))
            both = times(r, plus(Apply(Ref("Whn"), before), Ref("bn")))
            yield _slip("reset-gate-order", plus(letter, both), "with the bias")
    if family == "dWhn":
        dan = Ref(f"dan_{t}")
        if net.has("bhn"):
            yield _slip("reset-gate-order", Outer(dan, times(r, before)))
        else:
            yield _slip("reset-gate-order", Outer(times(r, dan), before))


def _wholes(net: Net, name: str, right: Node) -> Iterator[Slip]:
    """The quantities of no step: losses and gradients added up, their length, clipping, the update."""
    if name == "loss":
        if not net.mean and len(net.losses) > 1:
            yield _slip("mean-for-sum", Divide(right, Number(float(len(net.losses)))))
        yield from (_slip("not-added-up", Ref(f"loss_{s}"), f"{s}") for s in net.losses)
        yield _slip("sign-reversed", negative(right))
    if name.endswith("_new"):
        weight = name.removesuffix("_new")
        if net.has(f"d{weight}_clipped"):
            yield _slip("not-clipped", right.put(f"d{weight}_clipped", Ref(f"d{weight}")))
        gradient = f"d{weight}_clipped" if net.has(f"d{weight}_clipped") else f"d{weight}"
        steps = _share_steps(net, f"d{weight}")
        if len(steps) > 1:
            for s in steps:
                yield _slip("not-added-up", right.put(gradient, Ref(f"d{weight}_{s}")), f"{s}")
            yield _slip("mean-for-sum", right.put(gradient, Divide(Ref(gradient), Number(float(len(steps))))))
    if name.endswith("_clipped"):
        gradient = name.removesuffix("_clipped")
        steps = _share_steps(net, gradient)
        if len(steps) > 1:
            yield from (_slip("not-added-up", right.put(gradient, Ref(f"{gradient}_{s}")), f"{s}") for s in steps)
            yield _slip("mean-for-sum", right.put(gradient, Divide(Ref(gradient), Number(float(len(steps))))))
        yield _slip("not-clipped", Ref(name.removesuffix("_clipped")))
    if name == "grad_norm" and isinstance(right, Length):
        yield _slip("root-left-out", Gathered("square", right.inside))
        yield _slip("sum-of-absolutes", Gathered("size", right.inside))
        lengths = plus(*(Length((part,)) for part in right.inside))
        yield _slip("norms-added", lengths)._replace(rare=True)
        no_biases = tuple(part for part in right.inside if part.refs()[0].startswith("dW"))
        if len(no_biases) < len(right.inside):
            yield _slip("biases-left-out term-left-out", Length(no_biases))
        for part in right.inside:
            kind = "term-left-out" if part not in no_biases else "term-left-out not-added-up"
            yield _slip(kind, Length(tuple(p for p in right.inside if p != part)), part.refs()[0])
    if name[1:] in net.weights:
        yield from _totals(net, name, right)


def _share_steps(net: Net, name: str) -> list[int]:
    return [t for t in range(1, net.steps + 1) if net.has(f"{name}_{t}")]


_TOTALLED = {
    "wrong-step",
    "slope-left-out",
    "slope-twice",
    "slope-of-a",
    "inverse-slope",
    "one-plus-square",
    "square-alone",
    "no-square",
    "tanh-twice",
    "one-minus-left-out",
    "h-left-out",
    "sign-reversed",
    "no-flow-back",
    "only-flow-back",
    "activation-left-out",
    "reset-gate-left-out",
    "reset-gate-order",
    "gates-swapped",
    "mean-for-sum",
    "wrong-table",
    "factor-left-out",
    "target-left-out",
    "sigmoid-for-tanh",
    "tanh-for-sigmoid",
    "transposed",
}


def _totals(net: Net, name: str, right: Node) -> Iterator[Slip]:
    """A gradient added up: a share alone, the mean, or the same mistake in every share."""
    steps = _share_steps(net, name)
    if len(steps) > 1:
        yield from (_slip("not-added-up", Ref(f"{name}_{s}"), f"{s}") for s in steps)
        yield _slip("mean-for-sum", Divide(right, Number(float(len(steps)))))
    # the same mistake in every share
    per_step = [{s.note: s for s in _in_share(net, f"{name}_{t}", t)} for t in steps]
    for note, first in per_step[-1].items():
        if any(note in other for other in per_step):
            parts = [
                other[note].node if note in other else Ref(f"{name}_{t}")
                for t, other in zip(steps, per_step, strict=True)
            ]
            yield Slip(first.kinds, plus(*parts) if len(parts) > 1 else parts[0], f"every share: {note}")


def _in_share(net: Net, share: str, t: int) -> Iterator[Slip]:
    right = net.rule(share)
    allowed = _TOTALLED
    for slip in (
        *_terms(net, share, right),
        *_factors(net, share, right),
        *_operands(net, share, right),
        *_matrices(net, share, right),
        *_special(net, share, right),
    ):
        kinds = slip.kinds & allowed
        if kinds and _near(slip):
            yield slip._replace(kinds=kinds)
    for ref in right.refs():
        back = _slope_of(net, ref)
        if back is None:
            if split(ref)[0] == "dy":
                for slip in _terms(net, ref, net.rule(ref)):
                    yield Slip(slip.kinds, right.put(ref, slip.node), f"dy {slip.note}")
            continue
        for slip in _slopes(net, ref):
            if "factor-left-out" not in slip.kinds:
                yield Slip(slip.kinds, right.put(ref, slip.node), f"{split(ref)[0]} {slip.note}")
        for word, kind in (("out", "no-flow-back"), ("next", "only-flow-back")):
            alone = _alone(net, Ref(ref), t, word)
            yield Slip(frozenset({kind}), right.put(ref, alone), kind)


def _near(slip: Slip) -> bool:
    """Not a table of a step far away: nobody takes one at every step."""
    return "wrong-step" not in slip.kinds or slip.note.endswith(("+0", "-1", "-2", "+1"))


def _alone(net: Net, node: Node, t: int, word: str) -> Node:
    """A gradient of a step worked out with nothing from the next step (or nothing but that)."""

    def how(piece: Node) -> Node | None:
        if not isinstance(piece, Ref):
            return None
        family, time = split(piece.name)
        if time != t or family[0] != "d":
            return None
        if family in {"dh", "dc"}:
            chosen = f"{family}_{word}_{t}"
            return _alone(net, net.rule(chosen), t, word) if family == "dc" and word == "out" else Ref(chosen)
        if family.startswith(("da", "dc", "dtc", "drh", "dhn")) or family[1:] in set(net.gates) - {""}:
            return _alone(net, net.rule(piece.name), t, word)
        return None

    return node.change(how)


def _tables(net: Net, name: str) -> Iterator[Slip]:
    """Another table written where this one belongs."""
    family, t = split(name)
    for other, shape in net.shapes.items():
        kin, when = split(other)
        if other == name or shape != net.shapes[name] or net.stages[other] == "given":
            continue
        if t is not None and when == t and (net.stages[other] == "backward") == (net.stages[name] == "backward"):
            kind = f"{_instead(net, family, kin)} wrong-table"
            yield _slip(kind, Ref(other), f"written {kin}")
        elif t is not None and kin == family:
            yield _slip("wrong-step wrong-table", Ref(other), f"written of {(when or 0) - t:+d}")


def _in_order(net: Net, name: str, right: Node) -> Iterator[Slip]:
    """The letters' rows or columns in alphabetical order."""
    rows, columns = net.shapes[name]
    places = tuple(net.vocabulary.index(letter) for letter in sorted(net.vocabulary))
    for order, word in ((places, "there"), (tuple(places.index(row) for row in range(len(places))), "back")):
        if rows == len(order):
            yield _slip("alphabetical", Rows(right, order), f"rows {word}")
        if columns == len(order):
            yield _slip("alphabetical", Turn(Rows(Turn(right), order)), f"columns {word}")


def _rows(net: Net, name: str, right: Node) -> Iterator[Slip]:
    """Another row: of one operand, or of what was worked."""
    rows = net.shapes[name][0]
    if rows < 2:
        return
    time = split(name)[1]
    for other in range(rows):
        for row in range(rows):
            if row == other:
                continue
            only = f"row {other - row:+d}"
            yield _slip("wrong-row row-twice shifted-by-a-cell", Rows(right, (other,) * rows), f"all of {only}", row)
            for ref in right.refs():
                if net.shapes[ref][0] == rows and (time is not None or net.stages[name] == "update"):
                    put = right.put(ref, Rows(Ref(ref), (other,) * rows))
                    yield _slip("wrong-row", put, f"{split(ref)[0]} {only}", row)
    order = tuple(range(rows))
    yield _slip("shifted-by-a-cell rows-swapped", Rows(right, (order[-1], *order[:-1])), "down, around")
    yield _slip("shifted-by-a-cell rows-swapped", Rows(right, (*order[1:], 0)), "up, around")
    yield _slip("shifted-by-a-cell", Rows(right, (0, *order[:-1])), "down, first twice")
    yield _slip("shifted-by-a-cell", Rows(right, (*order[1:], rows - 1)), "up, last twice")
    yield _slip("shifted-by-a-cell", Rows(right, (-1, *order[:-1])), "down, 0 first")
    yield _slip("shifted-by-a-cell", Rows(right, (*order[1:], -1)), "up, 0 last")
    for one in range(rows):
        for two in range(one + 1, rows):
            turned = list(order)
            turned[one], turned[two] = two, one
            yield _slip("rows-swapped", Rows(right, tuple(turned)), f"{one} {two}")
            yield _slip(
                "row-twice", Rows(right, tuple(one if row == two else row for row in order)), f"{one} for {two}"
            )
            yield _slip(
                "row-twice", Rows(right, tuple(two if row == one else row for row in order)), f"{two} for {one}"
            )
