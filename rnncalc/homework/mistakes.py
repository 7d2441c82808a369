"""The mistakes that people make with this arithmetic, as wrong rules: each gives the number that it would lead to.

Most are a face of the operations: a wrong rule takes the place of one operation in a quantity's own rule (tanh not
applied, a bias left out). Those here need the trace as well: a quantity taken from another step, a sum over time that
was not added up, another order of the letters. docs/marking.md lists the kinds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from rnncalc import names, operations
from rnncalc.homework.network_mistakes import network_mistakes, other_tokens
from rnncalc.homework.swaps import on_paper, sources_of, swapped, used_for
from rnncalc.operations import ACTIVATIONS, Constant, Expression, Wrong, operands, wrong
from rnncalc.render.numbers import number
from rnncalc.render.pictures import MOST_TERMS, letter_picture
from rnncalc.replay import replay
from rnncalc.scalars import MATRIX, Array, Call, Entry, Term, TextPen, call
from rnncalc.trace import Quantity, Trace

KINDS = {
    "activation-left-out": "the activation was not applied",
    "alphabetical": "the vocabulary was taken in alphabetical order",
    "bias-left-out": "a bias was left out",
    "bias-twice": "a bias was added twice",
    "cell-state-left-out": "the cell's state was left out",
    "choice-left-out": "the probabilities were fed back, not the choice of the largest",
    "divided-twice": "the mean over the steps was divided by their count once more",
    "element-by-element": "entry times entry instead of the matrix product",
    "factor-left-out": "a factor of a product was left out",
    "gates-swapped": "a gate was taken for another",
    "h-left-out": "the factor h of h · (1 − h) was left out",
    "half-left-out": "the ½ of the squared error was left out",
    "initial-state": "h₀ was taken as zeros or ones where it is neither",
    "inverse-slope": "one divided by the slope of the activation",
    "largest-left-out": "the largest score was not taken away before exp",
    "log-base-10": "the logarithm to base 10",
    "log-base-2": "the logarithm to base 2",
    "matrix-product": "the matrix product instead of entry times entry",
    "mean-for-sum": "the mean over the steps instead of the sum",
    "no-flow-back": "nothing flowed back from the next step",
    "no-square": "1 − h for 1 − h², the slope",
    "not-added-up": "not all steps were added up",
    "not-clipped": "a gradient was not clipped",
    "not-transposed": "a matrix was not transposed",
    "one-minus-left-out": "the factor 1 − h of h · (1 − h) was left out",
    "one-plus-square": "1 + h² for 1 − h², the slope",
    "only-flow-back": "nothing but what flowed back was used",
    "plus-for-minus": "plus for minus",
    "reset-gate-left-out": "the reset gate was left out",
    "reset-gate-order": "the reset gate before the product instead of after it, or the reverse",
    "root-left-out": "the length of the gradients without its square root",
    "sigmoid-for-tanh": "the logistic function for tanh",
    "sign-reversed": "the sign was reversed",
    "slope-added": "the slope of the output's function was multiplied in where it has cancelled out",
    "slope-left-out": "the slope of the activation was left out",
    "slope-of-a": "the slope was taken of a instead of h",
    "slope-twice": "the slope of the activation was applied twice",
    "softmax-diagonal": "only p · (1 − p), the diagonal of softmax's derivative",
    "softmax-not-divided": "softmax was not divided by the sum",
    "softmax-without-exp": "softmax without exp",
    "square-alone": "h² for 1 − h², the slope",
    "square-left-out": "the differences were not squared",
    "sum-for-mean": "the sum over the steps instead of the mean",
    "tanh-for-sigmoid": "tanh for the logistic function",
    "tanh-twice": "tanh once more for 1 − h², the slope",
    "term-left-out": "a term of a sum was left out",
    "transposed": "rows and columns were exchanged",
    "wrong-bias": "another bias was used",
    "wrong-layer": "a number of another layer was used",
    "wrong-step": "a number of another step was used",
    "wrong-target": "what was not wanted was taken for what was",
    "wrong-token": "another letter or word was taken for the one read",
    "wrong-weight": "another weight was used",
    "z-reversed": "z and 1 − z exchanged",
}
"""Every kind by its short name, and what it is in a few words; docs/marking.md says more."""

Values = Mapping[str, Array]
"""A person's own numbers, by name, in place of the true ones."""


