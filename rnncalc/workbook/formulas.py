"""Operations as the formulas of cells: an element's arithmetic spelled out, or a whole table as one array formula.

Only functions that mean the same in every spreadsheet engine are used, each as a plain one-cell formula: no SUM over
an expression of ranges, no minus sign before a power, MMULT never with a single number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rnncalc.errors import FileError
from rnncalc.language import Expression, entry, write
from rnncalc.language.functions import ATOM, SUM, Face
from rnncalc.language.trees import Call, Entry, Scalar, Term
from rnncalc.language.writers import Writer, Written, fill
from rnncalc.network.quantity import Quantity
from rnncalc.workbook.areas import Area, Cell, span
from rnncalc.workbook.fill_along import fill_along

SPELLED_OUT = 6
"""A formula of up to so many products is spelled out; the sums of products of a longer one are functions of two
ranges."""
LONGEST = 8192
"""The characters that a formula may have."""
_ARGUMENTS = 200
"""The arguments that a function is given; it may have 255."""

_OF_EACH = {("sum", frozenset({"square"})): "SUMSQ({…})"}
"""A function of nothing but another function's results, where a sheet has one function for both."""

Locate = Callable[[Entry], Cell]


class _Line(NamedTuple):
    """A row or a column of cells."""

    address: str
    is_row: bool


