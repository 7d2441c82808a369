"""Cells are read as they stand, whoever wrote the file: values and formulas, by name or by place."""

import io
import subprocess
import sys
from pathlib import Path
from time import process_time

import numpy as np
import openpyxl
import pytest
from engines.cases import CASES, STYLES, file, package
from engines.engines import ENGINES, equal
from engines.package import split
from openpyxl.workbook.defined_name import DefinedName
from workbook.bare import BOOK, BOOK_RELATIONS, MAIN, OFFICE, SHEET, bare, book, parts, relations, sheet, zipped

from rnncalc.errors import FileError
from rnncalc.network.pictures import letter_picture
from rnncalc.workbook.areas import Area, Cell
from rnncalc.workbook.read.reading import Found, StrangersFile, parse_area

NUMBERS = ["hello", "matrix Whh", "scalar Whh", "16 units", "clip_norm below the norm", "no targets"]
LETTERS = ["emoji", "markup", "wildcards", "'1TRUE", "newlines, tabs and control characters"]


def read(file: bytes, *places: str) -> list[Found | None]:
    """What stands at some places of a file."""
    opened = StrangersFile(file, "homework.xlsx")
    areas = [parse_area(place, opened.sheets) for place in places]
    found = opened.cells(areas)
    return [found.get(area.cell(0, 0)) for area in areas]


def cells(area: Area) -> list[list[Cell]]:
    """The cells of an area, rows by columns."""
    return [[area.cell(i, j) for j in range(area.columns)] for i in range(area.rows)]


def numbers(found: dict[Cell, Found], area: Area) -> np.ndarray:
    """The numbers of an area; all of them are there and are numbers."""
    values = [[found[cell].value for cell in row] for row in cells(area)]
    assert {type(value) for row in values for value in row} == {float}
    return np.array(values)


# ── workbooks of rnncalc ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", NUMBERS)
def test_every_quantity_of_an_exported_workbook_comes_back(name, style):
    opened, trace = StrangersFile(file(name, style), "homework.xlsx"), CASES[name].trace()
    found = opened.cells(opened.names.values())
    for q in trace.values():
        assert np.array_equal(numbers(found, opened.names[q.name.casefold()]), q.value), q.name
    assert opened.lost == {}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", ["hello", *LETTERS])
def test_every_cell_is_what_another_reader_finds(name, style):
    """The other is ElementTree on the whole file; a cell under an array's formula has an equals sign alone."""
    opened, other = StrangersFile(file(name, style), "homework.xlsx"), package(name, style)
    formulas = dict.fromkeys(other.calculated(), "=")
    formulas |= {(title, address): f"={text}" for title, address, text in other.formulas()}
    for title, others in other.cells.items():
        columns, rows = zip(*map(split, others), strict=True)
        found = opened.cells([Area(title, 1, 1, max(rows), max(columns))])
        assert {cell.address(title): (value, formula) for cell, (value, formula, *_) in found.items()} == {
            address: (other.value(title, address), formulas.get((title, address), "")) for address in others
        }


@pytest.mark.parametrize("name", LETTERS)
def test_letters_of_all_kinds_come_back(name):
    opened, vocabulary = StrangersFile(file(name, "cells"), "homework.xlsx"), CASES[name].problem.vocabulary
    area = opened.names["vocabulary"]
    found = opened.cells([area])
    assert [found[cell].value for cell in sorted(found)] == [letter_picture(letter) for letter in vocabulary]


def test_hello_is_read_without_openpyxl():
    opened = StrangersFile(file("hello", "cells"), "homework.xlsx")
    assert len(opened.cells(opened.names.values())) > 400
    code = "import sys, rnncalc.workbook.read.reading; print({'openpyxl', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "set()\n"


# ── workbooks of other programs ───────────────────────────────────────────────────────────────────────────────────


def saved(engine: str, folder: Path, content: bytes) -> bytes:
    """A workbook as another program saves it, the values calculated by it."""
    path = folder / "book.xlsx"
    path.write_bytes(content)
    ENGINES[engine]([path])
    return {"libreoffice": folder / "out" / "book.xlsx", "gnumeric": folder / "book.out.xlsx"}[engine].read_bytes()


each_program = pytest.mark.parametrize("engine", ["libreoffice", "gnumeric"])


@pytest.mark.parametrize("style", STYLES)
@each_program
def test_what_another_program_saved_is_read(tmp_path, engine, style):
    opened = StrangersFile(saved(engine, tmp_path, file("hello", style)), "homework.xlsx")
    found = opened.cells(opened.names.values())
    for q in CASES["hello"].trace().values():
        area = opened.names[q.name.casefold()]
        assert equal(q, numbers(found, area)), q.name
        is_given = q.rule is None and not q.step
        assert {found[cell].formula[:1] for row in cells(area) for cell in row} == {"" if is_given else "="}, q.name