class Mistake(NamedTuple):
    """A wrong rule for a quantity: its kind, and what it says in plain words."""

    kind: str
    says: str
    rule: Term

    def value(self, values: Values) -> Array:
        """What the wrong rule leads to."""
        with np.errstate(all="ignore"):
            return replay(self.rule, values)

    def arithmetic(self, row: int, column: int, values: Values, decimals: int) -> str:
        """The wrong arithmetic of one element as a student would write it: ``0.427 · 0.9365 = 0.3999``."""

        def written(found: Entry) -> str:
            assert isinstance(found.of, Quantity)
            own = values.get(found.of.name)
            numbers = found.of.value if own is None else own
            one = float(numbers[found.row, found.column])
            return _exact(one) if own is None and found.of.stage == "given" else number(one, decimals)

        result = number(float(self.value(values)[row, column]), decimals)
        tree = operations.entry(self.rule, row, column)
        if not isinstance(tree, Call):
            return result
        if tree.function == "sum":
            tree = call("plus", *tree.arguments)  # a sum that stands alone needs no brackets
        return f"{TextPen(written, MOST_TERMS).write(tree).text} = {result}"


def mistakes_of(q: Quantity, trace: Trace) -> list[Mistake]:
    """The known mistakes that lead to other numbers than the right ones; of one kind and the same numbers, one."""
    found: list[tuple[Mistake, Array]] = []
    for one in _wrong_rules(q, trace) if q.rule is not None else ():
        if one.rule is None:
            continue
        says = one.says if one.about is None else one.says.format(_symbol(one.about))
        mistake = Mistake(one.kind, says, one.rule)
        value = mistake.value({})
        # a token of another step, or of another order, is that before it is any other token
        known = [q.value, *(v for other, v in found if one.kind in (other.kind, "wrong-token"))]
        if value.shape == q.shape and np.isfinite(value).any() and not any(_equal(value, v) for v in known):
            found.append((mistake, value))
    return [mistake for mistake, _ in found]


def _wrong_rules(q: Quantity, trace: Trace) -> Iterator[Wrong]:
    assert q.rule is not None
    yield from _over_time(q, trace)
    is_loss = q.stage == "loss" and q.step is not None
    for one in _within(q.rule):
        if one.kind == "softmax-diagonal" and trace.problem.loss != "cross-entropy":
            continue
        if is_loss and isinstance(one.rule, Expression):
            one = one._replace(rule=on_paper(one.rule))
        yield _told_apart(one, q)
    rule = on_paper(q.rule) if is_loss else q.rule
    yield from _other_letters(q, rule, trace)
    yield from _other_steps(q, rule, trace)
    yield from _other_weights(q, rule, trace)
    yield from _gates(q, rule, trace)
    yield from _workings(q, rule)
    yield from _alphabetical(q, rule, trace)
    yield from network_mistakes(q, rule, trace)
    yield from other_tokens(q, rule, trace)


def _equal(a: Array, b: Array) -> bool:
    """Equal but for rounding of float64."""
    return bool(np.allclose(a, b, rtol=0, atol=1e-12 * max(1.0, float(np.abs(b).max())), equal_nan=True))


def _symbol(term: Term) -> str:
    return operations.write(term, "text", lambda t: t.symbol if isinstance(t, Quantity) else "").within(MATRIX)


def _exact(value: float) -> str:
    """A given number as it was given."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _is_bias(term: Term) -> bool:
    return isinstance(term, Quantity) and term.rule is None and term.name[0] == "b"


# ── one operation in the place of another ─────────────────────────────────────────────────────────────────────────────


def _within(rule: Expression) -> Iterator[Wrong]:
    """The rule with one of its operations taken for another: itself, or a part within it."""
    yield from rule.operation.mistakes(*rule.arguments)
    yield from _around(rule)
    for i, part in enumerate(rule.arguments):
        if isinstance(part, Expression):
            for one in _within(part):
                if one.rule is not None:
                    arguments = (*rule.arguments[:i], one.rule, *rule.arguments[i + 1 :])
                    yield one._replace(rule=rule.operation(*arguments))


def _around(node: Expression) -> Iterator[Wrong]:
    """The mistakes that an operation's operands show by their names and by what they came from."""
    if node.operation.name.endswith("_slope"):
        h = node.arguments[0]
        rule = h.rule if isinstance(h, Quantity) else h
        if isinstance(rule, Expression) and rule.operation in ACTIVATIONS.values():
            (a,) = rule.arguments
            says = f"{_symbol(a)} was used where {_symbol(h)} belongs, in the slope of the activation"
            yield Wrong("slope-of-a", says, node.operation(a))
    for term in operands(node, operations.add):
        if _is_bias(term):
            yield Wrong("bias-twice", "{} added twice", operations.add(*node.arguments, term), term)
    match operands(node, operations.over_number):
        case (Quantity(rule=Expression() as raised) as e, divisor) if operands(divisor, operations.total) == (e,):
            for power in operands(raised, operations.exp):
                scores = (*operands(power, operations.subtract), power)[0]
                share = operations.over_number(scores, operations.total(scores))
                yield Wrong("softmax-without-exp", "softmax without exp", share)
                yield Wrong("softmax-not-divided", "softmax not divided by the sum", operations.exp(scores))
    match operands(node, operations.subtract):
        case (p, Quantity() as target) if names.split(target.name).family == "target":
            says = "only the diagonal of softmax's derivative, p · (1 − p)"
            diagonal = operations.multiply(p, operations.subtract(Constant(1), p))
            yield Wrong("softmax-diagonal", says, diagonal)


