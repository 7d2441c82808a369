"""One sheet's cells, collected as they are written, and turned into the sheet's XML."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import Outline, PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from rnncalc.errors import FileError
from rnncalc.workbook.areas import LAST_COLUMN, LAST_ROW, Cell, column_letters
from rnncalc.workbook.write.styles import StyleBook

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NARROWEST, WIDEST_BANNER = 8, 60
_POINTS_PER_CHARACTER, _POINTS_PER_ROW = 7.2, 15.6
"""With room for DejaVu Sans, the widest of the fonts that stand in for Calibri where it is missing."""
_PAGE_WIDE, _PAGE_TALL = 535, 735
_SMALLEST_SCALE, _READABLE_SCALE = 25, 40
_TALLEST_ROW = 30
_NOTE_WIDE = 46
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class SheetXml(NamedTuple):
    """What a sheet puts into openpyxl's XML: dimension, cells, links (openpyxl drops those without cells), drawing."""

    dimension: str
    data: str
    links: str
    drawing: str = ""


class SharedStrings:
    """The workbook's table of texts, each once; cells refer to them by number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._uses = 0

    def index(self, text: str) -> int:
        """The number of a text."""
        self._uses += 1
        return self._numbers.setdefault(text, len(self._numbers))

    def xml(self) -> str:
        """The part of the file that holds them."""
        head = f'<sst xmlns="{_MAIN}" count="{self._uses}" uniqueCount="{len(self._numbers)}">'
        items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in self._numbers)
        return f"{_XML}{head}{items}</sst>"


class Sheet:
    """Cells of one sheet. openpyxl holds what is around them: widths, links, charts, print set-up."""

    def __init__(self, workbook: Workbook, title: str, styles: StyleBook, strings: SharedStrings) -> None:
        self.title = title
        self.around: Worksheet = workbook.create_sheet(title)
        self.locked = False
        """Whether nothing is to be typed on it, protected or not."""
        self.drawing = ""
        """What is drawn over the cells, as XML."""
        self.centred = False
        """Whether numbers stand in the middle of their cells."""
        self.around.sheet_view.showGridLines = False
        self._styles = styles
        self._strings = strings
        self._rows: dict[int, dict[int, str]] = defaultdict(dict)
        self._heights: dict[int, float] = {}
        self._banners: dict[int, str] = {}
        self._links: list[str] = []
        self._closed = range(0)

    def text(self, row: int, column: int, text: str, role: str = "text", *, sample: bool = False) -> Cell:
        """Words, or a letter, always stored as text; a ``sample`` only shows what the role looks like."""
        index = self._strings.index(_allowed(text))
        return self._put(row, column, role, "", f' t="s"><v>{index}</v></c>', sample=sample)

    def number(self, row: int, column: int, value: float, role: str, number_format: str = "") -> Cell:
        """A constant."""
        return self._put(row, column, role, number_format, f"><v>{value!r}</v></c>")

    def formula(
        self, row: int, column: int, formula: str, value: float | str, role: str, number_format: str = ""
    ) -> Cell:
        """A formula and the value that NumPy computed for it."""
        body = f"<f>{escape(formula)}</f>"
        return self._put(row, column, role, number_format, _stored(body, value))

    def numbers(
        self, row: int, column: int, values: Sequence[Sequence[float]], role: str, number_format: str = ""
    ) -> None:
        """A table of constants."""
        rests = [[f"><v>{value!r}</v></c>" for value in line] for line in values]
        self._put_table(row, column, rests, role, number_format)

    def formulas(
        self,
        row: int,
        column: int,
        formulas: Sequence[Sequence[str]],
        values: Sequence[Sequence[float | str]],
        role: str,
        number_format: str = "",
    ) -> None:
        """A table of formulas, and the values that NumPy computed for them."""
        rests = [
            [_stored(f"<f>{escape(formula)}</f>", value) for formula, value in zip(*pair, strict=True)]
            for pair in zip(formulas, values, strict=True)
        ]
        self._put_table(row, column, rests, role, number_format)

    def array(
        self, row: int, column: int, formula: str, values: list[list[float]], role: str, number_format: str = ""
    ) -> None:
        """An array formula over a rectangle, and the values that NumPy computed for it."""
        last = Cell(self.title, row + len(values) - 1, column + len(values[0]) - 1)
        reference = f"{column_letters(column)}{row}:{column_letters(last.column)}{last.row}"
        rests = [[_stored("", value) for value in line] for line in values]
        rests[0][0] = _stored(f'<f t="array" ref="{reference}">{escape(formula)}</f>', values[0][0])
        self._put_table(row, column, rests, role, number_format)

    def blank(self, row: int, column: int, role: str, number_format: str = "") -> Cell:
        """An empty cell in a style."""
        return self._put(row, column, role, number_format, "/>")

    def note(self, cell: Cell, text: str) -> None:
        """A comment on a cell, which stands in the file whole."""
        lines = sum(1 + len(line) // _NOTE_WIDE for line in text.split("\n"))
        height = round(_POINTS_PER_ROW * 1.3 * (lines + 1))
        comment = Comment(_allowed(text), "rnncalc", height=height, width=_NOTE_WIDE * 7)
        self.around.cell(cell.row, cell.column).comment = comment

    def banner(self, row: int, text: str, role: str = "heading") -> None:
        """A heading as wide as the sheet turns out to be."""
        self.text(row, 1, text, role)
        self.stretch(row, role)

    def stretch(self, row: int, role: str) -> None:
        """Carry a row's look on over its empty cells, as wide as the sheet turns out to be."""
        self._banners[row] = role

    def jump(self, row: int, column: int, text: str, to: Cell, role: str = "jump") -> None:
        """A link to a cell."""
        self.text(row, column, text, role)
        here = f"{column_letters(column)}{row}"
        location = f"'{to.sheet}'!{column_letters(to.column)}{to.row}"
        self._links.append(f"<hyperlink ref={quoteattr(here)} location={quoteattr(location)}/>")

    def widths(self, widths: Iterable[tuple[int, int, float]]) -> None:
        """Column widths: from a column to a column, in characters."""
        for first, last, width in widths:
            dimension = self.around.column_dimensions[column_letters(first)]
            dimension.min, dimension.max, dimension.width = first, last, width

    def height(self, row: int, points: float) -> None:
        """The height of a row."""
        self._heights[row] = points

    def close_rows(self, first: int, last: int) -> None:
        """Group rows, and leave the group closed."""
        self._closed = range(first, last + 1)
        self.around.sheet_properties.outlinePr = Outline(summaryBelow=False)
        self.around.sheet_format.outlineLevelRow = 1

    def page_break(self, row: int) -> None:
        """Begin a new page above a row."""
        if row > 2:
            self.around.row_breaks.append(Break(id=row - 1))

    @property
    def widest(self) -> int:
        """The last column that holds a cell."""
        return max((max(cells) for cells in self._rows.values()), default=1)

    def is_wide(self, rows: int, columns: float) -> bool:
        """Whether so many rows of so many characters are wider than tall on paper."""
        return columns * _POINTS_PER_CHARACTER > rows * _POINTS_PER_ROW

    def for_print(self, *, landscape: bool = True, tall: int = 0, wide: int = 1) -> None:
        """``wide`` pages wide; ``tall`` pages high, 0 for as many as it takes."""
        page = self.around.page_setup
        page.orientation = "landscape" if landscape else "portrait"
        page.paperSize = "9"  # A4
        page.fitToWidth, page.fitToHeight = wide, tall
        self.around.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self.around.print_options.horizontalCentered = True
        self.around.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="&A, page &P of &N"))
        margins = self.around.page_margins
        margins.left = margins.right = 0.4
        margins.top, margins.bottom, margins.footer = 0.6, 0.8, 0.4

    def fit_sections(
        self, rows: int, columns: float, *, pieces: Sequence[tuple[int, int]] = (), stretch: bool = False
    ) -> None:
        """Print so that a section of so many rows, and so many characters wide, fits on a page, upright or across.

        A section that is too tall to be read on one page goes on upright on the next, with a break between two of its
        ``pieces``, which are first rows and the rows below the last. ``stretch`` makes the rows as tall as an upright
        page allows, for numbers written by hand.
        """
        wide, tall = columns * _POINTS_PER_CHARACTER, rows * _POINTS_PER_ROW
        portrait = min(1.0, _PAGE_WIDE / wide, _PAGE_TALL / tall)
        landscape = min(1.0, _PAGE_TALL / wide, _PAGE_WIDE / tall)
        scale = portrait if stretch else max(portrait, landscape)
        readable = min(_READABLE_SCALE / 100, _PAGE_WIDE / wide)
        if pieces and readable > scale:
            scale = portrait = readable
            rows = int(_PAGE_TALL / scale / _POINTS_PER_ROW)
            self._break_between(pieces, rows)
        if stretch:
            self.around.sheet_format.defaultRowHeight = min(_PAGE_TALL / scale / (rows + 1), _TALLEST_ROW)
            self.around.sheet_format.customHeight = True
        self.for_print(landscape=not stretch and landscape > portrait)
        self.around.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=False)
        self.around.page_setup.fitToWidth = self.around.page_setup.fitToHeight = None
        self.around.page_setup.scale = max(int(100 * scale), _SMALLEST_SCALE)

    def _break_between(self, pieces: Sequence[tuple[int, int]], rows: int) -> None:
        """Break pages so that none holds more rows than these, but for a piece that is itself taller."""
        begun = {one.id + 1 for one in self.around.row_breaks.brk}
        top = 1
        for first, below in pieces:
            top = max([top, *(row for row in begun if row <= first)])
            if below - top > rows and first > top:
                self.page_break(first)
                top = first
        self.around.row_breaks.brk.sort(key=lambda one: one.id)

    def xml(self) -> SheetXml:
        """The sheet's own parts of its XML."""
        parts: list[str] = []
        widest = self.widest
        for row, role in self._banners.items():
            for column in range(2, min(max(widest, NARROWEST), WIDEST_BANNER) + 1):
                if column not in self._rows[row]:
                    self.blank(row, column, role)
        widest = max(widest, NARROWEST) if self._banners else widest
        for row in sorted(self._rows.keys() | self._heights.keys()):
            cells = self._rows.get(row, {})
            height = f' ht="{self._heights[row]:g}" customHeight="1"' if row in self._heights else ""
            closed = ' hidden="1" outlineLevel="1"' if row in self._closed else ""
            closed = ' collapsed="1"' if self._closed and row == self._closed[0] - 1 else closed
            parts.append(f'<row r="{row}"{height}{closed}>')
            parts += [cells[column] for column in sorted(cells)]
            parts.append("</row>")
        last = max(self._rows, default=1)
        dimension = f"A1:{column_letters(widest)}{last}"
        links = f"<hyperlinks>{''.join(self._links)}</hyperlinks>" if self._links else ""
        return SheetXml(dimension, f"<sheetData>{''.join(parts)}</sheetData>", links, self.drawing)

    def _put(self, row: int, column: int, role: str, number_format: str, rest: str, *, sample: bool = False) -> Cell:
        self._reach(row, column)
        style = self._styles.number(role, number_format, sample=sample, centred=self.centred)
        self._rows[row][column] = f'<c r="{column_letters(column)}{row}" s="{style}"{rest}'
        return Cell(self.title, row, column)

    def _put_table(self, row: int, column: int, rests: Sequence[Sequence[str]], role: str, number_format: str) -> None:
        """Cells side by side and below each other, all in one style."""
        self._reach(row + len(rests) - 1, column + len(rests[0]) - 1)
        style = self._styles.number(role, number_format, centred=self.centred)
        columns = range(column, column + len(rests[0]))
        heads = [f'<c r="{column_letters(c)}' for c in columns]
        for i, line in enumerate(rests, row):
            tail = f'{i}" s="{style}"'
            self._rows[i].update(
                zip(columns, [f"{h}{tail}{rest}" for h, rest in zip(heads, line, strict=True)], strict=True)
            )

    def _reach(self, row: int, column: int) -> None:
        """Raise FileError for a cell beyond the end of the sheet."""
        if row > LAST_ROW or column > LAST_COLUMN:
            raise FileError(
                f"Sheet {self.title} would need row {row:,} and column {column:,}, but a sheet ends at row "
                f"{LAST_ROW:,} and column {LAST_COLUMN:,}. Use a shorter text or a smaller network."
            )


def _stored(body: str, value: float | str) -> str:
    if isinstance(value, str):
        return f' t="str">{body}<v>{escape(_allowed(value))}</v></c>'
    return f">{body}<v>{value!r}</v></c>" if math.isfinite(value) else f">{body}</c>"


def _allowed(text: str) -> str:
    """Without the characters that XML forbids; letters have been replaced by their pictures before."""
    return _FORBIDDEN.sub("", text)
