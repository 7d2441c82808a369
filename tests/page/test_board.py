"""The picture's plan: every number has a cell of its own, and what stands below the weights covers nothing."""

from collections import Counter

import pytest
from engines.cases import CASES

from rnncalc import Problem
from rnncalc.network.update_step import whole_trace
from rnncalc.page.board import board_data

NAMES = ["hello", "lstm, relu, truncate", "two layers of lstm, states random", "gru on lstm on rnn, a head, mean",
         "words, embedding, classes at the last step", "generated letters, backward", "gru, reset after, 9 units",
         "numbers read, squared error", "30 steps", "600 classes", "no output", "markup"]  # fmt: skip


def occupied(trace, plan):
    """How often each cell is taken, by a number or by words."""
    cells = Counter()
    for name, row, column, _ in plan["tables"]:
        rows, columns = trace[name].shape
        cells.update((row + i, column + j) for i in range(rows) for j in range(columns))
    return cells


@pytest.mark.parametrize("name", NAMES)
def test_no_two_numbers_stand_in_one_place(name):
    trace = CASES[name].trace()
    assert max(occupied(trace, board_data(trace)).values()) == 1


@pytest.mark.parametrize("name", NAMES)
def test_labels_and_captions_stand_beside_numbers_and_not_on_them(name):
    trace = CASES[name].trace()
    plan = board_data(trace)
    cells = occupied(trace, plan)
    words = [
        (row, column + i) for row, column, span, kind, _ in plan["words"] if kind != "equation" for i in range(span)
    ]
    assert not set(words) & set(cells)


def test_the_gradients_of_the_weights_stand_below_them_once_there_are_any():
    trace = whole_trace(Problem.template("hello"))
    plan = board_data(trace)
    columns = {name: column for name, _, column, _ in plan["tables"]}
    assert {name: columns[f"d{name}"] for name in ("Wxh", "Whh", "bh", "Why")} == {
        name: columns[name] for name in ("Wxh", "Whh", "bh", "Why")
    }
    assert all(row <= plan["rows"] for _, row, _, _ in plan["tables"])


def test_a_table_stands_in_the_step_that_it_belongs_to():
    trace = whole_trace(Problem.template("hello"))
    steps = {(name, step) for name, _, _, step in board_data(trace)["tables"]}
    assert {("h_2", 2), ("h_2", 3), ("p_4", 4), ("Why", 0), ("h_0", 1)} <= steps
