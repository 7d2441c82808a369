"""The Training sheet: after N updates it is where the trainer is, in every engine, also from other first numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from engines.cases import draw
from engines.engines import Batches, Recalculated
from engines.package import Package, set_number

from rnncalc import Problem
from rnncalc.text import Trainer, encode
from rnncalc.text.word import learn
from rnncalc.workbook.write.export import export
from rnncalc.workbook.write.training import Training

TOLERANCE = 1e-9


class Case(NamedTuple):
    """A problem, its training, and how its gradients are clipped."""

    problem: Problem
    training: Training
    clipping: dict[str, float] = {}  # noqa: RUF012


HELLO = Problem.template("hello")
CASES = {
    "hello, adagrad": Case(HELLO, Training(20)),
    "hello, sgd": Case(HELLO, Training(74, "sgd")),
    "hello, momentum": Case(HELLO, Training(12, "momentum")),
    "hello, momentum, shortened": Case(HELLO, Training(6, "momentum"), {"clip_norm": 0.5}),
    "lstm, momentum": Case(draw("abcab", hidden=2, cell_kind="lstm"), Training(4, "momentum")),
    "hello, clipped": Case(HELLO, Training(6), {"clip": 0.3}),
    "hello, shortened": Case(HELLO.replace(loss_reduction="mean"), Training(5, "sgd"), {"clip_norm": 0.5}),
    "hello, the last letter": Case(HELLO.replace(targets=[None] * 3 + ["o"]), Training(4)),
    "lstm": Case(draw("abcab", hidden=2, cell_kind="lstm", output_bias=True), Training(4)),
    "gru": Case(draw("abcab", hidden=2, cell_kind="gru", reset_after=True), Training(4)),
}


def exported(case: Case) -> bytes:
    return export(case.problem, training=case.training, **case.clipping)


def moved(file: bytes) -> bytes:
    """The same workbook with another learning rate and another first weight."""
    package = Package(file)
    set_number(package.cell("eta"), 0.3)
    set_number(package.cell("Why", 1, 0), -0.5)
    return package.to_bytes()


PROGRAMS = ("libreoffice", "gnumeric")
JOBS = [
    (engine, name)
    for number, name in enumerate(CASES)
    for engine in PROGRAMS
    if not number or engine == PROGRAMS[number % 2]
]
"""Both programs train the first, and the others by turns."""
books = Batches(lambda engine: {name: exported(CASES[name]) for whose, name in JOBS if whose == engine})
changed = Batches(lambda engine: {"hello, adagrad": moved(exported(CASES["hello, adagrad"]))})


def off(book: Recalculated, problem: Problem, case: Case) -> float:
    """How far the sheet's losses and last weights are from the trainer's."""
    text = "".join([*map(str, problem.inputs), str(problem.targets[-1])])
    trainer = Trainer(problem, encode(text, problem.vocabulary), optimizer=case.training.optimizer, **case.clipping)
    losses = [step.loss for step in learn(trainer, case.training.epochs)]
    found = [np.abs(book.value("training_loss")[:, 0] - losses).max()]
    for name, weight in trainer.weights().items():
        found.append(np.abs(book.value(f"{name}_trained").ravel() - weight.ravel()).max())
    return float(max(found))


@pytest.mark.parametrize(("engine", "name"), JOBS)
def test_the_sheet_is_where_the_trainer_is(engine, name):
    book = books(engine, name)
    assert off(book, CASES[name].problem, CASES[name]) <= TOLERANCE
    assert "equal NumPy's results" in str(book.top) or "within rounding" in str(book.top)


@pytest.mark.parametrize("engine", PROGRAMS)
def test_another_first_weight_and_rate_train_it_anew(engine):
    case = CASES["hello, adagrad"]
    why = HELLO.weights["Why"].copy()
    why[1, 0] = -0.5
    problem = HELLO.replace(eta=0.3, weights={**HELLO.weights, "Why": why})
    assert off(changed(engine, "hello, adagrad"), problem, case) <= TOLERANCE


@pytest.mark.parametrize("engine", PROGRAMS)
def test_hello_is_learnt_in_front_of_the_class(engine):
    book = books(engine, "hello, adagrad")
    assert [book.shows("Training", f"{column}47") for column in "DEFG"] == list("ello")
    assert book.shows("Training", "C47") == 4


def test_a_planted_wrong_row_is_noticed():
    case = CASES["hello, clipped"]
    wrong = exported(case._replace(clipping={"clip": 0.31}))
    package = Package(wrong)
    losses = [float(str(package.value("Training", f"B{row}"))) for row in range(27, 34)]
    trainer = Trainer(case.problem, encode("hello", case.problem.vocabulary), clip=0.3)
    right = [step.loss for step in learn(trainer, case.training.epochs)]
    assert np.abs(np.array(losses) - right).max() > TOLERANCE
