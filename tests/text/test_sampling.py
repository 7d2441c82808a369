"""Sampled text: what is drawn follows the network's own probabilities."""

from collections import Counter

import numpy as np
import pytest

from rnncalc import Problem, forward
from rnncalc.errors import ProblemError
from rnncalc.text import Trainer, encode, sample


@pytest.fixture(scope="module")
def hello() -> Problem:
    """A network that knows hello."""
    problem = Problem.draw("hello", hidden=8, seed=1)
    trainer = Trainer(problem, encode("hello", problem.vocabulary), optimizer="adam", eta=0.05)
    for _ in range(400):
        trainer.step()
    return trainer.trained()


def test_a_network_that_learnt_hello_says_it(hello):
    assert sample(hello, 4, prime="h", temperature=0) == "ello"
    assert sample(hello, 2, prime="hel", temperature=0.1, seed=5) == "lo"


@pytest.mark.parametrize("options", [{}, {"cell_kind": "lstm"}, {"cell_kind": "gru"}])
@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_letters_are_drawn_as_often_as_the_trace_says(options, temperature):
    problem = Problem.draw("banana band", hidden=3, seed=2, h_0="random", output_bias=True, **options)
    y = forward(problem.replace(inputs=tuple("ban"), targets=(None,) * 3, text="ban"))["y_3"].value[:, 0]
    expected = np.exp(y / temperature) / np.exp(y / temperature).sum()
    drawn = Counter(sample(problem, 1, prime="ban", temperature=temperature, seed=seed) for seed in range(2000))
    had = np.array([drawn[letter] for letter in problem.vocabulary]) / 2000
    assert np.abs(had - expected).max() < 4 * np.sqrt(0.25 / 2000)


def test_the_most_likely_letters_are_those_that_the_trace_generates():
    problem = Problem.draw("banana band", hidden=4, seed=3, cell_kind="lstm")
    grown = problem.replace(inputs=(*"ban", *(None,) * 6), targets=(None,) * 9, text="ban")
    trace = forward(grown)
    expected = "".join(problem.vocabulary[int(trace[f"p_{t}"].value.argmax())] for t in range(3, 9))
    assert sample(problem, 6, prime="ban", temperature=0) == expected


def test_a_seed_gives_the_same_text_and_another_seed_another(hello):
    texts = [sample(hello, 40, temperature=2, seed=seed) for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]
    assert len(texts[0]) == 40


def test_words_are_joined_by_blanks():
    problem = Problem.draw("good film bad film", tokens="words", hidden=2)
    drawn = sample(problem, 5, prime="good film")
    assert len(drawn.split(" ")) == 5
    assert set(drawn.split(" ")) <= set(problem.vocabulary)


@pytest.mark.parametrize(
    ("field", "settings"),
    [
        ("prime", {"prime": "hex"}),
        ("temperature", {"temperature": -1}),
        ("temperature", {"temperature": float("nan")}),
        ("length", {"length": -1}),
    ],
)
def test_settings_out_of_range_are_refused(hello, field, settings):
    with pytest.raises(ProblemError) as caught:
        sample(hello, **settings)
    assert caught.value.field == field
