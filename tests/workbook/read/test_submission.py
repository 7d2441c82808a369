"""A workbook that comes back: each cell by what stands in it, the problem, the givens, and other people's layouts."""

from collections.abc import Callable
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pytest
from engines.cases import CASES, STYLES, draw, file
from engines.package import MAIN, Package, set_number, set_text
from workbook.bare import bare
from workbook.filled import (
    HELLO,
    PENCIL,
    blank,
    by_openpyxl,
    edit,
    fill_in,
    marked,
    put_in,
    read,
    saved,
    standing_out,
    statuses,
    stored,
    true_numbers,
    verified,
)

from rnncalc.errors import FileError, RnncalcError, SelectionError
from rnncalc.marking.answers import Answer
from rnncalc.network.update_step import whole_trace
from rnncalc.workbook.problem_text import Settings
from rnncalc.workbook.read.submission import read_maps

TRACE = whole_trace(HELLO)
FILLED = fill_in(blank(), true_numbers(TRACE), 4)


def answer(file: bytes, name: str, row: int = 0, column: int = 0) -> Answer:
    """What was read in one cell."""
    found = read(file)
    return next(a.cells[row, column] for a in (*found.answers, *found.given) if a.name == name)


def status(file: bytes, name: str, row: int = 0, column: int = 0) -> str:
    return statuses(verified(file))[name, row, column]


def told(refused: pytest.ExceptionInfo[BaseException]) -> str:
    return str(refused.value)


# ── what stands in a cell ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_worksheet_filled_in_rightly_is_correct_in_every_cell():
    report = verified(FILLED)
    assert report.verdict == "correct"
    assert report.counts == {"correct": 325}
    assert report.first is None


def test_an_empty_worksheet_is_blank_in_every_cell():
    report = verified(blank())
    assert (report.verdict, dict(report.counts)) == ("incomplete", {"blank": 325})


def test_a_cell_says_where_it_stands():
    assert answer(FILLED, "h_2").cell == "Forward!E90"
    title, area = Package(FILLED).area("h_2")
    assert answer(FILLED, "h_2", 2).cell == f"{title}!{area[2][0]}"


def test_a_number_has_the_decimals_that_the_worksheet_asked_for():
    """0.5 in a cell may have been 0.5000: a numeric cell keeps no zeros."""
    assert answer(put_in(FILLED, {("h_2", 0, 0): 0.5}), "h_2") == Answer("0.5", 0.5, 4, cell="Forward!E90")
    assert answer(fill_in(blank(decimals=2), {"h_2": np.full((3, 1), 0.5)}), "h_2").decimals == 2


@pytest.mark.parametrize("number", ["0.94", "0.9", "0,94", "94 %", "0.940"])
def test_a_text_needs_the_decimals_that_were_asked_for_as_a_number_does(number):
    assert status(put_in(FILLED, {("h_2", 0, 0): number}), "h_2") == "wrong"
    assert status(put_in(FILLED, {("h_2", 0, 0): 0.94}), "h_2") == "wrong"


def test_a_text_may_have_more_decimals_than_were_asked_for():
    assert answer(put_in(FILLED, {("h_2", 0, 0): "0.936484"}), "h_2").decimals == 6


def test_more_decimals_than_asked_for_do_no_harm():
    assert standing_out(verified(fill_in(blank(), true_numbers(TRACE)))) == {}


