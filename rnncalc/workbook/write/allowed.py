"""Cells that take numbers of a certain size alone, and say why."""

from __future__ import annotations

from typing import Literal, NamedTuple

from openpyxl.worksheet.datavalidation import DataValidation

from rnncalc.workbook.areas import Area
from rnncalc.workbook.write.sheet import Sheet


class Limits(NamedTuple):
    """The smallest and the largest number, whether whole ones alone, and what is said of others: a title and why."""

    low: float
    high: float
    kind: Literal["whole", "decimal"]
    title: str
    why: str


def allow(sheet: Sheet, area: Area, limits: Limits) -> None:
    """Let the cells of an area take the numbers between the limits."""
    low, high = f"{limits.low:g}", f"{limits.high:g}"
    rule = DataValidation(type=limits.kind, operator="between", formula1=low, formula2=high)
    rule.allow_blank, rule.showErrorMessage = False, True
    a = "a whole number" if limits.kind == "whole" else "a number"
    rule.errorTitle, rule.error = limits.title, f"Use {a} from {low} to {high}: {limits.why}."
    rule.add(area.address(sheet.title))
    sheet.around.add_data_validation(rule)
