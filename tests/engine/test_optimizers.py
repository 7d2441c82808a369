"""The optimizers: PyTorch's figures, and the trace's own update."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn import TOLERANCE

from rnncalc import Problem, backward, update
from rnncalc.engine.optimizers import Sgd
from rnncalc.network.update_step import updated
from rnncalc.text import OPTIMIZERS, Trainer, encode

PYTORCH = json.loads((Path(__file__).parents[1] / "data" / "pytorch_optimizers.json").read_text(encoding="utf-8"))
CASES = PYTORCH["cases"]
TEXT = "banana bread"


def trainer_of(case: dict[str, Any]) -> Trainer:
    problem = Problem(**PYTORCH["problem"])
    tokens = encode(TEXT, problem.vocabulary)
    return Trainer(problem, tokens, optimizer=case["optimizer"], eta=case["eta"], clip=case["clip"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['optimizer']}, clip {case['clip']}")
def test_ten_updates_are_pytorchs(case):
    trainer = trainer_of(case)
    for expected in case["losses"]:
        assert abs(trainer.step() - expected) <= 1e-10
    for name, weight in trainer.weights().items():
        assert np.abs(weight - np.array(case["weights"][name])).max() <= 1e-10


def test_every_optimizer_is_held_to_pytorch():
    assert {case["optimizer"] for case in CASES} == set(OPTIMIZERS)
    assert all(len(case["losses"]) == 10 for case in CASES)


def test_clipping_changes_pytorchs_figures():
    """Else the cases with clip would say nothing of it."""
    by_name = {(case["optimizer"], case["clip"]): case["weights"]["Why"] for case in CASES}
    assert by_name["sgd", None] != by_name["sgd", 0.3]
    assert by_name["adagrad", None] != by_name["adagrad", 0.3]


@pytest.mark.parametrize(
    "clipping", [{}, {"clip": 0.1}, {"clip_norm": 0.5}, {"clip_norm": 500.0}], ids=lambda c: str(c) or "none"
)
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_sgd_is_the_update_of_the_trace(cell, clipping):
    problem = Problem.draw("banana bread", hidden=3, cell_kind=cell, eta=0.3)
    trainer = Trainer(problem, encode(TEXT, problem.vocabulary), optimizer="sgd", **clipping)
    for _ in range(3):
        trainer.step()
        problem = updated(update(backward(problem), **clipping))
    for name, weight in trainer.weights().items():
        assert np.abs(weight - problem.weights[name]).max() <= 10 * TOLERANCE


def test_gradients_whose_squares_overflow_are_still_shortened():
    values, slopes = np.zeros(2), np.array([3e200, -4e200])
    with np.errstate(over="ignore"):  # as the trainer has it
        Sgd(values, slopes, eta=1.0, clip_norm=5.0).update()
    assert np.allclose(values, [-3, 4], rtol=1e-14, atol=0)
