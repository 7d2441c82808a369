"""Cells of a stranger's .xlsx file: those that are asked for and no others, each with its value and its formula.

openpyxl reads either values or formulas, so that both cost two passes, and takes a sheet's size at its word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from math import isfinite
from string import digits
from typing import NamedTuple

from rnncalc.errors import FileError
from rnncalc.io.visible import brief
from rnncalc.marking.locale_slips import FIRST_DATE
from rnncalc.workbook.areas import LAST_COLUMN, LAST_ROW, Area, Cell, column_letters, column_number, span
from rnncalc.workbook.read.date_formats import DateFormats
from rnncalc.workbook.read.opening import MAX_ATTRIBUTE, MAX_PARTS, Elements, Package

MAX_CELLS, MAX_DEFINED = 200_000, 100_000
"""Cells read at one time, and names that a file defines; together with the limits on opening they hold the memory."""

_CORNERS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?", re.IGNORECASE)
_ESCAPE = re.compile("_x([0-9A-F]{4})_", re.IGNORECASE)
_BUILT_IN = "_xlnm."
_ARRAY = 10
"""How many elements an array formula counts as, by the time that it takes."""


class Found(NamedTuple):
    """One cell as it stands in the file."""

    value: float | str | bool | None
    """What is stored: a number, text, true or false; None where nothing is."""
    formula: str
    """With its equals sign; "=" alone where it stands with another cell, shared or for an array; "" for none."""
    error: bool
    """Whether the value is the text of a spreadsheet's error, such as #DIV/0!."""
    date: bool = False
    """Whether the cell shows its number as a date."""


class StrangersFile:
    """A workbook that may come from anyone. Raises FileError, one sentence, where it cannot be read."""

    def __init__(self, file: bytes, name: str) -> None:
        self._package = Package(file, name)
        main = [r.part for r in self._package.relations().values() if r.kind == "officeDocument"]
        workbook = (main or ["xl/workbook.xml"])[0]
        if workbook not in self._package:
            raise FileError(f"{name} is a zip file without a workbook in it.")
        relations = self._package.relations(workbook)
        book = _Workbook(self._package)
        self._package.read(workbook, "the list of its sheets", book)
        missing = [title for title, relation in book.sheets.items() if relation not in relations]
        if missing:
            raise self._package.damaged(f"{_sheet(missing[0])} is missing")
        self._parts = {
            title: relations[relation].part
            for title, relation in book.sheets.items()
            if relations[relation].kind == "worksheet"
        }
        self._texts = next((r.part for r in relations.values() if r.kind == "sharedStrings"), "xl/sharedStrings.xml")
        self._styles = next((r.part for r in relations.values() if r.kind == "styles"), "xl/styles.xml")
        if not self._parts:
            raise FileError(f"{name} has no sheet with cells.")
        self.sheets = list(self._parts)
        """The titles in order; charts that are sheets of their own are left out."""
        self.names: dict[str, Area] = {}
        """What the names defined for the workbook stand for, by ``name.casefold()``; a sheet's own where none is, or
        where that is broken, as in a copied sheet whose first one was deleted."""
        self.lost: dict[str, str] = {}
        """The text of those that are broken or no single rectangle, likewise."""
        by_title = {title.casefold(): title for title in self.sheets}
        for key, text in [*book.names, *book.own_names]:
            area = _area(text, by_title)
            if area is not None:
                self.names.setdefault(key, area)
            else:
                self.lost.setdefault(key, text)
        for key in self.names:
            self.lost.pop(key, None)

    def author(self) -> str:
        """Who made the file and who saved it last, as it says itself."""
        part = next((r.part for r in self._package.relations().values() if r.kind == "core-properties"), "")
        if part not in self._package:
            return ""
        reader = _Author(self._package)
        with suppress(FileError):  # nothing depends on it
            self._package.read(part, "what it says of its author", reader)
        return " / ".join(dict.fromkeys(filter(None, reader.found)))[:100]

    def cells(self, areas: Iterable[Area]) -> dict[Cell, Found]:
        """The cells of some areas; those that the file does not have are not in it.

        Each call reads the sheets again, and all calls share the limits of the file: better one call than many.
        """
        wanted: dict[str, dict[str, Cell]] = {title: {} for title in self.sheets}
        asked = 0
        for area in areas:
            asked += area.rows * area.columns
            if asked > MAX_CELLS:
                raise self._package.too_large(f"more than {MAX_CELLS:,} cells to read")
            if area.sheet in wanted:
                wanted[area.sheet].update(_addressed(area))
        found: dict[Cell, Found] = {}
        texts: dict[Cell, int] = {}
        styles: dict[Cell, str] = {}
        for title, cells in wanted.items():
            if cells:
                reader = _Sheet(self._package, title, cells, found, texts, styles)
                self._package.read(self._parts[title], _sheet(title), reader)
                reader.mark_arrays()
        if texts:
            self._put(texts, found)
        if styles and self._styles in self._package:
            formats = DateFormats(self._package)
            self._package.read(self._styles, "its styles", formats)
            found |= {cell: found[cell]._replace(date=True) for cell, style in styles.items() if style in formats.found}
        return found

    def _put(self, texts: dict[Cell, int], found: dict[Cell, Found]) -> None:
        """The texts that cells refer to by number, from the one table of the workbook."""
        reader = _SharedTexts(self._package, set(texts.values()))
        self._package.read(self._texts, "the table of its texts", reader)
        for cell, number in texts.items():
            if number not in reader.found:
                raise self._package.damaged(f"the text of a cell of {_sheet(cell.sheet)} is missing")
            found[cell] = found[cell]._replace(value=reader.found[number])