@each_program
def test_titles_letters_and_names_that_another_program_saved_are_read(tmp_path, engine):
    made = openpyxl.Workbook()
    made.active.title = "First"
    sheet = made.create_sheet("Ö & new!")
    texts = ["<&\">'", " a ", "'", "😀", "=1", "two\nlines"]
    for row, text in enumerate(texts, 3):
        sheet.cell(row, 2, text).data_type = "s"
    made.defined_names["Texts"] = DefinedName("Texts", attr_text="'Ö & new!'!$B$3:$B$8")
    made.save(stored := io.BytesIO())
    opened = StrangersFile(saved(engine, tmp_path, stored.getvalue()), "homework.xlsx")
    assert opened.sheets == ["First", sheet.title]
    assert opened.names["texts"] == Area(sheet.title, 3, 2, 6, 1)
    assert opened.cells([opened.names["texts"]]) == {
        Cell(sheet.title, row, 2): Found(text, "", False) for row, text in enumerate(texts, 3)
    }


def test_what_openpyxl_saved_is_read():
    made = openpyxl.Workbook()
    made.active.title = "It's mine"
    made.active.append([1.5, "a\nb ", True, "=A1*2", "#N/A", None])
    made.defined_names["h_2"] = DefinedName("h_2", attr_text="'It''s mine'!$A$1:$B$1")
    made.save(stored := io.BytesIO())
    opened = StrangersFile(stored.getvalue(), "homework.xlsx")
    assert opened.sheets == ["It's mine"]
    assert opened.names == {"h_2": Area("It's mine", 1, 1, 1, 2)}
    assert opened.cells([Area("It's mine", 1, 1, 2, 9)]) == {
        Cell("It's mine", 1, 1): Found(1.5, "", False),
        Cell("It's mine", 1, 2): Found("a\nb ", "", False),
        Cell("It's mine", 1, 3): Found(True, "", False),
        Cell("It's mine", 1, 4): Found(None, "=A1*2", False),
        Cell("It's mine", 1, 5): Found("#N/A", "", True),
    }


# ── one cell ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<v>0.5</v>", 0.5),
        ("<v> -1.5E-3\n</v>", -0.0015),
        ('" t="n"><v>7</v>', 7.0),
        ("<v/>", None),
        ("<v> </v>", None),
        ("", None),
        ("<v>NaN</v>", "NaN"),
        ("<v>INF</v>", "INF"),
        ("<v>1e999</v>", "1e999"),
        ("<v>1_000</v>", "1_000"),
        ("<v>٣</v>", "٣"),
        ("<v> 0,5 </v>", " 0,5 "),
        ('" t="b"><v>1</v>', True),
        ('" t="b"><v>0</v>', False),
        ('" t="b"><v>2</v>', "2"),
        ('" t="d"><v>2024-02-29</v>', "2024-02-29"),
        ('" t="str"><v></v>', ""),
        ('" t="str"><v>0.5</v>', "0.5"),
        ('" t="str"><f>A1</f>', None),
        ('" t="s"><v> 1 </v>', "second"),
        ('" t="s"><v>2</v>', "rich text"),
        ('" t="s"><v>3</v>', "漢字"),
        ('" t="s"><v>4</v>', ""),
        ('" t="s"/>', None),
        ('" t="inlineStr"><is><t xml:space="preserve"> a </t></is>', " a "),
        ('" t="inlineStr"><is><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r></is>', "ab"),
        ('" t="inlineStr"><is><t>漢字</t><rPh sb="0" eb="2"><t>かんじ</t></rPh><phoneticPr/></is>', "漢字"),
        ('" t="inlineStr"><is><t><![CDATA[<&>]]></t></is>', "<&>"),
        ('" t="str"><v>a_x000D__x000a_b</v>', "a\r\nb"),
        ('" t="str"><v>_x005F_x000D_ _x00 _x000G_</v>', "_x000D_ _x00 _x000G_"),
        ('" t="str"><v>_xD83D__xDE00_ _xD83D_</v>', "😀 \ufffd"),
        ('" t="new"><v>?</v>', "?"),
    ],
)
def test_what_is_stored_is_read_by_its_kind(cell, value):
    texts = (
        "<si><t>first</t></si><si><t>second</t></si><si><r><t>rich </t></r><r><t>text</t></r></si>"
        "<si><t>漢字</t><rPh sb='0' eb='2'><t>かんじ</t></rPh></si><si/>"
    )
    rest = cell if cell.startswith('"') else f'">{cell}'
    end = "" if cell.endswith('"/>') else "</c>"
    (found,) = read(bare(f'<row r="4"><c r="B4{rest}{end}</row>', texts=texts), "S!B4")
    assert found.value == value
    assert type(found.value) is type(value)
    assert not found.error


