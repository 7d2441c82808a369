"""Losses of outputs that are not a softmax: binary cross-entropy, and half the squared error."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnncalc.language.algebra import inner, negative, scale, subtract, times, total
from rnncalc.language.functions import MATRIX, PRODUCT, SUM
from rnncalc.language.kinds import Kind
from rnncalc.language.operations import ALL, Constant, Expression, Operation, Wrong, dot, entries, reduction
from rnncalc.language.trees import Number, Scalar, Term, call
from rnncalc.language.wrong import (
    binary_log2,
    binary_log10,
    binary_missed,
    ln,
    size,
    square,
)


def squares(out: Term, target: Term) -> Expression:
    """Σ (out − target)², not halved."""
    return total(square(subtract(out, target)))


def _from_scores(y: Any, p: Any, target: Any) -> Any:
    """Computed from y, so that it stays finite where p rounds to 0 or 1."""
    positive = np.where(y.real > 0, y, 0)
    return (positive - y * target + np.log(1 + np.exp(-np.where(y.real > 0, y, -y)))).sum(axis=ALL, keepdims=True)


def _score_loss(y: Scalar, target: Scalar) -> Scalar:
    softplus = call("ln", call("plus", Number(1), call("exp", call("negative", call("size", y)))))
    return call("plus", call("minus", call("relu", y), call("times", y, target)), softplus)


def _on_paper(p: Term, target: Term) -> Scalar:
    wanted, chances = entries(target), entries(p)
    others = [call("minus", Number(1), t) for t in wanted]
    missed = [call("ln", call("minus", Number(1), e)) for e in chances]
    return call("negative", call("plus", dot(wanted, [call("ln", e) for e in chances]), dot(others, missed)))


binary_cross_entropy: Operation = reduction(
    "binary_cross_entropy",
    "minus the natural logarithm of the probability of each target, yes or no, added up",
    numpy=_from_scores,
    element=lambda i, j, y, p, target: call(
        "sum", *[_score_loss(a, t) for a, t in zip(entries(y), entries(target), strict=True)]
    ),
    text="−Σ ({2} ⊙ ln({1}) + (1 − {2}) ⊙ ln(1 − {1}))",
    latex=r"-\sum \left({2} \odot \ln\left({1}\right) + (1 - {2}) \odot \ln\left(1 - {1}\right)\right)",
    array="SUM(IF({0}>0,{0},0)-{0}*{2}+LN(1+EXP(0-ABS({0}))))",
    binds=SUM,
    needs=(PRODUCT, SUM, PRODUCT),
    gradient=lambda g, out, y, p, target: (times(g, subtract(p, target)), None, None),
    on_paper=lambda i, j, y, p, target: _on_paper(p, target),
    worked="Σ max(0, {0}) − {2} ⊙ {0} + ln(1 + exp(−|{0}|))",
    mistakes=lambda y, p, target: (
        Wrong(Kind.LOG_BASE_10, "log base 10 instead of the natural logarithm", binary_log10(p, target)),
        Wrong(Kind.LOG_BASE_2, "log base 2 instead of the natural logarithm", binary_log2(p, target)),
        Wrong(
            Kind.SIGN_REVERSED,
            "the minus sign before the logarithms left out",
            negative(binary_cross_entropy(y, p, target)),
        ),
        Wrong(Kind.TERM_LEFT_OUT, "(1 − target) ⊙ ln(1 − p) left out", negative(inner(target, ln(p)))),
        Wrong(Kind.ONE_MINUS_P, "1 − p instead of −ln(p) for the targets", binary_missed(p, target)),
        Wrong(Kind.SQUARED_ERROR_FOR_LOG, "the squares of p − target added up", squares(p, target)),
        Wrong(Kind.SQUARED_ERROR_FOR_LOG, "half the sum of the squares of p − target", squared_error(p, target)),
    ),
)

squared_error: Operation = reduction(
    "squared_error",
    "half the sum of the squared differences between output and target",
    numpy=lambda out, target: ((out - target) ** 2).sum(axis=ALL, keepdims=True) / 2,
    element=lambda i, j, out, target: call(
        "times",
        Number(0.5),
        call(
            "sum",
            *[call("square", call("minus", o, t)) for o, t in zip(entries(out), entries(target), strict=True)],
        ),
    ),
    text="½ Σ ({0} − {1})²",
    latex=r"\tfrac{{1}}{{2}} \sum \left({0} - {1}\right)^2",
    array="SUM(({0}-{1})*({0}-{1}))/2",
    binds=PRODUCT,
    needs=(SUM, MATRIX),
    gradient=lambda g, out, output, target: (times(g, subtract(output, target)), None),
    mistakes=lambda out, target: (
        Wrong(Kind.HALF_LEFT_OUT, "½ left out", squares(out, target)),
        Wrong(Kind.SQUARE_LEFT_OUT, "the differences not squared", scale(Constant(0.5), total(subtract(out, target)))),
        Wrong(Kind.SQUARE_LEFT_OUT, "the absolute differences, not squared", total(size(subtract(out, target)))),
    ),
)