def parse_area(text: str, sheets: Collection[str]) -> Area | None:
    """The rectangle that a reference stands for, Sheet1!$B$4:B6 or 'My sheet'!B4; None where it is none.

    The title is one of ``sheets``, compared without regard to case.
    """
    return _area(text, {title.casefold(): title for title in sheets})


def _area(text: str, titles: Mapping[str, str]) -> Area | None:
    title, _, corners = text.strip().rpartition("!")
    if len(title) > 1 and title[0] == title[-1] == "'":
        title = title[1:-1].replace("''", "'")
    sheet = titles.get(title.casefold())
    return None if sheet is None else _rectangle(sheet, corners)


def _rectangle(sheet: str, corners: str) -> Area | None:
    """B4:B6 or B4 on a sheet."""
    match = _CORNERS.fullmatch(corners)
    if match is None:
        return None
    left, top, right, bottom = match.groups()
    rows = sorted((int(top), int(bottom or top)))
    columns = sorted(map(column_number, (left.upper(), (right or left).upper())))
    if rows[0] < 1 or rows[1] > LAST_ROW or columns[1] > LAST_COLUMN:
        return None
    return span(Cell(sheet, rows[0], columns[0]), Cell(sheet, rows[1], columns[1]))


def _addressed(area: Area) -> Iterator[tuple[str, Cell]]:
    """The cells of an area by their addresses."""
    letters = [column_letters(area.column + j) for j in range(area.columns)]
    for i in range(area.rows):
        for j, column in enumerate(letters):
            yield f"{column}{area.row + i}", area.cell(i, j)


# ── the parts ─────────────────────────────────────────────────────────────────────────────────────────────────────


