"""Worksheets as programs and people really leave them: every file in tests/data/sheets, each with its right result."""

from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np
import pytest
from engines.package import MAIN, Package
from workbook.filled import HELLO, Place, blank, clear, edit, fill_in, put_in, read, true_numbers

from rnncalc.marking.marking import Report, mark
from rnncalc.marking.status import RIGHT
from rnncalc.network.update_step import whole_trace

SHEETS = Path(__file__).parents[2] / "data" / "sheets"
Y_2: Place = ("y_2", 0, 0)
NOT_RIGHT: dict[str, dict[Place, str]] = {
    "blank-shared-empty-v": {Y_2: "blank"},
    "cell-twice-same-value": {},
    "comma-text-3-decimals": {},
    "date_1sep": {Y_2: "wrong"},
    "digit-letter-uncalculated": {},
    "endash": {},
    "inline-is-and-v": {},
    "inline-is-and-v-index": {Y_2: "wrong"},  # the cell shows 1.9
    "lrm": {},
    "names-dropped-layout-intact": {},
    "names-own-good-workbook-ref": {},
    "num-with-is": {Y_2: "wrong"},  # the cell shows 1.90
    "sci_times": {},
    "thousands_1906": {Y_2: "wrong"},
    "thousands_19061": {Y_2: "wrong"},
    "zwsp": {},
}
"""What is not right in each; 1.9061 is right."""


def report(content: bytes) -> Report:
    """As rnncalc verify marks it."""
    found = read(content)
    return mark(
        found.trace, found.answers, given=found.given, given_decimals=found.given_decimals, decimals=found.decimals
    )


def not_right(content: bytes) -> dict[Place, str]:
    return {m.element: m.status for m in report(content).marks if m.status not in RIGHT}


def test_every_sheet_is_here():
    assert {path.stem for path in SHEETS.glob("*.xlsx")} == NOT_RIGHT.keys()


@pytest.mark.parametrize("name", NOT_RIGHT)
def test_a_sheet_is_marked_by_what_its_cells_show(name):
    assert not_right((SHEETS / f"{name}.xlsx").read_bytes()) == NOT_RIGHT[name]


DATE = (
    "a spreadsheet that writes dates with points turns 1.9 into the date 2025-09-01 (45901); "
    "type it with a decimal comma there: 1,9"
)
THOUSANDS = (
    "a spreadsheet reads {} or {} as {} if it uses that sign for thousands; "
    "type it with the decimal sign of your spreadsheet's language"
)
REMARKS = {
    "date_1sep": DATE,
    "thousands_1906": THOUSANDS.format("1,906", "1.906", "1906"),
    "thousands_19061": THOUSANDS.format("1,9061", "1.9061", "19061"),
}


@pytest.mark.parametrize("name", REMARKS)
def test_what_a_spreadsheets_language_made_of_a_number_is_explained(name):
    first = report((SHEETS / f"{name}.xlsx").read_bytes()).first
    assert (first.element, first.remark, first.mistakes) == (Y_2, REMARKS[name], ())


# ── cells that are odd but legal XML ──────────────────────────────────────────────────────────────────────────────────


def in_runs(cell: Element, text: str) -> None:
    """A text in the cell itself, each sign in a run of its own look."""
    cell.set("t", "inlineStr")
    inner = SubElement(cell, f"{MAIN}is")
    for sign in text:
        SubElement(SubElement(inner, f"{MAIN}r"), f"{MAIN}t").text = sign


def with_phonetics(cell: Element, text: str) -> None:
    cell.set("t", "inlineStr")
    inner = SubElement(cell, f"{MAIN}is")
    SubElement(inner, f"{MAIN}t").text = text
    SubElement(SubElement(inner, f"{MAIN}rPh", sb="0", eb="1"), f"{MAIN}t").text = "9"


def with_a_value_beside(cell: Element, text: str) -> None:
    cell.set("t", "inlineStr")
    SubElement(SubElement(cell, f"{MAIN}is"), f"{MAIN}t").text = text
    SubElement(cell, f"{MAIN}v").text = "77"


def with_a_text_beside(cell: Element, text: str) -> None:
    SubElement(cell, f"{MAIN}v").text = text
    SubElement(SubElement(cell, f"{MAIN}is"), f"{MAIN}t").text = "77"


