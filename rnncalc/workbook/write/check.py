"""The Check sheet: every quantity compared with its own equation, worked again from the live cells, and with NumPy.

The first comparison is of one step at a time, so that it holds at 1e-12 however long the text is, and whatever was
typed into the inputs. The second is with constants, and holds for the problem as it was exported: there a network may
enlarge the rounding of one step from the next to the last. What is given is not repeated: a sum of its numbers, each
with a coefficient of its own, tells whether one was changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill

from rnncalc.language import one_hot
from rnncalc.language.trees import Array
from rnncalc.language.writers import fill
from rnncalc.network.families import X
from rnncalc.network.quantity import Quantity
from rnncalc.workbook.areas import Area, Cell
from rnncalc.workbook.formulas import array_formula
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.inputs import NONE, LetterCells
from rnncalc.workbook.write.sheet import Sheet

TOLERANCE = 1e-12
MARGIN = 10
"""A trained network magnifies rounding: a difference of up to so many times what the last digit moves is rounding's."""
FIRST = 6
_CHANGED, _WRONG = 3, 4
"""The rows of the counts on top: inputs changed, equations that do not hold."""
_OTHER = 5
"""The column, beside the second, of the verdict on what meets its equation and is not NumPy's number."""
_VERDICT, _STEP, _DIFFERENCE = 3, 4, 5
_PRINTED = "A1:H3"
"""The verdict for all; the tables below it would be a third of all pages."""
_HEADINGS = ("quantity", "stage", "verdict", "off its equation", "off NumPy's results", "NumPy's results")
_FEW = 8
"""The size of up to so many operands counts for what a difference is measured against; more would be a long formula."""


class Verdict(NamedTuple):
    """The cell of the verdict for all, and what it says as the workbook is written."""

    cell: Cell
    says: str


