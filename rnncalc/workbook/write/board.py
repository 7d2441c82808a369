"""The Board sheet: the whole network on one screen, computed there; the long sheets link to it."""

from __future__ import annotations

from functools import partial

from rnncalc.language import add, matmul, operands
from rnncalc.language.trees import Entry
from rnncalc.network.families import WXE, E
from rnncalc.network.pictures import text_picture
from rnncalc.network.quantity import Quantity
from rnncalc.render.board import FIRST_WEIGHT, LABELS, NAMES, STEP_ROW, TITLE_ROW, Band, Board, Handed, Part, Slot
from rnncalc.render.board_arrows import COLOURS, lane, way
from rnncalc.render.roles import tint
from rnncalc.workbook.areas import Area, Cell, column_letters
from rnncalc.workbook.formulas import Factors
from rnncalc.workbook.write.arrows import Arrow, to_drawing
from rnncalc.workbook.write.board_sizes import Sizes
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.decimals import BOARD_DECIMALS, live_decimals, whole_numbers
from rnncalc.workbook.write.filling import look
from rnncalc.workbook.write.inputs import LetterCells
from rnncalc.workbook.write.limits import LARGEST_STATE, gate_limits, limit_numbers
from rnncalc.workbook.write.links import prediction, read_link
from rnncalc.workbook.write.sheet import Sheet
from rnncalc.workbook.write.styles import GIVEN_TINTS, fixed

TITLE = "Board"
SECOND = "board_"
"""Before the name of a quantity that may be filled in on the Board too."""
_MOST_DRAWN = 60
"""Of more steps than these, what is handed on is shown by signs."""
_PAGE_WIDE = 1500
"""The pixels that are read well on a page of paper."""
_MOST_FROZEN = 14
"""More columns of weights than these leave too little of the screen for the steps."""
_MOST_NAMES = 3


def offer_board(book: Book, plan: Board) -> None:
    """Say that what is asked for may be filled in on the Board as well as on the long sheets."""
    for name, slot in plan.slots.items():
        if book.filling.hides(book.trace[name]):
            book.filling.second[name] = _area(slot)
            book.name(f"{SECOND}{name}", _area(slot))


def place_board(book: Book, plan: Board) -> None:
    """Say that the plan's numbers stand on the Board, and nowhere else."""
    for name, block in plan.blocks.items():
        book.place(book.trace[name], Area(TITLE, block.row, block.column, *book.trace[name].shape))
    for (_, name), slot in plan.copies.items():
        if book.trace[name].step == 0:
            book.place(book.trace[name], _area(slot))
    for name, slot in plan.slots.items():
        book.place(book.trace[name], _area(slot))


def write_board(book: Book, plan: Board, letters: LetterCells) -> int:
    """Fill the sheet; gives the decimals that it shows."""
    writer = _Writer(book, plan, letters)
    writer.write()
    return writer.sizes.decimals


