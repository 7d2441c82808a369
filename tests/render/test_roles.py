"""One colour for what is read, for memory, for each gate, biases, the output, the loss and gradients, everywhere."""

import pytest

from rnncalc import Problem
from rnncalc.network.cells import CELLS, cell
from rnncalc.network.update_step import whole_trace
from rnncalc.render.roles import BIAS, COLOURS, GATES, HIDDEN, MEMORY, OUTPUT, READ, tint

LSTM = whole_trace(Problem.template("lstm"))


@pytest.mark.parametrize(
    ("colour", "names"),
    [
        (READ, ["x_1", "x_4", "Wxi", "Wxo"]),
        (MEMORY, ["h_1", "c_3", "h_0", "Whi", "Who"]),
        (BIAS, ["bi", "bo"]),
        (OUTPUT, ["y_2", "exp_2", "p_2", "Why"]),
        (GATES[0], ["ai_1", "i_1"]),
        (GATES[1], ["af_2", "f_2"]),
        (GATES[2], ["ag_3", "g_3"]),
        (GATES[3], ["ao_4", "o_4"]),
        ("loss", ["loss_1", "loss"]),
        ("gradient", ["dh_1", "dWxi", "dWxi_2", "dai_1"]),
        ("new", ["Wxi_new", "by_new"]),
        ("hidden", ["tc_1"]),
        ("given", ["eta"]),
    ],
)
def test_what_belongs_together_has_one_colour(colour, names):
    assert {tint(LSTM[name]) for name in names if name in LSTM} == {colour}


@pytest.mark.parametrize("kind", CELLS)
def test_each_gate_of_a_cell_has_a_colour_of_its_own(kind):
    trace = whole_trace(Problem.draw("abc", cell=kind, hidden=2))
    gates = list(dict.fromkeys(family.gate for family in cell(kind).families if family.gate))
    tints = [tint(trace[f"{gate}_1"]) for gate in gates]
    assert len(set(tints)) == len(gates)
    assert [tint(trace[f"a{gate}_1"]) for gate in gates] == tints


def test_every_colour_is_known_on_terminals_and_on_paper():
    for name in ("hello", "lstm", "gru", "sentiment"):
        tints = {tint(q) for q in whole_trace(Problem.template(name)).values()}
        assert tints <= COLOURS.keys()


def test_two_colours_are_never_the_same():
    tints = (READ, MEMORY, *GATES, BIAS, HIDDEN, OUTPUT, "loss", "gradient", "new")
    for look in ("terminal", "shade"):
        assert len({getattr(COLOURS[tint], look) for tint in tints}) == len(tints)
    assert len({COLOURS[tint].shade.fill for tint in tints}) == len(tints)
