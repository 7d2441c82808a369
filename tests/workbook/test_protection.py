"""What --protect locks, and what it leaves open."""

from xml.etree import ElementTree

import pytest
from engines.cases import CASES, package
from engines.package import MAIN, Package

from rnncalc.workbook.write.export import export


def unlocked(book: Package) -> set[tuple[str, str]]:
    """The cells that may be changed."""
    formats = ElementTree.fromstring(book.parts["xl/styles.xml"]).findall(f"{MAIN}cellXfs/{MAIN}xf")
    locked = [getattr(f.find(f"{MAIN}protection"), "attrib", {}).get("locked", "1") == "1" for f in formats]
    return {
        (title, address)
        for title, cells in book.cells.items()
        for address, cell in cells.items()
        if not locked[int(str(cell.get("s")))]
    }


PROTECTED = ["hello", "clip", "h_0 random, output bias", "some targets, mean", "no targets"]
PROTECTED += [
    "numbers read, squared error",
    "words, embedding, classes at the last step",
    "generated letters, backward",
]
PROTECTED += ["generated numbers", "a weight on a sheet of its own"]


@pytest.mark.parametrize("name", PROTECTED)
def test_protection_locks_all_but_the_inputs(name):
    """And the cell that chooses the decimals. What a step reads by its own prediction is a formula, and locked."""
    case = CASES[name]
    book = Package(export(case.problem, through=case.through, protect=True, **case.clipping))
    for sheet in book.sheets.values():
        protection = sheet.find(f"{MAIN}sheetProtection")
        assert protection is not None
        assert protection.get("sheet") == "1"
        assert not {"password", "hashValue", "saltValue"} & protection.attrib.keys()
    inputs = {(t, a) for n in case.typed for t, area in [book.area(n)] for row in area for a in row}
    for name, told in (("letters", case.problem.inputs), ("wanted", case.problem.targets)):
        if name in case.token_rows:
            title, ((*cells,),) = book.area(name)
            inputs |= {(title, a) for a, token in zip(cells, told, strict=True) if token is not None}
    shown = [book.area(name) for name in ("decimals", "board_decimals")]
    assert unlocked(book) == inputs | {(title, address) for title, ((address,),) in shown}


def test_without_protection_nothing_is_locked():
    for sheet in package("hello", "cells").sheets.values():
        protection = sheet.find(f"{MAIN}sheetProtection")
        assert protection is None or protection.get("sheet") == "0"
