"""Numbers in a wrong place: another table, another row, one cell away, rows for columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rnncalc import language as operations
from rnncalc.language import Expression, Wrong, operands, wrong
from rnncalc.language.kinds import Kind
from rnncalc.language.trees import Term
from rnncalc.marking.substitution import (
    is_activation,
    is_bias,
    is_one_hot,
    is_slope,
    parts_of,
    replaced,
    symbol_of,
    used_for,
)
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.trace import Trace

_EACH = 8
"""Of so many rows or steps each other one is tried; of more those beside."""
_FEW = 4
"""Of a rule with more operands than so many none is tried from another row."""
_BY_ENTRY = (
    operations.add, operations.subtract, operations.multiply, operations.shift, operations.scale,
    operations.over_number, operations.identity, operations.one_minus, operations.negative, operations.exp,
)  # fmt: skip
"""Operations whose result in a row comes from that row of their operands; activations and their slopes are others."""


def place_mistakes(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """Operands from a wrong place; ``rule`` is the quantity's own, or the one that it is worked with on paper."""
    yield from _rows_for_columns(rule, trace)
    yield from _other_gradients(q, rule, trace)


def writing_mistakes(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """Numbers written into a wrong place, or read from one: slips of the eye, not of the method."""
    yield from _other_steps(q, trace)
    yield from _other_tables(q, trace)
    yield from _column_by_column(q, rule)
    yield from _shifted(q, rule)
    yield from _other_rows(q, rule)


# ── rows and columns ──────────────────────────────────────────────────────────────────────────────────────────────────


def _rows_for_columns(rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """A letter's row of a matrix for its column."""
    for part in parts_of(rule):
        match operands(part, operations.matmul):
            case (Quantity() as weights, Quantity() as x) if x.bare == "x" and is_one_hot(x):
                read, (rows, columns) = int(x.value.argmax()), weights.shape
                if read < rows <= columns:
                    row = wrong.reordered(range(rows), [read])(operations.transpose(weights))
                    unit = trace.problem.token if trace.problem.vocabulary else "input"
                    says = f"the {unit}'s row of {weights.symbol} was used instead of its column"
                    yield Wrong(Kind.TRANSPOSED, says, replaced(rule, part, row))


def _column_by_column(q: Quantity, rule: Expression) -> Iterator[Wrong]:
    """A matrix filled in column by column."""
    if min(q.shape) > 1:
        square = q.shape[0] == q.shape[1]
        says = "rows and columns swapped" if square else "the table was filled in column by column"
        yield Wrong(Kind.TRANSPOSED, says, wrong.column_by_column(rule))


# ── another table ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _other_steps(q: Quantity, trace: Trace) -> Iterator[Wrong]:
    """The numbers of another step in this one's place, the nearest steps first."""
    if q.step is None:
        return
    place, last = q.place, trace.problem.steps
    steps = range(last + 1) if last <= _EACH else range(q.step - 1, q.step + 2)
    for step in sorted(steps, key=lambda step: abs(step - (q.step or 0))):
        other = f"{place}_{step}"
        if other != q.name and other in trace and trace[other].shape == q.shape:
            yield Wrong(Kind.WRONG_STEP, f"{trace[other].symbol} was written instead of {q.symbol}", trace[other])


def _other_tables(q: Quantity, trace: Trace) -> Iterator[Wrong]:
    """Another table of the same step in this one's place; of what has no step, another gradient or weight."""
    for other in trace.values():
        if other is q or other.shape != q.shape or not _may_stand(other, q):
            continue
        kind = Kind.WRONG_LAYER if other.bare == q.bare and other.layer != q.layer else Kind.WRONG_TABLE
        yield Wrong(kind, f"{other.symbol} was written instead of {q.symbol}", other)


def _may_stand(other: Quantity, q: Quantity) -> bool:
    """Whether a table is one that a person has at hand there."""
    if q.step is not None:
        at_hand = (Stage.FORWARD, Stage.BACKWARD if q.stage == Stage.BACKWARD else Stage.LOSS)
        return other.step == q.step and other.stage in at_hand
    if q.stage == Stage.LOSS or q.name == "grad_norm" or other.step is not None:
        return False
    if other.rule is None:
        return q.name == f"{other.name}_new"
    return other.name != "grad_norm" and other.stage in (Stage.BACKWARD, q.stage)


def _other_gradients(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """In an update: another weight's gradient, the gradient for the weight, the weight for its gradient."""
    weight = trace[q.parts.of.text] if q.parts.which == "new" else None
    if weight is None:
        return
    for source in q.sources:
        if source is weight:
            for other in (trace[name] for name in trace.problem.weights):
                if other is not weight and other.shape == weight.shape:
                    kind = Kind.WRONG_BIAS if is_bias(other) and is_bias(weight) else Kind.WRONG_WEIGHT
                    yield used_for(kind, other, weight, rule)
        if source.rule is not None:  # the gradient
            alike = [trace[name].parts.gradient(source.parts.which).text for name in trace.problem.weights]
            for other in (weight, *(trace[name] for name in alike if name in trace)):
                if other is not source and other.shape == source.shape:
                    yield used_for(Kind.WRONG_TABLE, other, source, rule)
            yield used_for(Kind.WRONG_TABLE, source, weight, rule)


# ── another row ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _shifted(q: Quantity, rule: Expression) -> Iterator[Wrong]:
    """The right numbers, all of them one cell away; where none is left to stand, the number is not told (NaN)."""
    rows, columns = q.shape
    for by, to, where in ((1, 0, "low"), (-1, 0, "high"), (0, 1, "far to the right"), (0, -1, "far to the left")):
        if (rows if by else columns) > 1:
            says = f"the numbers were written one cell too {where}"
            yield Wrong(Kind.SHIFTED_BY_A_CELL, says, wrong.rows_moved(by, to)(rule))
    if columns == 1 and rows > 2:
        for by, where in (
            (1, "low, the last number at the top"),
            (-1, "high, the first number at the bottom"),
        ):
            order = [(row - by) % rows for row in range(rows)]
            says = f"the numbers were written one cell too {where}"
            yield Wrong(Kind.SHIFTED_BY_A_CELL, says, wrong.reordered(order, [0])(rule))


def _other_rows(q: Quantity, rule: Expression) -> Iterator[Wrong]:
    """One operand taken from another row."""
    rows, columns = q.shape
    sources = list(dict.fromkeys(_by_entry(rule)))
    if rows < 2:
        return
    if columns == 1:
        yield from _other_rows_of_weights(rule, rows)
    elif q.stage != Stage.UPDATE:
        return
    if len(sources) > _FEW:
        return
    for source in sources:
        if source.shape != q.shape or (source.stage == Stage.GIVEN and source.step is not None):
            continue
        for row in range(rows) if rows <= _EACH and columns == 1 else ():
            says = f"row {row + 1} of {source.symbol} was used instead of another row"
            yield Wrong(Kind.WRONG_ROW, says, _in_rows(rule, {source.name: wrong.reordered([row] * rows, [0])(source)}))
        for order, where in _orders(rows):
            says = f"{source.symbol} was taken from {where}"
            other = wrong.reordered(order, range(columns))(source)
            yield Wrong(Kind.WRONG_ROW, says, _in_rows(rule, {source.name: other}))


def _other_rows_of_weights(rule: Expression, rows: int) -> Iterator[Wrong]:
    """A matrix's row of another unit, or what it is multiplied with taken from other rows."""
    for part in parts_of(rule):
        match operands(part, operations.matmul):
            case (weights, Quantity() as read) if weights.value.shape[-2] == rows > 1:
                for order, where in _orders(rows):
                    other = wrong.reordered(order, range(weights.value.shape[-1]))(weights)
                    says = f"{symbol_of(weights)} was taken from {where}"
                    yield Wrong(Kind.WRONG_ROW, says, replaced(rule, part, operations.matmul(other, read)))
        match operands(part, operations.matmul):
            case (weights, Quantity() as read) if read.shape[0] > 1 and not is_one_hot(read):
                for order, where in _orders(read.shape[0]):
                    moved = wrong.reordered(order, [0])(read)
                    says = f"{read.symbol} was taken from {where}"
                    yield Wrong(Kind.WRONG_ROW, says, replaced(rule, part, operations.matmul(weights, moved)))


def _orders(rows: int) -> Iterator[tuple[list[int], str]]:
    """Each order in which every row is another, moved by as many; and where the rows come from."""
    for by in range(1, rows) if rows <= _EACH else (1, rows - 1):
        where = {1: "the row above", rows - 1: "the row below"}.get(by, f"the row {by} rows further up")
        yield [(row - by) % rows for row in range(rows)], where


def _by_entry(term: Term) -> Iterator[Quantity]:
    """The quantities of a rule whose rows are those of the result."""
    if isinstance(term, Quantity):
        yield term
    elif isinstance(term, Expression) and (term.operation in _BY_ENTRY or is_slope(term) or is_activation(term)):
        for argument in term.arguments:
            yield from _by_entry(argument)


def _in_rows(term: Term, others: Mapping[str, Term]) -> Term:
    """A rule with other terms in the place of some quantities, only where a row of the result comes from that row."""
    if isinstance(term, Quantity):
        return others.get(term.name, term)
    if isinstance(term, Expression) and (term.operation in _BY_ENTRY or is_slope(term) or is_activation(term)):
        return term.operation(*(_in_rows(a, others) for a in term.arguments))
    return term
