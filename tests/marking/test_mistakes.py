"""The known mistakes: the numbers that each leads to, and the arithmetic that shows it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from by_hand import problems
from hypothesis import given, settings

from rnncalc import Problem, Quantity, Trace, backward, update
from rnncalc.marking.blanks import blanks_of
from rnncalc.marking.mistake_groups import COPYING, in_words
from rnncalc.marking.mistakes import Mistake, mistakes_of
from rnncalc.marking.systematic import systematic_mistakes
from rnncalc.network.update_step import whole_trace


def drawn(text: str = "banana", *, clip: float | None = None, clip_norm: float | None = None, **options: Any) -> Trace:
    """A network with as many units as letters, so that every matrix fits in the place of every other."""
    problem = Problem.draw(text, vocabulary="ban", hidden=3, output_bias=True, h_0="random", seed=3, **options)
    return update(backward(problem), clip=clip, clip_norm=clip_norm)


TRACES = {
    "tanh": drawn(),
    "mean": drawn(loss_reduction="mean"),
    "shifted": drawn(softmax="shifted"),
    "shared": drawn(recurrent="scalar"),
    "sigmoid": drawn(activation="sigmoid", targets="last"),
    "relu": drawn(activation="relu", clip=0.05),
    "shortened": drawn(clip_norm=0.1),
    "short already": drawn(clip_norm=100),
    "lstm": drawn(cell_kind="lstm"),
    "gru": drawn(cell_kind="gru"),
    "after": drawn(cell_kind="gru", reset_after=True),
    "layers": drawn(layers=2, text="bana"),
    "head": drawn(head=[3, 3], head_activation=["tanh", "relu"], loss="squared-error", loss_reduction="mean"),
    "films": whole_trace(
        Problem.draw(
            "a good film",
            tokens="words",
            embedding=3,
            classes=["no", "yes"],
            output_at="last",
            targets=["yes"],
            h_0="random",
            seed=3,
        )
    ),
    "yes or no": whole_trace(
        Problem.draw(
            inputs=[[0.5, -1], [0.25, 2], [1.5, 1]],
            classes=3,
            output_function="sigmoid",
            targets=[[1, 0, 0], [0, 1, 1], [1, 1, 0]],
            seed=3,
        )
    ),
    "numbers": whole_trace(
        Problem.draw(
            inputs=[[0.5, -1], [0.25, 2], [1.5, 1]],
            classes=3,
            output_function="linear",
            targets=[[0.5, 0.25, -1], [0.75, 1.5, 2], [1, -0.5, 0]],
            seed=3,
        )
    ),
    "hello": whole_trace(Problem.template("hello")),
    "generated": whole_trace(Problem.draw("ab", vocabulary="cab", generate=3, embedding=3, seed=3)),
}
each_trace = pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)


def all_mistakes(trace: Trace) -> Iterator[tuple[Quantity, Mistake]]:
    for q in trace.values():
        for mistake in mistakes_of(q, trace):
            yield q, mistake


# ── the numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Numbers:
    """The numbers of a trace by name: ``n.h_2``."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def __getattr__(self, name: str) -> Any:
        return self._trace[name].value


def letter(row: int) -> Any:
    return np.eye(3)[:, [row]]


def sigma(a: Any) -> Any:
    return 1 / (1 + np.exp(-a))


def missed(p: Any, target: Any) -> Any:
    """Binary cross-entropy of some outputs."""
    return -(target * np.log(p) + (1 - target) * np.log(1 - p)).sum(keepdims=True)


def norm(*tables: Any) -> Any:
    """The length of all together."""
    return np.sqrt(sum((table**2).sum(keepdims=True) for table in tables))


def gradients(n: Any) -> list[Any]:
    return [n.dWxh, n.dWhh, n.dbh, n.dWhy, n.dby]