H_2 = f"{TRACE['h_2'].value[0, 0]:.4f}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (H_2, "correct"),
        (f" {H_2} ", "correct"),
        (f"{H_2}\u00a0", "correct"),
        (H_2.replace(".", ","), "correct"),
        ("93.65%", "correct"),
        ("93,65 %", "correct"),
        ("9.365e-1", "correct"),
        ("+0.9365", "correct"),
        ("0.1234", "wrong"),
        ("1,234", "ambiguous"),
        ("-1,234", "ambiguous"),
        ("1,234.5", "wrong"),
        ("x", "not-a-number"),
        ("0.93.65", "not-a-number"),
        ("=0.9365", "not-a-number"),
        ("tanh(1.7)", "not-a-number"),
        ("inf", "not-a-number"),
        ("nan", "not-a-number"),
        ("1_000", "not-a-number"),
        ("٠.٩", "wrong"),
        ("٠٫٩٣٦٥", "correct"),
        ("０．９３６５", "correct"),
        ("\u200e0.9365\u200b", "correct"),
        ("\ufeff 9.365·10⁻¹", "correct"),
        ("\u00ad0.9365", "not-a-number"),
        ("?" * 5000, "not-a-number"),
        ("", "blank"),
        ("   ", "blank"),
        ("\n", "blank"),
    ],
)
def test_a_text_is_read_without_guessing(text, found):
    assert status(put_in(FILLED, {("h_2", 0, 0): text}), "h_2") == found


def test_an_ambiguous_number_has_both_readings():
    assert answer(put_in(FILLED, {("h_2", 0, 0): "1,234"}), "h_2").readings == (1.234, 1234)


FORMULAS = {
    "its value counts": (stored("TANH(F83)", H_2), "correct", "=TANH(F83)"),
    "a wrong one too": (stored("F83", "1.7086"), "wrong", "=F83"),
    "not calculated": (stored("TANH(F83)", None), "not-calculated", "=TANH(F83)"),
    "an error": (stored("1/0", "#DIV/0!", "e"), "not-a-number", "=1/0"),
    "a name that there is not": (stored("tanhh(F83)", "#NAME?", "e"), "not-a-number", "=tanhh(F83)"),
    "true": (stored("F83>0", "1", "b"), "not-a-number", "=F83>0"),
    "a text that is a number": (stored('"0.9365"', "0.9365", "str"), "correct", '="0.9365"'),
    "a text that is none": (stored('"x"', "x", "str"), "not-a-number", '="x"'),
    "an empty text": (stored('""', "", "str"), "blank", '=""'),
}


@pytest.mark.parametrize("kind", FORMULAS)
def test_a_formula_counts_by_the_value_that_is_stored_and_is_shown(kind):
    change, found, formula = FORMULAS[kind]
    handed_in = edit(FILLED, {("h_2", 0, 0): change})
    assert (status(handed_in, "h_2"), answer(handed_in, "h_2").formula) == (found, formula)


@pytest.mark.parametrize(("value", "text"), [("1", "TRUE"), ("0", "FALSE")])
def test_true_and_false_are_no_numbers(value, text):
    def change(cell) -> None:
        set_number(cell, 0)
        cell[0].text = value
        cell.set("t", "b")

    found = answer(edit(FILLED, {("h_2", 0, 0): change}), "h_2")
    assert (found.number, found.text, found.problem) == (None, text, "not-a-number")


def test_a_file_saved_by_a_program_that_does_not_calculate_says_so():
    """openpyxl, as a script would use it."""
    opened = by_openpyxl(FILLED)
    area = Package(FILLED).area("h_2")[1]
    for (address,) in area:
        opened["Forward"][address] = f"=TANH({address})"
    report = verified(saved(opened))
    assert standing_out(report) == {("h_2", i, 0): "not-calculated" for i in range(3)}
    assert report.verdict == "incomplete"
    assert (report.first.quantity, report.first.row, report.first.status) == ("h_2", 0, "not-calculated")


STATUSES = {
    ("wx_1", 0, 0): ("0.2870", "correct"),
    ("h_1", 0, 0): ("0.69", "wrong"),
    ("p_1", 0, 0): (None, "blank"),
    ("p_1", 1, 0): ("?", "not-a-number"),
    ("p_1", 2, 0): ("1,234", "ambiguous"),
    ("p_1", 3, 0): ("0.9", "wrong"),
}


