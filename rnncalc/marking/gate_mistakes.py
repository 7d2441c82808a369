"""The mistakes with the gates of an lstm and a gru: one taken for another, and the reset gate in another place."""

from __future__ import annotations

from collections.abc import Iterator

from rnncalc import language as operations
from rnncalc.language import Expression, Wrong, operands
from rnncalc.language.kinds import Kind
from rnncalc.language.trees import Term
from rnncalc.marking.rule_mistakes import worked_whole
from rnncalc.marking.substitution import sources_of, substituted, used_for
from rnncalc.network import names
from rnncalc.network.trace import Quantity, Trace, operands_of


def gate_mistakes(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """The mistakes of a quantity, in its rule and in that with what is worked out in passing written out."""
    yield from _gates(q, rule, trace)
    whole = worked_whole(q)
    if whole is not None:
        yield from _gates(q, whole, trace)
    if q.bare == "an":
        after = names.layered("bhn", q.layer) in trace
        says = "the reset gate came " + ("before" if after else "after") + " the product"
        yield Wrong(Kind.RESET_GATE_ORDER, says, _other_order(rule if whole is None else whole))
        if not after:
            (bias,) = sources_of(q, "bn")
            says = "the reset gate came after the product and its bias"
            yield Wrong(Kind.RESET_GATE_ORDER, says, _with_bias(_other_order(rule if whole is None else whole), bias))


def _gates(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """Another gate, its sum, its gradient or all its weights in the place of a gate; the gates of a gru reversed."""
    sources = operands_of(rule)
    layer = q.layer
    own = [trace[name] for name in trace.problem.weights if trace[name].layer == layer]
    gates = list(dict.fromkeys(weight.family.gate for weight in own if weight.family.gate))
    others: dict[str, list[Quantity]] = {}
    for source in sources:
        prefix = next((p for p in ("da", "d", "a", "") if source.bare in [p + gate for gate in gates]), None)
        if source.step is None or prefix is None:
            continue
        alike = (f"{names.layered(f'{prefix}{gate}', layer)}_{source.step}" for gate in gates)
        others[source.name] = [trace[name] for name in alike if name in trace and name not in (source.name, q.name)]
        for other in others[source.name]:
            yield used_for(Kind.GATES_SWAPPED, other, source, rule)
    for source in sources:
        for other in others.get(source.name, []):
            if other.name in others and source.name < other.name:
                says = f"{source.symbol} and {other.symbol} exchanged"
                both: dict[str, Term] = {source.name: other, other.name: source}
                yield Wrong(Kind.GATES_SWAPPED, says, substituted(rule, both))
    family = q.bare
    if family in [f"a{gate}" for gate in gates]:
        for other_gate in gates:
            kinds = ("Wx", "Wh", "b")
            weights = {
                names.layered(f"{w}{family[1:]}", layer): trace[names.layered(f"{w}{other_gate}", layer)] for w in kinds
            }
            says = f"the weights of {other_gate} were used where those of {family[1:]} belong"
            yield Wrong(Kind.GATES_SWAPPED, says, substituted(rule, weights))
    for z in sources_of(q, "z") if "z" in gates else ():
        if _plain(rule, z):
            yield Wrong(Kind.Z_REVERSED, f"{z.symbol} and 1 − {z.symbol} exchanged", _reversed(rule, z))


def _reversed(term: Term, z: Quantity) -> Term:
    """A rule with z for 1 − z and the reverse."""
    if term is z:
        return operations.one_minus(z)
    if operands(term, operations.one_minus) == (z,):
        return z
    if isinstance(term, Expression):
        return term.operation(*(_reversed(a, z) for a in term.arguments))
    return term


def _plain(term: Term, z: Quantity) -> bool:
    """Whether z stands in a rule by itself, not only in 1 − z."""
    if not isinstance(term, Expression):
        return term is z
    return term.operation is not operations.one_minus and any(_plain(a, z) for a in term.arguments)


def _with_bias(term: Term, bias: Quantity) -> Term:
    """A rule with r ⊙ (W · h + b) for r ⊙ (W · h) + b."""
    if not isinstance(term, Expression):
        return term
    if term.operation is operations.add and bias in term.arguments:
        return operations.add(*(_with_bias(a, bias) for a in term.arguments if a is not bias))
    match operands(term, operations.multiply):
        case (r, Expression() as product) if operands(product, operations.matmul):
            return operations.multiply(r, operations.add(product, bias))
    return term.operation(*(_with_bias(a, bias) for a in term.arguments))


def _other_order(term: Term) -> Term:
    """A rule with W · (r ⊙ h) + b for r ⊙ (W · h + b), and the reverse."""
    match operands(term, operations.matmul):
        case (weights, Expression() as reset) if pair := operands(reset, operations.multiply):
            return operations.multiply(pair[0], operations.matmul(weights, pair[1]))
    match operands(term, operations.multiply):
        case (r, Expression() as past) if terms := operands(past, operations.add):
            weights, h = operands(terms[0], operations.matmul)
            return operations.add(operations.matmul(weights, operations.multiply(r, h)), *terms[1:])
    if isinstance(term, Expression):
        return term.operation(*(_other_order(a) for a in term.arguments))
    return term