# The vocabulary is b, a, n; the text "banana" reads b a n a n and wants a n a n a.
A, N = 1, 2
IN_ORDER = [1, 0, 2]
CASES: list[tuple[str, str, str, Callable[[Any], Any]]] = [
    ("tanh", "wh_2", "bias-left-out", lambda n: n.Whh @ n.h_1),
    ("tanh", "y_2", "bias-left-out", lambda n: n.Why @ n.h_2),
    ("shared", "wh_2", "bias-left-out", lambda n: n.Whh * n.h_1),
    ("tanh", "wh_2", "bias-twice", lambda n: n.Whh @ n.h_1 + 2 * n.bh),
    ("shared", "wh_2", "bias-twice", lambda n: n.Whh * n.h_1 + 2 * n.bh),
    ("tanh", "a_2", "bias-twice", lambda n: n.wx_2 + n.wh_2 + n.bh),
    ("shared", "a_2", "bias-twice", lambda n: n.wx_2 + n.wh_2 + n.bh),
    ("after", "an_2", "bias-twice", lambda n: n.Wxn @ n.x_2 + n.bn + n.r_2 * n.hn_2 + n.bhn),
    ("lstm", "af_2", "bias-twice", lambda n: n.Wxf @ n.x_2 + n.Whf @ n.h_1 + 2 * n.bf),
    ("tanh", "a_2", "bias-left-out", lambda n: n.wx_2 + n.Whh @ n.h_1),
    ("tanh", "wh_2", "bias-subtracted", lambda n: n.Whh @ n.h_1 - n.bh),
    ("shared", "wh_2", "bias-subtracted", lambda n: n.Whh * n.h_1 - n.bh),
    ("tanh", "y_2", "bias-subtracted", lambda n: n.Why @ n.h_2 - n.by),
    ("gru", "az_2", "bias-subtracted", lambda n: n.Wxz @ n.x_2 + n.Whz @ n.h_1 - n.bz),
    ("tanh", "y_2", "wrong-bias", lambda n: n.Why @ n.h_2 + n.bh),
    ("shared", "y_2", "wrong-bias", lambda n: n.Why @ n.h_2 + float(n.bh[0, 0])),
    ("tanh", "wh_2", "wrong-weight", lambda n: n.Why @ n.h_1 + n.bh),
    ("tanh", "dh_next_2", "wrong-weight", lambda n: n.Why.T @ n.da_3),
    ("tanh", "wh_2", "term-left-out", lambda n: n.bh),
    ("shared", "wh_2", "term-left-out", lambda n: n.bh * np.ones((3, 1))),
    ("tanh", "a_2", "term-left-out", lambda n: n.wx_2),
    ("tanh", "Whh_new", "term-left-out", lambda n: -n.eta * n.dWhh),
    ("tanh", "Whh_new", "term-left-out", lambda n: n.eta * n.dWhh),
    ("lstm", "Wxo_new", "term-left-out", lambda n: -n.eta * n.dWxo),
    ("tanh", "bh_new", "term-left-out", lambda n: n.bh),
    ("tanh", "bh_new", "term-left-out", lambda n: -n.eta * n.dbh),
    ("tanh", "dy_2", "term-left-out", lambda n: -n.target_2),
    ("tanh", "grad_norm", "term-left-out", lambda n: np.sqrt(n.grad_norm**2 - (n.dWhh**2).sum())),
    ("tanh", "Wxh_new", "factor-left-out", lambda n: n.Wxh - n.dWxh),
    ("tanh", "da_2", "factor-left-out", lambda n: 1 - n.h_2**2),
    ("shared", "wh_2", "factor-left-out", lambda n: n.h_1 + n.bh),
    ("shared", "dWhh_2", "factor-left-out", lambda n: n.h_1.sum(keepdims=True)),
    ("shared", "dWhh_2", "factor-left-out", lambda n: n.da_2.sum(keepdims=True)),
    ("tanh", "dh_next_2", "factor-left-out", lambda n: n.da_3),
    ("shared", "dh_next_2", "factor-left-out", lambda n: n.da_3),
    ("tanh", "dh_out_2", "factor-left-out", lambda n: n.dy_2),
    ("lstm", "dh_next_2", "factor-left-out", lambda n: n.dh_next_2 - n.Whf.T @ n.daf_3 + n.daf_3),
    ("shortened", "dWhh_clipped", "factor-left-out", lambda n: n.dWhh / n.grad_norm),
    ("tanh", "Whh_new", "factor-twice", lambda n: n.Whh - n.eta**2 * n.dWhh),
    ("shared", "wh_2", "factor-twice", lambda n: n.Whh**2 * n.h_1 + n.bh),
    ("tanh", "dWhh_2", "activation-left-out", lambda n: n.da_2 @ n.a_1.T),
    ("shared", "dWhh_2", "activation-left-out", lambda n: (n.da_2 * n.a_1).sum(keepdims=True)),
    ("tanh", "dWhy_2", "activation-left-out", lambda n: n.dy_2 @ n.a_2.T),
    ("lstm", "do_2", "activation-left-out", lambda n: n.c_2 * n.dh_2),
    ("lstm", "df_2", "wrong-step", lambda n: n.c_2 * n.dc_2),
    ("gru", "dz_2", "activation-left-out", lambda n: n.dh_2 * (n.h_1 - n.an_2)),
    ("tanh", "h_2", "activation-left-out", lambda n: n.a_2),
    ("sigmoid", "h_2", "activation-left-out", lambda n: n.a_2),
    ("relu", "h_2", "activation-left-out", lambda n: n.a_2),
    ("tanh", "wh_2", "wrong-step", lambda n: n.Whh @ n.h_2 + n.bh),
    ("tanh", "dWhh_2", "wrong-step", lambda n: n.da_2 @ n.h_2.T),
    ("tanh", "dWhy_2", "wrong-step", lambda n: n.dy_2 @ n.h_1.T),
    ("tanh", "dWhy_1", "wrong-step", lambda n: n.dy_1 @ n.h_0.T),
    ("tanh", "y_1", "wrong-step", lambda n: n.Why @ n.h_0 + n.by),
    ("hello", "y_1", "wrong-step", lambda n: np.zeros((4, 1))),
    ("tanh", "a_3", "wrong-step", lambda n: n.wx_2 + n.wh_3),
    ("tanh", "a_3", "wrong-step", lambda n: n.a_2),
    ("gru", "h_4", "wrong-step", lambda n: n.h_1),
    ("tanh", "h_2", "wrong-table", lambda n: n.wh_2),
    ("shared", "dWhh_2", "wrong-table", lambda n: n.dbh_2),
    ("lstm", "c_2", "wrong-table", lambda n: n.ai_2),
    ("lstm", "dWhi", "wrong-table", lambda n: n.dWhf),
    ("tanh", "Whh_new", "wrong-table", lambda n: n.dWhh - n.eta * n.dWhh),
    ("tanh", "Whh_new", "wrong-table", lambda n: n.Whh - n.eta * n.Whh),
    ("tanh", "Whh_new", "wrong-table", lambda n: n.dWhh),
    ("tanh", "Whh_new", "wrong-table", lambda n: n.Whh - n.eta * n.dWhy),
    ("tanh", "a_2", "wrong-row", lambda n: n.wx_2[[2, 0, 1]] + n.wh_2),
    ("tanh", "a_2", "wrong-row", lambda n: n.wx_2 + n.wh_2[1, 0]),
    ("gru", "h_2", "wrong-row", lambda n: (1 - n.z_2) * n.n_2[[1, 2, 0]] + n.z_2 * n.h_1),
    ("lstm", "c_2", "wrong-row", lambda n: n.f_2 * n.c_1[2, 0] + n.i_2 * n.g_2),
    ("tanh", "p_2", "wrong-row", lambda n: n.exp_2[0, 0] / n.exp_2.sum() * np.ones((3, 1))),
    ("tanh", "h_2", "shifted-by-a-cell", lambda n: np.array([[np.nan], n.h_2[0], n.h_2[1]])),
    ("tanh", "y_2", "shifted-by-a-cell", lambda n: n.y_2[[1, 2, 0]]),
    ("lstm", "dWhi", "shifted-by-a-cell", lambda n: np.hstack([n.dWhi[:, 1:], np.full((3, 1), np.nan)])),
    ("tanh", "loss_2", "wrong-step", lambda n: -np.log(n.p_1[[N]])),
    ("tanh", "wh_1", "initial-state", lambda n: n.bh),
    ("tanh", "wh_1", "initial-state", lambda n: n.Whh.sum(axis=1, keepdims=True) + n.bh),
    ("tanh", "dWhh_1", "initial-state", lambda n: n.da_1 @ np.ones((1, 3))),
    ("tanh", "wh_2", "transposed", lambda n: n.Whh.T @ n.h_1 + n.bh),
    ("tanh", "dWhh_2", "transposed", lambda n: n.h_1 @ n.da_2.T),
    ("lstm", "dWhi", "transposed", lambda n: n.dWhi.T),
    ("hello", "dWxh", "transposed", lambda n: n.dWxh.T.reshape(3, 4)),
    ("hello", "wx_1", "transposed", lambda n: n.Wxh[0, :3][:, None]),
    ("lstm", "ai_2", "transposed", lambda n: n.Wxi[1, :][:, None] + n.Whi @ n.h_1 + n.bi),
    ("tanh", "dh_next_2", "not-transposed", lambda n: n.Whh @ n.da_3),
    ("tanh", "dh_out_2", "not-transposed", lambda n: n.Why @ n.dy_2),
    ("tanh", "wh_2", "element-by-element", lambda n: np.diag(n.Whh)[:, None] * n.h_1 + n.bh),
    ("tanh", "da_2", "matrix-product", lambda n: np.ones((3, 1)) * ((1 - n.h_2**2).T @ n.dh_2)),
    ("tanh", "p_2", "softmax-without-exp", lambda n: n.y_2 / n.y_2.sum()),
    ("tanh", "exp_2", "softmax-without-exp", lambda n: n.y_2),
    ("shifted", "exp_2", "softmax-without-exp", lambda n: n.y_2 - n.y_2.max()),
    ("tanh", "p_2", "softmax-not-divided", lambda n: n.exp_2),
    ("shifted", "p_2", "softmax-not-divided", lambda n: np.exp(n.y_2)),
    ("tanh", "p_2", "divided-by-count", lambda n: n.exp_2 / 3),
    ("tanh", "p_2", "divided-by-largest", lambda n: n.exp_2 / n.exp_2.max()),
    ("tanh", "p_2", "softmax-over-time", lambda n: n.exp_2 / (n.exp_1 + n.exp_2 + n.exp_3 + n.exp_4 + n.exp_5)),
    ("tanh", "p_2", "sigmoid-for-softmax", lambda n: sigma(n.y_2)),
    ("yes or no", "p_2", "softmax-for-sigmoid", lambda n: np.exp(n.y_2) / np.exp(n.y_2).sum()),
    ("tanh", "p_2", "power-of-ten", lambda n: 10**n.y_2 / (10**n.y_2).sum()),
    ("tanh", "exp_2", "power-of-ten", lambda n: 10**n.y_2),
    ("tanh", "exp_2", "sign-reversed", lambda n: np.exp(-n.y_2)),
    ("tanh", "p_2", "sign-reversed", lambda n: np.exp(-n.y_2) / np.exp(-n.y_2).sum()),
    ("tanh", "loss_2", "log-left-out", lambda n: n.p_2[[N]]),
    ("tanh", "loss_2", "one-minus-p", lambda n: 1 - n.p_2[[N]]),
    ("tanh", "loss_2", "entropy", lambda n: -(n.p_2 * np.log(n.p_2)).sum(keepdims=True)),
    ("shifted", "loss_2", "all-logs", lambda n: -np.log(n.p_2).sum(keepdims=True)),
    ("tanh", "loss_2", "squared-error-for-log", lambda n: ((n.p_2 - n.target_2) ** 2).sum(keepdims=True)),
    ("tanh", "loss_2", "squared-error-for-log", lambda n: ((n.p_2 - n.target_2) ** 2).sum(keepdims=True) / 2),
    ("tanh", "loss_2", "binary-for-softmax", lambda n: missed(n.p_2, n.target_2)),
    ("tanh", "loss_2", "log-base-10", lambda n: -np.log(n.p_2[[N]]) / np.log(10)),
    ("tanh", "loss_2", "log-base-2", lambda n: -np.log(n.p_2[[N]]) / np.log(2)),
    ("tanh", "loss_2", "wrong-target", lambda n: -np.log(n.p_2[[A]])),
    ("tanh", "dy_2", "wrong-target", lambda n: n.p_2 - letter(A)),
    ("mean", "dy_2", "wrong-target", lambda n: (n.p_2 - letter(A)) / 5),
    ("tanh", "dy_2", "sign-reversed", lambda n: n.target_2 - n.p_2),
    ("tanh", "loss_2", "sign-reversed", lambda n: np.log(n.p_2[[N]])),
    ("tanh", "dy_2", "plus-for-minus", lambda n: n.p_2 + n.target_2),
    ("tanh", "Why_new", "plus-for-minus", lambda n: n.Why + n.eta * n.dWhy),
    ("tanh", "dy_2", "softmax-diagonal", lambda n: n.p_2 * (1 - n.p_2)),
    ("tanh", "dy_2", "target-left-out", lambda n: n.p_2),
    ("mean", "dy_2", "target-left-out", lambda n: n.p_2 / 5),
    ("tanh", "dy_2", "one-subtracted", lambda n: n.p_2 - 1),
    ("tanh", "dy_2", "target-over-p", lambda n: -n.target_2 / n.p_2),
    ("tanh", "a_2", "minus-for-plus", lambda n: n.wx_2 - n.wh_2),
    ("tanh", "dh_2", "minus-for-plus", lambda n: n.dh_out_2 - n.dh_next_2),
    ("tanh", "dh_2", "no-flow-back", lambda n: n.dh_out_2),
    ("tanh", "dh_2", "only-flow-back", lambda n: n.dh_next_2),
    ("tanh", "da_2", "no-flow-back", lambda n: (1 - n.h_2**2) * n.dh_out_2),
    ("shared", "da_2", "only-flow-back", lambda n: (1 - n.h_2**2) * n.dh_next_2),
    ("lstm", "df_2", "no-flow-back", lambda n: n.c_1 * n.dc_out_2),
    ("lstm", "dc_next_2", "only-flow-back", lambda n: n.f_3 * n.dc_next_3),
    ("gru", "dn_2", "no-flow-back", lambda n: (1 - n.z_2) * n.dh_out_2),
    ("tanh", "dh_next_2", "slope-left-out", lambda n: n.Whh.T @ n.dh_3),
    ("shared", "dh_next_2", "slope-left-out", lambda n: n.Whh * n.dh_3),
    ("tanh", "dWhh_2", "slope-left-out", lambda n: n.dh_2 @ n.h_1.T),
    ("shared", "dWhh_2", "slope-left-out", lambda n: (n.dh_2 * n.h_1).sum(keepdims=True)),
    ("shared", "dbh_2", "slope-left-out", lambda n: n.dh_2.sum(keepdims=True)),
    ("tanh", "dWxh_2", "slope-left-out", lambda n: n.dh_2 @ n.x_2.T),
    ("lstm", "dWhi_2", "slope-left-out", lambda n: n.di_2 @ n.h_1.T),
    (
        "lstm",
        "dh_next_2",
        "slope-left-out",
        lambda n: n.Whi.T @ n.di_3 + n.Whf.T @ n.df_3 + n.Whg.T @ n.dg_3 + n.Who.T @ n.do_3,
    ),
    ("gru", "dWhz_2", "slope-left-out", lambda n: n.dz_2 @ n.h_1.T),
    ("tanh", "da_2", "slope-left-out", lambda n: n.dh_2),
    ("relu", "da_2", "slope-left-out", lambda n: n.dh_2),
    ("tanh", "da_2", "slope-twice", lambda n: (1 - n.h_2**2) ** 2 * n.dh_2),
    ("tanh", "da_2", "slope-of-a", lambda n: (1 - n.a_2**2) * n.dh_2),
    ("sigmoid", "da_2", "slope-of-a", lambda n: n.a_2 * (1 - n.a_2) * n.dh_2),
    ("tanh", "da_2", "inverse-slope", lambda n: n.dh_2 / (1 - n.h_2**2)),
    ("sigmoid", "da_2", "inverse-slope", lambda n: n.dh_2 / (n.h_2 * (1 - n.h_2))),
    ("tanh", "da_2", "one-plus-square", lambda n: (1 + n.h_2**2) * n.dh_2),
    ("tanh", "da_2", "square-alone", lambda n: n.h_2**2 * n.dh_2),
    ("tanh", "da_2", "no-square", lambda n: (1 - n.h_2) * n.dh_2),
    ("tanh", "da_2", "tanh-twice", lambda n: (1 - np.tanh(n.h_2) ** 2) * n.dh_2),
    ("sigmoid", "da_2", "one-minus-left-out", lambda n: n.h_2 * n.dh_2),
    ("sigmoid", "da_2", "h-left-out", lambda n: (1 - n.h_2) * n.dh_2),
    ("tanh", "dWhh", "not-added-up", lambda n: n.dWhh_5),
    ("tanh", "dWhh", "not-added-up", lambda n: n.dWhh_1),
    ("tanh", "dWhh", "not-added-up", lambda n: n.dWhh - n.dWhh_2),
    ("tanh", "loss", "mean-for-sum", lambda n: n.loss / 5),
    ("tanh", "Whh_new", "not-added-up", lambda n: n.Whh - n.eta * n.dWhh_5),
    ("gru", "Whz_new", "not-added-up", lambda n: n.Whz - n.eta * n.dWhz_3),
    ("tanh", "dWhh", "mean-for-sum", lambda n: n.dWhh / 5),
    ("tanh", "loss_2", "mean-for-sum", lambda n: n.loss_2 / 3),
    ("shared", "dWhh_2", "mean-for-sum", lambda n: n.dWhh_2 / 3),
    ("shared", "dbh_2", "mean-for-sum", lambda n: n.da_2.mean(keepdims=True)),
    ("shared", "dbh", "mean-for-sum", lambda n: n.dbh / 3),
    ("tanh", "grad_norm", "mean-for-sum", lambda n: n.grad_norm / np.sqrt(33)),
    ("tanh", "dy_2", "mean-for-sum", lambda n: n.dy_2 / 5),
    ("mean", "loss", "sum-for-mean", lambda n: n.loss * 5),
    ("mean", "dy_2", "sum-for-mean", lambda n: n.p_2 - n.target_2),
    ("mean", "dy_2", "divided-twice", lambda n: (n.p_2 - n.target_2) / 25),
    ("tanh", "h_2", "sigmoid-for-tanh", lambda n: sigma(n.a_2)),
    ("tanh", "h_2", "tan-for-tanh", lambda n: np.sin(n.a_2) / np.cos(n.a_2)),
    ("tanh", "h_2", "sinh-for-tanh", lambda n: (np.exp(n.a_2) - np.exp(-n.a_2)) / 2),
    ("tanh", "h_2", "degrees", lambda n: np.tan(np.radians(n.a_2))),
    ("gru", "n_2", "degrees", lambda n: np.tanh(n.an_2 * np.pi / 180)),
    ("tanh", "h_2", "one-minus-sigmoid", lambda n: 1 / (1 + np.exp(n.a_2))),
    ("lstm", "i_2", "one-minus-sigmoid", lambda n: 1 / (1 + np.exp(n.ai_2))),
    ("tanh", "h_2", "another-activation", lambda n: np.maximum(0, n.a_2)),
    ("relu", "h_2", "another-activation", lambda n: np.tanh(n.a_2)),
    ("relu", "h_2", "absolute-value", lambda n: np.abs(n.a_2)),
    ("relu", "h_2", "min-for-max", lambda n: np.minimum(0, n.a_2)),
    ("lstm", "tc_2", "sigmoid-for-tanh", lambda n: sigma(n.c_2)),
    ("sigmoid", "h_2", "tanh-for-sigmoid", lambda n: np.tanh(n.a_2)),
    ("lstm", "i_2", "tanh-for-sigmoid", lambda n: np.tanh(n.ai_2)),
    ("lstm", "g_2", "sigmoid-for-tanh", lambda n: sigma(n.ag_2)),
    ("lstm", "h_2", "sigmoid-for-tanh", lambda n: n.o_2 * sigma(n.c_2)),
    ("lstm", "dai_2", "tanh-for-sigmoid", lambda n: (1 - n.i_2**2) * n.di_2),
    ("lstm", "dag_2", "sigmoid-for-tanh", lambda n: n.g_2 * (1 - n.g_2) * n.dg_2),
    ("gru", "z_2", "tanh-for-sigmoid", lambda n: np.tanh(n.az_2)),
    ("lstm", "c_2", "gates-swapped", lambda n: n.i_2 * n.c_1 + n.f_2 * n.g_2),
    ("lstm", "c_2", "gates-swapped", lambda n: n.o_2 * n.c_1 + n.i_2 * n.g_2),
    ("lstm", "h_2", "gates-swapped", lambda n: n.f_2 * np.tanh(n.c_2)),
    ("lstm", "i_2", "gates-swapped", lambda n: sigma(n.af_2)),
    ("lstm", "ai_2", "gates-swapped", lambda n: n.Wxf @ n.x_2 + n.Whf @ n.h_1 + n.bf),
    ("lstm", "dWxi_2", "gates-swapped", lambda n: n.daf_2 @ n.x_2.T),
    ("lstm", "dai_2", "gates-swapped", lambda n: n.i_2 * (1 - n.i_2) * n.df_2),
    ("gru", "h_2", "gates-swapped", lambda n: (1 - n.r_2) * n.n_2 + n.r_2 * n.h_1),
    ("gru", "an_2", "gates-swapped", lambda n: n.Wxn @ n.x_2 + n.Whn @ (n.z_2 * n.h_1) + n.bn),
    ("lstm", "c_2", "cell-state-left-out", lambda n: n.i_2 * n.g_2),
    ("lstm", "c_2", "cell-state-left-out", lambda n: n.f_2 + n.i_2 * n.g_2),
    ("lstm", "h_2", "cell-state-left-out", lambda n: n.o_2),
    ("lstm", "h_2", "wrong-step", lambda n: n.o_2 * np.tanh(n.c_1)),
    ("lstm", "c_2", "wrong-step", lambda n: n.f_2 * n.c_0 + n.i_2 * n.g_2),
    ("lstm", "h_2", "activation-left-out", lambda n: n.o_2 * n.c_2),
    ("gru", "h_2", "z-reversed", lambda n: n.z_2 * n.n_2 + (1 - n.z_2) * n.h_1),
    ("after", "h_2", "z-reversed", lambda n: n.z_2 * n.n_2 + (1 - n.z_2) * n.h_1),
    ("gru", "h_2", "one-minus-left-out", lambda n: n.z_2 * n.n_2 + n.z_2 * n.h_1),
    ("gru", "an_2", "reset-gate-left-out", lambda n: n.Wxn @ n.x_2 + n.Whn @ n.h_1 + n.bn),
    ("after", "an_2", "reset-gate-left-out", lambda n: n.Wxn @ n.x_2 + n.bn + n.Whn @ n.h_1 + n.bhn),
    ("gru", "an_2", "reset-gate-order", lambda n: n.Wxn @ n.x_2 + n.r_2 * (n.Whn @ n.h_1) + n.bn),
    ("after", "an_2", "reset-gate-order", lambda n: n.Wxn @ n.x_2 + n.bn + n.Whn @ (n.r_2 * n.h_1) + n.bhn),
    ("tanh", "grad_norm", "root-left-out", lambda n: n.grad_norm**2),
    ("tanh", "grad_norm", "sum-of-absolutes", lambda n: sum(abs(g).sum(keepdims=True) for g in gradients(n))),
    ("tanh", "grad_norm", "norms-added", lambda n: sum(np.sqrt((g**2).sum(keepdims=True)) for g in gradients(n))),
    ("tanh", "grad_norm", "biases-left-out", lambda n: norm(n.dWxh, n.dWhh, n.dWhy)),
    ("tanh", "grad_norm", "start-counted", lambda n: norm(*gradients(n), n.dh_0)),
    ("relu", "grad_norm", "clipped-first", lambda n: norm(*(np.clip(g, -0.05, 0.05) for g in gradients(n)))),
    ("shortened", "grad_norm", "clipped-first", lambda n: np.array([[0.1]])),
    ("short already", "dWhy_clipped", "clipped-needlessly", lambda n: n.dWhy * 100 / n.grad_norm),
    ("relu", "dWhy_clipped", "not-clipped", lambda n: n.dWhy),
    ("shortened", "dWhh_clipped", "not-clipped", lambda n: n.dWhh),
    ("shortened", "Whh_new", "not-clipped", lambda n: n.Whh - n.eta * n.dWhh),
    ("shifted", "y_3", "alphabetical", lambda n: n.y_3[IN_ORDER]),
    ("tanh", "p_2", "alphabetical", lambda n: n.p_2[IN_ORDER]),
    ("tanh", "dWxh", "alphabetical", lambda n: n.dWxh[:, IN_ORDER]),
    ("layers", "wx_L2_2", "wrong-layer", lambda n: n.Wxh_L2 @ n.x_2),
    ("layers", "wh_L2_2", "wrong-layer", lambda n: n.Whh_L2 @ n.h_1 + n.bh_L2),
    ("layers", "y_2", "wrong-layer", lambda n: n.Why @ n.h_2 + n.by),
    ("layers", "dWhy_2", "wrong-layer", lambda n: n.dy_2 @ n.h_2.T),
    ("layers", "dh_L2_2", "no-flow-back", lambda n: n.dh_out_L2_2),
    ("head", "av_D2_2", "wrong-layer", lambda n: n.Wv_D2 @ n.h_2 + n.bv_D2),
    ("head", "y_2", "wrong-layer", lambda n: n.Why @ n.v_D1_2 + n.by),
    ("head", "av_D2_2", "activation-left-out", lambda n: n.Wv_D2 @ n.av_D1_2 + n.bv_D2),
    ("head", "v_D1_2", "activation-left-out", lambda n: n.av_D1_2),
    ("head", "dav_D1_2", "slope-left-out", lambda n: n.dv_D1_2),
    ("head", "dy_2", "softmax-diagonal", lambda n: n.p_2 * (1 - n.p_2) * n.dp_2),
    ("head", "dy_2", "slope-left-out", lambda n: n.dp_2),
    ("head", "dp_2", "half-left-out", lambda n: 2 * (n.p_2 - n.target_2) / 5),
    ("films", "e_1", "wrong-token", lambda n: n.Wxe[:, [2]]),
    ("films", "e_2", "transposed", lambda n: n.Wxe[[1], :].T),
    ("films", "y_3", "wrong-step", lambda n: n.Why @ n.h_1),
    ("films", "y_3", "wrong-step", lambda n: n.Why @ n.h_2),
    ("films", "loss_3", "wrong-target", lambda n: -np.log(n.p_3[[0]])),
    ("films", "dy_3", "slope-added", lambda n: (n.p_3 - n.target_3) * n.p_3 * (1 - n.p_3)),
    ("yes or no", "loss_2", "wrong-target", lambda n: missed(n.p_2, 1 - n.target_2)),
    ("yes or no", "loss_2", "wrong-step", lambda n: missed(n.p_1, n.target_2)),
    ("yes or no", "loss_2", "term-left-out", lambda n: -(n.target_2 * np.log(n.p_2)).sum(keepdims=True)),
    ("yes or no", "loss_2", "log-base-10", lambda n: missed(n.p_2, n.target_2) / np.log(10)),
    ("yes or no", "loss_2", "log-base-2", lambda n: missed(n.p_2, n.target_2) / np.log(2)),
    ("yes or no", "loss_2", "one-minus-p", lambda n: abs(n.p_2 - n.target_2).sum(keepdims=True)),
    ("yes or no", "dy_2", "target-left-out", lambda n: n.p_2),
    ("yes or no", "dy_2", "target-over-p", lambda n: (n.p_2 - n.target_2) / (n.p_2 * (1 - n.p_2))),
    ("numbers", "dy_2", "target-left-out", lambda n: n.y_2),
    ("numbers", "loss_2", "square-left-out", lambda n: abs(n.y_2 - n.target_2).sum(keepdims=True)),
    ("yes or no", "loss_2", "mean-for-sum", lambda n: missed(n.p_2, n.target_2) / 3),
    ("yes or no", "dy_2", "mean-for-sum", lambda n: (n.p_2 - n.target_2) / 3),
    ("yes or no", "dy_2", "slope-added", lambda n: (n.p_2 - n.target_2) * n.p_2 * (1 - n.p_2)),
    ("numbers", "loss_2", "half-left-out", lambda n: ((n.y_2 - n.target_2) ** 2).sum(keepdims=True)),
    ("numbers", "loss_2", "square-left-out", lambda n: (n.y_2 - n.target_2).sum(keepdims=True) / 2),
    ("numbers", "loss_2", "mean-for-sum", lambda n: ((n.y_2 - n.target_2) ** 2).sum(keepdims=True) / 3),
    ("numbers", "dy_2", "half-left-out", lambda n: 2 * (n.y_2 - n.target_2)),
    ("numbers", "wx_2", "wrong-step", lambda n: n.Wxh @ n.x_1),
    ("generated", "x_3", "choice-left-out", lambda n: n.p_2),
    ("generated", "e_3", "choice-left-out", lambda n: n.Wxe @ n.p_2),
    ("generated", "e_2", "wrong-token", lambda n: n.Wxe[:, [0]]),
]


