"""Cells that are odd but legal XML, every combination of a kind: read as openpyxl reads them."""

import io
from itertools import product

import openpyxl
import pytest
from workbook.bare import BOOK, SHEET, parts, zipped
from workbook.bare import TEXTS as TEXTS_PART

from rnncalc.workbook.read.reading import Found, StrangersFile, parse_area

OPENXML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + "".join(
        f'<Override PartName="/{part}" ContentType="{OPENXML}.{kind}+xml"/>'
        for part, kind in ((BOOK, "sheet.main"), (SHEET, "worksheet"), (TEXTS_PART, "sharedStrings"))
    )
    + "</Types>"
)
KINDS = ["", ' t="n"', ' t="s"', ' t="str"', ' t="inlineStr"', ' t="b"', ' t="e"']
VALUES = ["", "<v/>", "<v></v>", "<v>1</v>", "<v>0</v>"]
TEXTS = {
    "none": "",
    "empty": "<is/>",
    "empty text": "<is><t/></is>",
    "plain": "<is><t>7</t></is>",
    "runs": "<is><r><t>7</t></r><r><rPr><b/></rPr><t>.5</t></r></is>",
    "phonetic": "<is><t>7</t><rPh sb='0' eb='1'><t>9</t></rPh></is>",
    "text and runs": "<is><t>7</t><r><t>.5</t></r></is>",
    "outside": "<t>9</t>",
}


def file(cells: str) -> bytes:
    """A workbook of these cells and a table of two texts, with what openpyxl needs to find its parts."""
    contents = parts(f'<row r="1">{cells}</row>', texts="<si><t>0.5</t></si><si><t>two</t></si>")
    return zipped(contents | {"[Content_Types].xml": TYPES})


def read(content: bytes, place: str) -> Found | None:
    opened = StrangersFile(content, "homework.xlsx")
    area = parse_area(f"S!{place}", opened.sheets)
    assert area is not None
    return opened.cells([area]).get(area.cell(0, 0))


def by_openpyxl(content: bytes, place: str) -> object:
    value = openpyxl.load_workbook(io.BytesIO(content))["S"][place].value
    return None if value == "" else value


def value(found: Found | None) -> object:
    """What is read; an empty text is nothing."""
    return None if found is None or found.value == "" else found.value


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("kind", KINDS)
def test_text_and_value_of_a_cell_are_read_by_its_kind_and_never_glued(kind, text):
    for stored, turned in product(VALUES, (False, True)):
        body = TEXTS[text] + stored if turned else stored + TEXTS[text]
        content = file(f'<c r="A1"{kind}>{body}</c>')
        assert value(read(content, "A1")) == by_openpyxl(content, "A1"), body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("empty", ["<v/>", "<v></v>", "<v> </v>", "", "<is/>", "<is><t/></is>"])
def test_an_empty_cell_that_has_a_kind_is_empty_and_its_neighbours_are_read(kind, empty):
    content = file(f'<c r="A1"{kind}>{empty}</c><c r="B1"><v>0.25</v></c>')
    assert str(value(read(content, "A1")) or "").strip() == ""
    assert value(read(content, "B1")) == 0.25


CELLS = {
    "number": ('<c r="A1"><v>1.5</v></c>', 1.5),
    "other number": ('<c r="A1"><v>2.5</v></c>', 2.5),
    "text of the table": ('<c r="A1" t="s"><v>1</v></c>', "two"),
    "text of its own": ('<c r="A1" t="inlineStr"><is><t>0.5</t></is></c>', "0.5"),
    "true": ('<c r="A1" t="b"><v>1</v></c>', True),
}


@pytest.mark.parametrize(("first", "second"), list(product(CELLS, CELLS)))
def test_of_a_cell_that_stands_twice_the_last_counts(first, second):
    content = file(CELLS[first][0] + CELLS[second][0])
    assert value(read(content, "A1")) == by_openpyxl(content, "A1") == CELLS[second][1]


@pytest.mark.parametrize("empty", ['<c r="A1"/>', '<c r="A1" t="s"><v/></c>', '<c r="A1" t="n"></c>'])
@pytest.mark.parametrize("held", CELLS)
def test_an_empty_cell_of_an_address_that_stands_twice_takes_nothing_away(empty, held):
    """As LibreOffice has it; openpyxl would lose what a person wrote."""
    cell, expected = CELLS[held]
    assert value(read(file(cell + empty), "A1")) == value(read(file(empty + cell), "A1")) == expected
