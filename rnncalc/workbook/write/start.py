"""The Start sheet: what this workbook is, its conventions, its colours, and the way to every sheet and step."""

from __future__ import annotations

from itertools import zip_longest

from rnncalc.network import words
from rnncalc.network.cells import cell
from rnncalc.network.pictures import text_picture
from rnncalc.network.problem import Problem
from rnncalc.render.roles import GATES, tint
from rnncalc.render.shown import activation, size
from rnncalc.workbook.areas import Cell, span
from rnncalc.workbook.write.book import Book
from rnncalc.workbook.write.check import Verdict
from rnncalc.workbook.write.decimals import BOARD_DECIMALS, DECIMALS, choice_of_decimals
from rnncalc.workbook.write.inputs import LetterCells
from rnncalc.workbook.write.links import prediction, read_link, single
from rnncalc.workbook.write.sheet import Sheet

_WIDTH = 8
SHEETS = {
    "Start": "this page",
    "Board": "the whole network on one screen: change a weight and watch",
    "Inputs": "the input, the weights, the learning rate: change them here",
    "Forward": "what the network computes, step by step",
    "Loss": "how wrong its predictions are",
    "Backward": "backpropagation through time, from the last step to the first",
    "Update": "the new weights",
    "Training": "the network trained with formulas, one update per row",
    "Charts": "charts of the numbers of every step",
    "Equations": "each equation once, and what the shapes of the weights mean",
    "Check": "every number compared with NumPy's",
    "Practice": "where the colours come from: every right answer, and how far yours may be from it",
    "Problem": "the problem as text, for rnncalc verify",
}
"""Every sheet in its order, and what it holds."""
_LEGEND = {
    "given": "a given number: change it",
    "input": "a {}: change it",
    "read": "what is read, and its weights",
    "memory": "the states that are handed on, and their weights",
    **dict.fromkeys(GATES, "the gate {}"),
    "bias": "a bias",
    "hidden": "other numbers of the hidden units",
    "output": "scores and probabilities, and their weights",
    "loss": "the loss",
    "gradient": "a gradient",
    "new": "a new weight",
    "link": "a link to a number in another place",
    "constant": "a result from NumPy",
    "answer": "a number for you to fill in",
}


def write_start(book: Book, letters: LetterCells, verdict: Verdict) -> None:
    """Fill the sheet."""
    sheet, problem = book.sheets["Start"], book.problem
    sheet.text(1, 1, f"{text_picture(problem.text)}: a recurrent network, computed with formulas", "title")
    sheet.height(1, 28)
    sheet.text(2, 1, _network(problem), "words")
    sheet.text(
        3, 1, "Every number that is not given is a live formula. Change an input to recalculate everything.", "words"
    )
    row = _glance(book, sheet, letters, verdict, 5)
    row = ways(book, sheet, row + 1)
    numbers = f"show {book.decimals} decimals and are computed with all digits of the spreadsheet"
    summed = "p_1" if "p_1" in book.areas else "h_1"
    names = f"every quantity has a defined name: type =h_1 or =SUM({summed}) in any cell"
    row = lines(sheet, "Conventions", [*conventions(book), ("numbers", numbers), ("names", names)], row + 1)
    explanations(book, sheet, row + 1)
    sheet.widths([(1, 1, 16), (2, _WIDTH, max(12, book.width))])
    sheet.for_print(landscape=False, tall=1)


def _glance(book: Book, sheet: Sheet, letters: LetterCells, verdict: Verdict, row: int) -> int:
    problem, last = book.problem, book.problem.steps
    sheet.banner(row, "At a glance")
    row += 1
    if "loss" in book.areas:
        sheet.text(row, 1, "total loss", "name")
        sheet.formula(row, 2, *single(book, "loss", sheet.title), "loss")
        row += 1
    if problem.output_at != "none":
        row = _result(book, sheet, letters, last, row)
    for title, name, number in (
        ("decimals", DECIMALS, book.decimals if "Forward" in book.sheets else None),
        ("on the Board", BOARD_DECIMALS, book.board_decimals),
    ):
        if number is not None:
            sheet.text(row, 1, title, "name")
            where = sheet.number(row, 2, number, "given", "0")
            book.name(name, span(where, where))
            choice_of_decimals(sheet, where, number)
            row += 1
    sheet.text(row, 1, "check", "name")
    sheet.formula(row, 2, verdict.cell.address(sheet.title), verdict.says, "text")
    return row + 1