class _Workbook(Elements):
    """The sheets with the ids of their parts, and the defined names with what they stand for."""

    def __init__(self, package: Package) -> None:
        super().__init__(package)
        self.sheets: dict[str, str] = {}
        self.names: list[tuple[str, str]] = []
        self.own_names: list[tuple[str, str]] = []
        """Those that hold on one sheet alone."""
        self._titles: set[str] = set()
        self._name = ""
        self._into = self.names

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            title = attributes.get("name", "")
            if title.casefold() in self._titles or len(self._titles) == MAX_PARTS or len(title) > MAX_ATTRIBUTE:
                raise self._package.damaged("the names of its sheets are not valid")
            self._titles.add(title.casefold())
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets[title] = relation[:MAX_ATTRIBUTE]
        elif name == "definedName":
            self._name = attributes.get("name", "").casefold()
            self._into = self.own_names if "localSheetId" in attributes else self.names
            self.listen()

    def end(self, name: str) -> None:
        if name != "definedName":
            return
        text = self.heard()
        if len(self.names) + len(self.own_names) == MAX_DEFINED:
            raise self._package.too_large(f"more than {MAX_DEFINED:,} names")
        if not self._name.startswith(_BUILT_IN) and len(self._name) <= MAX_ATTRIBUTE:
            self._into.append((self._name, text))


