"""A network that enlarges rounding: each step is still judged at 1e-12, and no right formula is called wrong."""

import re

import numpy as np
import pytest
from engines.engines import Batches
from engines.package import Package, formula, set_formula, set_number

from rnncalc import Problem, forward
from rnncalc.workbook.write.export import export

DRAWN = Problem.draw("the quick brown fox" * 5, hidden=8)
LARGE = np.random.default_rng(5).normal(size=(8, 8)).round(6)
PROBLEM = DRAWN.replace(
    weights={**DRAWN.weights, "Whh": LARGE, "Wxh": (DRAWN.weights["Wxh"] - 0.5).round(6), "bh": np.zeros((8, 1))}
)
LAST = PROBLEM.steps


def planted(file: bytes) -> bytes:
    """One formula of a late step hardly wrong."""
    package = Package(file)
    cell = package.cell(f"a_{LAST - 3}", 4)
    set_formula(cell, f"{formula(cell)}+1E-9")
    return package.to_bytes()


def typed(file: bytes) -> bytes:
    """Another weight."""
    package = Package(file)
    set_number(package.cell("Whh", 2, 5), 1.5)
    return package.to_bytes()


@pytest.fixture(scope="module")
def calculated() -> Batches:
    file = export(PROBLEM, through="loss", layout="steps")
    changed = {"planted": planted(file), "typed": typed(file)}
    return Batches(lambda engine: {"as it is": file, **(changed if engine == "libreoffice" else {})})


def test_it_is_chaotic():
    moved = PROBLEM.replace(weights={**PROBLEM.weights, "Whh": LARGE * (1 + 2**-52)})
    last = f"h_{LAST}"
    assert np.abs(forward(PROBLEM)[last].value - forward(moved)[last].value).max() > 1e-9


@pytest.mark.parametrize("engine", ["libreoffice", "gnumeric"])
def test_drift_is_said_and_is_no_error(calculated, engine):
    book = calculated(engine, "as it is")
    verdicts = list(book.verdicts.values())
    assert set(verdicts) == {"as given", "equal", "drifted by rounding"}
    drifted = re.match(r"(\d+) quantities differ from NumPy's results because rounding grows", str(book.top))
    assert drifted is not None
    assert int(drifted[1]) == verdicts.count("drifted by rounding") > 100
    assert all(book.verdicts[name] == "equal" for name in ("h_1", "p_1", "h_5", "loss_5"))


def test_a_formula_hardly_wrong_among_them_is_named(calculated):
    book, name = calculated("libreoffice", "planted"), f"a_{LAST - 3}"
    assert [one for one, verdict in book.verdicts.items() if verdict in ("DIFFERS", "ERROR")] == [name]
    assert book.top == f"Wrong: {name}. See the verdicts below."


def test_after_a_change_every_step_still_follows(calculated):
    book = calculated("libreoffice", "typed")
    assert set(book.verdicts.values()) == {"as given", "changed", "equal", "follows the change"}
    assert str(book.top).startswith("You have changed the inputs.")