def test_an_error_is_told_from_a_text_of_the_same_words():
    rows = '<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B1" t="str"><v>#DIV/0!</v></c></row>'
    assert read(bare(rows), "S!A1", "S!B1") == [Found("#DIV/0!", "=1/0", True), Found("#DIV/0!", "", False)]


def test_formulas_are_given_as_they_stand():
    rows = (
        '<row r="1"><c r="A1"><f>B1&lt;2</f><v>1</v></c><c r="B1"><f t="shared" ref="B1:C1" si="0">A1*2</f><v>2</v></c>'
        '<c r="C1"><f t="shared" si="0"/><v>4</v></c><c r="D1"><f>=A1</f></c><c r="E1"><v>5</v></c></row>'
    )
    found = read(bare(rows), "S!A1", "S!B1", "S!C1", "S!D1", "S!E1")
    assert [cell.formula for cell in found] == ["=B1<2", "=A1*2", "=", "=A1", ""]
    assert [cell.value for cell in found] == [1, 2, 4, None, 5]


@pytest.mark.parametrize("kind", ["array", "dataTable"])
@pytest.mark.parametrize("wanted", [("S!B2", "S!C3", "S!D3"), ("S!C3", "S!D3"), ("S!A1:XFD10", "S!C3", "S!D3")])
def test_cells_under_an_array_have_a_formula_whether_its_first_cell_is_wanted_or_not(kind, wanted):
    rows = (
        f'<row r="2"><c r="B2"><f t="{kind}" ref="B2:C3">X</f><v>1</v></c><c r="C2"><v>2</v></c></row>'
        '<row r="3"><c r="B3"><v>3</v></c><c r="C3"><v>4</v></c><c r="D3"><v>5</v></c></row>'
    )
    assert [cell.formula for cell in read(bare(rows), *wanted)[-2:]] == ["=", ""]
    assert read(bare(rows), "S!B2")[0].formula == "=X"


# ── where cells stand ─────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_and_cells_without_an_address_follow_the_last():
    rows = (
        "<row><c><v>1</v></c><c><v>2</v></c></row>"  # A1 B1
        '<row r="5"><c><v>3</v></c><c r="Z5"><v>4</v></c><c><v>5</v></c></row>'  # A5 Z5 AA5
        "<row><c/><c><v>6</v></c></row>"  # A6 B6
        '<row><c r="C9"><v>7</v></c><c><v>8</v></c></row>'  # C9 D9
        "<row><c><v>9</v></c></row>"  # A10
    )
    places = ["S!A1", "S!B1", "S!A5", "S!Z5", "S!AA5", "S!B6", "S!C9", "S!D9", "S!A10"]
    found = read(bare(rows), *places)
    assert [cell.value for cell in found] == list(range(1, 10))


def test_only_cells_that_are_asked_for_are_read_and_absent_ones_are_absent():
    opened = StrangersFile(bare('<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row>'), "homework.xlsx")
    assert opened.cells([Area("S", 1, 1, 1, 2), Area("T", 1, 1, 1, 1)]) == {Cell("S", 1, 1): Found(1, "", False)}
    assert opened.cells([]) == {}


def test_cells_of_several_sheets_are_kept_apart():
    pieces = parts() | {
        BOOK: book("One", "Two"),
        BOOK_RELATIONS: relations(("s2", "worksheet", "sheet.xml"), ("s1", "worksheet", "other.xml")),
        SHEET: sheet('<row><c t="str"><v>two</v></c></row>'),
        "xl/other.xml": sheet('<row><c t="str"><v>one</v></c></row>'),
    }
    assert [cell.value for cell in read(zipped(pieces), "Two!A1", "One!A1")] == ["two", "one"]


