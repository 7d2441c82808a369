"""What stands in the cells of results and of the links to them: live formulas, or blanks to be filled in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from rnncalc.language import Expression, entry, most_likely, write
from rnncalc.network.quantity import Quantity, Stage, symbol_in_text
from rnncalc.workbook.areas import Area, Cell
from rnncalc.workbook.formulas import Factors, FormulaWriter, Locate, array_formula
from rnncalc.workbook.write.sheet import Sheet
from rnncalc.workbook.write.styles import GIVEN_TINTS, fixed

Style = tuple[str, str]
"""The role of a cell and its number format."""
GIVEN_LOOK: Style = ("given", "General")
"""The role and the number format of a number that is given."""


class Link(NamedTuple):
    """A formula that shows another cell's number, and the value that is stored with it."""

    formula: str
    value: float | str


class Filling:
    """How a workbook fills its cells, every number a formula; ``open``: the roles of cells that a reader may change."""

    open: frozenset[str] = frozenset({"given", "input", *GIVEN_TINTS})
    asks = False
    """Whether there are answers to be filled in."""
    decimals = 0
    """How many decimals an answer has."""

    def __init__(self, formulas: str = "cells") -> None:
        self._formulas = formulas
        self.second: dict[str, Area] = {}
        """Where else what is asked for may be filled in."""

    def operand(self, role: str) -> str:
        """The role of an operand in a picture: in the colour of what it is, where there is no place for an answer that
        it could be taken for."""
        return "link" if role in self.open else role

    def hides(self, q: Quantity) -> bool:
        """Whether a quantity's numbers are not to be guessed at."""
        return False

    def given(self, sheet: Sheet, q: Quantity, row: int, column: int, where: Cell, look: Style = GIVEN_LOOK) -> None:
        """Fill the cell of an element that is given, counted from 0."""
        sheet.number(where.row, where.column, float(q.value[row, column]), *look)

    def result(
        self,
        sheet: Sheet,
        q: Quantity,
        area: Area,
        locate: Locate,
        style: Style | None = None,
        *,
        short: bool = False,
        factors: Factors | None = None,
    ) -> None:
        """Fill the one place of a computed quantity; ``locate`` finds its operands; ``style``: role and number format;
        ``short``: no argument of a function is large; ``factors``: the rows and the column whose product it is."""
        assert q.rule is not None
        style, values = style or look(q), q.value.tolist()
        pen = FormulaWriter(sheet.title, locate, short=short)
        # a loss over very many outputs has no room in a formula that spells it out
        is_loss = q.stage == Stage.LOSS and q.step is not None
        if self._formulas == "matrix" or (is_loss and not pen.fits(entry(q.rule, 0, 0))):
            formula = array_formula(q.rule) if factors is None else factors.product(sheet.title)
            sheet.array(area.row, area.column, formula, values, *style)
        elif factors is not None:
            formulas = [[factors.row_times_column(i)] for i in range(area.rows)]
            sheet.formulas(area.row, area.column, formulas, values, *style)
        else:
            sheet.formulas(area.row, area.column, pen.formulas(q.rule, *q.shape), values, *style)

    def repeat(self, sheet: Sheet, q: Quantity, area: Area, own: Area, style: Style) -> None:
        """Fill another place of a computed column of numbers with links to its own."""
        for i in range(area.rows):
            link = self.link(q, i, 0, own.cell(i, 0), sheet.title)
            sheet.formula(area.row + i, area.column, *link, *style)

    def working(self, sheet: Sheet, row: int, column: int, working: Expression, locate: Locate) -> None:
        """Fill a sign that is a number worked out on the way, such as the largest score."""
        formula = FormulaWriter(sheet.title, locate).formula(entry(working, 0, 0))
        sheet.formula(row, column, formula, float(working.value[0, 0]), "link")

    def link(self, q: Quantity, row: int, column: int, to: Cell, here: str) -> Link:
        """The link to an element of a quantity, counted from 0, for a cell of the sheet ``here``."""
        return Link(to.address(here), q.value.item(row, column))

    def once_filled(
        self, formula: Callable[[str], str], shown: float | str, q: Quantity, area: Area, here: str
    ) -> Link:
        """A formula of a quantity's numbers, made from the address of the ``area`` where they stand."""
        return Link(formula(area.address(here)), shown)


