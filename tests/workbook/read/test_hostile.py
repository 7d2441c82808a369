"""Whatever a stranger hands in is read, or refused in one sentence, within 300 MB and 10 seconds."""

import functools
import importlib.util
import io
import random
import re
import struct
import subprocess
import sys
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from engines.cases import file
from workbook.bare import BOOK, BOOK_RELATIONS, SHEET, TEXTS, bare, book, parts, relations, sheet, zipped

from rnncalc.errors import FileError
from rnncalc.workbook.areas import Area
from rnncalc.workbook.read.opening import MAX_CELL_TEXT, MAX_ELEMENTS, MAX_PARTS
from rnncalc.workbook.read.reading import MAX_CELLS, MAX_DEFINED, StrangersFile

NAME = "homework.xlsx"
READ = "read"


def outcome(content: bytes, *areas: Area) -> str:
    """The sentence that a file is refused with, or that it was read; anything else is a failure."""
    try:
        opened = StrangersFile(content, NAME)
        found = opened.cells([*areas, *(area for area in opened.names.values() if area.rows * area.columns < 1000)])
    except FileError as error:
        sentence = str(error)
        assert re.fullmatch(rf"{re.escape(NAME)} [^\n]+\.", sentence), sentence
        assert sentence.isprintable()
        assert len(sentence) < 200
        return sentence
    for cell in found.values():
        for text in (cell.value, cell.formula):
            str(text).encode("utf-8")
    return READ


AREA = Area("S", 1, 1, 20, 10)


def refused(content: bytes, *areas: Area) -> str:
    """What is said of the file, without its name."""
    return outcome(content, *(areas or [AREA])).removeprefix(f"{NAME} ")


# ── what is no workbook ───────────────────────────────────────────────────────────────────────────────────────────

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
CALC = "application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty."),
        (OLE, "is an old .xls workbook or has a password; save it as .xlsx without a password."),
        (b"h_1,h_2\n0.5,0.25\n", "is a text file (perhaps .csv), not a workbook; open it in a spreadsheet program"),
        ("größe\n".encode("utf-16"), "is a text file (perhaps .csv), not a workbook; open it in a spreadsheet program"),
        (
            "größe\n".encode("latin-1"),
            "is a text file (perhaps .csv), not a workbook; open it in a spreadsheet program",
        ),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "is a PDF, not a workbook."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not an .xlsx workbook."),
        (bytes(10), "is not an .xlsx workbook."),
        (b"PK", "is damaged or incomplete; save or send it again."),
        (zipped({}), "is a zip file without a workbook in it."),
        (zipped({"h.txt": "0.5"}), "is a zip file without a workbook in it."),
        (zipped({"mimetype": CALC, "content.xml": ""}), "is an OpenDocument file (.ods); save it as .xlsx."),
        (
            zipped({"mimetype": CALC.replace("spreadsheet", "text")}),
            "is an OpenDocument file (not a spreadsheet); save it",
        ),
        (zipped({"word/document.xml": ""}), "is a text document (.docx), not a workbook."),
        (zipped({"ppt/presentation.xml": ""}), "is a presentation (.pptx), not a workbook."),
        (zipped({"xl/workbook.bin": ""}), "is a binary workbook (.xlsb); save it as .xlsx."),
        (zipped({"xl/workbook.xml": "<workbook/>"}), "has no sheet with cells."),
        (bytes(20_000_001), "is too large: it has 20,000,001 bytes, but at most 20,000,000 are read."),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_what_is_no_workbook_is_called_what_it_is(content, sentence):
    assert refused(content).startswith(sentence)


# ── the zip ───────────────────────────────────────────────────────────────────────────────────────────────────────


def patched(content: bytes, part: str, field: int, form: str, *values: int) -> bytes:
    """A zip with other words at a place of a part's entry in the table of contents."""
    place = next(
        m.start() for m in re.finditer(b"PK\1\2", content) if content[m.start() + 46 :].startswith(part.encode())
    )
    changed = bytearray(content)
    struct.pack_into(form, changed, place + field, *values)
    return bytes(changed)


