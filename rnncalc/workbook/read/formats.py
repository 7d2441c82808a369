"""What kind of workbook a file is, by what it holds."""

from __future__ import annotations

ENDINGS = (".xlsx", ".xlsm", ".ods", ".xls")
"""How the names of workbooks end that can be read."""
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
"""The part of an .xlsx file with a password, which lies in a file of the old form."""
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_HEAD = 30
"""The bytes before the name of a zip's first part."""


def ending_of(file: bytes) -> str:
    """.ods or .xls by what the file holds, whatever its name; nothing for every other file."""
    if file[_HEAD:].startswith(_OPEN_DOCUMENT):
        return ".ods"
    return ".xls" if file.startswith(_OLD) and _PASSWORD not in file else ""