@pytest.mark.parametrize(("network", "name", "kind", "by_hand"), CASES, ids=[f"{c[2]}-{c[0]}-{c[1]}" for c in CASES])
def test_a_mistake_leads_to_these_numbers(network, name, kind, by_hand):
    trace = TRACES[network]
    found = [m.value({}) for m in mistakes_of(trace[name], trace) if kind in (m.kind, *m.also)]
    numbers = by_hand(Numbers(trace))
    assert numbers.shape == trace[name].shape
    assert sum(np.allclose(value, numbers, rtol=1e-12, atol=1e-12, equal_nan=True) for value in found) == 1


def test_the_page_on_marking_and_the_table_above_list_every_kind():
    page = (Path(__file__).parents[2] / "docs" / "marking.md").read_text(encoding="utf-8")
    section = page.partition("## The kinds of mistakes")[2].partition("\n## ")[0]
    kinds = [
        k
        for line in section.splitlines()
        if line.startswith("| `")
        for k in re.findall(r"`(.+?)`", line[: line.index("|", 1)])
    ]
    assert len(kinds) == len(set(kinds))
    found = {kind for trace in TRACES.values() for _, m in all_mistakes(trace) for kind in (m.kind, *m.also)}
    assert found == {kind for _, _, kind, _ in CASES} == in_words().keys() - COPYING
    assert set(kinds) == in_words().keys()


