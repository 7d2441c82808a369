"""Worksheets as programs and people really leave them: every file in tests/data/sheets, each with its right result."""

from pathlib import Path

import pytest
from workbook.filled import Place, read

from rnncalc.homework.marking import RIGHT, Report, mark

SHEETS = Path(__file__).parents[1] / "data" / "sheets"
Y_2: Place = ("y_2", 0, 0)
NOT_RIGHT: dict[str, dict[Place, str]] = {
    "blank-shared-empty-v": {Y_2: "blank"},
    "cell-twice-same-value": {},
    "inline-is-and-v": {},
    "inline-is-and-v-index": {Y_2: "wrong"},  # the cell shows 1.9
    "names-own-good-workbook-ref": {},
    "num-with-is": {Y_2: "wrong"},  # the cell shows 1.90
}
"""What is not right in each; 1.9061 is right."""


def report(content: bytes) -> Report:
    """As rnncalc verify marks it."""
    found = read(content)
    return mark(found.trace, found.answers, given=found.given, shown=found.shown, asked=found.decimals)


def not_right(content: bytes) -> dict[Place, str]:
    return {m.element: m.status for m in report(content).marks if m.status not in RIGHT}


@pytest.mark.parametrize("name", NOT_RIGHT)
def test_a_sheet_is_marked_by_what_its_cells_show(name):
    assert not_right((SHEETS / f"{name}.xlsx").read_bytes()) == NOT_RIGHT[name]