def test_a_lone_cell_at_the_end_of_the_grid_and_a_false_dimension_cost_nothing():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    pieces = parts(rows)
    pieces[SHEET] = pieces[SHEET].replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    begin = process_time()
    assert [cell.value for cell in read(zipped(pieces), "S!A1", "S!XFD1048576")] == [1, 2]
    assert process_time() - begin < 5  # to walk over the grid takes hours


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_names_stand_for_rectangles_and_the_others_are_lost():
    names = (
        "<definedName name='h_2'>'It''s new'!$B$6:$B$8</definedName><definedName name='Whh'>t!C3:A1</definedName>"
        "<definedName name='gone'>#REF!</definedName><definedName name='two'>T!$A$1,T!$B$2</definedName>"
        "<definedName name='column'>T!$A:$A</definedName><definedName name='far'>[1]T!$A$1</definedName>"
        "<definedName name='constant'>0.1</definedName><definedName name='empty'/>"
        "<definedName name='_xlnm.Print_Titles'>T!$1:$2</definedName>"
    )
    pieces = parts() | {
        BOOK: book("It's new", "T", names=names),
        BOOK_RELATIONS: relations(("s1", "worksheet", "sheet.xml"), ("s2", "worksheet", "sheet.xml")),
    }
    opened = StrangersFile(zipped(pieces), "homework.xlsx")
    assert opened.sheets == ["It's new", "T"]
    assert opened.names == {"h_2": Area("It's new", 6, 2, 3, 1), "whh": Area("T", 1, 1, 3, 3)}
    assert opened.lost == {
        "gone": "#REF!",
        "two": "T!$A$1,T!$B$2",
        "column": "T!$A:$A",
        "far": "[1]T!$A$1",
        "constant": "0.1",
        "empty": "",
    }


def test_a_sheets_own_name_counts_where_the_workbook_has_none():
    names = (
        "<definedName name='H_2' localSheetId='0'>S!$A$1</definedName><definedName name='h_2'>S!$B$2</definedName>"
        "<definedName name='h_3' localSheetId='0'>S!$C$3</definedName>"
    )
    opened = StrangersFile(bare(names=names), "homework.xlsx")
    assert opened.names == {"h_2": Area("S", 2, 2, 1, 1), "h_3": Area("S", 3, 3, 1, 1)}


@pytest.mark.parametrize("broken", ["#REF!", "S!#REF!", "Gone!$A$1", ""])
def test_a_sheets_own_name_counts_where_the_workbooks_is_broken(broken):
    """As in a copied sheet whose first one was deleted."""
    own = "<definedName name='h_2' localSheetId='0'>S!$A$1</definedName>"
    of_the_book = f"<definedName name='h_2'>{broken}</definedName>"
    for names in (own + of_the_book, of_the_book + own):
        opened = StrangersFile(bare(names=names), "homework.xlsx")
        assert (opened.names, opened.lost) == ({"h_2": Area("S", 1, 1, 1, 1)}, {})


def test_of_two_sheets_own_names_the_one_that_is_whole_counts():
    broken = "<definedName name='h_2' localSheetId='1'>#REF!</definedName>"
    whole = "<definedName name='h_2' localSheetId='0'>S!$A$1</definedName>"
    for names in (broken + whole, whole + broken):
        assert StrangersFile(bare(names=names), "homework.xlsx").names == {"h_2": Area("S", 1, 1, 1, 1)}


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("Sheet1!B4:B6", Area("Sheet1", 4, 2, 3, 1)),
        ("sheet1!$b$4:$B6", Area("Sheet1", 4, 2, 3, 1)),
        ("Sheet1!B4", Area("Sheet1", 4, 2, 1, 1)),
        (" Sheet1!B4 ", Area("Sheet1", 4, 2, 1, 1)),
        ("Sheet1!D6:B4", Area("Sheet1", 4, 2, 3, 3)),
        ("Sheet1!B6:D4", Area("Sheet1", 4, 2, 3, 3)),
        ("'Sheet1'!A1", Area("Sheet1", 1, 1, 1, 1)),
        ("'my sheet'!$AA$1:$AB$2", Area("My sheet", 1, 27, 2, 2)),
        ("'O''Brien'!A1:C3", Area("O'Brien", 1, 1, 3, 3)),
        ("'a!b'!A1", Area("a!b", 1, 1, 1, 1)),
        ("Sheet1!XFD1048576", Area("Sheet1", 1048576, 16384, 1, 1)),
        ("Sheet1!XFE1", None),
        ("Sheet1!A1048577", None),
        ("Sheet1!A0", None),
        ("Sheet1!A1:", None),
        ("Sheet1!A", None),
        ("Sheet1!1:2", None),
        ("Sheet1!R1C1", None),
        ("Sheet1!A1,Sheet1!B2", None),
        ("Sheet2!A1", None),
        ("Sheet1:My sheet!A1", None),
        ("[1]Sheet1!A1", None),
        ("A1", None),
        ("#REF!", None),
        ("#REF!A1", None),
        ("'", None),
        ("!", None),
        ("", None),
        ("Sheet1!A٣", None),
    ],
)
def test_a_reference_is_read_as_a_rectangle_or_is_none(text, area):
    assert parse_area(text, ["Sheet1", "My sheet", "O'Brien", "a!b"]) == area


