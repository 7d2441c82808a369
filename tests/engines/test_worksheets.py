"""Worksheets in spreadsheet programs: links follow what is filled in, practice colours, and what is saved is marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import on_paper
import pytest
from engines.cases import STYLES, draw, file
from engines.engines import ENGINES, Batches, Recalculated, recalculate
from engines.package import Package, formula
from engines.people import EDITS, edited
from marking.examiner.sheets import Sheet, sheet
from workbook.filled import HELLO, PENCIL, blank, edit, fill_in, put_in, statuses, stored, verified
from workbook.filled import read as submission

from rnncalc import Problem
from rnncalc.errors import FileError
from rnncalc.marking.marking import mark
from rnncalc.network.names import element_name
from rnncalc.network.update_step import whole_trace

PROGRAMS = ("libreoffice", "gnumeric")
each_program = pytest.mark.parametrize("program", PROGRAMS)


# ── links beside blanks ───────────────────────────────────────────────────────────────────────────────────────────

PROBLEMS: dict[str, Problem] = {
    "hello": HELLO,
    "matrix, output bias, last": draw("abca", hidden=2, output_bias=True, targets="last", h_0="random"),
    "one letter, one unit": draw("aa", hidden=1),
    "no targets": draw("a b", hidden=2, targets="none"),
    "generated": draw("ab", hidden=2, vocabulary="abc", generate=2, targets="none"),
    "a class at the last step": draw(
        "a good film", tokens="words", hidden=2, embedding=2, head=[2], classes=("bad", "good"), output_at="last",
        targets=["good"],
    ),
}  # fmt: skip
HALF = ("wx_1", "a_1", "h_1", "p_1", "loss_1", "dh_2")
FILLINGS: dict[str, tuple[str, ...] | None] = {"nothing": (), "half": HALF, "everything": None}
SHEETS = [(problem, filling) for problem in PROBLEMS for filling in FILLINGS]
each_sheet = pytest.mark.parametrize(("problem", "filling"), SHEETS, ids=["-".join(job) for job in SHEETS])


def numbers(problem: str, filling: str) -> dict[str, np.ndarray]:
    """What is filled in."""
    chosen, given = FILLINGS[filling], PROBLEMS[problem]
    if problem in ("generated", "a class at the last step"):  # any numbers do that lead to a prediction
        right = {name: q.value.round(4) for name, q in whole_trace(given).items() if q.rule is not None}
    else:
        right = on_paper.work(given, decimals=4)
    return right if chosen is None else {name: right[name] for name in chosen if name in right}


@pytest.fixture(scope="module")
def links() -> Batches:
    """The worksheets as a program calculates them."""
    return Batches(lambda _: {job: fill_in(blank(problem=PROBLEMS[job[0]]), numbers(*job)) for job in SHEETS})


_CELL = r"\$?(?:\w+!)?\$?[A-Z]+\$?\d+"
_LINK = re.compile(
    rf'(?:IF\(ISBLANK\(({_CELL})\),(?:""|IF\(ISBLANK\(({_CELL})\),"",({_CELL})\)),({_CELL})\)|({_CELL}))'
)
"""To a cell, or to a blank and to its second place on the Board."""


def target(text: str, here: str) -> tuple[str, str] | None:
    """The cell that a formula is a link to, or None for another formula."""
    found = _LINK.fullmatch(text)
    if found is None:
        return None
    assert found[1] == found[4]
    assert found[2] == found[3]
    title, _, address = (found[1] or found[5]).replace("$", "").rpartition("!")
    return title or here, address


@each_program
@each_sheet
def test_a_link_shows_what_its_cell_holds_and_nothing_where_that_is_blank(links, program, problem, filling):
    book: Recalculated = links(program, (problem, filling))
    package = book.package
    found = [(place, to) for *place, text in package.formulas() if (to := target(text, place[0])) is not None]
    assert len(found) > 20
    for place, to in found:
        shown, there = book.shows(*place), book.shows(*to)
        assert shown == (there if there not in (None, "") else shown), (place, to)
        if there in (None, ""):
            assert shown in (None, ""), (place, to)


@each_program
@each_sheet
def test_blanks_are_seen_through_links_of_every_sheet(links, program, problem, filling):
    """As many links are empty as look at a blank, near or far, and no other cell is."""
    book: Recalculated = links(program, (problem, filling))
    package, filled = book.package, numbers(problem, filling)
    trace = whole_trace(PROBLEMS[problem])
    blanks = {
        (title, address)
        for q in trace.values()
        if q.rule is not None and q.name not in filled
        for title, area in [package.area(q.name)]
        for row in area
        for address in row
    }
    looking = {(title, a) for title, a, text in package.formulas() if target(text, title) in blanks}
    assert bool(looking) == bool(blanks)
    assert {book.shows(*place) for place in looking} <= {None, ""}


def on_board(book: Recalculated, row: str) -> list[str]:
    """The cells of a row of the Board that have a formula, from left to right."""
    cells = book.package.cells["Board"]
    return [a for a in cells if a.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == row and formula(cells[a])]


@each_program
@each_sheet
def test_the_board_shows_the_letter_predicted_once_all_of_its_probabilities_are_there(links, program, problem, filling):
    book: Recalculated = links(program, (problem, filling))
    given, filled = PROBLEMS[problem], numbers(problem, filling)
    row = next(a[1:] for a in book.package.cells["Board"] if book.package.value("Board", a) == "predicts")
    found = [book.shows("Board", address) for address in on_board(book, row)]
    outputs = iter(found)
    shown = [next(outputs) if given.has_output(t) else "" for t in range(1, given.steps + 1)]
    expected = []
    for t in range(1, given.steps + 1):
        p = filled.get(f"p_{t}")
        predicted = "" if p is None else given.output_names[int(p.argmax())]
        expected.append(predicted.replace(" ", "␣"))
    assert [text or "" for text in shown] == expected


@each_program
@pytest.mark.parametrize("filling", FILLINGS)
def test_the_letter_that_a_step_reads_back_is_shown_once_its_column_is_there(links, program, filling):
    book: Recalculated = links(program, ("generated", filling))
    filled, given = numbers("generated", filling), PROBLEMS["generated"]
    title, (read,) = book.package.area("letters")
    expected = [given.vocabulary[filled[x].argmax()] if x in filled else "" for x in ("x_3", "x_4")]
    assert [book.shows(title, address) or "" for address in read] == ["a", "b", *expected]
    assert [book.shows("Board", address) or "" for address in on_board(book, "2")] == ["a", "b", *expected]


# ── practice ──────────────────────────────────────────────────────────────────────────────────────────────────────


def slip(problem: Problem, name: str, by: float = 0.13) -> dict[str, np.ndarray]:
    """One table wrong by so much, and all honestly worked on with four decimals."""
    rule = on_paper.rules(problem)[name]
    wrong = {name: lambda n: rule.work(*(n[s] for s in rule.sources)) + by}
    return on_paper.work(problem, decimals=4, instead=wrong)


MATRIX = draw("abca", hidden=2, output_bias=True)
PRACTICE: dict[str, tuple[Problem, Mapping[str, np.ndarray], int]] = {
    "right": (HELLO, on_paper.work(HELLO), 4),
    "rounded at every step": (HELLO, on_paper.work(HELLO, decimals=4), 4),
    "rounded at every step to 2": (PENCIL, on_paper.work(PENCIL, decimals=2), 2),
    "a slip in wh_2": (HELLO, slip(HELLO, "wh_2"), 4),
    "a slip in dy_3": (HELLO, slip(HELLO, "dy_3"), 4),
    "a slip in a matrix": (MATRIX, slip(MATRIX, "dWhy_2"), 4),
    "nothing": (HELLO, {}, 4),
    "one state": (HELLO, {"h_2": on_paper.work(HELLO)["h_2"]}, 4),
}
ODD = put_in(
    fill_in(blank(practice=True), on_paper.work(HELLO), 4),
    {("h_2", 0, 0): "0.9365", ("h_2", 1, 0): "x", ("h_2", 2, 0): None, ("p_2", 0, 0): " ", ("loss", 0, 0): 99.0},
)


TEXTS: list[tuple[Callable[[str], str], str]] = [
    *((lambda text, d=dash: text.replace("-", d).replace(".", ","), "right") for dash in "-−–‐‑－"),
    *((lambda text, m=mark: f"{m}{text}{m}", "right") for mark in "\u200b\u200e\ufeff\u00a0 "),
    (lambda text: text, "right"),
    (lambda text: f"{text}e+00", "right"),
    *((lambda text, zero=zero: digits_from(text, zero), "right") for zero in "０٠۰"),
    (lambda text: digits_from(text, "０").replace("-", "－").replace(".", "．"), "right"),
    (lambda text: digits_from(text, "٠").replace("-", "\u061c-").replace(".", "٫"), "right"),
    (lambda text: f"{10000 * float(text):.0f}·10⁻⁴", "right"),
    (lambda text: f"{1000 * float(text):.1f} × 10⁻³".replace(".", ","), "right"),
    (lambda text: f"{float(text) / 10:.5f} x 10^1", "right"),
    (lambda text: f"{10 * float(text):.3f}*10**(-1)", "right"),
    (lambda text: f"{10 * float(text):.3f}ｅ−1", "right"),
    (lambda text: f"{100 * float(text):.2f} ٪", "right"),
    (lambda text: f"{text}²", "not right"),
    (lambda text: f"{text}·10", "not right"),
    (lambda text: f"{float(text):.4f}10⁰", "not right"),
    (lambda text: f"{100 * float(text):.2f}%".replace(".", ","), "right"),
    (lambda text: f"{text}x", "not right"),
    (lambda text: f"{text}.5", "not right"),
    (lambda text: f"{float(text) + 5:.4f}".replace(".", ","), "not right"),
    (lambda text: " ", ""),
]
"""Ways to write a right number as text, and the verdict."""


def digits_from(text: str, zero: str) -> str:
    """A number with the digits of another script."""
    return text.translate({ord("0") + i: ord(zero) + i for i in range(10)})


@cache
def texts() -> tuple[bytes, dict[tuple[str, int, int], str]]:
    """The practice sheet of hello with the numbers of some tables as texts, one way after another; the verdicts."""
    right = {name: values for name, values in on_paper.work(HELLO).items() if name[:3] in ("dy_", "da_", "y_1", "p_2")}
    cells = [(name, i, j) for name, values in right.items() for i, j in np.ndindex(*values.shape)]
    ways = dict(zip(cells, cycle(TEXTS), strict=False))
    typed = {(name, i, j): write(f"{right[name][i, j]:.4f}") for (name, i, j), (write, _) in ways.items()}
    return put_in(practice_sheet("right"), typed), {place: verdict for place, (_, verdict) in ways.items()}


@cache
def slip_as_text() -> bytes:
    """The slip in wh_2, typed as text with decimal commas and signs of other scripts."""
    wrong = PRACTICE["a slip in wh_2"][1]["wh_2"]
    typed = {("wh_2", i, 0): f"{value:.4f}".replace(".", ",").replace("-", "−") for i, value in enumerate(wrong[:, 0])}
    return put_in(practice_sheet("a slip in wh_2"), typed)


@cache
def practice_sheet(name: str) -> bytes:
    problem, filled, decimals = PRACTICE[name]
    return fill_in(blank(problem=problem, practice=True, decimals=decimals), filled, decimals)


@pytest.fixture(scope="module")
def practice() -> Batches:
    """The practice sheets as a program calculates them."""
    more = {"odd": ODD, "texts": texts()[0], "slip as text": slip_as_text()}
    return Batches(lambda _: {**{name: practice_sheet(name) for name in PRACTICE}, **more})


def verdicts(book: Recalculated) -> dict[str, object]:
    """What the sheet says of each answer."""
    rows = [a[1:] for a in book.package.cells["Practice"] if a[0] == "A" and int(a[1:]) > 5]
    return {str(book.package.value("Practice", f"A{row}")): book.shows("Practice", f"B{row}") or "" for row in rows}


def places(problem: Problem) -> dict[str, tuple[str, int, int]]:
    """Every computed element by what the sheet calls it."""
    computed = [q for q in whole_trace(problem).values() if q.rule is not None]
    return {
        element_name(q.name, i + 1, j + 1, q.shape): (q.name, i, j) for q in computed for i, j in np.ndindex(*q.shape)
    }


def elements(problem: Problem, name: str) -> set[str]:
    return {element for element, place in places(problem).items() if place[0] == name}


@each_program
def test_right_numbers_are_right(practice, program):
    assert Counter(verdicts(practice(program, "right")).values()) == {"right": 325}


@each_program
@pytest.mark.parametrize("name", ["rounded at every step", "rounded at every step to 2"])
def test_rounded_early_is_the_right_method(practice, program, name):
    problem, filled, decimals = PRACTICE[name]
    trace, half = whole_trace(problem), 0.5 * 10.0**-decimals
    found = verdicts(practice(program, name))
    for element, (quantity, *at) in places(problem).items():
        off = abs(filled[quantity][*at] - trace[quantity].value[*at])
        assert found[element] == ("right" if off <= half * (1 + 1e-9) else "right method"), element
    assert "right method" in found.values()


@each_program
@pytest.mark.parametrize(
    ("name", "wrong"), [("a slip in wh_2", "wh_2"), ("a slip in dy_3", "dy_3"), ("a slip in a matrix", "dWhy_2")]
)
def test_a_slip_is_not_right_and_what_follows_from_it_is_the_right_method(practice, program, name, wrong):
    problem, filled, _ = PRACTICE[name]
    found = verdicts(practice(program, name))
    assert {element for element, verdict in found.items() if verdict == "not right"} == elements(problem, wrong)
    trace = whole_trace(problem)
    off = {n for n, values in filled.items() if (np.abs(values - trace[n].value) > 0.01).all()} - {wrong}
    assert off
    assert {found[element] for n in off for element in elements(problem, n)} == {"right method"}


@each_program
def test_what_follows_from_a_slip_typed_as_text_is_the_right_method_too(practice, program):
    found = verdicts(practice(program, "slip as text"))
    assert found == verdicts(practice(program, "a slip in wh_2"))
    assert "right method" in found.values()


@each_program
def test_a_blank_has_no_verdict_and_the_count_is_of_what_is_right(practice, program):
    assert set(verdicts(practice(program, "nothing")).values()) == {""}
    assert practice(program, "nothing").shows("Practice", "A3") == "0 of 325 are right"
    one = verdicts(practice(program, "one state"))
    assert {element for element, verdict in one.items() if verdict} == elements(HELLO, "h_2")
    assert {one[element] for element in elements(HELLO, "h_2")} == {"right"}
    assert practice(program, "one state").shows("Practice", "A3") == "3 of 325 are right"
    assert practice(program, "right").shows("Practice", "A3") == "325 of 325 are right"


@each_program
@pytest.mark.parametrize("name", ["rounded at every step", "a slip in wh_2"])
def test_what_is_the_right_method_is_counted_apart(practice, program, name):
    counts = Counter(verdicts(practice(program, name)).values())
    assert practice(program, name).shows("Practice", "A3") == (
        f"{counts['right']} of 325 are right; {counts['right method']} more use the right method, rounded early or "
        "after an earlier mistake"
    )


@each_program
def test_a_number_that_is_text_is_read_as_verify_reads_it(practice, program):
    content, expected = texts()
    told, marks = verdicts(practice(program, "texts")), statuses(verified(content))
    assert set(expected.values()) == {"right", "not right", ""}
    for element, place in places(HELLO).items():
        verdict = expected.get(place, "right")
        assert (element, told[element]) == (element, verdict)
        found = {"correct": "right", "rounded": "right", "blank": ""}.get(marks[place], "not right")
        assert (element, found) == (element, verdict)


STUDENTS = [*(("right", seed) for seed in range(6)), *((s, i) for s in ("listed", "copying") for i in range(0, 60, 10))]


@cache
def students() -> dict[tuple[str, int], tuple[Sheet, bytes]]:
    """Worksheets as other students than marking's own work them, with the mistakes that they make."""
    found = {}
    for sort, seed in STUDENTS:
        done = sheet(sort, seed)
        names = {q.name for q in whole_trace(done.drawn.trace.problem).values()}
        if names >= done.answers.keys():  # a worksheet cannot ask for what is cut to a length
            empty = blank(problem=done.drawn.trace.problem, practice=True, decimals=done.decimals)
            numbers = {(name, *at): a.number for name, cells in done.answers.items() for at, a in cells.items()}
            found[sort, seed] = done, put_in(empty, numbers)
    return found


