"""An activation is one row: softsign, added from here, works everywhere without a change to the package."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import on_paper
import pytest
from engines.cases import STYLES, Case
from engines.engines import recalculate
from workbook.filled import blank, fill_in, statuses, verified

from rnncalc import Problem, backward, forward
from rnncalc.language.activations import ACTIVATIONS, from_row
from rnncalc.language.functions import ATOM, FUNCTIONS, PRODUCT, Face, Function, activation_names
from rnncalc.language.operations import TABLE
from rnncalc.language.trees import ARGUMENT, Number, call
from rnncalc.marking.calculation import calculate
from rnncalc.network.gradcheck import check_gradients
from rnncalc.problems.model_file import load
from rnncalc.text.dead import dead_units
from rnncalc.tweets.classifier import Classifier

SOFTSIGN = Function(
    "softsign",
    lambda a: a / (1 + abs(a)),
    numpy=lambda a: a / (1 + np.where(a.real < 0, -a, a)),
    text=Face("softsign({0})"),
    latex=Face(r"\mathrm{{softsign}}\left({0}\right)"),
    cell=Face("{0}/(1+ABS({0}))", PRODUCT, ATOM),
    javascript="(a) => a / (1 + Math.abs(a))",
    derivative=call("over", Number(1), call("square", call("plus", Number(1), call("size", ARGUMENT)))),
    words="softsign maps the sum to −1 … 1",
    bounded=True,
    rising=True,
)


def add(row: Function, patch: pytest.MonkeyPatch) -> None:
    """The row in the table, for the time of a test."""
    patch.setitem(FUNCTIONS, row.name, row)
    patch.setitem(ACTIVATIONS, row.name, from_row(row.name)[0])


@pytest.fixture(autouse=True)
def _softsign(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    listed = list(TABLE)
    add(SOFTSIGN, monkeypatch)
    yield
    TABLE[:] = listed


HELLO = Problem.template("hello")


def problem(**others: Any) -> Problem:
    return HELLO.replace(activation="softsign", **others)


@pytest.fixture
def template(tmp_path: Path) -> str:
    """The problem as a file, for the command line."""
    path = tmp_path / "softsign.toml"
    path.write_text(problem().to_toml(), encoding="utf-8")
    return str(path)


def plain(page: str) -> str:
    return " ".join(page.split())


# ── softsign ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_one_more_activation():
    assert activation_names() == tuple(ACTIVATIONS) == ("tanh", "relu", "sigmoid", "linear", "softsign")


def test_forward():
    trace = forward(problem())
    for t in (1, 2, 3, 4):
        a = trace[f"a_{t}"].value
        np.testing.assert_allclose(trace[f"h_{t}"].value, a / (1 + np.abs(a)), rtol=1e-15)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_gradients_are_those_of_complex_steps(cell):
    drawn = Problem.draw("hello", hidden=3, cell_kind=cell, activation="softsign", head=[2])
    check = check_gradients(drawn)
    assert check.passed
    assert check.kinks == []


def test_a_wrong_derivative_is_caught(monkeypatch):
    add(SOFTSIGN._replace(derivative=call("over", Number(1), call("plus", Number(1), ARGUMENT))), monkeypatch)
    assert not check_gradients(problem()).passed


def test_a_row_without_a_derivative_is_refused(monkeypatch):
    with pytest.raises(TypeError, match="softsign has no derivative"):
        add(SOFTSIGN._replace(derivative=None), monkeypatch)


def test_explain_writes_it_and_its_slope(template, rnncalc):
    page = plain(rnncalc("explain", "-t", template, "h_2:1").out)
    assert "The new hidden state: softsign maps the sum to −1 … 1." in page
    assert "h₂ = softsign(a₂)" in page
    assert "h₂[1] = softsign(a₂[1])" in page
    page = plain(rnncalc("explain", "-t", template, "da_2:1").out)
    assert "∂E/∂a₂ = 1 / (1 + |a₂|)² ⊙ ∂E/∂h₂" in page
    assert "∂E/∂a₂[1] = 1 / (1 + |a₂[1]|)² · ∂E/∂h₂[1]" in page


def test_latex_typesets_it_and_its_slope(template, rnncalc):
    assert r"h_{2} = \mathrm{softsign}\left(a_{2}\right)" in rnncalc("forward", "-t", template, "--format", "latex").out
    page = rnncalc("backward", "-t", template, "--format", "latex").out
    assert r"\frac{1}{(1 + \left|a_{2}\right|)^2} \odot" in page


def test_both_styles_of_formulas_are_recalculated():
    case = Case(problem())
    files = {style: case.file(style) for style in STYLES}
    for style, book in recalculate("libreoffice", files).items():
        assert book.differing(case.trace()) == set(), style


def test_a_worksheet_is_marked_and_the_mistake_is_named(monkeypatch):
    by_hand = (lambda a: a / (1 + np.abs(a)), lambda a: 1 / (1 + np.abs(a)) ** 2)
    monkeypatch.setitem(on_paper.ACTIVATIONS, "softsign", by_hand)
    right = on_paper.work(problem(), decimals=4)
    assert set(statuses(verified(fill_in(blank(problem=problem()), right))).values()) <= {"correct", "rounded"}
    slip = on_paper.work(problem(), decimals=4, instead={"h_2": lambda n: n["a_2"]})
    report = verified(fill_in(blank(problem=problem()), slip))
    named = {m.kind for mark in report.marks if mark.quantity == "h_2" for m in mark.mistakes}
    assert "activation-left-out" in named


def test_it_trains_and_its_weights_are_saved_and_read(template, rnncalc, tmp_path):
    model = str(tmp_path / "model.npz")
    done = rnncalc("train", "-t", template, "--epochs", "20", "-o", model)
    assert done.code == 0, done.err
    assert load(model).activation == "softsign"
    assert "softsign(a₂)" in rnncalc("forward", "--weights", model, "hello").out


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_it_classifies_tweets_in_the_cell_and_in_the_head(cell):
    drawn = Classifier.draw(
        ("good", "bad", "day"), ("happy", "sad"), cell=cell, activation="softsign", head=[(3, "softsign")], hidden=2,
        embedding=2,
    )  # fmt: skip
    random = np.random.default_rng(1)
    weights = {name: random.uniform(-1, 1, value.shape) for name, value in drawn.weights.items()}
    classifier = Classifier(
        weights, vocabulary=drawn.vocabulary, classes=drawn.classes, cell=cell, activation="softsign", head=drawn.head
    )
    loss, gradients = classifier.gradients(np.array([[1, 2, 1]]), np.array([1]))
    trace = backward(classifier.problem(("bad", "day", "bad"), "sad"))
    assert loss == pytest.approx(trace["loss"].value.item(), abs=1e-14)
    for name in classifier.names:
        gradient = gradients[name][:, 1:] if name == "Wxe" else gradients[name]
        assert gradient == pytest.approx(trace[f"d{name}"].value, abs=1e-14), name


def test_it_is_worked_where_a_calculation_is_typed():
    assert calculate("softsign(-3) + 0.5").number == -0.25


def test_units_that_die_under_a_new_activation_are_named(monkeypatch):
    add(FUNCTIONS["relu"]._replace(name="ramp"), monkeypatch)
    dead = HELLO.replace(activation="ramp", weights={**HELLO.weights, "bh": np.array([[-9.0]])})
    assert dead_units(dead, np.array([0])) == {"ramp": ["h[1]", "h[2]", "h[3]"]}
    silent = problem(weights={name: 0 * weight for name, weight in HELLO.weights.items()})
    assert dead_units(silent, np.array([0])) == {}


def test_the_command_line_lists_it():
    program = (
        "import pytest, sys; from test_adding import SOFTSIGN, add; add(SOFTSIGN, pytest.MonkeyPatch()); "
        "from rnncalc.cli.main import run; sys.exit(run(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "explain", "hello", "--activation"]
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(map(str, sys.path)), PYTHONUTF8="1")
    right, wrong = (
        subprocess.run([*command, name, "h_2:1"], capture_output=True, encoding="utf-8", env=environment, check=False)
        for name in ("softsign", "softsing")
    )
    assert "softsign(a₂[1])" in right.stdout
    assert wrong.returncode == 2
    assert "softsign" in wrong.stderr
