"""The mistakes with the gates of a cell: one taken for another; and those that a kind of cell brings itself."""

from __future__ import annotations

from collections.abc import Iterator

from rnncalc.language import Expression, Wrong
from rnncalc.language.kinds import Kind
from rnncalc.language.trees import Term
from rnncalc.marking.rule_mistakes import cell_of, worked_whole
from rnncalc.marking.substitution import substituted, used_for
from rnncalc.network import names
from rnncalc.network.quantity import Quantity, operands_of
from rnncalc.network.trace import Trace


def gate_mistakes(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """The mistakes of a quantity, in its rule and in that with what is worked out in passing written out: those with
    gates, and those that only its kind of cell has."""
    cell = cell_of(q, trace)
    whole = worked_whole(q, trace)
    for either in (rule, whole) if whole is not None else (rule,):
        yield from _gates(q, either, trace)
        for mistake in cell.mistakes if cell is not None else ():
            yield from mistake.rules(q, either)


def _gates(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """Another gate, its sum, its gradient or all its weights in the place of a gate."""
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
                says = f"{source.symbol} and {other.symbol} swapped"
                both: dict[str, Term] = {source.name: other, other.name: source}
                yield Wrong(Kind.GATES_SWAPPED, says, substituted(rule, both))
    family = q.bare
    if family in [f"a{gate}" for gate in gates]:
        for other_gate in gates:
            kinds = ("Wx", "Wh", "b")
            weights = {
                names.layered(f"{w}{family[1:]}", layer): trace[names.layered(f"{w}{other_gate}", layer)] for w in kinds
            }
            says = f"the weights of {other_gate} were used instead of those of {family[1:]}"
            yield Wrong(Kind.GATES_SWAPPED, says, substituted(rule, weights))