@given(problem=problems())
@settings(max_examples=8)
def test_a_mistake_leads_to_other_numbers_than_the_right_ones(problem):
    for q, mistake in all_mistakes(update(backward(problem), clip_norm=0.5)):
        off = np.abs(mistake.value({}) - q.value)
        assert not np.nanmax(off) <= 1e-12, mistake


@each_trace
def test_mistakes_lead_to_different_numbers(trace):
    for q in trace.values():
        found = [np.nan_to_num(m.value({}), nan=-1e9) for m in mistakes_of(q, trace)]
        for i, value in enumerate(found):
            assert not any(np.abs(other - value).max() <= 1e-13 for other in found[:i])


@each_trace
def test_so_many_mistakes_are_tried_and_no_more(trace):
    counts = [len(mistakes_of(q, trace)) for q in trace.values() if q.rule is not None]
    assert max(counts) <= 140
    assert sum(counts) <= 50 * len(counts)


def test_in_a_long_text_no_more_mistakes_are_tried():
    trace = drawn("banana" * 5)
    assert max(len(mistakes_of(q, trace)) for q in trace.values() if q.rule is not None) <= 120


def test_exp_of_scores_with_a_common_factor_is_no_mistake():
    trace = TRACES["tanh"]
    right = trace["exp_2"].value
    for mistake in mistakes_of(trace["exp_2"], trace):
        assert np.nanmax(mistake.value({}) / right) > (1 + 1e-9) * np.nanmin(mistake.value({}) / right), mistake


