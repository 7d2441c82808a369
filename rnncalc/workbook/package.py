"""The file: openpyxl writes what is around the cells, the cells are put in; the same input gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook

from rnncalc.workbook.sheet import Sheet

_MOMENT = (2000, 1, 1, 0, 0, 0)
_STAMP = "2000-01-01T00:00:00Z"


def to_bytes(workbook: Workbook, sheets: Sequence[Sheet]) -> bytes:
    """The .xlsx file of a workbook with the cells of its sheets."""
    plain = io.BytesIO()
    workbook.save(plain)
    cells = {_part(workbook, sheet): sheet.xml() for sheet in sheets}
    finished = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(finished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new:
        for name in old.namelist():
            content = old.read(name)
            if name in cells:
                content = _filled(content.decode("utf-8"), *cells[name]).encode("utf-8")
            elif name == "docProps/core.xml":
                content = re.sub(rb"(W3CDTF\">)[^<]*", rb"\g<1>" + _STAMP.encode(), content)
            new.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return finished.getvalue()


def _part(workbook: Workbook, sheet: Sheet) -> str:
    """The name of a sheet's part; openpyxl numbers them in order."""
    return f"xl/worksheets/sheet{workbook.sheetnames.index(sheet.title) + 1}.xml"


def _filled(xml: str, dimension: str, data: str) -> str:
    """A sheet's XML with its cells, which openpyxl left empty."""
    xml = re.sub(r"<dimension [^>]*/>", f'<dimension ref="{dimension}" />', xml, count=1)
    before, found, after = xml.partition("<sheetData />")
    if not found:
        before, found, after = xml.partition("<sheetData></sheetData>")
    if not found:
        raise AssertionError("openpyxl wrote the sheet's cells in a way that is not known here")
    return before + data + after
