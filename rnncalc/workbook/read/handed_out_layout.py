"""Where numbers stand in a workbook whose names a program has dropped: where they stood when it was handed out.

The worksheet is made once more, and a place counts only where the labels around it are still those of the worksheet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import product

from rnncalc.errors import RnncalcError
from rnncalc.network.problem import Problem
from rnncalc.workbook.areas import Area, Cell
from rnncalc.workbook.problem_text import Settings, is_heading
from rnncalc.workbook.read.reading import MAX_CELLS, Found, StrangersFile
from rnncalc.workbook.write.board import TITLE as BOARD
from rnncalc.workbook.write.export import estimated_cells, export
from rnncalc.workbook.write.steps import STAGES
from rnncalc.workbook.write.worksheet import DECIMALS, worksheet

_SHIFTS = tuple(product((0, 1), repeat=2))
"""Rows and columns that a program puts before a table: a title, headings, an index."""
_ABOVE, _BESIDE = 2, 2
"""How far from a table its labels stand."""
_LONGEST_LABEL = 3
"""The words of a label; what is longer is a sentence."""
_EARLIER = {"target": "wants"}
"""What labels were called in worksheets that earlier versions handed out."""
_MAY_BE_GONE = 0.1
"""The share of labels that a program may have dropped; none may be another one."""
_LINES = 3_000
"""The lines of the sheet Problem that are looked at."""


def places_as_handed_out(file: StrangersFile, problem: Problem, settings: Settings) -> dict[str, Area]:
    """The areas of quantities by ``name.casefold()``, of those sheets whose labels stand where they stood."""
    if estimated_cells(problem, "update") > MAX_CELLS:
        return {}
    titles = {title.casefold(): title for title in file.sheets}
    try:
        reference = StrangersFile(_made_again(problem, settings, titles), "the worksheet as it was handed out")
    except RnncalcError:  # a workbook of this problem cannot be made, so that none was handed out
        return {}
    by_sheet: dict[str, dict[str, Area]] = {}
    for key, area in reference.names.items():
        if area.sheet.casefold() in titles:
            by_sheet.setdefault(area.sheet, {})[key] = area
    labels = _labels(reference, by_sheet)
    found = file.cells(
        around._replace(sheet=titles[title.casefold()], rows=around.rows + 1, columns=around.columns + 1)
        for title, areas in by_sheet.items()
        for around in map(_around, areas.values())
    )
    places: dict[str, Area] = {}
    for title, areas in by_sheet.items():
        here = titles[title.casefold()]
        for down, right in _SHIFTS:
            if _stand(labels.get(title, {}), found, here, down, right):
                places |= {key: _moved(area, here, down, right) for key, area in areas.items()}
                break
    return places


def problem_lines(file: StrangersFile) -> tuple[list[str], list[str]] | None:
    """The lines of the two texts on the sheet Problem, found by the headings above them."""
    title = next((title for title in file.sheets if title.casefold() == "problem"), None)
    if title is None:
        return None
    found = file.cells([Area(title, 1, 1, _LINES, 2)])
    for column in (1, 2):
        lines = [text_of(found.get(Cell(title, row, column))) for row in range(1, _LINES + 1)]
        headings = [i for i, line in enumerate(lines) if is_heading(line)]
        if len(headings) == 2:
            first, second = headings
            return lines[first + 1 : second], lines[second + 1 :]
    return None


def text_of(found: Found | None) -> str:
    """What a cell shows, as text: a letter that is a digit may be stored as a number."""
    if found is None or found.value is None:
        return ""
    if isinstance(found.value, bool):
        return "TRUE" if found.value else "FALSE"
    return found.value if isinstance(found.value, str) else f"{found.value:.15g}"


def _made_again(problem: Problem, settings: Settings, titles: Collection[str]) -> bytes:
    layout = settings.layout or ("both" if BOARD.casefold() in titles else "steps")
    if not settings.asked:
        stages = [stage for title, (stage, _) in STAGES.items() if title.casefold() in titles]
        return export(problem, through=stages[-1] if stages else None, layout=layout, **settings.limits)
    decimals = DECIMALS if settings.decimals is None else settings.decimals
    return worksheet(problem, ask_for=settings.asked, decimals=decimals, layout=layout, **settings.limits)[0]


def _labels(reference: StrangersFile, by_sheet: Mapping[str, Mapping[str, Area]]) -> dict[str, dict[Cell, str]]:
    """The names and letters beside and above the tables of each sheet; sentences are not compared, as another version
    may word them in another way."""
    cells = reference.cells(_around(area) for areas in by_sheet.values() for area in areas.values())
    labels: dict[str, dict[Cell, str]] = {}
    for cell, found in cells.items():
        text = found.value if isinstance(found.value, str) and not found.formula else ""
        sentence = len(text.split()) > _LONGEST_LABEL or text.endswith(".")
        if any(map(str.isalpha, text)) and not sentence:
            labels.setdefault(cell.sheet, {})[cell] = text.strip()
    return labels


def _around(area: Area) -> Area:
    above, beside = min(_ABOVE, area.row - 1), min(_BESIDE, area.column - 1)
    return Area(area.sheet, area.row - above, area.column - beside, area.rows + above, area.columns + beside)


def _moved(area: Area, sheet: str, down: int, right: int) -> Area:
    return area._replace(sheet=sheet, row=area.row + down, column=area.column + right)


def _stand(labels: Mapping[Cell, str], found: Mapping[Cell, Found], sheet: str, down: int, right: int) -> bool:
    """Whether the labels stand in a sheet of the file, so far down and to the right."""
    gone = 0
    for cell, label in labels.items():
        now = text_of(found.get(Cell(sheet, cell.row + down, cell.column + right))).strip()
        if now not in (label, _EARLIER.get(label), ""):
            return False
        gone += now == ""
    return bool(labels) and gone <= _MAY_BE_GONE * len(labels)
