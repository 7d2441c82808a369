"""A workbook that comes back: which problem it is about, what was answered where, and which givens it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from rnncalc.errors import FileError, RnncalcError
from rnncalc.io.written import Comma, comma_of
from rnncalc.marking.answers import Answer, read_answer
from rnncalc.marking.blanks import blanks_of
from rnncalc.marking.locale_slips import as_date
from rnncalc.marking.marking import Answers
from rnncalc.marking.precision import shown_beside
from rnncalc.marking.status import Status
from rnncalc.network.families import TARGET
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity
from rnncalc.network.trace import Trace
from rnncalc.network.update_step import whole_trace
from rnncalc.render.board import Board
from rnncalc.workbook.areas import Area, Cell, column_letters
from rnncalc.workbook.problem_text import PROBLEM, SETTINGS, Settings, read_problem
from rnncalc.workbook.read import earlier_unrolled
from rnncalc.workbook.read.handed_out_layout import places_as_handed_out, problem_lines, text_of
from rnncalc.workbook.read.other_formats import as_xlsx
from rnncalc.workbook.read.reading import MAX_CELLS, Found, StrangersFile, parse_area
from rnncalc.workbook.write.board import SECOND
from rnncalc.workbook.write.board import TITLE as BOARD
from rnncalc.workbook.write.book import shown_letters
from rnncalc.workbook.write.export import check_size

_BY_PLACE = (
    "The names of the cells are gone; the numbers are read from where they were when the worksheet was handed out."
)
_MOST_SHOWN = 20_000
ENOUGH = 15
"""The decimals of a number that no one rounded."""


class Submission(NamedTuple):
    """What a file holds: the trace that it is held against, answers, givens, the decimals of computed numbers that it
    gives, remarks on what was taken in another way than it stands, and the decimals that were asked for."""

    trace: Trace
    answers: list[Answers]
    given: list[Answers]
    given_decimals: dict[str, int]
    remarks: list[str]
    settings: Settings
    author: str
    decimals: int | None = None

    @property
    def givens_digest(self) -> str:
        """A digest of the given numbers as the file has them: whose variant is it?"""
        return digest_of({a.name: a.cells for a in self.given if a.name in self.trace.problem.arrays()})


class Reading(NamedTuple):
    """How a file is read.

    ``which`` gives the problem, from the one that the file tells if it does; ``settings`` win over the file's where
    they are not None, and with ``trusted`` ones nothing that it tells is read; what ``may_be_missing`` is asked for
    where the file has cells for it; ``decimals`` are those of numbers in cells, which keep no trailing zeros, else what
    the worksheet asked for; ``maps``: where each quantity stands in a workbook of another maker, ``Sheet1!B4:B6``.
    """

    which: Callable[[Problem | None], Problem | None] = lambda told: told
    settings: Settings | None = None
    trusted: Settings | None = None
    may_be_missing: Collection[str] = ()
    decimals: int | None = None
    maps: Mapping[str, str] = {}

    def held_against(
        self, told: tuple[Problem, Settings] | None, name: str, unknown: str = ""
    ) -> tuple[Trace, Settings]:
        """The trace that a file's answers are held against, and the settings, by what it has ``told`` of them.

        Raises FileError for a problem that is too large, and where none is known, with what is said then.
        """
        problem = self.which(None if told is None else told[0])
        if problem is None:
            raise FileError(unknown)
        known = self.trusted or _known_settings(None if told is None else told[1], self.settings)
        try:
            check_size(problem, "update" if problem.has_loss else "forward")
        except RnncalcError as error:
            raise FileError(f"{name}: {error}") from None
        return whole_trace(problem, **known.limits), known


AS_TOLD = Reading()
"""By what the file says of itself."""


def read_submission(file: bytes, name: str, how: Reading = AS_TOLD) -> Submission:
    """Read a worksheet, an exported workbook, or any other by maps.

    Raises FileError where the file is no such workbook, RnncalcError for a map that does not fit.
    """
    stranger = StrangersFile(as_xlsx(file, name), name)
    told = told_by(stranger, name) if how.trusted is None else None
    trace, known = how.held_against(told, name, _no_problem(stranger, name, bool(how.maps)))
    if how.maps:
        return _Reader(stranger, name, trace, known, how.decimals).mapped(how.maps)
    missing = [q.name for q in _needed(trace, known.asked) if q.name.casefold() not in stranger.names]
    whole = stranger.names and all(one in how.may_be_missing for one in missing)
    places = {} if whole else places_as_handed_out(stranger, trace.problem, known)
    names = {**places, **stranger.names}
    absent = {one for one in how.may_be_missing if one.casefold() not in names}
    known = known._replace(asked=tuple(one for one in known.asked if one not in absent))
    return _Reader(stranger, name, trace, known, how.decimals, names).named()


def _known_settings(told: Settings | None, typed: Settings | None) -> Settings:
    """The settings that a file tells, with those that were typed in their place."""
    known = told or Settings()
    if typed is None:
        return known
    return known._replace(**{k: v for k, v in typed._asdict().items() if k != "asked" and v is not None})


def comma_remarks(texts: Sequence[str], comma: Comma, whole: str) -> list[str]:
    """That numbers are read by what a comma separates in the rest of the sheet or page, where they need it."""
    unclear = [text.strip() for text in texts if read_answer(text).problem == Status.AMBIGUOUS] if comma else []
    if not unclear:
        return []
    what = "a decimal comma" if comma == "decimal" else "commas between thousands"
    count = f"{len(unclear)} numbers such as" if len(unclear) > 1 else "The number"
    read = "are read" if len(unclear) > 1 else "is read"
    return [f"{count} {unclear[0]} {read} with {what}, as in the rest of the {whole}."]


def told_by(stranger: StrangersFile, name: str) -> tuple[Problem, Settings] | None:
    """The problem and the settings that the file tells, if it does."""
    areas = [area for key in (PROBLEM, SETTINGS) if (area := stranger.names.get(key)) is not None]
    if len(areas) < 2:
        lines = problem_lines(stranger)
        return None if lines is None else read_problem(name, *lines)
    found = stranger.cells(areas)
    return read_problem(name, *([_line(found.get(area.cell(i, 0))) for i in range(area.rows)] for area in areas))


def _line(found: Found | None) -> str:
    return found.value if found is not None and isinstance(found.value, str) else ""


def _no_problem(stranger: StrangersFile, name: str, mapped: bool) -> str:
    if mapped:
        return f"{name} does not say which problem it is about. Use -t, TEXT or the other problem options."
    if PROBLEM in stranger.lost or SETTINGS in stranger.lost:
        return (
            f"{name} has lost the text of its problem (sheet Problem). Use -t or TEXT to say which problem it is about."
        )
    return (
        f"{name} is not an rnncalc worksheet (it has no names {PROBLEM} and {SETTINGS}). For any other workbook, "
        "use --map h_2=Sheet1!B4:B6 to say where the numbers are."
    )


def _needed(trace: Trace, asked: Collection[str]) -> list[Quantity]:
    """What a workbook has to hold: what is asked for, and what is given before the last of it."""
    last = max((i for i, name in enumerate(trace) if name in asked), default=0)
    return [q for i, q in enumerate(trace.values()) if q.name in asked or (q.rule is None and i < last)]


class _Reader:
    """Finds the places of quantities, and reads what stands there."""

    def __init__(
        self,
        stranger: StrangersFile,
        name: str,
        trace: Trace,
        settings: Settings,
        decimals: int | None,
        names: Mapping[str, Area] | None = None,
    ) -> None:
        self.stranger, self.name, self.trace, self.settings = stranger, name, trace, settings
        self.decimals = decimals if decimals is not None else settings.decimals
        self.names = stranger.names if names is None else names
        self.remarks: list[str] = []
        self.comma: Comma = ""

    def named(self) -> Submission:
        """By the names that the workbook defines."""
        asked = self._asked()
        lost = next((q for q in _needed(self.trace, asked) if q.name.casefold() not in self.names), None)
        if lost is not None:
            raise FileError(self._lost(lost))
        areas = {name: self.names[name.casefold()] for name in self.trace if name.casefold() in self.names}
        if any(name.casefold() not in self.stranger.names for name in areas):
            self.remarks.append(_BY_PLACE)
        keys = {name: f"{SECOND}{name}".casefold() for name in asked}
        second = {name: self.names[key] for name, key in keys.items() if key in self.names}
        needed = [*areas.values(), *second.values(), *self._letters()]
        shown = self._only_shown(MAX_CELLS - sum(area.rows * area.columns for area in needed))
        found = self.stranger.cells([*needed, *shown])
        self.remarks += _typed_over(shown, found)
        tables = {name: self._table(self.trace[name], area, found) for name, area in areas.items()}
        self._learn_commas(tables, found)
        answers, given, decimals = [], [], {}
        for name, cells in tables.items():
            if name in asked:
                answers.append(Answers(name, self._from_both(name, cells, second.get(name), found)))
                continue
            q = self.trace[name]
            if q.rule is not None:
                decimals[name] = shown_beside(self.settings.decimals)
            given.append(Answers(name, self._given(q, cells, found)))
        return Submission(
            self.trace, answers, given, decimals, self.remarks, self.settings, self.stranger.author(), self.decimals
        )

    def mapped(self, maps: Mapping[str, str]) -> Submission:
        """By where someone says that the numbers stand."""
        areas: dict[str, Area] = {}
        for name, text in maps.items():
            q = self.trace.named(name)
            if q.name in areas:
                raise RnncalcError(f"{q.name} is mapped twice.")
            area = parse_area(text, self.stranger.sheets)
            if area is None:
                raise RnncalcError(f"{name}={text} is not a place in {self.name}{self._places(text)}")
            if (area.rows, area.columns) not in (q.shape, q.shape[::-1]):
                shape, size = (f"{a}×{b}" for a, b in ((area.rows, area.columns), q.shape))
                raise RnncalcError(f"{name}={text} has {shape} cells, but {name} needs {size}.")
            areas[q.name] = area
        found = self.stranger.cells(areas.values())
        tables = {name: self._as_it_lies(self.trace[name], area, found) for name, area in areas.items()}
        self._learn_commas(tables, found)
        answers, given = [], []
        for name, cells in tables.items():
            q = self.trace[name]
            if q.rule is None:
                given.append(Answers(name, self._given(q, cells, found)))
            else:
                answers.append(Answers(name, self._answers(cells, found)))
        return Submission(
            self.trace, answers, given, {}, self.remarks, self.settings, self.stranger.author(), self.decimals
        )

    def _asked(self) -> set[str]:
        """What is to be marked: what the worksheet asked for; of an exported workbook all that is computed."""
        strange = [name for name in self.settings.asked if name not in self.trace or self.trace[name].rule is None]
        if strange:
            raise FileError(f"{self.name} asks for {strange[0]}, which the problem chosen here does not have.")
        asked = set(self.settings.asked)
        if not asked:
            asked = {q.name for q in self.trace.values() if q.rule is not None and q.name.casefold() in self.names}
        if not asked:
            raise FileError(f"{self.name} has no number to mark: none of its names is the name of a quantity.")
        return asked

    def _lost(self, q: Quantity) -> str:
        how = "has lost its cells" if q.name.casefold() in self.stranger.lost else "is missing"
        return f"{self.name}: the name {q.name} {how}, so nothing shows where these numbers are."

    def _places(self, text: str) -> str:
        known = ", ".join(self.stranger.sheets[:8])
        return f". Use a place such as {self.stranger.sheets[0]}!B4:B6; the sheets are {known}."

    def _letters(self) -> list[Area]:
        return [self.names[key] for key in ("letters", "wanted") if key in self.names]

    def _only_shown(self, room: int) -> list[Area]:
        """Cells that only show numbers of others, where they were handed out and there is room to read them."""
        areas: list[Area] = []
        if earlier_unrolled.TITLE in self.stranger.sheets:
            area = earlier_unrolled.area_of(self.trace)
            areas = [area] if area is not None else []
        elif BOARD in self.stranger.sheets and self.settings.asked:
            areas = self._links_of_board()
        return areas if sum(area.rows * area.columns for area in areas) <= min(room, _MOST_SHOWN) else []

    def _links_of_board(self) -> list[Area]:
        """Where the Board only repeats numbers; nothing where its rows or columns were moved."""
        plan = Board(blanks_of(self.trace, self.settings.asked).trace)
        slots = {name: Area(BOARD, s.row, s.column, s.rows, 1) for name, s in plan.slots.items()}
        own = {self.names.get(name.casefold()) for name in plan.trace}
        second = {name: self.names.get(f"{SECOND}{name}".casefold()) for name in slots}
        if any(area not in (None, slots[name]) for name, area in second.items()):
            return []
        copies = [Area(BOARD, s.row, s.column, s.rows, 1) for s in plan.copies.values()]
        blocks = [Area(BOARD, b.row, b.column, *self.trace[b.name].shape) for b in plan.blocks.values()]
        every = [*copies, *blocks, *(area for name, area in slots.items() if second[name] is None)]
        return [area for area in every if area not in own]

    def _from_both(
        self, name: str, cells: Mapping[tuple[int, int], Cell], second: Area | None, found: Mapping[Cell, Found]
    ) -> dict[tuple[int, int], Answer]:
        """The answers on the long sheet, and those on the Board where that is empty; where both hold one and they
        differ, the one on the long sheet counts, and that is said."""
        answers = self._answers(cells, found)
        if second is None:
            return answers
        others = self._answers(self._table(self.trace[name], second, found), found)
        for place, other in others.items():
            answer = answers[place]
            if other.problem == Status.BLANK:
                continue
            if answer.problem == Status.BLANK:
                answers[place] = other
            elif (answer.number, answer.problem) != (other.number, other.problem):
                self.remarks.append(
                    f"{name} is filled in twice: {answer.text} in {answer.cell} and {other.text} in {other.cell}. "
                    f"The one in {answer.cell} counts."
                )
        return answers

    # ── which cell is whose ───────────────────────────────────────────────────────────────────────────────────────

    def _table(self, q: Quantity, area: Area, found: Mapping[Cell, Found]) -> dict[tuple[int, int], Cell]:
        """The cells of a named table; an inserted row or column within it is empty, and is passed over."""
        rows = self._lines(area.rows, q.shape[0], lambda i, j: area.cell(i, j), area.columns, found)
        columns = self._lines(area.columns, q.shape[1], lambda i, j: area.cell(j, i), area.rows, found)
        if rows is None or columns is None:
            raise FileError(
                f"{self.name}: {q.name} is {q.shape[0]}×{q.shape[1]}, but its name stands for "
                f"{area.rows}×{area.columns} cells, {_address(area)}; rows or columns were inserted or deleted "
                "there."
            )
        return {(i, j): area.cell(row, column) for i, row in enumerate(rows) for j, column in enumerate(columns)}

    def _lines(
        self, have: int, need: int, cell: Callable[[int, int], Cell], across: int, found: Mapping[Cell, Found]
    ) -> list[int] | None:
        if have == need:
            return list(range(have))
        filled = [i for i in range(have) if any(_holds(found.get(cell(i, j))) for j in range(across))]
        if have < need or len(filled) > need or (filled and len(filled) < need):
            return None
        return filled or list(range(need))

    def _as_it_lies(self, q: Quantity, area: Area, found: Mapping[Cell, Found]) -> dict[tuple[int, int], Cell]:
        """The cells of a mapped table: a vector may lie in a row or a column, a matrix may be found transposed."""
        rows, columns = q.shape
        straight = {(i, j): area.cell(i, j) for i in range(rows) for j in range(columns)}
        turned = {(i, j): area.cell(j, i) for i in range(rows) for j in range(columns)}
        if (area.rows, area.columns) == q.shape:
            return straight
        if 1 not in q.shape:
            self.remarks.append(f"{q.name} is transposed: its rows are in columns, {_address(area)}.")
        return turned

    def _learn_commas(self, tables: Mapping[str, Mapping[tuple[int, int], Cell]], found: Mapping[Cell, Found]) -> None:
        """What a comma separates on this sheet; that is said where a number could not be read without."""
        held = (found.get(cell) for cells in tables.values() for cell in cells.values())
        texts = [one.value for one in held if one is not None and isinstance(one.value, str) and not one.error]
        self.comma = comma_of(texts)
        self.remarks += comma_remarks(texts, self.comma, "sheet")

    # ── what stands there ─────────────────────────────────────────────────────────────────────────────────────────

    def _answers(
        self, cells: Mapping[tuple[int, int], Cell], found: Mapping[Cell, Found]
    ) -> dict[tuple[int, int], Answer]:
        """Numbers in cells have the decimals asked for; where none were, the most that one of the table's shows."""
        typed = [f.value for c in cells.values() if (f := found.get(c)) is not None and not f.formula]
        written = max((_decimals(v) for v in typed if isinstance(v, float)), default=0)
        decimals = self.decimals if self.decimals is not None else written
        return {
            place: cell_answer(found.get(cell), decimals, exact=self.decimals is None, comma=self.comma)._replace(
                cell=_where(cell)
            )
            for place, cell in cells.items()
        }

    def _given(
        self, q: Quantity, cells: Mapping[tuple[int, int], Cell], found: Mapping[Cell, Found]
    ) -> dict[tuple[int, int], Answer]:
        answers = {
            place: cell_answer(found.get(cell), ENOUGH, comma=self.comma)._replace(cell=_where(cell))
            for place, cell in cells.items()
        }
        if q.rule is not None or not q.step:
            return answers
        # A one-hot column follows from its letter; where no program has calculated it, the letter alone tells.
        as_given = self._letter_as_given(q, found)
        return {place: a for place, a in answers.items() if a.problem != Status.NOT_CALCULATED or not as_given}

    def _letter_as_given(self, q: Quantity, found: Mapping[Cell, Found]) -> bool:
        problem = self.trace.problem
        is_target = q.family is TARGET
        area = self.names.get("wanted" if is_target else "letters")
        assert q.step is not None
        if area is None or area.columns != problem.steps:
            return False
        letter = (problem.targets if is_target else problem.inputs)[q.step - 1]
        here = found.get(area.cell(0, q.step - 1))
        return isinstance(letter, str) and text_of(here) == shown_letters(problem)[letter]


