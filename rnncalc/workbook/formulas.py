"""Operations as the formulas of cells: one pen that spells an element's arithmetic out, one that writes whole arrays.

Only functions that mean the same in every spreadsheet engine are used, each as a plain one-cell formula: no SUM over
an expression of ranges, no minus sign before a power, MMULT never with a single number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rnncalc.errors import FileError
from rnncalc.language import Expression, write
from rnncalc.language.scalars import ATOM, PRODUCT, SUM, Call, Entry, Number, Scalar, Term, Written
from rnncalc.network.trace import Quantity
from rnncalc.workbook.areas import Cell, span

SPELLED_OUT = 8
"""A sum of products of up to so many terms is spelled out; a longer one is a function of two ranges."""
LONGEST = 8192
"""The characters that a formula may have."""
_ARGUMENTS = 200
"""The arguments that a function is given; it may have 255."""

Locate = Callable[[Entry], Cell]


class _Line(NamedTuple):
    """A row or a column of cells."""

    address: str
    is_row: bool


class FormulaPen:
    """Writes the tree of one element as a formula for a cell of the sheet ``here``."""

    def __init__(self, here: str, locate: Locate) -> None:
        self.here = here
        self.locate = locate

    def formula(self, scalar: Scalar) -> str:
        """The formula, without its equals sign. Raises FileError where it is longer than a cell takes."""
        text = self._write(scalar).text
        if len(text) > LONGEST - 1:
            raise FileError(
                f"A formula would have {len(text):,} characters and a cell takes {LONGEST:,}; a shorter text would fit."
            )
        return text

    def fits(self, scalar: Scalar) -> bool:
        """Whether a cell takes the formula."""
        return len(self._write(scalar).text) < LONGEST

    def _write(self, scalar: Scalar) -> Written:
        match scalar:
            case Entry():
                return Written(self.locate(scalar).address(self.here), ATOM)
            case Number(value):
                return Written(f"{value:g}", ATOM)
            case Call("dot", arguments):
                return self._dot(arguments)
            case Call("is largest", (Number(place), *entries)):
                return self._is_largest(int(place), entries)
            case Call("sum" | "largest" | "smallest" as function, arguments):
                return self._over(function, arguments)
            case Call(function, arguments):
                return _call(function, [self._write(a) for a in arguments])

    def _dot(self, arguments: Sequence[Scalar]) -> Written:
        half = len(arguments) // 2
        left, right = arguments[:half], arguments[half:]
        if half > SPELLED_OUT:
            one, other = self._range(left), self._range(right)
            if one and other and one.is_row == other.is_row:
                return Written(f"SUMPRODUCT({one.address},{other.address})", ATOM)
            if one and other and one.is_row:
                return Written(f"SUM(MMULT({one.address},{other.address}))", ATOM)
        return Written("+".join(self._product(u, v) for u, v in zip(left, right, strict=True)), SUM)

    def _product(self, left: Scalar, right: Scalar) -> str:
        """$B5*G$5: the matrix fixed by its column, the vector by its row, so that the formula can be filled along."""
        u = self.locate(left).address(self.here, fix_column=True) if isinstance(left, Entry) else None
        v = self.locate(right).address(self.here, fix_row=True) if isinstance(right, Entry) else None
        return f"{u or self._write(left).within(PRODUCT)}*{v or self._write(right).within(PRODUCT)}"

    def _over(self, function: str, arguments: Sequence[Scalar]) -> Written:
        name = {"sum": "SUM", "largest": "MAX", "smallest": "MIN"}[function]
        if function == "sum" and all(isinstance(a, Call) and a.function == "square" for a in arguments):
            squared = [a.arguments[0] for a in arguments if isinstance(a, Call)]
            return _in_portions("SUMSQ", self._ranges(squared))
        pieces = self._ranges(arguments)
        return _in_portions(name, pieces) if name == "SUM" else Written(f"{name}({','.join(pieces)})", ATOM)

    def _is_largest(self, place: int, entries: Sequence[Scalar]) -> Written:
        block = self._block(entries)
        if not block or len(entries) == 1:  # Gnumeric does not look a number up in a single cell
            return Written("1", ATOM)
        return Written(f"IF(MATCH(MAX({block}),{block},0)={place},1,0)", ATOM)

    def _ranges(self, arguments: Sequence[Scalar]) -> list[str]:
        """Scalars as a list of ranges, each quantity's entries together; what is no entry stands by itself."""
        if not all(isinstance(a, Entry) for a in arguments):
            return [self._write(a).text for a in arguments]
        groups: dict[int, list[Scalar]] = {}
        for a in arguments:
            assert isinstance(a, Entry)
            groups.setdefault(id(a.of), []).append(a)
        written: list[str] = []
        for group in groups.values():
            block = self._block(group)
            written += [block] if block else [self._write(a).text for a in group]
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


def _in_portions(function: str, pieces: Sequence[str]) -> Written:
    """A sum over no more arguments at a time than a function takes."""
    sums = [f"{function}({','.join(pieces[i : i + _ARGUMENTS])})" for i in range(0, len(pieces), _ARGUMENTS)]
    return Written("+".join(sums), ATOM if len(sums) == 1 else SUM)


def _call(function: str, written: Sequence[Written]) -> Written:
    one = written[0]
    match function:
        case "plus":
            return Written("+".join(w.text for w in written), SUM)
        case "minus":
            return Written(f"{one.text}-{written[1].within(PRODUCT)}", SUM)
        case "negative":
            return Written(f"0-{one.within(PRODUCT)}", SUM)
        case "times":
            return Written("*".join(w.within(PRODUCT) for w in written), PRODUCT)
        case "over":
            return Written(f"{one.within(PRODUCT)}/{written[1].within(ATOM)}", PRODUCT)
        case "size":
            return Written(f"ABS({one.text})", ATOM)
        case "square":
            return Written(f"{one.within(ATOM)}*{one.within(ATOM)}", PRODUCT)
        case "sigmoid":
            return Written(f"1/(1+EXP(MIN(0-{one.within(PRODUCT)},700)))", PRODUCT)
        case "positive part":
            return Written(f"MAX(0,{one.text})", ATOM)
        case "is positive":
            return Written(f"IF({one.text}>0,1,0)", ATOM)
        case "same":
            return Written(f"IF(EXACT({one.text},{written[1].text}),1,0)", ATOM)
        case "root":
            return Written(f"SQRT({one.text})", ATOM)
        case "log2":
            return Written(f"LOG({one.text},2)", ATOM)
        case "power of ten":
            return Written(f"POWER(10,{one.text})", ATOM)
        case "degrees":
            return Written(f"RADIANS({one.text})", ATOM)
        case "exp" | "ln" | "log10" | "tanh" | "tan" | "sinh":
            return Written(f"{function.upper()}({one.text})", ATOM)
    raise TypeError(f"No formula is known for {function}.")


def array_formula(rule: Expression) -> str:
    """A whole quantity as one array formula over names: MMULT(Wxh,x_2)."""
    text = write(rule, "array", _name).text
    if len(text) > LONGEST - 1:
        raise FileError(
            f"A formula would have {len(text):,} characters and a cell takes {LONGEST:,}; a shorter text would fit."
        )
    return text


def _name(term: Term) -> str:
    assert isinstance(term, Quantity)
    return term.name
