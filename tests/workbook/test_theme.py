"""Themes: a teacher's own workbook brings the look, the page headers and the cover sheets."""

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from engines.cases import hello
from engines.package import Package
from openpyxl.styles import Border, Font, PatternFill, Protection, Side

from rnncalc.errors import FileError
from rnncalc.workbook.write.export import export
from rnncalc.workbook.write.styles import ROLES
from rnncalc.workbook.write.theme import default_theme, theme_notes

Restyle = Callable[[openpyxl.Workbook], None]


def saved(workbook: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def restyled(restyle: Restyle) -> openpyxl.Workbook:
    """hello in the default theme, changed by a person who saves it again."""
    theme = openpyxl.load_workbook(io.BytesIO(default_theme()))
    restyle(theme)
    return openpyxl.load_workbook(io.BytesIO(export(hello, theme=saved(theme))))


def first_cell(book: openpyxl.Workbook, name: str) -> openpyxl.cell.Cell:
    ((sheet, where),) = book.defined_names[name].destinations
    return book[sheet][where.replace("$", "").partition(":")[0]]


def looks(cell: openpyxl.cell.Cell) -> str:
    """How a cell looks, but for its number format."""
    return repr((cell.font, cell.fill, cell.border, cell.alignment))


def test_the_default_theme_shows_every_role_in_its_style():
    theme = openpyxl.load_workbook(io.BytesIO(default_theme()))
    shown = {row[0].value: row[1].style for row in theme["Theme"].iter_rows(min_row=5, max_col=2)}
    assert shown == {f"rnncalc {role}": f"rnncalc {role}" for role in ROLES}


def test_the_default_theme_changes_nothing_that_is_seen():
    plain = openpyxl.load_workbook(io.BytesIO(export(hello)))
    themed = restyled(lambda theme: None)
    assert themed.sheetnames == plain.sheetnames
    for sheet in plain:
        other = themed[sheet.title]
        assert other.oddFooter.center.text == sheet.oddFooter.center.text
        for cell in (c for row in sheet.iter_rows() for c in row):
            same = other[cell.coordinate]
            assert (same.value if cell.data_type != "f" else None) == (cell.value if cell.data_type != "f" else None)
            assert looks(same) == looks(cell), (sheet.title, cell.coordinate)
            assert (same.number_format, same.protection.locked) == (cell.number_format, cell.protection.locked)


def test_a_restyled_role_is_taken_over():
    def red(theme: openpyxl.Workbook) -> None:
        (style,) = (s for s in theme._named_styles if s.name == "rnncalc memory")
        style.fill = PatternFill("solid", fgColor="FF123456")
        style.font = Font(name="Comic Sans MS", size=14, bold=True, color="FFABCDEF")
        style.border = Border(left=Side("double"))
        style.protection = Protection(locked=False)

    book = restyled(red)
    cell = first_cell(book, "h_1")
    assert (cell.fill.fgColor.rgb, cell.font.name, cell.font.size) == ("FF123456", "Comic Sans MS", 14)
    assert cell.border.left.style == "double"
    assert re.fullmatch(r"0\.0+", cell.number_format)
    assert cell.protection.locked  # what --protect locks is not the theme's to say
    assert first_cell(book, "p_1").fill.fgColor.rgb == first_cell(restyled(lambda theme: None), "p_1").fill.fgColor.rgb


def test_headers_and_footers_are_taken_over_on_every_sheet():
    def headed(theme: openpyxl.Workbook) -> None:
        theme["Theme"].oddHeader.left.text = "School of Numbers"
        theme["Theme"].oddFooter.center.text = "&P"

    for sheet in restyled(headed):
        assert (sheet.oddHeader.left.text, sheet.oddFooter.center.text) == ("School of Numbers", "&P")


def test_cover_sheets_come_first_and_the_pattern_is_left_behind():
    def covered(theme: openpyxl.Workbook) -> None:
        theme.create_sheet("Welcome")["B2"] = "Exercise 3"
        theme.create_sheet("Rules")["A1"] = "=1+1"

    book = restyled(covered)
    assert book.sheetnames[:3] == ["Welcome", "Rules", "Start"]
    assert "Theme" not in book.sheetnames
    assert book["Welcome"]["B2"].value == "Exercise 3"
    assert book["Rules"]["A1"].value == "=1+1"


def test_a_themed_workbook_holds_the_same_formulas():
    plain, themed = Package(export(hello)), Package(export(hello, theme=default_theme()))
    assert list(themed.formulas()) == list(plain.formulas())
    assert themed.names == plain.names


def test_any_workbook_is_a_theme_that_leaves_the_look_as_it_is():
    book = openpyxl.load_workbook(io.BytesIO(export(hello, theme=saved(openpyxl.Workbook()))))
    assert book.sheetnames[:2] == ["Sheet", "Start"]
    plain = openpyxl.load_workbook(io.BytesIO(export(hello)))
    assert looks(first_cell(book, "h_1")) == looks(first_cell(plain, "h_1"))


def test_pictures_are_kept_with_pillow_and_without_it_that_is_said(monkeypatch):
    image = pytest.importorskip("PIL.Image", reason="pictures in a theme need Pillow: pip install pillow")

    def pictured(theme: openpyxl.Workbook) -> None:
        picture = io.BytesIO()
        image.new("RGB", (3, 3), "red").save(picture, "PNG")
        theme.create_sheet("Welcome").add_image(openpyxl.drawing.image.Image(picture), "B2")

    theme = openpyxl.load_workbook(io.BytesIO(default_theme()))
    pictured(theme)
    file = saved(theme)
    assert [part for part in Package(export(hello, theme=file)).parts if part.startswith("xl/media/")]
    assert theme_notes(file) == []
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert theme_notes(file) == ["The theme's pictures are left out: they need Pillow (pip install pillow)."]
    assert theme_notes(default_theme()) == []


# ── what is no theme ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("title", ["Start", "Inputs", "Check"])
def test_a_sheet_of_our_own_name_is_refused(title):
    theme = openpyxl.Workbook()
    theme.create_sheet(title)
    with pytest.raises(FileError) as raised:
        export(hello, theme=saved(theme))
    assert str(raised.value) == (
        f"The theme has a sheet named {title}, a name that the workbook itself uses; rename it."
    )


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return file.getvalue()


NO_WORKBOOK = "The theme is not an .xlsx workbook. Use rnncalc templates copy theme to get one to start from."


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (b"", NO_WORKBOOK),
        (b"a word", NO_WORKBOOK),
        (default_theme()[:-100], NO_WORKBOOK),
        (default_theme()[:1000], NO_WORKBOOK),
        (zipped(), "The theme cannot be read as a workbook: "),
        (zipped(a=b"b"), "The theme cannot be read as a workbook: "),
        (b"\0" * 20_000_001, "The theme is larger than 20 MB."),
        (zipped(a=b"\0" * 200_000_001), "The theme is too large when unpacked. Use a smaller one."),
    ],
    ids=["empty", "text", "cut off", "cut short", "an empty zip", "another zip", "too large", "a bomb"],
)
def test_what_is_no_theme_is_refused_in_one_sentence(file, message):
    with pytest.raises(FileError) as raised:
        export(hello, theme=file)
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


def damaged(part: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(default_theme())) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return file.getvalue()


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("content", [b"", b"<a", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_a_damaged_part_is_refused_in_one_sentence_or_read_past(part, content):
    try:
        said = "" if export(hello, theme=damaged(part, content)) else "nothing"
    except FileError as error:
        said = str(error)
    assert re.fullmatch(r"(The theme cannot be read as a workbook: \w+\.)?", said)


def test_entities_are_not_expanded():
    """Ten times ten times … ten characters: expanded, they would fill the memory."""
    entities = [b'<!ENTITY e0 "eeeeeeeeee">'] + [
        b'<!ENTITY e%d "%b">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12)
    ]
    bomb = b"<!DOCTYPE styleSheet [" + b"".join(entities) + b"]><styleSheet>&e11;</styleSheet>"
    with pytest.raises(FileError, match=r"^The theme cannot be read as a workbook: "):
        export(hello, theme=damaged("xl/styles.xml", bomb))