def _told_apart(one: Wrong, q: Quantity) -> Wrong:
    """What was left out, by what it is: the cell's state, a reset gate, a bias, a flow back, the share of a step."""
    left_out = {names.split(s.name).family for s in _quantities(one.about)} if one.about is not None else set()
    if one.kind in ("term-left-out", "factor-left-out"):
        if "c" in left_out:
            return one._replace(kind="cell-state-left-out")
        if left_out == {"r"}:
            return one._replace(kind="reset-gate-left-out")
    if one.kind != "term-left-out":
        return one
    if q.step is None:
        return one._replace(kind="not-added-up", says="{} left out of the sum over the steps")
    term = one.about
    family, step, _ = names.split(term.name) if isinstance(term, Quantity) else ("", None, "")
    if term is not None and _is_bias(term):
        return one._replace(kind="bias-left-out")
    if family.endswith("_next") and step is not None:
        return one._replace(kind="no-flow-back", says=f"nothing flowed back from step {step + 1}", about=None)
    if family.endswith("_out"):
        says = "only what flowed back was used; this step's own output was left out"
        return one._replace(kind="only-flow-back", says=says, about=None)
    return one


def _quantities(term: Term) -> Iterator[Quantity]:
    """The quantities in a term."""
    if isinstance(term, Quantity):
        yield term
    elif isinstance(term, Expression):
        for argument in term.arguments:
            yield from _quantities(argument)


# ── what needs the trace ──────────────────────────────────────────────────────────────────────────────────────────────


def _over_time(q: Quantity, trace: Trace) -> Iterator[Wrong]:
    """A sum over the steps that was not added up, or averaged; a gradient averaged where the losses are added up."""
    assert q.rule is not None
    shares = operands(q.rule, operations.add)
    if q.step is None and len(shares) > 1:
        for share, which in ((shares[-1], "last"), (shares[0], "first")):
            says = f"not added up over the steps: only the {which} step's share"
            yield Wrong("not-added-up", says, share)
        says = "the mean over the steps instead of the sum"
        yield Wrong("mean-for-sum", says, operations.over_number(q.rule, Constant(len(shares))))
    losses = sum(other.stage == "loss" and other.step is not None for other in trace.values())
    if losses > 1 and operands(q.rule, operations.subtract) and sources_of(q, "target"):
        says = f"divided by {losses}, as of a mean, where the losses are added up"
        yield Wrong("mean-for-sum", says, operations.over_number(q.rule, Constant(losses)))


