"""Workbooks of other formats, .ods and the old .xls, turned into .xlsx by LibreOffice where it is installed."""

from __future__ import annotations

from rnncalc.errors import FileError
from rnncalc.workbook.read.formats import ending_of
from rnncalc.workbook.read.opening import MAX_FILE, Package
from rnncalc.workbook.read.recalculate import convert, is_installed

_KINDS = {".ods": "an OpenDocument spreadsheet (.ods)", ".xls": "a workbook in the old Excel format (.xls)"}


def as_xlsx(file: bytes, name: str) -> bytes:
    """The file, or what LibreOffice makes of it, with the values that an .ods file stores; those of .xls it calculates.

    Raises FileError where the file is of another format and LibreOffice is not there or cannot open it.
    """
    ending = ending_of(file) if len(file) <= MAX_FILE else ""
    if not ending:
        return file
    if ending == ".ods":
        Package(file, name, open_document=True)  # raises where it would be too large unpacked
    what = f"{name} is {_KINDS[ending]}"
    if not is_installed():
        raise FileError(f"{what}, which needs LibreOffice to be read, but LibreOffice was not found; save it as .xlsx.")
    made = convert(file, name, ending, anew=False)
    if made is None:
        raise FileError(f"{what} that LibreOffice cannot open; save it as .xlsx.")
    return made
