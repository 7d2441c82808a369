"""The mistakes that an operation brings, wherever it stands in a quantity's rule: what is said beside the operations,
and what the names of the operands and what they came from tell besides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rnncalc import language as operations
from rnncalc.language import ACTIVATIONS, Constant, Expression, Wrong, operands, wrong
from rnncalc.language.kinds import Kind
from rnncalc.language.trees import Term
from rnncalc.marking.substitution import is_bias, is_one_hot, quantities_of, substituted, symbol_of
from rnncalc.network import cells
from rnncalc.network.cell import Cell, OwnMistake
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.trace import Trace

_FEW = 3
"""In a sum of up to so many terms each may be subtracted."""
NO_FLOW_BACK = "the gradient from step {} was left out"
ONLY_FLOW_BACK = "only the gradient from the next step was used; this step's own output was left out"


def rule_mistakes(q: Quantity, trace: Trace) -> Iterator[Wrong]:
    """One operation of a quantity's rule taken for another; also of what is worked out in passing."""
    assert q.rule is not None
    cell = cell_of(q, trace)
    own = cell.mistakes if cell is not None else ()
    yield from (told_apart(mistake, q, own) for mistake in _within(q.rule))
    whole = worked_whole(q, trace)
    if whole is not None:
        yield from (told_apart(mistake, q, own) for mistake in _within(whole))
        yield from _bias_again(q)


def cell_of(q: Quantity, trace: Trace) -> Cell | None:
    """The cell of a quantity's layer; None in the head."""
    layers = trace.problem.structure.layers
    return next((cells.cell(layer.cell) for layer in layers if layer.mark == q.layer), None)


def worked_whole(q: Quantity, trace: Trace) -> Expression | None:
    """The rule with what is worked out in passing written out in it; None where there is nothing of the kind."""
    cell = cell_of(q, trace)
    in_passing = cell.in_passing if cell is not None else ()
    inner = {s.name: s.rule for s in q.sources if s.rule is not None and s.bare in in_passing}
    whole = substituted(q.rule, inner) if inner and q.rule is not None else None
    return whole if isinstance(whole, Expression) else None


def _within(rule: Expression) -> Iterator[Wrong]:
    """The rule with one of its operations taken for another: itself, or a part within it."""
    yield from rule.operation.mistakes(*rule.arguments)
    yield from _around(rule)
    for i, part in enumerate(rule.arguments):
        if isinstance(part, Expression):
            for mistake in _within(part):
                if mistake.rule is not None:
                    arguments = (*rule.arguments[:i], mistake.rule, *rule.arguments[i + 1 :])
                    yield mistake._replace(rule=rule.operation(*arguments))


def _around(node: Expression) -> Iterator[Wrong]:
    """The mistakes that an operation's operands show by their names and by what they came from."""
    if node.operation.name.endswith("_slope"):
        h = node.arguments[0]
        rule = h.rule if isinstance(h, Quantity) else h
        if isinstance(rule, Expression) and rule.operation in ACTIVATIONS.values():
            (a,) = rule.arguments
            says = f"the slope of the activation was computed from {symbol_of(a)} instead of {symbol_of(h)}"
            yield Wrong(Kind.SLOPE_OF_A, says, node.operation(a))
    yield from _of_sum(operands(node, operations.add))
    match operands(node, operations.over_number):
        case (Quantity(rule=Expression() as raised) as e, divisor) if operands(divisor, operations.total) == (e,):
            for power in operands(raised, operations.exp):
                yield from _of_softmax(e, (*operands(power, operations.subtract), power)[0])
    match operands(node, operations.subtract):
        case (p, Quantity() as target) if target.bare == "target":
            yield from _of_difference(p, target)
    weights = operands(node, operations.norm)
    without = [g for g in weights if isinstance(g, Quantity) and not g.family.is_bias]
    if without and len(without) < len(weights):
        yield Wrong(Kind.BIASES_LEFT_OUT, "the gradients of the biases left out", operations.norm(*without))


def _of_sum(terms: tuple[Term, ...]) -> Iterator[Wrong]:
    """Of a sum: a bias added twice, or a term subtracted."""
    for i, term in enumerate(terms):
        rest = terms[:i] + terms[i + 1 :]
        if is_bias(term):
            yield Wrong(Kind.BIAS_TWICE, "{} added twice", operations.add(*terms, term), term)
        kind = Kind.BIAS_SUBTRACTED if is_bias(term) else Kind.MINUS_FOR_PLUS
        if 2 <= len(terms) <= _FEW:
            others = rest[0] if len(rest) == 1 else operations.add(*rest)
            yield Wrong(kind, "{} subtracted instead of added", operations.subtract(others, term), term)