class _Writer:
    """The sheet in the making."""

    def __init__(self, book: Book, plan: Board, letters: LetterCells) -> None:
        self.book, self.plan, self.letters = book, plan, letters
        self.sheet: Sheet = book.sheets[TITLE]
        self.sheet.centred = True
        self.problem = book.problem
        self.sizes = Sizes(book, plan)
        self.limits = gate_limits(book.problem)
        """The largest weight of each gate, by layer and letter, with which EXP cannot overflow."""
        self.computed = fixed(self.sizes.decimals)
        self.given = "General" if self.sizes.shows_all else f"0.{'#' * self.sizes.decimals}"

    def write(self) -> None:
        """All of it."""
        self._headings()
        self._weights()
        for part in self.plan.parts:
            self._part(part)
        self._read()
        for band in self.plan.bands:
            self._band(band)
        for name, slot in self.plan.slots.items():
            self._slot(self.book.trace[name], slot)
        self._ends()
        self._shape()
        self._arrows()

    # ── words and labels ──────────────────────────────────────────────────────────────────────────────────────────

    def _headings(self) -> None:
        sheet, plan = self.sheet, self.plan
        sheet.text(TITLE_ROW, NAMES, f"{text_picture(self.problem.text)}, step by step", "title")
        says = ["Change a yellow number: everything follows."] if "given" in self.book.filling.open else []
        sheet.text(STEP_ROW + 1, NAMES, " ".join([*says, *self._elsewhere()]), "words")
        sheet.text(STEP_ROW, NAMES, "step, reads" if self.letters.read else "step", "name")
        for t in plan.steps:
            column = plan.column(t)
            sheet.number(STEP_ROW, column, t, "heading", "0")
            sheet.blank(STEP_ROW, column + 1, "heading")
            for i in range(2, plan.side):
                sheet.blank(STEP_ROW, column + i, "heading")
            if self.letters.read and (self.problem.inputs[t - 1] is not None or f"x_{t}" in self.book.trace):
                sheet.formula(STEP_ROW, column + 1, *read_link(self.book, self.letters, t, TITLE), "read", "General")

    def _elsewhere(self) -> list[str]:
        """Which weights are too wide for the sheet, and where they stand."""
        names = [name for name in self.plan.left_out if name in self.book.areas]
        places = dict.fromkeys(self.book.areas[name].sheet for name in names)
        if not names:
            return []
        shown = ", ".join([*names[:_MOST_NAMES], *(["…"] if len(names) > _MOST_NAMES else [])])
        return [f"{shown}: see {', '.join(list(places)[:_MOST_NAMES])}."]

    def _band(self, band: Band) -> None:
        """The equations, the names above the columns, the labels of the rows."""
        sheet, plan = self.sheet, self.plan
        equations = [plan.equation(member) for member in band.members]
        if band.caption:
            for t in plan.steps:
                for i, member in enumerate(band.members):
                    if f"{member}_{t}" in plan.slots:
                        sheet.text(band.caption, plan.column(t) + i, plan.gate_caption(band, i) or member, "caption")
            for name in band.weights:
                self._column_labels(name, band.caption, "b" if band.is_gate else "")
        if band.weights:
            room = int(self.sizes.names)
            short = [" ".join([f"{m}:", *self.plan.weights_of(m)]).rstrip(":") for m in band.members]
            lines = [e if len(e) <= room else s for e, s in zip(equations, short, strict=True)]
            if band.is_gate:
                lines = [equations[1], " ".join(band.weights)]
            for i, line in enumerate(lines[: band.size]):
                sheet.text(band.row + i, NAMES, line, "equation")
        else:
            sheet.text(band.caption, NAMES, "     ".join(equations), "equation")
        self._labels(plan.example(band.members[0]), band.row)

    def _part(self, part: Part) -> None:
        """What the rows of a layer's reading stand for, in the last column before the steps."""
        q, column = self.book.trace[part.example], self.plan.column(1) - 2
        if q.family is E and WXE.name in self.plan.blocks:
            self.sheet.text(part.row, NAMES, self.plan.equation("e"), "equation")
            self._column_labels(WXE.name, self.plan.embedding_caption)
            self._labels(q, part.row)
            return
        self.sheet.text(part.row, column - 1, part.symbols, "label")
        for i, label in enumerate(self.book.labels(q.axes[0], q.shape[0])):
            self.sheet.text(part.row + i, column, label, "label")

    def _column_labels(self, name: str, row: int, single: str = "") -> None:
        """What the columns of a weight stand for; ``single`` or its name above a single one."""
        q, block = self.book.trace[name], self.plan.blocks[name]
        labels = self.book.labels(q.axes[1], q.shape[1]) if q.shape[1] > 1 else [single or q.place]
        for i, label in enumerate(labels):
            self.sheet.text(row, block.column + i, label, "caption")

    def _labels(self, q: Quantity, row: int) -> None:
        for i, label in enumerate(self.book.labels(q.axes[0], q.shape[0])):
            self.sheet.text(row + i, LABELS, label, "label")

    # ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _weights(self) -> None:
        for name, block in self.plan.blocks.items():
            q = self.book.trace[name]
            area = Area(TITLE, block.row, block.column, *q.shape)
            self._table(q, area)
            limit = self.limits.get((q.layer, q.family.gate))
            if limit is not None and self.book.areas[name] == area:
                limit_numbers(self.sheet, area, limit)

    def _table(self, q: Quantity, area: Area) -> None:
        """What is given, in its one place, or as links to it."""
        role = f"given {tint(q)}"
        role = role if role in GIVEN_TINTS else "given"
        own = self.book.areas[q.name]
        for i in range(area.rows):
            for j in range(area.columns):
                where = area.cell(i, j)
                if own == area:
                    self.book.filling.given(self.sheet, q, i, j, where, (role, self.given))
                else:
                    link = self.book.filling.link(q, i, j, own.cell(i, j), TITLE)
                    self.sheet.formula(where.row, where.column, *link, tint(q), self.given)

    def _read(self) -> None:
        """What steps read: links, the initial state, and the 1 of the biases."""
        for (_, name), slot in self.plan.copies.items():
            q = self.book.trace[name]
            if q.step == 0:
                self._table(q, _area(slot))
                if any(layer == q.layer for layer, _ in self.limits) and self.book.areas[name] == _area(slot):
                    limit_numbers(self.sheet, _area(slot), LARGEST_STATE)
                continue
            source = self.book.areas[name]
            one_hot = q.family.name == "x" and not self.book.is_typed(q)
            for i in range(slot.rows):
                link = self.book.filling.link(q, i, 0, source.cell(i, 0), TITLE)
                shown = "0" if one_hot else self.computed
                self.sheet.formula(slot.row + i, slot.column, *link, tint(q), shown)
        for row in self.plan.ones.values():
            for step in self.plan.steps:
                self.sheet.number(row, self.plan.column(step), 1, "bias", "0")

    def _slot(self, q: Quantity, slot: Slot) -> None:
        area, own = _area(slot), self.book.areas[q.name]
        style = (tint(q), look(q)[1] or self.computed)
        if own != area:
            self.book.filling.repeat(self.sheet, q, area, own, style)
            return
        step = q.step or 0
        factors, short = self._factors(q, step), self._is_small(q, step)
        self.book.filling.result(self.sheet, q, area, partial(self._locate, step), style, short=short, factors=factors)

    def _is_small(self, q: Quantity, step: int) -> bool:
        """Whether a gate's sum is a product of weights and numbers that are all bounded."""
        (total, *others) = q.sources or (q,)
        if others or total is q or (q.layer, q.family.gate) not in self.limits:
            return False
        return self._factors(total, step) is not None

    def _factors(self, q: Quantity, step: int) -> Factors | None:
        """A row of weights beside each other, and one column below each other, whose product a quantity is."""
        rule = q.rule
        if rule is None:
            return None
        terms = rule.arguments if rule.operation is add else (rule,)
        left: list[Cell] = []
        right: list[Cell] = []
        for term in terms:
            factors = operands(term, matmul)
            weight = factors[0] if factors else term
            if not isinstance(weight, Quantity) or weight.name not in self.plan.blocks:
                return None
            if weight.shape[0] != q.shape[0]:
                return None
            block = self.book.areas[weight.name]
            left += [block.cell(0, j) for j in range(block.columns)]
            if not factors:
                one = self.plan.ones.get(weight.layer)
                if one is None or not weight.family.is_bias:
                    return None
                right.append(Cell(TITLE, one, self.plan.column(step)))
            else:
                column = factors[1]
                if not isinstance(column, Quantity):
                    return None
                slot = self.plan.copies.get((step, column.name)) or self.plan.slots.get(column.name)
                if slot is None:
                    return None
                right += [_area(slot).cell(i, 0) for i in range(slot.rows)]
        first, top = left[0], right[0]
        in_row = left == [Cell(first.sheet, first.row, first.column + i) for i in range(len(left))]
        in_column = right == [Cell(TITLE, top.row + i, top.column) for i in range(len(right))]
        if not (in_row and in_column and first.sheet == TITLE and len(left) == len(right)):
            return None
        return Factors(
            Area(TITLE, first.row, first.column, q.shape[0], len(left)),
            Area(TITLE, top.row, top.column, len(right), 1),
            right[-1].row in self.plan.ones.values(),
        )

    def _locate(self, step: int, entry: Entry) -> Cell:
        """The cell of an operand's element: as the step has it before it, else in its one place."""
        assert isinstance(entry.of, Quantity)
        copy = self.plan.copies.get((step, entry.of.name))
        area = _area(copy) if copy is not None else self.book.areas[entry.of.name]
        return area.cell(entry.row, entry.column)

    # ── the last rows, and the look of the whole ──────────────────────────────────────────────────────────────────

    def _ends(self) -> None:
        """What is predicted and wanted, and the losses."""
        sheet, plan, book = self.sheet, self.plan, self.book
        if plan.predicted:
            sheet.text(plan.predicted, NAMES, "predicts", "name")
        if plan.wanted:
            sheet.text(plan.wanted, NAMES, "target, loss" if self.letters.wanted else "loss", "name")
        for t in plan.steps:
            column = plan.column(t)
            if plan.predicted and f"p_{t}" in book.areas and not self._would_tell(t):
                link = prediction(book, t, self.letters, TITLE)
                sheet.formula(plan.predicted, column + plan.side - 1, *link, "output", "General")
            target = self.problem.targets[t - 1]
            if not plan.wanted or target is None:
                continue
            if isinstance(target, str) and self.letters.wanted is not None:
                cell = self.letters.wanted.cell(0, t - 1).address(TITLE)
                sheet.formula(plan.wanted, column, cell, book.letters[target], "read", "General")
        if "loss" in plan.slots:
            sheet.text(TITLE_ROW, plan.column(1), "total loss", "name")

    def _would_tell(self, t: int) -> bool:
        """Whether the prediction of a step follows from given numbers, in a worksheet where it may be an answer."""
        return self.book.filling.asks and not self.book.filling.hides(self.book.trace[f"p_{t}"])

    def _shape(self) -> None:
        """Heights, widths, zoom, frozen panes, closed gradients, decimals by a cell."""
        sheet, plan = self.sheet, self.plan
        for row in range(1, plan.last + 1):
            sheet.height(row, self.sizes.row(row))
        for column in range(1, plan.last_column + 1):
            sheet.widths([(column, column, self.sizes.column(column))])
        wide = self.sizes.wide
        sheet.around.sheet_view.zoomScale = self.sizes.zoom
        if plan.weight_columns <= _MOST_FROZEN and not self.sizes.fits:
            sheet.around.freeze_panes = f"{column_letters(plan.column(1) - 1)}{STEP_ROW + 1}"
        if plan.gradients:
            sheet.close_rows(plan.last_forward + 2, plan.last)
            sheet.text(plan.last_forward + 1, NAMES, "gradients: open them with the + at the left", "words")
        sheet.for_print(tall=1, wide=max(1, round(wide / _PAGE_WIDE)))
        sheet.around.print_title_cols = f"A:{column_letters(plan.column(1) - 2)}" if wide > _PAGE_WIDE * 1.5 else None
        self._decimals()

    def _arrows(self) -> None:
        """What a step hands on: as lines, in very long texts as signs; gradients come back as signs."""
        plan, sheet = self.plan, self.sheet
        for t in plan.steps[:-1]:
            for band in plan.gradients:
                if plan.sends_back(band):
                    sheet.text(band.row + (band.size - 1) // 2, plan.column(t + 1) - 1, "←", "sign")
        if len(plan.steps) > _MOST_DRAWN:
            for handed in plan.handed:
                sheet.text(handed.end.row + (handed.end.rows - 1) // 2, plan.gap(handed.end), "→", "sign")
            return
        arrows = [self._arrow(handed) for handed in plan.handed]
        sheet.drawing = to_drawing(arrows, self.sizes.edges)

    def _arrow(self, handed: Handed) -> Arrow:
        cells = self.sizes.cells
        step = self.book.trace[handed.end.name].step or 0
        number = lane(self.plan, handed)
        name = f"{handed.state} of step {step} to step {step + 1}"
        return Arrow(name, way(self.plan, handed, cells), COLOURS[number], dashed=number == 1)

    def _decimals(self) -> None:
        """Whole numbers look whole, and the decimals are those that the cell on Start says."""
        plan, rows = self.plan, self.plan.last - STEP_ROW
        first = plan.column(1)
        numbers = Area(TITLE, TITLE_ROW, first, plan.last, plan.last_column - first + 1)
        if "given" in self.book.filling.open:
            live_decimals(self.sheet, numbers, BOARD_DECIMALS, self.sizes.decimals)
        else:
            whole_numbers(self.sheet, numbers)
        if not self.sizes.shows_all:
            whole_numbers(self.sheet, Area(TITLE, STEP_ROW + 1, FIRST_WEIGHT, rows, plan.weight_columns))


def _area(slot: Slot) -> Area:
    return Area(TITLE, slot.row, slot.column, slot.rows, 1)
