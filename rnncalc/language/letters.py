"""Letters in and out: one-hot encoding, the letter predicted, and softmax with cross-entropy as one operation whose
workings are shown, in two forms: as textbooks work it, and from the scores, which never leaves float64."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnncalc.language.algebra import inner, multiply, negative, one_minus, over_number, scale, subtract, times, total
from rnncalc.language.functions import ATOM, PRODUCT, SUM
from rnncalc.language.kinds import Kind
from rnncalc.language.losses import squared_error, squares
from rnncalc.language.operations import (
    ALL,
    Constant,
    Operation,
    Wrong,
    by_entry,
    dot,
    entries,
    operands,
    reduction,
)
from rnncalc.language.trees import FIRST, SECOND, Number, Term, call
from rnncalc.language.wrong import (
    binary_log,
    entropy,
    ln,
    log_of_wanted,
    minus_log2,
    minus_log10,
    power_of_ten,
    square,
)

one_hot: Operation = by_entry(
    "one_hot",
    "1 in the row of the letter, 0 in the others; upper and lower case differ",
    call("same", FIRST, SECOND),
    numbers=(0,),
    text="[{1} = {0}]",
    latex=r"\left[{1} = {0}\right]",
)


def _largest(a: Any) -> Any:
    return a.max(axis=ALL, keepdims=True)  # of complex numbers by their real parts, so that a complex step goes on


def _cross_entropy_of_scores(y: Any, exp: Any, p: Any, target: Any) -> Any:
    wanted = (target * y).sum(axis=ALL, keepdims=True)
    return np.log(exp.sum(axis=ALL, keepdims=True)) + (_largest(y) - wanted)


def _cross_entropy(y: Any, p: Any, target: Any) -> Any:
    """Worked from p; what is not wanted may have probability 0."""
    return -(target * np.log(np.where(target == 0, 1, p))).sum(axis=ALL, keepdims=True)


largest: Operation = reduction(
    "largest",
    "the largest entry",
    numpy=_largest,
    element=lambda i, j, a: call("largest", *entries(a)),
    text="max({0})",
    latex=r"\max\left({0}\right)",
    array="MAX({0})",
    binds=ATOM,
    needs=(SUM,),
    gradient=lambda g, out, a: (None,),  # taken away from all scores alike, it changes no probability
)

most_likely: Operation = reduction(
    "most_likely",
    "1 in the row of the largest entry, the first of equals; 0 in the others",
    numpy=lambda p: np.where(np.arange(p.shape[-2])[:, None] == p.argmax(axis=-2, keepdims=True), 1.0, 0.0),
    element=lambda i, j, p: call("is largest", Number(i + 1), *entries(p)),
    text="[{0} = max({0})]",
    latex=r"\left[{0} = \max\left({0}\right)\right]",
    array="IF(ROW({0})-MIN(ROW({0}))+1=MATCH(MAX({0}),{0},0),1,0)",
    binds=ATOM,
    needs=(SUM,),
    gradient=lambda g, out, p: (None,),  # a choice has no slope
)

exp: Operation = by_entry(
    "exp",
    "e to the power of every entry",
    call("exp", FIRST),
    gradient=lambda g, out, a: (multiply(out, g),),
    mistakes=lambda a: [
        Wrong(Kind.SOFTMAX_WITHOUT_EXP, "exp not applied", a),
        *(Wrong(Kind.SOFTMAX_WITHOUT_EXP, "exp not applied", y) for y in _scores(a)),
        Wrong(
            Kind.POWER_OF_TEN, "10 was raised to the power of the score instead of e", power_of_ten((*_scores(a), a)[0])
        ),
        *_of_exp((*_scores(a), a)[0]),
    ],
)


def _of_exp(y: Term) -> tuple[Wrong, ...]:
    """Of exp in either form of softmax."""
    away = subtract(y, largest(y))
    return (
        Wrong(Kind.SIGN_REVERSED, "exp of minus the score instead of exp of the score", exp(negative(y))),
        Wrong(Kind.SIGN_REVERSED, "exp of the largest score minus the score", exp(negative(away))),
        Wrong(Kind.POWER_OF_TEN, "10 was raised to the power instead of e", power_of_ten(away)),
    )


cross_entropy: Operation = reduction(
    "cross_entropy",
    "minus the natural logarithm of the probability of the target letter",
    numpy=_cross_entropy,
    element=lambda i, j, y, p, target: call("negative", dot(entries(target), [call("ln", e) for e in entries(p)])),
    text="−Σ {2} ⊙ ln({1})",
    latex=r"-\sum {2} \odot \ln\left({1}\right)",
    array="0-SUM({2}*LN({1}))",
    binds=SUM,
    needs=(PRODUCT, SUM, PRODUCT),
    gradient=lambda g, out, y, p, target: (times(g, subtract(p, target)), None, None),  # softmax in one with it
    beside=(0,),
    mistakes=lambda y, p, target: _of_logarithms(p, target),
)

cross_entropy_of_scores: Operation = reduction(
    "cross_entropy_of_scores",
    "minus the natural logarithm of the probability of the target letter, computed from the scores",
    # Computed from y by log-sum-exp, so that it stays finite where p underflows to 0.
    numpy=_cross_entropy_of_scores,
    element=lambda i, j, y, exp, p, target: call(
        "plus",
        call("ln", call("sum", *entries(exp))),
        call("minus", call("largest", *entries(y)), dot(entries(target), entries(y))),
    ),
    text="−Σ {3} ⊙ ln({2})",
    latex=r"-\sum {3} \odot \ln\left({2}\right)",
    array="LN(SUM({1}))+MAX({0})-SUMPRODUCT({3},{0})",
    binds=SUM,
    needs=(PRODUCT, PRODUCT, SUM, PRODUCT),
    gradient=lambda g, out, y, exp, p, target: (times(g, subtract(p, target)), None, None, None),
    on_paper=lambda i, j, y, exp, p, target: call(
        "negative", dot(entries(target), [call("ln", e) for e in entries(p)])
    ),
    worked="ln(Σ {1}) + max({0}) − Σ {3} ⊙ {0}",
    mistakes=lambda y, exp, p, target: _of_logarithms(p, target),
)


def _of_logarithms(p: Term, target: Term) -> tuple[Wrong, ...]:
    wanted = inner(target, p)
    missed = one_minus(wanted)
    return (
        Wrong(Kind.LOG_BASE_10, "log base 10 instead of the natural logarithm", minus_log10(p, target)),
        Wrong(Kind.LOG_BASE_2, "log base 2 instead of the natural logarithm", minus_log2(p, target)),
        Wrong(Kind.SIGN_REVERSED, "the minus sign before the logarithm left out", log_of_wanted(p, target)),
        Wrong(Kind.LOG_LEFT_OUT, "the logarithm not taken", wanted),
        Wrong(Kind.LOG_LEFT_OUT, "the logarithm not taken: minus the probability", negative(wanted)),
        Wrong(Kind.ONE_MINUS_P, "1 − p instead of −ln(p)", missed),
        Wrong(Kind.ONE_MINUS_P, "−ln(1 − p) instead of −ln(p)", negative(log_of_wanted(one_minus(p), target))),
        Wrong(Kind.ENTROPY, "−Σ p · ln(p), over all the probabilities", entropy(p)),
        Wrong(Kind.ALL_LOGS, "minus the logarithms of all probabilities added up", negative(total(ln(p)))),
        Wrong(Kind.SQUARED_ERROR_FOR_LOG, "the squares of p − target added up", squares(p, target)),
        Wrong(Kind.SQUARED_ERROR_FOR_LOG, "half the sum of the squares of p − target", squared_error(p, target)),
        Wrong(
            Kind.SQUARED_ERROR_FOR_LOG,
            "the mean of the squares of p − target",
            over_number(squares(p, target), Constant(target.value.shape[-2])),
        ),
        Wrong(Kind.SQUARED_ERROR_FOR_LOG, "(1 − p)² instead of −ln(p)", square(missed)),
        Wrong(Kind.SQUARED_ERROR_FOR_LOG, "½ · (1 − p)² instead of −ln(p)", scale(Constant(0.5), square(missed))),
        Wrong(Kind.BINARY_FOR_SOFTMAX, _YES_AND_NO, binary_log(p, target)),
    )


_YES_AND_NO = (
    "binary cross-entropy, with yes and no counted for every letter: −Σ (target · ln(p) + (1 − target) · ln(1 − p))"
)


def _scores(a: Term) -> tuple[Term, ...]:
    """y, where a is y − max(y)."""
    difference = operands(a, subtract)
    return difference[:1] if difference and operands(difference[1], largest) else ()