PLAIN = bare('<row r="1"><c r="A1"><v>1</v></c></row>')
PACKED, SIZES, FLAGS, METHOD, LOCAL = 10, 20, 8, 10, 42
HUGE = zipped(parts("<row/>" * 2_000_000), zipfile.ZIP_DEFLATED)


def twice(name: str, other: str) -> bytes:
    """A workbook with two parts with the same name."""
    stored = io.BytesIO(PLAIN)
    with zipfile.ZipFile(stored, "a") as opened, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        opened.writestr(other, parts()[name])
    return stored.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (HUGE, "is too large: it has a part that unpacks to more than 200 times its size."),
        (patched(HUGE, SHEET, SIZES, "<II", 10_000, 5_000), "is damaged: sheet S cannot be unpacked."),
        (patched(PLAIN, SHEET, SIZES, "<II", 200, 4_000_000_000), "is too large: it has more than 100,000,000 bytes"),
        (patched(PLAIN, SHEET, SIZES, "<II", 4_000_000_000, 200), "is damaged: its parts overlap."),
        (patched(PLAIN, SHEET, SIZES, "<II", 50, 50), "is damaged: sheet S cannot be unpacked."),
        (patched(PLAIN, SHEET, FLAGS, "<H", 1), "has a password; save it without one."),
        (
            patched(PLAIN, SHEET, METHOD, "<H", 9),
            "is compressed in a way that workbooks do not use; save it again as .xlsx.",
        ),
        (
            zipped(parts(), zipfile.ZIP_LZMA),
            "is compressed in a way that workbooks do not use; save it again as .xlsx.",
        ),
        (patched(PLAIN, SHEET, LOCAL, "<I", 0), "is damaged: sheet S cannot be unpacked."),
        (patched(PLAIN, SHEET, LOCAL, "<I", 2**32 - 2), "is damaged: sheet S cannot be unpacked."),
        (twice(SHEET, SHEET), "is damaged: it has two parts with the same name."),
        (twice(SHEET, "XL/Sheet.xml"), "is damaged: it has two parts with the same name."),
        (zipped({str(i): "" for i in range(MAX_PARTS + 1)}), "is too large: it has more than 2,000 parts."),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_zip_that_lies_or_swells_is_refused(content, sentence):
    assert refused(content).startswith(sentence)


def test_a_zip_as_large_as_may_be_is_read():
    """The limits are no narrower than they say."""
    assert refused(zipped(parts() | {str(i): "" for i in range(MAX_PARTS - len(parts()))})) == READ
    assert refused(zipped(parts("<row/>" * 160_000), zipfile.ZIP_DEFLATED)) == READ


# ── the XML ───────────────────────────────────────────────────────────────────────────────────────────────────────

LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
DOCTYPES = {
    "billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>',
    "an external entity": '<!DOCTYPE a [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    "a parameter entity": '<!DOCTYPE a [<!ENTITY % l9 SYSTEM "http://example.org/"> %l9;]>',
    "an external type": '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
    "nothing": "<!DOCTYPE a>",
}
FULL = parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', texts="<si><t>&l9;</t></si>")
RICH = parts(
    '<row r="1" spans="1:3"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1"><f>A1*2</f><v>0.5</v></c>'
    '<c t="b"><v>1</v></c></row><row><c t="inlineStr"><is><r><t>a</t></r><rPh><t>b</t></rPh></is></c>'
    '<c r="B2" t="e"><f t="array" ref="B2:C3">X</f><v>#N/A</v></c></row>'
    '<row r="3"><c r="C3" t="str"><v>_x000D_</v></c></row>',
    names="<definedName name='h_1'>S!$A$1:$B$3</definedName>"
    "<definedName name='h_2' localSheetId='0'>S!$C$3</definedName>",
    texts="<si><t>one</t></si><si><r><t>two</t></r></si>",
)
WORDS = {
    "_rels/.rels": "its table of parts",
    BOOK_RELATIONS: "its table of parts",
    BOOK: "the list of its sheets",
    SHEET: "sheet S",
    TEXTS: "the table of its texts",
}