def test_every_cell_has_its_own_status():
    handed_in = edit(
        put_in(FILLED, {place: text for place, (text, _) in STATUSES.items()}),
        {("h_4", 0, 0): stored("TANH(1)", None), ("Wxh", 0, 0): lambda cell: set_number(cell, 0.3)},
    )
    found = statuses(verified(handed_in))
    assert {place: found[place] for place in STATUSES} == {place: status for place, (_, status) in STATUSES.items()}
    assert (found["h_4", 0, 0], found["Wxh", 0, 0]) == ("not-calculated", "given-changed")


# ── what is given ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["Wxh", "Whh", "bh", "Why", "h_0", "eta"])
def test_a_given_number_that_was_changed_is_a_finding(name):
    handed_in = put_in(FILLED, {(name, 0, 0): 0.75})
    report = verified(handed_in)
    assert statuses(report)[name, 0, 0] == "given-changed"
    assert report.verdict == "incorrect"
    assert (report.first.quantity, report.first.given.number) == (name, 0.75)


def test_a_given_number_that_was_deleted_is_a_finding():
    report = verified(put_in(FILLED, {("bh", 0, 0): None}))
    assert standing_out(report) == {("bh", 0, 0): "given-changed"}


def test_a_letter_that_was_changed_is_a_finding():
    """Typed, and its one-hot column calculated by a program."""
    package = Package(FILLED)
    title, ((_, second, *_),) = package.area("letters")
    set_text(package.cells[title][second], "o")
    for i, value in enumerate((0, 0, 0, 1)):
        set_number(package.cell("x_2", i), value)
    assert standing_out(verified(package.to_bytes())) == {
        ("x_2", 1, 0): "given-changed",
        ("x_2", 3, 0): "given-changed",
    }


def test_one_hot_columns_that_no_program_calculated_count_by_their_letters():
    """openpyxl drops what is stored beside formulas; the letters are still there."""
    opened = by_openpyxl(FILLED)
    assert standing_out(verified(saved(opened))) == {}
    opened["Inputs"]["D6"] = "o"
    assert standing_out(verified(saved(opened))) == {("x_2", i, 0): "given-changed" for i in range(4)}


@pytest.mark.parametrize("names", [("backward",), ("dWhh",), ("h_2", "p_2", "dWhh")])
def test_a_computed_number_that_a_worksheet_gives_is_given_too(names):
    handed_out = blank(*names)
    asked = {a.name for a in read(handed_out).answers}
    handed_in = fill_in(handed_out, true_numbers(TRACE, *asked), 4)
    assert standing_out(verified(handed_in)) == {}
    assert standing_out(verified(put_in(handed_in, {("a_1", 1, 0): 0.1})))["a_1", 1, 0] == "given-changed"


def test_another_problem_wins_over_the_files_and_every_other_number_is_a_finding():
    """The worksheet of hello marked as if it were of pencil."""
    report = verified(FILLED, problem=PENCIL)
    changed = {place for place, s in statuses(report).items() if s == "given-changed"}
    assert changed == {
        (name, i, j)
        for name, array in PENCIL.arrays().items()
        for (i, j), value in np.ndenumerate(array)
        if value != HELLO.arrays()[name][i, j]
    }
    assert {name for name, *_ in changed} == {"Wxh", "Whh", "bh", "Why"}


def test_the_same_problem_typed_makes_no_finding():
    assert standing_out(verified(FILLED, problem=HELLO)) == {}


def test_a_problem_of_other_sizes_is_refused_in_a_sentence():
    with pytest.raises(FileError) as refused:
        verified(FILLED, problem=draw("hello", hidden=2))
    assert told(refused).startswith("homework.xlsx: Wxh is 2×4, but its name stands for 3×4 cells, Inputs!C24:F26")


def test_settings_fill_in_what_the_file_does_not_tell_and_win_over_what_it_does():
    handed_out = blank("dWhh", problem=draw("banana", hidden=2), truncate=2)
    assert read(handed_out).trace.truncate == 2
    assert read(handed_out, settings=Settings(truncate=3)).trace.truncate == 3


