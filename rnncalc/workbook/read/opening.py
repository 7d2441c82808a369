"""A stranger's .xlsx file as what it is, a zip of XML parts, read as a stream within limits.

Nothing is unpacked before the sizes that the file declares are known, and what is really unpacked is counted too.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from rnncalc.errors import FileError
from rnncalc.workbook.areas import LAST_CELL_TEXT

MAX_FILE, MAX_UNPACKED, MAX_STREAMED = 20_000_000, 100_000_000, 200_000_000
"""Bytes of the file, of all that it declares to hold, and of all that is read from it, parts read again included."""
MAX_RATIO, RATIO_FROM = 200, 1_000_000
"""How much larger a part may be than its packed bytes, from this size on; honest sheets stay below 40."""
MAX_PARTS, MAX_ELEMENTS, MAX_TEXT = 2_000, 4_000_000, 20_000_000
"""Of one file; the text is what is kept of it, in characters."""
MAX_DEPTH, MAX_NAMES, MAX_TAG, MAX_ATTRIBUTE = 200, 2_000, 1_000_000, 255
"""Of one part: elements in one another, different names of elements and attributes, bytes of one tag; and characters
of one attribute that is kept, which is as long as the name of a quantity can be."""
MAX_CELL_TEXT = 7 * LAST_CELL_TEXT
"""What a cell can hold, each character escaped."""

_CHUNK = 65_536
_ENTRY = b"PK\1\2"
"""Each part's entry in the zip's table of contents begins so."""
_ENCODINGS = {"utf-8", "utf-16", "us-ascii", "iso-8859-1"}
"""What expat reads by itself; the standard has the first two."""
_DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, ValueError, OverflowError, RuntimeError)
"""What zipfile raises for a damaged file, besides what it should."""
_OTHERS = {
    "xl/workbook.bin": "a binary workbook (.xlsb); save it as .xlsx",
    "word/document.xml": "a text document (.docx), not a workbook",
    "ppt/presentation.xml": "a presentation (.pptx), not a workbook",
    "index/document.iwa": (
        "a Numbers or Pages document; use File > Export To > Excel in that program to make an .xlsx workbook"
    ),
}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


class Relation(NamedTuple):
    """What one part says of another: what it is to it, and which part it is."""

    kind: str
    part: str


class Elements:
    """The elements of one part as they come; a reader says in ``start`` and ``end`` what they mean to it."""

    parser: expat.XMLParserType

    def __init__(self, package: Package) -> None:
        self._package = package
        self._heard: list[str] = []
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; its name comes without a prefix."""

    def end(self, name: str) -> None:
        """An element ends."""

    def listen(self) -> None:
        """Keep the text from here on."""
        self.parser.CharacterDataHandler = self._hear

    def hush(self) -> None:
        """Keep none from here on."""
        self.parser.CharacterDataHandler = None

    def heard(self) -> str:
        """All text that was kept since the last time; none is kept from here on."""
        self.hush()
        text = "".join(self._heard)
        self._heard.clear()
        self._length = 0
        return text

    def _hear(self, text: str) -> None:
        self._length += len(text)
        if self._length > MAX_CELL_TEXT:
            raise self._package.damaged("it has a text that is longer than a cell can hold")
        self._package.keep_text(len(text))
        self._heard.append(text)


