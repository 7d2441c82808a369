"""Names of quantities and elements: unique, no cell's address, read from what people type, shown as symbols."""

import re

import pytest
from drawn import given_numbers
from hypothesis import given

from rnncalc import Problem, backward, forward, update
from rnncalc.network.names import element_name, subscript
from rnncalc.network.typed_names import parse


def column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def looks_like_a_cell(name: str) -> bool:
    """Whether a spreadsheet reads a name as an address: A1 up to column XFD, or R and C with numbers."""
    address = re.fullmatch(r"([A-Za-z]{1,3})[0-9]+", name)
    if address and column_number(address[1]) <= column_number("XFD"):
        return True
    return re.fullmatch(r"(?i)(r[0-9]*)?(c[0-9]*)?", name) is not None


@pytest.mark.parametrize("name", ["h1", "Wxh2", "WXH1", "BH1", "a1", "XFD9", "R", "c", "r1", "R1C1"])
def test_what_a_spreadsheet_reads_as_an_address(name):
    assert looks_like_a_cell(name)


@pytest.mark.parametrize("name", ["h_1", "XFE1", "Wxh", "loss", "loss1", "exp_2"])
def test_what_a_spreadsheet_takes_as_a_name(name):
    assert not looks_like_a_cell(name)


@given(given_numbers())
def test_the_names_of_a_trace_are_fit_for_a_workbook(numbers):
    names = list(forward(numbers.problem()))
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name)
        assert not looks_like_a_cell(name)


@pytest.mark.parametrize(
    "options",
    [{}, {"cell_kind": "lstm"}, *({"cell_kind": "gru", "reset_after": one} for one in (True, False))],
    ids=str,
)
@pytest.mark.parametrize("clipping", [{"clip": 0.1}, {"clip_norm": 0.1}], ids=str)
def test_the_names_of_every_cell_are_fit_for_a_workbook_to_the_update(options, clipping):
    trace = update(backward(Problem.draw("abca", output_bias=True, **options)), **clipping)
    names = list(trace)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name)
        assert not looks_like_a_cell(name)
    assert len({q.symbol for q in trace.values()}) == len(names)
    assert len({q.latex for q in trace.values()}) == len(names)


@pytest.mark.parametrize(
    ("name", "shown", "latex"),
    [
        ("h_2", "h₂", "h_{2}"),
        ("h_0", "h₀", "h_{0}"),
        ("h_L2_3", "h⁽²⁾₃", "{h_{3}^{(2)}}"),
        ("dh_next_L2_3", "∂E/∂h⁽²⁾₃|next", r"\frac{\partial E}{\partial {h_{3}^{(2)}}}\Big|_{\mathrm{next}}"),
        ("ai_L2_3", "ai⁽²⁾₃", "{{a^{i}}_{3}^{(2)}}"),
        ("Wxh_L2_new", "Wxh⁽²⁾ new", r"{W_{xh}^{(2) \mathrm{new}}}"),
        ("dWv_D1_4", "∂E/∂Wv⁽¹⁾|₄", r"\frac{\partial E}{\partial {W_{v}^{(1)}}}\Big|_{\mathrm{4}}"),
        ("x_10", "x₁₀", "x_{10}"),
        ("Wxh", "Wxh", "W_{xh}"),
        ("by", "by", "b_{y}"),
        ("y_3", "y₃", "y_{3}"),
        ("loss", "E", "E"),
        ("loss_2", "E₂", "E_{2}"),
        ("target_1", "target₁", r"\mathrm{target}_{1}"),
        ("exp_1", "exp₁", r"\mathrm{exp}_{1}"),
        ("tc_2", "tc₂", r"\mathit{tc}_{2}"),
        ("rh_L2_1", "rh⁽²⁾₁", r"{\mathit{rh}_{1}^{(2)}}"),
        ("dhn_3", "∂E/∂hn₃", r"\frac{\partial E}{\partial \mathit{hn}_{3}}"),
        ("dh_2", "∂E/∂h₂", r"\frac{\partial E}{\partial h_{2}}"),
        ("dWxh", "∂E/∂Wxh", r"\frac{\partial E}{\partial W_{xh}}"),
    ],
)
def test_the_symbol_that_a_page_shows(name, shown, latex):
    assert parse(name).symbol == shown
    assert parse(name).latex == latex


@given(given_numbers())
def test_no_two_quantities_share_a_symbol(numbers):
    trace = forward(numbers.problem())
    assert len({q.symbol for q in trace.values()}) == len(trace)
    assert len({q.latex for q in trace.values()}) == len(trace)


def test_subscripts():
    assert subscript(1234567890) == "₁₂₃₄₅₆₇₈₉₀"


@pytest.mark.parametrize(("shape", "shown"), [((1, 1), "q"), ((3, 1), "q[2]"), ((3, 4), "q[2,1]"), ((1, 4), "q[2,1]")])
def test_an_element_is_written_with_as_many_indices_as_it_needs(shape, shown):
    assert element_name("q", 2, 1, shape) == shown


def test_parameters_are_weights_and_biases():
    families = ("Wxh", "Whh", "bh", "Why", "by", "h", "b", "y", "wx", "loss")
    assert [name for name in families if parse(name).family.is_weight] == ["Wxh", "Whh", "bh", "Why", "by"]
