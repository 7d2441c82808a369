"""The Start sheet: what this workbook is, its conventions, its colours, and the way to every sheet and step."""

from __future__ import annotations

from rnncalc import words
from rnncalc.cells import cell
from rnncalc.render.pictures import text_picture
from rnncalc.workbook.areas import Cell
from rnncalc.workbook.book import Book
from rnncalc.workbook.check import Verdict
from rnncalc.workbook.inputs import LetterCells
from rnncalc.workbook.sheet import Sheet
from rnncalc.workbook.unrolled import prediction, single

_WIDTH = 8
_MOST_WEIGHTS = 5
"""More weights than these have more equations than one page holds."""
SHEETS = {
    "Start": "this page",
    "Inputs": "the text, the weights, the learning rate: change them here",
    "Forward": "what the network computes as it reads, step by step",
    "Loss": "how wrong its predictions are",
    "Backward": "backpropagation through time, from the last step to the first",
    "Update": "the new weights",
    "Unrolled": "the whole network on one page",
    "Charts": "the numbers of every step, drawn",
    "Check": "every number against NumPy's",
    "Practice": "what the colours come from: every number that is right, and how far yours may be from it",
    "Problem": "the problem as text, for rnncalc verify",
}
"""Every sheet in its order, and what it holds."""
_LEGEND = {
    "given": "a given number: change it",
    "input": "a letter: change it",
    "one-hot": "a letter, one-hot encoded",
    "hidden": "the hidden units",
    "output": "scores and probabilities",
    "loss": "the loss",
    "gradient": "a gradient",
    "new": "a new weight",
    "link": "a link to a number that stands elsewhere",
    "constant": "a figure of NumPy's",
    "answer": "a number for you to fill in",
}


def write_start(book: Book, letters: LetterCells, verdict: Verdict) -> None:
    """Fill the sheet."""
    sheet, problem = book.sheets["Start"], book.problem
    sheet.text(1, 1, f"{text_picture(problem.text)}: a recurrent network, worked by formula", "title")
    sheet.height(1, 28)
    size = f"{problem.hidden} hidden unit{'s' if problem.hidden > 1 else ''} ({problem.activation})"
    kind = f"A {cell(problem.cell).title} with {size} reads a text letter by "
    sheet.text(2, 1, kind + "letter and predicts the next one.", "words")
    sheet.text(
        3, 1, "Every number that is not given is a live formula: change an input, and all of it follows.", "words"
    )
    row = _glance(book, sheet, letters, verdict, 5)
    row = ways(book, sheet, row + 1)
    numbers = f"show {book.decimals} decimals and are computed with all that a spreadsheet has"
    names = "every quantity is a defined name: type =h_1 or =SUM(p_1) in any cell"
    row = lines(sheet, "Conventions", [*conventions(book), ("numbers", numbers), ("names", names)], row + 1)
    explanations(book, sheet, row + 1)
    sheet.widths([(1, 1, 16), (2, _WIDTH, max(12, book.width))])
    sheet.for_print(landscape=False, tall=1 if len(book.problem.weights) <= _MOST_WEIGHTS else 0)


def _glance(book: Book, sheet: Sheet, letters: LetterCells, verdict: Verdict, row: int) -> int:
    problem, last = book.problem, book.problem.steps
    sheet.banner(row, "At a glance")
    row += 1
    if "loss" in book.areas:
        sheet.text(row, 1, "total loss", "name")
        sheet.formula(row, 2, *single(book, "loss", sheet.title), "loss")
        row += 1
    sheet.text(row, 1, "prediction", "name")
    sheet.formula(row, 2, *prediction(book, last, letters, sheet.title), "one-hot", "General")
    read = letters.read.cell(0, last - 1).address(sheet.title)
    wants = ""
    shown = f" after the last letter, {book.letters[problem.inputs[-1]]}"
    target = problem.targets[-1]
    if target is not None:
        wants = f'&"; wanted: "&{letters.wanted.cell(0, last - 1).address(sheet.title)}'
        shown += f"; wanted: {book.letters[target]}"
    sheet.formula(row, 3, f'" after the last letter, "&{read}{wants}', shown, "text")
    row += 1
    sheet.text(row, 1, "check", "name")
    sheet.formula(row, 2, verdict.cell.address(sheet.title), verdict.says, "text")
    return row + 1


