"""Elements as people type them: by name, by symbol as any page writes it, by number, and by letter."""

from __future__ import annotations

from contextlib import suppress

import pytest
from drawn import given_numbers
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem
from rnncalc.errors import SelectionError
from rnncalc.network.pictures import letter_picture
from rnncalc.network.typed_elements import typed_elements
from rnncalc.network.typed_names import looks_like_element
from rnncalc.network.update_step import whole_trace
from rnncalc.render.layout import to_ascii

PROBLEMS = {
    "hello": Problem.template("hello"),
    "lstm": Problem.draw("abca", hidden=2, cell_kind="lstm", output_bias=True),
    "gru": Problem.draw("abca", hidden=2, cell_kind="gru", reset_after=True, output_bias=True),
    "two layers and a head": Problem.draw("abca", hidden=2, layers=2, head=(3, 2), embedding=2),
    "three gated layers": Problem.draw("aba", hidden=2, layers=3, cell_kind="gru"),
    "numbers": Problem.draw(inputs=[[0.1], [0.3]], hidden=2, classes=("low", "high"), targets=["low", "high"]),
    "digits": Problem.draw("2112", hidden=2),
    "odd letters": Problem.draw(",] [", vocabulary=",] [=:\"'\n-a", hidden=2),
}
TRACES = {name: whole_trace(problem, clip_norm=0.1) for name, problem in PROBLEMS.items()}


@pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)
def test_every_name_and_every_symbol_that_a_page_writes_is_read_as_its_quantity(trace):
    for q in trace.values():
        for typed in (q.name, q.symbol, to_ascii(q.symbol), f" {q.symbol} "):
            assert looks_like_element(typed), typed
            assert typed_elements(trace, typed).quantity is q
            assert trace.select([typed.strip()]) == [q]
        rows, columns = q.shape
        assert typed_elements(trace, q.symbol).places == [(i, j) for i in range(rows) for j in range(columns)]


@pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)
def test_every_element_is_read_by_its_numbers_behind_name_and_symbol(trace):
    for q in trace.values():
        for i in {0, q.shape[0] - 1}:
            for j in {0, q.shape[1] - 1}:
                index = f"{i + 1},{j + 1}" if q.shape[1] > 1 else f"{i + 1}"
                for typed in (f"{q.name}[{index}]", f"{q.symbol}:{index}", f"{q.symbol}[ {index} ]"):
                    assert typed_elements(trace, typed) == (q, [(i, j)])


@pytest.mark.parametrize("name", ["hello", "odd letters", "two layers and a head", "three gated layers"])
def test_every_letter_is_an_index_where_rows_or_columns_are_letters(name):
    trace = TRACES[name]
    for t, (i, letter) in ((t, each) for t in (1, 2) for each in enumerate(trace.problem.vocabulary)):
        for typed in {letter, letter_picture(letter), f"'{letter}'"}:
            assert typed_elements(trace, f"p_{t}[{typed}]") == (trace[f"p_{t}"], [(i, 0)])
            assert typed_elements(trace, f"∂E/∂y_{t}[{typed}]") == (trace[f"dy_{t}"], [(i, 0)])
    if "Wxe" not in trace:
        for i, letter in enumerate(trace.problem.vocabulary):
            weights = "Wxh" if "Wxh" in trace else "Wxz"
            assert typed_elements(trace, f"{weights}[2,{letter}]") == (trace[weights], [(1, i)])


def test_a_class_is_an_index_too():
    trace = TRACES["numbers"]
    assert typed_elements(trace, "p_2[high]") == (trace["p_2"], [(1, 0)])


def test_of_letters_that_are_digits_the_number_counts_and_quotes_make_the_letter():
    trace = TRACES["digits"]
    assert trace.problem.vocabulary == ("2", "1")
    assert typed_elements(trace, "p_1[1]").places == [(0, 0)]
    assert typed_elements(trace, "p_1['1']").places == [(1, 0)]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("h_2[9]", "h_2 is 3×1 and has no element 9; rows count from 1 to 3."),
        ("h₂[e]", "h_2 is 3×1 and has no element e; rows count from 1 to 3."),
        ("p_2[x]", "p_2 is 4×1 and has no element x; rows count from 1 to 4, a letter is one of h, e, l, o."),
        ("p_2[0]", "p_2 is 4×1 and has no element 0; rows count from 1 to 4, a letter is one of h, e, l, o."),
        ("Wxh[2]", "Wxh is 3×4. Give row and column, such as Wxh[1,2]."),
        (
            "Why[e,9]",
            "Why is 4×3 and has no element e,9; rows count from 1 to 4, columns to 3, a letter is one of h, e, l, o.",
        ),
        ("h₉", "There is no h_9: h runs from h_0 to h_4."),
        ("E₉", "There is no loss_9: loss runs from loss_1 to loss_4."),
        ("∂E/∂h_9", "There is no dh_9: dh runs from dh_0 to dh_4."),
        ("h2", "There is no quantity named 'h2' (did you mean 'h_2'?)."),
        ("h_2[]", "'h_2[]' is not a quantity or element. Use a name such as h_2, h_2[1], h_2:1 or Wxh:3,2."),
    ],
)
def test_what_there_is_not_is_said_with_what_there_is(typed, message):
    with pytest.raises(SelectionError) as refused:
        typed_elements(TRACES["hello"], typed)
    assert str(refused.value) == message


@given(st.text(max_size=12))
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(typed):
    trace = TRACES["hello"]
    with suppress(SelectionError):
        q, places = typed_elements(trace, typed)
        assert q.name in trace
        assert {(i, j) for i, j in places} <= {(i, j) for i in range(q.shape[0]) for j in range(q.shape[1])}


@given(given_numbers(), st.data())
def test_names_of_drawn_networks_are_read_back(numbers, data):
    trace = whole_trace(numbers.problem())
    q = trace[data.draw(st.sampled_from(list(trace)))]
    assert typed_elements(trace, q.symbol).quantity is q