def _network(problem: Problem) -> str:
    """What network this is and what it does, in a sentence."""
    kinds = list(dict.fromkeys(cell(layer.cell).title for layer in problem.layers))
    one = problem.token
    reads = f"reads a text {one} by {one}" if problem.vocabulary else "reads numbers step by step"
    does = "predicts the next one" if problem.predicts_tokens else "outputs its prediction"
    if problem.output_at == "none":
        does = "remembers"
    elif not problem.classes and not problem.predicts_tokens:
        does = "outputs numbers"
    when = " at the end" if problem.output_at == "last" else ""
    then = f", and then {problem.generated} of its own predictions" if problem.generated else ""
    return f"A {' and a '.join(kinds)} with {size(problem)} ({activation(problem)}) {reads}{then} and {does}{when}."


def _result(book: Book, sheet: Sheet, letters: LetterCells, last: int, row: int) -> int:
    """What comes out after the last step; gives the row below."""
    problem, here = book.problem, sheet.title
    if not problem.output_names or problem.output_function != "softmax":
        name = f"{'y' if problem.output_function == 'linear' else 'p'}_{last}"
        sheet.text(row, 1, "output", "name")
        shown = min(problem.structure.outputs, _WIDTH - 1)
        for i in range(shown):
            link = book.filling.link(book.trace[name], i, 0, book.areas[name].cell(i, 0), here)
            sheet.formula(row, 2 + i, *link, "output")
        if problem.output_names:
            row += 1
            for i, label in enumerate(problem.output_names[:shown]):
                sheet.text(row, 2 + i, book.letters[label], "caption")
        return row + 1
    sheet.text(row, 1, "prediction", "name")
    sheet.formula(row, 2, *prediction(book, last, letters, here), "one-hot", "General")
    formula, shown_text = '" after the last step"', " after the last step"
    if letters.read is not None:
        read, letter = read_link(book, letters, last, here)
        formula = f'" after the last {problem.token}, "&{read}'
        shown_text = f" after the last {problem.token}, {letter}"
    target = problem.targets[-1]
    if isinstance(target, str) and letters.wanted is not None:
        formula += f'&"; target: "&{letters.wanted.cell(0, last - 1).address(here)}'
        shown_text += f"; target: {book.letters[target]}"
    sheet.formula(row, 3, formula, shown_text, "text")
    return row + 1


def ways(book: Book, sheet: Sheet, row: int) -> int:
    """Links to every sheet and step; gives the row below."""
    sheet.banner(row, "Where to find what")
    for title, says in SHEETS.items():
        if title in book.sheets and title != sheet.title:
            row += 1
            sheet.jump(row, 1, title, Cell(title, 1, 1))
            sheet.text(row, 2, f" {_said(says, book, 'given')}")
    own = [title for title in book.sheets if title in book.trace]
    if own:
        row += 1
        sheet.text(row, 1, "large tables", "label")
        for i, title in enumerate(own):
            sheet.jump(row, 2 + i, title, Cell(title, 1, 1))
    for title in ("Forward", "Backward"):
        if title in book.sheets:
            row += 1
            sheet.text(row, 1, f"{title}, step", "label")
            places = [(step, cell) for (where, step), cell in book.steps.items() if where == title and step > 0]
            for i, (step, cell) in enumerate(sorted(places)):
                if i and i % (_WIDTH - 1) == 0:
                    row += 1
                sheet.jump(row, 2 + i % (_WIDTH - 1), str(step), cell)
    return row + 1


def lines(sheet: Sheet, title: str, pairs: list[tuple[str, str]], row: int) -> int:
    """A heading, and under it a word and what is said of it on each line; gives the row below."""
    sheet.banner(row, title)
    for name, says in pairs:
        row += 1
        sheet.text(row, 1, name, "name")
        sheet.text(row, 2, f" {says}", "equation" if title.startswith("The equations") else "text")
    return row + 1


def conventions(book: Book) -> list[tuple[str, str]]:
    """What the arithmetic takes for granted: columns, logarithms, the loss, the order of letters, the initial state."""
    problem = book.problem
    how = "averaged" if problem.loss_reduction == "mean" else "added up"
    wanted = _LOSSES[problem.loss].format(problem.token if problem.predicts_tokens else "class")
    start = " ".join(f"{v:.15g}" for v in problem.states["h_0"].ravel()[:_WIDTH])
    start += " …" if problem.hidden > _WIDTH else ""
    told = [
        ("vectors", "are columns; a single number is 1×1"),
        ("logarithms", "are natural: ln, to base e"),
        *([("the loss", f"{wanted}; {how} over the steps")] if problem.has_loss else []),
        *([("vocabulary", f"in the order {_listed(book, problem.vocabulary)}")] if problem.vocabulary else []),
        *([("classes", f"in the order {_listed(book, problem.classes)}")] if problem.classes else []),
        ("steps", "count from 1"),
        ("h_0", f"the hidden state before the first {problem.token}, is {start}"),
    ]
    if problem.c_0 is not None:
        where = "the Board" if book.areas["c_0"].sheet == "Board" else "Inputs"
        told.append(("c_0", f"the cell state before the first {problem.token}, is on {where}"))
    if book.trace.truncate is not None:
        told.append(
            ("truncated", f"the gradient is cut between windows of {book.trace.truncate} steps, starting at step 1")
        )
    return told