def test_what_lies_in_a_place_that_cannot_be_told_is_no_number():
    (low, high) = (
        m.value({}) for m in mistakes_of(TRACES["hello"]["wx_2"], TRACES["hello"]) if m.says.endswith(("low", "high"))
    )
    assert np.isnan(low).ravel().tolist() == [True, False, False]
    assert np.isnan(high).ravel().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("name", "row", "number", "kind", "says"),
    [
        ("h_2", 2, 0.951149, "wrong-table", "wh₂ was written instead of h₂"),
        ("a_2", 3, 1.043389, "wrong-row", "row 2 of wh₂ was used instead of another row"),
        ("y_1", 1, 0, "wrong-step", "h₀ was used instead of h₁"),
        ("a_3", 1, 1.709074, "wrong-step", "a₂ was written instead of a₃"),
    ],
)
def test_a_number_that_somebody_wrote_is_explained(name, row, number, kind, says):
    trace = TRACES["hello"]
    found = [m for m in mistakes_of(trace[name], trace) if abs(m.value({})[row - 1, 0] - number) < 6e-7]
    assert (kind, says) in [(m.kind, m.says) for m in found]


def kinds(trace: Trace, name: str) -> set[str]:
    return {m.kind for m in mistakes_of(trace[name], trace)}


def test_what_cannot_be_seen_is_no_mistake():
    seen = TRACES["tanh"]
    problem = seen.problem
    blank = problem.replace(
        weights={**problem.weights, "bh": np.zeros((3, 1)), "by": np.zeros((3, 1))}, h_0=np.ones((3, 1))
    )
    hidden = backward(blank)
    assert {"bias-left-out", "bias-twice"} <= kinds(seen, "wh_2") - kinds(hidden, "wh_2")
    assert {"bias-left-out", "bias-twice", "wrong-bias"} <= kinds(seen, "y_2") - kinds(hidden, "y_2")
    assert [m.says for m in mistakes_of(hidden["wh_1"], hidden) if m.kind == "initial-state"] == ["h₀ taken as 0"]
    assert {"no-flow-back"} == kinds(seen, "dh_4") - kinds(seen, "dh_5") - {
        "sign-reversed"
    }  # nothing flows back to the last step