_WHY_NOT = {
    earlier_unrolled.TITLE: "because that sheet only repeats the others. Type answers on Forward.",
    BOARD: "because those cells only repeat others. Type answers into the empty framed cells.",
}


def _typed_over(areas: Iterable[Area], found: Mapping[Cell, Found]) -> list[str]:
    """What to say of numbers that were typed where only links stand."""
    every = (area.cell(i, j) for area in areas for i in range(area.rows) for j in range(area.columns))
    typed = (cell for cell in every if (one := found.get(cell)) is not None and not one.formula)
    sheets = Counter(cell.sheet for cell in typed if cell_answer(found[cell], ENOUGH).number is not None)
    said = []
    for sheet, count in sheets.items():
        were, do = ("number was", "does") if count == 1 else ("numbers were", "do")
        said.append(f"{count} {were} typed on the sheet {sheet} and {do} not count, {_WHY_NOT[sheet]}")
    return said


def digest_of(given: Mapping[str, Mapping[tuple[int, int], Answer]]) -> str:
    """A digest of given numbers, to nine digits."""
    numbers = [
        f"{name}{list(place)}={answer.number:.9g}"
        for name in sorted(given)
        for place, answer in sorted(given[name].items())
        if answer.number is not None
    ]
    return sha256("\n".join(numbers).encode()).hexdigest()[:16]


