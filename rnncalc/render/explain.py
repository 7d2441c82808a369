"""One number explained: its equation, the same with the numbers put in, and the result, as a student could write it."""

from __future__ import annotations

from typing import Any, NamedTuple

from rnncalc.errors import SelectionError
from rnncalc.io.numbers import exact, number
from rnncalc.language import Expression, add, entry, zeros
from rnncalc.language.functions import ATOM, LOOSE, PRODUCT
from rnncalc.language.trees import Entry, Scalar
from rnncalc.language.writers import LatexWriter, TextWriter, Written
from rnncalc.network import names, words
from rnncalc.network.pictures import NAMED, box, letter_picture, names_of
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.trace import Trace
from rnncalc.network.typed_elements import Elements
from rnncalc.render.document import Drawn, Formula, Math, Paragraph, Part, Sources, Title, Working
from rnncalc.render.latex.escape import number as latex_number
from rnncalc.render.roles import tint
from rnncalc.render.shown import read_at, wanted_at

MOST = 2000
"""A page with more numbers than this is not read."""


class Worked(NamedTuple):
    """One element as on paper: its name, the rule with the names of elements, the rule with their numbers (None where
    that is the result already), and the result."""

    name: Math
    symbols: Math
    numbers: Math | None
    result: Math


def explain_parts(trace: Trace, elements: Elements, *, decimals: int = 6) -> list[Part]:
    """The page for one element, or for every element of a quantity."""
    q, chosen = elements
    rows, columns = q.shape
    _check_count(elements)
    one = len(chosen) == 1
    what = names.element_name(q.name, chosen[0][0] + 1, chosen[0][1] + 1, q.shape) if one else q.name
    kind = f"{rows}×{columns}, {q.stage}"
    if q.rule is None:
        return [Title(what, kind, _given_says(q, trace)), _given(q, chosen, trace, decimals)]
    terms = parts_of_sum(q)
    equations = [Formula(_symbol(q), Math(q.right_side, q.latex_right_side), tint(q))]
    equations += [Formula(_symbol(t), Math(t.right_side, t.latex_right_side)) for t in terms]
    parts: list[Part] = [Title(what, kind, [q.says] if q.says else []), Working(equations)]
    for row, column in chosen:
        for part in (q, *terms):
            parts.append(_working(worked(part, row, column, decimals), tint(part)))
    parts.append(Paragraph(f"Numbers show {decimals} decimals and are computed with all digits.", "words"))
    sources = sources_of(q)
    if sources:
        equation = [(s.name, Math(s.equation, s.latex_equation) if s.rule else None) for s in sources]
        parts.append(Sources("Computed from", equation))
    return parts


def explain_data(elements: Elements, *, decimals: int = 6) -> dict[str, Any]:
    """The same for programs: of each element the equation, with the numbers put in, and the result."""
    q, chosen = elements
    _check_count(elements)
    explained = []
    for row, column in chosen:
        data: dict[str, Any] = {
            "name": names.element_name(q.name, row + 1, column + 1, q.shape),
            "row": row + 1,
            "column": column + 1,
            "value": float(q.value[row, column]),
        }
        if q.rule is not None:
            done = worked(q, row, column, decimals)
            numbers = done.result if done.numbers is None else done.numbers
            data |= {"equation": f"{done.name.text} = {done.symbols.text}", "numbers": numbers.text}
        explained.append(data)
    return {"explained": explained}


def explained_quantities(q: Quantity) -> list[Quantity]:
    """The quantities that an explanation shows, in the order of the computation: what it came from, and itself."""
    return list(dict.fromkeys([*(s for t in parts_of_sum(q) for s in t.sources), *q.sources, q]))


def sources_of(q: Quantity) -> list[Quantity]:
    """What it was computed from and is not laid out on its own page."""
    if q.rule is None or q.rule.operation is zeros:
        return []
    terms = parts_of_sum(q)
    return [s for s in q.sources if s not in terms]


def parts_of_sum(q: Quantity) -> list[Quantity]:
    """The terms of a sum over time, each of which is then laid out too."""
    over_time = q.rule is not None and q.step is None and q.rule.operation is add
    return [a for a in q.rule.arguments if isinstance(a, Quantity) and a.rule] if over_time and q.rule else []


def worked(q: Quantity, row: int, column: int, decimals: int) -> Worked:
    """An element's three lines: symbols, numbers put in, result."""
    assert q.rule is not None
    tree = _on_paper(q.rule, row, column)
    symbols = Math(
        TextWriter(lambda e: _name(e.of, e.row, e.column).text).write(tree).text,
        LatexWriter(lambda e: Written(_name(e.of, e.row, e.column).latex, ATOM)).write(tree).text,
    )
    numbers = Math(
        TextWriter(lambda e: _number(e, decimals)).write(tree).text,
        LatexWriter(lambda e: _latex_number(_number(e, decimals))).write(tree).text,
    )
    result = number(float(q.value[row, column]), decimals)
    same = numbers.text == result
    return Worked(_name(q, row, column), symbols, None if same else numbers, Math(result, latex_number(result)))


def _check_count(elements: Elements) -> None:
    q, chosen = elements
    rows, columns = q.shape
    if len(chosen) > MOST:
        raise SelectionError(
            f"{q.name} has {rows * columns:,} numbers, but at most {MOST:,} are explained at once. Choose one, "
            f"such as {q.name}:1{',1' if columns > 1 else ''}."
        )


def _working(done: Worked, role: str) -> Working:
    numbers = [] if done.numbers is None else [Formula(None, done.numbers)]
    return Working([Formula(done.name, done.symbols), *numbers, Formula(None, done.result, role)])


def _given_says(q: Quantity, trace: Trace) -> list[str]:
    problem = trace.problem
    means = words.shape_means(q, problem)
    says = [f"{means[:1].upper()}{means[1:]}."] if means else []
    if q.step and q.bare in ("x", "target"):
        shown = read_at(trace, q.step) if q.bare == "x" else wanted_at(problem, q.step)
        return [*says, f"{q.says[:-1]}: {shown}."]
    return [*says, q.says] if q.says else says


def _given(q: Quantity, chosen: list[tuple[int, int]], trace: Trace, decimals: int) -> Part:
    if len(chosen) > 1:
        return Drawn([box(q, trace, decimals)])
    row, column = chosen[0]
    value = exact(float(q.value[row, column]))
    return Working(
        [Formula(_name(q, row, column), Math(value, latex_number(value)), "", _where(q, row, column, trace))]
    )


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


def _on_paper(rule: Expression, row: int, column: int) -> Scalar:
    by_hand = rule.operation.on_paper
    return by_hand(row, column, *rule.arguments) if by_hand else entry(rule, row, column)


def _symbol(q: Quantity) -> Math:
    return Math(q.symbol, q.latex)


def _name(term: object, row: int, column: int) -> Math:
    assert isinstance(term, Quantity)
    index = names.index(row + 1, column + 1, term.shape)
    # in braces no line of a formula breaks at the comma
    return Math(term.symbol + index, term.latex + (f"{{{index}}}" if "," in index else index))


def _number(found: Entry, decimals: int) -> str:
    q = found.of
    assert isinstance(q, Quantity)
    value = float(q.value[found.row, found.column])
    if q.stage == Stage.GIVEN:
        return exact(value)
    return number(value, decimals)


def _latex_number(text: str) -> Written:
    binds = LOOSE if text.startswith("-") else PRODUCT if "e" in text else ATOM
    return Written(latex_number(text), binds)