def test_practice_and_verify_say_the_same_of_nearly_every_number():
    """Right, or consistent with the student's own numbers, is one verdict here; the other is wrong."""
    shown = recalculate("libreoffice", {job: filled for job, (_, filled) in students().items()})
    milder = stricter = numbers = wrong = 0
    for job, (done, filled) in students().items():
        given, practised = submission(filled), verdicts(shown[job])
        report = mark(
            given.trace, given.answers, given=given.given, given_decimals=given.given_decimals, decimals=given.decimals
        )
        for m in report.marks:
            name = element_name(m.quantity, m.row + 1, m.column + 1, done.drawn.trace[m.quantity].shape)
            numbers += 1
            wrong += m.status == "wrong"
            milder += m.status == "wrong" and practised[name] != "not right"
            stricter += m.status in ("correct", "rounded", "carried") and practised[name] == "not right"
    assert numbers > 1_500
    assert wrong > 5
    assert stricter <= 0.001 * numbers
    assert milder <= 0.05 * wrong


@each_program
def test_a_text_that_is_no_number_is_not_right_and_breaks_nothing_else(practice, program):
    found = verdicts(practice(program, "odd"))
    assert [found[f"h_2[{i}]"] for i in (1, 2, 3)] == ["right", "not right", ""]
    assert (found["p_2[1]"], found["loss"]) == ("", "not right")  # a blank is no answer
    rest = set(found) - {"h_2[1]", "h_2[2]", "h_2[3]", "p_2[1]", "loss"}
    assert {found[element] for element in rest} == {"right"}


