"""The file: openpyxl writes what is around the cells, the cells are put in; the same input gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence

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


_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_NO_RELATIONS = f'<Relationships xmlns="{_RELATIONS}"></Relationships>'


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
        for name, content in _drawings(cells, set(old.namelist())).items():
            new.writestr(zipfile.ZipInfo(name, MOMENT), content.encode("utf-8"), zipfile.ZIP_DEFLATED)
        if strings is not None:
            new.writestr(zipfile.ZipInfo(_STRINGS, MOMENT), strings.xml().encode("utf-8"), zipfile.ZIP_DEFLATED)
    return finished.getvalue()


def _drawing_of(part: str) -> str:
    """The name of the drawing of a sheet's part."""
    return f"xl/drawings/over-{part.rpartition('/')[2]}"


def _relations_of(part: str) -> str:
    folder, _, file = part.rpartition("/")
    return f"{folder}/_rels/{file}.rels"


def _relation(part: str) -> str:
    return f'<Relationship Id="rIdArrows" Type="{_OFFICE}/drawing" Target="/{_drawing_of(part)}"/>'


def _drawings(cells: Mapping[str, SheetXml], known: Collection[str]) -> dict[str, str]:
    """The parts that openpyxl does not write: what is drawn over sheets, and how the sheets refer to it."""
    parts: dict[str, str] = {}
    for part, own in cells.items():
        if own.drawing:
            parts[_drawing_of(part)] = own.drawing
            if _relations_of(part) not in known:
                parts[_relations_of(part)] = _NO_RELATIONS.replace("></", f">{_relation(part)}</")
    return parts


def _mended(name: str, xml: str, cells: Mapping[str, SheetXml], strings: SharedStrings | None) -> str:
    """A part of openpyxl's with the cells, drawings, the table of texts and the moment put in."""
    if name in cells:
        return _filled(xml, cells[name])
    drawn = [part for part, own in cells.items() if own.drawing]
    for part in drawn:
        if name == _relations_of(part):
            return xml.replace("</Relationships>", f"{_relation(part)}</Relationships>")
        if name == "[Content_Types].xml":
            entry = f'<Override PartName="/{_drawing_of(part)}" ContentType="{_DRAWING_TYPE}"/>'
            xml = xml.replace("</Types>", f"{entry}</Types>")
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
    rest = parts[1]
    if own.drawing:
        drawing = f'<drawing xmlns:r="{_OFFICE}" r:id="rIdArrows"/>'
        rest = re.sub("<legacyDrawing|<tableParts|</worksheet>", lambda m: drawing + m[0], rest, count=1)
    return parts[0] + own.data + rest
