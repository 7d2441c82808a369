"""The file as a whole: what stands in it, under which names, and that Excel's rules for it are kept."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree

import numpy as np
import pytest
from engines.cases import CASES, STYLES, draw, hello, package
from engines.package import MAIN, Package, addresses, formula, letters, split

from rnncalc.workbook.write.export import export

IN_TURNS = [(name, STYLES[number // 2 % 2]) for number, name in enumerate(CASES)]
each_workbook = pytest.mark.parametrize(("name", "style"), [("hello", "matrix"), *IN_TURNS])
"""Each workbook in one of the two styles by turns."""
each_case = pytest.mark.parametrize("name", CASES)


# ── formulas and numbers ──────────────────────────────────────────────────────────────────────────────────────────

SAFE = {
    "ABS", "COUNTIF", "EXACT", "EXP", "IF", "INDEX", "ISNUMBER", "LN", "MATCH", "MAX", "MIN", "MMULT", "ROW", "SQRT",
    "SUM", "SUMPRODUCT", "SUMSQ", "TANH", "TRANSPOSE",
}  # fmt: skip
"""The functions that mean the same in every engine tried."""


def functions(text: str) -> set[str]:
    """The names of the functions in a formula, whatever stands in quotes."""
    return set(re.findall(r"([A-Za-z_][\w.]*)\(", re.sub(r'"[^"]*"', "", text)))


@each_workbook
def test_only_safe_functions_are_used(name, style):
    used = {
        used: (title, address) for title, address, text in package(name, style).formulas() for used in functions(text)
    }
    assert {used: where for used, where in used.items() if used not in SAFE} == {}


def test_a_function_that_is_not_safe_would_be_found():
    assert functions('IF(EXACT(A1,"SUM("),_xlfn.LET(x,1,x),1+Log(2))') == {"IF", "EXACT", "_xlfn.LET", "Log"}


@each_workbook
def test_no_formula_has_a_sign_that_engines_read_differently(name, style):
    """No unary minus (before a power it means another thing elsewhere), no spill, no implicit intersection."""
    for *_, text in package(name, style).formulas():
        bare = re.sub(r'"[^"]*"', '""', text).replace("EXP(-", "EXP(")  # a minus before nothing but a cell
        assert re.search(r"(^|[(,<>=*/+-])-|[\^@#%&{]\d|[@#{}^]", bare) is None, text


@each_workbook
def test_every_number_that_is_not_given_is_a_formula(name, style):
    book = package(name, style)
    calculated = book.calculated()
    worked = book.sheets.keys() - {"Check"} - CASES[name].input_sheets
    typed = [
        (title, address)
        for title in worked
        for address in book.cells[title]
        if (title, address) not in calculated and isinstance(book.value(title, address), float)
    ]
    places = [book.area(cell) for cell in ("decimals", "board_decimals")]
    assert typed == [(there, address) for there, ((address,),) in places]


@each_workbook
def test_the_inputs_are_what_is_given_and_nothing_else_is_typed_there(name, style):
    book, case = package(name, style), CASES[name]
    given = {
        (title, address)
        for quantity in case.typed
        for title, area in [book.area(quantity)]
        for row in area
        for address in row
    }
    assert {title for title, _ in given} | {"Inputs"} == case.input_sheets
    steps = {("Inputs", f"{letters(3 + i)}5") for i in range(case.problem.steps)}
    places = ((title, address) for title in case.input_sheets for address in book.cells[title])
    typed = {place for place in places if isinstance(book.value(*place), float)}
    board = typed - book.calculated() - given - steps
    assert typed - board == given | steps | (typed & book.calculated())
    assert {title for title, _ in board} == {"Board"}
    numbers = [book.value(*place) for place in board if split(place[1])[1] == 2]
    assert sorted(numbers) == [t + 1.0 for t in range(case.problem.steps)]
    assert {book.value(*place) for place in board if split(place[1])[1] != 2} <= {1.0}  # what biases are multiplied by


@each_workbook
def test_the_stored_values_are_numpys_to_the_last_bit(name, style):
    book, trace = package(name, style), CASES[name].trace()
    for q in trace.values():
        title, area = book.area(q.name)
        stored = np.array([[book.value(title, address) for address in row] for row in area], dtype=float)
        assert np.array_equal(stored, q.value), q.name


@each_workbook
def test_every_formula_has_a_value_stored_beside_it(name, style):
    book = package(name, style)
    assert [place for place in book.calculated() if book.value(*place) is None] == []


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def column_number(name: str) -> int:
    number = 0
    for letter in name.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def is_name_for_excel(name: str) -> bool:
    """Whether Excel takes a defined name: up to 255 letters, digits, _ and ., and nothing that reads as a cell."""
    if not re.fullmatch(r"[A-Za-z_\\][A-Za-z0-9_.\\]{0,254}", name):
        return False
    cell = re.fullmatch(r"([A-Za-z]{1,3})([0-9]+)", name)
    if cell and column_number(cell[1]) <= 16_384 and 1 <= int(cell[2]) <= 1_048_576:
        return False
    return not re.fullmatch(r"(?i)r[0-9]*(c[0-9]*)?|c[0-9]*|true|false", name)


@pytest.mark.parametrize(
    "name", ["h_2", "Wxh", "dWxh_2", "XFE1", "A1048577", "A0", "_x", "loss", "eta", "RC_1", "x" * 255]
)
def test_a_name_that_excel_takes(name):
    assert is_name_for_excel(name)


REFUSED = "h1 WXH1 bh1 XFD1048576 xfd1 R c R1C1 r1 RC C12 TRUE 2h h-2 h₂"


@pytest.mark.parametrize("name", [*REFUSED.split(), "h 2", "", "x" * 256])
def test_a_name_that_excel_refuses(name):
    assert not is_name_for_excel(name)


@each_workbook
def test_every_quantity_has_one_name_and_excel_takes_it(name, style):
    book, trace = package(name, style), CASES[name].trace()
    defined = [
        (str(n.get("name")), n.text) for n in book.book.iter(f"{MAIN}definedName") if n.get("localSheetId") is None
    ]
    names = [n for n, _ in defined]
    problem = trace.problem
    more = {"problem_text", "workbook_text", *CASES[name].token_rows}
    more |= {"vocabulary"} if problem.vocabulary else set()
    more |= {"classes"} if problem.classes else set()
    assert Counter(names) == Counter([*trace, *more, "decimals", "board_decimals"])
    assert len({n.casefold() for n in names}) == len(names)
    assert [n for n in names if not is_name_for_excel(n)] == []
    assert len({where for _, where in defined}) == len(defined)
    for _, where in defined:
        assert re.fullmatch(r"\w+!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", str(where))


@each_workbook
def test_a_names_cells_have_the_shape_of_its_quantity(name, style):
    book = package(name, style)
    for q in CASES[name].trace().values():
        _, area = book.area(q.name)
        assert (len(area), len(area[0])) == q.shape


def test_no_two_quantities_share_a_cell():
    for name in CASES:
        book = package(name, "cells")
        cells = Counter(
            (title, a) for n in CASES[name].trace() for title, area in [book.area(n)] for row in area for a in row
        )
        assert max(cells.values()) == 1


# ── sheets ────────────────────────────────────────────────────────────────────────────────────────────────────────

SHEETS = [
    "Start",
    "Board",
    "Inputs",
    "Forward",
    "Loss",
    "Backward",
    "Update",
    "Charts",
    "Equations",
    "Check",
    "Problem",
]


@pytest.mark.parametrize(("through", "count"), [("forward", 1), ("loss", 2), ("backward", 3), ("update", 4)])
def test_the_sheets_go_as_far_as_is_asked(through, count):
    titles = list(Package(export(hello, through=through)).sheets)
    assert titles == [*SHEETS[: 3 + count], *SHEETS[7:]]


def test_without_targets_the_workbook_ends_with_the_forward_pass():
    assert list(Package(export(draw("aab", targets="none"))).sheets) == [*SHEETS[:4], *SHEETS[7:]]


@each_workbook
def test_every_part_is_well_formed(name, style):
    for part, content in package(name, style).parts.items():
        if part.endswith((".xml", ".rels")):
            ElementTree.fromstring(content)


@each_workbook
def test_cells_stand_in_order_once_each_and_in_a_style_that_there_is(name, style):
    book = package(name, style)
    styles = len(ElementTree.fromstring(book.parts["xl/styles.xml"]).findall(f"{MAIN}cellXfs/{MAIN}xf"))
    for sheet in book.sheets.values():
        rows = [int(str(row.get("r"))) for row in sheet.iter(f"{MAIN}row")]
        assert rows == sorted(set(rows))
        for row in sheet.iter(f"{MAIN}row"):
            places = [split(str(cell.get("r"))) for cell in row]
            assert [number for _, number in places] == [int(str(row.get("r")))] * len(places)
            columns = [column for column, _ in places]
            assert columns == sorted(set(columns))
            assert max(columns, default=1) <= 16_384
            assert all(0 <= int(str(cell.get("s"))) < styles for cell in row)


@each_workbook
def test_the_dimension_holds_every_cell(name, style):
    for title, sheet in package(name, style).sheets.items():
        dimension = sheet.find(f"{MAIN}dimension")
        assert dimension is not None
        area = {address for row in addresses(str(dimension.get("ref"))) for address in row}
        assert package(name, style).cells[title].keys() <= area


@each_workbook
def test_excel_is_asked_to_recalculate(name, style):
    (properties,) = package(name, style).book.iter(f"{MAIN}calcPr")
    assert properties.get("fullCalcOnLoad") == "1"


def test_no_sheet_has_gridlines():
    for sheet in package("hello", "cells").sheets.values():
        (view,) = sheet.iter(f"{MAIN}sheetView")
        assert view.get("showGridLines") == "0"


@pytest.mark.parametrize("decimals", [0, 2, 6, 15])
def test_numbers_show_the_decimals_that_are_asked_for_and_given_ones_all_they_have(decimals):
    book = Package(export(hello, decimals=decimals, layout="steps"))
    assert number_format(book, "h_2") == number_format(book, "Wxh_new") == ("0." + "0" * decimals if decimals else "0")
    assert number_format(book, "Wxh") == "General"
    assert number_format(book, "x_2") == "0"


def number_format(book: Package, name: str) -> str:
    styles = ElementTree.fromstring(book.parts["xl/styles.xml"])
    own = {f.get("numFmtId"): str(f.get("formatCode")) for f in styles.iter(f"{MAIN}numFmt")}
    format_id = styles.findall(f"{MAIN}cellXfs/{MAIN}xf")[int(str(book.cell(name).get("s")))].get("numFmtId")
    return {"0": "General", "1": "0", "2": "0.00", **own}[format_id]


# ── links, lists, charts ──────────────────────────────────────────────────────────────────────────────────────────


def links(book: Package) -> list[tuple[str, str, str, str]]:
    """Every link: the sheet and cell it stands in, the sheet and cell it leads to."""
    found = []
    for title, sheet in book.sheets.items():
        for link in sheet.iter(f"{MAIN}hyperlink"):
            there, _, address = str(link.get("location")).rpartition("!")
            found.append((title, str(link.get("ref")), there.strip("'"), address))
    return found


@each_workbook
def test_every_link_leads_to_what_it_says(name, style):
    book = package(name, style)
    steps = set()
    for title, address, there, target in links(book):
        words, found = book.value(title, address), book.value(there, target)
        sheet = str(words).removeprefix("is on the sheet ")
        if sheet in book.sheets and title in ("Start", "Inputs"):
            assert (there, target) == (sheet, "A1")
        elif str(words).isdigit():
            assert str(found).startswith(f"Step {words} of ")
            steps.add((there, words))
        elif title == "Check":
            there_is, area = book.area(str(words))
            assert (there, target) == (there_is, area[0][0])
        else:
            assert isinstance(found, float)
    sheets = [title for title in ("Forward", "Backward") if title in book.sheets]
    assert steps == {(title, str(t + 1)) for title in sheets for t in range(CASES[name].problem.steps)}


def test_start_leads_to_every_sheet():
    assert {there for title, _, there, _ in links(package("hello", "cells")) if title == "Start"} == set(SHEETS) - {
        "Start"
    }


@each_case
def test_tokens_and_classes_are_chosen_from_their_list(name):
    """But for those that a step reads by its own prediction."""
    book = package(name, "cells")
    problem = CASES[name].problem
    lists = {str(rule.get("sqref")): rule for rule in book.sheets["Inputs"].iter(f"{MAIN}dataValidation")}
    known = {"letters": "vocabulary", "wanted": "classes" if problem.classes else "vocabulary"}
    open_to_choice = {}
    for row in CASES[name].token_rows:
        there, ((*cells,),) = book.area(row)
        chosen = cells[: problem.steps - problem.generated] if row == "letters" else cells
        open_to_choice[chosen[0] if len(chosen) == 1 else f"{chosen[0]}:{chosen[-1]}"] = known[row]
        title, area = book.area(known[row])
        shown = {book.value(title, address) for (address,) in area}
        assert {book.value(there, a) for a in cells} - {"–"} <= shown
        assert len(shown) == len(problem.classes if known[row] == "classes" else problem.vocabulary)
    assert set(lists) == set(open_to_choice)
    for where, rule in lists.items():
        assert (rule.get("type"), rule.get("showErrorMessage")) == ("list", "1")
        from_list = rule.findtext(f"{MAIN}formula1", "").removeprefix("=").replace("$", "")
        assert from_list == book.names[open_to_choice[where]]


def test_the_list_of_letters_is_written_without_an_equals_sign():
    rules = package("hello", "cells").sheets["Inputs"].iter(f"{MAIN}formula1")
    assert {rule.text for rule in rules} == {"Inputs!$B$9:$B$12"}


CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}f"


@each_case
def test_charts_are_drawn_from_live_numbers_of_every_step(name):
    """The steps of a network that reads numbers are numbers themselves."""
    book, problem = package(name, "cells"), CASES[name].problem
    steps = problem.steps
    ranges = [
        str(reference.text).replace("$", "").replace("'", "")
        for part, content in book.parts.items()
        if part.startswith("xl/charts/")
        for reference in ElementTree.fromstring(content).iter(CHART)
    ]
    assert bool(ranges) == ("Charts" in book.sheets) == (problem.output_at != "none")
    for title, _, cells in (where.partition("!") for where in ranges):
        flat = [address for row in addresses(cells) for address in row]
        assert title == "Charts"
        if len(flat) == 1 and split(flat[0])[1] == 4:
            assert isinstance(book.value(title, flat[0]), str)
            continue
        assert len(flat) == steps
        shown = {a: formula(book.cells[title][a]) or book.value(title, a) for a in flat if a in book.cells[title]}
        if split(flat[0])[0] == 1 and not problem.vocabulary:
            assert list(shown.values()) == [str(t + 1) for t in range(steps)]
            continue
        assert shown
        assert all(formula(book.cells[title][a]) for a in shown)