class Blank(Filling):
    """What is asked for is left empty, what comes before it stands as numbers, and no link carries an answer."""

    open = frozenset({"answer"})
    asks = True

    def __init__(self, blanks: Collection[str], decimals: int) -> None:
        super().__init__()
        self._blanks = blanks
        self.decimals = decimals
        self._format = fixed(decimals)

    def operand(self, role: str) -> str:
        return "link"

    def hides(self, q: Quantity) -> bool:
        return q.name in self._blanks

    def result(
        self,
        sheet: Sheet,
        q: Quantity,
        area: Area,
        locate: Locate,
        style: Style | None = None,
        *,
        short: bool = False,
        factors: Factors | None = None,
    ) -> None:
        for i, line in enumerate(q.value.tolist()):
            for j, value in enumerate(line):
                if q.name in self._blanks:
                    self.answer(sheet, q, i, j, area.cell(i, j))
                else:
                    sheet.number(area.row + i, area.column + j, value, *(style or look(q)))

    def repeat(self, sheet: Sheet, q: Quantity, area: Area, own: Area, style: Style) -> None:
        """What is asked for may be answered in either place."""
        if q.name not in self._blanks:
            super().repeat(sheet, q, area, own, style)
            return
        for i in range(area.rows):
            self.answer(sheet, q, i, 0, area.cell(i, 0))

    def answer(self, sheet: Sheet, q: Quantity, row: int, column: int, where: Cell) -> None:
        """An empty cell to write in."""
        sheet.blank(where.row, where.column, "answer", self._format)

    def working(self, sheet: Sheet, row: int, column: int, working: Expression, locate: Locate) -> None:
        sheet.text(row, column, write(working, "text", symbol_in_text).text, "sign")

    def link(self, q: Quantity, row: int, column: int, to: Cell, here: str) -> Link:
        if q.name not in self._blanks:
            return super().link(q, row, column, to, here)
        address, other = to.address(here), '""'
        if q.name in self.second:
            second = self.second[q.name].cell(row, column).address(here)
            other = f'IF(ISBLANK({second}),"",{second})'
        return Link(f"IF(ISBLANK({address}),{other},{address})", "")

    def once_filled(
        self, formula: Callable[[str], str], shown: float | str, q: Quantity, area: Area, here: str
    ) -> Link:
        if q.name not in self._blanks:
            return super().once_filled(formula, shown, q, area, here)
        text = '""'
        for place in (self.second.get(q.name), area):
            if place is not None:
                address = place.address(here)
                text = f"IF(COUNT({address})={q.value.size},{formula(address)},{text})"
        return Link(text, "")


class Note(NamedTuple):
    """What a marked cell shows: its status, what was answered (None: nothing), and the comment on it."""

    status: str
    value: float | str | None
    comment: str


class Marked(Blank):
    """A worksheet with answers in it, each in the colour of its status and with a comment."""

    open = frozenset[str]()
    asks = False

    def __init__(self, blanks: Collection[str], decimals: int, notes: Mapping[tuple[str, int, int], Note]) -> None:
        super().__init__(blanks, decimals)
        self._notes = notes

    def given(self, sheet: Sheet, q: Quantity, row: int, column: int, where: Cell, look: Style = GIVEN_LOOK) -> None:
        if (q.name, row, column) in self._notes:
            self.answer(sheet, q, row, column, where)
        else:
            super().given(sheet, q, row, column, where, look)

    def answer(self, sheet: Sheet, q: Quantity, row: int, column: int, where: Cell) -> None:
        note = self._notes.get((q.name, row, column))
        if note is None:
            super().answer(sheet, q, row, column, where)
            return
        if note.value is None:
            sheet.blank(where.row, where.column, note.status)
        elif isinstance(note.value, str):
            sheet.text(where.row, where.column, note.value, note.status)
        else:
            sheet.number(where.row, where.column, note.value, note.status, "General")
        if note.comment:
            sheet.note(where, note.comment)

    def link(self, q: Quantity, row: int, column: int, to: Cell, here: str) -> Link:
        note = self._notes.get((q.name, row, column))
        formula, value = super().link(q, row, column, to, here)
        return Link(formula, value if note is None or note.value is None else note.value)


def look(q: Quantity) -> Style:
    """The role and the number format of a computed quantity: what is fed back is no input, and a choice is 0 or 1."""
    assert q.rule is not None
    kind = q.role
    return "one-hot" if kind == "input" else kind, "0" if q.rule.operation is most_likely else ""
