"""Printed pages: a step is on one page, its results beside its operands, whichever font stands in for Calibri."""

from __future__ import annotations

import io
import os
import re
import subprocess
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from engines.cases import CASES
from engines.engines import _program, missing

from rnncalc import Problem
from rnncalc.network.update_step import whole_trace
from rnncalc.workbook.write.export import export
from rnncalc.workbook.write.worksheet import worksheet

DIGITS = {"Carlito": 1038, "Liberation Sans": 1139, "Verdana": 1302, "DejaVu Sans": 1303}
"""How wide a digit is in these fonts, in 2048ths of their size: as wide as Calibri's, Arial's, and the widest."""
SIZE = 11
A4 = {"portrait": 595.3, "landscape": 841.9}
SMALLEST = 25
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
HELLO = Problem.template("hello")
TRACE = whole_trace(HELLO)
FILES = {
    "live": lambda problem: export(problem),
    "array formulas": lambda problem: export(problem, formulas="matrix"),
    "worksheet": lambda problem: worksheet(problem)[0],
    "on paper": lambda problem: worksheet(problem, paper=True)[0],
}


@cache
def opened(name: str, file: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(FILES[file](CASES[name].problem)))


IN_TURNS = [
    (name, list(FILES)[(number + more) % len(FILES)])
    for number, name in enumerate(name for name, case in CASES.items() if case.small)
    for more in (0, 1)
]


@pytest.mark.parametrize(("name", "file"), IN_TURNS)
@pytest.mark.parametrize("font", DIGITS)
def test_every_column_of_a_sheet_of_steps_is_on_the_page(name, file, font):
    book = opened(name, file)
    for title in {"Forward", "Backward", "Update"} & set(book.sheetnames):
        sheet = book[title]
        width = sum(_width(sheet, column) for column in range(1, sheet.max_column + 1)) * DIGITS[font] / 2048 * SIZE
        scale = sheet.page_setup.scale
        margins = (sheet.page_margins.left + sheet.page_margins.right) * 72
        room = A4[sheet.page_setup.orientation] - margins
        assert scale == SMALLEST or width * scale / 100 <= room, title


def _width(sheet, column):
    found = [d.width for d in sheet.column_dimensions.values() if d.min <= column <= d.max]
    return found[0] if found else sheet.sheet_format.baseColWidth


@pytest.fixture(scope="module", params=["live", "worksheet", "on paper"])
def printed(request, tmp_path_factory) -> tuple[str, list[str]]:
    """Which file, and the text of each page of hello as LibreOffice prints it where DejaVu Sans is the only font."""
    office = _program("soffice", "LibreOffice (on Debian: apt install libreoffice-calc-nogui)")
    reader = _program("pdftotext", "pdftotext (on Debian: apt install poppler-utils)")
    if not DEJAVU.is_dir():
        missing("DejaVu Sans (on Debian: apt install fonts-dejavu-core)")
    folder = tmp_path_factory.mktemp("printed")
    (folder / "hello.xlsx").write_bytes(FILES[request.param](HELLO))
    fonts = folder / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>{DEJAVU}</dir><cachedir>{folder / 'cache'}</cachedir></fontconfig>", encoding="utf-8"
    )
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, folder / "hello.xlsx"]
    alone = os.environ | {"FONTCONFIG_FILE": str(fonts)}
    subprocess.run(command, check=True, capture_output=True, timeout=180, env=alone)
    read = subprocess.run([reader, "-layout", folder / "hello.pdf", "-"], check=True, capture_output=True, timeout=60)
    return request.param, read.stdout.decode("utf-8").split("\f")[:-1]


def pages_of(pages: list[str], title: str) -> list[str]:
    return [page for page in pages if re.search(rf"\b{title}, page \d+ of {len(pages)}\b", page)]


def test_each_step_is_printed_on_a_page_of_its_own_with_all_that_is_named_on_it(printed):
    file, pages = printed
    forward = pages_of(pages, "Forward")
    assert len(forward) == HELLO.steps
    for t, page in enumerate(forward, 1):
        assert f"Step {t} of {HELLO.steps}" in page
        for q in TRACE.values():
            if q.step != t or q.stage != "forward":
                continue
            assert re.search(rf"\b{q.name}\b", page)
            if file == "live":  # the results stand in the last column
                assert all(f"{number:.6f}" in page for number in q.value[:, 0])


def test_the_way_back_and_the_update_have_no_pages_of_odd_columns(printed):
    _, pages = printed
    for title in ("Backward", "Update"):
        for page in pages_of(pages, title):
            assert re.search(r"^ *(Backward|Update|Step|All steps|Before|The update|d[A-Za-z]|[A-Z]\w+_new)", page)


def test_the_check_sheet_prints_its_verdict_on_one_page(printed):
    file, pages = printed
    check = pages_of(pages, "Check")
    if file != "live":
        assert check == []
        return
    (page,) = check
    assert "quantities equal NumPy's results" in page
    assert "h_2" not in page


def test_hello_takes_no_more_than_18_pages(printed):
    _, pages = printed
    assert len(pages) <= 18
