"""What a page says, before any format: headings, paragraphs, pictures and tables in order.

The terminal, Markdown and LaTeX are three ways of writing one document, so that none can say what another does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

from rnncalc.network import words
from rnncalc.network.pictures import Box, Picture, Sign, box, picture, text_picture
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.trace import Trace
from rnncalc.network.values import count
from rnncalc.render.shown import activation, output, read_at, shown, size, tokens, wanted_at

Place = tuple[int | None, Stage]


class Heading(NamedTuple):
    """The beginning of a section."""

    text: str


class Paragraph(NamedTuple):
    """A line or more of words; ``kind`` is a role of rnncalc.render.roles."""

    text: str
    kind: str = ""


class Letters(NamedTuple):
    """One-hot columns, side by side."""

    name: str
    says: str
    boxes: list[Box]


class Block(NamedTuple):
    """One quantity: its name, its equation, a line of words, and the picture of its arithmetic."""

    quantity: Quantity
    says: str
    picture: Picture


class Math(NamedTuple):
    """A piece of mathematics in a line of text and in LaTeX."""

    text: str
    latex: str


class Formula(NamedTuple):
    """An equation. Without a left side it goes on from the equation above; ``note`` are words behind it."""

    left: Math | None
    right: Math
    role: str = ""
    note: str = ""


class Working(NamedTuple):
    """Equations below each other, as they are worked on paper."""

    formulas: list[Formula]


class Title(NamedTuple):
    """The name of what a page is about, what it is, and lines of words on it."""

    name: str
    what: str
    says: list[str]


class Drawn(NamedTuple):
    """A picture that needs no name."""

    picture: Picture


class Sources(NamedTuple):
    """What something was computed from: names with their equations, or None for what is given."""

    says: str
    sources: list[tuple[str, Math | None]]


class Grid(NamedTuple):
    """A table of text: headings, the alignment of each column (l, c or r), rows."""

    headings: list[str]
    alignments: str
    rows: list[list[str]]


def side_by_side(widths: Sequence[float], room: float) -> list[list[int]]:
    """A table's columns in groups that fit beside each other, each behind the first; a width has the space around."""
    groups: list[list[int]] = [[0]]
    for i in range(1, len(widths)):
        if sum(widths[j] for j in (*groups[-1], i)) > room and len(groups[-1]) > 1:
            groups.append([0])
        groups[-1].append(i)
    return groups


class Bars(NamedTuple):
    """A bar chart: a label and a height for each bar (None for none), and what is written behind each."""

    bars: list[tuple[str, float | None]]
    notes: list[str]

    @property
    def grid(self) -> Grid:
        """The same as a table, for pages that draw no bars."""
        return Grid(["t", "norm"], "rr", [[name, note] for (name, _), note in zip(self.bars, self.notes, strict=True)])


class Marks(NamedTuple):
    """Points of several series in one chart: a letter for each series, and rows of a label and a height for each."""

    letters: str
    rows: list[tuple[str, list[float | None]]]

    def lines(self, width: int) -> list[str]:
        """The chart as lines of text; where several points fall together stands a star."""
        heights = [h for _, row in self.rows for h in row if h is not None]
        low, high = min(heights, default=0.0), max(heights, default=1.0)
        label = max(len(name) for name, _ in self.rows)
        room = max(width - label - 4, 10)
        lines = []
        for name, row in self.rows:
            places = [None if h is None else round((h - low) / ((high - low) or 1.0) * (room - 1)) for h in row]
            line = [" "] * room
            for letter, place in zip(self.letters, places, strict=True):
                if place is not None:
                    line[place] = letter if places.count(place) == 1 else "*"
            lines.append(f"  {name:>{label}}  {''.join(line)}".rstrip())
        return lines


LARGE = 2000
"""A given table of more numbers is shown only where it is asked for by name; in a workbook it has its own sheet."""
Part = Heading | Paragraph | Title | Letters | Block | Drawn | Working | Sources | Grid | Bars | Marks
Summarize = Callable[[Trace, int], list[Part]]


def document(
    trace: Trace,
    quantities: Sequence[Quantity],
    *,
    decimals: int = 6,
    headed: bool = True,
    summary: Summarize | None = None,
) -> list[Part]:
    """The page of some quantities of a trace, in their order.

    ``headed`` where the page begins with what it is about; ``summary`` makes the parts that it ends with.
    """
    parts: list[Part] = title(trace, decimals) if headed else []
    computed = [q for q in quantities if q.rule is not None]
    given = [q for q in quantities if q.rule is None]
    places = {place(q) for q in computed}
    # What is given of a step stands where the step is drawn, if it is and the page is a selection.
    beside = [q for q in given if not headed and place(q) in places]
    alone = [q for q in given if q not in beside]
    if alone:
        parts += [Heading("Given"), *_given(trace, alone, decimals, whole=not headed)]
    for where, members in groupby(computed, key=place):
        parts.append(Heading(heading(trace.problem, where)))
        parts += _given(trace, [q for q in beside if place(q) == where], decimals)
        parts += [Block(q, q.says, _readable(picture(q, trace, decimals))) for q in members]
    if summary is not None:
        parts += [Heading("Summary"), *summary(trace, decimals)]
    return parts