def cell_answer(found: Found | None, decimals: int, *, exact: bool = False, comma: Comma = "") -> Answer:
    """What a cell holds, as an answer; ``exact``: a formula's value has no decimals that it was rounded to."""
    if found is None or (found.value is None and not found.formula) or found.value == "":
        return Answer("", None, None, Status.BLANK, formula=found.formula if found is not None else "")
    value, formula = found.value, found.formula
    if value is None:
        return Answer(formula, None, None, Status.NOT_CALCULATED, formula=formula)
    if found.error or isinstance(value, bool):
        text = ("TRUE" if value else "FALSE") if isinstance(value, bool) else str(value)
        return Answer(text, None, None, Status.NOT_A_NUMBER, formula=formula)
    if isinstance(value, str):
        answer = read_answer(value, comma)._replace(formula=formula)
        if exact or answer.decimals is None:
            return answer
        return answer._replace(decimals=max(answer.decimals, decimals))  # a text is asked for as many as a number
    day = as_date(value) if found.date else None
    return Answer(
        str(day) if day is not None else f"{value:.10g}",
        value,
        None if exact and formula else decimals,
        formula=formula,
    )


def _holds(found: Found | None) -> bool:
    return found is not None and (found.value is not None or bool(found.formula))


def _decimals(value: float) -> int:
    """The decimals of a number as it is typed: 2 of 0.85."""
    text = f"{value:.15g}"
    mantissa, _, exponent = text.partition("e")
    return max(len(mantissa.partition(".")[2]) - int(exponent or 0), 0)


def _where(cell: Cell) -> str:
    return f"{_quoted(cell.sheet)}!{column_letters(cell.column)}{cell.row}"


def _address(area: Area) -> str:
    return f"{_quoted(area.sheet)}!{area.address(area.sheet)}"


def _quoted(sheet: str) -> str:
    return sheet if sheet.isalnum() else "'" + sheet.replace("'", "''") + "'"


def read_maps(lines: Iterable[str]) -> dict[str, str]:
    """The maps of some lines, h_2=Sheet1!B4:B6 each; blank ones and those that begin with # do not count."""
    maps: dict[str, str] = {}
    for line in lines:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, sign, place = (part.strip() for part in text.partition("="))
        if not (name and sign and place):
            raise RnncalcError(f"{text!r} is not a valid map. Use the form h_2=Sheet1!B4:B6.")
        if name in maps:
            raise RnncalcError(f"{name} is mapped twice, to {maps[name]} and to {place}.")
        maps[name] = place
    return maps