def test_what_is_given_has_no_mistakes():
    assert all(not mistakes_of(q, TRACES["tanh"]) for q in TRACES["tanh"].values() if q.stage == "given")


def test_a_mistake_is_worked_from_a_persons_own_numbers():
    trace = TRACES["tanh"]
    own = {"h_1": np.array([[0.1], [0.2], [0.3]]), "p_2": np.array([[0.5], [0.3], [0.2]])}
    (left_out,) = (m for m in mistakes_of(trace["wh_2"], trace) if m.kind == "bias-left-out")
    np.testing.assert_allclose(left_out.value(own), trace["Whh"].value @ own["h_1"], rtol=1e-12)
    taken = [float(m.value(own)[0, 0]) for m in mistakes_of(trace["loss_2"], trace) if m.kind == "wrong-target"]
    others = [-math.log(p) for p in (0.5, 0.3)]
    assert taken == pytest.approx([*others, sum(others)])  # each other letter, and all but the one wanted


def test_a_mistake_says_in_plain_words_what_was_done():
    said = {m.says for _, m in all_mistakes(TRACES["tanh"])} | {m.says for _, m in all_mistakes(TRACES["mean"])}
    assert said >= {
        "bh left out",
        "bh added twice",
        "tanh not applied",
        "Whh not transposed",
        "h₂ was used instead of h₁",
        "bh was used instead of by",
        "h₀ taken as 0",
        "η left out",
        "(1 − h₂²) left out",
        "the gradient from step 3 was left out",
        "b was used as the target letter",
        "∂E/∂Whh|₂ left out of the sum over the steps",
        "the sum instead of the mean: not divided by 5",
    }


