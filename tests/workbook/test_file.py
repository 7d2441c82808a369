"""The file: formulas everywhere, values beside them, safe functions, the same bytes, and what Excel would say of it."""

import io
import os
import re
import subprocess
import sys
import zipfile

import numpy as np
import openpyxl
import pytest

from rnncalc import Problem
from rnncalc.errors import FileError, RnncalcError
from rnncalc.workbook.export import check_size, export, export_trace, trace_through
from rnncalc.workbook.theme import default_theme

SAFE = {
    "EXP", "LN", "TANH", "ABS", "MAX", "MIN", "SUM", "IF", "EXACT", "INDEX", "MATCH", "MMULT", "SUMPRODUCT", "SQRT",
    "SUMSQ", "TRANSPOSE", "ISNUMBER", "COUNTIF", "OR",
}  # fmt: skip
WORKED = ("Forward", "Loss", "Backward", "Update", "Unrolled")


def parts(file: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(file)) as opened:
        return {name: opened.read(name).decode("utf-8") for name in opened.namelist() if name.endswith(".xml")}


def formulas(file: bytes) -> list[str]:
    return [
        f
        for name, xml in parts(file).items()
        if "sheets/sheet" in name
        for f in re.findall(r"<f[^>]*>([^<]*)</f>", xml)
    ]


@pytest.fixture(scope="module")
def hello() -> bytes:
    return export(Problem.template("hello"))


@pytest.mark.parametrize("style", ["cells", "matrix"])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
def test_only_functions_that_mean_the_same_everywhere_are_used(style, activation):
    file = export(Problem.draw("banana", hidden=9, activation=activation), formulas=style, clip=0.5)
    used = {name for f in formulas(file) for name in re.findall(r"([A-Z]+)\(", re.sub(r'"[^"]*"', "", f))}
    assert used
    assert used <= SAFE


def test_a_product_is_spelled_out_to_eight_terms_and_a_function_beyond():
    short = formulas(export(Problem.draw("abcdefgh", hidden=2)))
    assert any(re.fullmatch(r"(\$[A-Z]+\d+\*[A-Z]+\$\d+\+?){8}", f) for f in short)
    assert not any("MMULT" in f for f in short)
    long = formulas(export(Problem.draw("abcdefghi", hidden=9)))
    assert any(re.fullmatch(r"SUM\(MMULT\([^,]+,[^,]+\)\)", f) for f in long)
    assert any(re.fullmatch(r"SUMPRODUCT\([^,]+,[^,]+\)", f) for f in long)


def test_matrix_formulas_read_like_the_equations():
    found = formulas(export(Problem.draw("hello"), formulas="matrix"))
    for formula in ("MMULT(Wxh,x_2)", "TANH(a_2)", "MMULT(TRANSPOSE(Why),dy_2)", "Wxh-eta*dWxh"):
        assert formula in found


def test_every_number_that_is_not_given_is_a_formula_with_its_value(hello):
    live = openpyxl.load_workbook(io.BytesIO(hello))
    stored = openpyxl.load_workbook(io.BytesIO(hello), data_only=True)
    for title in WORKED:
        for row in live[title].iter_rows():
            for cell in row:
                if isinstance(cell.value, (int, float)):
                    assert (title, row[0].value) == ("Unrolled", "step")
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    assert stored[title][cell.coordinate].value is not None, (title, cell.coordinate)


def test_the_stored_values_are_numpys(hello):
    stored = openpyxl.load_workbook(io.BytesIO(hello), data_only=True)
    for q in trace_through(Problem.template("hello"), None).values():
        ((sheet, where),) = stored.defined_names[q.name].destinations
        cells = stored[sheet][where.replace("$", "")]
        values = [[c.value for c in row] for row in cells] if isinstance(cells, tuple) else [[cells.value]]
        assert np.array_equal(np.array(values, dtype=float), q.value), q.name


