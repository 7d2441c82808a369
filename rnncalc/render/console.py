"""A trace as a page of the terminal: pictures of the arithmetic, step by step, then a summary."""

from __future__ import annotations

from collections.abc import Sequence

from rnncalc import words
from rnncalc.render.layout import Line, align, cell_width, lay_out, to_ascii
from rnncalc.render.pictures import box, letter_picture, picture
from rnncalc.render.roles import COLOURS, role
from rnncalc.render.summary import Summary, grid, summarize, total
from rnncalc.trace import Quantity, Trace

NARROWEST = 40


class Page:
    """Lines with roles, written out plain or in colour."""

    def __init__(self, width: int = 80, *, colour: str | None = None, ascii_only: bool = False) -> None:
        self.width = max(width, NARROWEST)
        self.colour = colour
        self.ascii_only = ascii_only
        self._parts: list[str] = []

    def say(self, text: str) -> str:
        return to_ascii(text) if self.ascii_only else text

    def line(self, *segments: tuple[str, str]) -> None:
        """One line that is not folded."""
        self._parts.append("".join(self._ink(text, kind) for text, kind in segments).rstrip() + "\n")

    def lines(self, lines: Sequence[Line]) -> None:
        for one in lines:
            self.line(*one)

    def text(self, text: str, kind: str = "", indent: str = "") -> None:
        """A paragraph, folded at blanks; a continued line is indented."""
        import textwrap

        folded = textwrap.wrap(
            self.say(text), self.width, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False
        )
        for one in folded or [""]:
            self.line((one, kind))

    def heading(self, text: str) -> None:
        text = self.say(f"── {text} ")
        self.line()
        self.line((text + self.say("─") * max(self.width - cell_width(text), 0), "heading"))
        self.line()

    def _ink(self, text: str, kind: str) -> str:
        style = COLOURS.get(kind, "default")
        if self.colour is None or style == "default" or not text.strip():
            return text
        from rich.color import ColorSystem
        from rich.style import Style

        systems = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT, "truecolor": ColorSystem.TRUECOLOR}
        return Style.parse(style).render(text, color_system=systems[self.colour])

    def __str__(self) -> str:
        return "".join(self._parts)


def forward_page(
    trace: Trace,
    quantities: Sequence[Quantity],
    page: Page,
    *,
    decimals: int = 6,
    whole: bool = True,
    summary_only: bool = False,
) -> str:
    """The page of a forward pass: what is given, each step as pictures, the loss, the summary.

    ``quantities`` are those to draw, in trace order; ``whole`` where they are all, so that headings and the summary
    belong on the page.
    """
    if whole or summary_only:
        title(trace, page, decimals)
    if whole and not summary_only:
        given(trace, quantities, page, decimals)
    if not summary_only:
        drawn = [q for q in quantities if not (whole and q.stage == "given")]
        steps(trace, drawn, page, decimals)
    if whole or summary_only:
        page.heading("Summary")
        summary_table(summarize(trace), page, decimals)
    return str(page)


def title(trace: Trace, page: Page, decimals: int) -> None:
    """What the page is about: the text, the network, where its numbers came from."""
    problem = trace.problem
    wants = [letter_picture(t) if t else "–" for t in problem.targets]
    size = f"{problem.hidden} hidden unit{'s' if problem.hidden != 1 else ''}"
    page.text(
        f"{''.join(map(letter_picture, problem.text))}: {size}, {problem.activation}; {problem.source}", "heading"
    )
    page.text("vocabulary  " + " ".join(map(letter_picture, problem.vocabulary)))
    page.text("reads       " + " ".join(map(letter_picture, problem.inputs)))
    if problem.has_loss:
        page.text("wants       " + " ".join(wants))
    how = "averaged over" if problem.loss_reduction == "mean" else "summed over"
    loss = f", the loss {how} the steps" if problem.has_loss else ""
    page.text(
        f"Vectors are columns, logarithms natural{loss}. Numbers show {decimals} decimals and are computed with all.",
        "words",
    )


