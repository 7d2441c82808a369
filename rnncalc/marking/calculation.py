"""Calculations typed in place of a number: 1/3, tanh(1.7), exp(-2), 0.29 + 0.85. Nothing but arithmetic is worked."""

from __future__ import annotations

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Mapping

from rnncalc.io.written import Written, plain
from rnncalc.language.functions import typed_functions

LONGEST = 300
"""The characters of a calculation."""
_CONSTANTS = {"e": math.e, "pi": math.pi, "π": math.pi}
_TWO: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Pow: math.pow,
}  # fmt: skip
_ONE: Mapping[type[ast.unaryop], Callable[[float], float]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}
_SIGNS = str.maketrans({"×": "*", "·": "*", "⋅": "*", "∙": "*", "÷": "/", "∕": "/", "⁄": "/", "{": "(", "}": ")"})
_ALLOWED = re.compile(r"[\d.+\-*/() a-zσπ]*")
_RUN_TOGETHER = re.compile(r"\d[a-df-zσπ]")
"""Python would read 0x10."""
_NUMBER = re.compile(r"(?:\d+\.?(\d*)|\.(\d+))(?:e[+-]?\d+)?")


def calculate(text: str) -> Written:
    """Work a calculation; it has the decimals of its shortest number that has a point, and no limit where none has."""
    none = Written(None, None, "not-a-number")
    if len(text) > LONGEST:
        return none
    typed = plain(text).lower().translate(_SIGNS).replace("^", "**").removeprefix("=").strip()
    if "." not in typed:
        typed = re.sub(r"(?<=\d),(?=\d)", ".", typed)
    if not _ALLOWED.fullmatch(typed) or _RUN_TOGETHER.search(typed):
        return none
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python has something to say of 1if
            number = _value(ast.parse(typed, mode="eval").body)
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        return none
    if not math.isfinite(number):
        return none
    decimals = [len(match[1] or match[2] or "") for match in _NUMBER.finditer(typed) if "." in match[0]]
    return Written(number, min(decimals, default=None))


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=float() | int() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.UnaryOp(op=sign, operand=operand) if type(sign) in _ONE:
            return _ONE[type(sign)](_value(operand))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _TWO:
            return _TWO[type(sign)](_value(left), _value(right))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in (known := typed_functions()):
            return known[name].python(_value(argument))
    raise ValueError(ast.dump(node))
