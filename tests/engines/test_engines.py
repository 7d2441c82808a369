"""The tester tested: no figure of ours can pass for an engine's, and a difference is seen."""

import io
import subprocess
import sys
from time import monotonic

import numpy as np
import openpyxl
import pytest
from engines import engines
from engines.cases import CASES, STYLES
from engines.engines import POISON, POISONED, Recalculated, equal, poison
from engines.package import Package, addresses

from rnncalc import Quantity

HELLO = CASES["hello"]
each_style = pytest.mark.parametrize("style", STYLES)


def formula_cells(file: bytes) -> set[tuple[str, str]]:
    """The cells that openpyxl finds a formula in, and those that an array formula fills."""
    found = set()
    for sheet in openpyxl.load_workbook(io.BytesIO(file)):
        for cell in (c for row in sheet.iter_rows() for c in row if c.data_type == "f"):
            reference = getattr(cell.value, "ref", cell.coordinate)
            found |= {(sheet.title, address) for row in addresses(reference) for address in row}
    return found


@each_style
def test_a_poisoned_file_shows_the_poison_in_every_formula_cell_and_nowhere_else(style):
    file = HELLO.file(style)
    formulas = formula_cells(file)
    assert len(formulas) > 1000
    before, after = (openpyxl.load_workbook(io.BytesIO(f), data_only=True) for f in (file, poison(file)))
    for sheet in before:
        for cell in (c for row in sheet.iter_rows() for c in row):
            shown = after[sheet.title][cell.coordinate].value
            if (sheet.title, cell.coordinate) in formulas:
                assert shown == (POISONED if isinstance(cell.value, str) else POISON)
            else:
                assert shown == cell.value


@each_style
def test_a_poisoned_file_has_the_same_formulas(style):
    file = HELLO.file(style)
    assert list(Package(poison(file)).formulas()) == list(Package(file).formulas())


@each_style
def test_without_recalculation_no_quantity_is_equal(style):
    file, trace = HELLO.file(style), HELLO.trace()
    shown = Package(poison(file))
    book = Recalculated(file, lambda place: shown.value(*place))
    given = {"Wxh", "Whh", "bh", "Why", "h_0", "eta"}
    assert book.differing(trace) == trace.keys() - given
    assert book.top == book.beside("check") == POISONED
    assert set(book.verdicts.values()) == {POISONED}


def test_equal_is_judged_against_1_or_the_largest_entry():
    def quantity(largest: float) -> Quantity:
        return Quantity("q", np.array([[largest], [0.0]]), stage="given")

    def moved(largest: float, by: float) -> np.ndarray:
        return np.array([[largest], [by]])

    for largest, size in ((0.5, 1), (100.0, 100), (-100.0, 100)):
        assert equal(quantity(largest), moved(largest, 0.9e-12 * size))
        assert not equal(quantity(largest), moved(largest, 1.1e-12 * size))
        assert not equal(quantity(largest), moved(largest, -1.1e-12 * size))
    for wrong in (moved(0.5, np.nan), np.array([[0.5]]), np.array([[0.5, 0.0]]), np.zeros((0, 1))):
        assert not equal(quantity(0.5), wrong)


def test_what_is_no_number_is_not_equal():
    for shown in ("0.5", "#VALUE!", None, True):
        book = Recalculated(HELLO.file("cells"), lambda _, shown=shown: shown)
        assert np.isnan(book.value("h_2")).all()


def test_an_engine_that_hangs_is_ended_with_what_it_started(monkeypatch):
    monkeypatch.setattr(engines, "SECONDS", 1)
    sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
    start = monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        engines._run(sys.executable, "-c", f"import subprocess; subprocess.run({sleep!r})")
    assert monotonic() - start < 60


def test_an_engine_that_fails_says_why():
    with pytest.raises(AssertionError, match=r"ended in 3: it is broken"):
        engines._run(sys.executable, "-c", "import sys; print('it is broken', flush=True); sys.exit(3)")


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
@pytest.mark.parametrize("engine", engines.ENGINES)
def test_a_missing_engine_fails_in_ci_and_is_told_elsewhere(monkeypatch, engine, ci, outcome):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(outcome, match="install"):
        engines.recalculate(engine, {1: HELLO.file("cells")})
