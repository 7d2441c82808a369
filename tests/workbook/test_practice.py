"""The Practice sheet: its figures, and the colours, which go by the verdicts that stand there. Engines calculate them
in tests/engines/test_worksheets.py."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from engines.package import MAIN, Package, addresses, formula, split
from workbook.filled import HELLO, PENCIL, blank

from rnncalc import Problem, Trace
from rnncalc.marking.blanks import blanks_of
from rnncalc.marking.tolerance import Tolerance
from rnncalc.network.names import element_name
from rnncalc.network.update_step import whole_trace

PROBLEMS = {
    "hello": HELLO,
    "matrix Whh, output bias": Problem.draw("abca", hidden=2, output_bias=True),
    "one unit, one step": Problem.draw("ab", hidden=1),
}
each_problem = pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS.keys())
VERDICTS = {"right": "FFC6EFCE", "right method": "FFFFEB9C", "not right": "FFFFC7CE"}
"""Green, amber, red."""
LINE = {"A": "number", "B": "verdict", "C": "yours", "D": "right is", "E": "right within", "F": "rounded within",
        "G": "from your own", "H": "within", "I": "other form"}  # fmt: skip


def book(problem: Problem, *ask_for: str, decimals: int = 4) -> Package:
    return Package(blank(*ask_for, problem=problem, practice=True, decimals=decimals))


def answers(trace: Trace, names: frozenset[str]) -> list[tuple[str, int, int]]:
    """Every element that is asked for, in the order of the trace, a matrix row by row."""
    return [(q.name, i, j) for q in trace.values() if q.name in names for i, j in np.ndindex(*q.shape)]


def rows(package: Package) -> list[dict[str, object]]:
    """The sheet line by line, each cell under its heading."""
    last = max(int(address[1:]) for address in package.cells["Practice"])
    return [{title: package.value("Practice", f"{c}{row}") for c, title in LINE.items()} for row in range(6, last + 1)]


@each_problem
def test_there_is_a_line_for_each_answer(problem):
    package, trace = book(problem), whole_trace(problem)
    assert {c: package.value("Practice", f"{c}5") for c in LINE} == LINE
    expected = [element_name(n, i + 1, j + 1, trace[n].shape) for n, i, j in answers(trace, blanks_of(trace).names)]
    assert [row["number"] for row in rows(package)] == expected


@pytest.mark.parametrize(("problem", "decimals"), [(HELLO, 4), (PENCIL, 2), (PROBLEMS["matrix Whh, output bias"], 3)])
def test_a_line_holds_the_right_number_and_how_far_from_it_is_right(problem, decimals):
    trace = whole_trace(problem)
    half = 0.5 * 10.0**-decimals
    tolerance = Tolerance(trace, {q.name: np.full(q.shape, half) for q in trace.values() if q.rule is not None})
    found = rows(book(problem, decimals=decimals))
    for row, (name, i, j) in zip(found, answers(trace, blanks_of(trace).names), strict=True):
        assert row["right is"] == trace[name].value[i, j]
        assert row["right within"] == pytest.approx(half, rel=1e-6)
        assert row["rounded within"] == pytest.approx(tolerance.of(trace[name])[i, j], rel=1e-6)
        # what rounding the operands explains, and products rounded first or digits cut off
        assert 1 <= row["within"] / tolerance.local(trace[name])[i, j] <= 4
        assert row["rounded within"] >= row["right within"] >= half


@each_problem
def test_before_anything_is_filled_in_nothing_is_shown(problem):
    package = book(problem)
    assert {(row["verdict"], row["yours"], row["from your own"]) for row in rows(package)} == {("", "", "")}
    assert package.value("Practice", "A3") == f"0 of {blanks_of(whole_trace(problem)).numbers} are right"


@each_problem
def test_each_name_of_verdicts_stands_for_the_verdicts_of_its_quantity(problem):
    package, trace = book(problem), whole_trace(problem)
    for name in blanks_of(trace).names:
        shape = trace[name].shape
        title, area = package.area(f"mark_{name}")
        assert title == "Practice"
        assert [a[0] for row in area for a in row] == ["B"] * trace[name].value.size
        labels = [package.value("Practice", f"A{a[1:]}") for row in area for a in row]
        assert labels == [element_name(name, i + 1, j + 1, shape) for i, j in np.ndindex(*shape)]


# ── colours ───────────────────────────────────────────────────────────────────────────────────────────────────────

_INDEX = re.compile(
    r'INDEX\((\w+),\(ROW\((\w+)\)-ROW\((\$[A-Z]+\$\d+)\)\)\*(\d+)\+COLUMN\((\w+)\)-COLUMN\((\$[A-Z]+\$\d+)\)\+1\)="([^"]+)"'
)
_SINGLE = re.compile(r'(\w+)="([^"]+)"')


def verdict_cell(package: Package, text: str, corner: str, here: str) -> tuple[str, str]:
    """Where a format's formula looks for a cell, worked out by hand, and the verdict that it looks for.

    A formula is written for the first cell of its range; what has no $ moves along.
    """
    found = _INDEX.fullmatch(text)
    if found is None:
        single = _SINGLE.fullmatch(text)
        assert single is not None, text
        ((cell,),) = package.area(single[1])[1]
        return cell, single[2]
    name, row_of, fixed_row, columns, column_of, fixed_column, verdict = found.groups()
    (first_column, first_row), (column, row) = split(corner), split(here)
    moved = [(c + column - first_column, r + row - first_row) for c, r in (split(row_of), split(column_of))]
    fixed = [split(f.replace("$", "")) for f in (fixed_row, fixed_column)]
    index = (moved[0][1] - fixed[0][1]) * int(columns) + moved[1][0] - fixed[1][0] + 1
    column_of_verdicts = [a for line in package.area(name)[1] for a in line]
    return column_of_verdicts[index - 1], verdict


@each_problem
def test_each_cell_takes_its_colour_from_its_own_verdict(problem):
    package, trace = book(problem), whole_trace(problem)
    cells = {
        (title, address): element_name(name, i + 1, j + 1, trace[name].shape)
        for name in blanks_of(trace).names
        for place in (name, f"board_{name}")
        if place in package.names
        for title, area in [package.area(place)]
        for i, line in enumerate(area)
        for j, address in enumerate(line)
    }
    seen: dict[tuple[str, str], list[str]] = {}
    for title, page in package.sheets.items():
        for one in page.iter(f"{MAIN}conditionalFormatting"):
            for address in (a for line in addresses(str(one.get("sqref"))) for a in line):
                for text in one.iter(f"{MAIN}formula"):
                    if "ROUND(" in str(text.text):
                        continue  # whole numbers look whole
                    corner = str(one.get("sqref")).partition(":")[0]
                    cell, verdict = verdict_cell(package, str(text.text), corner, address)
                    assert package.value("Practice", f"A{cell[1:]}") == cells[title, address]
                    seen.setdefault((title, address), []).append(verdict)
    assert seen.keys() == cells.keys()
    assert all(sorted(found) == sorted(VERDICTS) for found in seen.values())


def test_right_is_green_right_method_amber_and_not_right_red():
    package = book(HELLO)
    looks = ElementTree.fromstring(package.parts["xl/styles.xml"]).findall(f"{MAIN}dxfs/{MAIN}dxf")
    found = {
        (str(rule.findtext(f"{MAIN}formula")).rpartition("=")[2].strip('"'), fill.get("rgb"))
        for page in package.sheets.values()
        for rule in page.iter(f"{MAIN}cfRule")
        for fill in looks[int(str(rule.get("dxfId")))].iter(f"{MAIN}bgColor")
    }
    assert found == set(VERDICTS.items())


def test_only_what_is_asked_for_is_marked():
    package = book(HELLO, "h_2")
    assert [row["number"] for row in rows(package)] == ["h_2[1]", "h_2[2]", "h_2[3]"]
    assert [n for n in package.names if n.startswith("mark_")] == ["mark_h_2"]
    assert {formula(package.cells["Practice"][f"G{row}"]) for row in (6, 7, 8)} == {'""'}  # all that goes in is given


def test_what_follows_from_the_readers_own_waits_until_all_of_it_is_there():
    package = book(HELLO)
    lines = {line["number"]: i for i, line in enumerate(rows(package), 6)}
    row = next(i for i, line in enumerate(rows(package), 6) if line["number"] == "y_1[1]")
    own = formula(package.cells["Practice"][f"G{row}"])
    cells = ",".join(f"C{lines[f'h_1[{i}]']}" for i in (1, 2, 3))  # where what was typed is read
    assert own.startswith(f"IF(COUNT({cells})=3,")


def depth(text: str) -> int:
    """How deep functions stand within each other in a formula."""
    inside = most = 0
    for sign in re.sub(r'"[^"]*"', "", text):
        inside += (sign == "(") - (sign == ")")
        most = max(most, inside)
    return most


@each_problem
def test_the_formulas_keep_to_what_spreadsheet_programs_allow(problem):
    found = [text for title, _, text in book(problem).formulas() if title == "Practice"]
    assert 40 < max(map(depth, found)) <= 64
    assert max(map(len, found)) < 8192