# ── handed in from a program ──────────────────────────────────────────────────────────────────────────────────────

SLIP = put_in(
    fill_in(blank(), on_paper.work(HELLO, decimals=4, instead={"wh_2": lambda n: n["Whh"] * n["h_1"]})),
    {("p_1", 0, 0): None, ("p_1", 1, 0): "x", ("p_1", 2, 0): "1,234", ("h_1", 0, 0): "0.69", ("eta", 0, 0): 0.2},
)
RIGHT = fill_in(blank(), on_paper.work(HELLO))
HANDED_IN = {
    "a slip": SLIP,
    "empty": blank(),
    "a few asked for": fill_in(blank("h_2", "p_2", "dWhh"), {"h_2": on_paper.work(HELLO)["h_2"]}, 4),
    "practice": practice_sheet("a slip in wh_2"),
    "for paper, protected": fill_in(blank(paper=True, protect=True), on_paper.work(HELLO), 4),
    "formulas of one's own": edit(SLIP, {("h_4", i, 0): stored("TANH(1)", "0.7615941559557649") for i in range(3)}),
    "formulas not calculated": edit(RIGHT, {("h_4", i, 0): stored(f"TANH(F{199 + i})", None) for i in range(3)}),
    **{f"exported, {style}": file("hello", style) for style in STYLES},
    **{f"exported, {name}": file(name, "cells") for name in ("clip", "no targets", "a b", "wildcards")},
}