class Package:
    """The parts of the file by their names, compared without regard to case.

    Raises FileError, one sentence, for all that is no workbook, damaged or too large.
    """

    def __init__(self, file: bytes, name: str, *, open_document: bool = False) -> None:
        self.name = name
        self._bytes, self._elements, self._text = MAX_STREAMED, MAX_ELEMENTS, MAX_TEXT
        if len(file) > MAX_FILE:
            raise self.too_large(f"{len(file):,} bytes, but at most {MAX_FILE:,} are read")
        if not file.startswith(b"PK"):
            raise FileError(f"{name} is {_what_else(file)}.")
        if file.count(_ENTRY) > MAX_PARTS:  # counted before zipfile makes an object of each
            raise self.too_large(f"more than {MAX_PARTS:,} parts")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(file))
        except _DAMAGES:
            raise FileError(f"{name} is damaged or incomplete; save or send it again.") from None
        entries = self._zip.infolist()
        self._parts = {_key(entry.filename): entry for entry in entries}
        self._check(entries, len(file))
        if not open_document:
            self._refuse_open_document()

    def _check(self, entries: list[zipfile.ZipInfo], size: int) -> None:
        """What the table of contents says of sizes, before anything is unpacked."""
        for mark, words in _OTHERS.items():
            if mark in self._parts:
                raise FileError(f"{self.name} is {words}.")
        if len(self._parts) < len(entries):
            raise FileError(f"{self.name} is damaged: it has two parts with the same name.")
        if sum(entry.compress_size for entry in entries) > size:
            raise FileError(f"{self.name} is damaged: its parts overlap.")
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise self.too_large(f"more than {MAX_UNPACKED:,} bytes when unpacked")
        for entry in entries:
            if entry.file_size > max(RATIO_FROM, MAX_RATIO * entry.compress_size):
                raise self.too_large(f"a part that unpacks to more than {MAX_RATIO} times its size")
            if entry.flag_bits & 1:
                raise FileError(f"{self.name} has a password; save it without one.")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise FileError(
                    f"{self.name} is compressed in a way that workbooks do not use; save it again as .xlsx."
                )

    def _refuse_open_document(self) -> None:
        if "mimetype" in self._parts:
            kind = next(self._chunks("mimetype", "its kind"), b"").decode("ascii", "replace")
            if kind.startswith(_OPEN_DOCUMENT):
                words = ".ods" if "spreadsheet" in kind else "not a spreadsheet"
                raise FileError(f"{self.name} is an OpenDocument file ({words}); save it as .xlsx.")

    def __contains__(self, part: str) -> bool:
        return _key(part) in self._parts

    def relations(self, part: str = "") -> dict[str, Relation]:
        """The parts that a part is in relation with, by the ids that it gives them; of the file itself without one."""
        folder, _, own = part.rpartition("/")
        relations = posixpath.join(folder, "_rels", f"{own}.rels")
        reader = _Relations(self, folder)
        if relations in self:
            self.read(relations, "its table of parts", reader)
        return reader.found

    def read(self, part: str, words: str, reader: Elements) -> None:
        """Lead a reader through the elements of a part, which a message calls by these words.

        By expat itself, of the standard library: it checks in C all that is to be checked, keeps nothing, and says
        of a document type and its entities before they can do harm. What is left are limits on what grows with
        the part, held after each chunk: names that expat keeps, elements not yet closed, a tag without an end.
        """
        parser = reader.parser = expat.ParserCreate()
        parser.buffer_text = True
        names: dict[str, str] = _LocalNames()
        opened = closed = fed = 0

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal opened
            opened += 1
            reader.start(names[tag], attributes)

        def end(tag: str) -> None:
            nonlocal closed
            closed += 1
            reader.end(names[tag])

        def refuse(*_: object) -> None:
            raise FileError(
                f"{self.name} is not read because it declares a document type, which no workbook does; "
                "save it again as .xlsx."
            )

        def declared(_: str, encoding: str | None, __: int) -> None:
            if (encoding or "utf-8").casefold() not in _ENCODINGS:
                raise self.damaged(f"{words} is in an encoding that workbooks do not use")

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
        parser.XmlDeclHandler = declared
        try:
            for chunk in self._chunks(part, words):
                fed += len(chunk)
                before = opened
                parser.Parse(chunk, False)
                self._stream(len(chunk))
                self.spend(opened - before)
                if (
                    opened - closed > MAX_DEPTH
                    or len(parser.intern) > MAX_NAMES
                    or fed - parser.CurrentByteIndex > MAX_TAG
                ):
                    raise self.damaged(f"{words} is not the XML of a workbook")
            parser.Parse(b"", True)
        except (expat.ExpatError, UnicodeDecodeError):
            raise self.damaged(f"{words} cannot be read") from None

    def _chunks(self, part: str, words: str) -> Iterator[bytes]:
        """The bytes of a part, unpacked piece by piece."""
        if part not in self:
            raise self.damaged(f"{words} is missing")
        try:
            with self._zip.open(self._parts[_key(part)]) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except _DAMAGES:
            raise self.damaged(f"{words} cannot be unpacked") from None

    def _stream(self, size: int) -> None:
        self._bytes -= size
        if self._bytes < 0:
            raise self.too_large(f"more than {MAX_STREAMED:,} bytes to read")

    def spend(self, elements: int) -> None:
        """Count elements, or other work of their kind."""
        self._elements -= elements
        if self._elements < 0:
            raise self.too_large(f"more than {MAX_ELEMENTS:,} XML elements to read")

    def keep_text(self, characters: int) -> None:
        """Count text that is kept."""
        self._text -= characters
        if self._text < 0:
            raise self.too_large(f"more than {MAX_TEXT:,} characters to read")

    def damaged(self, words: str) -> FileError:
        """Something in the file is not as it should be."""
        return FileError(f"{self.name} is damaged: {words}.")

    def too_large(self, words: str) -> FileError:
        """The file has more than will be read."""
        return FileError(f"{self.name} is too large: it has {words}.")


