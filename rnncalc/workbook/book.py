"""What every sheet of one workbook shares: the trace, where each quantity stands, how letters are shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from rnncalc.problem import Problem
from rnncalc.render.pictures import letter_picture
from rnncalc.trace import Quantity, Trace
from rnncalc.workbook.areas import Area, Cell
from rnncalc.workbook.filling import Filling
from rnncalc.workbook.sheet import SharedStrings, Sheet
from rnncalc.workbook.styles import StyleBook


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
        self._progress = progress
        self._done = 0
        self.steps: dict[tuple[str, int], Cell] = {}
        """The heading of each step on each sheet, for the links on Start."""

    @property
    def problem(self) -> Problem:
        return self.trace.problem

    @cached_property
    def width(self) -> float:
        """The width in characters of a column of numbers: the longest whole part, the decimals, a sign and some air."""
        seen = [q for q in self.trace.values() if not self.filling.hides(q)]
        largest = max(float(abs(q.value).max()) for q in seen)
        return min(len(f"{largest:.0f}"), 15) + self.decimals + 3.5

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
    """How a cell shows each letter of the vocabulary: as itself, or by a picture where it cannot be seen or stored.

    Different letters are never shown alike.
    """
    shown: dict[str, str] = {}
    for letter in problem.vocabulary:
        picture = letter_picture(letter)
        taken = picture in shown.values() or (picture != letter and picture in problem.vocabulary)
        shown[letter] = f"U+{ord(letter):04X}" if taken else picture
    return shown