def _other_letters(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """Another letter taken for the one wanted."""
    for target in sources_of(q, "target"):
        problem = trace.problem
        one = problem.token if problem.predicts_tokens else "class"
        for row, letter in enumerate(problem.output_names if _is_one_hot(target) else ()):
            says = f"{letter_picture(letter)} was taken for the {one} wanted"
            yield Wrong("wrong-target", says, swapped(rule, {target.name: wrong.letter(row)(target)}))


def _is_one_hot(target: Quantity) -> bool:
    return bool(np.isin(target.value, (0, 1)).all() and target.value.sum() == 1)


def _other_steps(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """A quantity taken from the step before or after the right one, or an initial state that is not the given one."""
    for source in q.sources if q.step is not None else ():
        family, step, _ = found = names.split(source.name)
        if step is None:
            continue
        for other in (f"{found.place}_{step + 1}", f"{found.place}_{step - 1}"):
            if other in trace and other != q.name and trace[other].shape == source.shape and trace[other].value.any():
                kind = "wrong-target" if family == "target" else "wrong-step"
                yield used_for(kind, trace[other], source, rule)
        if source.rule is None and step == 0:
            for stock, says in ((operations.zeros, "{} taken as 0"), (wrong.ones, "{} taken as 1")):
                yield Wrong("initial-state", says, swapped(rule, {source.name: stock(source)}), source)


def _other_weights(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """Another weight or bias that fits in the place of the right one."""
    parameters = [trace[name] for name in trace.problem.weights]
    for source in (s for s in q.sources if s in parameters):
        for other in parameters:
            if other is source or _is_bias(other) != _is_bias(source):
                continue
            kind = "wrong-bias" if _is_bias(source) else "wrong-weight"
            if other.shape == source.shape:
                yield used_for(kind, other, source, rule)
            elif _is_bias(other) and other.shape == (1, 1):
                yield used_for(kind, other, source, rule, operations.everywhere(other, source))


def _gates(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """Another gate, its sum, its gradient or all its weights in the place of a gate; the gates of a gru reversed."""
    layer = names.split(q.name).layer
    gates = [name[2:].partition("_")[0] for name in trace.problem.weights if _is_of_gate(name, layer)]
    others: dict[str, list[Quantity]] = {}
    for source in q.sources:
        family, step, _ = names.split(source.name)
        prefix = next((p for p in ("da", "d", "a", "") if family in [p + gate for gate in gates]), None)
        if step is None or prefix is None:
            continue
        alike = (f"{names.layered(f'{prefix}{gate}', layer)}_{step}" for gate in gates)
        others[source.name] = [trace[name] for name in alike if name in trace and name not in (source.name, q.name)]
        for other in others[source.name]:
            yield used_for("gates-swapped", other, source, rule)
    for source in q.sources:
        for other in others.get(source.name, []):
            if other.name in others and source.name < other.name:
                says = f"{source.symbol} and {other.symbol} exchanged"
                both: dict[str, Term] = {source.name: other, other.name: source}
                yield Wrong("gates-swapped", says, swapped(rule, both))
    family = names.split(q.name).family
    if family in [f"a{gate}" for gate in gates]:
        for other_gate in gates:
            kinds = ("Wx", "Wh", "b")
            weights = {
                names.layered(f"{w}{family[1:]}", layer): trace[names.layered(f"{w}{other_gate}", layer)] for w in kinds
            }
            says = f"the weights of {other_gate} were used where those of {family[1:]} belong"
            yield Wrong("gates-swapped", says, swapped(rule, weights))
    for z in sources_of(q, "z") if "z" in gates else ():
        if _plain(rule, z):
            yield Wrong("z-reversed", f"{z.symbol} and 1 − {z.symbol} exchanged", _reversed(rule, z))
    if family == "an":
        says = "the reset gate came " + ("before" if names.layered("bhn", layer) in trace else "after") + " the product"
        yield Wrong("reset-gate-order", says, _other_order(rule))


def _is_of_gate(name: str, layer: str) -> bool:
    """Whether a weight is a gate's, of that layer, for what is read."""
    family = names.split(name).family
    return family.startswith("Wx") and family not in ("Wxh", "Wxe") and names.split(name).layer == layer


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


def _workings(q: Quantity, rule: Expression) -> Iterator[Wrong]:
    """A gradient taken as it was before it was clipped."""
    for source in q.sources:
        if source.rule is not None and source.rule.operation in (operations.clamp, operations.shorten):
            before = source.rule.arguments[0]
            yield Wrong("not-clipped", "{} not clipped", swapped(rule, {source.name: before}), before)


def _alphabetical(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """The vocabulary in alphabetical order: in every letter that went in, or in every table with a place for each."""
    vocabulary = trace.problem.vocabulary
    if not vocabulary or rule.operation is operations.most_likely:  # a choice is 1 or 0 in any order
        return
    order = sorted(range(len(vocabulary)), key=lambda i: vocabulary[i])
    says = "the vocabulary was taken in alphabetical order"
    letters = sources_of(q, "x")  # in a target it is another letter wanted, which has its own kind
    encoded = {s.name: wrong.reordered(order, [0])(s) for s in letters}
    yield Wrong("alphabetical", says, swapped(rule, encoded))
    rows, columns = (order if axis == "letter" else list(range(n)) for axis, n in zip(q.axes, q.shape, strict=True))
    yield Wrong("alphabetical", says, wrong.reordered(rows, columns)(rule))


def systematic_mistakes(q: Quantity, trace: Trace, written: Collection[str]) -> list[Mistake]:
    return []
