"""A workbook's file as XML: read and changed without any of the libraries that write or calculate it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Package:
    """The parts of an .xlsx file; what is changed in its sheets stands in ``to_bytes()``."""

    def __init__(self, file: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(file)) as opened:
            self.parts = {name: opened.read(name) for name in opened.namelist()}
        self.book = ElementTree.fromstring(self.parts["xl/workbook.xml"])
        targets = {
            relation.get("Id"): str(relation.get("Target")).removeprefix("/xl/")
            for relation in ElementTree.fromstring(self.parts["xl/_rels/workbook.xml.rels"])
        }
        self.files = {
            str(sheet.get("name")): f"xl/{targets[sheet.get(RELATION)]}" for sheet in self.book.iter(f"{MAIN}sheet")
        }
        """The part of each sheet, by title, in the order of the tabs."""
        self.sheets = {title: ElementTree.fromstring(self.parts[part]) for title, part in self.files.items()}
        self.cells = {
            title: {str(cell.get("r")): cell for cell in sheet.iter(f"{MAIN}c")} for title, sheet in self.sheets.items()
        }
        """Every cell, by its sheet's title and its address."""
        self.names = {
            str(name.get("name")): str(name.text).replace("$", "")
            for name in self.book.iter(f"{MAIN}definedName")
            if name.get("localSheetId") is None
        }
        """The cells of each name that is defined for the whole workbook: Inputs!C9:F11."""
        strings = self.parts.get("xl/sharedStrings.xml", b"<sst/>")
        self.strings = [_text(string) for string in ElementTree.fromstring(strings).iter(f"{MAIN}si")]

    def area(self, name: str) -> tuple[str, list[list[str]]]:
        """The sheet of a defined name, and the addresses of its cells, rows by columns."""
        title, _, reference = self.names[name].partition("!")
        return title, addresses(reference)

    def cell(self, name: str, row: int = 0, column: int = 0) -> ElementTree.Element:
        """A cell of a defined name, counted from 0."""
        title, area = self.area(name)
        return self.cells[title][area[row][column]]

    def value(self, title: str, address: str) -> float | str | None:
        """What a cell shows: its number, text or error; where it has a formula, what is stored beside it."""
        cell = self.cells[title].get(address)
        if cell is None:
            return None
        kind, stored = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
        if kind == "inlineStr":
            return _text(cell)
        if kind == "s":
            return self.strings[int(stored or 0)]
        return float(stored) if kind == "n" and stored is not None else stored

    def formulas(self) -> Iterator[tuple[str, str, str]]:
        """Every formula: its sheet, its cell, its text."""
        for title, cells in self.cells.items():
            for address, cell in cells.items():
                if cell.find(f"{MAIN}f") is not None:
                    yield title, address, formula(cell)

    def calculated(self) -> set[tuple[str, str]]:
        """The sheet and address of every cell whose value comes from a formula, those under an array's too."""
        found = set()
        for title, cells in self.cells.items():
            for address, cell in cells.items():
                written = cell.find(f"{MAIN}f")
                if written is not None:
                    found.add((title, address))
                    found |= {(title, a) for row in addresses(written.get("ref", address)) for a in row}
        return found

    def to_bytes(self) -> bytes:
        """The file with the sheets as they are now."""
        changed = {self.files[title]: ElementTree.tostring(sheet) for title, sheet in self.sheets.items()}
        result = io.BytesIO()
        with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as opened:
            for name, content in {**self.parts, **changed}.items():
                opened.writestr(name, content)
        return result.getvalue()


# ── one cell ──────────────────────────────────────────────────────────────────────────────────────────────────────


def formula(cell: ElementTree.Element) -> str:
    """A cell's formula, without an equals sign; nothing where it has none."""
    return cell.findtext(f"{MAIN}f", "")


def set_formula(cell: ElementTree.Element, text: str) -> None:
    """Another formula in place of a cell's own."""
    written = cell.find(f"{MAIN}f")
    assert written is not None
    written.text = text


def set_number(cell: ElementTree.Element, number: float) -> None:
    """A number typed into a cell, over whatever it held."""
    for part in list(cell):
        cell.remove(part)
    cell.attrib.pop("t", None)
    ElementTree.SubElement(cell, f"{MAIN}v").text = repr(number)


def set_text(cell: ElementTree.Element, text: str) -> None:
    """A text typed into a cell that holds text."""
    for part in list(cell):
        cell.remove(part)
    cell.set("t", "inlineStr")
    ElementTree.SubElement(ElementTree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t").text = text


def _text(string: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in string.iter(f"{MAIN}t"))


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────


def addresses(reference: str) -> list[list[str]]:
    """B2:C3 → [[B2, C2], [B3, C3]]; a single cell likewise."""
    first, _, last = reference.partition(":")
    (left, top), (right, bottom) = split(first), split(last or first)
    return [[f"{letters(column)}{row}" for column in range(left, right + 1)] for row in range(top, bottom + 1)]


def split(address: str) -> tuple[int, int]:
    """AB12 → 28, 12: column and row."""
    found = re.fullmatch(r"([A-Z]+)([0-9]+)", address)
    assert found is not None, address
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return column, int(found[2])


def letters(column: int) -> str:
    """28 → AB."""
    before, last = divmod(column - 1, 26)
    return (letters(before) if before else "") + chr(ord("A") + last)
