"""Themes: a workbook whose named cell styles, page headers and cover sheets an exported workbook takes on."""

from __future__ import annotations

import importlib.util
import io
import warnings
import zipfile
from typing import NamedTuple

import openpyxl
from openpyxl import Workbook
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.worksheet import Worksheet

from rnncalc.errors import FileError
from rnncalc.workbook.write.package import to_bytes
from rnncalc.workbook.write.start import SHEETS
from rnncalc.workbook.write.styles import NUMBERS, PREFIX, ROLES, make_style

PATTERN = "Theme"
MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000


class Theme(NamedTuple):
    """The workbook to build on, with its cover sheets first, and the sheet whose page headers are taken."""

    workbook: Workbook
    pattern: Worksheet | None

    def dress(self, sheet: Worksheet) -> None:
        """Give a sheet the theme's page headers and footers."""
        if self.pattern is None:
            return
        for part in ("oddHeader", "oddFooter"):
            for place in ("left", "center", "right"):
                text = getattr(getattr(self.pattern, part), place).text
                if text:
                    getattr(getattr(sheet, part), place).text = text


def read_theme(file: bytes | None) -> Theme:
    """Read a theme; without one, an empty workbook. Raises FileError for a file that is no workbook of this kind."""
    if file is None:
        workbook = Workbook()
        workbook.remove(workbook.worksheets[0])
        return Theme(workbook, None)
    _check_zip(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(file))
    except Exception as error:
        raise FileError(f"The theme cannot be read as a workbook: {type(error).__name__}.") from error
    taken = [title for title in workbook.sheetnames if title in SHEETS]
    if taken:
        raise FileError(f"The theme has a sheet named {taken[0]}, a name that the workbook itself uses; rename it.")
    pattern = None
    if PATTERN in workbook.sheetnames:
        pattern = workbook[PATTERN]
        workbook.remove(pattern)
    return Theme(workbook, pattern)


def _check_zip(file: bytes) -> None:
    if len(file) > MAX_BYTES:
        raise FileError(f"The theme is larger than {MAX_BYTES // 1_000_000} MB. Use a smaller one.")
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as opened:
            unpacked = sum(info.file_size for info in opened.infolist())
    except zipfile.BadZipFile:
        raise FileError(
            "The theme is not an .xlsx workbook. Use rnncalc templates copy theme to get one to start from."
        ) from None
    if unpacked > MAX_UNPACKED:
        raise FileError("The theme is too large when unpacked. Use a smaller one.")


def theme_notes(file: bytes) -> list[str]:
    """What of a theme is not taken over here, a sentence each. Raises FileError for a file that is no zip."""
    _check_zip(file)
    with zipfile.ZipFile(io.BytesIO(file)) as opened:
        names = opened.namelist()
        styles = opened.read("xl/styles.xml") if "xl/styles.xml" in names else b""
    notes = []
    if any(name.startswith("xl/media/") for name in names) and importlib.util.find_spec("PIL") is None:
        notes.append("The theme's pictures are left out: they need Pillow (pip install pillow).")
    if PREFIX.encode() not in styles:
        notes.append("The theme has no cell styles named rnncalc …, so the default look is used.")
    return notes


def default_theme() -> bytes:
    """The default look as a workbook, to be restyled in a spreadsheet program."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = PATTERN
    sheet.append(["The look of exported workbooks"])
    sheet.append(["Change the cell styles named rnncalc … (Home, Cell Styles), this sheet's page header and footer,"])
    sheet.append(["and add cover sheets if you like; then: rnncalc export hello --theme theme.xlsx"])
    sheet.append([])
    for role in ROLES:
        workbook.add_named_style(make_style(role))
        sheet.append([PREFIX + role, 0.123456 if role in NUMBERS else "words"])
        sheet.cell(sheet.max_row, 2).style = PREFIX + role
    sheet["A1"].style = PREFIX + "title"
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 24
    sheet.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="&A, page &P of &N"))
    return to_bytes(workbook, [])