class _LocalNames(dict[str, str]):
    """Names of elements without their prefixes, worked out once: x:row → row."""

    def __missing__(self, tag: str) -> str:
        self[tag] = tag.rpartition(":")[2]
        return self[tag]


class _Relations(Elements):
    def __init__(self, package: Package, folder: str) -> None:
        super().__init__(package)
        self._folder = folder
        self.found: dict[str, Relation] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        target = attributes.get("Target", "")
        if name != "Relationship" or attributes.get("TargetMode") == "External" or len(target) > MAX_ATTRIBUTE:
            return
        if len(self.found) == MAX_PARTS:
            raise self._package.too_large(f"more than {MAX_PARTS:,} relations of one part")
        kind = attributes.get("Type", "").rpartition("/")[2]
        # A target that climbs out of the file is the name of no part; no other file is ever opened.
        path = posixpath.normpath(posixpath.join("/", self._folder, target.replace("\\", "/")))
        part = path if path in self._package else unquote(path)
        self.found[attributes.get("Id", "")[:MAX_ATTRIBUTE]] = Relation(kind[:MAX_ATTRIBUTE], part.lstrip("/"))


def _key(part: str) -> str:
    """What a part is found by."""
    return part.replace("\\", "/").lstrip("/").casefold()


def _what_else(file: bytes) -> str:
    """What a file that is no zip is."""
    if not file:
        return "empty"
    if file.startswith(b"\xd0\xcf\x11\xe0"):
        return "an old .xls workbook or has a password; save it as .xlsx without a password"
    if file.startswith(b"%PDF"):
        return "a PDF, not a workbook"
    if _GOOGLE.match(file[:1000]):
        return "a link to a Google Sheet; use File > Download > Microsoft Excel there to get an .xlsx workbook"
    if file.startswith((b"\xff\xfe", b"\xfe\xff")) or not file[:1000].translate(None, _TEXT):
        return "a text file (perhaps .csv), not a workbook; open it in a spreadsheet program and save it as .xlsx"
    return "not an .xlsx workbook"


_GOOGLE = re.compile(rb'\s*\{.*("doc_id"|https://docs\.google\.com/)', re.DOTALL)
"""What the desktop keeps in place of a document of Google's, a .gsheet file."""
_TEXT = bytes({*b"\t\n\f\r", *range(0x20, 0x100)} - {0x7F})
"""The bytes of text, whatever its encoding."""