@pytest.mark.parametrize("kind", DOCTYPES)
@pytest.mark.parametrize("part", FULL)
def test_a_document_type_is_refused_in_every_part(part, kind):
    sentence = "is not read because it declares a document type, which no workbook does; save it again as .xlsx."
    assert refused(zipped(FULL | {part: DOCTYPES[kind] + FULL[part]})) == sentence


@pytest.mark.parametrize(
    "content", ["", "<a", "<a></b>", "<a>&none;</a>", "\0", "no XML", "<a/><a/>", "<a x='1' x='2'/>"]
)
@pytest.mark.parametrize("part", FULL)
def test_a_part_that_is_no_xml_is_named(part, content):
    assert (
        refused(zipped(FULL | {TEXTS: "<sst><si/></sst>"} | {part: content}))
        == f"is damaged: {WORDS[part]} cannot be read."
    )


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "shift_jis", "unicode_escape", "undefined", "nonsense"])
def test_an_encoding_that_workbooks_do_not_have(encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    sentence = "is damaged: sheet S is in an encoding that workbooks do not use."
    assert refused(zipped(FULL | {SHEET: head + FULL[SHEET]})) == sentence


def names(count: int) -> str:
    return "".join(f'<definedName name="n{i}">S!$A$1</definedName>' for i in range(count))


ODD = "is damaged: sheet S is not the XML of a workbook."
LONG = "is damaged: it has a text that is longer than a cell can hold."
STRING = '<row r="1"><c r="A1" t="str">{}</c></row>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bare("<a>" * 100_000), ODD),
        (bare(f'<a b="{"x" * 1_100_000}"/>'), ODD),
        (bare(f"<!-- {'x' * 1_100_000} -->"), ODD),
        (bare("".join(f"<a{i}/>" for i in range(9_000))), ODD),
        (bare("".join(f'<a b{i}=""/>' for i in range(9_000))), ODD),
        (bare(STRING.format(f"<v>{'x' * (MAX_CELL_TEXT + 1)}</v>")), LONG),
        (bare(STRING.format("<is>" + "<r><t>xxxxxxxxxx</t></r>" * 25_000 + "</is>")), LONG),
        (bare(names="<definedName name='n'>" + "x" * (MAX_CELL_TEXT + 1) + "</definedName>"), LONG),
        (bare(names=names(MAX_DEFINED + 1)), "is too large: it has more than 100,000 names."),
        (bare("<row>" + "<c/>" * 16_385 + "</row>"), "is damaged: sheet S cannot be read."),
        (bare("<row r='five'/>"), "is damaged: sheet S cannot be read."),
        (bare("<row r='-1'/>"), "is damaged: sheet S cannot be read."),
        (bare(f"<row r='{'9' * 5000}'/>"), "is damaged: sheet S cannot be read."),
        (bare("<row><c r='?'/><c/></row>"), "is damaged: sheet S cannot be read."),
        (bare(f"<row><c r='{'A' * 100_000}1'/><c/></row>"), "is damaged: sheet S cannot be read."),
        (
            bare("<row><c r='A1' t='s'><v>1</v></c></row>", texts="<si/>"),
            "is damaged: the text of a cell of sheet S is",
        ),
        (bare("<row><c r='A1' t='s'><v>-1</v></c></row>", texts="<si/>"), "is damaged: sheet S cannot be read."),
        (bare("<row><c r='A1' t='s'><v>1.5</v></c></row>", texts="<si/>"), "is damaged: sheet S cannot be read."),
        (zipped(FULL | {BOOK: book("S", "s")}), "is damaged: the names of its sheets are not valid."),
        (zipped(FULL | {BOOK: book("x" * 1000)}), "is damaged: the names of its sheets are not valid."),
        (zipped(FULL | {BOOK: book(*map(str, range(2001)))}), "is damaged: the names of its sheets are not valid."),
        (zipped(FULL | {BOOK_RELATIONS: relations(*[("s", "x", "y")] * 2001)}), "is damaged: sheet S is missing."),
        (
            zipped(FULL | {BOOK_RELATIONS: relations(*[(f"x{i}", "x", "y") for i in range(2001)])}),
            "is too large: it has more than 2,000 relations of one part.",
        ),
    ],
    ids=lambda value: value[12:40] if isinstance(value, str) else "",
)
def test_xml_that_no_spreadsheet_program_writes_is_refused(content, sentence):
    assert refused(content).startswith(sentence)