def _listed(book: Book, names: tuple[str, ...]) -> str:
    shown = " ".join(book.letters[name] for name in names[:_MOST_NAMES])
    return shown + (f" … ({len(names):,})" if len(names) > _MOST_NAMES else "")


_MOST_NAMES = 60
_LOSSES = {
    "cross-entropy": "of each step is minus the logarithm of the probability of the target {}",
    "binary-cross-entropy": "of each step is minus the sum of the logarithms of the probabilities of its targets",
    "squared-error": "of each step is half the sum of the squared differences of output and target",
    "none": "",
}


def write_equations(book: Book) -> None:
    """Fill the sheet Equations: each equation once, and what the shapes mean."""
    sheet = book.sheets["Equations"]
    sheet.text(1, 1, "Equations", "title")
    row = _equations(book, sheet, 3)
    _shapes(book, sheet, row + 1)
    sheet.widths([(1, 1, 16), (2, _WIDTH, max(12, book.width))])
    sheet.around.freeze_panes = "A3"
    sheet.for_print(landscape=False)


def explanations(book: Book, sheet: Sheet, row: int) -> int:
    """Pictures of letters, and the colours; gives the row below."""
    return _legend(book, sheet, _pictures(book, sheet, row) + 1)


def _equations(book: Book, sheet: Sheet, row: int) -> int:
    """Each equation once: as it is at step 2, or where there is none, at another."""
    step = min(2, book.problem.steps)
    computed = [q for q in book.trace.values() if q.rule is not None]
    example = {(q.place, q.step is None): q for q in computed}
    example |= {(q.place, False): q for q in computed if q.step == step}
    chosen = [q for q in computed if q in example.values()]
    return lines(sheet, f"The equations, with step {step} as the example", [(q.name, q.equation) for q in chosen], row)


def _shapes(book: Book, sheet: Sheet, row: int) -> int:
    told = []
    for name in book.problem.arrays():
        rows, columns = book.trace[name].shape
        told.append((f"{name}  {rows}×{columns}", words.shape_means(book.trace[name], book.problem)))
    return lines(sheet, "What the shapes mean", told, row)


def _pictures(book: Book, sheet: Sheet, row: int) -> int:
    """Letters that are shown by a picture, if there are any."""
    drawn = [(shown, letter) for letter, shown in book.letters.items() if shown != letter]
    if not drawn:
        return row - 1
    told = [(shown, f"stands for {_letter_name(letter)}") for shown, letter in drawn]
    return lines(sheet, "Letters shown as a symbol", told, row)


def _letter_name(letter: str) -> str:
    names = {" ": "a blank", "\n": "a line break", "\t": "a tab", "\r": "a carriage return"}
    return f"{names.get(letter, 'a letter that a cell cannot hold')} ({' '.join(f'U+{ord(c):04X}' for c in letter)})"


def _said(says: str, book: Book, role: str) -> str:
    """Without the invitation to change what this workbook's reader should leave."""
    return says if role in book.filling.open else says.partition(": change")[0]


def _legend(book: Book, sheet: Sheet, row: int) -> int:
    tints = {tint(q) for q in book.trace.values()}
    used = {"Check"} & book.sheets.keys() | {"answer"} & book.filling.open | ({"link"} if book.filling.asks else set())
    needs = {"constant": "Check", "given": "", "input": ""}
    gates = dict(zip(GATES, _gate_names(book), strict=False))
    sheet.banner(row, "Colours")
    for role, says in _LEGEND.items():
        if needs.get(role, role) not in {*tints, *used, ""} or (role == "input" and not book.blue):
            continue
        row += 1
        sheet.text(row, 1, role, role, sample=True)
        sheet.text(row, 2, f" {_said(says, book, role).format(gates.get(role, book.blue))}")
    return row + 1


def _gate_names(book: Book) -> list[str]:
    """The letters of the gates, in the order of their colours; of several kinds of cells those of each."""
    kinds = dict.fromkeys(layer.cell for layer in book.problem.layers)
    letters = [list(dict.fromkeys(f.gate for f in cell(kind).families if f.gate)) for kind in kinds]
    return [" or ".join(dict.fromkeys(filter(None, group))) for group in zip_longest(*letters, fillvalue="")]