class _Sheet(Elements):
    """The wanted cells of a sheet, looked up by their addresses as they stand; any other costs that look-up."""

    def __init__(
        self,
        package: Package,
        title: str,
        wanted: Mapping[str, Cell],
        found: dict[Cell, Found],
        texts: dict[Cell, int],
        styles: dict[Cell, str],
    ) -> None:
        super().__init__(package)
        self._title, self._wanted, self._found, self._texts = title, wanted, found, texts
        self._styles = styles
        """The styles of whole numbers, which may be dates."""
        self._under_arrays: set[Cell] = set()
        self._address = ""
        self._row = self._column = 0
        """The last cell stood at this address, or where that is empty in this row and column."""
        self._cell: Cell | None = None
        self._kind, self._formula, self._style = "", "", ""
        self._stored: str | None = None
        """What the cell's own element of its value holds."""
        self._inline: str | None = None
        """The text that stands in the cell itself, its runs put together."""
        self._in_text = self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            address = attributes.get("r")
            if address:
                self._address = address
            else:
                address = self._next()
            self._cell = self._wanted.get(address)
            if self._cell is not None:
                self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")[:MAX_ATTRIBUTE]
                self._formula, self._stored, self._inline = "", None, None
                self._in_text = self._phonetic = False
        elif name == "row":
            self._begin_row(attributes.get("r"))
        elif name == "f" and attributes.get("t") in ("array", "dataTable"):
            self._begin_array(attributes.get("ref", ""))
        if self._cell is None:
            return
        if name == "rPh":
            self._phonetic = True
        elif name == "f":
            self.listen()
        elif name == "is":
            self._in_text = True
        elif name == "v" or (name == "t" and self._in_text and not self._phonetic):
            self.listen()

    def end(self, name: str) -> None:
        if self._cell is None:
            return
        if name == "f":
            self._formula = "=" + self.heard().removeprefix("=")
        elif name == "v":
            self._stored = self.heard()
        elif name == "t":
            self.hush()
        elif name == "is":
            self._inline, self._in_text = self.heard(), False
        elif name == "rPh":
            self._phonetic = False
        elif name == "c":
            self._keep(self._cell)
            self._cell = None

    def mark_arrays(self) -> None:
        """Say of the cells under an array's formula that they have one, which stands in its first cell alone."""
        for cell in self._under_arrays & self._found.keys():
            if not self._found[cell].formula:
                self._found[cell] = self._found[cell]._replace(formula="=")

    def _keep(self, cell: Cell) -> None:
        """What the cell's kind says: the text in the cell itself or the value, never both glued together."""
        text = self._inline if self._kind == "inlineStr" else self._stored
        if text is not None and not text.strip() and self._kind not in ("str", "inlineStr"):
            text = None  # an empty cell that has a kind
        if text is None and not self._formula and cell in self._found:
            return  # of a cell that stands twice the last that holds something counts, as spreadsheets have it
        self._texts.pop(cell, None)
        self._styles.pop(cell, None)
        value: float | str | bool | None = None
        if text is not None and self._kind == "s":
            self._texts[cell] = self._whole(text.strip())
        elif text is not None:
            value = _value(self._kind, text)
        if isinstance(value, float) and value >= FIRST_DATE and value.is_integer() and self._style:
            self._styles[cell] = self._style
        self._found[cell] = Found(value, self._formula, self._kind == "e" and text is not None)

    # Addresses are optional: a row or a cell without one follows the last.

    def _begin_row(self, number: str | None) -> None:
        if number is None and self._address:
            self._settle()
        self._row = self._row + 1 if number is None else self._whole(number)
        self._address, self._column = "", 0

    def _next(self) -> str:
        if self._address:
            self._settle()
        self._column += 1
        if self._column > LAST_COLUMN:
            raise self._unreadable()
        return f"{column_letters(self._column)}{self._row}"

    def _settle(self) -> None:
        letters = self._address.rstrip(digits)
        if not letters.isalpha() or len(letters) > 3:
            raise self._unreadable()
        self._row, self._column = self._whole(self._address[len(letters) :]), column_number(letters.upper())
        self._address = ""

    def _begin_array(self, reference: str) -> None:
        area = _rectangle(self._title, reference)
        if area is None or area.rows * area.columns == 1:
            return
        self._package.spend(_ARRAY + min(area.rows * area.columns, len(self._wanted)))
        if area.rows * area.columns < len(self._wanted):
            self._under_arrays.update(
                self._wanted[address] for address, _ in _addressed(area) if address in self._wanted
            )
        else:
            self._under_arrays.update(cell for cell in self._wanted.values() if _within(cell, area))

    def _whole(self, text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise self._unreadable()
        return int(text)

    def _unreadable(self) -> FileError:
        return self._package.damaged(f"{_sheet(self._title)} cannot be read")


class _Author(Elements):
    """Its maker, and who saved it last."""

    def __init__(self, package: Package) -> None:
        super().__init__(package)
        self.found: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("creator", "lastModifiedBy"):
            self.listen()

    def end(self, name: str) -> None:
        if name in ("creator", "lastModifiedBy"):
            self.found.append(self.heard().strip())


class _SharedTexts(Elements):
    """The texts of some numbers."""

    def __init__(self, package: Package, wanted: Collection[int]) -> None:
        super().__init__(package)
        self.found: dict[int, str] = {}
        self._wanted = wanted
        self._number = -1
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._number += 1
        elif name == "rPh":
            self._phonetic = True
        elif name == "t" and self._number in self._wanted and not self._phonetic:
            self.listen()

    def end(self, name: str) -> None:
        if name == "t":
            self.hush()
        elif name == "rPh":
            self._phonetic = False
        elif name == "si" and self._number in self._wanted:
            self.found[self._number] = _unescaped(self.heard())


# ── what is stored ────────────────────────────────────────────────────────────────────────────────────────────────


def _value(kind: str, text: str) -> float | str | bool | None:
    """A cell's value by its kind; what is no value of that kind is text."""
    if kind in ("str", "inlineStr"):
        return _unescaped(text)
    plain = text.strip()
    if kind == "b":
        return {"1": True, "true": True, "0": False, "false": False}.get(plain, text)
    if kind in ("e", "d"):
        return text
    return _number(plain, text) if plain else None


def _number(plain: str, text: str) -> float | str:
    """A number; text where it is none, as what Python alone takes for one: inf, nan, 1_000."""
    try:
        number = float(plain)
    except ValueError:
        return text
    return number if isfinite(number) and plain.isascii() and "_" not in plain else text


def _unescaped(text: str) -> str:
    """A text with the characters that XML cannot hold, which are written _x000D_; halves of a pair are put together."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _within(cell: Cell, area: Area) -> bool:
    return 0 <= cell.row - area.row < area.rows and 0 <= cell.column - area.column < area.columns


def _sheet(title: str) -> str:
    """How a message calls a sheet whose title anyone may have chosen."""
    return f"sheet {brief(title, 31)}"
