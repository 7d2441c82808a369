"""A workbook as HyperFormula takes it, which reads no files: the cells of each sheet, rows of constants and formulas.

Three things are written another way, because HyperFormula 3.5 does not know them; the arithmetic is the file's own:
an array formula stands in ARRAYFORMULA; in it a name of several cells stands as the range; and one that is nothing but
a name is a link in each of its cells.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

from engines.package import MAIN, Package, addresses, split

Cells = dict[str, str | float]
"""What stands at each address of a sheet."""


def as_cells(package: Package) -> dict[str, Any]:
    """The sheets and names of a workbook, without the values that are stored beside formulas."""
    calculated = package.calculated()
    names = {name: _absolute(reference) for name, reference in package.names.items()}
    sheets: dict[str, Cells] = {title: {} for title in package.sheets}
    for title, cells in package.cells.items():
        for address, cell in cells.items():
            written = cell.find(f"{MAIN}f")
            if written is not None and written.get("t") == "array":
                reference = written.get("ref", address)
                sheets[title] |= _array(str(written.text), addresses(reference), package, names)
            elif written is not None:
                sheets[title][address] = f"={written.text}"
            elif (title, address) not in calculated:
                value = package.value(title, address)
                if value is not None:
                    sheets[title][address] = f"'{value}" if isinstance(value, str) else value
    return {
        "sheets": {title: _rows(cells) for title, cells in sheets.items()},
        "names": [{"name": name, "expression": f"={reference}"} for name, reference in names.items()],
    }


def _array(formula: str, area: list[list[str]], package: Package, names: dict[str, str]) -> Cells:
    if formula in names:
        title, source = package.area(formula)
        pairs = zip(chain(*area), chain(*source), strict=True)
        return {address: f"={title}!{linked}" for address, linked in pairs}
    assert '"' not in formula, "words in an array formula, in which a name would be replaced too"
    ranges = re.sub(r"\b[A-Za-z_]\w*\b(?![(!])", lambda word: names.get(word[0], word[0]), formula)
    return {area[0][0]: f"=ARRAYFORMULA({ranges})"}


def _absolute(reference: str) -> str:
    """Inputs!B5:D7 → Inputs!$B$5:$D$7."""
    title, _, area = reference.partition("!")
    return f"{title}!" + re.sub("([A-Z]+)([0-9]+)", r"$\1$\2", area)


def _rows(cells: Cells) -> list[list[str | float | None]]:
    places = {split(address): value for address, value in cells.items()}
    rows = range(1, 1 + max((row for _, row in places), default=0))
    width = max((column for column, _ in places), default=0)
    return [[places.get((column, row)) for column in range(1, 1 + width)] for row in rows]
