"""What every sheet of one workbook shares: the trace, where each quantity stands, how letters are shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from rnncalc.network.families import X
from rnncalc.network.pictures import NAMED, letter_picture, names_of
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity
from rnncalc.network.trace import Trace
from rnncalc.workbook.areas import Area, Cell
from rnncalc.workbook.write.filling import Filling
from rnncalc.workbook.write.sheet import SharedStrings, Sheet
from rnncalc.workbook.write.styles import StyleBook


class Book:
    """A workbook in the making."""

    def __init__(
        self,
        workbook: Workbook,
        trace: Trace,
        *,
        decimals: int,
        filling: Filling,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.workbook = workbook
        self.trace = trace
        self.decimals = decimals
        self.filling = filling
        self.styles = StyleBook(workbook, decimals, filling.open)
        self.strings = SharedStrings()
        self.sheets: dict[str, Sheet] = {}
        self.areas: dict[str, Area] = {}
        self.letters = shown_letters(trace.problem)
        self.figures: list[tuple[Quantity, float]] = []
        """What else is checked against NumPy, and how far rounding moves it."""
        self._progress = progress
        self._done = 0
        self.board_decimals: int | None = None
        """How many decimals the Board shows as it is opened; None where there is no Board."""
        self.steps: dict[tuple[str, int], Cell] = {}
        """The heading of each step on each sheet, for the links on Start."""

    @property
    def problem(self) -> Problem:
        return self.trace.problem

    @cached_property
    def digits(self) -> int:
        """The digits of the longest whole part."""
        seen = [q for q in self.trace.values() if not self.filling.hides(q)]
        largest = max(float(abs(q.value).max()) for q in seen)
        return min(len(f"{largest:.0f}"), 15)

    @property
    def width(self) -> float:
        """The width in characters of a column of numbers: the longest whole part, the decimals, a sign and some air."""
        return self.digits + self.decimals + 3.5

    def labels(self, axis: str, count: int) -> list[str]:
        """What stands beside the rows along an axis: names, or numbers from 1 on."""
        if axis in NAMED:
            return [self.letters[name] for name in names_of(axis, self.problem)]
        return [str(i + 1) for i in range(count)]

    def is_typed(self, q: Quantity) -> bool:
        """Whether a quantity stands as plain numbers, to be changed: a weight, or the numbers that a step reads."""
        if q.rule is not None:
            return False
        if not q.step:
            return True
        read = self.problem.inputs if q.family is X else self.problem.targets
        return not isinstance(read[q.step - 1], str)

    @property
    def blue(self) -> str:
        """What is chosen from a list and stands in blue: a letter, a word, a class; nothing where all is numbers."""
        if self.problem.vocabulary:
            return self.problem.token
        return "class" if any(isinstance(target, str) for target in self.problem.targets) else ""

    def tell(self) -> None:
        """One quantity more is drawn or checked."""
        self._done += 1
        if self._progress is not None and self._done % 64 == 0:
            self._progress(self._done, 2 * len(self.trace))

    def add_sheets(self, *titles: str) -> None:
        """New sheets at the end."""
        for title in titles:
            self.sheets[title] = Sheet(self.workbook, title, self.styles, self.strings)

    def place(self, quantity: Quantity, area: Area) -> Area:
        """Say where a quantity stands: its one place, and its defined name."""
        self.areas[quantity.name] = area
        self.name(quantity.name, area)
        return area

    def name(self, name: str, area: Area) -> None:
        """Define a name for an area."""
        self.workbook.defined_names[name] = DefinedName(name, attr_text=area.address())


def shown_letters(problem: Problem) -> dict[str, str]:
    """How a cell shows each token of the vocabulary and each class: as itself, or by a picture where it cannot be seen
    or stored.

    Different ones are never shown alike.
    """
    shown: dict[str, str] = {}
    taken: set[str] = set()
    known = set(problem.vocabulary) | set(problem.classes)
    for letter in (*problem.vocabulary, *problem.classes):
        if letter in shown:
            continue
        picture = letter_picture(letter)
        if picture in taken or (picture != letter and picture in known):
            picture = " ".join(f"U+{ord(c):04X}" for c in letter)
        taken.add(picture)
        shown[letter] = picture
    return shown
