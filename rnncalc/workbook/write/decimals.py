"""How many decimals a sheet shows, chosen by a cell while it is looked at; whole numbers look whole.

Number formats of conditional formats do it, which Excel, LibreOffice and Gnumeric take.
"""

from __future__ import annotations

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from rnncalc.workbook.areas import Area, Cell, span
from rnncalc.workbook.write.allowed import Limits, allow
from rnncalc.workbook.write.sheet import Sheet
from rnncalc.workbook.write.styles import fixed

DECIMALS, BOARD_DECIMALS = "decimals", "board_decimals"
"""The names of the cells on Start that say how many decimals the long sheets show, and the Board."""
_FIRST_FORMAT = 190
"""Above the numbers of the formats that cells have."""


def choice_of_decimals(sheet: Sheet, where: Cell, most: int) -> None:
    """Let a cell take a number of decimals for which the columns have room."""
    allow(sheet, span(where, where), Limits(0, most, "whole", "Decimals", "the columns have no room for more decimals"))


def live_decimals(sheet: Sheet, area: Area, name: str, most: int) -> None:
    """Show as many decimals in an area as the cell of this name says, up to ``most``, which the cells show without it;
    whole numbers without any."""
    whole_numbers(sheet, area)
    for decimals in range(most):
        _rule(sheet, area, f"{name}={decimals}", fixed(decimals), decimals + 1)


def whole_numbers(sheet: Sheet, area: Area) -> None:
    """Show whole numbers without decimals."""
    corner = area.cell(0, 0).address(area.sheet)
    _rule(sheet, area, f"IF(ISNUMBER({corner}),{corner}=ROUND({corner},0),FALSE)", "0", 0)


def _rule(sheet: Sheet, area: Area, formula: str, number_format: str, number: int) -> None:
    style = DifferentialStyle(numFmt=NumberFormat(numFmtId=_FIRST_FORMAT + number, formatCode=number_format))
    rule = Rule(type="expression", formula=[formula], dxf=style, stopIfTrue=True)
    sheet.around.conditional_formatting.add(area.address(area.sheet), rule)
