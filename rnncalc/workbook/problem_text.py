"""The Problem sheet: the problem as the text of a template, and what the workbook asks for, to be read back."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

from rnncalc.errors import FileError, RnncalcError
from rnncalc.io import toml_text
from rnncalc.marking.blanks import Blanks
from rnncalc.network.problem import Problem
from rnncalc.network.trace import Trace
from rnncalc.network.update_step import Limits, limits_of
from rnncalc.problems.template_reader import parse
from rnncalc.problems.template_writer import to_toml
from rnncalc.workbook.areas import LAST_CELL_TEXT, Area
from rnncalc.workbook.write.book import Book

LAYOUTS = ("both", "board", "steps")
"""Which sheets show the network: the Board, the long sheets with every step, or both."""
PROBLEM, SETTINGS = "problem_text", "workbook_text"
"""The names of the two pieces of text."""
_HEADINGS = {
    PROBLEM: "The problem as a template: save these lines as problem.toml, then run rnncalc forward -t problem.toml",
    SETTINGS: "About this workbook",
}
_EARLIER_HEADINGS = {
    "What is given, as a template: saved in a file problem.toml, rnncalc -t problem.toml takes it",
    "What this workbook holds",
}
"""Of workbooks that were handed out before, which are still read."""
_FIRST = 5


class Settings(NamedTuple):
    """What a workbook says of itself: what it asks for (nothing: an exported one), with how many decimals, how
    gradients are truncated and clipped, and its layout (None: of an earlier version, which had the long sheets)."""

    asked: tuple[str, ...] = ()
    decimals: int | None = None
    truncate: int | None = None
    clip: float | None = None
    clip_norm: float | None = None
    layout: str | None = None

    @property
    def limits(self) -> Limits:
        """How gradients are truncated and clipped."""
        return Limits(truncate=self.truncate, clip=self.clip, clip_norm=self.clip_norm)


def settings_of(
    trace: Trace, asked: Blanks | None = None, decimals: int | None = None, layout: str | None = None
) -> Settings:
    """What a workbook of this trace says of itself."""
    names = tuple(name for name in trace if asked is not None and name in asked.names)
    return Settings(names, decimals, layout=layout, **limits_of(trace))


def can_be_told(problem: Problem) -> bool:
    """Whether the problem fits a template's text."""
    try:
        return all(len(line) < LAST_CELL_TEXT for line in to_toml(problem).split("\n"))
    except RnncalcError:
        return False


def write_problem(book: Book, settings: Settings) -> None:
    """Fill the sheet."""
    sheet = book.sheets["Problem"]
    sheet.text(1, 1, "The problem as text", "title")
    sheet.text(2, 1, "rnncalc verify reads this sheet: please do not change it.", "words")
    row = _FIRST
    for name, text in ((PROBLEM, None), (SETTINGS, settings)):
        lines = (to_toml(book.problem).rstrip("\n") if text is None else settings_text(text)).split("\n")
        sheet.banner(row - 1, _HEADINGS[name])
        for i, line in enumerate(lines):
            sheet.text(row + i, 1, _for_cell(line), "text")
        book.name(name, Area(sheet.title, row, 1, len(lines), 1))
        row += len(lines) + 2
    sheet.widths([(1, 1, 100)])
    sheet.for_print(landscape=False)


def is_heading(line: str) -> bool:
    """Whether a line of the sheet is the heading of one of the two texts."""
    return line.strip() in {*_HEADINGS.values(), *_EARLIER_HEADINGS}


def read_problem(file: str, problem: Sequence[str], settings: Sequence[str]) -> tuple[Problem, Settings]:
    """The problem and the settings from the lines of the two texts; ``file`` is named in errors.

    Raises FileError where a text is not what rnncalc wrote.
    """
    found = parse("\n".join(problem), f"{file}, sheet Problem", file).problem
    return found, _settings(file, "\n".join(settings))


def settings_text(settings: Settings) -> str:
    """What a workbook says of itself, as text."""
    kind = "worksheet" if settings.asked else "export"
    lines = toml_text.to_lines({"kind": kind})
    if settings.asked:
        names = textwrap.wrap(", ".join(map(toml_text.to_value, settings.asked)), 90)
        lines += ["asked = [", *(f"    {line}" for line in names), "]"]
    lines += toml_text.to_lines({name: value for name, value in settings._asdict().items() if name != "asked"})
    return "\n".join(lines)


def _settings(file: str, text: str) -> Settings:
    data = toml_text.parse(text, f"{file}, the settings on its sheet Problem,")
    asked = data.get("asked", [])
    if not (isinstance(asked, list) and all(isinstance(name, str) for name in asked) and _limits_hold(data)):
        raise FileError(f"{file}: the settings on its sheet Problem are not as rnncalc wrote them.")
    kept = {name: data.get(name) for name in ("decimals", "truncate", "clip", "clip_norm", "layout")}
    return Settings(tuple(asked), **kept)


def _limits_hold(data: dict[str, Any]) -> bool:
    """Whether each setting that is there is a number such as it may be."""
    for name, lowest, highest in (("decimals", 0, 15), ("truncate", 1, 10**6)):
        value = data.get(name, lowest)
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            return False
    if data.get("layout", LAYOUTS[0]) not in LAYOUTS:
        return False
    rates = [data[name] for name in ("clip", "clip_norm") if name in data]
    return len(rates) < 2 and all(
        isinstance(r, (int, float)) and not isinstance(r, bool) and 0 < r < 1e9 for r in rates
    )


def _for_cell(line: str) -> str:
    """A line that a cell keeps as it is: what XML forbids, or spreadsheets read as an escape, as TOML's own escape."""
    line = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", r"\\u005f", line)
    return re.sub(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]", lambda m: f"\\u{ord(m[0]):04x}", line)
