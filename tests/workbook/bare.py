"""A workbook written by hand, part by part, so that each part can be as its test needs it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET, TEXTS, BOOK, BOOK_RELATIONS = "xl/sheet.xml", "xl/texts.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def relations(*targets: tuple[str, str, str]) -> str:
    """A part of relations: an id, a kind and a target each."""
    one = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in targets)
    return f'<Relationships xmlns="{RELATIONS}">{one}</Relationships>'


def sheet(rows: str) -> str:
    """A worksheet of these rows."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def book(*titles: str, names: str = "") -> str:
    """The workbook's own part; its sheets have the ids s1, s2, …"""
    sheets = "".join(f'<sheet name="{title}" sheetId="{i}" r:id="s{i}"/>' for i, title in enumerate(titles, 1))
    spaces = f'xmlns="{MAIN}" xmlns:r="{OFFICE}"'
    return f"<workbook {spaces}><sheets>{sheets}</sheets><definedNames>{names}</definedNames></workbook>"


def parts(rows: str = "", *, names: str = "", texts: str = "") -> dict[str, str]:
    """The parts of a workbook with one sheet, S."""
    return {
        "_rels/.rels": relations(("r1", "officeDocument", BOOK)),
        BOOK: book("S", names=names),
        BOOK_RELATIONS: relations(("s1", "worksheet", "sheet.xml"), ("t", "sharedStrings", "texts.xml")),
        SHEET: sheet(rows),
        TEXTS: f'<sst xmlns="{MAIN}">{texts}</sst>',
    }


def zipped(contents: Mapping[str, str | bytes], method: int = zipfile.ZIP_STORED, level: int | None = None) -> bytes:
    """The file that holds these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method, compresslevel=level) as opened:
        for name, content in contents.items():
            opened.writestr(name, content)
    return file.getvalue()


def bare(rows: str = "", *, names: str = "", texts: str = "") -> bytes:
    """A workbook with one sheet, S."""
    return zipped(parts(rows, names=names, texts=texts))
