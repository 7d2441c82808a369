"""The mistakes that people make with this arithmetic, as wrong rules: each gives the number that it would lead to.

A wrong rule is made from the right one: a node of its expression is replaced (tanh not applied), a term is left out
(bias left out), a quantity is taken from another step (h₂ where h₁ belongs). docs/marking.md lists the kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from rnncalc import names, operations
from rnncalc.operations import Expression, Operation
from rnncalc.replay import replay
from rnncalc.scalars import ATOM, SUM, Array, Term
from rnncalc.trace import Quantity, Trace

Values = Mapping[str, Array]


class Mistake(NamedTuple):
    """A wrong rule: its kind, what it says in plain words, and the value that it leads to from some values."""

    kind: str
    says: str
    value: Callable[[Values], Array]


def mistakes_of(q: Quantity, trace: Trace) -> list[Mistake]:
    """The known mistakes that apply to a computed quantity."""
    if q.rule is None:
        return []
    found = [Mistake(kind, says, _replayed(term)) for kind, says, term in _wrong(q.rule)]
    found += list(_other_steps(q, trace))
    found += list(_over_time(q))
    found += list(_softmax(q, trace))
    found += list(_whole(q, trace))
    return found


def _replayed(term: Term) -> Callable[[Values], Array]:
    return lambda values: replay(term, values)


def _wrong(rule: Expression) -> Iterator[tuple[str, str, Term]]:
    """Wrong versions of an expression: of its own operation, and of each part within it."""
    for kind, says, make in _BY_OPERATION.get(rule.operation.name, ()):
        wrong = make(*rule.arguments)
        if wrong is not None:
            yield kind, says, wrong
    if rule.operation is operations.add:
        yield from _left_out(rule)
    if rule.operation is operations.shift:
        product, bias = rule.arguments
        yield "bias-left-out", f"{_symbol(bias)} left out", product
        yield "bias-twice", f"{_symbol(bias)} added twice", operations.shift(rule, bias)
    for i, part in enumerate(rule.arguments):
        if isinstance(part, Expression):
            for kind, says, wrong in _wrong(part):
                arguments = (*rule.arguments[:i], wrong, *rule.arguments[i + 1 :])
                yield kind, says, rule.operation(*arguments)


def _left_out(rule: Expression) -> Iterator[tuple[str, str, Term]]:
    terms = rule.arguments
    if len(terms) != 2:
        return
    for i, term in enumerate(terms):
        rest = terms[1 - i]
        family = names.split(term.name).family if isinstance(term, Quantity) else ""
        if family.startswith("b"):
            yield "bias-left-out", f"{_symbol(term)} left out", rest
            yield "bias-twice", f"{_symbol(term)} added twice", operations.add(rule, term)
        elif family.endswith("_next"):
            yield "no-flow-back", "nothing flowed back from the next step", rest
        elif family.endswith("_out"):
            yield "only-flow-back", "only what flowed back was used; this step's own output was left out", rest
        else:
            yield "term-left-out", f"{_symbol(term)} left out", rest


def _symbol(term: Term) -> str:
    return operations.write(term, "text", lambda t: t.symbol if isinstance(t, Quantity) else "").text


# ── the wrong rules of each operation ─────────────────────────────────────────────────────────────────────────────

Make = Callable[..., Term | None]


def _times_itself(h: Term) -> Term:
    return operations.multiply(h, h)


def _plus_square(h: Term) -> Term:
    return operations.shift(_times_itself(h), operations.Constant(1))


def _not_transposed(left: Term, right: Term) -> Term | None:
    if isinstance(left, Expression) and left.operation is operations.transpose:
        return _fits(left.arguments[0], right)
    return None


def _turned(left: Term, right: Term) -> Term | None:
    plain = not (isinstance(left, Expression) and left.operation is operations.transpose)
    if plain and left.value.shape[0] == left.value.shape[1] > 1:
        return operations.matmul(operations.transpose(left), right)
    return None


def _rows_for_columns(left: Term, right: Term) -> Term | None:
    """An outer product the wrong way round, where it has the same shape."""
    if left.value.shape[1] == 1 and right.value.shape == left.value.shape[::-1] and left.value.shape[0] > 1:
        return operations.transpose(operations.matmul(left, right))
    return None


def _element_by_element(left: Term, right: Term) -> Term | None:
    if left.value.shape[0] == left.value.shape[1] > 1 and right.value.shape[1] == 1:
        diagonal = Operation(
            "diagonal",
            "the diagonal of a matrix",
            numpy=lambda a: np.diagonal(a, axis1=-2, axis2=-1)[..., None],
            element=lambda i, j, a: operations.entry(a, i, i),
            text="diag({0})",
            latex="{0}",
            array="{0}",
            binds=ATOM,
            needs=(SUM,),
        )
        return operations.multiply(diagonal(left), right)
    return None


def _fits(left: Term, right: Term) -> Term | None:
    return operations.matmul(left, right) if left.value.shape[1] == right.value.shape[0] else None


def _slope_left_out(slope: Term, gradient: Term) -> Term | None:
    is_slope = isinstance(slope, Expression) and slope.operation.name.endswith("_slope")
    return gradient if is_slope else None


_BY_OPERATION: Mapping[str, tuple[tuple[str, str, Make], ...]] = {
    "matmul": (
        ("not-transposed", "the matrix was not transposed", _not_transposed),
        ("transposed", "rows and columns of the matrix were exchanged", _turned),
        ("transposed", "rows and columns were exchanged", _rows_for_columns),
        ("element-by-element", "element by element instead of matrix product", _element_by_element),
    ),
    "tanh": (("activation-left-out", "tanh not applied", lambda a: a),),
    "sigmoid": (("activation-left-out", "the logistic function not applied", lambda a: a),),
    "relu": (("activation-left-out", "relu not applied", lambda a: a),),
    "tanh_slope": (
        ("one-plus-square", "1 + h² instead of 1 − h²", _plus_square),
        ("square-alone", "h² instead of 1 − h²", _times_itself),
        ("no-square", "1 − h instead of 1 − h²", lambda h: _one_minus(h)),
        ("tanh-twice", "tanh was applied to h once more", lambda h: operations.tanh_slope(operations.tanh(h))),
    ),
    "sigmoid_slope": (
        ("one-minus-left-out", "(1 − h) left out", lambda h: h),
        ("h-left-out", "h left out of h · (1 − h)", lambda h: _one_minus(h)),
    ),
    "multiply": (("slope-left-out", "the slope of the activation was left out", _slope_left_out),),
    "subtract": (("sign-reversed", "the sign is reversed", lambda a, b: operations.subtract(b, a)),),
}


def _one_minus(h: Term) -> Term:
    return operations.shift(operations.scale(operations.Constant(-1), h), operations.Constant(1))


# ── mistakes of the whole quantity ────────────────────────────────────────────────────────────────────────────────


def _other_steps(q: Quantity, trace: Trace) -> Iterator[Mistake]:
    """A quantity taken from the step before or after the right one."""
    assert q.rule is not None
    if q.step is None:
        return
    for source in q.sources:
        family, step = names.split(source.name)
        if step is None:
            continue
        for other in (f"{family}_{step + 1}", f"{family}_{step - 1}"):
            if other in trace and trace[other].shape == source.shape and other != q.name:
                wrong = trace[other]
                kind = "wrong-target" if family == "target" else "wrong-step"
                says = f"{wrong.symbol} was used where {source.symbol} belongs"
                yield Mistake(kind, says, _with_other(q.rule, source.name, other, wrong))


def _with_other(rule: Expression, name: str, other: str, wrong: Quantity) -> Callable[[Values], Array]:
    return lambda values: replay(rule, {**values, name: values.get(other, wrong.value)})


def _over_time(q: Quantity) -> Iterator[Mistake]:
    """A sum over the steps that was not added up, or averaged; or a mean that was not divided."""
    assert q.rule is not None
    if q.step is not None:
        return
    rule, operation = q.rule, q.rule.operation
    if operation is operations.add and len(rule.arguments) > 1:
        count = len(rule.arguments)
        yield Mistake(
            "not-added-up", "not added up over the steps: only the last step's share", _replayed(rule.arguments[-1])
        )
        yield Mistake(
            "not-added-up", "not added up over the steps: only the first step's share", _replayed(rule.arguments[0])
        )
        yield Mistake("mean-for-sum", "the mean over the steps instead of the sum", lambda v: replay(rule, v) / count)
    if operation is operations.over_number:
        yield Mistake("sum-for-mean", "the sum over the steps instead of the mean", _replayed(rule.arguments[0]))


def _softmax(q: Quantity, trace: Trace) -> Iterator[Mistake]:
    """Softmax and cross-entropy: no exp, no division, another logarithm, another letter."""
    family, step = names.split(q.name)
    if family == "p":
        y, e = trace[f"y_{step}"], trace[f"exp_{step}"]
        yield Mistake("softmax-without-exp", "softmax without exp", lambda v: _share(replay(y, v)))
        yield Mistake("softmax-not-divided", "softmax not divided by the sum", lambda v: np.exp(replay(y, v)))
        yield Mistake("softmax-not-divided", "softmax not divided by the sum", lambda v: replay(e, v))
    if family == "loss" and step is not None:
        p, target = trace[f"p_{step}"], trace[f"target_{step}"]

        def of(v: Values, change: Callable[[Array], Array]) -> Array:
            wanted = (replay(target, v) * replay(p, v)).sum(keepdims=True)
            with np.errstate(all="ignore"):
                return change(wanted)

        yield Mistake(
            "log-base-10", "log base 10 instead of the natural logarithm", lambda v: of(v, lambda w: -np.log10(w))
        )
        yield Mistake(
            "log-base-2", "log base 2 instead of the natural logarithm", lambda v: of(v, lambda w: -np.log2(w))
        )
        yield Mistake("sign-reversed", "the minus sign before the logarithm was left out", lambda v: of(v, np.log))
        for i, letter in enumerate(trace.problem.vocabulary):
            if target.value[i, 0] != 1:
                says = f"the probability of {letter} was used, which is not the letter wanted"
                yield Mistake("wrong-target", says, _logarithm_of(p, i))
    if family == "dy" and step is not None:
        p = trace[f"p_{step}"]
        says = "only the diagonal of softmax's derivative, p · (1 − p)"
        yield Mistake("softmax-diagonal", says, lambda v: replay(p, v) * (1 - replay(p, v)))


def _logarithm_of(p: Quantity, row: int) -> Callable[[Values], Array]:
    def value(values: Values) -> Array:
        with np.errstate(all="ignore"):
            return -np.log(replay(p, values)[row : row + 1])

    return value


def _share(y: Array) -> Array:
    with np.errstate(all="ignore"):
        share: Array = y / y.sum()
    return share


def _whole(q: Quantity, trace: Trace) -> Iterator[Mistake]:
    """The vocabulary in alphabetical order, in every table that has a row for each letter."""
    assert q.rule is not None
    vocabulary = trace.problem.vocabulary
    order = sorted(range(len(vocabulary)), key=lambda i: vocabulary[i])
    if q.axes[0] == "letter" and order != list(range(len(vocabulary))):
        rule = q.rule
        says = "the vocabulary was taken in alphabetical order"
        yield Mistake("alphabetical", says, lambda v: replay(rule, v)[order])