def title(trace: Trace, decimals: int) -> list[Part]:
    """What the page is about: the text, the network, where its numbers came from, the conventions."""
    problem = trace.problem
    lines: list[Part] = [Paragraph(title_line(problem), "heading")]
    if problem.vocabulary:
        lines.append(Paragraph(f"vocabulary  {tokens(problem.vocabulary)}"))
    read = [read_at(trace, t) for t in range(1, problem.steps + 1) if problem.inputs[t - 1] is not None]
    then = f" and then {problem.generated} of its own predictions" if problem.generated else ""
    lines.append(Paragraph(f"reads       {' '.join(read)}{then}"))
    if problem.has_loss:
        wants = " ".join(wanted_at(problem, t) or "–" for t in range(1, problem.steps + 1))
        lines.append(Paragraph(f"target      {wants}"))
    if output(problem):
        lines.append(Paragraph(f"output      {output(problem)}"))
    if problem.labels:
        lines.append(Paragraph(f"layers      {_layers(problem)}"))
    how = "averaged over" if problem.loss_reduction == "mean" else "summed over"
    loss = f", the loss is {how} the steps" if problem.has_loss else ""
    numbers = f"Numbers show {decimals} decimals and are computed with all digits."
    lines.append(Paragraph(f"Vectors are columns, logarithms are natural{loss}. {numbers}", "words"))
    if trace.truncate is not None:
        cuts = [str(t) for t in range(trace.truncate, problem.steps, trace.truncate)]
        after = f"cut after step{'s' if len(cuts) > 1 else ''} {', '.join(cuts)}"
        where = after if cuts else "not cut, because no window ends before the text does"
        windows = count(trace.truncate, "step")
        lines.append(
            Paragraph(f"Truncated BPTT with windows of {windows}, starting at step 1: the gradient is {where}.", "loss")
        )
    return lines


def title_line(problem: Problem) -> str:
    """The text, the network, and where its numbers came from, in a line."""
    kind = "" if problem.cell == "rnn" else f"{problem.kind}, "
    return f"{text_picture(problem.text)}: {size(problem)}, {kind}{activation(problem)}; {problem.source}"


def place(q: Quantity) -> Place:
    """The section that a quantity belongs to: its step, or for what has none its stage."""
    direction = Stage.BACKWARD if q.stage == Stage.BACKWARD else Stage.FORWARD
    return (q.step, direction) if q.step is not None else (None, q.stage)


def _layers(problem: Problem) -> str:
    """What the file calls the layers that the weights belong to."""
    layers: dict[str, list[str]] = {}
    for name, label in problem.labels.items():
        layers.setdefault(label, []).append(name)
    return "; ".join(f"{label}: {' '.join(names)}" for label, names in layers.items())


def heading(problem: Problem, where: Place) -> str:
    """The words above a section; what a step predicts for itself is no word of them, as it may be asked for."""
    step, stage = where
    if step is None:
        return {Stage.LOSS: "All steps together: the loss", Stage.BACKWARD: "All steps together: the gradients"}.get(
            stage, "The update"
        )
    if step == 0:
        return "Before step 1: the initial state"
    wanted = wanted_at(problem, step)
    wants = f", target {wanted}" if wanted else ""
    read = problem.inputs[step - 1]
    reads = "its own prediction" if read is None else shown(read)
    back = ", backward" if stage == Stage.BACKWARD else ""
    return f"Step {step} of {problem.steps}{back}: reads {reads}{wants}"


def is_column(q: Quantity) -> bool:
    """Whether a given quantity is a letter's one-hot column, which is drawn beside its neighbours."""
    return q.rule is None and bool(q.step)


def _readable(pieces: Picture) -> Picture:
    """Without the numbers of operands that no page has room for."""
    return [_by_name(p) if isinstance(p, Box) and not p.result and p.quantity.value.size > LARGE else p for p in pieces]


def _by_name(large: Box) -> Sign:
    rows, columns = large.shape
    return Sign(f"{large.symbol} ({rows}×{columns})", rf"{large.latex}_{{{rows} \times {columns}}}")


def _given(trace: Trace, quantities: Sequence[Quantity], decimals: int, *, whole: bool = True) -> list[Part]:
    """Given numbers with the meaning of their shapes, very large tables only where the ``whole`` of them is meant; then
    the letters one-hot encoded, side by side."""
    parts: list[Part] = []
    for q in quantities:
        if not is_column(q) and q.value.size > LARGE and not whole:
            high, wide = q.shape
            means = words.shape_means(q, trace.problem) or q.says
            parts.append(Paragraph(f"{q.name}   {means}. {high}×{wide} numbers: use --only {q.name} to show them."))
        elif not is_column(q):
            alone = box(q, trace, decimals)._replace(captioned=False)
            parts.append(Block(q, words.shape_means(q, trace.problem) or q.says, [alone]))
    if len(quantities) == 2 and all(map(is_column, quantities)) and quantities[0].step == quantities[1].step:
        name, says = ", ".join(q.name for q in quantities), _both(trace.problem)
        return [Letters(name, says, [box(q, trace, decimals) for q in quantities])]
    for family, what in (("x", "input"), ("target", "target")):
        columns = [q for q in quantities if is_column(q) and q.bare == family]
        if columns:
            name = columns[0].name if len(columns) == 1 else f"{columns[0].name} … {columns[-1].name}"
            says = _columns_say(trace.problem, family, what, len(columns))
            parts.append(Letters(name, says, [box(q, trace, decimals) for q in columns]))
    return parts


def _both(problem: Problem) -> str:
    if problem.predicts_tokens:
        return f"the input and target {problem.tokens}, one-hot encoded"
    return "the input and the target"


def _columns_say(problem: Problem, family: str, what: str, count: int) -> str:
    plural = "s" if count > 1 else ""
    if family == "x":
        return f"the {what} {problem.token}{plural}, one-hot encoded" if problem.vocabulary else f"the {what} numbers"
    if problem.predicts_tokens:
        return f"the {what} {problem.token}{plural}, one-hot encoded"
    return "the target class, one-hot encoded" if problem.classes else f"the {what} numbers"
