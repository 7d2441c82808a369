"""An explanation's length: the plainest is the shortest, and what stays unexplained is dear."""

from typing import Any

import numpy as np
import on_paper
import pytest

from rnncalc import Problem
from rnncalc.marking.answers import read_answer
from rnncalc.marking.carried import OwnNumbers
from rnncalc.marking.diagnosis import intervals
from rnncalc.marking.explanations import Explanation, Explanations
from rnncalc.marking.fitting import Fitting
from rnncalc.network.update_step import whole_trace

HELLO = Problem.template("hello")
TRACE = whole_trace(HELLO)
N = on_paper.work(HELLO)
WHH = float(on_paper.given(HELLO)["Whh"][0, 0])


def explanations(name: str, values: Any, decimals: int = 4, **typed: str) -> Explanations:
    """Those of a table of hello with these numbers; ``r2="0.5"`` is what stands in row 2 instead."""
    cells = {p: read_answer(f"{v:.{decimals}f}") for p, v in np.ndenumerate(np.asarray(values, dtype=float))}
    cells |= {(int(row[1:]) - 1, 0): read_answer(text) for row, text in typed.items()}
    off = {p: abs((a.number or 0.0) - TRACE[name].value[p]) > 1.1 * a.half_unit for p, a in cells.items()}
    wrong = {p: a for p, a in cells.items() if off[p]}
    own = OwnNumbers(TRACE, {name: cells}, {})
    others = {p: a for p, a in cells.items() if not off[p]}
    return Explanations(Fitting(TRACE[name], own, wrong, others), intervals(TRACE[name], own, decimals))


def kind(found: Explanation) -> str:
    return "right working" if found.fit is None else found.fit.kind


def test_a_mistake_in_the_whole_table_is_shorter_than_a_slip_of_copying_in_each_number():
    found = explanations("dy_2", -N["dy_2"]).all()
    assert kind(found[0]) == "sign-reversed"
    right = next(e for e in found if e.fit is None)
    assert right.explained == found[0].explained
    assert found[0].bits < right.bits


def test_a_mistake_with_a_slip_of_copying_is_longer_than_the_mistake_and_shorter_than_two_unknown_numbers():
    without_bias = WHH * N["h_1"]
    alone = explanations("wh_2", without_bias).all()[0]
    text = f"{without_bias[1, 0]:.4f}"
    swapped = text[:3] + text[4] + text[3] + text[5:]
    both = explanations("wh_2", without_bias, r2=swapped)
    first = both.all()[0]
    assert kind(alone) == kind(first) == "bias-left-out"
    assert {s.kind for s in first.slips[1, 0]} == {"digits-swapped"}
    assert alone.bits < first.bits < both.untold
    assert first.leads_to[1, 0].low <= without_bias[1, 0] <= first.leads_to[1, 0].high


@pytest.mark.parametrize("decimals", [2, 3, 4, 5])
def test_each_further_digit_that_comes_out_is_evidence(decimals):
    def evidence(digits: int) -> float:
        found = explanations("h_2", N["a_2"], digits)
        best = next(e for e in found.all() if kind(e) == "activation-left-out")
        return found.evidence(best)

    more = evidence(decimals + 1) - evidence(decimals)
    assert more == pytest.approx(3 * np.log2(10), abs=1.0)  # three numbers, a digit each


def test_the_same_number_again_tells_nothing_more():
    once, thrice = (explanations("h_2", np.full((3, 1), 0.1234)[:rows]) for rows in (1, 3))
    unknown = (thrice.untold - once.untold) / 2
    assert thrice.untold == pytest.approx(once.untold + 2 * unknown)
    assert unknown < 5


def test_numbers_that_were_drawn_are_explained_by_nothing():
    draw = np.random.default_rng(5)
    for name in ("h_2", "a_3", "dh_2", "wh_2"):
        found = explanations(name, draw.uniform(-1.5, 1.5, N[name].shape), 6)
        assert all(found.evidence(e) < 0 for e in found.all())
