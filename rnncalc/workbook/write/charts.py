"""The Charts sheet: probabilities, loss and gradients per step, drawn by the spreadsheet itself from live numbers."""

from __future__ import annotations

from typing import TypeVar

from openpyxl.chart import BarChart, LineChart, Reference

from rnncalc.network.length import length
from rnncalc.render.roles import SERIES
from rnncalc.workbook.areas import column_letters
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.inputs import LetterCells
from rnncalc.workbook.write.links import read_link
from rnncalc.workbook.write.sheet import Sheet

C = TypeVar("C", BarChart, LineChart)
_TOP = 4
MOST_LETTERS = 24
"""More letters than this make no readable chart of their probabilities; the table holds them all the same."""
_MOST_EDGES = 30
MOST_UNITS = 12
"""More hidden units than these make no readable lines."""


def write_charts(book: Book, letters: LetterCells) -> None:
    """Fill the sheet: the numbers first, then the charts beside them."""
    sheet, problem = book.sheets["Charts"], book.problem
    sheet.text(1, 1, "Charts", "title")
    sheet.text(2, 1, "Drawn from the live numbers in this table, which link to the other sheets.", "words")
    columns = _headings(book, sheet)
    for t in range(1, problem.steps + 1):
        _row(book, sheet, letters, t, columns)
    last = _TOP + problem.steps
    left = len(columns) + 3
    size = problem.structure.outputs
    row = 3
    steps = f"step: {problem.token} read" if problem.vocabulary else "step"
    if size <= MOST_LETTERS:
        title = "What the network predicts next" if problem.predicts_tokens else "What the network outputs"
        linear = problem.output_function == "linear"
        chart = _bars(
            (title, "output" if linear else "probability", steps),
            sheet,
            (2, 1 + size),
            last,
            stacked=problem.output_function == "softmax",
            highest=None if linear else 1,
        )
        sheet.around.add_chart(chart, f"{column_letters(left)}3")
        row += 18
    for name, title, axis in (
        ("loss", "Loss at each step", "loss (nats)" if "entropy" in problem.loss else "loss"),
        ("gradient", "Gradient at each step", "norm of ∂E/∂h"),
    ):
        if name in columns:
            colour = "D55E00" if name == "loss" else "CC79A7"
            chart = _bars((title, axis, steps), sheet, (columns[name], columns[name]), last, colour=colour)
            sheet.around.add_chart(chart, f"{column_letters(left)}{row}")
            row += 18
    units = [column for name, column in columns.items() if name.startswith("h ")]
    if units:
        path = _lines(("The hidden state over time", "h", steps), sheet, (units[0], units[-1]), last)
        sheet.around.add_chart(path, f"{column_letters(left)}{row}")
    sheet.widths([(1, 1, 12), (2, 1 + len(columns), book.width)])
    sheet.around.freeze_panes = "B5"
    sheet.for_print(tall=1)


def _headings(book: Book, sheet: Sheet) -> dict[str, int]:
    """The columns by what they hold."""
    problem = book.problem
    shown = problem.structure.outputs
    columns = {f"p {i}": 2 + i for i in range(shown)}
    if "loss" in book.areas:
        columns["loss"] = 2 + len(columns)
    if _gradient(book, 1) in book.trace:
        columns["gradient"] = 2 + len(columns)
    if problem.layers[-1].hidden <= MOST_UNITS:
        columns |= {f"h {i}": 2 + len(columns) + i for i in range(problem.layers[-1].hidden)}
    sheet.text(_TOP, 1, "step", "heading")
    names = [book.letters[name] for name in problem.output_names] or [f"output {i + 1}" for i in range(shown)]
    for name, column in columns.items():
        text = {"loss": "loss", "gradient": "‖∂E/∂h‖"}.get(name)
        if name.startswith("h "):
            text = f"h[{int(name[2:]) + 1}]"
        sheet.text(_TOP, column, text or names[int(name[2:])], "heading")
    return columns


def _gradient(book: Book, t: int) -> str:
    """The gradient of the memory that the output reads."""
    return f"d{book.problem.layers[-1].states[0]}_{t}"


