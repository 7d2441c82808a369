"""The file: openpyxl writes what is around the cells, the cells are put in; the same input gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

from rnncalc.workbook.write.sheet import SharedStrings, Sheet, SheetXml

MOMENT = (2000, 1, 1, 0, 0, 0)
"""When every file in a zip was written, so that the same content gives the same bytes."""
_STAMP = "2000-01-01T00:00:00Z"
_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
    "charset", "scheme",
)  # fmt: skip
_STRINGS = "xl/sharedStrings.xml"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_STRINGS_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"


def to_bytes(workbook: Workbook, sheets: Sequence[Sheet], strings: SharedStrings | None = None) -> bytes:
    """The .xlsx file of a workbook with the cells of its sheets."""
    plain = io.BytesIO()
    workbook.save(plain)
    cells = {_part(workbook, sheet): sheet.xml() for sheet in sheets}
    finished = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(finished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new:
        for name in old.namelist():
            content = old.read(name).decode("utf-8") if name.endswith((".xml", ".rels")) else old.read(name)
            if isinstance(content, str):
                content = _mended(name, content, cells, strings).encode("utf-8")
            if name != _STRINGS or strings is None:
                new.writestr(zipfile.ZipInfo(name, MOMENT), content, zipfile.ZIP_DEFLATED)
        if strings is not None:
            new.writestr(zipfile.ZipInfo(_STRINGS, MOMENT), strings.xml().encode("utf-8"), zipfile.ZIP_DEFLATED)
    return finished.getvalue()


def _mended(name: str, xml: str, cells: Mapping[str, SheetXml], strings: SharedStrings | None) -> str:
    """A part of openpyxl's with the cells, the table of texts and the moment put in."""
    if name in cells:
        return _filled(xml, cells[name])
    if name == "xl/styles.xml":
        return re.sub(r"<font>(.*?)</font>", _in_order, xml, flags=re.S)
    if name == "docProps/core.xml":
        return re.sub(r'(W3CDTF">)[^<]*', rf"\g<1>{_STAMP}", xml)
    if strings is not None and name == "[Content_Types].xml" and _STRINGS not in xml:
        entry = f'<Override PartName="/{_STRINGS}" ContentType="{_STRINGS_TYPE}"/>'
        return xml.replace("</Types>", f"{entry}</Types>")
    if strings is not None and name == "xl/_rels/workbook.xml.rels" and "sharedStrings" not in xml:
        entry = f'<Relationship Id="rIdStrings" Type="{_STRINGS_RELATION}" Target="/{_STRINGS}"/>'
        return xml.replace("</Relationships>", f"{entry}</Relationships>")
    return xml


def _in_order(font: re.Match[str]) -> str:
    """A font's properties in the order of the standard, which openpyxl does not keep."""
    properties = {m[1]: m[0] for m in re.finditer(r"<(\w+)[^>]*/>", font[1])}
    return f"<font>{''.join(properties[p] for p in _FONT_ORDER if p in properties)}</font>"


def _part(workbook: Workbook, sheet: Sheet) -> str:
    """The name of a sheet's part; openpyxl numbers them in order."""
    return f"xl/worksheets/sheet{workbook.sheetnames.index(sheet.title) + 1}.xml"


def _filled(xml: str, own: SheetXml) -> str:
    """openpyxl's XML of a sheet with the cells, and with the links, which stand before the print set-up."""
    xml = re.sub(r"<dimension [^>]*/>", f'<dimension ref="{own.dimension}" />', xml, count=1)
    xml = re.sub(r"<printOptions|<pageMargins", lambda m: own.links + m[0], xml, count=1)
    # Cells that openpyxl knows of are there for their comments alone.
    parts = re.split(r"<sheetData ?/>|<sheetData>.*?</sheetData>", xml, maxsplit=1, flags=re.S)
    if len(parts) != 2:
        raise AssertionError("openpyxl wrote the sheet's cells in a way that rnncalc does not know")
    return parts[0] + own.data + parts[1]