class FormulaWriter(Writer):
    """Writes the tree of one element as a formula for a cell of the sheet ``here``."""

    def __init__(self, here: str, locate: Locate, *, short: bool = False) -> None:
        """``short``: no argument can be so large that EXP overflows."""
        self.here = here
        self.locate = locate
        self.face = "short_cell" if short else "cell"
        self._spelled_out = SPELLED_OUT

    def formula(self, scalar: Scalar) -> str:
        """The formula, without its equals sign. Raises FileError where it is longer than a cell takes."""
        calls = [term for term in _terms(scalar) if isinstance(term, Call)]
        products = [len(call.arguments) // 2 for call in calls if call.function == "dot"]
        self._spelled_out = SPELLED_OUT if sum(products) <= SPELLED_OUT else 1
        return _not_too_long(self.write(scalar).text)

    def formulas(self, rule: Expression, rows: int, columns: int) -> list[list[str]]:
        """The formulas of a table of so many rows and columns. Raises FileError like ``formula``."""
        lines = fill_along(lambda i, j: self.formula(entry(rule, i, j)), rows, columns)
        return [[_not_too_long(formula) for formula in line] for line in lines]

    def fits(self, scalar: Scalar) -> bool:
        """Whether a cell takes the formula."""
        return len(self.write(scalar).text) < LONGEST

    def leaf(self, entry: Entry) -> Written:
        return Written(self.locate(entry).address(self.here), ATOM)

    def pairs(self, face: Face, function: str, arguments: Sequence[Scalar]) -> Written:
        half = len(arguments) // 2
        left, right = arguments[:half], arguments[half:]
        if half > self._spelled_out:
            one, other = self._range(left), self._range(right)
            if one and other and one.is_row == other.is_row:
                return Written(f"SUMPRODUCT({one.address},{other.address})", ATOM)
            if one and other and one.is_row:
                return Written(f"SUM(MMULT({one.address},{other.address}))", ATOM)
        products = [fill(face.template, self._factors(u, v, face)) for u, v in zip(left, right, strict=True)]
        return Written(face.between.join(products), SUM)

    def _factors(self, left: Scalar, right: Scalar, face: Face) -> tuple[str, str]:
        """$B5*G$5: the matrix fixed by its column, the vector by its row, so that the formula can be filled along."""
        u = self.locate(left).address(self.here, fix_column=True) if isinstance(left, Entry) else None
        v = self.locate(right).address(self.here, fix_row=True) if isinstance(right, Entry) else None
        return u or self.within(left, face.need(0)), v or self.within(right, face.need(1))

    def row(self, face: Face, function: str, arguments: Sequence[Scalar]) -> Written:
        """Of a sum, portions added up where a function would have too many arguments."""
        short = _OF_EACH.get((function, frozenset(a.function if isinstance(a, Call) else "" for a in arguments)))
        if short:
            arguments = [a.arguments[0] for a in arguments if isinstance(a, Call)]
        template, pieces = short or face.template, self._ranges(arguments)
        many = _ARGUMENTS if face.between == "+" else len(pieces)
        parts = [fill(template, (), ",".join(pieces[i : i + many])) for i in range(0, len(pieces), many)]
        return Written(face.between.join(parts), ATOM if len(parts) == 1 else SUM)

    def choice(self, face: Face, function: str, arguments: Sequence[Scalar]) -> Written:
        place, *entries = arguments
        block = self._block(entries)
        if not block or len(entries) == 1:  # Gnumeric does not look a number up in a single cell
            return Written("1", ATOM)
        return Written(fill(face.template, [self.within(place, ATOM)], block), face.binds)

    def _ranges(self, arguments: Sequence[Scalar]) -> list[str]:
        """Scalars as a list of ranges, each quantity's entries together; what is no entry stands by itself."""
        if not all(isinstance(a, Entry) for a in arguments):
            return [self.write(a).text for a in arguments]
        groups: dict[int, list[Scalar]] = {}
        for a in arguments:
            assert isinstance(a, Entry)
            groups.setdefault(id(a.of), []).append(a)
        written: list[str] = []
        for group in groups.values():
            block = self._block(group)
            written += [block] if block else [self.write(a).text for a in group]
        return written

    def _block(self, entries: Sequence[Scalar]) -> str:
        """The range that holds these entries and nothing else, or nothing."""
        cells = [self.locate(e) for e in entries if isinstance(e, Entry)]
        first = Cell(cells[0].sheet, min(c.row for c in cells), min(c.column for c in cells))
        last = Cell(cells[0].sheet, max(c.row for c in cells), max(c.column for c in cells))
        area = span(first, last)
        full = area.rows * area.columns == len(set(cells)) == len(entries)
        return area.address(self.here) if full else ""

    def _range(self, entries: Sequence[Scalar]) -> _Line | None:
        """A row or column of entries in order, as a range, and whether it is a row; None where it is neither."""
        if not all(isinstance(e, Entry) for e in entries):
            return None
        cells = [self.locate(e) for e in entries if isinstance(e, Entry)]
        first, last = cells[0], cells[-1]
        in_row = all(c == Cell(first.sheet, first.row, first.column + i) for i, c in enumerate(cells))
        in_column = all(c == Cell(first.sheet, first.row + i, first.column) for i, c in enumerate(cells))
        return _Line(span(first, last).address(self.here), in_row) if in_row or in_column else None


def _terms(scalar: Scalar) -> Sequence[Scalar]:
    """The terms of a sum; a tree that is no sum is its own."""
    return scalar.arguments if isinstance(scalar, Call) and scalar.function == "plus" else (scalar,)


class Factors(NamedTuple):
    """Rows of weights beside each other, and a column of numbers below each other, on one sheet; whether that column
    ends in the 1 of the biases."""

    left: Area
    right: Area
    ends_in_one: bool

    def product(self, here: str) -> str:
        """All rows times the column, as an array formula: MMULT(C12:J14,L3:L10)."""
        left, right = self.left.address(here), self.right.address(here)
        single = self.left.rows == self.left.columns == 1  # MMULT takes no single number
        return f"{left}*{right}" if single else f"MMULT({left},{right})"

    def row_times_column(self, i: int) -> str:
        """One row times the column: few products spelled out, $C12*L$3+$D12*L$4, else MMULT of two ranges."""
        here = self.left.sheet
        ends = [self.left.cell(i, j).address(here, fix_column=True) for j in range(self.left.columns)]
        down = [self.right.cell(j, 0).address(here, fix_row=True) for j in range(self.right.rows)]
        if len(ends) > SPELLED_OUT:
            return f"SUM(MMULT({ends[0]}:{ends[-1]},{down[0]}:{down[-1]}))"
        products = [f"{a}*{b}" for a, b in zip(ends, down, strict=True)]
        return "+".join([*products[:-1], ends[-1]] if self.ends_in_one else products)


def _not_too_long(formula: str) -> str:
    if len(formula) > LONGEST - 1:
        raise FileError(
            f"A formula would have {len(formula):,} characters, but a cell can hold only {LONGEST:,}. Use a "
            "shorter text."
        )
    return formula


def array_formula(rule: Expression) -> str:
    """A whole quantity as one array formula over names: MMULT(Wxh,x_2)."""
    return _not_too_long(write(rule, "array", _name).text)


def _name(term: Term) -> str:
    assert isinstance(term, Quantity)
    return term.name
