"""The mistakes that a network brings which is more than one layer that reads letters: embeddings, further layers, a
head, an answer at the last step alone, predictions that are fed back, and other losses than cross-entropy."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from rnncalc import language as operations
from rnncalc.language import Constant, Expression, Wrong, operands, wrong
from rnncalc.language.kinds import Kind
from rnncalc.language.losses import squares
from rnncalc.language.trees import Term
from rnncalc.marking.substitution import sources_of, substituted, used_for
from rnncalc.network.cells import cell
from rnncalc.network.pictures import letter_picture
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.trace import Trace


def network_mistakes(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """The mistakes of a quantity; ``rule`` is its own, or the one that it is worked with on paper."""
    yield from _other_layers(q, rule, trace)
    yield from _earlier_states(q, rule, trace)
    yield from _fed_back(q, rule)
    yield from _losses(q, rule, trace)
    yield from _output_slopes(q, rule, trace)
    yield from _softmax_for_sigmoid(q)


# ── which layer ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _other_layers(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """What another layer gave at that step; only what is worked before the quantity can be taken."""
    structure = trace.problem.structure
    if len(structure.layers) == 1 and not structure.head:
        return
    before = set(takewhile(lambda name: name != q.name, trace))
    states = [layer.name("h") for layer in structure.layers]
    places = ["e" if structure.embedding else "x", *states, *(dense.name("v") for dense in structure.head)]
    cells = [layer.name("c") for layer in structure.layers if "c" in cell(layer.cell).states]
    for source in q.sources:
        for alike in (places, cells):
            for place in alike if source.place in alike else ():
                other = f"{place}_{source.step}"
                if place != source.place and other in before and trace[other].shape == source.shape:
                    yield used_for(Kind.WRONG_LAYER, trace[other], source, rule)


# ── which step, which token ───────────────────────────────────────────────────────────────────────────────────────────


def _earlier_states(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """Of a network that answers at the last step: any state before the last (the one before it is known already)."""
    problem = trace.problem
    if problem.output_at != "last" or q.stage != Stage.FORWARD or q.bare not in ("y", "av"):
        return
    for source in q.sources:
        for step in range(1, problem.steps - 1) if source.bare == "h" else ():
            if f"{source.place}_{step}" in trace:
                yield used_for(Kind.WRONG_STEP, trace[f"{source.place}_{step}"], source, rule)


def other_tokens(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """Another token taken for the one that is read, or found most likely; the token's row of the embedding."""
    problem = trace.problem
    if q.stage not in (Stage.FORWARD, Stage.BACKWARD) or not problem.vocabulary:
        return
    for x in [q] if q.bare == "x" else sources_of(q, "x"):
        for row, token in enumerate(problem.vocabulary):
            said = "most likely" if x is q else "read"
            says = f"{letter_picture(token)} was used instead of the {problem.token} that was {said}"
            letter = wrong.letter(row)(x)
            chosen = letter.operation(*rule.arguments)  # in the shape of what a choice is made from
            yield Wrong(Kind.WRONG_TOKEN, says, chosen if x is q else substituted(rule, {x.name: letter}))


def _fed_back(q: Quantity, rule: Expression) -> Iterator[Wrong]:
    """The probabilities themselves, where the most likely one is to be fed back."""
    says = "the probabilities were read as the next input, not the most likely choice"
    for p in operands(q.rule, operations.most_likely) if q.rule is not None else ():
        yield Wrong(Kind.CHOICE_LEFT_OUT, says, operations.identity(p))
    for x in sources_of(q, "x"):
        for p in operands(x.rule, operations.most_likely) if x.rule is not None else ():
            yield Wrong(Kind.CHOICE_LEFT_OUT, says, substituted(rule, {x.name: p}))


# ── losses ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _losses(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """Squares that were not halved in the gradient, means over the outputs, yes for no."""
    loss = trace.problem.loss
    targets = sources_of(q, "target")
    if not targets:
        return
    outputs = targets[0].value.size
    if outputs > 1:
        says = f"divided by the number of outputs ({outputs}), as for a mean"
        yield Wrong(Kind.MEAN_FOR_SUM, says, operations.over_number(rule, Constant(outputs)))
    if loss == "squared-error":
        pair = operands(rule, operations.squared_error)
        if pair and outputs > 2:
            says = f"the mean of the {outputs} squares instead of half their sum"
            total = squares(*pair)
            yield Wrong(Kind.MEAN_FOR_SUM, says, operations.over_number(total, Constant(outputs)))
        elif not pair:
            says = "twice the difference, as if the squares were not halved"
            yield Wrong(Kind.HALF_LEFT_OUT, says, operations.scale(Constant(2), rule))
    if loss != "binary-cross-entropy":
        return
    says = f"1 − {targets[0].symbol} was used instead of {targets[0].symbol}"
    yield Wrong(Kind.WRONG_TARGET, says, substituted(rule, {targets[0].name: operations.one_minus(targets[0])}))


def _output_slopes(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """The derivative of the output's function where it has cancelled out, or left out where it has not."""
    problem = trace.problem
    if q.bare != "dy" or problem.output_function == "linear" or f"p_{q.step}" not in trace:
        return
    p = trace[f"p_{q.step}"]
    slope = operations.sigmoid_slope(p)
    if problem.loss != "squared-error":
        says = f"multiplied by {p.symbol} · (1 − {p.symbol}), which has already cancelled out"
        yield Wrong(Kind.SLOPE_ADDED, says, operations.multiply(rule, slope))
    elif problem.output_function == "softmax" and f"dp_{q.step}" in trace:
        dp: Term = trace[f"dp_{q.step}"]
        yield Wrong(Kind.SLOPE_LEFT_OUT, "the derivative of softmax left out", operations.identity(dp))
        says = "only the diagonal of the softmax derivative, p · (1 − p)"
        yield Wrong(Kind.SOFTMAX_DIAGONAL, says, operations.multiply(slope, dp))


def _softmax_for_sigmoid(q: Quantity) -> Iterator[Wrong]:
    """Softmax of outputs that are a yes or no each."""
    for y in operands(q.rule, operations.sigmoid) if q.rule is not None and q.bare == "p" else ():
        if y.value.shape[-2] > 1:
            raised = operations.exp(y)
            says = "softmax instead of the sigmoid of each score"
            yield Wrong(Kind.SOFTMAX_FOR_SIGMOID, says, operations.over_number(raised, operations.total(raised)))
