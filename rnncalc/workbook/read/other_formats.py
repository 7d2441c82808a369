"""Workbooks of other formats, .ods and the old .xls, turned into .xlsx by LibreOffice where it is installed."""

from __future__ import annotations

from rnncalc.errors import FileError
from rnncalc.workbook.read.opening import MAX_FILE, Package

ENDINGS = (".xlsx", ".xlsm", ".ods", ".xls")
"""How the names of workbooks end that can be read."""
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
"""The part of an .xlsx file with a password, which lies in a file of the old form."""
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_HEAD = 30
"""The bytes before the name of a zip's first part."""
_KINDS = {".ods": "an OpenDocument spreadsheet (.ods)", ".xls": "a workbook in Excel's old form (.xls)"}


def ending_of(file: bytes) -> str:
    """.ods or .xls by what the file holds, whatever its name; nothing for every other file."""
    if file[_HEAD:].startswith(_OPEN_DOCUMENT):
        return ".ods"
    return ".xls" if file.startswith(_OLD) and _PASSWORD not in file else ""


def as_xlsx(file: bytes, name: str) -> bytes:
    """The file, or what LibreOffice makes of it, with the values that an .ods file stores; those of .xls it calculates.

    Raises FileError where the file is of another format and LibreOffice is not there or cannot open it.
    """
    ending = ending_of(file) if len(file) <= MAX_FILE else ""
    if not ending:
        return file
    from rnncalc.workbook.read.recalculate import convert, is_installed

    if ending == ".ods":
        Package(file, name, open_document=True)  # raises where it would be too large unpacked
    what = f"{name} is {_KINDS[ending]}"
    if not is_installed():
        raise FileError(f"{what}, which is read with LibreOffice, and that is not found here; save it as .xlsx.")
    made = convert(file, name, ending, anew=False)
    if made is None:
        raise FileError(f"{what} that LibreOffice cannot open; save it as .xlsx.")
    return made
