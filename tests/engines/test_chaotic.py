"""A network that enlarges rounding: Check counts what rounding decides, and cries no error over right formulas."""

import re

import pytest
from engines.engines import Batches

from rnncalc import Problem
from rnncalc.workbook.write.export import export

PROBLEM = Problem.draw(("abcdefghijklmnopqrstuvwxyzABCD" * 3)[:61], hidden=16)


@pytest.fixture(scope="module")
def calculated() -> Batches:
    return Batches(lambda _: {"chaotic": export(PROBLEM)})


@pytest.mark.parametrize("engine", ["libreoffice", "gnumeric"])
def test_what_rounding_decides_is_said_and_is_no_error(calculated, engine):
    book = calculated(engine, "chaotic")
    verdicts = list(book.verdicts.values())
    assert set(verdicts) == {"as given", "equal", "within rounding"}
    said = re.match(r"(\d+) quantities agree with NumPy's results within rounding", str(book.top))
    assert said is not None
    assert int(said[1]) == verdicts.count("within rounding")
    assert all(book.verdicts[name] == "equal" for name in ("h_1", "p_1", "h_10", "loss_10"))