def ways(book: Book, sheet: Sheet, row: int) -> int:
    """Links to every sheet and step; gives the row below."""
    sheet.banner(row, "Where to find what")
    for title, says in SHEETS.items():
        if title in book.sheets and title != sheet.title:
            row += 1
            sheet.jump(row, 1, title, Cell(title, 1, 1))
            sheet.text(row, 2, f" {_said(says, book, 'given')}")
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
    wanted = "of each step is minus the logarithm of the probability of the letter wanted"
    start = " ".join(f"{v:.15g}" for v in problem.h_0.ravel()[:_WIDTH]) + (" …" if problem.hidden > _WIDTH else "")
    told = [
        ("vectors", "are columns; a single number is 1×1"),
        ("logarithms", "are natural: ln, to base e"),
        *([("the loss", f"{wanted}; the steps' are {how}")] if problem.has_loss else []),
        ("vocabulary", "in the order " + " ".join(book.letters[c] for c in problem.vocabulary)),
        ("steps", "count from 1"),
        ("h_0", f"the memory before the first letter, is {start}"),
    ]
    if problem.c_0 is not None:
        told.append(("c_0", "the cell's state before the first letter, stands on Inputs"))
    if book.trace.truncate is not None:
        told.append(("truncated", f"the flow back is cut between windows of {book.trace.truncate} steps from step 1"))
    return told


def explanations(book: Book, sheet: Sheet, row: int) -> int:
    """The equations, what the shapes mean, pictures of letters, colours; gives the row below."""
    row = _equations(book, sheet, row)
    row = _shapes(book, sheet, row + 1)
    row = _pictures(book, sheet, row + 1)
    return _legend(book, sheet, row + 1)


def _equations(book: Book, sheet: Sheet, row: int) -> int:
    step = min(2, book.problem.steps)
    chosen = [q for q in book.trace.values() if q.rule is not None and (q.step == step or q.step is None)]
    if not chosen:
        return row - 1
    return lines(sheet, f"The equations, step {step} as the example", [(q.name, q.equation) for q in chosen], row)


def _shapes(book: Book, sheet: Sheet, row: int) -> int:
    told = []
    for name, array in book.problem.arrays().items():
        rows, columns = array.shape
        told.append((f"{name}  {rows}×{columns}", words.shape_means(name, book.problem)))
    return lines(sheet, "What the shapes mean", told, row)


def _pictures(book: Book, sheet: Sheet, row: int) -> int:
    """Letters that are shown by a picture, if there are any."""
    drawn = [(shown, letter) for letter, shown in book.letters.items() if shown != letter]
    if not drawn:
        return row - 1
    told = [(shown, f"stands for {_letter_name(letter)}") for shown, letter in drawn]
    return lines(sheet, "Letters shown by a picture", told, row)


def _letter_name(letter: str) -> str:
    names = {" ": "a blank", "\n": "a line's end", "\t": "a tab", "\r": "a carriage return"}
    return f"{names.get(letter, 'a letter that a cell cannot hold')} (U+{ord(letter):04X})"


def _said(says: str, book: Book, role: str) -> str:
    """Without the invitation to change what this workbook's reader should leave."""
    return says if role in book.filling.open else says.partition(": change")[0]


def _legend(book: Book, sheet: Sheet, row: int) -> int:
    used = {q.stage for q in book.trace.values()} | {"Check"} & book.sheets.keys() | {"answer"} & book.filling.open
    needs = {"loss": "loss", "gradient": "backward", "new": "update", "constant": "Check", "answer": "answer"}
    sheet.banner(row, "Colours")
    for role, says in _LEGEND.items():
        if needs.get(role, "given") not in used:
            continue
        row += 1
        sheet.text(row, 1, role, role, sample=True)
        sheet.text(row, 2, f" {_said(says, book, role)}")
    return row + 1