def test_what_is_as_long_as_may_be_is_read():
    """The limits are no narrower than they say."""
    assert refused(bare(STRING.format(f"<v>{'x' * MAX_CELL_TEXT}</v>"))) == READ
    assert refused(bare("<row>" + "<c/>" * 16_384 + "</row>")) == READ
    assert refused(bare("<a>" * 190 + "</a>" * 190)) == READ
    assert refused(bare(f'<a b="{"x" * 900_000}"/>')) == READ
    assert refused(bare(names=names(MAX_DEFINED))) == READ


def test_more_cells_than_may_be_read_are_refused_before_any_work():
    opened = StrangersFile(bare(names="<definedName name='all'>S!$A$1:$XFD$1048576</definedName>"), NAME)
    for areas in ([opened.names["all"]], [Area("S", 1, 1, 1000, 100)] * 3):
        with pytest.raises(FileError, match=rf"^{NAME} is too large: it has more than {MAX_CELLS:,} cells to read\.$"):
            opened.cells(areas)


def test_reading_again_and_again_has_an_end():
    """What is spent counts for the file, not for each reading."""
    opened = StrangersFile(bare("<a/>" * 1_000_000), NAME)
    for _ in range(MAX_ELEMENTS // 1_000_000 - 1):
        assert opened.cells([AREA]) == {}
    with pytest.raises(FileError, match=f"it has more than {MAX_ELEMENTS:,} XML elements to read"):
        opened.cells([AREA])


# ── parts that point elsewhere ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "target",
    [
        "../../../../../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://example.org/sheet.xml",
        "\\\\server\\sheet.xml",
        "C:\\sheet.xml",
        "..%2f..%2fsheet.xml",
        "%00",
        "",
        ".",
        "xl",
        "x" * 100_000,
    ],
    ids=lambda value: value[:30],
)
def test_a_target_outside_the_file_is_missing(target):
    content = zipped(FULL | {BOOK_RELATIONS: relations(("s1", "worksheet", target))})
    assert refused(content) == "is damaged: sheet S is missing."