def test_decimals_typed_win_over_those_asked_for():
    rounded = fill_in(blank(), true_numbers(TRACE), 2)
    assert verified(rounded).counts["wrong"]
    assert standing_out(verified(rounded, decimals=2)) == {}


# ── exported workbooks ────────────────────────────────────────────────────────────────────────────────────────────

EXPORTED = ["hello", "matrix Whh", "relu", "clip_norm below the norm", "truncate", "no targets", "mean",
            "through forward", "emoji", "newlines, tabs and control characters"]  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", EXPORTED)
def test_an_exported_workbook_is_correct(name, style):
    report = verified(file(name, style))
    assert standing_out(report) == {}
    trace = CASES[name].trace()
    computed = {q.name for q in trace.values() if q.rule is not None}
    given = {q.name for q in trace.values() if q.rule is None}
    assert {m.quantity for m in report.marks} == computed
    assert {a.name for a in read(file(name, style)).given} == given


@pytest.mark.parametrize("style", STYLES)
def test_an_exported_workbook_with_a_formula_typed_over_is_wrong_there(style):
    """In an array formula's first cell a value, as nobody calculated it again."""
    handed_in = edit(file("hello", style), {("h_2", 0, 0): stored("TANH(1)", "0.7615941559557649")})
    assert standing_out(verified(handed_in)) == {("h_2", 0, 0): "wrong"}


def test_an_exported_workbook_with_an_input_changed_has_that_finding_and_what_follows_is_carried():
    other = HELLO.replace(weights={**HELLO.weights, "bh": np.array([[0.75]])})
    package, changed = Package(file("hello", "cells")), whole_trace(other)
    for q in changed.values():
        for i, j in np.ndindex(*q.shape):
            cell = package.cell(q.name, i, j)
            if q.rule is None and not q.step:
                set_number(cell, float(q.value[i, j]))
            else:
                stored(cell.findtext("{*}f", ""), repr(float(q.value[i, j])))(cell)
    found = standing_out(verified(package.to_bytes()))
    assert found.pop(("bh", 0, 0)) == "given-changed"
    assert set(found.values()) <= {"carried", "rounded"}
    assert found["h_1", 0, 0] == found["dWxh", 0, 0] == "carried"


# ── what is no worksheet, or none any more ────────────────────────────────────────────────────────────────────────


def without_names(*names: str) -> Callable[[bytes], bytes]:
    """The names deleted, as in a spreadsheet's name manager."""

    def change(file: bytes) -> bytes:
        opened = by_openpyxl(file)
        for name in names:
            del opened.defined_names[name]
        return saved(opened)

    return change


def with_name(name: str, refers: str) -> Callable[[bytes], bytes]:
    """A name that stands for something else."""

    def change(file: bytes) -> bytes:
        opened = by_openpyxl(file)
        opened.defined_names[name].attr_text = refers
        return saved(opened)

    return change


def with_other_labels(file: bytes) -> bytes:
    """Other words beside the numbers, so that nothing tells which is which."""
    opened = by_openpyxl(file)
    for title in ("Inputs", "Forward"):
        for row in opened[title].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and not cell.value.startswith("="):
                    cell.value += "?"
    opened["Problem"]["A4"] = "?"
    return saved(opened)


