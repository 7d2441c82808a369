"""What a training begins from: the optimizer and the rate that it has unless others are typed."""

import numpy as np
import pytest

from rnncalc import Problem
from rnncalc.problems.choice import Choice
from rnncalc.text.start import start, usual_optimizer
from rnncalc.text.text import WORD

LONG = "the cat sat on the mat. " * 20


@pytest.mark.parametrize(
    ("cell", "hidden", "eta"),
    [("rnn", 100, 0.003), ("rnn", 32, 0.0053), ("lstm", 100, 0.005), ("gru", 400, 0.0025)],
)
def test_a_long_text_is_learnt_by_adam_at_a_rate_for_its_cell_and_size(cell, hidden, eta):
    begun = start(Choice(text=LONG, cell=cell, hidden=hidden))
    assert usual_optimizer(begun.problem, begun.tokens) == ("adam", eta)
    assert usual_optimizer(begun.problem, begun.tokens, "rmsprop") == ("rmsprop", eta)


def test_a_word_is_learnt_by_adagrad_with_the_rate_of_its_problem():
    problem = Problem.template("hello")
    assert usual_optimizer(problem, np.arange(5)) == ("adagrad", 0.1)
    assert usual_optimizer(problem, np.zeros(WORD)) == ("adagrad", 0.1)
    assert usual_optimizer(problem, np.zeros(WORD + 1))[0] == "adam"


def test_what_is_typed_is_taken():
    problem = Problem.template("hello")
    assert usual_optimizer(problem, np.zeros(500), "sgd") == ("sgd", 0.1)
    assert usual_optimizer(problem, np.zeros(500), "sgd", 0.5) == ("sgd", 0.5)
    assert usual_optimizer(problem, np.zeros(500), None, 0.5) == ("adam", 0.5)