@pytest.mark.parametrize("place", [Area("a'b c", 5, 2, 3, 4), Area("Inputs", 1, 16384, 1, 1)])
def test_what_is_read_is_what_a_name_is_written_as(place):
    quoted = place._replace(sheet="'" + place.sheet.replace("'", "''") + "'")
    assert parse_area(quoted.address(), [place.sheet]) == place


# ── how the parts hang together ───────────────────────────────────────────────────────────────────────────────────

ONE = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
TEXT = "<si><t>here</t></si>"


def test_the_strict_namespaces_are_read():
    strict = {
        name: text.replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships").replace(
            MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"
        )
        for name, text in parts(ONE, texts=TEXT).items()
    }
    assert read(zipped(strict), "S!A1")[0].value == "here"


def test_prefixes_may_be_any():
    pieces = parts()
    pieces[SHEET] = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="str"><x:f>B1</x:f>'
        "<x:v>here</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    pieces[BOOK] = f'<q:workbook xmlns:q="{MAIN}" xmlns:rel="{OFFICE}"><q:sheets><q:sheet name="S" rel:id="s1"/>'
    pieces[BOOK] += "</q:sheets></q:workbook>"
    assert read(zipped(pieces), "S!A1") == [Found("here", "=B1", False)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings_of_xml_are_read(encoding):
    pieces: dict[str, str | bytes] = dict(parts(ONE, texts=TEXT))
    said = encoding.removesuffix("-sig")
    pieces["xl/texts.xml"] = f'<?xml version="1.0" encoding="{said}"?><sst><si><t>ça</t></si></sst>'.encode(encoding)
    assert read(zipped(pieces), "S!A1")[0].value == "ça"


@pytest.mark.parametrize(
    "target", ["sheet.xml", "/xl/sheet.xml", "../xl/sheet.xml", "./SHEET.xml", "..\\xl\\sheet.xml", "%73heet.xml"]
)
def test_a_part_is_found_however_it_is_written(target):
    pieces = parts(ONE, texts=TEXT)
    pieces[BOOK_RELATIONS] = relations(("s1", "worksheet", target), ("t", "sharedStrings", "texts.xml"))
    assert read(zipped(pieces), "S!A1")[0].value == "here"


def test_the_workbook_may_have_another_name_and_the_texts_a_usual_place():
    pieces = parts(ONE, texts=TEXT)
    pieces["_rels/.rels"] = relations(("r1", "officeDocument", "/main.xml"))
    pieces["main.xml"] = pieces.pop(BOOK)
    pieces["_rels/main.xml.rels"] = relations(("s1", "worksheet", "xl/sheet.xml"))
    pieces["xl/sharedStrings.xml"] = pieces.pop("xl/texts.xml")
    del pieces[BOOK_RELATIONS]
    assert read(zipped(pieces), "S!A1")[0].value == "here"


def test_without_the_files_own_relations_the_workbook_is_where_it_always_is():
    pieces = parts(ONE, texts=TEXT)
    del pieces["_rels/.rels"]
    assert read(zipped(pieces), "S!A1")[0].value == "here"


def test_sheets_that_are_charts_are_left_out():
    pieces = parts(ONE, texts=TEXT)
    pieces[BOOK] = book("Chart", "S", names="<definedName name='h'>Chart!$A$1</definedName>")
    pieces[BOOK_RELATIONS] = relations(
        ("s1", "chartsheet", "chart.xml"), ("s2", "worksheet", "sheet.xml"), ("t", "sharedStrings", "texts.xml")
    )
    opened = StrangersFile(zipped(pieces), "homework.xlsx")
    assert opened.sheets == ["S"]
    assert opened.lost == {"h": "Chart!$A$1"}
    assert read(zipped(pieces), "S!A1")[0].value == "here"


def test_what_is_wrong_with_a_sheet_that_is_not_wanted_does_not_matter():
    pieces = parts(ONE, texts=TEXT)
    pieces[BOOK] = book("S", "Other")
    pieces[BOOK_RELATIONS] = relations(
        ("s1", "worksheet", "sheet.xml"), ("s2", "worksheet", "other.xml"), ("t", "sharedStrings", "texts.xml")
    )
    pieces["xl/other.xml"] = "<worksheet"
    assert read(zipped(pieces), "S!A1")[0].value == "here"
    with pytest.raises(FileError, match=r"^homework\.xlsx is damaged: sheet Other cannot be read\.$"):
        read(zipped(pieces), "Other!A1")
