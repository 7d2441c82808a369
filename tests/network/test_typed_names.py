"""Names as people type them and as files keep them: read back as what they are, told from a text."""

import pytest
from drawn import given_numbers
from hypothesis import given

from rnncalc import Problem, forward
from rnncalc.network.typed_names import Typed, looks_like_element, parse, parse_element, split
from rnncalc.network.update_step import whole_trace


@given(given_numbers())
def test_every_name_is_read_back_as_the_element_it_is(numbers):
    for name in forward(numbers.problem()):
        assert parse_element(name) == Typed(name, "")
        assert looks_like_element(name)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"cell_kind": "lstm"},
        *({"cell_kind": "gru", "reset_after": one} for one in (True, False)),
        {"layers": 2, "cell_kind": ("lstm", "gru"), "embedding": 2, "head": [3]},
    ],
    ids=str,
)
@pytest.mark.parametrize("clipping", [{"clip": 0.1}, {"clip_norm": 0.1}], ids=str)
def test_a_name_is_read_back_as_the_parts_that_it_was_built_from(options, clipping):
    for q in whole_trace(Problem.draw("abca", output_bias=True, **options), **clipping).values():
        parts = parse(q.name)
        assert parts.text == q.name
        assert parts[1:] == q.parts[1:]
        assert (parts.family.name, parts.symbol, parts.latex) == (q.family.name, q.symbol, q.latex)
        assert parse_element(q.name) == Typed(q.name, "")
        assert looks_like_element(q.name)


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