def test_a_file_beside_it_is_never_read(tmp_path, monkeypatch):
    """Not even when the target is right for the folder that the program runs in."""
    (tmp_path / "secret.xml").write_text(sheet("<row><c><v>1</v></c></row>"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for target in ("secret.xml", "/secret.xml", "../secret.xml", (tmp_path / "secret.xml").as_uri()):
        content = zipped(FULL | {BOOK_RELATIONS: relations(("s1", "worksheet", target))})
        assert refused(content) == "is damaged: sheet S is missing."


def test_an_external_target_is_not_followed():
    external = relations(("s1", "worksheet", "sheet.xml")).replace("/></", ' TargetMode="External"/></')
    assert refused(zipped(FULL | {BOOK_RELATIONS: external})) == "is damaged: sheet S is missing."


def test_parts_that_point_at_one_another_are_read_once():
    circle = relations(("s1", "worksheet", "workbook.xml"), ("t", "sharedStrings", "workbook.xml"))
    assert refused(zipped(FULL | {BOOK_RELATIONS: circle})) == READ
    itself = relations(("r1", "officeDocument", "_rels/.rels"))
    assert refused(zipped(FULL | {"_rels/.rels": itself})) == "has no sheet with cells."


@pytest.mark.parametrize("part", FULL)
def test_a_missing_part(part):
    said = {
        "_rels/.rels": READ,
        BOOK: "is a zip file without a workbook in it.",
        BOOK_RELATIONS: "is damaged: sheet S is missing.",
        SHEET: "is damaged: sheet S is missing.",
        TEXTS: "is damaged: the table of its texts is missing.",
    }
    assert refused(zipped({name: text for name, text in RICH.items() if name != part})) == said[part]


def test_a_title_cannot_break_the_sentence():
    content = zipped(FULL | {BOOK: book("a&#10;b&#x9b;c&#x202e;" + "x" * 100), SHEET: "<a"})
    opened = StrangersFile(content, NAME)
    assert (
        refused(content, Area(opened.sheets[0], 1, 1, 1, 1))
        == f"is damaged: sheet a↵bU+009BcU+202E{'x' * 14}… cannot be read."
    )


# ── by the hundred ────────────────────────────────────────────────────────────────────────────────────────────────

EXPORTED = file("hello", "matrix")
NONSENSE = (
    "", "0", "-1", "1e999", "9" * 30, "NaN", "A0", "XFD1048576", "XFE1048577", "A1:XFD1048576", "#REF!", "S!A1:B2",
    "External", "array", "shared", "s", "inlineStr", "../..", "/", "\u202e", "😀", "&lt;", "&#1114111;", "_xD800_",
)  # fmt: skip


def shortened(chance: random.Random) -> bytes:
    return EXPORTED[: chance.randrange(len(EXPORTED))]


def flipped(chance: random.Random) -> bytes:
    content = bytearray(EXPORTED)
    for _ in range(chance.choice((1, 1, 10))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def flipped_inside(chance: random.Random) -> bytes:
    """Bits of a part's XML: the zip around it is sound."""
    part = chance.choice(list(RICH))
    content = bytearray(RICH[part].encode())
    for _ in range(chance.choice((1, 1, 5))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return zipped(RICH | {part: bytes(content)})


def cut_inside(chance: random.Random) -> bytes:
    part = chance.choice(list(RICH))
    first, last = sorted(chance.randrange(len(RICH[part])) for _ in range(2))
    return zipped(RICH | {part: RICH[part][:first] + RICH[part][last:]})


def nonsense(chance: random.Random) -> bytes:
    """Well-formed, but with other values of attributes and other texts."""
    part = chance.choice(list(RICH))
    pieces = re.split(r"((?<==\")[^\"]*(?=\")|(?<==')[^']*(?=')|(?<=>)[^<]+(?=<))", RICH[part])
    for _ in range(chance.choice((1, 2, 4))):
        pieces[chance.randrange(len(pieces) // 2) * 2 + 1] = chance.choice(NONSENSE)
    return zipped(RICH | {part: "".join(pieces)})


def shuffled(chance: random.Random) -> bytes:
    """Elements in other places."""
    part = chance.choice(list(RICH))
    pieces = re.findall(r"<[^>]*>|[^<]+", RICH[part])
    one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    pieces[one], pieces[other] = pieces[other], pieces[one]
    return zipped(RICH | {part: "".join(pieces)})


def exchanged(chance: random.Random) -> bytes:
    """Parts under the names of others."""
    names = list(RICH)
    chance.shuffle(names)
    return zipped(dict(zip(names[: chance.randint(1, 5)], RICH.values(), strict=False)))


def noise(chance: random.Random) -> bytes:
    return chance.choice((b"", b"PK\3\4", b"PK\5\6", b"<?xml")) + chance.randbytes(chance.randrange(2000))


@pytest.mark.parametrize(
    ("mutation", "times", "least_read", "least_refused"),
    [
        (shortened, 300, 0, 300),
        (flipped, 300, 10, 150),
        (flipped_inside, 600, 100, 200),
        (cut_inside, 400, 5, 300),
        (nonsense, 600, 100, 100),
        (shuffled, 300, 5, 100),
        (exchanged, 300, 0, 200),
        (noise, 200, 0, 200),
    ],
)
def test_mutated_files_are_read_or_refused_in_a_sentence(mutation, times, least_read, least_refused):
    counted = Counter(outcome(mutation(random.Random(seed)), AREA) == READ for seed in range(times))
    assert counted[True] >= least_read
    assert counted[False] >= least_refused


# ── the worst ─────────────────────────────────────────────────────────────────────────────────────────────────────

MEGABYTES, SECONDS = 300, 60
"""What the process that reads one gets: memory, and seconds of its own work, whatever else the machine does."""

CHILD = f"""
import resource, signal, sys
resource.setrlimit(resource.RLIMIT_AS, ({MEGABYTES}_000_000,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS},) * 2)
from rnncalc.errors import FileError
from rnncalc.workbook.areas import Area
from rnncalc.workbook.read.reading import StrangersFile
content = open(sys.argv[1], "rb").read()
try:
    opened = StrangersFile(content, {NAME!r})
    print("read", len(opened.cells([Area("S", 1, 1, 7692, 26)])))
except FileError as error:
    print(error)
"""


@functools.cache
def padding() -> str:
    """What does not pack well, so that what does may stand beside it."""
    return f"<!--{random.Random(1).randbytes(450_000).hex()}-->"


def packed(rows: str, **others: str) -> bytes:
    """The file of a sheet and other parts, the ratio of each just below what is refused."""
    pieces = parts(padding() + rows, **others)
    return zipped(pieces, zipfile.ZIP_DEFLATED, level=1)


def grid(cell: str) -> str:
    """As many cells as may be read; what stands in each is written with its number."""
    lines = (
        "".join(cell.format(address=f"{chr(65 + j)}{i}", number=26 * i + j) for j in range(26)) for i in range(1, 7693)
    )
    return "".join(f'<row r="{i}">{line}</row>' for i, line in enumerate(lines, 1))


def many(element: str, count: int) -> str:
    """An element as often, each time with its number."""
    return "".join(element.format(number=i) for i in range(count))


WIDE = "😀" + "x" * 30
"""One such letter makes all of a text four bytes wide."""
WIDE_CELL = f'<c r="{{address}}" t="s"><f>{{number}}{WIDE}</f><v>{{number}}</v></c>'
WIDE_TEXT = f"<si><t>{{number}}{WIDE}</t></si>"
WIDE_NAME = f'<definedName name="{{number}}{"😀" * 200}">{"😀" * 100}</definedName>'

WORST: dict[str, tuple[Callable[[], bytes], str]] = {
    "a million rows of junk": (
        lambda: packed('<row r="5"><c r="ZZ5" s="3"/><c r="A" t="n"/></row>' * 1_000_000),
        "read 0",
    ),
    "as many elements as may be": (lambda: packed("<row><c/></row>" * 1_990_000), "read 7692"),
    "places that are not written": (lambda: packed('<row><c r="ZZ1"/><c/></row>' * 1_330_000), "read 0"),
    "a hundred million lines": (lambda: packed("\n" * 97_000_000), "read 0"),
    "millions of comments": (lambda: packed("<!---->" * 13_000_000), "read 0"),
    "arrays over everything": (
        lambda: packed(("<row>" + '<c><f t="array" ref="A1:XFD1048576"/></c>' * 16_000 + "</row>") * 100),
        "XML elements",
    ),
    "as many cells as may be": (lambda: packed(grid(WIDE_CELL), texts=many(WIDE_TEXT, 200_100)), "read 199992"),
    "wide names": (lambda: packed("", names=padding() + many(WIDE_NAME, 70_000)), "read 0"),
}


@pytest.mark.skipif(importlib.util.find_spec("resource") is None, reason="only POSIX limits a process")
@pytest.mark.parametrize("name", WORST)
def test_the_worst_files_take_no_more_than_they_may(tmp_path, name):
    make, expected = WORST[name]
    path: Path = tmp_path / "worst.xlsx"
    path.write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", CHILD, path], capture_output=True, encoding="utf-8", timeout=10 * SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    assert expected in done.stdout
