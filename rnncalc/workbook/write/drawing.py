"""A quantity's picture on a sheet: operands as links to their one place, signs between, the result as formulas."""

from __future__ import annotations

from rnncalc.language import add
from rnncalc.language.trees import Entry
from rnncalc.network.families import TARGET, X
from rnncalc.network.pictures import EQUALS, Box, Picture, Sign, picture
from rnncalc.network.quantity import Quantity
from rnncalc.render.roles import tint
from rnncalc.workbook.areas import Area, Cell
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.filling import look
from rnncalc.workbook.write.sheet import Sheet

FIRST_COLUMN = 2
WIDEST = 20
"""A sum that would be wider in columns goes on in further lines; any other picture so wide shows its operands by name,
with links."""
WIDEST_OPERAND = 8
"""A table of more columns than these is not drawn again where it is an operand."""
MOST_STACKED = 8


class Drawing:
    """Draws one quantity at a time, downwards on one sheet."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self.book = book
        self.sheet = sheet
        self._here: dict[int, tuple[Area, bool]] = {}

    def quantity(self, q: Quantity, row: int) -> int:
        """Draw a quantity from a row on; gives the row below it."""
        assert q.rule is not None
        self.book.tell()
        worked = f" = {self._worked(q)}" if q.rule.operation.worked else ""
        self.sheet.text(row, 1, q.name, "name")
        self.sheet.text(row, FIRST_COLUMN, q.equation + worked, "equation")
        why = " Computed from the scores, so that it stays finite even where p is 0." if worked else ""
        self.sheet.text(row + 1, FIRST_COLUMN, q.says + why, "words")
        pieces = picture(q, self.book.trace, self.book.decimals, worked=True)
        self._here = {}
        boxes = [p for p in pieces if isinstance(p, Box)]
        stacked = q.rule.operation is add and len(boxes) > 3 and q.shape[1] > 1
        if stacked and len(boxes) <= MOST_STACKED + 1:
            return self._stack(q, boxes, row + 2) + 1
        lines = _lines(pieces)
        if len(lines) > 1 and not stacked and all(sum(map(_width, line)) <= WIDEST for line in lines):
            for line in lines:
                row = self._in_a_row(q, line, row + 2, by_name=False) - 1
            return row + 2
        by_name = stacked or sum(map(_width, pieces)) > WIDEST or len(boxes) > MOST_STACKED + 1
        return self._in_a_row(q, _shortened(pieces) if by_name else pieces, row + 2, by_name=by_name) + 1

    def _worked(self, q: Quantity) -> str:
        assert q.rule is not None
        symbols = [a.symbol for a in q.rule.arguments if isinstance(a, Quantity)]
        return q.rule.operation.worked.format(*symbols)

    def _in_a_row(self, q: Quantity, pieces: Picture, row: int, *, by_name: bool) -> int:
        """Tables and signs side by side, their middles at one height; a wide operand, or ``by_name`` any, as a link."""
        boxes = [p for p in pieces if isinstance(p, Box)]
        drawn = [p for p in boxes if p.result or (not by_name and p.shape[1] <= WIDEST_OPERAND)]
        tall = max((p.shape[0] for p in drawn), default=1)
        labelled = any(self._has_column_labels(p) for p in drawn)
        top = row + (2 if labelled else 1)
        column = FIRST_COLUMN
        for piece in pieces:
            if isinstance(piece, Sign):
                self._sign(piece, top + (tall - 1) // 2, column)
                column += 1
            elif piece in drawn:
                column = self._table(q, piece, top + (tall - piece.shape[0]) // 2, column)
            else:
                middle = top + (tall - 1) // 2
                area = self.book.areas[piece.quantity.name]
                self.sheet.jump(middle, column, piece.symbol, area.cell(0, 0))
                column += 1
        return top + tall

    def _stack(self, q: Quantity, boxes: list[Box], row: int) -> int:
        """A column addition: the terms one below the other, and the sum under them."""
        indent = 1 if not boxes[0].letters_in_rows else 0
        for i, box in enumerate(boxes):
            sign = EQUALS if box.result else Sign("+", "+") if i else None
            top = row + 1 + (1 if self._has_column_labels(box) else 0)
            if sign:
                self._sign(sign, top + (box.shape[0] - 1) // 2, FIRST_COLUMN)
            self._table(q, box, top, FIRST_COLUMN + indent + (0 if indent else 1))
            row = top + box.shape[0]
        return row

    def _has_column_labels(self, box: Box) -> bool:
        return box.shape[1] > 1 and bool(box.column_labels)

    def _sign(self, sign: Sign, row: int, column: int) -> None:
        if sign.working is None:
            self.sheet.text(row, column, sign.text, "sign")
            return
        self.book.filling.working(self.sheet, row, column, sign.working, self._locate)

    def _table(self, q: Quantity, box: Box, top: int, column: int) -> int:
        """One table with its caption and labels; gives the column behind it."""
        if box.letters_in_rows:
            axis = box.quantity.axes[1 if box.transposed else 0]
            for i, label in enumerate(self.book.labels(axis, box.shape[0])):
                self.sheet.text(top + i, column, label, "label")
            column += 1
        labelled = self._has_column_labels(box)
        self.sheet.text(top - (2 if labelled else 1), column, box.symbol, "caption")
        if labelled:
            axis = box.quantity.axes[0 if box.transposed else 1]
            for j, label in enumerate(self.book.labels(axis, box.shape[1])):
                self.sheet.text(top - 1, column + j, label, "caption")
        area = Area(self.sheet.title, top, column, box.shape[0], box.shape[1])
        style = (tint(q), look(q)[1])
        if box.result and q.name in self.book.areas:  # it is computed on the Board
            self.book.filling.repeat(self.sheet, q, area, self.book.areas[q.name], style)
        elif box.result:
            self.book.filling.result(self.sheet, q, self.book.place(q, area), self._locate, style)
        else:
            self._links(box, area)
        return column + area.columns

    def _links(self, box: Box, area: Area) -> None:
        """An operand: links to the one place where it stands."""
        source = self.book.areas[box.quantity.name]
        q = box.quantity
        one_hot = q.family in (X, TARGET) and not self.book.is_typed(q)
        number_format = "0" if one_hot and not (q.value % 1).any() else ""
        role = self.book.filling.operand(tint(q))
        link, here = self.book.filling.link, self.sheet.title
        rows, columns = q.shape
        lines = [[link(q, i, j, source.cell(i, j), here) for j in range(columns)] for i in range(rows)]
        if box.transposed:
            lines = [list(column) for column in zip(*lines, strict=True)]
        formulas = [[found.formula for found in line] for line in lines]
        values = [[found.value for found in line] for line in lines]
        self.sheet.formulas(area.row, area.column, formulas, values, role, number_format)
        self._here[id(box.quantity)] = (area, box.transposed)

    def _locate(self, found: Entry) -> Cell:
        """The cell of an operand's element: in the picture where it is drawn, else in its one place."""
        here = self._here.get(id(found.of))
        if here is not None:
            area, transposed = here
            return area.cell(found.column, found.row) if transposed else area.cell(found.row, found.column)
        assert isinstance(found.of, Quantity)
        return self.book.areas[found.of.name].cell(found.row, found.column)


def _lines(pieces: Picture) -> list[Picture]:
    """The terms of a sum, as many on a line as there is room for; a line after the first begins with its sign."""
    terms: list[Picture] = [[]]
    depth = 0
    for piece in pieces:
        if isinstance(piece, Sign):
            depth += piece.text.count("(") - piece.text.count(")")
            if piece.text == "+" and depth == 0:
                terms.append([])
        terms[-1].append(piece)
    lines: list[Picture] = [[]]
    for term in terms:
        if sum(map(_width, [*lines[-1], *term])) > WIDEST and lines[-1]:
            lines.append([])
        lines[-1] += term
    return lines


def _shortened(pieces: Picture) -> Picture:
    """Of many pieces the first ones and the last."""
    return pieces if len(pieces) <= WIDEST else [*pieces[: WIDEST - 4], Sign("…", ""), *pieces[-2:]]


def _width(piece: Box | Sign) -> int:
    """The columns that a piece takes."""
    if isinstance(piece, Sign):
        return 1
    columns = piece.shape[1]
    if columns > WIDEST_OPERAND and not piece.result:
        return 1
    return columns + (1 if piece.letters_in_rows else 0)