def _row(book: Book, sheet: Sheet, letters: LetterCells, t: int, columns: dict[str, int]) -> None:
    here, row = sheet.title, _TOP + t
    if letters.read:
        read, shown = read_link(book, letters, t, here)
        sheet.formula(row, 1, f'"{t}: "&{read}', f"{t}: {shown}", "label")
    else:
        sheet.text(row, 1, str(t), "label")
    family = "y" if book.problem.output_function == "linear" else "p"
    for name, column in columns.items():
        if name == "loss":
            if f"loss_{t}" in book.areas:
                cell = book.areas[f"loss_{t}"].cell(0, 0)
                sheet.formula(row, column, cell.address(here), _value(book, f"loss_{t}", 0), "loss")
        elif name == "gradient":
            area = book.areas[_gradient(book, t)].address(here)
            norm = length(book.trace[_gradient(book, t)].value)
            sheet.formula(row, column, f"SQRT(SUMSQ({area}))", norm, "gradient")
        elif name.startswith("h "):
            state, i = f"{book.problem.layers[-1].states[0]}_{t}", int(name[2:])
            sheet.formula(row, column, book.areas[state].cell(i, 0).address(here), _value(book, state, i), "memory")
        elif f"{family}_{t}" in book.areas:
            i = int(name[2:])
            cell = book.areas[f"{family}_{t}"].cell(i, 0)
            sheet.formula(row, column, cell.address(here), _value(book, f"{family}_{t}", i), "output")


def _value(book: Book, name: str, row: int) -> float:
    return float(book.trace[name].value[row, 0])


def _colour(i: int) -> str:
    """The i-th letter's colour: eight that are told apart, then the same twice lighter."""
    share = (1.0, 0.6, 0.3)[i // len(SERIES) % 3]
    base = SERIES[i % len(SERIES)]
    parts = (255 - share * (255 - int(base[k : k + 2], 16)) for k in (1, 3, 5))
    return "".join(f"{round(part):02X}" for part in parts)


def _bars(
    titles: tuple[str, str, str],
    sheet: Sheet,
    columns: tuple[int, int],
    last: int,
    *,
    stacked: bool = False,
    highest: float | None = None,
    colour: str = "",
) -> BarChart:
    """Bars of the table's columns from one to another."""
    chart = _of_table(BarChart(), titles, sheet, columns, last)
    chart.type = "col"
    if colour or highest:  # a loss, a norm or a probability begins at 0
        chart.y_axis.scaling.min = 0
    chart.y_axis.scaling.max = highest
    if stacked:
        chart.grouping, chart.overlap = "stacked", 100
    if chart.legend is not None:
        chart.legend.position = "r"
    for i, series in enumerate(chart.series):
        series.graphicalProperties.solidFill = colour or _colour(i)
        if stacked and last - _TOP <= _MOST_EDGES:
            series.graphicalProperties.line.solidFill = "FFFFFF"
    return chart


def _lines(titles: tuple[str, str, str], sheet: Sheet, columns: tuple[int, int], last: int) -> LineChart:
    """A line for each of the table's columns from one to another."""
    chart = _of_table(LineChart(), titles, sheet, columns, last)
    for i, series in enumerate(chart.series):
        series.graphicalProperties.line.solidFill = _colour(i)
        series.marker.symbol = "circle"
        series.smooth = False
    return chart


def _of_table(chart: C, titles: tuple[str, str, str], sheet: Sheet, columns: tuple[int, int], last: int) -> C:
    """A chart of the table's columns from one to another; its titles are its own and those of its axes, y and x."""
    chart.title, chart.y_axis.title, chart.x_axis.title = titles
    first, last_column = columns
    chart.add_data(
        Reference(sheet.around, min_col=first, max_col=last_column, min_row=_TOP, max_row=last), titles_from_data=True
    )
    chart.set_categories(Reference(sheet.around, min_col=1, min_row=_TOP + 1, max_row=last))
    chart.x_axis.delete = chart.y_axis.delete = False  # openpyxl hides them otherwise
    chart.x_axis.tickLblPos = "low"  # below the bars and lines of negative numbers
    chart.width, chart.height = 22, 8.5
    chart.y_axis.number_format = "0.0##"
    if len(chart.series) == 1:
        chart.legend = None
    return chart
