"""One number explained: its equation, the same with the numbers put in, and the result, as a student could write it."""

from __future__ import annotations

from collections.abc import Callable

from rnncalc.errors import SelectionError
from rnncalc.io.numbers import exact, number
from rnncalc.language import Expression, add, entry, zeros
from rnncalc.language.trees import Entry, Scalar
from rnncalc.language.writers import TextWriter
from rnncalc.network import names, words
from rnncalc.network.pictures import NAMED, box, letter_picture, names_of
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.trace import Trace
from rnncalc.network.typed_elements import Elements
from rnncalc.render.console import Page
from rnncalc.render.shown import read_at, wanted_at

MOST = 2000
"""A page with more numbers than this is not read."""


def explain_page(trace: Trace, elements: Elements, page: Page, *, decimals: int = 6) -> str:
    """The page for one element, or for every element of a quantity."""
    q, chosen = elements
    rows, columns = q.shape
    if len(chosen) > MOST:
        raise SelectionError(
            f"{q.name} has {rows * columns:,} numbers, but at most {MOST:,} are explained at once. Choose one, "
            f"such as {q.name}:1{',1' if columns > 1 else ''}."
        )
    one = len(chosen) == 1
    what = names.element_name(q.name, chosen[0][0] + 1, chosen[0][1] + 1, q.shape) if one else q.name
    page.line((what, "name"), (page.say(f"   {rows}×{columns}, {q.stage}"), "words"))
    if q.rule is None:
        _given(q, chosen, trace, page, decimals)
        return str(page)
    if q.says:
        page.text(q.says, "", "  ")
    page.line()
    page.text(q.equation, q.role, "  ")
    parts = _parts_of_sum(q)
    for part in parts:
        page.text(part.equation, "", "  ")
    page.line()
    for row, column in chosen:
        _element(q, row, column, trace, page, decimals)
        for part in parts:
            _element(part, row, column, trace, page, decimals)
    page.text(f"Numbers show {decimals} decimals and are computed with all digits.", "words")
    sources = [] if q.rule.operation is zeros else [s for s in q.sources if s not in parts]
    if sources:
        page.line()
        page.line(("Computed from", "heading"))
        for source in sources:
            page.text(f"{source.name}   {source.equation}" if source.rule else f"{source.name}   given", "", "  ")
    return str(page)


def _parts_of_sum(q: Quantity) -> list[Quantity]:
    """The terms of a sum over time, each of which is then laid out too."""
    assert q.rule is not None
    over_time = q.step is None and q.rule.operation is add
    return [a for a in q.rule.arguments if isinstance(a, Quantity) and a.rule] if over_time else []


def _given(q: Quantity, chosen: list[tuple[int, int]], trace: Trace, page: Page, decimals: int) -> None:
    problem = trace.problem
    means = words.shape_means(q, problem)
    if means:
        page.text(f"{means[:1].upper()}{means[1:]}.", "", "  ")
    if q.step and q.bare in ("x", "target"):
        shown = read_at(trace, q.step) if q.bare == "x" else wanted_at(problem, q.step)
        page.text(f"{q.says[:-1]}: {shown}.", "", "  ")
    elif q.says:
        page.text(q.says, "", "  ")
    page.line()
    if len(chosen) == 1:
        row, column = chosen[0]
        where = _where(q, row, column, trace)
        value = exact(float(q.value[row, column]))
        page.text(f"{_name(q, row, column)} = {value}{where}", "", "  ")
    else:
        page.picture([box(q, trace, decimals)], {})


def _where(q: Quantity, row: int, column: int, trace: Trace) -> str:
    """What an element of a weight joins: ", from letter e to unit 1"."""

    def place(axis: str, index: int) -> str:
        if axis in NAMED:
            word = trace.problem.token if axis == "letter" else "class"
            return f"{word} {letter_picture(names_of(axis, trace.problem)[index])}"
        return f"{axis} {index + 1}" if axis else ""

    to, source = place(q.axes[0], row), place(q.axes[1], column)
    if to and source:
        return f", from {source} to {to}"
    return f", of {to}" if to else ""


def _element(q: Quantity, row: int, column: int, trace: Trace, page: Page, decimals: int) -> None:
    """The three lines: symbols, numbers put in, result."""
    assert q.rule is not None
    name = _name(q, row, column)
    tree = _on_paper(q.rule, row, column)
    page.text(f"{name} = {_written(tree, lambda e: _name(e.of, e.row, e.column))}", "", "  ")
    blank = " " * len(page.say(name))
    numbers = _written(tree, lambda e: _number(e, decimals))
    result = number(float(q.value[row, column]), decimals)
    if numbers != result:
        page.text(f"{blank} = {numbers}", "", "  ")
    page.text(f"{blank} = {result}", q.role, "  ")
    page.line()


def _on_paper(rule: Expression, row: int, column: int) -> Scalar:
    by_hand = rule.operation.on_paper
    return by_hand(row, column, *rule.arguments) if by_hand else entry(rule, row, column)


def _written(tree: Scalar, leaf: Callable[[Entry], str]) -> str:
    return TextWriter(leaf).write(tree).text


def _name(term: object, row: int, column: int) -> str:
    assert isinstance(term, Quantity)
    return term.symbol + names.index(row + 1, column + 1, term.shape)


def _number(found: Entry, decimals: int) -> str:
    q = found.of
    assert isinstance(q, Quantity)
    value = float(q.value[found.row, found.column])
    if q.stage == Stage.GIVEN:
        return exact(value)
    return number(value, decimals)