class Check:
    """The sheet in the making."""

    def __init__(self, book: Book, letters: LetterCells) -> None:
        self.book, self.letters = book, letters
        self.sheet: Sheet = book.sheets["Check"]
        given = [q for q in book.trace.values() if book.is_typed(q)]
        self.coefficients = [_coefficients(max(q.shape[i] for q in given), 2 + i) for i in (0, 1)]
        """A factor for each row and each column of the given tables."""
        self.below: list[Area] = []
        """Where they stand."""

    def write(self) -> Verdict:
        """Fill the sheet; gives the verdict for all."""
        book, sheet = self.book, self.sheet
        sheet.text(1, 1, "Check: the spreadsheet compared with its equations and with NumPy", "title")
        sheet.stretch(2, "good")
        sheet.stretch(5, "heading")
        for i, text in enumerate(_HEADINGS):
            sheet.text(5, i + 1, text, "heading")
        computed = [q for q in book.trace.values() if not book.is_typed(q)]
        given = [q for q in book.trace.values() if book.is_typed(q)]
        rows = self._rows_of_tokens()
        last_given = FIRST + len(rows) + len(given) - 1
        first, last = last_given + 1, last_given
        last += sum(q.shape[0] + 1 for q in [*computed, *(q for q, _ in book.figures)])
        self.below = [Area(sheet.title, last + 3, FIRST + i, len(c), 1) for i, c in enumerate(self.coefficients)]
        for i, (name, area, shown) in enumerate(rows):
            self._tokens(name, area, shown, FIRST + i)
        for i, q in enumerate(given, FIRST + len(rows)):
            self._given(q, i)
        row = first
        for q in computed:
            self._computed(q, row)
            row += q.shape[0] + 1
        for q, rounding in book.figures:
            self._figures(q, row, MARGIN * rounding)
            row += q.shape[0] + 1
        self._coefficients()
        self._counts(len(computed), last_given, f"$D${first}:$D${last}")
        top = self._top(len(computed) + len(book.figures), *(f"${letter}${first}:${letter}${last}" for letter in "CA"))
        _colours(sheet, last)
        sheet.widths([(1, 1, 17), (2, 2, 10), (3, 3, 22), (4, 5, 23), (FIRST, max(FIRST + 40, sheet.widest), 20)])
        sheet.around.freeze_panes = "D6"
        sheet.around.print_area = _PRINTED
        sheet.for_print()
        return top

    def _counts(self, computed: int, last_given: int, steps: str) -> None:
        """How many inputs were changed, how many equations do not hold, and what that means for all other numbers."""
        sheet = self.sheet
        sheet.text(_CHANGED, 1, "inputs changed", "name")
        sheet.formula(_CHANGED, _VERDICT, f'COUNTIF($C${FIRST}:$C${last_given},"changed")', 0, "constant", "0")
        sheet.text(_WRONG, 1, "equations not met", "name")
        # an error is not counted, so what holds is
        sheet.formula(_WRONG, _VERDICT, f'{computed}-COUNTIF({steps},"<=0.000000000001")', 0, "constant", "0")
        changed, wrong = (self._top_cell(row, _VERDICT) for row in (_CHANGED, _WRONG))
        other = f'IF({changed}>0,"follows the change",IF({wrong}>0,"follows from what is wrong","{_DRIFTED}"))'
        sheet.text(_WRONG, _OTHER - 1, "what else differs", "name")
        sheet.formula(_WRONG, _OTHER, other, _DRIFTED, "text")

    def _top(self, count: int, verdicts: str, names: str) -> Verdict:
        """The line for all: equal, follows a change, or which quantity is wrong."""
        equal = f"All {count} quantities equal NumPy's results."
        follow = (
            "You have changed the inputs. Numbers that depend on them now differ from NumPy's results for the original "
            "problem, as they should."
        )

        def counted(verdict: str) -> str:
            return f'COUNTIF({verdicts},"{verdict}")'

        def first(verdict: str) -> str:
            return f'INDEX({names},MATCH("{verdict}",{verdicts},0))'

        wrong = f"{counted('DIFFERS')}+{counted('ERROR')}"
        name = f"IF({counted('DIFFERS')}>0,{first('DIFFERS')},{first('ERROR')})"
        more = f'IF({wrong}>1," and "&({wrong}-1)&" more","")'
        differ = f'"Wrong: "&{name}&{more}&". See the verdicts below."'
        drifted = (
            f"{counted(_DRIFTED)}&\" quantities differ from NumPy's results because rounding grows from step to step; "
            'each is what its equation gives."'
        )
        good = f'IF({counted(_DRIFTED)}=0,"{equal}",{drifted})'
        formula = f'IF({wrong}>0,{differ},IF({self._top_cell(_CHANGED, _VERDICT)}>0,"{follow}",{good}))'
        return Verdict(self.sheet.formula(2, 1, formula, equal, "good"), equal)

    def _top_cell(self, row: int, column: int) -> str:
        title = self.sheet.title
        return Cell(title, row, column).address(title, fix_row=True, fix_column=True)

    # ── what is given ─────────────────────────────────────────────────────────────────────────────────────────────

    def _rows_of_tokens(self) -> list[tuple[str, Area, list[str]]]:
        """The rows of letters, words and classes on Inputs: a name, where they stand, and what they showed."""
        problem, letters, rows = self.book.problem, self.letters, []
        targets = problem.tokens if problem.predicts_tokens else "classes"
        for name, area, values in (
            (f"{problem.tokens} read", letters.read, problem.inputs[: problem.steps - problem.generated]),
            (f"target {targets}", letters.wanted, problem.targets),
        ):
            if area is not None and any(isinstance(one, str) for one in values):
                shown = [self.book.letters[one] if isinstance(one, str) else NONE for one in values]
                rows.append((name, area._replace(columns=len(shown)), shown))
        return rows

    def _tokens(self, name: str, area: Area, shown: Sequence[str], row: int) -> None:
        """The tokens as they were, and how many were changed."""
        sheet = self.sheet
        sheet.text(row, 1, name, "name")
        for i, token in enumerate(shown):
            sheet.text(row, FIRST + i, token, "constant")
        known = Area(sheet.title, row, FIRST, 1, len(shown)).address(sheet.title)
        self._as_given(row, f"SUM(IF(EXACT({area.address(sheet.title)},{known}),0,1))", "0")

    def _given(self, q: Quantity, row: int) -> None:
        """How far the sum of a given table's numbers, each with its coefficients, is from what it was."""
        sheet = self.sheet
        sheet.jump(row, 1, q.name, self.book.areas[q.name].cell(0, 0))
        rows, columns = (self.coefficients[i][: q.shape[i]] for i in (0, 1))
        if len(columns) == 1:
            columns = np.ones(1)
        total = float((q.value @ columns) @ rows)
        # what the order of so many additions can change
        rounding = 2.0**-52 * (sum(q.shape) + 4) * float(np.abs(q.value) @ columns @ rows)
        was = sheet.number(row, FIRST, total, "constant", "General").address(sheet.title)
        factors = [area._replace(rows=q.shape[i]).address(sheet.title) for i, area in enumerate(self.below)]
        live = f"MMULT({q.name},{factors[1]})" if q.shape[1] > 1 else q.name
        self._as_given(row, f"MAX(0,ABS(SUM({live}*{factors[0]})-{was})-{rounding!r})", "0.0E+00")

    def _as_given(self, row: int, change: str, number_format: str) -> None:
        sheet = self.sheet
        sheet.text(row, 2, "given", "text")
        sheet.array(row, _DIFFERENCE, change, [[0.0]], "constant", number_format)
        changed = Cell(sheet.title, row, _DIFFERENCE).address(sheet.title)
        sheet.formula(row, _VERDICT, f'IF({changed}=0,"as given","changed")', "as given", "text")

    def _coefficients(self) -> None:
        """The factors of the sums, below everything."""
        for area, coefficients in zip(self.below, self.coefficients, strict=True):
            self.sheet.numbers(area.row, area.column, coefficients[:, None].tolist(), "constant", "General")
        above = self.below[0].row - 1
        self.sheet.text(above, 1, "coefficients of the sums that tell whether a given number was changed", "words")
        for area, says in zip(self.below, ("rows", "columns"), strict=True):
            self.sheet.text(above, area.column, says, "caption")

    # ── what is computed ──────────────────────────────────────────────────────────────────────────────────────────

    def _computed(self, q: Quantity, row: int) -> None:
        """How far a quantity is from its equation and from NumPy's figures, and the verdict."""
        self._numpy(q, row)
        sheet = self.sheet
        off = f"MAX(ABS({q.name}-({self._equation(q)})))/{_size(q)}"
        sheet.array(row, _STEP, off, [[0.0]], "constant", "0.0E+00")
        step, difference = (Cell(sheet.title, row, c).address(sheet.title) for c in (_STEP, _DIFFERENCE))
        right = f'IF({difference}<={TOLERANCE * scale(q)!r},"equal",{self._top_cell(_WRONG, _OTHER)})'
        verdict = f'IF(ISNUMBER({step}),IF({step}<={TOLERANCE!r},{right},"DIFFERS"),"ERROR")'
        sheet.formula(row, _VERDICT, verdict, "equal", "text")

    def _equation(self, q: Quantity) -> str:
        """A quantity's equation as one array formula over the live cells."""
        if q.rule is not None:
            return array_formula(q.rule)
        # the one-hot column of a token
        assert q.step is not None
        tokens, known = (
            (self.letters.read, self.letters.vocabulary)
            if q.family is X
            else (self.letters.wanted, self.letters.outputs)
        )
        assert tokens is not None
        assert known is not None
        here = self.sheet.title
        addresses = tokens.cell(0, q.step - 1).address(here), known.address(here)
        return fill(one_hot.faces.array.template, addresses)

    def _figures(self, q: Quantity, row: int, rounding: float) -> None:
        """The same for what many steps of training lead to, of which there is no single equation."""
        self._numpy(q, row)
        sheet = self.sheet
        difference = Cell(sheet.title, row, _DIFFERENCE).address(sheet.title)
        tight = TOLERANCE * scale(q)
        other = f'IF({self._top_cell(_CHANGED, _VERDICT)}>0,"follows the change","DIFFERS")'
        near = f'IF({difference}<={rounding!r},"{_DRIFTED}",{other})' if rounding > tight else other
        verdict = f'IF(ISNUMBER({difference}),IF({difference}<={tight!r},"equal",{near}),"ERROR")'
        sheet.formula(row, _VERDICT, verdict, "equal", "text")

    def _numpy(self, q: Quantity, row: int) -> None:
        """NumPy's figures in a quantity's shape, and the largest difference of the live cells from them."""
        self.book.tell()
        sheet = self.sheet
        live = self.book.areas[q.name]
        sheet.jump(row, 1, q.name, live.cell(0, 0))
        sheet.text(row, 2, q.stage, "text")
        figures = Area(sheet.title, row, FIRST, *q.shape)
        sheet.numbers(row, FIRST, q.value.tolist(), "constant", "General")
        difference = f"MAX(ABS({live.address(sheet.title)}-{figures.address(sheet.title)}))"
        sheet.array(row, _DIFFERENCE, difference, [[0.0]], "constant", "0.0E+00")


