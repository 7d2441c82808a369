"""The Board: the whole network on one screen, each number computed there once; a second place for answers."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import openpyxl
import pytest
from engines.cases import CASES, draw, hello, package
from engines.package import MAIN, Package, formula
from openpyxl.utils import get_column_letter
from workbook.filled import HELLO, read, verified

from rnncalc import Problem
from rnncalc.errors import RnncalcError
from rnncalc.marking.blanks import blanks_of
from rnncalc.network.update_step import whole_trace
from rnncalc.render.board import Board
from rnncalc.workbook.write.export import export
from rnncalc.workbook.write.worksheet import worksheet

ONE_SCREEN = {name: Problem.template(name) for name in ("hello", "lstm", "gru", "pencil")}
each_screen = pytest.mark.parametrize("problem", ONE_SCREEN.values(), ids=ONE_SCREEN)
each_case = pytest.mark.parametrize("name", CASES)


def board(problem: Problem, **options: object) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(export(problem, **options)))["Board"]


def open_rows(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[int]:
    return [row for row in range(1, sheet.max_row + 1) if not sheet.row_dimensions[row].hidden]


# ── one screen ────────────────────────────────────────────────────────────────────────────────────────────────────


@each_screen
def test_it_fits_a_screen_of_1440_by_900_at_the_zoom_that_it_is_saved_with(problem):
    """A character of Calibri 11 is 7 pixels wide, a cell has 5 pixels more, a point is 4/3 pixels."""
    sheet = board(problem)
    zoom = sheet.sheet_view.zoomScale / 100
    wide = sum(7 * sheet.column_dimensions[get_column_letter(c)].width + 5 for c in range(1, sheet.max_column + 1))
    tall = sum(sheet.row_dimensions[row].height * 4 / 3 for row in open_rows(sheet))
    assert zoom >= 1.2
    assert wide * zoom <= 1440 + sheet.max_column
    assert tall * zoom <= 900


@each_screen
def test_all_its_text_has_11_points_or_more(problem):
    sizes = {cell.font.sz for row in board(problem).iter_rows() for cell in row if cell.value is not None}
    assert min(sizes) >= 11


@each_screen
def test_every_number_fits_its_column(problem):
    sheet = board(problem)
    stored = openpyxl.load_workbook(io.BytesIO(export(problem)), data_only=True)["Board"]
    for row in stored.iter_rows(max_row=max(open_rows(sheet))):
        for cell in row:
            if isinstance(cell.value, (int, float)):
                shown = as_shown(cell.value, cell.number_format)
                assert len(shown) + 0.4 <= sheet.column_dimensions[cell.column_letter].width, cell.coordinate


def as_shown(value: float, number_format: str) -> str:
    """Where the number format is General all digits; whole numbers without decimals."""
    if number_format == "General" or value == round(value):
        return f"{value:.15g}"
    return f"{value:.{len(number_format.partition('.')[2])}f}"


def test_a_long_text_keeps_the_weights_in_sight_and_scrolls_sideways():
    sheet = board(draw("hippopotamus", hidden=2))
    assert sheet.freeze_panes is not None
    weights = re.sub(r"[0-9]", "", sheet.freeze_panes)
    assert sheet[f"{weights}2"].value is None  # the column for arrows before step 1


def test_the_gradients_are_there_and_closed():
    book = package("hello", "cells")
    (title, ((first, *_), *_)) = book.area("dy_4")
    sheet = board(hello)
    assert title == "Board"
    assert sheet.row_dimensions[int(re.sub(r"\D", "", first))].hidden
    assert not sheet.row_dimensions[sheet[re.sub(r"\d", "", first) + "2"].row].hidden


# ── what it computes ──────────────────────────────────────────────────────────────────────────────────────────────


@each_case
def test_the_numbers_of_every_step_are_computed_on_it_and_linked_to_elsewhere(name):
    book, trace = package(name, "cells"), CASES[name].trace()
    for q in trace.values():
        if q.rule is None or not q.step or q.shape[1] > 1 or q.family.name in ("x", "target"):
            continue
        title, _ = book.area(q.name)
        if q.shape[0] <= 64 and not q.parts.is_share:
            assert title == "Board", q.name


@pytest.mark.parametrize(
    ("template", "name", "text"),
    [
        ("hello", "h_2", r"TANH\([A-Z]+\d+\)"),
        ("hello", "wx_2", r"(\$[A-Z]+\d+\*[A-Z]+\$\d+\+?){4}"),
        ("hello", "wh_2", r"\$[A-Z]+\d+\*[A-Z]+\d+\+\$?[A-Z]+\d+|[A-Z]+\d+\*[A-Z]+\d+\+[A-Z]+\d+"),
        ("lstm", "ai_2", r"SUM\(MMULT\(\$[A-Z]+\d+:\$[A-Z]+\d+,[A-Z]+\$\d+:[A-Z]+\$\d+\)\)"),
        ("lstm", "c_2", r"[A-Z]+\d+\*[A-Z]+\d+\+[A-Z]+\d+\*[A-Z]+\d+"),
        ("lstm", "h_2", r"[A-Z]+\d+\*[A-Z]+\d+"),
        ("gru", "n_3", r"TANH\([A-Z]+\d+\)"),
        ("hello", "p_2", r"[A-Z]+\d+/SUM\([A-Z]+\d+:[A-Z]+\d+\)"),
    ],
)
def test_the_formula_bar_reads_well(template, name, text):
    book = Package(export(Problem.template(template)))
    assert re.fullmatch(text, formula(book.cell(name)))


def test_in_matrices_a_gate_is_one_product_of_two_blocks():
    cell = Package(export(Problem.template("lstm"), formulas="matrix")).cell("af_2")
    assert re.fullmatch(r"MMULT\([A-Z]+\d+:[A-Z]+\d+,[A-Z]+\d+:[A-Z]+\d+\)", formula(cell))
    assert cell.find(f"{MAIN}f").get("t") == "array"


@each_screen
def test_its_yellow_cells_are_the_weights_themselves(problem):
    book = Package(export(problem))
    for name in problem.weights:
        title, area = book.area(name)
        assert title == "Board"
        assert all(book.cells[title][address].find(f"{MAIN}f") is None for row in area for address in row)


def test_whole_numbers_look_whole_and_the_decimals_follow_a_cell():
    rules = [
        (rule.formula[0], rule.dxf.numFmt.formatCode)
        for formats in board(hello).conditional_formatting
        for rule in formats.rules
    ]
    assert rules[0][1] == "0"
    assert "ROUND" in rules[0][0]
    assert ("board_decimals=2", "0.00") in rules


@pytest.mark.parametrize("layout", ["both", "board"])
def test_no_more_decimals_can_be_chosen_than_the_columns_have_room_for(layout):
    book = openpyxl.load_workbook(io.BytesIO(export(hello, layout=layout, decimals=8)))
    rules = {str(rule.sqref): rule for rule in book["Start"].data_validations.dataValidation}
    cells = {name: book.defined_names[name] for name in ("decimals", "board_decimals") if name in book.defined_names}
    assert set(cells) == ({"decimals", "board_decimals"} if layout == "both" else {"board_decimals"})
    shown = {"board_decimals": len(stored_format(book, "h_2").partition(".")[2]), "decimals": 8}
    for name, place in cells.items():
        address = place.attr_text.partition("!")[2].replace("$", "")
        rule = rules[address]
        assert (rule.type, rule.formula1, rule.formula2) == ("whole", "0", str(shown[name]))
        assert book["Start"][address].value == shown[name]


def stored_format(book: openpyxl.Workbook, name: str) -> str:
    sheet, _, area = book.defined_names[name].attr_text.partition("!")
    return book[sheet][area.replace("$", "")][0][0].number_format


def test_weights_that_are_too_wide_are_said_to_stand_elsewhere():
    sheet = board(draw("the quick brown fox jumps", hidden=2))
    assert sheet["A3"].value == "Change a yellow number: everything follows. Wxh, Whh, bh: see Inputs."
    assert board(hello)["A3"].value == "Change a yellow number: everything follows."


# ── arrows ────────────────────────────────────────────────────────────────────────────────────────────────────────


def arrows(problem: Problem) -> list[str]:
    parts = Package(export(problem)).parts
    drawn = [content for part, content in parts.items() if part.startswith("xl/drawings/over-")]
    return [str(e.get("name")) for content in drawn for e in ElementTree.fromstring(content).iter() if e.get("name")]


def test_what_a_step_hands_on_is_drawn_h_alone_or_h_and_c():
    steps = [(1, 2), (2, 3), (3, 4)]
    assert sorted(arrows(hello)) == [f"h of step {a} to step {b}" for a, b in steps]
    both = [f"{state} of step {a} to step {b}" for state in "ch" for a, b in steps]
    assert sorted(arrows(Problem.template("lstm"))) == both


def test_every_layer_hands_on_its_own_states():
    assert sorted(arrows(draw("abc", layers=2))) == ["h of step 1 to step 2", "h_L2 of step 1 to step 2"]


# ── layouts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_board_alone_ends_with_the_gradients():
    book = Package(export(hello, layout="board"))
    assert list(book.sheets) == ["Start", "Board", "Inputs", "Charts", "Equations", "Check", "Problem"]
    assert "dh_1" in book.names
    assert "dWxh" not in book.names


def test_new_weights_have_no_place_on_the_board():
    with pytest.raises(RnncalcError, match="The Board has no new weights"):
        export(hello, layout="board", through="update")


@pytest.mark.parametrize("problem", [draw("".join(map(chr, range(65, 140))), hidden=1)], ids=["75 letters"])
def test_more_rows_than_the_board_has_room_for_are_refused_on_it_alone(problem):
    with pytest.raises(RnncalcError, match=r"has room for 64 rows of scores or letters, so not for y, exp, p"):
        export(problem, layout="board")
    assert "Board" in Package(export(problem)).sheets


def test_a_prediction_that_is_read_back_is_computed_on_the_board():
    book = Package(export(draw("abc", generate=2, targets="none"), layout="board"))
    assert book.area("x_4")[0] == "Board"
    assert "MATCH(MAX(" in formula(book.cell("x_4"))


def test_the_long_sheets_alone():
    assert "Board" not in Package(export(hello, layout="steps")).sheets


def test_more_steps_than_a_sheet_has_room_for_are_refused():
    with pytest.raises(RnncalcError, match=r"The Board of 5,600 steps needs .* columns.* Use at most 4,094 steps"):
        export(draw("ab" * 2800, hidden=1, targets="none"), layout="board")


def test_where_the_board_has_no_room_the_long_sheets_are_there_alone(monkeypatch):
    problem = draw("ab" * 20, hidden=1, targets="none")
    assert "Board" in Package(export(problem)).sheets
    monkeypatch.setattr("rnncalc.workbook.write.export.LAST_COLUMN", 100)
    sheets = Package(export(problem)).sheets
    assert "Board" not in sheets
    assert "Forward" in sheets


# ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────────


def filled(where: dict[str, list[float]], *, layout: str = "both", other: dict[str, object] | None = None) -> bytes:
    """A worksheet with numbers under names, and in single cells of the Board."""
    book = openpyxl.load_workbook(io.BytesIO(worksheet(HELLO, ask_for=("forward",), layout=layout)[0]))
    for name, numbers in where.items():
        sheet, _, area = book.defined_names[name].attr_text.partition("!")
        cells = book[sheet][area.replace("$", "")]
        flat = [cell for row in cells for cell in row] if isinstance(cells, tuple) else [cells]
        for cell, number in zip(flat, numbers, strict=True):
            cell.value = number
    for address, value in (other or {}).items():
        book["Board"][address] = value
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def right(prefix: str) -> dict[str, list[float]]:
    trace = whole_trace(HELLO)
    names = [q.name for q in trace.values() if q.stage == "forward"]
    return {f"{prefix}{name}": [round(float(v), 4) for v in trace[name].value[:, 0]] for name in names}


@pytest.mark.parametrize(("prefix", "layout"), [("", "both"), ("board_", "both"), ("", "board"), ("", "steps")])
def test_answers_count_wherever_they_are_filled_in(prefix, layout):
    file = filled(right(prefix), layout=layout)
    assert verified(file).verdict == "correct"
    assert read(file).remarks == []


@pytest.mark.parametrize("template", ["hello", "lstm", "gru"])
@pytest.mark.parametrize("ask", ["h_1", "a*_1", "y_2", "loss_1", "forward", "dh_2"])
def test_nothing_is_said_of_answers_on_the_board_whatever_is_asked_for(template, ask):
    problem = Problem.template(template)
    file, blanks = worksheet(problem, ask_for=(ask,))
    book, trace = openpyxl.load_workbook(io.BytesIO(file)), whole_trace(problem)
    for name in blanks.names:
        place = book.defined_names.get(f"board_{name}") or book.defined_names[name]
        sheet, _, area = place.attr_text.partition("!")
        cells = book[sheet][area.replace("$", "")]
        flat = [cell for row in cells for cell in row] if isinstance(cells, tuple) else [cells]
        for cell, number in zip(flat, trace[name].value.ravel().tolist(), strict=True):
            cell.value = round(number, 4)
    saved = io.BytesIO()
    book.save(saved)
    assert verified(saved.getvalue()).verdict == "correct"
    assert read(saved.getvalue()).remarks == []


def test_some_answers_on_the_board_and_some_on_the_long_sheets_count_together():
    board_ones, long_ones = right("board_"), right("")
    half = {k: v for k, v in board_ones.items() if k.endswith(("_1", "_2"))}
    rest = {k: v for k, v in long_ones.items() if k.endswith(("_3", "_4"))}
    assert verified(filled(half | rest)).verdict == "correct"


def test_an_answer_that_differs_in_the_two_places_is_told_and_the_long_sheets_counts():
    numbers = right("") | {"board_h_2": [0.1, 0.2, 0.3]}
    file = filled(numbers)
    assert verified(file).verdict == "correct"
    remarks = read(file).remarks
    assert len(remarks) == 3
    says = r"h_2 is filled in twice: [\d.]+ in (Forward!\w+) and 0\.1 in Board!\w+\. The one in \1 counts\."
    assert re.fullmatch(says, remarks[0])


@pytest.mark.parametrize("name", ["Wxh", "Why", "wx_1", "h_1"])
def test_a_given_number_typed_over_on_the_board_is_told_wherever_it_stands(name):
    """Also of what is given because a worksheet asks for something later."""
    ask = ("p_2",)
    plan = Board(blanks_of(whole_trace(HELLO), ask).trace)
    block = plan.blocks.get(name) or plan.slots[name]
    book = openpyxl.load_workbook(io.BytesIO(worksheet(HELLO, ask_for=ask)[0]))
    cell = book["Board"].cell(block.row, block.column)
    assert str(cell.value).startswith("=")
    cell.value = 0.123
    saved = io.BytesIO()
    book.save(saved)
    (said,) = read(saved.getvalue()).remarks
    assert said.startswith("1 number was typed on the sheet Board and does not count")


def test_a_number_typed_over_a_link_of_the_board_is_told():
    book = Package(worksheet(HELLO, ask_for=("forward",))[0])
    title, ((first, *_), *_) = book.area("board_a_2")
    assert title == "Board"
    column = get_column_letter(openpyxl.utils.column_index_from_string(re.sub(r"\d", "", first)) - 2)
    (said,) = read(filled(right(""), other={f"{column}8": 0.5})).remarks
    assert said == (
        "1 number was typed on the sheet Board and does not count, because those cells only repeat others. "
        "Type answers into the empty framed cells."
    )


def test_a_blank_worksheet_has_no_answer_on_the_board():
    book = openpyxl.load_workbook(io.BytesIO(worksheet(HELLO)[0]), data_only=True)
    trace = whole_trace(HELLO)
    answers = {f"{v:.6f}" for q in trace.values() if q.rule is not None for v in q.value.ravel() if v % 1}
    shown = {f"{c.value:.6f}" for row in book["Board"].iter_rows() for c in row if isinstance(c.value, float)}
    assert not answers & shown - {f"{v:.6f}" for w in HELLO.weights.values() for v in w.ravel()}


@pytest.mark.parametrize("decimals", [0, 4, 9])
def test_an_answer_with_all_its_decimals_fits_its_cell(decimals):
    sheet = openpyxl.load_workbook(io.BytesIO(worksheet(Problem.template("lstm"), decimals=decimals)[0]))["Board"]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.style == "rnncalc answer":
                assert len(f"{-0.5:.{decimals}f}") + 0.4 <= sheet.column_dimensions[cell.column_letter].width


def test_what_the_board_has_no_place_for_is_not_asked_for_on_it_alone():
    with pytest.raises(RnncalcError, match="The Board has no place for dWxh_4"):
        worksheet(hello, ask_for=("backward",), layout="board")
    assert "dWxh" not in worksheet(hello, layout="board")[1].names