@cache
def saved_by(program: str) -> dict[str, bytes]:
    """All of them as a program saves them, its own values beside the formulas."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        paths = [Path(name) / f"book{i}.xlsx" for i in range(len(HANDED_IN))]
        for path, content in zip(paths, HANDED_IN.values(), strict=True):
            path.write_bytes(content)
        ENGINES[program](paths)
        where = {"libreoffice": lambda p: p.parent / "out" / p.name, "gnumeric": lambda p: p.with_suffix(".out.xlsx")}
        return {what: where[program](path).read_bytes() for what, path in zip(HANDED_IN, paths, strict=True)}


@each_program
@pytest.mark.parametrize("what", HANDED_IN)
def test_a_worksheet_that_a_program_saved_gets_the_same_marks(program, what):
    """A formula that no program had calculated counts once one has."""
    expected = statuses(verified(HANDED_IN[what]))
    if what == "formulas not calculated":
        assert {expected["h_4", i, 0] for i in range(3)} == {"not-calculated"}
        expected |= {("h_4", i, 0): "correct" for i in range(3)}
    assert statuses(verified(saved_by(program)[what])) == expected


REFUSED = {
    "a row of an answer deleted": "homework.xlsx: h_2 is 3×1, but its name stands for 2×1 cells",
    "an answer deleted": "homework.xlsx: the name h_2 has lost its cells",
    "a row of a weight deleted": "homework.xlsx: Wxh is 3×4, but its name stands for 2×4 cells",
    "a sheet of answers deleted": "homework.xlsx: the name loss_1 has lost its cells",
    "the problem deleted": "homework.xlsx has lost the text of its problem (sheet Problem)",
}


@cache
def after_people() -> dict[str, bytes]:
    """The worksheet with a slip after what people do to it, saved by LibreOffice."""
    return edited(SLIP)


@pytest.mark.parametrize("what", EDITS)
def test_what_people_do_to_a_worksheet_changes_no_mark_or_is_named(what):
    handed_in = after_people()[what]
    if what not in REFUSED:
        assert statuses(verified(handed_in)) == statuses(verified(SLIP))
        return
    with pytest.raises(FileError) as refused:
        verified(handed_in)
    assert str(refused.value).startswith(REFUSED[what])


@pytest.mark.parametrize(
    ("what", "sign"),
    [
        ("sheets renamed", lambda book: "It's backward" in book.sheets),
        ("sheets reordered", lambda book: next(iter(book.sheets)) == "Backward"),
        ("rows inserted above", lambda book: book.area("h_2")[1][0][0] == "E93"),
        ("a row inserted within an answer", lambda book: len(book.area("h_2")[1]) == 4),
        ("a column inserted within a weight", lambda book: len(book.area("Wxh")[1][0]) == 5),
        ("cells cut and put elsewhere", lambda book: book.area("h_2")[0] == "Start"),
        ("a sheet copied", lambda book: "Forward (2)" in book.sheets),
    ],
)
def test_the_program_really_did_it(what, sign):
    assert sign(Package(after_people()[what]))


def test_a_link_is_told_from_another_formula():
    assert target('IF(ISBLANK(Forward!$E$32),"",Forward!$E$32)', "Loss") == ("Forward", "E32")
    assert target("E32", "Forward") == ("Forward", "E32")
    assert target("SUM(E32)", "Forward") is None
