"""Names of quantities and elements: unique, no cell's address, read from what people type, shown as symbols."""

import re

import pytest
from drawn import given_numbers
from hypothesis import given

from rnncalc import Problem, backward, forward, update
from rnncalc.network.names import (
    Typed,
    element_name,
    is_parameter,
    latex_symbol,
    looks_like_element,
    parse_element,
    split,
    subscript,
    symbol,
)


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


@given(given_numbers())
def test_every_name_is_read_back_as_the_element_it_is(numbers):
    for name in forward(numbers.problem()):
        assert parse_element(name) == Typed(name, "")
        assert looks_like_element(name)


@pytest.mark.parametrize(
    "options",
    [{}, {"cell_kind": "lstm"}, *({"cell_kind": "gru", "reset_after": one} for one in (True, False))],
    ids=str,
)
@pytest.mark.parametrize("clipping", [{"clip": 0.1}, {"clip_norm": 0.1}], ids=str)
def test_the_names_of_every_cell_are_fit_for_a_workbook_to_the_update(options, clipping):
    names = list(update(backward(Problem.draw("abca", output_bias=True, **options)), **clipping))
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name)
        assert not looks_like_a_cell(name)
        assert parse_element(name) == Typed(name, "")
        assert looks_like_element(name)
    assert len({symbol(name) for name in names}) == len(names)
    assert len({latex_symbol(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("typed", "element"),
    [
        ("h_2", Typed("h_2", "")),
        ("h_2[1]", Typed("h_2", "1")),
        ("h_2:1", Typed("h_2", "1")),
        ("Wxh[3,2]", Typed("Wxh", "3,2")),
        ("Wxh:3,2", Typed("Wxh", "3,2")),
        ("Wxh[ 3 , 2 ]", Typed("Wxh", " 3 , 2 ")),
        ("h₂[1]", Typed("h₂", "1")),
        ("∂E/∂h⁽²⁾₃|out:1", Typed("∂E/∂h⁽²⁾₃|out", "1")),
        ("p_2[e]", Typed("p_2", "e")),
        ("p_2[]]", Typed("p_2", "]")),
        ("Wxh new", Typed("Wxh new", "")),
        (" loss ", Typed("loss", "")),
        ("dh_out_12:10", Typed("dh_out_12", "10")),
        ("h_2[0]", Typed("h_2", "0")),
    ],
)
def test_an_element_as_people_type_it(typed, element):
    assert parse_element(typed) == element


@pytest.mark.parametrize(
    "typed",
    ["", "h_2[", "h_2[]", "h_2[1", "h_2:", "2h", "h 2", "h₂ 3", "∂E", "∂E/∂", "|", "h_2]", "[1]"],
)
def test_what_is_no_element(typed):
    assert parse_element(typed) is None
    assert not looks_like_element(typed)


@pytest.mark.parametrize("typed", ["h_2", "h_2[1]", "h_2:1", "Wxh", "loss", "loss_3", "dWxh", "dh_next_2:1", "p_2",
                                   "h₂", "E", "E_1", "E₁[1]", "∂E/∂Whh", "dE/dWhh", "∂E/∂h⁽²⁾₃|out", "η", "‖∂E‖",
                                   "p_2[e]",
                                   "tc_2", "rh_2[1]", "hn_1:1", "dtc_2", "tc_L2_1", "drh_1", "dhn_3"])  # fmt: skip
def test_what_ends_the_text_on_a_command_line(typed):
    assert looks_like_element(typed)


@pytest.mark.parametrize(
    "typed", ["hello", "banana", "Hello World", "h2", "dad", "b", "Ed", "E2", "dE", "a new day", "news"]
)
def test_what_is_a_text_on_a_command_line(typed):
    assert not looks_like_element(typed)


@pytest.mark.parametrize(
    ("name", "family", "step", "layer"),
    [
        ("h_2", "h", 2, ""),
        ("h_0", "h", 0, ""),
        ("dh_out_12", "dh_out", 12, ""),
        ("Wxh", "Wxh", None, ""),
        ("a_b", "a_b", None, ""),
        ("h_L2_3", "h", 3, "L2"),
        ("dh_out_L2_3", "dh_out", 3, "L2"),
        ("dWxh_L2", "dWxh", None, "L2"),
        ("Wxh_L2_new", "Wxh_new", None, "L2"),
        ("dWv_D1_4", "dWv", 4, "D1"),
        ("h_0_L", "h_0_L", None, ""),
    ],
)
def test_a_name_is_a_family_a_step_and_a_layer(name, family, step, layer):
    assert split(name) == (family, step, layer)


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
    assert symbol(name) == shown
    assert latex_symbol(name) == latex


@given(given_numbers())
def test_no_two_quantities_share_a_symbol(numbers):
    names = list(forward(numbers.problem()))
    assert len({symbol(name) for name in names}) == len(names)
    assert len({latex_symbol(name) for name in names}) == len(names)


def test_subscripts():
    assert subscript(1234567890) == "₁₂₃₄₅₆₇₈₉₀"


@pytest.mark.parametrize(("shape", "shown"), [((1, 1), "q"), ((3, 1), "q[2]"), ((3, 4), "q[2,1]"), ((1, 4), "q[2,1]")])
def test_an_element_is_written_with_as_many_indices_as_it_needs(shape, shown):
    assert element_name("q", 2, 1, shape) == shown


def test_parameters_are_weights_and_biases():
    assert [name for name in ("Wxh", "Whh", "bh", "Why", "by", "h", "b", "y", "wx", "loss") if is_parameter(name)] == [
        "Wxh", "Whh", "bh", "Why", "by",
    ]  # fmt: skip