_DRIFTED = "drifted by rounding"


def _coefficients(count: int, root: int) -> Array:
    """Factors between 1 and 2 of few digits, none the same as another: fractions of the multiples of a root."""
    factors: Array = np.round(1 + (np.arange(1, count + 1) * np.sqrt(root)) % 1, 6)
    return factors


def _size(q: Quantity) -> str:
    """What a difference is measured against, from the live cells."""
    names = [one.name for one in (q, *q.sources)] if len(q.sources) <= _FEW else [q.name]
    return f"MAX(1,{','.join(f'ABS({name})' for name in names)})"


def scale(q: Quantity) -> float:
    """What a difference is measured against: 1, or the largest entry of the quantity and what it was computed from."""
    return max([1.0, *(float(abs(s.value).max()) for s in (q, *q.sources))])


def _colours(sheet: Sheet, last: int) -> None:
    """A verdict's colour; its word says the same."""
    for words, colour, font in (
        (("DIFFERS", "ERROR"), "FBE0D0", "7A3300"),
        (("changed", "follows the change", "follows from what is wrong"), "FFF2CC", "7F6000"),
    ):
        test = ",".join(f'$C6="{word}"' for word in words)
        rule = FormulaRule(  # type: ignore[no-untyped-call]
            formula=[f"OR({test})"], fill=PatternFill(bgColor=f"FF{colour}"), font=Font(color=f"FF{font}", bold=True)
        )
        sheet.around.conditional_formatting.add(f"A6:E{last}", rule)