def test_excel_is_asked_to_recalculate_and_links_lead_to_cells(hello):
    book = openpyxl.load_workbook(io.BytesIO(hello))
    assert book.calculation.fullCalcOnLoad
    links = [cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert links
    for link in links:
        sheet, _, cell = link.location.rpartition("!")
        assert book[sheet.strip("'")][cell].value is not None, link.location


def test_a_letter_is_chosen_from_the_vocabulary(hello):
    (read, wanted) = openpyxl.load_workbook(io.BytesIO(hello))["Inputs"].data_validations.dataValidation
    assert {read.formula1, wanted.formula1} == {"Inputs!$B$9:$B$12"} or {read.formula1} == {"=Inputs!$B$9:$B$12"}
    assert [str(read.sqref), str(wanted.sqref)] == ["C6:F6", "C7:F7"]


def test_the_same_command_gives_the_same_bytes_in_any_process(hello):
    code = (
        "import sys; from rnncalc import Problem; from rnncalc.workbook.export import export; "
        "sys.stdout.buffer.write(export(Problem.template('hello')))"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        assert done.stdout == hello


def test_protection_leaves_the_inputs_open_and_nothing_else():
    book = openpyxl.load_workbook(io.BytesIO(export(Problem.template("hello"), protect=True)))
    inputs = {"Inputs!" + c.coordinate for row in book["Inputs"]["C6:F7"] for c in row}
    for name in ("Wxh", "Whh", "bh", "Why", "h_0", "eta"):
        ((sheet, where),) = book.defined_names[name].destinations
        cells = book[sheet][where.replace("$", "")]
        rows = cells if isinstance(cells, tuple) else ((cells,),)
        inputs |= {f"{sheet}!{c.coordinate}" for row in rows for c in row}
    assert all(sheet.protection.sheet for sheet in book)
    opened = {
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked and (sheet.title != "Start")
    }
    assert opened == inputs


def test_letters_that_a_cell_cannot_hold_are_shown_by_distinct_pictures():
    file = export(Problem.draw("a\n\x00 ␣↵"))
    book = openpyxl.load_workbook(io.BytesIO(file))
    shown = [c.value for c in book["Inputs"]["B"][8:14]]
    assert shown[0] == "a"
    assert len(set(shown)) == 6
    assert "↵" in shown
    said = [row[0].value for row in book["Start"].iter_rows(max_col=1)]
    assert "Letters shown by a picture" in said


# ── a theme ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_theme_brings_styles_headers_and_cover_sheets():
    theme = openpyxl.load_workbook(io.BytesIO(default_theme()))
    style = next(s for s in theme._named_styles if s.name == "rnncalc hidden")
    style.fill = openpyxl.styles.PatternFill("solid", fgColor="FF123456")
    theme["Theme"].oddHeader.left.text = "Our school"
    theme.create_sheet("Cover")["A1"] = "Welcome"
    saved = io.BytesIO()
    theme.save(saved)
    book = openpyxl.load_workbook(io.BytesIO(export(Problem.template("hello"), theme=saved.getvalue())))
    assert book.sheetnames[:2] == ["Cover", "Start"]
    assert book["Cover"]["A1"].value == "Welcome"
    assert book["Forward"].oddHeader.left.text == "Our school"
    ((sheet, where),) = book.defined_names["h_1"].destinations
    assert book[sheet][where.replace("$", "")][0][0].fill.fgColor.rgb == "FF123456"


def test_a_theme_with_a_sheet_of_ours_is_refused(hello):
    with pytest.raises(FileError, match="sheet named Start"):
        export(Problem.template("hello"), theme=hello)


@pytest.mark.parametrize("file", [b"", b"not a zip", default_theme()[:1000]])
def test_what_is_no_workbook_is_no_theme(file):
    with pytest.raises(FileError, match="theme"):
        export(Problem.template("hello"), theme=file)


# ── limits ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("letters", "hidden", "through"), [(9000, 1, "forward"), (1000, 200, "update"), (1200, 2, "update")]
)
def test_what_a_workbook_cannot_hold_is_refused_with_the_numbers_before_any_work(letters, hidden, through):
    text = ("ab" * letters)[:letters]
    with pytest.raises(RnncalcError, match=r"\d,\d{3}"):
        check_size(Problem.draw(text, hidden=hidden), through)


def test_progress_is_told():
    told = []
    export(Problem.draw("banana" * 4), progress=lambda done, all_of_it: told.append((done, all_of_it)))
    assert told == sorted(told)
    assert told[-1][0] <= told[-1][1]


# ── what Excel would say ──────────────────────────────────────────────────────────────────────────────────────────


def complaints(file: bytes, tmp_path) -> set[str]:
    audit = pytest.importorskip("openxml_audit", reason="pip install openxml-audit")
    path = tmp_path / "book.xlsx"
    path.write_bytes(file)
    return {error.description for error in audit.OpenXmlValidator().validate(str(path)).errors}


def test_the_audit_finds_nothing_that_it_does_not_find_in_an_empty_workbook(tmp_path, hello):
    empty = io.BytesIO()
    openpyxl.Workbook().save(empty)
    known = complaints(empty.getvalue(), tmp_path)
    trace = trace_through(Problem.template("hello"), None)
    for file in (
        hello,
        export_trace(trace, formulas="matrix"),
        export_trace(trace, protect=True, theme=default_theme()),
    ):
        assert complaints(file, tmp_path) <= known


def test_the_audit_finds_a_planted_fault(tmp_path, hello):
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(hello)) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(
                name, content.replace(b"<sheetData>", b"<sheetDatum/><sheetData>") if "sheet1.xml" in name else content
            )
    assert complaints(broken.getvalue(), tmp_path) - complaints(hello, tmp_path)