def given(trace: Trace, quantities: Sequence[Quantity], page: Page, decimals: int) -> None:
    """What is given: weights with the meaning of their shapes, and the letters one-hot encoded."""
    shown = [q for q in quantities if q.stage == "given"]
    if not shown:
        return
    page.heading("Given")
    for q in shown:
        if is_column(q):
            continue
        rows, columns = q.shape
        page.line((page.say(q.name), "name"), (page.say(f"   {rows}×{columns}"), ""))
        page.text(words.shape_means(q.name, trace.problem), "words", "  ")
        alone = box(q, trace, decimals)._replace(captioned=False)
        page.lines(lay_out([alone], page.width, {}, ascii_only=page.ascii_only))
        page.line()
    for family in ("x", "target"):
        letters(trace, [q for q in shown if is_column(q) and q.name.startswith(f"{family}_")], page, decimals)


def is_column(quantity: Quantity) -> bool:
    """Whether a given quantity is a letter's one-hot column, which is drawn beside its neighbours."""
    return quantity.rule is None and bool(quantity.step)


def steps(trace: Trace, quantities: Sequence[Quantity], page: Page, decimals: int) -> None:
    """Each quantity as a picture, under a heading for each time step; what is given of a step first, in one row."""
    problem = trace.problem
    groups: dict[int | None, list[Quantity]] = {}
    computed = [q for q in quantities if q.rule is not None]
    given_ones = [q for q in quantities if q.rule is None]
    places = dict.fromkeys(q.step for q in computed)
    for place in [*dict.fromkeys(q.step or 0 for q in given_ones if (q.step or 0) not in places), *places]:
        groups[place] = [q for q in given_ones if (q.step or 0) == place]
    for q in computed:
        groups[q.step].append(q)
    for place, members in groups.items():
        if place:
            wanted = problem.targets[place - 1]
            wants = f", wants {letter_picture(wanted)}" if wanted else ""
            page.heading(f"Step {place} of {problem.steps}: reads {letter_picture(problem.inputs[place - 1])}{wants}")
        else:
            page.heading("Given" if place == 0 else "All steps together")
        letters(trace, [q for q in members if is_column(q)], page, decimals)
        for q in members:
            if not is_column(q):
                quantity_block(q, trace, page, decimals)


def letters(trace: Trace, columns: Sequence[Quantity], page: Page, decimals: int) -> None:
    """One-hot columns side by side."""
    if columns:
        what = " and ".join(dict.fromkeys({"x": "read", "target": "wanted"}[q.name.partition("_")[0]] for q in columns))
        first, last = columns[0].name, columns[-1].name
        name = first if first == last else f"{first} … {last}"
        page.line((page.say(name), "name"), (f"   the letters {what}, one-hot encoded", "words"))
        boxes = [box(q, trace, decimals) for q in columns]
        page.lines(lay_out([*boxes], page.width, {}, ascii_only=page.ascii_only))
        page.line()


def quantity_block(q: Quantity, trace: Trace, page: Page, decimals: int) -> None:
    """One quantity: its name, its equation, a line of words, the picture of its arithmetic."""
    equation = "" if q.rule is None else page.say(f"   {q.equation}")
    page.line((q.name, "name"), (equation, role(q)))
    page.text(q.says or words.shape_means(q.name, trace.problem), "words", "  ")
    drawn = picture(q, trace, decimals)
    page.lines(lay_out(drawn, page.width, {q.name: role(q)}, ascii_only=page.ascii_only))
    page.line()


def summary_table(summary: Summary, page: Page, decimals: int) -> None:
    """For each step the letter read, predicted and wanted, with their probabilities, and the loss."""
    table = grid(summary, decimals)
    rows = [[page.say(cell) for cell in row] for row in (table.headings, *table.rows)]
    widths = [max(map(cell_width, column)) for column in zip(*rows, strict=True)]
    for i, row in enumerate(rows):
        cells = [align(c, w, a) for c, w, a in zip(row, widths, table.alignments, strict=True)]
        page.line(("  " + "   ".join(cells), "" if i else "heading"))
    below = total(summary, decimals)
    if below:
        page.line()
        page.text(below, "loss", "  ")