def _of_softmax(e: Term, scores: Term) -> Iterator[Wrong]:
    """Of exp divided by the sum of all."""

    def shares(raised: Term) -> Expression:
        return operations.over_number(raised, operations.total(raised))

    count = scores.value.shape[-2]
    yield Wrong(Kind.SOFTMAX_WITHOUT_EXP, "softmax without exp", shares(scores))
    yield Wrong(Kind.SOFTMAX_NOT_DIVIDED, "softmax not divided by the sum", operations.exp(scores))
    says = f"divided by {count}, the number of scores, instead of the sum"
    yield Wrong(Kind.DIVIDED_BY_COUNT, says, operations.over_number(e, Constant(count)))
    says = "divided by the largest instead of the sum"
    yield Wrong(Kind.DIVIDED_BY_LARGEST, says, operations.over_number(e, operations.largest(e)))
    says = "softmax with 10 to the power of the score instead of e"
    yield Wrong(Kind.POWER_OF_TEN, says, shares(wrong.power_of_ten(scores)))
    yield Wrong(
        Kind.SIGN_REVERSED,
        "softmax of the scores with their signs reversed",
        shares(operations.exp(operations.negative(scores))),
    )
    says = "sigmoid of each score instead of softmax"
    yield Wrong(Kind.SIGMOID_FOR_SOFTMAX, says, operations.sigmoid(scores))


def _of_difference(p: Term, target: Quantity) -> Iterator[Wrong]:
    """Of what is between output and target, the gradient."""
    says = "only the diagonal of the softmax derivative, p · (1 − p)"
    diagonal = operations.multiply(p, operations.subtract(Constant(1), p))
    yield Wrong(Kind.SOFTMAX_DIAGONAL, says, diagonal)
    says = f"1 − {target.symbol} was used instead of {target.symbol}"
    yield Wrong(Kind.WRONG_TARGET, says, operations.subtract(p, operations.one_minus(target)))
    if is_one_hot(target):
        says = "1 subtracted in every row, not only in the row of the target"
        yield Wrong(Kind.ONE_SUBTRACTED, says, operations.subtract(p, wrong.ones(p)))
    share = wrong.over_entries(target, p)
    says = "−target / p, the derivative of the loss with respect to p instead of y"
    yield Wrong(Kind.TARGET_OVER_P, says, operations.negative(share))
    others = wrong.over_entries(operations.one_minus(target), operations.one_minus(p))
    says = "−target / p + (1 − target) / (1 − p), the derivative of the loss with respect to p instead of y"
    yield Wrong(Kind.TARGET_OVER_P, says, operations.subtract(others, share))


def _bias_again(q: Quantity) -> Iterator[Wrong]:
    """A bias added although it stands in one of the terms already: to wx + wh, bh again."""
    if q.rule is None or q.rule.operation is not operations.add:
        return
    for source in q.sources:
        rule = source.rule
        for bias in rule.arguments if rule is not None and rule.operation in (operations.add, operations.shift) else ():
            if is_bias(bias):
                again = operations.add if bias.value.shape[-2:] == q.shape else operations.shift
                says = f"{symbol_of(bias)} added again, although {source.symbol} already contains it"
                yield Wrong(Kind.BIAS_TWICE, says, again(q.rule, bias))


def told_apart(mistake: Wrong, q: Quantity, own: Sequence[OwnMistake]) -> Wrong:
    """What was left out, by what it is: what only this cell has, a bias, a flow back, the share of a step."""
    left_out = {s.bare for s in quantities_of(mistake.about)} if mistake.about is not None else set()
    if mistake.kind in (Kind.TERM_LEFT_OUT, Kind.FACTOR_LEFT_OUT):
        kind = next((of_cell.kind for of_cell in own if of_cell.is_left_out(left_out, q)), None)
        if kind is not None:
            return mistake._replace(kind=kind)
    if mistake.kind != Kind.TERM_LEFT_OUT:
        return mistake
    if q.step is None and q.stage != Stage.UPDATE:
        return mistake._replace(kind=Kind.NOT_ADDED_UP, says="{} left out of the sum over the steps")
    term = mistake.about
    family, step = (term.bare, term.step) if isinstance(term, Quantity) else ("", None)
    if family == "target":
        return mistake._replace(kind=Kind.TARGET_LEFT_OUT)
    if term is not None and is_bias(term) and q.stage != Stage.UPDATE:
        return mistake._replace(kind=Kind.BIAS_LEFT_OUT)
    if family.endswith("_next") and step is not None:
        return mistake._replace(kind=Kind.NO_FLOW_BACK, says=NO_FLOW_BACK.format(step + 1), about=None)
    if family.endswith("_out"):
        return mistake._replace(kind=Kind.ONLY_FLOW_BACK, says=ONLY_FLOW_BACK, about=None)
    return mistake