# ── the arithmetic ────────────────────────────────────────────────────────────────────────────────────────────────────

FUNCTIONS = {
    "max": max, "min": min, "float": float, "exp": math.exp, "tanh": math.tanh, "σ": lambda x: 1 / (1 + math.exp(-x)),
    "tan": math.tan, "sinh": math.sinh, "sqrt": math.sqrt, "ln": math.log, "log10": math.log10, "log2": math.log2,
}  # fmt: skip


def worked(text: str) -> float:
    """What arithmetic on paper comes to, as Python reads it."""
    signs = {
        " = ": " == ",
        "−": "-",
        "·": "*",
        "²": "**2",
        "[": "float(",
        "]": ")",
        "^": "**",
        "°": "*(3.141592653589793/180)",
    }
    text = re.sub(r"√(\(?[\d.]+\)?)", r"sqrt(\1)", re.sub(r"\|([^|]+)\|", r"max(\1, -(\1))", text))
    for sign, code in signs.items():
        text = text.replace(sign, code)
    return float(eval(text, {"__builtins__": {}}, FUNCTIONS))


@pytest.mark.parametrize("own", [False, True], ids=["true numbers", "own numbers"])
@each_trace
def test_the_arithmetic_comes_to_the_number(trace, own):
    values = {q.name: np.round(q.value, 2) for q in trace.values() if q.rule is not None} if own else {}
    cases = {(q.place, mistake.kind, mistake.says): (q, mistake) for q, mistake in all_mistakes(trace)}
    for q, mistake in cases.values():
        every = max(1, q.value.size // (1 if own else 2))
        for (row, column), value in [*np.ndenumerate(mistake.value(values))][::every]:
            if not np.isfinite(value):
                continue  # 1 / 0, or the logarithm of 0, from a number rounded to two decimals
            arithmetic, _, result = mistake.arithmetic(row, column, values, 15).rpartition(" = ")
            assert float(result) == pytest.approx(value, rel=1e-11, abs=1e-15)
            if arithmetic and "…" not in arithmetic:
                assert worked(arithmetic) == pytest.approx(value, rel=1e-9, abs=1e-12), (q.name, mistake, arithmetic)


@pytest.mark.parametrize(
    ("name", "kind", "arithmetic"),
    [
        ("wh_2", "bias-left-out", "0.427043 · 0.6932 = 0.2960"),
        ("h_2", "activation-left-out", "1.7091"),
        ("da_2", "one-plus-square", "(1 + 0.9365²) · (-0.1188) = -0.2230"),
        ("exp_2", "power-of-ten", "10^1.9061 = 80.5517"),
        ("loss_2", "log-base-10", "−(0·log10(0.4197) + 0·log10(0.1947) + 1·log10(0.1624) + 0·log10(0.2231)) = 0.7893"),
        ("Whh_new", "plus-for-minus", "0.427043 + 0.1 · 0.2357 = 0.4506"),
        ("grad_norm", "root-left-out", "0.0687² + (-0.0146)² + (-0.0895)² + … + (-0.1968)² = 11.8317"),
    ],
)
def test_the_arithmetic_is_written_as_on_paper(name, kind, arithmetic):
    trace = update(backward(Problem.template("hello")))
    written = [m.arithmetic(0, 0, {}, 4) for m in mistakes_of(trace[name], trace) if m.kind == kind]
    assert arithmetic in written


def test_the_arithmetic_shows_a_persons_own_numbers():
    trace = update(backward(Problem.template("hello")))
    (mistake,) = (m for m in mistakes_of(trace["wh_2"], trace) if m.kind == "bias-left-out")
    assert mistake.arithmetic(0, 0, {"h_1": np.array([[0.5], [0.5], [0.5]])}, 3) == "0.427043 · 0.500 = 0.214"


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_mistakes_are_told_of_whatever_a_worksheet_asks_for_alone(cell):
    """A worksheet holds what leads to what it asks for, and nothing else."""
    trace = update(backward(Problem.draw("aba", cell_kind=cell, hidden=2, seed=1)), clip=0.01)
    last = {q.place: q for q in trace.values()}  # the last step of each, which comes from most others
    for q in list(last.values())[:: 1 if cell == "rnn" else 2]:
        if q.rule is not None:
            part = blanks_of(trace, [q.name])
            for name in part.names:
                mistakes_of(part.trace[name], part.trace)
                systematic_mistakes(part.trace[name], part.trace, part.names)