def as_a_formulas_text(cell: Element, text: str) -> None:
    cell.set("t", "str")
    SubElement(cell, f"{MAIN}v").text = text


@pytest.mark.parametrize(
    "write", [in_runs, with_phonetics, with_a_value_beside, with_a_text_beside, as_a_formulas_text]
)
def test_right_numbers_are_right_however_their_cells_are_written(write):
    def change(number: float) -> Callable[[Element], None]:
        def put(cell: Element) -> None:
            clear(cell)
            write(cell, f"{number:.4f}")

        return put

    cells = {(n, i, j): change(v) for n, values in true_numbers(TRACE).items() for (i, j), v in np.ndenumerate(values)}
    assert not_right(edit(blank(), cells)) == {}


@pytest.mark.parametrize("kind", ["s", "str", "b", "e", "n", "inlineStr", "d"])
@pytest.mark.parametrize("holds", ["", "<v/>"])
def test_empty_cells_with_a_type_are_blank_and_cost_the_others_nothing(kind, holds):
    def put(cell: Element) -> None:
        clear(cell)
        cell.set("t", kind)
        if holds:
            SubElement(cell, f"{MAIN}v")

    emptied = {("h_2", i, 0): put for i in range(3)}
    filled = fill_in(blank(), true_numbers(TRACE), 4)
    assert not_right(edit(filled, emptied)) == dict.fromkeys(emptied, "blank")


@pytest.mark.parametrize("title", ["Inputs", "Forward", "Loss", "Backward", "Update"])
def test_a_copied_sheets_own_names_are_used_where_the_workbooks_are_broken(title):
    package = Package(fill_in(blank(), true_numbers(TRACE), 4))
    (names,) = package.book.iter(f"{MAIN}definedNames")
    for name in list(names):
        if str(name.text).startswith(f"{title}!"):
            own = SubElement(names, f"{MAIN}definedName", name=str(name.get("name")), localSheetId="0")
            own.text, name.text = name.text, "#REF!"
    package.parts["xl/workbook.xml"] = tostring(package.book)
    assert not_right(package.to_bytes()) == {}
    assert read(package.to_bytes()).remarks == []


# ── decimal commas and a sheet's context ──────────────────────────────────────────────────────────────────────────

TRACE = whole_trace(HELLO)


def as_texts(write: Callable[[str], str], decimals: int, *names: str) -> bytes:
    """A worksheet with the right numbers of some quantities as texts, written in some way; the rest are numbers."""
    right = true_numbers(TRACE)
    texts = {
        (name, i, j): write(f"{value:.{decimals}f}")
        for name in names or right
        for (i, j), value in np.ndenumerate(right[name])
    }
    return put_in(fill_in(blank(decimals=decimals), right, decimals), texts)


@pytest.mark.parametrize("decimals", [2, 3, 4])
@pytest.mark.parametrize(("names", "dash"), [((), "-"), ((), "−"), (("y_1", "p_1"), "–"), (("dWhy",), "‑")])
def test_right_numbers_with_decimal_commas_are_right(decimals, names, dash):
    assert not_right(as_texts(lambda text: text.replace(".", ",").replace("-", dash), decimals, *names)) == {}


def test_what_was_read_by_the_rest_of_the_sheet_is_said():
    unclear = [v for values in true_numbers(TRACE).values() for v in values.flat if abs(round(v, 3)) >= 1]
    (remark,) = read(as_texts(lambda text: text.replace(".", ","), 3)).remarks
    assert remark.startswith(f"{len(unclear)} numbers such as ")
    assert remark.endswith("are read with a decimal comma, as in the rest of the sheet.")
    assert read(as_texts(str, 3)).remarks == []


def test_a_lone_comma_before_three_digits_stays_ambiguous():
    number = true_numbers(TRACE)["y_2"][0, 0]
    alone = put_in(as_texts(str, 3), {Y_2: f"{number:.3f}".replace(".", ",")})
    assert not_right(alone) == {Y_2: "ambiguous"}


def test_texts_that_use_commas_both_ways_settle_nothing():
    both = put_in(as_texts(lambda text: text.replace(".", ","), 3), {("h_1", 0, 0): "1,234.5"})
    assert set(not_right(both).values()) == {"wrong", "ambiguous"}
