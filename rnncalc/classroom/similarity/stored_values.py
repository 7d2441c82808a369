"""Right values that a file stores beside formulas that do not lead to them: worth a look, as a program wrote them."""

from __future__ import annotations

import ast
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from rnncalc.marking.marking import Mark
from rnncalc.marking.status import RIGHT, Status

CONSTANT, LINKED = "constant", "linked"
_LINK = re.compile(r"\[(?:\d+|[^\[\]]+\.(?:xl\w+|ods|csv))\][^\[\]!*+/=<>&,;()^]*!", re.IGNORECASE)
"""Another workbook in a formula, by its number in the file or its name."""
_LONGEST = 200
_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_NEAR = 1e-9


def odd_values(marks: Iterable[Mark]) -> dict[str, int]:
    """How many right numbers stand under a formula of plain numbers that gives another, and how many are taken from
    another workbook."""
    counts: Counter[str] = Counter()
    for mark in marks:
        formula, number = mark.given.formula, mark.given.number
        if number is None or len(formula) < 2 or mark.status not in (*RIGHT, Status.CARRIED):
            continue
        gives = constant_value(formula)
        if gives is not None and abs(gives - number) > _NEAR * max(1.0, abs(gives)):
            counts[CONSTANT] += 1
        elif _LINK.search(formula):
            counts[LINKED] += 1
    return dict(sorted(counts.items()))


def constant_value(formula: str) -> float | None:
    """What a formula of plain numbers gives; None for any other."""
    text = formula.removeprefix("=").strip()
    if len(text) > _LONGEST or not re.fullmatch(r"[\d.eE+\-*/() ]+", text) or "**" in text or "//" in text:
        return None
    try:
        return _value(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, RecursionError, MemoryError):
        return None


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
        inner = _value(node.operand)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        return _ARITHMETIC[type(node.op)](_value(node.left), _value(node.right))
    raise ValueError(f"{type(node).__name__} is not arithmetic of plain numbers.")