REFUSED = {
    "no name of the problem": (
        without_names("problem_text"),
        "homework.xlsx is not an rnncalc worksheet (it has no names problem_text and workbook_text). For any other ",
    ),
    "the problem's sheet deleted": (
        with_name("problem_text", "#REF!"),
        "homework.xlsx has lost the text of its problem (sheet Problem). Use -t or TEXT to say which problem it is",
    ),
    "the name of an answer": (
        without_names("h_2"),
        "homework.xlsx: the name h_2 is missing, so nothing shows where these numbers are.",
    ),
    "the name of a weight": (
        without_names("Wxh"),
        "homework.xlsx: the name Wxh is missing, so nothing shows where these numbers are.",
    ),
    "the cells of an answer": (
        with_name("h_2", "Forward!#REF!"),
        "homework.xlsx: the name h_2 has lost its cells, so nothing shows where these numbers are.",
    ),
    "a row of an answer": (
        with_name("h_2", "Forward!$E$90:$E$91"),
        "homework.xlsx: h_2 is 3×1, but its name stands for 2×1 cells, Forward!E90:E91; rows or columns were inserted",
    ),
    "two areas": (
        with_name("h_2", "Forward!$E$90:$E$91,Forward!$E$92"),
        "homework.xlsx: the name h_2 has lost its cells, so nothing shows where these numbers are.",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_worksheet_that_lost_something_is_refused_with_the_reason(what):
    change, reason = REFUSED[what]
    with pytest.raises(FileError) as refused:
        verified(with_other_labels(change(FILLED)))
    assert told(refused).startswith(reason)


@pytest.mark.parametrize("what", [what for what in REFUSED if what != "a row of an answer"])
def test_what_a_worksheet_lost_is_read_where_it_stood_when_the_labels_are_still_there(what):
    assert standing_out(verified(REFUSED[what][0](FILLED))) == {}


def test_another_workbook_is_refused_with_what_can_be_done():
    with pytest.raises(FileError) as refused:
        verified(bare('<row r="1"><c r="A1"><v>1</v></c></row>'))
    assert "is not an rnncalc worksheet" in told(refused)
    assert "--map" in told(refused)


def test_a_lost_problem_can_be_typed():
    lost = with_name("problem_text", "#REF!")(FILLED)
    report = verified(lost, problem=HELLO, settings=Settings(decimals=4))
    assert {name for name, *_ in standing_out(report)} == set()


def test_a_worksheet_of_what_the_typed_problem_does_not_have_is_refused():
    with pytest.raises(FileError) as refused:
        verified(FILLED, problem=HELLO.replace(targets=(None,) * 4))
    assert told(refused) == "homework.xlsx asks for loss_1, which the problem chosen here does not have."


@pytest.mark.parametrize("gap", [1, 2])
def test_an_empty_row_within_a_table_is_passed_over(gap):
    """The name has grown over it."""
    opened = by_openpyxl(FILLED)
    page = opened["Forward"]
    numbers = [page[f"E{row}"].value for row in (90, 91, 92)]
    numbers.insert(gap, None)
    for row, number in zip(range(90, 94), numbers, strict=True):
        page[f"E{row}"].value = number
    opened.defined_names["h_2"].attr_text = "Forward!$E$90:$E$93"
    assert standing_out(verified(saved(opened))) == {}


def test_where_a_number_is_missing_an_empty_row_could_be_either_and_is_refused():
    opened = by_openpyxl(FILLED)
    opened["Forward"]["E91"].value = None
    opened.defined_names["h_2"].attr_text = "Forward!$E$90:$E$93"
    with pytest.raises(FileError, match="rows or columns were inserted or deleted there"):
        verified(saved(opened))


# ── workbooks that rnncalc did not make ───────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def by_hand() -> bytes:
    """A workbook that someone made: columns, rows, a matrix as it is and one turned, on sheets of any name."""
    made = openpyxl.Workbook()
    first, second = made.active, made.create_sheet("My sheet's sums")
    first.title = "Sheet1"

    def write(where, row: int, column: int, numbers: np.ndarray) -> None:
        for (i, j), value in np.ndenumerate(np.round(numbers, 4)):
            where.cell(row + i, column + j, float(value))

    write(first, 4, 2, TRACE["h_2"].value)
    write(first, 10, 2, TRACE["h_3"].value.T)
    write(first, 20, 1, TRACE["dWxh"].value)
    write(first, 30, 1, TRACE["dWxh"].value.T)
    write(second, 1, 1, TRACE["p_2"].value)
    for (i, j), value in np.ndenumerate(HELLO.weights["Wxh"]):
        second.cell(1 + i, 5 + j, float(value))
    second["J1"], second["J2"], second["J3"] = "0,9365", "=TANH(1)", None
    return saved(made)


def mapped(file: bytes, **maps: str):
    return read(file, "mine.xlsx", problem=HELLO, decimals=4, maps=maps)


@pytest.mark.parametrize(
    "maps",
    [
        {"h_2": "Sheet1!B4:B6"},
        {"h_2": "sheet1!$B$4:$B$6"},
        {"h_2": "'Sheet1'!B6:B4"},
        {"h_3": "Sheet1!B10:D10"},
        {"dWxh": "Sheet1!A20:D22"},
        {"dWxh": "Sheet1!A30:C33"},
        {"p_2": "'My sheet''s sums'!A1:A4"},
        {"h_2": "Sheet1!B4:B6", "h_3": "Sheet1!B10:D10", "p_2": "'My sheet''s sums'!A1:A4"},
    ],
)
def test_a_workbook_of_any_layout_is_marked_where_its_maps_point(by_hand, maps):
    report = marked(mapped(by_hand, **maps))
    assert report.verdict == "correct"
    assert {m.quantity for m in report.marks} == set(maps)
    assert len(report.marks) == sum(TRACE[name].value.size for name in maps)


def test_a_matrix_that_fits_only_turned_is_reported_as_such(by_hand):
    assert mapped(by_hand, dWxh="Sheet1!A30:C33").remarks == [
        "dWxh is transposed: its rows are in columns, Sheet1!A30:C33."
    ]
    assert mapped(by_hand, dWxh="Sheet1!A20:D22").remarks == []
    assert mapped(by_hand, h_3="Sheet1!B10:D10").remarks == []


def test_a_map_names_the_cell_of_each_answer(by_hand):
    (found,) = mapped(by_hand, p_2="'My sheet''s sums'!A1:A4").answers
    assert [found.cells[i, 0].cell for i in range(4)] == [f"'My sheet''s sums'!A{i + 1}" for i in range(4)]
    (turned,) = mapped(by_hand, dWxh="Sheet1!A30:C33").answers
    assert turned.cells[1, 0].cell == "Sheet1!B30"


def test_a_mapped_weight_is_a_given(by_hand):
    assert standing_out(marked(mapped(by_hand, Wxh="'My sheet''s sums'!E1:H3", h_2="Sheet1!B4:B6"))) == {}
    found = mapped(by_hand, Wxh="Sheet1!A20:D22", h_2="Sheet1!B4:B6")
    assert statuses(marked(found))["Wxh", 0, 0] == "given-changed"


def test_what_stands_in_a_mapped_cell_is_read_as_in_any_other(by_hand):
    found = statuses(marked(mapped(by_hand, h_2="'My sheet''s sums'!J1:J3")))
    assert list(found.values()) == ["correct", "not-calculated", "blank"]


def test_without_decimals_a_table_has_those_of_its_longest_number(by_hand):
    """0.9365, 0.9491, 0.7623: four; a 0.94 among them would be 0.9400."""
    (found,) = read(by_hand, "mine.xlsx", problem=HELLO, maps={"h_2": "Sheet1!B4:B6"}).answers
    assert {a.decimals for a in found.cells.values()} == {4}


@pytest.mark.parametrize(
    ("name", "place", "says"),
    [
        ("h_2", "Sheet1!B4:B7", "h_2=Sheet1!B4:B7 has 4×1 cells, but h_2 needs 3×1."),
        ("h_2", "Sheet1!B4", "h_2=Sheet1!B4 has 1×1 cells, but h_2 needs 3×1."),
        ("dWxh", "Sheet1!A20:D23", "dWxh=Sheet1!A20:D23 has 4×4 cells, but dWxh needs 3×4."),
        (
            "h_2",
            "Sheet9!B4:B6",
            "h_2=Sheet9!B4:B6 is not a place in mine.xlsx. Use a place such as Sheet1!B4:B6; the sheets are Sheet1, My",
        ),
        ("h_2", "B4:B6", "h_2=B4:B6 is not a place in mine.xlsx"),
        ("h_2", "Sheet1!4:6", "h_2=Sheet1!4:6 is not a place in mine.xlsx"),
        ("h_2", "Sheet1!B4:B6,C1", "h_2=Sheet1!B4:B6,C1 is not a place in mine.xlsx"),
        ("h_9", "Sheet1!B4:B6", "There is no h_9: h runs from h_0 to h_4."),
        ("dWhx", "Sheet1!B4:B6", "There is no quantity named 'dWhx' (did you mean 'dWxh'?)."),
    ],
)
def test_a_map_that_does_not_fit_is_refused_in_a_sentence(by_hand, name, place, says):
    with pytest.raises(RnncalcError) as refused:
        mapped(by_hand, **{name: place})
    assert told(refused).startswith(says)
    assert isinstance(refused.value, SelectionError) == says.startswith("There is no")


def test_the_place_that_a_refusal_shows_is_a_place(by_hand):
    made = by_openpyxl(by_hand)
    del made["Sheet1"]
    file = saved(made)
    with pytest.raises(RnncalcError) as refused:
        mapped(file, h_2="B4:B6")
    shown = told(refused).partition("Use a place such as ")[2].partition(";")[0]
    assert [a.name for a in mapped(file, h_2=shown).answers] == ["h_2"]


def test_a_mapped_workbook_needs_a_problem(by_hand):
    with pytest.raises(FileError) as refused:
        read(by_hand, "mine.xlsx", maps={"h_2": "Sheet1!B4:B6"})
    assert told(refused) == (
        "mine.xlsx does not say which problem it is about. Use -t, TEXT or the other problem options."
    )


def test_maps_may_point_into_a_worksheet_too():
    assert standing_out(marked(read(FILLED, maps={"h_2": "Forward!E90:E92"}))) == {}


@pytest.mark.parametrize(
    ("lines", "maps"),
    [
        (["h_2=Sheet1!B4:B6"], {"h_2": "Sheet1!B4:B6"}),
        (["# mine", "", "  h_2 = Sheet1!B4:B6  ", "p_2='a=b'!A1"], {"h_2": "Sheet1!B4:B6", "p_2": "'a=b'!A1"}),
        ([], {}),
    ],
)
def test_maps_are_lines_of_a_name_and_a_place(lines, maps):
    assert read_maps(lines) == maps


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["h_2"], "'h_2' is not a valid map. Use the form h_2=Sheet1!B4:B6."),
        (["=Sheet1!A1"], "'=Sheet1!A1' is not a valid map. Use the form h_2=Sheet1!B4:B6."),
        (["h_2="], "'h_2=' is not a valid map. Use the form h_2=Sheet1!B4:B6."),
        (["h_2=S!A1", "h_2=S!B1"], "h_2 is mapped twice, to S!A1 and to S!B1."),
    ],
)
def test_a_line_that_is_no_map_is_refused(lines, says):
    with pytest.raises(RnncalcError) as refused:
        read_maps(lines)
    assert told(refused) == says


def test_only_known_cells_are_read():
    """A lone cell at the end of the grid costs nothing."""
    package = Package(FILLED)
    (data,) = package.sheets["Forward"].iter(f"{MAIN}sheetData")
    row = ElementTree.SubElement(data, f"{MAIN}row", r="1048576")
    ElementTree.SubElement(ElementTree.SubElement(row, f"{MAIN}c", r="XFD1048576"), f"{MAIN}v").text = "1"
    assert standing_out(verified(package.to_bytes())) == {}
