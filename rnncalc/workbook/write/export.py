"""A problem as a live workbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from openpyxl.workbook.properties import CalcProperties

from rnncalc.errors import ProblemError, RnncalcError
from rnncalc.network.cells import cell
from rnncalc.network.families import BV, BY, WHY, WV
from rnncalc.network.pictures import text_picture
from rnncalc.network.problem import Problem
from rnncalc.network.stages import check_stage, trace_to
from rnncalc.network.trace import Trace
from rnncalc.network.update_step import Limits
from rnncalc.render.board import MOST_ROWS, Board
from rnncalc.workbook.areas import LAST_COLUMN
from rnncalc.workbook.formulas import LONGEST
from rnncalc.workbook.problem_text import LAYOUTS, can_be_told, settings_of, write_problem
from rnncalc.workbook.write.board import TITLE as BOARD
from rnncalc.workbook.write.board import offer_board, place_board, write_board
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.charts import write_charts
from rnncalc.workbook.write.check import Check
from rnncalc.workbook.write.drawing import WIDEST_OPERAND
from rnncalc.workbook.write.filling import Filling
from rnncalc.workbook.write.inputs import FIRST_STEP, LetterCells, large_weights, write_inputs, write_predicted
from rnncalc.workbook.write.package import to_bytes
from rnncalc.workbook.write.start import write_equations, write_start
from rnncalc.workbook.write.steps import STAGES, write_steps
from rnncalc.workbook.write.theme import Theme, read_theme
from rnncalc.workbook.write.training import Training, TrainingSheet, check_training

FORMULA_STYLES = ("cells", "matrix")
MAX_CELLS = 5_000_000


def export(
    problem: Problem,
    *,
    through: str | None = None,
    formulas: str = "cells",
    layout: str = "both",
    decimals: int = 6,
    protect: bool = False,
    theme: bytes | None = None,
    training: Training | None = None,
    progress: Callable[[int, int], None] | None = None,
    **limits: Unpack[Limits],
) -> bytes:
    """The .xlsx file of a problem, every number that is not given a formula.

    ``through``: the last stage that it holds, forward, loss, backward or update (the default; forward where there are
    no targets). ``formulas``: "cells", one spelled-out formula per cell, or "matrix", array formulas over names.
    ``layout``: "both"; "board", one screen with the numbers of every step and their gradients; or "steps", the long
    sheets, which go on to the gradients and the new values of the weights.
    ``training`` adds a sheet that trains by formula; ``protect`` locks all but the inputs; ``theme`` is a workbook that
    brings the look (see rnncalc.workbook.write.theme).
    Raises RnncalcError for a problem larger than a workbook can be, with the numbers, before any work.
    """
    trace = _trace(problem, through, layout, training, limits)
    if layout not in LAYOUTS:
        raise RnncalcError(f"layout is {layout!r}; it needs one of {', '.join(LAYOUTS)}.")
    if formulas not in FORMULA_STYLES:
        raise RnncalcError(f"formulas is {formulas!r}; it needs one of {', '.join(FORMULA_STYLES)}.")
    plan = board_for(trace, layout)
    if layout == "board":
        assert plan is not None
        kept = {q.name for q in trace.values() if q.rule is None or q.name in plan.slots}
        trace = Trace(trace.problem, [trace[name] for name in trace if name in kept], truncate=trace.truncate)
    look = read_theme(theme)
    book = Book(look.workbook, trace, decimals=decimals, filling=Filling(formulas), progress=progress)
    told = ["Problem"] if can_be_told(problem) else []
    trained = ["Training"] if training is not None else []
    charts = ["Charts"] if problem.output_at != "none" else []
    letters = write_network(book, plan, layout, *trained, *charts, "Equations", "Check", *told)
    if training is not None:
        book.figures += TrainingSheet(book, letters, training).write()
    if plan is not None:
        book.board_decimals = write_board(book, plan, letters)
    if charts:
        write_charts(book, letters)
    verdict = Check(book, letters).write()
    write_start(book, letters, verdict)
    write_equations(book)
    if told:
        write_problem(book, settings_of(trace, layout=layout))
    return finish(book, look, "computed with formulas", protect=protect)


def write_network(book: Book, plan: Board | None, layout: str, *more: str, paper: bool = False) -> LetterCells:
    """Add the sheets, ``more`` of them at the end, and fill those of the network; gives where the tokens stand."""
    stages = {q.stage for q in book.trace.values() if q.rule is not None and layout != "board"}
    steps = [title for title, (stage, _) in STAGES.items() if stage in stages]
    placed = layout == "board" or not book.filling.asks
    own = [q.name for q in large_weights(book.trace) if not (placed and plan and q.name in plan.blocks)]
    book.add_sheets("Start", *([BOARD] if plan else []), "Inputs", *own, *steps, *more)
    if plan is not None:
        (place_board if placed else offer_board)(book, plan)
    letters = write_inputs(book)
    for title in steps:
        write_steps(book, title, paper=paper)
    write_predicted(book, letters)
    return letters


def _trace(problem: Problem, through: str | None, layout: str, training: Training | None, limits: Limits) -> Trace:
    """The trace of a problem up to the last stage. Raises ProblemError where a stage or a sheet needs what is not
    there."""
    if training is not None:
        check_training(problem, training, MAX_CELLS)
        if through not in (None, "update"):
            raise ProblemError("through", f"through is {through}; a Training sheet needs the last stage, update.")
    if layout == "board" and (through == "update" or training is not None):
        raise ProblemError("layout", "The Board has no new weights. Use layout both or steps.")
    last = "backward" if layout == "board" else "update"
    through = through or (last if problem.has_loss else "forward")
    check_stage(problem, through)
    check_size(problem, through)
    return trace_to(problem, through, **limits)


def check_size(problem: Problem, through: str) -> None:
    """Raise RnncalcError, before any work, for a problem that a workbook cannot hold."""
    columns = FIRST_STEP + 2 * problem.steps + 1
    if columns > LAST_COLUMN:
        raise RnncalcError(
            f"{problem.steps:,} steps need {columns:,} columns, but a sheet has {LAST_COLUMN:,}. Use at most "
            f"{(LAST_COLUMN - FIRST_STEP - 1) // 2:,} steps."
        )
    _check_totals(problem, through)
    cells = estimated_cells(problem, through)
    if cells > MAX_CELLS:
        raise RnncalcError(
            f"This workbook would have about {cells:,} cells; rnncalc writes at most {MAX_CELLS:,}. Use a shorter "
            "text, a smaller network or an earlier stage (--through forward)."
        )


def _check_totals(problem: Problem, through: str) -> None:
    """A total over time adds up one cell a step in one formula, which has an end."""
    steps = problem.steps
    terms = {"forward": 0, "loss": max(len(f"loss_{steps}+"), len(f"AA{steps * 12}+"))}
    longest = steps * terms.get(through, max(len(f"dWxh_{steps}+"), len(f"AA{steps * 80}+")))
    if longest > LONGEST:
        fits = LONGEST * steps // longest
        raise RnncalcError(
            f"The total of {steps:,} steps needs a formula of about {longest:,} characters, but a cell can hold "
            f"only {LONGEST:,}. Use at most about {fits:,} steps, or --through forward."
        )


def estimated_cells(problem: Problem, through: str) -> int:
    """About how many cells the workbook of a problem has.

    A given number stands in one place; a computed one also on Check, the Board and as an operand of others; narrow
    weights are drawn wherever they are used; each step that uses a weight has a share of its gradient.
    """
    structure, outs = problem.structure, {"every": problem.steps, "last": 1, "none": 0}[problem.output_at]
    gates = {layer.mark: len(cell(layer.cell).shapes(1, 1, "matrix")) // 3 for layer in problem.layers}
    states = sum((2 * gates[layer.mark] + 1 + len(layer.states)) * layer.hidden for layer in problem.layers)
    at_each = 2 * structure.inputs + structure.embedding + states
    at_output = 2 * sum(dense.units for dense in structure.head) + 3 * structure.outputs
    names = structure.arrays()
    numbers = problem.steps * at_each + outs * at_output
    weights = shares = drawn = 0
    for name, array in problem.weights.items():
        times = outs if names[name].family in (WV, BV, WHY, BY) else problem.steps
        weights += array.size
        shares += times * array.size
        drawn += times * array.size if array.shape[1] <= WIDEST_OPERAND else 0
    cells = weights + 6 * numbers + drawn
    if through in ("backward", "update"):
        cells += 2 * weights + 10 * numbers + 2 * shares + drawn
    return cells + (4 * weights if through == "update" else 0)


def board_for(trace: Trace, layout: str) -> Board | None:
    """The plan of the Board, where there is one. Raises RnncalcError for a Board alone that cannot hold all numbers."""
    plan = Board(trace) if layout != "steps" else None
    if plan is not None and layout == "board" and plan.unplaced:
        raise RnncalcError(
            f"The Board has room for {MOST_ROWS} rows of scores or letters, so not for {', '.join(plan.unplaced[:3])}. "
            "Use the layout both or steps."
        )
    if plan is None or plan.last_column <= LAST_COLUMN:
        return plan
    if layout == "board":
        most = (LAST_COLUMN - plan.column(1)) // (plan.side + 1)
        raise RnncalcError(
            f"The Board of {trace.problem.steps:,} steps needs {plan.last_column:,} columns, but a sheet has "
            f"{LAST_COLUMN:,}. Use at most {most:,} steps, or the layout steps."
        )
    return None


def finish(book: Book, look: Theme, title: str, *, protect: bool) -> bytes:
    """The .xlsx file of a book whose sheets are filled."""
    workbook = book.workbook
    book.styles.close()
    for sheet in book.sheets.values():
        look.dress(sheet.around)
        sheet.around.protection.sheet = protect or sheet.locked
    shown_first = book.sheets.get(BOARD) if "given" in book.filling.open else None
    workbook.active = 0 if shown_first is None else workbook.index(shown_first.around)
    workbook.calculation = CalcProperties(fullCalcOnLoad=True)
    workbook.properties.creator = "rnncalc"
    workbook.properties.title = f"{text_picture(book.problem.text)}: a recurrent network, {title}"
    return to_bytes(workbook, list(book.sheets.values()), book.strings)
